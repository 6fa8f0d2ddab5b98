"""Examples of packed columns for ammonia, and of what precipitates it."""

from __future__ import annotations

from noxplant.flowsheet.graph import Flowsheet
from noxplant.units.bicarbonate_precipitator import BicarbonatePrecipitator
from noxplant.units.feed import Feed
from noxplant.units.packed_acid_trap import PackedAcidTrap
from noxplant.units.packed_air_stripper import PackedAirStripper


def packed_air_stripper() -> Flowsheet:
    """Case F of the ammonia note over 4 m of plastic Pall rings: 1 kg/s water, 1 kg/s air."""
    plant = Flowsheet("packed air stripper")
    water = {"H2O": 55.508, "NH3": 0.5, "KOH": 0.011}
    a = plant.add(Feed("liquor feed", "aqueous", water, temperature=323.15))
    air = {"N2": 27.12, "O2": 7.195, "Ar": 0.3225, "CO2": 0.0145, "H2O": 0.549}
    b = plant.add(Feed("air feed", "gas", air))
    unit = plant.add(
        PackedAirStripper(
            "U", packing="plastic Pall rings 50 mm", cells=12, height=4.0, section=0.6,
            relative_viscosity=1.0,
        )
    )  # fmt: skip
    plant.connect(a.out, unit.liquid, "liquor")
    plant.connect(b.out, unit.gas, "air")
    return plant


def packed_acid_trap() -> Flowsheet:
    """Sulfuric acid takes up the ammonia of humid air over 3 m of plastic saddles."""
    plant = Flowsheet("packed acid trap")
    acid = {"H2O": 30.0, "H2SO4": 0.3}
    a = plant.add(Feed("acid feed", "aqueous", acid, temperature=303.15))
    air = {"N2": 30.0, "O2": 8.0, "H2O": 1.2, "NH3": 0.5}
    b = plant.add(Feed("gas feed", "gas", air, temperature=303.15))
    unit = plant.add(
        PackedAcidTrap(
            "U", packing="plastic Intalox saddles 50 mm", cells=8, height=3.0, section=0.6,
            relative_viscosity=1.2,
        )
    )  # fmt: skip
    plant.connect(a.out, unit.liquid, "acid")
    plant.connect(b.out, unit.gas, "gas")
    return plant


def bicarbonate_precipitator() -> Flowsheet:
    """Flue gas with CO2 meets 7 mol/kg ammonia at 20 C."""
    plant = Flowsheet("bicarbonate precipitator")
    liquor = {"H2O": 55.5, "NH3": 7.0}
    a = plant.add(Feed("liquor feed", "aqueous", liquor, temperature=298.15))
    b = plant.add(Feed("gas feed", "gas", {"CO2": 8.0, "N2": 2.0}, temperature=303.15))
    unit = plant.add(BicarbonatePrecipitator("U", temperature=293.15, utility="refrigeration"))
    plant.connect(a.out, unit.feed, "liquor")
    plant.connect(b.out, unit.gas, "gas")
    return plant


EXAMPLES = {
    "PackedAirStripper": packed_air_stripper,
    "PackedAcidTrap": packed_acid_trap,
    "BicarbonatePrecipitator": bicarbonate_precipitator,
}
