"""Elementary functions on floats, NumPy arrays, Pyomo and CasADi expressions alike.

Pyomo, CasADi and NumPy are only imported when an argument needs them.
"""

from __future__ import annotations

import math
from typing import Any


def _apply(name: str, x: Any) -> Any:
    if isinstance(x, (int, float)):
        return getattr(math, name)(x)
    if hasattr(x, "is_expression_type") or type(x).__module__.startswith("pyomo"):
        import pyomo.environ as pyo

        return getattr(pyo, name)(x)
    if type(x).__module__.startswith("casadi"):
        import casadi

        return getattr(casadi, name)(x)
    import numpy as np

    return getattr(np, name)(x)


def exp(x: Any) -> Any:
    """Exponential of a float, array or Pyomo expression."""
    return _apply("exp", x)


def log(x: Any) -> Any:
    """Natural logarithm of a float, array or Pyomo expression; the argument must be positive."""
    return _apply("log", x)


def log10(x: Any) -> Any:
    """Decimal logarithm of a float, array or Pyomo expression; the argument must be positive."""
    return _apply("log10", x)


def sqrt(x: Any) -> Any:
    """Square root of a float, array or Pyomo expression; the argument must not be negative."""
    return _apply("sqrt", x)


def tanh(x: Any) -> Any:
    """Hyperbolic tangent of a float, array or Pyomo expression."""
    return _apply("tanh", x)


def smooth_max(a: Any, b: Any, width: Any) -> Any:
    """Smooth maximum of a and b; exceeds max(a, b) by at most width / 2.

    Args:
        a: first value.
        b: second value, same unit.
        width: distance over which the corner is rounded, same unit, positive.

    >>> abs(smooth_max(2.0, 1.0, 1e-6) - 2.0) < 1e-12
    True
    """
    return (a + b + sqrt((a - b) ** 2 + width**2)) / 2


def smooth_min(a: Any, b: Any, width: Any) -> Any:
    """Smooth minimum of a and b; falls short of min(a, b) by at most width / 2."""
    return (a + b - sqrt((a - b) ** 2 + width**2)) / 2


def value(x: Any) -> float:
    """Present value of a float or Pyomo expression; not-a-number when it has none.

    For the words of messages, never for equations.
    """
    if isinstance(x, (int, float)):
        return float(x)
    import pyomo.environ as pyo

    try:
        return float(pyo.value(x))
    except (ValueError, ZeroDivisionError, OverflowError):
        return math.nan
