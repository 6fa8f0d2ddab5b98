"""Nitrate -> ammonia -> benzophenone azine -> hydrazine sulfate, all loops closed."""

from __future__ import annotations

from noxplant.basis import Basis
from noxplant.flowsheet import Flowsheet
from noxplant.streams.ports import Port
from noxplant.units.acid_trap import AcidTrap
from noxplant.units.azeotrope_still import AzeotropeStill
from noxplant.units.azine_cell import AzineCell
from noxplant.units.azine_crystalliser import AzineCrystalliser
from noxplant.units.condenser import TotalCondenser
from noxplant.units.crystal_dryer import CrystalDryer
from noxplant.units.decanter import Decanter
from noxplant.units.dpk_recycle import DPKRecycle
from noxplant.units.evaporator import Evaporator
from noxplant.units.feed import Feed
from noxplant.units.filter import Filter
from noxplant.units.gas_dryer import GasDryer
from noxplant.units.gas_liquid_separator import GasLiquidSeparator
from noxplant.units.heat_exchanger import HeatExchanger
from noxplant.units.heater import Heater
from noxplant.units.hydrolyser import Hydrolyser
from noxplant.units.imine_reactor import ImineReactor
from noxplant.units.mixer import Mixer
from noxplant.units.organic_absorber import OrganicAbsorber
from noxplant.units.product import Product
from noxplant.units.recrystalliser import Recrystalliser
from noxplant.units.sample_point import SamplePoint
from noxplant.units.solvent_dryer import SolventDryer
from noxplant.units.solvent_recovery import SolventRecovery
from noxplant.units.specified_cell import SpecifiedCell
from noxplant.units.splitter import Splitter
from noxplant.units.steam_stripper import SteamStripper
from noxplant.units.water_wash import WaterWash

AZINE, SALT = "benzophenone azine(s)", "N2H6SO4(s)"
REACTIONS = (
    "NO3- + 6 H2O + 8 e- -> NH3 + 9 OH-",
    "NO3- + H2O + 2 e- -> NO2- + 2 OH-",
    "NO2- + 5 H2O + 6 e- -> NH3 + 7 OH-",
    "2 H2O + 2 e- -> H2 + 2 OH-",
)
WATER = 55.508  # mol of water per kg
DESIGN = {  # what is asked for: what is freed for it
    "X-301.hydrazine": "E-101.area",
    "A-101.concentration[NO3-]": "F-101.factor",
    "A-102.concentration[OH-]": "S-101.fraction",
    "E-101.conversion[NO3-]": "F-102.amount[H2O]",
    "E-101.conversion[N(3)]": "E-101.faradaic_efficiency[NO2- -> NH3]",
    "C-101.removal": "C-101.boilup_ratio",
    "R-201.nitrogen_concentration": "F-203.amount[acetonitrile]",
    "R-201.ratio": "F-205.amount[benzophenone]",
    "A-201.concentration[KPF6]": "F-203.amount[KPF6]",
    "A-201.concentration[methanol]": "F-203.amount[methanol]",
    "W-201.wash_volumes": "F-204.factor",
    "R-301.acid_ratio": "F-301.factor",
    "V-302.saturation": "V-302.vapour_fraction",
    "F-302.wash_volumes": "F-303.factor",
}


def build(b: Basis) -> Flowsheet:
    """The whole plant: four sections, then what the design asks for."""
    plant = Flowsheet("nitrate-to-hydrazine")
    electrolyte(plant, b)
    azine(plant, b)
    ammonia(plant, b)
    hydrazine(plant, b)
    for fixed, freed in DESIGN.items():
        plant.exchange(fixed, b[f"design.{fixed}"], freed)
    return plant


def leave(plant: Flowsheet, port: Port, name: str) -> None:
    """A stream leaves the plant under a name of its own."""
    plant.connect(port, plant.add(Product(name, port.medium)).feed, name)


