"""Potentials at composition and temperature: the note's table, water by two libraries, Pitzer."""

import csv
import math
from pathlib import Path

import numpy as np
import pyomo.environ as pyo
import pytest

from noxplant.constants import FARADAY, GAS_CONSTANT
from noxplant.errors import Refusal, SpeciesError
from noxplant.species import Reaction
from noxplant.thermo import activity, cells, electro

DATA = Path(__file__).parents[1] / "data" / "standard_potentials.csv"
ROWS = list(
    csv.DictReader(s for s in DATA.read_text("utf-8").splitlines() if not s.startswith("#"))
)
HER = Reaction.parse("2 H2O + 2 e- -> H2 + 2 OH-")
OER = Reaction.parse("4 OH- -> O2 + 2 H2O + 4 e-")
HER_ACID = Reaction.parse("2 H+ + 2 e- -> H2")
OER_ACID = Reaction.parse("O2 + 4 H+ + 4 e- -> 2 H2O")
NITRATE = Reaction.parse("NO3- + 6 H2O + 8 e- -> NH3 + 9 OH-")


def test_the_table_is_whole():
    assert len(ROWS) == 28
    assert sum(bool(r["known"]) for r in ROWS) == 25


@pytest.mark.oracle
@pytest.mark.parametrize("row", ROWS, ids=lambda r: r["reaction"])
def test_every_row_of_the_note(row):
    """Calculated column within 1 mV, slope within 2 uV/K, from the shipped species."""
    reaction = Reaction.parse(row["reaction"])
    assert electro.standard_potential(reaction) == pytest.approx(float(row["calculated"]), abs=1e-3)
    step = electro.standard_potential(reaction, 299.15) - electro.standard_potential(reaction)
    assert 1e3 * step == pytest.approx(float(row["slope"]), abs=2e-3)


@pytest.mark.oracle
def test_against_handbooks():
    """18 rows within 5 mV; the other seven are those with HNO2, NO2-, and three more."""
    off = [
        r["reaction"]
        for r in ROWS
        if r["known"]
        and abs(electro.standard_potential(Reaction.parse(r["reaction"])) - float(r["known"]))
        > 0.005
    ]
    assert len(off) == 7
    assert sum("HNO2" in r or "NO2-" in r for r in off) == 5


def _water(T):
    """G and H of H2 + O2/2 = H2O from NASA gases and IAPWS water, J/mol (nothing of ours)."""
    ct = pytest.importorskip("cantera")
    cp = pytest.importorskip("CoolProp.CoolProp")
    gas = ct.Solution(thermo="ideal-gas", species=_species(ct))
    gas.TP = T, 1e5  # the standard state of these functions is at the pressure of the phase
    g, h = gas.standard_gibbs_RT * 8.314462618 * T, gas.standard_enthalpies_RT * 8.314462618 * T
    room = -285830.0, 69.95  # CODATA key values of liquid water
    dh = cp.PropsSI("HMOLAR", "T", T, "P", 2e5, "Water") - cp.PropsSI(
        "HMOLAR", "T", 298.15, "P", 1e5, "Water"
    )
    ds = cp.PropsSI("SMOLAR", "T", T, "P", 2e5, "Water") - cp.PropsSI(
        "SMOLAR", "T", 298.15, "P", 1e5, "Water"
    )
    water_h, water_s = room[0] + dh, room[1] + ds
    return water_h - T * water_s - g[0] - 0.5 * g[1], water_h - h[0] - 0.5 * h[1]


def _species(ct):
    table = {s.name: s for s in ct.Species.list_from_file("nasa_gas.yaml")}
    return [table["H2"], table["O2"]]


@pytest.mark.oracle
@pytest.mark.parametrize("T", [278.15, 298.15, 333.15, 353.15, 373.15])
def test_water_splitting_against_iapws_and_nasa(T):
    g, h = _water(T)
    reversible, neutral = -g / (2 * FARADAY), -h / (2 * FARADAY)
    assert cells.reversible_voltage(HER, OER, T) == pytest.approx(reversible, abs=3e-4)
    assert cells.thermoneutral_voltage(HER, OER, T) == pytest.approx(neutral, abs=3e-4)


@pytest.mark.oracle
@pytest.mark.parametrize("T", [298.15, 323.15, 353.15, 373.15])
def test_water_splitting_against_leroy(T):
    """LeRoy, Bowen and LeRoy, J. Electrochem. Soc. 127 (1980) 1954."""
    volt = 1.5184 - 1.5421e-3 * T + 9.523e-5 * T * math.log(T) + 9.84e-8 * T * T
    assert cells.reversible_voltage(HER_ACID, OER_ACID, T) == pytest.approx(volt, abs=6e-4)


def test_acid_and_alkali_give_one_voltage_at_every_temperature():
    T = np.linspace(274, 373, 9)
    alkaline, acid = (
        cells.reversible_voltage(*pair, T) for pair in ((HER, OER), (HER_ACID, OER_ACID))
    )
    assert alkaline == pytest.approx(acid, abs=1e-12)


def test_hydrogen_electrode_is_zero_at_every_temperature():
    assert cells.standard_potential(HER_ACID, np.array([275.0, 350.0])) == pytest.approx(
        0, abs=1e-15
    )


