"""Optimum of a plant: some specifications are freed, every equation stays, limits hold.

The optimum of `noxsolve.optimise` (exact derivatives) is typed back as specifications and solved
again by Newton with all audits, so what is reported is a proved solution like any other.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pyomo.environ as pyo

from noxplant.errors import Refusal, SolveError, UsageError
from noxplant.flowsheet.build import nominals
from noxplant.flowsheet.failure import in_words
from noxplant.quantities import Quantity
from noxplant.studies.expressions import expression, utility_now
from noxplant.studies.problem import (
    Constraint,
    Free,
    Problem,
    check,
    entry,
    given_noun,
    read_problem,
)
from noxplant.studies.rules import AGREEMENT, broken, rules_of, unknown, violated
from noxplant.thermo.used import extrapolating

__all__ = ["Constraint", "Free", "Optimised", "Problem", "Row", "optimise", "read_problem"]

if TYPE_CHECKING:
    from noxplant.flowsheet.graph import Flowsheet
    from noxplant.flowsheet.solution import Solution

AT_BOUND = 1e-5
"""Distance, as a fraction of the range, within which a freed specification is at its bound."""
ROUNDS = 4
"""Optima in a row, each with the utilities of the one before, until these stay the same."""
_POWER = re.compile(r"\{\s*([^{}]+?)\s*:power\s*\}")


@dataclass(frozen=True)
class Row:
    """A freed specification or a constraint before and after, SI.

    Attributes:
        state: "interior", "at lower bound" or "at upper bound"; for a constraint "free", "active"
            or, where nothing that is freed changes it, "constant".
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
        """Freed specifications whose optimum lies inside their own range; see `left`."""
        return tuple(r.name for r in self.free if r.state == "interior")

    @property
    def active(self) -> tuple[str, ...]:
        """Active set: bounds and constraints that hold the optimum back."""
        held = [f"{r.name} {r.state}" for r in self.free if r.state != "interior"]
        return (*held, *(r.name for r in self.constraints if r.state == "active"))

    @property
    def left(self) -> int:
        """Directions in which the optimum is one of the objective itself, held by no limit.

        Freed specifications less bounds and constraints that are active (taken as independent). With
        none left, limits decide the optimum, also of specifications inside their range: which of
        them decides which cannot be said one by one.
        """
        return max(len(self.free) - len(self.active), 0)


@extrapolating()
def optimise(flowsheet: Flowsheet, problem: Problem) -> Optimised:
    """Minimise an expression over freed specifications; then solve and audit the optimum again.

    Args:
        flowsheet: a plant that can be solved as it stands.
        problem: what to minimise.

    Raises:
        UsageError: unknown names, an empty range, units that do not fit, a constant objective.
        Refusal: a constraint that is violated whatever is freed.
        SolveError: no optimum was found, or it is no solution of the plant.
        NoxplantError: as `Flowsheet.solve`.
    """
    # Before the first solve: an expression may add the speciation of a stream to the model.
    check(flowsheet, problem)
    rules_of(flowsheet, problem)
    flowsheet.solve()
    for fixed, value, freed in problem.exchanges:
        present = _now(flowsheet.variable(fixed))
        with entry(problem.source, f"exchange of {fixed!r}"):
            flowsheet.exchange(fixed, present if value is None else value, freed)
    before = flowsheet.solve()
    start, old = _present(flowsheet, problem)
    was = {f.path: _now(flowsheet.variable(f.path)) for f in problem.free}
    constant = _constant(flowsheet, problem)
    after, now, found, prices = _settled(flowsheet, problem)
    end, new = _present(flowsheet, problem)
    rules = rules_of(flowsheet, problem)
    return Optimised(
        problem,
        before,
        after,
        (start, end),
        tuple(_free_row(flowsheet, f, was, now, prices) for f in problem.free),
        tuple(_rule_rows(problem, rules, old, new, prices, constant)),
        _drift(flowsheet, problem, found.objective, end),
        found.iterations,
    )


