"""Columns for solvent: stage stepping by hand, Fenske, published azeotropes, both as barriers."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from CoolProp.CoolProp import PropsSI
from scipy.optimize import brentq, fsolve

from noxplant import distillation
from noxplant.errors import ModelError, Refusal, SpecError
from noxplant.examples.solvent import solvent_column, two_pressures
from noxplant.flowsheet.graph import Flowsheet
from noxplant.species import molar_mass
from noxplant.thermo import gas, organic
from noxplant.thermo.used import extrapolating
from noxplant.units.azeotrope_column import AzeotropeColumn
from noxplant.units.azeotrope_still import AzeotropeStill
from noxplant.units.feed import Feed
from noxplant.units.solvent_column import SolventColumn

ATM = 101325.0
ACN, WATER, MEOH = "acetonitrile", "H2O", "methanol"
PAIRS = {  # b12, b21 [K], alpha, acetonitrile first: as their sources print them
    WATER: (389.94, 665.69, 0.5044),
    MEOH: (158.30678, 172.95867, 0.2981),
}
ANTOINE = {ACN: (21.923166, 3436.3204, -24.208), MEOH: (23.492746, 3638.26865, -33.65)}


def column(feed: dict[str, float], T: float = 330.0, **given: Any) -> Flowsheet:
    plant = Flowsheet("column")
    source = plant.add(Feed("feed", "organic", feed, temperature=T))
    base = {
        "stages": 8, "feed_stage": 4, "pressure": ATM, "condenser_temperature": 308.15,
        "reflux_ratio": 1.5, "acetonitrile_kept": 0.5, "formaldehyde_out": 0.0,
        "methanol_bound": 0.0, "purge_fraction": 0.0,
    }  # fmt: skip
    unit = plant.add(SolventColumn("U", **{**base, **given}))
    plant.connect(source.out, unit.feed[0], "wet solvent")
    return plant


def washed(feed: dict[str, float], **given: Any) -> Flowsheet:
    plant = Flowsheet("wash water")
    source = plant.add(Feed("feed", "aqueous", feed, temperature=330.0))
    base = {
        "stages": 10, "feed_stage": 6, "pressure": ATM, "condenser_temperature": 308.15,
        "reflux_ratio": 1.0, "recovery": 0.995,
    }  # fmt: skip
    unit = plant.add(AzeotropeColumn("U", **{**base, **given}))
    plant.connect(source.out, unit.feed, "spent wash water")
    return plant


# The pair by hand --------------------------------------------------------------------------------


def volatile(x: float, T: float, other: str) -> tuple[float, float]:
    """Partial pressures of acetonitrile and the other over a binary liquid; NRTL as in textbooks."""
    b12, b21, alpha = PAIRS[other]
    t12, t21 = b12 / T, b21 / T
    g12, g21 = math.exp(-alpha * t12), math.exp(-alpha * t21)
    z = 1 - x
    one = z * z * (t21 * (g21 / (x + z * g21)) ** 2 + t12 * g12 / (z + x * g12) ** 2)
    two = x * x * (t12 * (g12 / (z + x * g12)) ** 2 + t21 * g21 / (x + z * g21) ** 2)
    p = [saturation(k, T) for k in (ACN, other)]
    return x * math.exp(one) * p[0], z * math.exp(two) * p[1]


def saturation(name: str, T: float) -> float:
    """Vapour pressure in Pa: Antoine as Landolt-Boernstein has it; water by CoolProp."""
    if name == WATER:
        return float(PropsSI("P", "T", T, "Q", 0, "Water"))
    a, b, c = ANTOINE[name]
    return math.exp(a - b / (T + c))


def bubble(x: float, other: str, pressure: float = ATM) -> tuple[float, float]:
    """Temperature, and mole fraction of acetonitrile in the vapour."""
    T = brentq(lambda t: sum(volatile(x, t, other)) - pressure, 280.0, 400.0, xtol=1e-11)
    return T, volatile(x, T, other)[0] / pressure


def dew(y: float, other: str, guess: float) -> tuple[float, float]:
    """(x, T) of the liquid under a vapour, near a guess of x."""

    def off(v: np.ndarray) -> list[float]:
        p = volatile(v[0], v[1], other)
        return [p[0] / (y * ATM) - 1, p[1] / ((1 - y) * ATM) - 1]

    found, _, good, _ = fsolve(off, [guess, 350.0], full_output=True, xtol=1e-12)
    assert good == 1
    return float(found[0]), float(found[1])


@extrapolating()
def liquid(x: float, T: float, other: str) -> float:
    return x * organic.enthalpy(ACN, T) + (1 - x) * organic.enthalpy(other, T)


@extrapolating()
def vapour(y: float, T: float, other: str) -> float:
    return y * gas.enthalpy(ACN, T) + (1 - y) * gas.enthalpy(other, T)


def stepped(
    s: Any, other: str, feed: dict[str, float], T_feed: float, shape: tuple[int, int], reflux: float
) -> tuple[float, float]:
    """Ponchon and Savarit in numbers: from the distillate down, stage by stage.

    Returns the liquid of the reboiler (mole fraction of acetonitrile) and its amount.
    """
    top, total = s.stream_results["U.distillate"].flows, sum(feed.values())
    D, x_d = sum(top.values()), top[ACN] / sum(top.values())
    brought = feed[ACN], total, total * liquid(feed[ACN] / total, T_feed, other)
    above = reflux * D * x_d, reflux * D, reflux * D * liquid(x_d, 308.15, other)
    V, y = (1 + reflux) * D, x_d
    x, T = dew(y, other, min(max(x_d, 0.05), 0.95))
    for n in range(1, shape[0] + 1):
        into = tuple(a + b * (n == shape[1]) for a, b in zip(above, brought, strict=True))
        leaves = V * y, V, V * vapour(y, T, other)
        rest = tuple(a - b for a, b in zip(leaves, into, strict=True))
        L = brentq(off, 0.8 * into[1], 1.25 * into[1], args=(rest, x, T, other), xtol=1e-9)
        V = rest[1] + L
        y = (rest[0] + L * x) / V
        above = L * x, L, L * liquid(x, T, other)
        x, T = dew(y, other, x)
    return x, above[1] - V


def off(L: float, rest: tuple[float, ...], x: float, T: float, other: str) -> float:
    """Enthalpy that the vapour from below lacks when the liquid down is L."""
    V = rest[1] + L
    y = (rest[0] + L * x) / V
    return rest[2] + L * liquid(x, T, other) - V * vapour(y, dew(y, other, x)[1], other)


@pytest.mark.oracle
@pytest.mark.parametrize(
    ("other", "part", "kept", "place"),
    [(WATER, 0.15, 0.5, 2), (WATER, 0.05, 0.6, 4), (MEOH, 0.3, 0.5, 3)],
)
def test_stage_by_stage(other: str, part: float, kept: float, place: int) -> None:
    """The whole column by stepping from its distillate: independent NRTL, balances, first law."""
    feed, stages = {ACN: 100 * (1 - part), other: 100 * part}, 5
    s = column(feed, stages=stages, feed_stage=place, acetonitrile_kept=kept).solve()
    x, amount = stepped(s, other, feed, 330.0, (stages, place), 1.5)
    out = s.stream_results["U.bottoms"].flows
    assert amount == pytest.approx(sum(out.values()), rel=1e-5)
    assert 1 - x == pytest.approx(out[other] / sum(out.values()), rel=1e-3)


@pytest.mark.oracle
def test_total_reflux_by_mccabe_and_thiele_and_by_fenske() -> None:
    """At total reflux y of a stage is x of the stage above; Fenske with each stage's own volatility."""
    s = column({ACN: 95.0, WATER: 5.0}, stages=4, feed_stage=2, reflux_ratio=5e3).solve()
    top, out = (s.stream_results[f"U.{k}"].flows for k in ("distillate", "bottoms"))
    x = out[ACN] / sum(out.values())
    ratio = [(1 - x) / x]
    ln_alpha = 0.0
    for _ in range(5):  # reboiler and four stages
        _, y = bubble(x, WATER)
        ln_alpha += math.log((1 - y) / y * x / (1 - x))
        x = y
    ratio.append(top[WATER] / top[ACN])
    assert (1 - x) / x == pytest.approx(ratio[1], rel=0.01)
    assert math.log(ratio[1] / ratio[0]) == pytest.approx(ln_alpha, rel=2e-3)
    mean = math.exp(ln_alpha / 5)  # Fenske's number of stages with the mean volatility
    assert math.log(ratio[1] / ratio[0]) / math.log(mean) == pytest.approx(5.0, rel=2e-3)


