"""The default plant and the published bookkeeping: expectations, headline, outlets, drawing."""

from __future__ import annotations

import ast
import html
import json

import pytest

from noxplant import Solution, routes
from noxplant.reports import drawing, figures
from noxplant.reports.expected import compare
from noxplant.reports.outlets import Tracked, table
from noxplant.reports.rederive import rederive

pytestmark = pytest.mark.route

PER = "kg N2H4 in product"
KILOWATT_HOUR = 3.6e6
FARADAY, MASS = 96485.33212, 0.0320452


def value(solution: Solution, name: str) -> float:
    return solution.headline[name][0]


@pytest.mark.parametrize("variant", [None, "as-published"])
def test_expectations_hold(variant, hydrazine, published, hydrazine_route):
    solution = hydrazine if variant is None else published
    found = compare(solution, hydrazine_route.folder / "expected.toml", variant)
    assert len([f for f in found if f.tolerance is not None]) >= 4
    assert [f.name for f in found if not f.holds] == []


@pytest.mark.parametrize("which", ["hydrazine", "published"])
def test_balances_redone_from_the_json_alone(which, request):
    record = json.loads(json.dumps(request.getfixturevalue(which).to_dict(), allow_nan=False))
    assert rederive(record).holds


def test_no_number_of_the_basis_is_left_unread(hydrazine_route):
    assert routes.unread_numbers(hydrazine_route) == []


def test_energy_by_consumer_is_faraday_times_yield(hydrazine):
    s, rate = hydrazine, hydrazine.stream("hydrazine sulfate").content("N(-2)")
    # Charge of each cell from what it makes; per mol of N2H4 in the product, by hand.
    reduced = 8 * s["E-101.extent[NO3- -> NH3]"] + 2 * s["E-101.extent[NO3- -> NO2-]"]
    reduced += 6 * s["E-101.extent[NO2- -> NH3]"] + 2 * s["E-101.extent[H2O -> H2]"]
    nitrate = FARADAY * reduced * s["E-101.voltage"] / (rate * MASS) / KILOWATT_HOUR
    name = f"electricity of the nitrate cell per {PER}"
    assert value(s, name) / KILOWATT_HOUR == pytest.approx(nitrate, rel=1e-5)
    coupled = 2 * s["E-201.azine_made"] / s["E-201.faradaic_efficiency"]
    azine = FARADAY * coupled * s["E-201.voltage"] / (rate * MASS) / KILOWATT_HOUR
    name = f"electricity of the azine cell per {PER}"
    assert value(s, name) / KILOWATT_HOUR == pytest.approx(azine, rel=1e-5)
    parts = [v for k, (v, _) in s.headline.items() if k.startswith("electricity of")]
    assert value(s, f"electricity, all consumers, per {PER}") == pytest.approx(sum(parts))
    before = value(s, f"heat before recovery per {PER}")
    assert 0 < value(s, f"heat after maximum recovery (pinch, 10 K) per {PER}") < before


def test_every_consumer_must_be_named(hydrazine):
    with pytest.raises(figures.SpecError, match="name the consumers of E-201.power"):
        figures.energy(hydrazine, {"the nitrate cell": "E-101.power"}, 1.0, PER)
    with pytest.raises(figures.SpecError, match="no basis for figures per kg"):
        figures.energy(hydrazine, {}, 0.0, PER)


def test_make_up_follows_from_the_yields(hydrazine):
    s = hydrazine
    # 2 mol KNO3 (101.103 g) per mol N2H4, over the isolated yield.
    isolated = value(s, "isolated yield, mol N as N2H4 in product per mol NO3- fed")
    assert value(s, f"make-up of KNO3, kg per {PER}") == pytest.approx(
        2 * 0.1011032 / MASS / isolated, rel=1e-4
    )
    split = value(s, next(k for k in s.headline if "returned by phase split" in k))
    purged = value(s, next(k for k in s.headline if "returned after purge" in k))
    assert split > 0.99
    assert purged == pytest.approx(split * 0.995)
    # Benzophenone made up: what does not return, and what becomes benzhydrol or leaves as azine.
    lost = sum(r.content("benzophenone") + 2 * r.content("benzophenone azine") for r in s.leaving())
    lost += sum(r.content(k) for r in s.leaving() for k in ("benzophenone imine", "benzhydrol"))
    assert lost == pytest.approx(s.stream("benzophenone make-up").content("benzophenone"), rel=1e-8)


def test_the_bleed_exports_the_potassium_fed(hydrazine):
    s = hydrazine
    out, into = s.stream("potash bleed").content("K+"), s.stream("potassium nitrate").content("K+")
    assert out == pytest.approx(into, rel=1e-9)
    assert s["A-102.concentration[OH-]"] == pytest.approx(5000.0)


def test_outlets_close_and_stand_in_the_readme(hydrazine, hydrazine_route):
    tracked = routes.module(hydrazine_route).TRACKED
    assert len(tracked) == 8
    for t in tracked:
        into = sum(t.flow(r) for r in hydrazine.entering())
        out = sum(t.flow(r) for r in hydrazine.leaving())
        assert into > 0, t.title
        assert out == pytest.approx(into, rel=1e-8), t.title
    whole = Tracked("C", "C")
    families = [t for t in tracked if t.element == "C"]
    for r in (*hydrazine.entering(), *hydrazine.leaving()):
        assert sum(t.flow(r) for t in families) == pytest.approx(whole.flow(r))
    made = table(hydrazine, tracked, ("hydrazine sulfate", "N(-2)"), basis=PER)
    text = (hydrazine_route.folder / "README.md").read_text("utf-8")
    shown = text.split("<!-- outlets: begin -->\n")[1].split("\n<!-- outlets: end -->")[0]
    assert shown == made.rstrip()


def test_the_drawing_is_that_of_the_plant(hydrazine_route):
    plant = routes.load(hydrazine_route)
    assert len(plant.sections) == 4
    where = drawing.sections(plant)
    assert set(where) == set(plant.units)
    text = html.unescape((hydrazine_route.folder / "drawing.svg").read_text("utf-8"))
    assert [u for u in plant.units if u not in text] == []
    assert [s for s, _, _ in plant.edges() if s not in text] == []


@pytest.mark.parametrize("name", sorted(routes.routes()))
def test_build_joins_the_sections_in_at_most_100_lines(name):
    tree = ast.parse(routes.find(name).plant.read_text("utf-8"))
    build = next(n for n in tree.body if isinstance(n, ast.FunctionDef) and n.name == "build")
    assert build.end_lineno - build.lineno + 1 <= 100


def test_published_steps_multiply(published):
    found = value(published, "mol N as N2H4 in hydrolysate per mol NO3- fed")
    assert found == pytest.approx(0.910 * 0.985 * 0.990, rel=1e-6)
    assert found == pytest.approx(0.887, abs=1e-3)
    name = "electricity of the azine cell per kg N2H4 contained in azine"
    by_hand = 2 * FARADAY * 4.1 / (0.956 * MASS) / KILOWATT_HOUR
    assert value(published, name) / KILOWATT_HOUR == pytest.approx(by_hand, rel=1e-5)
