"""Examples of the plasma front end: arc, quench, NO oxidation, absorption in lye."""

from __future__ import annotations

from noxplant.flowsheet.graph import Flowsheet
from noxplant.thermo.gas_equilibrium import AIR_8
from noxplant.units.alkaline_absorber import AlkalineAbsorber
from noxplant.units.equilibrium_arc import EquilibriumArc
from noxplant.units.feed import Feed
from noxplant.units.nox_oxidiser import NOxOxidiser
from noxplant.units.quench import Quench
from noxplant.units.specified_plasma import SpecifiedPlasma

AIR = {"N2": 0.78, "O2": 0.21, "Ar": 0.01}
NOX = {"N2": 7.4, "O2": 1.85, "NO": 0.5, "NO2": 0.25, "CO2": 0.004, "H2O": 0.1}


def arc(name: str = "U") -> EquilibriumArc:
    """An arc at 3000 K."""
    return EquilibriumArc(
        name,
        species=AIR_8,
        treated=0.8,
        arc_temperature=3000.0,
        supply_efficiency=0.9,
        arc_efficiency=0.8,
        loss_temperature=333.15,
    )


def equilibrium_arc() -> Flowsheet:
    """Air through an arc."""
    plant = Flowsheet("equilibrium arc")
    air, unit = plant.add(Feed("air", "gas", AIR)), plant.add(arc())
    plant.connect(air.out, unit.feed, "air")
    return plant


def specified_plasma() -> Flowsheet:
    """Air through a measured reactor."""
    plant = Flowsheet("specified plasma")
    air = plant.add(Feed("air", "gas", AIR))
    unit = plant.add(
        SpecifiedPlasma("U", energy_cost=2.5e6, nox_fraction=0.04, no2_share=0.1, temperature=320.0)
    )
    plant.connect(air.out, unit.feed, "air")
    return plant


def quench() -> Flowsheet:
    """Arc and quench."""
    plant = Flowsheet("quench")
    air, hot = plant.add(Feed("air", "gas", AIR)), plant.add(arc("arc"))
    unit = plant.add(Quench("U", frozen_fraction=0.95, temperature=400.0))
    plant.connect(air.out, hot.feed, "air")
    plant.connect(hot.out, unit.feed, "hot gas")
    return plant


def nox_oxidiser() -> Flowsheet:
    """Quenched gas with 5 % NO is half oxidised."""
    plant = Flowsheet("NOx oxidiser")
    gas = plant.add(Feed("gas", "gas", {"N2": 0.765, "O2": 0.185, "NO": 0.05}, temperature=400.0))
    unit = plant.add(NOxOxidiser("U", volume=0.1, temperature=313.15))
    plant.connect(gas.out, unit.feed, "gas")
    return plant


def alkaline_absorber() -> Flowsheet:
    """NOx and CO2 meet 1 mol/kg potash lye."""
    plant = Flowsheet("alkaline absorber")
    gas = plant.add(Feed("gas", "gas", NOX, temperature=308.15))
    lye = plant.add(Feed("lye", "aqueous", {"H2O": 111.0, "KOH": 2.0}))
    unit = plant.add(
        AlkalineAbsorber("U", pair_efficiency=0.95, no2_efficiency=0.9, co2_efficiency=0.9)
    )
    plant.connect(gas.out, unit.gas, "gas")
    plant.connect(lye.out, unit.liquor, "lye")
    return plant


EXAMPLES = {
    "EquilibriumArc": equilibrium_arc,
    "SpecifiedPlasma": specified_plasma,
    "Quench": quench,
    "NOxOxidiser": nox_oxidiser,
    "AlkalineAbsorber": alkaline_absorber,
}
