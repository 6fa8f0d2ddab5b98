"""Displacement wash by the dispersion model, occlusion and draining."""

import math

import numpy as np
import pytest
from scipy.integrate import quad, solve_ivp
from scipy.optimize import brentq
from scipy.special import erfc, erfcx

from noxplant.errors import ModelError, Refusal, SpeciesError
from noxplant.examples.crystals import salt_filter, washing_filter
from noxplant.flowsheet.graph import Flowsheet
from noxplant.species import molar_mass
from noxplant.testing import check_unit
from noxplant.thermo import solid
from noxplant.units.feed import Feed
from noxplant.units.washing_filter import WashingFilter
from noxplant.washing import left_in_cake

SALT = "N2H6SO4(s)"


def changed(water=6.0, **specs):
    plant = washing_filter()
    plant.units["water"].give("amount", {"H2O": water})
    for key, value in specs.items():
        plant.units["U"].give(key, value)
    return plant


def total(s, port, key):
    stream = s.stream_results[f"U.{port}"]
    return stream.totals[key] if key in stream.totals else stream.flows.get(key, 0.0)


def filtrate(w, peclet):
    """Concentration of mother liquor in the filtrate after Lapidus and Amundson."""
    half = math.sqrt(peclet / w) / 2
    x, z = (w - 1) * half, (w + 1) * half
    return 1 - (erfc(-x) + math.exp(-x * x) * erfcx(z)) / 2


@pytest.mark.parametrize("peclet", [1.0, 5.0, 50.0, 1000.0])
@pytest.mark.parametrize("w", [0.1, 0.7, 1.0, 1.6, 4.0])
def test_what_is_left_is_the_integral_of_the_wash_curve(w, peclet):
    gone = quad(filtrate, 0, w, (peclet,), points=[min(1.0, w / 2)], epsabs=1e-12, limit=400)[0]
    assert left_in_cake(w, peclet) == pytest.approx(1 - gone, abs=1e-8)


def test_against_the_dispersion_equation():
    """dc/dW = d2c/dx2 / Pe - dc/dx over a long bed, no solute through its face, by finite volumes."""
    peclet, cells, length = 20.0, 1200, 4.0
    dx = length / cells

    def slope(_, c):
        inner = (c[:-1] + c[1:]) / 2 - np.diff(c) / dx / peclet
        flux = np.concatenate(([0.0], inner, [c[-1]]))
        return -np.diff(flux) / dx

    times = [0.5, 1.0, 1.4, 2.0]
    c = solve_ivp(slope, (0, 2), np.ones(cells), "LSODA", times, rtol=1e-7, lband=1, uband=1).y
    found = c[: int(1 / dx + 0.5)].sum(axis=0) * dx
    assert found == pytest.approx([left_in_cake(w, peclet) for w in times], abs=2e-5)


def test_plug_displacement_is_the_limit():
    # The width of the front falls with the root of the Peclet number: sqrt(1/(pi Pe)) at W = 1.
    for peclet in (1e2, 1e4):
        assert left_in_cake(0.4, peclet) == pytest.approx(0.6, abs=1e-6)
        assert left_in_cake(1.0, peclet) == pytest.approx(1 / math.sqrt(math.pi * peclet), rel=0.01)
        assert left_in_cake(3.0, peclet) < 1e-9
    assert left_in_cake(0.0, 20.0) == 1.0


def test_contract():
    check_unit(washing_filter)


def test_impurity_of_the_cake_by_hand():
    """Ammonia comes with the mother liquor only: occluded, and in pores that wash and draining leave."""
    s = washing_filter().solve()
    fed = s.stream_results["slurry"]
    crystals = molar_mass(SALT) / solid.density(SALT)
    pores = 0.45 / 0.55 * crystals
    liquor = pores / s["U.held_fraction"]
    left = left_in_cake(s["U.wash_ratio"], 20.0)
    expected = 0.05 * (0.01 * crystals + 0.3 * left * pores) / liquor
    assert total(s, "cake", "N(-3)") == pytest.approx(expected, rel=1e-9)
    # Volume of the liquor fed, by the masses and the density of the note's dilute sulfuric acid.
    assert fed.mass_flow - molar_mass(SALT) == pytest.approx(liquor * 1050, rel=0.03)
    parts = [total(s, p, "N(-3)") for p in ("cake", "mother_liquor", "wash_out")]
    assert sum(parts) == pytest.approx(0.05, rel=1e-9)


