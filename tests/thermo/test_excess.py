"""Heats of dilution of concentrated acids and alkalis."""

import numpy as np
import pyomo.environ as pyo
import pytest

from noxplant.errors import SpeciesError
from noxplant.thermo import aqueous, excess


@pytest.mark.oracle
@pytest.mark.parametrize(
    # CRC Handbook, heat of dilution of acids, HCl column (hbcp 05_12)
    ("m", "kj"),
    [(0.1, 0.556), (0.5, 1.172), (1, 1.695), (2, 2.623), (5, 5.318), (9, 9.213), (15, 15.40)],
)
def test_hydrochloric_acid(m, kj):
    assert excess.apparent_enthalpy("HCl", m) / 1e3 == pytest.approx(kj, abs=0.06)


@pytest.mark.oracle
@pytest.mark.parametrize(
    # integral heats of solution of NaOH(s) in r mol water, kJ/mol; infinite dilution -42.89
    ("r", "kj"),
    [(3, -28.87), (5, -37.74), (10, -42.51), (20, -42.84), (50, -42.51), (200, -42.26)],
)
def test_sodium_hydroxide(r, kj):
    m = min(55.508 / r, excess.limit("NaOH"))
    assert -42.89 + excess.apparent_enthalpy("NaOH", m) / 1e3 == pytest.approx(kj, abs=0.25)


@pytest.mark.oracle
@pytest.mark.parametrize(
    # Thomsen: heat given off on diluting KOH.3H2O to KOH.rH2O, kcal/mol
    ("r", "kcal"),
    [(5, 1.50), (7, 2.10), (9, 2.36), (20, 2.68), (50, 2.73), (200, 2.75)],
)
def test_potassium_hydroxide(r, kcal):
    start = excess.apparent_enthalpy("KOH", excess.limit("KOH"))  # KOH.3H2O, 18.50 mol/kg
    end = excess.apparent_enthalpy("KOH", 55.508 / r)
    assert (start - end) / 4184 == pytest.approx(kcal, abs=0.04)


@pytest.mark.oracle
@pytest.mark.parametrize(
    # heat of solution of H2SO4(l) in r mol water, kJ/mol (NBS table)
    ("r", "kj"),
    [(0.5, -15.73), (1, -28.07), (2, -41.92), (3, -48.99), (5, -58.03), (10, -67.03), (50, -73.34)],
)
def test_sulfuric_acid(r, kj):
    mixed = excess.sulfuric_acid_enthalpy(1.0, r, 298.15)
    apart = -813989 + r * aqueous.enthalpy("H2O", 298.15)
    assert (mixed - apart) / 1e3 == pytest.approx(kj, abs=1.3)


def test_sulfuric_acid_against_thomsen():
    """17860 cal r/(r + 1.7983), another fit, to 6 %."""
    for r in (1.0, 2.0, 5.0, 10.0):
        mixed = excess.sulfuric_acid_enthalpy(1.0, r, 298.15)
        heat = -813989 + r * aqueous.enthalpy("H2O", 298.15) - mixed
        assert heat == pytest.approx(17860 * 4.184 * r / (r + 1.7983), rel=0.065)


def test_sulfuric_acid_limits():
    assert excess.sulfuric_acid_excess(1.0, 0.0) == pytest.approx(73351, abs=1)
    assert abs(excess.sulfuric_acid_excess(1.0, 1000.0)) < 100
    assert excess.sulfuric_acid_excess(0.0, 5.0) == 0
    one = excess.sulfuric_acid_excess(1.0, 4.0)
    assert excess.sulfuric_acid_excess(7.0, 28.0) == pytest.approx(7 * one)
    pure = excess.sulfuric_acid_enthalpy(2.0, 0.0, 298.15)
    assert pure == pytest.approx(2 * -813989)


def test_dilution_of_98_percent_acid_warms():
    """98 wt% acid into much water gives off about 70 kJ/mol."""
    r = excess.acid_water_ratio(0.98)
    strong = excess.sulfuric_acid_enthalpy(1.0, r, 298.15)
    weak = excess.sulfuric_acid_enthalpy(1.0, 50.0, 298.15)
    water = (50.0 - r) * aqueous.enthalpy("H2O", 298.15)
    assert (weak - strong - water) / 1e3 == pytest.approx(-70, abs=3)


def test_excess_enthalpy_flow():
    flow = excess.excess_enthalpy("KOH", 2.0, 0.5)
    assert flow == pytest.approx(2.0 * excess.apparent_enthalpy("KOH", 4.0))
    assert excess.apparent_enthalpy("KOH", 0.0) == 0.0


def test_limits():
    assert excess.limit("HCl") == 15
    assert set(excess.substances()) == {"HCl", "NaOH", "KOH", "HNO3"}
    assert aqueous.apparent_enthalpy is excess.apparent_enthalpy


@pytest.mark.parametrize(
    "function",
    [
        lambda x: excess.apparent_enthalpy("HNO3", x),
        lambda x: excess.excess_enthalpy("KOH", x, 1.0),
        lambda x: excess.sulfuric_acid_excess(x, 2.0),
        lambda x: excess.sulfuric_acid_enthalpy(1.0, 2.0, 290 + x),
    ],
)
def test_float_array_and_pyomo_agree(function):
    model = pyo.ConcreteModel()
    model.x = pyo.Var(initialize=3.0)
    assert function(np.array([3.0]))[0] == pytest.approx(function(3.0), rel=1e-13)
    assert pyo.value(function(model.x)) == pytest.approx(function(3.0), rel=1e-13)


def test_refusals():
    with pytest.raises(SpeciesError, match="'H2SO4'.*sulfuric_acid_excess"):
        excess.apparent_enthalpy("H2SO4", 1.0)
    with pytest.raises(SpeciesError, match="'KCl'.*Known: HCl, NaOH, KOH, HNO3"):
        excess.limit("KCl")
