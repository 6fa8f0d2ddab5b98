"""Gas data against Cantera, and their evaluation on floats, arrays and Pyomo."""

import numpy as np
import pyomo.environ as pyo
import pytest

from noxplant.constants import GAS_CONSTANT as R
from noxplant.errors import SpeciesError
from noxplant.species import gas_species, plasma_species
from noxplant.thermo import gas, organic

NASA7 = [n for n in gas.names() if n not in ("acetonitrile", "methanol", "formaldehyde")]
CANTERA = {"HCl": "HCL", "Cl2": "CL2", "e-": "Electron"}


def test_every_gas_has_data():
    assert set(gas.names()) == {*gas_species(), *plasma_species()}


@pytest.fixture(scope="module")
def nasa_gas():
    ct = pytest.importorskip("cantera")
    return {s.name: s.thermo for s in ct.Species.list_from_file("nasa_gas.yaml")}


@pytest.mark.oracle
@pytest.mark.parametrize("name", NASA7)
@pytest.mark.parametrize(
    ("T", "band"),
    [(250.0, "cold"), (298.15, "cold"), (700.0, "cold"), (1000.0, "cold"), (2900.0, "hot")],
)
def test_nasa7_against_cantera(nasa_gas, name, T, band):
    theirs = nasa_gas[CANTERA.get(name, name)]
    h, s, cp = theirs.h(T) / 1e3, theirs.s(T) / 1e3, theirs.cp(T) / 1e3
    assert gas.enthalpy(name, T, band) == pytest.approx(h, rel=1e-9, abs=1e-5)
    assert gas.entropy(name, T, band) == pytest.approx(s, rel=1e-9)
    assert gas.heat_capacity(name, T, band) == pytest.approx(cp, rel=1e-9)
    assert gas.gibbs(name, T, band) == pytest.approx(h - T * s, rel=1e-9)
    assert theirs.reference_pressure == 101325.0


@pytest.mark.oracle
@pytest.mark.parametrize("name", gas.plasma_names())
@pytest.mark.parametrize(("T", "piece"), [(400.0, 0), (3000.0, 1), (5999.0, 1), (9000.0, 2)])
def test_nasa9_against_cantera(name, T, piece):
    ct = pytest.importorskip("cantera")
    theirs = {s.name: s.thermo for s in ct.Species.list_from_file("airNASA9.yaml")}[name]
    h, s = theirs.h(T) / 1e3, theirs.s(T) / 1e3
    assert gas.enthalpy9(name, T, piece) == pytest.approx(h, rel=1e-9)
    assert gas.entropy9(name, T, piece) == pytest.approx(s, rel=1e-9)
    assert gas.gibbs9(name, T, piece) == pytest.approx(h - T * s, rel=1e-9)


def test_shipped_files_are_what_the_adapter_writes():
    pytest.importorskip("cantera")
    from importlib import resources

    from noxplant.thermo.adapters import cantera

    folder = resources.files("noxplant.species.data")
    assert folder.joinpath("gas.toml").read_text("utf-8") == cantera.gas_toml()
    assert folder.joinpath("plasma.toml").read_text("utf-8") == cantera.plasma_toml()


@pytest.mark.parametrize(
    ("name", "kj"),
    # ammonia note, section 1: what Cantera 3.2 ships
    [
        *(("NH3", -45.94), ("NO", 91.27), ("NO2", 34.19), ("N2O", 81.60), ("HNO3", -133.91)),
        *(("N2H4", 95.18), ("HNO2", -78.45), ("N2", 0), ("O2", 0), ("H2", 0)),
    ],
)
def test_formation_enthalpies_of_the_note(name, kj):
    assert gas.enthalpy(name, 298.15) / 1e3 == pytest.approx(kj, abs=0.006)


