"""Nitrate -> ammonia -> benzophenone azine -> hydrazine sulfate, all loops closed."""

from __future__ import annotations

import sys
from typing import cast

from noxplant import routes
from noxplant.basis import Basis
from noxplant.flowsheet import Flowsheet
from noxplant.flowsheet.solution import Solution
from noxplant.reports import figures
from noxplant.reports.outlets import Tracked
from noxplant.streams.ports import Port
from noxplant.units.acid_trap import AcidTrap
from noxplant.units.azeotrope_still import AzeotropeStill
from noxplant.units.azine_cell import AzineCell
from noxplant.units.azine_crystalliser import AzineCrystalliser
from noxplant.units.azine_exchanger import AzineExchanger
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
from noxplant.units.pump import Pump
from noxplant.units.recrystalliser import Recrystalliser
from noxplant.units.sample_point import SamplePoint
from noxplant.units.solvent_dryer import SolventDryer
from noxplant.units.solvent_recovery import SolventRecovery
from noxplant.units.specified_cell import SpecifiedCell
from noxplant.units.splitter import Splitter
from noxplant.units.steam_stripper import SteamStripper
from noxplant.units.water_wash import WaterWash
from noxplant.utilities import ANY

NAME = "nitrate-to-hydrazine"
KETONES = ("benzophenone", "benzophenone imine", "benzophenone azine", "benzhydrol")
AZINE, SALT = "benzophenone azine(s)", "N2H6SO4(s)"
REACTIONS = (
    "NO3- + 6 H2O + 8 e- -> NH3 + 9 OH-",
    "NO3- + H2O + 2 e- -> NO2- + 2 OH-",
    "NO2- + 5 H2O + 6 e- -> NH3 + 7 OH-",
    "2 H2O + 2 e- -> H2 + 2 OH-",
)
LIMIT = "nitrate cell: current density over limiting current density of nitrate"
HEXAMINE = "ammonia that it would bind as hexamine if it did not, per ammonia to the imine reactor"
READ = {  # figures that are quantities
    "product purity, kg N2H6SO4 per kg product": ("X-301.purity", "kg/kg"),
    "nitrate cell: voltage with ohmic drop": ("E-101.voltage", "V"),
    LIMIT: ("E-101.limiting_ratio[NO3-]", "1"),
    "azine cell: voltage without ohmic drop": ("E-201.electrode_voltage", "V"),
    "azine cell: mean voltage with ohmic drop": ("E-201.voltage", "V"),
}
WATER = 55.508  # mol of water per kg
STAGES = {"stripping_stages": 10, "rectifying_stages": 2}
DESIGN = {  # what is asked for: what is freed for it
    "X-301.hydrazine": "E-101.area",
    "A-101.concentration[NO3-]": "F-101.factor",
    "A-102.concentration[OH-]": "S-101.fraction",
    "E-102.mean_difference": "E-102.conductance",
    "E-101.conversion[NO3-]": "F-102.amount[H2O]",
    "E-101.conversion[N(3)]": "E-101.faradaic_efficiency[NO2- -> NH3]",
    "C-101.removal": "C-101.boilup_ratio",
    "E-201.residence_time": "E-201.volume",
    "R-201.nitrogen_concentration": "F-203.amount[acetonitrile]",
    "R-201.ratio": "F-205.amount[benzophenone]",
    "A-201.concentration[KPF6]": "F-203.amount[KPF6]",
    "A-201.concentration[methanol]": "F-203.amount[methanol]",
    "W-201.wash_volumes": "F-204.factor",
    "R-301.acid_ratio": "F-301.factor",
    "V-302.saturation": "V-302.vapour_fraction",
    "F-302.wash_volumes": "F-303.factor",
    "T-401.acid_ratio": "F-401.factor",
    "T-402.acid_ratio": "F-402.factor",
}
CONSUMERS = {  # of electricity
    "the nitrate cell": "E-101.power",
    "the azine cell": "E-201.power",
    "the pumps": ("P-301.power", "P-302.power", "P-303.power"),
}
CONSUMABLES = {  # component that is counted, formula that it is weighed as
    "KNO3": ("NO3-", "KNO3"),
    "water": ("H2O", "H2O"),
    "H2SO4": ("S(6)", "H2SO4"),
    "acetonitrile": ("acetonitrile", "CH3CN"),
    "methanol": ("methanol", "CH3OH"),
    "benzophenone": ("benzophenone", "C13H10O"),
    "KPF6": ("PF6-", "KPF6"),
}
TRACKED = (  # columns of the README's table of outlets
    Tracked("N, but that of acetonitrile", "N", ignored=("acetonitrile",)),
    *(Tracked(e, e) for e in "KSPF"),
    Tracked("C of acetonitrile", "C", ("acetonitrile",)),
    Tracked("C of methanol", "C", ("methanol", "formaldehyde")),
    Tracked("C of benzophenone", "C", KETONES),
)
SECTIONS = {  # feeds and products stand beside what they are connected to
    "Nitrate cell and stripper": "M-101 A-101 E-101 V-101 V-102 E-102 C-101 S-101 E-103 A-102",
    "Ammonia to solvent, vents": "D-101 T-201 M-401 T-401 T-402",
    "Azine cell and solvent": "R-201 E-201 E-202 K-201 F-201 S-201 D-201 M-202 X-201 M-201 A-201"
    " W-201 C-201",
    "Hydrazine and benzophenone": "R-301 V-301 V-303 V-302 E-301 P-302 P-301 K-301 E-303"
    " F-302 X-301 E-302 P-303 M-301 S-301",
}


