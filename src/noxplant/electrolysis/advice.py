"""What cells warn of once solved: starved anodes, hot dry gases, kinetics beyond their fit."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any, Final

from noxplant.constants import FARADAY, ZERO_CELSIUS
from noxplant.contact import at
from noxplant.electrolysis import channel
from noxplant.electrolysis.chemistry import Chemistry
from noxplant.electrolysis.limits import hydroxide_per, warnings
from noxplant.species import number
from noxplant.thermo import aqueous, gas, water
from noxplant.unit import Limit

HOT: Final = 333.15
"""Temperature above which gases that leave dry are told, K. A choice: saturated gas at 1 bar holds
a fifth of vapour there."""
SLACK: Final = 2e-3
"""Potential beyond the data of a fit from which on extrapolation is told, V."""
SPREAD: Final = 2.0
"""The same of temperatures, K, as `noxplant.electrolysis.fitting` tells them apart."""


def advice(unit: Any) -> tuple[str, ...]:
    """All that a cell with two compartments warns of; nothing before it is solved."""
    if unit.block is None:
        return ()
    return (*warnings(unit), *starved(unit), *dry_gases(unit), *beyond_fit(unit))


# hydroxide at the anode ---------------------------------------------------------------------------
def _segments(unit: Any) -> Iterator[tuple[str, Any, Any, Any, Any]]:
    """Name, area, liquid, OH- used up [mol/s] and current density at each place of the anode."""
    chem: Chemistry = unit.chemistry
    per = {r: hydroxide_per(x) for r, x in chem.anode.items()}
    if not hasattr(unit, "segment_names"):
        used = sum(n * unit.extent[r] for r, n in per.items())
        yield "", unit.area, unit.anolyte_out, used, unit.current_density
        return
    for k, liquid in zip(unit.segment_names, channel.liquids(unit, "anode")[1:], strict=True):
        used = sum(n * unit.local_extent[channel.place(r, k)] for r, n in per.items())
        yield k, channel.area_of(unit, k), liquid, used, unit.local_current_density[k]


def _transfer(unit: Any) -> Any:
    """Mass-transfer coefficient of hydroxide to the anode, m/s; None for none.

    From that of the anode's own film, else of the cathode's, by diffusivities to the power 2/3 as
    in every boundary layer of a fast-mixing liquid: both are given for nitrate or its like.
    """
    over = unit.declared["mass_transfer"].over
    known = getattr(unit, over) if over else ()
    sides = [x for x in ("anode", "cathode") if x in known]
    if over and not sides:
        return None
    given = unit.mass_transfer[sides[0]] if over else unit.mass_transfer
    return faster() * given


def faster() -> float:
    """Mass-transfer coefficient of OH- over that of NO3-, their diffusivities to the power 2/3.

    >>> round(faster(), 2)
    1.97
    """
    hydroxide, nitrate = (number(f"transport.ion_diffusivity.{x}") for x in ("OH-", "NO3-"))
    return float((hydroxide / nitrate) ** (2 / 3))


def _worst(unit: Any) -> tuple[float, str, float, float, float, float] | None:
    """Asked per arriving, place, OH- [mol/m3], OH- taken [mol/(m2 s)], current density, k [m/s]."""
    transfer = _transfer(unit)
    if transfer is None:
        return None
    k_m, found = at(transfer), None
    for k, area, liquid, used, local in _segments(unit):
        size, c = at(area), max(at(liquid.true["OH-"] / liquid.volume_flow), 0.0)
        if size <= 0:
            continue
        flux = at(used) / size
        ratio = flux / (k_m * c) if c > 0 else math.inf if flux > 0 else 0.0
        if found is None or ratio > found[0]:
            found = (ratio, k, c, flux, at(local), k_m)
    return found


def _place(unit: Any, k: str) -> str:
    if not k or len(unit.segment_names) == 1:
        return ""
    return f" in segment {k}" if k.isdigit() else f" in the {k}"


def starved(unit: Any) -> tuple[str, ...]:
    """An anode that draws more hydroxide than diffuses to it; after the solve.

    The film of hydroxide is not modelled. Its coefficient follows from that of the anode's own
    film, else from that of the cathode's (`faster`); without both nothing is known. Migration,
    which helps, is left out.
    """
    found = _worst(unit) if unit.block is not None else None
    if found is None or found[0] <= 1.0:
        return ()
    _, k, c, flux, local, k_m = found
    return (
        f"the anode draws OH- for {FARADAY * flux:.4g} A/m2{_place(unit, k)} (of {local:.4g} A/m2), but by"
        f" diffusion with {k_m:.3g} m/s (OH-) at most {FARADAY * k_m * c:.4g} A/m2 arrive from"
        f" {c / 1000:.3g} mol/L. No film of hydroxide is modelled: the anode turns acid at its"
        " surface and needs more voltage than given here. Feed more alkali, or draw less current.",
    )


def hydroxide_arrives(unit: Any) -> list[Limit]:
    """The same as a limit, for a cell whose one liquid also takes what the anode makes of it.

    One per place, from the film of the anode, else that of the cathode.
    """
    transfer = _transfer(unit)
    if transfer is None:
        return []
    out = []
    for k, area, liquid, used, local in _segments(unit):
        arrives = transfer * area * liquid.true["OH-"] / liquid.volume_flow
        words = (
            f"the anode uses up {at(used):.4g} mol/s of OH-{_place(unit, k)} at {at(local):.4g} A/m2,"
            f" but at most {at(arrives):.4g} mol/s arrive through its film with"
            f" {at(transfer):.3g} m/s (OH-). It would turn acid, which this cell does not model: feed more"
            " alkali, draw less current, or raise the mass-transfer coefficient of the anode."
        )
        out.append(Limit(f"hydroxide at the anode{_place(unit, k)}", arrives - used, words))
    return out


# gases --------------------------------------------------------------------------------------------
def dry_gases(unit: Any) -> tuple[str, ...]:
    """Gases that leave a hot cell dry: what vapour they would take along, and its heat."""
    if unit.block is None or not at(unit.temperature) > HOT:
        return ()
    T = at(unit.temperature)
    missing = sum(_vapour(unit, port) for port in unit.outlets if port.medium == "gas")
    if not missing > 0:
        return ()
    heat = missing * evaporation_heat(T)
    return (
        f"the gases leave dry at {T - ZERO_CELSIUS:.3g} C, where saturated they would take"
        f" {missing:.3g} mol/s of water and {heat / 1e3:.3g} kW along (the duty here is"
        f" {at(unit.duty) / 1e3:.3g} kW), and swell the bubbles in the gaps as much. A"
        " GasLiquidSeparator behind the cell saturates them and cools its liquid by that heat.",
    )


def _vapour(unit: Any, port: Any) -> float:
    """Water that a gas lacks to be in equilibrium with the liquid beside it, mol/s."""
    liquid = unit.anolyte_out if port.name.endswith("anode_gas") else unit.catholyte_out
    activity = math.exp(at(liquid.truth.ln_water_activity()))
    y = activity * float(water.saturation_pressure(at(unit.temperature))) / at(port.pressure)
    held = at(port.flow["H2O"]) if "H2O" in port.phase_of else 0.0
    y = min(y, 0.99)
    return float(max((at(port.total_flow) - held) * y / (1 - y) - held, 0.0))


def evaporation_heat(T: float) -> float:
    """Heat of evaporation of water at a temperature [K], J/mol.

    >>> round(evaporation_heat(353.15) / 1e3, 1)
    41.6
    """
    return float(gas.enthalpy("H2O", T) - aqueous.enthalpy("H2O", T))


# kinetics -----------------------------------------------------------------------------------------
def beyond_fit(unit: Any) -> tuple[str, ...]:
    """Potentials and temperatures beyond the data of the fits that were given to a cell."""
    if unit.block is None:
        return ()
    out: list[str] = []
    for fit in getattr(unit, "fits", ()):
        side = "cathode" if fit.reduces else "anode"
        seen = unit.cathode_potential if fit.reduces else unit.anode_potential
        values = [at(seen[k]) for k in unit.segment_names]
        low, high = fit.span
        far = max(values, key=lambda E: max(low - E, E - high))
        names = ", ".join(fit.reactions)
        if max(low - far, far - high) > SLACK:
            out.append(
                f"the {side} is at {far:.4g} V vs RHE, its kinetics ({names}) were fitted from"
                f" {low:.4g} to {high:.4g} V: efficiencies and voltage are an extrapolation."
                " Measure there and fit again, or lower the current density."
            )
        out += _hot(unit, fit, side)
    return tuple(out)


def _hot(unit: Any, fit: Any, side: str) -> list[str]:
    T = at(unit.temperature)
    cold, hot = fit.temperature
    if cold - SPREAD <= T <= hot + SPREAD:
        return []
    known = "activation_energy" in fit.specifications
    why = (
        "beyond it the activation energies are an extrapolation"
        if known
        else "the activation energies are not of this fit but as given to the cell"
    )
    span = f"{cold - ZERO_CELSIUS:.4g}"
    span += f" to {hot - ZERO_CELSIUS:.4g}" if hot - cold > SPREAD else ""
    return [
        f"the {side} works at {T - ZERO_CELSIUS:.4g} C, its kinetics ({', '.join(fit.reactions)}) were"
        f" fitted at {span} C; {why}. Measure at the temperature of the cell."
    ]
