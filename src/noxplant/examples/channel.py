"""Examples of the hot channel with kinetics."""

from __future__ import annotations

from noxplant.flowsheet.graph import Flowsheet
from noxplant.thermo.zeldovich import SPECIES
from noxplant.units.equilibrium_arc import EquilibriumArc
from noxplant.units.feed import Feed
from noxplant.units.kinetic_quench import KineticQuench


def channel(
    feed: dict[str, float] | None = None,
    arc_temperature: float = 3000.0,
    pressure: float = 101325.0,
    cooling_rate: float = 1e7,
    elements: int = 15,
) -> Flowsheet:
    """Air through a loss-free arc and a quench with finite rate; temperatures in K, Pa, K/s."""
    plant = Flowsheet("hot channel")
    air = plant.add(Feed("air", "gas", feed or {"N2": 0.79, "O2": 0.21}, pressure=pressure))
    arc = plant.add(
        EquilibriumArc(
            "arc",
            species=SPECIES,
            treated=1.0,
            arc_temperature=arc_temperature,
            supply_efficiency=1.0,
            arc_efficiency=1.0,
            loss_temperature=333.15,
        )
    )
    unit = plant.add(
        KineticQuench("U", cooling_rate=cooling_rate, end_temperature=1000.0, elements=elements)
    )
    plant.connect(air.out, arc.feed, "air")
    plant.connect(arc.out, unit.feed, "hot gas")
    return plant


def kinetic_quench() -> Flowsheet:
    """The same with few elements."""
    return channel(elements=8)


EXAMPLES = {"KineticQuench": kinetic_quench}
