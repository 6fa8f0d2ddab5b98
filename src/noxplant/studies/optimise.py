"""Optimum of a plant: some specifications are freed, every equation stays, limits hold.

The optimum of `noxsolve.optimise` (exact derivatives) is typed back as specifications and solved
again by Newton with all audits, so what is reported is a proved solution like any other.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyomo.environ as pyo
from pyomo.core.expr.visitor import identify_variables

from noxplant import measures, utilities
from noxplant.errors import SolveError, SpecError, nearest
from noxplant.flowsheet.build import nominals
from noxplant.quantities import Heat, Quantity, Spec
from noxplant.studies.expressions import expression, heat_ends, utility_now

if TYPE_CHECKING:
    from noxplant.flowsheet.graph import Flowsheet
    from noxplant.flowsheet.solution import Solution

AT_BOUND = 1e-5
"""Distance, as a fraction of the range, within which a freed specification is at its bound."""
BACKOFF = 1e-6
"""Distance of a duty from the wrong sign, as a fraction of its nominal size."""
AGREEMENT = 1e-6
"""Largest relative difference between the optimum and the plant solved again."""


@dataclass(frozen=True)
class Free:
    """A freed specification and its range, SI."""

    path: str
    low: float
    high: float


@dataclass(frozen=True)
class Constraint:
    """An expression held between `low` and `high` (None: open), SI; equal ones hold it fixed."""

    name: str
    text: str
    unit: str = "1"
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Problem:
    """What is minimised, by what, under what.

    Attributes:
        objective: expression, see `noxplant.studies.expressions`.
        exchanges: (quantity held, its value or None for the present one, specification freed).
    """

    name: str
    objective: str
    unit: str
    free: tuple[Free, ...]
    constraints: tuple[Constraint, ...] = ()
    exchanges: tuple[tuple[str, float | None, str], ...] = ()


@dataclass(frozen=True)
class Row:
    """A freed specification or a constraint before and after, SI.

    Attributes:
        state: "interior", "at lower bound" or "at upper bound"; for a constraint "free", "active".
        price: derivative of the objective with respect to the bound that holds it; None if free.
    """

    name: str
    unit: str
    before: float
    after: float
    low: float | None
    high: float | None
    state: str
    price: float | None = None


@dataclass(frozen=True)
class Optimised:
    """A plant before and after.

    Attributes:
        objective: before and after.
        free: freed specifications.
        constraints: of the problem, the limits of units and the reach of utilities; the latter
            two only where they are active.
        drift: relative difference between the optimum and the plant solved again.
        iterations: of IPOPT.
    """

    problem: Problem
    before: Solution
    after: Solution
    objective: tuple[float, float]
    free: tuple[Row, ...]
    constraints: tuple[Row, ...]
    drift: float
    iterations: int

    @property
    def interior(self) -> tuple[str, ...]:
        """Freed specifications whose optimum lies inside their range."""
        return tuple(r.name for r in self.free if r.state == "interior")

    @property
    def active(self) -> tuple[str, ...]:
        """Active set: bounds and constraints that hold the optimum back."""
        held = [f"{r.name} {r.state}" for r in self.free if r.state != "interior"]
        return (*held, *(r.name for r in self.constraints if r.state == "active"))


def read_problem(flowsheet: Flowsheet, path: Path) -> Problem:
    """Read the table `[optimise]` of a route's `optimise.toml`; text carries units."""
    table = tomllib.loads(path.read_text("utf-8")).get("optimise", {})
    missing = [k for k in ("objective", "unit", "free") if k not in table]
    if missing:
        raise SpecError(f"{path}: [optimise] has no {', no '.join(missing)}.")
    free = []
    for name, ends in table["free"].items():
        noun = _spec(flowsheet, name)
        low, high = (_number(ends[k], noun.units, name, noun.bounds) for k in ("low", "high"))
        free.append(Free(name, low, high))
    constraints = [
        Constraint(
            c["name"],
            c["expression"],
            c.get("unit", "1"),
            *(
                _number(c[k], c.get("unit", "1"), c["name"]) if k in c else None
                for k in ("low", "high")
            ),
        )
        for c in table.get("constraint", [])
    ]
    exchanges = []
    for item in table.get("exchange", []):
        value = None
        if "value" in item:
            unit, key, _ = flowsheet.find(item["fixed"])
            value = _number(item["value"], unit.declared[key].units, item["fixed"])  # type: ignore[attr-defined]
        exchanges.append((item["fixed"], value, item["freed"]))
    name = table.get("name", table["objective"])
    return Problem(
        name, table["objective"], table["unit"], tuple(free), tuple(constraints), tuple(exchanges)
    )


