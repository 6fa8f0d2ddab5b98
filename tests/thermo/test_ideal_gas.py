"""Gases read from any Cantera file: polynomials, mixtures and constants against Cantera itself."""

import numpy as np
import pyomo.environ as pyo
import pytest

from noxplant.constants import ATMOSPHERE
from noxplant.constants import GAS_CONSTANT as R
from noxplant.errors import ModelError, Refusal, SpeciesError
from noxplant.thermo import gas as shipped
from noxplant.thermo.adapters.cantera_species import read
from noxplant.thermo.ideal_gas import IdealGas

ct = pytest.importorskip("cantera")
NAMES = ["N2", "O2", "NO", "H2O", "Ar", "CO2", "NO2", "N2O"]
WAYS = ("heat_capacity", "enthalpy", "entropy", "gibbs")


@pytest.fixture(scope="module")
def air():
    return IdealGas.from_cantera("nasa_gas.yaml", NAMES)


@pytest.fixture(scope="module")
def phase():
    table = {s.name: s for s in ct.Species.list_from_file("nasa_gas.yaml")}
    return ct.Solution(thermo="ideal-gas", species=[table[n] for n in NAMES])


@pytest.mark.oracle
@pytest.mark.parametrize("file", ["nasa_gas.yaml", "airNASA9.yaml", "gri30.yaml", "h2o2.yaml"])
def test_every_species_of_a_file_against_cantera(file):
    """Also at the ends of the pieces; to rounding of the sums."""
    theirs = {s.name: s.thermo for s in ct.Species.list_from_file(file)}
    species = read(file)
    assert len(species) == len(theirs)
    for s in species:
        t = theirs[s.name]
        T = np.unique(np.r_[np.linspace(*s.limits[:: len(s.limits) - 1], 23), s.limits])
        for way, of in zip(WAYS[:3], (t.cp, t.h, t.s), strict=True):
            expected = np.array([of(x) for x in T]) / 1e3
            size = np.abs(np.array([[x * t.cp(x), t.cp(x)] for x in T]) / 1e3)
            allowed = 1e-8 * (size[:, 0] if way == "enthalpy" else size[:, 1])
            assert np.all(np.abs(getattr(s, way)(T) - expected) <= allowed), (s.name, way)
        assert s.gibbs(T) == pytest.approx(s.enthalpy(T) - T * s.entropy(T), rel=1e-9, abs=1e-6)
        assert s.pressure == t.reference_pressure


@pytest.mark.oracle
@pytest.mark.parametrize(
    ("file", "phase", "count", "element"),
    [
        ("KOH.yaml", "KOH_plasma", 31, "K"),
        ("ohn.yaml", "", 18, "N"),
        ("gri30_ion.yaml", "", 56, "E"),
    ],
)
def test_files_whose_species_stand_in_phases(file, phase, count, element):
    gas = IdealGas.from_cantera(file, phase=phase)
    solution = ct.Solution(file, phase) if phase else ct.Solution(file)
    assert gas.names == tuple(solution.species_names) or set(gas.names) == {*solution.species_names}
    assert len(gas.names) == count
    assert element in gas.elements
    solution.TP = 900.0, ATMOSPHERE
    h = dict(zip(solution.species_names, solution.standard_enthalpies_RT * R * 900, strict=True))
    for name in gas.names:
        assert gas[name].enthalpy(900.0) == pytest.approx(h[name], rel=1e-9, abs=1e-4)


OWN = """
units: {{length: cm, quantity: mol, activation-energy: cal/mol}}
species:
- name: one
  composition: {{N: 2}}
  thermo:
    model: NASA7
    temperature-ranges: [250.0, 1500.0]
    reference-pressure: {pressure}
    data: [[3.5, 1.0e-4, 2.0e-7, -3.0e-11, 4.0e-15, -1000.0, 3.0]]
- name: nine
  composition: {{O: 1, E: 1}}
  thermo:
    model: NASA9
    temperature-ranges: [300.0, 4000.0]
    reference-pressure: {pressure}
    data: [[1.0e4, -10.0, 2.5, 1.0e-4, 2.0e-8, 3.0e-12, 4.0e-16, 3000.0, 4.0]]
"""


