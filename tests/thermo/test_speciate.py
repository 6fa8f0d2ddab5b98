"""Speciation of many states at once: residuals by other means, oracles, the same state in a solve."""

import math

import numpy as np
import pyomo.environ as pyo
import pytest

from noxplant.constants import WATER_MOLAR_MASS
from noxplant.errors import Refusal, SolveError
from noxplant.species import component, true_species
from noxplant.streams.speciation import settle
from noxplant.thermo import activity, aqueous, speciate
from noxsolve.square import SquareSolver

WATER = 1 / WATER_MOLAR_MASS
SIZE = 300


CASES = {
    "lye": {"K+": 12.0, "NO3-": 1.0},
    "sulfuric acid": {"S(6)": 5.9},
    "acid trap": {"N(-3)": 8.0, "S(6)": 4.0},
    "carbonated": {"K+": 6.0, "N(-3)": 6.0, "C(4)": 2.0, "NO3-": 2.0},
    "everything": {
        **{"K+": 2.0, "Na+": 1.0, "N(-3)": 2.0, "C(4)": 0.5, "NO3-": 1.0, "N(3)": 0.5},
        **{"Cl-": 1.0, "S(6)": 1.0, "N(-2)": 0.5, "P(5)": 0.2},
    },
}


def pitzer(names, **options):
    options = {"missing": "estimate", "extrapolate": True, **options}
    return activity.model("pitzer", true_species(names), **options)


def drawn(case, seed=1):
    rng = np.random.default_rng(seed)
    totals = {"H2O": np.full(SIZE, WATER)}
    totals |= {name: rng.uniform(0, top, SIZE) for name, top in CASES[case].items()}
    return totals, rng.uniform(288.2, 318.0, SIZE)


@pytest.mark.parametrize("case", CASES)
def test_mass_action_totals_and_charge(case):
    """Every equilibrium, total and the charge, from the molalities alone."""
    totals, T = drawn(case)
    state = speciate.speciate(totals, T, pitzer(list(totals)))
    m, g, water = state.molality, state.activity.ln_gamma, state.activity.ln_water

    def ln_a(name):
        return np.log(m[name]) + g[name]

    for name, total in totals.items():
        c = component(name)
        parts = [f.name for f in c.forms]
        if name != "H2O":
            found = state.kilograms * sum(m[i] for i in [c.basis, *parts])
            assert found == pytest.approx(total, rel=1e-11, abs=1e-14)
        for f in c.forms:
            basis = 0.0 if name == "H2O" else ln_a(c.basis)
            left = ln_a(f.name) - basis - f.protons * ln_a("H+") - f.water * water
            assert left == pytest.approx(aqueous.ln_beta(f.name, T), abs=1e-8)
    z = activity.charges(m)
    assert sum(q * m[i] for i, q in z.items()) == pytest.approx(0.0, abs=1e-10)


def test_ideal_is_what_the_streams_do():
    totals, T = drawn("everything")
    state = speciate.speciate(totals, T)
    for k in range(0, SIZE, 20):
        truth, p_h = settle({c: float(v[k]) for c, v in totals.items()}, float(T[k]))
        assert state.p_h[k] == pytest.approx(p_h, abs=1e-9)
        assert state.kilograms[k] == pytest.approx(truth.kilograms, rel=1e-11)


def test_exact_zeros_end_points_and_pure_water():
    model = pitzer(["H2O", "N(-3)", "S(6)"])
    totals = {
        "H2O": np.full(4, WATER),
        "N(-3)": np.array([0.0, 2.0, 2.0, 0.0]),
        "S(6)": np.array([0.0, 1.0, 0.0, 1.0]),
    }
    state = speciate.speciate(totals, 298.15, model)
    assert state.ph[0] == pytest.approx(
        -aqueous.ln_beta("OH-", 298.15) / aqueous.LN10 / 2, abs=1e-3
    )
    assert 4.5 < state.ph[1] < 6.0  # (NH4)2SO4: its own pH
    assert state.molality["SO4--"][2] == 0.0
    assert state.molality["NH4+"][3] == 0.0


def test_lanes_do_not_see_one_another():
    totals, T = drawn("carbonated")
    model = pitzer(list(totals))
    whole = speciate.speciate(totals, T, model)
    one = speciate.speciate({c: float(v[7]) for c, v in totals.items()}, float(T[7]), model)
    assert float(one.ph) == pytest.approx(whole.ph[7], abs=1e-9)
    shaped = speciate.speciate({c: v.reshape(30, 10) for c, v in totals.items()}, 300.0, model)
    assert shaped.ph.shape == (30, 10)


