"""Anion, bipolar and no membrane: what crosses, what it costs, what the anode takes back."""

import math

import pytest
from scipy.optimize import root

from noxplant.constants import FARADAY, GAS_CONSTANT
from noxplant.errors import ModelError, Refusal
from noxplant.examples.stacks import BACK, COMMON, LINES, tafel
from noxplant.flowsheet.graph import Flowsheet
from noxplant.species import number
from noxplant.streams.speciation import settle
from noxplant.thermo import aqueous
from noxplant.units.anion_cell import AnionCell
from noxplant.units.bipolar_cell import BipolarCell
from noxplant.units.feed import Feed
from noxplant.units.undivided_cell import UndividedCell

T = 313.15
I_F = 240e3 / FARADAY
NAMES = ("NO3- -> NH3", "NO3- -> NO2-", "NO2- -> NH3", "H2O -> H2")


def divided(cls, catholyte, anolyte, **changes):
    p = Flowsheet("p")
    a = p.add(Feed("A", "aqueous", catholyte, temperature=308.15))
    b = p.add(Feed("B", "aqueous", anolyte, temperature=308.15))
    given = {**COMMON, **tafel(*LINES), "membrane_resistance": 1e-5, **changes}
    u = p.add(cls("U", **given))
    p.connect(a.out, u.catholyte, "catholyte")
    p.connect(b.out, u.anolyte, "anolyte")
    return p


LIQUOR, LYE = {"H2O": 55.5, "KNO3": 0.55, "KOH": 5.0}, {"H2O": 60.0, "KOH": 6.0}


def anion(**changes):
    given = {"segments": 1, "water_drag": 2.0, "selectivity": 0.36, **changes}
    return divided(AnionCell, LIQUOR, LYE, **given).solve()


def test_anions_share_the_current():
    s = anion()
    out = s.stream("U.catholyte_out").flows
    weights = {"OH-": out["OH-"], "NO3-": 0.36 * out["NO3-"], "NO2-": 0.36 * out["NO2-"]}
    part = {k: w / sum(weights.values()) for k, w in weights.items()}
    assert s["U.nitrate_lost"] == pytest.approx(part["NO3-"] * I_F, rel=1e-8)
    assert s["U.nitrite_lost"] == pytest.approx(part["NO2-"] * I_F, rel=1e-8)
    spent = s.stream("U.anolyte_out")
    assert spent.content("NO3-") == pytest.approx(s["U.nitrate_lost"])
    assert spent.content("N(3)") == pytest.approx(s["U.nitrite_lost"])
    # Oxygen takes one OH- per electron, the membrane brings its share of it.
    ammonium = spent.flows["NH4+"]
    assert spent.flows["OH-"] - ammonium == pytest.approx(6.0 - I_F * (1 - part["OH-"]), abs=1e-6)
    # Two waters go along with each charge; ammonia, oxygen and the cathode do the rest.
    made = (
        3 * s[f"U.extent[{NAMES[0]}]"] + s[f"U.extent[{NAMES[1]}]"] + 2 * s[f"U.extent[{NAMES[2]}]"]
    )
    hydroxide = part["OH-"] * I_F
    out_total = s.stream("U.catholyte_out").content("H2O")
    assert out_total == pytest.approx(60.5 + made - 2 * I_F - hydroxide, rel=1e-9)


def test_no_selectivity_no_loss():
    s = anion(selectivity=0.0)
    assert s["U.nitrate_lost"] == pytest.approx(0.0, abs=1e-12)
    assert s["U.conversion[NO3-]"] > 0
    more = anion(selectivity=1.0)
    assert more["U.nitrate_lost"] > anion()["U.nitrate_lost"] > 0


@pytest.mark.parametrize(
    ("catholyte", "anolyte", "message"),
    [
        (
            LIQUOR,
            {"H2O": 60.0, "KOH": 0.02},
            r"anions in anolyte_out OH- carries .* 0.5 or more on both",
        ),
        (
            LIQUOR,
            {"H2O": 60.0, "KNO3": 0.5},
            r"anions in anolyte_out OH- carries .* Feed more alkali",
        ),
        (
            {**LIQUOR, "KCl": 3.0},
            LYE,
            r"catholyte_out holds Cl- with .*, at most 0.05 is neglected",
        ),
        ({**LIQUOR, "K2CO3": 0.5}, LYE, r"catholyte_out holds .*CO3-- with .* cation membrane"),
    ],
)
def test_anions_that_the_membrane_does_not_know(catholyte, anolyte, message):
    p = divided(
        AnionCell, catholyte, anolyte, segments=1, water_drag=2.0, selectivity=0.36, anode_gap=0.0
    )
    with pytest.raises(Refusal, match=message):
        p.solve()