@pytest.mark.oracle
def test_a_file_of_the_users_own(tmp_path):
    """One piece, an own standard pressure; read anew when it changed."""
    file = tmp_path / "own.yaml"
    for pressure, pascal in (("1 bar", 1e5), ("1 atm", ATMOSPHERE)):
        file.write_text(OWN.format(pressure=pressure))
        theirs = {s.name: s.thermo for s in ct.Species.list_from_file(str(file))}
        for s in read(str(file)):
            t = theirs[s.name]
            assert s.pressure == pytest.approx(pascal, rel=1e-12)
            assert s.limits == (t.min_temp, t.max_temp)
            for T in (300.0, 1234.5):
                assert s.enthalpy(T) == pytest.approx(t.h(T) / 1e3, rel=1e-9)
                assert s.entropy(T) == pytest.approx(t.s(T) / 1e3, rel=1e-9)
    assert read(str(file))[1].atoms == {"O": 1.0, "E": 1.0}


@pytest.mark.oracle
def test_mixtures_against_cantera(air, phase):
    rng = np.random.default_rng(7)
    T, p, x = (
        rng.uniform(210, 5900, 300),
        rng.uniform(1e3, 1e7, 300),
        rng.dirichlet(np.ones(8), 300),
    )
    states = ct.SolutionArray(phase, 300)
    states.TPX = T, p, x
    x = states.X
    assert air.heat_capacity(T, x) == pytest.approx(states.cp_mole / 1e3, rel=1e-10)
    assert air.enthalpy(T, x) == pytest.approx(states.enthalpy_mole / 1e3, rel=1e-9, abs=1e-4)
    assert air.entropy(T, x, p) == pytest.approx(states.entropy_mole / 1e3, rel=1e-10)
    assert air.gibbs(T, x, p) == pytest.approx(states.gibbs_mole / 1e3, rel=1e-9, abs=1e-4)


@pytest.mark.oracle
@pytest.mark.parametrize("T", [298.15, 1500.0, 4000.0])
def test_constants_against_cantera(air, phase, T):
    """Cantera's K is in concentrations; that of N2 + O2 = 2 NO is the same in fugacities."""
    reaction = ct.Reaction({"N2": 1, "O2": 1}, {"NO": 2}, ct.ArrheniusRate(1, 0, 0))
    kinetics = ct.Solution(
        thermo="ideal-gas", kinetics="gas", species=phase.species(), reactions=[reaction]
    )
    kinetics.TP = T, ATMOSPHERE
    expected = kinetics.equilibrium_constants[0]
    assert air.equilibrium_constant("N2 + O2 = 2 NO", T) == pytest.approx(expected, rel=1e-9)
    made = {"N2": -1, "O2": -1, "NO": 2}
    assert air.ln_equilibrium_constant(made, T) == pytest.approx(np.log(expected), rel=1e-9)


@pytest.mark.parametrize(
    ("reaction", "log10_k"),
    # plasma note, section 3: Cantera values at 298.15 K in atm
    [
        ("2 NO2 = N2O4", np.log10(7.0262)),
        ("NO + NO2 = N2O3", np.log10(0.48942)),
        ("NO + NO2 + H2O = 2 HNO2", np.log10(1.6904)),
        ("3 NO2 + H2O = 2 HNO3 + NO", np.log10(8.4392e-3)),
        ("2 NO + O2 = 2 NO2", np.log10(2.2729e12)),
    ],
)
def test_constants_of_the_note(reaction, log10_k):
    gas = IdealGas.from_cantera(
        "nasa_gas.yaml", ["NO", "NO2", "N2O3", "N2O4", "HNO2", "HNO3", "H2O", "O2"]
    )
    found = gas.ln_equilibrium_constant(reaction, 298.15) / np.log(10)
    assert found == pytest.approx(log10_k, abs=4e-5)