def electrolyte(plant: Flowsheet, b: Basis) -> None:
    """Nitrate cell, gas separators, steam stripper, bleed: one loop of alkaline liquor."""
    molality = b["F-101.molality"]
    nitrate = plant.add(
        Feed(
            "F-101",
            "aqueous",
            {"KNO3": 1.0, "H2O": WATER / molality},
            temperature=b["F-101.temperature"],
        )
    )
    water = plant.add(Feed("F-102", "aqueous", {"H2O": 3.0}))
    mixer = plant.add(Mixer("M-101", "aqueous", inlets=3))
    rich = plant.add(SamplePoint("A-101", "aqueous", sampled=("NO3-", "OH-", "N(3)")))
    cell = plant.add(SpecifiedCell("E-101", cathode=REACTIONS, **b.of("E-101")))
    oxygen = plant.add(GasLiquidSeparator("V-101"))
    hydrogen = plant.add(GasLiquidSeparator("V-102"))
    exchanger = plant.add(HeatExchanger("E-102", "aqueous", **b.of("E-102")))
    stripper = plant.add(
        SteamStripper("C-101", stripping_stages=10, rectifying_stages=2, **b.of("C-101"))
    )
    bleed = plant.add(Splitter("S-101", "aqueous", **b.of("S-101")))
    cooler = plant.add(Heater("E-103", "aqueous", utility="cooling water", **b.of("E-103")))
    lean = plant.add(SamplePoint("A-102", "aqueous", sampled=("NO3-", "OH-", "N(3)")))
    plant.connect(nitrate.out, mixer.feed[0], "potassium nitrate")
    plant.connect(water.out, mixer.feed[1], "make-up water")
    plant.connect(mixer.out, rich.feed, "mixed liquor")
    plant.connect(rich.out, cell.catholyte, "catholyte")
    plant.connect(cell.catholyte_out, hydrogen.liquid, "catholyte with hydrogen")
    plant.connect(cell.cathode_gas, hydrogen.gas, "cathode gas")
    plant.connect(hydrogen.liquid_out, exchanger.cold, "ammonia liquor")
    plant.connect(exchanger.cold_out, stripper.feed, "warm ammonia liquor")
    plant.connect(stripper.stripped, exchanger.hot, "hot stripped liquor")
    plant.connect(exchanger.hot_out, bleed.feed, "stripped liquor")
    plant.connect(bleed.out, cooler.feed, "liquor to anode")
    plant.connect(cooler.out, lean.feed, "cooled liquor")
    plant.connect(lean.out, cell.anolyte, "anolyte")
    plant.connect(cell.anolyte_out, oxygen.liquid, "anolyte with oxygen")
    plant.connect(cell.anode_gas, oxygen.gas, "anode gas")
    plant.connect(oxygen.liquid_out, mixer.feed[2], "spent anolyte")
    leave(plant, oxygen.gas_out, "oxygen")
    leave(plant, bleed.side, "potash bleed")


def ammonia(plant: Flowsheet, b: Basis) -> None:
    """Ammonia vapour is dried and taken up by the solvent; vents pass the acid trap."""
    dryer = plant.add(GasDryer("D-101", **b.of("D-101")))
    absorber = plant.add(OrganicAbsorber("T-201", **b.of("T-201")))
    vents = plant.add(Mixer("M-401", "gas", inlets=2))
    acid = plant.add(Feed("F-401", "aqueous", b.of("F-401")["amount"]))
    trap = plant.add(AcidTrap("T-401", stages=2))
    plant.connect(plant.units["C-101"].distillate, dryer.feed, "ammonia vapour")
    plant.connect(dryer.dried, absorber.gas, "dry ammonia")
    plant.connect(plant.units["A-201"].out, absorber.solvent, "lean solvent")
    plant.connect(absorber.out, plant.units["R-201"].solvent, "solvent with ammonia")
    plant.connect(plant.units["V-102"].gas_out, vents.feed[0], "hydrogen with ammonia")
    plant.connect(absorber.vent, vents.feed[1], "absorber vent")
    plant.connect(vents.out, trap.gas, "vents")
    plant.connect(acid.out, trap.liquid, "trap acid")
    leave(plant, dryer.vent, "dryer water")
    leave(plant, trap.gas_out, "hydrogen")
    leave(plant, trap.liquid_out, "ammonium sulfate liquor")


def azine(plant: Flowsheet, b: Basis) -> None:
    """Imine reactor, azine cell, azine crystals; the solvent goes round."""
    reactor = plant.add(ImineReactor("R-201", **b.of("R-201")))
    cell = plant.add(AzineCell("E-201", tanks=10, **b.of("E-201")))
    exchanger = plant.add(HeatExchanger("E-202", "organic", **b.of("E-202")))
    crystals = plant.add(AzineCrystalliser("K-201", **b.of("K-201")))
    press = plant.add(Filter("F-201", "organic slurry", solid=AZINE, **b.of("F-201")))
    side = plant.add(Splitter("S-201", "organic", **b.of("S-201")))
    still = plant.add(SolventRecovery("D-201", inlets=2, **b.of("D-201")))
    collect = plant.add(Mixer("M-202", "organic", inlets=4))
    dryer = plant.add(SolventDryer("X-201", **b.of("X-201")))
    make_up = plant.add(
        Feed("F-203", "organic", {"acetonitrile": 100.0, "methanol": 7.0, "KPF6": 0.6})
    )
    solvent = plant.add(Mixer("M-201", "organic", inlets=2))
    sample = plant.add(SamplePoint("A-201", "organic", sampled=("KPF6", "methanol", "H2O")))
    wash = plant.add(WaterWash("W-201", **b.of("W-201")))
    wash_water = plant.add(Feed("F-204", "aqueous", {"H2O": 10.0}))
    plant.connect(reactor.out, cell.feed, "imine liquor")
    plant.connect(cell.out, exchanger.hot, "azine liquor")
    plant.connect(exchanger.hot_out, crystals.feed, "cooled azine liquor")
    plant.connect(crystals.slurry, press.feed, "azine slurry")
    plant.connect(press.cake, wash.feed, "azine cake")
    plant.connect(press.mother_liquor, exchanger.cold, "cold mother liquor")
    plant.connect(exchanger.cold_out, side.feed, "mother liquor")
    plant.connect(side.side, still.feed[0], "side stream")
    plant.connect(wash.organic_out, still.feed[1], "film of oils")
    plant.connect(still.distillate, press.wash, "wash solvent")
    plant.connect(side.out, collect.feed[0], "mother liquor returned")
    plant.connect(press.wash_out, collect.feed[1], "spent wash solvent")
    plant.connect(still.bottoms, collect.feed[2], "bottoms returned")
    plant.connect(collect.out, dryer.feed, "wet solvent")
    plant.connect(dryer.out, solvent.feed[0], "dry solvent")
    plant.connect(make_up.out, solvent.feed[1], "solvent make-up")
    plant.connect(solvent.out, sample.feed, "solvent")
    plant.connect(wash_water.out, wash.wash, "wash water")
    wash_still(plant, b)
    leave(plant, cell.offgas, "azine-cell hydrogen")
    leave(plant, still.light_ends, "light ends")
    leave(plant, still.purge, "solvent bottoms")
    leave(plant, dryer.vapour, "solvent dryer water")