def test_occlusion_is_a_floor_that_no_wash_removes():
    few, much = (changed(w).solve() for w in (10.0, 25.0))
    assert total(few, "cake", "N(-3)") > total(much, "cake", "N(-3)")
    assert total(much, "cake", "N(-3)") == pytest.approx(much["U.shut_in"] * 0.05, rel=1e-6)
    clean = changed(25.0, occluded=0.0).solve()
    assert total(clean, "cake", "N(-3)") < 1e-8


def test_a_wet_cake_washed_as_plug_is_that_of_the_minimal_filter():
    """Full pores, no occlusion, given displacement: `Filter` with the same liquor held by mass."""
    s = changed(occluded=0.0, saturation=1.0, wash_saturation=0.0).solve()
    plain = salt_filter()
    plain.units["U"].give("wash_saturation", 0.0)
    plain.units["water"].give("amount", {"H2O": 6.0})
    plain.units["U"].give("displaced", 1 - s["U.left"])
    crystals = s.stream_results["U.cake"].flows[SALT] * molar_mass(SALT)
    mother = s["U.held_fraction"] * s.stream_results["slurry"].mass_flow
    mother -= s["U.held_fraction"] * molar_mass(SALT)
    plain.units["U"].give("held_liquor", mother / crystals)
    r = plain.solve()
    for key in ("N(-3)", "S(6)"):
        assert total(r, "cake", key) == pytest.approx(total(s, "cake", key), rel=1e-6)
    # By mass instead of by volume, the wash (lighter) fills the pores with 4 % more of itself.
    assert total(r, "cake", "H2O") == pytest.approx(total(s, "cake", "H2O"), rel=0.06)


def test_no_wash_leaves_all():
    s = changed(1e-9).solve()
    assert s["U.left"] == pytest.approx(1.0, abs=1e-6)
    wet = (0.3 * 0.45 / 0.55 + 0.01) / solid.density(SALT) * 1050
    assert s["U.liquor"] == pytest.approx(wet, rel=0.02)


def test_wash_loss_is_that_of_the_note():
    # Note 3.8: q_wash S_wash, here at saturation 0.5.
    s = washing_filter().solve()
    full = solid.solubility(SALT, s.stream_results["U.cake"].temperature)
    assert s["U.dissolved"] == pytest.approx(0.5 * full * 6.0 * 0.01801528, rel=1e-9)


def test_area_and_time():
    s = washing_filter().solve()
    wash = 6.0 * 0.01801528 / 1000.0
    assert s["U.area"] == pytest.approx(wash / 2e-4, rel=2e-3)
    assert s["U.wash_time"] == pytest.approx(s["U.wash_ratio"] * 0.45 * 0.05 / 2e-4, rel=1e-9)


def test_wash_for_a_given_purity():
    """Rating becomes design: the mother liquor that stays is given, the wash found."""
    plant = washing_filter()
    plant.exchange("U.liquor", 0.009, "water.factor")
    s = plant.solve()
    again = changed(6.0 * s["water.factor"]).solve()
    assert again["U.liquor"] == pytest.approx(0.009, rel=1e-6)


def test_organic_cake():
    plant = Flowsheet("azine")
    amount = {"benzophenone azine(s)": 1.0, "acetonitrile": 300.0, "KPF6": 2.0}
    amount["benzophenone azine"] = 0.3
    feed = plant.add(Feed("slurry", "organic slurry", amount, temperature=255.0))
    wash = plant.add(Feed("solvent", "organic", {"acetonitrile": 8.0}, temperature=255.0))
    specs = dict(washing_filter().units["U"].given)
    unit = WashingFilter("U", "organic slurry", solid="benzophenone azine(s)", **specs)
    plant.connect(feed.out, plant.add(unit).feed, "slurry")
    plant.connect(wash.out, unit.wash, "solvent")
    s = plant.solve()
    kept = s["U.shut_in"] + 0.3 * s["U.left"] * s["U.held_fraction"]
    assert total(s, "cake", "KPF6") == pytest.approx(2.0 * kept, rel=1e-9)


