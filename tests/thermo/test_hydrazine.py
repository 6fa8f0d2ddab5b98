"""Hydrazine-water VLE against the table and checks of the hydrazine note."""

import math

import numpy as np
import pyomo.environ as pyo
import pytest

from noxplant.errors import Refusal
from noxplant.species import molar_mass
from noxplant.thermo import aqueous, hydrazine

ATM = 101325.0


@pytest.mark.parametrize(
    ("wt", "t", "y"),
    [
        (2, 100.29, 0.0006),
        (5, 100.83, 0.0019),
        (10, 101.90, 0.0051),
        (20, 104.67, 0.0177),
        (35, 110.15, 0.0695),
        (50, 116.10, 0.2031),
        (64, 119.95, 0.4358),
        (71, 120.50, 0.5792),
        (90, 116.88, 0.9095),
    ],
)
def test_boiling_table(wt, t, y):
    x = hydrazine.mole_fraction(wt / 100)
    T = hydrazine.boiling_point(x, ATM)
    assert pytest.approx(t, abs=0.03) == T - 273.15
    assert hydrazine.partial_pressures(x, T)[0] / ATM == pytest.approx(y, abs=2e-4)


@pytest.mark.parametrize(("wt", "alpha"), [(2, 17.7), (10, 12.2), (35, 4.05), (64, 1.29)])
def test_relative_volatility(wt, alpha):
    x = hydrazine.mole_fraction(wt / 100)
    T = hydrazine.boiling_point(x, ATM)
    assert hydrazine.relative_volatility(x, T) == pytest.approx(alpha, rel=0.006)


@pytest.mark.oracle
def test_against_published_hydrate():
    """Arkema: 64 wt% boils at 120 C; 12 hPa at 25 C. Trade value of 44.5 wt%: 114 C."""
    x = hydrazine.mole_fraction(0.64)
    assert hydrazine.boiling_point(x, ATM) == pytest.approx(393.15, abs=0.2)
    assert sum(hydrazine.partial_pressures(x, 298.15)) == pytest.approx(1200, rel=0.11)
    assert hydrazine.boiling_point(hydrazine.mole_fraction(0.445), ATM) == pytest.approx(
        387.15, abs=0.1
    )


@pytest.mark.parametrize(("wt", "ppm"), [(1, 3.4), (10, 64), (35, 1009), (64, 6050)])
def test_headspace(wt, ppm):
    x = hydrazine.mole_fraction(wt / 100)
    found = hydrazine.partial_pressures(x, 298.15)[0] / ATM * 1e6
    assert found == pytest.approx(ppm, rel=0.015)


def test_gibbs_duhem():
    for x in (0.1, 0.4, 0.8):
        up, down = (hydrazine.ln_gamma(x + s * 1e-5, 350.0) for s in (1, -1))
        slope = [(u - d) / 2e-5 for u, d in zip(up, down, strict=True)]
        assert x * slope[0] + (1 - x) * slope[1] == pytest.approx(0, abs=1e-7)


def test_dilute_end_is_the_henry_constant():
    per_fraction = hydrazine.partial_pressures(1e-9, 330.0)[0] / 1e-9
    henry = math.exp(aqueous.ln_henry("N2H4", 330.0)) / molar_mass("H2O")
    assert per_fraction == pytest.approx(henry, rel=3e-6)


def test_float_array_and_pyomo_agree():
    model = pyo.ConcreteModel()
    model.x = pyo.Var(initialize=0.3)
    value = hydrazine.relative_volatility(0.3, 370.0)
    assert hydrazine.relative_volatility(np.array([0.3]), 370.0)[0] == pytest.approx(value)
    assert pyo.value(hydrazine.relative_volatility(model.x, 370.0)) == pytest.approx(value)


def test_refuses_what_does_not_boil():
    with pytest.raises(Refusal, match="does not boil between 288.15 and 410 K at 1 Pa"):
        hydrazine.boiling_point(0.5, 1.0)
