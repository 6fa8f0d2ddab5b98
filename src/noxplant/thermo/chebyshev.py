"""Smooth functions of temperature as Chebyshev series with a stated error."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from noxplant import maths
from noxplant.errors import ModelError
from noxplant.thermo.ranges import within

MOST: Final = 40
"""Terms tried before a function is given up as not smooth."""


def powers(coefficients: Sequence[float], low: float, high: float) -> tuple[float, ...]:
    """Coefficients of the powers of T - (low + high)/2 of a Chebyshev series over [low, high].

    So a value costs three operations a term, fewer than Clenshaw's sum. Up to 20 terms that fall
    off as those of smooth functions do, rounding stays below 1e-12 of the largest coefficient.
    """
    from numpy.polynomial import chebyshev

    half = (high - low) / 2
    found = chebyshev.cheb2poly(list(coefficients))
    return tuple(float(c) / half**k for k, c in enumerate(found))


def horner(c: Sequence[Any], u: Any) -> Any:
    """Polynomial with coefficients c of 1, u, u**2 ... at u."""
    total: Any = c[-1]
    for k in reversed(c[:-1]):
        total = k + u * total
    return total


@dataclass(frozen=True)
class Form:
    """A function of temperature, fitted once, with its range and error.

    Attributes:
        what: the property, e.g. "saturation pressure of H2O".
        unit: SI unit of the value.
        low: K.
        high: K.
        coefficients: of the Chebyshev series over [low, high]; of the logarithm if `logarithm`.
        error: largest error, relative if `logarithm`, else in `unit`.
        logarithm: the series is that of the logarithm of the property.
        source: what it was fitted to.
    """

    what: str
    unit: str
    low: float
    high: float
    coefficients: tuple[float, ...]
    error: float
    logarithm: bool = False
    source: str = ""

    @cached_property
    def _powers(self) -> tuple[float, ...]:
        return powers(self.coefficients, self.low, self.high)

    def series(self, T: Any) -> Any:
        """The series itself at T [K]: the property, or its logarithm."""
        within(self.what, T, self.low, self.high)
        if isinstance(T, (int, float)):
            T = float(T)
        elif not hasattr(T, "is_expression_type"):
            import numpy as np

            T = np.asarray(T, float)
        return horner(self._powers, T - (self.low + self.high) / 2)

    def __call__(self, T: Any) -> Any:
        """The property in `unit` at T [K]: float, array or Pyomo variable within the range."""
        series = self.series(T)
        return maths.exp(series) if self.logarithm else series

    def derivative(self) -> Form:
        """Form of the derivative of the series by T (of the logarithm if it is one).

        Its error is not stated; it is about the number of terms squared over the width times
        that of the series.
        """
        from numpy.polynomial import chebyshev

        slope = chebyshev.chebder(list(self.coefficients), scl=2.0 / (self.high - self.low))
        what, unit = f"slope of the {self.what}", f"{'1' if self.logarithm else self.unit}/K"
        found = tuple(float(c) for c in slope)
        return Form(what, unit, self.low, self.high, found, float("nan"), source=self.source)


def fit(
    function: Callable[[float], float], low: float, high: float, bound: float
) -> tuple[tuple[float, ...], float]:
    """Shortest Chebyshev series through a function's values at the nodes, within a bound.

    Args:
        function: of temperature [K].
        low: K.
        high: K.
        bound: largest error allowed, absolute, on points between the nodes.

    Returns:
        Coefficients, and twice the largest error seen on 301 points between the nodes.

    Raises:
        ModelError: `MOST` terms do not reach the bound.
    """
    import numpy as np
    from numpy.polynomial import chebyshev

    def values(t: Any) -> Any:
        return np.array([function(float(v)) for v in (low + high) / 2 + (high - low) / 2 * t])

    checks = np.cos(np.linspace(0.0, np.pi, 301))
    truth = values(checks)
    worst = float("inf")
    for n in range(3, MOST + 1):
        nodes = chebyshev.chebpts1(n)
        series = chebyshev.chebfit(nodes, values(nodes), n - 1)
        worst = 2.0 * float(np.abs(chebyshev.chebval(checks, series) - truth).max())
        if worst <= bound:
            return tuple(float(c) for c in series), worst
    raise ModelError(
        f"{MOST} terms leave an error of {worst:.2g} between {low:g} and {high:g} K; {bound:.2g}"
        " is allowed.\n  Take a narrower range, away from the critical point."
    )
