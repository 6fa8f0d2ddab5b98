"""The shipped quench table is what Cantera gives on the mechanism of the book, and what the unit gives."""

import math

import numpy as np
import pytest

from noxplant.constants import ATMOSPHERE
from noxplant.examples.channel import channel
from noxplant.species.numbers import number, read
from noxplant.thermo import quench
from noxplant.thermo.adapters import cantera_quench

LIMITS = {"1 atm": 0.0015, "pressure": 0.015, "corner": 0.02}
"""Stated errors of the table: at 1 atm, at other pressures, above 4800 K and 1e8 K/s."""


@pytest.mark.oracle
@pytest.mark.parametrize("name", list(read("quench")["grid"]))
def test_table_is_made_again(name):
    """Each 421st point of each table; all of them when the slow tests run."""
    shipped = number(f"quench.grid.{name}.survival")
    points = cantera_quench.grid(name)
    assert len(points) == len(shipped)
    feed = name.removesuffix(", 1 atm")
    for n in range(7, len(points), 421):
        assert cantera_quench.survival(feed, *points[n]) == pytest.approx(shipped[n], rel=2e-5)


@pytest.mark.slow
def test_the_command_writes_the_shipped_table():
    import tomllib

    made = tomllib.loads(cantera_quench.table())["grid"]
    for name, held in read("quench")["grid"].items():
        assert set(made[name]) == set(held)
        assert made[name]["survival"]["value"] == pytest.approx(held["survival"]["value"], rel=5e-5)


@pytest.mark.oracle
@pytest.mark.slow
@pytest.mark.parametrize(("T", "rate"), [(2800.0, 1e6), (3200.0, 1e7), (4000.0, 1e8)])
def test_unit_on_grid_points_is_the_table(T, rate):
    s = channel(None, T, ATMOSPHERE, rate, elements=15).solve()
    shipped = quench.frozen_fraction("air", rate, ATMOSPHERE, T)
    assert s["U.survival"] == pytest.approx(shipped, rel=3e-3)


def drawn(name, count, rng):
    """Relative errors of the table at random points, (error, Pa, K/s, K)."""
    feed = name.removesuffix(", 1 atm")
    axes = [number(f"quench.grid.{name}.{a}") for a in cantera_quench.AXES]
    out = []
    for _ in range(count):
        p, rate = (math.exp(rng.uniform(math.log(a[0]), math.log(a[-1]))) for a in axes[:2])
        T = rng.uniform(axes[2][0], axes[2][-1])
        exact = cantera_quench.survival(feed, p, rate, T)
        out.append((abs(quench.frozen_fraction(feed, rate, p, T) / exact - 1), p, rate, T))
    return out


@pytest.mark.oracle
@pytest.mark.parametrize(
    "count", [pytest.param(10, id="few"), pytest.param(80, id="many", marks=pytest.mark.slow)]
)
@pytest.mark.parametrize("name", list(read("quench")["grid"]))
def test_error_between_grid_points(name, count):
    """Fresh Cantera runs at random points; the limits are those that `frozen_fraction` states."""
    found = drawn(name, count, np.random.default_rng(11))
    for error, p, rate, T in found:
        corner = T > 4800.0 and rate > 1e8
        most = LIMITS["corner"] if corner else LIMITS["1 atm" if "1 atm" in name else "pressure"]
        assert error < most, (p, rate, T)
