"""Graph -> one Pyomo model, with nominals, step caps and the list of speciated states."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pyomo.environ as pyo
from pyomo.common.collections import ComponentMap

from noxplant.errors import ModelError
from noxplant.flowsheet.propagate import propagate
from noxplant.quantities import Quantity
from noxplant.streams.stream import Stream
from noxplant.thermo.used import Use, recording

if TYPE_CHECKING:
    from noxplant.flowsheet.graph import Flowsheet


@dataclass
class Built:
    """A built flowsheet.

    Attributes:
        model: the Pyomo model.
        streams: streams on edges and at open outlets, by name.
        scale: plant scale, mol/s: the largest flow of one component in a feed.
        fed: mol/s of each component that all feeds together bring.
        initial: value of each variable before any solve, by id.
        spare: (pattern, solver) that was in use before the present one, within one solve.
        inputs: value of each fixed variable at the last solution, by id.
        failed: ids of the unknowns of the block where the last cold start ended, if it failed.
        followed: ids of the unknowns that follow from that block's last point, one by one.
        stuck: equations of that block, by position.
        done: ids of the unknowns of the blocks that were solved before it.
        uses: data that the equations use, with temperature and stated range.
        budget: iterations that the present solve may take (`noxsolve.budget.Budget`).
        reason: what the first attempt of a solve failed by.
    """

    model: Any
    scale: float
    fed: dict[str, float]
    streams: dict[str, Stream] = field(default_factory=dict)
    ends: dict[str, tuple[str | None, str | None]] = field(default_factory=dict)
    solver: Any = None
    solver_pattern: Any = None
    spare: Any = None
    solved: bool = False
    initial: dict[int, float] = field(default_factory=dict)
    inputs: dict[int, float] = field(default_factory=dict)
    failed: frozenset[int] = frozenset()
    followed: frozenset[int] = frozenset()
    stuck: tuple[int, ...] = ()
    done: frozenset[int] = frozenset()
    budget: Any = None
    uses: list[Use] = field(default_factory=list)
    reason: Exception | None = None

    def states(self, flowsheet: Flowsheet) -> Iterator[Stream]:
        """Every stream and inner state."""
        yield from self.streams.values()
        for unit in flowsheet.units.values():
            for group in unit.inside.values():
                yield from group


def build(flowsheet: Flowsheet) -> Built:
    """Check the graph, make streams and units, apply the exchanges of specifications."""
    if not flowsheet.units:
        raise ModelError(f"{flowsheet.name} has no units.")
    propagate(flowsheet)
    fed: dict[str, float] = {}
    for unit in flowsheet.units.values():
        for c, n in unit.boundary_flow().items():
            fed[c] = fed.get(c, 0.0) + n
    scale = max(fed.values(), default=0.0)
    if not scale > 0:
        raise ModelError(
            f"{flowsheet.name}: no feed brings anything, so the plant has no size.\n"
            "  Give a Feed a positive flow (a start value, if the flow is freed)."
        )
    model = pyo.ConcreteModel(flowsheet.name)
    model.stream, model.unit = pyo.Block(pyo.Any), pyo.Block(pyo.Any)
    built = Built(model, scale, fed)
    collecting = gc.isenabled()
    gc.disable()
    try:
        with recording() as uses:
            _streams(flowsheet, built)
            for unit in flowsheet.units.values():
                unit.build(model.unit[unit.name], scale)
        built.uses = list(uses.values())
    finally:
        if collecting:
            gc.enable()
    flowsheet.built = built
    built.initial = {id(v): v.value for v in model.component_data_objects(pyo.Var)}
    for e in flowsheet.exchanges:
        variable = flowsheet.variable(e.freed)
        variable.unfix()
        flowsheet.variable(e.fixed).fix(e.value)
    return built


def _streams(flowsheet: Flowsheet, built: Built) -> None:
    for name, source, target in flowsheet.edges():
        stream = _stream(built, name, source)
        source.stream = target.stream = stream
        built.ends[name] = (
            source.unit_name if flowsheet.units[source.unit_name].inlets else None,
            target.unit_name,
        )
    for port in flowsheet.open_outlets():
        name = port.path
        port.stream = _stream(built, name, port)
        built.ends[name] = (
            port.unit_name if flowsheet.units[port.unit_name].inlets else None,
            None,
        )


def _stream(built: Built, name: str, port: Any) -> Stream:
    stream = Stream(
        name,
        built.model.stream[name],
        port.medium,
        port.keys,
        scale=built.scale,
        band=port.noun.band,
    )
    built.streams[name] = stream
    return stream


def nominals(flowsheet: Flowsheet) -> tuple[ComponentMap, ComponentMap]:
    """Nominal size and step cap of every variable, from its kind alone."""
    built = flowsheet.built
    assert built is not None
    nominal, cap = ComponentMap(), ComponentMap()
    for state in built.states(flowsheet):
        for variable in state.flow.values():
            nominal[variable] = built.scale
        nominal[state.temperature], cap[state.temperature] = 30.0, 40.0
        if state.band == "hot":
            nominal[state.temperature], cap[state.temperature] = 300.0, 400.0
        nominal[state.pressure] = 1e5
        if state.speciated:
            nominal[state.block.p_h], cap[state.block.p_h] = 1.0, 3.0
    for unit in flowsheet.units.values():
        assert unit.block is not None
        for key, quantity in unit.nouns(Quantity).items():
            size = abs(quantity.nominal or 1.0) * (built.scale if quantity.extensive else 1.0)
            if quantity.units == "K" and quantity.nominal is None:
                size = 30.0
            if quantity.units == "Pa" and quantity.nominal is None:
                size = 1e5
            for variable in unit.block.component(key).values():
                nominal[variable] = size
    return nominal, cap
