"""NOx gas speciation and quench table against the plasma note."""

import csv
from pathlib import Path

import pytest

from noxplant.constants import ATMOSPHERE
from noxplant.errors import ModelError, Refusal
from noxplant.thermo import quench
from noxplant.thermo.nox import speciate

DATA = Path(__file__).parents[1] / "data" / "quench.csv"


@pytest.mark.oracle
@pytest.mark.parametrize(
    ("T", "atm", "inert", "nitrogen", "nitric_oxide", "water", "expected"),
    [
        (298.15, 1.0, 0.90, 0.05, 0.025, 0.03,
         {"NO": 0.022878429, "NO2": 0.018030488, "N2O4": 0.0021646074, "HNO2": 0.0040631882,
          "HNO3": 2.5936319e-4}),
        (313.15, 5.0, 0.85, 0.10, 0.01, 0.02,
         {"NO": 0.0082444903, "NO2": 0.042804540, "N2O4": 0.020796815}),
        (304.16, 1.0000493, 1.267, 0.541, 0.38952, 0.350,
         {"NO": 0.35131372, "NO2": 0.083455862, "HNO2": 0.067161254}),
    ],
)  # fmt: skip
def test_speciation_of_the_note(T, atm, inert, nitrogen, nitric_oxide, water, expected):
    found = speciate(
        T, atm * ATMOSPHERE, nitrogen=nitrogen, nitric_oxide=nitric_oxide, water=water, inert=inert
    )
    for name, n in expected.items():
        assert getattr(found, name) == pytest.approx(n, rel=1e-5)


@pytest.mark.oracle
@pytest.mark.parametrize(("T", "atm"), [(298.15, 0.32288365), (323.15, 0.60386928)])
def test_pure_dioxide(T, atm):
    found = speciate(T, ATMOSPHERE, nitrogen=1.0, nitric_oxide=0.0, water=0.0, inert=0.0)
    assert found.partial_pressure("NO2") / ATMOSPHERE == pytest.approx(atm, rel=1e-6)


def test_speciation_refuses_what_has_no_meaning():
    with pytest.raises(ModelError, match="nitrogen > 0"):
        speciate(300.0, 1e5, nitrogen=0.0, nitric_oxide=0.0, water=0.0, inert=1.0)
    with pytest.raises(ModelError, match="leaves no NO beside HNO3"):
        speciate(300.0, 1e5, nitrogen=0.1, nitric_oxide=0.0, water=0.1, inert=1.0)


@pytest.mark.oracle
@pytest.mark.parametrize(
    ("feed", "T", "atm", "rate", "cost"),
    [
        ("air", 3000, 1, 1e7, 2.687815e6),
        ("air", 3200, 1, 1e8, 2.627464e6),
        ("air", 3500, 10, 1e7, 2.716685e6),
        ("air", 2800, 1, 1e5, 3.384651e6),
        ("N2:O2 = 1:1", 3500, 10, 1e8, 1.899395e6),
    ],
)
def test_quench_of_the_note(feed, T, atm, rate, cost):
    assert quench.energy_cost(feed, rate, atm * ATMOSPHERE, float(T)) == pytest.approx(
        cost, rel=1e-5
    )


def test_table_is_the_note_at_its_points():
    with DATA.open() as file:
        for r in csv.DictReader(file):
            feed = "air" if r["feed"] == "air" else "N2:O2 = 1:1"
            p, T = float(r["P_atm"]) * ATMOSPHERE, float(r["T_arc_K"])
            cost = quench.energy_cost(feed, float(r["quench_K_per_s"]), p, T)
            assert cost == pytest.approx(float(r["E_MJ_per_molN_no_recovery"]) * 1e6, rel=2e-5)


@pytest.mark.oracle
@pytest.mark.parametrize(
    ("feed", "atm", "rate", "T", "cost"),
    [  # quench_optimum.csv of the note: between the points of the table
        ("air", 1, 1e5, 2706.0, 3.3160),
        ("air", 1, 1e6, 2857.0, 2.9332),
        ("air", 1, 1e7, 3011.0, 2.6873),
        ("air", 1, 1e8, 3097.0, 2.6014),
        ("air", 5, 1e7, 3101.0, 2.433),
        ("N2:O2 = 1:1", 1, 1e7, 2975.0, 2.309),
        ("N2:O2 = 1:1", 5, 1e7, 3093.0, 2.042),
        ("N2:O2 = 1:1", 10, 1e8, 3294.0, 1.824),
    ],
)
def test_optima_of_the_note_lie_where_it_says(feed, atm, rate, T, cost):
    p = atm * ATMOSPHERE
    found = [quench.energy_cost(feed, rate, p, T + d) / 1e6 for d in (-60.0, 0.0, 60.0)]
    assert found[1] == pytest.approx(cost, rel=1e-3)
    assert min(found) == found[1]


def test_faster_quench_keeps_more_and_interpolation_lies_between():
    at = [quench.frozen_fraction("air", q, ATMOSPHERE, 3000.0) for q in (1e6, 3e6, 1e7)]
    assert at == sorted(at)


def test_outside_the_table_is_refused():
    with pytest.raises(Refusal, match="covers cooling_rate 10000 to 1e\\+09"):
        quench.frozen_fraction("air", 1e3, ATMOSPHERE, 3000.0)
    with pytest.raises(Refusal, match="covers pressure"):
        quench.frozen_fraction("air", 1e7, 5e6, 3500.0)
    with pytest.raises(ModelError, match="Did you mean 'air'"):
        quench.frozen_fraction("aire", 1e7, 1e5, 3500.0)
