"""Heat of dilution of concentrated acids and alkalis at 25 C, smooth and free of square roots.

A solution's enthalpy is the sum over true species at infinite dilution (`aqueous.enthalpy`) plus
the excess of each strong electrolyte given here. Data and classes: `species/data/excess.toml`.
"""

from __future__ import annotations

import math
from functools import cache
from typing import Any

from noxplant.constants import T_REFERENCE
from noxplant.errors import Refusal, SpeciesError, nearest
from noxplant.species.numbers import number, read
from noxplant.thermo import used
from noxplant.thermo.ranges import is_pyomo

SULFURIC = (283.15, 373.15)
"""Range of the enthalpy of sulfuric acid, K."""
DILUTE = 50.0
"""Most water in sulfuric acid for which its enthalpy is stated, mol per mol of acid."""


def substances() -> tuple[str, ...]:
    """Substances with an apparent enthalpy: HCl, NaOH, KOH, HNO3."""
    return tuple(read("excess")["apparent"])


@cache
def _coefficients(substance: str) -> tuple[float, ...]:
    known = substances()
    if substance not in known:
        extra = " H2SO4 has its own: sulfuric_acid_excess." if substance == "H2SO4" else ""
        raise SpeciesError(
            f"There is no apparent enthalpy of {substance!r}.{nearest(substance, known)} "
            f"Known: {', '.join(known)}.{extra}"
        )
    found: tuple[float, ...] = number(f"excess.apparent.{substance}.coefficients")
    return found


def limit(substance: str) -> float:
    """Highest molality [mol/kg] that the apparent enthalpy was fitted to."""
    _coefficients(substance)
    return float(number(f"excess.apparent.{substance}.limit"))


def apparent_enthalpy(substance: str, molality: Any) -> Any:
    """Relative apparent molar enthalpy at 25 C in J per mol of substance.

    It is the heat given off on dilution to zero, and is added to the enthalpies of the ions.

    Args:
        substance: "KOH", "NaOH", "HCl" or "HNO3".
        molality: mol per kg water, 0 to `limit(substance)`; float, array or expression. What lies
            outside is refused; a Pyomo variable is bounded.

    Errors: HCl 0.08 kJ/mol (CRC table, read; 0.05 to 9 mol/kg); NaOH 0.2 (recalled); KOH 0.3 to 6 mol/kg and 1 above
    (recalled); HNO3 0.2 (recalled). Below 0.05 mol/kg it falls linearly, not as a square root.
    """
    span = (0.0, limit(substance))
    used.at(f"apparent enthalpy of {substance}", molality, span, unit="mol/kg")
    return _apparent(substance, molality)


def _apparent(substance: str, m: Any) -> Any:
    a, k, b, c, d = _coefficients(substance)
    return a * m / (m + k) + m * (b + m * (c + m * d))


def excess_enthalpy(substance: str, solute: Any, water_mass: Any) -> Any:
    """Excess enthalpy flow in W (or J) of a strong electrolyte; errors as `apparent_enthalpy`.

    Args:
        substance: "KOH", "NaOH", "HCl" or "HNO3".
        solute: mol/s (or mol) of it.
        water_mass: kg/s (or kg) of water, positive.

    A molality above `limit(substance)` is refused in numbers, one variable is bounded to it. Of two Pyomo variables the ratio has no
    bounds: add solute <= limit(substance) * water_mass to such a model. In a plant the feeds do.
    """
    used.sound(f"amount of {substance}", solute, "mol/s")
    used.sound("mass of water", water_mass, "kg/s", above=True)
    molality = solute / water_mass
    one = not is_pyomo(solute) or solute.is_variable_type()
    if one and not is_pyomo(water_mass):
        return solute * apparent_enthalpy(substance, molality)
    if not is_pyomo(solute) and water_mass.is_variable_type():
        least = solute / limit(substance)
        used.at(f"water beside {substance}", water_mass, (least, math.inf), unit="kg/s")
    return solute * _apparent(substance, molality)


