"""Solubility products, common ions, heats of crystallisation."""

import math

import numpy as np
import pyomo.environ as pyo
import pytest
from scipy.optimize import brentq

from noxplant.errors import ModelError, Refusal, SpeciesError
from noxplant.species import molar_mass
from noxplant.thermo import activity, saturation, solid
from noxplant.thermo.saturation import Product, best

T0 = 298.15
NAMES = saturation.names()


WEAK = ("KNO3(s)", "(NH4)2SO4(s)", "NH4Cl(s)")  # saturated inside a Pitzer set somewhere


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


def _slope(function, T, h=0.05):
    return 8.314462618 * T * T * (function(T + h) - function(T - h)) / (2 * h)


@pytest.mark.oracle
@pytest.mark.parametrize(
    # NBS heats of solution at infinite dilution and 298 K, kJ/mol, and the difference allowed:
    # the curve's own scatter for KNO3; NH4Cl's set has no slopes with temperature
    ("name", "kilojoule", "allowed"),
    [("KNO3(s)", 34.9, 4.3), ("NH4Cl(s)", 14.76, 4.2)],
)
def test_product_rises_with_the_heat_at_infinite_dilution(name, kilojoule, allowed):
    """R T^2 d ln K/dT of a product of activities is that heat, all over the allowed span."""
    p = best(name)
    seen = 0
    for T in np.arange(273.25, 373.0, 1.0):
        if p.outside(T - 0.05) or p.outside(T + 0.05):
            continue
        seen += 1
        assert _slope(p.ln_product, T) / 1e3 == pytest.approx(kilojoule, abs=allowed), T
    assert seen >= 20


@pytest.mark.oracle
@pytest.mark.parametrize(
    # kJ/mol: NBS at infinite dilution is an upper end for KNO3 (34.9), whose ions attract each
    # other as they come closer; for the other two (6.56, 14.76) dilution hardly has a heat
    ("name", "low", "high"),
    [("KNO3(s)", 17.0, 34.9), ("(NH4)2SO4(s)", 5.0, 8.1), ("NH4Cl(s)", 13.2, 16.3)],
)
def test_heats_are_plausible_wherever_they_are_given(name, low, high):
    for beyond in saturation.BEYOND:
        p = best(name, beyond=beyond)
        given = 0
        for T in np.linspace(p.span[0] + 0.02, p.span[1] - 0.02, 81):
            try:
                heat = p.heat_of_solution(T)
            except Refusal:
                continue
            given += 1
            assert low <= heat / 1e3 <= high, T
        assert 15 <= given <= 25


@pytest.mark.parametrize(
    ("name", "T", "words"),
    [
        ("KNO3(s)", 323.15, "set for K. with NO3- holds to 2.4 mol/kg of the salt; .* 8.39"),
        ("KNO3(s)", 373.0, "set for K. with NO3- holds from 273.15 to 323.15 K; .* 373 K"),
        ("NH4NO3(s)", 298.15, "set for NH4. with NO3- holds to 20 mol/kg of the salt; .* 26.4"),
        ("(NH4)2SO4(s)", 350.0, "set for NH4. with SO4-- holds from 288.15 to 318.15 K"),
        ("NH4Cl(s)", np.array([298.15, 340.0]), "set for NH4. with Cl- holds from 288.15"),
    ],
)
def test_saturated_solutions_beyond_the_model_are_refused(name, T, words):
    """Product and heat, by name; held on request, but never for the heat."""
    p, held = best(name), best(name, beyond="hold")
    with pytest.raises(Refusal, match=f"(?s)solubility product of .*{words}.*beyond='hold'"):
        p.ln_product(T)
    for product in (p, held):
        with pytest.raises(Refusal, match=f"(?s)heat of .*{words}.*at infinite dilution"):
            product.heat_of_crystallisation(T)
    assert "held at the limit" in held.statement
    assert "held" not in p.statement
    assert np.all(np.isfinite(held.ln_product(T)))


@pytest.mark.parametrize("name", [*WEAK, "NH4NO3(s)"])
def test_held_coefficients(name):
    """The same inside; outside they are those of the limit, so the product follows the molality."""
    p, held = best(name), best(name, beyond="hold")
    ions = sum(p.ions.values())
    for T in np.linspace(p.span[0], p.span[1], 21):
        found = held.ln_product(T)
        if not p.outside(T):
            assert found == pytest.approx(p.ln_product(T), abs=1e-5)
        per_ion = found / ions - math.log(p.solubility(T))
        assert -3.2 < per_ion < 0.6  # ln of the coefficient times the ions' own number
    T, strength = 298.15, held._strongest()
    salt = strength / activity.ionic_strength(p.ions)
    gammas = [
        held._ln_gamma({i: f * salt * n for i, n in p.ions.items()}, T) for f in (1.0, 1.5, 4.0)
    ]
    for i in p.ions:
        assert gammas[0][i] == pytest.approx(gammas[2][i], abs=1e-5)
        assert gammas[1][i] == pytest.approx(gammas[2][i], abs=1e-6)
    curve = [held.ln_product(T) for T in np.linspace(p.span[0], p.span[1], 41)]
    assert np.abs(np.diff(curve)).max() < 0.35  # no jump at the limits


