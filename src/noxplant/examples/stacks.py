"""Examples of the electrolysers with kinetics along their channel."""

from __future__ import annotations

from typing import Any

from noxplant.examples.electro import around
from noxplant.flowsheet.graph import Flowsheet
from noxplant.species import number
from noxplant.units.anion_cell import AnionCell
from noxplant.units.bipolar_cell import BipolarCell
from noxplant.units.feed import Feed
from noxplant.units.galvanic_cell import GalvanicCell
from noxplant.units.gas_anode_cell import GasAnodeCell
from noxplant.units.gas_cathode_cell import GasCathodeCell
from noxplant.units.photovoltaic_array import PhotovoltaicArray
from noxplant.units.plug_flow_cell import PlugFlowCell
from noxplant.units.pulsed_cell import PulsedCell
from noxplant.units.undivided_cell import UndividedCell
from noxplant.units.zinc_cell import ZincCell

LINES = {
    "NO3- -> NO2-": (10.0, 0.05, 0.12, 4e4),
    "NO2- -> NH3": (30.0, 0.0, 0.12, 4e4),
    "NO3- -> NH3": (1.0, 0.0, 0.15, 4e4),
    "H2O -> H2": (number("electrolyser.kinetics.Cu, H2O -> H2.current"), 0.0, 0.12, 4e4),
    "H2O -> O2": (number("electrolyser.kinetics.NiFe, H2O -> O2.current"), 1.229, 0.05, 4e4),
}
"""Current [A/m2], potential [V vs RHE], slope [V], activation energy [J/mol]. Those of nitrate and
nitrite are made up for the example; the others: `species/data/electrolyser.toml`."""


GAS = {
    "NO -> NH3": (200.0, 0.0, 0.12, 4e4),
    "NO -> N2O": (20.0, 0.0, 0.15, 4e4),
    "N2 -> NO3-": (20.0, 1.5, 0.12, 4e4),
}
"""The same of gas-diffusion electrodes, per bar, made up."""
BACK = {"NO2- -> NO3-": (50.0, 1.5, 0.12, 4e4), "NH3 -> N2": (10.0, 1.5, 0.12, 4e4)}
"""The same of the anode of an undivided cell, made up."""


def tafel(*reactions: str) -> dict[str, Any]:
    """Specifications of the Tafel lines of some half-reactions."""
    names = ("reference_current", "reference_potential", "tafel_slope", "activation_energy")
    return {k: {r: (LINES | BACK | GAS)[r][n] for r in reactions} for n, k in enumerate(names)}


COMMON: dict[str, Any] = {
    "segments": 2, "area": 120.0, "current_density": 2000.0, "cells": 100.0,
    "temperature": 313.15, "mass_transfer": {"cathode": 2e-5}, "cathode_gap": 2e-3,
    "anode_gap": 2e-3, "bubble_slip": 10.0, "ammonia_permeance": 2e-8,
}  # fmt: skip


def anion_cell() -> Flowsheet:
    """The same with an anion membrane, through which nitrate is lost."""
    cell = AnionCell(
        "U", **COMMON, **tafel(*LINES), membrane_resistance=1e-5, water_drag=2.0, selectivity=0.36
    )
    return around(cell, "anion cell")


def bipolar_cell() -> Flowsheet:
    """A catholyte of potassium nitrate alone before a bipolar membrane, zero gap at the cathode."""
    plant = Flowsheet("bipolar cell")
    salts = {"H2O": 55.5, "KNO3": 0.7}
    a = plant.add(Feed("catholyte feed", "aqueous", salts, temperature=308.15))
    lye = {"H2O": 60.0, "KOH": 6.0}
    b = plant.add(Feed("anolyte feed", "aqueous", lye, temperature=308.15))
    given = {**COMMON, "cathode_gap": 0.0}
    cell = BipolarCell(
        "U", **given, **tafel(*LINES), membrane_resistance=1e-5, dissociation=0.2, salt_leak=0.01
    )
    plant.add(cell)
    plant.connect(a.out, cell.catholyte, "catholyte")
    plant.connect(b.out, cell.anolyte, "anolyte")
    return plant


def plug_flow_cell() -> Flowsheet:
    """Nitrate to nitrite to ammonia along a channel of four segments."""
    cell = PlugFlowCell(
        "U", segments=4, area=120.0, current_density=2400.0, cells=100.0, temperature=313.15,
        water_drag=5.0, mass_transfer={"cathode": 2e-5}, membrane_resistance=1.5e-4,
        cathode_gap=2e-3, anode_gap=2e-3, bubble_slip=10.0, ammonia_permeance=2e-8,
        **tafel(*LINES),
    )  # fmt: skip
    return around(cell, "plug-flow cell")


def undivided_cell() -> Flowsheet:
    """One electrolyte past both electrodes; the anode oxidises nitrite and ammonia."""
    plant = Flowsheet("undivided cell")
    salts = {"H2O": 55.5, "KNO3": 0.7, "KOH": 5.0}
    a = plant.add(Feed("electrolyte feed", "aqueous", salts, temperature=308.15))
    given = {k: x for k, x in COMMON.items() if "gap" not in k and "ammonia" not in k}
    given["mass_transfer"] = {"cathode": 2e-5, "anode": 2e-5}
    cell = UndividedCell(
        "U", **given, **tafel(*LINES, *BACK), separator_resistance=0.0, gap=3e-3
    )  # fmt: skip
    plant.add(cell)
    plant.connect(a.out, cell.electrolyte, "electrolyte")
    return plant