@cache
def _bisulfate() -> float:
    """Heat given off when liquid H2SO4 becomes H+ + HSO4- at infinite dilution, J/mol."""
    from noxplant.thermo.aqueous import formation_enthalpy

    return float(number("excess.H2SO4.enthalpy")) - formation_enthalpy("HSO4-")


def sulfuric_acid_excess(acid: Any, water: Any) -> Any:
    """Excess enthalpy flow of sulfuric acid over H+ + HSO4- + H2O at infinite dilution, in W.

    Args:
        acid: mol/s of H2SO4 (as total sulfate not bound by cations other than H+).
        water: mol/s of water, any ratio; with acid = 0 it must be positive. At 298.15 K.

    Returns:
        W; homogeneous of degree one in the flows. 73.35 kJ/mol for pure acid, below 1 kJ/mol from
        25 mol water per mol on, where the speciation into sulfate takes over.

    Error: 1.2 kJ/mol of acid from 0 to 50 mol water per mol (table recalled).

    Raises:
        Refusal: an amount that is negative or not a number, or both zero.
    """
    used.sound("amount of sulfuric acid", acid, "mol/s")
    used.sound("amount of water in sulfuric acid", water, "mol/s")
    if used.judged() and not (is_pyomo(acid) or is_pyomo(water)):
        import numpy as np

        if np.any(np.asarray(acid) + np.asarray(water) == 0.0):
            raise Refusal(
                "There is neither acid nor water in this sulfuric acid.\n"
                "  Give a positive amount of one of them."
            )
    c, d, e = number("excess.H2SO4.solution")
    rest = ((d - c) * water + e * acid) * acid
    return acid * _bisulfate() * rest / (water * water + d * water * acid + e * acid * acid)


def sulfuric_acid_enthalpy(acid: Any, water: Any, T: Any) -> Any:
    """Enthalpy flow of liquid sulfuric acid with water in W, from the elements at 298.15 K.

    Args:
        acid: mol/s of H2SO4.
        water: mol/s of water, 0 to 50 per mol of acid (98 wt% acid: 0.111). More is refused in
            numbers, one variable is bounded; to a model of two add water <= 50 acid.
        T: temperature [K], 283.15..373.15; heat capacities of the pure liquids are added.

    Error: 1.2 kJ per mol of acid (heat of mixing), table recalled.
    """
    from noxplant.thermo.aqueous import enthalpy

    used.at("enthalpy of sulfuric acid", T, SULFURIC, "heat capacities of sulfuric acid")
    used.sound("amount of sulfuric acid", acid, "mol/s", above=True)
    words = "enthalpy of sulfuric acid (water per acid)"
    if not (is_pyomo(acid) or is_pyomo(water)):
        used.at(words, water / acid, (0.0, DILUTE), unit="mol/mol")
    elif not is_pyomo(acid) and water.is_variable_type():
        used.at(words, water, (0.0, DILUTE * acid), unit="mol/s")
    elif not is_pyomo(water) and acid.is_variable_type():
        used.at(words, acid, (water / DILUTE, math.inf), unit="mol/s")
    pure = number("excess.H2SO4.enthalpy")
    cp = number("excess.H2SO4.heat_capacity")
    mixed = acid * (pure - _bisulfate()) + sulfuric_acid_excess(acid, water)
    return mixed + acid * cp * (T - T_REFERENCE) + water * enthalpy("H2O", T)


def acid_water_ratio(mass_fraction: float) -> float:
    """Mol of water per mol of H2SO4 at a mass fraction of acid, above 0 to 1.

    >>> round(acid_water_ratio(0.98), 3)
    0.111
    """
    from noxplant.species import molar_mass

    used.sound("mass fraction of sulfuric acid", mass_fraction, "kg/kg", most=1.0, above=True)
    per_acid = molar_mass("SO4--") + 2 * molar_mass("H+")
    return (1 - mass_fraction) / mass_fraction * per_acid / molar_mass("H2O")
