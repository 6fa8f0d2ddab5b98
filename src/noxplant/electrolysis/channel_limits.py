"""Limits of cells with kinetics along their channel."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Final

from noxplant.constants import FARADAY
from noxplant.contact import at
from noxplant.electrolysis import channel, kinetics
from noxplant.electrolysis.chemistry import Chemistry
from noxplant.electrolysis.limits import LYE, ROUNDING
from noxplant.electrolysis.voltage import potential
from noxplant.errors import SpeciesError
from noxplant.species import Reaction, aqueous_components, species
from noxplant.unit import Limit

CARRIES: Final = 0.01
"""Share of the current from which on a branch must be beyond its equilibrium. A choice."""
CROSSING: Final = ("NO3-", "NO2-")
"""Anions beside OH- that an anion membrane carries."""
OTHERS: Final = 0.05
"""Charge of other anions over that of those carried up to which they are neglected. A choice."""


def channel_limits(unit: Any) -> list[Limit]:
    """Potash lye in open gaps, and every branch with a share of the current beyond equilibrium."""
    out = []
    for side, gap in (("cathode", unit.cathode_gap), ("anode", unit.anode_gap)):
        if at(gap) > 0:
            liquids = channel.liquids(unit, side)
            for liquid in (liquids[0], liquids[-1]):
                out += lye(liquid)
    return [*out, *branches(unit)]


def branches(unit: Any) -> list[Limit]:
    """Branches beyond their equilibrium, and films of reactants that no branch is first order in."""
    return [*irreversible(unit), *further_films(unit)]


def further_films(unit: Any) -> list[Limit]:
    """A dissolved reactant beside the first of its reaction must still arrive through its film.

    The rate does not depend on it (urea takes carbonate beside nitrate), so nothing else holds it.
    """
    chem: Chemistry = unit.chemistry
    out = []
    for side, reactions in (("cathode", chem.cathode), ("anode", chem.anode)):
        if side not in unit.films:
            continue
        for c in others(reactions):
            found = [
                _film(unit, side, reactions, c, k, liquid)
                for k, liquid in zip(
                    unit.segment_names, channel.liquids(unit, side)[1:], strict=True
                )
                if c in liquid.phase_of
            ]
            if found:
                out.append(min(found, key=lambda x: at(x.margin)))
    return out


def others(reactions: Mapping[str, Reaction]) -> tuple[str, ...]:
    """Dissolved components that some reaction uses up beside its first one.

    >>> r = Reaction.parse("2 NO3- + CO2 + 18 H+ + 16 e- -> urea + 7 H2O")
    >>> others({"urea": r})
    ('C(4)',)
    """
    found = (
        c
        for x in reactions.values()
        for c, nu in x.components.items()
        if nu < 0 and c not in ("H2O", kinetics.reactant(x)) and c in aqueous_components()
    )
    return tuple(dict.fromkeys(found))


def _film(
    unit: Any, side: str, reactions: Mapping[str, Reaction], c: str, k: str, liquid: Any
) -> Limit:
    area, k_m = channel.area_of(unit, k), unit.mass_transfer[side]
    used = sum(
        -x.components[c] * unit.local_extent[channel.place(r, k)]
        for r, x in reactions.items()
        if c in x.components
    )
    bulk = liquid.flow[c] / liquid.volume_flow
    return Limit(
        f"film of {c} at the {side}",
        k_m * area * bulk - used + ROUNDING * liquid.total_flow,
        f"the {side} uses up {at(used):.4g} mol/s of {c}{_state(unit, k)}, but from"
        f" {at(bulk):.4g} mol/m3 with {at(k_m):.3g} m/s at most {at(k_m * area * bulk):.4g} mol/s"
        " arrive through the film. The rate of its reaction does not fall with it: feed more of it,"
        " lower the reference current of that reaction, or raise the mass-transfer coefficient.",
    )


def anion_limits(unit: Any) -> list[Limit]:
    """Hydroxide is the majority anion at both sides of an anion membrane, and others are traces.

    The potential of the membrane is that of OH- alone, the current that of OH-, NO3- and NO2-.
    """
    worst: dict[str, Limit] = {}
    for side in ("cathode", "anode"):
        for k, liquid in zip(unit.segment_names, channel.liquids(unit, side)[1:], strict=True):
            for x in _anions(unit, liquid, k):
                if x.name not in worst or at(x.margin) < at(worst[x.name].margin):
                    worst[x.name] = x
    return list(worst.values())


def _anions(unit: Any, liquid: Any, k: str) -> list[Limit]:
    oh = liquid.true["OH-"]
    rivals = sum(unit.selectivity * liquid.true[s] for s in CROSSING if s in liquid.true)
    carries = oh + rivals
    untold = {
        s: liquid.true[s]
        for s in liquid.true
        if species(s).charge < 0 and s not in ("OH-", *CROSSING)
    }
    room = ROUNDING * liquid.total_flow
    share = at(oh) / at(carries) if at(carries) > 0 else 0.0
    out = [
        Limit(
            f"hydroxide in {liquid.name}",
            oh - rivals + room,
            f"of the anions in {liquid.name}{_state(unit, k)} OH- carries {share:.3g} of the"
            " current, NO3- and NO2- the rest; the membrane is given the potential of OH- alone,"
            " which holds where OH- carries 0.5 or more on both sides. Feed more alkali to that"
            " side, or take a membrane of lower selectivity.",
        )
    ]
    if untold:
        ions = ", ".join(s for s, n in untold.items() if at(n) > 0)
        held = sum(-species(s).charge * n for s, n in untold.items())
        part = at(held) / at(carries) if at(carries) > 0 else math.inf
        out.append(
            Limit(
                f"other anions in {liquid.name}",
                OTHERS * carries - held + room,
                f"{liquid.name} holds {ions}{_state(unit, k)} with {part:.3g} of the charge of OH-,"
                f" NO3- and NO2- (weighted by the selectivity), at most {OTHERS:g} is neglected:"
                " the membrane would carry them too, and their selectivity is not known. Remove"
                " them from the feed, add alkali, or use PlugFlowCell with a cation membrane.",
            )
        )
    return out


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
    """Tafel branches have no back-reaction, so they hold beyond equilibrium only.

    Each branch by its share of the local current of every segment or phase that carries current;
    the limit is that of the segment which is nearest to its equilibrium, or furthest beyond it.
    """
    chem: Chemistry = unit.chemistry
    sides = (
        ("cathode", chem.cathode, unit.cathode_gas, unit.cathode_potential, 1),
        ("anode", chem.anode, unit.anode_gas, unit.anode_potential, -1),
    )
    out = []
    for side, reactions, gas, found, sign in sides:
        for r, x in reactions.items():
            worst: Limit | None = None
            liquids = channel.liquids(unit, side)[1:]
            for k, liquid in zip(unit.segment_names, liquids, strict=True):
                share = _local_share(unit, r, x, k)
                if share < CARRIES:
                    continue
                try:
                    least = potential(x, liquid, gas) - channel.hydrogen_zero(liquid)
                except SpeciesError:  # no Gibbs energy, so nobody knows its equilibrium
                    break
                margin = sign * (least - found[k])
                if worst is not None and at(margin) >= at(worst.margin):
                    continue
                words = (
                    f"{r} is given {share:.3g} of the current by its Tafel line, at"
                    f" {at(found[k]):.4g} V against RHE{_state(unit, k)}, where the {side} is"
                    f" short of its equilibrium, {at(least):.4g} V. Its line does not hold there:"
                    " lower its reference current, or correct its reference potential."
                )
                worst = Limit(f"potential for {r}", margin, words)
            if worst is not None:
                out.append(worst)
    return out


def _state(unit: Any, k: str) -> str:
    """Where that is: a segment or a phase, nothing in a stirred cell."""
    if len(unit.segment_names) == 1:
        return ""
    return f" in segment {k}" if k.isdigit() else f" in the {k}"


def _local_share(unit: Any, r: str, x: Reaction, k: str) -> float:
    """Share of a branch in the current of a segment; 0 where that is negligible."""
    local = at(unit.local_current_density[k])
    if local < CARRIES * at(unit.current_density):
        return 0.0
    charge = abs(x.electrons) * FARADAY * at(unit.local_extent[channel.place(r, k)])
    whole = local * at(channel.area_of(unit, k))
    return float(charge / whole) if whole > 0 else 0.0