def test_the_piece_of_the_curve_where_the_model_holds():
    low, high = best("KNO3(s)").held
    assert low == pytest.approx(288.15)
    assert best("KNO3(s)").solubility(high) == pytest.approx(3.8, abs=1e-5)
    low, high = best("(NH4)2SO4(s)").held
    assert high == pytest.approx(313.18, abs=0.01)
    assert best("NH4NO3(s)").held is None
    assert Product("KNO3(s)").held == saturation.span("KNO3(s)")


def test_a_pyomo_temperature_is_bounded_to_where_the_model_holds():
    model = pyo.ConcreteModel()
    model.T = pyo.Var(initialize=295.0)
    best("KNO3(s)").ln_product(model.T)
    assert model.T.bounds == best("KNO3(s)").held
    model.free = pyo.Var(initialize=340.0)
    best("KNO3(s)", beyond="hold").ln_product(model.free)
    assert model.free.bounds == saturation.span("KNO3(s)")
    with pytest.raises(Refusal, match="(?s)bounded to"):
        best("KNO3(s)").heat_of_solution(_var(model, 330.0, 340.0))
    with pytest.raises(Refusal, match="set for NH4. with NO3-"):
        best("NH4NO3(s)").ln_product(_var(model, 290.0, 300.0))


def _var(model, low, high):
    name = f"T{low:g}"
    setattr(model, name, pyo.Var(initialize=low, bounds=(low, high)))
    return getattr(model, name)


def test_a_model_that_was_asked_to_extrapolate_gives_no_heats_beyond():
    loose = Product("KNO3(s)", activity.model("pitzer", ["K+", "NO3-"], extrapolate=True))
    assert math.isfinite(loose.ln_product(303.15))
    with pytest.raises(Refusal, match="holds to 3.8 mol/kg"):
        loose.heat_of_solution(303.15)
    assert "outside their ranges" in " ".join(loose.activity.assumptions)


def test_charged_solutions_have_no_saturation_ratio():
    for p in (best("KNO3(s)"), best("KNO3(s)", beyond="hold"), Product("KNO3(s)")):
        with pytest.raises(Refusal, match="(?s)sum to .1 mol/kg.*Raise NO3- from 1 to 2"):
            p.ln_saturation_ratio({"K+": 2.0, "NO3-": 1.0}, T0)


def test_ideal_heat_is_the_slope_times_ions():
    """N2H5Cl: its curve was drawn with the heat of solution over 2 R (hydrazine note)."""
    assert best("N2H5Cl(s)").heat_of_solution(T0) == pytest.approx(22760, rel=1e-3)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("kind", ["ideal", "best refuse", "best hold"])
def test_dissolves_as_its_curve_says(name, kind):
    """Saturation ratio one at the solubility, below at less, above at more, whatever the model."""
    p = Product(name) if kind == "ideal" else best(name, beyond=kind.removeprefix("best "))
    T = _inside(p)
    weaker = {"NH4NO3(s)": "NH4. with NO3- holds to 20", "KHCO3(s)": "K. with HCO3- holds to 1"}
    if kind == "best refuse" and name in weaker:
        with pytest.raises(Refusal, match=f"set for {weaker[name]} mol/kg"):
            p.ln_product(T)
        return
    there = p.saturated(T)
    assert p.ln_saturation_ratio(there, T) == pytest.approx(0, abs=1e-9)
    if name not in saturation.BISULFATES:
        assert p.dissolves({}, T) == pytest.approx(p.solubility(T), rel=1e-9)
        less, more = ({i: f * m for i, m in there.items()} for f in (0.9, 1.1))
        assert p.ln_saturation_ratio(less, T) < 0
        if kind == "best refuse" and name in WEAK:
            with pytest.raises(Refusal, match="mol/kg of the salt; it was asked at"):
                p.ln_saturation_ratio({i: 1.5 * m for i, m in there.items()}, T)
        else:
            assert p.ln_saturation_ratio(more, T) > 0
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
    model.T = pyo.Var(initialize=293.0)
    model.m = pyo.Var(initialize=2.0)
    for function in (
        *(p.ln_product, p.heat_of_crystallisation, p.solubility),
        best("KNO3(s)", beyond="hold").ln_product,
    ):
        one = function(293.0)
        assert function(np.array([293.0, 295.0]))[0] == pytest.approx(one, rel=1e-9)
        assert pyo.value(function(model.T)) == pytest.approx(one, rel=1e-9)
    one = p.ln_saturation_ratio({"K+": 2.0, "NO3-": 2.0}, 293.0)
    symbolic = p.ln_saturation_ratio({"K+": model.m, "NO3-": model.m}, model.T)
    assert pyo.value(symbolic) == pytest.approx(one, rel=1e-12)
    assert model.T.bounds == pytest.approx(p.held)


def test_curves_fall_nowhere():
    for name in NAMES:
        p = best(name)
        T = np.linspace(p.span[0], p.span[1], 30)
        assert (np.diff(p.solubility(T)) > 0).all(), name


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda: best("KNO3(s)", beyond="guess"), ModelError, "must be 'refuse' or 'hold', not"),
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
