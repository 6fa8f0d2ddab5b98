"""Equations of a cell without membrane: one electrolyte past both electrodes."""

from __future__ import annotations

from typing import Any

from noxplant import balances
from noxplant.constants import FARADAY, GAS_CONSTANT
from noxplant.contact import at, ratio
from noxplant.electrolysis import channel
from noxplant.electrolysis.channel_limits import branches, lye
from noxplant.electrolysis.chemistry import Chemistry
from noxplant.electrolysis.kinetics import reactant
from noxplant.electrolysis.voltage import koh_conductivity
from noxplant.errors import ModelError
from noxplant.species import molar_mass, number
from noxplant.unit import Equations, Limit

SIDES = ("cathode", "anode")


def liquids(unit: Any) -> list[Any]:
    """The electrolyte from inlet to outlet."""
    return [unit.electrolyte, *unit.inside_liquid, unit.electrolyte_out]


def _gas(unit: Any, upto: int) -> dict[str, Any]:
    """Gas made at both electrodes in the segments up to index `upto`, mol/s."""
    chem: Chemistry = unit.chemistry
    parts = [
        {g: channel.gas_made(unit, side, g, upto) for g in held}
        for side, held in zip(SIDES, chem.gases, strict=True)
    ]
    return balances.add(*parts)


def segments(unit: Any) -> Equations:
    """Balances, both electrodes, gap and voltage of every segment."""
    chem: Chemistry = unit.chemistry
    power = number("electrolyser.bubbles.Bruggeman.exponent")
    held = liquids(unit)
    main = reactant(chem.cathode[chem.main])
    if main not in unit.electrolyte.phase_of:
        raise ModelError(
            f"{unit.name}: the main reaction uses up {main}, but the electrolyte brings none.\n"
            "  Check what is connected to its inlet `electrolyte`."
        )
    for n, k in enumerate(unit.segment_names):
        before, liquid = held[n : n + 2]
        parts = [
            balances.conversion(x, unit.local_extent[channel.place(r, k)])
            for r, x in chem.reactions.items()
        ]
        yield from balances.moles([before], [liquid], balances.add(*parts), f"segment {k}: ")
        yield f"segment {k}: temperature", liquid.temperature == unit.temperature
        yield f"segment {k}: pressure", liquid.pressure == unit.electrolyte.pressure
        for side in SIDES:
            yield from channel.electrode(unit, side, n, liquid)
        volume = sum(_gas(unit, n).values()) * GAS_CONSTANT * unit.temperature / liquid.pressure
        wet = unit.bubble_slip * liquid.volume_flow
        kappa = koh_conductivity(liquid.true["OH-"] / liquid.volume_flow, unit.temperature)
        kappa = kappa * (wet / (wet + volume)) ** power + channel.POOREST
        local, loss = unit.local_current_density[k], unit.ohmic_loss[k]
        yield f"loss in segment {k}", loss * kappa == local * unit.gap
        ends = unit.anode_potential[k] - unit.cathode_potential[k]
        separator = local * unit.separator_resistance
        yield f"voltage of segment {k}", unit.voltage == ends + loss + separator


def totals(unit: Any) -> Equations:
    """Gas, currents, extents, first law, and what the anode undoes."""
    chem: Chemistry = unit.chemistry
    made = _gas(unit, len(unit.segment_names) - 1)
    for g, n in made.items():
        yield f"{g} made", unit.gas.flow[g] == n
    yield from balances.same_state(unit.electrolyte_out, unit.gas)
    yield from channel.currents(unit)
    yield "power", unit.power == unit.voltage * unit.current
    yield from balances.energy(unit.inlets, unit.outlets, heat=unit.duty, work=unit.power)
    into, out = unit.electrolyte, unit.electrolyte_out
    faradays = unit.current / FARADAY
    for c in unit.products:
        net = out.content(c) - into.content(c)
        yield f"production of {c}", unit.production_rate[c] * unit.area == net
    product = chem.product
    mass = (out.content(product) - into.content(product)) * molar_mass(product)
    yield "specific energy", ratio(unit.specific_energy, unit.power, mass, faradays)
    for c in unit.reoxidised:
        gained = sum(_of(unit, r, x, c, 1) for r, x in chem.cathode.items())
        lost = sum(_of(unit, r, x, c, -1) for r, x in chem.anode.items())
        brought = gained + into.content(c)
        yield f"reoxidised {c}", ratio(unit.reoxidation[c], lost, brought, faradays)


def _of(unit: Any, name: str, reaction: Any, c: str, sign: int) -> Any:
    """What a half-reaction makes (sign 1) or takes (-1) of a component, mol/s, 0 or more."""
    nu = sign * reaction.components.get(c, 0.0)
    return nu * unit.extent[name] if nu > 0 else 0.0


def limits(unit: Any) -> list[Limit]:
    """Potash lye in an open gap, branches well beyond their equilibrium."""
    out = []
    if at(unit.gap) > 0:
        for liquid in (unit.electrolyte, unit.electrolyte_out):
            out += lye(liquid)
    return [*out, *branches(unit)]
