import pytest

from noxplant.errors import ModelError, Refusal, SpeciesError
from noxplant.examples.crystals import crystal_dryer
from noxplant.flowsheet.graph import Flowsheet
from noxplant.species import molar_mass
from noxplant.testing import check_unit
from noxplant.thermo.bicarbonate import decomposition_pressure
from noxplant.units.crystal_dryer import CrystalDryer
from noxplant.units.feed import Feed


def plant(amount=None, salt="N2H6SO4(s)", T=333.15, P=5e3, moisture=0.002):
    p = Flowsheet("p")
    amount = {"H2O": 1.0, salt: 1.0, **(amount or {})}
    feed = p.add(Feed("F", "slurry", amount, temperature=280.0))
    unit = p.add(CrystalDryer("U", salt=salt, temperature=T, pressure=P, moisture=moisture))
    p.connect(feed.out, unit.feed, "F")
    return p


def test_contract():
    check_unit(crystal_dryer)


def test_moisture_and_water_removed():
    s = crystal_dryer().solve()
    product = s.stream_results["U.product"]
    left = product.totals["H2O"] * molar_mass("H2O")
    assert left == pytest.approx(0.002 * product.mass_flow, rel=1e-6)
    gone = s.stream_results["U.vapour"].flows["H2O"]
    assert gone == pytest.approx(1.0 - product.totals["H2O"], rel=1e-9)


def test_contained_hydrazine():
    s = crystal_dryer().solve()
    assert s["U.hydrazine"] == pytest.approx(1.002 * molar_mass("N2H4"), rel=1e-9)


def test_dissolved_salt_crystallises_and_impurities_stay():
    s = plant({"N2H6SO4": 0.01, "K2SO4": 0.004}).solve()
    product = s.stream_results["U.product"]
    assert product.flows["N2H6SO4(s)"] > 1.009
    assert product.totals["K+"] == pytest.approx(0.008, rel=1e-9)
    # K2SO4 and 0.2 % water, the rest is salt.
    impurity = 0.004 * 0.17426 / s["U.production"]
    assert s["U.purity"] == pytest.approx(1 - impurity - 0.002, abs=2e-4)


def test_pure_salt():
    assert plant().solve()["U.purity"] == pytest.approx(0.998, abs=1e-3)


def test_solvent_leaves_with_the_water():
    s = plant({"acetonitrile": 0.001}).solve()
    assert s.stream_results["U.vapour"].flows["acetonitrile"] == pytest.approx(0.001, rel=1e-9)


def test_drier_takes_more_heat():
    assert plant(moisture=0.001).solve()["U.duty"] > plant(moisture=0.01).solve()["U.duty"]


def test_too_high_pressure():
    with pytest.raises(Refusal, match="the cake does not dry"):
        plant(P=5e4).solve()


def test_nothing_left_to_dry():
    with pytest.raises(Refusal, match="U: the cake is as dry as the product is to be"):
        plant(moisture=0.2).solve()


def test_melting():
    with pytest.raises(Refusal, match=r"melts or decomposes at 362\.15 K.*below 342\.15 K"):
        plant(salt="N2H5Cl(s)", T=345.0).solve()


def test_hydrazinium_chloride_dries_below_342_K():
    assert plant(salt="N2H5Cl(s)", T=333.15).solve()["U.purity"] > 0.99


def test_ammonium_nitrate_is_never_dried():
    with pytest.raises(ModelError, match=r"NH4NO3\(s\) explodes when dry"):
        plant(salt="NH4NO3(s)")


def test_names():
    with pytest.raises(SpeciesError, match="may mean two salts"):
        CrystalDryer("U", salt="hydrazine sulfate", temperature=333.0, pressure=5e3, moisture=0.002)


def test_bicarbonate_is_gone_before_its_water():
    assert decomposition_pressure(298.15) == pytest.approx(8.5e3, rel=0.02)
    with pytest.raises(ModelError, match=r"NH4HCO3\(s\) becomes gas before its water boils off"):
        plant(salt="NH4HCO3(s)")
