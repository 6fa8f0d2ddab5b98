"""Examples of the electrolysers and the separator beside them."""

from __future__ import annotations

from noxplant.flowsheet.graph import Flowsheet
from noxplant.unit import Unit
from noxplant.units.feed import Feed
from noxplant.units.gas_liquid_separator import GasLiquidSeparator
from noxplant.units.kinetic_cell import KineticCell
from noxplant.units.specified_cell import SpecifiedCell

EFFICIENCY = {"NO3- -> NH3": 0.85, "NO3- -> NO2-": 0.02, "NO2- -> NH3": 0.03}


def around(unit: Unit, name: str) -> Flowsheet:
    """A cell between a nitrate catholyte and a potash anolyte of 5 mol/kg."""
    plant = Flowsheet(name)
    salts = {"H2O": 55.5, "KNO3": 0.55, "KOH": 5.0}
    a = plant.add(Feed("catholyte feed", "aqueous", salts, temperature=308.15))
    b = plant.add(Feed("anolyte feed", "aqueous", {"H2O": 60.0, "KOH": 6.0}, temperature=308.15))
    plant.add(unit)
    plant.connect(a.ports["out"][0], unit.ports["catholyte"][0], "catholyte")
    plant.connect(b.ports["out"][0], unit.ports["anolyte"][0], "anolyte")
    return plant


def specified_cell() -> Flowsheet:
    """Three fifths of the nitrate are reduced at 2.5 V."""
    cell = SpecifiedCell(
        "U", area=120.0, current_density=2400.0, voltage=2.5, cells=100.0, temperature=313.15,
        water_drag=5.0, mass_transfer=2e-5, faradaic_efficiency=EFFICIENCY,
    )  # fmt: skip
    return around(cell, "specified cell")


def kinetic_cell() -> Flowsheet:
    """The same cell with its voltage built up from losses."""
    cell = KineticCell(
        "U", area=120.0, current_density=2400.0, cells=100.0, temperature=313.15,
        water_drag=5.0, mass_transfer=2e-5, faradaic_efficiency=EFFICIENCY,
        cathode_slope=0.12, cathode_exchange=1e-5, anode_slope=0.05, anode_exchange=1e-4,
        membrane_resistance=1.5e-4, cathode_gap=2e-3, anode_gap=2e-3,
    )  # fmt: skip
    return around(cell, "kinetic cell")


def gas_liquid_separator() -> Flowsheet:
    """Hydrogen leaves a catholyte with ammonia."""
    plant = Flowsheet("separator")
    salts = {"H2O": 55.5, "KOH": 5.0, "NH3": 0.5}
    a = plant.add(Feed("liquor feed", "aqueous", salts, temperature=318.15))
    b = plant.add(Feed("hydrogen feed", "gas", {"H2": 0.3}, temperature=318.15))
    unit = plant.add(GasLiquidSeparator("U"))
    plant.connect(a.out, unit.liquid, "liquor")
    plant.connect(b.out, unit.gas, "hydrogen")
    return plant


EXAMPLES = {
    "SpecifiedCell": specified_cell,
    "KineticCell": kinetic_cell,
    "GasLiquidSeparator": gas_liquid_separator,
}
