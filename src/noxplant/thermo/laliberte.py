"""Density and heat capacity of aqueous solutions of salts, acids and alkalis (Laliberte 2009).

Solutes as weighed in ("KOH", "(NH4)2SO4"), mass fractions; mixtures add the apparent properties.
Data and ranges: `species/data/laliberte.toml`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from noxplant import maths
from noxplant.constants import ZERO_CELSIUS
from noxplant.errors import Refusal, SpeciesError, nearest
from noxplant.species.numbers import number, read
from noxplant.thermo import ranges, water

SMALL: Final = 1e-9
"""Added to the mass fraction of solutes under a power, so that pure water has no pole."""

UNCHECKED: Final = ("KNO2", "NH4HCO3", "NH4NO3", "NaNO2")
"""Solutes whose density met no table."""


def solutes(quantity: str = "density") -> tuple[str, ...]:
    """Solutes with coefficients for "density" or "heat_capacity"."""
    return tuple(s for s, entry in read("laliberte")["solute"].items() if quantity in entry)


def water_heat_capacity(T: Any) -> Any:
    """Heat capacity of liquid water at 1 atm in J/kg/K.

    Args:
        T: temperature [K], 273.15..373.15.

    Source: fit to CoolProp, within 1e-4.
    """
    ranges.within("heat capacity of water", T, ZERO_CELSIUS, ZERO_CELSIUS + 100.0)
    t, out = T - ZERO_CELSIUS, 0.0
    for c in reversed(number("laliberte.H2O.heat_capacity")):
        out = out * t + c
    return out


def _hold(fractions: Mapping[str, Any], T: Any, quantity: str) -> None:
    """Hold temperature and mass fractions to the ranges of the solutes."""
    words = quantity.replace("_", " ")
    most = 0.0
    given = sum(float(w) for w in fractions.values() if isinstance(w, (int, float)))
    highest = [
        number(f"laliberte.solute.{n}.{quantity}_range")[2] for n in _known(fractions, quantity)
    ]
    for name, w in fractions.items():
        low, high, top = number(f"laliberte.solute.{name}.{quantity}_range")
        ranges.within(f"{words} of {name} solutions", T, low - 0.01, high + 0.01)
        if not ranges.is_pyomo(w):
            ranges.within(f"{words} of {name} solutions", w, 0.0, top, "kg/kg")
        elif w.is_variable_type():  # beside the numbers, the whole stays in the range of a mixture
            room = max(min(top, max(highest) - given), 0.0)
            ranges.within(f"{words} of {name} solutions", w, 0.0, room, "kg/kg")
        most = max(most, top)
    total = sum(fractions.values())
    if fractions and not ranges.is_pyomo(total):
        ranges.within(f"{words} of this mixture of solutes", total, 0.0, most, "kg/kg")
    elif not fractions and quantity == "density":
        raise Refusal("Give at least one solute; for pure water use noxplant.thermo.water.")


def _known(fractions: Mapping[str, Any], quantity: str) -> list[str]:
    """Names of the solutes; an unknown one is refused."""
    known = solutes(quantity)
    for name in fractions:
        if name not in known:
            raise SpeciesError(
                f"There are no Laliberte coefficients for the {quantity.replace('_', ' ')} of {name!r}."
                f"{nearest(name, known)} Known: {', '.join(known)}."
            )
    return list(fractions)


def density(fractions: Mapping[str, Any], T: Any) -> Any:
    """Density of an aqueous solution in kg/m3.

    Args:
        fractions: kg of each solute per kg of solution; floats, arrays or expressions.
        T: temperature [K], within the range of every solute (most 278..368).

    Error, kg/m3 at most, against tables that were read (CRC Handbook at 20 C to its highest
    concentration within the range; `tests/thermo/density.csv`): KCl, KNO3 0.3, K2SO4 0.5, NaCl 0.6,
    HCl 0.7, Na2SO4 0.8, NH4Cl 1.1, (NH4)2SO4 1.2, NH3 1.4, HNO3, NaNO3 1.5, H2SO4 1.6 (60 %), NaOH 4
    (also 10 to 85 C, advancedthermo), K2CO3 6. KOH: 1.9 (18 C, to 40 %) or 10 (20 C, to 50 %), by
    the table; the two tables contradict each other. `UNCHECKED` met none. Laliberte himself states
    a standard deviation of 1.5 over 16300 points.

    Raises:
        SpeciesError: a solute without coefficients. Refusal: outside its range.

    >>> round(density({"KOH": 0.3}, 293.15), 1)
    1289.2
    """
    _hold(fractions, T, "density")
    t, dry = T - ZERO_CELSIUS, sum(fractions.values())
    volume = (1.0 - dry) / water.density(T)
    for name, w in fractions.items():
        c0, c1, c2, c3, c4 = number(f"laliberte.solute.{name}.density")
        top = (c0 * dry + c1) * maths.exp(1e-6 * (t + c4) ** 2)
        volume = volume + w * (dry + c2 + c3 * t) / top
    return 1.0 / volume


def heat_capacity(fractions: Mapping[str, Any], T: Any) -> Any:
    """Heat capacity of an aqueous solution in J/kg/K; arguments and errors as `density`.

    Error: standard deviation 10 J/kg/K over 6600 points (Laliberte 2009); no table was read here.
    (NH4)2SO4, KNO2 and NH4HCO3 have none and are refused (the source's software returns
    not-a-number silently).
    """
    _hold(fractions, T, "heat_capacity")
    t, dry = T - ZERO_CELSIUS, sum(fractions.values())
    out = (1.0 - dry) * water_heat_capacity(T)
    for name, w in fractions.items():
        a1, a2, a3, a4, a5, a6 = number(f"laliberte.solute.{name}.heat_capacity")
        alpha = a2 * t + a3 * maths.exp(0.01 * t) + a4 * dry
        power = maths.exp(a6 * maths.log(dry + SMALL))
        out = out + w * 1000.0 * (a1 * maths.exp(alpha) + a5 * power)
    return out
