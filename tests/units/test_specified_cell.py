import math

import pytest

from noxplant.constants import FARADAY, GAS_CONSTANT
from noxplant.errors import ModelError, Refusal, SpecError
from noxplant.examples.electro import EFFICIENCY, specified_cell
from noxplant.flowsheet.graph import Flowsheet
from noxplant.species import Reaction
from noxplant.thermo import electro
from noxplant.units.feed import Feed
from noxplant.units.specified_cell import ANODE, CATHODE, SpecifiedCell

NH3, NO2, STEP, H2 = "NO3- -> NH3", "NO3- -> NO2-", "NO2- -> NH3", "H2O -> H2"
CATHOLYTE = {"H2O": 55.5, "KNO3": 0.55, "KOH": 5.0}
ANOLYTE = {"H2O": 60.0, "KOH": 6.0}
SPECS = {
    "area": 120.0, "current_density": 2400.0, "voltage": 2.5, "cells": 100.0, "temperature": 313.15,
    "water_drag": 5.0, "mass_transfer": 2e-5, "faradaic_efficiency": EFFICIENCY,
}  # fmt: skip
TWO = (CATHODE[0], CATHODE[3])


def plant(catholyte=None, anolyte=None, T=308.15, options=None, **changes):
    p = Flowsheet("p")
    a = p.add(Feed("A", "aqueous", catholyte or CATHOLYTE, temperature=T))
    b = p.add(Feed("B", "aqueous", anolyte or ANOLYTE, temperature=T))
    u = p.add(SpecifiedCell("U", **(options or {}), **{**SPECS, **changes}))
    p.connect(a.out, u.catholyte, "catholyte")
    p.connect(b.out, u.anolyte, "anolyte")
    return p


def two(current, voltage, fe, catholyte=None, anolyte=None, **changes):
    """Nitrate to ammonia and hydrogen only, at 298.15 K."""
    changes = {"area": 1.0, "mass_transfer": 1e-3, "cells": 1.0, "water_drag": 0.0, **changes}
    changes["current_density"] = current / changes["area"]
    p = plant(
        catholyte, anolyte, 298.15, {"cathode": TWO}, voltage=voltage, temperature=298.15,
        faradaic_efficiency={NH3: fe}, **changes,
    )  # fmt: skip
    p.units["U"].choose_utility("duty", "refrigeration")
    return p


def test_current_of_a_mole_of_ammonia():
    # Hydrazine note 3.1 (1): 1 mol NH3/s at FE 0.9 takes 857.6 kA +- 0.1 %.
    salts = {"H2O": 555.0, "KNO3": 5.0, "KOH": 20.0}
    s = two(857.6e3, 2.5, 0.9, salts, {"H2O": 600.0, "KOH": 60.0}, area=400.0).solve()
    assert s[f"U.extent[{NH3}]"] == pytest.approx(1.0, rel=1e-3)
    assert s["U.current"] == pytest.approx(857.6e3)
    # (2): 2.5 V is 35.0 kWh/kg +- 0.1.
    assert s["U.specific_energy"] / 3.6e6 == pytest.approx(35.0, abs=0.1)


def test_energy_identity():
    # Ammonia note 5.1 (1): 2.0 V at FE 0.90 is 27.977 kWh/kg.
    s = two(3e4, 2.0, 0.9).solve()
    assert s["U.specific_energy"] / 3.6e6 == pytest.approx(27.977, rel=1e-4)


def test_rate_of_the_published_copper_cobalt_cathode():
    # Ammonia note 5.1 (2): 1.035 A/cm2 at FE 1 is 4.827 mmol/h/cm2 (reported: 4.8).
    s = two(10350.0, 3.0, 1.0).solve()
    rate = s["U.production_rate[N(-3)]"] * 3600.0 * 1e3 / 1e4
    assert rate == pytest.approx(4.827, rel=1e-3)
    assert rate == pytest.approx(4.8, rel=0.015)


def test_heat_of_the_cell():
    # Ammonia note 5.1 (4): 1000 A, 2.2 V, FE 0.9 ammonia and 0.1 hydrogen: 1505.3 W +- 0.5.
    # It counts no heat of dilution, so the lye is dilute here; 6 mol/kg adds 3 W.
    salts = {"H2O": 5550.0, "KNO3": 0.55, "KOH": 1.0}
    s = two(1000.0, 2.2, 0.9, salts, {"H2O": 5550.0, "KOH": 1.0}).solve()
    assert s["U.duty"] == pytest.approx(-1505.3, abs=0.5)
    assert two(1000.0, 2.2, 0.9).solve()["U.duty"] == pytest.approx(-1505.3, rel=0.003)
    neutral = s["U.thermoneutral_voltage"]
    assert neutral == pytest.approx(0.9 * 0.6073 + 0.1 * 1.4812, abs=1e-3)
    assert 1000.0 * (2.2 - neutral) == pytest.approx(1505.3, abs=0.5)


