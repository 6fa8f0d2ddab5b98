"""What no quantity can be is refused at the door of each function, by name, value and unit."""

import math

import numpy as np
import pyomo.environ as pyo
import pytest

from noxplant.errors import ModelError, Refusal, SpecError, SpeciesError
from noxplant.species import Reaction
from noxplant.thermo import (
    aqueous,
    conductivity,
    dilution,
    electro,
    equilibrium,
    excess,
    humid_air,
    hydrazine,
    laliberte,
    liquids,
    nox,
    pure,
    ranges,
    saturation,
    solid,
    speciate,
    used,
)
from noxplant.thermo.element_potentials import equilibrate
from noxplant.thermo.ideal_gas import IdealGas
from noxplant.thermo.reference import Potential, Scale, convert, scale
from noxplant.thermo.vle import Mixture

NAN, INF = math.nan, math.inf
OER = Reaction.parse("4 OH- -> O2 + 2 H2O + 4 e-")
ACN = {"acetonitrile": 0.3, "H2O": 0.7}


def water():
    return pure.fluid("H2O")


def still():
    return Mixture(["acetonitrile", "H2O"])


def lye(k):
    return {"H2O": 55.0, "K+": k, "OH-": k}


NONSENSE = {
    "pressure of nothing": (
        lambda: water().liquid_enthalpy(300.0, NAN),
        "pressure on liquid H2O must be .* it is nan Pa",
    ),
    "pressure beyond": (
        lambda: water().liquid_enthalpy(300.0, 1e12),
        "pressure on liquid H2O must be at most 2.00354e\\+06 Pa at 300 K, .* it is 1e\\+12 Pa",
    ),
    "one of an array": (
        lambda: water().liquid_enthalpy(300.0, np.array([1e5, NAN])),
        "it is nan Pa .1 of 2 values.",
    ),
    "negative ion": (
        lambda: aqueous.density(lye(-5.0), 300.0),
        "amount of K\\+ must be at least 0 mol; it is -5 mol",
    ),
    "ion of nothing": (lambda: aqueous.volume_flow(lye(NAN), 300.0), "amount of K.*it is nan"),
    "no liquid": (lambda: aqueous.density({}, 300.0), "no amount of anything"),
    "all zero": (lambda: aqueous.density(lye(0.0) | {"H2O": 0.0}, 300.0), "no amount of anything"),
    "water of nothing": (lambda: excess.sulfuric_acid_excess(1.0, NAN), "amount of water .*nan"),
    "negative water": (
        lambda: excess.sulfuric_acid_excess(1.0, -1.0),
        "amount of water in sulfuric acid must be at least 0 mol/s; it is -1",
    ),
    "negative acid": (lambda: excess.sulfuric_acid_excess(-1.0, 1.0), "amount of sulfuric acid"),
    "nothing at all": (lambda: excess.sulfuric_acid_excess(0.0, 0.0), "neither acid nor water"),
    "no acid in the heat": (
        lambda: excess.sulfuric_acid_enthalpy(0.0, 1.0, 300.0),
        "amount of sulfuric acid must be above 0",
    ),
    "negative solute": (lambda: excess.excess_enthalpy("KOH", -1.0, 1.0), "amount of KOH"),
    "dry lye": (
        lambda: excess.excess_enthalpy("KOH", 1.0, 0.0),
        "mass of water must be above 0 kg",
    ),
    "negative fraction": (
        lambda: still().volatilities({"acetonitrile": -0.1, "H2O": 1.1}, 330.0),
        "the least is -0.1",
    ),
    "fraction of nothing": (
        lambda: still().volatilities({"acetonitrile": NAN, "H2O": 0.5}, 330.0),
        "Mole fractions must be",
    ),
    "two wholes": (
        lambda: still().partial_pressures({"acetonitrile": 1.0, "H2O": 1.0}, 330.0),
        "add up to 2",
    ),
    "no amounts": (
        lambda: still().model.ln_gamma({"acetonitrile": 0.0, "H2O": 0.0}, 330.0),
        "amounts in a liquid.*not all be zero",
    ),
    "negative amounts": (
        lambda: still().model.ln_gamma({"acetonitrile": -1.0, "H2O": 2.0}, 330.0),
        "amount of acetonitrile must be at least 0 mol; it is -1 mol",
    ),
    "gas too full": (
        lambda: IdealGas.from_cantera("nasa_gas.yaml", ["N2", "O2"]).enthalpy(300.0, [1.0, 1.0]),
        "add up to 2",
    ),
    "gas negative": (
        lambda: IdealGas.from_cantera("nasa_gas.yaml", ["N2", "O2"]).gibbs(300.0, [1.5, -0.5], 1e5),
        "the least is -0.5",
    ),
    "gas of nothing": (
        lambda: IdealGas.from_cantera("nasa_gas.yaml", ["N2", "O2"]).enthalpy(
            300.0, np.array([[0.5, 0.5], [NAN, 0.5]])
        ),
        "Mole fractions must be",
    ),
    "no pressure": (
        lambda: IdealGas.from_cantera("nasa_gas.yaml", ["N2"]).entropy(300.0, [1.0], 0.0),
        "pressure of a gas must be above 0 Pa; it is 0 Pa",
    ),
    "no activity": (
        lambda: electro.nernst(OER, {"OH-": 0.0}),
        "activity of OH- must be above 0; it is 0",
    ),
    "negative activity": (lambda: electro.nernst(OER, {"OH-": -1.0}), "activity of OH-.*it is -1"),
    "activity of nothing": (lambda: electro.nernst(OER, {"O2": NAN}), "activity of O2.*it is nan"),
    "steam above the total": (
        lambda: equilibrium.humidity_ratio(2e5, 1e5),
        "partial pressure of water must be .* 100000 Pa; it is 200000 Pa",
    ),
    "humidity of nothing": (lambda: equilibrium.humidity_ratio(NAN, 1e5), "it is nan Pa"),
    "negative humidity": (
        lambda: equilibrium.humid_air_enthalpy(20.0, -0.1),
        "ratio of water to dry air must be at least 0 kg/kg; it is -0.1",
    ),
    "more than all hydrazine": (
        lambda: hydrazine.mole_fraction(1.5),
        "mass fraction of hydrazine must be from 0 to 1 kg/kg; it is 1.5 kg/kg",
    ),
    "hydrazine of nothing": (lambda: hydrazine.mole_fraction(NAN), "it is nan kg/kg"),
    "boiling of nothing": (lambda: hydrazine.boiling_point(NAN, 1e5), "it .*nan mol/mol"),
    "pH 200": (lambda: scale("RHE at pH 200"), "pH must be from -3 to 18; it is 200"),
    "pH of nothing": (lambda: scale("RHE", ph=NAN), "pH must be from -3 to 18; it is nan"),
    "pH of the plants": (lambda: electro.scale_zero("RHE", ph=200.0), "pH must be from -3 to 18"),
    "pH of one's own": (lambda: Scale("RHE", ph=200.0).zero(), "pH must be from -3 to 18"),
    "potential of nothing": (lambda: convert(NAN, "SHE", "RHE at pH 7"), "potential .*it is nan V"),
    "solution of nothing": (lambda: laliberte.density({"KOH": NAN}, 300.0), "asked at nan kg/kg"),
    "conductivity of nothing": (lambda: conductivity.koh(NAN, 300.0), "asked at nan mol/m3"),
    "dilution of nothing": (lambda: dilution.apparent_enthalpy("HCl", NAN), "asked at nan mol/kg"),
    "solid of nothing": (lambda: solid.solubility("KNO3(s)", NAN), "asked at nan K"),
    "humid air of nothing": (lambda: humid_air.humidity_ratio(NAN), "it is nan mol/mol"),
    "more than all water": (lambda: humid_air.humidity_ratio(1.5), "must be from 0 to 1 mol/mol"),
    "ratio of nothing": (lambda: humid_air.fraction_of_ratio(NAN), "it is nan kg/kg"),
    "Henry constant of nothing": (
        lambda: equilibrium.gas_liquid_ratio(NAN, 300.0),
        "must be a finite number; it is nan",
    ),
    "potential of the plants": (lambda: electro.convert(NAN, "SHE", "SCE"), "it is nan V"),
    "acid without acid": (lambda: excess.acid_water_ratio(0.0), "must be above 0 and at most 1"),
    "product without mass": (
        lambda: electro.specific_energy(1.0, 8, 1.0, NAN),
        "molar mass of the product must be above 0 kg/mol",
    ),
    "NOx at no pressure": (
        lambda: nox.speciate(300.0, NAN, nitrogen=0.02, nitric_oxide=0.01, water=0.01, inert=1.0),
        "pressure of NOx gas must be above 0 Pa; it is nan Pa",
    ),
    "NOx beside infinite air": (
        lambda: nox.speciate(300.0, 1e5, nitrogen=0.02, nitric_oxide=0.01, water=0.01, inert=INF),
        "inert of NOx gas",
    ),
    "kWh of nothing": (lambda: electro.specific_energy(1.0, 8, 0.0, 0.017), "faradaic efficiency"),
    "stripping of nothing": (lambda: equilibrium.kremser_remaining(NAN, 3), "stripping factor"),
    "negative stripping": (lambda: equilibrium.packed_remaining(-1.0, 3.0), "stripping factor"),
    "negative oxygen": (
        lambda: equilibrium.no_oxidation_time(300.0, 100.0, -100.0, 0.5),
        "partial pressure of O2",
    ),
}


