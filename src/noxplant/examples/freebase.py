"""Examples of the stills for free-base hydrazine."""

from __future__ import annotations

from noxplant.flowsheet.graph import Flowsheet
from noxplant.units.feed import Feed
from noxplant.units.hydrazine_column import HydrazineColumn
from noxplant.units.hydrazine_pot import HydrazinePot

FEED = {"N2H4": 3.4669, "H2O": 49.3408}
"""A kilogram a second of 11.1 wt%, mol/s."""


def hydrazine_pot() -> Flowsheet:
    """From 11.1 to 35 wt% at 1 atm without reflux."""
    plant = Flowsheet("pot")
    feed = plant.add(Feed("feed", "aqueous", FEED, temperature=333.15))
    unit = plant.add(
        HydrazinePot("U", pressure=101325.0, strength=0.35, condenser_temperature=313.15)
    )
    plant.connect(feed.out, unit.feed, "liquor")
    return plant


def hydrazine_column() -> Flowsheet:
    """Eight stages at 1 atm."""
    plant = Flowsheet("column")
    feed = plant.add(Feed("feed", "aqueous", FEED, temperature=333.15))
    unit = plant.add(
        HydrazineColumn(
            "U", stages=8, feed_stage=5, pressure=101325.0, reflux_ratio=0.5, boilup_ratio=1.0
        )
    )
    plant.connect(feed.out, unit.feed, "liquor")
    return plant


EXAMPLES = {"HydrazinePot": hydrazine_pot, "HydrazineColumn": hydrazine_column}
