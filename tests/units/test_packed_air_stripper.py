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


def trace(factor, height, section, cells):
    """What is left of a trace in an isothermal column, over the closed form, less 1.

    Note 4 D: remaining = (S - 1)/(S exp(NTU_OL (S - 1)/S) - 1), NTU_OL = S NTU_OG (Colburn).
    """
    T = 333.15
    p = water.saturation_pressure(T) * math.exp(-2e-3)  # over 1 KOH in 1000 water: no heat flows
    henry = math.exp(aqueous.ln_henry("NH3", T)) / (1e3 * 0.01801528)
    total = factor * 101325.0 / henry
    gas = {"N2": total * (1 - p / 101325.0), "H2O": total * p / 101325.0}
    liquid = {"H2O": 1e3, "NH3": 1e-4, "KOH": 1.0}
    s = plant(liquid, gas, T, T, cells=cells, section=section, height=height).solve()
    S = factor * 101325.0 / (101325.0 - s["U.pressure_drop"] / 2)
    left = equilibrium.packed_remaining(S, S * s["U.transfer_units"])
    return (1 - s["U.removal"]) / left - 1, left


@pytest.mark.parametrize(
    ("factor", "height", "section", "cells", "least"),
    [
        (0.5, 4.0, 15.0, 10, 0.5),
        pytest.param(1.0, 3.0, 15.0, 10, 0.2, marks=pytest.mark.slow),
        pytest.param(2.0, 2.0, 20.0, 16, 0.1, marks=pytest.mark.slow),
        (7.0, 1.0, 80.0, 18, 0.05),
        (20.0, 0.7, 160.0, 32, 0.03),
    ],
)
def test_trace_in_isothermal_column_is_the_closed_form(factor, height, section, cells, least):
    off, left = trace(factor, height, section, cells)
    assert left < least + 0.02
    assert abs(off) < 2e-3  # the gas expands along the bed, which the closed form does not know


def test_the_cells_are_of_fourth_order():
    coarse, middle, fine = (trace(0.5, 3.6, 15.0, cells)[0] for cells in (6, 12, 24))
    assert (coarse - middle) / (middle - fine) == pytest.approx(16.0, rel=0.35)
    assert abs(middle - fine) < 2e-4


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


def stefan(x):
    """Weights of both sides of a film under a net flow: x/(1 - exp(-x)), x/(exp(x) - 1)."""
    x = np.where(np.abs(x) < 1e-9, 1e-9, x)
    return x / -np.expm1(-x), x / np.expm1(x)


def film_rates(height, section, hot, koh, air_mass, drop):
    """What passes per height: water, ammonia [mol/s/m], heat of the film [W/m], and the gas's W/K.

    Fluxes of liquid and gas are local; the vapour drifts through the gas film (Stefan, Ackermann).
    """
    air = humid(air_mass)
    n_air = air["N2"] + air["O2"]
    p_bed = packing.packing(PALL)

    def rates(z, x):
        n_w, n_a, T, v, g, t = x
        p = 101325.0 - drop * (1 - z / height)
        total = n_air + v + g
        kg = 0.018015 * n_w
        mass = kg + 0.01703 * n_a + 0.0561 * koh
        gas_mass = air_mass + 0.018015 * v + 0.01703 * g
        flux, gas_flux = mass / section, gas_mass / section
        rho = p / 8.314462618 / t * gas_mass / total
        mu, dense = transport.water_viscosity(T), water.density(hot) * 0.995
        area = packing.wetted_area(p_bed, flux, dense, mu, transport.surface_tension(T))
        k = {}
        for j in ("H2O", "NH3"):
            d = transport.gas_diffusivity(j, t, p)
            k[j] = packing.gas_film(p_bed, gas_flux, rho, transport.air_viscosity(t), d, t)
        d = transport.liquid_diffusivity("NH3", T)
        k_l = packing.liquid_film(p_bed, area, flux, dense, mu, d)
        henry = np.exp(aqueous.ln_henry("NH3", T))
        m = n_a / kg  # alkaline: all of it is NH3
        behind = henry / (k_l * dense * kg / mass)
        a_w = np.exp(-0.018015 * (m + 2 * koh / kg))
        wet, moist = water.saturation_pressure(T) * a_w, v / total * p
        net = 0.0 * T
        for _ in range(60):  # a fixed point: it contracts by the mole fraction of vapour
            to, fro = stefan(net / (k["H2O"] * p))
            water_rate = k["H2O"] * (to * wet - fro * moist)
            to, fro = stefan(net / (k["NH3"] * p))
            ammonia = (to * henry * m - fro * g / total * p) / (1 / k["NH3"] + to * behind)
            net = water_rate + ammonia
        cp = 1006.0 * air_mass + 1880.0 * 0.018015 * v + 36.0 * g  # W/K of the gas
        ackermann = sum(stefan(net / (k["H2O"] * p))) / 2
        film = k["H2O"] * p * cp / total * (T - t) * ackermann
        return area * section * np.array([water_rate, ammonia, film]), cp

    return rates


