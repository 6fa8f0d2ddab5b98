"""Example of the expansion turbine."""

from __future__ import annotations

from noxplant.flowsheet.graph import Flowsheet
from noxplant.units.expander import Expander
from noxplant.units.feed import Feed
from noxplant.units.heater import Heater


def expander() -> Flowsheet:
    """Tail gas of a nitric acid plant at 10 bar and 620 K."""
    plant = Flowsheet("expander")
    amount = {"N2": 0.958, "O2": 0.025, "H2O": 0.007, "Ar": 0.01}
    gas = plant.add(Feed("gas", "gas", amount, temperature=450.0, pressure=1e6))
    heater = plant.add(Heater("heater", "gas", temperature=620.0, utility="electric heat"))
    unit = plant.add(Expander("U", pressure=1.05e5, efficiency=0.85))
    plant.connect(gas.out, heater.feed, "tail gas")
    plant.connect(heater.out, unit.feed, "gas")
    return plant


EXAMPLES = {"Expander": expander}
