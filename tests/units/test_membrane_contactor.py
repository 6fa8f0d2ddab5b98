import math

import pytest
from scipy.integrate import solve_ivp
from scipy.optimize import brentq

from noxplant.errors import ModelError, Refusal, SpecError
from noxplant.flowsheet.graph import Flowsheet
from noxplant.thermo import aqueous
from noxplant.units.feed import Feed
from noxplant.units.membrane_contactor import MembraneContactor

T = 298.15
PKA = aqueous.ln_beta("NH4+", T) / math.log(10)
GIVEN = {
    "area": 100.0,
    "feed_film": 1e-5,
    "porosity": 0.4,
    "tortuosity": 2.5,
    "thickness": 40e-6,
    "pore_diameter": 3e-8,
    "entry_pressure": 4e5,
}


def plant(liquor, acid, warm=T, cool=T, cells=6, pressure=101325.0, **changes):
    p = Flowsheet("p")
    a = p.add(Feed("A", "aqueous", liquor, temperature=warm, pressure=pressure))
    b = p.add(Feed("B", "aqueous", acid, temperature=cool))
    u = p.add(MembraneContactor("U", cells=cells, **{**GIVEN, **changes}))
    p.connect(a.out, u.liquid, "liquor")
    p.connect(b.out, u.strip, "acid")
    return p


def test_free_ammonia_is_half_at_its_pka():
    # Note 5.4 (2): f = 0.5 +- 0.005 at pH 9.244 and 25 C.
    free = 1 / (1 + 10 ** (PKA - 9.244))
    assert free == pytest.approx(0.5, abs=0.005)


@pytest.mark.parametrize("cells", [4, 9])
def test_plug_flow_of_a_trace_is_the_batch_of_the_note(cells):
    """Note 5.4 (1): K 8e-6 m/s, 1 m2, 10 L, 1 h, f 0.99: exp(-K f A t/V) = 0.057775.

    In plug flow the same A t/V is 3.6e5 s/m of area per volume flow.
    """
    hydroxide = 10 ** (PKA + math.log10(99)) * math.exp(aqueous.ln_beta("OH-", T))
    kg = 55.508 * 0.01801528
    liquor = {"H2O": 55.508, "KOH": hydroxide * kg, "NH3": 1e-7}
    flow = 55.508 * aqueous.molar_volume("H2O", T)
    p = plant(liquor, {"H2O": 55.508, "H2SO4": 1e-3}, cells=cells, area=3.6e5 * flow)
    p.exchange("U.transfer_coefficient", 8e-6, freed="U.feed_film")
    s = p.solve()
    assert math.exp(-8e-6 * 0.99 * 3.6e5) == pytest.approx(0.057775, abs=1e-5)
    assert 1 - s["U.removal"] == pytest.approx(0.057775, abs=1e-5)


def test_twice_the_coefficient_is_twice_the_area():
    liquor, acid = {"H2O": 55.5, "KOH": 0.1, "NH3": 0.05}, {"H2O": 55.5, "H2SO4": 0.1}
    found = []
    for coefficient, area in ((4e-6, 200.0), (8e-6, 100.0)):
        # Pores that pass ammonia freely compared with water's small driving force.
        p = plant(liquor, acid, area=area)
        p.exchange("U.transfer_coefficient", coefficient, freed="U.feed_film")
        found.append(p.solve())
    # Water passes by area, not by the film: 0.4 % of it here.
    assert found[0]["U.removal"] == pytest.approx(found[1]["U.removal"], rel=2e-3)
    assert found[1]["U.flux"] == pytest.approx(2 * found[0]["U.flux"], rel=2e-3)


@pytest.mark.oracle
def test_falling_ph_against_scipy():
    """Ammonia as the only base: dn/dA = -Pi H m_free(n), pH by hand."""
    k_n, k_w = 10.0**-PKA, math.exp(aqueous.ln_beta("OH-", T))
    henry, kg = math.exp(aqueous.ln_henry("NH3", T)), 55.5 * 0.01801528
    s = plant(
        {"H2O": 55.5, "NH3": 0.005}, {"H2O": 55.5, "H2SO4": 0.005}, cells=14, area=300.0
    ).solve()
    water = 997.05
    conductance = s["U.transfer_coefficient"] * water / henry

    def free(n):
        def charge(p):
            h = 10.0**-p
            return h + n / kg * h / (h + k_n) - k_w / h

        h = 10.0 ** -brentq(charge, 5, 13)
        return n / kg * k_n / (h + k_n)

    def slope(_, n):
        return [-conductance * henry * free(n[0])]

    left = solve_ivp(slope, (0, 300.0), [0.005], rtol=1e-8, atol=1e-12).y[0, -1]
    assert 1 - s["U.removal"] == pytest.approx(left / 0.005, rel=1e-3)
    ph = [s[f"U.ph[cell {n}]"] for n in range(1, 15)]
    assert ph == sorted(ph, reverse=True)


