"""Equilibrium of ammonia synthesis: Gillespie and Beattie's constant, Dyson and Simon's fugacities."""

from __future__ import annotations

from typing import Any, Final

from noxplant import maths
from noxplant.constants import ATMOSPHERE
from noxplant.errors import Refusal
from noxplant.species.numbers import number
from noxplant.thermo import ranges, used
from noxplant.thermo.aqueous import LN10

SPAN: Final = (573.15, 873.15)
"""Range of temperature, K: converters; Larson and Dodge measured 598 to 773 K."""


def ln_constant(T: Any) -> Any:
    """Natural logarithm of f_NH3/(f_H2^1.5 f_N2^0.5) at equilibrium [1/atm].

    Args:
        T: temperature [K], 573.15..873.15; float or expression.

    The NASA polynomials of Cantera would give 5 to 9 % more. Source: `species/data/ammonia.toml`.
    """
    used.at("constant of ammonia synthesis", T, SPAN, "constants of ammonia synthesis")
    a, b, c, d, e = number("ammonia.synthesis.equilibrium")
    return LN10 * (a / LN10 * maths.log(T) + b * T + c * T**2 + d / T + e)


def fugacity_coefficients(T: Any, pressure: Any) -> dict[str, Any]:
    """Fugacity coefficients of H2, N2 and NH3.

    Args:
        T: temperature [K], 573.15..873.15.
        pressure: Pa, 20 to 600 atm; below, the forms do not tend to 1 (NH3 1.013, N2 1.017).
    """
    P = pressure / ATMOSPHERE
    a, b, c, d, e, f, g, h, i = number("ammonia.synthesis.hydrogen")
    first = maths.exp(a * T**b + c) * P - maths.exp(d * T**e + f) * P**2
    ln_h = first + g * maths.exp(h * T + i) * (maths.exp(-P / g) - 1)
    out = {"H2": maths.exp(ln_h)}
    for name, key in (("N2", "nitrogen"), ("NH3", "ammonia")):
        a, b, c, d, e = number(f"ammonia.synthesis.{key}")
        out[name] = a + b * T + c * P + d * T**2 + e * P**2
    return out


def effective_constant(T: Any, pressure: Any) -> Any:
    """Constant in mole fractions, x_NH3/(x_H2^1.5 x_N2^0.5), at a pressure [Pa] and T [K]."""
    phi = fugacity_coefficients(T, pressure)
    ratio = phi["H2"] ** 1.5 * phi["N2"] ** 0.5 / phi["NH3"]
    return maths.exp(ln_constant(T)) * (pressure / ATMOSPHERE) * ratio


def equilibrium_fraction(
    T: float, pressure: float, ratio: float = 3.0, inert: float = 0.0
) -> float:
    """Mole fraction of NH3 at equilibrium.

    Args:
        T: temperature [K].
        pressure: Pa, 20 to 600 atm.
        ratio: H2 per N2 in the feed.
        inert: mole fraction of inert gas in the feed, which holds no NH3.

    Raises:
        Refusal: outside the range of the correlations.
    """
    low, high = number("ammonia.synthesis.pressures")
    ranges.sound("pressure of the synthesis", pressure, "Pa", low * ATMOSPHERE, high * ATMOSPHERE)
    if not ratio > 0 or not 0 <= inert < 1:
        raise Refusal(f"Give H2/N2 > 0 and 0 <= inert < 1, not {ratio:g} and {inert:g}.")
    k = effective_constant(T, pressure)
    n2 = (1 - inert) / (1 + ratio)
    below, above = 0.0, min(2 * n2, ratio * n2 / 1.5)
    for _ in range(100):
        made = (below + above) / 2
        total = 1 - made
        h2, rest = (ratio * n2 - 1.5 * made) / total, (n2 - made / 2) / total
        short = made / total < k * h2**1.5 * rest**0.5
        below, above = (made, above) if short else (below, made)
    return made / (1 - made)


def saturated_fraction(T: Any, pressure: Any) -> Any:
    """Mole fraction of NH3 in synthesis gas (3 H2 : 1 N2) over liquid ammonia.

    Args:
        T: temperature [K], 248.15..303.15; float or expression.
        pressure: Pa, 50 to 300 atm; float or expression.

    Between the Soave-Redlich-Kwong and the Peng-Robinson mixture of NH3, H2 and N2 (4 to 16 % above
    the first); the vapour pressure over the pressure would be 1.1 to 2.5 times too low. Source:
    `species/data/ammonia.toml` (recalled).
    """
    low, high = number("ammonia.saturated.range")
    used.at("ammonia in gas over its liquid", T, (low, high), "contents of gas over liquid ammonia")
    a, b, c = number("ammonia.saturated.content")
    return maths.exp(LN10 * (a + b / maths.sqrt(pressure / ATMOSPHERE) + c / T)) / 100
