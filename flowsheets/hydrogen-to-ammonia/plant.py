"""Hydrogen and nitrogen -> ammonia: the Haber-Bosch loop with its make-up compression."""

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
from noxplant.units.ammonia_converter import AmmoniaConverter
from noxplant.units.ammonia_separator import AmmoniaSeparator
from noxplant.units.compressor import Compressor
from noxplant.units.feed import Feed
from noxplant.units.heat_exchanger import HeatExchanger
from noxplant.units.heater import Heater
from noxplant.units.mixer import Mixer
from noxplant.units.product import Product
from noxplant.units.real_ammonia_separator import RealAmmoniaSeparator
from noxplant.units.splitter import Splitter

PER_KG = "kg NH3 in product"
CONSUMERS: dict[str, str | tuple[str, ...]] = {  # of electricity
    "the make-up compressors": ("B-101.power", "B-102.power", "B-103.power"),
    "the recycle compressor": "B-201.power",
}
TRACKED = (Tracked("H", "H"), Tracked("N", "N"), Tracked("Ar", "Ar"), Tracked("C", "C"))
PRODUCT = ("ammonia", "NH3")
DESIGN = {  # what is asked for: what is freed for it. The beds are adiabatic.
    "R-201.duty": "E-201.conductance",
    "R-202.duty": "E-202.temperature",
    "R-203.duty": "E-203.temperature",
}


def build(b: Basis) -> Flowsheet:
    """The whole plant: its sections, the lines between them, then what the design asks for."""
    plant = Flowsheet("hydrogen-to-ammonia")
    make_up(plant, b)
    synthesis(plant, b)
    separation(plant, b)
    plant.connect(plant.units["E-103"].out, plant.units["M-201"].feed[1], "synthesis gas")
    plant.connect(plant.units["B-201"].out, plant.units["M-201"].feed[0], "recycle gas")
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


def make_up(plant: Flowsheet, b: Basis) -> None:
    """Nitrogen is brought to the pressure of the hydrogen, both to that of the loop."""
    fresh = b["F-101.amount"]
    hydrogen = Feed("F-101", "gas", {"H2": fresh, "CH4": fresh * b["hydrogen.CH4"]}, **b.of("H2"))
    drawn = fresh / b["N2.ratio"]
    parts = {"N2": drawn, "Ar": drawn * b["nitrogen.Ar"]}
    state = {k: b[f"N2.{k}"] for k in ("temperature", "pressure")}
    nitrogen = Feed("F-102", "gas", parts, **state)
    first, second, third = (Compressor(n, **b.of(n)) for n in ("B-101", "B-102", "B-103"))
    water = "cooling water"
    coolers = [Heater(n, "gas", utility=water, **b.of(n)) for n in ("E-101", "E-102", "E-103")]
    mixer = Mixer("M-101", "gas", inlets=2)
    add(plant, "make-up", hydrogen, nitrogen, first, coolers[0], mixer, second, coolers[1], third)
    add(plant, "make-up", coolers[2])
    plant.connect(nitrogen.out, first.feed, "nitrogen")
    plant.connect(first.out, coolers[0].feed, "hot nitrogen")
    plant.connect(hydrogen.out, mixer.feed[0], "hydrogen")
    plant.connect(coolers[0].out, mixer.feed[1], "compressed nitrogen")
    plant.connect(mixer.out, second.feed, "make-up gas")
    plant.connect(second.out, coolers[1].feed, "make-up gas, second stage")
    plant.connect(coolers[1].out, third.feed, "make-up gas, cooled")
    plant.connect(third.out, coolers[2].feed, "make-up gas, third stage")


def synthesis(plant: Flowsheet, b: Basis) -> None:
    """Three adiabatic beds with steam raised between them; the effluent heats the feed."""
    mixer = Mixer("M-201", "gas", inlets=2)
    exchanger = HeatExchanger("E-201", "gas", **b.of("E-201"))
    beds = [AmmoniaConverter(n, **b.of(n)) for n in ("R-201", "R-202", "R-203")]
    steam = "raised high-pressure steam"
    boilers = [Heater(n, "gas", utility=steam, **b.of(n)) for n in ("E-202", "E-203")]
    add(plant, "synthesis", mixer, exchanger, beds[0], boilers[0], beds[1], boilers[1], beds[2])
    plant.connect(mixer.out, exchanger.cold, "loop gas")
    plant.connect(exchanger.cold_out, beds[0].feed, "gas to bed 1")
    plant.connect(beds[0].out, boilers[0].feed, "gas from bed 1")
    plant.connect(boilers[0].out, beds[1].feed, "gas to bed 2")
    plant.connect(beds[1].out, boilers[1].feed, "gas from bed 2")
    plant.connect(boilers[1].out, beds[2].feed, "gas to bed 3")
    plant.connect(beds[2].out, exchanger.hot, "gas from bed 3")


