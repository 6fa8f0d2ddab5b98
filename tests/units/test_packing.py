"""Packings: Onda against consequences that its paper prints, Robbins against Perry's example."""

import math

import CoolProp.CoolProp as cp
import pytest

from noxplant import packing
from noxplant.errors import Refusal, SpecError, SpeciesError
from noxplant.thermo import film, transport

PALL = "plastic Pall rings 50 mm"


@pytest.mark.oracle
@pytest.mark.parametrize("celsius", [12.0, 25.0, 50.0, 80.0, 99.0])
def test_transport_against_coolprop(celsius):
    T = celsius + 273.15
    water = cp.PropsSI("V", "T", T, "P", 101325.0, "Water")
    assert transport.water_viscosity(T) == pytest.approx(water, rel=0.0095)
    sigma = cp.PropsSI("I", "T", T, "Q", 0, "Water")
    assert transport.surface_tension(T) == pytest.approx(sigma, rel=1.3e-3)
    air = cp.PropsSI("V", "T", T, "P", 101325.0, "Air")
    assert transport.air_viscosity(T) == pytest.approx(air, rel=8e-3)


@pytest.mark.oracle
@pytest.mark.parametrize(
    ("name", "T", "crc"),
    [
        ("H2O", 293.15, 0.242),
        ("H2O", 373.15, 0.399),
        ("CO2", 293.15, 0.160),
        ("CO2", 373.15, 0.252),
    ],
)
def test_diffusion_in_air_against_the_crc_table(name, T, crc):
    assert transport.gas_diffusivity(name, T, 101325.0) == pytest.approx(crc * 1e-4, rel=0.042)


@pytest.mark.oracle
@pytest.mark.parametrize(
    ("celsius", "crc"), [(10, 1.26), (15, 1.45), (20, 1.67), (30, 2.17), (35, 2.47)]
)
def test_diffusion_of_carbon_dioxide_in_water_against_the_crc_table(celsius, crc):
    # The table's own slope; the model knows its value at 25 C and the viscosity of water only.
    d = transport.liquid_diffusivity("CO2", celsius + 273.15)
    assert d == pytest.approx(crc * 1e-9, rel=0.05)


def test_rate_of_carbon_dioxide_with_hydroxide():
    # Harriott, Chemical Reactor Design, example 7.3: 8500 L/mol/s at 25 C.
    rate = 1e3 * transport.carbon_dioxide_rate("OH-", 298.15)
    assert rate == pytest.approx(8500, rel=0.015)


def test_j_factor_that_onda_prints():
    """Equation 4 of Onda: for spheres a d = 6 (1 - void) = 3.4, equation 3 is j_D = 0.771 Re^-0.30.

    Re = G d/mu/(1 - void), j_D = k_G R T rho Sc^(2/3)/G (per mass flux).
    """
    void, size = 1 - 3.4 / 6, 0.025
    p = packing.Packing("spheres", size, 3.4 / size, void, 100.0, 100.0, 0.061)
    for flux in (0.5, 2.0):
        for d in (1e-5, 3e-5):
            rho, mu, T = 1.2, 1.8e-5, 300.0
            k = packing.gas_film(p, flux, rho, mu, d, T) * 8.314462618 * T  # m/s
            j = k * rho / flux * (mu / rho / d) ** (2 / 3)
            reynolds = flux * size / mu / (1 - void)
            assert j * reynolds**0.30 == pytest.approx(0.771, rel=6e-3)


def test_slope_of_the_liquid_side_lies_in_the_window_of_its_exponents():
    """k_L a against L has a slope between 2/3 and 0.8, whatever the packing (1968 exponents)."""
    for name in packing.names():
        p = packing.packing(name)
        for flux in (0.5, 5.0, 20.0):

            def k(load, p=p):
                a = packing.wetted_area(p, load, 998.0, 1e-3, 0.072)
                assert 0 < a < p.area
                return a * packing.liquid_film(p, a, load, 998.0, 1e-3, 1.6e-9)

            slope = math.log(k(flux * 1.01) / k(flux)) / math.log(1.01)
            assert 2 / 3 < slope <= 0.8


