import pytest

from noxplant.crystallisation import common_ion_solubility
from noxplant.errors import ModelError, Refusal, SpeciesError
from noxplant.examples.crystals import recrystalliser
from noxplant.flowsheet.graph import Flowsheet
from noxplant.testing import check_unit
from noxplant.thermo import solid
from noxplant.units.feed import Feed
from noxplant.units.recrystalliser import Recrystalliser

SALT = "N2H6SO4(s)"
WATER = 0.01801528


def plant(amount, T=278.15, salt=SALT, fed=353.15, **more):
    p = Flowsheet("p")
    feed = p.add(Feed("F", "aqueous", amount, temperature=fed))
    unit = p.add(Recrystalliser("U", salt=salt, temperature=T, **more))
    p.connect(feed.out, unit.feed, "F")
    return p


def test_contract():
    check_unit(recrystalliser)


@pytest.mark.parametrize("T", [273.15, 278.15, 298.15])
def test_common_ion_closed_form(T):
    water, salt, acid = 90.0, 1.5, 0.3
    s = plant({"H2O": water, "N2H6SO4": salt, "H2SO4": acid}, T).solve()
    kg = water * WATER
    left = common_ion_solubility(solid.solubility(SALT, T), acid / kg) * kg
    assert s["U.crystals"] == pytest.approx(salt - left, rel=1e-6)


@pytest.mark.parametrize(
    ("salt", "parts", "expected"),
    [(SALT, "N2H6SO4", 0.876), ("N2H5Cl(s)", "N2H5Cl", 0.679)],
)
def test_saturated_at_80_C_cooled_to_0_C(salt, parts, expected):
    # Hydrazine note 3.8: 87.6 % and (5) 67.9 %.
    full = solid.solubility(salt, 353.15) * 50 * WATER
    s = plant({"H2O": 50.0, parts: full}, 273.15, salt).solve()
    assert s["U.single_pass_yield"] == pytest.approx(expected, abs=0.01)
    assert s["U.supersaturation"] == pytest.approx(1 / (1 - s["U.single_pass_yield"]), rel=1e-6)


def test_salt_with_two_cations():
    s0 = solid.solubility("(NH4)2SO4(s)", 283.15) * 50 * WATER
    s = plant({"H2O": 50.0, "(NH4)2SO4": 7.0, "H2SO4": 1e-6}, 283.15, "(NH4)2SO4(s)").solve()
    assert s["U.crystals"] == pytest.approx(7.0 - s0, rel=1e-4)


def test_undersaturated_gives_no_crystals():
    s = plant({"H2O": 90.0, "N2H6SO4": 0.2}).solve()
    assert any("undersaturated (" in w and "crystallises" in w for w in s.warnings)
    assert 0 <= s["U.crystals"] < 1e-9
    assert s["U.supersaturation"] < 1


def test_acid_salts_out():
    found = [
        plant({"H2O": 90.0, "N2H6SO4": 1.5, "H2SO4": a}).solve()["U.crystals"]
        for a in (0.0, 0.2, 1.0)
    ]
    assert found == sorted(found)
    assert found[2] > found[0] + 0.01


def test_colder_gives_more():
    amount = {"H2O": 90.0, "N2H6SO4": 1.5}
    assert plant(amount, 275.0).solve()["U.crystals"] > plant(amount, 290.0).solve()["U.crystals"]


def test_heat_of_crystallisation_is_within_the_notes_range():
    # 21..42 kJ/mol, +-15 (note 1.1); isothermal crystallisation of a supersaturated liquor.
    p = Flowsheet("p")
    feed = p.add(Feed("F", "aqueous", {"H2O": 900.0, "N2H6SO4": 15.0}, temperature=278.15))
    unit = p.add(Recrystalliser("U", salt=SALT, temperature=278.15))
    p.connect(feed.out, unit.feed, "F")
    s = p.solve()
    assert 20e3 < -(s["U.precooling"] + s["U.duty"]) / s["U.crystals"] < 50e3


def test_second_solubility_leaves_five_times_as_much_in_solution():
    amount = {"H2O": 50.0, "N2H5Cl": 20.0}
    left = [
        20.0 - plant(amount, 280.0, "N2H5Cl(s)", alternative=a).solve()["U.crystals"]
        for a in (False, True)
    ]
    assert left[1] / left[0] == pytest.approx(4.47, rel=0.01)  # exp(9.778 - 8.2799)


def test_too_cold():
    with pytest.raises(Refusal, match="not known below 273.15 K"):
        plant({"H2O": 90.0, "N2H6SO4": 1.5}, 265.0).solve()