def build(b: Basis) -> Flowsheet:
    """The plant in the configuration and with the classes that the basis chooses."""
    main, classes = sys.modules[__name__], b.choice("plant.classes")
    if b.choice("plant.configuration") == "as published":
        return cast(Flowsheet, routes.beside(__file__, "published").build(b, main))
    plant = closed(b)
    if classes == "rigorous":
        routes.beside(__file__, "rigorous").build(plant, b, main)
    return plant


def closed(b: Basis) -> Flowsheet:
    """The whole plant: its sections, the streams between them, then what the design asks for."""
    plant = Flowsheet(NAME)
    for section in (electrolyte, stripping, ammonia, azine, solvent, cake_wash, hydrolysis):
        section(plant, b)
    product(plant, b)
    u = plant.units
    plant.connect(u["V-102"].liquid_out, u["E-102"].cold, "ammonia liquor")
    plant.connect(u["E-102"].hot_out, u["S-101"].feed, "stripped liquor")
    plant.connect(u["C-101"].distillate, u["D-101"].feed, "ammonia vapour")
    plant.connect(u["V-102"].gas_out, u["M-401"].feed[0], "hydrogen with ammonia")
    plant.connect(u["E-201"].offgas, u["M-401"].feed[2], "azine-cell hydrogen")
    plant.connect(u["V-101"].gas_out, u["T-402"].gas, "oxygen with ammonia")
    plant.connect(u["A-201"].out, u["T-201"].solvent, "lean solvent")
    plant.connect(u["T-201"].out, u["R-201"].solvent, "solvent with ammonia")
    plant.connect(u["V-303"].out, u["R-201"].ketone, "benzophenone")
    plant.connect(u["F-201"].cake, u["W-201"].feed, "azine cake")
    plant.connect(u["W-201"].organic_out, u["D-201"].feed[1], "film of oils")
    plant.connect(u["C-201"].distillate, u["M-202"].feed[3], "solvent from wash water")
    plant.connect(u["W-201"].cake, u["R-301"].cake, "washed azine cake")
    plant.connect(u["V-301"].aqueous_out, u["V-302"].feed, "clear hydrolysate")
    plant.connect(u["S-301"].out, u["R-301"].recycle[0], "liquors returned")
    for fixed, freed in DESIGN.items():
        plant.exchange(fixed, b[f"design.{fixed}"], freed)
    plant.sections = {name: units.split() for name, units in SECTIONS.items()}
    return plant


