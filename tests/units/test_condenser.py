import pytest

from noxplant.errors import ModelError, Refusal
from noxplant.examples.crystals import condenser
from noxplant.flowsheet.graph import Flowsheet
from noxplant.testing import check_unit
from noxplant.units.condenser import TotalCondenser
from noxplant.units.feed import Feed


def plant(T=313.15, amount=None):
    p = Flowsheet("p")
    feed = Feed("F", "gas", amount or {"H2O": 10.0}, temperature=352.5, pressure=4.5e4)
    p.add(feed)
    unit = p.add(TotalCondenser("U", temperature=T))
    p.connect(feed.out, unit.feed, "F")
    return p


def test_contract():
    check_unit(condenser)


def test_heat_of_condensation():
    s = plant(350.9).solve()
    assert -s["U.duty"] / 10.0 == pytest.approx(41.7e3, rel=0.01)  # steam tables, 351 K
    assert s["U.bubble_pressure"] == pytest.approx(4.3e4, rel=0.02)


def test_colder_takes_more_heat():
    assert plant(310.0).solve()["U.duty"] < plant(330.0).solve()["U.duty"] < 0


def test_boiling_condensate():
    with pytest.raises(Refusal, match="does not condense completely"):
        plant(360.0).solve()


def test_permanent_gas():
    with pytest.raises(ModelError, match="N2 cannot condense into water"):
        plant(amount={"H2O": 10.0, "N2": 0.1}).build()
