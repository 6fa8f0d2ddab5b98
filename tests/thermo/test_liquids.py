"""Pure organic liquids: boiling points, a second library, classes, forms of argument, refusals."""

import math

import numpy as np
import pyomo.environ as pyo
import pytest

from noxplant.constants import GAS_CONSTANT
from noxplant.errors import Refusal, SpeciesError
from noxplant.species import molar_mass
from noxplant.species.numbers import all_data
from noxplant.thermo import liquids

CURVES = {
    "vapour_pressure": liquids.vapour_pressure,
    "density": liquids.density,
    "heat_capacity": liquids.heat_capacity,
}
CAS = {
    "acetonitrile": "75-05-8",
    "methanol": "67-56-1",
    "benzophenone": "119-61-9",
    "benzophenone imine": "1013-88-3",
    "cyclohexanone": "108-94-1",
    "cyclopentanone": "120-92-3",
    "acetone": "67-64-1",
    "butanone": "78-93-3",
    "cyclohexanone oxime": "100-64-1",
    "N2H4": "302-01-2",
}


def _pairs():
    for what in CURVES:
        for name in liquids.names():
            try:
                yield name, what, liquids.span(name, what)
            except SpeciesError:
                continue


PAIRS = list(_pairs())


def test_coverage():
    assert len(liquids.names()) == 12
    found = {what: sum(w == what for _, w, _ in PAIRS) for what in CURVES}
    assert found == {"vapour_pressure": 10, "density": 9, "heat_capacity": 9}
    for name in liquids.names():
        assert molar_mass(name) > 0


def test_group_contributions_are_estimates():
    """A value whose only method is a group contribution has class estimate."""
    words = ("JOBACK", "WILSON_JASPERSON", "GHARAGHEIZI", "BENSON", "UNIFAC")
    found = [d for d in all_data() if any(w in d.source.upper() for w in words)]
    assert found
    for d in found:
        assert d.kind == "estimate", d.path
        assert "JOBACK" not in d.source.upper(), d.path


@pytest.mark.oracle
@pytest.mark.parametrize(
    ("name", "boiling"),
    # CRC Handbook; hydrazine 386.7 K; all at 101325 Pa
    [
        ("acetonitrile", 354.75),
        ("methanol", 337.65),
        ("benzophenone", 579.05),
        ("cyclohexanone", 428.55),
        ("acetone", 329.23),
        ("butanone", 352.75),
        ("N2H4", 386.7),
    ],
)
def test_boils_where_handbooks_say(name, boiling):
    assert liquids.vapour_pressure(name, boiling) == pytest.approx(101325, rel=6e-3)
    assert liquids.constant(name, "boiling_temperature").value == boiling


@pytest.mark.oracle
@pytest.mark.parametrize(
    ("name", "fluid"), [("methanol", "Methanol"), ("acetone", "Acetone"), ("H2O", "Water")]
)
def test_against_coolprop(name, fluid):
    cp = pytest.importorskip("CoolProp.CoolProp")
    for T in (290.0, 320.0, 345.0):
        theirs = cp.PropsSI("P", "T", T, "Q", 0, fluid)
        assert liquids.vapour_pressure(name, T) == pytest.approx(theirs, rel=6e-3)
        if name != "H2O":
            rho = cp.PropsSI("D", "T", T, "Q", 0, fluid)
            assert liquids.density(name, T) == pytest.approx(rho, rel=8e-3)
        gas, liquid = (cp.PropsSI("HMOLAR", "T", T, "Q", q, fluid) for q in (1, 0))
        found = liquids.vaporisation_enthalpy(name, T) / (gas - liquid) - 1
        assert -0.005 < found < 0.02 + 0.05 * theirs / 101325