def test_a_trace_of_chloride_passes():
    # 0.1 mol/s beside 5 mol/s of OH-: under 5 % of what carries the current, by hand.
    p = divided(
        AnionCell, {**LIQUOR, "KCl": 0.1}, LYE, segments=1, water_drag=2.0, selectivity=0.36
    )
    out = p.solve().stream("U.catholyte_out").flows
    carries = out["OH-"] + 0.36 * (out["NO3-"] + out["NO2-"])
    assert out["Cl-"] < 0.05 * carries


def _volts(s):
    """Electrode potentials against RHE, membrane and gaps of the one segment."""
    parts = s["U.anode_potential[1]"] - s["U.cathode_potential[1]"]
    return parts + s["U.catholyte_loss[1]"] + s["U.anolyte_loss[1]"] + 2000.0 * 1e-5


def test_a_hydroxide_membrane_counts_against_rhe():
    # Where OH- is in equilibrium over the membrane, RHE is the same on both sides, but for water.
    s = anion()
    ln_w = []
    for name in ("U.catholyte_out", "U.anolyte_out"):
        x = s.stream(name).flows
        kg = x["H2O"] * 0.01801528
        ln_w.append(-0.01801528 * sum(n for j, n in x.items() if j != "H2O") / kg)
    water = GAS_CONSTANT * T / FARADAY * (ln_w[1] - ln_w[0])
    assert s["U.voltage"] == pytest.approx(_volts(s) + water, abs=1e-6)


def bipolar(**changes):
    given = {"segments": 1, "cathode_gap": 0.0, "dissociation": 0.2, "salt_leak": 0.01, **changes}
    salts = {"H2O": 55.5, "KNO3": 0.7}
    return divided(BipolarCell, salts, LYE, **given)


def test_a_bipolar_membrane_has_the_potential_of_the_ph():
    # Note: 0.83 V x dpH / 14 + 0.2 V; here at 313 K, with the activities of water.
    s = bipolar().solve()
    ph = [s.stream_results[f"U.{x}"].ph for x in ("catholyte_out", "anolyte_out")]
    slope = GAS_CONSTANT * T * math.log(10) / FARADAY
    assert 14 * slope * 298.15 / T == pytest.approx(0.83, abs=0.003)
    found = s["U.membrane_potential[1]"] - 0.2
    assert found == pytest.approx(slope * (ph[1] - ph[0]), abs=0.005)
    assert ph[1] > ph[0]


def test_a_bipolar_cell_counts_against_rhe():
    s = bipolar().solve()
    assert s["U.voltage"] == pytest.approx(_volts(s) + 0.2, abs=1e-3)
    more = bipolar(dissociation=0.4).solve()
    assert more["U.voltage"] - s["U.voltage"] == pytest.approx(0.2, abs=1e-9)


def test_a_bipolar_membrane_splits_water():
    s = bipolar(ammonia_permeance=0.0).solve()
    lye = s.stream("U.anolyte_out")
    # Oxygen takes I/F hydroxide, 0.99 I/F come back; 0.01 I/F of K+ leave.
    assert lye.flows["OH-"] == pytest.approx(6.0 - 0.01 * I_F, abs=1e-9)
    assert lye.flows["K+"] == pytest.approx(6.0 - 0.01 * I_F, rel=1e-12)
    # Totals of water: half of what is split, its hydroxide, oxygen's two per molecule.
    split = 0.99 * I_F
    assert lye.content("H2O") == pytest.approx(66.0 - split / 2 + split - I_F / 2, rel=1e-12)


def test_a_bipolar_membrane_the_wrong_way_round_is_refused():
    p = divided(
        BipolarCell, {"H2O": 55.5, "KNO3": 0.55, "KOH": 5.0}, {"H2O": 60.0, "KOH": 0.05},
        segments=1, anode_gap=0.0, dissociation=0.2, salt_leak=0.0,
    )  # fmt: skip
    with pytest.raises(Refusal, match="bipolar membrane is the wrong way round, or not needed"):
        p.solve()


def test_a_bipolar_membrane_may_bring_too_little_hydroxide():
    # 11/8 OH- per electron are used up, 0.99 come through the membrane: 0.385 I/F = 0.957 mol/s.
    needed = (11 / 8 - 0.99) * I_F
    assert needed == pytest.approx(0.957, abs=1e-3)
    name = "glycerol -> HCOO-"
    anode = ("glycerol + 11 OH- -> 3 HCOO- + 8 H2O + 8 e-", "4 OH- -> O2 + 2 H2O + 4 e-")
    specs = tafel(*NAMES, "H2O -> O2")
    for part, x in zip(specs.values(), (2e5, 0.6, 0.12, 4e4), strict=True):
        part[name] = x
    changes = {
        **specs, "anode": anode, "segments": 1, "cathode_gap": 0.0, "anode_gap": 0.0,
        "dissociation": 0.2, "salt_leak": 0.01,
        "mass_transfer": {"cathode": 2e-5, "anode": 1e-3},
    }  # fmt: skip
    lye = {"H2O": 60.0, "KOH": 0.8, "glycerol": 1.5}
    p = divided(BipolarCell, {"H2O": 55.5, "KNO3": 0.7}, lye, **changes)
    with pytest.raises(Refusal, match=r"hydroxide of the anolyte is exhausted: .*, the membrane"):
        p.solve()
    rich = divided(BipolarCell, {"H2O": 55.5, "KNO3": 0.7}, lye | {"KOH": 1.2}, **changes)
    assert rich.solve().stream("U.anolyte_out").flows["OH-"] > 0.2