def test_onda_in_the_units_of_its_paper():
    """m, kg, hr, kg-mole, atm, K; sigma in kg/hr2: the same coefficients."""
    p, h = packing.packing("ceramic Raschig rings 25 mm"), 3600.0
    a, d, sigma, mu, rho, flux = p.area, p.size, 0.072 * h**2, 1e-3 * h, 998.0, 3.0 * h
    g = 9.80665 * h**2
    wet = (p.surface_tension * h**2 / sigma) ** 0.75 * (flux / a / mu) ** 0.1
    wet *= (flux**2 * a / rho**2 / g) ** -0.05 * (flux**2 / rho / sigma / a) ** 0.2
    area = a * (1 - math.exp(-1.45 * wet))
    assert packing.wetted_area(p, 3.0, rho, 1e-3, 0.072) == pytest.approx(area)
    diffusion = 1.6e-9 * h
    k = 0.0051 * (flux / area / mu) ** (2 / 3) * (mu / rho / diffusion) ** -0.5 * (a * d) ** 0.4
    k /= (rho / mu / g) ** (1 / 3)  # m/hr
    assert packing.liquid_film(p, area, 3.0, rho, 1e-3, 1.6e-9) == pytest.approx(k / h)
    gas, vis, dif, R, T = 1.5 * h, 1.8e-5 * h, 2.3e-5 * h, 0.082057366, 300.0
    k = (
        5.23
        * (gas / a / vis) ** 0.7
        * (vis / 1.2 / dif) ** (1 / 3)
        * (a * d) ** -2
        * a
        * dif
        / R
        / T
    )
    si = k * 1e3 / h / 101325.0  # kg-mole/m2/hr/atm to mol/m2/s/Pa
    assert packing.gas_film(p, 1.5, 1.2, 1.8e-5, 2.3e-5, T) == pytest.approx(si, rel=1e-6)


def test_pressure_drop_of_perrys_example():
    # fluids.packed_tower.Robbins, "based on the example in Perry's": 619.66 Pa over 2 m, F_pd 24 /ft.
    p = packing.Packing("example", 0.05, 100.0, 0.95, 80.0, 24 / 0.3048, 0.075)
    gradient = packing.pressure_gradient(p, 12.2, 2.03, 1000.0, 1.1853, 1e-3)
    assert 2 * gradient == pytest.approx(619.6624593438102, rel=1e-6)


FELLINGER = {
    "ceramic Raschig rings 25 mm": (6.41, 0.32, 0.51, (200, 600)),
    "ceramic Raschig rings 50 mm": (3.82, 0.41, 0.45, (200, 800)),
    "ceramic Berl saddles 25 mm": (1.97, 0.36, 0.40, (200, 800)),
    "ceramic Berl saddles 38 mm": (5.05, 0.32, 0.45, (200, 1000)),
}
"""H_G = alpha G^beta/L^gamma Sc^0.5 in ft, G and L in lb/h/ft2, with the range of G; L 500 to 4500.

Fit to Fellinger's measurements of ammonia, air and water (Sc.D. thesis, MIT 1941) as Treybal, Mass-
Transfer Operations, tabulates it; recalled, not looked up.
"""


def heights(name):
    """H_G of the model over that of Fellinger's fit, over its range."""
    alpha, beta, gamma, (low, high) = FELLINGER[name]
    p, T, out = packing.packing(name), 298.15, []
    rho, mu = 101325.0 * 0.02897 / 8.314462618 / T, transport.air_viscosity(T)
    d = transport.gas_diffusivity("NH3", T, 101325.0)
    for gas in (low, (low * high) ** 0.5, high):
        for liquid in (500, 1500, 4500):
            feet = alpha * gas**beta / liquid**gamma * (mu / rho / d) ** 0.5
            flux, load = gas / 737.338, liquid / 737.338
            area = packing.wetted_area(p, load, 997.0, 0.89e-3, 0.072)
            k = packing.gas_film(p, flux, rho, mu, d, T)
            out.append(flux / 0.02897 / (k * area * 101325.0) / (feet * 0.3048))
    return out


