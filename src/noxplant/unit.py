"""The unit contract: declared nouns and one `equations` generator.

A subclass declares ports and quantities as class attributes and yields ``name, lhs == rhs`` from
`equations`. It is final: a unit class is never subclassed to change its physics.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import pyomo.environ as pyo

from noxplant import measures
from noxplant.arguments import UNGIVEN, answering
from noxplant.errors import ModelError, SpecError, nearest
from noxplant.quantities import (
    MEDIA,
    Declared,
    Heat,
    Inside,
    PortNoun,
    Quantity,
    Spec,
)
from noxplant.species import plasma_species
from noxplant.streams import carriage
from noxplant.streams.ports import Port
from noxplant.streams.stream import Stream
from noxplant.utilities import UTILITIES, alternatives

Equations = Iterator[tuple[str, Any]]

_REMINDER = {"K": "; temperatures are in K", "Pa": "; pressures are in Pa"}


@dataclass(frozen=True)
class Limit:
    """What must stay positive for the unit to be physical.

    Args:
        name: short name, a noun phrase ("hydroxide left at the anode exit").
        margin: expression; the specification asks for too much when it is negative.
        message: what is exhausted and what to do; `{margin}` is replaced by the value.
        bound: an expression linear in flows that is never below `margin`, for a margin that is not
            linear itself: where it is negative, the plant is refused before any solve.
    """

    name: str
    margin: Any
    message: str
    bound: Any = None


@dataclass(frozen=True)
class Region:
    """Part of a unit that must close on its own, such as a compartment beside a membrane.

    Args:
        name: name of the compartment.
        inlets: ports that enter it.
        outlets: ports that leave it.
        crossing: mol/s of each *species* that enters through an inner boundary (negative: leaves).
    """

    name: str
    inlets: Sequence[Any]
    outlets: Sequence[Any]
    crossing: Mapping[str, Any]


class Unit:
    """Base of all units. Declare ports and quantities, write `equations`; nothing else is needed."""

    declared: ClassVar[dict[str, Declared]] = {}
    converts: tuple[str, ...] = ()
    """Conserved components that the unit uses up by reaction."""
    makes: tuple[str, ...] = ()
    """Impurities that the unit makes by side reactions; each needs a way out of the plant."""

    def __init_subclass__(cls) -> None:
        for base in cls.__mro__[1:]:
            if base is not Unit and issubclass(base, Unit):
                raise TypeError(
                    f"{cls.__name__} subclasses the unit {base.__name__}. Units are final: write a"
                    " unit of its own and share functions."
                )
        cls.declared = {k: v for k, v in vars(cls).items() if isinstance(v, Declared)}
        specs = {k: d for k, d in cls.declared.items() if isinstance(d, Spec)}
        scalars = [k for k, d in specs.items() if not d.over]
        cls.__init__ = answering(cls.__init__, specs, scalars)  # type: ignore[method-assign]

    def __init__(self, name: str, **given: Any) -> None:
        """Name the unit and give its specifications, SI; a mapping for an indexed one."""
        if "." in name or "[" in name:
            raise ModelError(f"Unit name {name!r} must not contain '.' or '['.")
        self.name = name
        self.block: Any = None
        self.given: dict[str, Any] = {}
        self.inside: dict[str, list[Stream]] = {}
        self.utilities: dict[str, str] = {
            k: d.utility for k, d in self.declared.items() if isinstance(d, Heat)
        }
        self.ports: dict[str, list[Port]] = {}
        for key, noun in self.nouns(PortNoun).items():
            number = self._number_of(noun)
            if isinstance(noun, Inside):
                continue
            medium = self.medium_of(noun)
            names = [f"{key}[{n + 1}]" for n in range(number)] if noun.count else [key]
            self.ports[key] = [Port(name, n, noun, medium) for n in names]
        for key, value in given.items():
            if value is not UNGIVEN:
                self.give(key, value)
        for key, spec in self.nouns(Spec).items():
            if key not in self.given and spec.default is not None:
                self.give(key, {i: spec.default for i in self.index(spec)} or spec.default)

    # declarations -------------------------------------------------------------------------
    def nouns(self, kind: type[Any]) -> dict[str, Any]:
        """Declared nouns of one kind, by name."""
        return {k: d for k, d in self.declared.items() if isinstance(d, kind)}

    def medium_of(self, noun: PortNoun) -> str:
        """Medium of a port; "*name" stands for attribute `name` of this unit, "*" for `medium`."""
        medium = noun.medium
        if medium.startswith("*"):
            medium = str(getattr(self, medium[1:] or "medium", ""))
        if medium not in MEDIA:
            raise ModelError(
                f"{self.name}: {medium!r} is no medium.{nearest(medium, MEDIA)}\n"
                f"  The media are {', '.join(MEDIA)}."
            )
        return medium

    def _number_of(self, noun: PortNoun) -> int:
        """How many ports or inner states a noun stands for."""
        number = getattr(self, noun.count) if noun.count else 1
        if isinstance(number, bool) or not isinstance(number, int) or number < 0:
            raise SpecError(
                f"{self.name}: {number!r} is no whole number, as the count of its {noun.name}"
                f" ({noun.doc}) must be. Give 0, 1, 2, ..."
            )
        return number

    def index(self, quantity: Quantity) -> tuple[str, ...]:
        """Index of an indexed quantity, empty for a scalar."""
        return tuple(getattr(self, quantity.over)) if quantity.over else ()

    def lookup(self, noun: Declared) -> Any:
        """What a declared noun stands for in this unit: port(s), inner streams or a variable."""
        if noun.name in self.ports:
            ports = self.ports[noun.name]
            return ports if getattr(noun, "count", "") else ports[0]
        if self.block is None:
            raise ModelError(f"{self.name}.{noun.name} has no value before the flowsheet is built.")
        if isinstance(noun, Inside):
            return self.inside[noun.name]
        return self.block.component(noun.name)

    # specifications -----------------------------------------------------------------------
    def give(self, key: str, value: Any) -> None:
        """Give one specification, SI; checks name, index, unit, kind and bounds at once."""
        specs = self.nouns(Spec)
        if key not in specs:
            raise SpecError(
                f"{type(self).__name__} {self.name!r} has no specification {key!r}."
                f"{nearest(key, specs)}\n  It takes: {', '.join(specs) or 'none'}."
            )
        spec, index = specs[key], self.index(specs[key])
        if not spec.over:
            self.given[key] = self.checked(key, value)
            return
        if not isinstance(value, Mapping):
            raise SpecError(
                f"{self.name}.{key} is given per {spec.over}: pass a mapping with the keys"
                f" {', '.join(index) or '(none)'}."
            )
        for i in value:
            if i not in index:
                raise SpecError(
                    f"{self.name}.{key} has no index {i!r}.{nearest(str(i), index)}\n"
                    f"  It takes: {', '.join(index) or 'none'}."
                )
        old = self.given.get(key, {})
        new = {i: self.checked(key, x, i) for i, x in value.items()}
        self.given[key] = {**old, **new}

    def checked(self, key: str, value: Any, index: str = "") -> float:
        """A value as a plain number, SI; refused unless finite, of the right unit, within bounds."""
        spec = self.declared[key]
        assert isinstance(spec, Quantity)
        label = f"{self.name}.{key}" + (f"[{index}]" if index else "")
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise SpecError(
                f"{label} = {value!r} is no number.\n"
                f"  Give {spec.doc} in {spec.units} as a plain number (SI)."
            )
        if isinstance(value, measures.Measured) and not value.fits(spec.units):
            raise SpecError(
                f"{label} = {value.given} is given in {value.unit}, but {spec.units} (or a unit of"
                f" the same kind) is wanted.\n  {key} is the {spec.doc}; correct the unit."
            )
        if not math.isfinite(value):
            raise SpecError(f"{label} = {value} {spec.units} is not finite; {spec.doc} must be.")
        if not spec.allows(value):
            number = f"{label} = {value:.10g}" + (f" {spec.units}" if spec.units != "1" else "")
            if spec.whole and not float(value).is_integer():
                raise SpecError(
                    f"{number} is no whole number.\n  {key} is the {spec.doc}; give a whole number"
                    f" in {spec.range_in_words}."
                )
            raise SpecError(
                f"{number} lies outside {spec.range_in_words}.\n"
                f"  {key} is the {spec.doc}{_REMINDER.get(spec.units, '')}."
            )
        return float(value)

    def choose_utility(self, heat: str, utility: str) -> None:
        """Choose what supplies or takes one of the unit's heats.

        Several names joined by "/" are alternatives: the first that can serve the duty does.
        """
        for name in alternatives(utility):
            if name not in UTILITIES:
                raise SpecError(
                    f"{self.name}.{heat}: {name!r} is no utility.{nearest(name, UTILITIES)}\n"
                    f"  The utilities are {', '.join(UTILITIES)}; several are joined by '/'."
                )
        self.utilities[heat] = utility

    # ports --------------------------------------------------------------------------------
    def all_ports(self) -> list[Port]:
        """Every port of the unit."""
        return [p for group in self.ports.values() for p in group]

    @property
    def inlets(self) -> list[Port]:
        """Ports where streams enter."""
        return [p for p in self.all_ports() if p.is_inlet]

    @property
    def outlets(self) -> list[Port]:
        """Ports where streams leave."""
        return [p for p in self.all_ports() if p.is_outlet]

    def keys_of(self, noun: PortNoun) -> dict[str, tuple[str, ...]]:
        """Flow keys by phase that an outlet or inner state may hold, given what the inlets hold."""
        medium, out = self.medium_of(noun), {}
        adds, drops = self._names(noun.adds), set(self._names(noun.drops))
        only = None if noun.only is None else self._names(noun.only)
        for phase in MEDIA[medium]:
            held: dict[str, None] = {}
            for port in self.inlets:
                for source, keys in port.keys.items():
                    if source != "solid" or phase == "solid":
                        held.update(dict.fromkeys(carriage.translate(keys, source, phase)))
            held.update(dict.fromkeys(k for k in adds if _fits(k, phase)))
            if only is not None:
                held = dict.fromkeys(k for k in only if _fits(k, phase))
            keys = carriage.ordered((k for k in held if k not in drops), phase)
            self._no_ions(noun, keys if phase == "gas" else ())
            if keys:
                out[phase] = keys
        return out

    def _no_ions(self, noun: PortNoun, keys: Sequence[str]) -> None:
        """Ions live between an arc and its quench only."""
        ions = [k for k in keys if k in plasma_species()] if noun.band == "cold" else []
        if ions:
            raise ModelError(
                f"{self.name}: the ions {', '.join(ions)} of a hot gas would leave by {noun.name};"
                " only a Quench or a KineticQuench takes them, where they recombine.\n  Put one"
                " behind the arc, or take a set of species without ions (AIR_5, AIR_8)."
            )

    def _names(self, what: Sequence[str] | str) -> tuple[str, ...]:
        return tuple(getattr(self, what)) if isinstance(what, str) else tuple(what)

    # what a unit writes -------------------------------------------------------------------
    def equations(self) -> Equations:
        """Yield ``name, lhs == rhs`` in SI; the only thing that a unit must write."""
        raise NotImplementedError

    def implied(self) -> Equations:
        """Balances that follow from the equations but stand in none of them by itself.

        Only for a unit whose equations multiply flows with unknown fractions: with them the check
        before any solve sees that nothing appears in the unit.
        """
        yield from ()

    def regions(self) -> Iterable[Region]:
        """Compartments that must close on their own; needed wherever ions cross a membrane."""
        return ()

    def currents(self) -> Mapping[str, Any]:
        """Electric currents that must be equal, A by name (anode, membrane, cathode)."""
        return {}

    def limits(self) -> Iterable[Limit]:
        """What must stay positive for the answer to be physical."""
        return ()

    def warnings(self) -> Iterable[str]:
        """What a user of the solved unit must know: dangers, and what is not modelled."""
        return ()

    def guess(self) -> Iterable[tuple[Any, float]]:
        """Start values (variable, value), only for units with several roots."""
        return ()

    def closed_outlets(self) -> Iterable[Port]:
        """Outlets through which nothing can leave, given the specifications (a purge of zero)."""
        return ()

    def boundary_flow(self) -> dict[str, float]:
        """Components that the unit brings into the plant, mol/s, from its specifications."""
        return {}

    # build --------------------------------------------------------------------------------
    def build(self, block: Any, scale: float) -> None:
        """Make variables, inner streams and equations on a Pyomo block."""
        self.block = block
        for key, noun in self.nouns(Inside).items():
            states = []
            for n in range(getattr(self, noun.count)):
                name = f"{key}_{n + 1}"
                block.add_component(name, pyo.Block())
                states.append(
                    Stream(
                        f"{self.name}.{key}[{n + 1}]",
                        block.component(name),
                        self.medium_of(noun),
                        self.keys_of(noun),
                        scale=scale,
                        band=noun.band,
                    )
                )
            self.inside[key] = states
        for key, quantity in self.nouns(Quantity).items():
            self._variable(key, quantity, scale)
        block.equation = pyo.Constraint(pyo.Any)
        for name, relation in self.equations():
            if isinstance(relation, bool):
                raise ModelError(
                    f"{self.name}: the equation {name!r} holds no unknown (it reads {relation}).\n"
                    "  Nothing that it balances can be in this unit: check what its inlets bring."
                )
            if name in block.equation:
                raise ModelError(f"{self.name}: two equations are both called {name!r}.")
            block.equation[name] = relation

    def _variable(self, key: str, quantity: Quantity, scale: float) -> None:
        size = (quantity.nominal or 1.0) * (scale if quantity.extensive else 1.0)
        low, high = quantity.bounds
        size = size if low is None else max(size, low)
        size = size if high is None else min(size, high)
        index = self.index(quantity)
        sets = [list(index)] if quantity.over else []
        text = f"{quantity.doc} [{quantity.units}]"
        self.block.add_component(
            key, pyo.Var(*sets, initialize=size, bounds=quantity.bounds, doc=text)
        )
        if not isinstance(quantity, Spec) or key not in self.given:
            return
        variable = self.block.component(key)
        if not quantity.over:
            variable.fix(self.given[key])
            return
        for i, value in self.given[key].items():
            variable[i].fix(value)

    def extensive_specs(self) -> Iterator[str]:
        """Names of the specifications that grow with the plant."""
        return (k for k, d in self.nouns(Spec).items() if d.extensive)

    def sums_at(self, kind: type[Quantity]) -> float:
        """Sum of all heat (or work) of the unit at the solution, W."""
        assert self.block is not None
        return float(
            sum(
                pyo.value(v) for key in self.nouns(kind) for v in self.block.component(key).values()
            )
        )


def _fits(key: str, phase: str) -> bool:
    """Whether a key may be in a phase at all; solids carry "(s)" in their name."""
    if key.endswith("(s)") or phase == "solid":
        return key.endswith("(s)") and phase == "solid"
    return bool(carriage.ordered((key,), phase)) and key in carriage.ordered((key,), phase)
