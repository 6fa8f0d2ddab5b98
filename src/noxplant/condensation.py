"""Dew points: whether a gas is a gas, or some of it would condense.

A gas holds as much of a vapour as its own pure liquid exerts at the temperature of the gas. Gas that is
cooled, fed or left colder than its dew point is no gas; a unit that decides its temperature refuses
it, elsewhere (two gases that are mixed) the solution warns.

Source: ideal gas over the pure liquid; water's activity in a first drop is one.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from noxplant import balances
from noxplant.errors import ModelError
from noxplant.maths import value
from noxplant.thermo import organic, pure
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


def ammonia_drum(unit: Any, exerted: Any) -> Iterator[tuple[str, Any]]:
    """Equations of a drum in which ammonia condenses, pure, out of synthesis gas.

    Args:
        unit: has ports feed, gas and liquid, a duty, a temperature, a pressure_drop, condensed and
            refrigerated.
        exerted: mole fraction of NH3 in the gas over the liquid times pressure, Pa.
    """
    feed, gas, liquid = unit.feed, unit.gas, unit.liquid
    if "NH3" not in feed.phase_of:
        raise ModelError(f"{unit.name}: its feed holds no NH3; put an AmmoniaConverter before it.")
    yield "vapour pressure", gas.flow["NH3"] * gas.pressure == exerted * gas.total_flow
    for k in feed.phase_of:
        if k != "NH3":
            yield f"moles of {k}", gas.flow[k] == feed.flow[k]
    yield "moles of NH3", feed.flow["NH3"] == gas.flow["NH3"] + liquid.flow["NH3"]
    yield "condensed", unit.condensed == liquid.flow["NH3"]
    yield from balances.energy([feed], [gas, liquid], heat=unit.duty)
    yield from balances.pressure(feed, gas, unit.pressure_drop)
    yield "temperature", gas.temperature == unit.temperature
    yield from balances.same_state(gas, liquid)
    heat = pure.fluid("NH3").heat_of_vaporisation(unit.temperature)
    yield "refrigerated", unit.refrigerated == heat * unit.condensed


def ammonia_left(unit: Any, exerted: Any) -> Limit:
    """The feed of such a drum must bring more ammonia than its gas takes away."""
    share = value(unit.feed.flow["NH3"] / unit.feed.total_flow)
    takes, cold = value(exerted / unit.gas.pressure), value(unit.temperature)
    return Limit(
        "condensation",
        unit.condensed,
        f"nothing condenses: the feed holds {share:.3g} NH3, the gas could hold {takes:.3g}"
        f" at {cold:.4g} K. Separate colder or at a higher pressure.",
    )
