"""Optima of plants whose heats have alternative utilities; typed potentials of a problem."""

from pathlib import Path

import pytest

from noxplant import Flowsheet
from noxplant.errors import SolveError
from noxplant.studies.optimise import Free, Problem, optimise
from noxplant.studies.problem import read_problem
from noxplant.units.azine_cell import AzineCell
from noxplant.units.feed import Feed
from noxplant.units.heater import Heater
from noxplant.utilities import ANY


def cooled(kelvin: float) -> Flowsheet:
    plant = Flowsheet("cooled")
    feed = plant.add(Feed("F", "aqueous", {"H2O": 100.0}, temperature=340.0))
    cooler = plant.add(Heater("E-1", "aqueous", temperature=kelvin, utility=ANY))
    plant.connect(feed.out, cooler.feed, "warm")
    return plant


def problem(weight: float) -> Problem:
    wanted = f"{{E-1.duty:power}} + {{{weight} W/K2}} * ({{E-1.temperature}} - {{290 K}})**2"
    return Problem("power and warmth", wanted, "W", (Free("E-1.temperature", 280.0, 330.0),))


def true_objective(kelvin: float, weight: float) -> float:
    s = cooled(kelvin).solve()
    return s.refrigeration_power + weight * (kelvin - 290.0) ** 2


def test_the_power_counts_the_utility_that_serves_the_optimum() -> None:
    # At 320 K cooling water serves and draws no power; at the optimum refrigeration has to.
    found = optimise(cooled(320.0), problem(500.0))
    assert found.before.quantities["E-1.duty"].utility == "cooling water"
    assert found.after.quantities["E-1.duty"].utility == "refrigeration"
    best = found.free[0].after
    assert 290.0 < best < 308.0
    assert found.objective[0] == pytest.approx(true_objective(320.0, 500.0), rel=1e-9)
    assert found.objective[1] == pytest.approx(true_objective(best, 500.0), rel=1e-6)
    for beside in (best - 1.0, best + 1.0):
        assert true_objective(beside, 500.0) > found.objective[1]


def test_a_choice_that_undoes_itself_is_refused_by_name() -> None:
    # With cooling water 290 K is best, which needs refrigeration; with that, more than 313 K is.
    words = r"E-1.duty from (cooling water to refrigeration|refrigeration to cooling water)"
    with pytest.raises(SolveError, match=words):
        optimise(cooled(320.0), problem(1.0))


def test_potentials_of_a_problem_are_taken_to_the_scale_of_the_quantity(tmp_path: Path) -> None:
    plant = Flowsheet("cell")
    plant.add(AzineCell("E-2", tanks=2, anode_potential=2.0))
    path = tmp_path / "optimise.toml"
    scale = AzineCell.declared["anode_potential"].scale  # type: ignore[attr-defined]
    path.write_text(
        '[optimise]\nobjective = "1"\nunit = "1"\n[optimise.free]\n'
        f'"E-2.anode_potential" = {{ low = "1.9 V vs {scale}", high = "2.54 V vs SHE" }}\n'
    )
    from noxplant.thermo.electro import convert

    free = read_problem(plant, path).free[0]
    assert free.low == 1.9
    assert free.high == pytest.approx(convert(2.54, "SHE", scale))
    assert free.high != 2.54
