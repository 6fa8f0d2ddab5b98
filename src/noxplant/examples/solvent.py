"""Examples of the columns that distil solvent, and the train of two pressures."""

from __future__ import annotations

from typing import Any

from noxplant.flowsheet.graph import Flowsheet
from noxplant.units.azeotrope_column import AzeotropeColumn
from noxplant.units.feed import Feed
from noxplant.units.mixer import Mixer
from noxplant.units.pump import Pump
from noxplant.units.solvent_column import SolventColumn

SIDE = {
    "acetonitrile": 90.0, "methanol": 6.0, "H2O": 0.6, "KPF6": 0.5, "NH3": 0.01,
    "formaldehyde": 0.45, "benzophenone": 0.12, "benzophenone azine": 0.8, "benzhydrol": 0.35,
}  # fmt: skip
"""Side stream of the azine route's mother liquor, mol/s."""
BINARY: dict[str, Any] = {
    "condenser_temperature": 308.15, "reflux_ratio": 2.0, "formaldehyde_out": 0.0,
    "methanol_bound": 0.0, "purge_fraction": 0.0,
}  # fmt: skip
"""Columns for acetonitrile and water alone."""


def solvent_column() -> Flowsheet:
    """Side stream of mother liquor, six stages at 1 atm."""
    plant = Flowsheet("solvent column")
    side = plant.add(Feed("side", "organic", SIDE, temperature=310.0))
    unit = plant.add(
        SolventColumn(
            "U", stages=6, feed_stage=3, pressure=101325.0, condenser_temperature=308.15,
            reflux_ratio=1.5, acetonitrile_kept=0.1, formaldehyde_out=0.95, methanol_bound=1.0,
            purge_fraction=0.1,
        )
    )  # fmt: skip
    plant.connect(side.out, unit.feed[0], "side stream")
    return plant


def azeotrope_column() -> Flowsheet:
    """Wash water with 6 wt% acetonitrile and some salt, ten stages at 1 atm."""
    plant = Flowsheet("azeotrope column")
    spent = {"H2O": 100.0, "acetonitrile": 3.0, "methanol": 0.2, "KPF6": 0.05, "NH3": 0.01}
    feed = plant.add(Feed("wash water", "aqueous", spent, temperature=330.0))
    unit = plant.add(
        AzeotropeColumn(
            "U", stages=10, feed_stage=6, pressure=101325.0, condenser_temperature=308.15,
            reflux_ratio=1.0, recovery=0.995,
        )
    )  # fmt: skip
    plant.connect(feed.out, unit.feed, "spent wash water")
    return plant


def two_pressures(*, purity: float = 1e-3) -> Flowsheet:
    """Wet acetonitrile, 22.6 wt% water, becomes dry: columns at 0.3 bar and at 1 atm cross the azeotrope.

    Args:
        purity: mass fraction of water in the dry acetonitrile, and of acetonitrile in the water.
    """
    plant = Flowsheet("two pressures")
    wet = plant.add(Feed("wet", "organic", {"acetonitrile": 60.0, "H2O": 40.0}, temperature=308.15))
    mixer = plant.add(Mixer("M", "organic", inlets=2))
    pump = plant.add(Pump("P", medium="organic", pressure=101325.0, efficiency=0.6))
    low = plant.add(
        SolventColumn("LP", stages=10, feed_stage=7, pressure=3e4, acetonitrile_kept=1e-3, **BINARY)
    )
    high = plant.add(
        SolventColumn(
            "HP", stages=12, feed_stage=5, pressure=101325.0, acetonitrile_kept=0.5, **BINARY
        )
    )
    plant.connect(wet.out, mixer.feed[0], "wet acetonitrile")
    plant.connect(high.distillate, mixer.feed[1], "azeotrope of 1 atm")
    plant.connect(mixer.out, low.feed[0], "to the vacuum")
    plant.connect(low.distillate, pump.feed, "azeotrope of 0.3 bar")
    plant.connect(pump.out, high.feed[0], "to 1 atm")
    plant.exchange("HP.bottoms_water", purity, freed="HP.acetonitrile_kept")
    plant.exchange("LP.bottoms_water", 1 - purity, freed="LP.acetonitrile_kept")
    return plant


EXAMPLES = {"SolventColumn": solvent_column, "AzeotropeColumn": azeotrope_column}
