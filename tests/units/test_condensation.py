"""Gases above and below their dew point."""

from __future__ import annotations

import pytest

from noxplant import Flowsheet
from noxplant.errors import Refusal
from noxplant.units.feed import Feed
from noxplant.units.gas_dryer import GasDryer
from noxplant.units.heater import Heater
from noxplant.units.mixer import Mixer

SATURATED = 31.7e2
"""Vapour pressure of water at 25 C, Pa (any steam table)."""


def air(water: float, **state: float) -> Flowsheet:
    plant = Flowsheet("p")
    plant.add(Feed("air", "gas", {"N2": 1.0 - water, "H2O": water}, **state))
    return plant


@pytest.mark.parametrize("humidity", [0.9, 1.0])
def test_humid_air_is_a_gas(humidity: float) -> None:
    plant = air(humidity * SATURATED / 101325.0, temperature=298.15)
    assert plant.solve().warnings == ()


def test_fog_is_no_feed() -> None:
    plant = air(5.0 * SATURATED / 101325.0, temperature=298.15)
    with pytest.raises(Refusal, match=r"air: the gas .* hold 5.* times the H2O .* at 298.15 K"):
        plant.solve()


def test_a_heater_does_not_cool_below_the_dew_point() -> None:
    """3 mol% water, 10 C: 3040 Pa, of which 1228 Pa stay (steam table)."""
    plant = air(0.03, temperature=303.15)
    cooler = plant.add(Heater("E-1", "gas", temperature=283.15, utility="refrigeration"))
    plant.connect(plant.units["air"].out, cooler.feed, "warm air")
    with pytest.raises(Refusal, match=r"E-1: the gas .* hold 2.48 times .* \(Flash"):
        plant.solve()
    plant.set("E-1.temperature", 299.15)  # 3363 Pa
    assert plant.solve().warnings == ()


def test_steam_of_a_regeneration_does_not_leave_cold() -> None:
    plant = Flowsheet("p")
    gas = plant.add(Feed("gas", "gas", {"NH3": 1.0, "H2O": 0.02}, temperature=320.0))
    given = {"water_fraction": 5e-4, "regeneration_heat": 7e6, "regeneration_temperature": 340.0}
    dryer = plant.add(GasDryer("D-1", **given))
    plant.connect(gas.out, dryer.feed, "wet gas")
    with pytest.raises(Refusal, match="D-1: the gas .* times the H2O that it can at 340.00 K"):
        plant.solve()
    plant.set("D-1.regeneration_temperature", 500.0)
    plant.solve()


def test_two_gases_may_mix_to_a_fog_and_it_is_told() -> None:
    """Saturated at 60 C into dry and cold: 19.9 kPa of 101 are far above what the mixture holds."""
    plant = Flowsheet("p")
    wet = plant.add(Feed("wet", "gas", {"N2": 0.81, "H2O": 0.19}, temperature=333.15))
    cold = plant.add(Feed("cold", "gas", {"N2": 1.0}, temperature=263.15))
    mixer = plant.add(Mixer("M-1", "gas"))
    plant.connect(wet.out, mixer.feed[0], "warm")
    plant.connect(cold.out, mixer.feed[1], "dry")
    (warning,) = plant.solve().warnings
    assert warning.startswith("M-1: the gas 'M-1.out' is a fog") or "is a fog" in warning
