"""Air -> nitric oxides by plasma -> potash lye -> ammonia -> ammonium sulfate, all loops closed."""

from __future__ import annotations

import sys

from noxplant import routes
from noxplant.basis import Basis
from noxplant.constants import ATMOSPHERE
from noxplant.flowsheet import Flowsheet, Solution
from noxplant.reports import figures
from noxplant.reports.outlets import Tracked
from noxplant.species.formulas import formula_mass
from noxplant.streams.ports import Port
from noxplant.thermo.gas_equilibrium import AIR_8
from noxplant.thermo.quench import frozen_fraction
from noxplant.unit import Unit
from noxplant.units.acid_trap import AcidTrap
from noxplant.units.air_stripper import AirStripper
from noxplant.units.alkaline_absorber import AlkalineAbsorber
from noxplant.units.compressor import Compressor
from noxplant.units.condenser import TotalCondenser
from noxplant.units.crystal_dryer import CrystalDryer
from noxplant.units.equilibrium_arc import EquilibriumArc
from noxplant.units.evaporative_crystalliser import EvaporativeCrystalliser
from noxplant.units.feed import Feed
from noxplant.units.filter import Filter
from noxplant.units.gas_liquid_separator import GasLiquidSeparator
from noxplant.units.heat_exchanger import HeatExchanger
from noxplant.units.heater import Heater
from noxplant.units.mixer import Mixer
from noxplant.units.nox_oxidiser import NOxOxidiser
from noxplant.units.product import Product
from noxplant.units.pump import Pump
from noxplant.units.quench import Quench
from noxplant.units.sample_point import SamplePoint
from noxplant.units.specified_cell import SpecifiedCell
from noxplant.units.splitter import Splitter

NAME = "air-to-ammonium-sulfate"
SALT = "(NH4)2SO4(s)"
HOT = (*AIR_8, "H2O", "OH", "H", "CO2")
REACTIONS = (
    "NO2- + 5 H2O + 6 e- -> NH3 + 7 OH-",
    "NO3- + 6 H2O + 8 e- -> NH3 + 9 OH-",
    "NO3- + H2O + 2 e- -> NO2- + 2 OH-",
    "2 H2O + 2 e- -> H2 + 2 OH-",
)
READ = {  # figures that are quantities
    "voltage of the cell": ("E-101.voltage", "V"),
    "current density over limiting current density of nitrite": ("E-101.limiting_ratio[N(3)]", "1"),
    "current density over limiting current density of nitrate": ("E-101.limiting_ratio[NO3-]", "1"),
}
OXIDES = {"NO": 1, "NO2": 1, "N2O3": 2, "N2O4": 2, "HNO2": 1}  # atoms of N in each
PRODUCT = ("ammonium sulfate", SALT)
PER_KG = "kg (NH4)2SO4 in product"
CONSUMERS: dict[str, str | tuple[str, ...]] = {  # of electricity
    "the plasma": "P-001.power",
    "the cell": "E-101.power",
    "the air blower": "B-001.power",
    "the stripping blower": "B-201.power",
    "the pumps": ("P-301.power", "P-302.power"),
}
CONSUMABLES = {  # component that is counted, formula that it is weighed as
    "KOH": ("K+", "KOH"),
    "H2SO4": ("S(6)", "H2SO4"),
}
TRACKED = (  # columns of the README's table of outlets
    Tracked("N, fixed", "N", ignored=("N2",)),
    *(Tracked(e, e) for e in "KSC"),
)
WATER = 55.508  # mol of water per kg
DESIGN = {  # what is asked for: what is freed for it
    "X-301.production": "F-001.factor",
    "R-001.residence_time": "R-001.volume",
    "A-101.concentration[N(3)]": "F-101.factor",
    "A-101.concentration[OH-]": "F-102.factor",
    "E-101.conversion[N(3)]": "E-101.faradaic_efficiency[NO2- -> NH3]",
    "E-101.limiting_ratio[N(3)]": "E-101.current_density",
    "E-101.limiting_ratio[NO3-]": "E-101.faradaic_efficiency[NO3- -> NH3]",
    "E-101.charge_share[H2O -> H2]": "E-101.area",
    "E-102.mean_difference": "E-102.conductance",
    "C-101.removal": "F-201.factor",
    "A-301.concentration[HSO4-]": "F-301.factor",
    "T-201.dissolved_fraction": "F-302.factor",
    "K-301.solids": "K-301.vapour_fraction",
    "L-301.wash_volumes": "F-303.factor",
}


def build(b: Basis) -> Flowsheet:
    """The plant with the classes that the basis chooses."""
    plant = staged(b)
    if b.choice("plant.classes") == "rigorous":
        routes.beside(__file__, "rigorous").build(plant, b, sys.modules[__name__])
    return plant


