"""Equations of a cell with a cation membrane: charge, compartments, figures.

The functions take a cell unit that has the ports and quantities of `SpecifiedCell`.
"""

from __future__ import annotations

from typing import Any

from noxplant import balances
from noxplant.constants import FARADAY
from noxplant.contact import ratio
from noxplant.electrolysis.chemistry import Chemistry
from noxplant.electrolysis.voltage import reversible, thermoneutral
from noxplant.errors import ModelError
from noxplant.species import molar_mass
from noxplant.unit import Equations, Region


def charge(unit: Any) -> Equations:
    """Currents, shares and extents of the half-reactions, ions through the membrane."""
    yield "current of one cell", unit.cell_current * unit.cells == unit.current
    yield from shares(unit)


def shares(unit: Any) -> Equations:
    """Current, shares and extents where efficiencies are given, ions through the membrane."""
    chem: Chemistry = unit.chemistry
    yield "current", unit.current == unit.area * unit.current_density
    for side, rest in ((chem.cathode, chem.cathode_rest), (chem.anode, chem.anode_rest)):
        others = [r for r in side if r != rest]
        for r in others:
            yield f"share of {r}", unit.charge_share[r] == unit.faradaic_efficiency[r]
        left = 1 - sum(unit.faradaic_efficiency[r] for r in others)
        yield f"share of {rest}", unit.charge_share[rest] == left
    for r, reaction in chem.reactions.items():
        per_mole = abs(reaction.electrons) * FARADAY
        yield f"Faraday {r}", unit.extent[r] * per_mole == unit.charge_share[r] * unit.current
    yield "membrane", unit.ions * FARADAY == unit.current


def crossing(unit: Any) -> dict[str, Any]:
    """Flow of each species from anolyte to catholyte, mol/s."""
    return {unit.membrane_cation: unit.ions, "H2O": unit.water_drag * unit.ions}


def require_cation(unit: Any) -> None:
    """Refuse a membrane whose cation the anolyte does not bring."""
    if unit.membrane_cation not in unit.anolyte.phase_of:
        raise ModelError(
            f"{unit.name}: the membrane takes {unit.membrane_cation} from the anolyte, which brings"
            " none.\n  Feed the anode with its alkali (KOH), or name another membrane_cation."
        )


def compartments(unit: Any) -> Equations:
    """Balances of both compartments, one temperature, pressures, first law."""
    chem: Chemistry = unit.chemistry
    for c in chem.consumed:
        if c not in unit.catholyte.phase_of and c not in chem.made[0]:
            raise ModelError(
                f"{unit.name}: a cathode reaction uses up {c}, but the catholyte brings none.\n"
                "  Check what is connected to its inlet `catholyte`."
            )
    require_cation(unit)
    through = crossing(unit)
    back = {c: -n for c, n in through.items()}
    for side, made, liquid, liquid_out, gas, tag in (
        (chem.cathode, through, unit.catholyte, unit.catholyte_out, unit.cathode_gas, "cathode: "),
        (chem.anode, back, unit.anolyte, unit.anolyte_out, unit.anode_gas, "anode: "),
    ):
        parts = [balances.conversion(r, unit.extent[name]) for name, r in side.items()]
        yield from balances.moles([liquid], [liquid_out, gas], balances.add(made, *parts), tag)
        for port in (liquid_out, gas):
            yield f"temperature of {port.name}", port.temperature == unit.temperature
            yield f"pressure of {port.name}", port.pressure == liquid.pressure
    yield "power", unit.power == unit.voltage * unit.current
    yield from balances.energy(unit.inlets, unit.outlets, heat=unit.duty, work=unit.power)


