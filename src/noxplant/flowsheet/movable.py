"""Specifications that an operator or designer may move, and how far."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

from noxplant.quantities import Quantity, Spec

if TYPE_CHECKING:
    from noxplant.flowsheet.graph import Flowsheet

CONSTANTS = re.compile(
    "azeotrope_|_constant$|mass_transfer|solubility|heat_of_solution|conductivity$|salting|"
    "regeneration_heat|water_drag|(?<!faradaic_)efficiency$|ketone_loss|entrained|caught|held_liquor|displaced|"
    "methanol_bound|acetonitrile_loss|^cells$|^tanks$|^gap$|_gap$|potential$|^voltage$|_slope$|"
    "_exchange$|resistance|energy_cost|cooling_rate|loss_temperature|pressure_drop|"
    "wash_saturation|formaldehyde_out"
)
"""Names of what is a property of substances or equipment, not an operating point."""
FIXED = ("library", "recalled", "correlation")
"""Classes of numbers that are properties of something."""
OPEN = 2.0
"""Factor of the present value that counts as the end of a range without one."""


def movable(flowsheet: Flowsheet) -> dict[str, tuple[float, float]]:
    """Lowest and highest value, SI, of every given number of a plant that is no constant, by path.

    The range of the basis counts, else that of the declaration; where that is open, `OPEN` times
    the present value.
    """
    freed = {e.freed for e in flowsheet.exchanges}
    out: dict[str, tuple[float, float]] = {}
    for unit in flowsheet.units.values():
        for key, spec in unit.nouns(Spec).items():
            if CONSTANTS.search(key):
                continue
            for index in unit.index(spec) if spec.over else (None,):
                path = f"{unit.name}.{key}" + (f"[{index}]" if index is not None else "")
                if path not in freed and flowsheet.value(path) is not None:
                    _add(flowsheet, out, path, spec)
    for e in flowsheet.exchanges:
        unit, key, _ = flowsheet.find(e.fixed)
        noun = unit.declared[key]
        assert isinstance(noun, Quantity)
        _add(flowsheet, out, e.fixed, noun)
    return out


def _add(
    flowsheet: Flowsheet, out: dict[str, tuple[float, float]], path: str, noun: Quantity
) -> None:
    value = flowsheet.value(path)
    assert value is not None
    entry = flowsheet.basis.get(f"design.{path}") or flowsheet.basis.get(path) or {}
    if entry.get("class") in FIXED and f"design.{path}" not in flowsheet.basis:
        return
    bounds = noun.bounds if isinstance(noun, Spec) else (noun.fixed_within or noun.bounds)
    low, high = (
        entry.get(end) if entry.get(end) is not None else bound
        for end, bound in zip(("low", "high"), bounds, strict=True)
    )
    reach = abs(value) * OPEN
    low = (-reach if value < 0 else 0.0) if low is None or low == -math.inf else low
    high = (reach if value > 0 else 0.0) if high is None or high == math.inf else high
    if low < high:
        out[path] = (min(low, value), max(high, value))
