"""Electrodialysis and Donnan dialysis: closed forms, CRC conductances, the note's identities."""

import math

import pytest
from scipy.integrate import quad, solve_ivp

from noxplant import dialysis
from noxplant.errors import ModelError, Refusal
from noxplant.flowsheet.graph import Flowsheet
from noxplant.thermo import aqueous, transport
from noxplant.units.donnan_dialyser import DonnanDialyser
from noxplant.units.electrodialyser import Electrodialyser
from noxplant.units.feed import Feed

F, R, T = 96485.33212, 8.314462618, 298.15
STACK = {
    "area": 90.0,
    "current_density": 100.0,
    "current_efficiency": 0.9,
    "water_drag": 10.0,
    "cation_resistance": 2e-4,
    "anion_resistance": 2e-4,
    "gap": 4e-4,
    "mass_transfer": 2e-5,
}


def stack(weak, strong, **changes):
    p = Flowsheet("p")
    a = p.add(Feed("A", "aqueous", weak, temperature=T))
    b = p.add(Feed("B", "aqueous", strong, temperature=T))
    u = p.add(Electrodialyser("U", **{**STACK, **changes}))
    p.connect(a.out, u.diluate, "diluate")
    p.connect(b.out, u.concentrate, "concentrate")
    return p


def donnan(source, receiver, **changes):
    p = Flowsheet("p")
    a = p.add(Feed("A", "aqueous", source, temperature=T))
    b = p.add(Feed("B", "aqueous", receiver, temperature=T))
    given = {"area": 60.0, "permeance": 4e-4, "mass_transfer": 2e-5}
    u = p.add(DonnanDialyser("U", **{**given, **changes}))
    p.connect(a.out, u.source, "source")
    p.connect(b.out, u.receiver, "receiver")
    return p


# closed forms ---------------------------------------------------------------------------
def test_the_notes_figures():
    # Note 5.5 (1), (3), (4): 1.06304 kWh/kg N, 5.0 mol/L, 5.4 MJ/kg N is 0.784 V.
    energy = dialysis.specific_energy(0.5, 0.9) / 3.6e6
    assert energy == pytest.approx(1.06304, rel=1e-4)
    assert dialysis.ceiling(0.9, 10.0) == pytest.approx(5000.0, rel=5e-3)
    volts = 5.4e6 * dialysis.NITROGEN_MASS / F
    assert volts == pytest.approx(0.784, abs=5e-4)
    assert dialysis.specific_energy(0.784, 1.0) == pytest.approx(5.4e6, rel=1e-3)


def test_donnan_of_the_note():
    # Note 5.5 (2): 1 L of 0.05 M NH4+ and 0.1 L of 1 M Na+: 1/30 mol, recovery 2/3.
    x = dialysis.donnan_exchanged({"a": 0.05}, {"b": 0.1})
    assert x == pytest.approx(1 / 30, rel=1e-12)
    assert x / (0.05 - x) == pytest.approx(2.0)  # recovery 2/3
    # [NH4]r/[NH4]s = [Na]r/[Na]s, volumes 0.1 and 1 L.
    assert (x / 0.1) / ((0.05 - x) / 1.0) == pytest.approx(((0.1 - x) / 0.1) / (x / 1.0))
    with pytest.raises(Refusal, match="nothing to exchange"):
        dialysis.donnan_exchanged({}, {})
    with pytest.raises(Refusal, match="amount of 'a' must be at least 0 mol; it is -1 mol"):
        dialysis.donnan_exchanged({"a": -1.0}, {"b": 1.0})


@pytest.mark.oracle
@pytest.mark.parametrize(
    ("cation", "anion", "molar"),
    # CRC limiting molar conductivities, S cm2/mol: ions 73.5, 73.5, 50.1; 76.3, 71.4, 160.0 (sulfate).
    [("K+", "Cl-", 149.8), ("NH4+", "NO3-", 144.9), ("Na+", "Cl-", 126.4), ("K+", "SO4--", 307.0)],
)
def test_diffusivities_give_the_limiting_conductances(cation, anion, molar):
    z = 2 if anion == "SO4--" else 1
    parts = z * transport.ion_diffusivity(cation, T) + z**2 * transport.ion_diffusivity(anion, T)
    assert F**2 / (R * T) * parts * 1e4 == pytest.approx(molar, rel=3e-3)


