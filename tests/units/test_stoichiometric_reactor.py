"""Given conversions: amounts by hand, heat against formation data, refusals."""

import pytest

from noxplant.errors import ModelError, Refusal, SpecError, SpeciesError
from noxplant.examples.generic import OSTWALD, TO_NITROGEN, stoichiometric_reactor
from noxplant.flowsheet import Flowsheet
from noxplant.testing import check_unit
from noxplant.units.feed import Feed
from noxplant.units.stoichiometric_reactor import StoichiometricReactor

COMMON = {"temperature": 320.0, "utility": "cooling water"}


def test_contract():
    check_unit(stoichiometric_reactor)


@pytest.mark.oracle
def test_ostwald_by_hand():
    s = stoichiometric_reactor().solve()
    out = s.stream("U.out").flows
    assert out["NO"] == pytest.approx(0.095, rel=1e-10)
    assert out["N2"] == pytest.approx(0.711 + 0.0025, rel=1e-10)
    assert out["H2O"] == pytest.approx(0.15, rel=1e-10)
    assert out["O2"] == pytest.approx(0.189 - 0.095 * 1.25 - 0.005 * 0.75, rel=1e-10)
    assert out["NH3"] == pytest.approx(0.0, abs=1e-12)


@pytest.mark.oracle
def test_heat_of_the_ostwald_burner_of_the_note():
    """.10 NH3, NO selectivity .96: gas at 486.71256 K leaves at 1163.15 K without duty."""
    plant = Flowsheet("burner")
    feed = {"NH3": 0.1, "N2": 0.9 * 0.79, "O2": 0.9 * 0.21}
    gas = plant.add(Feed("gas", "gas", feed, temperature=479.0))
    unit = plant.add(
        StoichiometricReactor(
            "U",
            "gas",
            {OSTWALD: "NH3", TO_NITROGEN: "NH3"},
            conversion={OSTWALD: 0.96, TO_NITROGEN: 0.04},
            temperature=1163.15,
            utility="electric heat",
        )
    )
    plant.connect(gas.out, unit.feed, "gas")
    s = plant.solve()
    out = s.stream("U.out").flows
    total = sum(out.values())
    assert out["NO"] / total == pytest.approx(0.093658537, rel=1e-6)
    assert out["O2"] / total == pytest.approx(0.064390244, rel=1e-6)
    capacity = 0.1 * 39.6 + 0.711 * 29.5 + 0.189 * 31.0  # J/K of the feed at 480 K
    assert s["U.duty"] / capacity == pytest.approx(486.71256 - 479.0, rel=0.15)


COMPROPORTIONATION = "3 NO3- + NH3 -> 4 NO2- + H+ + H2O"


@pytest.mark.oracle
def test_totals_in_water_by_hand():
    """Arithmetic only: no such reaction runs by itself."""
    plant = Flowsheet("aqueous")
    feed = plant.add(Feed("feed", "aqueous", {"H2O": 55.0, "KNO3": 0.6, "NH3": 1.0, "KOH": 1.0}))
    unit = plant.add(
        StoichiometricReactor(
            "U",
            "aqueous",
            {COMPROPORTIONATION: "NO3-"},
            conversion={COMPROPORTIONATION: 0.5},
            **COMMON,
        )
    )
    unit.choose_utility("duty", "electric heat")
    plant.connect(feed.out, unit.feed, "feed")
    s = plant.solve()
    out = s.stream("U.out")
    assert out.totals["N(3)"] == pytest.approx(0.4, rel=1e-10)
    assert out.totals["N(-3)"] == pytest.approx(0.9, rel=1e-10)
    assert out.flows["OH-"] == pytest.approx(0.9, rel=1e-2)


def test_refusals():
    plant = Flowsheet("lean")
    gas = plant.add(Feed("gas", "gas", {"NH3": 0.1, "N2": 0.8, "O2": 0.05}))
    unit = plant.add(
        StoichiometricReactor("U", "gas", {OSTWALD: "NH3"}, conversion={OSTWALD: 0.9}, **COMMON)
    )
    plant.connect(gas.out, unit.feed, "gas")
    with pytest.raises(Refusal, match="O2 does not suffice"):
        plant.solve()


def test_messages():
    with pytest.raises(ModelError, match="at least one reaction"):
        StoichiometricReactor("U", "gas", {}, conversion={}, **COMMON)
    with pytest.raises(ModelError, match="'NH4' is no reactant .* Did you mean 'NH3'"):
        StoichiometricReactor("U", "gas", {OSTWALD: "NH4"}, conversion={OSTWALD: 0.9}, **COMMON)
    with pytest.raises(SpecError, match="lacks the reaction"):
        StoichiometricReactor("U", "gas", {OSTWALD: "NH3"}, conversion={}, **COMMON)
    with pytest.raises(SpeciesError, match="does not balance"):
        StoichiometricReactor("U", "gas", {"NH3 -> N2": "NH3"}, conversion={}, **COMMON)
    text = "NH4+ + NO2- -> N2 + 2 H2O"
    with pytest.raises(SpeciesError, match="NH4\\+ cannot be in a gas stream"):
        StoichiometricReactor("U", "gas", {text: "NO2-"}, conversion={text: 1.0}, **COMMON)
    with pytest.raises(SpeciesError, match="N2 cannot be in an aqueous stream"):
        StoichiometricReactor("U", "aqueous", {text: "NO2-"}, conversion={text: 1.0}, **COMMON)
    text = "NH3 + H+ -> NH4+"
    with pytest.raises(ModelError, match="only gives or takes protons"):
        StoichiometricReactor("U", "aqueous", {text: "NH3"}, conversion={text: 0.1}, **COMMON)
    cell = "NO3- + 9 H+ + 8 e- -> NH3 + 3 H2O"
    with pytest.raises(ModelError, match="has electrons; use a cell"):
        StoichiometricReactor("U", "aqueous", {cell: "NO3-"}, conversion={cell: 0.9}, **COMMON)
    plant = Flowsheet("no ammonia")
    gas = plant.add(Feed("gas", "gas", {"N2": 0.8, "O2": 0.2}))
    unit = plant.add(
        StoichiometricReactor("U", "gas", {OSTWALD: "NH3"}, conversion={OSTWALD: 0.9}, **COMMON)
    )
    plant.connect(gas.out, unit.feed, "gas")
    with pytest.raises(ModelError, match="nothing brings N\\(-3\\), the key reactant"):
        plant.solve()