# Azeotropes --------------------------------------------------------------------------------------


@pytest.mark.oracle
@pytest.mark.parametrize(
    ("other", "celsius", "dt", "percent", "dw"),
    [(WATER, 76.5, 0.5, 83.7, 1.0), (MEOH, 63.6, 0.4, 23.9, 1.0)],  # hydrazine note 3.9 and 2
)
def test_azeotropes_of_the_note(
    other: str, celsius: float, dt: float, percent: float, dw: float
) -> None:
    x, T = distillation.azeotrope(other, ATM)
    weights = x * molar_mass(ACN), (1 - x) * molar_mass(other)
    assert abs(T - 273.15 - celsius) < dt
    assert 100 * weights[0] / sum(weights) == pytest.approx(percent, abs=dw)
    assert bubble(x, other) == pytest.approx((T, x), abs=5e-4)


def test_lower_pressure_less_water() -> None:
    """Pope et al. and others: the azeotrope of acetonitrile and water dries under vacuum."""
    water = [1 - distillation.azeotrope(WATER, p)[0] for p in (2e4, 3e4, 6e4, ATM)]
    assert water == sorted(water)
    assert distillation.azeotrope(WATER, 5e6) is None


@pytest.mark.parametrize(
    ("other", "feed"),
    [(WATER, 0.5), (WATER, 0.10), (MEOH, 0.4)],
)
def test_no_product_passes_the_azeotrope(other: str, feed: float) -> None:
    """The more stages, the nearer: never beyond."""
    x, _ = distillation.azeotrope(other, ATM)
    found = []
    for stages in (4, 10, 20):
        kept = 0.01 if feed == 0.5 else 0.8
        amounts = {ACN: 100 * (1 - feed), other: 100 * feed}
        s = column(amounts, stages=stages, feed_stage=stages // 2, acetonitrile_kept=kept,
                   reflux_ratio=4.0).solve()  # fmt: skip
        out = s.stream_results["U.distillate"].flows
        found.append(out[other] / sum(out.values()))
    if feed == 0.5:  # from the water's side overhead comes down to the azeotrope
        assert found == sorted(found, reverse=True)
        assert found[-1] == pytest.approx(1 - x, rel=2e-3)
    else:  # from the other it comes up to it
        assert found == sorted(found)
        assert found[-1] < 1 - x
    assert all((f > 1 - x - 1e-6) == (feed == 0.5) for f in found)


