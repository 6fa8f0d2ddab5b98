import math

import numpy as np
import pytest
from scipy.optimize import brentq

from noxplant import electrolysis
from noxplant.constants import FARADAY, GAS_CONSTANT
from noxplant.electrolysis import galvanic
from noxplant.electrolysis.galvanic import Battery, Electrode
from noxplant.errors import ModelError, Refusal, SpecError
from noxplant.examples.stacks import galvanic_cell
from noxplant.flowsheet.graph import Flowsheet
from noxplant.species import number
from noxplant.thermo import aqueous
from noxplant.units.feed import Feed
from noxplant.units.galvanic_cell import GalvanicCell
from noxplant.units.kinetic_cell import KineticCell

NH3, N2 = "NO3- -> NH3", "N2H4 -> N2"


def test_open_circuit_from_gibbs_energies():
    # Note section 2: -0.1196 and -0.1566 V; N2/N2H4 from 128.1 kJ/mol; ZnO of CRC -320.5 kJ/mol.
    water, base = -237.129e3, -157.244e3
    zinc = -(2 * base + 320.5e3 - water) / (2 * FARADAY)
    hydrazine = -(128.1e3 + 4 * base - 4 * water) / (4 * FARADAY)
    assert galvanic.open_circuit("zinc-nitrate") == pytest.approx(-0.1196 - zinc, abs=2e-4)
    assert galvanic.open_circuit("zinc-nitrite") == pytest.approx(-0.1566 - zinc, abs=2e-4)
    assert galvanic.open_circuit("hydrazine-nitrate") == pytest.approx(
        -0.1196 - hydrazine, abs=2e-4
    )


def test_open_circuit_as_published():
    # Review of NOx valorisation, theoretical voltages: 1.089 V (zinc oxide of NBS: 1.092) and 1.04 V.
    printed = number("published.printed.zinc-nitrite cell, alkaline.value_printed")
    assert galvanic.open_circuit("zinc-nitrite") == pytest.approx(printed, abs=0.015)
    printed = number("published.printed.hydrazine-nitrate cell.value_printed")
    assert galvanic.open_circuit("hydrazine-nitrate") == pytest.approx(printed, abs=0.005)


def test_nernst_and_temperature():
    f = GAS_CONSTANT * 298.15 / FARADAY
    base = galvanic.open_circuit("zinc-nitrate")
    # NO3- + 2 H2O + 4 Zn -> NH3 + 4 ZnO + OH-: one OH- per eight electrons remains.
    strong = galvanic.open_circuit("zinc-nitrate", activities={"OH-": 10.0})
    assert strong - base == pytest.approx(-f / 8 * math.log(10.0), rel=1e-9)
    lean = galvanic.open_circuit("zinc-nitrate", activities={"NO3-": 0.01, "NH3": 0.1})
    assert lean - base == pytest.approx(f / 8 * math.log(0.01 / 0.1), rel=1e-9)
    # dE/dT = dS/(nF) of the cell reaction, from heats and Gibbs energies at 298.15 K.
    h = (-80.29e3 + 4 * -350.5e3 - 229.994e3) - (-207.36e3 - 2 * 285.83e3)
    g = -8 * FARADAY * base
    slope = (h - g) / 298.15 / (8 * FARADAY)
    warm = galvanic.open_circuit("zinc-nitrate", 333.15)
    assert (warm - base) / 35.0 == pytest.approx(slope, rel=2e-3)


def linear(R=2e-3, U=1.1):
    """Electrodes so fast that their losses are ohmic: b j / (2 j0 ln 10) each."""
    return Battery(U, Electrode(0.12, 1e7), Electrode(0.06, 1e7), R)


def test_peak_power_of_a_linear_cell():
    # Closed form: U^2 / 4 R at half the open-circuit voltage.
    b = linear()
    R = 2e-3 + (0.12 + 0.06) / (2e7 * math.log(10))
    j, U, P = b.peak()
    assert pytest.approx(1.1**2 / 4 / R, rel=1e-6) == P
    assert pytest.approx(0.55, rel=1e-5) == U
    assert j == pytest.approx(1.1 / 2 / R, rel=1e-5)
    assert b.short_circuit() == pytest.approx(1.1 / R, rel=1e-6)