# electrodialysis ------------------------------------------------------------------------
def test_one_salt_by_hand():
    weak, strong = {"H2O": 55.5, "NH4NO3": 0.15}, {"H2O": 5.5, "NH4NO3": 0.1}
    s = stack(weak, strong).solve()
    moved = 0.9 * 9000.0 / F
    assert s["U.transferred"] == pytest.approx(moved, rel=5e-4)  # H+ carries next to nothing
    assert s["U.water_moved"] == pytest.approx(10 * 9000.0 / F)
    assert s["U.specific_energy"] == pytest.approx(
        s["U.pair_voltage"] * F / 0.9 / 0.0140067, rel=5e-4
    )
    # Voltage: Donnan, membranes and gaps from the four compositions.
    d_cation, d_anion = 1.957e-9, 1.902e-9

    def concentration(port, n):
        flow = s.stream(port).flows
        volume = flow["H2O"] * 1.8069e-5 + n * 4.79e-5  # NH4NO3 in water, effective
        return n / volume

    weak_c = [concentration("diluate", 0.15), concentration("U.diluate_out", 0.15 - moved)]
    out = concentration("U.concentrate_out", 0.1 + moved)
    strong_c = [concentration("concentrate", 0.1), out]
    molar = F**2 / R / T * (d_cation + d_anion)

    def local(part):
        """Voltage where a part of the current has passed; concentrations go evenly along."""
        weak_here, strong_here = (a + (b - a) * part for a, b in (weak_c, strong_c))
        gaps = 4e-4 / molar * (1 / weak_here + 1 / strong_here)
        return 2 * R * T / F * math.log(strong_here / weak_here) + 100 * (4e-4 + gaps)

    voltage = quad(local, 0, 1)[0]
    assert s["U.pair_voltage"] == pytest.approx(voltage, rel=3e-3)
    # Limiting currents at the outlet: F k c/(1 - t).
    share = d_cation / (d_cation + d_anion)
    most = F * 2e-5 * weak_c[1] / (1 - share)
    assert s["U.limiting_ratio[cation]"] == pytest.approx(100 / most, rel=5e-3)
    assert s["U.limiting_ratio[anion]"] == pytest.approx(100 * share / most / (1 - share), rel=5e-3)


def test_a_divalent_anion_gives_half_the_potential():
    """Without current: R T/F ln for the cation membrane, half of it for the anion membrane."""
    weak, strong = {"H2O": 55.5, "(NH4)2SO4": 0.075}, {"H2O": 5.5, "(NH4)2SO4": 0.05}
    volts = stack(weak, strong, current_density=1e-3).solve()["U.pair_voltage"]
    volumes = [
        aqueous.volume_flow({"H2O": x["H2O"], "NH4+": 2 * n, "SO4--": n}, T)
        for x, n in ((weak, 0.075), (strong, 0.05))
    ]
    ratio = 0.05 / 0.075 * volumes[0] / volumes[1]
    assert volts == pytest.approx(1.5 * R * T / F * math.log(ratio), rel=2e-3)


def test_water_that_the_diluate_does_not_bring_is_refused():
    dry = {"H2O": 0.5, "NH4NO3": 0.15}
    with pytest.raises(
        Refusal, match=r"take 3\.109 mol/s of water along, the\s+diluate brings 0\.5"
    ):
        stack(dry, {"H2O": 5.5, "NH4NO3": 0.1}, water_drag=50.0, area=60.0).solve()


