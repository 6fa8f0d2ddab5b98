"""Limits of cells with kinetics along their channel."""

from __future__ import annotations

from typing import Any, Final

from noxplant.contact import at
from noxplant.electrolysis import channel
from noxplant.electrolysis.chemistry import Chemistry
from noxplant.electrolysis.limits import LYE
from noxplant.electrolysis.voltage import potential
from noxplant.errors import SpeciesError
from noxplant.unit import Limit

CARRIES: Final = 0.01
"""Share of the current from which on a branch must be beyond its equilibrium. A choice."""


def channel_limits(unit: Any) -> list[Limit]:
    """Potash lye in open gaps, and every branch with a share of the current beyond equilibrium."""
    out = []
    for side, gap in (("cathode", unit.cathode_gap), ("anode", unit.anode_gap)):
        if at(gap) > 0:
            liquids = channel.liquids(unit, side)
            for liquid in (liquids[0], liquids[-1]):
                out += lye(liquid)
    return [*out, *irreversible(unit)]


def lye(liquid: Any) -> list[Limit]:
    """A gap with this liquid must hold potash lye within the range of its conductivity."""
    c = liquid.true["OH-"] / liquid.volume_flow
    words = (
        f"{liquid.name} holds {at(c) / 1000:.4g} mol/L OH-; the conductivity of its gap is known"
        " for KOH of 0.1 to 12 mol/L only. Feed alkali within that range, or make the gap zero."
    )
    return [
        Limit(f"conductivity of {liquid.name}", margin, words)
        for margin in (c - LYE[0], LYE[1] - c)
    ]


def irreversible(unit: Any) -> list[Limit]:
    """Tafel branches have no back-reaction, so they hold beyond equilibrium only."""
    chem: Chemistry = unit.chemistry
    last = unit.segment_names[-1]
    sides = (
        ("cathode", chem.cathode, unit.catholyte_out, unit.cathode_gas, unit.cathode_potential, 1),
        ("anode", chem.anode, unit.anolyte_out, unit.anode_gas, unit.anode_potential, -1),
    )
    out = []
    for side, reactions, liquid, gas, found, sign in sides:
        for r, x in reactions.items():
            share = at(unit.charge_share[r])
            if share < CARRIES:
                continue
            try:
                least = potential(x, liquid, gas) - channel.hydrogen_zero(liquid)
            except SpeciesError:  # no Gibbs energy, so nobody knows its equilibrium
                continue
            out.append(
                Limit(
                    f"potential for {r}",
                    sign * (least - found[last]),
                    f"{r} is given {share:.3g} of the current by its Tafel line, at"
                    f" {at(found[last]):.4g} V against RHE, where the {side} is short of its"
                    f" equilibrium, {at(least):.4g} V at the outlet. Its line does not hold there:"
                    " lower its reference current, or correct its reference potential.",
                )
            )
    return out