@pytest.mark.oracle
def test_ionic_product_of_water_from_two_couples():
    """E0(H2/OH-) at T is RT/F ln Kw; IAPWS R11: pKw 14.946, 13.535 and 13.021 at 0, 40 and 60 C."""
    for t, pkw in ((0, 14.946), (25, 13.995), (40, 13.535), (60, 13.021)):
        T = max(t + 273.15, 273.15)
        found = -cells.standard_potential(HER, T) * FARADAY / (GAS_CONSTANT * T * math.log(10))
        assert found == pytest.approx(pkw, abs=0.02)


@pytest.mark.parametrize(("oh", "volt"), [(1.0, -0.11737), (0.1, -0.05082)])
def test_nernst_of_the_note(oh, volt):
    e = cells.nernst(NITRATE, {"NO3-": 0.1, "NH3": 0.05, "OH-": oh}, {}, 298.15)
    assert e == pytest.approx(volt, abs=5e-5)


@pytest.mark.oracle
@pytest.mark.parametrize(("m", "gamma"), [(1.0, 0.735), (5.0, 1.67)])
def test_oxygen_electrode_in_potash(m, gamma):
    """Activities by Pitzer against mean coefficients (Hamer and Wu, recalled in the ammonia note).

    The coefficient of OH- alone is taken as the mean one, so the tolerance is that convention; the
    activity of water is the model's.
    """
    model = activity.model("pitzer", ["K+", "OH-", "H+"], missing="estimate")
    molality = {"K+": m, "OH-": m, "H+": 0.0}
    e = cells.nernst(OER, molality, {"O2": 1e5}, 298.15, model.evaluate)
    water = math.exp(model.evaluate(molality, 298.15).ln_water)
    theirs = 0.4009 - 0.025693 * (math.log(m * gamma) - 0.5 * math.log(water))
    assert e == pytest.approx(theirs, abs=3e-3)


def test_cell_without_single_ions():
    """Reversible voltage of water in KOH: 1.2288 V + RT/2F ln(1/a_w), whatever the single ions."""
    model = activity.model("pitzer", ["K+", "OH-", "H+"], missing="estimate")
    molality = {"K+": 5.0, "OH-": 5.0, "H+": 0.0}
    gases = {"H2": 1e5, "O2": 1e5}
    volts = [cells.nernst(r, molality, gases, 298.15, model.evaluate) for r in (OER, HER)]
    found = model.evaluate(molality, 298.15).ln_water
    ideal = cells.reversible_voltage(HER, OER)
    assert volts[0] - volts[1] == pytest.approx(
        ideal - GAS_CONSTANT * 298.15 * found / (2 * FARADAY)
    )
    assert volts[0] - volts[1] > ideal + 1e-3


def test_float_array_and_pyomo_agree():
    model = pyo.ConcreteModel()
    model.T = pyo.Var(initialize=333.15)
    model.m = pyo.Var(initialize=0.2)
    amounts = {"NO3-": 0.2, "NH3": 0.05, "OH-": 1.0}
    one = cells.nernst(NITRATE, amounts, {}, 333.15)
    many = cells.nernst(
        NITRATE, {k: np.array([v]) for k, v in amounts.items()}, {}, np.array([333.15])
    )
    assert many[0] == pytest.approx(one, rel=1e-13)
    symbolic = cells.nernst(NITRATE, {**amounts, "NO3-": model.m}, {}, model.T)
    assert pyo.value(symbolic) == pytest.approx(one, rel=1e-13)
    assert model.T.bounds == pytest.approx((273.15, 373.15))


def test_refusals():
    with pytest.raises(SpeciesError, match="needs a molality .mol/kg. of OH-"):
        cells.nernst(NITRATE, {"NO3-": 0.1, "NH3": 0.1}, {}, 298.15)
    with pytest.raises(SpeciesError, match="needs a pressure .Pa. of O2"):
        cells.nernst(OER, {"OH-": 1.0}, {}, 298.15)
    with pytest.raises(Refusal, match="NH3 is zero, where the potential .* is infinite"):
        cells.nernst(NITRATE, {"NO3-": 0.1, "NH3": 0.0, "OH-": 1.0}, {}, 298.15)
    for p, words in ((math.nan, "nan"), (-1.0, "-1"), (math.inf, "inf")):
        with pytest.raises(Refusal, match=f"pressure of O2 is {words} Pa; .* finite positive"):
            cells.nernst(OER, {"OH-": 1.0}, {"O2": p}, 298.15)
    with pytest.raises(Refusal, match="molality of OH- is nan mol/kg"):
        cells.nernst(OER, {"OH-": np.array([1.0, math.nan])}, {"O2": 1e5}, 298.15)
    lye = activity.model("pitzer", ["K+", "OH-"])
    with pytest.raises(Refusal, match=r"(?s)sum to \+2 mol/kg.*Raise OH- from 3 to 5 mol/kg"):
        cells.nernst(OER, {"K+": 5.0, "OH-": 3.0}, {"O2": 1e5}, 298.15, lye.evaluate)
    with pytest.raises(Refusal, match="Temperatures are in K: 25 C is 298.15 K"):
        cells.standard_potential(NITRATE, 25.0)
    with pytest.raises(Refusal, match="potential of NO3- .* holds from 273.15 to 373.15 K"):
        electro.standard_potential(NITRATE, np.array([300.0, 400.0]))
    with pytest.raises(SpeciesError, match="no electrons: it is no half-reaction"):
        cells.standard_potential(Reaction.parse("H2 + 0.5 O2 -> H2O"))
    oxalate = Reaction.parse("2 CO2(g) + 2 e- -> C2O4--")
    with pytest.raises(SpeciesError, match="no heat capacity of C2O4-- in water"):
        cells.standard_potential(oxalate, 310.0)
