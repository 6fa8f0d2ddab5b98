"""Pump work is volume flow times pressure rise over efficiency."""

import pytest

from noxplant import Flowsheet
from noxplant.errors import Refusal
from noxplant.examples.generic import pump
from noxplant.testing import check_unit
from noxplant.units.feed import Feed
from noxplant.units.pump import Pump


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


@pytest.mark.oracle
def test_crystals_stay_crystals_and_take_up_volume():
    powers = {}
    for crystals in (0.0, 1.0):
        plant = Flowsheet("slurry pump")
        amount = {"H2O": 50.0, "(NH4)2SO4": 4.0, "(NH4)2SO4(s)": crystals or 1e-9}
        feed = plant.add(Feed("feed", "slurry", amount))
        unit = plant.add(Pump("U", "slurry", pressure=5e5, efficiency=0.7))
        plant.connect(feed.out, unit.feed, "slurry")
        s = plant.solve()
        assert s.stream("U.out").flows["(NH4)2SO4(s)"] == pytest.approx(amount["(NH4)2SO4(s)"])
        powers[crystals] = s["U.power"]
    # 1 mol of crystals: 132.14 g at 1770 kg/m3 (as tabulated for ammonium sulfate)
    more = 0.13214 / 1770 * (5e5 - 101325) / 0.7
    assert powers[1.0] - powers[0.0] == pytest.approx(more, rel=1e-3)