# without a membrane -----------------------------------------------------------------------------
def undivided(feed=None, options=None, **changes):
    p = Flowsheet("p")
    salts = {"H2O": 55.5, "KNO3": 0.7, "KOH": 5.0}
    a = p.add(Feed("A", "aqueous", feed or salts, temperature=308.15))
    given = {k: x for k, x in COMMON.items() if "gap" not in k and "ammonia" not in k}
    given |= {"segments": 1, "mass_transfer": {"cathode": 2e-5, "anode": 3e-5}}
    given |= {**tafel(*LINES, *BACK), "separator_resistance": 1e-5, "gap": 3e-3, **changes}
    u = p.add(UndividedCell("U", **(options or {}), **given))
    p.connect(a.out, u.electrolyte, "electrolyte")
    return p


def _line(name, E, sign):
    i, ref, b, e = (LINES | BACK)[name]
    hot = math.exp(-e / GAS_CONSTANT * (1 / T - 1 / 298.15))
    return i * hot * 10 ** (sign * (ref - E) / (b * T / 298.15))


def _rates(Ec, Ea, c3, c2, c1):
    """Extents per area at both electrodes, films solved here by hand, mol/(m2 s)."""
    n = {"NO3- -> NH3": 8, "NO3- -> NO2-": 2, "NO2- -> NH3": 6, "NO2- -> NO3-": 2, "NH3 -> N2": 6}
    a = {r: _line(r, Ec, 1) / (n[r] * FARADAY * 1e3) for r in NAMES[:3]}
    s3 = 2e-5 * c3 / (2e-5 + a[NAMES[0]] + a[NAMES[1]])
    s2 = (2e-5 * c2 + a[NAMES[1]] * s3) / (2e-5 + a[NAMES[2]])
    v = {NAMES[0]: a[NAMES[0]] * s3, NAMES[1]: a[NAMES[1]] * s3, NAMES[2]: a[NAMES[2]] * s2}
    v["H2O -> H2"] = _line("H2O -> H2", Ec, 1) / (2 * FARADAY)
    back = _line("NO2- -> NO3-", Ea, -1) / (2 * FARADAY * 1e3)
    burn = _line("NH3 -> N2", Ea, -1) / (6 * FARADAY * 1e3)
    v["NO2- -> NO3-"] = back * 3e-5 * c2 / (3e-5 + back)
    v["NH3 -> N2"] = burn * 3e-5 * c1 / (3e-5 + 2 * burn)  # two ammonia per extent
    v["H2O -> O2"] = _line("H2O -> O2", Ea, -1) / (4 * FARADAY)
    return v


def test_an_undivided_stirred_cell_against_a_root_of_its_balances():
    s = undivided().solve()
    area, j = 120.0, 2000.0

    def off(x):
        Ec, Ea, n3, n2, n1, water = x
        totals = {"H2O": water, "K+": 5.7, "NO3-": n3, "N(3)": n2, "N(-3)": n1}
        truth, _ = settle(totals, T)
        Q = aqueous.volume_flow(truth.flow, T)
        v = _rates(Ec, Ea, n3 / Q, n2 / Q, n1 / Q)
        a, b, c, h = (v[r] for r in NAMES)
        d, e, o = v["NO2- -> NO3-"], v["NH3 -> N2"], v["H2O -> O2"]
        up = FARADAY * (8 * a + 2 * b + 6 * c + 2 * h) / j - 1
        off_ = FARADAY * (2 * d + 6 * e + 4 * o) / j - 1
        made = area * (3 * a + b + 2 * c - d - 2 * o)
        return [
            up, off_, n3 - 0.7 + area * (a + b - d), n2 - area * (b - c - d),
            n1 - area * (a + c - 2 * e), water - 60.5 - made,
        ]  # fmt: skip

    found = root(off, [-0.25, 1.6, 0.3, 0.15, 0.25, 60.0], tol=1e-12)
    assert found.success
    Ec, Ea, n3, n2, n1, _ = found.x
    out = s.stream("U.electrolyte_out")
    assert s["U.cathode_potential[1]"] == pytest.approx(Ec, abs=1e-7)
    assert s["U.anode_potential[1]"] == pytest.approx(Ea, abs=1e-7)
    for key, n in (("NO3-", n3), ("N(3)", n2), ("N(-3)", n1)):
        assert out.content(key) == pytest.approx(n, rel=1e-7)
    loss = s["U.ohmic_loss[1]"] + 2000.0 * 1e-5
    assert s["U.voltage"] == pytest.approx(Ea - Ec + loss, abs=1e-7)