def test_standard_pressure_moves_the_constant_as_the_note_says():
    """Trap 1: 1-bar data called 1-atm data; O2 = 2 O would move by 1.3 %."""
    atm, bar = (
        IdealGas.from_cantera("airNASA9.yaml", ["O2", "O"], standard_pressure=p)
        for p in (None, 1e5)
    )
    assert (atm.pressure, bar.pressure) == (ATMOSPHERE, 1e5)
    kp = [g.equilibrium_constant("O2 = 2 O", 3000.0) * g.pressure for g in (atm, bar)]
    assert kp[0] / kp[1] == pytest.approx(1.01325, rel=1e-9)


def test_agrees_with_the_shipped_gases(air):
    for name in NAMES:
        assert air[name].enthalpy(400.0) == pytest.approx(shipped.enthalpy(name, 400.0), rel=1e-12)
        assert air[name].gibbs(2500.0) == pytest.approx(
            shipped.gibbs(name, 2500.0, "hot"), rel=1e-12
        )


@pytest.mark.parametrize("T", [431.0, 1712.0])
@pytest.mark.parametrize("way", WAYS)
def test_float_array_and_pyomo_agree(air, way, T):
    x = dict(zip(NAMES, np.linspace(1, 8, 8) / 36, strict=True))
    model = pyo.ConcreteModel()
    model.T = pyo.Var(initialize=T)
    model.x = pyo.Var(NAMES, initialize=x)
    model.p = pyo.Var(initialize=3e5)
    more = (3e5,) if way in ("entropy", "gibbs") else ()
    value = getattr(air, way)(T, x, *more)
    assert isinstance(value, float)
    array = getattr(air, way)(np.array([300.0, T, 1500.0]), x, *more)
    assert array[1] == pytest.approx(value, rel=1e-13)
    fractions = {n: model.x[n] for n in NAMES}
    found = getattr(air, way)(model.T, fractions, *((model.p,) if more else ()))
    assert pyo.value(found) == pytest.approx(value, rel=1e-12)
    assert model.T.bounds == ((200.0, 1000.0) if T < 1000 else (1000.0, 6000.0))
    assert pyo.value(getattr(air["NO2"], way)(model.T)) == pytest.approx(
        getattr(air["NO2"], way)(T), rel=1e-12
    )


def test_exact_derivatives(air):
    """dh/dT = cp and dg/dT = -s, by Pyomo's exact differentiation."""
    from pyomo.core.expr.calculus.derivatives import differentiate

    model = pyo.ConcreteModel()
    model.T = pyo.Var(initialize=1234.5)
    s = read("airNASA9.yaml", ["NO+"])[0]
    slope = differentiate(s.enthalpy(model.T), wrt=model.T)
    assert slope == pytest.approx(s.heat_capacity(1234.5), rel=1e-12)
    assert differentiate(s.gibbs(model.T), wrt=model.T) == pytest.approx(
        -s.entropy(1234.5), rel=1e-11
    )


def test_shapes(air):
    x = np.full((4, 5, 8), 1 / 8)
    assert air.enthalpy(np.full((4, 5), 400.0), x).shape == (4, 5)
    assert air.enthalpy(np.linspace(300, 500, 5), x).shape == (4, 5)
    assert air.enthalpy(400.0, x).shape == (4, 5)
    assert air.enthalpy(np.linspace(300, 500, 9), {"N2": 0.79, "O2": 0.21}).shape == (9,)
    profile = air.enthalpy(400.0, {"N2": np.linspace(0, 1, 3), "O2": np.linspace(1, 0, 3)})
    assert profile[0] == pytest.approx(air["O2"].enthalpy(400.0), rel=1e-13)
    assert air.entropy(400.0, {"N2": 1.0}, 1e5) == pytest.approx(
        air["N2"].entropy(400.0) - R * np.log(1e5 / ATMOSPHERE), rel=1e-13
    )


