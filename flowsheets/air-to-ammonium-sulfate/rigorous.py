"""The route with rigorous classes in place of the minimal ones: same streams, same product."""

from __future__ import annotations

from types import ModuleType

from noxplant.basis import Basis
from noxplant.flowsheet import Flowsheet, Solution
from noxplant.reports import figures
from noxplant.units.alkaline_column import AlkalineColumn
from noxplant.units.kinetic_quench import KineticQuench
from noxplant.units.oxidation_reactor import OxidationReactor
from noxplant.units.packed_acid_trap import PackedAcidTrap
from noxplant.units.packed_air_stripper import PackedAirStripper
from noxplant.units.plug_flow_cell import PlugFlowCell

SEGMENTS = 8
"""Segments of the cell's channel: plug flow but for some 2 % of the nitrite that is left."""
ELEMENTS = 10
STAGES = 8
CELLS = {"C-101": 24, "T-201": 24}
PACKINGS = {"C-101": "plastic Pall rings 50 mm", "T-201": "plastic Intalox saddles 50 mm"}
SIZES = ("area", "current_density", "cells", "temperature", "water_drag")
"""What the stack takes from the basis of the minimal class."""
CELL = {  # what is asked for: what is freed for it
    "E-101.conversion[N(3)]": "E-101.area",
    f"E-101.limiting_share[{SEGMENTS}]": "E-101.current_density",
    "E-101.charge_share[H2O -> H2]": "E-101.reference_current[H2O -> H2]",
}
COLUMNS = {
    "C-101.flooding[bottom]": "C-101.section",
    "T-201.flooding[bottom]": "T-201.section",
}


def build(plant: Flowsheet, b: Basis, main: ModuleType) -> None:
    """Replace the units of a plant that is built with the minimal classes."""
    plasma(plant, b)
    columns(plant, b)
    electrolyser(plant, b, main.REACTIONS)
    plant.headline = lambda s: headline(main, s)


def plasma(plant: Flowsheet, b: Basis) -> None:
    """Quench and oxidation by kinetics, absorption by films and rates."""
    rate, volume, drop = (
        b[n] for n in ("quench.cooling_rate", "R-001.volume", "T-001.pressure_drop")
    )
    quench = b.of("rigorous.Q-001")
    plant.replace(KineticQuench("Q-001", cooling_rate=rate, elements=ELEMENTS, **quench))
    lost = b["Q-001.pressure_drop"]  # of the quench channel; KineticQuench has none of its own
    reactor = OxidationReactor("R-001", volume=volume, pressure_drop=lost, **b.of("rigorous.R-001"))
    plant.replace(reactor)
    plant.replace(
        AlkalineColumn("T-001", stages=STAGES, pressure_drop=drop, **b.of("rigorous.T-001"))
    )


def columns(plant: Flowsheet, b: Basis) -> None:
    """Packed beds with films, height and flooding for the stages of stripper and trap."""
    for name, unit in (("C-101", PackedAirStripper), ("T-201", PackedAcidTrap)):
        size = b.of(f"packing.{name}")
        plant.replace(unit(name, packing=PACKINGS[name], cells=CELLS[name], **size))
    for fixed, freed in COLUMNS.items():
        plant.exchange(fixed, b[f"design.{fixed}"], freed)


def electrolyser(plant: Flowsheet, b: Basis, reactions: tuple[str, ...]) -> None:
    """Kinetics in place of given efficiencies; the area follows the conversion of nitrite."""
    lost = [e.fixed for e in plant.exchanges if e.fixed.startswith("E-101.")]
    plant.replace(cell(b, reactions), design=dict.fromkeys(lost))
    for fixed, freed in CELL.items():
        plant.exchange(fixed, b[f"design.{fixed}"], freed)


def cell(b: Basis, cathode: tuple[str, ...], segments: int = SEGMENTS) -> PlugFlowCell:
    """The stack with kinetics along its channel."""
    film = {"cathode": b["E-101.mass_transfer"]}
    sizes = {n: b[f"E-101.{n}"] for n in SIZES} | b.of("stack")
    return PlugFlowCell("E-101", segments=segments, cathode=cathode, mass_transfer=film, **sizes)


def headline(main: ModuleType, s: Solution) -> figures.Figures:
    """The route's headline, and what only these classes tell."""
    out: figures.Figures = main.headline(s)
    out["current density over limiting current density of nitrite"] = (
        s[f"E-101.limiting_share[{SEGMENTS}]"],
        "1",
    )
    for name, what in (("C-101", "stripper"), ("T-201", "trap")):
        out[f"transfer units of the {what}"] = (s[f"{name}.transfer_units"], "1")
        out[f"pressure drop of the {what}"] = (s[f"{name}.pressure_drop"], "Pa")
    return out