def figures(unit: Any) -> Equations:
    """Conversions, rates, energies, limiting current and hydroxide, for the report and designs."""
    chem: Chemistry = unit.chemistry
    out = unit.catholyte_out
    for c in chem.consumed:
        used, made = turnover(unit, c)
        most = unit.mass_transfer * unit.area * out.flow[c]
        net = (used - made) * out.volume_flow
        yield f"limiting ratio of {c}", unit.limiting_ratio[c] * most == net
        electrons = _electrons(chem, c) * FARADAY * unit.mass_transfer
        yield (
            f"limiting current of {c}",
            unit.limiting_current_density[c] * out.volume_flow == electrons * out.flow[c],
        )
    yield from yields(unit)


def yields(unit: Any) -> Equations:
    """Conversion, rates, energy, liquids at the anode, reversible and thermoneutral voltage."""
    chem: Chemistry = unit.chemistry
    inlet = unit.catholyte
    for c in chem.consumed:
        used, made = turnover(unit, c)
        whole = inlet.content(c) + made
        yield f"conversion of {c}", ratio(unit.conversion[c], used, whole, inlet.total_flow)
    for c in chem.produced:
        used, made = turnover(unit, c)
        yield f"production of {c}", unit.production_rate[c] * unit.area == made - used
    product, faradays = chem.product, unit.current / FARADAY
    rate = unit.production_rate[product] * unit.area
    yield (
        "specific energy",
        ratio(unit.specific_energy, unit.power, rate * molar_mass(product), faradays),
    )
    hydroxide, lye = unit.anode_hydroxide, unit.anolyte_out
    yield "hydroxide at the anode exit", hydroxide * lye.volume_flow == lye.true["OH-"]
    brought = unit.anolyte.content("N(-3)")
    ammonia = unit.anolyte_ammonia * unit.anolyte.volume_flow
    yield "ammonia in the anolyte", ammonia == brought
    for r, reaction in chem.cathode.items():
        yield f"reversible voltage of {r}", unit.reversible_voltage[r] == reversible(unit, reaction)
    neutral = sum(unit.charge_share[r] * thermoneutral(x) for r, x in chem.anode.items()) - sum(
        unit.charge_share[r] * thermoneutral(x) for r, x in chem.cathode.items()
    )
    yield "thermoneutral voltage", unit.thermoneutral_voltage == neutral


def _electrons(chem: Chemistry, c: str) -> float:
    """Electrons per mole of a component, in the first cathode reaction that uses it up."""
    found = next(r for r in chem.cathode.values() if r.components.get(c, 0) < 0)
    return -found.electrons / found.components[c]


def turnover(unit: Any, c: str) -> tuple[Any, Any]:
    """(used up, made) of a component by all cathode reactions, mol/s, both positive."""
    used: Any = 0.0
    made: Any = 0.0
    for r, reaction in unit.chemistry.cathode.items():
        nu = reaction.components.get(c, 0.0)
        if nu < 0:
            used = used - nu * unit.extent[r]
        elif nu > 0:
            made = made + nu * unit.extent[r]
    return used, made


def regions(unit: Any) -> list[Region]:
    """Both compartments with what crosses the membrane."""
    into = crossing(unit)
    out = {c: -n for c, n in into.items()}
    return [
        Region("cathode", [unit.catholyte], [unit.catholyte_out, unit.cathode_gas], into),
        Region("anode", [unit.anolyte], [unit.anolyte_out, unit.anode_gas], out),
    ]


def charge_of_side(unit: Any, side: str) -> Any:
    """Current that the half-reactions of an electrode carry, A, positive."""
    chem: Chemistry = unit.chemistry
    if side == "cathode":
        return sum(r.electrons * FARADAY * unit.extent[n] for n, r in chem.cathode.items())
    return -sum(r.electrons * FARADAY * unit.extent[n] for n, r in chem.anode.items())


def currents(unit: Any) -> dict[str, Any]:
    """Current at anode, membrane and cathode, A."""
    return {
        "anode": charge_of_side(unit, "anode"),
        "membrane": FARADAY * unit.ions,
        "cathode": charge_of_side(unit, "cathode"),
    }
