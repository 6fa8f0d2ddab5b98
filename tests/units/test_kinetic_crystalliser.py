"""Growth-limited crystalliser against moments integrated in time and the population's quadrature."""

import math

import pytest
from scipy.integrate import quad, solve_ivp

from noxplant.crystallisation import common_ion_solubility
from noxplant.errors import Refusal, SpeciesError
from noxplant.examples.crystals import crystal_size, kinetic_crystalliser, recrystalliser
from noxplant.species import molar_mass
from noxplant.testing import check_unit
from noxplant.thermo import solid
from noxplant.units.kinetic_crystalliser import KineticCrystalliser

SALT = "N2H6SO4(s)"
MASS, DENSITY = molar_mass(SALT), solid.density(SALT)
KG = 90.0 * molar_mass("H2O")


def changed(amount=None, **specs):
    plant = kinetic_crystalliser()
    plant.units["liquor"].give("amount", amount or {})
    for key, value in specs.items():
        plant.units["U"].give(key, value)
    return plant


def test_contract():
    check_unit(kinetic_crystalliser)


@pytest.mark.parametrize(("tau", "j"), [(7200.0, 0.7), (900.0, 0.3), (3600.0, 1.0)])
def test_against_moments_integrated_in_time(tau, j):
    """Moments m0..m3 of a stirred tank from a few seeds to the steady state; SciPy."""
    s = changed(residence_time=tau, magma_order=j).solve()
    out = s.stream_results["U.slurry"]
    water = KG / (s["U.volume"] / tau)  # kg per m3 of slurry
    full = solid.solubility(SALT, out.temperature)

    def rates(_, scaled):
        m = [x * u for x, u in zip(scaled, units, strict=True)]
        magma = 0.5 * DENSITY * m[3]
        made = magma / MASS / water
        product = (1.5 / KG - made) * (1.6 / KG - made)  # sulfate: 0.1 of free acid
        growth = 2e-7 * max(math.sqrt(product) / full - 1, 0.0) ** 1.5
        born = 3e3 * magma**j * (growth / 1e-8) ** 1.5
        slope = [born] + [k * growth * m[k - 1] for k in (1, 2, 3)]
        return [(d - x / tau) / u for d, x, u in zip(slope, m, units, strict=True)]

    size = s["U.growth"] * tau
    steady = s["U.magma_density"] / (0.5 * DENSITY)
    units = [steady / 6 / size ** (3 - k) * math.factorial(k) for k in range(4)]
    start = [0.3 * (k + 1) / 4 for k in range(4)]
    end = solve_ivp(rates, (0, 60 * tau), start, "LSODA", rtol=1e-9, atol=1e-12).y[:, -1]
    assert end == pytest.approx(1.0, rel=2e-5)


def test_mass_of_the_population_by_quadrature():
    s = kinetic_crystalliser().solve()
    growth, tau = s["U.growth"], 7200.0
    born = 3e3 * s["U.magma_density"] ** 0.7 * (growth / 1e-8) ** 1.5

    def mass(size):
        return 0.5 * DENSITY * size**3 * born / growth * math.exp(-size / growth / tau)

    whole = quad(mass, 0, 60 * growth * tau, epsabs=0, epsrel=1e-10, limit=500)[0]
    assert whole == pytest.approx(s["U.magma_density"], rel=1e-5)
    half = quad(mass, 0, s["U.median_size"], epsabs=0, epsrel=1e-10)[0]
    assert half == pytest.approx(whole / 2, rel=1e-8)


def test_growth_law_and_what_is_left():
    s = kinetic_crystalliser().solve()
    left = s["U.supersaturation_left"]
    assert s["U.growth"] == pytest.approx(2e-7 * left**1.5, rel=1e-6)
    in_liquor = (1.5 - s["U.crystals"]) * (1.6 - s["U.crystals"]) / KG**2
    assert math.sqrt(in_liquor) == pytest.approx(
        (1 + left) * solid.solubility(SALT, 278.15), rel=1e-9
    )


def test_long_residence_is_equilibrium():
    """The yield tends to that of a saturated liquor, closed form; so does `Recrystalliser`."""
    best = 1.5 - common_ion_solubility(solid.solubility(SALT, 278.15), 0.1 / KG) * KG
    short = [best - changed(residence_time=t).solve()["U.crystals"] for t in (1e4, 1e6, 1e8)]
    assert short == sorted(short, reverse=True)
    assert 0 < short[2] < 1e-3 * best
    plain = recrystalliser()
    plain.units["liquor"].give("amount", {"NH3": 0.0})
    assert plain.solve()["U.crystals"] == pytest.approx(best, rel=1e-6)


def test_size_of_the_equilibrium_model_is_that_of_long_residence():
    """`CrystalSize` behind it finds the same growth from the same magma, apart from the yield."""
    s = kinetic_crystalliser().solve()
    plant = crystal_size()
    amount = {"N2H6SO4": 1.5 - s["U.crystals"], SALT: s["U.crystals"]}
    plant.units["slurry"].give("amount", amount)
    for key in ("residence_time", "nucleation", "growth_order", "magma_order", "shape_factor"):
        plant.units["U"].give(key, kinetic_crystalliser().units["U"].given[key])
    assert plant.solve()["U.growth"] == pytest.approx(s["U.growth"], rel=1e-5)


def test_washed_out():
    """With j = 1 a crystal must leave one successor: below the residence where the cooled feed
    itself gives just one, there are none.
    """
    growth = 2e-7 * (kinetic_crystalliser().solve()["U.supersaturation"] - 1) ** 1.5
    moment = 6 * 0.5 * DENSITY * 3e3 * 1e-24
    least = (moment * (growth / 1e-8) ** 4.5) ** -0.25
    found = [
        changed(residence_time=f * least, magma_order=1.0).solve()["U.crystals"]
        for f in (0.98, 1.05)
    ]
    assert 0 <= found[0] < 1e-9
    assert found[1] > 1e-2


def test_undersaturated():
    s = changed(temperature=350.0).solve()
    assert any("undersaturated (" in w and "crystallises" in w for w in s.warnings)
    assert 0 <= s["U.crystals"] < 1e-9
    assert s["U.supersaturation_left"] < 0


@pytest.mark.parametrize("T", [270.0, 374.0])
def test_range_of_temperature(T):
    plant = changed(temperature=T)
    plant.units["U"].choose_utility("duty", "low-pressure steam/refrigeration")
    with pytest.raises(Refusal, match=r"the solubility is not known (below 273|above 373).15 K"):
        plant.solve()


def test_names():
    given = dict(kinetic_crystalliser().units["U"].given)
    with pytest.raises(SpeciesError, match="may mean two salts"):
        KineticCrystalliser("K-1", salt="hydrazine sulfate", **given)