def staged(b: Basis) -> Flowsheet:
    """The whole plant: its sections, the lines between them, then what the design asks for."""
    plant = Flowsheet(NAME)
    plasma(plant, b)
    electrolyte(plant, b)
    stripping(plant, b)
    acid(plant, b)
    salt(plant, b)
    plant.connect(plant.units["T-001"].liquor_out, plant.units["A-101"].feed, "NOx liquor")
    plant.connect(plant.units["M-101"].out, plant.units["T-001"].liquor, "lean lye")
    for fixed, freed in DESIGN.items():
        plant.exchange(fixed, b[f"design.{fixed}"], freed)
    return plant


def add(plant: Flowsheet, section: str, *units: Unit) -> None:
    """Add units to the plant and to a section of its drawing."""
    for unit in units:
        plant.add(unit)
        plant.sections.setdefault(section, []).append(unit.name)


def leave(plant: Flowsheet, port: Port, name: str) -> None:
    """A stream leaves the plant under a name of its own."""
    plant.connect(port, plant.add(Product(name, port.medium)).feed, name)


def air(b: Basis, name: str) -> Feed:
    """Ambient air, sized by `amount`."""
    parts = {s: b[f"air.{s}"] * b[f"{name}.amount"] for s in ("N2", "O2", "Ar", "CO2", "H2O")}
    return Feed(name, "gas", parts, temperature=b["air.temperature"])


def plasma(plant: Flowsheet, b: Basis) -> None:
    """Air through the arc, quench, oxidation of NO, absorption in lye; the lye is joined later."""
    rate, hot = b["quench.cooling_rate"], b["P-001.arc_temperature"]
    frozen = frozen_fraction("air", rate, ATMOSPHERE, hot)
    feed = air(b, "F-001")
    blower = Compressor("B-001", **b.of("B-001"))
    arc = EquilibriumArc("P-001", species=HOT, **b.of("P-001"))
    quench = Quench("Q-001", frozen_fraction=frozen, **b.of("Q-001"))
    mixer = Mixer("M-001", "gas", inlets=2)
    cooler = Heater("E-001", "gas", utility="cooling water", **b.of("E-001"))
    oxidiser = NOxOxidiser("R-001", **b.of("R-001"))
    absorber = AlkalineAbsorber("T-001", **b.of("T-001"))
    add(plant, "plasma", feed, blower, arc, quench, mixer, cooler, oxidiser, absorber)
    plant.tie("P-001.arc_temperature", "Q-001.frozen_fraction")
    plant.unrecovered = ("Q-001.duty",)  # nobody has recovered heat of a quench usefully
    plant.connect(feed.out, blower.feed, "air")
    plant.connect(blower.out, arc.feed, "blown air")
    plant.connect(arc.out, quench.feed, "hot gas")
    plant.connect(quench.out, mixer.feed[0], "quenched gas")
    plant.connect(arc.bypass, mixer.feed[1], "air past the arc")
    plant.connect(mixer.out, cooler.feed, "warm NOx gas")
    plant.connect(cooler.out, oxidiser.feed, "NO gas")
    plant.connect(oxidiser.out, absorber.gas, "NOx gas")
    leave(plant, absorber.gas_out, "NOx absorber vent")


def electrolyte(plant: Flowsheet, b: Basis) -> None:
    """Cell with gas separators, lye make-up and bleed; from `A-101` to the lean lye of `M-101`."""
    potash_amount, molality = b["F-102.KOH"], b["F-102.molality"]
    recipe = {"KOH": potash_amount, "H2O": potash_amount * WATER / molality}
    lye = Feed("F-102", "aqueous", recipe)
    water = Feed("F-101", "aqueous", b.of("F-101")["amount"])
    rich = SamplePoint("A-101", "aqueous", sampled=("N(3)", "NO3-", "OH-", "C(4)"))
    cell = SpecifiedCell("E-101", cathode=REACTIONS, **b.of("E-101"))
    oxygen, hydrogen = GasLiquidSeparator("V-101"), GasLiquidSeparator("V-102")
    exchanger = HeatExchanger("E-102", "aqueous", **b.of("E-102"))
    potash = Mixer("M-102", "aqueous", inlets=2)
    cooler = Heater("E-103", "aqueous", utility="cooling water", **b.of("E-103"))
    lean = SamplePoint("A-102", "aqueous", sampled=("OH-", "C(4)", "N(-3)"))
    bleed = Splitter("S-101", "aqueous", **b.of("S-101"))
    mixer = Mixer("M-101", "aqueous", inlets=2)
    add(plant, "electrolyte", rich, cell, oxygen, hydrogen, exchanger, potash, cooler, lean)
    add(plant, "electrolyte", bleed, mixer, lye, water)
    plant.connect(rich.out, cell.catholyte, "catholyte")
    plant.connect(cell.catholyte_out, hydrogen.liquid, "catholyte with hydrogen")
    plant.connect(cell.cathode_gas, hydrogen.gas, "cathode gas")
    plant.connect(hydrogen.liquid_out, exchanger.cold, "ammonia liquor")
    plant.connect(lye.out, potash.feed[0], "potash make-up")
    plant.connect(exchanger.hot_out, potash.feed[1], "stripped liquor")
    plant.connect(potash.out, cooler.feed, "strong lye")
    plant.connect(cooler.out, lean.feed, "cooled lye")
    plant.connect(lean.out, cell.anolyte, "anolyte")
    plant.connect(cell.anolyte_out, oxygen.liquid, "anolyte with oxygen")
    plant.connect(cell.anode_gas, oxygen.gas, "anode gas")
    plant.connect(oxygen.liquid_out, bleed.feed, "spent anolyte")
    plant.connect(water.out, mixer.feed[0], "make-up water")
    plant.connect(bleed.out, mixer.feed[1], "lye to the absorber")
    leave(plant, oxygen.gas_out, "oxygen")
    leave(plant, bleed.side, "carbonate bleed")