def independent(height, section, hot, koh=0.01, air_mass=1.0, drop=0.0):
    """Liquid out (K, mol/s NH3, mol/s H2O) of a column like case F by SciPy, heats by CoolProp.

    Unknowns from the top down: water and ammonia in the liquid, its temperature; water and ammonia
    in the gas, its temperature. Air 1.006, vapour 1.88 kJ/kg/K, ammonia 36 J/mol/K and 34.18 kJ/mol.
    """
    grid = np.linspace(285.0, hot, 30)
    ends = [PropsSI("H", "T", grid, "Q", q, "Water") for q in (0, 1)]
    evaporation = np.polyfit(grid, ends[1] - ends[0], 3)
    heat = np.polyfit(grid, PropsSI("C", "T", grid, "Q", 0, "Water"), 3)
    vapour = humid(air_mass)["H2O"]
    rates = film_rates(height, section, hot, koh, air_mass, drop)

    def slopes(z, x):
        (w, a, q), cp = rates(z, x)
        T, t = x[2], x[5]
        each = w * 0.018015 * 1880.0 + a * 36.0  # heat capacity of what passes, W/K
        latent = 0.018015 * np.polyval(evaporation, T)
        q = q - each * (T - t) / 2  # at the surface: what passes is warm halfway (Ackermann)
        fall = w * latent + a * 34180.0 + q  # taken from the liquid
        # z from the top down: the liquid loses, the gas (flowing up) gains towards smaller z.
        warm = (q + each * (T - t)) / cp
        return np.array([-w, -a, -fall / (np.polyval(heat, T) * 0.018015 * x[0]), -w, -a, -warm])

    def ends(top, bottom):
        inlet = [top[0] - 55.508, top[1] - 0.5, top[2] - hot]
        return np.array([*inlet, bottom[3] - vapour, bottom[4], bottom[5] - 298.15])

    z = height * np.linspace(0.0, 1.0, 61) ** 2
    one, down = np.ones_like(z), np.exp(-z / height * 2)
    start = [52.0 + 3.5 * down, 0.5 * down, 295.0 + (hot - 295.0) * down]
    start += [vapour + 2.0 * down, 0.5 * down, 296.0 * one + (hot - 320.0) * down]
    found = solve_bvp(slopes, ends, z, np.array(start), tol=1e-5, max_nodes=8000)
    assert found.success, found.message
    return found.y[2][-1], found.y[1][-1], found.y[0][-1]


@pytest.mark.oracle
@pytest.mark.parametrize(
    ("hot", "air", "section", "cells", "close"),
    [
        pytest.param(323.15, 1.0, 0.6, 16, 4e-3, marks=pytest.mark.slow),
        pytest.param(343.15, 1.8, 1.0, 20, 6e-3, marks=pytest.mark.slow),
        (353.15, 1.74, 0.9, 20, 8e-3),
        pytest.param(353.15, 1.74, 0.9, 40, 4e-3, marks=pytest.mark.slow),
        pytest.param(363.15, 1.16, 0.8, 20, 2e-2, marks=pytest.mark.slow),
        pytest.param(363.15, 1.16, 0.8, 40, 4e-3, marks=pytest.mark.slow),
    ],
)
def test_hot_column_against_scipy(hot, air, section, cells, close):
    """Stripping factors of ammonia from 2 to 10 where the liquor enters, of heat up to 13."""
    liquid = {"H2O": 55.508, "NH3": 0.5, "KOH": 0.01}
    s = plant(liquid, humid(air), hot, height=3.0, section=section, cells=cells).solve()
    drop = s["U.pressure_drop"]
    T, ammonia, rest = independent(3.0, section, hot, air_mass=air, drop=drop)
    assert s.stream("U.liquid_out").temperature == pytest.approx(T, abs=0.06)
    assert 1 - s["U.removal"] == pytest.approx(ammonia / 0.5, rel=close)
    assert s["U.water_evaporated"] == pytest.approx(55.508 - rest, rel=5e-3)


def test_coarse_cells_of_a_hot_column_are_refused_and_not_called_exhausted():
    liquid = {"H2O": 55.508, "NH3": 0.5, "KOH": 0.05}
    told = (
        r"a cell has [\d.]+ transfer units of heat and water, .* Make the unit with more than its 8"
    )
    with pytest.raises(Refusal, match=told):
        plant(liquid, humid(1.74), 353.15, section=0.9, cells=8).solve()


