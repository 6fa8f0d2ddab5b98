"""A flowsheet is a plain graph of units and named streams until `build`."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

import networkx as nx

from noxplant.errors import ModelError, PortError, SpecError, nearest
from noxplant.quantities import Quantity, Spec
from noxplant.streams.ports import Port
from noxplant.thermo.used import extrapolating
from noxplant.unit import Unit

if TYPE_CHECKING:
    from noxplant.flowsheet.build import Built
    from noxplant.flowsheet.sensitivity import Sensitivity
    from noxplant.flowsheet.solution import Solution
    from noxsolve.dataset import Dataset

U = TypeVar("U", bound=Unit)


@dataclass(frozen=True)
class Exchange:
    """A design specification: `fixed` takes `value`, and in exchange `freed` becomes unknown."""

    fixed: str
    value: float
    freed: str


class Flowsheet:
    """Units joined by named streams.

    Attributes:
        name: name of the plant.
        units: units by name, in the order in which they were added.
        graph: networkx multigraph; an edge's key is the stream's name.
        exchanges: design specifications, each with the specification it replaces.
        assumptions: statements (text) that every report lists.
        changed: specifications that were set anew; messages name them first.
        sections: names of the units of each part of the plant, for drawings.
        unrecovered: heats (paths) that no heat recovery counts on.
        tied: by specification, what follows from it outside of the equations; see `tie`.
        known: builds a plant of the same units that is known to solve; where a cold start fails the
            way from it is tried (`noxplant.flowsheet.way`).
        like: the plant as it was before units were replaced; its solution is where the search begins.
    """

    def __init__(self, name: str) -> None:
        """Start an empty flowsheet."""
        self.name = name
        self.units: dict[str, Unit] = {}
        self.graph = nx.MultiDiGraph()
        self.exchanges: list[Exchange] = []
        self.assumptions: list[dict[str, Any]] = []
        self.sections: dict[str, list[str]] = {}
        self.built: Built | None = None
        self.basis: dict[str, Any] = {}
        self.changed: set[str] = set()
        self.headline: Any = None
        self.unrecovered: tuple[str, ...] = ()
        self.tied: dict[str, str] = {}
        self.known: Callable[[], Flowsheet] | None = None
        self.like: Flowsheet | None = None

    def add(self, unit: U) -> U:
        """Add a unit and return it."""
        self._require_open(f"unit {unit.name!r}")
        if unit.name in self.units:
            raise ModelError(f"{self.name} already has a unit called {unit.name!r}.")
        self.units[unit.name] = unit
        self.graph.add_node(unit.name)
        return unit

    def connect(self, source: Port, target: Port, name: str) -> None:
        """Join an outlet to an inlet by a stream called `name`."""
        self._require_open(f"stream {name!r}")
        for port, right, word in (
            (source, source.is_outlet, "out"),
            (target, target.is_inlet, "in"),
        ):
            if not right:
                raise PortError(
                    f"Stream {name!r}: {port!r} is no {word}let; give outlet, inlet, name."
                )
            if self.units.get(port.unit_name) is None:
                raise PortError(
                    f"Stream {name!r}: add unit {port.unit_name!r} before connecting it."
                )
        if source.medium != target.medium:
            raise PortError(
                f"Stream {name!r}: {source!r} gives {source.medium}, {target!r} takes"
                f" {target.medium}.\n  Put a unit between them that changes the medium."
            )
        for u, v, key, data in self.graph.edges(keys=True, data=True):
            if key == name:
                raise PortError(f"{self.name} already has a stream called {name!r} ({u} to {v}).")
            for port in (source, target):
                if port in data["ends"]:
                    raise PortError(f"Stream {name!r}: {port!r} is already joined by {key!r}.")
        self.graph.add_edge(source.unit_name, target.unit_name, key=name, ends=(source, target))

    def replace(
        self,
        unit: U,
        *,
        ports: Mapping[str, str] | None = None,
        design: Mapping[str, str | None] | None = None,
    ) -> U:
        """Put a unit in the place of the one that bears its name: another class of model.

        Streams stay joined by the names of the ports, design specifications by their paths.

        Args:
            unit: the new unit, under the name of the old one.
            ports: where names differ, port of the new unit by the old one's.
            design: where the old unit's quantities are fixed or freed by `exchange` and the new one
                lacks them: path of what takes their place, or None to take that exchange back.

        Returns:
            The new unit; its further ports are joined with `connect`.

        Raises:
            ModelError: no unit of that name, or the plant is built already.
            PortError: a stream has no port to go to.
            SpecError: a design specification has nothing to hold to.
        """
        from noxplant.flowsheet.swap import replace

        self._require_open(f"unit {unit.name!r}")
        replace(self, unit, ports or {}, design or {})
        return unit

    def _require_open(self, what: str) -> None:
        if self.built is not None:
            raise ModelError(
                f"{self.name}: {what} comes too late, the plant is built already.\n  Add and connect"
                " everything before the first solve; to go on from here, write the plant anew (a"
                " function that builds it serves best)."
            )

    # specifications -----------------------------------------------------------------------
    def find(self, path: str) -> tuple[Unit, str, str | None]:
        """Unit, quantity and index of a path such as ``E-101.faradaic_efficiency[NO3- -> NH3]``."""
        match = re.fullmatch(r"([^.\[]+)\.(\w+)(?:\[(.+)\])?", path.strip())
        if not match:
            raise SpecError(f"{path!r} is no quantity. Write UNIT.name or UNIT.name[index].")
        unit_name, key, index = match.groups()
        if unit_name not in self.units:
            raise SpecError(
                f"{self.name} has no unit {unit_name!r}.{nearest(unit_name, self.units)}\n"
                f"  It has: {', '.join(self.units)}."
            )
        unit = self.units[unit_name]
        quantities = unit.nouns(Quantity)
        if key not in quantities:
            raise SpecError(
                f"{type(unit).__name__} {unit_name!r} has no quantity {key!r}."
                f"{nearest(key, quantities)}\n  It has: {', '.join(quantities)}."
            )
        known = unit.index(quantities[key])
        if (index is None) == bool(quantities[key].over) or (index and index not in known):
            takes = f"one of: {', '.join(known)}" if quantities[key].over else "no index"
            raise SpecError(
                f"{path}: {unit_name}.{key} takes {takes}.{nearest(index or '', known)}"
            )
        return unit, key, index

    def set(self, path: str, value: float) -> None:
        """Give a specification, SI; also of a built flowsheet, which then solves from there."""
        path = path.strip()
        unit, key, index = self.find(path)
        if path in self.tied and value != self.value(path):
            raise self._tied(path)
        exchange = next((e for e in self.exchanges if e.fixed == path), None)
        if exchange is not None:
            value = unit.checked(key, value, index or "")
            self.exchanges[self.exchanges.index(exchange)] = Exchange(path, value, exchange.freed)
        elif any(e.freed == path for e in self.exchanges):
            fixed = next(e.fixed for e in self.exchanges if e.freed == path)
            raise SpecError(f"{path} is free: it follows from {fixed}. Set {fixed} instead.")
        else:
            unit.give(key, {index: value} if index is not None else value)
        self.changed.add(path)
        if self.built is not None:
            self.variable(path).fix(value)

    def exchange(self, fixed: str, value: float, freed: str) -> None:
        """Fix a quantity that is computed at `value` (SI) and free a specification in exchange.

        The reverse of an exchange that was made takes it back.
        """
        fixed, freed = fixed.strip(), freed.strip()
        unit, key, index = self.find(fixed)
        made = [e for e in self.exchanges if (e.fixed, e.freed) == (freed, fixed)]
        if made:
            unit.give(key, value if index is None else {index: value})
            self.exchanges.remove(made[0])
            self.changed.add(fixed)
            if self.built is not None:
                self.variable(freed).unfix()
                self.variable(fixed).fix(value)
            return
        if isinstance(unit.declared[key], Spec):
            present = unit.given.get(key)
            if present is not None and (index is None or index in present):
                raise SpecError(
                    f"{fixed} is already given; set it, or exchange a computed quantity."
                )
        unit.checked(key, value, index or "")
        other, spec, _ = self.find(freed)
        if not isinstance(other.declared[spec], Spec):
            raise SpecError(f"{freed} is computed, so it cannot be freed; name a specification.")
        if freed in self.tied:
            raise self._tied(freed)
        before = next((e for e in self.exchanges if e.freed == freed), None)
        if before is not None:
            raise SpecError(
                f"{freed} is free already: it follows from {before.fixed}.\n  Free another"
                f" specification, or take that exchange back: exchange({freed!r}, VALUE,"
                f" freed={before.fixed!r})."
            )
        self.exchanges.append(Exchange(fixed, float(value), freed))
        if self.built is not None:
            self.variable(freed).unfix()
            self.variable(fixed).fix(value)

    def tie(self, path: str, follows: str) -> None:
        """Declare that a specification decides another one by a table, when the plant is made.

        Such a specification can neither be freed nor set later: what follows would stay behind.
        """
        for name in (path, follows):
            self.find(name)
        self.tied[path] = follows

    def _tied(self, path: str) -> SpecError:
        return SpecError(
            f"{path} cannot be freed or changed in a plant that is made: {self.tied[path]} follows from"
            " it by a table and would stay behind.\n  Give it in the basis, with --set or"
            " routes.load(route, values={...}), which make the plant anew."
        )

    def value(self, path: str) -> float | None:
        """Given value of a specification, SI; None when it is not given."""
        path = path.strip()
        unit, key, index = self.find(path)
        for e in self.exchanges:
            if e.fixed == path:
                return e.value
            if e.freed == path:
                return None
        given = unit.given.get(key)
        return given if index is None or given is None else given.get(index)

    def variable(self, path: str) -> Any:
        """Pyomo variable of a quantity of the built flowsheet."""
        unit, key, index = self.find(path)
        if unit.block is None:
            raise ModelError(f"{path} has no variable before {self.name!r} is built.")
        component = unit.block.component(key)
        return component[index] if index is not None else component

    # views --------------------------------------------------------------------------------
    def edges(self) -> Iterator[tuple[str, Port, Port]]:
        """(stream name, source port, target port) of every connection."""
        for _, _, key, data in self.graph.edges(keys=True, data=True):
            source, target = data["ends"]
            yield key, source, target

    def open_outlets(self) -> list[Port]:
        """Outlets that nothing is connected to: what leaves the plant."""
        joined = {id(p) for _, a, b in self.edges() for p in (a, b)}
        return [p for u in self.units.values() for p in u.outlets if id(p) not in joined]

    # work ---------------------------------------------------------------------------------
    def copy(self) -> Flowsheet:
        """An unbuilt copy with the same specifications."""
        if self.built is not None:
            raise ModelError(f"{self.name}: copy a flowsheet before it is built.")
        return copy.deepcopy(self)

    def scaled(self, factor: float) -> Flowsheet:
        """An unbuilt copy whose extensive specifications are multiplied by `factor`."""
        if isinstance(factor, str) or not 0 < factor < float("inf"):
            raise SpecError(f"{self.name}: scale factor {factor!r} must be a positive number.")
        twin = self.copy()
        for unit in twin.units.values():
            for key in unit.extensive_specs():
                old = unit.given.get(key)
                if isinstance(old, dict):
                    unit.given[key] = {i: v * factor for i, v in old.items()}
                elif old is not None:
                    unit.given[key] = old * factor
        twin.exchanges = [
            Exchange(e.fixed, e.value * factor if twin._extensive(e.fixed) else e.value, e.freed)
            for e in twin.exchanges
        ]
        if self.known is not None:
            twin.known = partial(_scaled, self.known, factor)
        if self.like is not None:
            twin.like = self.like.scaled(factor)
        return twin

    def _extensive(self, path: str) -> bool:
        unit, key, _ = self.find(path)
        noun = unit.declared[key]
        return isinstance(noun, Quantity) and noun.extensive

    @extrapolating()
    def build(self) -> Built:
        """Check the graph and write the equations; see `noxplant.flowsheet.build`."""
        from noxplant.flowsheet.build import build

        if self.built is None:
            self.built = build(self)
        return self.built

    @extrapolating()
    def solve(self, **options: Any) -> Solution:
        """Build, start, solve and audit; see `noxplant.flowsheet.solve`."""
        from noxplant.flowsheet.solve import solve

        return solve(self, **options)

    def solve_many(self, inputs: Any, **options: Any) -> Dataset:
        """Solve the plant for many values of its specifications, each warm from the plant as it stands.

        Args:
            inputs: values by specification ("E-101.voltage", as for `set`), or a pandas table of them:
                numbers in SI, or texts with a unit; a single value holds for all scenarios.
            options: `outputs`: paths of quantities, or headline figures (which need a proof of every
                scenario); all quantities if none are given. `audit`: prove every scenario as `solve`
                does. `progress`: True for a bar on a terminal, or a function of (done, total).
                `file`: CSV file from which a killed study goes on. `executor`, `threads`, `rescue`:
                see `noxsolve.solve_many`.

        Returns:
            A `noxsolve.Dataset`: inputs, outputs, status, message, iterations and method of every
            scenario, in their order. What is checked: see `noxplant.flowsheet.many`.

        Raises:
            SpecError: a specification or output that is unknown, free or out of range.
            NoxplantError: the plant as it stands cannot be solved.
        """
        from noxplant.flowsheet.many import solve_many

        with extrapolating():
            return solve_many(self, inputs, **options)

    def sensitivity(
        self, outputs: Sequence[str] | None = None, inputs: Sequence[str] | None = None
    ) -> Sensitivity:
        """Exact derivatives at the solution; see `noxplant.flowsheet.sensitivity`."""
        from noxplant.flowsheet.sensitivity import sensitivity

        return sensitivity(self, outputs, inputs)


def _scaled(known: Callable[[], Flowsheet], factor: float) -> Flowsheet:
    return known().scaled(factor)