def leave(plant: Flowsheet, port: Port, name: str) -> None:
    """A stream leaves the plant under a name of its own."""
    plant.connect(port, plant.add(Product(name, port.medium)).feed, name)


def electrolyte(plant: Flowsheet, b: Basis) -> None:
    """Nitrate cell with its gas separators; bleed and make-up of the liquor."""
    salt = {"KNO3": 1.0, "H2O": WATER / b["F-101.molality"]}
    warm = b["F-101.temperature"]
    nitrate = plant.add(Feed("F-101", "aqueous", salt, temperature=warm, **b.of("delivery")))
    water = plant.add(Feed("F-102", "aqueous", {"H2O": 3.0}, **b.of("delivery")))
    mixer = plant.add(Mixer("M-101", "aqueous", inlets=3))
    rich = plant.add(SamplePoint("A-101", "aqueous", sampled=("NO3-", "OH-", "N(3)")))
    cell = plant.add(SpecifiedCell("E-101", cathode=REACTIONS, **b.of("E-101")))
    oxygen = plant.add(GasLiquidSeparator("V-101"))
    hydrogen = plant.add(GasLiquidSeparator("V-102"))
    bleed = plant.add(Splitter("S-101", "aqueous", **b.of("S-101")))
    cooler = plant.add(Heater("E-103", "aqueous", utility=ANY, **b.of("E-103")))
    lean = plant.add(SamplePoint("A-102", "aqueous", sampled=("NO3-", "OH-", "N(3)")))
    plant.connect(nitrate.out, mixer.feed[1], "potassium nitrate")
    plant.connect(water.out, mixer.feed[2], "make-up water")
    plant.connect(mixer.out, rich.feed, "mixed liquor")
    plant.connect(rich.out, cell.catholyte, "catholyte")
    plant.connect(cell.catholyte_out, hydrogen.liquid, "catholyte with hydrogen")
    plant.connect(cell.cathode_gas, hydrogen.gas, "cathode gas")
    plant.connect(bleed.out, cooler.feed, "liquor to anode")
    plant.connect(cooler.out, lean.feed, "cooled liquor")
    plant.connect(lean.out, cell.anolyte, "anolyte")
    plant.connect(cell.anolyte_out, oxygen.liquid, "anolyte with oxygen")
    plant.connect(cell.anode_gas, oxygen.gas, "anode gas")
    plant.connect(oxygen.liquid_out, mixer.feed[0], "spent anolyte")
    leave(plant, bleed.side, "potash bleed")


def stripping(plant: Flowsheet, b: Basis) -> None:
    """Steam stripper with the exchanger of its feed and effluent."""
    exchanger = plant.add(HeatExchanger("E-102", "aqueous", **b.of("E-102")))
    stripper = plant.add(SteamStripper("C-101", **STAGES, **b.of("C-101")))
    plant.connect(exchanger.cold_out, stripper.feed, "warm ammonia liquor")
    plant.connect(stripper.stripped, exchanger.hot, "hot stripped liquor")


def ammonia(plant: Flowsheet, b: Basis) -> None:
    """Ammonia vapour is dried and taken up by the solvent; vents pass the acid trap."""
    dryer = plant.add(GasDryer("D-101", **b.of("D-101")))
    absorber = plant.add(OrganicAbsorber("T-201", utility=ANY, **b.of("T-201")))
    vents = plant.add(Mixer("M-401", "gas", inlets=3))
    trap = trapped(plant, b, "F-401", "T-401", "trap acid")
    oxygen = trapped(plant, b, "F-402", "T-402", "acid for the oxygen")
    plant.connect(dryer.dried, absorber.gas, "dry ammonia")
    plant.connect(absorber.vent, vents.feed[1], "absorber vent")
    plant.connect(vents.out, trap.gas, "vents")
    leave(plant, dryer.vent, "dryer water")
    leave(plant, trap.gas_out, "hydrogen")
    leave(plant, trap.liquid_out, "ammonium sulfate liquor")
    leave(plant, oxygen.gas_out, "oxygen")
    leave(plant, oxygen.liquid_out, "sulfate liquor of the oxygen")


