import pytest

from noxplant.errors import ModelError, Refusal
from noxplant.examples.crystals import hydrolyser
from noxplant.flowsheet.graph import Flowsheet
from noxplant.species import molar_mass
from noxplant.streams.speciation import Truth
from noxplant.testing import check_unit
from noxplant.units.feed import Feed
from noxplant.units.hydrolyser import Hydrolyser


def plant(azine=1.0, acid=None, rate=1.0, T=363.15, cake=None, **more):
    p = Flowsheet("p")
    held = {"benzophenone azine(s)": azine, "H2O": 6.0, **(cake or {})}
    a = p.add(Feed("cake", "slurry", held))
    b = p.add(Feed("acid", "aqueous", acid or {"H2O": 60.0, "HCl": 1.2}))
    given = {"rate_constant": rate, "residence_time": 14400.0, "tanks": 5.0, "temperature": T}
    u = p.add(Hydrolyser("U", **{**given, **more}))
    p.connect(a.out, u.cake, "cake")
    p.connect(b.out, u.acid, "acid")
    return p


def test_contract():
    check_unit(hydrolyser)


def test_masses_per_mole_of_azine():
    # Note 3.5 (1): DPK 364.44 g, N2H4 32.045 g, water -36.03 g.
    s = plant().solve()
    X = s["U.conversion"]
    assert s.stream_results["U.organic_out"].flows["benzophenone"] * 182.218 == pytest.approx(
        364.44 * X, rel=1e-4
    )
    assert s["U.hydrazine"] * 1e3 == pytest.approx(32.045 * X, rel=1e-4)
    used = 66.0 - s.stream_results["U.aqueous_out"].totals["H2O"]
    assert used * 18.015 == pytest.approx(36.03 * X, rel=1e-3)


def test_a_kilogram_gives_190_g_of_hydrazinium_chloride():
    # Note 3.5 (2): 1 kg azine + 2.774 mol HCl.
    s = plant(1 / 0.360450, {"H2O": 60.0, "HCl": 2.7744}).solve()
    n = s.stream_results["U.aqueous_out"].totals["N(-2)"]
    assert n * molar_mass("N2H5Cl(s)") * 1e3 == pytest.approx(190.1, rel=2e-3)


def test_tanks_in_series():
    s = plant(rate=1e-4, tanks=3.0, residence_time=1e4).solve()
    assert s["U.conversion"] == pytest.approx(1 - (1 + 1 / 3) ** -3, rel=1e-9)
    left = s.stream_results["U.organic_out"].flows["benzophenone azine"]
    assert left == pytest.approx((1 + 1 / 3) ** -3, rel=1e-9)


def test_doubly_protonated_fraction_at_ph_1():
    # Note 3.5 (4): 1.24 % N2H6++.
    truth = Truth({"H2O": 55.5, "N(-2)": 0.1}, 1.0, 298.15)
    assert truth.flow["N2H6++"] / 0.1 == pytest.approx(0.0124, abs=2e-4)


def test_acid_ratio_of_sulfuric_acid_counts_two():
    s = plant(acid={"H2O": 60.0, "H2SO4": 1.1}, rate=1.0).solve()
    assert s["U.acid_ratio"] == pytest.approx(2.2, rel=1e-3)
    assert s["U.acid_left"] == pytest.approx(1.2, rel=1e-3)


def test_concentrated_acid():
    # 15.26 mol/kg, just below the 60 wt% to which a feed of sulfuric acid is taken.
    s = plant(acid={"H2O": 4.0, "H2SO4": 1.1}, cake={"acetonitrile": 0.02, "NH3": 0.01}).solve()
    assert s.stream_results["U.aqueous_out"].ph < 2


def test_longer_converts_more_and_hotter_takes_more_heat():
    a, b = plant(rate=1e-4).solve(), plant(rate=1e-4, residence_time=2e4).solve()
    assert b["U.conversion"] > a["U.conversion"]
    assert plant(T=368.0).solve()["U.duty"] > plant(T=350.0).solve()["U.duty"]


def test_exhausted_acid_names_the_shortfall():
    # Note 3.5 (3): 0.5 eq HCl leaves free hydrazine.
    with pytest.raises(Refusal, match=r"acid is exhausted.*by 0\.5 mol/s"):
        plant(acid={"H2O": 60.0, "HCl": 0.5}).solve()


def test_freezing_and_boiling():
    with pytest.raises(Refusal, match="benzophenone freezes at 321.15 K"):
        plant(T=318.15).solve()
    with pytest.raises(Refusal, match="boil at 373.15 K"):
        plant(T=375.0).solve()


@pytest.mark.parametrize(("salt", "named"), [("KNO3", "NO3-"), ("KNO2", r"N\(3\)")])
def test_nitrate_and_nitrite_are_refused(salt, named):
    with pytest.raises(ModelError, match=rf"{named} can reach the hydrolyser.*HN3"):
        plant(acid={"H2O": 60.0, "HCl": 1.2, salt: 1e-3}).build()


def test_other_solids():
    with pytest.raises(ModelError, match=r"solids other than azine are fed: N2H6SO4\(s\)"):
        plant(cake={"N2H6SO4(s)": 0.1}).build()


def test_formaldehyde_is_warned_of():
    s = plant(cake={"formaldehyde": 1e-4}).solve()
    assert any("formaldazine" in w for w in s.warnings)


def test_liquor_under_vacuum_needs_a_pump():
    p = plant()
    p.set("acid.pressure", 4e4)
    with pytest.raises(Refusal, match="enters U by acid at 40000 Pa .*Put a Pump"):
        p.solve()