def test_peak_power_of_a_tafel_cell():
    # Only a Tafel electrode, no resistance: U = U0 - b log10(j/j0); peak at U = b / ln 10.
    b = Battery(1.0, Electrode(0.12, 1e-4), Electrode(1e-6, 1e9), 0.0)
    a = 0.12 / math.log(10)
    j, U, P = b.peak()
    assert pytest.approx(a, rel=1e-4) == U
    assert j == pytest.approx(1e-4 * math.exp(1.0 / a - 1), rel=1e-4)
    assert pytest.approx(j * U) == P


def test_peak_is_the_highest_of_the_curve():
    b = Battery(1.1, Electrode(0.12, 1e-2, 900.0), Electrode(0.05, 5.0, 3000.0), 4e-4)
    curve = galvanic.discharge(b, 4001)
    best = max(p for _, _, p in curve)
    assert b.peak()[2] == pytest.approx(best, rel=1e-6)
    assert b.peak()[2] >= best * (1 - 1e-12)
    assert curve[0] == pytest.approx((0.0, 1.1, 0.0))
    assert curve[-1][1] == pytest.approx(0.0, abs=1e-9)


def test_a_cell_whose_film_holds_up_to_the_last_digit():
    # The anode loses 0.03 V x 3 decades, so 0.91 V are left to the cathode: 30.3 decades, of which
    # 1 - j/j_L gives 27, lost to rounding. So the short circuit is the limiting current.
    b = Battery(1.0, Electrode(0.03, 1.0, 1000.0), Electrode(0.03, 1.0), 0.0)
    assert b.short_circuit() == pytest.approx(1000.0, rel=1e-12)
    # Peak by hand: dP/dj = 0 for Tafel lines, U = a j_L/(j_L - j) + a with a = b / ln 10.
    a = 0.03 / math.log(10)

    def off(j):
        U = 1.0 - a * math.log(j / (1 - j / 1000.0)) - a * math.log(j)
        return U - a * 1000.0 / (1000.0 - j) - a

    j, U, P = b.peak()
    assert j == pytest.approx(brentq(off, 500.0, 999.9), rel=1e-5)
    assert pytest.approx(j * U) == P
    assert galvanic.discharge(b, 5)[-1][0] == pytest.approx(1000.0)


def test_the_limiting_current_is_approached_smoothly():
    b = Battery(1.1, Electrode(0.12, 1.0, 100.0), Electrode(0.05, 50.0), 1e-4)
    near = [b.voltage(100.0 * (1 - x)) for x in (1e-2, 1e-4, 1e-6)]
    # Two decades nearer cost two Tafel slopes.
    assert near[0] - near[1] == pytest.approx(0.24, abs=3e-3)
    assert near[1] - near[2] == pytest.approx(0.24, abs=1e-3)
    with pytest.raises(Refusal, match=r"100 A/m2 cannot be drawn: .* below the limiting 100 A/m2"):
        b.voltage(100.0)


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda: galvanic.open_circuit("zinc-nitrat"), SpecError, "Did you mean 'zinc-nitrate'"),
        (lambda: linear(U=-0.1), Refusal, "deliver no power"),
        (lambda: linear(R=-1.0), SpecError, "a resistance >= 0"),
        (
            lambda: Battery(1.0, Electrode(0.03, 1.0, -5.0), Electrode(0.03, 1.0), 0.0),
            SpecError,
            r"limiting current density of the cathode is -5 A/m2; it must be above 0",
        ),
        (
            lambda: Battery(1.0, Electrode(0.03, 1.0), Electrode(0.0, 1.0), 0.0),
            SpecError,
            r"Tafel slope of the anode is 0 V; it must be above 0",
        ),
        (lambda: galvanic.zinc_potential(400.0), Refusal, "potential of zinc"),
    ],
)
def test_refused(make, error, message):
    with pytest.raises(error, match=message):
        make()


# the unit ---------------------------------------------------------------------------------------
SPECS = {
    "area": 500.0, "current_density": 100.0, "temperature": 313.15, "water_drag": 5.0,
    "faradaic_efficiency": {NH3: 0.95}, "mass_transfer": {"cathode": 2e-5, "anode": 2e-5},
    "tafel_slope": {"cathode": 0.12, "anode": 0.06}, "exchange": {"cathode": 0.1, "anode": 1.0},
    "membrane_resistance": 1.5e-4, "gap": {"cathode": 2e-3, "anode": 2e-3},
}  # fmt: skip