def trapped(plant: Flowsheet, b: Basis, feed: str, trap: str, name: str) -> AcidTrap:
    """An acid trap with sulfuric acid of its own: hydrogen and oxygen share no liquid."""
    dilute = {"H2SO4": 1e-3, "H2O": 1e-3 * WATER / b[f"{feed}.molality"]}
    acid = plant.add(Feed(feed, "aqueous", dilute, **b.of("delivery")))
    unit = plant.add(AcidTrap(trap, stages=2))
    plant.connect(acid.out, unit.liquid, name)
    return unit


def azine(plant: Flowsheet, b: Basis) -> None:
    """Imine reactor, azine cell, crystals, filter; the mother liquor leaves warm."""
    reactor = plant.add(ImineReactor("R-201", utility=ANY, **b.of("imine"), **b.of("R-201")))
    given = {**b.of("imine"), **b.of("azine"), **b.of("E-201")}
    cell = plant.add(AzineCell("E-201", tanks=10, utility=ANY, **given))
    exchanger = plant.add(AzineExchanger("E-202", **b.of("azine"), **b.of("E-202")))
    crystals = plant.add(AzineCrystalliser("K-201", **b.of("azine"), **b.of("K-201")))
    press = plant.add(Filter("F-201", "organic slurry", solid=AZINE, **b.of("F-201")))
    plant.connect(reactor.out, cell.feed, "imine liquor")
    plant.connect(cell.out, exchanger.hot, "azine liquor")
    plant.connect(exchanger.hot_out, crystals.feed, "cooled azine liquor")
    plant.connect(crystals.slurry, press.feed, "azine slurry")
    plant.connect(press.mother_liquor, exchanger.cold, "cold mother liquor")


def solvent(plant: Flowsheet, b: Basis) -> None:
    """Side stream to solvent recovery, sieve, make-up: mother liquor becomes solvent again."""
    side = plant.add(Splitter("S-201", "organic", **b.of("S-201")))
    still = plant.add(SolventRecovery("D-201", inlets=2, **b.of("D-201")))
    collect = plant.add(Mixer("M-202", "organic", inlets=4))
    dryer = plant.add(SolventDryer("X-201", **b.of("X-201")))
    fresh = {"acetonitrile": 100.0, "methanol": 7.0, "KPF6": 0.6}
    make_up = plant.add(Feed("F-203", "organic", fresh, **b.of("delivery")))
    mixer = plant.add(Mixer("M-201", "organic", inlets=2))
    sample = plant.add(SamplePoint("A-201", "organic", sampled=("KPF6", "methanol", "H2O")))
    plant.connect(plant.units["E-202"].cold_out, side.feed, "mother liquor")
    plant.connect(side.side, still.feed[0], "side stream")
    plant.connect(still.distillate, plant.units["F-201"].wash, "wash solvent")
    plant.connect(side.out, collect.feed[0], "mother liquor returned")
    plant.connect(plant.units["F-201"].wash_out, collect.feed[1], "spent wash solvent")
    plant.connect(still.bottoms, collect.feed[2], "bottoms returned")
    plant.connect(collect.out, dryer.feed, "wet solvent")
    plant.connect(dryer.out, mixer.feed[0], "dry solvent")
    plant.connect(make_up.out, mixer.feed[1], "solvent make-up")
    plant.connect(mixer.out, sample.feed, "solvent")
    leave(plant, still.light_ends, "light ends")
    leave(plant, still.purge, "solvent bottoms")
    leave(plant, dryer.vapour, "solvent dryer water")


def cake_wash(plant: Flowsheet, b: Basis) -> None:
    """Water frees the cake of salt and solvent; the wash water's solvent is distilled off."""
    wash = plant.add(WaterWash("W-201", **b.of("W-201")))
    water = plant.add(Feed("F-204", "aqueous", {"H2O": 10.0}, **b.of("delivery")))
    still = plant.add(AzeotropeStill("C-201", **b.of("C-201")))
    plant.connect(water.out, wash.wash, "wash water")
    plant.connect(wash.wash_out, still.feed, "spent wash water")
    leave(plant, still.bottoms, "waste wash water")