@pytest.mark.oracle
@pytest.mark.parametrize(
    # CRC, "Mean Activity Coefficients", as in mean_activity.csv
    ("m", "gamma", "bar"),
    [(2.0, 0.119, 0.03), (5.0, 0.197, 0.045)],
)
def test_sulfuric_acid(m, gamma, bar):
    """Stoichiometric mean activity coefficient through the bisulfate equilibrium.

    The other CRC table (0.2655 at 0.1 to 0.1316 at 1 mol/kg) is 8 to 9 % above this model, which
    agrees with PHREEQC's pitzer.dat; see docs.
    """
    state = speciate.speciate({"H2O": WATER, "S(6)": m}, 298.15, pitzer(["H2O", "S(6)"]))
    g, mol = state.activity.ln_gamma, state.molality
    kg = float(state.kilograms)
    proton, sulfate = (float(mol[i]) * kg * math.exp(g[i]) for i in ("H+", "SO4--"))
    assert (proton**2 * sulfate / (4 * m**3)) ** (1 / 3) == pytest.approx(gamma, rel=bar)


@pytest.mark.oracle
def test_constants_against_a_second_database():
    """pKw, pK(HSO4-), CO2 solubility: analytical expressions of PHREEQC's pitzer.dat (read)."""
    for t, dh in ((0, 0.012), (25, 0.012), (40, 0.024), (60, 0.035)):
        T = t + 273.15
        log = math.log10(T)
        water = 389.23 + 0.172 * T - 13111.0 / T - 163.01 * log + 2715.0 / T**2 - 8.11e-5 * T**2
        assert aqueous.ln_beta("OH-", T) / aqueous.LN10 == pytest.approx(water, abs=0.02)
        bisulfate = -5.3585 + 0.0183412 * T + 557.2461 / T
        assert aqueous.ln_beta("HSO4-", T) / aqueous.LN10 == pytest.approx(bisulfate, abs=dh)
        gas = 119.87356 + 0.02185434 * T - 7337.8 / T - 44.7652 * log + 669371.0 / T**2
        ours = -(aqueous.ln_henry("CO2", T) - math.log(101325.0)) / aqueous.LN10
        assert ours == pytest.approx(gas, abs=0.02)


def build(totals, T, model):
    """The same state as equations: unknowns p_h, root of I, conditional constants, ln a_w."""
    names = [s for s in true_species(totals) if s != "H2O"]
    forms = [(component(c), f) for c in totals for f in component(c).forms]
    b = pyo.ConcreteModel()
    b.T = pyo.Var(initialize=T)
    b.T.fix()
    b.y = pyo.Var(initialize=-16.0, bounds=(-42.0, 7.0))
    b.s = pyo.Var(initialize=1.0, bounds=(1e-4, 6.0))
    b.water = pyo.Var(initialize=-0.03, bounds=(-5.0, 0.1))
    b.lnb = pyo.Var([f.name for _, f in forms], bounds=(-200.0, 200.0))
    b.named, b.rows = pyo.Expression(pyo.Any), pyo.Constraint(pyo.Any)
    amount, taken = {}, 0.0
    for _, f in forms:
        b.lnb[f.name].set_value(aqueous.ln_beta(f.name, T))
    for name, total in totals.items():
        c = component(name)
        if name == "H2O":
            continue
        t = {f.name: pyo.exp(b.lnb[f.name] + f.protons * b.y) for f in c.forms}
        amount[c.basis] = total / (1 + sum(t.values()))
        for f in c.forms:
            amount[f.name] = amount[c.basis] * t[f.name]
            taken = taken + f.water * amount[f.name]
    hydroxide = pyo.exp(b.lnb["OH-"] - b.y)
    kg = (totals["H2O"] - taken) / (WATER + hydroxide)
    amount["OH-"], amount["H+"] = kg * hydroxide, kg * pyo.exp(b.y)

    def wrap(kind, name, expression):
        b.named[kind, name] = expression
        return b.named[kind, name]

    m = {i: wrap("m", i, amount[i] / kg) for i in names}
    state = model.evaluate(m, b.T, root=b.s, wrap=wrap)
    g = state.ln_gamma
    b.rows["proton"] = sum(q * amount[i] for i, q in activity.charges(names).items()) == 0
    b.rows["strength"] = b.s**2 == activity.ionic_strength(m)
    b.rows["water"] = b.water == state.ln_water
    for c, f in forms:
        right = aqueous.ln_beta(f.name, T) + f.protons * g["H+"] + f.water * b.water - g[f.name]
        b.rows[f.name] = b.lnb[f.name] == right + (0.0 if c.name == "H2O" else g[c.basis])
    return b


@pytest.mark.parametrize(
    "totals",
    [
        {"H2O": WATER, "K+": 4.0, "NO3-": 1.0, "N(-3)": 1.0, "C(4)": 0.2},
        {"H2O": WATER, "N(-3)": 1.5, "S(6)": 1.2},
    ],
)
def test_the_same_state_inside_a_solve(totals):
    """Pyomo expressions and the block solver: no call-back, the same answer."""
    model = pitzer(list(totals), extrapolate=False)
    b = build(totals, 303.15, model)
    solver = SquareSolver(b, nominal=pyo.ComponentMap(), step_cap=pyo.ComponentMap([(b.y, 7.0)]))
    assert solver.solve().solved
    solver.compiled.load()
    state = speciate.speciate(totals, 303.15, model)
    assert -b.y.value / aqueous.LN10 == pytest.approx(float(state.p_h), abs=1e-8)
    assert b.water.value == pytest.approx(float(state.activity.ln_water), rel=1e-8)


