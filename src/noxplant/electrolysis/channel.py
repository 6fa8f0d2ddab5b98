"""A cell along its channel: segments in series between two electrodes at one voltage.

Both liquids pass the segments side by side (co-current), each segment well mixed, so one segment is
a stirred cell and many are plug flow. The electrodes are equipotential; the current density finds
its own profile. The functions take a unit that has the quantities of `PlugFlowCell`; what crosses
the membrane and the voltage across it are given by the unit, so all membranes share them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from noxplant import balances, maths
from noxplant.constants import FARADAY, GAS_CONSTANT
from noxplant.electrolysis import cell, kinetics
from noxplant.electrolysis.chemistry import Chemistry
from noxplant.electrolysis.voltage import koh_conductivity, ln_activity
from noxplant.errors import ModelError
from noxplant.species import aqueous_components, number, species
from noxplant.thermo import electro
from noxplant.unit import Equations, Region

Crossing = Callable[[int], tuple[Mapping[str, Any], Mapping[str, Any]]]
"""Species that enter catholyte and anolyte through the membrane of a segment, mol/s."""
Junction = Callable[[int], Any]
"""Potential of the anolyte above the catholyte across the membrane of a segment, V."""


POOREST: Final = 1e-6
"""Conductivity added to that of a gap, S/m, so that a gap of zero has no loss without lye too."""


def names(segments: int) -> tuple[str, ...]:
    """Names of the segments, from the inlet on."""
    return tuple(str(n + 1) for n in range(segments))


def place(reaction: str, segment: str) -> str:
    """Index of a half-reaction in a segment."""
    return f"{reaction} @ {segment}"


def places(chem: Chemistry, segments: Sequence[str]) -> tuple[str, ...]:
    """Indices of all half-reactions in all segments."""
    return tuple(place(r, k) for k in segments for r in chem.reactions)


def area_of(unit: Any, segment: str) -> Any:
    """Electrode area of a segment, m2; of a phase of a pulse, the area times its part of time."""
    share = unit.share_of(segment) if hasattr(unit, "share_of") else 1 / len(unit.segment_names)
    return unit.area * share


def films(chem: Chemistry) -> tuple[str, ...]:
    """Electrodes with a dissolved reactant, whose film needs a mass-transfer coefficient."""
    sides = (("cathode", chem.cathode), ("anode", chem.anode))
    return tuple(
        side
        for side, reactions in sides
        if any(kinetics.reactant(r) in aqueous_components() for r in reactions.values())
    )


def lines(unit: Any, reactions: Mapping[str, Any]) -> dict[str, kinetics.Line]:
    """Tafel lines of some half-reactions from the specifications of a unit."""
    return {
        r: kinetics.Line(
            unit.reference_current[r],
            unit.reference_potential[r],
            unit.tafel_slope[r],
            unit.activation_energy[r],
        )
        for r in reactions
    }


def electrode(unit: Any, side: str, n: int, liquid: Any) -> Equations:
    """Partial currents of one electrode in segment `n`, whose liquid is `liquid`.

    The sum of the Tafel branches is written in logarithms, nearly linear in the potential, and the
    branches share out the local current, so no start value can make a flow explode.
    """
    chem: Chemistry = unit.chemistry
    reactions = chem.cathode if side == "cathode" else chem.anode
    potential = unit.cathode_potential if side == "cathode" else unit.anode_potential
    k = unit.segment_names[n]
    order = kinetics.sequence(unit.name, reactions)
    for c in order:
        if c not in liquid.phase_of:
            raise ModelError(
                f"{unit.name}: a reaction at the {side} uses up {c}, but no {c} reaches it.\n"
                "  Check what is connected to its inlets."
            )
    bulk = {c: liquid.flow[c] / liquid.volume_flow for c in order}
    rates = kinetics.rates(reactions, lines(unit, reactions), potential[k], unit.temperature)
    transfer = unit.mass_transfer[side] if order else 0.0
    found, _ = kinetics.surface(order, reactions, rates, bulk, transfer)
    total = sum(found[r] * abs(x.electrons) * FARADAY for r, x in reactions.items())
    local = unit.local_current_density[k]
    yield f"{side} {k}", maths.log(total) == maths.log(local)
    flow = local * area_of(unit, k)
    for r in reactions:
        made = unit.local_extent[place(r, k)]
        yield f"rate of {r} in segment {k}", made == found[r] / total * flow


def hydrogen_zero(liquid: Any) -> Any:
    """Potential of RHE in a liquid against SHE, V, at ideal activities."""
    T = liquid.temperature
    shift = ln_activity(liquid, None, "OH-") - ln_activity(liquid, None, "H2O")
    zero = electro.standard_potential(kinetics.HYDROGEN, T)
    return zero - GAS_CONSTANT * T / FARADAY * shift


def gas_made(unit: Any, side: str, gas: str, upto: int) -> Any:
    """Gas made at an electrode in the segments up to index `upto`, mol/s."""
    chem: Chemistry = unit.chemistry
    reactions = chem.cathode if side == "cathode" else chem.anode
    out: Any = 0.0
    for k in unit.segment_names[: upto + 1]:
        for r, x in reactions.items():
            if x.species.get(gas, 0.0) > 0:
                out = out + x.species[gas] * unit.local_extent[place(r, k)]
    return out


def liquid_share(unit: Any, side: str, n: int, liquid: Any) -> Any:
    """Volume share of liquid in a gap; the gas moves `bubble_slip` times as fast as the liquid."""
    chem: Chemistry = unit.chemistry
    gases = chem.gases[0 if side == "cathode" else 1]
    moles = sum(gas_made(unit, side, g, n) for g in gases)
    volume = moles * GAS_CONSTANT * unit.temperature / liquid.pressure
    held = unit.bubble_slip * liquid.volume_flow
    return held / (held + volume)


def gap(unit: Any, side: str, n: int, liquid: Any) -> Equations:
    """Ohmic loss in a gap of potash lye with bubbles, after Gilliam and Bruggeman."""
    k = unit.segment_names[n]
    width = unit.cathode_gap if side == "cathode" else unit.anode_gap
    loss = unit.catholyte_loss[k] if side == "cathode" else unit.anolyte_loss[k]
    lye = koh_conductivity(liquid.true["OH-"] / liquid.volume_flow, unit.temperature)
    power = number("electrolyser.bubbles.Bruggeman.exponent")
    kappa = lye * liquid_share(unit, side, n, liquid) ** power + POOREST
    yield (
        f"loss at the {side} of segment {k}",
        loss * kappa == unit.local_current_density[k] * width,
    )


def volts(unit: Any, k: str, catholyte: Any, anolyte: Any) -> Any:
    """Voltage of segment `k` from its parts: potentials, membrane and gaps, V."""
    return (
        unit.anode_potential[k]
        + hydrogen_zero(anolyte)
        - unit.cathode_potential[k]
        - hydrogen_zero(catholyte)
        + unit.membrane_potential[k]
        + unit.local_current_density[k] * unit.membrane_resistance
        + unit.catholyte_loss[k]
        + unit.anolyte_loss[k]
    )


def components_of(crossing: Mapping[str, Any]) -> dict[str, Any]:
    """Conserved components that species bring, mol/s."""
    parts = [{c: nu * n for c, nu in species(name).content.items()} for name, n in crossing.items()]
    return balances.add(*parts)


def opposite(crossing: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """What passes through a membrane whole: what one side gains the other loses."""
    return dict(crossing), {name: -n for name, n in crossing.items()}


def liquids(unit: Any, side: str) -> list[Any]:
    """A liquid from inlet to outlet, as `ends` counts it: one state a segment."""
    if hasattr(unit, "stirred"):  # all segments, phases of a pulse, see the outlet
        first, last = unit.stirred(side)
        return [first, *[last] * len(unit.segment_names)]
    if hasattr(unit, "electrolyte"):  # no membrane: both electrodes see one liquid
        return [unit.electrolyte, *unit.inside_liquid, unit.electrolyte_out]
    if side == "cathode":
        return [unit.catholyte, *unit.catholyte_inside, unit.catholyte_out]
    return [unit.anolyte, *unit.anolyte_inside, unit.anolyte_out]


def segments(unit: Any, crossing: Crossing, junction: Junction) -> Equations:
    """All segments of a divided cell: balances of both liquids, electrodes, gaps, voltage."""
    chem: Chemistry = unit.chemistry
    lyes = {side: liquids(unit, side) for side in ("cathode", "anode")}
    for n, k in enumerate(unit.segment_names):
        through = crossing(n)
        for side, enters in zip(("cathode", "anode"), through, strict=True):
            reactions = chem.cathode if side == "cathode" else chem.anode
            before, liquid = lyes[side][n : n + 2]
            parts = [
                balances.conversion(x, unit.local_extent[place(r, k)]) for r, x in reactions.items()
            ]
            made = balances.add(components_of(enters), *parts)
            tag = f"{side} {k}: "
            yield from balances.moles([before], [liquid], made, tag)
            yield f"{tag}temperature", liquid.temperature == unit.temperature
            yield f"{tag}pressure", liquid.pressure == lyes[side][0].pressure
            yield from electrode(unit, side, n, liquid)
            yield from gap(unit, side, n, liquid)
        yield f"membrane potential {k}", unit.membrane_potential[k] == junction(n)
        yield f"voltage of segment {k}", unit.voltage == volts(unit, k, *ends(unit, n))


def totals(unit: Any) -> Equations:
    """Gases, currents, extents, first law."""
    chem: Chemistry = unit.chemistry
    last = len(unit.segment_names) - 1
    for side, gas, liquid, held in (
        ("cathode", unit.cathode_gas, unit.catholyte_out, chem.gases[0]),
        ("anode", unit.anode_gas, unit.anolyte_out, chem.gases[1]),
    ):
        for g in held:
            yield f"{g} made at the {side}", gas.flow[g] == gas_made(unit, side, g, last)
        yield from balances.same_state(liquid, gas, f"{side}: ")
    yield from currents(unit)
    yield "power", unit.power == unit.voltage * unit.current
    yield from balances.energy(unit.inlets, unit.outlets, heat=unit.duty, work=unit.power)


def currents(unit: Any) -> Equations:
    """Mean current density, current, extents and faradaic efficiencies over all segments."""
    chem: Chemistry = unit.chemistry
    shares = sum(unit.local_current_density[k] * area_of(unit, k) for k in unit.segment_names)
    yield "mean current density", unit.current_density * unit.area == shares
    yield "current", unit.current == unit.area * unit.current_density
    yield "current of one cell", unit.cell_current * unit.cells == unit.current
    for r, x in chem.reactions.items():
        made = sum(unit.local_extent[place(r, k)] for k in unit.segment_names)
        yield f"extent of {r}", unit.extent[r] == made
        per_mole = abs(x.electrons) * FARADAY
        yield f"share of {r}", unit.charge_share[r] * unit.current == per_mole * unit.extent[r]


def figures(unit: Any) -> Equations:
    """Rates and energies as in every cell, and how much the film holds back in each segment."""
    yield from cell.yields(unit)
    chem: Chemistry = unit.chemistry
    first = kinetics.reactant(chem.cathode[chem.main])
    assert first is not None
    for n, k in enumerate(unit.segment_names):
        liquid = liquids(unit, "cathode")[n + 1]
        bulk = liquid.flow[first] / liquid.volume_flow
        concentration = unit.local_concentration[k]
        yield f"concentration in segment {k}", concentration == bulk
        used = sum(
            -nu * unit.local_extent[place(r, k)]
            for r, x in chem.cathode.items()
            if (nu := x.components.get(first, 0.0)) < 0
        )
        most = unit.mass_transfer["cathode"] * area_of(unit, k) * bulk
        yield f"limiting share of segment {k}", unit.limiting_share[k] * most == used


def nernst(unit: Any, ion: str, n: int) -> Any:
    """Potential of the anolyte above the catholyte of segment `n` when only `ion` can pass, V.

    Ideal activities: R T / (z F) ln(m_catholyte / m_anolyte).
    """
    T, z = unit.temperature, species(ion).charge
    sides = [ln_activity(x, None, ion) for x in ends(unit, n)]
    return GAS_CONSTANT * T / (z * FARADAY) * (sides[0] - sides[1])


def donnan(unit: Any, ion: str, n: int) -> Any:
    """Potential of the anolyte above the catholyte of segment `n`: what an ion membrane gives, V.

    R T / (z F) ln(M_catholyte / M_anolyte), M the molality of all ions with the charge of `ion`, as
    the Donnan potentials at both faces of a membrane have it in which these ions move alike. So a
    side on which `ion` is but a trace among its like gives no potential of its own.

    Args:
        unit: a cell with segments.
        ion: the ion that carries the current.
        n: segment.
    """
    T, z = unit.temperature, species(ion).charge
    logs = []
    for liquid in ends(unit, n):
        alike = [j for j in liquid.true if species(j).charge == z and j != ion]
        rest = sum(liquid.true[j] for j in alike) / liquid.truth.kilograms
        logs.append(maths.log(maths.exp(ln_activity(liquid, None, ion)) + rest))
    return GAS_CONSTANT * T / (z * FARADAY) * (logs[0] - logs[1])


def ends(unit: Any, n: int) -> tuple[Any, Any]:
    """Catholyte and anolyte of segment `n`."""
    return liquids(unit, "cathode")[n + 1], liquids(unit, "anode")[n + 1]


def charge_of(unit: Any, n: int) -> Any:
    """Charge that passes the membrane of segment `n`, mol/s."""
    k = unit.segment_names[n]
    return unit.local_current_density[k] * area_of(unit, k) / FARADAY


def whole(unit: Any, crossing: Crossing) -> tuple[dict[str, Any], dict[str, Any]]:
    """Species that enter catholyte and anolyte through the whole membrane, mol/s."""
    parts = [crossing(n) for n in range(len(unit.segment_names))]
    sums = [{s: sum(p[k][s] for p in parts) for s in parts[0][k]} for k in (0, 1)]
    return sums[0], sums[1]


def regions(unit: Any, crossing: Crossing) -> list[Region]:
    """Cathode and anode compartment with what crosses the membrane."""
    cathode, anode = whole(unit, crossing)
    return [
        Region("cathode", [unit.catholyte], [unit.catholyte_out, unit.cathode_gas], cathode),
        Region("anode", [unit.anolyte], [unit.anolyte_out, unit.anode_gas], anode),
    ]


def leaks(unit: Any) -> Equations:
    """Charge and ammonia through the whole membrane."""
    yield "membrane", unit.ions * FARADAY == unit.current
    lost = sum(ammonia_leak(unit, n) for n in range(len(unit.segment_names)))
    yield "ammonia lost", unit.ammonia_lost == lost


def ammonia_leak(unit: Any, n: int) -> Any:
    """Ammonia that diffuses through the membrane of segment `n` into the anolyte, mol/s.

    Zero where one of the liquids can hold none.
    """
    catholyte, anolyte = ends(unit, n)
    if any("N(-3)" not in x.phase_of for x in (catholyte, anolyte)):
        return 0.0
    area = area_of(unit, unit.segment_names[n])
    inside, outside = (x.true["NH3"] / x.volume_flow for x in (catholyte, anolyte))
    return unit.ammonia_permeance * area * (inside - outside)
