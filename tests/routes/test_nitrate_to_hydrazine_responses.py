"""What the plant answers to a change, by solving it again: signs, and sizes by hand."""

from __future__ import annotations

import pytest

from noxplant.errors import ModelError, Refusal
from noxplant.species import molar_mass

pytestmark = pytest.mark.route

DIRECT = "E-101.faradaic_efficiency[NO3- -> NH3]"


def test_more_water_behind_the_ammonia_dryer(make, at_area):
    wet = make({"D-101.water_fraction": 0.001}, area=True).solve()
    assert wet["R-201.imine_fraction"] < at_area["R-201.imine_fraction"]
    assert wet["X-301.hydrazine"] < at_area["X-301.hydrazine"]
    # What slips through is taken out of the solvent: as much water times 7 MJ/kg.
    streams = (s.stream("dry ammonia").content("H2O") for s in (wet, at_area))
    slip = next(streams) - next(streams)
    heat = wet["X-201.duty"] - at_area["X-201.duty"]
    assert heat > 0
    assert heat == pytest.approx(slip * molar_mass("H2O") * 7.0e6, rel=0.03)


def test_more_water_behind_the_solvent_dryer(make, at_area):
    wet = make({"X-201.water": 40.0}, area=True).solve()
    assert wet["R-201.imine_fraction"] < at_area["R-201.imine_fraction"]
    assert wet["X-301.hydrazine"] < at_area["X-301.hydrazine"]
    # Imine and water share one equilibrium: the ammonia left is in proportion to the water.
    left = [1 - s["R-201.imine_fraction"] for s in (wet, at_area)]
    water = [s["R-201.water_concentration"] for s in (wet, at_area)]
    assert left[0] / left[1] == pytest.approx(water[0] / water[1], rel=0.02)
    # All water made must leave all the same: the dryer's heat hardly moves in the closed loop.
    assert wet["X-201.duty"] == pytest.approx(at_area["X-201.duty"], rel=2e-3)


def test_warmer_feed_of_the_stripper(make):
    cool, warm = (make({"E-102.conductance": c}).solve() for c in (25e3, 80e3))
    rise = [s.stream("warm ammonia liquor").temperature for s in (cool, warm)]
    assert rise[1] > rise[0] + 10.0
    assert warm["C-101.heat_per_ammonia"] < cool["C-101.heat_per_ammonia"]
    assert warm["C-101.boilup_ratio"] < cool["C-101.boilup_ratio"]
    # First law of the column: what the exchanger gives more, reboiler less condenser give less.
    net = [s["C-101.reboiler_duty"] + s["C-101.condenser_duty"] for s in (cool, warm)]
    saved = net[0] - net[1]
    assert saved == pytest.approx(warm["E-102.duty"] - cool["E-102.duty"], rel=0.02)


def test_five_points_less_faradaic_efficiency(make, hydrazine):
    worse = make({DIRECT: 0.817}).solve()
    assert worse["X-301.hydrazine"] == pytest.approx(hydrazine["X-301.hydrazine"])
    assert worse["T-201.absorbed"] == pytest.approx(hydrazine["T-201.absorbed"], rel=1e-4)
    # Ammonia per charge: FE/8 from nitrate and FE/6 from nitrite.
    yields = [0.867 / 8, 0.817 / 8]
    for n, s in enumerate((hydrazine, worse)):
        yields[n] += s["E-101.charge_share[NO2- -> NH3]"] / 6
    grows = worse["E-101.current"] / hydrazine["E-101.current"]
    assert grows > 1
    assert grows == pytest.approx(yields[0] / yields[1], rel=5e-3)
    for by_product in ("NO3- -> NO2-", "H2O -> H2"):
        path = f"E-101.extent[{by_product}]"
        assert worse[path] > hydrazine[path]
    assert worse["E-101.anode_hydroxide"] < hydrazine["E-101.anode_hydroxide"]


def test_too_little_acid(make, hydrazine):
    # Two ammonia per sulfuric acid: the trap needs half as many moles as its gas brings.
    need = hydrazine["T-401.captured"] / 2
    acid = "F-401.amount[H2SO4]"
    assert make({acid: 1.05 * need}).solve()["T-401.capture"] == pytest.approx(1.0, abs=1e-4)
    with pytest.raises(Refusal, match=r"T-401: the acid is exhausted: the gas brings 0\.00418"):
        make({acid: 0.95 * need}).solve()
    with pytest.raises(Refusal, match=r"R-301: the acid is exhausted"):
        make({"design.R-301.acid_ratio": 0.9}).solve()


@pytest.mark.parametrize(
    ("purge", "impurity"), [("S-301.fraction", "PF6-"), ("D-201.purge_fraction", "benzhydrol")]
)
def test_no_purge_no_plant(make, purge, impurity):
    with pytest.raises(ModelError, match=f"{impurity}.* enters? the loop of .*no outlet"):
        make({purge: 0.0}).solve()


def test_a_tenth_of_the_purge_holds_ten_times_the_impurity(make, hydrazine):
    tight = make({"S-301.fraction": 0.002}).solve()
    grows = [s.stream("liquors").content("PF6-") for s in (hydrazine, tight)]
    # What comes with the cake leaves with the purge and, a little, with the product.
    share = [
        s.stream("wet crystals").content("PF6-") / s.stream("liquors").content("PF6-")
        for s in (hydrazine, tight)
    ]
    by_hand = (0.02 + share[0]) / (0.002 + share[1])
    assert grows[1] / grows[0] == pytest.approx(by_hand, rel=0.02)
    assert tight["X-301.purity"] < hydrazine["X-301.purity"]


def test_azine_three_times_as_soluble(make, at_area):
    more = make({"K-201.solubility": 300.0, "E-201.solubility": 300.0}, area=True).solve()
    assert more["K-201.recovery"] < at_area["K-201.recovery"]
    assert more["K-201.saturation"] == pytest.approx(3 * at_area["K-201.saturation"])
    # In the loop all azine made crystallises, so what goes round grows with the solubility.
    round_ = [s.stream("cold mother liquor").content("benzophenone azine") for s in (more, at_area)]
    assert round_[0] / round_[1] == pytest.approx(3.0, rel=0.03)
    made = [s["E-201.azine_made"] for s in (more, at_area)]
    assert made[0] == pytest.approx(made[1], rel=1e-3)
    by_hand = made[1] / (made[1] + round_[0])
    assert more["K-201.recovery"] == pytest.approx(by_hand, rel=0.03)
    # At given production more solvent must circulate, because more azine is lost with purges.
    given = make({"K-201.solubility": 300.0, "E-201.solubility": 300.0}).solve()
    assert given["A-201.volume_flow"] > at_area["A-201.volume_flow"]
