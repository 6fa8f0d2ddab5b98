"""Equations of a galvanic flow cell: what `GalvanicCell` writes, apart from its declarations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from noxplant import balances, maths
from noxplant.constants import FARADAY
from noxplant.contact import at, ratio
from noxplant.electrolysis.chemistry import Chemistry, short_name
from noxplant.electrolysis.kinetics import reactant
from noxplant.electrolysis.limits import (
    ROUNDING,
    anolyte_limits,
    efficiencies,
    hydroxide_per,
)
from noxplant.electrolysis.voltage import koh_conductivity, potential, tafel
from noxplant.errors import ModelError
from noxplant.species import Reaction, aqueous_components, molar_mass, species
from noxplant.unit import Equations, Limit

SIDES: Final = ("cathode", "anode")
CORNER: Final = 1e-6
"""Width of the corner where a surface concentration reaches zero, part of the bulk's."""

LEAST_SHARE: Final = 1e-3
"""Least faradaic efficiency of a main reaction, whose Tafel line stands for its side. A choice."""


def chemistry(
    unit: str, cathode: Sequence[str], anode: Sequence[str], metal: bool = False
) -> Chemistry:
    """Read the half-reactions of a galvanic cell; the last of each side takes what is left.

    Args:
        unit: name of the cell, for messages.
        cathode: texts, the main reaction first.
        anode: the same.
        metal: whether the anode is a metal that dissolves; then the gas, if any, is the cathode's.

    Raises:
        ModelError: a reaction at the wrong electrode, twice the same, a first reaction without
            dissolved reactant, a gas at the cathode or none at the anode.
    """
    sides = (_read(unit, cathode, "cathode", 1), _read(unit, anode, "anode", -1))
    gases = tuple(_gases(side) for side in sides)
    if not metal and (gases[0] or not gases[1]):
        wrong = f"the cathode makes {', '.join(gases[0])}" if gases[0] else "the anode makes no gas"
        raise ModelError(
            f"{unit}: {wrong}; this cell has one gas outlet, at its anode (N2 of hydrazine).\n"
            "  Choose other half-reactions; a zinc anode: ZincCell; any battery in closed form:"
            " noxplant.electrolysis.galvanic."
        )
    for side, where in zip(sides, SIDES, strict=True):
        first = next(iter(side.values()))
        if reactant(first) is None:
            raise ModelError(f"{unit}: the first {where} reaction has no dissolved reactant.")
    consumed, produced = (
        tuple(
            dict.fromkeys(
                c
                for r in sides[0].values()
                for c, nu in r.components.items()
                if nu * sign > 0 and c != "H2O"
            )
        )
        for sign in (-1, 1)
    )
    made = tuple(
        tuple(c for r in s.values() for c, nu in r.components.items() if nu > 0 and _wet(c))
        for s in sides
    )
    rest = tuple(list(s)[-1] for s in sides)
    return Chemistry(
        sides[0], sides[1], rest[0], rest[1], consumed, produced,
        (gases[0], gases[1]), (made[0], made[1]),
    )  # fmt: skip


def _wet(c: str) -> bool:
    return c in aqueous_components()


def _gases(side: Mapping[str, Reaction]) -> tuple[str, ...]:
    found = (s for r in side.values() for s, nu in r.species.items() if nu > 0)
    return tuple(dict.fromkeys(s for s in found if "aqueous" not in species(s).media))


def _read(unit: str, texts: Sequence[str], where: str, sign: int) -> dict[str, Reaction]:
    found: dict[str, Reaction] = {}
    for text in texts:
        r = Reaction.parse(text)
        if r.electrons * sign <= 0:
            kind = "takes up" if sign > 0 else "gives off"
            raise ModelError(f"{unit}: {text!r} is no {where} reaction, which {kind} electrons.")
        if short_name(r) in found:
            raise ModelError(f"{unit}: two {where} reactions are both {short_name(r)!r}.")
        found[short_name(r)] = r
    if not found:
        raise ModelError(f"{unit}: give at least one {where} reaction.")
    return found