def plant(options=None, fuel=1.0, salts=None, **changes):
    p = Flowsheet("p")
    salts = salts or {"H2O": 55.5, "KNO3": 1.0, "KOH": 1.0, "NH3": 0.01}
    a = p.add(Feed("A", "aqueous", salts, temperature=313.15))
    b = p.add(Feed("B", "aqueous", {"H2O": 55.5, "N2H4": fuel, "KOH": 4.0}, temperature=313.15))
    u = p.add(GalvanicCell("U", **(options or {}), **{**SPECS, **changes}))
    p.connect(a.out, u.catholyte, "catholyte")
    p.connect(b.out, u.anolyte, "anolyte")
    return p


def test_a_gap_without_lye_is_refused_and_a_gap_of_zero_is_not():
    sour = {"H2O": 55.5, "KNO3": 1.0, "HNO3": 1.0}
    with pytest.raises(Refusal, match="catholyte_out holds .* mol/L OH-; .* set that gap to zero"):
        plant(salts=sour).solve()
    s = plant(salts=sour, gap={"cathode": 0.0, "anode": 2e-3}).solve()
    assert s["U.gap_loss[cathode]"] == 0.0
    assert s["U.voltage"] > 1.0


def limiting(s, side, share=1.0, k=2e-5):
    """Current density that empties the film, by hand from the flows: 8 or 2 electrons a nitrate."""
    out = s.stream("U.catholyte_out" if side == "cathode" else "U.anolyte_out")
    volume = aqueous.volume_flow(dict(out.flows), 313.15)
    if side == "anode":
        return 4 * FARADAY * k * out.content("N(-2)") / volume
    return FARADAY * k * out.flows["NO3-"] / volume / (share / 8 + (1 - share) / 2)


def test_the_unit_is_the_closed_form():
    s = plant().solve()
    q = s.quantities
    share = q[f"U.charge_share[{NH3}]"].value
    sides = {}
    for side, part in (("cathode", share), ("anode", 1.0)):
        limit = limiting(s, side, part)
        specs = (SPECS["tafel_slope"][side], SPECS["exchange"][side] / part, limit)
        sides[side] = Electrode(*specs)
    kappa = [2e-3 / (s[f"U.gap_loss[{x}]"] / 100.0) for x in ("cathode", "anode")]
    R = 1.5e-4 + sum(2e-3 / k for k in kappa)
    b = Battery(s["U.open_circuit_voltage"], sides["cathode"], sides["anode"], R)
    assert s["U.voltage"] == pytest.approx(b.voltage(100.0), abs=1e-6)
    assert s["U.power"] == pytest.approx(-s["U.voltage"] * 50e3)
    assert s.stream("U.anode_gas").flows["N2"] == pytest.approx(50e3 / 4 / FARADAY)
    spent = s.stream("U.anolyte_out").flows["OH-"]
    assert spent == pytest.approx(4.0 - 50e3 / FARADAY, abs=1e-6)


def test_open_circuit_is_nernst_at_the_outlets():
    s = plant().solve()
    T, f = 313.15, GAS_CONSTANT * 313.15 / FARADAY
    cat, ano = (s.stream(f"U.{x}").flows for x in ("catholyte_out", "anolyte_out"))
    kg = [x["H2O"] * 0.01801528 for x in (cat, ano)]
    water = [
        -0.01801528 * sum(n for j, n in x.items() if j != "H2O") / k
        for x, k in zip((cat, ano), kg, strict=True)
    ]
    oh = [math.log(x["OH-"] / k) for x, k in zip((cat, ano), kg, strict=True)]
    standard = galvanic.open_circuit("hydrazine-nitrate", T)
    cathode = -f / 8 * (math.log(cat["NH3"] / cat["NO3-"]) + 9 * oh[0] - 6 * water[0])
    fuel = math.log(ano["N2H4"] / kg[1])
    anode = -f / 4 * (fuel + 4 * oh[1] - 4 * water[1] - math.log(1.01325))
    assert s["U.open_circuit_voltage"] == pytest.approx(standard + cathode - anode, abs=1e-5)


