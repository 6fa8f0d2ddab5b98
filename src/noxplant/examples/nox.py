"""Examples of rigorous NOx gas units: acid column, plug-flow oxidiser, alkaline column."""

from __future__ import annotations

from noxplant.flowsheet.graph import Flowsheet
from noxplant.units.acid_column import AcidColumn
from noxplant.units.alkaline_column import AlkalineColumn
from noxplant.units.feed import Feed
from noxplant.units.oxidation_reactor import OxidationReactor

MOIST = {"N2": 7.4, "O2": 1.2, "NO": 0.5, "NO2": 0.25, "H2O": 0.1}


def acid_column() -> Flowsheet:
    """NOx gas at 5 bar meets water in six stages."""
    plant = Flowsheet("acid column")
    gas = plant.add(Feed("gas", "gas", MOIST, temperature=320.0, pressure=5e5))
    water = plant.add(Feed("water", "aqueous", {"H2O": 3.0}, temperature=303.15, pressure=5e5))
    unit = plant.add(AcidColumn("U", stages=6, volume=0.5, temperature=303.15, efficiency=0.6))
    unit.choose_utility("duty", "refrigeration")
    plant.connect(gas.out, unit.gas, "gas")
    plant.connect(water.out, unit.liquid, "water")
    return plant


def oxidation_reactor() -> Flowsheet:
    """Moist gas with 6 % NO is oxidised and cooled."""
    plant = Flowsheet("oxidation reactor")
    feed = {"N2": 0.75, "O2": 0.15, "NO": 0.06, "NO2": 0.01, "H2O": 0.03}
    gas = plant.add(Feed("gas", "gas", feed, temperature=380.0))
    unit = plant.add(
        OxidationReactor(
            "U",
            volume=0.3,
            conductance=20.0,
            coolant_temperature=308.15,
            species=("N2O3", "N2O4", "HNO2", "HNO3"),
        )
    )
    plant.connect(gas.out, unit.feed, "gas")
    return plant


def alkaline_column() -> Flowsheet:
    """NOx and CO2 meet 1.5 mol/kg potash lye in five stages."""
    plant = Flowsheet("alkaline column")
    feed = {"N2": 7.4, "O2": 1.85, "NO": 0.3, "NO2": 0.25, "CO2": 0.004, "H2O": 0.1}
    gas = plant.add(Feed("gas", "gas", feed, temperature=308.15))
    lye = plant.add(Feed("lye", "aqueous", {"H2O": 111.0, "KOH": 3.0}))
    unit = plant.add(AlkalineColumn("U", stages=5, area=300.0, volume=1.0, gas_film=0.02))
    plant.connect(gas.out, unit.gas, "gas")
    plant.connect(lye.out, unit.liquor, "lye")
    return plant


EXAMPLES = {
    "AcidColumn": acid_column,
    "AlkalineColumn": alkaline_column,
    "OxidationReactor": oxidation_reactor,
}
