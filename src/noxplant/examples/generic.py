"""Examples of generic units: valve, pump, compressor, flash, reactor with given conversions."""

from __future__ import annotations

from noxplant.flowsheet.graph import Flowsheet
from noxplant.units.compressor import Compressor
from noxplant.units.feed import Feed
from noxplant.units.flash import Flash
from noxplant.units.pump import Pump
from noxplant.units.stoichiometric_reactor import StoichiometricReactor
from noxplant.units.valve import Valve

OSTWALD = "4 NH3 + 5 O2 -> 4 NO + 6 H2O"
TO_NITROGEN = "4 NH3 + 3 O2 -> 2 N2 + 6 H2O"


def valve() -> Flowsheet:
    """Air is throttled."""
    plant = Flowsheet("valve")
    air = plant.add(Feed("air", "gas", {"N2": 0.79, "O2": 0.21}, pressure=5e5))
    unit = plant.add(Valve("U", "gas", pressure=1.2e5))
    plant.connect(air.out, unit.feed, "air")
    return plant


def pump() -> Flowsheet:
    """Lye is pumped to 5 bar."""
    plant = Flowsheet("pump")
    lye = plant.add(Feed("lye", "aqueous", {"H2O": 55.5, "KOH": 1.0}))
    unit = plant.add(Pump("U", pressure=5e5, efficiency=0.7))
    plant.connect(lye.out, unit.feed, "lye")
    return plant


def compressor() -> Flowsheet:
    """Air is compressed to 4 bar."""
    plant = Flowsheet("compressor")
    air = plant.add(Feed("air", "gas", {"N2": 0.79, "O2": 0.21}))
    unit = plant.add(Compressor("U", pressure=4e5, efficiency=0.75))
    plant.connect(air.out, unit.feed, "air")
    return plant


def flash(temperature: float = 360.0, pressure: float = 101325.0) -> Flowsheet:
    """Ammonia water is flashed."""
    plant = Flowsheet("flash")
    liquid = plant.add(Feed("liquor", "aqueous", {"H2O": 50.0, "NH3": 5.0}, pressure=3e5))
    unit = plant.add(
        Flash(
            "U",
            "aqueous",
            temperature=temperature,
            pressure=pressure,
            utility="low-pressure steam",
        )
    )
    plant.connect(liquid.out, unit.feed, "liquor")
    return plant


def stoichiometric_reactor() -> Flowsheet:
    """Ammonia is burnt to NO (95 %) and N2 (5 %)."""
    plant = Flowsheet("stoichiometric reactor")
    gas = plant.add(Feed("gas", "gas", {"NH3": 0.1, "N2": 0.711, "O2": 0.189}))
    unit = plant.add(
        StoichiometricReactor(
            "U",
            "gas",
            {OSTWALD: "NH3", TO_NITROGEN: "NH3"},
            conversion={OSTWALD: 0.95, TO_NITROGEN: 0.05},
            temperature=800.0,
            utility="cooling water",
        )
    )
    plant.connect(gas.out, unit.feed, "gas")
    return plant


EXAMPLES = {
    "Valve": valve,
    "Pump": pump,
    "Compressor": compressor,
    "Flash": flash,
    "StoichiometricReactor": stoichiometric_reactor,
}
