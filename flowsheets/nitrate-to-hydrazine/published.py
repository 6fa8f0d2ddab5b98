"""The paper's steps once through, with the units of the default plant."""

from __future__ import annotations

from functools import partial
from types import ModuleType

from noxplant.azine import azine_batch
from noxplant.basis import Basis
from noxplant.flowsheet import Flowsheet
from noxplant.flowsheet.solution import Solution
from noxplant.reports import figures
from noxplant.units.azine_cell import AzineCell
from noxplant.units.azine_crystalliser import AzineCrystalliser
from noxplant.units.feed import Feed
from noxplant.units.filter import Filter
from noxplant.units.gas_dryer import GasDryer
from noxplant.units.hydrolyser import Hydrolyser
from noxplant.units.imine_reactor import ImineReactor
from noxplant.units.organic_absorber import OrganicAbsorber
from noxplant.units.specified_cell import SpecifiedCell
from noxplant.units.steam_stripper import SteamStripper
from noxplant.units.water_wash import WaterWash

PUBLISHED = {  # the same for the paper's steps
    "T-201.absorbed": "E-101.current_density",
    "C-101.removal": "C-101.boilup_ratio",
    "R-201.nitrogen_concentration": "F-203.factor",
    "R-201.ratio": "F-205.factor",
    "E-201.conversion": "E-201.rate_constant",
    "W-201.wash_volumes": "F-204.factor",
    "R-301.conversion": "R-301.residence_time",
    "R-301.acid_ratio": "F-301.factor",
}


def build(b: Basis, main: ModuleType) -> Flowsheet:
    """The paper's steps once through, each with the paper's yield as a design specification."""
    plant = Flowsheet(main.NAME)
    ammonia(plant, b, main)
    azine(plant, b, main)
    for fixed, freed in PUBLISHED.items():
        plant.exchange(fixed, b[f"published.{fixed}"], freed)
    charged = b["batch.volume"] * b["batch.concentration"]
    plant.headline = partial(bookkeeping, charged=charged, duration=b["batch.duration"])
    return plant


def ammonia(plant: Flowsheet, b: Basis, main: ModuleType) -> None:
    """Nitrate to ammonia in the solvent, once through."""
    catholyte = plant.add(Feed("F-101", "aqueous", b.of("F-101")["amount"]))
    anolyte = plant.add(Feed("F-102", "aqueous", b.of("F-102")["amount"]))
    direct = "faradaic_efficiency[NO3- -> NH3]"
    given = {**b.of("E-101"), "faradaic_efficiency": {"NO3- -> NH3": b[f"E-101.{direct}"]}}
    cell = plant.add(SpecifiedCell("E-101", cathode=main.REACTIONS[::3], **given))
    column = plant.add(SteamStripper("C-101", **main.STAGES, **b.of("C-101")))
    dryer = plant.add(GasDryer("D-101", **b.of("D-101")))
    absorber = plant.add(OrganicAbsorber("T-201", **b.of("T-201")))
    fresh = plant.add(Feed("F-203", "organic", **b.of("F-203")))
    plant.connect(catholyte.out, cell.catholyte, "catholyte")
    plant.connect(anolyte.out, cell.anolyte, "anolyte")
    plant.connect(cell.catholyte_out, column.feed, "ammonia liquor")
    plant.connect(column.distillate, dryer.feed, "ammonia vapour")
    plant.connect(dryer.dried, absorber.gas, "dry ammonia")
    plant.connect(fresh.out, absorber.solvent, "fresh solvent")


def azine(plant: Flowsheet, b: Basis, main: ModuleType) -> None:
    """Ammonia in the solvent to hydrolysate, once through."""
    ketone = plant.add(Feed("F-205", "organic", {"benzophenone": 1.0}, temperature=333.15))
    reactor = plant.add(ImineReactor("R-201", **b.of("imine"), **b.of("R-201")))
    given = {**b.of("imine"), **b.of("azine"), **b.of("E-201")}
    cell = plant.add(AzineCell("E-201", tanks=10, **given))
    isolated = {**b.of("azine"), **b.of("isolation"), **b.of("K-201")}
    crystals = plant.add(AzineCrystalliser("K-201", **isolated))
    press = plant.add(Filter("F-201", "organic slurry", solid=main.AZINE, **b.of("F-201")))
    rinse = plant.add(Feed("F-202", "organic", b.of("F-202")["amount"]))
    wash = plant.add(WaterWash("W-201", **b.of("W-201")))
    water = plant.add(Feed("F-204", "aqueous", {"H2O": 10.0}))
    strong = {"H2SO4": 1.0, "H2O": main.WATER / b["F-301.molality"]}
    acid = plant.add(Feed("F-301", "aqueous", strong))
    hydrolyser = plant.add(Hydrolyser("R-301", **b.of("R-301")))
    plant.connect(plant.units["T-201"].out, reactor.solvent, "solvent with ammonia")
    plant.connect(ketone.out, reactor.ketone, "benzophenone")
    plant.connect(reactor.out, cell.feed, "imine liquor")
    plant.connect(cell.out, crystals.feed, "azine liquor")
    plant.connect(crystals.slurry, press.feed, "azine slurry")
    plant.connect(rinse.out, press.wash, "wash solvent")
    plant.connect(press.cake, wash.feed, "azine cake")
    plant.connect(water.out, wash.wash, "wash water")
    plant.connect(wash.cake, hydrolyser.cake, "washed azine cake")
    plant.connect(acid.out, hydrolyser.acid, "sulfuric acid")
    main.leave(plant, hydrolyser.aqueous_out, "hydrolysate")


def bookkeeping(s: Solution, charged: float, duration: float) -> figures.Figures:
    """The paper's arithmetic: step yields multiplied, charge and energy by Faraday's law."""
    fed, made = s.stream("catholyte").content("NO3-"), s.stream("hydrolysate").content("N(-2)")
    conversion, energy = s["E-201.conversion"], s["E-201.specific_energy"]
    cell = s["E-201.faradaic_efficiency"], s["E-201.voltage"]
    batch = azine_batch(charged, conversion, *cell, duration)
    return {
        "mol N as NH3 in solvent per mol NO3- fed": (s["T-201.absorbed"] / fed, "1"),
        "mol N coupled to azine per mol NH3 in solvent": (conversion, "1"),
        "azine hydrolysed per azine in the cake": (s["R-301.conversion"], "1"),
        "mol N as N2H4 in hydrolysate per mol NO3- fed": (2 * made / fed, "1"),
        "electricity of the azine cell per kg N2H4 contained in azine": (energy, "J/kg"),
        "charge of the published batch": (batch.charge, "C"),
        "mean current of the published batch": (batch.mean_current, "A"),
    }
