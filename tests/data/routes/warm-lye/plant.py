"""Lye is warmed, meets acid and warms the next lye: a tiny route for the tests."""

from noxplant import Flowsheet
from noxplant.basis import Basis
from noxplant.flowsheet.solution import Solution
from noxplant.units.feed import Feed
from noxplant.units.heat_exchanger import HeatExchanger
from noxplant.units.heater import Heater
from noxplant.units.mixer import Mixer
from noxplant.units.product import Product


def build(basis: Basis) -> Flowsheet:
    """Build the plant."""
    plant = Flowsheet("warm lye")
    lye = plant.add(
        Feed("F-101", "aqueous", {"H2O": basis["F-101.water"], "KOH": basis["F-101.lye"]})
    )
    acid = plant.add(Feed("F-102", "aqueous", {"H2O": 20.0, "HNO3": basis["F-102.acid"]}))
    exchanger = plant.add(HeatExchanger("E-101", "aqueous", **basis.of("E-101")))
    heater = plant.add(
        Heater("H-101", "aqueous", utility="low-pressure steam", **basis.of("H-101"))
    )
    mixer, end = plant.add(Mixer("M-101", "aqueous")), plant.add(Product("P-101", "aqueous"))
    plant.connect(lye.out, exchanger.cold, "lye")
    plant.connect(exchanger.cold_out, heater.feed, "warm lye")
    plant.connect(heater.out, mixer.feed[0], "hot lye")
    plant.connect(acid.out, mixer.feed[1], "acid")
    plant.connect(mixer.out, exchanger.hot, "hot liquor")
    plant.connect(exchanger.hot_out, end.feed, "liquor")
    plant.sections = {"feeds": ["F-101", "F-102"], "heat": ["E-101", "H-101"]}
    return plant


def headline(solution: Solution) -> dict[str, tuple[float, str]]:
    """Headline figures."""
    liquor = solution.stream("liquor")
    return {
        "heat per kg of liquor": (solution["H-101.duty"] / liquor.mass_flow, "J/kg"),
        "liquor": (liquor.mass_flow, "kg/s"),
        "liquor temperature": (liquor.temperature, "K"),
    }
