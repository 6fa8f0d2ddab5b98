"""Doors that a second review found open: what is left out silently, arrays, temperatures, names."""

import math

import numpy as np
import pyomo.environ as pyo
import pytest

from noxplant.errors import ModelError, Refusal, SpecError, SpeciesError
from noxplant.thermo import (
    activity,
    aqueous,
    electro,
    equilibrium,
    excess,
    gas_equilibrium,
    humid_air,
    laliberte,
    liquids,
    nox,
    pure,
    quench,
    saturation,
    solid,
)
from noxplant.thermo.element_potentials import equilibrate
from noxplant.thermo.ideal_gas import IdealGas
from noxplant.thermo.reference import Scale, scale

AIR = {"N2": 0.79, "O2": 0.21}
NOX = {"nitrogen": 0.02, "nitric_oxide": 0.01, "water": 0.01, "inert": 1.0}
TWO = np.array([300.0, 310.0])


def gas():
    return IdealGas.from_cantera("nasa_gas.yaml", ["N2", "O2", "NO"])


ONE_STATE = {
    "oxidation time": lambda: equilibrium.no_oxidation_time(TWO, 100.0, 1e4, 0.5),
    "oxidation": lambda: equilibrium.no_oxidation_conversion(300.0, TWO, 1e4, 1.0),
    "stages": lambda: equilibrium.kremser_stages(TWO, 0.5),
    "units": lambda: equilibrium.packed_units(2.0, np.array([0.1, 0.2])),
    "solubility on top": lambda: saturation.Product("N2H5Cl(s)").dissolves({}, TWO),
    "ions on top": lambda: saturation.Product("N2H5Cl(s)").dissolves(
        {"H+": np.ones(2), "Cl-": np.ones(2)}, 300.0
    ),
    "NOx": lambda: nox.speciate(TWO, 1e5, **NOX),
    "NOx of amounts": lambda: nox.speciate(300.0, 1e5, **{**NOX, "water": np.ones(2)}),
    "arc": lambda: gas_equilibrium.equilibrium(AIR, np.array([2500.0, 3000.0]), 1e5),
    "equilibrium": lambda: equilibrate(gas(), 3000.0, 1e5, {"N2": np.ones(2), "O2": np.ones(2)}),
    "quench": lambda: quench.frozen_fraction("air", np.array([1e6, 1e7]), 101325.0, 3500.0),
}


@pytest.mark.parametrize("case", ONE_STATE)
def test_one_state_at_a_time(case):
    with pytest.raises(ModelError, match="takes one state, not an array.*\n.*Call it for each"):
        ONE_STATE[case]()


def test_a_number_without_dimensions_is_one_state():
    assert equilibrium.kremser_stages(np.float64(2.0), np.array(0.1)) == pytest.approx(
        equilibrium.kremser_stages(2.0, 0.1), rel=1e-14
    )


def test_nitric_oxide_is_part_of_the_nitrogen():
    """2.5 times as much NO as nitrogen was answered with 1.75 times the nitrogen."""
    with pytest.raises(ModelError, match="nitric_oxide is 0.05 mol, more than nitrogen, 0.02 mol"):
        nox.speciate(300.0, 1e5, nitrogen=0.02, nitric_oxide=0.05, water=0.0, inert=1.0)
    whole = nox.speciate(300.0, 1e5, nitrogen=0.02, nitric_oxide=0.02, water=0.0, inert=1.0)
    assert pytest.approx(0.02, rel=1e-9) == whole.NO


def test_totals_of_nox_close():
    rng = np.random.default_rng(7)
    for _ in range(200):
        n, water, inert = (float(10 ** rng.uniform(-6, 1)) for _ in range(3))
        part = float(rng.choice([rng.uniform(), 1e-6, 1 - 1e-9])) * n
        T, p = float(rng.uniform(274, 373)), float(10 ** rng.uniform(3, 7))
        g = nox.speciate(T, p, nitrogen=n, nitric_oxide=part, water=water, inert=inert)
        found = g.NO + g.NO2 + 2 * g.N2O3 + 2 * g.N2O4 + g.HNO2 + g.HNO3
        assert found == pytest.approx(n, rel=1e-9)
        oxide = g.NO + g.N2O3 + (g.HNO2 - g.HNO3) / 2
        assert oxide == pytest.approx(part, abs=1e-9 * n)
        assert pytest.approx(water, rel=1e-8) == g.H2O + (g.HNO2 + g.HNO3) / 2


