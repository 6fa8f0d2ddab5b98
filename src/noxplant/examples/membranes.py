"""Examples of membrane units."""

from __future__ import annotations

from noxplant.flowsheet.graph import Flowsheet
from noxplant.units.donnan_dialyser import DonnanDialyser
from noxplant.units.electrodialyser import Electrodialyser
from noxplant.units.feed import Feed
from noxplant.units.membrane_contactor import MembraneContactor


def membrane_contactor() -> Flowsheet:
    """Alkaline liquor of 35 C gives its ammonia to sulfuric acid through a polypropylene membrane."""
    plant = Flowsheet("membrane contactor")
    liquor = {"H2O": 55.5, "NH3": 0.1, "KNO3": 0.1, "KOH": 0.05}
    a = plant.add(Feed("liquor feed", "aqueous", liquor, temperature=308.15))
    acid = {"H2O": 10.0, "H2SO4": 0.1}
    b = plant.add(Feed("acid feed", "aqueous", acid, temperature=298.15))
    unit = plant.add(
        MembraneContactor(
            "U", cells=6, area=150.0, feed_film=1e-5, porosity=0.4, tortuosity=2.5, thickness=40e-6,
            pore_diameter=3e-8, entry_pressure=4e5,
        )
    )  # fmt: skip
    plant.connect(a.out, unit.liquid, "liquor")
    plant.connect(b.out, unit.strip, "acid")
    return plant


def electrodialyser() -> Flowsheet:
    """Ammonium nitrate and potassium nitrate, 0.15 mol/kg, into a concentrate."""
    plant = Flowsheet("electrodialyser")
    weak = {"H2O": 55.5, "NH4NO3": 0.1, "KNO3": 0.05}
    a = plant.add(Feed("diluate feed", "aqueous", weak, temperature=298.15))
    strong = {"H2O": 5.5, "NH4NO3": 0.1}
    b = plant.add(Feed("concentrate feed", "aqueous", strong, temperature=298.15))
    unit = plant.add(
        Electrodialyser(
            "U", segments=5, area=90.0, current_density=100.0, current_efficiency=0.9,
            water_drag=10.0, cation_resistance=2e-4, anion_resistance=2e-4, gap=4e-4, mass_transfer=2e-5,
        )
    )  # fmt: skip
    plant.connect(a.out, unit.diluate, "diluate")
    plant.connect(b.out, unit.concentrate, "concentrate")
    return plant


def donnan_dialyser() -> Flowsheet:
    """0.05 mol/kg ammonium sulfate gives its ammonium to a tenth of 1 mol/kg sodium chloride."""
    plant = Flowsheet("Donnan dialyser")
    weak = {"H2O": 55.5, "(NH4)2SO4": 0.025}
    a = plant.add(Feed("source feed", "aqueous", weak, temperature=298.15))
    b = plant.add(Feed("receiver feed", "aqueous", {"H2O": 5.55, "NaCl": 0.1}, temperature=298.15))
    unit = plant.add(DonnanDialyser("U", area=60.0, permeance=8e-4, mass_transfer=2e-5))
    plant.connect(a.out, unit.source, "source")
    plant.connect(b.out, unit.receiver, "receiver")
    return plant


EXAMPLES = {
    "MembraneContactor": membrane_contactor,
    "Electrodialyser": electrodialyser,
    "DonnanDialyser": donnan_dialyser,
}
