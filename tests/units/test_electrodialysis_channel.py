"""Electrodialysis along the channel: closed forms, SciPy, the number of segments, limiting currents."""

import math

import pytest
from scipy.integrate import solve_ivp
from scipy.optimize import brentq

from noxplant import dialysis
from noxplant.errors import Refusal
from noxplant.flowsheet.graph import Flowsheet
from noxplant.thermo import aqueous, transport
from noxplant.units.electrodialyser import Electrodialyser
from noxplant.units.feed import Feed

F, R, T = 96485.33212, 8.314462618, 298.15
D = {j: transport.ion_diffusivity(j, T) for j in ("K+", "Na+", "NH4+", "H+", "OH-", "NO3-", "Cl-")}
XI = 0.9


def stack(weak, strong, **changes):
    p = Flowsheet("p")
    a = p.add(Feed("A", "aqueous", weak, temperature=T))
    b = p.add(Feed("B", "aqueous", strong, temperature=T))
    given = {
        "area": 240.0, "current_density": 40.0, "current_efficiency": XI, "water_drag": 10.0,
        "cation_resistance": 2e-4, "anion_resistance": 2e-4, "gap": 4e-4, "mass_transfer": 2e-4,
    }  # fmt: skip
    u = p.add(Electrodialyser("U", **{**given, **changes}))
    p.connect(a.out, u.diluate, "diluate")
    p.connect(b.out, u.concentrate, "concentrate")
    return p


def in_series(weak, strong, count, **changes):
    """One stack cut into `count` stacks, each with its default segments."""
    p = Flowsheet("p")
    one = p.add(Feed("A", "aqueous", weak, temperature=T)).out
    two = p.add(Feed("B", "aqueous", strong, temperature=T)).out
    for n in range(count):
        given = {
            "area": 240.0 / count, "current_density": 40.0, "current_efficiency": XI,
            "water_drag": 10.0, "cation_resistance": 2e-4, "anion_resistance": 2e-4,
            "gap": 4e-4, "mass_transfer": 2e-4,
        }  # fmt: skip
        u = p.add(Electrodialyser(f"U{n}", **{**given, **changes}))
        p.connect(one, u.diluate, f"diluate {n}")
        p.connect(two, u.concentrate, f"concentrate {n}")
        one, two = u.diluate_out, u.concentrate_out
    return p.solve()


# two cations of different mobility ------------------------------------------------------
@pytest.mark.oracle
@pytest.mark.parametrize("segments", [1, 3])
@pytest.mark.parametrize(
    ("slow", "fast", "area"), [("NH4+", "H+", 240.0), ("Na+", "K+", 255.0), ("Na+", "NH4+", 255.0)]
)
def test_two_cations_against_the_closed_form(slow, fast, area, segments):
    """dn_i = -D_i n_i dt: what is left of each is exp(-D_i t), the charge passed gives t."""
    names = {"NH4+": "NH4Cl", "H+": "HCl", "Na+": "NaCl", "K+": "KCl"}
    weak = {"H2O": 55.5, names[slow]: 0.05, names[fast]: 0.05}
    s = stack(weak, {"H2O": 55.5, "NH4Cl": 1.0}, area=area, segments=segments).solve()
    passed = XI * 40.0 * area / F

    def short(t):
        return passed - 0.05 * sum(1 - math.exp(-D[j] * t) for j in (slow, fast))

    depth = brentq(short, 0, 1e12)
    left = s.stream("U.diluate_out").flows
    assert 0.05 * math.exp(-D[fast] * depth) < 0.006  # deep removal
    for j in (slow, fast):
        assert left[j] == pytest.approx(0.05 * math.exp(-D[j] * depth), rel=2e-3)


def test_the_reviewers_case_no_longer_depends_on_how_it_is_cut():
    """Ammonium beside acid: one stack and four in series gave 0.018 and 0.037 mol/s."""
    weak, strong = {"H2O": 55.5, "NH4Cl": 0.05, "HCl": 0.05}, {"H2O": 55.5, "NH4Cl": 1.0}
    whole = stack(weak, strong).solve()
    cut = in_series(weak, strong, 4, segments=3)
    moved = sum(cut[f"U{n}.transferred"] for n in range(4))
    assert whole["U.transferred"] == pytest.approx(moved, rel=1e-5)
    power = sum(cut[f"U{n}.power"] for n in range(4))
    assert whole["U.power"] == pytest.approx(power, rel=2e-3)


# weak base, voltage ---------------------------------------------------------------------
def forms(n, k, nitrate, water):
    """mol/s of NH4+, NH3, OH-, H+ in `water` mol/s of all water, by charge balance."""
    acid = math.exp(-aqueous.ln_beta("NH4+", T))
    ionic = math.exp(aqueous.ln_beta("OH-", T))
    kg = water * 0.01801528

    def charge(p):
        h = 10.0**-p
        return k / kg + h + n / kg * h / (h + acid) - nitrate / kg - ionic / h

    h = 10.0 ** -brentq(charge, 2, 13.5, xtol=1e-14)
    ammonium = n * h / (h + acid)
    return {"K+": k, "NH4+": ammonium, "H+": h * kg, "NO3-": nitrate, "OH-": ionic / h * kg}


