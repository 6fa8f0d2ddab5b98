"""Uptake of a guest in mixed crystals against SciPy's root of the balances."""

import pytest
from scipy.optimize import brentq

from noxplant.errors import ModelError, Refusal, SpeciesError
from noxplant.examples.crystals import isomorphous_crystalliser
from noxplant.flowsheet.graph import Flowsheet
from noxplant.species import molar_mass
from noxplant.testing import check_unit
from noxplant.thermo import solid
from noxplant.units.crystal_dryer import CrystalDryer
from noxplant.units.feed import Feed
from noxplant.units.filter import Filter
from noxplant.units.isomorphous_crystalliser import IsomorphousCrystalliser

HOST, GUEST = "N2H5Cl(s)", "NH4Cl(s)"


def changed(amount=None, **specs):
    plant = isomorphous_crystalliser()
    plant.units["liquor"].give("amount", amount or {})
    for key, value in specs.items():
        plant.units["U"].give(key, value)
    return plant


def by_hand(T, K, water=50.0, host=8.0, guest=0.5, acid=0.05):
    """Host and guest in the crystals: one unknown, the distribution solved for the guest."""
    kg = water * molar_mass("H2O")

    def uptake(n):
        return guest * K * n / (host - n + K * n)

    def gap(n):
        chloride = host + guest + acid - n - uptake(n)
        return (host - n) * chloride - (solid.solubility(HOST, T) * kg) ** 2

    n = brentq(gap, 0, host - 1e-9, xtol=1e-13)
    return n, uptake(n)


def test_contract():
    check_unit(isomorphous_crystalliser)


@pytest.mark.parametrize("K", [0.0, 0.05, 0.15, 0.5])
@pytest.mark.parametrize("T", [278.15, 300.0])
def test_against_a_root_of_the_balances(T, K):
    s = changed(temperature=T, distribution=K).solve()
    host, guest = by_hand(T, K)
    assert s["U.crystals"] == pytest.approx(host, rel=1e-6)
    assert s["U.uptake"] == pytest.approx(guest, rel=1e-6, abs=1e-12)
    masses = host * molar_mass(HOST), guest * molar_mass(GUEST)
    assert s["U.purity"] == pytest.approx(masses[0] / sum(masses), rel=1e-8)


def test_equal_preference_keeps_the_ratio_of_the_feed():
    s = changed({"NH4Cl": 0.2}, distribution=1.0).solve()
    assert s["U.uptake"] / s["U.crystals"] == pytest.approx(0.2 / 8.0, rel=1e-8)


def test_no_uptake_is_the_cooling_crystalliser():
    s = changed(distribution=0.0).solve()
    assert s["U.uptake"] == pytest.approx(0.0, abs=1e-12)
    kg = 50.0 * molar_mass("H2O")
    left = (8.0 - s["U.crystals"]) * (8.55 - s["U.crystals"])
    assert left == pytest.approx((solid.solubility(HOST, 283.15) * kg) ** 2, rel=1e-6)


def test_recrystallisation_purifies_by_the_distribution():
    """A trace of guest: its share of the crystals is that of the feed times K/(1 - y + K y)."""
    s = changed({"NH4Cl": 1e-3}).solve()
    y = s["U.crystals"] / 8.0
    share = 1e-3 / 8.0 * 0.15 / (1 - y + 0.15 * y)
    assert s["U.guest_share"] == pytest.approx(share, rel=1e-3)


def test_colder_is_less_pure():
    warm, cold = (changed(temperature=T).solve() for T in (310.0, 276.0))
    assert cold["U.crystals"] > warm["U.crystals"]
    assert cold["U.purity"] < warm["U.purity"]


def test_undersaturated_takes_nothing_up():
    s = changed({"N2H5Cl": 1.0}).solve()
    assert any("undersaturated (" in w and "crystallises" in w for w in s.warnings)
    assert 0 <= s["U.uptake"] <= s["U.crystals"] < 1e-9


def test_washing_and_drying_leave_the_guest_in_the_lattice():
    plant = isomorphous_crystalliser()
    water = plant.add(Feed("water", "aqueous", {"H2O": 8.0}, temperature=283.15))
    press = Filter("F", solid=HOST, held_liquor=0.1, displaced=0.99, wash_saturation=0.2)
    dryer = CrystalDryer("D", salt=HOST, temperature=333.15, pressure=5e3, moisture=0.002)
    plant.connect(plant.units["U"].slurry, plant.add(press).feed, "slurry")
    plant.connect(water.out, press.wash, "water")
    plant.connect(press.cake, plant.add(dryer).feed, "cake")
    s = plant.solve()
    assert s.stream_results["D.product"].flows[GUEST] == pytest.approx(s["U.uptake"], rel=1e-9)
    assert s["D.purity"] < s["U.purity"]


def test_too_much_guest():
    with pytest.raises(Refusal, match=r"more than 10% of the crystals would be NH4Cl\(s\)"):
        changed({"NH4Cl": 2.0}, distribution=1.0).solve()


def test_range_of_temperature():
    with pytest.raises(Refusal, match="not known below 273.15 K"):
        changed(temperature=270.0).solve()
    plant = changed({"N2H5Cl": 30.0}, temperature=375.0)
    plant.units["U"].choose_utility("duty", "low-pressure steam")
    with pytest.raises(Refusal, match="not known above 373.15 K"):
        plant.solve()


def test_names():
    given = {"temperature": 283.15, "distribution": 0.1}
    for guest in ("KNO3(s)", "N2H6Cl2(s)", HOST, "(NH4)2SO4(s)"):
        with pytest.raises(SpeciesError, match=r"is no guest in crystals of N2H5Cl\(s\)"):
            IsomorphousCrystalliser("K-1", salt=HOST, guest=guest, **given)
    plant = Flowsheet("p")
    feed = plant.add(Feed("F", "aqueous", {"H2O": 50.0, "N2H5Cl": 8.0}))
    unit = plant.add(IsomorphousCrystalliser("U", salt=HOST, guest=GUEST, **given))
    plant.connect(feed.out, unit.feed, "F")
    with pytest.raises(ModelError, match=r"needs N\(-3\), which no stream brings"):
        plant.build()
