"""Equations of a galvanic cell with a zinc anode that dissolves: what `ZincCell` writes.

Zinc dissolves in lye as zincate, Zn + 4 OH- -> Zn(OH)4-- + 2 e-, and corrodes beside it,
Zn + 2 OH- + 2 H2O -> Zn(OH)4-- + H2: its electrode is a mixed one already at rest.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from noxplant import balances, maths
from noxplant.constants import FARADAY, GAS_CONSTANT, T_REFERENCE
from noxplant.contact import at, ratio
from noxplant.electrolysis import discharge
from noxplant.electrolysis.chemistry import Chemistry
from noxplant.electrolysis.limits import ROUNDING, anolyte_limits, efficiencies, gap_limits
from noxplant.electrolysis.voltage import ln_activity, potential
from noxplant.errors import ModelError
from noxplant.species import Reaction, number
from noxplant.thermo import electro
from noxplant.unit import Equations, Limit, Region

ANODE: Final = "Zn(s) + 4 OH- -> Zn(OH)4-- + 2 e-"
CORROSION: Final = Reaction.parse("Zn(s) + 2 OH- + 2 H2O -> Zn(OH)4-- + H2")
ZINC: Final = "Zn(s)"
SHARE: Final = 1e-9
"""Part of the current from which on a side reaction must be possible."""


def chemistry(unit: str, cathode: Sequence[str]) -> Chemistry:
    """Half-reactions of a zinc cell; the last of the cathode takes what is left.

    Raises:
        ModelError: as `discharge.chemistry`; a cathode without a gas.
    """
    found = discharge.chemistry(unit, cathode, (ANODE,), metal=True)
    if not found.gases[0]:
        raise ModelError(
            f"{unit}: no cathode reaction makes a gas; this cell has a gas outlet there.\n  Add"
            " '2 H2O + 2 e- -> H2 + 2 OH-' as the last; its share may be zero."
        )
    return found


def corroded(unit: Any) -> Any:
    """Zinc that corrodes, mol/s."""
    return unit.corrosion * unit.area / (2 * FARADAY)


def sides(unit: Any) -> Mapping[str, tuple[list[Any], list[Any]]]:
    """Inlets and outlets of both compartments."""
    return {
        "cathode": ([unit.catholyte], [unit.catholyte_out, unit.cathode_gas]),
        "anode": ([unit.anolyte, unit.zinc], [unit.anolyte_out, unit.anode_gas, unit.zinc_out]),
    }


def compartments(unit: Any, through: Mapping[str, Any]) -> Equations:
    """Balances of both compartments, one temperature, power delivered, first law.

    Raises:
        ModelError: a compartment lacks what one of its half-reactions uses up.
    """
    chem: Chemistry = unit.chemistry
    _brought(unit)
    for side, (inlets, outlets) in sides(unit).items():
        sign = 1.0 if side == "cathode" else -1.0
        reactions = chem.cathode if side == "cathode" else chem.anode
        parts = [balances.conversion(r, unit.extent[name]) for name, r in reactions.items()]
        if side == "anode":
            parts.append(balances.conversion(CORROSION, corroded(unit)))
        made = balances.add({c: sign * n for c, n in through.items()}, *parts)
        yield from balances.moles(inlets, outlets, made, f"{side}: ")
        for port in outlets:
            yield f"temperature of {port.name}", port.temperature == unit.temperature
            yield f"pressure of {port.name}", port.pressure == inlets[0].pressure
    yield "power", unit.power == -unit.voltage * unit.current
    yield from balances.energy(unit.inlets, unit.outlets, heat=unit.duty, work=unit.power)


def _brought(unit: Any) -> None:
    """Refuse compartments to which no stream brings what they use up."""
    for side, (inlets, outlets) in sides(unit).items():
        there = {k for port in (*inlets, *outlets) for k in port.components}
        for r in (unit.chemistry.cathode if side == "cathode" else unit.chemistry.anode).values():
            for c, nu in r.components.items():
                if nu < 0 and c not in there:
                    raise ModelError(
                        f"{unit.name}: a reaction at the {side} uses up {c}, but its streams bring"
                        " none.\n  Check what is connected to its inlets."
                    )


def figures(unit: Any) -> Equations:
    """Potentials of both electrodes, zinc used."""
    for side in discharge.SIDES:
        reactions, _, out, gas = discharge.side_of(unit, side)
        rest = potential(next(iter(reactions.values())), out, gas)
        sign = -1.0 if side == "cathode" else 1.0
        found = unit.electrode_potential[side]
        yield f"potential of the {side}", found == rest + sign * unit.overpotential[side]
    used = sum(unit.extent[r] for r in unit.chemistry.anode) + corroded(unit)
    yield "zinc used", unit.zinc_used == used
    feed = unit.zinc.flow[ZINC]
    yield "zinc used per fed", ratio(unit.zinc_conversion, used, feed, unit.current / FARADAY)


def oxide_constant(T: Any = T_REFERENCE) -> Any:
    """Equilibrium constant of ZnO + H2O + 2 OH- = Zn(OH)4--, ideal molalities; heat constant.

    >>> round(float(oxide_constant()), 3)
    0.048
    """
    change = {}
    for k in ("gibbs", "enthalpy"):
        oxide = number(f"electrolyser.solid.ZnO.{k}")
        zincate, water, base = (electro.formation(s, k) for s in ("Zn(OH)4--", "H2O", "OH-"))
        change[k] = zincate - oxide - water - 2 * base
    h, g = change["enthalpy"], change["gibbs"]
    return maths.exp(-(h / T + (g - h) / T_REFERENCE) / GAS_CONSTANT)


def warnings(unit: Any) -> tuple[str, ...]:
    """Zincate beyond the solubility of zinc oxide; what a nitrate cathode shows at rest."""
    if unit.block is None:
        return ()
    out = [
        "the open-circuit voltage is the thermodynamic one. A nitrate or nitrite electrode does not"
        " come to its equilibrium at rest but to a mixed potential, mostly far below: compare"
        " voltages under current, with Tafel lines fitted to the electrode."
    ]
    lye = unit.anolyte_out
    zincate, base, water = (at(ln_activity(lye, None, s)) for s in ("Zn(OH)4--", "OH-", "H2O"))
    most = maths.log(oxide_constant(at(unit.temperature))) + 2 * base + water
    if zincate > most:
        out.append(
            f"the anolyte leaves with {maths.exp(zincate):.3g} mol/kg of zincate, more than the"
            f" {maths.exp(most):.3g} mol/kg in equilibrium with ZnO (ideal activities): it is"
            " supersaturated, ZnO will settle in time and may cover the zinc. Feed more lye."
        )
    return tuple(out)


def limits(unit: Any) -> list[Limit]:
    """Alkali, nitrate, zinc, limiting currents, side reactions beyond equilibrium, voltage."""
    chem: Chemistry = unit.chemistry
    out = [
        *efficiencies(unit),
        *anolyte_limits(unit),
        _hydroxide(unit),
        discharge.brought(unit, "cathode"),
    ]
    fed, used = unit.zinc.flow[ZINC], unit.zinc_used
    out.append(
        Limit(
            "zinc",
            fed - used,
            f"the zinc is used up: {at(used):.4g} mol/s dissolve, {at(fed):.4g} mol/s are fed. Feed"
            " more zinc, or draw less current.",
        )
    )
    for side in discharge.SIDES:
        out += discharge.film_limits(unit, side)
    for r, x in chem.cathode.items():
        if r != chem.main and at(unit.charge_share[r]) > SHARE:
            out.append(_possible(unit, r, x))
    return [*out, *gap_limits(unit), discharge.delivered(unit)]


def _hydroxide(unit: Any) -> Limit:
    """Hydroxide for zinc that dissolves and corrodes."""
    lye = unit.anolyte
    used = 4 * unit.zinc_used - 2 * corroded(unit)
    return Limit(
        "hydroxide for the zinc",
        lye.true["OH-"] - used + ROUNDING * lye.total_flow,
        f"the hydroxide of the anolyte is exhausted: the zinc takes {at(used):.4g} mol/s as zincate,"
        f" corrosion included, the anolyte brings {at(lye.true['OH-']):.4g} mol/s. Feed more lye,"
        " or draw less current.",
    )


def _possible(unit: Any, r: str, reaction: Reaction) -> Limit:
    """A side reaction of the cathode needs a potential below its equilibrium."""
    least = potential(reaction, unit.catholyte_out, unit.cathode_gas)
    found = unit.electrode_potential["cathode"]
    return Limit(
        f"potential for {r}",
        least - found,
        f"{r} is given {at(unit.charge_share[r]):.3g} of the current, but the cathode is at"
        f" {at(found):.4g} V vs SHE, above its equilibrium, {at(least):.4g} V. Set its faradaic"
        " efficiency to zero, or draw more current.",
    )


def regions(unit: Any, through: Mapping[str, Any]) -> list[Region]:
    """Cathode and anode compartment with what crosses the membrane."""
    back = {c: -n for c, n in through.items()}
    return [
        Region(side, inlets, outlets, through if side == "cathode" else back)
        for side, (inlets, outlets) in sides(unit).items()
    ]
