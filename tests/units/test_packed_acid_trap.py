import math

import pytest
from scipy.optimize import brentq

from noxplant import packing
from noxplant.errors import ModelError, Refusal, SpecError
from noxplant.flowsheet.graph import Flowsheet
from noxplant.thermo import aqueous, transport, water
from noxplant.units.acid_trap import AcidTrap
from noxplant.units.feed import Feed
from noxplant.units.packed_acid_trap import PackedAcidTrap

SADDLES = "plastic Intalox saddles 50 mm"


def plant(liquid, gas, T=298.15, unit=None, **options):
    p = Flowsheet("p")
    a = p.add(Feed("A", "aqueous", liquid, temperature=T))
    b = p.add(Feed("B", "gas", gas, temperature=T))
    given = {"packing": SADDLES, "cells": 8, "height": 3.0, "section": 0.6}
    u = p.add(unit or PackedAcidTrap("U", **{**given, "relative_viscosity": 1.0, **options}))
    p.connect(a.out, u.liquid, "liquid")
    p.connect(b.out, u.gas, "gas")
    return p


def moist(n, ammonia, T=298.15):
    p = water.saturation_pressure(T)
    return {"N2": n, "H2O": n * p / (101325.0 - p), "NH3": ammonia}


@pytest.mark.parametrize(("height", "cells"), [(3.0, 6), (8.0, 14)])
def test_slip_with_acid_to_spare_is_that_of_the_gas_film(height, cells):
    """Note 5.3: outlet = inlet exp(-NTU_G) while free acid is there, whatever the number of cells."""
    liquid = {"H2O": 100.0, "H2SO4": 2.0}
    s = plant(liquid, moist(38.0, 1e-3), height=height, cells=cells).solve()
    assert 1 - s["U.capture"] == pytest.approx(math.exp(-s["U.transfer_units"]), rel=5e-3)
    assert s["U.slip"] == pytest.approx(s.stream("U.gas_out").flows["NH3"] / 39.2, rel=5e-3)


def test_half_bound_bisulfate_in_a_tall_trap():
    # Ammonia note 5.3 (4): 1 H2SO4 and 1.5 NH3 leave 0.5 of acid; no slip in a tall column.
    gas = moist(60.0, 1.5)
    s = plant({"H2O": 60.0, "H2SO4": 1.0}, gas, height=12.0, cells=16, section=1.2).solve()
    assert s["U.free_acid"] == pytest.approx(0.5, abs=2e-3)
    assert s["U.acid_ratio"] == pytest.approx(2 / 1.5)
    stages = plant({"H2O": 60.0, "H2SO4": 1.0}, gas, unit=AcidTrap("U", stages=8)).solve()
    assert s["U.capture"] == pytest.approx(stages["U.capture"], abs=1e-3)
    warm = s.stream("U.liquid_out").temperature
    assert warm == pytest.approx(stages.stream("U.liquid_out").temperature, abs=1.0)
    assert s.stream("U.liquid_out").ph == pytest.approx(stages.stream("U.liquid_out").ph, abs=0.02)


def titration(sulfate, ammonia, kg, T):
    """-log10 of the molality of H+ by charge balance, by hand."""
    k_s = math.exp(-aqueous.ln_beta("HSO4-", T))
    k_n = math.exp(-aqueous.ln_beta("NH4+", T))
    k_w = math.exp(aqueous.ln_beta("OH-", T))

    def charge(p):
        h = 10.0**-p
        bisulfate = sulfate / kg * h / (h + k_s)
        return h + ammonia / kg * h / (h + k_n) - k_w / h - 2 * sulfate / kg + bisulfate

    return brentq(charge, -1, 14)


@pytest.mark.parametrize("target", [2.0, 4.0, 6.0])
def test_end_point_by_exchange(target):
    gas = moist(38.0, 0.3)
    p = plant({"H2O": 30.0, "H2SO4": 0.3}, gas, height=4.0, cells=12)
    p.exchange("U.end_ph", target, freed="A.factor")
    s = p.solve()
    out = s.stream("U.liquid_out")
    kg = out.flows["H2O"] * 0.01801528
    ph = titration(out.totals["S(6)"], out.totals["N(-3)"], kg, out.temperature)
    assert ph == pytest.approx(target, abs=0.01)
    assert s.stream("liquid").totals["S(6)"] / 0.3 * 2 == pytest.approx(s["U.acid_ratio"], rel=1e-6)


