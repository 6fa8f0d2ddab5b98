"""Size of crystals against the population density integrated by SciPy."""

from __future__ import annotations

import math

import pytest
from scipy.integrate import quad
from scipy.special import gammainc

from noxplant.crystallisation import MEDIAN
from noxplant.errors import Refusal
from noxplant.examples.crystals import crystal_size
from noxplant.species import molar_mass
from noxplant.testing import check_unit
from noxplant.thermo import aqueous, solid

SALT = "N2H6SO4(s)"


def test_contract() -> None:
    check_unit(crystal_size)


def test_moments_of_the_population() -> None:
    """Number, mass and mass median of n0 exp(-L/(G tau)), with n0 = B/G, by quadrature."""
    plant = crystal_size()
    solution = plant.solve()
    growth, tau, magma = solution["U.growth"], 3600.0, solution["U.magma_density"]
    rate = 3e3 * magma * (growth / 1e-8) ** 1.5
    length = growth * tau

    def population(size: float) -> float:
        return rate / growth * math.exp(-size / length)

    def mass(size: float) -> float:
        return 0.5 * solid.density(SALT) * size**3 * population(size)

    whole = quad(mass, 0, 60 * length, epsabs=0, epsrel=1e-10, limit=500)[0]
    assert whole == pytest.approx(magma, rel=1e-8)
    number = quad(population, 0, 60 * length, epsabs=0, epsrel=1e-10, limit=500)[0]
    assert solution["U.number"] == pytest.approx(number, rel=1e-8)
    half = quad(mass, 0, solution["U.median_size"], epsabs=0, epsrel=1e-10)[0]
    assert half == pytest.approx(magma / 2, rel=1e-8)
    mean = quad(lambda s: s * mass(s), 0, 60 * length, epsabs=0, epsrel=1e-10, limit=500)[0]
    assert solution["U.mean_size"] == pytest.approx(mean / whole, rel=1e-8)


def test_magma_density_by_hand() -> None:
    solution = crystal_size().solve()
    out = solution.stream_results["U.out"]
    crystals = out.flows[SALT] * molar_mass(SALT)
    liquor = {j: n for j, n in out.flows.items() if j != SALT}
    volume = aqueous.volume_flow(liquor, out.temperature) + crystals / solid.density(SALT)
    assert solution["U.magma_density"] == pytest.approx(crystals / volume, rel=1e-9)


def test_median_of_the_fourth_gamma() -> None:
    assert gammainc(4, MEDIAN) == pytest.approx(0.5, abs=1e-12)


@pytest.mark.parametrize("order", [1.0, 2.0, 3.0])
def test_residence_time_law(order: float) -> None:
    """Size goes with tau^((i - 1)/(i + 3)): not at all when nucleation is of first order."""
    sizes = []
    for tau in (1800.0, 7200.0):
        plant = crystal_size()
        plant.set("U.growth_order", order)
        plant.set("U.residence_time", tau)
        sizes.append(plant.solve()["U.mean_size"])
    assert sizes[1] / sizes[0] == pytest.approx(4 ** ((order - 1) / (order + 3)), rel=1e-9)


@pytest.mark.parametrize(("order", "power"), [(1.0, 0.0), (0.0, 1 / 4.5), (0.5, 0.5 / 4.5)])
def test_magma_density_law(order: float, power: float) -> None:
    """Size goes with M^((1 - j)/(i + 3)); the density itself is in `test_magma_density_by_hand`."""
    found = []
    for crystals in (1.3, 2.6):
        plant = crystal_size()
        plant.set("U.magma_order", order)
        plant.set(f"slurry.amount[{SALT}]", crystals)
        solution = plant.solve()
        found.append((solution["U.magma_density"], solution["U.mean_size"]))
    (thin, small), (thick, large) = found
    assert 1.8 < thick / thin < 2
    assert large / small == pytest.approx((thick / thin) ** power, rel=1e-6)


def test_no_crystals_no_size() -> None:
    plant = crystal_size()
    plant.set(f"slurry.amount[{SALT}]", 0.0)
    with pytest.raises(Refusal, match=r"holds no crystals .*Cool or boil further"):
        plant.solve()
