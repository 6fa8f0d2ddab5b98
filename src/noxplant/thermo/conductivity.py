"""Conductivity of aqueous potassium hydroxide, held to its range."""

from __future__ import annotations

from typing import Any

from noxplant.species.numbers import number
from noxplant.thermo import ranges


def koh(concentration: Any, T: Any) -> Any:
    """Conductivity of aqueous KOH in S/m.

    Args:
        concentration: mol/m3 of KOH, 0..12000; float, array or expression.
        T: temperature [K], 273.15..373.15.

    Error: the tables at hand are recalled, so this is what they say: up to 7 % above them below 3
    mol/L (CRC at 20 C, Kohlrausch at 18 C), within 3.3 % of them from 4.5 to 11 mol/L; at other
    temperatures nothing was compared.

    Source: Gilliam et al., Int. J. Hydrogen Energy 32 (2007) 359; range from its abstract (read),
    coefficients as three public programs have them. The same numbers as
    `noxplant.electrolysis.koh_conductivity`, which does not hold them to the range.

    Raises:
        Refusal: outside the range.

    >>> round(koh(1000.0, 298.15), 2)
    21.53
    """
    words = "conductivity of KOH solutions"
    ranges.within(words, T, 273.15, 373.15)
    if not ranges.is_pyomo(concentration) or concentration.is_variable_type():
        ranges.within(words, concentration, 0.0, 12000.0, "mol/m3")
    a, b, c, d, e, f = number("electro.conductivity.KOH.gilliam")
    m = concentration / 1000.0
    return 100.0 * m * (a + c * T + d / T + m * (b + f * T * T + e * m))
