"""Reference scales: handbook potentials, fillings, silver by solvent; no potential without scale."""

import importlib
import inspect
import pkgutil

import numpy as np
import pyomo.environ as pyo
import pytest

from noxplant import measures, units
from noxplant.errors import Refusal, SpecError, UsageError
from noxplant.quantities import Quantity
from noxplant.species.numbers import all_data
from noxplant.thermo import electro
from noxplant.thermo.reference import ELECTRODES, Potential, convert, fillings, scale
from noxplant.unit import Unit


@pytest.mark.oracle
@pytest.mark.parametrize(
    ("name", "volt", "tolerance"),
    # Bard and Faulkner, Electrochemical Methods, inside cover (not the pages the data come from)
    [
        ("AgAgCl (saturated KCl)", 0.197, 1e-3),
        ("AgAgCl (0.1 mol/L KCl)", 0.288, 1e-3),
        ("SCE (saturated KCl)", 0.2412, 1e-3),
        ("SCE (1 mol/L KCl)", 0.2801, 1e-3),
        ("AgAg+ (water, 0.1 mol/L)", 0.7996 - 0.05916, 1e-3),
    ],
)
def test_handbook(name, volt, tolerance):
    assert scale(name).zero() == pytest.approx(volt, abs=tolerance)


@pytest.mark.oracle
@pytest.mark.parametrize(
    ("t", "saturated", "strong", "calomel"),
    [(15, 0.209, 0.212, 0.2511), (20, 0.204, 0.208, 0.2479), (35, 0.189, 0.197, 0.2376)],
)
def test_temperature(t, saturated, strong, calomel):
    """Changes from 25 C of a table with liquid junctions (0.199, 0.205, 0.2444 V at 25 C)."""
    T = t + 273.15
    for name, found in (
        ("AgAgCl (saturated KCl)", saturated - 0.199),
        ("AgAgCl (3.5 mol/L KCl)", strong - 0.205),
        ("SCE (saturated KCl)", calomel - 0.2444),
    ):
        change = scale(name).zero(T) - scale(name).zero()
        assert change == pytest.approx(found, abs=1.2e-3)


@pytest.mark.oracle
def test_chloride_by_thermodynamics():
    """AgAgCl in 1 mol/L KCl: E0 0.2223 V less RT/F ln(m gamma), gamma of KCl 0.604, junction-free."""
    assert scale("AgAgCl (1 mol/L KCl)").zero() == pytest.approx(
        0.2223 - 0.025693 * np.log(1.03 * 0.604), abs=2.5e-3
    )


def test_silver_in_acetonitrile_follows_nernst():
    strong, weak = (
        scale("AgAg+ (acetonitrile, 0.1 mol/L)"),
        scale("Ag/Ag+ (acetonitrile, 0.001 mol/L)"),
    )
    assert strong.zero() - weak.zero() == pytest.approx(2 * 0.0591597, abs=1e-6)
    usual = scale("AgAg+ (acetonitrile, 0.01 mol/L)").zero()
    assert usual == pytest.approx(electro.scale_zero("AgAg+"), abs=1e-4)


def test_rhe_at_temperature():
    assert convert(0.0, "RHE at pH 14", "SHE") == pytest.approx(-0.82824, abs=1e-5)
    assert convert(0.0, "RHE", "SHE", T=333.15, ph=14.0) == pytest.approx(-14 * 0.066104, abs=1e-4)


def test_there_and_back():
    names = [f"{e} ({f})" for e in ("AgAgCl", "SCE", "HgHgO") for f in fillings(e)]
    names += ["SHE", "RHE at pH 9", "AgAg+ (acetonitrile, 0.05 mol/L)"]
    for a in names:
        for b in names:
            once = convert(0.3, a, b)
            assert convert(once, b, a) == pytest.approx(0.3, abs=1e-15)
        assert scale(str(scale(a))) == scale(a)


def test_named_scales_of_the_command_line_are_these():
    """A scale without filling (electro) is the usual filling here."""
    for e in ("AgAgCl", "SCE", "HgHgO"):
        assert electro.scale_zero(e) == scale(f"{e} ({fillings(e)[0]})").zero()
    assert {"SHE", "RHE", "AgAgCl", "SCE", "HgHgO", "AgAg+"} == set(ELECTRODES)


def _potentials():
    for module in pkgutil.iter_modules(units.__path__):
        for unit in vars(importlib.import_module(f"noxplant.units.{module.name}")).values():
            if inspect.isclass(unit) and issubclass(unit, Unit):
                for name, noun in vars(unit).items():
                    if isinstance(noun, Quantity) and noun.units == "V":
                        yield f"{unit.__name__}.{name}", noun


