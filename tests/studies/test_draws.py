"""Random operating points: what is drawn, how far, and that a study survives a kill."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from noxplant import cli, routes
from noxplant.errors import UsageError
from noxplant.studies import draws as studies
from noxplant.studies.operating import draw, operating, rules_of, values_of

LYE = Path(__file__).parents[1] / "data" / "routes" / "warm-lye"
SIDES = st.floats(-1.0, 1.0)


@given(SIDES, st.floats(200.0, 600.0))
def test_temperatures_move_by_five_kelvin(u: float, kelvin: float) -> None:
    assert draw(kelvin, "K", None, None, u) == pytest.approx(kelvin + 5.0 * u)


@given(SIDES)
def test_pressures_move_by_a_tenth_and_amounts_by_a_fifth(u: float) -> None:
    assert draw(1e5, "Pa", None, None, u) == pytest.approx(1e5 * (1 + 0.1 * u))
    assert draw(3.0, "mol/s", None, None, u) == pytest.approx(3.0 * (1 + 0.2 * u))
    assert draw(1.4, "mol/mol", None, None, u) == pytest.approx(1.4 * (1 + 0.2 * u))


@given(SIDES, st.floats(1e-6, 1.0 - 1e-6))
def test_fractions_stay_fractions(u: float, x: float) -> None:
    """The distance to the nearer end changes by at most a factor of two."""
    new = draw(x, "1", None, None, u)
    distance = (x, new) if x < 0.5 else (1.0 - x, 1.0 - new)
    assert distance[1] / distance[0] == pytest.approx(2.0**u, rel=1e-9)
    assert 0.0 <= new < 1.0


def test_no_value_leaves_the_range_of_the_basis() -> None:
    assert draw(300.0, "K", 298.0, 303.0, -1.0) == 298.0
    assert draw(300.0, "K", 298.0, 303.0, 1.0) == 303.0


def test_constants_and_what_is_freed_are_not_drawn() -> None:
    route = routes.find("nitrate-to-hydrazine")
    basis = route.basis()
    plant = routes.module(route).build(basis)
    drawn = set(operating(basis, plant))
    freed = {e.freed for e in plant.exchanges}
    assert not drawn & freed
    words = ("solubility", "equilibrium_constant", "rate_constant", "salting", "mass_transfer")
    assert not [n for n in drawn if n.split(".")[-1].startswith(words)]
    assert {"K-201.temperature", "design.C-101.removal", "S-301.fraction"} <= drawn


def test_faradaic_efficiencies_are_drawn_on_their_simplex() -> None:
    route = routes.find("nitrate-to-hydrazine")
    basis, rules = route.basis(), rules_of(route)
    plant = routes.module(route).build(basis)
    found = [values_of(basis, plant, rules, np.random.default_rng(k)) for k in range(50)]
    names = [n for n in found[0] if "faradaic_efficiency[" in n and n.startswith("E-101")]
    assert names
    shares = np.array([[f[n] for n in names] for f in found])
    assert (shares > 0).all()
    assert (shares.sum(axis=1) < 1).all()
    assert shares.std(axis=0).max() > 0.01


@pytest.mark.parametrize("name", ["nitrate-to-hydrazine", "air-to-ammonium-sulfate"])
def test_no_draw_leaves_the_ranges_of_the_basis(name: str) -> None:
    route = routes.find(name)
    basis, rules = route.basis(), rules_of(route)
    plant = routes.module(route).build(basis)
    for k in range(50):
        for n, x in values_of(basis, plant, rules, np.random.default_rng(k)).items():
            e = basis.entries[n]
            assert e.low is None or x >= e.low, n
            assert e.high is None or x <= e.high, n


def test_draws_do_not_depend_on_order_or_processes() -> None:
    one = studies.run(studies.Study(str(LYE), seed=7), 4)
    two = studies.run(studies.Study(str(LYE), seed=7), 4, jobs=2)
    assert [d.values for d in one] == [d.values for d in two]
    assert [d.solved for d in one] == [d.solved for d in two] == [True] * 4
    assert studies.Study(str(LYE), seed=7).one(3).values == one[2].values
    assert studies.Study(str(LYE), seed=8).one(3).values != one[2].values


def test_a_study_survives_a_kill(tmp_path: Path) -> None:
    file = tmp_path / "draws.jsonl"
    whole = studies.run(studies.Study(str(LYE)), 4, file)
    lines = file.read_text().splitlines(keepends=True)
    file.write_text("".join(lines[:3]) + lines[3][:20])  # two draws, and half of the third
    kept = json.loads(lines[2])["warm_seconds"]
    again = studies.run(studies.Study(str(LYE)), 4, file)
    assert [d.values for d in again] == [d.values for d in whole]
    assert again[1].warm_seconds == kept
    assert len(file.read_text().splitlines()) == 5


def test_a_file_of_other_draws_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "draws.jsonl"
    studies.run(studies.Study(str(LYE), seed=1), 1, file)
    with pytest.raises(UsageError, match="holds other draws than .*'seed': 2"):
        studies.run(studies.Study(str(LYE), seed=2), 1, file)


def test_a_line_that_is_no_draw_is_named(tmp_path: Path) -> None:
    file = tmp_path / "draws.jsonl"
    study = studies.Study(str(LYE))
    studies.run(study, 1, file)
    good = file.read_text()
    header = good.splitlines(keepends=True)[0]
    for line in ("garbage\n", header, "[1]\n"):
        file.write_text(good + line)
        with pytest.raises(UsageError, match=r"draws.jsonl, line 3: this is no draw: "):
            studies.run(study, 2, file)
        assert file.read_text() == good + line


def test_a_file_of_something_else_is_left_as_it_is(tmp_path: Path) -> None:
    file = tmp_path / "notes.txt"
    for text in ("my notes, without an end of line", "\xff\n{"):
        file.write_bytes(text.encode("latin-1"))
        with pytest.raises(UsageError, match="holds other draws than"):
            studies.run(studies.Study(str(LYE)), 1, file)
        assert file.read_bytes() == text.encode("latin-1")


def test_rules_that_do_not_fit_are_told_before_anything_is_solved(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def solved(_: object) -> None:
        raise AssertionError("the base case must not be solved")

    monkeypatch.setattr(studies.Study, "ready", solved)
    words = ["draws", "nitrate-to-hydrazine", "--variant", "as-published", "--number", "1"]
    assert cli.main(words) == 2
    seen = capsys.readouterr().err
    assert "--variant as-published: the draws.toml of nitrate-to-hydrazine belongs to the" in seen
    assert "frees E-101.current_density, which follows from T-201.absorbed already" in seen
    folder = tmp_path / "lye"
    shutil.copytree(LYE, folder)
    (folder / "draws.toml").write_text('[exchange]\n"H-101.duti" = "E-101.conductance"\n')
    with pytest.raises(UsageError, match=r"draws.toml does not fit the plant: .*duti"):
        studies.run(studies.Study(str(folder)), 1)


@pytest.fixture
def hot(tmp_path: Path) -> Path:
    """The tiny route with its heater 1.35 K below the hottest that its steam can heat to."""
    folder = tmp_path / "hot-lye"
    shutil.copytree(LYE, folder, ignore=shutil.ignore_patterns("*.pyc", "__pycache__"))
    text = (folder / "basis.toml").read_text()
    (folder / "basis.toml").write_text(text.replace("value = 77", "value = 126.5"))
    plant = (folder / "plant.py").read_text()
    for name in ("F-101.lye", "F-102.acid"):  # at 10 bar, so that the lye stays liquid
        plant = plant.replace(f'basis["{name}"]}}', f'basis["{name}"]}}, pressure=1e6')
    (folder / "plant.py").write_text(plant)
    return folder


def test_a_refusal_is_confirmed_on_the_way_from_the_base_case(hot: Path) -> None:
    study = studies.Study(str(hot))
    found = studies.run(study, 30)
    limit = 411.0 - 10.0  # K: steam less the least approach
    for d in found:
        assert d.solved == (d.values["H-101.temperature"] <= limit)
    refused = [d for d in found if not d.solved]
    assert 3 < len(refused) < 27
    assert {d.reason for d in refused} == {"H-101.duty: low-pressure steam cannot heat"}
    assert all(d.confirmed for d in refused)
    assert all("low-pressure steam at 411" in d.message for d in refused)
    text = studies.table("hot-lye", found)
    row = "| refused: H-101.duty: low-pressure steam cannot heat | {0} | {0} |"
    assert row.format(len(refused)) in text


def test_solving_from_nothing_too(hot: Path) -> None:
    found = studies.run(studies.Study(str(hot), cold=True), 4)
    assert all(d.cold is not None for d in found)
    assert [d.warm for d in found] == [d.cold for d in found]


def test_command(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "draws.jsonl"
    assert cli.main(["draws", str(LYE), "--number", "3", "--file", str(file)]) == 0
    assert "| solved on the way from the base case | 3 | |" in capsys.readouterr().out
    assert len(file.read_text().splitlines()) == 4
    assert cli.main(["draws", str(LYE), "--number", "0"]) == 2
    assert "draw at least one" in capsys.readouterr().err
    assert cli.main(["draws", str(LYE), "--jobs", "0"]) == 2
    capsys.readouterr()
    for words, message in (
        (["--seed", "-1"], "--seed -1: give a whole number of at least 0"),
        (["--file", str(tmp_path)], f"--file {tmp_path}: this is a folder"),
        (["--file", str(tmp_path / "no" / "x")], "there is no such folder"),
        (["--file", ""], "--file '': the name is empty"),
    ):
        assert cli.main(["draws", str(LYE), *words]) == 2
        assert message in capsys.readouterr().err
