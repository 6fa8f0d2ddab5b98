"""Water against CoolProp."""

import numpy as np
import pyomo.environ as pyo
import pytest

from noxplant.thermo import water


@pytest.mark.oracle
@pytest.mark.parametrize("T", [273.17, 298.15, 313.15, 333.15, 353.15, 373.124, 423.15, 473.15])
def test_saturation_pressure(T):
    cp = pytest.importorskip("CoolProp.CoolProp")
    assert water.saturation_pressure(T) == pytest.approx(
        cp.PropsSI("P", "T", T, "Q", 0, "Water"), rel=6e-5
    )


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