@pytest.mark.parametrize("name", ["acetonitrile", "methanol"])
def test_vapour_and_liquid_agree(name):
    """h(vapour) - h(liquid) is the heat of vaporisation, also from the vapour pressure's slope."""
    T = 298.15
    latent = gas.enthalpy(name, T) - organic.enthalpy(name, T)
    lower, upper = (organic.ln_vapour_pressure(name, T + d) for d in (-0.5, 0.5))
    assert latent == pytest.approx({"acetonitrile": 32940, "methanol": 37430}[name], abs=1)
    assert latent == pytest.approx((upper - lower) * R * T**2, rel=0.04)


def test_bands_join():
    for name in NASA7:
        cold, hot = (gas.enthalpy(name, 1000.0, b) for b in ("cold", "hot"))
        assert cold == pytest.approx(hot, rel=1e-5, abs=20)


def test_cold_band_reaches_1300_k():
    """The low polynomial beyond its end, every gas: within 1.5 % of H - H298 of the hot one, three 2.6 %."""
    wide = ("CH4", "H2", "N2H4")
    for name in NASA7:
        base = gas.enthalpy(name, 298.15)
        for T in (1050.0, 1150.0, 1300.0):
            cold, hot = (gas.enthalpy(name, T, b) - base for b in ("cold", "hot"))
            assert cold == pytest.approx(hot, rel=0.0262 if name in wide else 0.015), name
            cold, hot = (gas.heat_capacity(name, T, b) for b in ("cold", "hot"))
            assert cold == pytest.approx(hot, rel=0.21 if name in wide else 0.1215), name
    assert set(wide) <= set(NASA7)


@pytest.mark.oracle
@pytest.mark.parametrize(
    ("name", "theirs"),
    [("methanol", "CH3OH"), ("acetonitrile", "CH3CN"), ("formaldehyde", "HCHO,formaldehy")],
)
def test_constant_heat_capacity_over_its_range(nasa_gas, name, theirs):
    """Enthalpy above 298.15 K within 4 % at 250 K and 8 % at 400 K; heat capacity within 15 %."""
    t, base = nasa_gas[theirs], gas.enthalpy(name, 298.15)
    for T, tolerance in zip(gas.span(name), (0.045, 0.08), strict=True):
        rise = (t.h(T) - t.h(298.15)) / 1e3
        assert gas.enthalpy(name, T) - base == pytest.approx(rise, rel=tolerance)
        assert gas.heat_capacity(name, T) == pytest.approx(t.cp(T) / 1e3, rel=0.15)


@pytest.mark.parametrize(
    ("function", "T"),
    [
        (lambda T: gas.enthalpy("NO2", T), 431.0),
        (lambda T: gas.entropy("NO2", T), 431.0),
        (lambda T: gas.gibbs("NO2", T, "hot"), 2431.0),
        (lambda T: gas.heat_capacity("NO2", T), 431.0),
        (lambda T: gas.enthalpy("methanol", T), 331.0),
        (lambda T: gas.enthalpy9("NO+", T, 1), 2431.0),
        (lambda T: gas.gibbs9("e-", T, 2), 9431.0),
    ],
)
def test_float_array_and_pyomo_agree(function, T):
    model = pyo.ConcreteModel()
    model.T = pyo.Var(initialize=T)
    value = function(T)
    assert function(np.array([T + 30.0, T]))[1] == pytest.approx(value, rel=1e-13)
    assert pyo.value(function(model.T)) == pytest.approx(value, rel=1e-13)


def test_refusals():
    with pytest.raises(SpeciesError, match="no gas data for 'NH33'.*Did you mean 'NH3'"):
        gas.enthalpy("NH33", 300.0)
    with pytest.raises(SpeciesError, match="no temperature band 'warm'. Bands: cold, hot"):
        gas.enthalpy("NH3", 300.0, "warm")
    with pytest.raises(SpeciesError, match="no entropy here"):
        gas.entropy("methanol", 300.0)
    with pytest.raises(SpeciesError, match="no plasma data for 'NO\\+\\+'"):
        gas.enthalpy9("NO++", 300.0)
    with pytest.raises(SpeciesError, match="piece is 0"):
        gas.enthalpy9("NO", 300.0, 3)