def wash_still(plant: Flowsheet, b: Basis) -> None:
    """Acetonitrile is taken out of the spent wash water and goes back to the solvent."""
    still = plant.add(AzeotropeStill("C-201", **b.of("C-201")))
    plant.connect(plant.units["W-201"].wash_out, still.feed, "spent wash water")
    plant.connect(still.distillate, plant.units["M-202"].feed[3], "solvent from wash water")
    leave(plant, still.bottoms, "waste wash water")


def hydrazine(plant: Flowsheet, b: Basis) -> None:
    """Hydrolysis in acid, benzophenone returned, hydrazine sulfate crystallised and dried."""
    acid = plant.add(Feed("F-301", "aqueous", {"H2SO4": 1.0, "H2O": WATER / b["F-301.molality"]}))
    hydrolyser = plant.add(Hydrolyser("R-301", recycles=1, **b.of("R-301")))
    decanter = plant.add(Decanter("V-301", **b.of("V-301")))
    ketone = plant.add(DPKRecycle("V-303", **b.of("V-303")))
    fresh = plant.add(Feed("F-205", "organic", {"benzophenone": 0.7}, temperature=333.15))
    evaporator = plant.add(Evaporator("V-302", salt=SALT, **b.of("V-302")))
    condenser = plant.add(TotalCondenser("E-301", **b.of("E-301")))
    crystals = plant.add(Recrystalliser("K-301", salt=SALT, **b.of("K-301")))
    press = plant.add(Filter("F-302", "slurry", solid=SALT, **b.of("F-302")))
    wash = plant.add(Feed("F-303", "aqueous", {"H2O": 2.0}, temperature=278.15))
    dryer = plant.add(CrystalDryer("X-301", salt=SALT, **b.of("X-301")))
    liquors = plant.add(Mixer("M-301", "aqueous", inlets=2))
    purge = plant.add(Splitter("S-301", "aqueous", **b.of("S-301")))
    plant.connect(plant.units["W-201"].cake, hydrolyser.cake, "washed azine cake")
    plant.connect(acid.out, hydrolyser.acid, "sulfuric acid")
    plant.connect(hydrolyser.aqueous_out, decanter.liquor, "hydrolysate")
    plant.connect(hydrolyser.organic_out, decanter.oil, "molten benzophenone")
    plant.connect(decanter.organic_out, ketone.returned, "benzophenone returned")
    plant.connect(fresh.out, ketone.make_up, "benzophenone make-up")
    plant.connect(ketone.out, plant.units["R-201"].ketone, "benzophenone")
    plant.connect(decanter.aqueous_out, evaporator.feed, "clear hydrolysate")
    plant.connect(evaporator.vapour, condenser.feed, "evaporator vapour")
    plant.connect(evaporator.liquor, crystals.feed, "concentrated liquor")
    plant.connect(crystals.slurry, press.feed, "hydrazine sulfate slurry")
    plant.connect(wash.out, press.wash, "cold wash water")
    plant.connect(press.cake, dryer.feed, "wet crystals")
    plant.connect(press.mother_liquor, liquors.feed[0], "product mother liquor")
    plant.connect(press.wash_out, liquors.feed[1], "spent wash")
    plant.connect(liquors.out, purge.feed, "liquors")
    plant.connect(purge.out, hydrolyser.recycle[0], "liquors returned")
    leave(plant, decanter.coalesced, "coalesced benzophenone")
    leave(plant, ketone.purge, "benzophenone purge")
    leave(plant, condenser.condensate, "process condensate")
    leave(plant, purge.side, "liquor purge")
    leave(plant, dryer.vapour, "crystal dryer vapour")
    leave(plant, dryer.product, "hydrazine sulfate")