def stripping(plant: Flowsheet, b: Basis) -> None:
    """Ammonia goes into air that circulates between stripper and acid trap."""
    heater = Heater("E-104", "aqueous", utility="low-pressure steam", **b.of("E-104"))
    stripper = AirStripper("C-101", stages=12, **b.of("C-101"))
    trap = AcidTrap("T-201", stages=3, **b.of("T-201"))
    vent = Splitter("S-201", "gas", **b.of("S-201"))
    fresh, mixer = air(b, "F-201"), Mixer("M-201", "gas", inlets=2)
    blower = Compressor("B-201", **b.of("B-201"))
    add(plant, "stripping", heater, stripper, trap, vent, fresh, mixer, blower)
    exchanger = plant.units["E-102"]
    plant.connect(exchanger.cold_out, heater.feed, "warm ammonia liquor")
    plant.connect(heater.out, stripper.liquid, "hot ammonia liquor")
    plant.connect(stripper.liquid_out, exchanger.hot, "hot stripped liquor")
    plant.connect(stripper.gas_out, trap.gas, "air with ammonia")
    plant.connect(trap.gas_out, vent.feed, "washed air")
    plant.connect(fresh.out, mixer.feed[0], "make-up air")  # its pressure is that of the suction
    plant.connect(vent.out, mixer.feed[1], "circulating air")
    plant.connect(mixer.out, blower.feed, "air to the blower")
    plant.connect(blower.out, stripper.gas, "stripping air")
    leave(plant, vent.side, "air vent")


def acid(plant: Flowsheet, b: Basis) -> None:
    """Fresh sulfuric acid takes the ammonia out of the hydrogen on its way to the trap."""
    amount, molality = b["F-301.H2SO4"], b["F-301.molality"]
    fresh = Feed("F-301", "aqueous", {"H2SO4": amount, "H2O": amount * WATER / molality})
    scrubber = AcidTrap("T-301", stages=2)
    add(plant, "salt", fresh, scrubber)
    plant.connect(fresh.out, scrubber.liquid, "sulfuric acid")
    plant.connect(plant.units["V-102"].gas_out, scrubber.gas, "hydrogen with ammonia")
    leave(plant, scrubber.gas_out, "hydrogen")


