"""Examples of the basic units."""

from __future__ import annotations

from noxplant.flowsheet.graph import Flowsheet
from noxplant.units.azeotrope_still import AzeotropeStill
from noxplant.units.feed import Feed
from noxplant.units.heat_exchanger import HeatExchanger
from noxplant.units.heater import Heater
from noxplant.units.mixer import Mixer
from noxplant.units.product import Product
from noxplant.units.sample_point import SamplePoint
from noxplant.units.solvent_condenser import SolventCondenser
from noxplant.units.splitter import Splitter


def lye(name: str = "lye", temperature: float = 298.15, size: float = 1.0) -> Feed:
    """A feed of 1 mol/kg potash lye."""
    amount = {"H2O": 55.5 * size, "KOH": 1.0 * size}
    return Feed(name, "aqueous", amount, temperature=temperature)


def feed() -> Flowsheet:
    """A feed alone."""
    plant = Flowsheet("feed")
    plant.add(Feed("U", "aqueous", {"H2O": 50.0, "KNO3": 1.0, "NH3": 0.5}))
    return plant


def product() -> Flowsheet:
    """A feed that goes to a product."""
    plant = Flowsheet("product")
    source, sink = plant.add(lye()), plant.add(Product("U", "aqueous"))
    plant.connect(source.out, sink.feed, "lye")
    return plant


def mixer() -> Flowsheet:
    """Lye meets acid."""
    plant = Flowsheet("mixer")
    a = plant.add(lye())
    b = plant.add(Feed("acid", "aqueous", {"H2O": 20.0, "HNO3": 0.4}, temperature=310.0))
    unit = plant.add(Mixer("U", "aqueous"))
    plant.connect(a.out, unit.feed[0], "lye")
    plant.connect(b.out, unit.feed[1], "acid")
    return plant


def splitter() -> Flowsheet:
    """A tenth is split off."""
    plant = Flowsheet("splitter")
    a, unit = plant.add(lye()), plant.add(Splitter("U", "aqueous", fraction=0.1))
    plant.connect(a.out, unit.feed, "lye")
    return plant


def heater() -> Flowsheet:
    """Lye is heated by steam."""
    plant = Flowsheet("heater")
    a = plant.add(lye())
    unit = plant.add(Heater("U", "aqueous", temperature=350.0, utility="low-pressure steam"))
    plant.connect(a.out, unit.feed, "lye")
    return plant


def heat_exchanger() -> Flowsheet:
    """Hot lye heats cold lye."""
    plant = Flowsheet("heat exchanger")
    hot, cold = plant.add(lye("hot", 350.0)), plant.add(lye("cold", 300.0, 1.5))
    unit = plant.add(HeatExchanger("U", "aqueous", conductance=4000.0))
    plant.connect(hot.out, unit.hot, "hot lye")
    plant.connect(cold.out, unit.cold, "cold lye")
    return plant


def sample_point() -> Flowsheet:
    """Hydroxide and potassium of a lye."""
    plant = Flowsheet("sample point")
    a, unit = plant.add(lye()), plant.add(SamplePoint("U", "aqueous", sampled=("OH-", "K+")))
    plant.connect(a.out, unit.feed, "lye")
    return plant


def solvent_condenser() -> Flowsheet:
    """Acetonitrile vapour with some water is condensed."""
    plant = Flowsheet("solvent condenser")
    amount = {"acetonitrile": 1.0, "H2O": 0.1}
    vapour = plant.add(Feed("vapour", "gas", amount, temperature=360.0))
    unit = plant.add(SolventCondenser("U", temperature=308.15))
    plant.connect(vapour.out, unit.feed, "vapour")
    return plant


def azeotrope_still() -> Flowsheet:
    """Acetonitrile is taken out of wash water."""
    plant = Flowsheet("azeotrope still")
    amount = {"H2O": 8.9, "acetonitrile": 0.9, "methanol": 0.06, "NH3": 1e-3, "KPF6": 1e-3}
    water = plant.add(Feed("water", "aqueous", amount))
    unit = plant.add(
        AzeotropeStill(
            "U",
            recovery=0.995,
            azeotrope_water=0.434,
            azeotrope_temperature=349.8,
            condenser_temperature=308.15,
            reflux_ratio=1.0,
            pressure=101325.0,
        )
    )
    plant.connect(water.out, unit.feed, "wash water")
    return plant


EXAMPLES = {
    "AzeotropeStill": azeotrope_still,
    "SamplePoint": sample_point,
    "SolventCondenser": solvent_condenser,
    "Feed": feed,
    "Product": product,
    "Mixer": mixer,
    "Splitter": splitter,
    "Heater": heater,
    "HeatExchanger": heat_exchanger,
}