@pytest.mark.oracle
@pytest.mark.parametrize("celsius", [30.0, 60.0, 90.0])
def test_evaporation_into_dry_gas_is_that_of_stefan(celsius):
    """A slice of bed: k P ln(P/(P - p)) per area, of water without ammonia to speak of."""
    T, section, height = celsius + 273.15, 2.0, 1e-3
    liquid = {"H2O": 500.0, "NH3": 1e-7, "KOH": 1e-3}
    s = plant(liquid, {"N2": 150.0}, T, T, cells=2, section=section, height=height).solve()
    bed, flux, rho = packing.packing(PALL), s["U.liquid_flux"], s["U.liquid_density"]
    mu = transport.water_viscosity(T)
    area = packing.wetted_area(bed, flux, rho, mu, transport.surface_tension(T))
    d = transport.gas_diffusivity("H2O", T, 101325.0)
    dry = 101325.0 / 8.314462618 / T * 0.0280134
    k = packing.gas_film(bed, s["U.gas_flux"], dry, transport.air_viscosity(T), d, T)
    cooled = (T + s.stream("U.liquid_out").temperature) / 2
    p, out = water.saturation_pressure(cooled), s.stream("U.gas_out").flows
    mean = out["H2O"] / sum(out.values()) / 2 * 101325.0
    expected = k * 101325.0 * math.log((101325.0 - mean) / (101325.0 - p)) * area * section * height
    assert s["U.water_evaporated"] == pytest.approx(expected, rel=4e-3)
    if celsius == 90.0:  # drift more than doubles it
        assert expected > 1.5 * k * (p - mean) * area * section * height


def test_steam_in_the_gas_is_told():
    liquid = {"H2O": 500.0, "NH3": 1e-3, "KOH": 1e-3}
    s = plant(liquid, {"N2": 10.0, "H2O": 6.0}, 363.15, 363.15, cells=4, height=0.05).solve()
    assert any("mol/mol water; above 0.3 the viscosity and the diff" in w for w in s.warnings)


def test_tall_column_is_many_stages():
    """Rigorous and minimal coincide where nothing is limited by rates (without CO2)."""
    liquid = {"H2O": 55.508, "NH3": 0.5, "KOH": 0.01}
    s = plant(liquid, humid(0.25), 323.15, height=20.0, cells=32, section=0.5).solve()
    stages = AirStripper("U", stages=30, pressure_drop=s["U.pressure_drop"])
    m = plant(liquid, humid(0.25), 323.15, unit=stages).solve()
    assert s["U.removal"] == pytest.approx(m["U.removal"], rel=1e-3)
    for port in ("liquid_out", "gas_out"):
        found = s.stream(f"U.{port}").temperature
        assert found == pytest.approx(m.stream(f"U.{port}").temperature, abs=0.05)


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
        return plant(liquid, humid(air), hot, cells=6, height=2.5).solve()["U.removal"]

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


def test_pressure_drop_above_an_atmosphere_is_preliminary():
    def compressed(pascals):
        p = plant({"H2O": 55.5, "NH3": 0.5, "KOH": 0.1}, humid(1.0), 323.15, height=2.0, cells=6)
        for name in ("A", "B"):
            p.units[name].give("pressure", pascals)
        return p.solve()

    told = "the gas enters at 2e+05 Pa; above 120000 Pa the pressure drop of Robbins is preliminary"
    assert any(told in w for w in compressed(2e5).warnings)
    assert not any("preliminary" in w for w in compressed(1.1e5).warnings)
    with pytest.raises(Refusal, match=r"the gas enters at 3.2e\+05 Pa; .* holds up to 300000 Pa"):
        compressed(3.2e5)


def test_refusals():
    liquid = {"H2O": 55.5, "NH3": 0.5, "KOH": 0.1}
    flooded = r"floods at the \w+: the gas rises at [\d.]+ m/s, 1\.\d+ times the [\d.]+ m/s"
    with pytest.raises(Refusal, match=flooded):
        plant(liquid, humid(1.0), 323.15, section=0.2, cells=6).solve()
    with pytest.raises(
        Refusal, match=r"transfer units of heat and water, .* above 2 or 2 % the cells are too"
    ):
        plant(liquid, humid(1.0), 323.15, height=8.0, cells=4).solve()
    with pytest.raises(SpecError, match="no data for a packing 'rocks'"):
        PackedAirStripper("U", packing="rocks", height=1.0, section=1.0, relative_viscosity=1.0)
    with pytest.raises(SpecError, match="U.cells = 1: give an even whole number, at least 2"):
        PackedAirStripper("U", packing=PALL, cells=1)
    with pytest.raises(ModelError, match=r"the liquid brings no ammonia, N\(-3\)"):
        plant({"H2O": 55.5}, humid(1.0), 300.0).build()
    with pytest.raises(ModelError, match="N2H4 would pass .* no diffusivities of N2H4"):
        plant({"H2O": 55.5, "NH3": 0.1, "N2H4": 0.1}, humid(1.0), 300.0).build()