def test_pyomo_bounds():
    air = IdealGas.from_cantera("nasa_gas.yaml", ["N2", "O2"])
    model = pyo.ConcreteModel()
    model.T = pyo.Var(bounds=(300, 900))
    air.enthalpy(model.T, {"N2": 1.0})  # no value needed: the bounds choose the piece
    assert model.T.bounds == (300, 900)
    model.u = pyo.Var(initialize=5.0)
    air["N2"].enthalpy(100.0 * model.u + 50.0)
    assert model.u.bounds == pytest.approx((1.5, 9.5))
    model.fixed = pyo.Var(initialize=2000.0)
    model.fixed.fix()
    air["N2"].enthalpy(model.fixed)
    assert model.fixed.bounds == (1000.0, 6000.0)
    model.free = pyo.Var()
    with pytest.raises(
        ModelError, match="change at 1000 K, and the temperature has neither a value"
    ):
        air["N2"].enthalpy(model.free)
    with pytest.raises(
        ModelError, match="expression of several variables, which cannot be bounded"
    ):
        air["N2"].enthalpy(model.u * model.T)
    model.cold = pyo.Var(bounds=(10, 100))
    with pytest.raises(Refusal, match="holds from 200 to 6000 K, but cold is bounded to 10 .. 100"):
        air["N2"].enthalpy(model.cold)
    model.celsius = pyo.Param(initialize=25.0, mutable=True)
    with pytest.raises(Refusal, match="25 C is 298.15 K"):
        air["N2"].enthalpy(model.celsius)


def test_refusals(air):
    with pytest.raises(
        Refusal, match=r"enthalpy of NO holds from 200 to 6000 K; .* at 25 K.*\n.*25 C"
    ):
        air["NO"].enthalpy(25.0)
    with pytest.raises(Refusal, match=r"asked at 6500 K \(1 of 2 values lie outside\)"):
        air.enthalpy(np.array([300.0, 6500.0]), {"N2": 1.0})
    with pytest.raises(Refusal, match="asked at nan K"):
        air["N2"].enthalpy(float("nan"))
    with pytest.raises(SpeciesError, match="no species 'NOx'. Did you mean 'NO'"):
        air.enthalpy(300.0, {"NOx": 1.0})
    with pytest.raises(SpeciesError, match="3 mole fractions were given for 8 species"):
        air.enthalpy(300.0, [0.1, 0.2, 0.7])
    with pytest.raises(SpeciesError, match="no species 'HCl'. Did you mean 'HCL'"):
        IdealGas.from_cantera("nasa_gas.yaml", ["HCl"])
    assert IdealGas.from_cantera("nasa_gas.yaml", {"HCl": "HCL"}).names == ("HCl",)
    with pytest.raises(SpeciesError, match="data of the kind ConstantCp; only NASA-7 and NASA-9"):
        IdealGas.from_cantera("diamond.yaml")
    with pytest.raises(ModelError, match="No species could be read from absent.yaml"):
        IdealGas.from_cantera("absent.yaml")
    with pytest.raises(ModelError, match="standard pressure must be positive, not -1 Pa"):
        IdealGas.from_cantera("nasa_gas.yaml", ["N2"], standard_pressure=-1.0)
    with pytest.raises(
        SpeciesError, match="hold at different pressures: N2 101325 Pa, O2 100000 Pa"
    ):
        IdealGas(
            (*read("nasa_gas.yaml", ["N2"]), *read("nasa_gas.yaml", ["O2"], standard_pressure=1e5))
        )
    with pytest.raises(SpeciesError, match="repeated: N2"):
        IdealGas(read("nasa_gas.yaml", ["N2"]) * 2)


def test_unbalanced_reactions_are_refused(air):
    with pytest.raises(
        SpeciesError, match="N: 1 too many on the left\n  O: 1 too many on the left"
    ):
        air.equilibrium_constant("N2 + O2 = NO", 1000.0)
    with pytest.raises(SpeciesError, match="is no reaction"):
        air.equilibrium_constant("N2 + O2", 1000.0)
    ions = IdealGas.from_cantera("airNASA9.yaml")
    assert ions.reaction("NO = NO+ + e-") == {"NO": -1.0, "NO+": 1.0, "e-": 1.0}
    with pytest.raises(SpeciesError, match="charge: 1 too many on the right"):
        ions.reaction("NO = NO+")
