"""Examples of strippers, traps and the ammonia dryer."""

from __future__ import annotations

from noxplant.flowsheet.graph import Flowsheet
from noxplant.units.acid_trap import AcidTrap
from noxplant.units.air_stripper import AirStripper
from noxplant.units.feed import Feed
from noxplant.units.gas_dryer import GasDryer
from noxplant.units.steam_stripper import SteamStripper


def air_stripper() -> Flowsheet:
    """Case F of the ammonia note: 1 kg/s water with 0.5 mol/kg ammonia at 50 C and 1 kg/s air."""
    plant = Flowsheet("air stripper")
    water = {"H2O": 55.508, "NH3": 0.5, "KOH": 0.011}
    a = plant.add(Feed("liquor feed", "aqueous", water, temperature=323.15))
    air = {"N2": 27.12, "O2": 7.195, "Ar": 0.3225, "CO2": 0.0145, "H2O": 0.549}
    b = plant.add(Feed("air feed", "gas", air))
    unit = plant.add(AirStripper("U", stages=3))
    plant.connect(a.out, unit.liquid, "liquor")
    plant.connect(b.out, unit.gas, "air")
    return plant


def acid_trap() -> Flowsheet:
    """Sulfuric acid takes up the ammonia of humid air."""
    plant = Flowsheet("acid trap")
    a = plant.add(Feed("acid feed", "aqueous", {"H2O": 10.0, "H2SO4": 0.3}))
    air = {"N2": 30.0, "O2": 8.0, "H2O": 1.2, "NH3": 0.5}
    b = plant.add(Feed("gas feed", "gas", air, temperature=303.15))
    unit = plant.add(AcidTrap("U", stages=2))
    plant.connect(a.out, unit.liquid, "acid")
    plant.connect(b.out, unit.gas, "gas")
    return plant


def steam_stripper() -> Flowsheet:
    """Catholyte of a nitrate cell: 0.4 mol/kg ammonia in 6 mol/kg potash lye, fed near boiling."""
    plant = Flowsheet("steam stripper")
    liquor = {"H2O": 55.5, "KOH": 6.0, "KNO3": 0.2, "NH3": 0.4}
    a = plant.add(Feed("liquor feed", "aqueous", liquor, temperature=370.15))
    unit = plant.add(
        SteamStripper(
            "U", stripping_stages=12, rectifying_stages=3, pressure=101325.0,
            condenser_temperature=313.15, boilup_ratio=0.08,
        )
    )  # fmt: skip
    plant.connect(a.out, unit.feed, "liquor")
    return plant


def gas_dryer() -> Flowsheet:
    """Ammonia vapour with 5 mol % water is dried on 3A sieve."""
    plant = Flowsheet("gas dryer")
    a = plant.add(Feed("vapour feed", "gas", {"NH3": 0.95, "H2O": 0.05}, temperature=313.15))
    unit = plant.add(
        GasDryer("U", water_fraction=5e-4, regeneration_heat=7e6, regeneration_temperature=500.0)
    )
    plant.connect(a.out, unit.feed, "vapour")
    return plant


EXAMPLES = {
    "AirStripper": air_stripper,
    "AcidTrap": acid_trap,
    "SteamStripper": steam_stripper,
    "GasDryer": gas_dryer,
}