def slope(q, y):
    """Per charge passed: totals of N, K, NO3, water of the diluate."""
    held = forms(*y)
    cations, anions = (
        sum(D[j] * held[j] for j in group) for group in (("K+", "NH4+", "H+"), ("NO3-", "OH-"))
    )
    out = [-D[j] * held[j] / cations for j in ("NH4+", "K+")]
    hydroxide = D["OH-"] * held["OH-"] / anions - D["H+"] * held["H+"] / cations
    # OH- takes water along, H+ brings none; ten water per charge.
    return [*out, -D["NO3-"] * held["NO3-"] / anions, -10.0 / XI - hydroxide]


@pytest.mark.oracle
def test_alkaline_ammonia_against_scipy():
    """KOH and NH3: OH- leaves, NH3 turns to NH4+ and carries current then; four totals by SciPy."""
    weak = {"H2O": 55.5, "KNO3": 0.06, "KOH": 0.02, "NH3": 0.1}
    passed = XI * 40.0 * 150.0 / F
    start = [0.1, 0.08, 0.06, 55.5 + 0.02]
    found = solve_ivp(slope, (0, passed), start, rtol=1e-9, atol=1e-13, method="LSODA").y[:, -1]
    error = {}  # of the nitrate, by segments
    for segments in (5, 10, 20):
        out = stack(weak, {"H2O": 55.5, "KNO3": 1.0}, area=150.0, segments=segments).solve()
        left = out.stream("U.diluate_out").totals
        error[segments] = abs(left["NO3-"] - found[2]) / found[2]
        if segments == 10:
            assert left["N(-3)"] == pytest.approx(found[0], rel=1e-4)
            assert left["K+"] == pytest.approx(found[1], rel=2e-3)
            assert left["NO3-"] == pytest.approx(found[2], rel=2e-3)
    # Second order.
    assert error[5] > 3 * error[10] > 9 * error[20] * 0.9


def test_segments_converge_in_the_voltage():
    """Second order: each doubling leaves about a fourth of the difference."""
    weak, strong = {"H2O": 55.5, "NH4Cl": 0.05, "HCl": 0.05}, {"H2O": 55.5, "NH4Cl": 1.0}
    power = [stack(weak, strong, segments=n).solve()["U.power"] for n in (2, 4, 8)]
    assert abs(power[2] - power[1]) < abs(power[1] - power[0]) / 3
    assert power[2] == pytest.approx(power[1], rel=8e-3)


def test_mean_of_the_resistance():
    for a, b in ((1.0, 1.0 + 1e-9), (1.0, 2.0), (1.0, 3.0)):
        exact = math.log(b / a) / (b - a)
        assert dialysis.inverse_mean(a, b) == pytest.approx(exact, rel=2e-3)


# limiting currents ----------------------------------------------------------------------
def test_limiting_current_is_approached_smoothly_and_refused_beyond():
    """Flat membrane film: j = F k c/(1 - t); the current at which it is met by hand, then 0.5 % off."""
    weak, strong = {"H2O": 55.5, "KCl": 0.1}, {"H2O": 55.5, "KCl": 1.0}
    share = D["K+"] / (D["K+"] + D["Cl-"])
    k = 2e-5

    def margin(j):
        """At the outlet, from a volume of water and salt by the library's densities."""
        left = 0.1 - XI * j * 90.0 / F
        drag = 10.0 * j * 90.0 / F
        volume = aqueous.volume_flow({"K+": left, "Cl-": left, "H2O": 55.5 - drag}, T)
        return F * k * left / volume / (1 - min(share, 1 - share)) - j

    critical = brentq(margin, 1.0, 118.0)
    ratios = []
    for part in (0.5, 0.9, 0.99, 0.995):
        s = stack(
            weak, strong, area=90.0, mass_transfer=k, current_density=part * critical, segments=3
        ).solve()
        ratios.append(max(s["U.limiting_ratio[cation]"], s["U.limiting_ratio[anion]"]))
    assert ratios == sorted(ratios)
    assert ratios[-1] < 1
    assert ratios[-1] == pytest.approx(1.0, abs=0.05)
    words = f"of {1.005 * critical:.4g} A/m2 exceeds the limiting one of the"
    with pytest.raises(Refusal, match=words):
        stack(weak, strong, area=90.0, mass_transfer=k, current_density=1.005 * critical).solve()


def test_no_ammonium_is_no_failure():
    s = stack(
        {"H2O": 55.5, "NaCl": 0.1, "KCl": 0.05}, {"H2O": 55.5, "NaCl": 1.0}, segments=2
    ).solve()
    assert s["U.transferred"] == 0.0
    assert s["U.specific_energy"] == pytest.approx(0.0, abs=1.0)


def test_uneven_voltage_is_told():
    weak = {"H2O": 55.5, "NH4Cl": 0.05, "HCl": 0.05}
    strong = {"H2O": 55.5, "NH4Cl": 1.0}
    s = stack(weak, strong, segments=5).solve()
    assert any("one pair of electrodes over the whole length" in w for w in s.warnings)
    thick = {"cation_resistance": 1e-2, "anion_resistance": 1e-2}
    even = stack({"H2O": 55.5, "NH4Cl": 1.0}, strong, segments=5, **thick).solve()
    assert not any("pair of electrodes" in w for w in even.warnings)