def test_too_hot():
    with pytest.raises(Refusal, match="not known above 373.15 K"):
        plant({"H2O": 90.0, "N2H6SO4": 15.0}, 380.0, utility="low-pressure steam").solve()


def test_ambiguous_name():
    with pytest.raises(SpeciesError, match="may mean two salts"):
        Recrystalliser("K-301", salt="hydrazine sulfate", temperature=278.15)


def test_ions_missing():
    with pytest.raises(ModelError, match=r"needs N\(-2\), which no stream brings"):
        plant({"H2O": 90.0, "H2SO4": 1.5}).build()


def test_ammonium_nitrate_is_warned_of():
    s = plant({"H2O": 20.0, "NH4NO3": 12.0}, 280.0, "NH4NO3(s)").solve()
    assert any("never dry it" in w for w in s.warnings)


def test_cooling_water_first_then_refrigeration():
    # The crystals at the end do not depend on how the heat is shared, nor does their sum.
    amount = {"H2O": 90.0, "N2H6SO4": 1.5, "H2SO4": 0.1}
    whole = plant(amount, water_temperature=400.0).solve()
    both = plant(amount).solve()
    assert whole["U.precooling"] == pytest.approx(0.0, abs=0.01)
    assert both["U.crystals"] == pytest.approx(whole["U.crystals"], rel=1e-9)
    assert both["U.precooling"] + both["U.duty"] == pytest.approx(whole["U.duty"], rel=1e-9)
    # The first part is the duty of a crystalliser that ends where cooling water ends, by itself.
    warm = plant(amount, 309.15).solve()
    assert warm["U.duty"] == pytest.approx(0.0, abs=0.01)
    # (the corner is rounded over 1e-6 K)
    assert both["U.precooling"] == pytest.approx(warm["U.precooling"], rel=1e-7)
    assert both["U.precooling"] < both["U.duty"] < 0
    used = [both.quantities[f"U.{k}"].utility for k in ("precooling", "duty")]
    assert used == ["cooling water", "refrigeration"]


def test_a_cold_feed_is_refrigerated():
    s = plant({"H2O": 900.0, "N2H6SO4": 15.0}, 276.0, fed=290.0).solve()
    assert s["U.refrigerated_from"] == pytest.approx(290.0, abs=1e-5)
    assert s.quantities["U.duty"].utility == "refrigeration"
    assert s["U.duty"] < 0


@pytest.mark.parametrize("acid", [0.5, 1.5, 2.8])
def test_hydrochloric_acid_salts_hydrazinium_chloride_out(acid):
    """Note 3.8: s (s + c) = s0^2 up to some 3 mol/L HCl."""
    kg = 50 * WATER
    s = plant({"H2O": 50.0, "N2H5Cl": 8.0, "HCl": acid * kg}, 283.15, "N2H5Cl(s)").solve()
    left = common_ion_solubility(solid.solubility("N2H5Cl(s)", 283.15), acid)
    assert s["U.crystals"] == pytest.approx(8.0 - left * kg, rel=1e-5)


def test_with_more_acid_the_dichloride_crystallises():
    words = r"3\.5 mol/kg of free acid; from 3 mol/kg on N2H6Cl2\(s\) crystallises instead"
    with pytest.raises(Refusal, match=words):
        plant({"H2O": 50.0, "N2H5Cl": 8.0, "HCl": 3.5 * 50 * WATER}, 283.15, "N2H5Cl(s)").solve()


def test_another_salt_in_excess_is_told():
    """8 mol/kg of NH4Cl at 10 C, where the handbook has 33.2 g per 100 g of water (6.21 mol/kg)."""
    amount = {"H2O": 1 / WATER, "KNO3": 4.0, "NH4Cl": 8.0}
    s = plant(amount, 283.15, "KNO3(s)").solve()
    (words,) = [w for w in s.warnings if "above the solubility of NH4Cl(s)" in w]
    assert f"have {100 * 8.0 / (332.0 / 53.49):.0f} % of the molality" in words
    assert "would crystallise with KNO3(s)" in words
    weak = plant({**amount, "NH4Cl": 6.0}, 283.15, "KNO3(s)").solve()
    assert not any("above the solubility of NH4Cl" in w for w in weak.warnings)


def test_a_liquor_without_one_of_the_ions_is_clear():
    s = plant({"H2O": 55.5, "(NH4)2SO4": 0.0, "KNO3": 1.0}, 293.15, "(NH4)2SO4(s)").solve()
    assert s["U.supersaturation"] < 1e-5
    assert s["U.crystals"] < 1e-9