@pytest.mark.parametrize("case", NONSENSE)
def test_nonsense_is_refused_by_name(case):
    call, words = NONSENSE[case]
    with pytest.raises(Refusal, match=words):
        call()


def test_what_is_at_the_edge_passes():
    assert aqueous.density({"H2O": 55.5}, 300.0) == pytest.approx(996.5, abs=0.3)
    assert excess.sulfuric_acid_excess(0.0, 1.0) == 0.0
    assert excess.sulfuric_acid_excess(1.0, 0.0) == pytest.approx(73350, abs=500)
    assert excess.excess_enthalpy("KOH", 0.0, 1.0) == 0.0
    assert equilibrium.humidity_ratio(0.0, 1e5) == 0.0
    assert [hydrazine.mole_fraction(w) for w in (0.0, 1.0)] == [0.0, 1.0]
    assert aqueous.density(lye(np.array([0.0, 1.0])), 300.0).shape == (2,)
    air = IdealGas.from_cantera("nasa_gas.yaml", ["N2", "O2"])
    assert air.enthalpy(300.0, [1 + 5e-7, 0.0]) == pytest.approx(air.enthalpy(300.0, [1.0, 0.0]))


def test_a_plant_is_not_stopped_by_its_start_values():
    """Its numbers are judged by its own audits, and must be those of its equations."""
    with used.extrapolating():
        assert math.isfinite(aqueous.density(lye(-1e-12), 300.0))
        assert math.isfinite(excess.sulfuric_acid_excess(-1e-12, 1.0))


