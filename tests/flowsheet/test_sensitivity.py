"""Derivatives of results in the words and units of the flowsheet."""

from __future__ import annotations

import numpy as np
import pytest

from noxplant import Flowsheet, routes
from noxplant.errors import SolveError, SpecError
from noxplant.flowsheet.solution import Solution
from noxplant.reports.sensitivities import table
from noxplant.units.feed import Feed
from noxplant.units.heater import Heater
from noxplant.units.splitter import Splitter


def plant() -> Flowsheet:
    """Warm liquor, a part of which is purged: flows are known in closed form."""
    found = Flowsheet("purge")
    feed = found.add(Feed("F-1", "aqueous", {"H2O": 55.5, "KNO3": 1.0}))
    heater = found.add(Heater("E-1", "aqueous", temperature=330.0, utility="low-pressure steam"))
    split = found.add(Splitter("S-1", "aqueous", fraction=0.2))
    found.connect(feed.out, heater.feed, "cold")
    found.connect(heater.out, split.feed, "warm")
    found.headline = figures
    return found


def figures(s: Solution) -> dict[str, tuple[float, str]]:
    side = s.stream("S-1.side")
    return {
        "nitrate lost, squared": (side.content("NO3-") ** 2, "1"),
        "purge temperature": (side.temperature, "K"),
    }


@pytest.fixture(scope="module")
def solved() -> Flowsheet:
    found = plant()
    found.solve()
    return found


def test_figures_against_their_closed_form(solved: Flowsheet) -> None:
    # (x n)^2 with x = 0.2 and n = 1 mol/s of factor 1: 2 x n^2 = 0.4, 2 x^2 n = 0.08
    found = solved.sensitivity()
    assert found["nitrate lost, squared", "S-1.fraction"] == pytest.approx(0.4, rel=1e-7)
    assert found["nitrate lost, squared", "F-1.factor"] == pytest.approx(0.08, rel=1e-7)
    assert found["purge temperature", "E-1.temperature"] == pytest.approx(1.0, rel=1e-9)
    assert found["nitrate lost, squared", "E-1.temperature"] == pytest.approx(0.0, abs=1e-9)
    k = found.outputs.index("nitrate lost, squared")
    relative = dict(zip(found.inputs, found.relative[k], strict=True))
    assert relative["S-1.fraction"] == pytest.approx(2.0, rel=1e-7)


def test_quantities_by_re_solving(solved: Flowsheet) -> None:
    found = solved.sensitivity(["E-1.duty"], ["E-1.temperature", "F-1.factor", "S-1.fraction"])
    other = plant()
    duties = []
    for t in (329.0, 331.0):
        other.set("E-1.temperature", t)
        duties.append(other.solve()["E-1.duty"])
    assert found["E-1.duty", "E-1.temperature"] == pytest.approx(
        (duties[1] - duties[0]) / 2, rel=1e-5
    )
    assert found["E-1.duty", "F-1.factor"] == pytest.approx(found.values[0], rel=1e-9)
    assert found["E-1.duty", "S-1.fraction"] == 0.0
    itself = solved.sensitivity(["E-1.temperature", "S-1.fraction"], ["E-1.temperature"])
    np.testing.assert_array_equal(itself.matrix, [[1.0], [0.0]])


def test_units_for_reading(solved: Flowsheet) -> None:
    shown = solved.sensitivity(["E-1.duty"], ["E-1.temperature"]).table
    assert list(shown.index) == ["E-1.duty [kW]"]
    assert list(shown.columns) == ["E-1.temperature [C]"]
    exact = solved.sensitivity(["E-1.duty"], ["E-1.temperature"]).matrix[0, 0]
    assert shown.iloc[0, 0] == pytest.approx(exact / 1e3)


def test_the_plant_stays_as_it_was(solved: Flowsheet) -> None:
    assert solved.built is not None
    before = solved.built.solver.compiled.x.copy(), solved.built.solver.compiled.p.copy()
    solved.sensitivity()
    after = solved.built.solver.compiled.x, solved.built.solver.compiled.p
    np.testing.assert_array_equal(before[0], after[0])
    np.testing.assert_array_equal(before[1], after[1])
    assert solved.variable("S-1.fraction").value == 0.2


def test_what_is_refused(solved: Flowsheet) -> None:
    with pytest.raises(SolveError, match="purge: solve it first"):
        plant().sensitivity()
    with pytest.raises(SpecError, match="E-1.duty is not given: it is computed"):
        solved.sensitivity(["E-1.duty"], ["E-1.duty"])
    with pytest.raises(SpecError, match="has no quantity 'dutty'.*'duty'"):
        solved.sensitivity(["E-1.dutty"])
    found = solved.sensitivity(["E-1.duty"], ["S-1.fraction"])
    with pytest.raises(SpecError, match="'S-1.fractoin' is no input of this sensitivity. Did you"):
        found["E-1.duty", "S-1.fractoin"]


def test_the_table_names_what_moves_most(solved: Flowsheet) -> None:
    rows = {row[0]: row for row in table(solved.sensitivity()).rows}
    lines = rows["nitrate lost, squared"][2].split("\n")
    assert lines[0].endswith("1 % more: +2.00%)")
    assert "E-1.temperature" not in rows["nitrate lost, squared"][2]
    assert rows["purge temperature"][1] == "56.85 C"
    assert "E-1.temperature (1 K more: +0.30%)" in rows["purge temperature"][2]


@pytest.mark.route
def test_headline_figures_of_the_main_plant_against_re_solves() -> None:
    main = routes.load("nitrate-to-hydrazine")
    solution = main.solve()
    inputs = [
        "E-101.faradaic_efficiency[NO3- -> NH3]",
        "E-101.current_density",
        "K-301.temperature",
        "X-301.hydrazine",
    ]
    found = main.sensitivity(inputs=inputs)
    assert found.outputs == tuple(solution.headline)
    for path in inputs:
        x = main.value(path)
        assert x is not None
        ends = []
        for step in (2e-4, -2e-4, 1e-4, -1e-4):
            main.set(path, x * (1 + step))
            ends.append(np.array([v for v, _ in main.solve().headline.values()]))
        main.set(path, x)
        wide, narrow = (ends[0] - ends[1]) / (4e-4 * x), (ends[2] - ends[3]) / (2e-4 * x)
        error = np.abs(wide - narrow)
        mine = found.matrix[:, found.inputs.index(path)]
        size = np.abs([v for v, _ in solution.headline.values()]) / abs(x)
        assert (np.abs(mine - narrow) <= 2 * error + 1e-6 * size).all(), path
    main.solve()
