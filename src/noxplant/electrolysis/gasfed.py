"""Equations of a stirred cell with a gas-diffusion electrode: a gas is used up at one side.

The gas reactant is first order in its concentration at the catalyst, which it reaches through a film
of its own (gas channel, porous layer and flooded layer in one coefficient, m/s of gas); its Tafel
line is given for 1 bar. The gas behind the electrode is well mixed. Its vapours (water, ammonia, CO2)
pass unchanged, and gases made at that electrode leave with it and not through the gap.
"""

from __future__ import annotations

from typing import Any, Final

from noxplant import balances, maths
from noxplant.constants import FARADAY, GAS_CONSTANT
from noxplant.contact import at, ratio
from noxplant.electrolysis import channel, kinetics
from noxplant.electrolysis.channel_limits import branches, lye
from noxplant.electrolysis.chemistry import Chemistry
from noxplant.electrolysis.voltage import koh_conductivity
from noxplant.errors import ModelError
from noxplant.species import molar_mass, number, species
from noxplant.unit import Equations, Limit, Region

BAR: Final = 1e5
OXIDANTS: Final = ("O2", "NO2", "N2O4")
"""Gases that a cathode reduces far above the potential of its other reactions."""
OXIDANT: Final = 1e-4
"""Mole fraction in the gas feed up to which an oxidant without reaction is neglected. A choice."""
CELL: Final = "cell"
"""Name of the one state of the cell."""


def ports(unit: Any, side: str) -> tuple[list[Any], Any, Any]:
    """Inlets, liquid that leaves and gas that leaves of one side; the gas feed is the last inlet."""
    if side == "cathode":
        found = [unit.catholyte], unit.catholyte_out, unit.cathode_gas
    else:
        found = [unit.anolyte], unit.anolyte_out, unit.anode_gas
    if side == unit.fed:
        found[0].append(unit.gas_feed)
    return found


def gas_keys(unit: Any) -> tuple[str, ...]:
    """Species of the gas that leaves the fed electrode."""
    chem: Chemistry = unit.chemistry
    made = chem.gases[0 if unit.fed == "cathode" else 1]
    return (*unit.ports["gas_feed"][0].keys.get("gas", ()), *made)


def _passes(name: str) -> bool:
    """Whether a gas species could also be dissolved, so that its balance does not settle it."""
    return "aqueous" in species(name).media or any(c != name for c in species(name).content)


def _electrode(unit: Any, side: str, reactions: Any, liquid: Any, gas: Any) -> Equations:
    potential = unit.cathode_potential if side == "cathode" else unit.anode_potential
    order = kinetics.sequence(unit.name, reactions)
    bulk: dict[str, Any] = {}
    unit_of: dict[str, Any] = {}
    transfer: dict[str, Any] = {}
    for c in order:
        fed = side == unit.fed and c in gas.phase_of
        if not fed and c not in liquid.phase_of:
            raise ModelError(
                f"{unit.name}: a reaction at the {side} uses up {c}, but none reaches it.\n"
                "  Check what is connected to its inlets."
            )
        if fed:
            density = gas.pressure / (GAS_CONSTANT * unit.temperature)
            bulk[c] = gas.flow[c] / gas.total_flow * density
            unit_of[c] = BAR / (GAS_CONSTANT * unit.temperature)
            transfer[c] = unit.gas_transfer
        else:
            bulk[c] = liquid.flow[c] / liquid.volume_flow
            transfer[c] = unit.mass_transfer[side]
    rates = kinetics.rates(
        reactions, channel.lines(unit, reactions), potential[CELL], unit.temperature
    )
    found, _ = kinetics.surface(order, reactions, rates, bulk, transfer, unit_of)
    total = sum(found[r] * abs(x.electrons) * FARADAY for r, x in reactions.items())
    local = unit.local_current_density[CELL]
    yield f"{side} polarisation", maths.log(total) == maths.log(local)
    for r in reactions:
        made = unit.local_extent[channel.place(r, CELL)]
        yield f"rate of {r}", made == found[r] / total * local * unit.area