def test_pyomo_expressions_pass():
    m = pyo.ConcreteModel()
    m.x, m.T = pyo.Var(initialize=0.3), pyo.Var(initialize=330.0)
    for expression in (
        aqueous.density(lye(m.x), 300.0),
        excess.sulfuric_acid_excess(m.x, 1.0),
        electro.nernst(OER, {"OH-": m.x}, m.T),
        equilibrium.humidity_ratio(1e3 * m.x, 1e5),
        hydrazine.mole_fraction(m.x),
        still().partial_pressures({"acetonitrile": m.x, "H2O": 1 - m.x}, m.T)["H2O"],
        convert(m.x, "SHE", "RHE at pH 7"),
        water().liquid_enthalpy(m.T, 1e6 * m.x + 1e5),
    ):
        assert math.isfinite(pyo.value(expression))


@pytest.mark.parametrize(
    ("x", "kwargs", "good"),
    [
        (0.0, {}, True),
        (-0.0, {}, True),
        (0.0, {"above": True}, False),
        (1, {"most": 1.0}, True),
        (INF, {}, False),
        (-INF, {"least": -INF}, False),
        (-5.0, {"least": -INF}, True),
        (NAN, {"least": -INF}, False),
        (np.array([]), {}, True),
        (np.float64(NAN), {}, False),
        ([1.0, 2.0], {}, True),
        ([1.0, NAN], {}, False),
        (np.array([[0.0, 1.0], [2.0, INF]]), {}, False),
        (np.array([0.0, 1.0]), {"above": True}, False),
    ],
)
def test_the_helper(x, kwargs, good):
    if good:
        assert ranges.sound("level", x, "m", **kwargs) is x
    else:
        with pytest.raises(Refusal, match="The level must be"):
            ranges.sound("level", x, "m", **kwargs)


def test_the_hint_of_celsius_is_for_what_looks_like_celsius():
    """298.15 K below the range of a molten solid is no temperature in Celsius."""
    with pytest.raises(Refusal) as caught:
        liquids.density("benzophenone", 298.15)
    assert "Temperatures are in K" not in str(caught.value)
    assert "asked at 298.15 K" in str(caught.value)
    with pytest.raises(Refusal, match="Temperatures are in K: 60 C is 333.15 K"):
        liquids.density("benzophenone", 60.0)


