"""The shipped quench table is what Cantera gives on the mechanism of the book, and what the unit gives."""

import pytest

from noxplant.constants import ATMOSPHERE
from noxplant.examples.channel import channel
from noxplant.species.numbers import number, read
from noxplant.thermo import quench
from noxplant.thermo.adapters import cantera_quench


@pytest.mark.oracle
@pytest.mark.parametrize("name", list(read("quench")["grid"]))
def test_table_is_made_again(name):
    """Each fifth point of each table; all of them when the slow tests run."""
    shipped = number(f"quench.grid.{name}.survival")
    points = cantera_quench.grid(name)
    assert len(points) == len(shipped)
    feed = name.removesuffix(", 1 atm")
    for n in range(0, len(points), 5):
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


def test_error_between_grid_points():
    """Linear interpolation over 200 to 500 K: within 4 % of Cantera at the middle of the cells."""
    worst = 0.0
    for rate in (3e6, 3e7):
        for T in (2900.0, 3100.0, 3350.0):
            exact = cantera_quench.survival("air", ATMOSPHERE, rate, T)
            worst = max(worst, abs(quench.frozen_fraction("air", rate, ATMOSPHERE, T) / exact - 1))
    assert 0.005 < worst < 0.04
