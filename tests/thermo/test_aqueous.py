"""Aqueous data: constants, volatility, heats, densities; and that K and heat agree."""

import math

import numpy as np
import pyomo.environ as pyo
import pytest

from noxplant.constants import ATMOSPHERE
from noxplant.constants import GAS_CONSTANT as R
from noxplant.errors import SpeciesError
from noxplant.species import aqueous_components, molar_mass, number, true_species
from noxplant.thermo import aqueous, gas, organic, used
from noxplant.thermo.aqueous import LN10

FORMS = [
    "OH-",
    "NH4+",
    "HCO3-",
    "CO3--",
    "HNO2",
    "HSO4-",
    "N2H5+",
    "N2H6++",
    "HPO4--",
    "H2PO4-",
    "H3PO4",
]


def log10_k(form, t):
    return aqueous.ln_beta(form, t + 273.15) / LN10


def slope(function, T, step=0.01):
    return (function(T + step) - function(T - step)) / (2 * step)


def test_every_true_species_has_data():
    assert set(true_species(aqueous_components())) == set(aqueous.names())


@pytest.mark.oracle
@pytest.mark.parametrize(
    ("t", "pkw"), [(0, 14.946), (25, 13.995), (40, 13.535), (60, 13.021), (80, 12.600)]
)
def test_pkw_against_iapws(t, pkw):
    """IAPWS R11 values of the ammonia note."""
    assert -log10_k("OH-", t) == pytest.approx(pkw, abs=0.006)


@pytest.mark.oracle
@pytest.mark.parametrize(
    # Bates and Pinching 1949, pKa of NH4+
    ("t", "pka"),
    [(0, 10.081), (10, 9.731), (20, 9.400), (25, 9.245), (30, 9.093), (40, 8.805), (50, 8.539)],
)
def test_pka_ammonium(t, pka):
    assert log10_k("NH4+", t) == pytest.approx(pka, abs=0.006)


def test_ammonium_second_fit():
    """pKa = 0.09018 + 2729.92/T, 0..50 C (R package page of the note)."""
    for t in (0, 10, 20, 25, 30, 40, 50):
        assert log10_k("NH4+", t) == pytest.approx(0.09018 + 2729.92 / (t + 273.15), abs=0.004)


@pytest.mark.parametrize(
    ("form", "value"),
    [
        ("NH4+", 9.244),
        ("HCO3-", -6.352),
        ("CO3--", -16.681),
        ("HNO2", 3.2206),
        ("HSO4-", 1.99),
        ("N2H5+", 7.98),
        ("N2H6++", 7.98 - 0.9),
        ("HPO4--", 12.35),
        ("H2PO4-", 12.35 + 7.20),
        ("H3PO4", 12.35 + 7.20 + 2.15),
    ],
)
def test_constants_at_25_c(form, value):
    assert log10_k(form, 25) == pytest.approx(value, abs=0.001)


def test_second_dissociation_of_carbonic_acid():
    assert log10_k("HCO3-", 25) - log10_k("CO3--", 25) == pytest.approx(10.329, abs=0.001)


@pytest.mark.oracle
@pytest.mark.parametrize(("t", "pk"), [(50, 2.30), (100, 2.99)])
def test_bisulfate_against_marshall_and_jones(t, pk):
    assert log10_k("HSO4-", t) == pytest.approx(pk, abs=0.05)


@pytest.mark.parametrize("form", FORMS)
def test_constant_and_heat_agree(form):
    """van 't Hoff slope of ln K against the enthalpies of the species table, 25 C."""
    T = 298.15
    from_k = slope(lambda x: aqueous.ln_beta(form, x), T) * R * T**2
    assert from_k == pytest.approx(aqueous.formation_heat(form)[0], abs=1600)


@pytest.mark.parametrize("form", FORMS)
def test_constant_and_gibbs_agree(form):
    """-RT ln K against the Gibbs energies of the table: 0.35 kJ/mol (0.06 in pK).

    HNO2 0.4 and H3PO4 0.25 kJ are known spreads of the sources.
    """
    basis, _, w = aqueous._owner(form)
    g = aqueous.formation_gibbs(form) - w * aqueous.formation_gibbs("H2O")
    if basis != "H2O":
        g -= aqueous.formation_gibbs(basis)
    from_k = -aqueous.ln_beta(form, 298.15) * R * 298.15
    assert from_k == pytest.approx(g, abs=500)


def test_heat_of_ammonium_ionisation():
    assert aqueous.formation_heat("NH4+")[0] == pytest.approx(-52220, abs=5)
    assert aqueous.formation_heat("HSO4-")[0] == pytest.approx(21930, abs=5)