@pytest.mark.oracle
@pytest.mark.parametrize(
    ("name", "fluid", "low", "high", "bar"),
    [
        ("methanol", "Methanol", 200.0, 480.0, 0.006),
        ("methanol", "Methanol", 175.7, 200.0, 0.012),
        ("methanol", "Methanol", 480.0, 495.0, 0.02),
        ("methanol", "Methanol", 495.0, 512.0, 0.045),
        ("methanol", "Methanol", 512.0, 512.5, 0.17),
        ("acetone", "Acetone", 178.6, 506.0, 0.0035),
    ],
)
def test_densities_over_the_whole_range_against_coolprop(name, fluid, low, high, bar):
    cp = pytest.importorskip("CoolProp.CoolProp")
    T = np.linspace(low, high, 60)
    theirs = np.array([cp.PropsSI("D", "T", t, "Q", 0, fluid) for t in T])
    assert np.abs(liquids.density(name, T) / theirs - 1).max() < bar


@pytest.mark.parametrize(("name", "what", "span"), PAIRS)
def test_curves_hold_at_both_ends(name, what, span):
    """Also where the range ends at the critical point."""
    for T in span:
        value = CURVES[what](name, T)
        assert value > 0
        assert CURVES[what](name, np.array([T]))[0] == pytest.approx(value, rel=1e-12)


@pytest.mark.oracle
@pytest.mark.parametrize(
    ("name", "T", "pascal"),
    # Perry/VDI correlations of thermo 0.6.1, tabulated in the hydrazine note
    [("benzophenone", 373.15, 63.5), ("benzophenone", 500.0, 14436), ("N2H4", 323.15, 7559)],
)
def test_note(name, T, pascal):
    assert liquids.vapour_pressure(name, T) == pytest.approx(pascal, rel=0.012)


@pytest.mark.oracle
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # files left open
@pytest.mark.parametrize("name", CAS)
def test_against_the_supplier(name):
    """The whole chain of coefficients against the package they come from, where it is installed."""
    pytest.importorskip("thermo.heat_capacity")
    from thermo.heat_capacity import HeatCapacityLiquid
    from thermo.vapor_pressure import VaporPressure
    from thermo.volume import VolumeLiquid

    for what, source, tolerance in (
        ("vapour_pressure", VaporPressure, 0.02),
        ("density", VolumeLiquid, 0.015),
        ("heat_capacity", HeatCapacityLiquid, 0.04),
    ):
        if (name, what) not in {(n, w) for n, w, _ in PAIRS}:
            continue
        package = source(CASRN=CAS[name])
        if not package.all_methods:
            continue
        low, high = liquids.span(name, what)
        for T in np.linspace(low, min(high, low + 100), 4)[1:-1]:
            theirs = [
                package.calculate(T, m)
                for m in package.all_methods
                if m in package.T_limits and package.T_limits[m][0] <= T <= package.T_limits[m][1]
            ]
            if what == "density":
                theirs = [molar_mass(name) / v for v in theirs]
            ours = float(CURVES[what](name, T))
            assert min(abs(ours / t - 1) for t in theirs) < tolerance, (what, T)


SECOND = [  # name, curve, method of the package `thermo`, T from and to, largest deviation
    ("acetonitrile", "density", "VDI_PPDS", 235.0, 534.0, 0.0025),
    ("benzophenone", "density", "VDI_PPDS", 325.0, 813.0, 0.0025),
    ("butanone", "density", "VDI_PPDS", 190.0, 525.0, 0.0025),
    ("acetonitrile", "vapour_pressure", "LANDOLT", 280.0, 355.0, 0.005),
    ("acetonitrile", "vapour_pressure", "ANTOINE_WEBBOOK", 289.0, 362.0, 0.017),
    ("acetonitrile", "vapour_pressure", "DIPPR_PERRY_8E", 280.0, 450.0, 0.029),
    ("acetone", "vapour_pressure", "WAGNER_MCGARRY", 262.0, 353.0, 0.006),
    ("cyclohexanone", "vapour_pressure", "WAGNER_POLING", 298.15, 458.0, 0.004),
    ("cyclopentanone", "vapour_pressure", "WAGNER_POLING", 317.0, 397.0, 0.002),
    ("butanone", "vapour_pressure", "WAGNER_MCGARRY", 300.0, 378.0, 0.005),
    ("butanone", "vapour_pressure", "VDI_PPDS", 300.0, 378.0, 0.011),
    ("butanone", "vapour_pressure", "WAGNER_MCGARRY", 265.0, 300.0, 0.035),
    ("butanone", "vapour_pressure", "VDI_PPDS", 265.0, 300.0, 0.057),
    ("butanone", "vapour_pressure", "DIPPR_PERRY_8E", 265.0, 300.0, 0.065),
    ("N2H4", "vapour_pressure", "LANDOLT", 289.0, 343.0, 0.008),
    ("benzophenone", "vapour_pressure", "VDI_PPDS", 325.0, 800.0, 0.03),
]
"""Second sources: other correlations than the one whose coefficients are shipped."""


