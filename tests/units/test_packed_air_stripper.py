import math

import numpy as np
import pytest
from CoolProp.CoolProp import PropsSI
from CoolProp.HumidAirProp import HAPropsSI
from scipy.integrate import solve_bvp
from scipy.optimize import brentq

from noxplant import packing
from noxplant.errors import ModelError, Refusal, SpecError
from noxplant.examples.packed import packed_air_stripper
from noxplant.flowsheet.graph import Flowsheet
from noxplant.thermo import aqueous, equilibrium, transport, water
from noxplant.units.air_stripper import AirStripper
from noxplant.units.feed import Feed
from noxplant.units.packed_air_stripper import PackedAirStripper

DRY = 0.0289652  # kg/mol of dry air
PALL = "plastic Pall rings 50 mm"


def plant(liquid, gas, hot, cold=298.15, unit=None, **options):
    p = Flowsheet("p")
    a = p.add(Feed("A", "aqueous", liquid, temperature=hot))
    b = p.add(Feed("B", "gas", gas, temperature=cold))
    given = {"packing": PALL, "cells": 10, "height": 4.0, "section": 0.6}
    u = p.add(unit or PackedAirStripper("U", **{**given, "relative_viscosity": 1.0, **options}))
    p.connect(a.out, u.liquid, "liquid")
    p.connect(b.out, u.gas, "gas")
    return p


def humid(mass, celsius=25.0, humidity=0.5):
    n = mass / DRY
    p = humidity * water.saturation_pressure(celsius + 273.15)
    return {"N2": 0.79 * n, "O2": 0.21 * n, "H2O": n * p / (101325.0 - p)}


@pytest.mark.parametrize(
    ("flow", "cut"),
    [(700.0, (6, 12, 24)), pytest.param(1500.0, (12,), marks=pytest.mark.slow)],
)
def test_trace_in_isothermal_column_is_the_closed_form(flow, cut):
    """Note 4 D: remaining = (S - 1)/(S exp(NTU_OL (S - 1)/S) - 1), NTU_OL = S NTU_OG."""
    p = water.saturation_pressure(293.15)
    gas = {"N2": flow, "H2O": flow * p / (101325.0 - p)}
    found = {}
    for cells in cut:
        liquid = {"H2O": 1e3, "NH3": 1e-5, "KOH": 1.0}
        s = plant(liquid, gas, 293.15, 293.15, cells=cells, section=30.0, height=6.0).solve()
        henry = math.exp(aqueous.ln_henry("NH3", 293.15)) / (1e3 * 0.01801528)
        mean = 101325.0 - s["U.pressure_drop"] / 2
        factor = henry * sum(gas.values()) / mean
        left = equilibrium.packed_remaining(factor, factor * s["U.transfer_units"])
        found[cells] = (1 - s["U.removal"]) / left - 1
    # What is left is the expansion of the gas along the bed, which the closed form does not know.
    assert abs(found[cut[-1]]) < 4e-3
    if len(cut) == 3:  # second order in the cells
        order = (found[6] - found[12]) / (found[12] - found[24])
        assert order == pytest.approx(4.0, rel=0.1)


@pytest.mark.oracle
def test_little_water_leaves_at_the_wet_bulb_temperature_of_the_air():
    little = {"H2O": 0.3 * 55.508, "NH3": 1e-6, "KOH": 1e-3}
    options = {"packing": "ceramic Berl saddles 25 mm", "height": 5.0}
    s = plant(little, humid(1.0), 300.0, **options).solve()
    wet_bulb = HAPropsSI("B", "T", 298.15, "P", 101325.0, "R", 0.5)
    assert s.stream("U.liquid_out").temperature == pytest.approx(wet_bulb, abs=0.05)