def test_potassium_and_ammonium_compete_alike():
    s = stack({"H2O": 55.5, "NH4NO3": 0.1, "KNO3": 0.05}, {"H2O": 5.5, "KNO3": 0.1}).solve()
    gained = s.stream("U.concentrate_out").totals
    assert gained["K+"] - 0.1 == pytest.approx(gained["N(-3)"] / 2, rel=1e-3)
    assert s["U.ammonium_share"] == pytest.approx(2 / 3, rel=1e-3)


def test_hydroxide_carries_the_current_of_an_alkaline_diluate():
    weak = {"H2O": 55.5, "KNO3": 0.1, "KOH": 0.1, "NH3": 0.01}
    s = stack(weak, {"H2O": 5.5, "KNO3": 0.1}).solve()
    nitrate = s.stream("U.concentrate_out").totals["NO3-"] - 0.1
    hydroxide = 0.9 * 9000 / F - nitrate
    # Each falls as exp(-D t), so the logarithms of what is left stand as the diffusivities.
    logarithms = [math.log(1 - n / 0.1) for n in (nitrate, hydroxide)]
    assert logarithms[0] / logarithms[1] == pytest.approx(1.902 / 5.273, rel=2e-3)
    assert any("most of the diluate's ammonia is NH3" in w for w in s.warnings)


def test_concentrate_that_only_the_membranes_feed_reaches_the_ceiling():
    s = stack({"H2O": 55.5, "NH4NO3": 0.15}, {"H2O": 0.01, "NH4NO3": 1e-4}).solve()
    out = s.stream("U.concentrate_out").flows
    per_water = out["NH4+"] / (out["H2O"] * 1.8069e-5)
    assert per_water == pytest.approx(s["U.ceiling"], rel=0.01)


def test_refusals_of_electrodialysis():
    weak, strong = {"H2O": 55.5, "NH4NO3": 0.15}, {"H2O": 5.5, "NH4NO3": 0.1}
    with pytest.raises(
        Refusal, match=r"of 100 A/m2 exceeds the limiting one of the cation membrane, 58\."
    ):
        stack(weak, strong, mass_transfer=2e-6).solve()
    with pytest.raises(Refusal, match="the concentrate enters with .* rise to 4981 mol/m3 at most"):
        stack(weak, {"H2O": 5.5, "NH4NO3": 1.0}).solve()
    with pytest.raises(ModelError, match=r"there is no diffusivity of PF6-"):
        stack({**weak, "KPF6": 0.1}, strong).build()
    with pytest.raises(
        Refusal, match="would move 0.3731 mol/s of salt, the diluate brings 0.15 mol"
    ):
        stack(weak, strong, area=400.0).solve()


# Donnan dialysis ------------------------------------------------------------------------
def test_large_area_is_donnan_equilibrium():
    source, receiver = {"H2O": 55.5, "NH4Cl": 0.05}, {"H2O": 5.55, "NaCl": 0.1}
    s = donnan(source, receiver, area=1000.0).solve()
    assert s["U.exchanged"] == pytest.approx(1 / 30, rel=5e-4)
    assert s["U.recovery"] == pytest.approx(2 / 3, rel=5e-4)
    assert s["U.approach"] == pytest.approx(1.0, abs=1e-4)


@pytest.mark.oracle
@pytest.mark.parametrize("area", [20.0, 90.0])
def test_finite_area_against_scipy(area):
    source, receiver = {"H2O": 55.5, "NH4Cl": 0.03, "KCl": 0.02}, {"H2O": 5.55, "NaCl": 0.1}

    def slope(_, x):
        parts = [x[:3] / x[:3].sum(), x[3:] / x[3:].sum()]
        flux = 4e-4 * (parts[0] - parts[1])
        return [*(-flux), *flux]

    found = solve_ivp(slope, (0, area), [0.03, 0.02, 0.0, 0.0, 0.0, 0.1], rtol=1e-9, atol=1e-12)
    s = donnan(source, receiver, area=area).solve()
    out = s.stream("U.receiver_out").totals
    for key, n in zip(("N(-3)", "K+", "Na+"), found.y[3:, -1], strict=True):
        assert out[key] == pytest.approx(n, rel=1e-3)