def side_of(unit: Any, side: str) -> tuple[Mapping[str, Reaction], Any, Any, Any]:
    """Half-reactions, liquid in, liquid out and gas of a side; None for no gas."""
    chem: Chemistry = unit.chemistry
    if side == "cathode":
        gas = unit.cathode_gas if "cathode_gas" in unit.declared else None
        return chem.cathode, unit.catholyte, unit.catholyte_out, gas
    return chem.anode, unit.anolyte, unit.anolyte_out, unit.anode_gas


def compartments(unit: Any, through: Mapping[str, Any]) -> Equations:
    """Balances of both liquids and the gas, one temperature, power delivered, first law."""
    for side, sign in (("cathode", 1.0), ("anode", -1.0)):
        reactions, liquid, out, gas = side_of(unit, side)
        for r in reactions.values():
            for c, nu in r.components.items():
                if nu < 0 and c not in liquid.phase_of and c not in out.phase_of:
                    raise ModelError(
                        f"{unit.name}: a reaction at the {side} uses up {c}, but its liquid brings"
                        " none.\n  Check what is connected to its inlets."
                    )
        parts = [balances.conversion(r, unit.extent[name]) for name, r in reactions.items()]
        made = balances.add({c: sign * n for c, n in through.items()}, *parts)
        outlets = [out] if gas is None else [out, gas]
        yield from balances.moles([liquid], outlets, made, f"{side}: ")
        for port in outlets:
            yield f"temperature of {port.name}", port.temperature == unit.temperature
            yield f"pressure of {port.name}", port.pressure == liquid.pressure
    yield "power", unit.power == -unit.voltage * unit.current
    yield from balances.energy(unit.inlets, unit.outlets, heat=unit.duty, work=unit.power)


def _film_current(unit: Any, reactions: Mapping[str, Reaction], c: str) -> Any:
    """What all reactions of a side take of a reactant through its film, as current density, A/m2.

    Net, and counted in electrons of the main reaction: sum of -nu_r v_r.
    """
    main = next(iter(reactions.values()))
    per_mole = main.electrons / main.components[c]
    parts = (
        unit.charge_share[r] * (x.components[c] / x.electrons)
        for r, x in reactions.items()
        if c in x.components
    )
    return per_mole * unit.current_density * sum(parts)


def supply(unit: Any, side: str) -> tuple[Any, Any, str]:
    """What the film of a side can bring, what is asked of it, and of what.

    Charge of the main reaction per time and area: the first times the volume flow of the liquid
    [A m3/(s m2)], the second plain [A/m2]. A metal is held back by the hydroxide that it takes.
    """
    reactions, _, out, _ = side_of(unit, side)
    main, reaction = next(iter(reactions.items()))
    c = reactant(reaction)
    assert c is not None
    charge = abs(reaction.electrons) * FARADAY * unit.mass_transfer[side]
    if not _wet(c):
        asked = unit.charge_share[main] * unit.current_density
        return charge / hydroxide_per(reaction) * out.true["OH-"], asked, "OH-"
    brought = charge / -reaction.components[c] * out.flow[c]
    return brought, _film_current(unit, reactions, c), c


def losses(unit: Any) -> Equations:
    """Voltage delivered: open circuit less overpotentials, membrane and gaps."""
    chem: Chemistry = unit.chemistry
    total: Any = unit.current_density * unit.membrane_resistance
    ends: dict[str, Any] = {}
    for side in SIDES:
        reactions, _, out, gas = side_of(unit, side)
        main, reaction = next(iter(reactions.items()))
        ends[side] = potential(reaction, out, gas)
        partial = unit.charge_share[main] * unit.current_density
        bulk, asked, _ = supply(unit, side)
        limit, left = unit.limiting_current_density[side], unit.surface_share[side]
        yield f"limiting current of the {side}", limit * out.volume_flow == bulk
        yield f"surface of the {side}", left * limit == limit - asked
        safe = maths.smooth_max(left, 0.0, CORNER)
        eta = tafel(partial / safe, unit.tafel_slope[side], unit.exchange[side])
        yield f"overpotential of the {side}", unit.overpotential[side] == eta
        kappa = koh_conductivity(out.true["OH-"] / out.volume_flow, unit.temperature)
        drop = unit.gap_loss[side] * kappa
        yield f"loss of the {side} gap", drop == unit.current_density * unit.gap[side]
        total = total + unit.overpotential[side] + unit.gap_loss[side]
    yield "open circuit", unit.open_circuit_voltage == ends["cathode"] - ends["anode"]
    yield "voltage", unit.voltage == unit.open_circuit_voltage - total
    yield "voltage efficiency", unit.voltage_efficiency * unit.open_circuit_voltage == unit.voltage
    rate = unit.extent[chem.main] * chem.cathode[chem.main].components[chem.product]
    mass = rate * molar_mass(chem.product)
    faradays = unit.current / FARADAY
    yield "energy delivered", ratio(unit.energy_delivered, -unit.power, mass, faradays)


