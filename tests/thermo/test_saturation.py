"""Solubility products, common ions, heats of crystallisation."""

import math

import numpy as np
import pyomo.environ as pyo
import pytest
from scipy.optimize import brentq

from noxplant.errors import Refusal, SpeciesError
from noxplant.species import molar_mass
from noxplant.thermo import activity, saturation, solid
from noxplant.thermo.saturation import Product, best

T0 = 298.15
NAMES = saturation.names()


def _inside(p, T=T0):
    return min(max(T, p.span[0] + 0.05), p.span[1] - 0.05)


def test_the_salts_of_both_notes():
    asked = {"(NH4)2SO4", "NH4Cl", "KNO3", "NH4NO3", "NH4HCO3", "N2H6SO4", "(N2H5)2SO4", "N2H5Cl"}
    assert {f"{n}(s)" for n in asked} <= set(NAMES)


@pytest.mark.oracle
@pytest.mark.parametrize(
    ("name", "product", "molality"), [("(NH4)2SO4(s)", 0.980, 5.82), ("NH4Cl(s)", 17.3, 7.35)]
)
def test_products_of_the_note(name, product, molality):
    """Ammonia note 1.2: ion products with the same parameters, computed there."""
    p = best(name)
    assert p.activity.name == "pitzer"
    assert p.solubility(T0) == pytest.approx(molality, rel=5e-3)
    assert math.exp(p.ln_product(T0)) == pytest.approx(product, rel=8e-3)


@pytest.mark.oracle
@pytest.mark.parametrize(
    ("name", "coefficients"),
    # the hydrazine note's own fits, ln S = a + b/T + c ln T in g/100 g, from another table
    [
        ("NH4Cl(s)", (-3.72812, -476.827, 1.57899)),
        ("(NH4)2SO4(s)", (-18.41502, 741.553, 3.55740)),
    ],
)
def test_two_tables_agree(name, coefficients):
    a, b, c = coefficients
    T = np.linspace(275.0, 355.0, 9)  # at 100 C the tables differ by 1.3 % for the sulfate
    theirs = np.exp(a + b / T + c * np.log(T)) * 0.01 / molar_mass(name)
    assert best(name).solubility(T) == pytest.approx(theirs, rel=0.013)


@pytest.mark.oracle
@pytest.mark.parametrize(("name", "kilojoule"), [("(NH4)2SO4(s)", 6.56), ("NH4Cl(s)", 14.76)])
def test_heat_from_the_slope_is_the_calorimetric_one(name, kilojoule):
    """Slope of the solubility with Pitzer's coefficients against heats of solution (NBS)."""
    assert best(name).heat_of_solution(T0) / 1e3 == pytest.approx(kilojoule, abs=1.5)
    assert best(name).heat_of_crystallisation(T0) == -best(name).heat_of_solution(T0)


def test_ideal_heat_is_the_slope_times_ions():
    """N2H5Cl: its curve was drawn with the heat of solution over 2 R (hydrazine note)."""
    assert best("N2H5Cl(s)").heat_of_solution(T0) == pytest.approx(22760, rel=1e-3)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("kind", ["ideal", "best"])
def test_dissolves_as_its_curve_says(name, kind):
    """Saturation ratio one at the solubility, below at less, above at more, whatever the model."""
    p = Product(name) if kind == "ideal" else best(name)
    T = _inside(p)
    there = p.saturated(T)
    assert p.ln_saturation_ratio(there, T) == pytest.approx(0, abs=1e-9)
    if name not in saturation.BISULFATES:
        assert p.dissolves({}, T) == pytest.approx(p.solubility(T), rel=1e-9)
        less, more = ({i: f * m for i, m in there.items()} for f in (0.9, 1.1))
        assert p.ln_saturation_ratio(less, T) < 0 < p.ln_saturation_ratio(more, T)
    assert "calibrated to its solubility" in p.statement
    assert repr(p.activity.name) in p.statement


@pytest.mark.parametrize("acid", [0.1, 1.0, 4.0])
def test_common_ion_in_closed_form(acid):
    """s (s + c) = s0^2 for N2H5Cl in HCl (hydrazine note 3.8), activity coefficients of one."""
    p = Product("N2H5Cl(s)")
    s0 = p.solubility(T0)
    exact = (math.sqrt(acid**2 + 4 * s0**2) - acid) / 2
    assert p.dissolves({"H+": acid, "Cl-": acid}, T0) == pytest.approx(exact, rel=1e-9)