def pulsed_cell() -> Flowsheet:
    """A cathode that is half of the time at a potential where hardly anything happens."""
    left_out = ("segments", "current_density")
    given = {k: x for k, x in COMMON.items() if k not in left_out}
    cell = PulsedCell(
        "U", **given, **tafel(*LINES), membrane_resistance=1.5e-4, water_drag=5.0,
        cathode_potential={"pulse": -0.30, "rest": 0.10}, duty_cycle=0.6, period=30.0,
    )  # fmt: skip
    return around(cell, "pulsed cell")


def _gas_fed(unit: Any, name: str, gas: dict[str, float]) -> Flowsheet:
    """A cell with a gas feed between two lyes."""
    plant = around(unit, name)
    feed = plant.add(Feed("gas feed", "gas", gas, temperature=308.15))
    plant.connect(feed.out, unit.gas_feed, "gas")
    return plant


def _open_cell() -> dict[str, Any]:
    given = {k: x for k, x in COMMON.items() if k not in ("segments", "mass_transfer")}
    return {**given, "membrane_resistance": 1.5e-4, "water_drag": 5.0}


def gas_cathode_cell() -> Flowsheet:
    """Dilute nitric oxide to ammonia, part of it to N2O."""
    cell = GasCathodeCell(
        "U", **_open_cell(), **tafel("NO -> NH3", "NO -> N2O", "H2O -> H2", "H2O -> O2"),
        gas_transfer=2e-2,
    )  # fmt: skip
    return _gas_fed(cell, "gas cathode cell", {"NO": 1.0, "N2": 3.0})


def gas_anode_cell() -> Flowsheet:
    """Nitrogen to nitrate beside oxygen."""
    cell = GasAnodeCell(
        "U", **_open_cell(), **tafel("N2 -> NO3-", "H2O -> H2", "H2O -> O2"), gas_transfer=2e-2
    )
    return _gas_fed(cell, "gas anode cell", {"N2": 2.0, "H2O": 0.05})


def galvanic_cell() -> Flowsheet:
    """A small hydrazine-nitrate flow battery."""
    plant = Flowsheet("galvanic cell")
    salts = {"H2O": 55.5, "KNO3": 1.0, "KOH": 1.0, "NH3": 0.01}
    a = plant.add(Feed("catholyte feed", "aqueous", salts, temperature=313.15))
    fuel = {"H2O": 55.5, "N2H4": 1.0, "KOH": 4.0}
    b = plant.add(Feed("anolyte feed", "aqueous", fuel, temperature=313.15))
    cell = GalvanicCell(
        "U", area=500.0, current_density=100.0, temperature=313.15, water_drag=5.0,
        faradaic_efficiency={"NO3- -> NH3": 0.95},
        mass_transfer={"cathode": 2e-5, "anode": 2e-5},
        tafel_slope={"cathode": 0.12, "anode": 0.06}, exchange={"cathode": 0.1, "anode": 1.0},
        membrane_resistance=1.5e-4, gap={"cathode": 2e-3, "anode": 2e-3},
    )  # fmt: skip
    plant.add(cell)
    plant.connect(a.out, cell.catholyte, "catholyte")
    plant.connect(b.out, cell.anolyte, "anolyte")
    return plant


def zinc_cell() -> Flowsheet:
    """A Zn-NO3- battery; exchange and slope of the zinc within Bockris's range, the rest made up."""
    plant = Flowsheet("zinc cell")
    salts = {"H2O": 55.5, "KNO3": 1.0, "KOH": 1.0, "NH3": 0.01}
    a = plant.add(Feed("catholyte feed", "aqueous", salts, temperature=298.15))
    lye = {"H2O": 55.5, "KOH": 6.0}
    b = plant.add(Feed("anolyte feed", "aqueous", lye, temperature=298.15))
    z = plant.add(Feed("zinc feed", "solid", {"Zn(s)": 0.4}))
    cell = ZincCell(
        "U", area=150.0, current_density=100.0, temperature=303.15, water_drag=5.0,
        faradaic_efficiency={"NO3- -> NH3": 0.95, "NO3- -> NO2-": 0.05},
        mass_transfer={"cathode": 2e-5, "anode": 2e-5},
        tafel_slope={"cathode": 0.12, "anode": 0.04}, exchange={"cathode": 1e-4, "anode": 1000.0},
        corrosion=1.0, membrane_resistance=1.5e-4, gap={"cathode": 2e-3, "anode": 2e-3},
    )  # fmt: skip
    plant.add(cell)
    plant.connect(a.out, cell.catholyte, "catholyte")
    plant.connect(b.out, cell.anolyte, "anolyte")
    plant.connect(z.out, cell.zinc, "zinc")
    return plant


def photovoltaic_array() -> Flowsheet:
    """Modules on a warm day, beside a stream of water that gives the plant its size."""
    plant = Flowsheet("photovoltaic array")
    plant.add(Feed("water feed", "aqueous", {"H2O": 1.0}))
    plant.add(
        PhotovoltaicArray(
            "U", area=1000.0, irradiance=800.0, air_temperature=298.15,
            nominal_cell_temperature=318.15, efficiency=0.20, temperature_coefficient=-0.0035,
            converter_efficiency=0.96,
        )
    )  # fmt: skip
    return plant


EXAMPLES = {
    "AnionCell": anion_cell,
    "BipolarCell": bipolar_cell,
    "GalvanicCell": galvanic_cell,
    "GasAnodeCell": gas_anode_cell,
    "GasCathodeCell": gas_cathode_cell,
    "PhotovoltaicArray": photovoltaic_array,
    "PlugFlowCell": plug_flow_cell,
    "PulsedCell": pulsed_cell,
    "UndividedCell": undivided_cell,
    "ZincCell": zinc_cell,
}