NUMBERS = {
    "dew pressure": (lambda m: still().dew_pressure(ACN, m.T), "flash_equations"),
    "dew pressure of fractions": (
        lambda m: still().dew_pressure({"acetonitrile": m.x, "H2O": 1 - m.x}, 330.0),
        "flash_equations",
    ),
    "bubble temperature": (lambda m: still().bubble_temperature(ACN, m.p), "bubble_pressure"),
    "dew temperature": (lambda m: still().dew_temperature(ACN, m.p), "flash_equations"),
    "flash": (lambda m: still().flash(ACN, m.T, 1e5), "flash_equations"),
    "boiling point": (lambda m: hydrazine.boiling_point(m.x, 1e5), "partial_pressures"),
    "equilibrium of a gas": (
        lambda m: equilibrate(
            IdealGas.from_cantera("nasa_gas.yaml", ["N2", "O2", "NO"]), m.T, 1e5, {"N2": 1.0}
        ),
        "element_potentials.equations",
    ),
    "speciation": (
        lambda m: speciate.speciate({"H2O": 55.5, "N(-3)": m.x}, 298.15),
        "aqueous.ln_beta",
    ),
    "speciation at T": (
        lambda m: speciate.speciate({"H2O": 55.5, "N(-3)": 1.0}, m.T),
        "aqueous.ln_beta",
    ),
    "solubility on top": (
        lambda m: saturation.Product("N2H5Cl(s)").dissolves({"H+": m.x, "Cl-": m.x}, 298.15),
        "ln_saturation_ratio",
    ),
    "solubility at T": (
        lambda m: saturation.Product("N2H5Cl(s)").dissolves({}, m.T),
        "ln_saturation_ratio",
    ),
    "oxidation time": (
        lambda m: equilibrium.no_oxidation_time(m.T, 100.0, 1e4, 0.5),
        "no_oxidation_rate_constant",
    ),
    "oxidation": (
        lambda m: equilibrium.no_oxidation_conversion(m.T, 100.0, 1e4, 1.0),
        "no_oxidation_rate_constant",
    ),
    "stages": (lambda m: equilibrium.kremser_stages(m.x, 0.5), "kremser_remaining"),
    "units": (lambda m: equilibrium.packed_units(m.x, 0.5), "packed_remaining"),
}


@pytest.mark.parametrize("case", NUMBERS)
def test_what_iterates_takes_numbers_only_and_says_what_to_write(case):
    model = pyo.ConcreteModel()
    model.T, model.p = pyo.Var(initialize=330.0), pyo.Var(initialize=1e5)
    model.x = pyo.Var(initialize=0.3)
    call, form = NUMBERS[case]
    with pytest.raises(ModelError, match=f"takes numbers.*\n.*{form}"):
        call(model)


def test_equilibria_are_made_one_by_one():
    gas = IdealGas.from_cantera("nasa_gas.yaml", ["N2", "O2", "NO"])
    with pytest.raises(ModelError, match="takes one state, not an array.*\n.*Call it for each"):
        equilibrate(gas, np.array([2000.0, 3000.0]), 1e5, {"N2": 1.0, "O2": 1.0})


def test_boiling_points_of_arrays():
    x, p = np.array([0.1, 0.5791, 0.9]), np.array([[5e4], [101325.0]])
    found = hydrazine.boiling_point(x, p)
    assert found.shape == (2, 3)
    assert found[1, 1] == pytest.approx(hydrazine.boiling_point(0.5791, 101325.0), abs=1e-8)
    assert isinstance(hydrazine.boiling_point(0.3, 1e5), float)


def test_potentials_of_arrays():
    e = Potential(np.array([0.1, -0.25]), scale("RHE", ph=np.array([7.0, 14.0])))
    assert str(e) == "0.1, -0.25 V vs RHE at pH 7, 14"
    assert e.to("SHE").value == pytest.approx([0.1 - 0.41412, -0.25 - 0.82824], abs=2e-5)
    assert scale("SHE").zero(np.array([290.0, 300.0])).shape == (2,)
    assert scale("SHE").zero(300.0) == 0.0
    model = pyo.ConcreteModel()
    model.e, model.free = pyo.Var(initialize=0.5), pyo.Var()
    assert str(Potential(model.e, scale("SHE"))) == "0.5 V vs SHE"
    assert str(Potential(model.free, scale("SHE"))) == "nan V vs SHE"
    assert str(Scale("RHE", ph=model.e)) == "RHE at pH 0.5"


def test_errors_are_those_of_names_first():
    with pytest.raises(SpeciesError, match="no aqueous data"):
        aqueous.density({"Kx": -1.0}, 300.0)
    with pytest.raises(SpecError, match="needs the pH"):
        electro.scale_zero("RHE")
