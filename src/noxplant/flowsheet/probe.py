"""Temperatures given above the boiling point of water: solved colder first, to judge them early.

How strong a liquor is, and so where it boils, is known of a solved plant only; with a temperature
at which it boils the search may find none and take long. The plant is solved with the temperature
below the boiling point of water instead; the liquor found there has a bubble temperature, and a
temperature far above it is refused with that as the reason.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pyomo.environ as pyo
from pyomo.core.expr.visitor import identify_variables

from noxplant.errors import Refusal
from noxplant.flowsheet import liquids
from noxplant.thermo import water

if TYPE_CHECKING:
    from noxplant.flowsheet.graph import Flowsheet
    from noxplant.streams.stream import Stream
    from noxplant.unit import Unit

COLDER = 5.0
"""Distance of the probe from the boiling point of water, K."""
CLEAR = 2.0
"""Excess over the bubble temperature of the probe's liquor that is refused, K. The liquor may become
somewhat stronger on the way; 2 K are 4 mol/kg of solutes."""
PART = 4
"""Part of the iterations of a solve that a probe may take, as a divisor."""


def boiling(flowsheet: Flowsheet, attempt: Callable[[], Any]) -> None:
    """Refuse given temperatures of aqueous liquids far above the bubble point of their liquor.

    Args:
        flowsheet: a built flowsheet.
        attempt: solves the flowsheet as it stands; its outcome, or None.

    Raises:
        Refusal: naming unit, stream, temperature, pressure and bubble temperature.
    """
    from noxsolve.budget import Budget

    built = flowsheet.built
    assert built is not None
    for unit, stream, given in list(_suspects(flowsheet)):
        asked, pressure = float(given.value), float(pyo.value(stream.pressure))
        colder = _boiling_point(pressure) - COLDER
        if given.lb is not None and colder < given.lb:
            continue
        kept = built.budget, built.reason
        given.fix(colder)
        built.budget = Budget(max(kept[0].limit // PART, 1))
        try:
            outcome = attempt()
            if outcome is None or not outcome.solved:
                continue
            built.solver.load()
            state = liquids.of_stream(stream)
        finally:
            given.fix(asked)
            built.budget, built.reason = kept
        if state is not None and asked > state.bubble_temperature + CLEAR:
            at = state.bubble_temperature
            raise Refusal(
                f"{flowsheet.name}: {unit.name}: the liquid {stream.name!r} cannot be at"
                f" {asked:.2f} K and {state.pressure:.4g} Pa, where it boils: with {unit.name} at"
                f" {colder:.2f} K the plant is solved, and the bubble temperature of this liquor is"
                f" {at:.2f} K.\n  Keep it below {at:.2f} K, raise the pressure, or boil it in a unit"
                " with a vapour outlet (Flash, Evaporator)."
            )


def _suspects(flowsheet: Flowsheet) -> Iterator[tuple[Unit, Stream, Any]]:
    """(unit, stream, given temperature) of liquids given above the boiling point of water."""
    for unit in flowsheet.units.values():
        if not unit.inlets or liquids.boils_itself(unit):
            continue
        for port in unit.outlets:
            stream = port.stream
            if stream is None or stream.medium != "aqueous":
                continue
            given = _given(unit, stream.temperature)
            if given is not None and float(given.value) > _boiling_point(
                pyo.value(stream.pressure)
            ):
                yield unit, stream, given


def _given(unit: Unit, temperature: Any) -> Any:
    """The fixed variable with which alone an equation of a unit decides a temperature, or None."""
    assert unit.block is not None
    for row in unit.block.equation.values():
        found = list(identify_variables(row.body, include_fixed=True))
        if len(found) != 2 or not any(v is temperature for v in found):
            continue
        other = next(v for v in found if v is not temperature)
        if other.fixed:
            return other
    return None


def _boiling_point(pressure: Any) -> float:
    """Boiling point of water, K, at a pressure in Pa."""
    low, high = 274.0, liquids.HIGHEST
    while high - low > 1e-6:
        middle = 0.5 * (low + high)
        below = float(water.saturation_pressure(middle)) < float(pressure)
        low, high = (middle, high) if below else (low, middle)
    return 0.5 * (low + high)