@pytest.mark.oracle
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # files left open
@pytest.mark.parametrize(("name", "what", "method", "low", "high", "bar"), SECOND)
def test_against_another_method(name, what, method, low, high, bar):
    pytest.importorskip("thermo.vapor_pressure")
    from chemicals import Pc, Tb, Tc, omega
    from thermo.vapor_pressure import VaporPressure
    from thermo.volume import VolumeLiquid

    cas = CAS[name]
    some = {"CASRN": cas, "Tc": Tc(cas), "Pc": Pc(cas), "omega": omega(cas)}
    package = VolumeLiquid(**some) if what == "density" else VaporPressure(Tb=Tb(cas), **some)
    assert method in package.all_methods
    off = []
    for T in np.linspace(low, high, 40):
        theirs = package.calculate(T, method)
        theirs = molar_mass(name) / theirs if what == "density" else theirs
        off.append(abs(float(CURVES[what](name, T)) / theirs - 1))
    assert 0 < max(off) < bar


@pytest.mark.parametrize(("name", "what", "span"), PAIRS)
def test_float_array_and_pyomo_agree(name, what, span):
    T = (span[0] + span[1]) / 2
    one = CURVES[what](name, T)
    assert isinstance(one, float)
    assert CURVES[what](name, np.array([T, T]))[1] == pytest.approx(one, rel=1e-13)
    model = pyo.ConcreteModel()
    model.T = pyo.Var(initialize=T)
    assert pyo.value(CURVES[what](name, model.T)) == pytest.approx(one, rel=1e-13)
    assert model.T.bounds == pytest.approx(span)


@pytest.mark.parametrize(("name", "what", "span"), PAIRS)
def test_refused_outside(name, what, span):
    with pytest.raises(Refusal, match=f"of (liquid )?{name} holds from"):
        CURVES[what](name, span[1] + 1.0)
    with pytest.raises(Refusal, match="values lie outside"):
        CURVES[what](name, np.array([span[0] - 1.0, span[1]]))


@pytest.mark.parametrize("name", [n for n, w, _ in PAIRS if w == "vapour_pressure"] + ["H2O"])
def test_heat_of_vaporisation_is_the_slope(name):
    low, high = liquids.span(name, "vapour_pressure")
    T = (low + high) / 2
    rise = liquids.ln_vapour_pressure(name, T + 0.01) - liquids.ln_vapour_pressure(name, T - 0.01)
    slope = GAS_CONSTANT * T * T * rise / 0.02
    assert liquids.vaporisation_enthalpy(name, T) == pytest.approx(slope, rel=1e-6)


def test_fusion_gives_the_ideal_solubility_of_the_note():
    """Benzophenone in an ideal solvent at 25 C: 0.591 (mole fraction)."""
    melting = liquids.constant("benzophenone", "melting_temperature").value
    heat = liquids.constant("benzophenone", "fusion_enthalpy").value
    x = math.exp(-heat / GAS_CONSTANT * (1 / 298.15 - 1 / melting))
    assert x == pytest.approx(0.591, abs=0.001)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (
            lambda: liquids.vapour_pressure("benzophenone azine", 400.0),
            "no vapour pressure of benzophenone azine here: .*Joback's group contributions .boiling",
        ),
        (
            lambda: liquids.constant("benzophenone imine", "melting_temperature"),
            "no melting temperature of benzophenone imine here: .*Joback",
        ),
        (lambda: liquids.density("cyclohexanon", 300.0), "Did you mean 'cyclohexanone'"),
        (lambda: liquids.constant("acetone", "boiling"), "no constant 'boiling' of liquids"),
    ],
)
def test_refusals_by_name(call, words):
    with pytest.raises(SpeciesError, match=words):
        call()
