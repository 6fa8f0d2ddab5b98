"""Start values without a user's guess: every stream like the sum of the feeds, then pH settled."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import pyomo.environ as pyo

from noxplant.quantities import Quantity
from noxplant.streams import carriage
from noxplant.streams.speciation import P_H_BOUNDS, settle
from noxplant.unit import Unit

if TYPE_CHECKING:
    from noxplant.flowsheet.graph import Flowsheet

STARTS = ((320.0, 1e-4), (300.0, 1e-4), (345.0, 1e-2), (320.0, 1e-6))
"""Starts that are tried in turn: temperature of cold streams in K, and what no feed brings as a
fraction of the plant scale."""


def start(
    flowsheet: Flowsheet,
    compiled: Any,
    rng: np.random.Generator | None = None,
    kelvin: float = 320.0,
    trace: float = 1e-4,
) -> None:
    """Put start values into the compiled model.

    Args:
        flowsheet: a built flowsheet.
        compiled: a `noxsolve.compiled.CompiledModel` of its model.
        rng: when given, every start is multiplied by a log-uniform factor in [1/10, 10] and
            temperatures are drawn uniformly within 250 to 480 K and their bounds (a test of
            robustness).
        kelvin: start temperature of streams that are not hot gas, K.
        trace: start value of what no feed brings, as a fraction of the plant scale.
    """
    built = flowsheet.built
    assert built is not None
    compiled.x[:] = [
        built.initial.get(id(v), x) for v, x in zip(compiled.unknowns, compiled.start, strict=True)
    ]
    for state in built.states(flowsheet):
        for key, phase in state.phase_of.items():
            _put(compiled, state.flow[key], _amount(flowsheet, key, phase, trace))
        _put(compiled, state.temperature, 1500.0 if state.band == "hot" else kelvin)
    compiled.load()  # so that a unit can guess from the start values of its inlets
    for unit in flowsheet.units.values():
        for variable, value in unit.guess():
            _put(compiled, variable, value)
    if rng is not None:
        _scatter(flowsheet, compiled, rng)
    settle_states(flowsheet, compiled, built.states(flowsheet))


def _amount(flowsheet: Flowsheet, key: str, phase: str, trace: float) -> float:
    built = flowsheet.built
    assert built is not None
    parts = carriage.content(key, phase)
    brought = min(built.fed.get(c, 0.0) / nu for c, nu in parts.items() if nu > 0)
    floor = trace * built.scale
    if phase == "gas" and key not in ("N2", "O2", "H2O"):
        return max(0.1 * brought, floor)
    return max(brought, floor)


def _put(compiled: Any, variable: Any, value: float) -> None:
    at = compiled.index(variable)
    if at is not None:
        compiled.x[at] = min(max(value, compiled.lower[at]), compiled.upper[at])


def _scatter(flowsheet: Flowsheet, compiled: Any, rng: np.random.Generator) -> None:
    compiled.x[:] *= 10.0 ** rng.uniform(-1.0, 1.0, len(compiled.x))
    np.clip(compiled.x, compiled.lower, compiled.upper, out=compiled.x)
    assert flowsheet.built is not None
    for state in flowsheet.built.states(flowsheet):
        low, high = state.temperature_bounds()
        _put(compiled, state.temperature, rng.uniform(low, high))
    for unit in flowsheet.units.values():
        assert unit.block is not None
        for key, quantity in unit.nouns(Quantity).items():
            if quantity.units == "K":
                for variable in unit.block.component(key).values():
                    low, high = variable.bounds
                    _put(compiled, variable, rng.uniform(low or 250.0, high or 480.0))


def settle_states(flowsheet: Flowsheet, compiled: Any, states: Any) -> None:
    """Put p_h of speciated states at the value that their totals and temperature ask for."""
    assert flowsheet.built is not None
    floor = 1e-3 * flowsheet.built.scale
    for state in states:
        if state.speciated:
            totals = {k: _get(compiled, state.flow[k]) for k in state.keys["aqueous"]}
            totals["H2O"] = max(totals["H2O"], floor)
            _, p_h = settle(totals, _get(compiled, state.temperature))
            low, high = P_H_BOUNDS
            _put(compiled, state.block.p_h, min(max(p_h, low + 0.1), high - 0.1))


def _get(compiled: Any, variable: Any) -> float:
    at = compiled.index(variable)
    return float(pyo.value(variable)) if at is None else float(compiled.x[at])


def held_at_first(flowsheet: Flowsheet) -> list[Any]:
    """Temperatures, held while the flows are solved first."""
    assert flowsheet.built is not None
    return [s.temperature for s in flowsheet.built.states(flowsheet)]


def energy_rows(flowsheet: Flowsheet) -> list[Any]:
    """Energy balances, which are the last to be used while temperatures are held."""
    out: list[Any] = []
    for unit in flowsheet.units.values():
        assert unit.block is not None
        for name, row in unit.block.equation.items():
            if "energy" in str(name) or "temperature" in str(name):
                out.append(row)
    return out


def cold_start(
    flowsheet: Flowsheet,
    solver: Any,
    rng: np.random.Generator | None,
    *,
    ipopt: bool = True,
    follow: bool = False,
    number: int | None = None,
) -> Any:
    """Start from nothing: block by block, flows first at held temperatures, then everything.

    Args:
        flowsheet: a built flowsheet.
        solver: its `noxsolve.square.SquareSolver`.
        rng: scatters the starts.
        ipopt: whether IPOPT may try what Newton cannot solve.
        follow: only follow the way from swept start values.
        number: how many of `STARTS` are tried; all when None.
    """
    from noxsolve.cold import ColdStart

    starts = []
    for kelvin, trace in STARTS[:number]:
        start(flowsheet, solver.compiled, rng, kelvin, trace)
        starts.append(solver.compiled.x.copy())
    cold = ColdStart(
        solver,
        held_at_first(flowsheet),
        energy_rows(flowsheet),
        starts,
        groups=unit_groups(flowsheet),
        late=[flowsheet.variable(p) for e in flowsheet.exchanges for p in (e.fixed, e.freed)],
        design=across_units(flowsheet),
        ipopt=ipopt,
        follow=follow,
    )
    outcome = cold.run()
    built = flowsheet.built
    assert built is not None
    built.failed = frozenset(id(v) for v in cold.failed)
    built.followed = frozenset(id(v) for v in cold.followed)
    built.stuck = () if cold.stuck is None else tuple(cold.stuck.rows.tolist())
    built.done = frozenset(id(v) for v in cold.done)
    return outcome


def across_units(flowsheet: Flowsheet) -> list[Any]:
    """Design specifications that free something of another unit, with the value it was given."""
    from noxsolve.rated import Freed

    out = []
    for e in flowsheet.exchanges:
        value = given_start(flowsheet, e.freed)
        if value is not None and flowsheet.find(e.fixed)[0] is not flowsheet.find(e.freed)[0]:
            out.append(Freed(flowsheet.variable(e.fixed), flowsheet.variable(e.freed), value))
    return out


def given_start(flowsheet: Flowsheet, path: str) -> float | None:
    """Value that a freed specification was given before it was freed; None if it had none."""
    unit, key, index = flowsheet.find(path)
    given = unit.given.get(key)
    value = given if index is None or given is None else given.get(index)
    return None if value is None else float(value)


def sweep_order(flowsheet: Flowsheet) -> list[Unit]:
    """Units in the direction of flow: always the one most of whose inlets are known."""
    source = {id(target): port.unit_name for _, port, target in flowsheet.edges()}
    known: set[str] = set()
    left, out = list(flowsheet.units.values()), []
    while left:
        shares = [
            sum(source[id(p)] in known for p in u.inlets) / len(u.inlets) if u.inlets else 1.0
            for u in left
        ]
        unit = left.pop(shares.index(max(shares)))
        known.add(unit.name)
        out.append(unit)
    return out


def unit_groups(flowsheet: Flowsheet) -> list[Any]:
    """What each unit determines when its inlets are held, in the direction of flow."""
    from noxsolve.sweep import Group

    out = []
    for unit in sweep_order(flowsheet):
        blocks = [unit.block, *(p.stream.block for p in unit.outlets if p.stream is not None)]
        out.append(
            Group(
                [v for b in blocks for v in b.component_data_objects(pyo.Var)],
                [r for b in blocks for r in b.component_data_objects(pyo.Constraint, active=True)],
                None if type(unit).guess is Unit.guess else unit.guess,
                partial(like_inlets, unit),
            )
        )
    return out


def like_inlets(unit: Unit) -> list[tuple[Any, float]]:
    """Start values of all that leaves a unit or is inside it: what its inlets bring, mixed.

    They depend on the present values of the inlets alone. A gas keeps what the gases bring; of what
    only liquids bring it is given a tenth.
    """
    sources: list[Any] = [p.stream for p in unit.inlets]
    if not sources:
        return []
    warm = sum(_value(s.temperature) for s in sources) / len(sources)
    out: list[tuple[Any, float]] = []
    inside = [s for streams in unit.inside.values() for s in streams]
    states: list[Any] = [*(p.stream for p in unit.outlets), *inside]
    for state in states:
        amounts = {k: _brought(sources, k, phase) for k, phase in state.phase_of.items()}
        out += [(state.flow[k], n) for k, n in amounts.items()]
        low, high = state.temperature_bounds()
        kelvin = min(max(warm, low + 20.0), high - 20.0)
        out.append((state.temperature, kelvin))
        if state.speciated:
            totals = {k: amounts[k] for k in state.keys["aqueous"]}
            totals["H2O"] = max(totals["H2O"], 0.1 * sum(totals.values()), 1e-30)
            out.append((state.block.p_h, settle(totals, kelvin)[1]))
    return out


def _brought(sources: list[Any], key: str, phase: str) -> float:
    """Flow of a key that some streams bring in its own phase, else what they could make of it."""
    same = [s for s in sources if s.phase_of.get(key) == phase]
    if same:
        return sum(_value(s.flow[key]) for s in same)
    parts = carriage.content(key, phase)
    most = min(sum(_value(s.content(c)) for s in sources) / nu for c, nu in parts.items() if nu > 0)
    return 0.1 * most if phase == "gas" else most


def _value(expression: Any) -> float:
    return max(float(pyo.value(expression)), 0.0)


def watched(flowsheet: Flowsheet) -> list[tuple[Any, Any]]:
    """(p_h, proton balance) of every speciated state."""
    assert flowsheet.built is not None
    return [(s.block.p_h, s.block.proton) for s in flowsheet.built.states(flowsheet) if s.speciated]
