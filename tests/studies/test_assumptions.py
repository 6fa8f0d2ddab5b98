"""Headline figures that an assumption moves, against solves of their own and closed forms."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache, partial
from pathlib import Path
from typing import Any

import pytest

from noxplant import Solution, cli, routes
from noxplant.flowsheet import Flowsheet
from noxplant.reports import tables
from noxplant.studies import assumptions as studies
from noxplant.studies.assumptions import with_moves
from noxplant.testing import assert_same

ROUTE = "nitrate-to-hydrazine"
LYE = Path(__file__).parents[1] / "data" / "routes" / "warm-lye"
CHOSEN = {
    "V-303.purge_fraction",
    "design.X-301.hydrazine",
    "K-201.temperature",
    "E-101.area",
    "imine.equilibrium_constant",
    "V-302.pressure",
    "design.A-101.concentration[NO3-]",
}


def build(values: Mapping[str, float] | None = None) -> Flowsheet:
    plant = routes.load(ROUTE, values=values)
    plant.assumptions = [a for a in plant.assumptions if a["name"] in CHOSEN]
    return plant


@cache
def found() -> tuple[Solution, dict[str, dict[str, Any]], int]:
    plant, ticks = build(), []
    before = plant.solve()
    solution = with_moves(plant, before, build, partial(ticks.append, 1))
    assert {k: q.value for k, q in solution.quantities.items()} == {
        k: q.value for k, q in before.quantities.items()
    }
    assert_same(before, plant.solve(), rel=1e-12)  # left as it was
    return solution, {str(a["name"]): dict(a) for a in solution.assumptions}, len(ticks)


def test_every_assumption_is_looked_at_once() -> None:
    _, moves, ticks = found()
    assert set(moves) == CHOSEN
    assert ticks == len(CHOSEN)


def test_a_purge_moves_what_comes_back_by_what_it_takes() -> None:
    """Benzophenone returned after the purge is the split times 1 - purge: 0.005, 0.001 to 0.05."""
    moves = found()[1]["V-303.purge_fraction"]["moves"]
    (name,) = (k for k in moves if k.startswith("benzophenone returned after purge"))
    assert moves[name] == pytest.approx([0.999 / 0.995 - 1, 0.95 / 0.995 - 1], rel=1e-3)


def test_size_moves_no_figure() -> None:
    """1 kg/d to 100 t/d: every headline figure is per kg or a ratio."""
    assert found()[1]["design.X-301.hydrazine"]["moves"] == {}
    assert found()[1]["design.X-301.hydrazine"]["ends"] == {}


@pytest.mark.parametrize("end", [0, 1])
def test_figures_are_those_of_a_plant_solved_there(end: int) -> None:
    solution, moves, _ = found()
    a = moves["K-201.temperature"]
    plant = routes.load(ROUTE, values={"K-201.temperature": a[("low", "high")[end]]})
    plant.known = None  # from nothing
    there = plant.solve().headline
    for name, (before, _) in solution.headline.items():
        change = there[name][0] / before - 1 if before else 0.0
        if name in a["moves"]:
            assert a["moves"][name][end] == pytest.approx(change, abs=1e-6)
        else:
            assert abs(change) <= 0.01


def test_the_largest_movement_stands_first() -> None:
    for a in found()[1].values():
        sizes = [max(abs(x) for x in pair if x is not None) for pair in a["moves"].values()]
        assert sizes == sorted(sizes, reverse=True)
        assert all(x > 0.01 for x in sizes)


def test_a_freed_start_value_moves_nothing_and_says_so() -> None:
    a = found()[1]["E-101.area"]
    assert a["freed"] == "X-301.hydrazine"
    assert tables.moves(a) == "start value only; follows from X-301.hydrazine"


def test_the_imine_constant_is_the_first_doubt() -> None:
    """Six decades, of which the way takes one at a time: the circulation grows many times over."""
    a = found()[1]["imine.equilibrium_constant"]
    assert a["ends"] == {}
    assert a["moves"]["acetonitrile circulated, kg per kg N2H4 in product"][0] > 10


def test_ends_beyond_a_limit_name_it() -> None:
    ends = found()[1]["V-302.pressure"]["ends"]
    assert ends == {"low": "V-302.duty: low-pressure steam cannot take"}
    ends = found()[1]["design.A-101.concentration[NO3-]"]["ends"]
    assert ends == {"low": "E-101: limiting current of NO3-"}


def test_run_shows_what_assumptions_move(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = tmp_path / "result.json"
    assert cli.main(["run", str(LYE), "--assumptions", "--json", str(file)]) == 0
    assert "moves, from and to" in capsys.readouterr().out
    record = json.loads(file.read_text())
    (a,) = record["assumptions"]
    assert a["name"] == "F-101.water"
    # What leaves weighs more by the water fed: 55.5 mol/s, 50 to 60.
    liquor = record["headline"]["liquor"]["value"]
    added = [0.01801528 * (x - 55.5) / liquor for x in (50.0, 60.0)]
    assert a["moves"]["liquor"] == pytest.approx(added, rel=1e-6)


def listed(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, dict[str, Any]]:
    assert cli.main(["run", ROUTE, *words, "--json", "-"]) == 0
    return {a["name"]: a for a in json.loads(capsys.readouterr().out)["assumptions"]}


def test_what_the_user_sets_is_the_value_and_the_range_stays(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """`--set X` of a specification that the basis has as `design.X` is the same number."""
    name = "design.C-101.removal"
    given = ("--set", "C-101.removal=0.97")
    assert listed(capsys, *given)[name]["value"] == pytest.approx(0.97)
    one = studies._moved
    monkeypatch.setattr(
        studies, "_moved", lambda p, s, b, a: one(p, s, b, a) if a["name"] == name else {}
    )
    a = listed(capsys, *given, "--assumptions")[name]
    key = "ammonia brought to the anode, oxidation not modelled, per NH3 made"
    plants = [routes.load(ROUTE, values={name: x}).solve() for x in (0.97, a["low"], a["high"])]
    base, *ends = (s.headline[key][0] for s in plants)
    assert a["moves"][key] == pytest.approx([x / base - 1 for x in ends], rel=1e-5)


def test_a_design_that_is_taken_back_moves_nothing(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(studies, "_moved", lambda *_: {})
    words = ("--target", "C-101.boilup_ratio=0.09", "--free", "C-101.removal")
    found = listed(capsys, *words, "--assumptions")
    assert found["design.C-101.removal"]["freed"] == "other specifications"
    assert found["C-101.boilup_ratio"]["value"] == pytest.approx(0.09)


def test_set_and_free_of_one_name_contradict(capsys: pytest.CaptureFixture[str]) -> None:
    words = [
        "--target",
        "E-101.power=1 MW",
        "--free",
        "E-101.voltage",
        "--set",
        "E-101.voltage=3 V",
    ]
    assert cli.main(["run", ROUTE, *words]) == 2
    assert "contradict each other" in capsys.readouterr().err
