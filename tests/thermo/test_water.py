"""Water against CoolProp."""

import numpy as np
import pyomo.environ as pyo
import pytest

from noxplant.thermo import water


@pytest.mark.oracle
def test_saturation_pressure():
    """Within 7.2e-5, the largest at 284.7 K, between which and 331 K the sign changes."""
    cp = pytest.importorskip("CoolProp.CoolProp")
    T = np.linspace(273.17, 473.15, 300)
    theirs = np.array([cp.PropsSI("P", "T", t, "Q", 0, "Water") for t in T])
    off = np.abs(water.saturation_pressure(T) / theirs - 1)
    assert off.max() == pytest.approx(7.2e-5, rel=0.02)


@pytest.mark.oracle
@pytest.mark.parametrize("t", [0.1, 4, 10, 25, 40, 60, 80, 99.9])
def test_density(t):
    cp = pytest.importorskip("CoolProp.CoolProp")
    T = t + 273.15
    assert water.density(T) == pytest.approx(
        cp.PropsSI("D", "T", T, "P", 101325, "Water"), rel=3e-5
    )


@pytest.mark.parametrize("function", [water.saturation_pressure, water.density])
def test_float_array_and_pyomo_agree(function):
    model = pyo.ConcreteModel()
    model.T = pyo.Var(initialize=333.0)
    assert function(np.array([333.0]))[0] == pytest.approx(function(333.0), rel=1e-13)
    assert pyo.value(function(model.T)) == pytest.approx(function(333.0), rel=1e-13)