def _settled(
    flowsheet: Flowsheet, problem: Problem
) -> tuple[Solution, dict[str, float], Any, dict[str, float]]:
    """The plant solved at an optimum, the values freed there, the optimum and its prices.

    Which of several utilities serves a heat is known of a solved plant only: the choice of the
    plant as it is holds for the model, and is looked at again at its optimum.
    """
    changed: list[str] = []
    for _ in range(ROUNDS):
        chosen = _chosen(flowsheet, problem)
        found, prices = _minimised(flowsheet, problem)
        now = {f.path: _now(flowsheet.variable(f.path)) for f in problem.free}
        for path, value in now.items():
            flowsheet.set(path, value)
        after = _again(flowsheet)
        changed = _changed(chosen, _chosen(flowsheet, problem))
        if not changed:
            return after, now, found, prices
    raise SolveError(
        f"{flowsheet.name}: no optimum of {problem.name!r}: the utility that serves a heat changes"
        f" with the optimum it leads to: {'; '.join(changed)}.\n  Give these heats one utility"
        " (choose_utility), or ranges within which it stays the same."
    )


def _minimised(flowsheet: Flowsheet, problem: Problem) -> tuple[Any, dict[str, float]]:
    """The optimum near the present point, which it moves, and prices of what is active."""
    from noxsolve.errors import ModelError
    from noxsolve.optimise import minimise
    from noxsolve.status import Status

    goal, rules = expression(flowsheet, problem.objective), rules_of(flowsheet, problem)
    with _freed(flowsheet, problem, rules) as model:
        try:
            found = minimise(model, objective=goal, nominal=nominals(flowsheet)[0])
        except ModelError as error:
            raise SolveError(
                f"{flowsheet.name}: no optimum of {problem.name!r}: {_in_words(model, str(error))}."
            ) from error
        if found.status is Status.INTERRUPTED:
            raise KeyboardInterrupt
        if not found.solved:
            raise SolveError(
                f"{flowsheet.name}: no optimum of {problem.name!r}:"
                f" {_in_words(model, found.message)}.\n"
                "  Widen the ranges of what is freed, or the bounds of the constraints."
            )
        return found, {_label(flowsheet, model, item): price for item, _, price in found.active}


def _present(flowsheet: Flowsheet, problem: Problem) -> tuple[float, dict[str, float]]:
    """Objective and constraints of the plant as it is solved, with the utilities it uses."""
    own = {c.name: c.entry for c in problem.constraints}
    with entry(problem.source, "objective"):
        goal = _now(expression(flowsheet, problem.objective))
    values = {}
    for name, rule in rules_of(flowsheet, problem).items():
        with entry(problem.source, own.get(name, name)):
            values[name] = _now(rule[0])
    return goal, values


def _constant(flowsheet: Flowsheet, problem: Problem) -> frozenset[str]:
    """Constraints that nothing freed can change; they have to hold as they are.

    Raises:
        UsageError: the objective is constant.
        Refusal: a constraint that is constant is violated.
    """
    goal = expression(flowsheet, problem.objective)
    rules = rules_of(flowsheet, problem)
    with _freed(flowsheet, problem, {}):
        moves = unknown(goal)
        constant = [c for c in problem.constraints if not unknown(rules[c.name][0])]
    if not moves:
        with entry(problem.source, "objective"):
            raise UsageError(
                f"{problem.objective!r} is {_now(goal):.6g} {problem.unit}, whatever is freed: there"
                " is nothing to optimise.\n  Write what the freed specifications change."
            )
    for c in constant:
        if violated(value := _now(rules[c.name][0]), c):
            raise Refusal(
                f"{flowsheet.name}: {c.entry} is {broken(c, value)}, and nothing that is freed"
                f" changes it.\n  Change its bound, or free a specification on which {c.text!r}"
                " depends."
            )
    return frozenset(c.name for c in constant)


