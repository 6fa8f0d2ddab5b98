"""The route with rigorous classes in place of the minimal ones: same streams, same product."""

from __future__ import annotations

from types import ModuleType
from typing import Any

from noxplant import routes
from noxplant.basis import Basis
from noxplant.flowsheet import Flowsheet, Solution
from noxplant.reports import figures
from noxplant.units.azeotrope_column import AzeotropeColumn
from noxplant.units.kinetic_imine_reactor import KineticImineReactor
from noxplant.units.potential_azine_cell import PotentialAzineCell
from noxplant.units.reversible_hydrolyser import ReversibleHydrolyser
from noxplant.units.settling_decanter import SettlingDecanter
from noxplant.units.solvent_column import SolventColumn
from noxplant.units.washing_filter import WashingFilter
from noxplant.utilities import ANY

STACK = "air-to-ammonium-sulfate"
"""The route whose rigorous nitrate cell this one takes."""
SEGMENTS = 8
DESIGN = {  # what is freed, in place of what the minimal class of the cell had freed
    "E-101.faradaic_efficiency[NO2- -> NH3]": "E-101.reference_current[NO2- -> NH3]",
}
ASKED = {"E-101.charge_share[H2O -> H2]": "E-101.reference_current[H2O -> H2]"}
WITHOUT = {  # numbers of the minimal classes that the rigorous ones compute
    "C-201": ("azeotrope_water", "azeotrope_temperature"),
    "E-201": ("rate_constant", "faradaic_efficiency", "conductivity"),
    "V-301": ("entrained",),
    "F-302": ("held_liquor", "displaced"),
}
SALT = "N2H6SO4(s)"


def build(plant: Flowsheet, b: Basis, main: ModuleType) -> None:
    """Replace the units of a plant that is built with the minimal classes."""
    stack = routes.beside(str(routes.find(STACK).plant), "rigorous").cell
    plant.replace(stack(b, main.REACTIONS, SEGMENTS), design=DESIGN)
    for fixed, freed in ASKED.items():
        plant.exchange(fixed, b[f"design.{fixed}"], freed)
    train(plant, b)
    plant.headline = lambda s: headline(main, s)


def train(plant: Flowsheet, b: Basis) -> None:
    """Imine, azine, hydrazine and benzophenone by rates and settling; solvent by distillation."""
    imine = KineticImineReactor("R-201", tanks=3, utility=ANY, **given(b, "imine", "R-201"))
    numbers = given(b, "imine", "azine", "E-201")
    cell = PotentialAzineCell("E-201", tanks=10, utility=ANY, **numbers)
    plant.replace(imine)
    plant.replace(cell)
    plant.replace(ReversibleHydrolyser("R-301", recycles=1, **given(b, "R-301")))
    plant.replace(SettlingDecanter("V-301", **given(b, "V-301")))
    solvent = SolventColumn("D-201", inlets=2, stages=6, feed_stage=3, **given(b, "D-201"))
    water = AzeotropeColumn("C-201", stages=10, feed_stage=6, **given(b, "C-201"))
    plant.replace(solvent)
    plant.replace(water)
    press = WashingFilter("F-302", solid=SALT, **given(b, "F-302"))
    plant.replace(press, design={"F-302.wash_volumes": None})
    plant.exchange("F-302.wash_ratio", b["train.wash_ratio"], "F-303.factor")


def given(b: Basis, *tables: str) -> dict[str, Any]:
    """Numbers of the minimal class that the rigorous one takes too, and its own."""
    unit = tables[-1]
    kept = {k: v for t in tables for k, v in b.of(t).items() if k not in WITHOUT.get(unit, ())}
    return kept | b.of(f"train.{unit}")


def headline(main: ModuleType, s: Solution) -> figures.Figures:
    """The route's headline, and what only these classes tell."""
    out: figures.Figures = main.headline(s)
    out[main.LIMIT] = (s[f"E-101.limiting_share[{SEGMENTS}]"], "1")
    return out
