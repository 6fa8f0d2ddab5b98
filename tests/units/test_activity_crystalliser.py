"""Common-ion effect with activities against a published ternary system."""

import pytest

from noxplant.crystallisation import common_ion_solubility
from noxplant.errors import ModelError, Refusal, SpeciesError
from noxplant.examples.crystals import activity_crystalliser
from noxplant.flowsheet.graph import Flowsheet
from noxplant.species import molar_mass
from noxplant.testing import check_unit
from noxplant.thermo import solid
from noxplant.thermo.activity import model
from noxplant.thermo.saturation import Product
from noxplant.units.activity_crystalliser import ActivityCrystalliser
from noxplant.units.feed import Feed
from noxplant.units.recrystalliser import Recrystalliser

KG = 1 / molar_mass("H2O")
"""mol of water per kg."""
TERNARY = [(27.25, 0.0), (25.96, 2.11), (24.33, 4.97), (23.33, 7.0), (22.16, 9.07)]
"""KNO3 and KH2PO4 in wt% of the liquor saturated with KNO3 at 298.15 K (uncertainty 1 %): Journal of
Chemistry 2018, article 8749345, table 2."""
BRINE = [(1.13, 2.45), (2.17, 1.85), (3.364, 1.333), (4.705, 0.946), (6.191, 0.680)]
"""mol/kg of NH4Cl and of NH4H2PO4 at 20 C, saturated with NH4H2PO4 (3.25 mol/kg in water): Volkov and
Sosnina 1970, in IUPAC-NIST Solubility Database, SRD 106, system 66_125."""


def plant(amount, salt, T, kind=ActivityCrystalliser, **more):
    p = Flowsheet("p")
    feed = p.add(Feed("F", "aqueous", {"H2O": KG, **amount}, temperature=330.0))
    unit = p.add(kind("U", salt=salt, temperature=T, **more))
    p.connect(feed.out, unit.feed, "F")
    return p


def measured(row):
    """Molalities of KNO3 and KH2PO4."""
    water = (100 - sum(row)) / 1e2
    return row[0] / 1e2 / molar_mass("KNO3(s)") / water, row[1] / 1e2 / 0.1360855 / water


def test_contract():
    check_unit(activity_crystalliser)


def judge(row, found):
    """The published ternary: 2.6 % at most, 2.0 % of it the solubility in water alone."""
    nitrate = measured(row)[0]
    pure = solid.solubility("KNO3(s)", 298.15) / measured(TERNARY[0])[0]
    assert found == pytest.approx(nitrate, rel=0.027)
    assert found / pure == pytest.approx(nitrate, rel=0.0065)  # the effect of the phosphate


@pytest.mark.oracle
@pytest.mark.parametrize("row", TERNARY)
def test_solubility_beside_potassium_phosphate(row):
    """The product that the unit takes; the phosphate as H2PO4-."""
    phosphate = measured(row)[1]
    pitzer = model("pitzer", ["K+", "NO3-", "H2PO4-"], missing="estimate")
    product = Product("KNO3(s)", pitzer, beyond="hold")
    judge(row, product.dissolves({"K+": phosphate, "H2PO4-": phosphate}, 298.15))


@pytest.mark.slow
@pytest.mark.oracle
@pytest.mark.parametrize("row", TERNARY[1:])
def test_crystals_beside_potassium_phosphate(row):
    amount = {"KNO3": 5.0, "KH2PO4": measured(row)[1]}
    s = plant(amount, "KNO3(s)", 298.15, missing="estimate").solve()
    judge(row, 5.0 - s["U.crystals"])


def test_molalities_alone_are_worse():
    nitrate, phosphate = measured(TERNARY[-1])
    simple = common_ion_solubility(solid.solubility("KNO3(s)", 298.15), phosphate)
    assert simple / nitrate - 1 == pytest.approx(0.043, abs=0.002)


