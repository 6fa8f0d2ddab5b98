"""Examples of today's industry: ammonia synthesis and the Ostwald burner."""

from __future__ import annotations

from noxplant.constants import ATMOSPHERE
from noxplant.flowsheet.graph import Flowsheet
from noxplant.units.ammonia_converter import AmmoniaConverter
from noxplant.units.ammonia_separator import AmmoniaSeparator
from noxplant.units.feed import Feed
from noxplant.units.heat_exchanger import HeatExchanger
from noxplant.units.heater import Heater
from noxplant.units.mixer import Mixer
from noxplant.units.ostwald_burner import OstwaldBurner
from noxplant.units.real_ammonia_separator import RealAmmoniaSeparator
from noxplant.units.splitter import Splitter


def ammonia_converter() -> Flowsheet:
    """Synthesis gas at 150 atm and 450 C."""
    plant = Flowsheet("ammonia converter")
    feed = {"N2": 0.24, "H2": 0.72, "NH3": 0.03, "Ar": 0.01}
    gas = plant.add(Feed("gas", "gas", feed, temperature=450.0, pressure=150 * ATMOSPHERE))
    heater = plant.add(Heater("heater", "gas", temperature=680.0, utility="electric heat"))
    unit = plant.add(AmmoniaConverter("U", temperature=723.15, approach=10.0))
    plant.connect(gas.out, heater.feed, "cold gas")
    plant.connect(heater.out, unit.feed, "gas")
    return plant


def ammonia_separator() -> Flowsheet:
    """Gas with 15 % ammonia is cooled to -5 C."""
    plant = Flowsheet("ammonia separator")
    feed = {"N2": 0.2, "H2": 0.6, "NH3": 0.15, "Ar": 0.05}
    gas = plant.add(Feed("gas", "gas", feed, temperature=320.0, pressure=150 * ATMOSPHERE))
    unit = plant.add(AmmoniaSeparator("U", temperature=268.15))
    plant.connect(gas.out, unit.feed, "gas")
    return plant


def real_ammonia_separator() -> Flowsheet:
    """The same, with the ammonia that real gas holds."""
    plant = Flowsheet("real ammonia separator")
    feed = {"N2": 0.2, "H2": 0.6, "NH3": 0.15, "Ar": 0.05}
    gas = plant.add(Feed("gas", "gas", feed, temperature=320.0, pressure=150 * ATMOSPHERE))
    unit = plant.add(RealAmmoniaSeparator("U", temperature=268.15))
    plant.connect(gas.out, unit.feed, "gas")
    return plant


def ostwald_burner() -> Flowsheet:
    """10 % ammonia in dry air."""
    plant = Flowsheet("Ostwald burner")
    feed = {"N2": 0.711, "O2": 0.189, "NH3": 0.10}
    gas = plant.add(Feed("gas", "gas", feed, temperature=470.0, pressure=5e5))
    unit = plant.add(OstwaldBurner("U", no_selectivity=0.96, n2o_selectivity=0.015))
    plant.connect(gas.out, unit.feed, "gas")
    return plant


def haber_bosch(
    pressure: float = 150 * ATMOSPHERE,
    temperature: float = 723.15,
    approach: float = 10.0,
    separation: float = 268.15,
    purge: float = 0.02,
    inert: float = 0.01,
    exchange: float = 1000.0,
    separator: type[AmmoniaSeparator] | type[RealAmmoniaSeparator] = AmmoniaSeparator,
) -> Flowsheet:
    """Synthesis loop on 1 mol/s of make-up gas (H2 : N2 = 3); Pa, K, fraction of the loop gas, W/K."""
    plant = Flowsheet("Haber-Bosch loop")
    feed = {"N2": (1 - inert) / 4, "H2": 0.75 * (1 - inert), "Ar": inert}
    gas = plant.add(Feed("make-up", "gas", feed, temperature=400.0, pressure=pressure))
    mixer = plant.add(Mixer("mixer", "gas"))
    converter = plant.add(AmmoniaConverter("R", temperature=temperature, approach=approach))
    drum = plant.add(separator("V", temperature=separation))
    splitter = plant.add(Splitter("purge", "gas", fraction=purge))
    plant.connect(gas.out, mixer.feed[0], "synthesis gas")
    exchanger = plant.add(HeatExchanger("HX", "gas", conductance=exchange))
    plant.connect(mixer.out, exchanger.cold, "loop gas")
    plant.connect(exchanger.cold_out, converter.feed, "preheated")
    plant.connect(converter.out, exchanger.hot, "converted")
    plant.connect(exchanger.hot_out, drum.feed, "cooled")
    plant.connect(drum.gas, splitter.feed, "lean gas")
    plant.connect(splitter.out, mixer.feed[1], "recycle")
    return plant


EXAMPLES = {
    "AmmoniaConverter": ammonia_converter,
    "AmmoniaSeparator": ammonia_separator,
    "OstwaldBurner": ostwald_burner,
    "RealAmmoniaSeparator": real_ammonia_separator,
}
