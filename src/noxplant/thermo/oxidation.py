"""Oxidation of NO in plug flow: closed form for a dilute gas, on floats and in equations."""

from __future__ import annotations

import math
from functools import cache
from typing import Any, Final

import numpy as np

from noxplant import maths
from noxplant.thermo import ranges
from noxplant.thermo.equilibrium import no_oxidation_rate_constant

TINY: Final = 1e-12

RADAU: Final = (
    (
        (88 - 7 * 6**0.5) / 360,
        (296 - 169 * 6**0.5) / 1800,
        (-2 + 3 * 6**0.5) / 225,
    ),
    (
        (296 + 169 * 6**0.5) / 1800,
        (88 + 7 * 6**0.5) / 360,
        (-2 - 3 * 6**0.5) / 225,
    ),
    ((16 - 6**0.5) / 36, (16 + 6**0.5) / 36, 1 / 9),
)
"""Weights of the collocation at three Radau points (order 5, stiffly stable): the change up to point
k is the length of the element times the sum over j of RADAU[k][j] x slope at point j. The last point is
the end of the element. Source: Hairer and Wanner, Solving Ordinary Differential Equations II, table
IV.5.6."""


def phi(z: Any, levels: int = 5, points: int = 8) -> Any:
    """(z - ln(1 + z))/z^2 for z > -1, smooth through z = 0 (value 1/2); floats or expressions.

    ln(1 + z) = 2 ln(sqrt(1 + z)) halves the argument `levels` times; the rest is the integral of
    s/(1 + s z) over s in [0, 1] by Gauss-Legendre. Error below 1e-12.
    """
    if isinstance(z, float) and z > -1 and abs(z) > 0.01:
        return (z - math.log1p(z)) / z**2
    if levels == 0:
        return sum(w / 2 * s / (1 + s * z) for x, w in _gauss(points) for s in [(1 + x) / 2])
    # below z = -1, which only iterates can reach, the root stays real
    root = maths.sqrt(((1 + z) + maths.sqrt((1 + z) ** 2 + TINY**2)) / 2)
    return (1 + 2 * phi(root - 1, levels - 1, points)) / (1 + root) ** 2


@cache
def _gauss(points: int) -> tuple[tuple[float, float], ...]:
    nodes, weights = np.polynomial.legendre.leggauss(points)
    return tuple(zip(nodes.tolist(), weights.tolist(), strict=True))


def nitric_oxide_left(
    T: float, pressure: float, nitric_oxide: float, oxygen: float, time: float
) -> float:
    """Mole fraction of NO after a time in plug flow; dilute gas, isothermal, irreversible.

    Args:
        T: temperature [K], 273.15..450.
        pressure: Pa.
        nitric_oxide: mole fraction of NO at the inlet.
        oxygen: mole fraction of O2 at the inlet.
        time: s.

    Raises:
        Refusal: a negative or endless number.

    The inverse of the closed form by bisection in logarithms of what is left of the scarcer gas.
    Source: `noxplant.thermo.equilibrium.no_oxidation_rate_constant`.
    """
    for what, x in (("NO", nitric_oxide), ("O2", oxygen), ("time", time)):
        ranges.sound(f"{what} of the oxidation", x)
    rate = no_oxidation_rate_constant(T) * pressure**2 * time / 2 * nitric_oxide
    a, c = nitric_oxide, 2 * oxygen - nitric_oxide
    if a == 0 or oxygen == 0 or rate == 0:
        return a
    scarce = min(a, 2 * oxygen)
    low, high = math.log(scarce) - 80.0, math.log(scarce)
    for _ in range(90):
        middle = (low + high) / 2
        left = math.exp(middle)  # of NO, or of twice the O2 where that is the scarcer
        y = (scarce - left) / ((a - scarce + left) * (a + c))
        used = y + a * y * y * phi(c * y)
        low, high = (middle, high) if used > rate else (low, middle)
    return a - scarce + math.exp((low + high) / 2)
