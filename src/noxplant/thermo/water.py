"""Pure water: saturation pressure and density. Numbers outside the ranges are refused (`used.at`)."""

from __future__ import annotations

from functools import cache
from typing import Any

from noxplant import maths
from noxplant.constants import ZERO_CELSIUS
from noxplant.species import number
from noxplant.thermo import used

SATURATION = (253.15, 640.0)
"""Range of the vapour pressure, K."""
DENSITY = (ZERO_CELSIUS, 473.15)
"""Range of the density, K."""


@cache
def _wagner() -> tuple[tuple[float, ...], float, float]:
    table = "water.saturation"
    return (
        number(f"{table}.coefficients"),
        number(f"{table}.critical_temperature"),
        number(f"{table}.critical_pressure"),
    )


def ln_saturation_pressure(T: Any) -> Any:
    """Natural logarithm of the vapour pressure of water in Pa.

    Args:
        T: temperature [K], 253.15..640; float, array or expression.

    Source: Wagner and Pruss 2002; within 7.2e-5 of CoolProp from 273.16 to 473 K. Below 273.16 K it
    is that of supercooled water, within 8e-4 of Murphy and Koop 2005.
    """
    used.at("vapour pressure of water", T, SATURATION, "vapour pressures of water")
    a, t_c, p_c = _wagner()
    u = 1 - T / t_c
    s = maths.sqrt(u)
    u3 = u * u * u
    poly = u * (a[0] + a[1] * s) + u3 * (a[2] + a[3] * s + a[4] * u + a[5] * u3 * u * s)
    return poly * t_c / T + maths.log(p_c)


def saturation_pressure(T: Any) -> Any:
    """Vapour pressure of water in Pa; range, error and source as `ln_saturation_pressure`.

    >>> round(saturation_pressure(373.124) / 101325, 4)
    1.0
    """
    return maths.exp(ln_saturation_pressure(T))


@cache
def _kell() -> tuple[tuple[float, ...], float]:
    return number("water.density.numerator"), number("water.density.denominator")


def density(T: Any) -> Any:
    """Density of liquid water at 1 atm in kg/m3.

    Args:
        T: temperature [K], 273.15..473.15; float, array or expression.

    Source: Kell 1975; within 5e-5 of CoolProp from 0 to 100 C. Above, for the liquid at its vapour
    pressure, 2e-4 at 150 C and 1.3e-3 at 200 C.
    """
    used.at("density of water", T, DENSITY, "densities of water")
    a, b = _kell()
    t = T - ZERO_CELSIUS
    poly = a[0] + t * (a[1] + t * (a[2] + t * (a[3] + t * (a[4] + t * a[5]))))
    return poly / (1 + b * t)
