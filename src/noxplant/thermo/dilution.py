"""Relative apparent molar enthalpy of concentrated acids and alkalis at 25 C, held to its range.

The heat of dilution to zero, J per mol of solute. It differs from `noxplant.thermo.excess`, which
the plants use, in HCl and HNO3: here both rest on the table of the CRC Handbook (read), there HNO3
rests on recalled values that are 0.1 to 0.8 kJ/mol higher. Data: `species/data/dilution.toml`.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from noxplant.constants import WATER_MOLAR_MASS
from noxplant.errors import SpeciesError, nearest
from noxplant.species.numbers import datum, number, read
from noxplant.thermo import excess, ranges


def substances() -> tuple[str, ...]:
    """Substances with an apparent enthalpy.

    >>> substances()
    ('H2SO4', 'HCl', 'HNO3', 'KOH', 'NaOH')
    """
    return tuple(sorted({*read("dilution")["apparent"], *excess.substances(), "H2SO4"}))


@cache
def _coefficients(substance: str) -> tuple[float, ...]:
    if substance in read("dilution")["apparent"]:
        found: tuple[float, ...] = number(f"dilution.apparent.{substance}.coefficients")
        return found
    a, k, b, c, d = number(f"excess.apparent.{substance}.coefficients")
    return (a, k, b, c, d, 0.0)


def span(substance: str) -> tuple[float, float]:
    """Lowest and highest molality [mol/kg] for which the enthalpy of a substance is known.

    Raises:
        SpeciesError: not one of `substances()`.
    """
    if substance not in substances():
        raise SpeciesError(
            f"There is no apparent enthalpy of {substance!r}.{nearest(substance, substances())} "
            f"Known: {', '.join(substances())}."
        )
    if substance == "H2SO4":
        low, high = number("dilution.H2SO4.ratio")
        return 1.0 / (high * WATER_MOLAR_MASS), 1.0 / (low * WATER_MOLAR_MASS)
    if substance in read("dilution")["apparent"]:
        low, high = number(f"dilution.apparent.{substance}.range")
        return low, high
    return 0.0, excess.limit(substance)


def kind(substance: str) -> str:
    """Class of the numbers behind a substance: "correlation" (table read) or "recalled"."""
    span(substance)
    if substance == "H2SO4":
        return datum("excess.H2SO4.solution").kind
    file = "dilution" if substance in read("dilution")["apparent"] else "excess"
    return datum(f"{file}.apparent.{substance}.coefficients").kind


def apparent_enthalpy(substance: str, molality: Any) -> Any:
    """Relative apparent molar enthalpy at 25 C in J/mol of solute.

    Args:
        substance: "HCl", "HNO3", "KOH", "NaOH" (ions at infinite dilution are zero) or "H2SO4"
            (H+ + HSO4- at infinite dilution is zero).
        molality: mol per kg water, within `span(substance)`; float, array or expression.

    Errors: HCl 0.06 (0.05..20 mol/kg) and HNO3 0.02 kJ/mol (1..20 mol/kg) against the CRC table;
    NaOH 0.2 (recalled; within 0.15 kJ/mol of Pitzer's temperature slopes to 4 mol/kg), KOH 0.3
    to 6 mol/kg and 1 above (recalled), H2SO4 1.2 (recalled, 0.5..50 mol water per mol).

    Raises:
        Refusal: molality outside the range.
        SpeciesError: unknown substance.
    """
    low, high = span(substance)
    if not ranges.is_pyomo(molality) or molality.is_variable_type():
        ranges.within(f"apparent enthalpy of {substance}", molality, low, high, "mol/kg")
    if substance == "H2SO4":
        return excess.sulfuric_acid_excess(1.0, 1.0 / (WATER_MOLAR_MASS * molality))
    a, k, b, c, d, e = _coefficients(substance)
    m = molality
    return a * m / (m + k) + m * (b + m * (c + m * (d + m * e)))
