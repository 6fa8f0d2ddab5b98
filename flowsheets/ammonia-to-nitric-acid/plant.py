"""Ammonia -> nitric oxide on platinum -> nitric acid: the Ostwald process at two pressures."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from noxplant.basis import Basis
from noxplant.flowsheet import Flowsheet, Solution
from noxplant.reports import figures
from noxplant.reports.outlets import Tracked
from noxplant.species.formulas import formula_mass
from noxplant.streams.ports import Port
from noxplant.unit import Unit
from noxplant.units.acid_column import AcidColumn
from noxplant.units.compressor import Compressor
from noxplant.units.expander import Expander
from noxplant.units.feed import Feed
from noxplant.units.heat_exchanger import HeatExchanger
from noxplant.units.heater import Heater
from noxplant.units.mixer import Mixer
from noxplant.units.ostwald_burner import OstwaldBurner
from noxplant.units.oxidation_reactor import OxidationReactor
from noxplant.units.product import Product
from noxplant.units.pump import Pump
from noxplant.units.splitter import Splitter

LOWER, UPPER = 4, 14
"""Stages of the column below and above the feed of weak acid."""
ELEMENTS = 6
"""Elements of the reactors in which NO is oxidised."""
FAST = ("N2O3", "N2O4")
PRODUCT = ("nitric acid", "NO3-")
PER_KG = "kg HNO3 in product"
CONSUMERS: dict[
    str, str | tuple[str, ...]
] = {  # of shaft work; what the expander gives is negative
    "the air compressor": "B-101.power",
    "the NOx compressor": "B-201.power",
    "the tail-gas expander": "X-301.power",
    "the acid pump": "P-201.power",
}
TRACKED = (  # columns of the README's table of outlets
    Tracked("N, fixed", "N", ignored=("N2",)),
    Tracked("N in NOx", "N", carriers=("NO", "NO2", "N2O3", "N2O4")),
    Tracked("N in N2O", "N", carriers=("N2O",)),
)
DESIGN = {  # what is asked for: what is freed for it
    "R-101.gauze_temperature": "F-101.factor",
    f"T-301.strength[stage {LOWER}]": "F-301.factor",
    "E-102.warm_difference": "E-102.conductance",
    "E-203.mean_difference": "E-203.conductance",
}


def build(b: Basis) -> Flowsheet:
    """The whole plant: its sections, the lines between them, then what the design asks for."""
    plant = Flowsheet("ammonia-to-nitric-acid")
    combustion(plant, b)
    condensation(plant, b)
    absorption(plant, b)
    power(plant, b)
    for fixed, freed in DESIGN.items():
        plant.exchange(fixed, b[f"design.{fixed}"], freed)
    plant.headline = partial(headline, outside=b.of("outside"))
    return plant


def add(plant: Flowsheet, section: str, *units: Unit) -> None:
    """Add units to the plant and to a section of its drawing."""
    for unit in units:
        plant.add(unit)
        plant.sections.setdefault(section, []).append(unit.name)


def leave(plant: Flowsheet, port: Port, name: str) -> None:
    """A stream leaves the plant under a name of its own."""
    plant.connect(port, plant.add(Product(name, port.medium)).feed, name)


def combustion(plant: Flowsheet, b: Basis) -> None:
    """Air is compressed, takes up ammonia, burns it on gauze and raises steam."""
    parts = {s: b[f"air.{s}"] * b["F-101.amount"] for s in ("N2", "O2", "Ar", "CO2", "H2O")}
    air = Feed("F-101", "gas", parts, temperature=b["air.temperature"])
    ammonia = Feed("F-102", "gas", b.of("F-102")["amount"], **b.of("ammonia"))
    compressor = Compressor("B-101", **b.of("B-101"))
    splitter = Splitter("S-101", "gas", **b.of("S-101"))
    mixer = Mixer("M-101", "gas", inlets=2)
    burner = OstwaldBurner("R-101", **b.of("R-101"))
    boiler = Heater("E-101", "gas", utility="raised high-pressure steam", **b.of("E-101"))
    add(plant, "combustion", air, compressor, splitter, ammonia, mixer, burner, boiler)
    plant.connect(air.out, compressor.feed, "air")
    plant.connect(compressor.out, splitter.feed, "compressed air")
    plant.connect(splitter.out, mixer.feed[0], "primary air")
    plant.connect(ammonia.out, mixer.feed[1], "ammonia")
    plant.connect(mixer.out, burner.feed, "ammonia in air")
    plant.connect(burner.out, boiler.feed, "burnt gas")


def condensation(plant: Flowsheet, b: Basis) -> None:
    """Burnt gas heats the tail gas, raises steam while NO oxidises, and gives off weak acid."""
    exchanger = HeatExchanger("E-102", "gas", **b.of("E-102"))
    steam = "raised low-pressure steam"
    boiler = Heater("E-103", "gas", utility=steam, **b.of("E-103"))
    second = OxidationReactor("R-102", species=FAST, elements=ELEMENTS, **b.of("R-102"))
    second.choose_utility("duty", steam)
    cooler = Heater("E-201", "gas", utility="cooling water", **b.of("E-201"))
    water = Feed("F-201", "aqueous", b.of("F-201")["amount"], **b.of("delivery"))
    condenser = AcidColumn("T-201", stages=1, **b.of("T-201"))
    mixer = Mixer("M-201", "gas", inlets=2)
    compressor = Compressor("B-201", **b.of("B-201"))
    pump = Pump("P-201", **b.of("P-201"))
    add(plant, "condensation", exchanger, boiler, second, cooler, water, condenser)
    add(plant, "condensation", mixer, compressor, pump)
    plant.connect(plant.units["E-101"].out, exchanger.hot, "gas behind the boiler")
    plant.connect(exchanger.hot_out, boiler.feed, "gas to the second boiler")
    plant.connect(boiler.out, second.feed, "gas to the third boiler")
    plant.connect(second.out, cooler.feed, "gas to the cooler")
    plant.connect(cooler.out, condenser.gas, "gas above its dew point")
    plant.connect(water.out, condenser.liquid, "injected water")
    plant.connect(condenser.gas_out, mixer.feed[0], "cold NOx gas")
    plant.connect(plant.units["S-101"].side, mixer.feed[1], "secondary air")
    plant.connect(mixer.out, compressor.feed, "NOx gas with secondary air")
    plant.connect(condenser.acid, pump.feed, "weak acid")


def absorption(plant: Flowsheet, b: Basis) -> None:
    """NOx gas oxidises under pressure, heats tail gas and is absorbed; weak acid enters half-way."""
    pipes = OxidationReactor("R-202", species=FAST, elements=ELEMENTS, **b.of("R-202"))
    exchanger = HeatExchanger("E-203", "gas", **b.of("E-203"))
    water = Feed("F-301", "aqueous", b.of("F-301")["amount"], **b.of("delivery"))
    lower = AcidColumn("T-301", stages=LOWER, **b.of("T-301"))
    upper = AcidColumn("T-302", stages=UPPER, **b.of("T-302"))
    mixer = Mixer("M-301", "aqueous", inlets=2)
    add(plant, "absorption", pipes, exchanger, lower, mixer, upper, water)
    plant.connect(plant.units["B-201"].out, pipes.feed, "compressed NOx gas")
    plant.connect(pipes.out, exchanger.hot, "oxidised NOx gas")
    plant.connect(exchanger.hot_out, lower.gas, "NOx gas")
    plant.connect(lower.gas_out, upper.gas, "gas half-way")
    plant.connect(water.out, upper.liquid, "process water")
    plant.connect(upper.acid, mixer.feed[0], "acid half-way")
    plant.connect(plant.units["P-201"].out, mixer.feed[1], "pumped weak acid")
    plant.connect(mixer.out, lower.liquid, "acid to the lower column")
    leave(plant, lower.acid, "nitric acid")


def power(plant: Flowsheet, b: Basis) -> None:
    """Tail gas is heated twice and drives the expander."""
    expander = Expander("X-301", **b.of("X-301"))
    add(plant, "absorption", expander)
    cool, hot = plant.units["E-203"], plant.units["E-102"]
    plant.connect(plant.units["T-302"].gas_out, cool.cold, "tail gas")
    plant.connect(cool.cold_out, hot.cold, "warm tail gas")
    plant.connect(hot.cold_out, expander.feed, "hot tail gas")
    leave(plant, expander.out, "vent")


def headline(solution: Solution, outside: Mapping[str, float]) -> figures.Figures:
    """What one asks of the plant first; every name carries its basis.

    Args:
        solution: the solved plant.
        outside: `steam_to_work`, what a turbine outside of the boundary makes of steam.
    """
    s = solution
    acid, vent = s.stream("nitric acid"), s.stream("vent")
    fixed, burnt = acid.content("NO3-"), s.stream("ammonia").flows["NH3"]
    rate = fixed * formula_mass("HNO3")
    found = figures.energy(s, CONSUMERS, rate, PER_KG, cold=False)
    out = {k: v for k, v in found.items() if not k.startswith("heat")}  # none is supplied
    shaft = out[f"electricity, all consumers, per {PER_KG}"][0] * rate
    high, low = -s["E-101.duty"], -s["E-103.duty"] - s["R-102.duty"]
    out["electricity, all consumers, per mol N in product"] = (shaft / fixed, "J/mol")
    out[f"heat to 40 bar steam per {PER_KG}"] = (high / rate, "J/kg")
    out[f"heat to 3.4 bar steam per {PER_KG}"] = (low / rate, "J/kg")
    left = high + low - shaft / outside["steam_to_work"]
    name = "heat to steam left when a turbine on it drives all machines"
    out[f"{name}, per {PER_KG}"] = (left / rate, "J/kg")
    out[f"{name}, per mol N in product"] = (left / fixed, "J/mol")
    out[f"NH3 fed, kg per {PER_KG}"] = (burnt * formula_mass("NH3") / rate, "kg/kg")
    out["N yield, mol N in product per mol NH3 fed"] = (fixed / burnt, "mol/mol")
    out["NH3 in the gas to the gauze, mole fraction"] = (s["R-101.feed_fraction"], "1")
    out["NOx in the tail gas, mole fraction"] = (s["T-302.tail_fraction"], "1")
    out["O2 in the tail gas, mole fraction"] = (vent.flows["O2"] / sum(vent.flows.values()), "1")
    laughing = vent.flows["N2O"] * formula_mass("N2O")
    out[f"N2O vented, kg per {PER_KG}"] = (laughing / rate, "kg/kg")
    water = sum(s.stream(x).content("H2O") for x in ("process water", "injected water"))
    out[f"water fed, kg per {PER_KG}"] = (water * formula_mass("H2O") / rate, "kg/kg")
    return out