@pytest.mark.parametrize(
    ("totals", "T", "words"),
    [
        ({"H2O": 55.5, "K+": np.array([1.0, -0.5])}, 298.15, "total of K\\+ is -0.5 \\(state 1\\)"),
        ({"H2O": 0.0, "K+": 1.0}, 298.15, "total of H2O is 0 .*must be finite and positive"),
        ({"K+": 1.0}, 298.15, "needs a total of H2O"),
        ({"H2O": 55.5, "K+": 1.0}, 25.0, "25 C is 298.15 K"),
        ({"H2O": 55.5, "K+": math.nan}, 298.15, "total of K\\+ is nan"),
        ({"H2O": 55.5, "K+": math.inf}, 298.15, "total of K\\+ is inf .*must be finite"),
        ({"H2O": math.inf, "K+": 1.0}, 298.15, "total of H2O is inf .*must be finite"),
        ({"H2O": 1.0, "Cl-": 50.0}, 298.15, "State 0 does not exist.*p_H -3.*sum to -1775"),
        ({"H2O": 1.0, "K+": 1.5}, 298.15, "State 0 does not exist.*p_H 18.*sum to \\+5144"),
        (
            *({"H2O": 55.5, "K+": np.array([1.0, 60.0])}, 298.15),
            "State 1 does not exist.*give more H2O, or the counter-ion",
        ),
        ({"H2O": 1.0, "C(4)": 5.0, "K+": 1.2}, 298.15, "State 0 has no free water: -0.0036"),
    ],
)
def test_refusals(totals, T, words):
    with pytest.raises(Refusal, match="(?s)" + words):
        speciate.speciate(totals, T)


def test_flat_middle_of_a_titration():
    """Ammonia half neutralised: Newton's step from pH 7 overshoots, and back; every state closes."""
    totals = {"H2O": 55.5084, "K+": 1.0258, "NO3-": 0.18, "N(3)": 0.2643}
    totals |= {"N(-3)": 0.989, "C(4)": 0.0428, "S(6)": 0.4938}
    for T in (290.0, 298.15, 317.0):
        state = speciate.speciate(totals, T)
        assert float(state.p_h) == pytest.approx(settle(totals, T)[1], abs=1e-9)
    rng = np.random.default_rng(7)
    many = {c: rng.uniform(0, top, 20000) for c, top in CASES["everything"].items()}
    state = speciate.speciate({"H2O": WATER, **many}, rng.uniform(273.2, 373.0, 20000))
    z = activity.charges(state.molality)
    gross = sum(abs(q) * state.molality[i] for i, q in z.items())
    assert np.all(abs(sum(q * state.molality[i] for i, q in z.items())) < 1e-11 * gross)


@pytest.mark.parametrize(
    "totals",
    [
        {"H2O": 1.0, "C(4)": 5.0},
        {"H2O": 1.0, "K+": 0.99},
        {"H2O": 1.0, "K+": 0.9, "C(4)": 0.85},
        {"H2O": 1.0, "S(6)": 5.0},
    ],
)
def test_states_with_hardly_any_water(totals):
    """Absurdly strong, but they exist: found, with free water and without charge."""
    state = speciate.speciate(totals, 298.15)
    assert state.kilograms > 0
    z = activity.charges(state.molality)
    gross = sum(abs(q) * state.molality[i] for i, q in z.items())
    assert abs(sum(q * state.molality[i] for i, q in z.items())) < 1e-8 * gross
    bound = sum(state.molality[i] for i in ("OH-", "HCO3-", "CO3--") if i in state.molality)
    assert state.kilograms * (WATER + bound) == pytest.approx(totals["H2O"], rel=1e-11)


def test_range_of_the_model_is_enforced_and_extrapolation_recorded():
    totals = {"H2O": WATER, "K+": np.array([1.0, 16.0])}
    strict = activity.model("pitzer", true_species(totals))
    with pytest.raises(Refusal, match="K\\+ with OH- holds to 14 mol/kg"):
        speciate.speciate(totals, 298.15, strict)
    loose = speciate.speciate(totals, 298.15, pitzer(list(totals)))
    assert "asked at" in loose.warnings[0]


def test_lanes_without_a_solution_are_counted():
    class Wild(activity.Ideal):
        def raw(self, molality, T, root=None, wrap=activity.plain):
            state = super().raw(molality, T)
            flip = 5.0 * np.sign(np.log(molality["H+"]) + 26.5)
            return activity.Activity({**state.ln_gamma, "H+": flip}, 0.0 * flip, state.solutes, 0.0)

    totals = {"H2O": WATER, "N(-3)": 1.0}
    with pytest.raises(SolveError, match="1 aqueous states did not converge \\(first: state 0"):
        speciate.speciate(totals, 298.15, Wild(true_species(totals)))
