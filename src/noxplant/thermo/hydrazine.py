"""Vapour-liquid equilibrium of free-base hydrazine and water (NRTL), for evaporators and columns.

In acid the hydrazine is N2H5+ and does not boil; there `aqueous.ln_henry` of the traces suffices.
"""

from __future__ import annotations

from typing import Any

from noxplant import maths
from noxplant.errors import Refusal
from noxplant.species import molar_mass, number
from noxplant.thermo import ranges, used, water


def ln_gamma(x: Any, T: Any) -> tuple[Any, Any]:
    """Natural logarithms of the activity coefficients of (N2H4, H2O).

    Args:
        x: mole fraction of N2H4 in the liquid, 0..1.
        T: temperature [K], 288.15..410; float, array or expression. Numbers outside are refused,
            Pyomo variables bounded (`noxplant.thermo.used`).

    Source: NRTL of the hydrazine note, fitted to the azeotrope (71 wt%, 120.5 C, 1 atm); 64 wt%
    boils at 120 C as published, relative volatility of the dilute end +-40 %.
    """
    _held("activity model of hydrazine and water", T)
    used.at("liquid of hydrazine and water (mole fraction)", x, (0.0, 1.0), unit="mol/mol")
    b12, b21, alpha = number("aqueous.henry.N2H4.nrtl")
    t12, t21 = b12 / T, b21 / T
    g12, g21 = maths.exp(-alpha * t12), maths.exp(-alpha * t21)
    w = 1 - x
    first = w**2 * (t21 * (g21 / (x + w * g21)) ** 2 + t12 * g12 / (w + x * g12) ** 2)
    second = x**2 * (t12 * (g12 / (w + x * g12)) ** 2 + t21 * g21 / (x + w * g21) ** 2)
    return first, second


def _held(what: str, T: Any) -> None:
    span = number("vle.nrtl.N2H4 H2O.range")
    used.at(what, T, span, "activity coefficients of hydrazine and water")


def ln_vapour_pressure(T: Any) -> Any:
    """Natural logarithm of the vapour pressure [Pa] of pure hydrazine; Perry 8th edition, 1 %.

    Args:
        T: temperature [K], 274.69..450; float, array or expression.
    """
    span = number("vle.vapour_pressure.N2H4.range")
    used.at("vapour pressure of hydrazine", T, span, "vapour pressures of hydrazine")
    a, b, c, d, e = number("aqueous.henry.N2H4.vapour_pressure")
    return a + b / T + c * maths.log(T) + d * T**e


def partial_pressures(x: Any, T: Any) -> tuple[Any, Any]:
    """Partial pressures (N2H4, H2O) in Pa over a liquid; arguments and errors as `ln_gamma`."""
    g_h, g_w = ln_gamma(x, T)
    hydrazine = x * maths.exp(g_h + ln_vapour_pressure(T))
    return hydrazine, (1 - x) * maths.exp(g_w + water.ln_saturation_pressure(T))


def relative_volatility(x: Any, T: Any) -> Any:
    """Volatility of water over that of hydrazine; 1 at the azeotrope, arguments as `ln_gamma`."""
    g_h, g_w = ln_gamma(x, T)
    return maths.exp(g_w + water.ln_saturation_pressure(T) - g_h - ln_vapour_pressure(T))


def boiling_point(x: Any, pressure: Any) -> Any:
    """Boiling temperature in K of a liquid at a pressure; bisection, 1e-9 K.

    Args:
        x: mole fraction of N2H4 in the liquid, 0..1; float or array.
        pressure: Pa; float or array.

    Raises:
        Refusal: it does not boil between 288.15 and 410 K, the range of the data.
        ModelError: a Pyomo expression; write sum(partial_pressures(x, T)) = pressure instead.
    """
    import numpy as np

    form = "sum(hydrazine.partial_pressures(x, T)) == pressure with a variable T"
    ranges.numbers("hydrazine.boiling_point", form, x, pressure)
    ranges.sound("pressure of boiling", pressure, "Pa", above=True)
    span = number("vle.nrtl.N2H4 H2O.range")
    liquid, goal = np.broadcast_arrays(np.asarray(x, float), np.asarray(pressure, float))
    low, high = (np.full(liquid.shape, t) for t in span)
    ends = [np.asarray(sum(partial_pressures(liquid, t))) for t in span]
    bad = ~((ends[0] < goal) & (goal < ends[1]))
    if bad.any():
        raise Refusal(
            f"A liquid with {liquid[bad].flat[0]:g} mol/mol hydrazine does not boil between "
            f"{span[0]:g} and {span[1]:g} K at {goal[bad].flat[0]:g} Pa.\n"
            "  Choose another pressure."
        )
    while float(np.max(high - low, initial=0.0)) > 1e-9:
        middle = (low + high) / 2
        below = np.asarray(sum(partial_pressures(liquid, middle))) < goal
        low, high = np.where(below, middle, low), np.where(below, high, middle)
    found = (low + high) / 2
    return found if found.shape else float(found)


def mole_fraction(mass_fraction: Any) -> Any:
    """Mole fraction of N2H4 from its mass fraction in water, 0..1 (numbers outside are refused).

    >>> round(mole_fraction(0.71), 4)
    0.5792
    """
    used.sound("mass fraction of hydrazine", mass_fraction, "kg/kg", most=1.0)
    n = mass_fraction / molar_mass("N2H4")
    return n / (n + (1 - mass_fraction) / molar_mass("H2O"))
