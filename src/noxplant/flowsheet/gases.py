"""Gases of a solved flowsheet that hold more vapour than they can: fog, which is warned of.

Units that decide the temperature of a gas refuse that (`noxplant.condensation`); where gases are mixed, or
come from contact with liquor, the state follows and is told.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from noxplant.condensation import CONDENSABLE, HOTTEST, OVER, saturation
from noxplant.maths import value
from noxplant.thermo.used import extrapolating

if TYPE_CHECKING:
    from collections.abc import Iterator

    from noxplant.flowsheet.graph import Flowsheet
    from noxplant.streams.stream import Stream

FOG: Final = 1e-6
"""Vapour, over all gas of a stream, that is too little to matter."""


@extrapolating()
def warnings(flowsheet: Flowsheet) -> tuple[str, ...]:
    """Gases that hold more vapour than they can, one line each, at the present values."""
    return tuple(text for name, stream in _gases(flowsheet) for text in _fog(name, stream))


def _gases(flowsheet: Flowsheet) -> Iterator[tuple[str, Stream]]:
    """(unit that it comes from, stream) of all gases that are cold enough to condense."""
    for unit in flowsheet.units.values():
        for port in unit.outlets:
            stream = port.stream
            if stream is None or stream.medium != "gas":
                continue
            if value(stream.temperature) < HOTTEST:
                yield unit.name, stream


def _fog(unit: str, stream: Stream) -> Iterator[str]:
    for vapour in CONDENSABLE:
        if vapour not in stream.flow:
            continue
        held, most = (value(x) for x in saturation(stream, vapour))
        if held > (1 + OVER) * most and value(stream.flow[vapour]) > FOG * value(stream.total_flow):
            yield (
                f"{unit}: the gas {stream.name!r} is a fog: it holds {held / most:.3g} times the"
                f" {vapour} that it can at {value(stream.temperature):.2f} K. Its amounts and enthalpy"
                " are right, its temperature is too low by the heat of what condenses."
            )
