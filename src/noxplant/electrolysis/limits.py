"""Limits of a cell with a cation membrane: what must stay positive, and what it warns of."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from noxplant.constants import FARADAY
from noxplant.contact import at
from noxplant.electrolysis.cell import turnover
from noxplant.electrolysis.chemistry import Chemistry
from noxplant.species import Reaction, component
from noxplant.unit import Limit

ROUNDING: Final = 1e-12
"""Part of a total flow by which rounding may make a margin of zero negative."""
TRACE: Final = 1e-6
"""H+ in a liquor with hydroxide to spare is less than this part of its flow."""
LYE: Final = (100.0, 12000.0)
"""Hydroxide for which a gap counts as potash lye, mol/m3: Gilliam's range from 0.1 mol/L."""
AMMONIA: Final = "N(-3)"
AMMONIA_AT_ANODE: Final = 0.05
"""Ammonia brought to the anode per ammonia made above which a cell warns, mol/mol. A choice: what
the anode could destroy is then more than what the faradaic efficiency is known to."""
ALKALI: Final = (
    "Feed more anolyte or stronger alkali, or convert less nitrate per pass (the anolyte gives"
    " {0:.3g} {1} per nitrate reduced to ammonia, divided by the faradaic efficiency)."
)
"""What to do when the anolyte runs out of alkali: how much of what it gives."""
ELECTRONS: Final = 8.0
"""Electrons per nitrate reduced to ammonia."""


def limits(unit: Any) -> list[Limit]:
    """Exhausted reactants, ions and hydroxide, limiting current, reversible voltage."""
    chem: Chemistry = unit.chemistry
    out = [*efficiencies(unit)]
    out += anolyte_limits(unit)
    for c in chem.consumed:
        out += _reactant_limits(unit, c)
    for r in chem.cathode:
        if at(unit.charge_share[r]) > 1e-9:
            least = unit.reversible_voltage[r]
            out.append(
                Limit(
                    f"voltage for {r}",
                    unit.voltage - least,
                    f"the cell voltage of {at(unit.voltage):.4g} V is below the reversible voltage"
                    f" of {r}, {at(least):.4g} V at the outlet compositions. Raise the voltage or"
                    f" set the faradaic efficiency of {r} to zero.",
                )
            )
    return out


def efficiencies(unit: Any) -> list[Limit]:
    """Given faradaic efficiencies must leave nothing negative to the last reaction of a side."""
    chem: Chemistry = unit.chemistry
    out = []
    for rest in (chem.cathode_rest, chem.anode_rest):
        share = unit.charge_share[rest]
        out.append(
            Limit(
                "faradaic efficiencies",
                share + 1e-9,
                f"the faradaic efficiencies of the other reactions add up to {1 - at(share):.6g},"
                f" more than 1, and leave nothing to {rest}. Lower one of them, or the conversion"
                " that was asked for in its place.",
            )
        )
    return out


def hydroxide_per(reaction: Reaction) -> float:
    """OH- that a half-reaction uses up in lye per extent, from the conservation of charge, mol.

    >>> hydroxide_per(Reaction.parse("N2 + 12 OH- -> 2 NO3- + 6 H2O + 10 e-"))
    12.0
    """
    held = sum(nu * _lowest_charge(c) for c, nu in reaction.components.items() if c != "H2O")
    return float(-reaction.electrons - held)


def hydroxide_used(unit: Any) -> Any:
    """OH- that all anode reactions use up, mol/s; known from the current where they agree."""
    chem: Chemistry = unit.chemistry
    per = {hydroxide_per(r) / -r.electrons for r in chem.anode.values()}
    if len(per) == 1:
        return per.pop() * unit.ions
    return sum(hydroxide_per(r) * unit.extent[name] for name, r in chem.anode.items())


def hydroxide_limit(unit: Any, crossing: Any = 0.0) -> Limit:
    """Hydroxide of the anolyte for its half-reactions.

    Args:
        unit: cell with an anolyte.
        crossing: OH- that the membrane brings to the anolyte, mol/s.
    """
    lye, used = unit.anolyte, hydroxide_used(unit)
    volume = 1000.0 * at(lye.volume_flow)
    anode = unit.chemistry.anode.values()
    least = min(hydroxide_per(r) / -r.electrons for r in anode)
    charge = at(unit.ions)
    # Before a solve the extents are not known, the current may be.
    needed = max(least * charge, at(used))
    per = needed / charge if charge else 1.0
    more = f" ({per:.4g} per electron by the anode reactions)" if per > 1.0 + 1e-6 else ""
    brought = f"the anolyte brings {at(lye.true['OH-']) / volume:.4g} mol/L"
    if at(crossing):
        brought += f", the membrane {at(crossing) / volume:.4g} mol/L"
    # Free hydroxide is at most what electroneutrality leaves, all weak totals fully protonated.
    most = sum(_highest_charge(k) * n for k, n in lye.flow.items()) + TRACE * lye.total_flow
    return Limit(
        "hydroxide at the anode",
        lye.true["OH-"] + crossing - used + ROUNDING * lye.total_flow,
        f"the hydroxide of the anolyte is exhausted: the current needs {needed / volume:.4g} mol/L"
        f" OH-{more}, {brought}."
        f" {ALKALI.format(ELECTRONS * per, 'OH-')}",
        most - least * unit.ions + (unit.ions if at(crossing) else 0.0),
    )