@pytest.mark.parametrize(
    ("water", "asked"), [(40.0, 0.01), (5.0, 0.5)], ids=["from the water", "from the solvent"]
)
def test_purity_beyond_the_azeotrope_is_refused(water: float, asked: float) -> None:
    plant = column({ACN: 70.0, WATER: water})
    plant.exchange("U.bottoms_water", asked, freed="U.acetonitrile_kept")
    words = r"between them lies the azeotrope.*16 wt% water at 349\.80 K.*no column passes"
    with pytest.raises(Refusal, match=words):
        plant.solve()


def test_two_pressures_cross_it() -> None:
    """0.1 wt% water from 22.6 wt%; recycles by the lever rule between both azeotropes."""
    s = two_pressures().solve()
    dry, water = s.stream_results["HP.bottoms"].flows, s.stream_results["LP.bottoms"].flows
    grams = {k: n * molar_mass(k) for k, n in dry.items()}
    assert grams[WATER] / sum(grams.values()) == pytest.approx(1e-3, rel=1e-6)
    assert water[WATER] == pytest.approx(40.0, rel=0.01)
    edges = [s[f"{u}.overhead_water"] for u in ("LP", "HP")]
    low = distillation.azeotrope(WATER, 3e4)[0]
    assert bubble(low, WATER, 3e4)[1] == pytest.approx(low, abs=5e-4)
    assert edges[0] > (1 - low) / (1 - low + low * 41.0519 / 18.0153)  # 10.5 wt%, from above
    assert 0.155 < edges[1] < 0.1596  # 15.96 wt%, from below
    # Water over the column at 1 atm: what it is fed leaves by its two ends.
    ends = [sum(n * molar_mass(k) for k, n in s.stream(x).flows.items()) for x in
            ("azeotrope of 0.3 bar", "azeotrope of 1 atm")]  # fmt: skip
    assert ends[1] / ends[0] == pytest.approx((edges[0] - 1e-3) / (edges[1] - 1e-3), rel=1e-6)