def _further(unit: Any, side: str, reactions: Mapping[str, Reaction], main: str) -> list[Limit]:
    """Films of what other reactions of a side use up, of which no surface is modelled."""
    out = []
    liquid = side_of(unit, side)[2]
    used_up = [c for x in reactions.values() for c, nu in x.components.items() if nu < 0]
    for c in dict.fromkeys(used_up):
        if c in ("H2O", main) or not _wet(c):
            continue
        used = sum(-x.components.get(c, 0.0) * unit.extent[r] for r, x in reactions.items())
        most = unit.mass_transfer[side] * unit.area * liquid.flow[c] / liquid.volume_flow
        words = (
            f"the {side} uses up {at(used):.4g} mol/s of {c}, but at most {at(most):.4g} mol/s"
            " arrive through its film. Lower the faradaic efficiency of that reaction or the"
            f" current, feed more {c}, or raise the mass-transfer coefficient."
        )
        margin = most - used + ROUNDING * liquid.total_flow
        out.append(Limit(f"film of {c} at the {side}", margin, words))
    return out


def film_limits(unit: Any, side: str) -> list[Limit]:
    """Limiting current of the main reactant, films of others, a main reaction that carries some."""
    reactions = side_of(unit, side)[0]
    share, ceiling = unit.surface_share[side], unit.limiting_current_density[side]
    _, current, c = supply(unit, side)
    asked = at(current)
    film = Limit(
        f"limiting current of the {side}",
        share,
        f"at {at(unit.current_density):.4g} A/m2 all reactions together take {c} worth"
        f" {asked:.4g} A/m2 of the main reaction through the film; they exceed the limiting"
        f" current density of the {side} at its outlet, {at(ceiling):.4g} A/m2. Draw less,"
        " or raise concentration or mass-transfer coefficient.",
    )
    main = next(iter(reactions))
    part = unit.charge_share[main]
    carried = Limit(
        f"current of {main}",
        part - LEAST_SHARE,
        f"the main reaction of the {side}, {main}, has a faradaic efficiency of"
        f" {at(part):.4g}, and its Tafel line is all that gives the overpotential there. It"
        f" must be {LEAST_SHARE:g} or more: raise it, or name first the reaction that"
        " carries the current, with its own Tafel line.",
    )
    return [film, *_further(unit, side, reactions, c), carried]


def limits(unit: Any) -> list[Limit]:
    """Alkali, reactants, limiting currents, and a voltage that is still delivered."""
    out = [*efficiencies(unit), *anolyte_limits(unit)]
    for side in SIDES:
        out += [brought(unit, side), *film_limits(unit, side)]
    return [*out, delivered(unit)]


def brought(unit: Any, side: str) -> Limit:
    """The dissolved main reactant of a side must not be used up."""
    reactions, liquid, _, _ = side_of(unit, side)
    c = reactant(next(iter(reactions.values())))
    assert c is not None
    used: Any = 0.0
    for r, x in reactions.items():
        used = used - x.components.get(c, 0.0) * unit.extent[r]
    comes = liquid.content(c)
    return Limit(
        f"{c} at the {side}",
        comes - used + ROUNDING * liquid.total_flow,
        f"{c} is used up: the current takes {at(used):.4g} mol/s at the {side}, its liquid"
        f" brings {at(comes):.4g} mol/s. Lower the current, or feed more.",
    )


def delivered(unit: Any) -> Limit:
    """The voltage must still be delivered."""
    words = (
        f"the cell delivers no voltage at {at(unit.current_density):.4g} A/m2: its losses exceed the"
        f" open-circuit voltage of {at(unit.open_circuit_voltage):.4g} V by"
        f" {-at(unit.voltage):.4g} V. Draw less current, or lower the resistances."
    )
    return Limit("voltage delivered", unit.voltage, words)
