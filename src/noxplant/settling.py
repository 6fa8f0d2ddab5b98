"""Two liquids after contact: benzophenone that acid liquor dissolves or drags along, droplets, extraction.

Shared by decanters and the extractor. Nothing here is a unit.
"""

from __future__ import annotations

from typing import Any, Final

from noxplant import balances, contact, maths
from noxplant.constants import WATER_MOLAR_MASS
from noxplant.crystallisation import benzophenone_in_water, ionic_strength, up_to
from noxplant.maths import value
from noxplant.species import molar_mass
from noxplant.unit import Equations, Limit

KETONE: Final = "benzophenone"
FREEZING: Final = 321.65
"""K: melting point of benzophenone, 321.15 K, with its uncertainty of 0.5 K (`species/data/melting.toml`)."""
GRAVITY: Final = 9.80665
"""m/s2, standard."""
LEAST_DIFFERENCE: Final = 20.0
"""kg/m3 between the liquids, below which nothing settles (hydrazine note 3.6)."""
FEW: Final = 3e-3
"""Settling number at which series and closed form of `escaping` are taken in equal parts; either is
within 1e-10 of the other there."""
MOST_SOLVENT: Final = 0.05
"""Mass fraction of acetonitrile and methanol in the liquor, beyond which no solubility of benzophenone
is known (hydrazine note 3.6)."""


def phases(unit: Any) -> Equations:
    """Liquor saturated with benzophenone, droplets dragged along and caught, one temperature.

    Args:
        unit: has the nouns of `noxplant.units.decanter`.
    """
    out = unit.aqueous_out
    brought = unit.liquor.content(KETONE) + unit.oil.content(KETONE)
    soluble = benzophenone_in_water(out.temperature, ionic_strength(out), unit.salting)
    yield "solubility", unit.solubility == soluble
    capacity = unit.solubility * out.flow["H2O"] * WATER_MOLAR_MASS
    yield "dissolved", unit.dissolved == up_to(brought, capacity)
    for k in out.phase_keys("aqueous"):
        if k != KETONE:
            yield f"flow of {k}", out.flow[k] == unit.liquor.flow[k]
    uncaught = (1 - unit.caught) * unit.entrained * (brought - unit.dissolved)
    yield "benzophenone in the liquor", out.flow[KETONE] == unit.dissolved + uncaught
    for k in unit.organic_out.phase_keys("organic"):
        oil = brought - unit.dissolved if k == KETONE else unit.oil.flow[k]
        drops = unit.caught * unit.entrained * oil if k == KETONE else unit.entrained * oil
        yield f"{k} returned", unit.organic_out.flow[k] == (1 - unit.entrained) * oil
        yield f"{k} coalesced", unit.coalesced.flow[k] == drops
    yield "returned", unit.returned * brought == unit.organic_out.flow[KETONE]
    yield from balances.energy(unit.inlets, unit.outlets)
    for port in (unit.organic_out, unit.coalesced):
        yield from balances.same_state(out, port)
    yield from balances.pressure(unit.liquor, out)


def limits(unit: Any) -> list[Limit]:
    """Benzophenone must be molten, the liquor must be water."""
    out = unit.aqueous_out
    found = [
        Limit(
            "melting",
            out.temperature - FREEZING,
            f"benzophenone solidifies below {FREEZING:g} K ({{margin:.3g}} K above it). Feed hotter liquor,"
            " or filter it off as a solid.",
        )
    ]
    solvent = sum(
        out.flow[k] * molar_mass(k) for k in ("acetonitrile", "methanol") if k in out.flow
    )
    if not isinstance(solvent, int):
        whole = out.flow["H2O"] * WATER_MOLAR_MASS + solvent
        found.append(
            Limit(
                "solvent in the liquor",
                MOST_SOLVENT * whole - solvent,
                f"the liquor holds {100 * value(solvent) / value(whole):.3g} wt% acetonitrile and methanol;"
                f" beyond {100 * MOST_SOLVENT:g} wt% no solubility of benzophenone is known. Wash the"
                " azine first.",
            )
        )
    return found


def escaping(number: Any) -> Any:
    """Volume of droplets that a settler lets pass, per volume of droplets: 1 - (1 - e^-s)/s.

    Args:
        number: s, overflow velocity (flow over settling area) over the Stokes velocity of a droplet
            of the size parameter; above zero.

    Droplets are distributed after Rosin and Rammler with exponent 2, 1 - exp(-(d/d0)^2) by volume, and
    a droplet of velocity u is caught for the fraction u A/Q of the depth. Below `FEW` the series s/2
    - s^2/6 + ... takes over smoothly, where the closed form would be a difference of equal numbers.

    >>> round(escaping(1.0), 4), round(escaping(2e-12) * 1e12, 6)
    (0.3679, 1.0)
    """
    s = number
    series = s * (1 / 2 - s * (1 / 6 - s * (1 / 24 - s / 120)))
    closed = 1 - (1 - maths.exp(-s)) / (s + 1e-30)
    large = (s / FEW) ** 6
    return (series + large * closed) / (1 + large)


def stokes(difference: Any, diameter: Any, viscosity: Any) -> Any:
    """Velocity of a small sphere in m/s: g drho d^2/(18 mu), SI."""
    return GRAVITY * difference * diameter * diameter / (18 * viscosity)


def density(stream: Any) -> Any:
    """(mass flow in kg/s, volume flow in m3/s) of an organic or aqueous liquid."""
    if "aqueous" in stream.keys:
        return contact.water_mass(stream) + contact.dissolved_mass(stream), stream.volume_flow
    return sum(n * molar_mass(k) for k, n in stream.flow.items()), stream.volume_flow


def kremser(factor: float, stages: int) -> float:
    """Fraction of a solute left after counter-current equilibrium stages with fresh solvent.

    Args:
        factor: extraction factor, partition coefficient times solvent per feed, by volume.
        stages: how many.

    >>> round(kremser(2.0, 3), 4)
    0.0667
    """
    if abs(factor - 1) < 1e-9:
        return 1 / (stages + 1)
    return (factor - 1) / (factor ** (stages + 1) - 1)
