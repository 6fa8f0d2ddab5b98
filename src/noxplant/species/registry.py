"""Species and components, read from `data/species.toml` and checked at import.

Streams conserve *components*; every species in any medium says how much of each component it
holds (`content`). Protons are implied by electroneutrality and are never counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from noxplant.errors import SpeciesError, nearest
from noxplant.species.formulas import charge as charge_of
from noxplant.species.formulas import elements as elements_of
from noxplant.species.formulas import formula_mass
from noxplant.species.numbers import read

MEDIA = ("gas", "plasma", "aqueous", "organic", "solid")


class Amounts(Mapping[str, float]):
    """A mapping name -> amount that cannot be changed (hashable, picklable)."""

    __slots__ = ("_items",)

    def __init__(self, items: Mapping[str, float] | None = None) -> None:
        self._items = dict(items or {})

    def __getitem__(self, key: str) -> float:
        return self._items[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)

    def __hash__(self) -> int:
        return hash(frozenset(self._items.items()))

    def __repr__(self) -> str:
        return repr(self._items)


@dataclass(frozen=True)
class WeakForm:
    """A form of a weak total: basis + protons H+ + water H2O = name.

    For OH- the basis is the water itself: H2O = OH- + H+, protons -1, water 1.
    """

    name: str
    protons: int
    water: int


@dataclass(frozen=True)
class Component:
    """What balances conserve: a basis species with all its weak forms.

    Attributes:
        name: e.g. "N(-3)"; for simple components the name of the species.
        formula: formula of the basis species; elements and charge are those of the basis.
        basis: name of the basis true species, e.g. "NH3".
        forms: the other true species of this total.
    """

    name: str
    formula: str
    charge: int
    elements: Amounts
    basis: str
    forms: tuple[WeakForm, ...]

    @property
    def molar_mass(self) -> float:
        """Molar mass of the basis species in kg/mol."""
        return formula_mass(self.formula)


@dataclass(frozen=True)
class Species:
    """A true species.

    Attributes:
        name: unique name; a solid ends in "(s)".
        content: mol of each component per mol; protons are implied.
        media: where streams may carry it: gas, plasma (hot gas only), aqueous, organic, solid.
        molar_mass: kg/mol.
    """

    name: str
    formula: str
    charge: int
    elements: Amounts
    content: Amounts
    media: frozenset[str]
    molar_mass: float


def _read_species() -> dict[str, Species]:
    found = {}
    for name, entry in read("species")["species"].items():
        formula = entry.get("formula", name)
        content = {k: float(v) for k, v in entry.get("content", {name: 1}).items()}
        media = frozenset(entry["media"])
        if not media <= set(MEDIA):
            raise SpeciesError(f"species.toml: {name}: media must be among {MEDIA}.")
        atoms = Amounts(elements_of(formula))
        mass = formula_mass(formula)
        found[name] = Species(
            name, formula, charge_of(formula), atoms, Amounts(content), media, mass
        )
    return found


def _component(name: str, entry: Mapping[str, Any], table: Mapping[str, Species]) -> Component:
    basis = entry["basis"]
    if basis not in table:
        raise SpeciesError(f"species.toml: component {name}: no species {basis!r}.")
    s = table[basis]
    forms = tuple(WeakForm(*form) for form in entry.get("forms", ()))
    return Component(name, s.formula, s.charge, s.elements, basis, forms)


def _read_components(table: Mapping[str, Species]) -> dict[str, Component]:
    entries: dict[str, Any] = dict(read("species")["component"])
    for s in table.values():
        if s.content == {s.name: 1.0}:
            entries.setdefault(s.name, {"basis": s.name})
    return {name: _component(name, entry, table) for name, entry in entries.items()}


def imbalance(
    atoms: Mapping[str, float],
    z: float,
    content: Mapping[str, float],
    components: Mapping[str, Component],
) -> dict[str, float]:
    """Elements by which a species differs from its content plus the protons its charge implies.

    n_H = z - sum content * z_component; {} when the content is right. Unit: atoms per species.
    """
    n_h = z - sum(n * components[c].charge for c, n in content.items())
    off = dict(atoms)
    off["H"] = off.get("H", 0.0) - n_h
    for c, n in content.items():
        for e, k in components[c].elements.items():
            off[e] = off.get(e, 0.0) - n * k
    return {e: k for e, k in off.items() if abs(k) > 1e-9}


def check_content(
    name: str,
    formula: str,
    content: Mapping[str, float],
    components: Mapping[str, Component],
) -> None:
    """Refuse a species whose content does not add up to its formula.

    Raises:
        SpeciesError: says which component is unknown, or which element is off and by how much.
    """
    unknown = [c for c in content if c not in components]
    if unknown:
        raise SpeciesError(
            f"species.toml: {name}: no component {unknown[0]!r}.{nearest(unknown[0], components)}"
        )
    off = imbalance(elements_of(formula), charge_of(formula), content, components)
    if off:
        words = ", ".join(f"{e} {k:+g}" for e, k in off.items())
        raise SpeciesError(
            f"species.toml: {name} ({formula}) is not its content {dict(content)} plus protons: "
            f"formula minus content: {words}."
        )


def _check(table: Mapping[str, Species], components: Mapping[str, Component]) -> None:
    for s in table.values():
        check_content(s.name, s.formula, s.content, components)
    for name, content in read("species")["substance"].items():
        check_content(name, name, content, components)
    for c in components.values():
        for form in c.forms:
            expected = {c.name: 1.0}
            if form.water and c.name != "H2O":
                expected["H2O"] = float(form.water)
            s = table[form.name]
            if s.content != expected or s.charge != c.charge + form.protons:
                raise SpeciesError(
                    f"species.toml: {form.name} is not {c.basis} + {form.protons} H+ "
                    f"+ {form.water} H2O."
                )


_SPECIES = _read_species()
COMPONENTS: Mapping[str, Component] = _read_components(_SPECIES)
_check(_SPECIES, COMPONENTS)
_SUBSTANCES: dict[str, dict[str, float]] = {
    name: {c: float(n) for c, n in content.items()}
    for name, content in read("species")["substance"].items()
}


def species(name: str) -> Species:
    """Species of that name.

    Raises:
        SpeciesError: unknown name, with the nearest known one.
    """
    if name in _SPECIES:
        return _SPECIES[name]
    raise SpeciesError(
        f"There is no species {name!r}.{nearest(name, _SPECIES)} "
        "`noxplant species` lists all of them."
    )


def component(name: str) -> Component:
    """Component of that name.

    Raises:
        SpeciesError: unknown name; when a true species is meant, its total is named.
    """
    if name in COMPONENTS:
        return COMPONENTS[name]
    hint = nearest(name, COMPONENTS)
    if name in _SPECIES and _SPECIES[name].content:
        hint = f" {name} is counted in {', '.join(_SPECIES[name].content)}."
    raise SpeciesError(f"There is no component {name!r}.{hint}")


def all_species() -> tuple[Species, ...]:
    """Every species, in the order of the data file."""
    return tuple(_SPECIES.values())


def molar_mass(name: str) -> float:
    """Molar mass in kg/mol of a species or component, by name.

    >>> round(molar_mass("N(-3)"), 6)
    0.017031
    """
    if name in _SPECIES:
        return _SPECIES[name].molar_mass
    if name in COMPONENTS:
        return COMPONENTS[name].molar_mass
    return species(name).molar_mass


@cache
def _in_medium(medium: str) -> tuple[str, ...]:
    if medium not in MEDIA:
        raise SpeciesError(f"There is no medium {medium!r}. Media: {', '.join(MEDIA)}.")
    return tuple(s.name for s in _SPECIES.values() if medium in s.media)


def species_in(medium: str) -> tuple[str, ...]:
    """Names of the species that a medium (gas, plasma, aqueous, organic, solid) may hold."""
    return _in_medium(medium)


def gas_species() -> tuple[str, ...]:
    """Names of the species that exist as gas."""
    return _in_medium("gas")


def plasma_species() -> tuple[str, ...]:
    """Names of the ions and the electron that only a hot gas holds, between arc and quench."""
    return _in_medium("plasma")


def organic_species() -> tuple[str, ...]:
    """Names of the species of the organic phase."""
    return _in_medium("organic")


def solid_species() -> tuple[str, ...]:
    """Names of the solids."""
    return _in_medium("solid")


def aqueous_components() -> tuple[str, ...]:
    """Names of the components an aqueous stream may hold, water first."""
    return tuple(read("species")["component"])


@cache
def components_in(medium: str) -> tuple[str, ...]:
    """Names of the components that the species of a medium hold, in the order of the data file."""
    if medium == "aqueous":
        return aqueous_components()
    held = {c for name in _in_medium(medium) for c in _SPECIES[name].content}
    return tuple(c for c in COMPONENTS if c in held)


def true_species(components: Iterable[str]) -> tuple[str, ...]:
    """List the true aqueous species of these components: basis, weak forms, and H+ with water.

    >>> true_species(["H2O", "K+", "N(-3)"])
    ('H2O', 'OH-', 'H+', 'K+', 'NH3', 'NH4+')
    """
    out: list[str] = []
    for name in components:
        c = component(name)
        out += [c.basis, *(f.name for f in c.forms)]
        if name == "H2O":
            out.append("H+")
    return tuple(dict.fromkeys(out))


def dissolve(substance: str) -> dict[str, float]:
    """Component amounts of one mole of a substance as weighed in; protons are implied.

    Args:
        substance: a salt, acid, base, gas or solute that dissolves in water.

    Raises:
        SpeciesError: not known; the message lists what is.

    >>> dissolve("KOH"), dissolve("(NH4)2SO4"), dissolve("H2SO4")
    ({'K+': 1.0, 'H2O': 1.0}, {'N(-3)': 2.0, 'S(6)': 1.0}, {'S(6)': 1.0})
    """
    if substance in _SUBSTANCES:
        return dict(_SUBSTANCES[substance])
    for name in (substance, f"{substance}(s)"):
        s = _SPECIES.get(name)
        if s and s.charge == 0 and s.content and set(s.content) <= set(aqueous_components()):
            return dict(s.content)
    known = [*_SUBSTANCES, *(k for k in dissolvable() if k not in _SUBSTANCES)]
    raise SpeciesError(
        f"I do not know how {substance!r} dissolves in water.{nearest(substance, known)} "
        f"Known: {', '.join(known)}."
    )


@cache
def dissolvable() -> tuple[str, ...]:
    """Everything that `dissolve` knows."""
    water = set(aqueous_components())
    plain = [
        s.name.removesuffix("(s)")
        for s in _SPECIES.values()
        if s.charge == 0 and s.content and set(s.content) <= water
    ]
    return tuple(dict.fromkeys([*_SUBSTANCES, *plain]))
