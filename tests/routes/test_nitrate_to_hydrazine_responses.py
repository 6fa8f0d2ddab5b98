"""What the plant answers to a change, by solving it again: signs, and sizes by hand."""

from __future__ import annotations

import math

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
    cool, warm = (make({"design.E-102.mean_difference": d}).solve() for d in (22.0, 8.0))
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
    # Two ammonia per sulfuric acid: the traps get half as many moles as their gases bring.
    acid = {f"design.{t}.acid_ratio": 1.05 for t in ("T-401", "T-402")}
    least = make(acid).solve()
    for feed, trap in (("trap acid", "T-401"), ("acid for the oxygen", "T-402")):
        assert least[f"{trap}.capture"] == pytest.approx(1.0, abs=1e-4)
        given = least.stream(feed).content("S(6)")
        assert given == pytest.approx(1.05 * least[f"{trap}.captured"] / 2, rel=1e-4)
    for trap, brought in (("T-401", "0.0042"), ("T-402", "0.00020")):
        with pytest.raises(
            Refusal, match=rf"{trap}: the acid is exhausted: the gas brings {brought}"
        ):
            make({f"design.{trap}.acid_ratio": 0.95}).solve()
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
    more = make({"azine.solubility": 300.0}, area=True).solve()
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
    given = make({"azine.solubility": 300.0}).solve()
    assert given["A-201.volume_flow"] > at_area["A-201.volume_flow"]


def test_a_fifth_less_acid(make, hydrazine):
    """1.76 in place of 2.2 equivalents per base leave no acid for an acid salt; the traps' half
    as much again stands it."""
    ratio = 0.8 * hydrazine["R-301.acid_ratio"]
    with pytest.raises(Refusal, match="K-301: N2H6SO4.* is an acid salt.* Feed more acid"):
        make({"design.R-301.acid_ratio": ratio}).solve()
    less = {
        f"design.{t}.acid_ratio": 0.8 * hydrazine[f"{t}.acid_ratio"] for t in ("T-401", "T-402")
    }
    assert make(less).solve()["T-401.free_acid"] > 0


def test_the_acid_follows_the_ammonia(make, hydrazine):
    # A stripper that leaves four times as much ammonia sends more of it with hydrogen and oxygen.
    dirty = make({"design.C-101.removal": 0.95}).solve()
    for trap, feed in (("T-401", "trap acid"), ("T-402", "acid for the oxygen")):
        captured = [s[f"{trap}.captured"] for s in (dirty, hydrazine)]
        acid = [s.stream(feed).content("S(6)") for s in (dirty, hydrazine)]
        assert captured[0] > captured[1]
        assert acid[0] / acid[1] == pytest.approx(captured[0] / captured[1], rel=1e-6)


def test_any_size_is_the_same_plant(make, hydrazine):
    # Nothing but the production is given per plant: a hundred times as much of all that flows.
    big = make({"design.X-301.hydrazine": 100 * hydrazine["X-301.hydrazine"]}).solve()
    for name, q in hydrazine.quantities.items():
        if q.unit in ("W/K", "m2", "m3") or (q.kind in ("heat", "work") and abs(q.value) > 1.0):
            assert big[name] == pytest.approx(100 * q.value, rel=1e-7), name
    for name, stream in hydrazine.stream_results.items():
        other = big.stream(name)
        assert other.mass_flow == pytest.approx(100 * stream.mass_flow, rel=1e-8), name
        assert other.temperature == pytest.approx(stream.temperature, abs=1e-5), name


def test_one_solubility_and_one_constant_for_all(make):
    plant = make({"azine.solubility": 120.0, "imine.equilibrium_constant": 900.0})
    assert {plant.value(f"{u}.solubility") for u in ("E-201", "E-202", "K-201")} == {120.0}
    constants = {plant.value(f"{u}.equilibrium_constant") for u in ("R-201", "E-201")}
    assert constants == {900.0}


def test_heat_is_recovered_only_above_saturation(hydrazine):
    s = hydrazine
    cooled = s.stream("cooled azine liquor")
    # van 't Hoff by hand: 100 mol/m3 at 298.15 K and 30 kJ/mol, at 0.95 of saturation.
    soluble = 100.0 * math.exp(-30e3 / 8.314462618 * (1 / cooled.temperature - 1 / 298.15))
    held = s["E-201.azine_concentration"]
    # The liquor shrinks by 0.14 % per K on cooling (acetonitrile), which thickens it.
    assert held * (1 + 1.4e-3 * (313.15 - cooled.temperature)) == pytest.approx(
        0.95 * soluble, rel=0.01
    )
    # What is left to refrigerate: some 2.3 kJ/(kg K) down to 273 K, and 30 kJ/mol of crystals.
    by_hand = cooled.mass_flow * 2.3e3 * (cooled.temperature - 273.15) + 30e3 * s["K-201.crystals"]
    assert -s["K-201.duty"] == pytest.approx(by_hand, rel=0.1)


def test_cooling_water_cools_the_recrystalliser_first(hydrazine):
    s = hydrazine
    assert s["K-301.refrigerated_from"] == pytest.approx(309.15, abs=1e-6)
    heats = [s.quantities[f"K-301.{k}"] for k in ("precooling", "duty")]
    assert [q.utility for q in heats] == ["cooling water", "refrigeration"]
    # Liquor of 11 % salt, some 3.9 kJ/(kg K), and 35 kJ/mol (21 to 42, note 1.1) of what crystallises.
    feed = s.stream("liquor to crystalliser")
    span = feed.temperature - 278.15
    by_hand = feed.mass_flow * 3.9e3 * span + 35e3 * s["K-301.crystals"]
    assert -sum(q.value for q in heats) == pytest.approx(by_hand, rel=0.1)


def test_vents_leave_without_ammonia(hydrazine):
    for name in ("hydrogen", "oxygen"):
        vent = hydrazine.stream(name)
        assert vent.content("N(-3)") < 1e-9 * sum(vent.flows.values())
    # Hydrogen of both cells leaves together, oxygen apart.
    made = (
        hydrazine["E-101.extent[H2O -> H2]"] + hydrazine.stream("azine-cell hydrogen").flows["H2"]
    )
    assert hydrazine.stream("hydrogen").flows["H2"] == pytest.approx(made, rel=1e-8)
    assert "O2" not in hydrazine.stream("hydrogen").flows
    assert "H2" not in hydrazine.stream("oxygen").flows
