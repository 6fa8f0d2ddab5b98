"""Pump work is volume flow times pressure rise over efficiency."""

import pytest

from noxplant.errors import Refusal
from noxplant.examples.generic import pump
from noxplant.testing import check_unit


def test_contract():
    check_unit(pump)


@pytest.mark.oracle
def test_work_against_volume_and_rise():
    s = pump().solve()
    # 55.5 mol water and 1 mol KOH: 1.056 kg at about 1043 kg/m3 (5.3 wt% KOH, 25 C)
    assert s["U.power"] == pytest.approx(1.056 / 1043 * (5e5 - 101325) / 0.7, rel=0.01)
    rise = s.stream("U.out").temperature - s.stream("lye").temperature
    assert rise == pytest.approx(s["U.power"] / (55.5 * 75.3), rel=0.05)


def test_responses():
    plant = pump()
    base = plant.solve()["U.power"]
    plant.set("U.efficiency", 0.35)
    assert plant.solve()["U.power"] == pytest.approx(2 * base, rel=1e-9)


def test_a_pump_does_not_throttle():
    plant = pump()
    plant.set("U.pressure", 5e4)
    with pytest.raises(Refusal, match="a pump cannot lower pressure"):
        plant.solve()