def salt(plant: Flowsheet, b: Basis) -> None:
    """Trap liquor becomes crystals; the mother liquor takes fresh acid and returns to the trap."""
    water = Feed("F-302", "aqueous", b.of("F-302")["amount"], **b.of("delivery"))
    wash = Feed("F-303", "aqueous", b.of("F-303")["amount"], **b.of("delivery"))
    mixer = Mixer("M-301", "aqueous", inlets=4)
    sample = SamplePoint("A-301", "aqueous", sampled=("HSO4-", "N(-3)"))
    crystals = EvaporativeCrystalliser("K-301", salt=SALT, **b.of("K-301"))
    condenser = TotalCondenser("E-301", **b.of("E-301"))
    drain = Pump("P-302", **b.of("P-302"))
    pump = Pump("P-301", "slurry", **b.of("P-301"))
    press = Filter("L-301", solid=SALT, **b.of("L-301"))
    purge = Splitter("S-301", "aqueous", **b.of("S-301"))
    dryer = CrystalDryer("X-301", salt=SALT, **b.of("X-301"))
    add(plant, "salt", mixer, water, sample, crystals, condenser, drain, pump, press, wash)
    add(plant, "salt", purge, dryer)
    plant.connect(plant.units["T-301"].liquid_out, mixer.feed[0], "acid to the trap")
    plant.connect(purge.out, mixer.feed[1], "mother liquor returned")
    plant.connect(water.out, mixer.feed[2], "dilution water")
    plant.connect(press.wash_out, mixer.feed[3], "spent wash")
    plant.connect(mixer.out, plant.units["T-201"].liquid, "trap acid")
    plant.connect(plant.units["T-201"].liquid_out, sample.feed, "trap liquor")
    plant.connect(sample.out, crystals.feed, "ammonium sulfate liquor")
    plant.connect(crystals.vapour, condenser.feed, "crystalliser vapour")
    plant.connect(condenser.condensate, drain.feed, "condensate under vacuum")
    plant.connect(crystals.slurry, pump.feed, "crystal slurry")
    plant.connect(pump.out, press.feed, "slurry to the filter")
    plant.connect(wash.out, press.wash, "wash water")
    plant.connect(press.mother_liquor, purge.feed, "mother liquor")
    plant.connect(press.cake, dryer.feed, "wet crystals")
    leave(plant, purge.side, "liquor purge")
    leave(plant, drain.out, "process condensate")
    leave(plant, dryer.vapour, "dryer vapour")
    leave(plant, dryer.product, "ammonium sulfate")


def headline(solution: Solution) -> figures.Figures:
    """What one asks of the plant first; every name carries its basis."""
    s = solution
    product = s.stream("ammonium sulfate")
    rate = s["X-301.purity"] * s["X-301.production"]
    nitrogen = product.content("N(-3)")
    out = figures.energy(s, CONSUMERS, rate, PER_KG)
    out |= figures.energy(s, CONSUMERS, nitrogen * formula_mass("N"), "kg N in product")
    fixed = oxides(s, "quenched gas") - oxides(s, "NOx absorber vent")
    out["electricity of the plasma per mol N absorbed"] = (s["P-001.power"] / fixed, "J/mol")
    hot = s["P-001.power"] * s["P-001.supply_efficiency"] * s["P-001.arc_efficiency"]
    made = s.stream("quenched gas").flows["NO"]
    out["enthalpy given to the arc gas per mol NO quenched"] = (hot / made, "J/mol")
    total = out["electricity, all consumers, per kg N in product"][0] * formula_mass("N")
    out["electricity, all consumers, per mol N in product"] = (total, "J/mol")
    out |= fractions(s, nitrogen)
    out |= carbonate(s, rate, nitrogen)
    out |= figures.make_up(s, CONSUMABLES, rate, PER_KG)
    out["product purity, kg (NH4)2SO4 per kg product"] = (s["X-301.purity"], "kg/kg")
    content = nitrogen * formula_mass("N") / s["X-301.production"]
    out["nitrogen in the product, kg N per kg product"] = (content, "kg/kg")
    return out | figures.read(s, READ)


def oxides(s: Solution, stream: str) -> float:
    """NO, NO2 and what they form in a gas, mol/s of N."""
    flows = s.stream(stream).flows
    return sum(n * flows.get(k, 0.0) for k, n in OXIDES.items())


def fractions(s: Solution, nitrogen: float) -> figures.Figures:
    """Slip and yields, fractions of 1 of the nitrogen that leaves the quench as NO and NO2."""
    made = oxides(s, "quenched gas")
    extents = {x: s[f"E-101.extent[{x} -> NH3]"] for x in ("NO2-", "NO3-")}
    lost = s.stream("carbonate bleed")
    found = {
        "NOx slip, mol NO and NO2 vented": oxides(s, "NOx absorber vent"),
        "NH3 made in the cell, mol": sum(extents.values()),
        "nitrite and nitrate lost with the bleed, mol": lost.content("N(3)") + lost.content("NO3-"),
        "N yield, mol N in product": nitrogen,
    }
    return {f"{k} per mol NOx quenched": (v / made, "mol/mol") for k, v in found.items()}


def carbonate(s: Solution, rate: float, nitrogen: float) -> figures.Figures:
    """Carbonate of the lye, CO2 that enters, potassium carbonate that leaves."""
    entering = sum(x.content("C(4)") for x in s.entering())
    absorbed = s.stream("carbonate bleed").content("C(4)")
    mass = absorbed * formula_mass("K2CO3") / rate
    return {
        "carbonate in the anolyte": (s["A-102.concentration[C(4)]"], "mol/m3"),
        "CO2 brought by plasma and make-up air, mol per mol N in product": (
            entering / nitrogen,
            "mol/mol",
        ),
        "share of the CO2 that the lye takes": (absorbed / entering if entering > 0 else 0.0, "1"),
        f"K2CO3 in the bleed, kg per {PER_KG}": (mass, "kg/kg"),
    }
