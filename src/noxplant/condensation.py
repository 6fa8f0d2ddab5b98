"""Dew points: whether a gas is a gas, or some of it would condense.

A gas holds as much of a vapour as its own pure liquid exerts at the temperature of the gas. Gas that is
cooled, fed or left colder than its dew point is no gas; a unit that decides its temperature refuses
it, elsewhere (two gases that are mixed) the solution warns.

Source: ideal gas over the pure liquid; water's activity in a first drop is one.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from noxplant.maths import value
from noxplant.thermo import organic
from noxplant.unit import Limit

CONDENSABLE: Final = ("H2O", "acetonitrile", "methanol")
"""Vapours whose liquids have a vapour pressure here."""
OVER: Final = 0.02
"""Excess over saturation that counts as saturated: gases leave contact with liquor at equilibrium, and
vapour pressures err by up to 1 %."""


HOTTEST: Final = 600.0
"""K; hotter gas is not judged: the vapour pressures end at the critical points."""


def saturation(port: Any, vapour: str) -> Any:
    """Partial pressure of a vapour over that of its liquid at the gas's temperature, times flow.

    Returns (flow of the vapour times pressure, flow of gas times vapour pressure), mol/s Pa, so that
    no division is needed.
    """
    own = organic.vapour_pressure(vapour, port.temperature)
    return port.flow[vapour] * port.pressure, port.total_flow * own


def dew(port: Any) -> Iterator[Limit]:
    """Limits of a gas that a unit brings to its temperature: it must stay above its dew point."""
    if port.medium != "gas" or not value(port.temperature) < HOTTEST:
        return
    for vapour in CONDENSABLE:
        if vapour not in port.flow:
            continue
        held, most = saturation(port, vapour)
        ratio = value(held) / value(most) if value(most) > 0 else float("nan")
        yield Limit(
            f"dew point of {vapour}",
            (1 + OVER) * most - held,
            f"the gas of {port!r} would hold {ratio:.3g} times the {vapour} that it can at"
            f" {value(port.temperature):.2f} K and {value(port.pressure):.4g} Pa: some condenses, and"
            " nothing here takes the liquid. Keep it warmer, dry it, or cool it in a unit with a"
            " liquid outlet (Flash, TotalCondenser).",
        )
