"""Oracle: four-stream problem of Linnhoff et al., User Guide on Process Integration (IChemE 1982),
also Kemp 2007, chapter 2: at 10 K, hot utility 20 kW, cold utility 60 kW, pinch 90/80 C.
"""

import pytest

from noxplant.errors import SpecError
from noxplant.reports.pinch import Duty, cascade

CELSIUS = 273.15
FOUR = [
    Duty("1", 2.0 * 115, 20 + CELSIUS, 135 + CELSIUS),
    Duty("2", -3.0 * 110, 170 + CELSIUS, 60 + CELSIUS),
    Duty("3", 4.0 * 60, 80 + CELSIUS, 140 + CELSIUS),
    Duty("4", -1.5 * 120, 150 + CELSIUS, 30 + CELSIUS),
]


def test_four_streams() -> None:
    found = cascade(FOUR, 10.0)
    assert found.hot_utility == pytest.approx(20.0)
    assert found.cold_utility == pytest.approx(60.0)
    assert found.pinch == pytest.approx(85 + CELSIUS)
    assert found.recovery == pytest.approx(450.0)
    assert (found.heating, found.cooling) == (pytest.approx(470.0), pytest.approx(510.0))


def test_heat_at_one_temperature() -> None:
    condenser = Duty("condenser", -100.0, 400.0, 400.0)
    near = cascade([condenser, Duty("boiler", 100.0, 389.0, 389.0)])
    assert (near.hot_utility, near.cold_utility) == (0.0, 0.0)
    touching = cascade([condenser, Duty("boiler", 60.0, 390.0, 390.0)])
    assert (touching.hot_utility, touching.cold_utility) == (0.0, pytest.approx(40.0))
    far = cascade([condenser, Duty("boiler", 60.0, 391.0, 391.0)])
    assert (far.hot_utility, far.cold_utility) == (pytest.approx(60.0), pytest.approx(100.0))
    assert far.recovery == pytest.approx(0.0)


def test_boiling_against_a_cooling_stream() -> None:
    # 2 kW/K from 420 to 340 K: 2*(420-380) kW are hot enough to boil at 370 K with 10 K left.
    found = cascade([Duty("hot", -160.0, 420.0, 340.0), Duty("boiler", 100.0, 370.0, 370.0)])
    assert found.hot_utility == pytest.approx(20.0)
    assert found.cold_utility == pytest.approx(80.0)
    assert found.pinch == pytest.approx(375.0)


def test_nothing_and_one_sided() -> None:
    empty = cascade([])
    assert (empty.hot_utility, empty.cold_utility, empty.pinch) == (0.0, 0.0, None)
    cold = cascade([Duty("heater", 5.0, 300.0, 350.0), Duty("none", 0.0, 300.0, 300.0)])
    assert (cold.hot_utility, cold.cold_utility) == (pytest.approx(5.0), pytest.approx(0.0))
    with pytest.raises(SpecError, match="must be positive"):
        cascade(FOUR, 0.0)


def test_balance_of_the_cascade() -> None:
    found = cascade(FOUR, 25.0)
    assert found.hot_utility - found.cold_utility == pytest.approx(found.heating - found.cooling)
    assert found.hot_utility > 20.0
