"""The azeotrope of acetonitrile and water, which the columns here take as at 1 atm."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from noxplant.maths import value
from noxplant.unit import Limit

PRESSURES: Final = (0.9e5, 1.15e5)
"""Pa; pressures for which the azeotrope of 1 atm is taken: within them it moves by 0.7 wt% water and its
boiling point by 4 K (NRTL of `noxplant.thermo.vle`)."""


def known_azeotrope(pressure: Any) -> Iterator[Limit]:
    """Limits of the pressure of a column whose azeotrope is that of 1 atm."""
    low, high = PRESSURES
    for name, margin in (("low", pressure - low), ("high", high - pressure)):
        yield Limit(
            f"{name} pressure",
            margin,
            "the azeotrope of acetonitrile and water is taken as at 1 atm, and the column is at"
            f" {value(pressure):.4g} Pa (at 0.3 bar it holds 10 wt% water in place of 16, and boils 32 K"
            f" colder). Stay between {low:.4g} and {high:.4g} Pa.",
        )