def test_the_cells_are_of_second_order():
    """Also where the acid is warm and nearly used up, and the water that passes."""
    liquor, acid = {"H2O": 55.5, "KOH": 0.5, "NH3": 0.2}, {"H2O": 10.0, "H2SO4": 0.105}
    found = [plant(liquor, acid, cells=c, area=400.0, cool=308.15).solve() for c in (4, 8, 16)]
    for key in ("U.removal", "U.water_passed"):
        coarse, middle, fine = (s[key] for s in found)
        assert (coarse - middle) / (middle - fine) == pytest.approx(4.0, rel=0.15)
        assert middle == pytest.approx(fine, rel=3e-3)


def test_pores():
    """1/D = 1/D_m + 1/D_K by hand, and the share of the pores."""
    liquor, acid = {"H2O": 55.5, "KOH": 0.1, "NH3": 0.01}, {"H2O": 55.5, "H2SO4": 0.1}
    s = plant(liquor, acid).solve()
    molecular = 1.978e-5 * (T / 273.15) ** 1.81
    knudsen = 3e-8 / 3 * math.sqrt(8 * 8.314462618 * T / math.pi / 0.0170305)
    permeance = 0.4 / 2.5 / 40e-6 / (1 / molecular + 1 / knudsen) / 8.314462618 / T
    henry = math.exp(aqueous.ln_henry("NH3", T))
    film = henry / 1e-5 / 997.0
    assert s["U.membrane_share"] == pytest.approx(1 / (1 + film * permeance), rel=3e-3)
    assert s["U.transfer_coefficient"] == pytest.approx(
        henry / 997.0 / (1 / permeance + film), rel=4e-3
    )


def test_wetted_pores_are_a_liquid_layer():
    """A tenth of the thickness filled: tau delta/(eps D) more of liquid, a tenth less of gas."""
    liquor, acid = {"H2O": 55.5, "KOH": 0.1, "NH3": 0.01}, {"H2O": 55.5, "H2SO4": 0.1}
    dry, wet = (plant(liquor, acid, wetted=w).solve() for w in (0.0, 0.1))
    gas = dry["U.membrane_share"] / dry["U.transfer_coefficient"]  # resistances on the liquor, s/m
    film = 1 / dry["U.transfer_coefficient"] - gas
    assert film == pytest.approx(1e5, rel=2e-3)
    layer = 2.5 * 0.1 * 40e-6 / 0.4 / 1.6e-9
    expected = 0.9 * gas + film + layer
    assert 1 / wet["U.transfer_coefficient"] == pytest.approx(expected, rel=2e-3)
    assert wet["U.removal"] < dry["U.removal"]


def test_water_goes_to_the_stronger_and_the_colder_side():
    liquor = {"H2O": 55.5, "KOH": 0.1, "NH3": 0.01}
    strong = plant(liquor, {"H2O": 55.5, "H2SO4": 3.0}).solve()
    assert strong["U.water_passed"] > 0.01
    weak = plant({**liquor, "KOH": 3.0}, {"H2O": 55.5, "H2SO4": 0.05}).solve()
    assert weak["U.water_passed"] < -0.01


def test_acid_that_runs_out_holds_ammonia_back_and_warns():
    liquor = {"H2O": 55.5, "KOH": 0.5, "NH3": 0.2}
    enough = plant(liquor, {"H2O": 20.0, "H2SO4": 0.2}, cells=8, area=300.0).solve()
    short = plant(liquor, {"H2O": 20.0, "H2SO4": 0.05}, cells=8, area=300.0).solve()
    assert enough["U.removal"] > 0.8
    assert short["U.removal"] < 0.8 * enough["U.removal"]
    assert any("the acid leaves at p_H" in w for w in short.warnings)
    assert not enough.warnings


def test_refusals():
    acid = {"H2O": 55.5, "H2SO4": 0.1}
    with pytest.raises(ModelError, match=r"the liquor brings no ammonia, N\(-3\)"):
        plant({"H2O": 55.5, "KOH": 0.1}, acid).build()
    with pytest.raises(Refusal, match="the liquor enters at p_H 5.*Add alkali"):
        plant({"H2O": 55.5, "NH4Cl": 0.1}, acid).solve()
    with pytest.raises(Refusal, match=r"differ by 5.*e\+05 Pa, more than the 4e\+05 Pa"):
        plant({"H2O": 55.5, "NH3": 0.1}, acid, pressure=6.2e5).solve()
    with pytest.raises(Refusal, match="a cell has .* transfer units"):
        plant({"H2O": 55.5, "NH3": 0.1}, acid, cells=1, area=300.0).solve()
    with pytest.raises(SpecError, match=r"U.porosity = 1.2 lies outside \[0.01, 1\]"):
        plant({"H2O": 55.5, "NH3": 0.1}, acid, porosity=1.2)
