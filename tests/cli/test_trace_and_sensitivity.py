"""The options --trace and --sensitivity of `noxplant run`."""

from __future__ import annotations

import csv
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from noxplant.cli import main

TINY = str(Path(__file__).parents[1] / "data" / "routes" / "warm-lye")
BROKEN = str(Path(__file__).parents[1] / "data" / "broken" / "infeasible-purity")


def test_a_trace_as_table_in_the_words_of_the_flowsheet(tmp_path: Path) -> None:
    file = tmp_path / "trace.csv"
    assert main(["run", TINY, "--trace", str(file)]) == 0
    rows = list(csv.DictReader(file.read_text("utf-8").splitlines()))
    assert [int(r["number"]) for r in rows] == list(range(1, len(rows) + 1))
    assert len(rows) > 10
    assert float(rows[-1]["step"]) < 1e-6
    assert not any("unit[" in r["block"] or "stream[" in r["block"] for r in rows)
    assert any(r["equation"].startswith("E-101: ") for r in rows)


def test_a_trace_as_picture(tmp_path: Path) -> None:
    file = tmp_path / "trace.svg"
    assert main(["run", TINY, "--trace", str(file)]) == 0
    text = "".join(ET.parse(file).getroot().itertext())
    assert "Convergence of warm-lye" in text


def test_a_search_that_fails_leaves_its_trace(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "trace.csv"
    assert main(["run", BROKEN, "--trace", str(file)]) == 1
    assert "What would give way" in capsys.readouterr().err
    assert any(r["solved"] == "False" for r in csv.DictReader(file.read_text("utf-8").splitlines()))


def test_a_trace_of_another_kind_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", TINY, "--trace", "trace.png"]) == 2
    assert "--trace trace.png: give a file that ends in .svg" in capsys.readouterr().err


def test_what_moves_the_figures(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", TINY, "--sensitivity"]) == 0
    out = capsys.readouterr().out
    # The only figure is the mass flow of the liquor: that of all feeds together.
    assert "What moves the figures most" in out
    assert "F-101" in out.split("What moves the figures most")[1]
