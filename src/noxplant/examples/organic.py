"""Examples of the units of the organic loop."""

from __future__ import annotations

from noxplant.flowsheet.graph import Flowsheet
from noxplant.units.azine_cell import AzineCell
from noxplant.units.azine_crystalliser import AzineCrystalliser
from noxplant.units.azine_exchanger import AzineExchanger
from noxplant.units.dpk_recycle import DPKRecycle
from noxplant.units.feed import Feed
from noxplant.units.imine_reactor import ImineReactor
from noxplant.units.kinetic_imine_reactor import KineticImineReactor
from noxplant.units.organic_absorber import OrganicAbsorber
from noxplant.units.potential_azine_cell import PotentialAzineCell
from noxplant.units.solvent_dryer import SolventDryer
from noxplant.units.solvent_recovery import SolventRecovery

SOLVENT = {"acetonitrile": 180.0, "methanol": 12.0, "KPF6": 1.0, "H2O": 0.2}
"""Ten litres of solvent a second, mol/s: 1.2 mol/L methanol, 0.1 mol/L KPF6, 0.02 mol/L water."""
MADE = {"NH3": 0.02, "benzophenone": 0.22, "benzophenone imine": 0.02, "benzophenone azine": 0.48}


def organic_absorber() -> Flowsheet:
    """Ammonia without inerts meets lean solvent; two stages, 25 degC."""
    plant = Flowsheet("organic absorber")
    gas = plant.add(Feed("gas", "gas", {"NH3": 1.0}))
    lean = plant.add(Feed("lean", "organic", {**SOLVENT, "NH3": 0.02}))
    unit = plant.add(
        OrganicAbsorber(
            "U",
            temperature=298.15,
            pressure=101325.0,
            vent_fraction=0.002,
            stages=2,
            utility="refrigeration",
        )
    )
    plant.connect(gas.out, unit.gas, "ammonia")
    plant.connect(lean.out, unit.solvent, "lean solvent")
    return plant


def imine_reactor() -> Flowsheet:
    """Ammonia at 0.1 mol/L and 20 percent excess of molten benzophenone."""
    plant = Flowsheet("imine reactor")
    solvent = plant.add(Feed("solvent", "organic", {**SOLVENT, "NH3": 1.0}, temperature=308.15))
    ketone = plant.add(Feed("ketone", "organic", {"benzophenone": 1.2}, temperature=330.0))
    unit = plant.add(ImineReactor("U", temperature=308.15, equilibrium_constant=1000.0))
    plant.connect(solvent.out, unit.solvent, "solvent")
    plant.connect(ketone.out, unit.ketone, "ketone")
    return plant


def kinetic_imine_reactor() -> Flowsheet:
    """As the imine reactor, in three tanks of half an hour together."""
    plant = Flowsheet("kinetic imine reactor")
    solvent = plant.add(Feed("solvent", "organic", {**SOLVENT, "NH3": 1.0}, temperature=308.15))
    ketone = plant.add(Feed("ketone", "organic", {"benzophenone": 1.2}, temperature=330.0))
    unit = plant.add(
        KineticImineReactor(
            "U",
            tanks=3,
            temperature=308.15,
            equilibrium_constant=1000.0,
            rate_constant=1e-5,
            volume=18.0,
        )
    )
    plant.connect(solvent.out, unit.solvent, "solvent")
    plant.connect(ketone.out, unit.ketone, "ketone")
    return plant


def azine_cell() -> Flowsheet:
    """Four tanks at the reference figures: 2.0 V anode, 4.1 V between the electrodes, 1 mm."""
    plant = Flowsheet("azine cell")
    brought = {"NH3": 0.05, "H2O": 1.2, "benzophenone": 0.25, "benzophenone imine": 0.95}
    feed = plant.add(Feed("feed", "organic", {**SOLVENT, **brought}, temperature=308.15))
    unit = plant.add(
        AzineCell(
            "U",
            tanks=4,
            volume=400.0,
            rate_constant=1.3e-4,
            mass_transfer=3.5e-5,
            equilibrium_constant=1000.0,
            faradaic_efficiency=0.95,
            ketone_loss=0.002,
            anode_potential=2.0,
            cathode_potential=-2.1,
            gap=1e-3,
            conductivity=1.2,
            temperature=308.15,
            condenser_temperature=263.15,
            solubility=100.0,
            heat_of_solution=30000.0,
        )
    )
    plant.connect(feed.out, unit.feed, "feed")
    return plant