@pytest.mark.oracle
@pytest.mark.parametrize("name", sorted(FELLINGER))
def test_height_of_a_gas_film_unit_against_measured_ammonia(name):
    """Onda states 30 % for the gas film and 20 % for the area; every point lies within 40 %.

    Root mean square 16 to 21 %, but 40 % for rings of 25 mm, whose heights come out too short at
    little liquid: the reference page says so.
    """
    found = heights(name)
    assert all(0.59 < x < 1.40 for x in found), found
    off = math.sqrt(sum(math.log(x) ** 2 for x in found) / len(found))
    few = name == "ceramic Raschig rings 25 mm"
    assert off < math.log(1.40 if few else 1.22), math.exp(off)


@pytest.mark.oracle
@pytest.mark.parametrize(("surface", "bulk"), [(0.05, 0.0), (0.47, 0.02), (0.9, 0.1), (0.1, 0.6)])
def test_drift_through_a_film_is_the_tube_of_stefan(surface, bulk):
    """One vapour through a gas that stands: flux/(k P) = ln((1 - bulk)/(1 - surface)), either way."""
    x = math.log((1 - bulk) / (1 - surface))
    alpha, beta = film.drift(x)
    assert alpha * surface - beta * bulk == pytest.approx(x, rel=1e-5, abs=1e-6)
    assert alpha == pytest.approx(x / (1 - math.exp(-x)), rel=1e-5)
    # The conduction grows by (x/2) coth(x/2).
    assert (alpha + beta) / 2 == pytest.approx(x / 2 / math.tanh(x / 2), rel=1e-5)
    assert film.drift(0.0) == (1.0, 1.0)


def test_dense_gas_raises_the_gas_load_as_robbins_has_it():
    """Above 1 atm 10^(0.3 rho), rho in lb/ft3 (Robbins 1991; Kister, equation 8.14b)."""
    p = packing.packing(PALL)
    for bar, weight in ((1.01325, 0.0), (1.3, 1.0), (3.0, 1.0)):
        rho = bar * 1e5 * 0.02897 / 8.314462618 / 298.15
        flux = 1.0 * bar**0.5
        plain = packing.loads(p, 3.0, flux, 1000.0, rho, 1e-3)
        loads = packing.loads(p, 3.0, flux, 1000.0, rho, 1e-3, bar * 1e5)
        factor = 10 ** (0.3 * weight * rho * 0.062427961)
        assert loads[0] == plain[0]
        assert loads[1] / plain[1] == pytest.approx(factor, rel=1e-3)
    assert factor == pytest.approx(1.163, abs=1e-3)  # at 3 bar: that much less gas floods
    shares = [packing.flooding_fraction(p, *x) for x in (plain, loads)]
    assert shares[1] / shares[0] == pytest.approx(factor, rel=1e-6)
    gradients = [
        packing.pressure_gradient(p, 3.0, flux, 1000.0, rho, 1e-3, pressure)
        for pressure in (101325.0, 3e5)
    ]
    assert gradients[1] > 1.163**2 * gradients[0]


def test_flooding_is_where_the_pressure_drop_is_that_of_kister_and_gill():
    p = packing.packing(PALL)
    state = (5.0, 1000.0, 1.2, 1e-3)
    liquid, gas = packing.loads(p, 5.0, 1.0, *state[1:])
    share = packing.flooding_fraction(p, liquid, gas)
    at_flood = packing.pressure_gradient(p, 5.0, 1.0 / share, *state[1:])
    # 0.115 F_p^0.7 inches of water per foot, F_p 85 1/m = 25.9 1/ft.
    assert at_flood == pytest.approx(817.22083 * 0.115 * 25.908**0.7, rel=1e-4)
    assert packing.flooding_gradient(packing.packing("ceramic Raschig rings 25 mm")) == 2.0
    # More liquid floods at less gas.
    more = packing.loads(p, 10.0, 1.0, *state[1:])
    assert packing.flooding_fraction(p, *more) > share


def test_refusals():
    with pytest.raises(SpecError, match="C-1: there are no data for a packing 'plastic Pal rings'"):
        packing.packing("plastic Pal rings", "C-1")
    with pytest.raises(SpeciesError, match="no diffusivity of 'SO2' in air"):
        transport.gas_diffusivity("SO2", 300.0, 1e5)
    with pytest.raises(Refusal, match="viscosity of water holds from 273.15 to 373.15 K"):
        transport.water_viscosity(25.0)