def test_it_is_the_electrolyser_driven_the_other_way(monkeypatch):
    # The KineticCell with the same electrodes and hardly any gas at its cathode: minus the voltage.
    cathode = ("NO3- + 6 H2O + 8 e- -> NH3 + 9 OH-", "2 H2O + 2 e- -> H2 + 2 OH-")
    anode = ("N2H4 + 4 OH- -> N2 + 4 H2O + 4 e-",)
    one = {"cathode": (cathode[0],), "anode": anode}
    s = plant(one, faradaic_efficiency={}, mass_transfer={"cathode": 0.1, "anode": 0.1}).solve()
    p = Flowsheet("k")
    salts = {"H2O": 55.5, "KNO3": 1.0, "KOH": 1.0, "NH3": 0.01}
    a = p.add(Feed("A", "aqueous", salts, temperature=313.15))
    b = p.add(Feed("B", "aqueous", {"H2O": 55.5, "N2H4": 1.0, "KOH": 4.0}, temperature=313.15))
    u = p.add(
        KineticCell(
            "U", cathode=cathode, anode=anode, area=500.0, current_density=100.0, cells=1.0,
            temperature=313.15, water_drag=5.0, mass_transfer=0.1,
            faradaic_efficiency={NH3: 1.0}, cathode_slope=0.12, cathode_exchange=0.1,
            anode_slope=0.06, anode_exchange=1.0, membrane_resistance=1.5e-4,
            cathode_gap=2e-3, anode_gap=2e-3,
        )
    )  # fmt: skip
    p.connect(a.out, u.catholyte, "catholyte")
    p.connect(b.out, u.anolyte, "anolyte")
    # The electrolyser would refuse hydrogen at such a potential, though its share is nil.
    monkeypatch.setattr(KineticCell, "limits", lambda self: [])
    other = p.solve()
    assert s["U.voltage"] == pytest.approx(-other["U.voltage"], abs=2e-5)
    assert s["U.duty"] == pytest.approx(other["U.duty"], rel=1e-4)


def test_sweep_has_its_peak_where_the_closed_form_has_it():
    # Much liquid, so that compositions hardly move: the swept unit peaks at the closed form's peak.
    found = []
    drawn = np.linspace(300.0, 900.0, 5)
    for j in drawn:
        s = plant(area=0.1, current_density=float(j)).solve()
        found.append(-s["U.power"] / 0.1)
        last = s
    share = last[f"U.charge_share[{NH3}]"]
    R = 1.5e-4 + sum(last[f"U.gap_loss[{x}]"] / drawn[-1] for x in ("cathode", "anode"))
    sides = [
        Electrode(b, i / part, limiting(last, x, part))
        for x, b, i, part in (("cathode", 0.12, 0.1, share), ("anode", 0.06, 1.0, 1.0))
    ]
    b = Battery(last["U.open_circuit_voltage"], *sides, R)
    for j, p in zip(drawn, found, strict=True):
        assert p == pytest.approx(b.power(float(j)), rel=2e-3)
    top = plant(area=0.1, current_density=b.peak()[0]).solve()
    assert -top["U.power"] / 0.1 == pytest.approx(b.peak()[2], rel=2e-3)
    assert -top["U.power"] / 0.1 >= max(found)


@pytest.mark.parametrize(("share", "k"), [(0.5, 2e-5), (0.05, 6e-6)])
def test_all_reactions_share_the_film(share, k):
    # By hand, from flows alone: k (c_b - c_s) = (v_1 + v_2), one nitrate each, 8 and 2 electrons.
    j, area = 400.0, 20.0
    film = {"cathode": k, "anode": 2e-5}
    given = {"area": area, "current_density": j, "mass_transfer": film}
    s = plant(faradaic_efficiency={NH3: share}, **given).solve()
    flux = j / FARADAY * (share / 8 + (1 - share) / 2)
    out = s.stream("U.catholyte_out")
    assert out.flows["NO3-"] == pytest.approx(1.0 - flux * area, rel=1e-8)
    bulk = out.flows["NO3-"] / aqueous.volume_flow(dict(out.flows), 313.15)
    left = 1 - flux / (k * bulk)
    assert s["U.surface_share[cathode]"] == pytest.approx(left, rel=1e-6)
    eta = 0.12 / math.log(10) * math.asinh(share * j / (2 * 0.1 * left))
    assert s["U.overpotential[cathode]"] == pytest.approx(eta, abs=1e-6)


