"""Potentials and voltages against the tables of the ammonia note and handbooks."""

import numpy as np
import pyomo.environ as pyo
import pytest

from noxplant.constants import FARADAY, T_REFERENCE
from noxplant.errors import SpecError, SpeciesError
from noxplant.species import Reaction, molar_mass
from noxplant.thermo import electro

# half-reaction, E0 calculated in the note, known E0 (handbooks), slope mV/K
TABLE = [
    ("NO3- + 10 H+ + 8 e- -> NH4+ + 3 H2O", 0.8802, 0.88, -0.448),
    ("NO3- + 6 H2O + 8 e- -> NH3 + 9 OH-", -0.1196, -0.12, -1.391),
    ("NO3- + 6 H2O + 8 e- -> NH3(g) + 9 OH-", -0.1326, None, -1.287),
    ("NO3- + H2O + 2 e- -> NO2- + 2 OH-", -0.0088, 0.004, -1.27),
    ("NO3- + 3 H+ + 2 e- -> HNO2 + H2O", 0.9145, 0.928, -0.368),
    ("NO2- + 5 H2O + 6 e- -> NH3 + 7 OH-", -0.1566, -0.165, -1.432),
    ("HNO2 + 7 H+ + 6 e- -> NH4+ + 2 H2O", 0.8688, 0.864, -0.475),
    ("NO + 6 H+ + 5 e- -> NH4+ + H2O", 0.8353, 0.836, -0.734),
    ("NO + 4 H2O + 5 e- -> NH3 + 5 OH-", -0.1021, None, -1.574),
    ("2 NO3- + 12 H+ + 10 e- -> N2 + 6 H2O", 1.244, 1.25, -0.348),
    ("2 NO3- + 6 H2O + 10 e- -> N2 + 12 OH-", 0.2505, 0.25, -1.351),
    ("2 NO3- + 10 H+ + 8 e- -> N2O + 5 H2O", 1.1128, 1.116, -0.319),
    ("NO3- + 4 H+ + 3 e- -> NO + 2 H2O", 0.9551, 0.957, 0.028),
    ("HNO2 + H+ + e- -> NO + H2O", 1.0362, None, 0.82),
    ("2 HNO2 + 6 H+ + 6 e- -> N2 + 4 H2O", 1.4636, 1.45, -0.334),
    ("NO3- + 8 H+ + 6 e- -> NH3OH+ + 2 H2O", 0.7249, 0.727, -0.474),
    ("NO3- + 5 H2O + 6 e- -> NH2OH + 7 OH-", -0.2999, -0.3, -1.421),
    ("NH3OH+ + 2 H+ + 2 e- -> NH4+ + H2O", 1.3463, 1.35, -0.371),
    ("N2 + 2 H2O + 4 H+ + 2 e- -> 2 NH3OH+", -1.8705, -1.87, -1.107),
    ("N2 + 5 H+ + 4 e- -> N2H5+", -0.2138, -0.23, -0.782),
    ("N2 + 8 H+ + 6 e- -> 2 NH4+", 0.274, 0.275, -0.616),
    ("N2 + 6 H2O + 6 e- -> 2 NH3 + 6 OH-", -0.7364, -0.74, -1.459),
    ("2 H+ + 2 e- -> H2", 0.0, 0.0, 0.0),
    ("2 H2O + 2 e- -> H2 + 2 OH-", -0.8279, -0.8277, -0.836),
    ("O2 + 4 H+ + 4 e- -> 2 H2O", 1.2288, 1.229, -0.846),
    ("O2 + 2 H2O + 4 e- -> 4 OH-", 0.4009, 0.401, -1.682),
    ("Cl2 + 2 e- -> 2 Cl-", 1.3601, 1.358, -1.249),
    ("2 NO3- + CO2(g) + 18 H+ + 16 e- -> urea + 7 H2O", 0.8077, None, -0.572),
]
# couples whose handbook values rest on other Gibbs energies than the note's (NBS nitrate, HNO2)
LOOSE = {
    "NO3- + H2O + 2 e- -> NO2- + 2 OH-": 0.0135,
    "NO3- + 3 H+ + 2 e- -> HNO2 + H2O": 0.0145,
    "NO2- + 5 H2O + 6 e- -> NH3 + 7 OH-": 0.009,
    "2 HNO2 + 6 H+ + 6 e- -> N2 + 4 H2O": 0.015,
    "2 NO3- + 12 H+ + 10 e- -> N2 + 6 H2O": 0.007,
    "N2 + 5 H+ + 4 e- -> N2H5+": 0.017,
}


@pytest.mark.oracle
@pytest.mark.parametrize("row", TABLE, ids=lambda r: r[0])
def test_standard_potentials(row):
    text, calculated, known, slope = row
    r = Reaction.parse(text)
    e0 = electro.standard_potential(r)
    assert e0 == pytest.approx(calculated, abs=1e-4)
    if known is not None:
        assert e0 == pytest.approx(known, abs=LOOSE.get(text, 0.005))
    per_kelvin = electro.standard_potential(r, T_REFERENCE + 1) - e0
    assert per_kelvin * 1e3 == pytest.approx(slope, abs=2e-3)


NITRATE = Reaction.parse("NO3- + 6 H2O + 8 e- -> NH3 + 9 OH-")
NITRITE = Reaction.parse("NO2- + 5 H2O + 6 e- -> NH3 + 7 OH-")
TO_NITRITE = Reaction.parse("NO3- + H2O + 2 e- -> NO2- + 2 OH-")
NO = Reaction.parse("NO + 4 H2O + 5 e- -> NH3 + 5 OH-")
HER = Reaction.parse("2 H2O + 2 e- -> H2 + 2 OH-")
OER = Reaction.parse("4 OH- -> O2 + 2 H2O + 4 e-")
ACID = Reaction.parse("NO3- + 10 H+ + 8 e- -> NH4+ + 3 H2O")
OER_ACID = Reaction.parse("2 H2O -> O2 + 4 H+ + 4 e-")