def test_partial_pressures_of_nox_are_of_its_species():
    g = nox.speciate(300.0, 1e5, **NOX)
    for wrong in ("N2O", "total", "partial_pressure"):
        with pytest.raises(SpeciesError, match=f"no '{wrong}' among the nitrogen oxides"):
            g.partial_pressure(wrong)


@pytest.mark.parametrize(
    ("feed", "pressure", "names", "words"),
    [
        (AIR, math.nan, gas_equilibrium.AIR_5, "it is nan Pa"),
        (AIR, 0.0, gas_equilibrium.AIR_5, "must be above 0 Pa"),
        (AIR, -1.0, gas_equilibrium.AIR_5, "it is -1 Pa"),
        (AIR | {"O2": math.inf}, 1e5, gas_equilibrium.AIR_5, "positive amounts"),
        (AIR | {"O2": math.nan}, 1e5, gas_equilibrium.AIR_5, "positive amounts"),
        (AIR, 1e5, ("N2", "O2", "N2", "NO"), "each species once; repeated: N2"),
    ],
)
def test_arc_gas(feed, pressure, names, words):
    """A species twice lost half of its atoms without a word."""
    with pytest.raises((Refusal, ModelError, SpeciesError), match=words):
        gas_equilibrium.equilibrium(feed, 3000.0, pressure, names)


def test_no_solute_is_left_out():
    """Davies refuses a solute that it was not made for, the ideal solution counts it."""
    brine = {"K+": 0.1, "Cl-": 0.1, "Na+": 0.1, "NO3-": 0.1}
    with pytest.raises(SpeciesError, match="Na\\+ is not among the species .*'davies'"):
        activity.model("davies", ["K+", "Cl-"]).evaluate(brine, 298.15)
    few, all_ = (activity.model("ideal", n) for n in (["K+", "Cl-"], list(brine)))
    assert few.evaluate(brine, 298.15).ln_water == all_.evaluate(brine, 298.15).ln_water
    assert few.evaluate(brine, 298.15).solutes == pytest.approx(0.4)
    assert few.evaluate(brine, 298.15).ln_gamma["Na+"] == 0.0


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        ({"Na+": 1, "Cl-": 1}, "Na\\+ is not in this solution"),
        ({"K+": 1}, "is no neutral salt"),
        ({"K+": 1, "Cl-": 2}, "is no neutral salt"),
        ({}, "is no neutral salt"),
    ],
)
def test_mean_coefficients_are_of_salts(parts, words):
    state = activity.model("pitzer", ["K+", "Cl-"]).evaluate({"K+": 1.0, "Cl-": 1.0}, 298.15)
    with pytest.raises(SpeciesError, match=words):
        state.mean(parts)
    assert state.mean({"K+": 1, "Cl-": 1}) == pytest.approx(0.604, abs=0.004)


def test_davies_bounds_variables():
    """To what one ion can have at an ionic strength of 0.5 mol/kg beside counter-ions of one charge."""
    m = pyo.ConcreteModel()
    m.k, m.s = pyo.Var(initialize=0.1), pyo.Var(initialize=0.05)
    activity.model("davies", ["K+", "SO4--"]).evaluate({"K+": m.k, "SO4--": m.s}, 298.15)
    assert m.k.bounds == (0.0, 0.5)
    assert m.s.bounds == (0.0, pytest.approx(1 / 6))


@pytest.mark.parametrize("T", [25.0, 350.0, math.nan, np.array([298.15, 350.0])])
def test_fixed_electrodes_are_held_to_room_temperature(T):
    with pytest.raises(
        Refusal, match="potential of AgAgCl against SHE holds from 297.65 to 298.65"
    ):
        electro.scale_zero("AgAgCl", T=T)
    with pytest.raises(Refusal, match="potential of SCE"):
        electro.convert(0.1, "SHE", "SCE", T=T)
    assert electro.scale_zero("AgAgCl", T=298.15) == 0.197
    assert electro.scale_zero("AgAgCl", T=np.full(3, 298.15)) == pytest.approx([0.197] * 3)


@pytest.mark.parametrize("T", [-5.0, math.nan, 0.0])
def test_hydrogen_has_a_temperature(T):
    with pytest.raises(Refusal, match="temperature of the electrode must be above 0 K"):
        electro.scale_zero("SHE", T=T)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: scale("SHE (3 mol/L KCl)"), "SHE has no filling"),
        (lambda: Scale("Foo"), "no reference electrode 'Foo'"),
        (lambda: Scale("RHE"), "needs the pH"),
    ],
)
def test_scales_that_do_not_exist(call, words):
    with pytest.raises(SpecError, match=words):
        call()