def cell(unit: Any, through: Any, junction: Any) -> Equations:
    """Both sides, voltage, currents, first law."""
    chem: Chemistry = unit.chemistry
    power = number("electrolyser.bubbles.Bruggeman.exponent")
    for side, enters in zip(("cathode", "anode"), through, strict=True):
        reactions = chem.cathode if side == "cathode" else chem.anode
        inlets, liquid, gas = ports(unit, side)
        parts = [balances.conversion(x, unit.extent[r]) for r, x in reactions.items()]
        made = balances.add(channel.components_of(enters), *parts)
        yield from balances.moles(inlets, [liquid, gas], made, f"{side}: ")
        yield f"{side}: temperature of the liquid", liquid.temperature == unit.temperature
        yield f"{side}: pressure of the liquid", liquid.pressure == inlets[0].pressure
        yield f"{side}: temperature of the gas", gas.temperature == unit.temperature
        yield f"{side}: pressure of the gas", gas.pressure == inlets[-1].pressure
        kappa = koh_conductivity(liquid.true["OH-"] / liquid.volume_flow, unit.temperature)
        if side == unit.fed:
            for j in (j for j in gas.phase_keys("gas") if _passes(j)):
                yield f"{j} passes", gas.flow[j] == inlets[-1].flow[j]
        else:
            kappa = kappa * channel.liquid_share(unit, side, 0, liquid) ** power
        width = unit.cathode_gap if side == "cathode" else unit.anode_gap
        loss = unit.catholyte_loss[CELL] if side == "cathode" else unit.anolyte_loss[CELL]
        drop = unit.local_current_density[CELL] * width
        yield f"loss at the {side}", loss * (kappa + channel.POOREST) == drop
        yield from _electrode(unit, side, reactions, liquid, gas)
    yield "membrane potential", unit.membrane_potential[CELL] == junction
    total = channel.volts(unit, CELL, unit.catholyte_out, unit.anolyte_out)
    yield "voltage", unit.voltage == total
    yield from channel.currents(unit)
    yield "power", unit.power == unit.voltage * unit.current
    yield from balances.energy(unit.inlets, unit.outlets, heat=unit.duty, work=unit.power)
    yield from _figures(unit)


def _figures(unit: Any) -> Equations:
    """Conversion of the gas, net production of the main product, its energy."""
    chem: Chemistry = unit.chemistry
    reactions = chem.cathode if unit.fed == "cathode" else chem.anode
    main = next(iter(reactions.values()))
    gas = unit.gas_reactant
    inlets, _, out = ports(unit, unit.fed)
    used = inlets[-1].flow[gas] - out.flow[gas]
    faradays = unit.current / FARADAY
    feed = inlets[-1].flow[gas]
    yield "conversion of the gas", ratio(unit.gas_conversion, used, feed, faradays)
    product = next(c for c, nu in main.components.items() if nu > 0 and c != "H2O")
    made = sum(x.components.get(product, 0.0) * unit.extent[r] for r, x in reactions.items())
    yield "production", unit.production_rate * unit.area == made
    mass = made * molar_mass(product)
    yield "specific energy", ratio(unit.specific_energy, unit.power, mass, faradays)


def reactant_of(name: str, chem: Chemistry, fed: str) -> str:
    """The gas that the main reaction of the fed electrode uses up.

    Raises:
        ModelError: its first reaction uses up no gas.
    """
    first = next(iter((chem.cathode if fed == "cathode" else chem.anode).values()))
    c = kinetics.reactant(first)
    if c is None or c not in species_of_gas():
        raise ModelError(
            f"{name}: the first {fed} reaction, {first.text}, uses up no gas.\n  Name first the"
            " reaction of the gas that is fed, or use PlugFlowCell."
        )
    return c


def species_of_gas() -> frozenset[str]:
    """Gases that do not dissolve in streams."""
    from noxplant.species import gas_species

    return frozenset(s for s in gas_species() if "aqueous" not in species(s).media)


def regions(unit: Any, through: Any) -> list[Region]:
    """Cathode and anode compartment with what crosses the membrane."""
    out = []
    for side, enters in zip(("cathode", "anode"), through, strict=True):
        inlets, liquid, gas = ports(unit, side)
        out.append(Region(side, inlets, [liquid, gas], enters))
    return out


def limits(unit: Any) -> list[Limit]:
    """Potash lye in open gaps, branches well beyond their equilibrium."""
    out = []
    for side, width in (("cathode", unit.cathode_gap), ("anode", unit.anode_gap)):
        if at(width) > 0:
            inlets, liquid, _ = ports(unit, side)
            for x in (inlets[0], liquid):
                out += lye(x)
    if unit.fed == "cathode":
        reactions = unit.chemistry.cathode.values()
        taken = {s for r in reactions for s, nu in r.species.items() if nu < 0}
        untold = (g for g in OXIDANTS if g in unit.gas_feed.phase_of and g not in taken)
        out += [_oxidant(unit, g) for g in untold]
    return [*out, *branches(unit)]


def _oxidant(unit: Any, gas: str) -> Limit:
    """A gas that a cathode reduces at once must not be fed unless a reaction says how."""
    feed = unit.gas_feed
    part = 100 * at(feed.flow[gas]) / at(feed.total_flow)
    return Limit(
        f"{gas} in the gas feed",
        OXIDANT * feed.total_flow - feed.flow[gas],
        f"the gas feed holds {part:.3g} % of {gas}, which the cathode reduces with its share of the"
        f" current, and none of the cathode reactions takes it; at most {100 * OXIDANT:g} % is"
        f" neglected. Remove {gas} before the cell, or give a cathode reaction of {gas} with its"
        " Tafel line.",
    )