def _number(value: Any, unit: str, label: str, bounds: measures.Bounds = (None, None)) -> float:
    return measures.parse(str(value), unit, label, bounds=bounds)


def _spec(flowsheet: Flowsheet, path: str) -> Quantity:
    """A quantity that is given: a specification, or what a design specification fixes."""
    unit, key, _ = flowsheet.find(path)
    noun = unit.declared[key]
    assert isinstance(noun, Quantity)
    if not isinstance(noun, Spec) and path not in {e.fixed for e in flowsheet.exchanges}:
        specs = [f"{unit.name}.{k}" for k in unit.nouns(Spec)]
        raise SpecError(f"{path} is computed, so it cannot be freed.{nearest(path, specs)}")
    return noun


def optimise(flowsheet: Flowsheet, problem: Problem) -> Optimised:
    """Minimise an expression over freed specifications; then solve and audit the optimum again.

    Args:
        flowsheet: a plant that can be solved as it stands.
        problem: what to minimise.

    Raises:
        SpecError: unknown names, a range that is empty.
        SolveError: no optimum was found, or it is no solution of the plant.
        NoxplantError: as `Flowsheet.solve`.
    """
    from noxsolve.optimise import minimise

    flowsheet.build()
    # Before the first solve: an expression may add the speciation of a stream to the model.
    goal = expression(flowsheet, problem.objective)
    rules = _rules(flowsheet, problem)
    flowsheet.solve()
    for fixed, value, freed in problem.exchanges:
        present = _now(flowsheet.variable(fixed))
        flowsheet.exchange(fixed, present if value is None else value, freed)
    before = flowsheet.solve()
    start, old = _now(goal), {name: _now(rule[0]) for name, rule in rules.items()}
    was = {f.path: _now(flowsheet.variable(f.path)) for f in problem.free}
    with _freed(flowsheet, problem, rules) as model:
        found = minimise(model, objective=goal, nominal=nominals(flowsheet)[0])
        if not found.solved:
            raise SolveError(f"{flowsheet.name}: no optimum of {problem.name!r}: {found.message}.")
        now = {f.path: _now(flowsheet.variable(f.path)) for f in problem.free}
        prices = {_label(flowsheet, model, item): price for item, _, price in found.active}
    for path, value in now.items():
        flowsheet.set(path, value)
    after, end = _again(flowsheet), _now(goal)
    new = {name: _now(rule[0]) for name, rule in rules.items()}
    return Optimised(
        problem,
        before,
        after,
        (start, end),
        tuple(_free_row(flowsheet, f, was, now, prices) for f in problem.free),
        tuple(_rule_rows(problem, rules, old, new, prices)),
        _drift(flowsheet, problem, found.objective, end),
        found.iterations,
    )


def _now(expression: Any) -> float:
    return float(pyo.value(expression))


def _rules(flowsheet: Flowsheet, problem: Problem) -> dict[str, Any]:
    """(body, low, high, unit) of every constraint: the problem's, the units', the utilities'."""
    rules: dict[str, Any] = {
        c.name: (expression(flowsheet, c.text), c.low, c.high, c.unit) for c in problem.constraints
    }
    for name, margin in (*_limits(flowsheet), *_reach(flowsheet)):
        rules[name] = (margin, 0.0, None, "")
    return rules


def _drift(flowsheet: Flowsheet, problem: Problem, optimum: float, again: float) -> float:
    """Relative difference between the optimum and the plant solved again; refused when large."""
    drift = abs(again - optimum) / max(abs(again), abs(optimum), 1e-300)
    if not drift <= AGREEMENT:
        raise SolveError(
            f"{flowsheet.name}: the optimum gives {optimum:.8g}, but the plant solved again with its"
            f" specifications gives {again:.8g} {problem.unit}."
        )
    return drift


def _unknown(body: Any) -> bool:
    """Whether an expression holds an unknown; what only fixed variables decide limits nothing."""
    return next(iter(identify_variables(body, include_fixed=False)), None) is not None


def _again(flowsheet: Flowsheet) -> Solution:
    built = flowsheet.built
    assert built is not None
    # A solver keeps its own copy of the unknowns; a new one starts from the optimum in the model.
    built.solver, built.solved = None, True
    return flowsheet.solve()