def test_no_potential_lacks_its_scale():
    """A quantity in V is a voltage of a cell, or a potential with a known scale named in its words."""
    found = dict(_potentials())
    potentials = [n for n in found if "potential" in n.rpartition(".")[2]]
    single = [n for n in potentials if not n.endswith(("overpotential", ".membrane_potential"))]
    for name in potentials:
        if name.endswith(".membrane_potential"):  # of one solution against the other
            assert any(w in found[name].doc for w in ("Donnan", "difference of pH")), name
    assert "AzineCell.anode_potential" in single
    for name in single:
        noun = found[name]
        assert noun.scale in ELECTRODES, name
        assert any(word in noun.doc for word in ("against", "vs")), name
    for name, noun in found.items():
        if name not in potentials:
            words = ("voltage", "slope", "loss", "drop", "overpotential")
            assert any(w in f"{name} {noun.doc}" for w in words), f"{name}: voltage of what?"


def test_no_datum_of_a_potential_lacks_its_scale():
    """Every volt in the data is a difference to SHE (by file), or says what it is."""
    files = {"electro.scale", "reference.filling", "reference.silver", "couples.couple"}
    for d in all_data():
        if d.unit == "V":
            if d.path.startswith("electrolyser.") and d.path.endswith((".slope", ".dissociation")):
                continue  # a Tafel slope, and the voltage that splits water in a bipolar membrane
            table = ".".join(d.path.split(".")[:2])
            assert table in files | {"published.reaction", "published.printed"}, d.path


def test_potential_value():
    e = Potential(-0.2, scale("RHE at pH 14"))
    assert str(e) == "-0.2 V vs RHE at pH 14"
    assert e.to("AgAgCl (3 mol/L KCl)").value == pytest.approx(-0.2 - 0.82824 - 0.210, abs=1e-4)


def test_float_array_and_pyomo_agree():
    model = pyo.ConcreteModel()
    model.e = pyo.Var(initialize=0.1)
    model.T = pyo.Var(initialize=303.15)
    one = convert(0.1, "AgAgCl (saturated KCl)", "RHE at pH 13", T=303.15)
    many = convert(np.array([0.1]), "AgAgCl (saturated KCl)", "RHE at pH 13", T=np.array([303.15]))
    assert many[0] == pytest.approx(one, rel=1e-14)
    expression = convert(model.e, "AgAgCl (saturated KCl)", "RHE at pH 13", T=model.T)
    assert pyo.value(expression) == pytest.approx(one, rel=1e-14)
    assert model.T.bounds == pytest.approx((288.15, 308.15))


def test_typed_with_its_filling():
    """The command line reads the same names."""
    found = measures.parse("0.5 V vs AgAgCl (3 mol/L KCl)", "V", "E-1.anode_potential")
    assert found == pytest.approx(0.710)
    found = measures.parse(
        "2 V vs Ag/Ag+ (acetonitrile, 0.1 mol/L)", "V", "E-1.anode_potential", scale="AgAg+"
    )
    assert found == pytest.approx(2.0 + 0.05916, abs=2e-4)
    with pytest.raises(UsageError, match="no potential of AgAgCl filled with '2 mol/L KCl'"):
        measures.parse("0.5 V vs AgAgCl (2 mol/L KCl)", "V", "E-1.anode_potential")


@pytest.mark.parametrize(
    ("name", "error", "words"),
    [
        ("AgAgCl", SpecError, "depends on its filling.*saturated KCl; 3.5 mol/L KCl"),
        ("AgAgCl (2 mol/L KCl)", SpecError, "no potential of AgAgCl filled with '2 mol/L KCl'"),
        ("AgCl", SpecError, "no reference electrode 'AgCl'. Did you mean 'AgAgCl'"),
        ("RHE", SpecError, "needs the pH: write 'RHE at pH 14'"),
        ("AgAg+", SpecError, "depends on solvent and concentration"),
        ("AgAg+ (methanol, 0.01 mol/L)", SpecError, "Solvents: acetonitrile, water"),
        ("AgAg+ (acetonitrile, 2 mol/L)", Refusal, "from 0.0001 to 0.2 mol/L.*at 2 mol/L"),
    ],
)
def test_refused_scales(name, error, words):
    with pytest.raises(error, match=words):
        scale(name)


def test_refused_temperatures():
    with pytest.raises(Refusal, match="AgAgCl .saturated KCl. against SHE holds from 288.15"):
        scale("AgAgCl (saturated KCl)").zero(353.15)
    with pytest.raises(Refusal, match="holds from 297.65 to 298.65 K"):
        scale("HgHgO (1 mol/L KOH)").zero(313.15)
    with pytest.raises(Refusal, match="Temperatures are in K: 25 C is 298.15 K"):
        scale("RHE at pH 14").zero(25.0)
