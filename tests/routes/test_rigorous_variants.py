"""The routes with rigorous classes: solved from nothing, at any scale, and as their page has them."""

from __future__ import annotations

import functools
from pathlib import Path

import pytest

from noxplant import routes
from noxplant.cli import main
from noxplant.flowsheet import Solution
from noxplant.reports import beside
from noxplant.units.activity_evaporative_crystalliser import ActivityEvaporativeCrystalliser

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "rigorous-routes.md"
FAST, SLOW = "nitrate-to-hydrazine", ("air-to-ammonium-sulfate", "air-to-hydrazine")
ROUTES = [FAST, *(pytest.param(r, marks=pytest.mark.slow) for r in SLOW)]
pytestmark = pytest.mark.route


@functools.cache
def solved(route: str, variant: str | None) -> Solution:
    return routes.load(route, variant).solve()


def section(route: str) -> list[list[str]]:
    """Cells of the table of a route on the page."""
    text = PAGE.read_text("utf-8").partition(f"\n## {route}\n")[2].partition("\n## ")[0]
    return [line.strip("| ").split(" | ") for line in text.splitlines() if line.startswith("|")]


@pytest.mark.parametrize("route", ROUTES)
def test_the_page_holds_the_figures(route):
    names = (route, f"{route}/rigorous")
    both = {n: solved(route, v).headline for n, v in zip(names, (None, "rigorous"), strict=True)}
    lines = beside.markdown(beside.table(both))
    found = [line.strip("| ").split(" | ") for line in lines]
    page = section(route)
    assert [row[0] for row in page] == [row[0] for row in found]
    for old, new in zip(page[2:], found[2:], strict=True):
        for a, b in zip(old[1:3], new[1:3], strict=False):
            if a.strip():
                assert float(a) == pytest.approx(float(b), rel=2e-3), new[0]


@pytest.mark.parametrize("route", ROUTES)
def test_only_classes_differ(route):
    kept, other = routes.load(route), routes.load(route, "rigorous")
    assert list(kept.units) == list(other.units)
    swapped = [n for n in kept.units if type(kept.units[n]) is not type(other.units[n])]
    assert swapped
    ends = [{k: (a.path, b.path) for k, a, b in p.edges()} for p in (kept, other)]
    assert ends[0] == ends[1]
    assert other.like is not None


def test_a_cell_is_asked_for_the_same_and_answers_with_a_voltage():
    given, found = solved(FAST, None), solved(FAST, "rigorous")
    for path in ("X-301.hydrazine", "E-101.conversion[NO3-]", "E-101.conversion[N(3)]"):
        assert found[path] == pytest.approx(given[path], rel=1e-8)
    share = [found[f"E-101.charge_share[{r}]"] for r in ("NO3- -> NH3", "NO3- -> NO2-")]
    share += [found[f"E-101.charge_share[{r}]"] for r in ("NO2- -> NH3", "H2O -> H2")]
    assert sum(share) == pytest.approx(1.0)
    # The same charge makes the same ammonia; what is left of the difference is the nitrite's two steps.
    assert found["E-101.current"] == pytest.approx(given["E-101.current"], rel=0.01)
    cathode, anode = (found[f"E-101.{p}_potential[1]"] for p in ("cathode", "anode"))
    gaps = sum(found[f"E-101.{p}[1]"] for p in ("catholyte_loss", "anolyte_loss"))
    membrane = 1.5e-4 * found["E-101.local_current_density[1]"]
    # Donnan potential and the pH difference of the two sides nearly cancel.
    assert found["E-101.voltage"] == pytest.approx(anode - cathode + gaps + membrane, abs=0.02)


def test_the_size_of_the_plant_does_not_matter():
    base = solved(FAST, "rigorous").headline
    for factor in (1e-4, 30.0):
        other = routes.load(FAST, "rigorous").scaled(factor).solve().headline
        for name, (value, _) in base.items():
            assert other[name][0] == pytest.approx(value, rel=1e-6, abs=1e-12), name


def test_compare(capsys, tmp_path):
    target = tmp_path / "both.json"
    words = ["compare", FAST, f"{FAST}/rigorous", "--markdown", "--json", str(target)]
    assert main(words) == 0
    seen = capsys.readouterr().out
    assert "| nitrate cell: voltage with ohmic drop | 2.5 | 2.3" in seen
    assert '"unit": "V"' in target.read_text("utf-8")


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (["compare", FAST], "compare takes two plants or more"),
        (["compare", FAST, FAST], "each once"),
        (["compare", FAST, f"{FAST}/rigorus"], "no variant 'rigorus'. Did you mean 'rigorous'"),
        (["compare", FAST, "nowhere"], "There is no route 'nowhere'"),
    ],
)
def test_wrong_usage(words, text, capsys):
    assert main(words) == 2
    assert text in capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("V-301.entrained=0.5", "SettlingDecanter 'V-301' does not take that number"),
        ("E-101.voltage=3 V", "PlugFlowCell 'E-101' does not take that number"),
        ("E-201.rate_constant=1e-3 1/s", "PotentialAzineCell 'E-201'"),
    ],
)
def test_a_number_that_only_the_minimal_class_takes_is_refused(text, unit, capsys):
    assert main(["run", FAST, "--variant", "rigorous", "--set", text]) == 2
    seen = capsys.readouterr().err
    assert "has no effect in the variant rigorous" in seen
    assert unit in seen


def test_a_number_can_be_given_to_a_variant_that_takes_tables_of_others():
    name = "E-101.current_density"
    plant = routes.load(FAST, "rigorous", values={name: 1000.0})
    assert plant.value(name) == 1000.0
    asked = "design.E-101.charge_share[H2O -> H2]"
    plant = routes.load(FAST, "rigorous", values={asked: 0.2})
    assert plant.value(asked.removeprefix("design.")) == 0.2


@pytest.mark.slow
@pytest.mark.parametrize(
    ("route", "mean", "inlet", "voltage", "membrane", "end"),
    [
        ("air-to-ammonium-sulfate", 4570, 6000, 3.0, 0.7, 0.5),
        ("air-to-hydrazine", 5520, 8000, 3.5, 0.8, 1.0),
    ],
)
def test_the_text_of_the_page_holds_for_the_cells(route, mean, inlet, voltage, membrane, end):
    s = solved(route, "rigorous")
    assert s["E-101.current_density"] == pytest.approx(mean, rel=2e-3)
    assert s["E-101.local_current_density[1]"] == pytest.approx(inlet, rel=0.02)
    assert s["E-101.voltage"] == pytest.approx(voltage, rel=0.01)
    resistance = s["E-101.membrane_resistance"]
    assert resistance * s["E-101.current_density"] == pytest.approx(membrane, abs=0.05)
    assert s["E-101.anolyte_loss[8]"] == pytest.approx(end, abs=0.05)


@pytest.mark.slow
def test_activities_in_the_sulfate_crystalliser_move_its_pressure_alone():
    route = routes.find("air-to-ammonium-sulfate")
    plant, ideal = routes.load(route), solved(route.name, None)
    given = route.basis().of("K-301")
    unit = ActivityEvaporativeCrystalliser(
        "K-301", salt="(NH4)2SO4(s)", missing="estimate", **given
    )
    plant.replace(unit)
    s = plant.solve()
    pressure = [x.stream("crystalliser vapour").pressure for x in (ideal, s)]
    assert pressure[1] / pressure[0] == pytest.approx(1.11, abs=0.005)
    for name, (value, _) in ideal.headline.items():
        assert s.headline[name][0] == pytest.approx(value, rel=0.0115, abs=1e-12), name