def test_anolyte_after_the_batch():
    # Hydrazine note 3.1 (4): 25 mL of 1 mol/L KOH fall to 0.20 mol/L after 2.5 mmol nitrate.
    salts = {"H2O": 1.39, "KNO3": 2.6e-3, "KOH": 0.01}
    s = two(8 * 2.5e-3 * FARADAY, 2.5, 1.0, salts, {"H2O": 1.39, "KOH": 0.025}).solve()
    spent = s.stream("U.anolyte_out")
    assert spent.flows["OH-"] / 0.025 == pytest.approx(0.2, rel=1e-3)
    assert s["U.anode_hydroxide"] == pytest.approx(200.0, rel=0.02)


def test_standard_voltages():
    # Hydrazine note 3.1 (3), ammonia note section 2.
    cathode, anode = Reaction.parse(CATHODE[0]), Reaction.parse(ANODE[0])
    assert electro.reversible_voltage(cathode, anode) == pytest.approx(0.5205, abs=2e-3)
    assert electro.thermoneutral_voltage(cathode, anode) == pytest.approx(0.6073, abs=2e-3)


def test_reversible_voltage_is_nernst():
    s = two(1e4, 2.5, 0.9).solve()
    out, lye = s.stream("U.catholyte_out"), s.stream("U.anolyte_out")
    kg = [x.flows["H2O"] * 0.01801528 for x in (out, lye)]
    ln_w = [
        -sum(n for j, n in x.flows.items() if j != "H2O") / k
        for x, k in zip((out, lye), kg, strict=True)
    ]
    ln_w = [0.01801528 * x for x in ln_w]
    f = GAS_CONSTANT * 298.15 / FARADAY
    ratio = out.flows["NH3"] / out.flows["NO3-"]
    oh = [math.log(x.flows["OH-"] / k) for x, k in zip((out, lye), kg, strict=True)]
    cathode = -0.1196 - f / 8 * (math.log(ratio) - 6 * ln_w[0] + 9 * oh[0])
    anode = 0.4009 - f / 4 * (4 * oh[1] - 2 * ln_w[1] - math.log(1.01325))
    assert s[f"U.reversible_voltage[{NH3}]"] == pytest.approx(anode - cathode, abs=2e-3)


def test_each_electron_is_counted_once():
    s = specified_cell().solve()
    assert sum(s[f"U.charge_share[{r}]"] for r in (NH3, NO2, STEP, H2)) == pytest.approx(1.0)
    current = s["U.current"]
    assert s["U.ions"] == pytest.approx(current / FARADAY)
    assert s.stream("U.anode_gas").flows["O2"] == pytest.approx(current / 4 / FARADAY)
    assert s["U.cell_current"] == pytest.approx(current / 100)
    # OH- per electron (note 5.1): 9/8, 1, 7/6 and 1; one K+ per electron comes in.
    made = current / FARADAY * (9 / 8 * 0.85 + 0.02 + 7 / 6 * 0.03 + 0.1)
    out = s.stream("U.catholyte_out")
    assert out.flows["OH-"] - out.flows["NH4+"] - 5.0 == pytest.approx(made, rel=1e-6)


def test_compartments_and_currents_are_audited():
    s = specified_cell().solve()
    places = {where for _, where, _ in s.audits.rows}
    assert "U, cathode: H" in places
    assert "U, anode: K" in places
    assert "U: currents of anode, membrane, cathode" in places


def test_limiting_current_of_the_note():
    # Ammonia note 5.1: 8 e, 0.1 mol/L, 1e-5 m/s: 771.9 A/m2.
    s = plant().solve()
    out = s.stream("U.catholyte_out")
    volume = out.flows["NO3-"] * 8 * FARADAY * 2e-5 / s["U.limiting_current_density[NO3-]"]
    note = 8 * FARADAY * 1e-5 * 100.0
    assert note == pytest.approx(771.9, abs=0.1)
    assert out.mass_flow / volume == pytest.approx(1290.0, rel=0.05)  # density of strong lye
    asked = 2400.0 * (0.85 + 0.02 * 8 / 2)
    expected = asked / s["U.limiting_current_density[NO3-]"]
    assert s["U.limiting_ratio[NO3-]"] == pytest.approx(expected)


