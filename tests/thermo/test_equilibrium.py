"""Gas equilibria and closed forms against the notes."""

import math
from fractions import Fraction

import numpy as np
import pyomo.environ as pyo
import pytest

from noxplant.errors import Refusal, SpeciesError
from noxplant.thermo import aqueous, equilibrium, water

ATM = 101325.0


@pytest.mark.parametrize(
    ("reaction", "literature", "cantera"),
    # plasma note section 3, 298.15 K
    [
        ("2 NO2 = N2O4", 6.4949, 7.0262),
        ("NO + NO2 = N2O3", 0.51942, 0.48942),
        ("NO + NO2 + H2O = 2 HNO2", 1.40235, 1.6904),
        ("3 NO2 + H2O = 2 HNO3 + NO", 9.1998e-3, 8.4392e-3),
        ("2 NO + O2 = 2 NO2", 2.2729e12, 2.2729e12),
    ],
)
def test_nox_constants(reaction, literature, cantera):
    ours = math.exp(equilibrium.nox_ln_k(reaction, 298.15))
    assert ours == pytest.approx(literature, rel=4e-4)
    assert math.exp(equilibrium.ln_k(reaction, 298.15)) == pytest.approx(cantera, rel=1e-4)


@pytest.mark.oracle
@pytest.mark.parametrize(
    ("reaction", "a", "b"),
    # fits of nasa_gas, 280..380 K, plasma note (error <= 0.003)
    [
        ("2 NO2 = N2O4", 2982.80, -9.1577),
        ("NO + NO2 = N2O3", 2019.36, -7.0833),
        ("NO + NO2 + H2O = 2 HNO2", 2126.39, -6.9041),
        ("3 NO2 + H2O = 2 HNO3 + NO", 1955.38, -8.6323),
        ("2 NO + O2 = 2 NO2", 5981.83, -7.7067),
    ],
)
def test_nasa_constants_against_fits(reaction, a, b):
    for T in (280.0, 320.0, 380.0):
        found = equilibrium.ln_k(reaction, T) / math.log(10)
        assert found == pytest.approx(a / T + b, abs=0.0065)


@pytest.mark.oracle
@pytest.mark.parametrize("T", [700.0, 2500.0])
def test_constant_against_cantera(T):
    ct = pytest.importorskip("cantera")
    table = {s.name: s for s in ct.Species.list_from_file("nasa_gas.yaml")}
    species = [table[n] for n in ("N2", "O2", "NO")]
    mixture = ct.Solution(thermo="ideal-gas", species=species)
    mixture.TPX = T, ATM, "N2:0.79, O2:0.21"
    mixture.equilibrate("TP")
    n2, o2, no = mixture["N2", "O2", "NO"].X
    k = no**2 / (n2 * o2)
    band = "cold" if T < 1000 else "hot"
    assert equilibrium.ln_k("N2 + O2 = 2 NO", T, band) == pytest.approx(math.log(k), abs=1e-5)


def test_reaction_heats():
    """2 NO2 = N2O4 -57.3; NO oxidation -57 kJ per mol NO (plasma note 6)."""
    assert equilibrium.heat("2 NO2 = N2O4", 298.15) / 1e3 == pytest.approx(-57.3, abs=0.3)
    assert equilibrium.heat("2 NO + O2 = 2 NO2", 298.15) / 2e3 == pytest.approx(-57.1, abs=0.1)


def test_rate_constant():
    k = equilibrium.no_oxidation_rate_constant(298.15) * ATM**2
    assert k == pytest.approx(28.284865443208194, rel=1e-12)


CASES = [
    # plasma note 6: T, atm, NO, O2, t50, t90 in s
    (298.15, 1, 0.05, 0.185, 3.9890007, 38.273486),
    (298.15, 1, 0.02, 0.20, 8.9768212, 82.629597),
    (313.15, 5, 0.10, 0.06, 0.41264279, 7.9533624),
    (303.15, 8, 0.09, 0.05, 0.18969347, 4.2996187),
]


@pytest.mark.parametrize(("T", "atm", "no", "o2", "t50", "t90"), CASES)
def test_no_oxidation_times(T, atm, no, o2, t50, t90):
    p_no, p_o2 = no * atm * ATM, o2 * atm * ATM
    assert equilibrium.no_oxidation_time(T, p_no, p_o2, 0.5) == pytest.approx(t50, rel=1e-6)
    assert equilibrium.no_oxidation_time(T, p_no, p_o2, 0.9) == pytest.approx(t90, rel=1e-6)
    assert equilibrium.no_oxidation_conversion(T, p_no, p_o2, t90) == pytest.approx(0.9, rel=1e-7)