def _in_words(model: Any, message: str) -> str:
    """A message of the optimiser with the names of the rules instead of those of the model."""
    for name, item in model.optimise_rules.items():
        message = message.replace(repr(item.name), f"constraint {name!r}")
    return in_words(message).rstrip(".")


def _chosen(flowsheet: Flowsheet, problem: Problem) -> dict[str, str]:
    """The utility that serves each heat whose power the problem counts, at the present point."""
    texts = (problem.objective, *(c.text for c in problem.constraints))
    paths = dict.fromkeys(m for t in texts for m in _POWER.findall(t))
    return {path: utility_now(flowsheet, path) for path in paths}


def _changed(before: Mapping[str, str], after: Mapping[str, str]) -> list[str]:
    return [f"{k} from {u} to {after[k]}" for k, u in before.items() if after[k] != u]


def _now(expression: Any) -> float:
    """Present value.

    Raises:
        UsageError: there is none, as of a logarithm of a negative number.
    """
    try:
        return float(pyo.value(expression))
    except (ArithmeticError, ValueError, TypeError) as error:
        raise UsageError(f"it has no value in the solved plant ({error}).") from error


def _drift(flowsheet: Flowsheet, problem: Problem, optimum: float, again: float) -> float:
    """Relative difference between the optimum and the plant solved again; refused when large."""
    drift = abs(again - optimum) / max(abs(again), abs(optimum), 1e-300)
    if not drift <= AGREEMENT:
        raise SolveError(
            f"{flowsheet.name}: the optimum gives {optimum:.8g}, but the plant solved again with its"
            f" specifications gives {again:.8g} {problem.unit}."
        )
    return drift


def _again(flowsheet: Flowsheet) -> Solution:
    built = flowsheet.built
    assert built is not None
    # A solver keeps its own copy of the unknowns; a new one starts from the optimum in the model.
    built.solver, built.solved = None, True
    return flowsheet.solve()


@contextmanager
def _freed(flowsheet: Flowsheet, problem: Problem, rules: Mapping[str, Any]) -> Iterator[Any]:
    """The model with freed specifications in their ranges and all rules; put back afterwards."""
    built = flowsheet.built
    assert built is not None
    model = built.model
    kept = {}
    for f in problem.free:
        variable = flowsheet.variable(f.path)
        kept[f.path] = (variable.lb, variable.ub)
        variable.unfix()
        variable.setlb(f.low)
        variable.setub(f.high)
        variable.set_value(min(max(pyo.value(variable), f.low), f.high))
    model.optimise_rules = pyo.Constraint(pyo.Any)
    for name, (body, low, high, _) in rules.items():
        if unknown(body):
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
    unit = given_noun(flowsheet, f.path).units
    return Row(f.path, unit, was[f.path], value, f.low, f.high, state, prices.get(f.path))


def _rule_rows(
    problem: Problem,
    rules: Mapping[str, Any],
    old: Mapping[str, float],
    new: Mapping[str, float],
    prices: Mapping[str, float],
    constant: frozenset[str],
) -> Iterator[Row]:
    own = {c.name: c for c in problem.constraints}
    for name, (_, low, high, unit) in rules.items():
        active = name in prices or (low is not None and low == high)
        # A margin of zero before and after follows from the plant, whatever is freed.
        follows = name not in own and abs(new[name] - old[name]) <= 1e-9 * abs(old[name])
        if name in own or (active and not follows):
            state = "constant" if name in constant else "active" if active else "free"
            if state == "free" and violated(new[name], own[name]):
                raise SolveError(f"{own[name].entry} is {broken(own[name], new[name])}.")
            # The distance that a duty keeps from the wrong sign is the solver's, not the plant's.
            least = low if name in own else 0.0
            yield Row(name, unit, old[name], new[name], least, high, state, prices.get(name))