def test_common_ion_with_pitzer():
    """NH4Cl in NH4NO3: less dissolves than in water, and the ratio is one there."""
    model = activity.model("pitzer", ["NH4+", "Cl-", "NO3-"], extrapolate=True)
    p = Product("NH4Cl(s)", model)
    s = p.dissolves({"NH4+": 2.0, "NO3-": 2.0}, T0)
    assert 0.75 * p.solubility(T0) < s < p.solubility(T0)
    there = {"NH4+": s + 2.0, "NO3-": 2.0, "Cl-": s}
    assert p.ln_saturation_ratio(there, T0) == pytest.approx(0, abs=1e-9)


def test_hydrazinium_sulfate_binds_its_proton():
    """Quadratic of HSO4- against a bracketed root."""
    p = Product("N2H6SO4(s)")
    there = p.saturated(333.15)
    m = p.solubility(333.15)
    from noxplant.thermo import aqueous

    k = math.exp(aqueous.ln_beta("HSO4-", 333.15))
    free = brentq(lambda h: h - (m - k * h * h), 0.0, m)
    assert there["H+"] == pytest.approx(free, rel=1e-9)
    assert there["HSO4-"] + there["SO4--"] == pytest.approx(m)
    assert there["HSO4-"] > 4 * there["SO4--"]


def test_the_conflict_of_hydrazinium_chloride_is_a_choice():
    small, large = (Product("N2H5Cl(s)", alternative=a).solubility(T0) for a in (False, True))
    assert large / small == pytest.approx(math.exp(9.778 - 8.2799), rel=1e-9)


def test_float_array_and_pyomo_agree():
    p = best("KNO3(s)")
    model = pyo.ConcreteModel()
    model.T = pyo.Var(initialize=310.0)
    model.m = pyo.Var(initialize=2.0)
    for function in (p.ln_product, p.heat_of_crystallisation, p.solubility):
        one = function(310.0)
        assert function(np.array([310.0, 315.0]))[0] == pytest.approx(one, rel=1e-9)
        assert pyo.value(function(model.T)) == pytest.approx(one, rel=1e-9)
    one = p.ln_saturation_ratio({"K+": 2.0, "NO3-": 2.0}, 310.0)
    symbolic = p.ln_saturation_ratio({"K+": model.m, "NO3-": model.m}, model.T)
    assert pyo.value(symbolic) == pytest.approx(one, rel=1e-12)
    assert model.T.bounds == pytest.approx(saturation.span("KNO3(s)"))


def test_curves_fall_nowhere():
    for name in NAMES:
        p = best(name)
        T = np.linspace(p.span[0], p.span[1], 30)
        assert (np.diff(p.solubility(T)) > 0).all(), name


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda: Product("KCl(s)"), SpeciesError, "no solubility product of 'KCl.s.'"),
        (lambda: Product("KOH(s)"), SpeciesError, "in equilibrium with hydrates"),
        (lambda: best("benzophenone(s)"), SpeciesError, "it is no salt"),
        (lambda: best("NH4HCO3(s)").solubility(350.0), Refusal, "holds from 273.15 to 313.15 K"),
        (lambda: best("KNO3(s)").ln_product(25.0), Refusal, "25 C is 298.15 K"),
        (
            lambda: best("KNO3(s)").ln_saturation_ratio({"K+": 1.0}, T0),
            SpeciesError,
            "saturation of KNO3.s. needs the molality of NO3-",
        ),
        (
            lambda: Product("N2H6SO4(s)").dissolves({"H+": 1.0}, T0),
            Refusal,
            "Solve the speciation with N2H6SO4",
        ),
        (
            lambda: Product("NH4Cl(s)").dissolves({"K+": 1e-9, "NO3-": 1e-9}, 25.0),
            Refusal,
            "25 C is 298.15 K",
        ),
        (
            lambda: best("NH4Cl(s)").dissolves({"K+": 1.0, "Cl-": 1.0}, T0),
            SpeciesError,
            "'pitzer' of NH4Cl.s. was not made for K.: pass a model of all solutes",
        ),
        (
            lambda: Product("N2H5Cl(s)").dissolves({"H+": 1.0}, T0),
            Refusal,
            "not electrically neutral",
        ),
        (lambda: solid.ions_of("KCl(s)"), SpeciesError, "no ions of 'KCl.s.'"),
    ],
)
def test_refusals(call, error, words):
    with pytest.raises(error, match=words):
        call()