def test_acid_as_receiver():
    """H+ takes part: the source turns acid, the receiver loses acid."""
    s = donnan({"H2O": 55.5, "NH4Cl": 0.05}, {"H2O": 5.55, "HCl": 0.1}, area=1000.0).solve()
    assert s["U.exchanged"] == pytest.approx(1 / 30, rel=1e-3)
    assert s.stream("U.source_out").flows["H+"] == pytest.approx(1 / 30, rel=1e-3)


def test_refusals_of_donnan_dialysis():
    source, receiver = {"H2O": 55.5, "NH4Cl": 0.05}, {"H2O": 5.55, "NaCl": 0.1}
    with pytest.raises(Refusal, match="mol/s/m2 of ammonium at the inlet, its film brings"):
        donnan(source, receiver, permeance=2e-3).solve()
    mixed = {"H2O": 55.5, "NH4Cl": 0.01, "KCl": 0.05}
    with pytest.raises(Refusal, match="ammonium would flow back"):
        donnan(mixed, {"H2O": 5.55, "NH4Cl": 0.1}).solve()
    with pytest.raises(ModelError, match=r"the source brings no ammonium, N\(-3\)"):
        donnan({"H2O": 55.5, "KCl": 0.1}, receiver).build()


def test_films_that_hold_back_are_told_and_refused():
    """By hand: the film of 0.05 mol in 10 kg of water brings 2e-5 x 5 mol/m3; a fourth is asked."""
    source = {"H2O": 55.5, "NH4Cl": 0.05}
    weak = {"H2O": 555.0, "NaCl": 0.05}
    with pytest.raises(Refusal, match=r"take 4\.0\d times the cations .* film\s+of the receiver"):
        donnan(source, weak).solve()
    solution = donnan(source, weak, permeance=2.5e-5).solve()
    (told,) = solution.warnings
    assert "takes 0.25 of what the film of the receiver" in told
    assert not donnan(source, {"H2O": 5.55, "NaCl": 0.1}, permeance=8e-5).solve().warnings


def test_a_source_without_ammonium_passes_none():
    source = {"H2O": 55.5, "KCl": 0.1, "NH4Cl": 0.0}
    s = donnan(source, {"H2O": 5.55, "NaCl": 0.1}).solve()
    assert s["U.exchanged"] == pytest.approx(0.0, abs=1e-12)
    assert s["U.recovery"] == pytest.approx(0.0, abs=1e-9)


def test_trace_cation_reaches_the_donnan_ratio():
    """A trace of K+ takes the ratio of receiver to source that the many take, 0.3 to 0.05."""
    source, receiver = {"H2O": 55.5, "NH4Cl": 0.05, "KCl": 1e-6}, {"H2O": 20.0, "NaCl": 0.3}
    s = donnan(source, receiver, area=3000.0).solve()
    left, gained = (s.stream(f"U.{side}_out").flows for side in ("source", "receiver"))
    for cation in ("K+", "NH4+", "Na+"):
        assert gained[cation] / left[cation] == pytest.approx(6.0, rel=1e-4)


@pytest.mark.parametrize("area", [150.0, 600.0])
def test_receiver_of_lye_takes_ammonium_as_if_it_held_none(area):
    """There it turns to NH3: dn/dA = -P n/n_s, so exp(-P A/n_s) is left; one cell was 8 % off."""
    source, receiver = {"H2O": 55.5, "NH4Cl": 0.05}, {"H2O": 20.0, "KOH": 0.3}
    recovery = [donnan(source, receiver, area=area, cells=n).solve()["U.recovery"] for n in (1, 5)]
    exact = 1 - math.exp(-4e-4 * area / 0.05)
    assert recovery[1] == pytest.approx(exact, rel=3e-3)
    assert abs(recovery[1] - exact) < abs(recovery[0] - exact) / 8