def test_vacuum_does_not_lift_itself() -> None:
    plant = column({ACN: 70.0, WATER: 5.0})
    plant.set("feed.pressure", 3e4)
    with pytest.raises(Refusal, match="a rise above 5000 Pa takes work"):
        plant.solve()


# Salts, light ends ---------------------------------------------------------------------


def test_salt_and_oil_stay_below_and_raise_the_boiling_point() -> None:
    """Raoult: what does not boil dilutes the acetonitrile of the bottoms."""
    s = column({ACN: 100.0, "KPF6": 4.0, "benzophenone": 1.0}, acetonitrile_kept=0.1).solve()
    assert s.stream_results["U.distillate"].flows == pytest.approx({ACN: 90.0})
    T = brentq(lambda t: saturation(ACN, t) * 10 / 15 - ATM, 350, 380)
    assert s["U.bottoms_temperature"] == pytest.approx(T, abs=1e-5)


def test_light_ends_and_purge() -> None:
    s = solvent_column().solve()
    f = {k: r.flows for k, r in s.stream_results.items()}
    assert f["U.light_ends"]["formaldehyde"] == pytest.approx(
        19 * f["U.distillate"]["formaldehyde"]
    )
    assert f["U.light_ends"]["methanol"] == pytest.approx(f["U.light_ends"]["formaldehyde"])
    assert f["U.purge"]["benzhydrol"] == pytest.approx(0.035)
    assert f["U.bottoms"][ACN] == pytest.approx(8.1)
    assert 0 < f["U.bottoms"][MEOH] < 1e-3 * 6.0


def test_first_law_of_the_condenser() -> None:
    """Heat of the condenser: (1 + R) times the overhead from vapour to cold liquid."""
    s = column({ACN: 100.0}, reflux_ratio=1.0, acetonitrile_kept=0.1).solve()
    T = s["U.top_temperature"]
    assert abs(T - 354.75) < 0.3
    each = gas.enthalpy(ACN, T) - organic.enthalpy(ACN, 308.15)
    assert -s["U.condenser_duty"] == pytest.approx(180.0 * each, rel=1e-6)


@pytest.mark.parametrize(
    ("feed", "given", "words"),
    [
        ({"NH3": 30.0}, {}, "so it does not condense"),
        ({"KPF6": 9.0}, {"acetonitrile_kept": 0.1}, "NRTL parameters end and KPF6"),
        ({}, {"pressure": 1.2e4, "condenser_temperature": 283.15}, "NRTL parameters end. Raise"),
        ({"formaldehyde": 4.0, MEOH: 2.0}, {"formaldehyde_out": 0.9, "methanol_bound": 3.0},
         "more methanol than there is"),
    ],
)  # fmt: skip
def test_column_refuses(feed: dict[str, float], given: dict[str, float], words: str) -> None:
    plant = column({ACN: 90.0, WATER: 1.0, **feed}, **given)
    plant.units["U"].choose_utility("condenser_duty", "refrigeration")
    with pytest.raises(Refusal, match=words):
        plant.solve()


def test_column_says_what_it_needs() -> None:
    with pytest.raises(ModelError, match="no acetonitrile reaches the column"):
        column({MEOH: 1.0}).solve()
    with pytest.raises(SpecError, match="formaldehyde_out = 1"):
        column({ACN: 1.0}, formaldehyde_out=1.0)
    with pytest.raises(SpecError, match="stages below the feed"):
        column({ACN: 1.0}, feed_stage=9)