@pytest.mark.parametrize(
    ("t", "kh"),
    # ammonia note 1.1, Edwards column, mol/kg/atm
    [(0, 218.5), (20, 77.21), (25, 60.85), (40, 31.26), (60, 14.25), (80, 7.22), (100, 4.01)],
)
def test_henry_ammonia(t, kh):
    ours = ATMOSPHERE / math.exp(aqueous.ln_henry("NH3", t + 273.15))
    assert ours == pytest.approx(kh, rel=1.3e-3)


@pytest.mark.oracle
@pytest.mark.parametrize(("t", "kh"), [(0, 218.6), (20, 77.17), (25, 60.72), (40, 30.87)])
def test_henry_ammonia_against_clegg(t, kh):
    T = t + 273.15
    clegg = math.exp(-8.09694 + 3917.507 / T - 0.00314 * T)
    assert clegg == pytest.approx(kh, rel=2e-3)
    assert ATMOSPHERE / math.exp(aqueous.ln_henry("NH3", T)) == pytest.approx(clegg, rel=0.014)


def test_henry_carbon_dioxide():
    ours = math.log10(ATMOSPHERE) - aqueous.ln_henry("CO2", 298.15) / LN10
    assert ours == pytest.approx(-1.468, abs=0.001)


@pytest.mark.oracle
@pytest.mark.parametrize(
    # hydrazine note, headspace at 25 C of 1 wt% (ppm of 1 atm)
    ("wt", "ppm", "tolerance"),
    [(0.01, 3.4, 0.08)],
)
def test_henry_hydrazine(wt, ppm, tolerance):
    molality = wt / (1 - wt) / molar_mass("N2H4")
    pressure = math.exp(aqueous.ln_henry("N2H4", 298.15)) * molality
    assert pressure / ATMOSPHERE * 1e6 == pytest.approx(ppm, rel=tolerance)


def test_hydrazine_relative_volatility_at_the_boiling_point():
    """Hydrazine note: alpha(W/H) 17.7 at 2 wt%, 100.29 C; infinite dilution lies above it."""
    T = 373.44
    with used.extrapolating():  # 0.29 K above the range of the aqueous data
        water = math.exp(aqueous.ln_henry("H2O", T))
        per_fraction = math.exp(aqueous.ln_henry("N2H4", T)) / molar_mass("H2O")
    assert water / per_fraction == pytest.approx(19.3, abs=1.7)


@pytest.mark.parametrize(
    ("name", "tolerance"),
    [
        ("H2O", 300),
        ("NH3", 400),
        ("CO2", 800),
        ("N2H4", 2600),
        ("acetonitrile", 100),
        ("methanol", 100),
        ("formaldehyde", 100),
    ],
)
def test_volatility_and_heat_agree(name, tolerance):
    """Slope of ln H against h(gas) - h(dissolved) at 25 C: one story, J/mol."""
    T = 298.15
    from_k = slope(lambda x: aqueous.ln_henry(name, x), T) * R * T**2
    heat = gas.enthalpy(name, T) - aqueous.enthalpy(name, T)
    assert from_k == pytest.approx(heat, abs=tolerance)


def test_volatiles():
    assert set(aqueous.volatiles()) == {
        *("H2O", "NH3", "CO2", "N2H4", "acetonitrile", "methanol", "formaldehyde")
    }


@pytest.mark.parametrize(
    ("made", "kj"),
    # ammonia note 5.3, heats of absorption with NBS NH3(g) -46.11; streams have -45.94 (NASA)
    [
        ({"NH4+": 1, "H+": -1}, -86.40),
        ({"NH4+": 1, "SO4--": 1, "HSO4-": -1}, -108.33),
        ({"NH4+": 1, "HPO4--": 1, "H2PO4-": -1}, -82.2),
    ],
)
def test_heats_of_absorption(made, kj):
    heat = sum(n * aqueous.enthalpy(s, 298.15) for s, n in made.items())
    heat -= gas.enthalpy("NH3", 298.15)
    assert heat / 1e3 == pytest.approx(kj - 0.17, abs=0.05)


def test_heat_of_neutralisation():
    heat = aqueous.enthalpy("NH4+", 298.15) - aqueous.enthalpy("NH3", 298.15)
    assert heat == pytest.approx(-52220, abs=1)


def salt(parts, w):
    """Moles of ions and water in 1 kg of solution."""
    mass = sum(n * molar_mass(s) for s, n in parts.items())
    flows = {s: n * w / mass for s, n in parts.items()}
    flows["H2O"] = flows.get("H2O", 0) + (1 - w) / molar_mass("H2O")
    return flows


@pytest.mark.oracle
@pytest.mark.parametrize(
    ("parts", "w", "rho", "tolerance"),
    # Laliberte at 20 C, ammonia note item 8
    [
        ({"NH4+": 2, "SO4--": 1}, 0.10, 1056.9, 0.0125),
        ({"NH4+": 2, "SO4--": 1}, 0.20, 1114.8, 0.0125),
        ({"NH4+": 2, "SO4--": 1}, 0.40, 1228.8, 0.0125),
        ({"K+": 1, "OH-": 1}, 0.20, 1187.2, 0.0125),
        ({"K+": 1, "OH-": 1}, 0.30, 1289.2, 0.0125),
        ({"NH3": 1}, 0.10, 958.8, 0.002),
    ],
)
def test_density(parts, w, rho, tolerance):
    assert aqueous.density(salt(parts, w), 293.15) == pytest.approx(rho, rel=tolerance)