@pytest.mark.oracle
@pytest.mark.parametrize("ammonia", [0.02, 2.0])
def test_instantaneous_reaction_in_two_films(ammonia):
    """A short bed of weak HCl: gas film alone, and both films with the reaction plane inside.

    Per area k_G p when the acid reaches the interface, else (p/H + c)/(1/k_L + 1/(k_G H)) with
    H in mol/m3/Pa; Danckwerts, equal diffusivities.
    """
    T, section, acid = 298.15, 0.6, 0.03
    liquid = {"H2O": 200.0, "HCl": 200.0 * 0.01801528 * acid, "NaCl": 0.2}
    s = plant(liquid, moist(38.0, ammonia), height=0.02, cells=2, section=section).solve()
    p_bed = packing.packing(SADDLES)
    mu, flux = transport.water_viscosity(T), s["U.liquid_flux"]
    wet = packing.wetted_area(p_bed, flux, 1000.0, mu, transport.surface_tension(T))
    d = transport.liquid_diffusivity("NH3", T)
    k_l = packing.liquid_film(p_bed, wet, flux, 1000.0, mu, d)
    gas_d = transport.gas_diffusivity("NH3", T, 101325.0)
    rho = 101325.0 * 0.0277 / 8.314462618 / T
    k_g = packing.gas_film(p_bed, s["U.gas_flux"], rho, transport.air_viscosity(T), gas_d, T)
    total = 38.0 * (1 + 3169.0 / 98156.0) + ammonia
    p = (ammonia - s["U.captured"] / 2) / total * 101325.0
    henry = 997.0 / math.exp(aqueous.ln_henry("NH3", T))
    bulk = 997.0 * acid - s["U.captured"] / 2 / (200.0 * 1.807e-5)
    film = k_g * p
    if film > k_l * bulk:
        film = (p * henry + bulk) / (1 / k_l + henry / k_g)
    assert (k_g * p > k_l * bulk) == (ammonia > 1)
    assert s["U.captured"] == pytest.approx(film * wet * section * 0.02, rel=0.02)


def test_exhausted_acid_slips_smoothly_and_warns():
    capture = []
    for ratio in (1.3, 0.95, 0.7):
        liquid = {"H2O": 6.0, "H2SO4": 0.2 * ratio}
        s = plant(liquid, moist(38.0, 0.4), height=6.0, cells=12).solve()
        capture.append(s["U.capture"])
        assert s["U.acid_ratio"] == pytest.approx(ratio)
        told = [w for w in s.warnings if "the acid is exhausted: it can bind" in w]
        assert bool(told) == (ratio < 1)
    assert capture == sorted(capture, reverse=True)
    # Beyond the acid, water takes what it can hold over the gas that enters (Henry).
    out, inlet = s.stream("U.liquid_out"), s.stream("gas")
    pressure = 0.4 / sum(inlet.flows.values()) * 101325.0
    most = pressure / math.exp(aqueous.ln_henry("NH3", out.temperature)) * out.flows["H2O"]
    assert 0.7 < capture[-1] < 0.7 + most * 0.01801528 / 0.4
    assert s["U.end_ph"] > 7


def test_slip_of_an_exhausted_trap_converges():
    """The end of the acid is a front; the cells must find it: 1 % of the slip, 0.1 K."""
    liquid, slip, warm = {"H2O": 40.0, "H2SO4": 0.2}, [], []
    for cells in (8, 16, 32):
        s = plant(liquid, moist(38.0, 0.6), cells=cells).solve()
        slip.append(s["U.slip"])
        warm.append(s.stream("U.liquid_out").temperature)
    assert slip[0] == pytest.approx(slip[2], rel=0.01)
    assert slip[1] == pytest.approx(slip[2], rel=5e-3)
    assert warm[0] == pytest.approx(warm[2], abs=0.15)
    assert warm[1] == pytest.approx(warm[2], abs=0.05)
    with pytest.raises(
        Refusal, match="a cell has 1.39 transfer units; above 1.2 the cells are too"
    ):
        plant({**liquid, "H2SO4": 0.4}, moist(38.0, 0.6), cells=4, height=6.0).solve()
    with pytest.raises(SpecError, match="U.cells = 5: give an even whole number"):
        plant(liquid, moist(38.0, 0.6), cells=5)


def test_warnings_and_refusals():
    s = plant({"H2O": 60.0, "HNO3": 1.0}, moist(38.0, 0.5)).solve()
    assert any("ammonium nitrate: never evaporate it to dryness" in w for w in s.warnings)
    s = plant({"H2O": 40.0, "HCl": 6.0}, moist(38.0, 0.5)).solve()
    assert any("0.23 kg/kg HCl; above 0.2 it fumes" in w for w in s.warnings)
    s = plant({"H2O": 60.0, "H2SO4": 0.4}, moist(38.0, 0.5, 325.0), 325.0).solve()
    assert any(
        "the gas holds 0.15 mol/mol water; above 0.1 the flow of vapour" in w for w in s.warnings
    )
    strong = {"H2O": 8.0, "H2SO4": 1.1}
    with pytest.raises(Refusal, match=r"\(NH4\)2SO4\(s\) would crystallise in the trap"):
        plant(strong, moist(60.0, 2.1), 300.0, height=4.0, cells=6, section=1.0).solve()
    with pytest.raises(ModelError, match="the gas brings no NH3"):
        plant({"H2O": 60.0, "H2SO4": 0.3}, {"N2": 1.0}).build()
    with pytest.raises(Refusal, match="floods at the"):
        plant({"H2O": 60.0, "H2SO4": 0.3}, moist(38.0, 0.1), section=0.2, cells=4).solve()