def test_too_little_liquor():
    plant = changed(porosity=0.9)
    plant.units["slurry"].give("amount", {"H2O": 30.0})
    with pytest.raises(Refusal, match=r"less liquor than crystals and pores hold.*thinner slurry"):
        plant.solve()


@pytest.mark.parametrize(("water", "crystals"), [(500.0, 1.0), (6.0, 1e-3), (6.0, 1e-9)])
def test_wash_dissolves_all(water, crystals):
    """Much wash, few crystals, next to none (as behind a crystalliser that stays clear)."""
    plant = changed(water, wash_saturation=1.0)
    plant.units["slurry"].give("amount", {SALT: crystals})
    words = (
        rf"the wash dissolves .*% of the N2H6SO4\(s\) fed \({crystals:g} mol/s\); 90% is the most"
    )
    with pytest.raises(Refusal, match=words):
        plant.solve()


def test_names():
    specs = dict(washing_filter().units["U"].given)
    with pytest.raises(SpeciesError, match="no solid 'N2H6SO4'.*Did you mean"):
        WashingFilter("F-1", solid="N2H6SO4", **specs)
    with pytest.raises(SpeciesError, match="does not dissolve in an organic wash"):
        WashingFilter("F-1", "organic slurry", solid=SALT, **specs)
    plant = washing_filter()
    plant.units["U"].solid = "KNO3(s)"
    with pytest.raises(ModelError, match=r"brings no KNO3\(s\)"):
        plant.build()


SULFATE = "(NH4)2SO4(s)"


def sulfate_cake(wash, share, T=298.15):
    """Ammonium sulfate in its saturated liquor, washed; the solubility in mol per mole of water."""
    held = solid.solubility(SULFATE, T) * molar_mass("H2O")
    plant = Flowsheet("cake")
    amount = {"H2O": 100.0, "(NH4)2SO4": 100.0 * held, SULFATE: 10.0}
    slurry = plant.add(Feed("slurry", "slurry", amount, temperature=T))
    water = plant.add(Feed("water", "aqueous", {"H2O": 30.0, **wash(30.0 * held)}, temperature=T))
    specs = {k: washing_filter().units["U"].given[k] for k in (
        "occluded", "porosity", "thickness", "dispersivity", "wash_velocity", "saturation")}  # fmt: skip
    unit = plant.add(WashingFilter("U", solid=SULFATE, wash_saturation=share, **specs))
    plant.connect(slurry.out, unit.feed, "slurry")
    plant.connect(water.out, unit.wash, "water")
    s = plant.solve()
    cold = solid.solubility(SULFATE, s.stream_results["U.cake"].temperature) * molar_mass("H2O")
    return s, 30.0 * held, 30.0 * cold


@pytest.mark.parametrize("brought", [0.0, 0.25, 0.5, 1.0])
def test_a_wash_that_holds_the_salt_dissolves_so_much_less(brought):
    s, warm, full = sulfate_cake(lambda m: {"(NH4)2SO4": brought * m}, 0.5)
    left = max(0.5 * full - brought * warm, 0.0)
    assert s["U.dissolved"] == pytest.approx(left, rel=1e-6, abs=1e-6)


def test_acid_in_the_wash_holds_the_sulfate_back():
    """N(-3)^2 S(6) of the spent wash is that of half the solubility: (2 x)^2 (x + c) = 4 (m/2)^3."""
    s, acid, full = sulfate_cake(lambda m: {"H2SO4": m}, 0.5)
    x = brentq(lambda x: (2 * x) ** 2 * (x + acid) - 4 * (0.5 * full) ** 3, 0.0, full)
    assert x < 0.35 * full
    assert s["U.dissolved"] == pytest.approx(x, rel=1e-6)
