"""Absorption in lye against the note's stoichiometry, its heat, and its refusals."""

import pytest

from noxplant.errors import ModelError, Refusal
from noxplant.examples.plasma import alkaline_absorber
from noxplant.flowsheet import Flowsheet
from noxplant.testing import check_unit
from noxplant.units.alkaline_absorber import AlkalineAbsorber
from noxplant.units.feed import Feed


def plant(no, no2, x1=1.0, x2=1.0, koh=10.0, co2=0.0, x3=1.0, n2=5.0, water=200.0):
    flow = Flowsheet("absorber")
    feed = {"N2": n2, "NO": no, "NO2": no2, "CO2": co2}
    gas = flow.add(Feed("gas", "gas", feed, temperature=308.15))
    lye = flow.add(Feed("lye", "aqueous", {"H2O": water, "KOH": koh}))
    unit = flow.add(AlkalineAbsorber("U", pair_efficiency=x1, no2_efficiency=x2, co2_efficiency=x3))
    flow.connect(gas.out, unit.gas, "gas")
    flow.connect(lye.out, unit.liquor, "lye")
    return flow


def test_contract():
    check_unit(alkaline_absorber)


@pytest.mark.oracle
@pytest.mark.parametrize(
    ("no", "no2", "nitrite", "nitrate", "hydroxide", "slip"),
    [
        (1.0, 1.0, 2.0, 0.0, 2.0, 0.0),
        (1.0, 2.0, 2.5, 0.5, 3.0, 0.0),
        (0.5, 1.0, 1.25, 0.25, 1.5, 0.0),
        (1.0, 0.5, 1.0, 0.0, 1.0, 0.5),
        (0.2, 1.0, 0.8, 0.4, 1.2, 0.0),
    ],
)
def test_stoichiometry_of_the_note(no, no2, nitrite, nitrate, hydroxide, slip):
    s = plant(no, no2).solve()
    out = s.stream("U.liquor_out").totals
    assert out["N(3)"] == pytest.approx(nitrite, abs=1e-9)
    assert out["NO3-"] == pytest.approx(nitrate, abs=1e-9)
    assert s["U.hydroxide_used"] == pytest.approx(hydroxide, abs=1e-9)
    assert s["U.slip"] == pytest.approx(slip, abs=1e-9)
    left = s.stream("U.liquor_out").flows["OH-"]
    assert left == pytest.approx(10.0 - hydroxide, rel=1e-6)


@pytest.mark.oracle
def test_heat_of_absorption_warms_the_liquor():
    """-158.5 kJ per pair (plasma note) over the heat capacity of the liquor."""
    with_nox = plant(0.2, 0.2, n2=0.5).solve().stream("U.liquor_out").temperature
    without = plant(0.0, 0.0, n2=0.9).solve().stream("U.liquor_out").temperature
    assert with_nox - without == pytest.approx(0.2 * 158.5e3 / (200 * 75.3), rel=0.1)


def test_carbon_dioxide_becomes_carbonate_and_takes_two_hydroxides():
    s = plant(0.1, 0.1, co2=0.05, x3=0.8).solve()
    out = s.stream("U.liquor_out")
    assert out.totals["C(4)"] == pytest.approx(0.04, rel=1e-9)
    assert out.flows["CO3--"] == pytest.approx(0.04, rel=1e-3)
    assert s["U.hydroxide_used"] == pytest.approx(0.2 + 0.08, rel=1e-9)
    assert s.stream("U.gas_out").flows["CO2"] == pytest.approx(0.01, rel=1e-9)


@pytest.mark.oracle
def test_gas_leaves_saturated_over_the_liquor():
    s = plant(0.1, 0.1).solve()
    gas, T = s.stream("U.gas_out"), s.stream("U.liquor_out").temperature
    p = gas.flows["H2O"] / sum(gas.flows.values()) * gas.pressure
    antoine = 133.322 * 10 ** (8.07131 - 1730.63 / (T - 273.15 + 233.426))  # mmHg, 1 to 100 C
    molality = 2 * 10.0 / (200 * 0.018015)
    assert gas.temperature == pytest.approx(T, abs=1e-9)
    assert p == pytest.approx(antoine * (1 - 0.018 * molality), rel=0.02)


def test_efficiencies():
    s = plant(1.0, 2.0, x1=0.9, x2=0.5).solve()
    assert s["U.pairs"] == pytest.approx(0.9, rel=1e-9)
    assert s["U.disproportionated"] == pytest.approx(0.25 * (2.0 - 0.9), rel=1e-9)
    assert s["U.absorbed"] == pytest.approx(2 * 0.9 + 0.55, rel=1e-9)


def test_refusals():
    with pytest.raises(
        Refusal, match=r"hydroxide is exhausted: the liquor brings 0.5 mol/s, .* 2 mol/s"
    ):
        plant(1.0, 1.0, koh=0.5).solve()
    flow = Flowsheet("no dioxide")
    gas = flow.add(Feed("gas", "gas", {"N2": 1.0, "NO": 0.1}))
    lye = flow.add(Feed("lye", "aqueous", {"H2O": 50.0, "KOH": 1.0}))
    unit = flow.add(
        AlkalineAbsorber("U", pair_efficiency=0.9, no2_efficiency=0.9, co2_efficiency=0.9)
    )
    flow.connect(gas.out, unit.gas, "gas")
    flow.connect(lye.out, unit.liquor, "lye")
    with pytest.raises(ModelError, match="holds no NO2; put a NOxOxidiser"):
        flow.solve()
