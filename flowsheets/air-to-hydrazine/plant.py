"""Air -> nitric oxides by plasma -> potash lye -> ammonia -> azine -> hydrazine sulfate."""

from __future__ import annotations

import sys

from noxplant import routes
from noxplant.basis import Basis
from noxplant.flowsheet import Flowsheet
from noxplant.flowsheet.solution import Solution
from noxplant.reports import figures
from noxplant.reports.outlets import Tracked
from noxplant.species.formulas import formula_mass
from noxplant.units.feed import Feed
from noxplant.units.gas_liquid_separator import GasLiquidSeparator
from noxplant.units.heater import Heater
from noxplant.units.mixer import Mixer
from noxplant.units.pump import Pump
from noxplant.units.sample_point import SamplePoint
from noxplant.units.specified_cell import SpecifiedCell
from noxplant.units.splitter import Splitter
from noxplant.utilities import ANY

FRONT, BACK = "air-to-ammonium-sulfate", "nitrate-to-hydrazine"
LYE = {  # what is asked for in place of the design of the nitrate cell's liquor, and what is freed
    "X-301.hydrazine": "F-001.factor",
    "R-001.residence_time": "R-001.volume",
    "A-101.concentration[N(3)]": "F-102.factor",
    "A-101.concentration[OH-]": "F-103.factor",
    "E-101.conversion[N(3)]": "E-101.faradaic_efficiency[NO2- -> NH3]",
    "E-101.limiting_ratio[N(3)]": "E-101.current_density",
    "E-101.limiting_ratio[NO3-]": "E-101.faradaic_efficiency[NO3- -> NH3]",
    "E-101.charge_share[H2O -> H2]": "E-101.area",
}
REPLACED = ("A-101.concentration[NO3-]", "A-102.concentration[OH-]", "E-101.conversion[NO3-]")
PRODUCT = ("hydrazine sulfate", "N(-2)")
PER_KG = "kg N2H4 in product"
CONSUMERS = {  # of electricity
    "the plasma": "P-001.power",
    "the air blower": "B-001.power",
    "the nitrate cell": "E-101.power",
    "the azine cell": "E-201.power",
    "the pumps": tuple(f"P-{n}.power" for n in (101, 102, 301, 302, 303)),
}
CONSUMABLES = {  # component that is counted, formula that it is weighed as
    "water": ("H2O", "H2O"),
    "H2SO4": ("S(6)", "H2SO4"),
    "acetonitrile": ("acetonitrile", "CH3CN"),
    "methanol": ("methanol", "CH3OH"),
    "benzophenone": ("benzophenone", "C13H10O"),
    "KPF6": ("PF6-", "KPF6"),
}
KETONES = ("benzophenone", "benzophenone imine", "benzophenone azine", "benzhydrol")
TRACKED = (  # columns of the README's table of outlets
    Tracked("N, fixed, but that of acetonitrile", "N", ignored=("N2", "acetonitrile")),
    *(Tracked(e, e) for e in "KSPF"),
    Tracked("C of CO2", "C", ("CO2", "HCO3-", "CO3--")),
    Tracked("C of acetonitrile", "C", ("acetonitrile",)),
    Tracked("C of methanol", "C", ("methanol", "formaldehyde")),
    Tracked("C of benzophenone", "C", KETONES),
)
LIMIT = "nitrate cell: current density over limiting current density of nitrite"
READ = {  # figures that are quantities
    "product purity, kg N2H6SO4 per kg product": ("X-301.purity", "kg/kg"),
    "nitrate cell: voltage with ohmic drop": ("E-101.voltage", "V"),
    LIMIT: ("E-101.limiting_ratio[N(3)]", "1"),
}
WATER = 55.508  # mol of water per kg


def build(b: Basis) -> Flowsheet:
    """The plant with the classes that the basis chooses."""
    plant = closed(b)
    if b.choice("plant.classes") == "rigorous":
        routes.beside(__file__, "rigorous").build(plant, b, sys.modules[__name__])
    return plant


def closed(b: Basis) -> Flowsheet:
    """The hydrazine plant on the liquor of the air plant's absorber, which takes its lye back."""
    front, back = (routes.module(routes.find(name)) for name in (FRONT, BACK))
    design = {k: v for k, v in back.DESIGN.items() if k not in REPLACED} | LYE
    back.electrolyte, back.DESIGN = electrolyte, {}
    plant: Flowsheet = back.closed(b)
    plant.name = "air-to-hydrazine"
    front.plasma(plant, b)
    u = plant.units
    up, back_again = (plant.add(Pump(n, **b.of(n))) for n in ("P-101", "P-102"))
    plant.connect(u["M-102"].out, up.feed, "lye")
    plant.connect(up.out, u["T-001"].liquor, "lye to the absorber")
    plant.connect(u["T-001"].liquor_out, back_again.feed, "NOx liquor")
    plant.connect(back_again.out, u["M-101"].feed[1], "NOx liquor to the cell")
    for fixed, freed in design.items():
        plant.exchange(fixed, b[f"design.{fixed}"], freed)
    cell = next(iter(plant.sections))
    plant.sections[cell] += ["S-102", "M-102", "P-101", "P-102"]
    return plant


