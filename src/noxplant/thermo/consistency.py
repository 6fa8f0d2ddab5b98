"""One book of constants, judged: where Gibbs energies, heats, constants and potentials disagree.

`checks()` computes every comparison from the shipped numbers; nothing is typed in but the size
that counts as agreement. `noxplant species --consistency` prints the page of the documentation.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, partial
from typing import Any, Final

from noxplant.constants import ATMOSPHERE, GAS_CONSTANT, P_REFERENCE, T_REFERENCE
from noxplant.species import Reaction
from noxplant.species.numbers import datum, number, read
from noxplant.thermo import (
    aqueous,
    dilution,
    electro,
    excess,
    gas,
    liquids,
    organic,
    saturation,
    solid,
    water,
)

T0: Final = T_REFERENCE
RT: Final = GAS_CONSTANT * T0


@dataclass(frozen=True)
class Check:
    """One comparison.

    Attributes:
        group: heading under which it is listed.
        what: what is compared.
        first: value from energies or heats, or of the first source.
        second: value that models use, or of the second source.
        unit: unit of both, or "log10".
        allowed: difference that counts as agreement, same unit.
        remark: what the difference means, or why it cannot be large.
        independent: whether the two could disagree at all; not where one was made from the other,
            where both come from one source, or where another row compares the same.
    """

    group: str
    what: str
    first: float
    second: float
    unit: str
    allowed: float
    remark: str = ""
    independent: bool = True

    @property
    def difference(self) -> float:
        """First less second, in `unit`."""
        return self.first - self.second

    @property
    def agrees(self) -> bool:
        """Whether the difference is within what is allowed."""
        return abs(self.difference) <= self.allowed


def slope(function: Callable[[float], Any], T: float = T0, h: float = 0.01) -> float:
    """R T^2 times the slope of a logarithm at T, J/mol; central difference."""
    up, down = float(function(T + h)), float(function(T - h))
    return GAS_CONSTANT * T * T * (up - down) / (2 * h)


@cache
def gas_gibbs(name: str) -> float:
    """Gibbs energy of formation of a gas of H, N and O from the NASA polynomials, 1 bar, J/mol."""
    from noxplant.species import species

    atoms = dict(species(name).elements)
    out = float(gas.gibbs(name, T0)) + RT * math.log(P_REFERENCE / ATMOSPHERE)
    for element, n in atoms.items():
        per = n / 2
        out -= per * (gas.gibbs(f"{element}2", T0) + RT * math.log(P_REFERENCE / ATMOSPHERE))
    return float(out)


def _joined(*remarks: str) -> str:
    """Remarks in one cell; empty ones are left out."""
    return "; ".join(r for r in remarks if r)


def _forms() -> Iterator[tuple[str, str, int, int]]:
    from noxplant.species import COMPONENTS

    for c in COMPONENTS.values():
        for f in c.forms:
            if f.name in read("aqueous")["constant"]:
                yield f.name, c.basis, f.protons, f.water


def _equation(form: str, basis: str, protons: int, w: int) -> str:
    """E.g. "CO2 + H2O = HCO3- + H+"."""
    left, right = [basis], [form]
    if w and basis != "H2O":
        left.append("H2O" if w == 1 else f"{w} H2O")
    if protons:
        n = "" if abs(protons) == 1 else f"{abs(protons)} "
        (left if protons > 0 else right).append(f"{n}H+")
    return f"{' + '.join(left)} = {' + '.join(right)}"


def constants() -> Iterator[Check]:
    """Formation constants of weak species against Gibbs energies and heats."""
    for form, basis, protons, w in _forms():
        parts = {"H+": -protons, "H2O": -w, form: 1.0}
        if basis != "H2O":
            parts[basis] = parts.get(basis, 0.0) - 1.0
        g = sum(n * aqueous.formation_gibbs(s) for s, n in parts.items())
        h = sum(n * aqueous.formation_enthalpy(s) for s, n in parts.items())
        what = _equation(form, basis, protons, w)
        k = float(aqueous.ln_beta(form, T0)) / aqueous.LN10
        made = _made_constant(form)
        group = "Constants of weak species"
        yield Check(
            group, what, -g / RT / aqueous.LN10, k, "log10", 0.05, made, independent=not made
        )
        carried = "log10_k" in read("aqueous")["constant"][form]
        found = slope(partial(aqueous.ln_beta, form)) / 1e3
        remark = "carried to T with this heat" if carried else ""
        group = "Heats of these constants"
        yield Check(group, what, h / 1e3, found, "kJ/mol", 1.0, remark, independent=not carried)


def _made_constant(form: str) -> str:
    """Why a constant cannot disagree with the Gibbs energies, or empty."""
    quantity = next(iter(read("aqueous")["constant"][form]))
    if "Gibbs energies" in datum(f"aqueous.constant.{form}.{quantity}").source:
        return "constant made from Gibbs energies"
    if datum(f"aqueous.species.{form}.gibbs").source.startswith("from "):
        return "Gibbs energy made from the constant"
    return ""


def volatility() -> Iterator[Check]:
    """Henry constants against Gibbs energies and heats of gas and solution."""
    nbs = read("electro")["gas"]
    for name in aqueous.volatiles():
        used = float(aqueous.ln_henry(name, T0)) - math.log(P_REFERENCE)
        if "gibbs" in read("aqueous")["species"][name]:
            g = (
                electro.formation(name, "gibbs", "g")
                if "gibbs" in nbs.get(name, {})
                else gas_gibbs(name)
            )
            first = (aqueous.formation_gibbs(name) - g) / RT / aqueous.LN10
            what = f"{name}, pressure [bar] over molality" if name != "H2O" else "H2O, bar"
            yield Check("Volatility from water", what, first, used / aqueous.LN10, "log10", 0.03)
        found = slope(partial(aqueous.ln_henry, name)) / 1e3
        h = (gas.enthalpy(name, T0) - aqueous.formation_enthalpy(name)) / 1e3
        closure = datum(f"aqueous.species.{name}.enthalpy").source
        remark = "heat in water made from this slope" if "slope of the Henry" in closure else ""
        group = "Heats of evaporation from water"
        yield Check(group, name, h, found, "kJ/mol", 1.0, remark, independent=not remark)
    for name in organic.volatiles():
        found = slope(partial(organic.ln_henry, name)) / 1e3
        h = (gas.enthalpy(name, T0) - organic.enthalpy(name, T0)) / 1e3
        remark = _made_volatility(name)
        group = "Heats of evaporation from acetonitrile"
        yield Check(group, name, h, found, "kJ/mol", 1.0, remark, independent=not remark)


def _made_volatility(name: str) -> str:
    """Why a volatility from acetonitrile cannot disagree with the heat, or empty."""
    if name == "H2O":
        return "the same as from water: its excess enthalpy is neglected"
    if "slope" in read("organic")["volatility"][name]:
        slope_of = datum(f"organic.volatility.{name}.slope").source
        if slope_of == datum(f"organic.species.{name}.enthalpy").source:
            return "slope and heat are one estimate"
    return ""


def gases() -> Iterator[Check]:
    """Gases of potentials (NBS) against those of streams (NASA polynomials)."""
    for name in read("electro")["gas"]:
        if datum(f"electro.gas.{name}.gibbs").source.startswith("convention"):
            continue
        h = number(f"electro.gas.{name}.enthalpy") / 1e3
        nasa = float(gas.enthalpy(name, T0)) / 1e3
        yield Check(
            "Gases: potentials against streams", f"{name}, enthalpy", h, nasa, "kJ/mol", 0.5
        )
        if name != "CO2":
            g = number(f"electro.gas.{name}.gibbs") / 1e3
            yield Check(
                "Gases: potentials against streams",
                f"{name}, Gibbs energy",
                g,
                gas_gibbs(name) / 1e3,
                "kJ/mol",
                0.5,
            )


def salts() -> Iterator[Check]:
    """Solubility products and heats of solution of salts."""
    for name in saturation.names():
        p = saturation.best(name, beyond="hold")
        T = min(max(T0, p.span[0] + 0.02), p.span[1] - 0.02)
        beyond = p.outside(T)
        if name in read("products")["gibbs"]:
            g = sum(n * aqueous.formation_gibbs(i) for i, n in p.ions.items())
            first = (number(f"products.gibbs.{name}.gibbs") - g) / RT / aqueous.LN10
            second = float(p.ln_product(T0)) / aqueous.LN10
            remark = f"activities: {p.activity.name}"
            remark += f", held at the limit. {beyond}" if beyond else ""
            yield Check("Solubility products", name, first, second, "log10", 0.1, remark)
        if beyond:  # held coefficients have no slope: there is no heat to compare
            continue
        heat = solid.heat_of_solution(name) / 1e3
        found = float(p.heat_of_solution(T)) / 1e3
        made = _made_solubility(name)
        ones = "" if p.activity.name == "pitzer" else "activity coefficients of one"
        remark = _joined("infinite dilution against saturation", ones, made)
        group = "Heats of solution"
        yield Check(group, name, heat, found, "kJ/mol", 3.0, remark, independent=not made)


def _made_solubility(name: str) -> str:
    """Whether the slope of a solubility is that heat over a whole number, so that one was made."""
    entry = read("solid")["solubility"][name]
    if "logarithmic" not in entry or entry["logarithmic"]["value"][2] != 0.0:
        return ""
    ratio = solid.heat_of_solution(name) / (-GAS_CONSTANT * entry["logarithmic"]["value"][1])
    whole = round(ratio)
    if whole < 1 or abs(ratio - whole) > 0.01:
        return ""
    share = "this heat" if whole == 1 else f"this heat / {whole}"
    return f"slope of the solubility and {share} are one number"


def pure_liquids() -> Iterator[Check]:
    """Vapour pressures of liquids against boiling points and heats; the two sets of data."""
    for name in liquids.names():
        held = read("liquids")["constant"][name]
        try:
            low, high = liquids.span(name, "vapour_pressure")
        except ValueError:
            continue
        boiling = held["boiling_temperature"]["value"]
        if low <= boiling <= high:
            p = math.log(liquids.vapour_pressure(name, boiling) / ATMOSPHERE)
            yield Check("Boiling points", f"{name}, ln(p/atm)", p, 0.0, "-", 0.03)
        if low <= T0 <= high and "vaporisation_enthalpy" in held:
            tabulated = held["vaporisation_enthalpy"]["value"] / 1e3
            found = float(liquids.vaporisation_enthalpy(name, T0)) / 1e3
            group = "Heats of vaporisation at 298 K"
            yield Check(group, f"{name}, table and slope", tabulated, found, "kJ/mol", 1.0)
            if "liquid_enthalpy" in held and "gas_enthalpy" in held:
                h = (held["gas_enthalpy"]["value"] - held["liquid_enthalpy"]["value"]) / 1e3
                same = abs(h - tabulated) <= REPEATED
                remark = "repeats the row above: gas less liquid is the tabulated heat" * same
                what = f"{name}, formation and slope"
                yield Check(group, what, h, found, "kJ/mol", 1.0, remark, independent=not same)


def two_sets() -> Iterator[Check]:
    """Where the book holds a number twice: plants and reference modules."""
    group = "Two sets of data"
    for name in ("acetonitrile", "methanol"):
        first = float(liquids.ln_vapour_pressure(name, 320.0))
        second = float(organic.ln_vapour_pressure(name, 320.0))
        yield Check(group, f"{name}, ln(vapour pressure) at 320 K", first, second, "-", 0.005)
        first = liquids.constant(name, "liquid_enthalpy").value / 1e3
        second = float(organic.enthalpy(name, T0)) / 1e3
        same = first == second
        remark = "one number, typed twice" * same
        what = f"{name}, enthalpy of the liquid"
        yield Check(group, what, first, second, "kJ/mol", 1.0, remark, independent=not same)
        first = liquids.constant(name, "gas_enthalpy").value / 1e3
        second = float(gas.enthalpy(name, T0)) / 1e3
        yield Check(group, f"{name}, enthalpy of the vapour", first, second, "kJ/mol", 1.0)
    for name in ("HCl", "HNO3"):
        for m in (1.0, 10.0):
            first = float(dilution.apparent_enthalpy(name, m)) / 1e3
            second = float(excess.apparent_enthalpy(name, m)) / 1e3
            what = f"{name}, apparent enthalpy at {m:g} mol/kg (dilution.toml, excess.toml)"
            read_too = datum(f"excess.apparent.{name}.coefficients").kind != "recalled"
            remark = "two fits of one table" * read_too
            yield Check(group, what, first, second, "kJ/mol", 0.1, remark, independent=not read_too)
    p = math.log(float(water.saturation_pressure(373.124)) / ATMOSPHERE)
    yield Check(group, "H2O, ln(p/atm) at 373.124 K", p, 0.0, "-", 1e-3)


COUPLE_GROUP: Final = "Standard potentials"
COUPLE_ALLOWED: Final = 5.0  # mV
REPEATED: Final = 0.05  # kJ/mol: heats nearer than this are one heat


def couples() -> Iterator[Check]:
    """Standard potentials from Gibbs energies against those of handbooks, in mV."""
    for text in read("couples")["couple"]:
        known = 1e3 * number(f"couples.couple.{text}.potential")
        reaction = Reaction.parse(text)
        found = 1e3 * float(electro.standard_potential(reaction))
        zero = all(datum(_gibbs_path(s)).source.startswith("convention") for s in reaction.species)
        remark = "zero by convention" * zero
        yield Check(
            COUPLE_GROUP, text, found, known, "mV", COUPLE_ALLOWED, remark, independent=not zero
        )


@cache
def checks() -> tuple[Check, ...]:
    """Every comparison, in the order of the page."""
    parts = (constants, volatility, gases, salts, couples, pure_liquids, two_sets)
    return tuple(c for part in parts for c in part())


@dataclass(frozen=True)
class Suspect:
    """A species whose Gibbs energy would explain a deviating potential.

    Attributes:
        name: species.
        change: change of its Gibbs energy of formation that closes the potential, kJ/mol.
        broken: agreeing couples that this change would put out of agreement.
        mended: other deviating couples that it would bring into agreement.
        kind: class of its Gibbs energy in the book.
    """

    name: str
    change: float
    broken: int
    mended: int
    kind: str


def suspects(couple: str) -> list[Suspect]:
    """Species of a couple, those first whose change would break least and mend most.

    Args:
        couple: a half-reaction of `couples.toml`.
    """
    from noxplant.constants import FARADAY

    rows = {c.what: c for c in checks() if c.group == COUPLE_GROUP}
    reactions = {text: Reaction.parse(text) for text in rows}
    own, off = reactions[couple], rows[couple].difference
    out = []
    for name, nu in own.species.items():
        path = _gibbs_path(name)
        if datum(path).source.startswith("convention"):
            continue
        change = off * 1e-3 * own.electrons * FARADAY / nu
        broken = mended = 0
        for text, check in rows.items():
            r = reactions[text]
            if text == couple or name not in r.species:
                continue
            moved = check.difference - 1e3 * r.species[name] * change / (r.electrons * FARADAY)
            broken += check.agrees and abs(moved) > COUPLE_ALLOWED
            mended += not check.agrees and abs(moved) <= COUPLE_ALLOWED
        out.append(Suspect(name, change / 1e3, broken, mended, datum(path).kind))
    return sorted(out, key=lambda s: (s.broken, -s.mended, abs(s.change)))


def _gibbs_path(name: str) -> str:
    for place in ("aqueous.species", "electro.aqueous", "electro.gas"):
        file, table = place.split(".")
        if "gibbs" in read(file)[table].get(name, {}):
            return f"{place}.{name}.gibbs"
    raise KeyError(name)