# Wash water --------------------------------------------------------------------------------------


def test_salt_in_wash_water_is_told() -> None:
    """1.8015 kg of water: 0.05 mol KPF6 are 0.028 mol/kg and 4.0 g PF6- per kg; 1 mol is 0.555 mol/kg."""
    words = "mol of salt per kg water", "mg PF6- per kg is boiled"
    told = {}
    for n in (0.0, 0.05, 1.0):
        salt = {"KPF6": n} if n else {}
        found = washed({WATER: 100.0, ACN: 3.0, **salt}).solve().warnings
        told[n] = [[w for w in found if x in w] for x in words]
    assert told[0.0] == [[], []]
    assert not told[0.05][0]
    assert "4.02e+03 mg PF6-" in told[0.05][1][0]
    assert "holds 0.555 mol of salt" in told[1.0][0][0]


def test_acid_matters_to_ammonia_only() -> None:
    s = washed({WATER: 100.0, ACN: 3.0, "H2SO4": 0.02}).solve()
    none = washed({WATER: 100.0, ACN: 3.0}).solve()
    assert s["U.azeotrope_water"] == pytest.approx(none["U.azeotrope_water"], rel=1e-3)


def test_overhead_comes_down_to_the_azeotrope() -> None:
    x, T = distillation.azeotrope(WATER, ATM)
    found = []
    for stages in (4, 10, 20):
        s = washed({WATER: 100.0, ACN: 3.0}, stages=stages, feed_stage=stages // 2,
                   reflux_ratio=3.0).solve()  # fmt: skip
        found.append(s["U.azeotrope_water"])
    assert found == sorted(found, reverse=True)
    assert found[-1] == pytest.approx((1 - x) / x, rel=2e-3)
    assert found[-1] > (1 - x) / x - 1e-7
    assert s["U.overhead_temperature"] == pytest.approx(T, abs=0.02)


def test_many_stages_are_the_still_with_the_given_azeotrope() -> None:
    """Rigorous to minimal: the overhead is the azeotrope, the duties are those of the still."""
    x, T = distillation.azeotrope(WATER, ATM)
    feed = {WATER: 100.0, ACN: 3.0, "KPF6": 0.05}
    fine = washed(feed, stages=20, feed_stage=10, reflux_ratio=3.0).solve()
    plant = Flowsheet("still")
    source = plant.add(Feed("feed", "aqueous", feed, temperature=330.0))
    unit = plant.add(
        AzeotropeStill(
            "U", recovery=0.995, azeotrope_water=(1 - x) / x, azeotrope_temperature=T,
            condenser_temperature=308.15, reflux_ratio=3.0, pressure=ATM,
        )
    )  # fmt: skip
    plant.connect(source.out, unit.feed, "spent wash water")
    coarse = plant.solve()
    for key in ("duty", "condenser_duty", "acetonitrile_left"):
        assert fine[f"U.{key}"] == pytest.approx(coarse[f"U.{key}"], rel=4e-3)


def test_methanol_does_not_all_leave_with_the_azeotrope() -> None:
    """Above the feed methanol is more volatile than the azeotrope, in water below it is less so."""
    s = washed({WATER: 100.0, ACN: 3.0, MEOH: 0.2, "NH3": 0.01}, feed_stage=6).solve()
    got = s.stream_results["U.distillate"].flows
    assert 0.3 < got[MEOH] / 0.2 < 0.97
    assert s["U.ammonia_recovery"] > 0.95


@pytest.mark.parametrize(
    ("feed", "words"),
    [
        ({WATER: 2.0, ACN: 8.0}, "beyond the azeotrope, 69.8 mol% acetonitrile at 349.80 K"),
        ({WATER: 100.0, ACN: 3.0, "NH3": 0.01, "H2SO4": 0.02}, "the wash water is acid"),
    ],
)
def test_azeotrope_column_refuses(feed: dict[str, float], words: str) -> None:
    with pytest.raises(Refusal, match=words):
        washed(feed).solve()
