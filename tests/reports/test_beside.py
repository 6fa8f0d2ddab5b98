"""Figures of several plants side by side: one unit a row."""

from __future__ import annotations

from noxplant.cli import main
from noxplant.reports import beside


def test_one_unit_in_a_row_whatever_the_sizes():
    plants = {"small": {"current": (0.5, "A")}, "large": {"current": (2500.0, "A")}}
    (row,) = beside.table(plants).rows
    assert row == ["current", "0.5", "2500", "A", "+5e+05 %"]


def test_figures_of_one_name_in_other_units_stand_apart():
    plants = {"a": {"x": (1.0, "W")}, "b": {"x": (1.0, "J/mol")}}
    rows = beside.table(plants, si=True).rows
    assert rows == [["x", "1", "", "W", ""], ["x", "", "1", "J/mol", ""]]


PLANT = """
from noxplant import Flowsheet
from noxplant.units.feed import Feed
from noxplant.units.heater import Heater


def build(b):
    plant = Flowsheet("p")
    f = plant.add(Feed("F", "gas", {"N2": 1.0}, temperature=300.0))
    h = plant.add(Heater("H", "gas", temperature=TEMPERATURE, utility="low-pressure steam"))
    plant.connect(f.out, h.feed, "a")
    return plant
"""


def test_a_plant_that_does_not_solve_is_named_as_it_was_typed(tmp_path, capsys):
    for name, kelvin in (("good", 390.0), ("bad", 450.0)):
        (tmp_path / name).mkdir()
        text = PLANT.replace("TEMPERATURE", str(kelvin))
        (tmp_path / name / "plant.py").write_text(text)
    words = [str(tmp_path / name / "plant.py") for name in ("good", "bad")]
    assert main(["compare", *words]) == 1
    seen = capsys.readouterr().err
    assert f"{words[1]} cannot be compared" in seen
    assert "450 K" in seen or "176.85 C" in seen
