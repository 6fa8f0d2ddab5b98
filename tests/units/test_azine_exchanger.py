"""Exchanger that cools a liquor with azine to just above saturation."""

from __future__ import annotations

import math

import pytest

from noxplant.errors import ModelError, Refusal
from noxplant.examples.organic import MADE, SOLVENT, azine_exchanger
from noxplant.flowsheet.graph import Flowsheet
from noxplant.testing import check_unit
from noxplant.units.azine_exchanger import AzineExchanger
from noxplant.units.feed import Feed
from noxplant.units.heat_exchanger import HeatExchanger

GAS_CONSTANT = 8.314462618
GIVEN = {"saturation": 0.9, "solubility": 100.0, "heat_of_solution": 30000.0}


def test_contract() -> None:
    check_unit(azine_exchanger)


@pytest.mark.oracle
def test_ends_at_the_saturation_asked_for() -> None:
    s = azine_exchanger().solve()
    out = s.stream("U.hot_out")
    c = s["U.concentration"]
    # van 't Hoff solved for T by hand.
    by_hand = 1 / (1 / 298.15 - GAS_CONSTANT / 30e3 * math.log(c / 0.9 / 100.0))
    assert out.temperature == pytest.approx(by_hand, abs=1e-6)
    # 0.48 mol/s in some ten litres of solvent a second, the azine's own volume added.
    assert c == pytest.approx(0.48 / 10.2e-3, rel=0.03)


@pytest.mark.oracle
def test_area_is_that_of_counter_current() -> None:
    s = azine_exchanger().solve()
    warm, cool = s["U.warm_difference"], s["U.cool_difference"]
    mean = (warm - cool) / math.log(warm / cool)
    # Chen's mean is within 0.3 % of the logarithmic one at ratios below 3.
    assert 1 / 3 < warm / cool < 3
    assert s["U.conductance"] == pytest.approx(s["U.duty"] / mean, rel=3e-3)


def test_nearer_to_saturation_recovers_more() -> None:
    plant, duties = azine_exchanger(), []
    for saturation in (0.7, 0.9, 1.0):
        plant.set("U.saturation", saturation)
        s = plant.solve()
        duties.append(s["U.duty"])
        out = s.stream("U.hot_out").temperature
        soluble = 100.0 * math.exp(-30e3 / GAS_CONSTANT * (1 / out - 1 / 298.15))
        assert s["U.concentration"] == pytest.approx(saturation * soluble, rel=1e-9)
    assert duties == sorted(duties)


def test_three_times_the_azine_leaves_less_to_recover() -> None:
    plant = azine_exchanger()
    base = plant.solve()["U.duty"]
    plant.set("hot.amount[benzophenone azine]", 0.6)
    assert plant.solve()["U.duty"] < base


def test_saturated_liquor_leaves_nothing_to_recover() -> None:
    plant = azine_exchanger()
    plant.set("hot.amount[benzophenone azine]", 1.6)
    with pytest.raises(Refusal, match="reaches the saturation asked for at .* already"):
        plant.solve()


def test_no_colder_than_the_cold_stream() -> None:
    plant = azine_exchanger()
    plant.set("cold.temperature", 290.0)
    with pytest.raises(Refusal, match="but the cold stream enters at 290.00 K"):
        plant.solve()


def test_no_azine_is_a_plain_exchanger() -> None:
    plant = Flowsheet("no azine")
    a, b = (plant.add(Feed(n, "organic", {"acetonitrile": 1.0})) for n in ("a", "b"))
    unit = plant.add(AzineExchanger("U", **GIVEN))
    plant.connect(a.out, unit.hot, "a")
    plant.connect(b.out, unit.cold, "b")
    with pytest.raises(ModelError, match="(?s)no benzophenone azine .*Take a HeatExchanger"):
        plant.solve()


def test_a_plain_exchanger_refuses_to_cool_azine() -> None:
    plant = Flowsheet("fouled")
    hot = plant.add(Feed("hot", "organic", {**SOLVENT, **MADE}, temperature=308.15))
    cold = plant.add(Feed("cold", "organic", SOLVENT, temperature=263.15))
    unit = plant.add(HeatExchanger("U", "organic", conductance=1e4))
    plant.connect(hot.out, unit.hot, "hot")
    plant.connect(cold.out, unit.cold, "cold")
    with pytest.raises(ModelError, match="(?s)would foul the exchanger.*Take an AzineExchanger"):
        plant.solve()
