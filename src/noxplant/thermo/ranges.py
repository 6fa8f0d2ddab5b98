"""Ranges of validity: numbers outside are refused by name, Pyomo variables are bounded.

`within` holds to the range of data, `sound` keeps out what no quantity can be (not a number,
infinite, negative), `fractions` what no composition can be, `numbers` refuses Pyomo where a function
iterates, and `one` arrays where it takes one state. Floats and arrays are judged whole; Pyomo passes `sound`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Final

from noxplant.constants import ZERO_CELSIUS
from noxplant.errors import ModelError, Refusal

COLD: Final = 200.0
"""Temperature below which Celsius is suspected, K, where the range does not reach so far down."""
WHOLE: Final = 1e-6
"""How far the sum of mole fractions may be from one."""


def is_pyomo(x: Any) -> bool:
    """Whether `x` is a Pyomo variable, parameter or expression."""
    return hasattr(x, "is_expression_type") or type(x).__module__.startswith("pyomo")


def within(what: str, x: Any, low: float, high: float, unit: str = "K") -> Any:
    """Hold `x` to a range of validity and return it.

    Args:
        what: the property, for the message, e.g. "saturation pressure of water".
        x: float, array, or Pyomo variable, parameter or expression; SI.
        low: smallest allowed value, in `unit`.
        high: largest allowed value, in `unit`.
        unit: SI unit of x; with "K" the message knows Celsius.

    A float or an array outside is refused. The bounds of a Pyomo variable are drawn in to the
    range, also through an expression a + b v of one variable v. Constants and fixed variables
    are judged by their value; a fixed variable is bounded too, for the day it is freed.

    Raises:
        Refusal: outside, or not a number; the message names property, value and range.
        ModelError: a Pyomo expression of several variables, which cannot be bounded.
    """
    if is_pyomo(x):
        _bound(what, x, low, high, unit)
    elif isinstance(x, (int, float)):
        if not low <= x <= high:
            raise Refusal(_words(what, float(x), low, high, unit))
    else:
        import numpy as np

        array = np.asarray(x)
        if array.size:
            least, most = float(array.min()), float(array.max())
            if not (low <= least and most <= high):
                bad = ~((array >= low) & (array <= high))
                first = float(array[bad].flat[0])
                raise Refusal(_words(what, first, low, high, unit, int(bad.sum()), array.size))
    return x


def sound(
    what: str,
    x: Any,
    unit: str = "",
    least: float = 0.0,
    most: float = math.inf,
    *,
    above: bool = False,
) -> Any:
    """Refuse numbers that a quantity cannot have, and return `x` as it is.

    Args:
        what: the quantity, for the message, e.g. "amount of K+".
        x: float or array, judged; Pyomo expressions pass.
        unit: SI unit of x, of `least` and of `most`.
        least: smallest number allowed; -infinity for any finite one.
        most: largest number allowed.
        above: `least` itself is not allowed.

    Raises:
        Refusal: not a number, infinite or outside; names quantity, value, unit and what is allowed.
    """
    if isinstance(x, (int, float)):
        if least <= x <= most and -math.inf < x < math.inf and not (above and x == least):
            return x
        raise Refusal(_unsound(what, float(x), unit, least, most, above, ""))
    if is_pyomo(x):
        return x
    import numpy as np

    array = np.asarray(x, dtype=float)
    if array.size:
        low, high = float(array.min()), float(array.max())  # not a number, if one of them is
        if not (least <= low and high <= most and high < math.inf and low > -math.inf) or (
            above and low == least
        ):
            good = (array >= least) & (array <= most) & np.isfinite(array)
            bad = ~(good & (array > least)) if above else ~good
            first = float(array[bad].flat[0])
            many = f" ({int(bad.sum())} of {array.size} values)" if array.size > 1 else ""
            raise Refusal(_unsound(what, first, unit, least, most, above, many))
    return x


def _unsound(
    what: str, x: float, unit: str, least: float, most: float, above: bool, many: str
) -> str:
    u = f" {unit}" if unit else ""
    ends = ("above", "and at most") if above else ("from", "to")
    if most < math.inf:
        allowed = f"{ends[0]} {least:g} {ends[1]} {most:g}{u}"
    elif least > -math.inf:
        allowed = f"{'above' if above else 'at least'} {least:g}{u}"
    else:
        allowed = "a finite number"
    return (
        f"The {what} must be {allowed}; it is {x:.6g}{u}{many}.\n  Check the number and its unit."
    )


def fractions(least: float, low: float, high: float) -> None:
    """Refuse mole fractions by their least value and the least and largest of their sums.

    Raises:
        Refusal: one is negative or not a number, or a sum is further than 1e-6 from one.
    """
    if least >= 0.0 and low >= 1.0 - WHOLE and high <= 1.0 + WHOLE:
        return
    total = high if abs(high - 1.0) > abs(low - 1.0) else low
    raise Refusal(
        f"Mole fractions must be at least 0 and add up to 1; the least is {least:.6g}, and they add"
        f" up to {total:.6g}.\n  Divide the amounts by their sum."
    )


def numbers(function: str, instead: str, *values: Any) -> None:
    """Refuse Pyomo expressions where a function iterates on numbers.

    Args:
        function: its name, for the message.
        instead: what to write in a model.
        values: its arguments; mappings are looked into.

    Raises:
        ModelError: one of them is a Pyomo variable or expression, or a mapping of such.
    """
    for value in values:
        inside = list(value.values()) if isinstance(value, Mapping) else [value]
        if is_pyomo(value) or any(is_pyomo(v) for v in inside):
            raise ModelError(
                f"{function} takes numbers and arrays, no Pyomo expressions: it iterates.\n"
                f"  In a model write {instead}."
            )


def molalities(molality: Mapping[str, Any]) -> None:
    """Refuse a negative, undefined or infinite molality (float or array), naming it.

    Raises:
        Refusal: with the species and its value.
    """
    for name, m in molality.items():
        if is_pyomo(m):
            continue
        bad = m if isinstance(m, (int, float)) else _worst(m)
        if not 0.0 <= bad < math.inf:
            raise Refusal(
                f"The molality of {name} is {float(bad):.6g} mol/kg; it must be a finite number, at"
                " least 0.\n  A negative amount means that more is consumed than there is: check the"
                " feed."
            )


def _worst(values: Any) -> float:
    """A value that is no amount, if there is one; else the smallest."""
    import numpy as np

    array = np.ravel(np.asarray(values, dtype=float))
    strange = array[~np.isfinite(array)]
    return float(strange[0]) if strange.size else float(array.min(initial=0.0))


def one(function: str, instead: str, *values: Any) -> None:
    """Refuse arrays where a function takes one state, and Pyomo expressions as `numbers` does.

    Arguments as `numbers`; an array without dimensions counts as a number.

    Raises:
        ModelError: an array, a list, or what `numbers` refuses.
    """
    numbers(function, instead, *values)
    import numpy as np

    for value in values:
        inside = list(value.values()) if isinstance(value, Mapping) else [value]
        if any(np.ndim(v) for v in inside):
            raise ModelError(
                f"{function} takes one state, not an array: its search differs from state to state."
                "\n  Call it for each of them."
            )


def _words(
    what: str, x: float, low: float, high: float, unit: str, bad: int = 1, size: int = 1
) -> str:
    many = f" ({bad} of {size} values lie outside)" if size > 1 else ""
    text = (
        f"The {what} holds from {low:g} to {high:g} {unit}; it was asked at {x:.6g} {unit}{many}."
    )
    if unit == "K" and x < min(low, COLD) and (x + ZERO_CELSIUS <= high or low >= COLD):
        return f"{text}\n  Temperatures are in K: {x:g} C is {x + ZERO_CELSIUS:g} K."
    return f"{text}\n  Stay within the range, or take data that reach further."


def _bound(what: str, x: Any, low: float, high: float, unit: str) -> None:
    import pyomo.environ as pyo

    value = (
        pyo.value(x, exception=False) if x.is_fixed() or not x.is_potentially_variable() else None
    )
    if value is not None and not low <= value <= high:
        raise Refusal(_words(what, float(value), low, high, unit))
    if x.is_variable_type():
        _tighten(what, x, low, high, unit)
    elif x.is_potentially_variable() and not x.is_fixed():
        from pyomo.repn import generate_standard_repn

        parts = generate_standard_repn(x, compute_values=True)
        if parts.nonlinear_expr is not None or parts.quadratic_vars or len(parts.linear_vars) != 1:
            raise ModelError(
                f"The {what} holds from {low:g} to {high:g} {unit}, but it was asked at an"
                f" expression of several variables, which cannot be bounded.\n"
                f"  Make a variable of it, add the equation, and pass the variable."
            )
        slope, shift = float(parts.linear_coefs[0]), float(parts.constant)
        ends = sorted(((low - shift) / slope, (high - shift) / slope))
        _tighten(what, parts.linear_vars[0], ends[0], ends[1], unit)


def _tighten(what: str, variable: Any, low: float, high: float, unit: str) -> None:
    """Intersect a variable's bounds with a range."""
    old_low, old_high = variable.bounds
    new_low = low if old_low is None else max(low, old_low)
    new_high = high if old_high is None else min(high, old_high)
    if new_low > new_high:
        raise Refusal(
            f"The {what} holds from {low:g} to {high:g} {unit}, but {variable.name} is bounded to"
            f" {old_low} .. {old_high}.\n  Widen its bounds, or take data that reach further."
        )
    if (new_low, new_high) != (old_low, old_high):
        variable.setlb(new_low)
        variable.setub(new_high)


def bounds_of(x: Any) -> tuple[float, float]:
    """Interval of a Pyomo variable or expression; infinite where it is not bounded."""
    from pyomo.contrib.fbbt.expression_bounds_walker import ExpressionBoundsVisitor

    low, high = ExpressionBoundsVisitor(use_fixed_var_values_as_bounds=True).walk_expression(x)
    return (
        -math.inf if low is None else float(low),
        math.inf if high is None else float(high),
    )
