"""From a solved model to frozen results."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pyomo.environ as pyo

from noxplant import utilities
from noxplant.flowsheet import gases, liquids
from noxplant.flowsheet.audit import Audits, Picture
from noxplant.flowsheet.safety import dangers
from noxplant.flowsheet.solution import QuantityResult, Solution, StreamResult
from noxplant.flowsheet.warnings import warnings
from noxplant.quantities import Heat, Quantity, Result, Spec, Work
from noxplant.thermo.used import extrapolating

if TYPE_CHECKING:
    from noxplant.flowsheet.graph import Flowsheet
    from noxplant.unit import Unit


@extrapolating()
def collect(
    flowsheet: Flowsheet,
    pictures: Mapping[str, Picture],
    audits: Audits,
    solver: Mapping[str, Any],
) -> Solution:
    """Freeze streams and quantities; check that every heat has a utility that can serve it."""
    built = flowsheet.built
    assert built is not None
    streams = {name: _stream(flowsheet, name, pictures[name]) for name in built.streams}
    quantities: dict[str, QuantityResult] = {}
    size = max((abs(s.enthalpy_flow) for s in streams.values()), default=0.0)
    for unit in flowsheet.units.values():
        quantities.update(_quantities(unit, size))
    return Solution(
        name=flowsheet.name,
        stream_results=streams,
        quantities=quantities,
        audits=audits,
        solver=solver,
        assumptions=tuple(_as_used(flowsheet, a) for a in flowsheet.assumptions),
        unrecovered=flowsheet.unrecovered,
        warnings=(
            *warnings(flowsheet),
            *liquids.warnings(flowsheet),
            *gases.warnings(flowsheet),
        ),
        safety=dangers(streams),
    )


def _as_used(flowsheet: Flowsheet, assumption: Mapping[str, Any]) -> Mapping[str, Any]:
    """An assumption with the value that was set after the basis was read, if one was."""
    path = str(assumption["name"]).removeprefix("design.")
    value = flowsheet.value(path) if path in flowsheet.changed else None
    if value is None or value == assumption["value"]:
        return assumption
    return {
        **assumption,
        "value": value,
        "given": f"{value!r} {assumption['unit']}",
        "source": "given by the user",
    }


def _stream(flowsheet: Flowsheet, name: str, seen: Picture) -> StreamResult:
    built = flowsheet.built
    assert built is not None
    stream = built.streams[name]
    source, target = built.ends[name]
    if target is not None and not flowsheet.units[target].outlets:
        target = None
    totals = {k: float(pyo.value(stream.flow[k])) for k in stream.phase_keys("aqueous")}
    return StreamResult(
        name=name,
        source=source,
        target=target,
        medium=stream.medium,
        temperature=float(pyo.value(stream.temperature)),
        pressure=float(pyo.value(stream.pressure)),
        flows={j: max(n, 0.0) for j, n in seen.true.items()},
        totals={k: max(n, 0.0) for k, n in totals.items()},
        enthalpy_flow=seen.enthalpy,
        ph=seen.ph,
    )


def _quantities(unit: Unit, size: float) -> dict[str, QuantityResult]:
    out = {}
    assert unit.block is not None
    for key, noun in unit.nouns(Quantity).items():
        variables = unit.block.component(key)
        for index, variable in variables.items():
            path = f"{unit.name}.{key}" + (f"[{index}]" if index is not None else "")
            value = float(pyo.value(variable))
            if isinstance(noun, Result) and noun.least is not None:
                value = max(value, noun.least)
            if isinstance(noun, Heat):
                out[path] = _heat(unit, key, noun, path, value, size)
                continue
            kind = "work" if isinstance(noun, Work) else "spec" if variable.fixed else "result"
            if isinstance(noun, Spec) and kind == "result":
                kind = "spec"
            out[path] = QuantityResult(value, noun.units, kind, noun.doc)
    return out


def _heat(unit: Unit, key: str, noun: Heat, path: str, value: float, size: float) -> QuantityResult:
    start, end = (_kelvin(unit, name) for name in (noun.start, noun.end or noun.start))
    extreme = max(start, end) if value > 0 else min(start, end)
    utility = utilities.choose(unit.utilities[key], value, extreme)
    utilities.check(path, utility, value, extreme, size)
    power = utilities.power_of(utility, value, extreme)
    return QuantityResult(
        value, noun.units, "heat", noun.doc, utility, extreme, start=start, end=end, power=power
    )


def _kelvin(unit: Unit, name: str) -> float:
    if not name:
        return 298.15
    noun = unit.declared[name]
    found = unit.lookup(noun)
    return float(pyo.value(found if isinstance(noun, Quantity) else found.temperature))