def electrolyte(plant: Flowsheet, b: Basis) -> None:
    """Cell with its gas separators; the strong bleed is the absorber's lye, a weak one leaves."""
    amount, molality = b["F-103.KOH"], b["F-103.molality"]
    strength = {"KOH": amount, "H2O": amount * WATER / molality}
    potash = plant.add(Feed("F-103", "aqueous", strength, **b.of("delivery")))
    water = plant.add(Feed("F-102", "aqueous", b.of("F-102")["amount"], **b.of("delivery")))
    mixer = plant.add(Mixer("M-101", "aqueous", inlets=3))
    rich = plant.add(SamplePoint("A-101", "aqueous", sampled=("N(3)", "NO3-", "OH-", "C(4)")))
    reactions = routes.module(routes.find(FRONT)).REACTIONS
    cell = plant.add(SpecifiedCell("E-101", cathode=reactions, **b.of("E-101")))
    oxygen = plant.add(GasLiquidSeparator("V-101"))
    hydrogen = plant.add(GasLiquidSeparator("V-102"))
    export = plant.add(Splitter("S-101", "aqueous", **b.of("S-101")))
    cooler = plant.add(Heater("E-103", "aqueous", utility=ANY, **b.of("E-103")))
    lean = plant.add(SamplePoint("A-102", "aqueous", sampled=("OH-", "C(4)", "N(-3)")))
    bleed = plant.add(Splitter("S-102", "aqueous", **b.of("S-102")))
    strong = plant.add(Mixer("M-102", "aqueous", inlets=2))
    plant.connect(water.out, mixer.feed[2], "make-up water")
    plant.connect(mixer.out, rich.feed, "mixed liquor")
    plant.connect(rich.out, cell.catholyte, "catholyte")
    plant.connect(cell.catholyte_out, hydrogen.liquid, "catholyte with hydrogen")
    plant.connect(cell.cathode_gas, hydrogen.gas, "cathode gas")
    plant.connect(export.out, cooler.feed, "liquor to anode")
    plant.connect(export.side, strong.feed[0], "potash bleed")
    plant.connect(potash.out, strong.feed[1], "potash make-up")
    plant.connect(cooler.out, lean.feed, "cooled liquor")
    plant.connect(lean.out, cell.anolyte, "anolyte")
    plant.connect(cell.anolyte_out, oxygen.liquid, "anolyte with oxygen")
    plant.connect(cell.anode_gas, oxygen.gas, "anode gas")
    plant.connect(oxygen.liquid_out, bleed.feed, "spent anolyte")
    plant.connect(bleed.out, mixer.feed[0], "spent anolyte returned")
    routes.module(routes.find(FRONT)).leave(plant, bleed.side, "carbonate bleed")


def headline(solution: Solution) -> figures.Figures:
    """What one asks of the plant first; every name carries its basis."""
    s, rate = solution, solution["X-301.hydrazine"]
    out = figures.energy(s, CONSUMERS, rate, PER_KG)
    oxides = routes.module(routes.find(FRONT)).oxides
    taken = oxides(s, "quenched gas") - oxides(s, "NOx absorber vent")
    plasma = s["P-001.power"] / taken
    out["electricity of the plasma per mol N absorbed"] = (plasma, "J/mol")
    out |= figures.make_up(s, CONSUMABLES, rate, PER_KG)
    out |= lye(s, rate)
    out |= figures.read(s, READ)
    back = routes.module(routes.find(BACK))
    return out | back.circulated(s, rate, PER_KG) | back.recovered(s) | back.left_out(s)


def lye(s: Solution, rate: float) -> figures.Figures:
    """NOx slip, nitrogen yield, and the potash that goes round, is made up and leaves."""
    oxides = routes.module(routes.find(FRONT)).oxides
    made, slip = oxides(s, "quenched gas"), oxides(s, "NOx absorber vent")
    sold = 2 * s.stream("hydrazine sulfate").content("N(-2)")
    bleed = s.stream("carbonate bleed")
    weight = {k: formula_mass(k) / rate for k in ("KOH", "K2CO3")}
    lent = s.stream("potash bleed").content("K+")
    net = s.stream("potash make-up").content("K+")
    carbonate = bleed.content("C(4)")
    entering = sum(x.content("C(4)") for x in s.entering())
    return {
        "NOx slip, mol NO and NO2 vented per mol NOx quenched": (slip / made, "mol/mol"),
        "N yield, mol N as N2H4 in product per mol NOx quenched": (sold / made, "mol/mol"),
        "carbonate in the anolyte": (s["A-102.concentration[C(4)]"], "mol/m3"),
        "share of the CO2 that the lye takes": (carbonate / entering, "1"),
        f"K2CO3 in the bleed, kg per {PER_KG}": (carbonate * weight["K2CO3"], "kg/kg"),
        f"K+ to the absorber as potash bleed, weighed as KOH, kg per {PER_KG}": (
            lent * weight["KOH"],
            "kg/kg",
        ),
        f"make-up of KOH, kg per {PER_KG}": (net * weight["KOH"], "kg/kg"),
    }