def test_conversion_of_nitrite_counts_what_is_made():
    s = specified_cell().solve()
    used, made = s[f"U.extent[{STEP}]"], s[f"U.extent[{NO2}]"]
    assert s["U.conversion[N(3)]"] == pytest.approx(used / made)
    taken = 1 - s.stream("U.catholyte_out").totals["NO3-"] / 0.55
    assert s["U.conversion[NO3-]"] == pytest.approx(taken)


def test_design_by_conversion():
    p = plant()
    p.exchange("U.conversion[NO3-]", 0.6, "U.area")
    p.exchange("U.conversion[N(3)]", 0.6, f"U.faradaic_efficiency[{STEP}]")
    s = p.solve()
    assert s["U.area"] < 120.0
    assert s[f"U.faradaic_efficiency[{STEP}]"] == pytest.approx(0.02 * 3 * 0.6)


def test_responses():
    base = plant().solve()
    more = plant(current_density=2200.0).solve()
    assert more["U.conversion[NO3-]"] < base["U.conversion[NO3-]"]
    assert more["U.anode_hydroxide"] > base["U.anode_hydroxide"]
    assert plant(voltage=2.2).solve()["U.duty"] > base["U.duty"]  # less heat to take off
    dry = plant(water_drag=3.0).solve()
    assert dry["U.limiting_ratio[NO3-]"] < base["U.limiting_ratio[NO3-]"]


def test_alkaline_and_acid_writing_are_one_reaction():
    acid = (
        "NO3- + 9 H+ + 8 e- -> NH3 + 3 H2O",
        "NO3- + 2 H+ + 2 e- -> NO2- + H2O",
        "NO2- + 7 H+ + 6 e- -> NH3 + 2 H2O",
        "2 H+ + 2 e- -> H2",
    )
    options = {"cathode": acid, "anode": ("2 H2O -> O2 + 4 H+ + 4 e-",)}
    a, b = plant().solve(), plant(options=options).solve()
    for path, q in a.quantities.items():
        assert b[path] == pytest.approx(q.value, rel=1e-3), path


def test_nitrogen_as_a_gas_product():
    cathode = (*CATHODE[:3], "2 NO3- + 6 H2O + 10 e- -> N2 + 12 OH-", CATHODE[3])
    fe = {**EFFICIENCY, "NO3- -> N2": 0.03}
    s = plant(options={"cathode": cathode}, faradaic_efficiency=fe, current_density=2200.0).solve()
    assert set(s.stream("U.cathode_gas").flows) == {"N2", "H2"}


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"cathode": ()}, "at least one cathode reaction"),
        ({"cathode": ("2 H2O -> O2 + 4 H+ + 4 e-",)}, "is no cathode reaction, which takes up"),
        ({"anode": ("2 H+ + 2 e- -> H2",)}, "is no anode reaction, which gives off electrons"),
        ({"cathode": (*CATHODE, CATHODE[0])}, "two cathode reactions are both 'NO3- -> NH3'"),
        ({"cathode": CATHODE[:1]}, "no cathode reaction 'that makes H2' to take the current"),
        ({"remainder": "NO3- -> NH4"}, "Did you mean 'NO3- -> NH3'"),
        ({"cathode": CATHODE[:1], "remainder": NH3}, "no cathode reaction makes a gas"),
        ({"cathode": ("NO + 5 H+ + 5 e- -> NH3 + H2O", CATHODE[3])}, "uses up the gas NO"),
        (
            {"cathode": ("NO3- + 9 H+ + 8 e- -> NH3(g) + 3 H2O", CATHODE[3])},
            "makes as gas what dissolves",
        ),
        ({"membrane_cation": "K"}, r"cannot carry 'K'\. Did you mean 'K\+'"),
    ],
)
def test_refused_half_reactions(options, message):
    with pytest.raises(ModelError, match=message):
        SpecifiedCell("U", **options)


def test_efficiencies_over_one_are_refused_at_once():
    with pytest.raises(SpecError, match=r"add up to 1.1: 0.9 \(NO3- -> NH3\) \+ 0.2"):
        SpecifiedCell("U", faradaic_efficiency={NH3: 0.9, NO2: 0.2})


