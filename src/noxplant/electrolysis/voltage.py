"""Voltages: Nernst potentials at ideal activities, overpotentials, ohmic losses."""

from __future__ import annotations

from typing import Any, Final

from noxplant import maths
from noxplant.constants import FARADAY, GAS_CONSTANT
from noxplant.species import Reaction, number
from noxplant.thermo import aqueous, electro

TRACE: Final = 1e-9
"""Amounts below this part of the water do not lower an ideal activity any further."""


def ln_activity(liquid: Any, gas: Any, name: str) -> Any:
    """Logarithm of the ideal activity of a species: molality, water's activity, pressure in bar; 0 of
    a solid.

    An amount below `TRACE` of the water counts as half of that, so that there is no pole.
    """
    if name.endswith("(s)"):  # a pure solid
        return 0.0
    if name == "H2O":
        return liquid.truth.ln_water_activity()
    if name == "H+":  # in equilibrium with the molality of OH- and the activity of water
        return -aqueous.LN10 * liquid.ph + liquid.truth.ln_water_activity()
    if name == "OH-":
        return aqueous.ln_beta("OH-", liquid.temperature) + aqueous.LN10 * liquid.ph
    if name in liquid.true:
        floor = TRACE * liquid.flow["H2O"]
        safe = maths.smooth_max(liquid.true[name], 0.0, floor)
        return maths.log(safe / liquid.truth.kilograms)
    safe = maths.smooth_max(gas.flow[name], 0.0, TRACE * liquid.flow["H2O"])
    return maths.log(safe / (gas.total_flow + TRACE * liquid.flow["H2O"]) * gas.pressure / 1e5)


def potential(reaction: Reaction, liquid: Any, gas: Any) -> Any:
    """Nernst potential of a half-reaction against SHE at ideal activities, V."""
    T = liquid.temperature
    ln_q = sum(nu * ln_activity(liquid, gas, s) for s, nu in reaction.species.items())
    slope = GAS_CONSTANT * T / (reaction.electrons * FARADAY)
    return electro.standard_potential(reaction, T) - slope * ln_q


def reversible(unit: Any, cathode: Reaction) -> Any:
    """Reversible voltage of a cathode reaction against the anode's, at the outlets, V."""
    anode = unit.chemistry.anode[unit.chemistry.anode_rest]
    oxidised = potential(anode, unit.anolyte_out, unit.anode_gas)
    return oxidised - potential(cathode, unit.catholyte_out, unit.cathode_gas)


def thermoneutral(reaction: Reaction) -> float:
    """-dH/(nF) of a half-reaction in V at 298.15 K, its protons taken as water less hydroxide.

    So an alkaline cell has one thermoneutral voltage, whichever way its reactions are written.
    """
    water = (electro.formation(s, "enthalpy") for s in ("H2O", "OH-", "H+"))
    h, oh, proton = water
    change = electro.reaction_change(reaction, "enthalpy")
    change += reaction.species.get("H+", 0.0) * (h - oh - proton)
    return -change / (reaction.electrons * FARADAY)


def tafel(current_density: Any, slope: Any, exchange: Any) -> Any:
    """Overpotential of an electrode in V, positive.

    Tafel's line with a smooth foot: slope * asinh(j / 2 j0) / ln 10, which is slope * log10(j / j0)
    wherever j is large against j0, and zero without current: Butler-Volmer with equal transfer
    coefficients, R T ln(10) / (b F) each.

    Args:
        current_density: of the reaction, A/m2.
        slope: Tafel slope, V per decade.
        exchange: exchange current density, A/m2.

    >>> round(tafel(2700.0, 0.12, 1e-5), 5)
    1.01176
    """
    x = current_density / (2 * exchange)
    return slope / aqueous.LN10 * maths.log(x + maths.sqrt(x**2 + 1))


def koh_conductivity(concentration: Any, T: Any) -> Any:
    """Conductivity of aqueous KOH in S/m, 0..12 mol/L and 273..373 K.

    Args:
        concentration: mol/m3 of KOH.
        T: temperature [K].

    Source: Gilliam et al., Int. J. Hydrogen Energy 32 (2007) 359.

    >>> round(koh_conductivity(1000.0, 298.15), 2)
    21.53
    """
    a, b, c, d, e, f = number("electro.conductivity.KOH.gilliam")
    m = concentration / 1000.0
    per_cm = a * m + b * m**2 + c * m * T + d * m / T + e * m**3 + f * m**2 * T**2
    return 100.0 * per_cm


def ohmic(current_density: Any, thickness: Any, conductivity: Any) -> Any:
    """Voltage lost in a gap of given thickness [m] and conductivity [S/m], V."""
    return current_density * thickness / conductivity