@pytest.mark.oracle
def test_one_stage_of_water_is_that_of_humid_air():
    """Note 4 F: 1 kg of water of 40 C and 1 kg dry air, 25 C, 50 %: 29.383 C, 0.01641 kg evaporate."""
    stage = AirStripper("U", stages=1)
    s = plant({"H2O": 55.508, "NH3": 1e-7, "KOH": 1e-6}, humid(1.0), 313.15, unit=stage).solve()

    def air(what, T, humidity):
        return HAPropsSI(what, "T", T, "P", 101325.0, "R", humidity)

    def rest(T):
        evaporated = air("W", T, 1.0) - air("W", 298.15, 0.5)
        left = PropsSI("H", "T", T, "P", 101325.0, "Water") * (1 - evaporated)
        brought = PropsSI("H", "T", 313.15, "P", 101325.0, "Water") + air("H", 298.15, 0.5)
        return air("H", T, 1.0) + left - brought

    T = brentq(rest, 290.0, 312.0)
    assert pytest.approx(29.383 + 273.15, abs=0.05) == T
    assert s.stream("U.liquid_out").temperature == pytest.approx(T, abs=0.05)
    evaporated = s["U.water_evaporated"] * 0.01801528
    assert evaporated == pytest.approx(0.01641, rel=6e-3)


def independent(height, section, hot, koh=0.01):
    """Liquid out (K, mol/s NH3) of the column of case F by SciPy, psychrometry by hand.

    Unknowns from the bottom up: water and ammonia in the liquid, its temperature; water and ammonia
    in the gas, its temperature. h = 1.006 t + W (2501 + 1.86 t), water 4.18 kJ/kg/K, 34.18 kJ/mol.
    """
    air, vapour = humid(1.0), humid(1.0)["H2O"]
    n_air = air["N2"] + air["O2"]
    p_bed = packing.packing(PALL)

    def rates(x):
        n_w, n_a, T, v, g, t = x
        total = n_air + v + g
        kg = 0.018015 * n_w
        mass = 0.018015 * 55.508 + 0.5 * 0.017
        flux, gas_flux = mass / section, (1.0 + 0.018 * v) / section
        rho = 101325.0 / 8.314462618 / t * (1.0 + 0.018 * v) / total
        mu = transport.water_viscosity(T)
        area = packing.wetted_area(p_bed, flux, 985.0, mu, transport.surface_tension(T))
        k = {}
        for j in ("H2O", "NH3"):
            d = transport.gas_diffusivity(j, t, 101325.0)
            k[j] = packing.gas_film(p_bed, gas_flux, rho, transport.air_viscosity(t), d, t)
        d = transport.liquid_diffusivity("NH3", T)
        k_l = packing.liquid_film(p_bed, area, flux, 985.0, mu, d)
        henry = np.exp(aqueous.ln_henry("NH3", T))
        m = n_a / kg  # alkaline: all of it is NH3
        k_a = 1 / (1 / k["NH3"] + henry / (k_l * 985.0 * kg / mass))
        a_w = np.exp(-0.018015 * (m + 2 * koh / kg))
        water_rate = k["H2O"] * (water.saturation_pressure(T) * a_w - v / total * 101325.0)
        ammonia = k_a * (henry * m - g / total * 101325.0)
        cp = 1006.0 * 1.0 + 1860.0 * 0.018015 * v + 36.0 * g  # W/K of the gas
        film = k["H2O"] * 101325.0 * cp / total * (T - t)
        return area * section * np.array([water_rate, ammonia, film]), cp

    def slopes(z, x):
        (w, a, q), cp = rates(x)
        T, t = x[2], x[5]
        latent = 0.018015 * (2.501e6 + 1860.0 * (T - 273.15) - 4180.0 * (T - 273.15))
        fall = w * latent + a * 34180.0 + q  # taken from the liquid
        warm = (q + (w * 0.018015 * 1860.0 + a * 36.0) * (T - t)) / cp
        # z from the top down: the liquid loses, the gas (flowing up) gains towards smaller z.
        return np.array([-w, -a, -fall / (4180.0 * 0.018015 * x[0]), -w, -a, -warm])

    def ends(top, bottom):
        inlet = [top[0] - 55.508, top[1] - 0.5, top[2] - hot]
        return np.array([*inlet, bottom[3] - vapour, bottom[4], bottom[5] - 298.15])

    z = np.linspace(0.0, height, 41)
    one = np.ones_like(z)
    start = [54.0 * one, 0.5 - 0.3 * z / height, hot - 25 * z / height]
    start += [1.5 * one, 0.3 - 0.3 * z / height, 305.0 * one]
    found = solve_bvp(slopes, ends, z, np.array(start), tol=1e-5, max_nodes=4000)
    assert found.success, found.message
    return found.y[2][-1], found.y[1][-1], found.y[0][-1]