@pytest.mark.oracle
def test_what_the_product_of_molalities_misses_in_brine():
    """The error that `noxplant.crystallisation` states for its product of totals."""
    full = 3.25
    off = [common_ion_solubility(full, chloride) / s - 1 for chloride, s in BRINE]
    assert off == sorted(off)
    library = solid.solubility("NH4H2PO4(s)", 293.15)
    assert library == pytest.approx(full, rel=0.025)
    ends = [common_ion_solubility(library, c) / s - 1 for c, s in (BRINE[0], BRINE[-1])]
    assert ends[0] == pytest.approx(0.09, abs=0.005)
    assert ends[1] == pytest.approx(1.0, abs=0.03)


@pytest.mark.parametrize(
    ("salt", "amount", "T"),
    [
        ("KNO3(s)", {"KNO3": 5.0}, 288.15),
        ("KNO3(s)", {"KNO3": 8.0}, 310.0),
        ("NH4Cl(s)", {"NH4Cl": 9.0, "HCl": 1e-7}, 298.15),
    ],
)
def test_alone_in_water_it_is_the_cooling_crystalliser(salt, amount, T):
    found = plant(amount, salt, T).solve()
    plain = plant(amount, salt, T, Recrystalliser).solve()
    assert found["U.crystals"] == pytest.approx(plain["U.crystals"], rel=5e-5)
    assert found["U.duty"] == pytest.approx(plain["U.duty"] + plain["U.precooling"], rel=5e-5)


def test_ammonium_nitrate_salts_sulfate_out_less_than_molalities_say():
    amount = {"(NH4)2SO4": 7.0, "NH4NO3": 3.0, "H2SO4": 1e-3}
    found = plant(amount, "(NH4)2SO4(s)", 298.15, missing="estimate").solve()
    plain = plant(amount, "(NH4)2SO4(s)", 298.15, Recrystalliser).solve()
    water = solid.solubility("(NH4)2SO4(s)", 298.15)
    assert 7.0 - water < found["U.crystals"] < plain["U.crystals"] - 0.3


def test_hydrochloric_acid_salts_ammonium_chloride_out_more():
    amount = {"NH4Cl": 9.0, "HCl": 2.0}
    found = plant(amount, "NH4Cl(s)", 298.15).solve()
    assert (
        found["U.crystals"]
        > plant(amount, "NH4Cl(s)", 298.15, Recrystalliser).solve()["U.crystals"] + 1
    )
    assert found["U.ideal_saturation"] < 0.9


def test_undersaturated():
    s = plant({"KNO3": 2.0, "KOH": 0.1}, "KNO3(s)", 298.15).solve()
    assert any("undersaturated (" in w and "crystallises" in w for w in s.warnings)
    assert 0 <= s["U.crystals"] < 1e-9
    assert s["U.saturation"] < 1


def test_statement_of_what_it_rests_on():
    s = plant({"KNO3": 5.0}, "KNO3(s)", 298.15).solve()
    assert any("calibrated to its solubility in water" in w for w in s.warnings)


def test_pairs_without_parameters_are_named():
    with pytest.raises(ModelError, match=r"U: The Pitzer parameters .* N2H5\+ with Cl-"):
        plant({"N2H5Cl": 9.0}, "N2H5Cl(s)", 283.15).build()


@pytest.mark.parametrize("T", [268.0, 375.0])
def test_range_of_temperature(T):
    with pytest.raises(
        Refusal, match=rf"U: The solubility of KNO3\(s\) holds from 273.15.*at {T:g} K"
    ):
        plant({"KNO3": 5.0}, "KNO3(s)", T).solve()


def test_names():
    with pytest.raises(SpeciesError, match="may mean two salts"):
        ActivityCrystalliser("U", salt="hydrazine sulfate", temperature=283.0)


def test_a_liquor_that_gives_crystals_is_not_called_undersaturated():
    s = plant({"KNO3": 5.0}, "KNO3(s)", 288.15).solve()
    assert s["U.crystals"] > 1.0
    assert not any("undersaturated" in w for w in s.warnings)