def _limits(flowsheet: Flowsheet) -> Iterator[tuple[str, Any]]:
    """Margins of all limits of units that depend on an unknown."""
    for unit in flowsheet.units.values():
        for limit in unit.limits():
            if pyo.is_potentially_variable(limit.margin):
                yield f"{unit.name}: {limit.name}", limit.margin


def _reach(flowsheet: Flowsheet) -> Iterator[tuple[str, Any]]:
    """What keeps each duty within the reach of its utility."""
    sizes = nominals(flowsheet)[0]
    for unit in flowsheet.units.values():
        for key in unit.nouns(Heat):
            path = f"{unit.name}.{key}"
            duty, item = flowsheet.variable(path), utilities.UTILITIES[utility_now(flowsheet, path)]
            sign = 1.0 if item.heats else -1.0
            # A duty of zero would have either sign once the plant is solved again.
            least = BACKOFF * sizes[duty]
            word = "take" if item.heats else "give"
            yield f"{path}: {item.name} cannot {word} heat", sign * duty - least
            if item.temperature is None:
                continue
            for word, end in zip(("start", "end"), heat_ends(flowsheet, path), strict=True):
                margin = sign * (item.temperature - end) - utilities.APPROACH
                if pyo.is_potentially_variable(margin):
                    yield f"{path}: temperature of {item.name} at the {word}", margin


@contextmanager
def _freed(flowsheet: Flowsheet, problem: Problem, rules: Mapping[str, Any]) -> Iterator[Any]:
    """The model with freed specifications in their ranges and all rules; put back afterwards."""
    built = flowsheet.built
    assert built is not None
    model = built.model
    kept = {}
    for f in problem.free:
        variable = flowsheet.variable(f.path)
        if not variable.fixed:
            raise SpecError(f"{f.path} is not given, so it cannot be freed for the optimum.")
        if not f.low < f.high:
            raise SpecError(f"{f.path}: the range {f.low:g} to {f.high:g} is empty.")
        kept[f.path] = (variable.lb, variable.ub)
        variable.unfix()
        variable.setlb(f.low)
        variable.setub(f.high)
        variable.set_value(min(max(pyo.value(variable), f.low), f.high))
    model.optimise_rules = pyo.Constraint(pyo.Any)
    for name, (body, low, high, _) in rules.items():
        if _unknown(body):
            model.optimise_rules[name] = (low, body, high) if low != high else body == low
    try:
        yield model
    finally:
        model.del_component(model.optimise_rules)
        for path, (low, high) in kept.items():
            variable = flowsheet.variable(path)
            variable.setlb(low)
            variable.setub(high)
            variable.fix()


def _label(flowsheet: Flowsheet, model: Any, item: Any) -> str:
    """Name in flowsheet words of an active bound or rule."""
    if item.parent_component() is model.optimise_rules:
        return str(item.index())
    for unit in flowsheet.units.values():
        assert unit.block is not None
        for key in unit.nouns(Quantity):
            for index, variable in unit.block.component(key).items():
                if variable is item:
                    return f"{unit.name}.{key}" + (f"[{index}]" if index is not None else "")
    return str(item.name)


def _free_row(
    flowsheet: Flowsheet,
    f: Free,
    was: Mapping[str, float],
    now: Mapping[str, float],
    prices: Mapping[str, float],
) -> Row:
    value, room = now[f.path], AT_BOUND * (f.high - f.low)
    state = "interior"
    if value - f.low <= room:
        state = "at lower bound"
    elif f.high - value <= room:
        state = "at upper bound"
    unit = _spec(flowsheet, f.path).units
    return Row(f.path, unit, was[f.path], value, f.low, f.high, state, prices.get(f.path))


def _rule_rows(
    problem: Problem,
    rules: Mapping[str, Any],
    old: Mapping[str, float],
    new: Mapping[str, float],
    prices: Mapping[str, float],
) -> Iterator[Row]:
    own = {c.name for c in problem.constraints}
    for name, (_, low, high, unit) in rules.items():
        active = name in prices or (low is not None and low == high)
        # A margin of zero before and after follows from the plant, whatever is freed.
        follows = name not in own and abs(new[name] - old[name]) <= 1e-9 * abs(old[name])
        if name in own or (active and not follows):
            state = "active" if active else "free"
            yield Row(name, unit, old[name], new[name], low, high, state, prices.get(name))