def anolyte_limits(unit: Any) -> list[Limit]:
    """Hydroxide and cations of the anolyte, of which the membrane takes its ions."""
    ion, lye = unit.membrane_cation, unit.anolyte
    return [
        hydroxide_limit(unit),
        Limit(
            f"{ion} in the anolyte",
            lye.flow[ion] - unit.ions + ROUNDING * lye.total_flow,
            f"{ion} of the anolyte is used up: the membrane carries {at(unit.ions):.4g} mol/s, the"
            f" anolyte brings {at(lye.flow[ion]):.4g} mol/s. {ALKALI.format(ELECTRONS, ion)}",
        ),
    ]


def _lowest_charge(key: str) -> int:
    """Charge of a total in its least protonated form, that in lye."""
    item = component(key)
    return item.charge + min((0, *(f.protons for f in item.forms)))


def _highest_charge(key: str) -> int:
    """Charge of a total in its most protonated form."""
    item = component(key)
    return item.charge + max((0, *(f.protons for f in item.forms)))


def _reactant_limits(unit: Any, c: str) -> list[Limit]:
    used, made = turnover(unit, c)
    brought = unit.catholyte.content(c)
    share, ceiling = unit.limiting_ratio[c], at(unit.limiting_current_density[c])
    asked = at(share) * ceiling
    # Not one less the ratio: at full conversion that is a quotient of rounding, of either sign.
    lye = unit.catholyte_out
    faradays = unit.current / FARADAY + ROUNDING * unit.catholyte.total_flow
    arriving = unit.mass_transfer * unit.area * lye.flow[c] / lye.volume_flow
    return [
        Limit(
            f"{c} in the catholyte",
            brought + made - used + ROUNDING * unit.catholyte.total_flow,
            f"{c} is used up: the current reduces {at(used):.4g} mol/s, the catholyte brings"
            f" {at(brought):.4g} and the cathode makes {at(made):.4g} mol/s. Lower the current, its"
            " faradaic efficiency, or feed more.",
        ),
        Limit(
            f"limiting current of {c}",
            (arriving - (used - made)) / faradays + 1e-9,
            f"the net reduction of {c} asks for {asked:.4g} A/m2 (all of it counted as its first"
            " reaction), its limiting current density at the outlet concentration is"
            f" {ceiling:.4g} A/m2. Lower the current density or the"
            " conversion, or raise concentration or mass-transfer coefficient.",
        ),
    ]


def gap_limits(unit: Any) -> list[Limit]:
    """As `conductivity_limits`, for a cell whose gaps may be zero: those hold no lye."""
    liquids = {"cathode": unit.catholyte_out, "anode": unit.anolyte_out}
    instead = "set that gap to zero and add its resistance to that of the membrane"
    wide = [liquid for side, liquid in liquids.items() if at(unit.gap[side]) > 0]
    return conductivity_limits(unit, wide, instead)


def conductivity_limits(
    unit: Any, liquids: Sequence[Any] | None = None, instead: str = "use SpecifiedCell"
) -> list[Limit]:
    """The gaps must hold potash lye within the range of the conductivity correlation.

    Args:
        unit: cell.
        liquids: ports of the liquids in its gaps; those of both compartments unless given.
        instead: what to do for a liquid that is no lye.
    """
    out = []
    for liquid in (unit.catholyte_out, unit.anolyte_out) if liquids is None else liquids:
        c = liquid.true["OH-"] / liquid.volume_flow
        for margin in (c - LYE[0], LYE[1] - c):
            out.append(
                Limit(
                    f"conductivity of {liquid.name}",
                    margin,
                    f"{liquid.name} holds {at(c) / 1000:.4g} mol/L OH-; the conductivity of its gap"
                    " is known for KOH of 0.1 to 12 mol/L only. Feed alkali within that range, or"
                    f" {instead}.",
                )
            )
    return out


def warnings(unit: Any) -> tuple[str, ...]:
    """Ammonia at an anode that is not said to oxidise it, when that is much; after the solve."""
    chem: Chemistry = unit.chemistry
    oxidised = any(r.components.get(AMMONIA, 0.0) < 0 for r in chem.anode.values())
    if unit.block is None or oxidised:
        return ()
    used, made = (at(n) for n in turnover(unit, AMMONIA))
    brought, net = at(unit.anolyte.content(AMMONIA)), max(made - used, 0.0)
    # A hair over the threshold is rounding: an optimum may lie on it.
    least = max(AMMONIA_AT_ANODE * (1 + 1e-6) * net, TRACE * at(unit.anolyte.total_flow))
    if not brought > least:
        return ()
    share = f", {100 * brought / net:.3g} % of what the cathode makes" if net > 0 else ""
    level = brought / at(unit.anolyte.volume_flow)
    return (
        f"the anolyte brings ammonia to the anode, {level:.4g} mol/m3 or"
        f" {brought:.4g} mol/s{share}. Its oxidation (2 NH3 + 6 OH- -> N2 + 6 H2O + 6 e-, -0.77 V"
        " vs SHE at pH 14) is not modelled, a limitation: it would cost product, leave less"
        " oxygen and bring N2 into it. Strip more before the anode, or give it that reaction.",
    )