def hydrolysis(plant: Flowsheet, b: Basis) -> None:
    """Azine and acid become hydrazinium liquor and molten benzophenone, which returns."""
    strong = {"H2SO4": 1.0, "H2O": WATER / b["F-301.molality"]}
    acid = plant.add(Feed("F-301", "aqueous", strong, **b.of("delivery")))
    reactor = plant.add(Hydrolyser("R-301", recycles=1, **b.of("R-301")))
    decanter = plant.add(Decanter("V-301", **b.of("V-301")))
    ketone = plant.add(DPKRecycle("V-303", **b.of("V-303")))
    melt, warm = {"benzophenone": 0.7}, b["F-205.temperature"]
    fresh = plant.add(Feed("F-205", "organic", melt, temperature=warm, **b.of("delivery")))
    plant.connect(acid.out, reactor.acid, "sulfuric acid")
    plant.connect(reactor.aqueous_out, decanter.liquor, "hydrolysate")
    plant.connect(reactor.organic_out, decanter.oil, "molten benzophenone")
    plant.connect(decanter.organic_out, ketone.returned, "benzophenone returned")
    plant.connect(fresh.out, ketone.make_up, "benzophenone make-up")
    leave(plant, decanter.coalesced, "coalesced benzophenone")
    leave(plant, ketone.purge, "benzophenone purge")


def product(plant: Flowsheet, b: Basis) -> None:
    """Hydrazine sulfate is crystallised, washed and dried; its liquors are purged and return."""
    evaporator = plant.add(Evaporator("V-302", salt=SALT, **b.of("V-302")))
    condenser = plant.add(TotalCondenser("E-301", **b.of("E-301")))
    drain = plant.add(Pump("P-302", **b.of("P-302")))
    pump = plant.add(Pump("P-301", **b.of("P-301")))
    crystals = plant.add(Recrystalliser("K-301", salt=SALT, **b.of("K-301")))
    water = plant.add(Feed("F-303", "aqueous", {"H2O": 2.0}, **b.of("delivery")))
    chiller = plant.add(Heater("E-303", "aqueous", utility="refrigeration", **b.of("E-303")))
    press = plant.add(Filter("F-302", "slurry", solid=SALT, **b.of("F-302")))
    liquors = plant.add(Mixer("M-301", "aqueous", inlets=2))
    purge = plant.add(Splitter("S-301", "aqueous", **b.of("S-301")))
    plant.connect(evaporator.vapour, condenser.feed, "evaporator vapour")
    plant.connect(condenser.condensate, drain.feed, "condensate under vacuum")
    plant.connect(evaporator.liquor, pump.feed, "concentrated liquor")
    plant.connect(pump.out, crystals.feed, "liquor to crystalliser")
    plant.connect(crystals.slurry, press.feed, "hydrazine sulfate slurry")
    plant.connect(water.out, chiller.feed, "wash water for the crystals")
    plant.connect(chiller.out, press.wash, "cold wash water")
    plant.connect(press.mother_liquor, liquors.feed[0], "product mother liquor")
    plant.connect(press.wash_out, liquors.feed[1], "spent wash")
    plant.connect(liquors.out, purge.feed, "liquors")
    leave(plant, drain.out, "process condensate")
    leave(plant, purge.side, "liquor purge")
    drying(plant, b)


def drying(plant: Flowsheet, b: Basis) -> None:
    """Vacuum dryer of the crystals; its vapour is condensed and pumped out."""
    dryer = plant.add(CrystalDryer("X-301", salt=SALT, **b.of("X-301")))
    condenser = plant.add(TotalCondenser("E-302", **b.of("E-302")))
    drain = plant.add(Pump("P-303", **b.of("P-303")))
    plant.connect(plant.units["F-302"].cake, dryer.feed, "wet crystals")
    plant.connect(dryer.vapour, condenser.feed, "crystal dryer vapour")
    plant.connect(condenser.condensate, drain.feed, "dryer condensate under vacuum")
    leave(plant, drain.out, "dryer condensate")
    leave(plant, dryer.product, "hydrazine sulfate")