@pytest.mark.oracle
@pytest.mark.parametrize("hot", [pytest.param(323.15, marks=pytest.mark.slow), 333.15])
def test_hot_column_against_scipy(hot):
    T, ammonia, rest = independent(3.0, 0.6, hot)
    liquid = {"H2O": 55.508, "NH3": 0.5, "KOH": 0.01}
    s = plant(liquid, humid(1.0), hot, height=3.0, cells=24).solve()
    assert s.stream("U.liquid_out").temperature == pytest.approx(T, abs=0.06)
    # The gas flux is that of the middle here and the local one there: 1 % of the ammonia left.
    assert 1 - s["U.removal"] == pytest.approx(ammonia / 0.5, rel=0.013)
    assert s["U.water_evaporated"] == pytest.approx(55.508 - rest, rel=0.012)


def test_tall_column_is_many_stages():
    """Rigorous and minimal coincide where nothing is limited by rates (without CO2)."""
    liquid = {"H2O": 55.508, "NH3": 0.5, "KOH": 0.01}
    s = plant(liquid, humid(0.25), 323.15, height=10.0, cells=16, section=0.5).solve()
    stages = AirStripper("U", stages=12, pressure_drop=s["U.pressure_drop"])
    m = plant(liquid, humid(0.25), 323.15, unit=stages).solve()
    assert s["U.removal"] == pytest.approx(m["U.removal"], rel=4e-3)
    for port in ("liquid_out", "gas_out"):
        found = s.stream(f"U.{port}").temperature
        assert found == pytest.approx(m.stream(f"U.{port}").temperature, abs=0.15)


def test_carbon_dioxide_is_far_from_equilibrium():
    """Stages take up all of the air's CO2; at a finite rate 0.01 mol/kg of KOH takes a little."""
    s = packed_air_stripper().solve()
    assert 0.01 < s["U.carbon_dioxide_absorbed"] / 0.0145 < 0.2
    strong = {"H2O": 55.508, "NH3": 0.5, "KOH": 2.0}
    air = {**humid(1.0), "CO2": 0.0145}
    more = plant(strong, air, 323.15, cells=6).solve()
    weak = plant({**strong, "KOH": 0.02}, air, 323.15, cells=6).solve()
    assert more["U.carbon_dioxide_absorbed"] > 4 * weak["U.carbon_dioxide_absorbed"]


@pytest.mark.oracle
def test_uptake_of_carbon_dioxide_in_strong_alkali_is_that_of_the_fast_reaction():
    """Short bed: p/H sqrt(D (k_OH c_OH + k_NH3 c_NH3)) per area, whatever k_L; gas film by Onda."""
    T, section, height, flow = 298.15, 0.6, 0.05, 40.0
    p = water.saturation_pressure(T)
    gas = {"N2": flow, "CO2": 0.4, "H2O": flow * p / (101325.0 - p)}
    liquid = {"H2O": 111.0, "KOH": 2.0, "NH3": 1.0}
    s = plant(liquid, gas, T, T, cells=2, height=height, section=section).solve()
    mu, flux, rho = transport.water_viscosity(T), s["U.liquid_flux"], s["U.liquid_density"]
    bed = packing.packing(PALL)
    area = packing.wetted_area(bed, flux, rho, mu, transport.surface_tension(T))
    d = transport.liquid_diffusivity("CO2", T)
    k_l = packing.liquid_film(bed, area, flux, rho, mu, d)
    per_volume = rho / (flux * section)  # of what flows, s/m3
    rate = (8.415 * 2.0 + 0.4404 * (1.0 - s["U.transferred"] / 2)) * per_volume
    fast = math.sqrt(k_l**2 + d * rate)
    assert fast > 8 * k_l
    henry = math.exp(aqueous.ln_henry("CO2", T)) / (111.0 * 0.01801528 * per_volume)
    air = 101325.0 / 8.314462618 / T * 0.0281
    d_gas = transport.gas_diffusivity("CO2", T, 101325.0)
    k_g = packing.gas_film(bed, s["U.gas_flux"], air, transport.air_viscosity(T), d_gas, T)
    mean = (0.4 - s["U.carbon_dioxide_absorbed"] / 2) / sum(gas.values()) * 101325.0
    expected = mean / (1 / k_g + henry / fast) * area * section * height
    assert s["U.carbon_dioxide_absorbed"] == pytest.approx(expected, rel=0.02)


