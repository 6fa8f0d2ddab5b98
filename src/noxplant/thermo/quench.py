"""How much NO survives the cooling of arc gas, from tabulated kinetics.

The table is made with Cantera by `python -m noxplant.thermo.adapters.cantera_quench FILE`; between its
points it errs by 0.15 % at 1 atm and by up to 1.5 % elsewhere (`frozen_fraction`).
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Sequence
from functools import cache
from typing import Final

from noxplant.constants import T_REFERENCE
from noxplant.errors import ModelError, Refusal, nearest
from noxplant.species.numbers import number
from noxplant.thermo import gas_equilibrium as eq
from noxplant.thermo import ranges

FEEDS: Final = {"air": {"N2": 0.79, "O2": 0.21}, "N2:O2 = 1:1": {"N2": 0.5, "O2": 0.5}}
"""Dry feeds of the table, moles per mole."""
_AXES: Final = ("pressure", "cooling_rate", "arc_temperature")


def frozen_fraction(
    feed: str, cooling_rate: float, pressure: float, arc_temperature: float
) -> float:
    """NOx that is left at 1000 K per NO in equilibrium at the arc temperature.

    Args:
        feed: "air" or "N2:O2 = 1:1".
        cooling_rate: K/s, constant.
        pressure: Pa; at 1 atm the table is finer and wider.
        arc_temperature: K.

    Returns:
        The fraction; above 1 where NO forms during cooling from above 4500 K.

    Raises:
        ModelError: unknown feed.
        Refusal: outside the table; the message names its range.

    Source: `species/data/quench.toml`, cubic between points (logarithms of rate and pressure).
    Error between points against fresh Cantera runs at random points: 0.15 % at 1 atm (2 % above
    4800 K and 1e8 K/s), at other pressures 0.2 % root mean square, at most 1.5 %.
    `noxplant.thermo.adapters.cantera_quench` writes the table again.
    """
    instead = "the frozen fraction as a number: it is a table"
    ranges.one("frozen_fraction", instead, cooling_rate, pressure, arc_temperature)
    _known(feed)
    fine = feed + ", 1 atm"
    name = fine if abs(pressure / number(f"quench.grid.{fine}.pressure")[0] - 1) < 0.01 else feed
    axes = [number(f"quench.grid.{name}.{a}") for a in _AXES]
    point = [pressure, cooling_rate, arc_temperature]
    if name == fine:
        point[0] = axes[0][0]
    for a, values, x in zip(_AXES, axes, point, strict=True):
        if not values[0] <= x <= values[-1]:
            raise Refusal(
                f"The quench table of {name} covers {a} {values[0]:g} to {values[-1]:g}, not {x:g}"
                " (K, K/s, Pa).\n  Choose a point inside, or give a frozen fraction of your own."
            )
    scaled = [[math.log(v) for v in axes[0]], [math.log(v) for v in axes[1]], list(axes[2])]
    at = [math.log(point[0]), math.log(point[1]), point[2]]
    return _interpolate(scaled, _table(name), at)


@cache
def _table(name: str) -> tuple[float, ...]:
    found: tuple[float, ...] = number(f"quench.grid.{name}.survival")
    return found


def _known(feed: str) -> None:
    if feed not in FEEDS:
        raise ModelError(f"No quench table for {feed!r}.{nearest(feed, FEEDS)} {', '.join(FEEDS)}.")


def _interpolate(axes: list[list[float]], values: Sequence[float], at: list[float]) -> float:
    """Product of cubics through the four nearest points of each axis; the last runs fastest."""
    if not axes:
        return values[0]
    axis, size = axes[0], len(values) // len(axes[0])
    out = 0.0
    for k, weight in _weights(axis, at[0]):
        if weight:
            out += weight * _interpolate(axes[1:], values[k * size : (k + 1) * size], at[1:])
    return out


def _weights(axis: Sequence[float], x: float) -> list[tuple[int, float]]:
    """Points of an axis and their weights in Lagrange's cubic; at a point of the axis that alone."""
    first = min(max(bisect_right(axis, x) - 2, 0), max(len(axis) - 4, 0))
    near = range(first, min(first + 4, len(axis)))
    others = {k: [axis[n] for n in near if n != k] for k in near}
    return [(k, math.prod((x - o) / (axis[k] - o) for o in others[k])) for k in near]


def energy_cost(feed: str, cooling_rate: float, pressure: float, arc_temperature: float) -> float:
    """Enthalpy put into the gas per mole of NOx that survives, J/mol N, nothing recovered.

    Arguments and errors as `frozen_fraction`; losses of supply and arc are not counted.
    """
    kept = frozen_fraction(feed, cooling_rate, pressure, arc_temperature)
    cold = FEEDS[feed]
    hot = eq.equilibrium(cold, arc_temperature, pressure, eq.AIR_5, "nasa9")
    rise = sum(n * eq.enthalpy(s, arc_temperature, "nasa9") for s, n in hot.items())
    rise -= sum(n * eq.enthalpy(s, T_REFERENCE, "nasa9") for s, n in cold.items())
    return float(rise / (kept * hot["NO"]))
