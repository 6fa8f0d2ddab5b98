"""Humid air against CoolProp (ASHRAE RP-1485), limits and refusals."""

import numpy as np
import pyomo.environ as pyo
import pytest

from noxplant.constants import GAS_CONSTANT as R
from noxplant.errors import Refusal
from noxplant.species import number
from noxplant.thermo import gas, humid_air, pure
from noxplant.thermo.adapters import coolprop_air

pytest.importorskip("CoolProp.CoolProp")


@pytest.fixture(scope="module")
def states():
    """States between those of the fit: random temperatures, pressures and shares of saturation."""
    rng = np.random.default_rng(5)
    one = [
        coolprop_air.states([T], [p], [share])
        for T, p, share in zip(
            rng.uniform(273.16, 363.15, 300),
            np.exp(rng.uniform(np.log(5e4), np.log(5e5), 300)),
            rng.uniform(0, 1, 300),
            strict=True,
        )
    ]
    return np.vstack([s for s in one if len(s)]).T


@pytest.mark.oracle
def test_volume_and_saturation(states):
    T, p, x, _, v, most, _ = states
    assert len(T) > 200
    assert np.abs(humid_air.volume(T, p, x) / v - 1).max() <= number(
        "coolprop.humid air.volume_error"
    )
    off = np.abs(humid_air.saturated_fraction(T, p) / most - 1).max()
    assert off <= number("coolprop.humid air.enhancement_error")
    for name in ("volume", "enhancement"):
        assert number(f"coolprop.humid air.{name}_error") <= 1e-4


@pytest.mark.oracle
def test_enthalpy(states):
    """Up to the zero of each component: 1e-4 of water's heat of vaporisation is 4.4 J/mol."""
    T, p, x, h, *_ = states
    d = humid_air.enthalpy(T, p, x) - h
    zero = np.column_stack([1 - x, x])
    level = np.linalg.lstsq(zero, d, rcond=None)[0]
    error = number("coolprop.humid air.enthalpy_error")
    assert np.abs(d - zero @ level).max() <= error <= 1e-4 * 43987.0


@pytest.mark.oracle
def test_hot_air_whose_dew_point_is_out_of_reach():
    """Vapour pressure above 0.9 of the pressure, water up to 0.88: within the same bounds."""
    cp = pytest.importorskip("CoolProp.CoolProp")
    rng = np.random.default_rng(9)
    T, p, x = rng.uniform(352, 363, 80), rng.uniform(5e4, 5.5e4, 80), rng.uniform(0, 0.88, 80)
    assert np.all(pure.fluid("H2O").saturation_pressure(T) < 1.4 * p)
    ratio = humid_air.humidity_ratio(x)
    per_mole = coolprop_air.AIR_MASS * (1 - x)
    v, h = (
        per_mole
        * [
            cp.HAPropsSI(k, "T", *s)
            for s in ((a, "P", b, "W", c) for a, b, c in zip(T, p, ratio, strict=True))
        ]
        for k in ("V", "H")
    )
    assert np.abs(humid_air.volume(T, p, x) / v - 1).max() <= number(
        "coolprop.humid air.volume_error"
    )
    d = humid_air.enthalpy(T, p, x) - h
    zero = np.column_stack([1 - x, x])
    level = np.linalg.lstsq(zero, d, rcond=None)[0]
    assert np.abs(d - zero @ level).max() <= number("coolprop.humid air.enthalpy_error")
    with pytest.raises(Refusal, match="0.95 mol/mol water is fog or steam: 0.9 is the most"):
        humid_air.volume(362.0, 6e4, 0.95)


def test_at_low_pressure_it_is_the_ideal_gas():
    """Dry air against Cantera's N2, O2, Ar between 273 and 363 K; water against steam's ideal gas."""
    mix = {"N2": 0.7808, "O2": 0.2095, "Ar": 0.0097}
    for T in (280.0, 320.0, 360.0):
        rise = humid_air.enthalpy(T, 5e4, 0.0) - humid_air.enthalpy(298.15, 5e4, 0.0)
        ideal = sum(n * (gas.enthalpy(s, T) - gas.enthalpy(s, 298.15)) for s, n in mix.items())
        assert rise == pytest.approx(ideal, abs=2.0)
    assert humid_air.enthalpy(298.15, 5e4, 0.0) == pytest.approx(0.0, abs=5.0)
    with_water, without = (humid_air.enthalpy(298.15, 5e4, x) for x in (0.02, 0.0))
    steam = (with_water - 0.98 * without) / 0.02
    assert steam == pytest.approx(gas.enthalpy("H2O", 298.15), abs=20.0)
    assert humid_air.volume(300.0, 5e4, 0.0) == pytest.approx(R * 300.0 / 5e4, rel=4e-4)


def test_saturation_is_above_that_of_water_alone():
    """Poynting and dissolved air: +0.4 % at 1 atm and 25 C, growing with pressure."""
    T = 298.15
    vapour = pure.fluid("H2O").saturation_pressure(T)
    factor = [humid_air.saturated_fraction(T, p) * p / vapour for p in (1e5, 2e5, 4e5)]
    assert factor[0] == pytest.approx(1.004, abs=5e-4)
    assert factor[0] < factor[1] < factor[2] < 1.02


def test_humidity_ratio():
    x = humid_air.saturated_fraction(313.15, 101325.0)
    assert humid_air.humidity_ratio(x) == pytest.approx(
        0.04914, abs=2e-5
    )  # ASHRAE Fundamentals, recalled
    assert humid_air.fraction_of_ratio(humid_air.humidity_ratio(x)) == pytest.approx(x, rel=1e-14)


@pytest.mark.parametrize("function", [humid_air.enthalpy, humid_air.volume])
def test_float_array_and_pyomo_agree(function):
    model = pyo.ConcreteModel()
    model.T, model.p, model.x = (pyo.Var(initialize=v) for v in (320.0, 2e5, 0.03))
    value = function(320.0, 2e5, 0.03)
    assert isinstance(value, float)
    assert function(np.array([300.0, 320.0]), 2e5, np.array([0.0, 0.03]))[1] == pytest.approx(
        value, rel=1e-12
    )
    assert pyo.value(function(model.T, model.p, model.x)) == pytest.approx(value, rel=1e-12)
    assert model.T.bounds == (273.16, 363.15)
    assert model.p.bounds == (5e4, 5e5)
    assert model.x.bounds == (0.0, 1.0)
    most = humid_air.saturated_fraction(320.0, 2e5)
    assert pyo.value(humid_air.saturated_fraction(model.T, model.p)) == pytest.approx(
        most, rel=1e-12
    )


def test_refusals():
    with pytest.raises(
        Refusal, match=r"0.9 mol/mol water is fog or steam: 0.0355\d* is the most at this"
    ):
        humid_air.enthalpy(300.0, 1e5, 0.9)
    with pytest.raises(
        Refusal, match="enthalpy of humid air holds from 273.16 to 363.15 K.*\n.*25 C is"
    ):
        humid_air.enthalpy(25.0, 1e5, 0.0)
    with pytest.raises(
        Refusal, match="volume of humid air holds from 50000 to 500000 Pa; .* at 1 Pa"
    ):
        humid_air.volume(300.0, 1.0, 0.0)
    with pytest.raises(Refusal, match="from 0 to 1 mol/mol water; it was asked at -0.1"):
        humid_air.enthalpy(300.0, 1e5, -0.1)
    with pytest.raises(
        Refusal, match="vapour pressure is 1.12 of the pressure; saturated air holds up to 0.9"
    ):
        humid_air.saturated_fraction(362.0, 6e4)