def test_what_the_anode_takes_back():
    s = undivided().solve()
    made = s[f"U.extent[{NAMES[1]}]"]
    assert s["U.reoxidation[N(3)]"] == pytest.approx(s["U.extent[NO2- -> NO3-]"] / made, rel=1e-9)
    ammonia = s[f"U.extent[{NAMES[0]}]"] + s[f"U.extent[{NAMES[2]}]"]
    lost = 2 * s["U.extent[NH3 -> N2]"]
    assert s["U.reoxidation[N(-3)]"] == pytest.approx(lost / ammonia, rel=1e-9)
    assert s["U.production_rate[N(-3)]"] * 120.0 == pytest.approx(ammonia - lost, rel=1e-9)
    assert s.stream("U.gas").flows["N2"] == pytest.approx(s["U.extent[NH3 -> N2]"])
    # A thicker film at the anode saves nitrite: its rate by hand, line and film in series.
    still = undivided(mass_transfer={"cathode": 2e-5, "anode": 4e-6}).solve()
    out = still.stream("U.electrolyte_out")
    c2 = out.content("N(3)") / aqueous.volume_flow(dict(out.flows), T)
    back = _line("NO2- -> NO3-", still["U.anode_potential[1]"], -1) / (2 * FARADAY * 1e3)
    rate = 120.0 * back * 4e-6 * c2 / (4e-6 + back)
    assert still["U.extent[NO2- -> NO3-]"] == pytest.approx(rate, rel=1e-6)
    assert still["U.reoxidation[N(3)]"] < s["U.reoxidation[N(3)]"]


def test_explosive_gas_is_told():
    hydrogen = {**tafel(*LINES, *BACK)["reference_current"], "H2O -> H2": 20.0}
    s = undivided(reference_current=hydrogen).solve()
    (found,) = [d for d in s.safety if d.name.startswith("flammable atmosphere")]
    gas = s.stream("U.gas").flows
    share = gas["H2"] / sum(gas.values())
    assert found.value == pytest.approx(share / number("safety.flammability.H2")[0], rel=1e-6)
    assert found.beyond
    assert "U.gas" in found.streams


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: AnionCell("U", segments=0), "give a whole number from 1"),
        (lambda: BipolarCell("U", segments=1, membrane_cation="Ca++"), "cannot carry 'Ca"),
        (
            lambda: undivided({"H2O": 55.5, "KOH": 5.0}).solve(),
            "the main reaction uses up NO3-, but the electrolyte brings none",
        ),
    ],
)
def test_refused(make, message):
    with pytest.raises(ModelError, match=message):
        make()


def test_a_gap_without_lye_is_refused():
    with pytest.raises(Refusal, match="or make the gap zero"):
        bipolar(cathode_gap=1e-3).solve()


def test_a_bipolar_cell_costs_its_dissociation_more_than_an_anion_cell():
    # One pair of electrodes, one current, no gaps: both membranes keep OH- (or water) in equilibrium
    # but for the dissociation, so the voltages differ by it, by the Tafel lines at the potentials
    # found (each electrode by hand from its own cell) and by the activities of water.
    a = divided(
        AnionCell, LIQUOR, LYE, segments=1, water_drag=0.0, selectivity=0.0, cathode_gap=0.0,
        anode_gap=0.0, ammonia_permeance=0.0,
    ).solve()  # fmt: skip
    b = bipolar(anode_gap=0.0, ammonia_permeance=0.0, salt_leak=0.0).solve()
    ends = [x["U.anode_potential[1]"] - x["U.cathode_potential[1]"] for x in (a, b)]
    rest = [x["U.voltage"] - end for x, end in zip((a, b), ends, strict=True)]
    water = []
    for name in ("U.catholyte_out", "U.anolyte_out"):
        x = a.stream(name).flows
        kg = x["H2O"] * 0.01801528
        water.append(-0.01801528 * sum(n for j, n in x.items() if j != "H2O") / kg)
    slack = GAS_CONSTANT * T / FARADAY * (water[1] - water[0])
    assert rest[0] == pytest.approx(2000.0 * 1e-5 + slack, abs=1e-6)
    assert rest[1] == pytest.approx(2000.0 * 1e-5 + 0.2, abs=1e-3)
    assert rest[1] - rest[0] == pytest.approx(0.2, abs=5e-3)
