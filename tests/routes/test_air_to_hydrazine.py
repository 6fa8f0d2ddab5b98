"""The route from air to hydrazine: potash goes round between cell and absorber."""

from __future__ import annotations

import html
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from noxplant import Solution, routes
from noxplant.errors import ModelError, Refusal
from noxplant.reports.expected import compare
from noxplant.reports.outlets import outlets, table
from noxplant.testing import assert_same

pytestmark = pytest.mark.route
ROUTE = routes.find("air-to-hydrazine")
CODE = routes.module(ROUTE)
FRONT, BACK = (routes.find(name) for name in (CODE.FRONT, CODE.BACK))


@cache
def solved(**values: float) -> Solution:
    given = {k.replace("__", "."): v for k, v in values.items()}
    return routes.load(ROUTE, values=given or None).solve()


def test_all_loops_close_from_cold() -> None:
    audits = solved().audits
    assert max(audits.elements, audits.charge, audits.energy) < 1e-10
    assert solved()["X-301.hydrazine"] == pytest.approx(1000 / 86400, rel=1e-6)


def test_scattered_start_and_scale_lead_to_the_same_plant() -> None:
    again = routes.load(ROUTE).solve(rng=np.random.default_rng(1))
    assert_same(solved(), again, rel=1e-7)
    small = routes.load(ROUTE).scaled(1e-3).solve()
    assert_same(solved(), small, rel=1e-7, factor=1e-3)


def test_what_the_route_is_held_to() -> None:
    found = compare(solved(), ROUTE.folder / "expected.toml")
    assert sum(f.tolerance is not None for f in found) >= 2
    assert [f.name for f in found if not f.holds] == []
    assert routes.unread_numbers(ROUTE) == []


def test_potash_is_made_up_only_for_the_bleed() -> None:
    solution = solved()
    fed = solution.stream("potash make-up").content("K+")
    bleed = solution.stream("carbonate bleed")
    assert fed == pytest.approx(bleed.content("K+"), rel=1e-8)
    # no other outlet holds K+ but that of the salt of the azine cell
    salt = solution.stream("solvent make-up").content("K+")
    others = [s for s in solution.leaving() if s.name != "carbonate bleed"]
    assert sum(s.content("K+") for s in others) == pytest.approx(salt, rel=1e-8)
    # and it is little against what goes round
    assert fed < 0.05 * solution.stream("lye to the absorber").content("K+")
    ions = {"OH-": 1, "NO2-": 1, "NO3-": 1, "HCO3-": 1, "CO3--": 2, "NH4+": -1, "H+": -1}
    carried = sum(n * bleed.flows[j] for j, n in ions.items())
    assert fed == pytest.approx(carried, rel=1e-8)


def test_carbonate_leaves_as_it_comes() -> None:
    solution = solved()
    absorbed = 0.9 * solution.stream("air").flows["CO2"]
    assert solution.stream("carbonate bleed").content("C(4)") == pytest.approx(absorbed, rel=1e-6)


def test_cleaner_air_saves_two_potassium_per_carbon_dioxide() -> None:
    clean = solved(air__CO2=0.00021)
    potash = [s.stream("potash make-up").content("K+") for s in (clean, solved())]
    carbon = [s.stream("carbonate bleed").content("C(4)") for s in (clean, solved())]
    saved = potash[1] - potash[0]
    assert saved == pytest.approx(2 * (carbon[1] - carbon[0]), rel=0.05)


def test_nitrogen_balance() -> None:
    solution = solved()
    ammonia = solution["E-101.extent[NO2- -> NH3]"] + solution["E-101.extent[NO3- -> NH3]"]
    bleed = solution.stream("carbonate bleed")
    lost = bleed.content("N(3)") + bleed.content("NO3-")
    assert solution["T-001.absorbed"] == pytest.approx(ammonia + lost, rel=1e-8)


def test_too_little_lye_exhausts_the_absorber() -> None:
    plant = routes.load(ROUTE, values={"S-101.fraction": 0.08})
    with pytest.raises(Refusal, match="T-001: hydroxide is exhausted"):
        plant.solve()


def test_numbers_are_those_of_the_siblings() -> None:
    mine, front, back = (r.basis() for r in (ROUTE, FRONT, BACK))
    assert mine["P-001.arc_temperature"] == front["P-001.arc_temperature"]
    assert mine["E-201.rate_constant"] == back["E-201.rate_constant"]
    assert "S-201.fraction" in mine
    assert mine["S-201.fraction"] == back["S-201.fraction"] != front["S-201.fraction"]
    plant = routes.load(ROUTE)
    assert "E-201.rate_constant" in plant.basis
    assert any(a["name"] == "air.CO2" for a in plant.assumptions)


def test_a_table_that_is_not_there_is_refused(tmp_path: Path) -> None:
    (tmp_path / "plant.py").write_text("")
    text = '[extends]\n"air-to-ammonium-sulfate" = "P-0001"\n'
    (tmp_path / "basis.toml").write_text(text)
    with pytest.raises(ModelError, match=r"no table 'P-0001' to extend.*P-001"):
        routes.Route("mine", tmp_path / "plant.py").basis()


def test_outlets_balance_and_stand_in_the_readme() -> None:
    text = table(solved(), CODE.TRACKED, CODE.PRODUCT, basis=CODE.PER_KG)
    assert text in (ROUTE.folder / "README.md").read_text("utf-8")
    for element in "NKSPFC":
        rows = outlets(solved(), element, CODE.PRODUCT)
        sums = [sum(r.flow for r in rows if r.way == way) for way in ("in", "out")]
        assert sums[0] == pytest.approx(sums[1], rel=1e-8), element
    fixed = CODE.TRACKED[0]
    out = sum(fixed.flow(s) for s in solved().leaving())
    assert out == pytest.approx(fixed.flow(solved().stream("quenched gas")), rel=1e-8)


def test_drawing_is_that_of_the_plant() -> None:
    text = html.unescape((ROUTE.folder / "drawing.svg").read_text("utf-8"))
    for unit in routes.load(ROUTE).units:
        assert unit in text, unit


def test_production_alone_sets_the_size() -> None:
    big = solved(**{"design.X-301.hydrazine": 10 * 1000 / 86400})
    for name, (value, unit) in solved().headline.items():
        assert big.headline[name] == (pytest.approx(value, rel=1e-7, abs=1e-9), unit), name


def test_one_table_serves_all_units_that_share_a_constant() -> None:
    plant = routes.load(ROUTE, values={"azine.solubility": 120.0})
    assert {plant.value(f"{u}.solubility") for u in ("E-201", "E-202", "K-201")} == {120.0}