@pytest.mark.parametrize(
    ("T", "rho", "words"),
    [
        (-5.0, 990.0, "temperature must be above 0 K; it is -5 K"),
        (math.nan, 990.0, "temperature must be above 0 K"),
        (300.0, -990.0, "density of water must be above 0 kg/m3; it is -990"),
        (300.0, math.nan, "density of water"),
    ],
)
def test_ratio_of_gas_to_liquid(T, rho, words):
    with pytest.raises(Refusal, match=words):
        equilibrium.gas_liquid_ratio(8.0, T, rho)


def test_steam_without_air():
    with pytest.raises(Refusal, match="Steam without air has no humidity ratio"):
        humid_air.humidity_ratio(1.0)
    with pytest.raises(Refusal, match="Steam without air"):
        humid_air.humidity_ratio(np.array([0.1, 1.0]))
    assert humid_air.saturated_fraction(np.array([]), 1e5).shape == (0,)


def test_volumes_have_the_shape_of_the_temperature():
    assert aqueous.molar_volume("K+", np.array([280.0, 300.0])) == pytest.approx([1.009e-5] * 2)
    assert isinstance(aqueous.molar_volume("K+", 300.0), float)


@pytest.mark.parametrize("name", ["ammonia-water", "NH3-H2O", "water/ammonia", "NH3&H2O"])
def test_ammonia_water_is_refused_with_the_reason(name):
    with pytest.raises(Refusal, match="no ammonia-water mixture"):
        pure.fluid(name)


def test_generated_enthalpies_have_a_zero():
    with pytest.raises(Refusal, match="shift of the enthalpies"):
        pure.generated("Methanol", 290.0, 300.0, enthalpy_shift=math.nan)


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("nasa_condensed.yaml", "H2O(L)"),
        ("nasa_condensed.yaml", "AL(cr)"),
        ("graphite.yaml", "C(gr)"),
        ("water.yaml", "H2O(S)"),
    ],
)
def test_liquids_and_solids_are_no_ideal_gas(file, name):
    """Liquid water was read as a gas: 1 bar of it, and an entropy of mixing."""
    with pytest.raises(SpeciesError, match="is a liquid or a solid"):
        IdealGas.from_cantera(file, [name])


def test_gases_with_marks_in_their_names_are_read():
    """Singlet methylene of GRI-Mech, and gases with another equation of state in the file."""
    assert IdealGas.from_cantera("gri30.yaml", ["CH2(S)"]).names == ("CH2(S)",)
    assert len(IdealGas.from_cantera("h2o2.yaml").names) == 10


def variable(value):
    m = pyo.ConcreteModel()
    m.x = pyo.Var(initialize=value)
    return m.x


def test_numbers_beside_pyomo_variables_are_judged():
    """50 mol/kg of a salt whose set ends at 3.8 was evaluated if only T was a variable."""
    model = activity.model("pitzer", ["K+", "NO3-", "OH-"])
    strong = {"K+": 50.0, "NO3-": 50.0}
    with pytest.raises(Refusal, match="holds to 3.8 mol/kg of the salt; it was asked at 50 mol/kg"):
        model.evaluate(strong, variable(298.15))
    with pytest.raises(Refusal, match="sets of K\\+ hold to 14 mol/kg; it is 50 mol/kg"):
        model.evaluate({"K+": 50.0, "NO3-": variable(1.0), "OH-": 1.0}, 298.15)
    told = activity.model("pitzer", ["K+", "NO3-"], extrapolate=True)
    assert "3.8 mol/kg" in told.check(strong, variable(298.15))[0]
    found = model.evaluate({"K+": 2.0, "NO3-": 2.0, "OH-": 0.0}, variable(298.15))
    plain = model.evaluate({"K+": 2.0, "NO3-": 2.0, "OH-": 0.0}, 298.15)
    assert pyo.value(found.ln_water) == pytest.approx(plain.ln_water, rel=1e-12)


def test_davies_is_held_at_its_limit():
    """Held coefficients are those at 0.5 mol/kg, not Davies' equation far beyond it."""
    model = activity.model("davies", ["K+", "NO3-"])
    held = saturation.Product("KNO3(s)", model, beyond="hold")
    assert "held at the limit (0.5 mol/kg of ionic strength)" in held.statement
    m = held.solubility(298.15)
    gamma = model.evaluate({"K+": 0.5, "NO3-": 0.5}, 298.15).ln_gamma["K+"]
    assert held.ln_product(298.15) == pytest.approx(2 * (math.log(m) + gamma), abs=1e-5)


