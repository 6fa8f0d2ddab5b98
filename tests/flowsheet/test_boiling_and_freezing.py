"""Liquids that boil or are frozen: refused before a solve or after it, warned of for gases."""

import math

import pytest

from noxplant import Flowsheet, routes
from noxplant.errors import Refusal
from noxplant.flowsheet import liquids
from noxplant.flowsheet import solve as solving
from noxplant.thermo import aqueous
from noxplant.units.feed import Feed
from noxplant.units.heat_exchanger import HeatExchanger
from noxplant.units.heater import Heater
from noxplant.units.mixer import Mixer
from noxplant.units.splitter import Splitter
from noxplant.units.valve import Valve

STEAM = "medium-pressure steam"


def heated(kelvin: float, *, medium: str = "aqueous", **fed: float) -> Flowsheet:
    plant = Flowsheet("heated")
    feed = plant.add(Feed("F", medium, fed))
    utility = STEAM if kelvin > 298.15 else "refrigeration"
    unit = plant.add(Heater("E-1", medium, temperature=kelvin, utility=utility))
    plant.connect(feed.out, unit.feed, "cold")
    plant.connect(unit.out, plant.add(Splitter("S-1", medium, fraction=0.5)).feed, "hot")
    return plant


@pytest.fixture
def nothing_solved(monkeypatch: pytest.MonkeyPatch) -> None:
    """Any cold start fails the test: what is refused here is refused before."""

    def no_start(*_: object, **__: object) -> None:
        raise AssertionError("a solve was begun")

    monkeypatch.setattr(solving, "cold_start", no_start)


@pytest.mark.usefixtures("nothing_solved")
def test_boiling_water_is_refused_before_any_solve() -> None:
    # Normal boiling point of water: 373.124 K (IAPWS).
    words = r"E-1: the liquid 'hot' is at 450.00 K and 1.013e\+05 Pa, where it boils: its bubble"
    with pytest.raises(Refusal, match=words + r" temperature at this pressure is 373.12 K.*Flash"):
        heated(450.0, H2O=55.5).solve()


@pytest.mark.usefixtures("nothing_solved")
def test_ice_is_refused_before_any_solve() -> None:
    with pytest.raises(Refusal, match=r"E-1: the liquid 'hot' is at 260.00 K .* it is frozen: it"):
        heated(260.0, H2O=55.5).solve()


def test_what_is_just_liquid_passes_and_solutes_widen_the_range() -> None:
    assert heated(373.0, H2O=55.5).solve().warnings == ()
    with pytest.raises(Refusal, match="where it boils"):
        heated(374.0, H2O=55.508).solve()
    # Ebullioscopy: 0.513 K per mol/kg; 4 mol/kg of ions lift the boiling point by two kelvin.
    heated(374.5, H2O=55.508, KNO3=2.0).solve()
    with pytest.raises(Refusal, match="is frozen"):
        heated(271.0, H2O=55.508).solve()
    heated(271.0, H2O=55.508, KNO3=1.0).solve()


def test_the_limits_of_dilute_solutions_are_the_textbook_constants() -> None:
    # Cryoscopic constant of water 1.858 K kg/mol (CRC Handbook). By Raoult's law the boiling point
    # rises by the mole fraction over d ln p/dT, 3.617 kPa/K at 101.325 kPa (IAPWS-IF97): 0.505, not
    # the 0.513 of the handbooks, which takes steam for an ideal gas in Clausius-Clapeyron.
    low, high = (
        liquids.condition({"H2O": 55.508, "K+": m / 2, "NO3-": m / 2}, 300.0, 101325.0)
        for m in (0.0, 0.02)
    )
    assert low.freezing is not None
    assert high.freezing is not None
    assert (low.freezing - high.freezing) / 0.02 == pytest.approx(1.858, rel=5e-3)
    rise = (high.bubble_temperature - low.bubble_temperature) / 0.02
    assert rise == pytest.approx(0.018015 * 101.325 / 3.617, rel=5e-3)


def test_a_mixer_and_an_exchanger_are_judged_once_solved() -> None:
    plant = Flowsheet("exchanger")
    hot = plant.add(Feed("F-1", "aqueous", {"H2O": 55.5}, temperature=440.0, pressure=1e6))
    cold = plant.add(Feed("F-2", "aqueous", {"H2O": 20.0}, temperature=350.0))
    unit = plant.add(HeatExchanger("E-1", "aqueous", conductance=1e4))
    plant.connect(hot.out, unit.hot, "hot")
    plant.connect(cold.out, unit.cold, "cold")
    plant.connect(unit.cold_out, plant.add(Splitter("S", "aqueous", fraction=0.1)).feed, "heated")
    with pytest.raises(Refusal, match=r"E-1: the liquid 'heated' is at .* where it boils"):
        plant.solve()
    plant = Flowsheet("mixer")
    high = {"temperature": 450.0, "pressure": 1e6}
    hot = plant.add(Feed("F-1", "aqueous", {"H2O": 55.5}, **high))
    cold = plant.add(Feed("F-2", "aqueous", {"H2O": 5.0}, temperature=300.0))
    valve = plant.add(Valve("X-1", "aqueous", pressure=101325.0))
    mixer = plant.add(Mixer("M-1", "aqueous"))
    plant.connect(hot.out, valve.feed, "hot")
    plant.connect(valve.out, mixer.feed[0], "throttled")
    plant.connect(cold.out, mixer.feed[1], "cold")
    with pytest.raises(
        Refusal,
        match=r"(?s)X-1: the liquid 'throttled' .*M-1: the liquid 'M-1.out' is at .* where it boils",
    ):
        plant.solve()


def test_an_organic_liquid_that_boils_is_refused() -> None:
    # Normal boiling point of acetonitrile 354.8 K (81.6 C).
    with pytest.raises(Refusal, match=r"'hot' is at 365.00 K .* bubble temperature .* is 354\.\d"):
        heated(365.0, medium="organic", acetonitrile=1.0).solve()
    heated(353.0, medium="organic", acetonitrile=1.0).solve()


def test_dissolved_gas_beyond_the_pressure_warns_and_does_not_refuse() -> None:
    # 12 mol/kg of ammonia at 340 K: its Henry pressure alone is about two bar.
    s = heated(340.0, H2O=55.508, NH3=12.0).solve()
    found = [w for w in s.warnings if w.startswith("E-1: the liquid 'hot' would give off gas")]
    assert len(found) == 1
    assert "of it by NH3" in found[0]
    pressure = math.exp(aqueous.ln_henry("NH3", 340.0)) * 12.0
    assert pressure > 101325.0
    assert not any("give off gas" in w for w in heated(300.0, H2O=55.508, NH3=2.0).solve().warnings)


@pytest.mark.route
def test_a_boiling_liquor_inside_a_plant_is_named_early() -> None:
    plant = routes.load("air-to-ammonium-sulfate", values={"E-104.temperature": 385.0})
    words = (
        r"E-104: the liquid 'hot ammonia liquor' cannot be at 385.00 K and .* where it boils: .*"
        r"bubble temperature of this liquor is 37\d"
    )
    with pytest.raises(Refusal, match=words):
        plant.solve(iteration_limit=10_000)