def headline(solution: Solution) -> figures.Figures:
    """What one asks of the plant first; every name carries its basis."""
    s, rate, basis = solution, solution["X-301.hydrazine"], "kg N2H4 in product"
    out = figures.energy(s, CONSUMERS, rate, basis) | yields(s) | circulated(s, rate, basis)
    out |= figures.make_up(s, CONSUMABLES, rate, basis) | figures.read(s, READ)
    return out | left_out(s)


def circulated(s: Solution, rate: float, basis: str) -> figures.Figures:
    """What goes round in the loops, kg per kg."""
    lean = s.stream("lean solvent")
    loops = {
        "electrolyte liquor": (s.stream("catholyte"), None),
        "solvent with all it holds": (lean, None),
        "acetonitrile": (lean, "acetonitrile"),
        "methanol": (lean, "methanol"),
        "KPF6": (lean, "KPF6"),
        "benzophenone from hydrolysis": (s.stream("benzophenone"), "benzophenone"),
        "acid liquors of the product": (s.stream("liquors returned"), None),
    }
    return figures.circulated(loops, rate, basis)


def left_out(s: Solution) -> figures.Figures:
    """How strong what reacts in no unit is: formaldehyde in the solvent, ammonia at the anode."""
    lean, rich = s.stream("lean solvent"), s.stream("solvent with ammonia")
    level = lean.content("formaldehyde") / s["A-201.volume_flow"]
    # 6 CH2O + 4 NH3 = (CH2)6N4 + 6 H2O
    bound = min(rich.content("formaldehyde") * 4 / 6 / rich.content("N(-3)"), 1.0)
    made = sum(s[f"E-101.extent[{k} -> NH3]"] for k in ("NO3-", "NO2-"))
    anode = s.stream("anolyte").content("N(-3)") / made
    return {
        "formaldehyde in the lean solvent, taken to stay as hemiacetal": (level, "mol/m3"),
        HEXAMINE: (bound, "1"),
        "ammonia brought to the anode, oxidation not modelled, per NH3 made": (anode, "1"),
    }


def yields(s: Solution) -> figures.Figures:
    """Selectivities and yield on nitrate; fractions of 1."""
    extent = [s[f"E-101.extent[{k}]"] for k in ("NO3- -> NH3", "NO2- -> NH3", "NO3- -> NO2-")]
    ammonia_made, consumed = extent[0] + extent[1], extent[0] + extent[2]
    fed = s.stream("potassium nitrate").content("NO3-")
    made, sold = s["R-301.extent"], s.stream("hydrazine sulfate").content("N(-2)")
    in_cell = "per mol NO3- consumed in the cell"
    found = {
        f"selectivity, mol NH3 made {in_cell}": ammonia_made / consumed,
        f"selectivity, mol N as N2H4 made {in_cell}": 2 * made / consumed,
        "isolated yield, mol N as N2H4 in product per mol NO3- fed": 2 * sold / fed,
    }
    return {name: (value, "1") for name, value in found.items()} | recovered(s)


def recovered(s: Solution) -> figures.Figures:
    """Benzophenone returned, crystals in one pass and over all; fractions of 1."""
    made, sold = s["R-301.extent"], s.stream("hydrazine sulfate").content("N(-2)")
    split, kept = s["V-301.returned"], 1 - s["V-303.purge_fraction"]
    cake = s.stream("washed azine cake").content("benzophenone azine")
    in_feed, back = "in the crystalliser's feed", "per benzophenone brought to the decanter"
    found = {
        f"benzophenone returned by phase split, {back}": split,
        f"benzophenone returned after purge, {back}": split * kept,
        f"azine crystallised in a single pass, per azine {in_feed}": s["K-201.recovery"],
        "azine recovered overall, in washed cake per azine made": cake / s["E-201.azine_made"],
        f"N2H6SO4 crystallised in a single pass, per N2H4 {in_feed}": s["K-301.single_pass_yield"],
        "N2H4 recovered overall, in product per N2H4 made": sold / made,
    }
    return {name: (value, "1") for name, value in found.items()}