@pytest.mark.oracle
@pytest.mark.parametrize(
    ("parts", "w", "cp", "tolerance"),
    # Laliberte 2009 at 40 C; ammonium sulfate 4.18 - 3.4 w (ammonia note item 8)
    [
        ({"K+": 1, "OH-": 1}, 0.10, 3682.0, 0.025),
        ({"K+": 1, "OH-": 1}, 0.20, 3303.0, 0.015),
        ({"K+": 1, "OH-": 1}, 0.30, 2997.0, 0.035),
        ({"K+": 1, "NO3-": 1}, 0.15, 3604.0, 0.012),
        ({"NH3": 1}, 0.10, 4194.0, 0.02),
        ({"HSO4-": 1, "H+": 1}, 0.20, 3484.0, 0.01),
        ({"NH4+": 2, "SO4--": 1}, 0.20, 3500.0, 0.01),
        ({"NH4+": 2, "SO4--": 1}, 0.43, 2718.0, 0.01),
    ],
)
def test_heat_capacity_of_solutions(parts, w, cp, tolerance):
    flows = salt(parts, w)
    ours = sum(n * aqueous.heat_capacity(s) for s, n in flows.items())
    assert ours == pytest.approx(cp, rel=tolerance)
    by_enthalpy = sum(
        n * (aqueous.enthalpy(s, 314.0) - aqueous.enthalpy(s, 313.0)) for s, n in flows.items()
    )
    assert by_enthalpy == pytest.approx(ours)


def test_volume_flow_is_linear_and_takes_components():
    flows = {"H2O": 55.5, "K+": 1.0, "OH-": 1.0}
    one = aqueous.volume_flow(flows, 300.0)
    assert aqueous.volume_flow({s: 3 * n for s, n in flows.items()}, 300.0) == pytest.approx(
        3 * one
    )
    named = aqueous.volume_flow({"N(-3)": 2.0, "H2O": 1.0}, 300.0)
    assert named == aqueous.volume_flow({"NH3": 2.0, "H2O": 1.0}, 300.0)
    assert aqueous.volume_flow({"H2O": 1 / molar_mass("H2O")}, 298.15) == pytest.approx(
        1 / 997.047, rel=1e-5
    )


@pytest.mark.parametrize(
    "function",
    [
        *(lambda T, f=f: aqueous.ln_beta(f, T) for f in FORMS),
        *(lambda T, s=s: aqueous.ln_henry(s, T) for s in aqueous.volatiles()),
        lambda T: aqueous.enthalpy("NH4+", T),
        lambda T: aqueous.density({"H2O": 50.0, "K+": 1.0, "OH-": 1.0}, T),
        *(lambda T, s=s: organic.ln_henry(s, T) for s in organic.volatiles()),
        lambda T: organic.enthalpy("methanol", T),
        lambda T: organic.molar_volume("acetonitrile", T),
    ],
)
def test_float_array_and_pyomo_agree(function):
    model = pyo.ConcreteModel()
    model.T = pyo.Var(initialize=331.0)
    value = function(331.0)
    assert function(np.array([290.0, 331.0]))[1] == pytest.approx(value, rel=1e-13)
    assert pyo.value(function(model.T)) == pytest.approx(value, rel=1e-13)


def test_ions_are_a_consistent_set():
    """Electroneutral sums that handbooks give: heats of solution of salts (NBS), kJ/mol."""
    h = {s: aqueous.formation_enthalpy(s) / 1e3 for s in aqueous.names()}
    assert h["K+"] + h["OH-"] == pytest.approx(-482.37, abs=0.02)
    assert h["H+"] + h["Cl-"] - gas.enthalpy("HCl", 298.15) / 1e3 == pytest.approx(-74.85, abs=0.05)
    assert 2 * h["H+"] + h["SO4--"] - number("excess.H2SO4.enthalpy") / 1e3 == pytest.approx(
        -95.28, abs=0.05
    )


def test_refusals():
    with pytest.raises(SpeciesError, match="no aqueous data for 'NH4'.*Did you mean 'NH4\\+'"):
        aqueous.enthalpy("NH4", 300.0)
    with pytest.raises(SpeciesError, match="'NH3' is no form of a weak total"):
        aqueous.ln_beta("NH3", 300.0)
    with pytest.raises(
        SpeciesError, match="'K\\+' does not leave water as gas.*Volatile: H2O, NH3"
    ):
        aqueous.ln_henry("K+", 300.0)