def separation(plant: Flowsheet, b: Basis) -> None:
    """Ammonia condenses against cooling water, then against refrigerant; a purge takes the inerts."""
    warm = AmmoniaSeparator("V-201", utility="cooling water", **b.of("V-201"))
    cold = RealAmmoniaSeparator("V-202", utility="refrigeration", **b.of("V-202"))
    purge = Splitter("S-201", "gas", **b.of("S-201"))
    recycle = Compressor("B-201", **b.of("B-201"))
    mixer = Mixer("M-202", "organic", inlets=2)
    add(plant, "separation", warm, cold, purge, recycle, mixer)
    plant.connect(plant.units["E-201"].hot_out, warm.feed, "cooled effluent")
    plant.connect(warm.gas, cold.feed, "gas from the warm separator")
    plant.connect(cold.gas, purge.feed, "lean gas")
    plant.connect(purge.out, recycle.feed, "gas to the recycle compressor")
    plant.connect(cold.liquid, mixer.feed[0], "cold ammonia")
    plant.connect(warm.liquid, mixer.feed[1], "warm ammonia")
    leave(plant, mixer.out, "ammonia")
    leave(plant, purge.side, "purge gas")


def headline(solution: Solution, outside: Mapping[str, float]) -> figures.Figures:
    """What one asks of the plant first; every name carries its basis.

    Args:
        solution: the solved plant.
        outside: `electrolysis` and `nitrogen`, electricity that the feeds took, J/kg.
    """
    s = solution
    made = s.stream("ammonia").flows["NH3"]
    rate = made * formula_mass("NH3")
    found = figures.energy(s, CONSUMERS, rate, PER_KG)
    out = {k: v for k, v in found.items() if not k.startswith("heat")}  # none is supplied
    loop_alone = out[f"electricity, all consumers, per {PER_KG}"][0]
    hydrogen = s.stream("hydrogen").flows["H2"]
    split = outside["electrolysis"] * hydrogen * formula_mass("H2") / rate
    drawn = outside["nitrogen"] * s.stream("nitrogen").flows["N2"] * formula_mass("N2") / rate
    molar = formula_mass("NH3")
    out["electricity, all consumers, per mol N in product"] = (loop_alone * molar, "J/mol")
    for what, value in (
        ("nitrogen", loop_alone + drawn),
        ("hydrogen and nitrogen", loop_alone + drawn + split),
    ):
        words = f"with that of {what} outside of the boundary"
        out[f"electricity {words}, per {PER_KG}"] = (value, "J/kg")
        out[f"electricity {words}, per mol N in product"] = (value * molar, "J/mol")
    raised = -sum(q.value for p, q in s.heats() if (q.utility or "").startswith("raised"))
    out[f"heat to 40 bar steam per {PER_KG}"] = (raised / rate, "J/kg")
    out[f"H2 fed, kg per {PER_KG}"] = (hydrogen * formula_mass("H2") / rate, "kg/kg")
    out |= loop(s, hydrogen, made)
    return out


def loop(s: Solution, hydrogen: float, made: float) -> figures.Figures:
    """What the recycle does."""
    fed, purge = (s.stream(x).flows for x in ("loop gas", "purge gas"))
    reacted = 1.5 * sum(s[f"{r}.made"] for r in ("R-201", "R-202", "R-203"))
    inert = fed["Ar"] + fed["CH4"]
    recycled, fresh = (sum(s.stream(x).flows.values()) for x in ("recycle gas", "synthesis gas"))
    return {
        "per-pass conversion of H2, mol per mol at bed 1": (reacted / fed["H2"], "mol/mol"),
        "H2 in product, mol per mol fed": (1.5 * made / hydrogen, "mol/mol"),
        "H2 purged, mol per mol fed": (purge["H2"] / hydrogen, "mol/mol"),
        "inert gas at bed 1, mole fraction": (inert / sum(fed.values()), "1"),
        "NH3 at bed 1, mole fraction": (fed["NH3"] / sum(fed.values()), "1"),
        "NH3 behind bed 3, mole fraction": (s["R-203.ammonia_fraction"], "1"),
        "gas recycled, mol per mol make-up gas": (recycled / fresh, "mol/mol"),
    }
