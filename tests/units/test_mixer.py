"""Mixer: pressures. Its balances are tested with the flowsheet and the independent balances."""

from __future__ import annotations

import pytest

from noxplant.errors import Refusal
from noxplant.examples.basic import mixer
from noxplant.testing import check_unit


def test_contract() -> None:
    check_unit(mixer)


def test_the_first_inlet_sets_the_pressure() -> None:
    plant = mixer()
    plant.set("acid.pressure", 3e5)
    assert plant.solve().stream("U.out").pressure == pytest.approx(101325.0)


def test_no_inlet_is_raised_for_nothing() -> None:
    plant = mixer()
    plant.set("acid.pressure", 101325.0 - 4.9e3)
    plant.solve()  # half a metre of liquid
    plant.set("acid.pressure", 4e4)
    with pytest.raises(Refusal, match=r"enters U by .*feed\[2\] at 40000 Pa .*Put a Pump"):
        plant.solve()
