"""Reacting NOx gas as algebra: slow oxidation of NO, fast equilibria of the higher oxides.

Constants follow from the NASA polynomials, so that they agree with the heats of the streams and hold
to 1000 K; below 373 K the literature constants of `noxplant.thermo.equilibrium` differ by up to 20 %.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from noxplant import maths
from noxplant.constants import ATMOSPHERE
from noxplant.constants import GAS_CONSTANT as R
from noxplant.species.numbers import number
from noxplant.thermo import gas
from noxplant.thermo.equilibrium import no_oxidation_rate_constant

PRIMARY: Final = ("NO", "NO2", "H2O")
"""Species of which the others are made."""
MADE: Final[dict[str, dict[str, float]]] = {
    "N2O3": {"NO": 1.0, "NO2": 1.0},
    "N2O4": {"NO2": 2.0},
    "HNO2": {"NO": 0.5, "NO2": 0.5, "H2O": 0.5},
    "HNO3": {"NO": -0.5, "NO2": 1.5, "H2O": 0.5},
}
"""Moles of the primary species that make one mole of each other species."""
OXIDATION: Final = {"NO": -2.0, "O2": -1.0, "NO2": 2.0}


def ln_constant(made: str, T: Any, band: str = "cold") -> Any:
    """Natural logarithm of the constant of formation of a species from `PRIMARY`, in atm.

    Args:
        made: N2O3, N2O4, HNO2 or HNO3 (per mole of it: the square root of the usual K4 and K5).
        T: temperature [K], range of the band of the gas polynomials.
        band: of the polynomials.

    Source: NASA-7 polynomials of the streams.
    """
    change = gas.gibbs(made, T, band)
    change = change - sum(n * gas.gibbs(s, T, band) for s, n in MADE[made].items())
    return -change / (R * T)


def ln_oxidation_constant(T: Any, band: str = "cold") -> Any:
    """Natural logarithm of p_NO2^2/(p_NO^2 p_O2) [1/atm] at equilibrium; source as above."""
    change = sum(n * gas.gibbs(s, T, band) for s, n in OXIDATION.items())
    return -change / (R * T)


def oxidation_rate(T: Any, p_no: Any, p_no2: Any, p_o2: Any) -> Any:
    """O2 used up in mol/m3/s by 2 NO + O2 = 2 NO2, reverse reaction counted.

    Args:
        T: temperature [K], 273.15..450 (rate constant; extrapolated above).
        p_no: partial pressure of NO [Pa].
        p_no2: partial pressure of NO2 [Pa].
        p_o2: partial pressure of O2 [Pa].
    """
    back = p_no2**2 * maths.exp(-ln_oxidation_constant(T)) * ATMOSPHERE
    return no_oxidation_rate_constant(T) * (p_no**2 * p_o2 - back) / (2 * R * T)


def nitrous_acid_rate(T: Any, p_no: Any, p_no2: Any, p_h2o: Any, p_hno2: Any) -> Any:
    """Extent of NO + NO2 + H2O = 2 HNO2 in the gas in mol/m3/s, reverse reaction counted.

    Args:
        T: temperature [K], for the equilibrium; the rate constant is that of 25 C.
        p_no: partial pressure of NO [Pa].
        p_no2: partial pressure of NO2 [Pa].
        p_h2o: partial pressure of water [Pa].
        p_hno2: partial pressure of HNO2 [Pa].

    Source: England and Corcoran 1975 through Newman and Carta 1988; about 10 s at 2 % of each.
    """
    k = 1e6 * number("absorption.gas.nitrous_acid") / ATMOSPHERE**3
    back = p_hno2**2 * maths.exp(-2 * ln_constant("HNO2", T)) * ATMOSPHERE
    return k * (p_no * p_no2 * p_h2o - back)


def ln_fraction(name: str, ln_x: Mapping[str, Any], T: Any, pressure: Any) -> Any:
    """Logarithm of a species' mole fraction in fast equilibrium, from those of `PRIMARY`.

    Args:
        name: one of `PRIMARY` or of `MADE`.
        ln_x: logarithms of the mole fractions of the primary species.
        T: temperature [K].
        pressure: Pa.
    """
    if name in PRIMARY:
        return ln_x[name]
    parts = MADE[name]
    out = ln_constant(name, T) + sum(n * ln_x[s] for s, n in parts.items())
    order = sum(parts.values()) - 1.0
    return out + order * maths.log(pressure / ATMOSPHERE) if order else out


def totals(flow: Mapping[str, Any]) -> dict[str, Any]:
    """Amounts of the primary species that a gas holds, the others taken apart again.

    >>> totals({"NO": 1.0, "N2O4": 0.5, "HNO3": 0.2})
    {'NO': 0.9, 'NO2': 1.3, 'H2O': 0.1}
    """
    out: dict[str, Any] = {}
    for s in PRIMARY:
        terms = [flow[s]] if s in flow else []
        terms += [MADE[k][s] * flow[k] for k in flow if s in MADE.get(k, {})]
        out[s] = sum(terms) if terms else 0.0
    return out
