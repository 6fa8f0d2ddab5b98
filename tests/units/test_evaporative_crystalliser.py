import pytest

from noxplant.errors import ModelError, Refusal, SpeciesError
from noxplant.examples.crystals import evaporative_crystalliser
from noxplant.flowsheet.graph import Flowsheet
from noxplant.species import molar_mass
from noxplant.testing import check_unit
from noxplant.thermo import water
from noxplant.units.evaporative_crystalliser import EvaporativeCrystalliser
from noxplant.units.feed import Feed

SALT = "(NH4)2SO4(s)"


def plant(fraction=0.4, T=333.15, salt=SALT, amount=None):
    p = Flowsheet("p")
    amount = amount or {"H2O": 9.25, "(NH4)2SO4": 0.84, "H2SO4": 0.01}
    feed = p.add(Feed("F", "aqueous", amount, temperature=333.15))
    unit = EvaporativeCrystalliser("U", salt=salt, temperature=T, vapour_fraction=fraction)
    p.add(unit)
    p.connect(feed.out, unit.feed, "F")
    return p


def test_contract_and_ammonia_note():
    s = check_unit(evaporative_crystalliser)
    # Ammonia note 5.3 (3): 300 kg/h of water evaporated, 137.8 kg/h of crystals (fit: 137.6).
    assert s["U.evaporated"] * 3600 == pytest.approx(300.0, rel=2e-3)
    assert s["U.crystals"] * molar_mass(SALT) * 3600 == pytest.approx(137.8, abs=0.7)


def test_pressure_is_below_that_of_water():
    s = plant().solve()
    assert 0.6 * water.saturation_pressure(333.15) < s["U.pressure"]
    assert s["U.pressure"] < water.saturation_pressure(333.15)


def test_more_vapour_gives_more_crystals_and_takes_more_heat():
    a, b = plant(0.35).solve(), plant(0.45).solve()
    assert b["U.crystals"] > a["U.crystals"]
    assert b["U.duty"] > a["U.duty"]


def test_undersaturated():
    s = plant(0.05).solve()
    assert any("undersaturated (" in w and "crystallises" in w for w in s.warnings)
    assert 0 <= s["U.crystals"] < 1e-9
    assert s["U.supersaturation"] < 1


def test_heat_is_that_of_evaporation():
    s = plant().solve()
    # 42.5 kJ/mol at 60 C (steam tables), less the heat of crystallisation of 6.6 kJ/mol salt.
    moles = s["U.evaporated"] / molar_mass("H2O")
    assert s["U.duty"] == pytest.approx(moles * 42.5e3, rel=0.04)


def test_temperature_range():
    with pytest.raises(Refusal, match="not known above 373.15 K"):
        plant(T=378.0).solve()
    with pytest.raises(Refusal, match="not known below 273.15 K"):
        plant(T=272.0).solve()


def test_names():
    with pytest.raises(SpeciesError, match="may mean two salts"):
        plant(salt="hydrazine sulfate")
    with pytest.raises(ModelError, match="which no stream brings"):
        plant(salt="NH4Cl(s)").build()


def test_ammonium_nitrate_is_warned_of():
    s = plant(0.3, 323.15, "NH4NO3(s)", {"H2O": 20.0, "NH4NO3": 12.0}).solve()
    assert any("never dry it" in w for w in s.warnings)


def test_boiling_dry_is_named():
    with pytest.raises(
        Refusal, match=r"U: the liquor boils dry: the vapour takes 0.98 .* 0.78\d* are"
    ):
        plant(0.98).solve()
