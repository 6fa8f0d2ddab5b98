"""Pitzer's model over temperature, at saturation and in mixtures: PHREEQC, tables of humidity."""

import math

import pytest

from noxplant.thermo import activity, solid

SALTS = {
    "NH4Cl": {"NH4+": 1, "Cl-": 1},
    "KNO3": {"K+": 1, "NO3-": 1},
    "(NH4)2SO4": {"NH4+": 2, "SO4--": 1},
}
MIXED = ["H+", "OH-", "K+", "Na+", "NO3-", "Cl-", "SO4--", "HSO4-", "CO3--", "HCO3-", "CO2"]


# Mean activity coefficients against PHREEQC; per temperature the largest deviation allowed.
WARM = {
    "Na+": ((0.5, 1.0, 2.0, 4.0, 6.0), {0: 0.011, 10: 0.007, 25: 0.006, 40: 0.006, 50: 0.008}),
    "K+": ((0.5, 1.0, 2.0, 4.0, 4.5), {0: 0.005, 10: 0.005, 25: 0.005, 40: 0.005, 50: 0.005}),
}


@pytest.mark.oracle
@pytest.mark.parametrize("cation", WARM)
@pytest.mark.parametrize("t", [0, 10, 25, 40, 50])
def test_chlorides_over_temperature(cation, t):
    """NaCl to 6 and KCl to 4.5 mol/kg at the corners of their range, PHREEQC with pitzer.dat."""
    phreeqc = pytest.importorskip("phreeqpython").PhreeqPython(database="pitzer.dat")
    model = activity.model("pitzer", [cation, "Cl-"])
    molalities, bars = WARM[cation]
    for m in molalities:
        element = cation[:-1]
        solution = phreeqc.add_solution(
            {"temp": t, "units": "mol/kgw", "pH": "7 charge", element: m, "Cl": m}
        )
        a = solution.species_activities
        theirs = math.sqrt(a[cation] * a["Cl-"]) / m
        mine = model.evaluate({cation: m, "Cl-": m}, t + 273.15).mean({cation: 1, "Cl-": 1})
        assert mine == pytest.approx(theirs, rel=bars[t]), m


@pytest.mark.oracle
@pytest.mark.parametrize(
    ("t", "bar"), [(0, 0.091), (10, 0.041), (25, 0.013), (40, 0.026), (50, 0.057)]
)
def test_sodium_sulfate_over_temperature(t, bar):
    """First derivatives only: the size of the error, as the docs state it."""
    phreeqc = pytest.importorskip("phreeqpython").PhreeqPython(database="pitzer.dat")
    parts = {"Na+": 2, "SO4--": 1}
    model, worst = activity.model("pitzer", list(parts)), 0.0
    for m in (0.5, 1.0, 2.0, 3.0):
        given = {"temp": t, "units": "mol/kgw", "pH": "7", "Na": 2 * m, "S(6)": m}
        a = phreeqc.add_solution(given).species_activities
        theirs = (a["Na+"] ** 2 * a["SO4-2"] / (4 * m**3)) ** (1 / 3)
        mine = model.evaluate({i: n * m for i, n in parts.items()}, t + 273.15).mean(parts)
        worst = max(worst, abs(mine / theirs - 1))
    assert 0.8 * bar < worst < bar


@pytest.mark.oracle
@pytest.mark.parametrize(
    # Wexler and Hasegawa, J. Res. NBS 53 (1954) 19 (abstract, read): humidity over NaCl;
    # solubility in g/100 g water from handbooks, recalled. At 0 C later tables are 0.8 % higher.
    ("t", "grams", "humidity", "bar"),
    [(0, 35.65, 0.749, 0.012), (30, 36.1, 0.756, 0.01), (50, 36.7, 0.747, 0.01)],
)
def test_humidity_over_sodium_chloride(t, grams, humidity, bar):
    m = 10 * grams / 58.443
    state = activity.model("pitzer", ["Na+", "Cl-"], extrapolate=True).evaluate(
        {"Na+": m, "Cl-": m}, t + 273.15
    )
    assert math.exp(state.ln_water) == pytest.approx(humidity, rel=bar)


@pytest.mark.oracle
@pytest.mark.parametrize(
    # CRC, "Constant Humidity Solutions" (Wexler; read): RH = A exp(B/T), +-2 %, 10 to 40 C
    ("salt", "a", "b", "bar"),
    [("(NH4)2SO4", 62.06, 79, 0.011), ("NH4Cl", 35.67, 235, 0.02), ("KNO3", 43.22, 225, 0.01)],
)
@pytest.mark.parametrize("t", [15, 20, 25, 30, 35, 39.9])
def test_humidity_over_saturated_solutions(salt, a, b, bar, t):
    """Water activity to the solubility limit and over temperature, independent of gamma tables."""
    T = t + 273.15
    if salt == "KNO3" and t > 25:
        pytest.skip("its saturated solution is beyond the set")
    parts, m = SALTS[salt], solid.solubility(f"{salt}(s)", T)
    state = activity.model("pitzer", list(parts)).evaluate({i: n * m for i, n in parts.items()}, T)
    assert math.exp(state.ln_water) == pytest.approx(a * math.exp(b / T) / 100, rel=bar)


@pytest.mark.oracle
@pytest.mark.parametrize(
    ("ions", "t", "means", "bar"),
    [
        ({"K": 3.0, "Cl": 1.0}, 25, ["K+ OH-", "K+ Cl-"], 0.025),
        ({"K": 4.0, "S(6)": 0.5}, 25, ["K+ OH-", "K+ K+ SO4--"], 0.03),
        ({"K": 3.0, "C(4)": 0.5}, 25, ["K+ OH-", "K+ K+ CO3--"], 0.05),
        ({"Na": 1.5, "K": 1.5, "Cl": 3.0}, 25, ["K+ Cl-", "Na+ Cl-"], 0.01),
        ({"K": 2.0, "S(6)": 1.5}, 25, ["K+ HSO4-", "K+ K+ SO4--", "H+ H+ SO4--"], 0.01),
        ({"S(6)": 1.0}, 25, ["H+ HSO4-", "H+ H+ SO4--"], 0.003),
    ],
)
def test_mixtures_against_phreeqc(ions, t, means, bar):
    """PHREEQC with pitzer.dat (no nitrogen), at its own speciation: mixing terms and slopes."""
    phreeqc = pytest.importorskip("phreeqpython").PhreeqPython(database="pitzer.dat")
    solution = phreeqc.add_solution({"temp": t, "units": "mol/kgw", "pH": "7 charge", **ions})
    ours = {"SO4-2": "SO4--", "CO3-2": "CO3--"}
    theirs = {v: k for k, v in ours.items()}
    molality = {
        ours.get(k, k): v for k, v in solution.species_molalities.items() if k not in ("H2O", "e-")
    }
    molality = {k: v for k, v in molality.items() if v > 1e-9 and k in MIXED}
    model = activity.model("pitzer", list(molality), missing="estimate")
    state = model.evaluate(molality, t + 273.15)
    for salt in means:
        parts = salt.split(" ")
        gammas = [solution.species_activities[theirs.get(i, i)] / molality[i] for i in parts]
        mine = math.exp(sum(state.ln_gamma[i] for i in parts) / len(parts))
        assert mine == pytest.approx(math.prod(gammas) ** (1 / len(parts)), rel=bar), salt