def test_no_oxidation_conversion():
    x = equilibrium.no_oxidation_conversion(298.15, 0.05 * ATM, 0.185 * ATM, 10.0)
    assert x == pytest.approx(0.70931007, rel=1e-6)


@pytest.mark.oracle
@pytest.mark.parametrize(("T", "atm", "no", "o2", "t50", "t90"), CASES)
def test_no_oxidation_against_an_integration(T, atm, no, o2, t50, t90):
    from scipy.integrate import solve_ivp

    k = 10 ** (652.1 / T - 0.7356)
    a, b = no * atm, o2 * atm

    def rate(_, n):
        return -k * n**2 * (b - (a - n) / 2)

    run = solve_ivp(rate, (0, t90), [a], rtol=1e-11, atol=1e-14, method="LSODA")
    assert run.y[0, -1] / a == pytest.approx(0.1, rel=1e-6)


def test_no_oxidation_near_the_stoichiometric_ratio():
    """The closed form has a removable singularity at 2 p_O2 = p_NO; both sides meet."""
    p_no = 0.05 * ATM
    exact = equilibrium.no_oxidation_time(298.15, p_no, p_no / 2, 0.5)
    k = equilibrium.no_oxidation_rate_constant(298.15)
    assert exact == pytest.approx((4 - 1) / p_no**2 / k, rel=1e-12)
    for conversion in (0.1, 0.5, 0.9, 0.99):
        for shift in (0.999e-3, 1.001e-3, -0.999e-3, -1.001e-3):
            o2 = p_no * (1 + shift) / 2
            if conversion > 2 * o2 / p_no:
                continue
            a, n, c = p_no, p_no * (1 - conversion), shift * p_no
            x = np.linspace(math.log(n), math.log(a), 20001)
            y = 2 / (np.exp(x) * (np.exp(x) + c)) / k
            slow = float(np.sum((y[1:] + y[:-1]) / 2 * np.diff(x)))
            fast = equilibrium.no_oxidation_time(298.15, p_no, o2, conversion)
            assert fast == pytest.approx(slow, rel=1e-6)


def test_no_oxidation_refuses():
    with pytest.raises(Refusal, match=r"at most 0.8 of the NO.*0.9 was asked.*above 2250 Pa"):
        equilibrium.no_oxidation_time(298.15, 5000.0, 2000.0, 0.9)
    with pytest.raises(Refusal, match=r"must be in \[0, 1\), not 1"):
        equilibrium.no_oxidation_time(298.15, 5000.0, 2000.0, 1.0)


@pytest.mark.parametrize(
    ("factor", "stages", "remaining"),
    # ammonia note, case D, exact
    [
        (Fraction(2), 3, Fraction(1, 15)),
        (Fraction(3, 2), 4, Fraction(16, 211)),
        (Fraction(3), 2, Fraction(1, 13)),
        (Fraction(1), 5, Fraction(1, 6)),
        (Fraction(1, 2), 6, Fraction(64, 127)),
        (Fraction(5, 4), 10, Fraction(1048576, 44633821)),
        (Fraction(3), 5, Fraction(1, 364)),
        (Fraction(7, 5), 4, Fraction(625, 6841)),
    ],
)
def test_kremser(factor, stages, remaining):
    found = equilibrium.kremser_remaining(float(factor), stages)
    assert found == pytest.approx(float(remaining), rel=1e-13)
    back = equilibrium.kremser_stages(float(factor), float(remaining))
    assert back == pytest.approx(stages, rel=1e-10)
    assert equilibrium.kremser_remaining(float(factor), stages + 0.0) == pytest.approx(found)


def test_kremser_limits():
    assert equilibrium.kremser_remaining(0.5, 200) == pytest.approx(0.5, rel=1e-12)
    with pytest.raises(Refusal, match=r"at least 0.5 remains.*Raise the factor above 0.6"):
        equilibrium.kremser_stages(0.5, 0.4)
    with pytest.raises(Refusal, match=r"must be in \(0, 1\)"):
        equilibrium.kremser_stages(2.0, 0.0)


@pytest.mark.parametrize(
    ("factor", "units", "remaining"),
    [(2.0, 5.0, 0.0427991), (2.0, 6.0, 0.0255290), (1.5, 3.0, 0.1624736), (1.0, 4.0, 0.2)],
)
def test_packed(factor, units, remaining):
    assert equilibrium.packed_remaining(factor, units) == pytest.approx(remaining, rel=3e-6)
    assert equilibrium.packed_units(factor, remaining) == pytest.approx(units, rel=3e-6)


def test_packed_tower_case_a():
    """1500 -> 50 mg/L at S = 3: NTU 4.518, height 3.673 m with HTU 0.8128 m."""
    units = equilibrium.packed_units(3.0, 50 / 1500)
    assert units == pytest.approx(4.518, abs=1e-3)
    assert units * 0.8128 == pytest.approx(3.673, abs=1e-3)


