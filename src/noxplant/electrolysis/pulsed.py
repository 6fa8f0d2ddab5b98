"""Pulsed electrodes, averaged over the duty cycle.

An electrode is switched between potentials with given parts of the time. Two limits bracket every
period: `slow`, where the film is at steady state in each phase (period long against D / k_m^2, some
5 s for k_m = 2e-5 m/s), and `fast`, where the surface concentration stays at its mean. The double
layer, adsorbed layers and changes of the surface (what pulses are often for) are not modelled:
fit the lines to pulsed data.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from noxplant import balances
from noxplant.constants import FARADAY
from noxplant.contact import at
from noxplant.electrolysis import cell, channel, kinetics
from noxplant.electrolysis.chemistry import Chemistry
from noxplant.electrolysis.voltage import koh_conductivity
from noxplant.errors import SpecError
from noxplant.species import Reaction, number
from noxplant.unit import Equations

Phases = Sequence[tuple[float, float]]
"""Part of the time and potential [V vs RHE] of each phase."""


def _check(phases: Phases) -> None:
    whole = sum(share for share, _ in phases)
    if not (phases and all(share >= 0 for share, _ in phases) and abs(whole - 1) < 1e-9):
        raise SpecError(
            f"The parts of the time of a pulse are 0 or more and add up to 1, not {whole:g}."
        )


def slow(
    reactions: Mapping[str, Reaction],
    lines: Mapping[str, kinetics.Line],
    bulk: Mapping[str, float],
    transfer: float,
    phases: Phases,
    T: float,
) -> dict[str, float]:
    """Mean partial current densities of long pulses, A/m2; arguments as `kinetics.polarise`."""
    _check(phases)
    found = dict.fromkeys(reactions, 0.0)
    for share, E in phases:
        part, _ = kinetics.polarise(reactions, lines, bulk, transfer, E, T)
        found = {r: found[r] + share * part[r] for r in reactions}
    return found


def fast(
    reactions: Mapping[str, Reaction],
    lines: Mapping[str, kinetics.Line],
    bulk: Mapping[str, float],
    transfer: float,
    phases: Phases,
    T: float,
) -> dict[str, float]:
    """Mean partial current densities of short pulses, A/m2; arguments as `kinetics.polarise`."""
    _check(phases)
    mean = dict.fromkeys(reactions, 0.0)
    for share, E in phases:
        rates = kinetics.rates(reactions, lines, E, T)
        mean = {r: mean[r] + share * rates[r] for r in reactions}
    order = kinetics.sequence("electrode", reactions)
    found, _ = kinetics.surface(order, reactions, mean, bulk, transfer)
    return {r: v * abs(reactions[r].electrons) * FARADAY for r, v in found.items()}


def film_time(transfer: float, diffusivity: float | None = None) -> float:
    """Time in which a film settles, D / k_m^2, s.

    Args:
        transfer: mass-transfer coefficient, m/s.
        diffusivity: m2/s; that of nitrate in water at 25 C when not given.
    """
    d = number("electrolyser.diffusivity.NO3-.water") if diffusivity is None else diffusivity
    return float(d / transfer**2)


# equations of `PulsedCell` ------------------------------------------------------------------------
def phases(unit: Any, crossing: Mapping[str, Any], junction: Any) -> Equations:
    """Both liquids once, the electrodes, gaps and voltage in each phase."""
    chem: Chemistry = unit.chemistry
    sides = (
        ("cathode", chem.cathode, unit.catholyte, unit.catholyte_out, unit.cathode_gap, 1.0),
        ("anode", chem.anode, unit.anolyte, unit.anolyte_out, unit.anode_gap, -1.0),
    )
    power = number("electrolyser.bubbles.Bruggeman.exponent")
    last = len(unit.segment_names) - 1
    for side, reactions, liquid, out, width, sign in sides:
        enters = channel.components_of({s: sign * n for s, n in crossing.items()})
        parts = [balances.conversion(x, unit.extent[r]) for r, x in reactions.items()]
        yield from balances.moles([liquid], [out], balances.add(enters, *parts), f"{side}: ")
        yield f"{side}: temperature of the liquid", out.temperature == unit.temperature
        yield f"{side}: pressure of the liquid", out.pressure == liquid.pressure
        lye = koh_conductivity(out.true["OH-"] / out.volume_flow, unit.temperature)
        kappa = lye * channel.liquid_share(unit, side, last, out) ** power + channel.POOREST
        losses = unit.catholyte_loss if side == "cathode" else unit.anolyte_loss
        for n, k in enumerate(unit.segment_names):
            yield from channel.electrode(unit, side, n, out)
            drop = unit.local_current_density[k] * width
            yield f"loss at the {side} of the {k}", losses[k] * kappa == drop
    for k in unit.segment_names:
        yield f"membrane potential of the {k}", unit.membrane_potential[k] == junction
        parts_of = channel.volts(unit, k, unit.catholyte_out, unit.anolyte_out)
        yield f"voltage of the {k}", unit.phase_voltage[k] == parts_of
    mean = sum(
        unit.phase_voltage[k] * unit.local_current_density[k] * channel.area_of(unit, k)
        for k in unit.segment_names
    )
    yield "mean voltage", unit.voltage * unit.current == mean
    yield from channel.totals(unit)
    yield from cell.yields(unit)


def warnings(unit: Any) -> tuple[str, ...]:
    """Pulses too short for a film at steady state."""
    if unit.block is None or "cathode" not in unit.films:
        return ()
    settles, period = film_time(at(unit.mass_transfer["cathode"])), at(unit.period)
    shortest = period * min(at(unit.share_of(k)) for k in unit.segment_names)
    if shortest >= settles:
        return ()
    return (
        f"the shorter phase lasts {shortest:.3g} s, the film of the cathode takes some"
        f" {settles:.3g} s to settle: each phase is not at steady state, as assumed. The truth lies"
        " towards noxplant.electrolysis.pulsed.fast.",
    )
