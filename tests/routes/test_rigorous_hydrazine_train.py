"""The hydrazine train of a route with rigorous classes in place of the minimal ones, on its page."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from noxplant import routes
from noxplant.errors import Refusal
from noxplant.flowsheet.graph import Flowsheet
from noxplant.flowsheet.solution import Solution
from noxplant.units.azeotrope_column import AzeotropeColumn
from noxplant.units.kinetic_imine_reactor import KineticImineReactor
from noxplant.units.potential_azine_cell import PotentialAzineCell
from noxplant.units.reversible_hydrolyser import ReversibleHydrolyser
from noxplant.units.settling_decanter import SettlingDecanter
from noxplant.units.solvent_column import SolventColumn
from noxplant.utilities import ANY

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "rigorous-hydrazine-train.md"
ROUTE = "nitrate-to-hydrazine"
BASIS = routes.find(ROUTE).basis(None)
AREA = 994.3
"""m2, anode area of the azine cell as shipped: 1.3e-4 1/s x 267.7 m3 / 3.5e-5 m/s."""


def given(*sections: str, without: tuple[str, ...] = ()) -> dict[str, float]:
    both = {k: x for s in sections for k, x in BASIS.of(s).items()}
    return {k: x for k, x in both.items() if k not in without}


def columns(plant: Flowsheet) -> None:
    plant.replace(SolventColumn("D-201", inlets=2, stages=6, feed_stage=3, **given("D-201")))
    numbers = given("C-201", without=("azeotrope_water", "azeotrope_temperature"))
    plant.replace(AzeotropeColumn("C-201", stages=10, feed_stage=6, **numbers))


def imine(plant: Flowsheet) -> None:
    unit = KineticImineReactor("R-201", tanks=3, utility=ANY, rate_constant=1e-5, volume=10.0,
                               **given("imine", "R-201"))  # fmt: skip
    plant.replace(unit)


def cell(plant: Flowsheet, **changed: float) -> None:
    own = ("rate_constant", "faradaic_efficiency", "conductivity")
    numbers = given("imine", "azine", "E-201", without=own) | changed
    step = {
        "area": AREA, "electrode_rate": 3.5e-5, "tafel_slope": 0.12, "salt_conductivity": 1.2,
        "condensation_constant": 1e-5,
    }  # fmt: skip
    plant.replace(PotentialAzineCell("E-201", tanks=10, utility=ANY, **{**step, **numbers}))


def colder_cell(plant: Flowsheet) -> None:
    cell(plant, anode_potential=1.7, cathode_potential=-2.1)


def hydrolyser(plant: Flowsheet, constant: float = 1e-2) -> None:
    numbers = given("R-301") | {"rate_constant": 1e-2, "equilibrium_constant": constant}
    plant.replace(ReversibleHydrolyser("R-301", recycles=1, **numbers))


def decanter(plant: Flowsheet) -> None:
    size = {"area": 10.0, "droplet": 1.5e-4, "dispersed": 1.0, "relative_viscosity": 1.5}
    plant.replace(SettlingDecanter("V-301", **size, **given("V-301", without=("entrained",))))


SWAPS: dict[str, tuple[Callable[[Flowsheet], None], ...]] = {
    "as shipped": (),
    "solvent columns": (columns,),
    "imine reactor": (imine,),
    "azine cell, 2.0 V": (cell,),
    "azine cell, 1.7 V": (colder_cell,),
    "hydrolyser": (hydrolyser,),
    "decanter": (decanter,),
    "all, 2.0 V": (columns, imine, cell, hydrolyser, decanter),
}


def figures(s: Solution) -> list[float]:
    """What the page's table holds, in its order."""
    head = {name.split(" per kg")[0].rstrip(","): x[0] for name, x in s.headline.items()}
    return [
        s["E-201.specific_energy"] / 3.6e6,
        s["E-201.conversion"],
        head["make-up of methanol, kg"],
        head["make-up of benzophenone, kg"],
        head["make-up of acetonitrile, kg"],
        s["V-301.returned"],
        s["R-301.conversion"],
        s.headline["electricity, all consumers, per kg N2H4 in product"][0] / 3.6e6,
    ]


def rows() -> dict[str, list[float]]:
    lines = [line.split("|")[1:-1] for line in PAGE.read_text("utf-8").splitlines() if "|" in line]
    return {r[0].strip(): [float(x) for x in r[1:]] for r in lines if r[0].strip() in SWAPS}


@pytest.mark.route
@pytest.mark.parametrize(
    "name", [n if n == "all, 2.0 V" else pytest.param(n, marks=pytest.mark.slow) for n in SWAPS]
)
def test_the_page_holds_what_the_train_gives(name: str) -> None:
    plant = routes.load(ROUTE)
    for swap in SWAPS[name]:
        swap(plant)
    assert rows()[name] == pytest.approx(figures(plant.solve()), rel=2e-3)


@pytest.mark.route
@pytest.mark.slow
def test_azine_that_stays_at_smaller_constants() -> None:
    """The page's 27 %, half, and the refusal."""
    for constant, words, stays in ((1e-5, "27 % of the azine", 0.27), (3e-6, "half of it", 0.5)):
        assert words in PAGE.read_text("utf-8")
        plant = routes.load(ROUTE)
        hydrolyser(plant, constant)
        assert 1 - plant.solve()["R-301.conversion"] == pytest.approx(stays, abs=6e-3)
    plant = routes.load(ROUTE)
    hydrolyser(plant, 1e-6)
    with pytest.raises(Refusal, match="reaches the saturation asked for"):
        plant.solve()