def test_efficiencies_over_one_are_refused_after_an_exchange():
    p = plant()
    p.set(f"U.faradaic_efficiency[{NO2}]", 0.2)
    with pytest.raises(Refusal, match="add up to 1.08, more than 1"):
        p.solve()


def test_missing_reactants_are_refused():
    with pytest.raises(ModelError, match="a cathode reaction uses up NO3-, but the catholyte"):
        plant({"H2O": 55.5, "KOH": 5.0}).solve()
    with pytest.raises(ModelError, match=r"the membrane takes K\+ from the anolyte"):
        plant(anolyte={"H2O": 55.5, "NaOH": 5.0}).solve()


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (
            {"anolyte": {"H2O": 60.0, "KOH": 2.9}},
            r"hydroxide of the anolyte is exhausted: the current needs \S+ mol/L OH-, the anolyte",
        ),
        (
            {"anolyte": {"H2O": 60.0, "KOH": 2.0}, "water_drag": 0.0},
            r"K\+ of the anolyte is used up: the membrane carries 2.985 mol/s, the anolyte brings 2",
        ),
        (
            {"voltage": 0.45},
            "voltage of 0.45 V is below the reversible voltage of NO3- -> NH3, 0.54",
        ),
        (
            {"mass_transfer": 1.5e-5},
            "its limiting current density at the outlet concentration is 17",
        ),
        (
            {"catholyte": {"H2O": 55.5, "KNO3": 0.3, "KOH": 5.0}},
            r"NO3- is used up: the current reduces 0.347 mol/s, the catholyte brings 0.3",
        ),
    ],
)
def test_refused_states(changes, message):
    with pytest.raises(Refusal, match=message):
        plant(**changes).solve()


def test_full_conversion_exceeds_the_limiting_current():
    # Nothing is left at the outlet of a mixed catholyte, so nothing can arrive at the electrode.
    p = plant()
    p.exchange("U.conversion[NO3-]", 1.0, "U.area")
    with pytest.raises(Refusal, match="net reduction of NO3- asks for"):
        p.solve()


OXIDATION = "2 NH3 + 6 OH- -> N2 + 6 H2O + 6 e-"


def test_ammonia_at_the_anode_is_reported_and_told():
    lye = {**ANOLYTE, "NH3": 0.05}
    s = plant(anolyte=lye).solve()
    anolyte = s.stream("anolyte")
    brought = anolyte.content("N(-3)")
    assert brought == pytest.approx(0.05)
    litres = brought / s["U.anolyte_ammonia"]
    # 60 mol of water with 6 mol of KOH: 1.08 kg and 0.34 kg, some 1.2 kg/L.
    assert litres == pytest.approx((60 * 0.018015 + 6 * 0.0561) / 1200, rel=0.05)
    made = s[f"U.extent[{NH3}]"] + s[f"U.extent[{STEP}]"]
    share = f"{100 * brought / made:.3g} % of what the cathode makes"
    found = [w for w in s.warnings if w.startswith("U: the anolyte brings ammonia")]
    assert len(found) == 1
    assert share in found[0]
    assert "is not modelled" in found[0]


@pytest.mark.parametrize(("part", "told"), [(0.0, 0), (0.9, 0), (1.1, 1)])
def test_a_little_ammonia_at_the_anode_is_not_told(part, told):
    made = plant().solve()
    most = 0.05 * (made[f"U.extent[{NH3}]"] + made[f"U.extent[{STEP}]"])
    s = plant(anolyte={**ANOLYTE, "NH3": part * most}).solve()
    assert len([w for w in s.warnings if "brings ammonia to the anode" in w]) == told
    assert (s["U.anolyte_ammonia"] > 0) == (part > 0)


def test_an_anode_that_oxidises_ammonia_needs_no_warning():
    # 2 % of the current makes nitrogen: one N2 per six electrons.
    lye = {**ANOLYTE, "NH3": 0.05}
    share = {**EFFICIENCY, "NH3 -> N2": 0.02}
    options = {"anode": (OXIDATION, *ANODE)}
    s = plant(anolyte=lye, options=options, faradaic_efficiency=share).solve()
    made = s.stream_results["U.anode_gas"].flows["N2"]
    assert made == pytest.approx(0.02 * 120.0 * 2400.0 / (6 * FARADAY))
    assert s.stream_results["U.anolyte_out"].content("N(-3)") == pytest.approx(0.05 - 2 * made)
    assert [w for w in s.warnings if "ammonia" in w] == []