@pytest.mark.parametrize("m", [0.0, np.array([0.0, 1.0])])
def test_saturation_without_an_ion(m):
    with pytest.raises(Refusal, match="molality of K\\+ of KNO3\\(s\\) must be above 0 mol/kg"):
        saturation.best("KNO3(s)").ln_saturation_ratio({"K+": m, "NO3-": m}, 298.15)


def test_ions_of_a_solid_hold_its_elements():
    assert solid.heat_of_solution("N2H6SO4(s)", {"N2H5+": 1, "HSO4-": 1}) == pytest.approx(
        940000 - 7500 - 887340
    )
    with pytest.raises(SpeciesError, match="does not dissolve into .*-1 K.*\\+1 Na"):
        solid.heat_of_solution("KNO3(s)", {"Na+": 1.0, "NO3-": 1.0})
    with pytest.raises(SpeciesError, match="-1 H, -1 charge on the right"):
        solid.heat_of_solution("NH4Cl(s)", {"NH3": 1.0, "Cl-": 1.0})


def test_one_variable_of_a_ratio_is_bounded():
    """Water beside a given acid or lye, and a solute beside others."""
    water = variable(1.0)
    excess.excess_enthalpy("KOH", 37.0, water)
    assert water.bounds == (pytest.approx(2.0), None)
    water = variable(1.0)
    excess.sulfuric_acid_enthalpy(2.0, water, 300.0)
    assert water.bounds == (0.0, 100.0)
    acid = variable(1.0)
    excess.sulfuric_acid_enthalpy(acid, 100.0, 300.0)
    assert acid.bounds == (pytest.approx(2.0), None)
    lye = variable(0.1)
    laliberte.density({"KOH": lye, "KNO3": 0.2}, 300.0)
    assert lye.bounds == (0.0, pytest.approx(0.31861))
    crowded = variable(0.1)
    crowded.setlb(0.35)
    with pytest.raises(Refusal, match="is bounded to 0.35"):
        laliberte.density({"KOH": crowded, "KNO3": 0.2}, 300.0)


def test_heat_of_vaporisation_at_the_ends_of_its_range():
    assert liquids.vaporisation_enthalpy("H2O", 640.0) == pytest.approx(
        liquids.vaporisation_enthalpy("H2O", 639.99), rel=1e-3
    )


@pytest.mark.parametrize("function", [equilibrium.kremser_remaining, equilibrium.packed_remaining])
def test_stripping_of_arrays(function):
    """A factor of one in an array was not a number; many stages overflowed."""
    factors = np.array([0.5, 1.0, 1.0 + 1e-8, 2.0])
    found = function(factors, 3.5)
    assert found[1] == pytest.approx(1 / 4.5, rel=1e-12)
    assert found[2] == pytest.approx(1 / 4.5, rel=1e-7)
    for k in (0, 3):
        assert found[k] == pytest.approx(function(float(factors[k]), 3.5), rel=1e-13)
    assert function(2.0, 5000.0) == 0.0
    assert function(0.5, 5000.0) == pytest.approx(0.5)
    x = variable(2.0)
    assert pyo.value(function(x, 3.5)) == pytest.approx(found[3], rel=1e-13)


def test_packing_that_cannot_do_it():
    with pytest.raises(Refusal, match="at least 0.5 remains, however high the packing; 0.3"):
        equilibrium.packed_units(0.5, 0.3)
    assert equilibrium.packed_remaining(0.5, equilibrium.packed_units(0.5, 0.6)) == pytest.approx(
        0.6
    )


def test_oxidation_without_oxygen():
    assert equilibrium.no_oxidation_conversion(300.0, 100.0, 0.0, 10.0) == 0.0


def test_fractions_of_a_gas_as_an_indexed_variable():
    m = pyo.ConcreteModel()
    m.x = pyo.Var(["O2", "N2"], initialize={"O2": 0.3, "N2": 0.7})
    m.T = pyo.Var(initialize=500.0)
    found = gas().gibbs(m.T, m.x, 2e5)
    assert pyo.value(found) == pytest.approx(
        gas().gibbs(500.0, {"N2": 0.7, "O2": 0.3}, 2e5), rel=1e-12
    )
    m.y = pyo.Var(["O2", "H2"], initialize=0.5)
    with pytest.raises(SpeciesError, match="no species 'H2'"):
        gas().enthalpy(m.T, m.y)


@pytest.mark.parametrize("x", [1.0, np.array(1.0), None])
def test_one_fraction_is_no_composition(x):
    with pytest.raises(SpeciesError, match="One mole fraction was given for 3 species"):
        gas().enthalpy(500.0, x)