def test_removal_rises_as_measured():
    """Cases B and C of the note: with pH, temperature and gas per liquid; it does not hang on strength."""

    def removal(koh=0.0, hot=313.15, air=0.6, ammonia=0.1, salt=0.1):
        liquid = {"H2O": 55.5, "NH4Cl": salt, "NH3": ammonia, "KOH": koh}
        return plant(liquid, humid(air), hot, cells=5, height=2.5).solve()["U.removal"]

    base = removal()
    assert removal(koh=0.08) > base
    assert removal(hot=323.15) > base
    assert removal(air=0.9) > base
    half = removal(ammonia=0.05, salt=0.05)
    assert half == pytest.approx(base, rel=0.02)


def test_acid_liquor_warns_that_nothing_leaves():
    liquid = {"H2O": 55.5, "NH4Cl": 0.1, "HCl": 0.01}
    s = plant(liquid, humid(0.6), 313.15, cells=4, height=2.0).solve()
    assert any("of the liquid's ammonia is free NH3 at p_H 2" in w for w in s.warnings)
    assert s["U.removal"] < 1e-4


def test_ph_falls_where_ammonia_is_the_only_base():
    s = plant({"H2O": 55.5, "NH3": 0.5}, humid(1.0), 323.15, cells=6).solve()
    t = [s[f"U.liquid_temperature[cell {n}]"] for n in range(1, 7)]
    assert t == sorted(t, reverse=True)
    # At one temperature pH is that of the ammonia left: half of -log10 per decade.
    cold = {"H2O": 1000.0, "NH3": 1.0}
    same = plant(cold, humid(50.0, 20.0, 1.0), 293.15, 293.15, cells=6, section=25.0).solve()
    ph = [same[f"U.ph[cell {n}]"] for n in range(1, 7)]
    assert ph == sorted(ph, reverse=True)
    left = 1 - same["U.removal"]
    fed = same.stream("liquid").ph
    assert fed - ph[-1] == pytest.approx(-math.log10(left) / 2, abs=0.05)


def test_sizing_by_exchange():
    p = plant({"H2O": 55.5, "NH3": 0.5, "KOH": 0.1}, humid(1.0), 323.15, cells=6)
    p.exchange("U.flooding[top]", 0.7, freed="U.section")
    p.exchange("U.removal", 0.75, freed="U.height")
    s = p.solve()
    assert s["U.flooding[top]"] == pytest.approx(0.7)
    assert s["U.removal"] == pytest.approx(0.75)
    assert 0.2 < s["U.section"] < 0.6
    assert s["U.transfer_height"] * s["U.transfer_units"] == pytest.approx(s["U.height"])


def test_refusals():
    liquid = {"H2O": 55.5, "NH3": 0.5, "KOH": 0.1}
    flooded = r"floods at the \w+: the gas rises at [\d.]+ m/s, 1\.\d+ times the [\d.]+ m/s"
    with pytest.raises(Refusal, match=flooded):
        plant(liquid, humid(1.0), 323.15, section=0.2, cells=6).solve()
    with pytest.raises(Refusal, match="a cell has .* transfer units; above 1 the cells are too"):
        plant(liquid, humid(1.0), 323.15, height=8.0, cells=4).solve()
    with pytest.raises(SpecError, match="no data for a packing 'rocks'"):
        PackedAirStripper("U", packing="rocks", height=1.0, section=1.0, relative_viscosity=1.0)
    with pytest.raises(SpecError, match="U.cells = 1: give a whole number"):
        PackedAirStripper("U", packing=PALL, cells=1)
    with pytest.raises(ModelError, match=r"the liquid brings no ammonia, N\(-3\)"):
        plant({"H2O": 55.5}, humid(1.0), 300.0).build()
    with pytest.raises(ModelError, match="N2H4 would pass .* no diffusivities of N2H4"):
        plant({"H2O": 55.5, "NH3": 0.1, "N2H4": 0.1}, humid(1.0), 300.0).build()