@pytest.mark.parametrize(
    ("cathode", "anode", "reversible", "thermoneutral"),
    [
        (NITRATE, OER, 0.5205, 0.6073),
        (NITRITE, OER, 0.5574, 0.6322),
        (NO, OER, 0.5030, 0.5352),
        (TO_NITRITE, OER, 0.4096, 0.5325),
        (HER, OER, 1.2288, 1.4812),
        (ACID, OER_ACID, 0.3486, 0.4673),
    ],
)
def test_full_cells(cathode, anode, reversible, thermoneutral):
    assert electro.reversible_voltage(cathode, anode) == pytest.approx(reversible, abs=1e-4)
    assert electro.thermoneutral_voltage(cathode, anode) == pytest.approx(thermoneutral, abs=1e-4)


def test_either_direction_gives_the_same_couple():
    reduction = Reaction.parse("O2 + 2 H2O + 4 e- -> 4 OH-")
    assert electro.standard_potential(OER) == pytest.approx(electro.standard_potential(reduction))


def test_ammonia_to_hydrazine_needs_0_938_volt():
    """2 NH3(aq) -> N2H4(aq) + H2: 181.1 kJ (hydrazine note)."""
    change = electro.reaction_change(Reaction.parse("2 NH3 -> N2H4 + H2"), "gibbs")
    assert change / 1e3 == pytest.approx(181.1, abs=0.05)
    assert change / (2 * FARADAY) == pytest.approx(0.938, abs=1e-3)


def test_overall_hydrazine():
    r = Reaction.parse("2 NO3- + 4 H2O -> N2H4 + H2 + 2 OH- + 4 O2")
    assert electro.reaction_change(r, "gibbs") / 1e3 == pytest.approx(984.7, abs=0.2)
    assert electro.reaction_change(r, "enthalpy") / 1e3 == pytest.approx(1132, abs=0.5)


@pytest.mark.parametrize(("oh", "volt"), [(1.0, -0.11737), (0.1, -0.05082)])
def test_nernst(oh, volt):
    e = electro.nernst(NITRATE, {"NO3-": 0.1, "NH3": 0.05, "OH-": oh})
    assert e == pytest.approx(volt, abs=5e-5)


@pytest.mark.parametrize(
    ("electrons", "kwh", "product"), [(8, 12.590, "NH3"), (6, 9.442, "NH3"), (5, 7.869, "NH3")]
)
def test_energy_identity(electrons, kwh, product):
    one = electro.specific_energy(1.0, electrons, 1.0, molar_mass(product))
    assert one == pytest.approx(kwh, abs=6e-4)


def test_energy_of_cells():
    assert electro.specific_energy(2.0, 8, 0.90, molar_mass("NH3")) == pytest.approx(
        27.977, rel=1e-4
    )
    assert electro.specific_energy(4.1, 2, 0.956, molar_mass("N2H4")) == pytest.approx(
        7.174, abs=2e-3
    )
    assert electro.specific_energy(2.5, 16, 0.9, molar_mass("N2H4")) == pytest.approx(37.2, abs=0.1)
    assert electro.specific_energy(0.6073, 8, 1.0, molar_mass("NH3")) == pytest.approx(
        7.65, abs=5e-3
    )


@pytest.mark.parametrize(
    ("value", "source", "target", "ph", "expected"),
    [
        (-0.120, "SHE", "RHE", 14.0, 0.708),
        (0.695, "RHE", "SHE", 14.0, -0.133),
        (0.0, "AgAgCl", "SHE", None, 0.197),
        (2.0, "AgAg+", "SHE", None, 2.54),
        (2.0, "AgAg+", "SCE", None, 2.30),
        (-2.1, "AgAg+", "AgAg+", None, -2.1),
    ],
)
def test_scales(value, source, target, ph, expected):
    assert electro.convert(value, source, target, ph=ph) == pytest.approx(expected, abs=2e-3)


def test_array_and_pyomo():
    model = pyo.ConcreteModel()
    model.T = pyo.Var(initialize=313.15)
    value = electro.standard_potential(NITRATE, 313.15)
    assert pyo.value(electro.standard_potential(NITRATE, model.T)) == pytest.approx(value)
    both = electro.reversible_voltage(NITRATE, OER, np.array([298.15, 313.15]))
    assert both[0] == pytest.approx(0.5205, abs=1e-4)
    e = electro.nernst(NITRATE, {"OH-": 2.0}, model.T)
    assert pyo.value(e) == pytest.approx(electro.nernst(NITRATE, {"OH-": 2.0}, 313.15))


def test_refusals():
    with pytest.raises(SpeciesError, match="has no electrons: it is no half-reaction"):
        electro.standard_potential(Reaction.parse("H2 + 0.5 O2 -> H2O"))
    with pytest.raises(SpeciesError, match="does not hold 'NO2-'. Did you mean 'NO3-'"):
        electro.nernst(NITRATE, {"NO2-": 0.1})
    imine = Reaction.parse("2 benzophenone imine -> benzophenone azine + 2 H+ + 2 e-")
    with pytest.raises(SpeciesError, match="no gibbs of formation of benzophenone"):
        electro.standard_potential(imine)
    with pytest.raises(SpecError, match="no potential scale 'AgCl'.*Did you mean 'AgAgCl'"):
        electro.convert(0.0, "AgCl", "SHE")
    with pytest.raises(SpecError, match="RHE needs the pH"):
        electro.convert(0.0, "RHE", "SHE")