def potential_azine_cell() -> Flowsheet:
    """As the azine cell; the electrode step at 1.6 V is as fast as transport (no figure is known)."""
    plant = Flowsheet("azine cell by potential")
    brought = {"NH3": 0.05, "H2O": 1.2, "benzophenone": 0.25, "benzophenone imine": 0.95}
    feed = plant.add(Feed("feed", "organic", {**SOLVENT, **brought}, temperature=308.15))
    unit = plant.add(
        PotentialAzineCell(
            "U",
            tanks=4,
            volume=400.0,
            area=1500.0,
            mass_transfer=3.5e-5,
            electrode_rate=3.5e-5,
            tafel_slope=0.12,
            condensation_constant=1e-5,
            equilibrium_constant=1000.0,
            ketone_loss=0.002,
            anode_potential=2.0,
            cathode_potential=-2.1,
            gap=1e-3,
            salt_conductivity=1.2,
            temperature=308.15,
            condenser_temperature=263.15,
            solubility=100.0,
            heat_of_solution=30000.0,
        )
    )
    plant.connect(feed.out, unit.feed, "feed")
    return plant


def azine_exchanger() -> Flowsheet:
    """Liquor of the cell at 48 mol/m3 of azine warms cold mother liquor."""
    plant = Flowsheet("azine exchanger")
    hot = plant.add(Feed("hot", "organic", {**SOLVENT, **MADE}, temperature=308.15))
    cold = plant.add(Feed("cold", "organic", SOLVENT, temperature=263.15))
    unit = plant.add(
        AzineExchanger("U", saturation=0.9, solubility=100.0, heat_of_solution=30000.0)
    )
    plant.connect(hot.out, unit.hot, "azine liquor")
    plant.connect(cold.out, unit.cold, "mother liquor")
    return plant


def azine_crystalliser() -> Flowsheet:
    """Solvent of the cell cooled to 0 degC."""
    plant = Flowsheet("azine crystalliser")
    feed = plant.add(Feed("feed", "organic", {**SOLVENT, **MADE}, temperature=280.0))
    unit = plant.add(
        AzineCrystalliser("U", temperature=273.15, solubility=100.0, heat_of_solution=30000.0)
    )
    plant.connect(feed.out, unit.feed, "feed")
    return plant


def solvent_dryer() -> Flowsheet:
    """Reaction water is taken out down to 20 mol/m3."""
    plant = Flowsheet("solvent dryer")
    feed = plant.add(Feed("feed", "organic", {**SOLVENT, **MADE, "H2O": 1.2}, temperature=303.15))
    unit = plant.add(
        SolventDryer(
            "U",
            water=20.0,
            regeneration_heat=6e6,
            regeneration_temperature=500.0,
            bed_temperature=308.15,
            acetonitrile_loss=1e-4,
        )
    )
    plant.connect(feed.out, unit.feed, "wet solvent")
    return plant


def solvent_recovery() -> Flowsheet:
    """Side stream of mother liquor and a wash liquor."""
    plant = Flowsheet("solvent recovery")
    spent = {**SOLVENT, **MADE, "H2O": 1.2, "formaldehyde": 0.8, "benzhydrol": 0.1}
    mother = plant.add(Feed("mother", "organic", spent, temperature=300.0))
    wash = plant.add(Feed("wash", "organic", {"acetonitrile": 20.0, "KPF6": 0.02}))
    unit = plant.add(
        SolventRecovery(
            "U",
            inlets=2,
            pressure=101325.0,
            condenser_temperature=313.15,
            reflux_ratio=1.5,
            acetonitrile_kept=0.1,
            formaldehyde_out=0.95,
            methanol_bound=1.0,
            purge_fraction=0.1,
        )
    )
    plant.connect(mother.out, unit.feed[0], "mother liquor")
    plant.connect(wash.out, unit.feed[1], "wash liquor")
    return plant


def dpk_recycle() -> Flowsheet:
    """Molten benzophenone comes back; half a percent is purged."""
    plant = Flowsheet("benzophenone recycle")
    back = {"benzophenone": 1.0, "benzhydrol": 0.005, "H2O": 0.02}
    returned = plant.add(Feed("returned", "organic", back, temperature=335.0))
    fresh = plant.add(Feed("fresh", "organic", {"benzophenone": 0.02}, temperature=330.0))
    unit = plant.add(DPKRecycle("U", purge_fraction=0.005))
    plant.connect(returned.out, unit.returned, "returned")
    plant.connect(fresh.out, unit.make_up, "make-up")
    return plant


EXAMPLES = {
    "OrganicAbsorber": organic_absorber,
    "ImineReactor": imine_reactor,
    "KineticImineReactor": kinetic_imine_reactor,
    "AzineCell": azine_cell,
    "PotentialAzineCell": potential_azine_cell,
    "AzineExchanger": azine_exchanger,
    "AzineCrystalliser": azine_crystalliser,
    "SolventDryer": solvent_dryer,
    "SolventRecovery": solvent_recovery,
    "DPKRecycle": dpk_recycle,
}