def test_a_film_that_the_side_reaction_empties_is_refused():
    # Half of 400 A/m2 at 8 and half at 2 electrons take 1.3e-3 mol/(m2 s); 1.2e-6 m/s brings 1.1e-3.
    film = {"cathode": 1.2e-6, "anode": 2e-5}
    p = plant(faradaic_efficiency={NH3: 0.5}, area=20.0, current_density=400.0, mass_transfer=film)
    with pytest.raises(Refusal, match=r"worth 1000 A/m2 .* exceed the limiting current density"):
        p.solve()


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"faradaic_efficiency": {NH3: 0.0}}, "NH3, has a faradaic efficiency of 0, .* 0.001 or"),
        ({"current_density": 2000.0, "area": 0.1}, "delivers no voltage at 2000 A/m2"),
        (
            {"mass_transfer": {"cathode": 1e-7, "anode": 2e-5}},
            "exceed the limiting current density of the cathode at its outlet",
        ),
        ({"fuel": 0.1}, r"N\(-2\) at the anode|N\(-2\) is used up"),
    ],
)
def test_refused_states(changes, message):
    with pytest.raises(Refusal, match=message):
        plant(**changes).solve()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"cathode": ("2 H2O + 2 e- -> H2 + 2 OH-",)}, "the cathode makes H2"),
        ({"anode": ("NO2- + 2 OH- -> NO3- + H2O + 2 e-",)}, "the anode makes no gas"),
        ({"cathode": ()}, "at least one cathode reaction"),
        ({"anode": ("NO3- + H2O + 2 e- -> NO2- + 2 OH-",)}, "is no anode reaction"),
    ],
)
def test_refused_half_reactions(options, message):
    with pytest.raises(ModelError, match=message):
        GalvanicCell("U", **options)


def test_the_danger_of_the_fuel_is_told():
    s = galvanic_cell().solve()
    assert any("hydrazine and nitrate face one another" in w for w in s.warnings)


@pytest.mark.parametrize("eta", [1e-4, 0.01, 0.05, 0.3])
def test_tafel_with_its_foot_is_butler_volmer(eta):
    # Equal transfer coefficients a = R T ln 10 / (b F): j = j0 (exp(a F eta/RT) - exp(-a F eta/RT)).
    T, b, j0 = 313.15, 0.12, 0.4
    a = GAS_CONSTANT * T * math.log(10) / (b * FARADAY)
    x = a * FARADAY * eta / (GAS_CONSTANT * T)
    j = j0 * (math.exp(x) - math.exp(-x))
    assert electrolysis.tafel(j, b, j0) == pytest.approx(eta, rel=1e-9)


def test_tafel_is_the_shared_one():
    assert Electrode(0.12, 1e-5).loss(2700.0) == pytest.approx(
        electrolysis.tafel(2700.0, 0.12, 1e-5)
    )
    assert electrolysis.tafel(2700.0, 0.12, 1e-5) == pytest.approx(1.01176, abs=1e-5)


@pytest.mark.parametrize(("k", "solves"), [(1.2e-5, False), (1.5e-5, True)])
def test_a_reported_flow_battery_needs_its_film(k, solves):
    # Review of NOx valorisation, RuCo: 100 mA/cm2 and 20 mW/cm2 from 0.1 mol/L of nitrate. Ammonia
    # alone needs j / (8 F c) = 1.30e-5 m/s, more than a stirred H-cell has; 0.2 V are left of 1.04.
    assert pytest.approx(1.30e-5, rel=5e-3) == 1000.0 / (8 * FARADAY * 100.0)
    p = Flowsheet("p")
    salts = {"H2O": 55.2, "KNO3": 0.1, "KOH": 1.0, "NH3": 0.001}
    a = p.add(Feed("A", "aqueous", salts))
    b = p.add(Feed("B", "aqueous", {"H2O": 55.2, "N2H4": 0.1, "KOH": 1.0}))
    one = {"cathode": ("NO3- + 6 H2O + 8 e- -> NH3 + 9 OH-",)}
    given = {
        **SPECS, "area": 1e-4, "current_density": 1000.0, "temperature": 298.15,
        "faradaic_efficiency": {}, "mass_transfer": {"cathode": k, "anode": 1e-3},
        "gap": {"cathode": 0.0, "anode": 0.0}, "exchange": {"cathode": 1.0, "anode": 10.0},
    }  # fmt: skip
    u = p.add(GalvanicCell("U", **one, **given))
    p.connect(a.out, u.catholyte, "catholyte")
    p.connect(b.out, u.anolyte, "anolyte")
    if not solves:
        with pytest.raises(Refusal, match="exceed the limiting current density of the cathode"):
            p.solve()
        return
    s = p.solve()
    # By hand: what is left of the open circuit after both lines, the film and the membrane.
    limit = limiting(s, "cathode", 1.0, k) * 1.0
    eta = 0.12 / math.log(10) * math.asinh(1000.0 / (2 * (1 - 1000.0 / limit)))
    assert s["U.overpotential[cathode]"] == pytest.approx(eta, abs=2e-3)