@pytest.mark.parametrize(
    ("t", "ph", "ratio", "factor", "stages", "removal"),
    # ammonia note, case E
    [
        (20, 11, 3000, 1.5784, 3, 0.88892),
        (40, 12, 1000, 1.2540, 3, 0.82754),
        (60, 11, 500, 1.3028, 5, 0.92214),
    ],
)
def test_stripping_case_e(t, ph, ratio, factor, stages, removal):
    T = t + 273.15
    free = 1 / (1 + math.exp(aqueous.ln_beta("NH4+", T) - ph * math.log(10)))
    if t == 20:
        assert free == pytest.approx(0.97548, abs=2e-5)
    volatility = equilibrium.gas_liquid_ratio(aqueous.ln_henry("NH3", T), T)
    s = free * volatility * ratio
    assert s == pytest.approx(factor, rel=2e-3)
    assert 1 - equilibrium.kremser_remaining(s, stages) == pytest.approx(removal, abs=6e-4)


@pytest.mark.parametrize(("t", "ratio"), [(20, 5.39e-4), (40, 1.255e-3), (60, 2.611e-3)])
def test_gas_liquid_ratio(t, ratio):
    T = t + 273.15
    found = equilibrium.gas_liquid_ratio(aqueous.ln_henry("NH3", T), T)
    assert found == pytest.approx(ratio, rel=2.5e-3)


@pytest.mark.oracle
@pytest.mark.parametrize(("t", "error"), [(25, 0.006), (40, 0.006), (60, 0.0085)])
def test_humid_air_against_coolprop(t, error):
    cp = pytest.importorskip("CoolProp.CoolProp")
    T = t + 273.15
    ours = equilibrium.humidity_ratio(water.saturation_pressure(T), ATM)
    theirs = cp.HAPropsSI("W", "T", T, "P", ATM, "R", 1.0)
    assert ours == pytest.approx(theirs, rel=error)
    ours_h = equilibrium.humid_air_enthalpy(t, theirs)
    theirs_h = cp.HAPropsSI("H", "T", T, "P", ATM, "R", 1.0)
    assert ours_h == pytest.approx(theirs_h, rel=error)


def test_humid_air_stage():
    """Water at 40 C meets air at 25 C, 50 %, 1 kg/kg: one adiabatic stage ends at 29.38 C.

    Ammonia note, case F (HAPropsSI); here by the ideal forms and bisection.
    """
    inlet = equilibrium.humidity_ratio(0.5 * water.saturation_pressure(298.15), ATM)
    feed = 4180 * 40.0 + equilibrium.humid_air_enthalpy(25.0, inlet)
    low, high = 10.0, 40.0
    for _ in range(60):
        t = (low + high) / 2
        out = equilibrium.humidity_ratio(water.saturation_pressure(t + 273.15), ATM)
        held = (1 - (out - inlet)) * 4180 * t + equilibrium.humid_air_enthalpy(t, out)
        low, high = (t, high) if held < feed else (low, t)
    assert t == pytest.approx(29.383, abs=0.06)
    assert out - inlet == pytest.approx(0.01641, abs=2e-4)


@pytest.mark.parametrize(
    "function",
    [
        lambda x: equilibrium.ln_k("2 NO2 = N2O4", 300 + x),
        lambda x: equilibrium.heat("2 NO2 = N2O4", 300 + x),
        lambda x: equilibrium.nox_ln_k("2 NO2 = N2O4", 300 + x),
        lambda x: equilibrium.no_oxidation_rate_constant(300 + x),
        lambda x: equilibrium.kremser_remaining(x, 4),
        lambda x: equilibrium.packed_remaining(x, 4.0),
        lambda x: equilibrium.humidity_ratio(1000 * x, ATM),
    ],
)
def test_float_array_and_pyomo_agree(function):
    model = pyo.ConcreteModel()
    model.x = pyo.Var(initialize=3.0)
    value = function(3.0)
    assert function(np.array([2.0, 3.0]))[1] == pytest.approx(value, rel=1e-13)
    assert pyo.value(function(model.x)) == pytest.approx(value, rel=1e-13)


def test_refusals():
    with pytest.raises(SpeciesError, match="No literature constant of 'N2O4 = 2 NO2'"):
        equilibrium.nox_ln_k("N2O4 = 2 NO2", 300.0)
    with pytest.raises(SpeciesError, match="has electrons: it is no gas reaction"):
        equilibrium.ln_k("O2 + 2 H2O + 4 e- -> 4 OH-", 300.0)
    with pytest.raises(SpeciesError, match="does not balance"):
        equilibrium.ln_k("NO2 = N2O4", 300.0)
