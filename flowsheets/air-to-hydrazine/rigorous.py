"""The route with the rigorous classes of the two routes that it joins."""

from __future__ import annotations

from types import ModuleType

from noxplant import routes
from noxplant.basis import Basis
from noxplant.flowsheet import Flowsheet, Solution
from noxplant.reports import figures


def build(plant: Flowsheet, b: Basis, main: ModuleType) -> None:
    """Replace the units of a plant that is built with the minimal classes."""
    found = routes.find(main.FRONT)
    front = routes.beside(str(found.plant), "rigorous")
    front.plasma(plant, b)
    front.electrolyser(plant, b, routes.module(found).REACTIONS)
    routes.beside(str(routes.find(main.BACK).plant), "rigorous").train(plant, b)
    plant.headline = lambda s: headline(main, front.SEGMENTS, s)


def headline(main: ModuleType, segments: int, s: Solution) -> figures.Figures:
    """The route's headline, and what only these classes tell."""
    out: figures.Figures = main.headline(s)
    out[main.LIMIT] = (s[f"E-101.limiting_share[{segments}]"], "1")
    return out
