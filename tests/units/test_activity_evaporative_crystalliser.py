"""Boiling of saturated liquors against the humidity over salts and against CoolProp's water.

The unit contract is held in `test_contract.py`, as for every unit.
"""

import math

import pytest
from CoolProp.CoolProp import PropsSI

from noxplant.errors import ModelError, Refusal, SpeciesError
from noxplant.examples.crystals import evaporative_crystalliser
from noxplant.flowsheet.graph import Flowsheet
from noxplant.species import molar_mass
from noxplant.units.activity_evaporative_crystalliser import ActivityEvaporativeCrystalliser
from noxplant.units.evaporative_crystalliser import EvaporativeCrystalliser
from noxplant.units.feed import Feed

SALT = "(NH4)2SO4(s)"
HUMIDITY = {SALT: (62.06, 79.0), "NH4Cl(s)": (35.67, 235.0), "KNO3(s)": (43.22, 225.0)}
"""A and B of RH = A exp(B/T) in %, 10 to 40 C (KNO3 0 to 50 C), within 2 %: CRC Handbook of Chemistry and
Physics, constant humidity solutions (A. Wexler), after Greenspan 1977 and others."""
POOR = {SALT: 0.84, "NH4Cl(s)": 2.0, "KNO3(s)": 0.8}


def plant(
    T=298.15, salt=SALT, fraction=0.4, kind=ActivityEvaporativeCrystalliser, amount=None, **more
):
    p = Flowsheet("p")
    fed = amount or {salt.removesuffix("(s)"): POOR[salt]}
    feed = p.add(Feed("F", "aqueous", {"H2O": 9.25, **fed}, temperature=T))
    unit = p.add(kind("U", salt=salt, temperature=T, vapour_fraction=fraction, **more))
    p.connect(feed.out, unit.feed, "F")
    return p


def acid(T=298.15, **more):
    """Ammonium sulfate with a trace of acid, that ammonia stay."""
    amount = {"(NH4)2SO4": 0.84, "H2SO4": 1e-4}
    return plant(T, amount=amount, missing="estimate", **more)


@pytest.mark.oracle
@pytest.mark.parametrize("T", [288.15, pytest.param(298.15, marks=pytest.mark.slow), 313.15])
def test_activity_of_water_over_ammonium_sulfate(T):
    """CRC: 81.6, 80.9, 79.9 % humidity; the table is within 2 %."""
    a, b = HUMIDITY[SALT]
    s = acid(T).solve()
    assert s["U.crystals"] > 0.1
    assert s["U.water_activity"] == pytest.approx(a * math.exp(b / T) / 100, rel=0.011)


@pytest.mark.oracle
@pytest.mark.parametrize(
    ("salt", "T", "off"), [("NH4Cl(s)", 298.15, 0.02), ("KNO3(s)", 298.15, 0.01)]
)
def test_activity_of_water_over_other_salts(salt, T, off):
    a, b = HUMIDITY[salt]
    s = plant(T, salt, 0.6).solve()
    assert s["U.crystals"] > 0.01
    assert s["U.water_activity"] == pytest.approx(a * math.exp(b / T) / 100, rel=off)


@pytest.mark.oracle
def test_pressure_and_elevation_by_coolprop():
    s = acid(313.15).solve()
    full = PropsSI("P", "T", 313.15, "Q", 0, "Water")
    assert s["U.pressure"] == pytest.approx(full * s["U.water_activity"], rel=2e-3)
    boils = PropsSI("T", "P", s["U.pressure"], "Q", 0, "Water")
    assert s["U.elevation"] == pytest.approx(313.15 - boils, abs=0.02)


def test_the_ideal_liquor_boils_at_ten_percent_less():
    amount = {"(NH4)2SO4": 0.84, "H2SO4": 1e-4}
    plain = plant(313.15, kind=EvaporativeCrystalliser, amount=amount).solve()
    s = acid(313.15).solve()
    assert s["U.pressure"] / plain["U.pressure"] == pytest.approx(1.10, abs=0.02)
    assert s["U.crystals"] == pytest.approx(plain["U.crystals"], rel=2e-3)


def test_ammonia_note():
    """Note 5.3 (3): 300 kg/h of water evaporated from 40 wt% at 60 C, 137.8 kg/h of crystals."""
    given = dict(evaporative_crystalliser().units["U"].given)
    p = Flowsheet("note")
    amount = evaporative_crystalliser().units["liquor"].given["amount"]
    feed = p.add(Feed("F", "aqueous", amount, temperature=333.15))
    unit = ActivityEvaporativeCrystalliser("U", salt=SALT, missing="estimate", **given)
    p.connect(feed.out, p.add(unit).feed, "F")
    s = p.solve()
    assert s["U.evaporated"] * 3600 == pytest.approx(300.0, rel=2e-3)
    assert s["U.crystals"] * molar_mass(SALT) * 3600 == pytest.approx(137.8, abs=0.7)


def test_dilute_liquor_is_ideal():
    """Both classes coincide where there is little salt; nothing crystallises."""
    amount = {"KNO3": 0.01}
    s = plant(313.15, "KNO3(s)", 0.3, amount=amount).solve()
    plain = plant(313.15, "KNO3(s)", 0.3, EvaporativeCrystalliser, amount).solve()
    assert s["U.pressure"] == pytest.approx(plain["U.pressure"], rel=1e-3)
    assert s["U.duty"] == pytest.approx(plain["U.duty"], rel=1e-4)
    assert any("undersaturated (" in w for w in s.warnings)


def test_pairs_without_parameters_are_named():
    amount = {"(NH4)2SO4": 0.84, "H2SO4": 1e-4}
    with pytest.raises(
        ModelError, match=r"U: The Pitzer parameters .* NH4\+ with HSO4- are missing"
    ):
        plant(amount=amount).build()


def test_range_of_temperature():
    with pytest.raises(Refusal, match=r"U: The solubility of \(NH4\)2SO4\(s\) holds from 273\.15"):
        acid(378.0).solve()


def test_names():
    with pytest.raises(SpeciesError, match="may mean two salts"):
        ActivityEvaporativeCrystalliser(
            "U", salt="hydrazine sulfate", temperature=330.0, vapour_fraction=0.4
        )
    with pytest.raises(ModelError, match="which no stream brings"):
        plant(salt="KNO3(s)", amount={"NH4Cl": 1.0}).build()
