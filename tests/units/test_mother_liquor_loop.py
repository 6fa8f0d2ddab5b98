"""Crystalliser, washed filter and recycle of the mother liquor: closed forms of hydrazine note 3.8."""

import pytest

from noxplant.crystallisation import loop_impurity, loop_yield
from noxplant.errors import ModelError, Refusal
from noxplant.flowsheet.graph import Flowsheet
from noxplant.testing import check_flowsheet
from noxplant.units.evaporative_crystalliser import EvaporativeCrystalliser
from noxplant.units.feed import Feed
from noxplant.units.mixer import Mixer
from noxplant.units.splitter import Splitter
from noxplant.units.washing_filter import WashingFilter
from noxplant.washing import left_in_cake

SALT = "N2H6SO4(s)"
FED = 0.02
"""Impurity fed, mol/s of K+ (as nitrate, which shares no ion with the salt)."""


def loop(purge=0.1, occluded=0.0, drained=1e-7, wash=6.0, acid=0.01):
    """Water boils off, crystals are washed; all liquor but a purge goes back to the crystalliser."""
    plant = Flowsheet("loop")
    amount = {"H2O": 60.0, "N2H6SO4": 1.2, "H2SO4": acid, "KNO3": FED}
    fresh = plant.add(Feed("fresh", "aqueous", amount, temperature=320.0, pressure=2e4))
    water = plant.add(Feed("water", "aqueous", {"H2O": wash}, temperature=300.0, pressure=2e4))
    pot = EvaporativeCrystalliser("K-1", salt=SALT, temperature=333.15, vapour_fraction=0.5)
    press = WashingFilter(
        "L-1",
        solid=SALT,
        occluded=occluded,
        porosity=0.45,
        thickness=0.05,
        dispersivity=2.5e-3,
        wash_velocity=2e-4,
        saturation=drained,
        wash_saturation=0.0,
    )
    mixed, washed = Mixer("M-1", "aqueous"), Mixer("M-2", "aqueous")
    split = Splitter("S-1", "aqueous", fraction=purge)
    for unit in (mixed, pot, press, washed, split):
        plant.add(unit)
    plant.connect(fresh.out, mixed.feed[0], "fresh liquor")
    plant.connect(split.out, mixed.feed[1], "recycle")
    plant.connect(mixed.out, pot.feed, "liquor")
    plant.connect(pot.slurry, press.feed, "slurry")
    plant.connect(water.out, press.wash, "wash")
    plant.connect(press.mother_liquor, washed.feed[0], "mother liquor")
    plant.connect(press.wash_out, washed.feed[1], "spent wash")
    plant.connect(washed.out, split.feed, "all liquor")
    return plant


def test_loop_closes_from_scattered_starts():
    check_flowsheet(loop)


@pytest.mark.parametrize("purge", [0.05, 0.1, 0.3])
def test_impurity_builds_up_to_what_is_fed_over_the_purge(purge):
    s = loop(purge).solve()
    held = s.stream_results["all liquor"].totals["K+"]
    assert held == pytest.approx(loop_impurity(FED, purge), rel=1e-5)


@pytest.mark.parametrize("purge", [0.05, 0.1, 0.3])
def test_yield_of_the_loop(purge):
    """Y = y1/(y1 + phi (1 - y1)) with the yield of a pass found in the loop."""
    s = loop(purge).solve()
    y1 = s["K-1.single_pass_yield"]
    assert 0.2 < y1 < 0.95
    assert s["K-1.crystals"] / 1.2 == pytest.approx(loop_yield(y1, purge), rel=1e-6)


def test_purity_and_build_up_with_occlusion():
    """What the crystals shut in and the pores keep is a second way out, and sets the purity."""
    s = loop(0.1, occluded=0.02, drained=0.3).solve()
    left = left_in_cake(s["L-1.wash_ratio"], 20.0)
    away = s["L-1.shut_in"] + 0.3 * left * s["L-1.held_fraction"]
    inside = FED / (away + 0.1 * (1 - away))  # of the slurry's liquor
    assert s.stream_results["slurry"].totals["K+"] == pytest.approx(inside, rel=1e-6)
    cake = s.stream_results["L-1.cake"].totals["K+"]
    assert cake == pytest.approx(away * inside, rel=1e-6)
    assert cake + s.stream_results["S-1.side"].totals["K+"] == pytest.approx(FED, rel=1e-8)


def test_less_purge_gives_more_yield_and_less_purity():
    found = [loop(f, 0.02, 0.3).solve() for f in (0.3, 0.1, 0.05)]
    yields = [s["K-1.crystals"] for s in found]
    dirt = [
        s.stream_results["L-1.cake"].totals["K+"] / y for s, y in zip(found, yields, strict=True)
    ]
    assert yields == sorted(yields)
    assert dirt == sorted(dirt)
    assert dirt[2] > 3 * dirt[0]


def test_no_purge_with_an_impurity_is_refused_before_any_solve():
    words = r"K\+.* enters the loop of .*K-1.* no outlet of the loop can carry it"
    with pytest.raises(ModelError, match=words):
        loop(0.0).build()


def test_acid_builds_up_as_well():
    """Excess sulfuric acid has no way out but the purge: beyond pH 0.05 the solubility is unknown."""
    with pytest.raises(Refusal, match=r"has a second proton and is no N2H5\+ .*purge more of it"):
        loop(0.05, acid=0.05).solve()
