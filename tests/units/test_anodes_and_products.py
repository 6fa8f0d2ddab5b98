"""Anodes other than oxygen, and cathode products by stoichiometry, in the plug-flow cell."""

import math

import pytest

from noxplant.constants import FARADAY
from noxplant.electrolysis import short_name, thermoneutral
from noxplant.electrolysis.limits import hydroxide_per
from noxplant.errors import Refusal
from noxplant.examples.stacks import COMMON, LINES, tafel
from noxplant.flowsheet.graph import Flowsheet
from noxplant.species import Reaction, number
from noxplant.thermo import aqueous
from noxplant.units.feed import Feed
from noxplant.units.plug_flow_cell import CATHODE, PlugFlowCell

OXYGEN = "4 OH- -> O2 + 2 H2O + 4 e-"
ANODES = {
    # fuel: reaction, component of the fuel, product and its number per extent, electrons
    "glycerol": ("glycerol + 11 OH- -> 3 HCOO- + 8 H2O + 8 e-", "glycerol", "HCOO-", 3, 8),
    "HMF": ("HMF + 8 OH- -> FDCA-- + 6 H2O + 6 e-", "HMF", "FDCA--", 1, 6),
    "methanol": ("methanol + 5 OH- -> HCOO- + 4 H2O + 4 e-", "methanol", "HCOO-", 1, 4),
    "N2H4": ("N2H4 + 4 OH- -> N2 + 4 H2O + 4 e-", "N(-2)", "N2", 1, 4),
    "NH3": ("2 NH3 + 6 OH- -> N2 + 6 H2O + 6 e-", "N(-3)", "N2", 1, 6),
}


def plant(cathode=CATHODE, anode=(OXYGEN,), lines=None, catholyte=None, fuel=None, **changes):
    p = Flowsheet("p")
    salts = catholyte or {"H2O": 55.5, "KNO3": 0.55, "KOH": 5.0}
    a = p.add(Feed("A", "aqueous", salts, temperature=308.15))
    lye = {"H2O": 60.0, "KOH": 8.0, **(fuel or {})}
    b = p.add(Feed("B", "aqueous", lye, temperature=308.15))
    names = [short_name(Reaction.parse(t)) for t in (*cathode, *anode)]
    specs = tafel(*[r for r in names if r in LINES])
    for k, part in specs.items():
        n = ("reference_current", "reference_potential", "tafel_slope", "activation_energy").index(
            k
        )
        part.update({r: x[n] for r, x in (lines or {}).items()})
    given = {**COMMON, **specs, "membrane_resistance": 1.5e-4, "water_drag": 5.0, **changes}
    u = p.add(PlugFlowCell("U", cathode=cathode, anode=anode, **given))
    p.connect(a.out, u.catholyte, "catholyte")
    p.connect(b.out, u.anolyte, "anolyte")
    return p


@pytest.mark.parametrize("fuel", ANODES)
def test_an_anode_that_burns_a_fuel(fuel):
    text, component, product, number_of, electrons = ANODES[fuel]
    name = short_name(Reaction.parse(text))
    both = {"cathode": 2e-5, "anode": 2e-5}
    s = plant(
        anode=(text, OXYGEN), lines={name: (200.0, 0.6, 0.12, 4e4)}, fuel={fuel: 1.0},
        mass_transfer=both,
    ).solve()  # fmt: skip
    plain = plant().solve()
    # The fuel takes current at a lower potential than oxygen.
    assert s["U.voltage"] < plain["U.voltage"] - 0.2
    extent = s[f"U.charge_share[{name}]"] * s["U.current"] / electrons / FARADAY
    assert s[f"U.extent[{name}]"] == pytest.approx(extent, rel=1e-9)
    per = -Reaction.parse(text).components[component]
    leaked = s["U.ammonia_lost"] if component == "N(-3)" else 0.0
    out = s.stream("U.anolyte_out")
    assert out.content(component) == pytest.approx(1.0 + leaked - per * extent, rel=1e-8)
    made = s.stream("U.anode_gas").flows.get(product) if product == "N2" else out.content(product)
    assert made == pytest.approx(number_of * extent, rel=1e-8)
    assert s[f"U.charge_share[{name}]"] + s["U.charge_share[H2O -> O2]"] == pytest.approx(1.0)


@pytest.mark.parametrize("fuel", ANODES)
def test_hydroxide_by_the_stoichiometry(fuel):
    # The coefficient of OH- in the text itself, against the balance of charge.
    reaction = Reaction.parse(ANODES[fuel][0])
    assert hydroxide_per(reaction) == -reaction.species["OH-"]


def test_protons_count_as_hydroxide():
    assert hydroxide_per(Reaction.parse("2 H2O -> O2 + 4 H+ + 4 e-")) == 4.0
    assert hydroxide_per(Reaction.parse("N2 + 6 H2O -> 2 NO3- + 12 H+ + 10 e-")) == 12.0


@pytest.mark.parametrize(("lye", "refused"), [(3.3, True), (3.6, False)])
def test_a_fuel_takes_more_hydroxide_than_the_current(lye, refused):
    # 11 OH- per 8 electrons: 11/8 I/F = 3.42 mol/s at 240 kA, not 2.49.
    needed = 11 / 8 * 240e3 / FARADAY
    assert needed == pytest.approx(3.42, abs=0.001)
    text, *_ = ANODES["glycerol"]
    p = plant(
        anode=(text, OXYGEN), lines={"glycerol -> HCOO-": (2e5, 0.6, 0.12, 4e4)},
        fuel={"glycerol": 1.5, "KOH": lye}, mass_transfer={"cathode": 2e-5, "anode": 1e-3},
        anode_gap=0.0, segments=1,
    )  # fmt: skip
    if refused:
        with pytest.raises(
            Refusal, match=r"hydroxide of the anolyte is exhausted: .* per electron"
        ):
            p.solve()
    else:
        s = p.solve()
        share = s["U.charge_share[glycerol -> HCOO-]"]
        used = (share * 11 / 8 + 1 - share) * 240e3 / FARADAY
        out = s.stream("U.anolyte_out").flows["OH-"]
        assert out == pytest.approx(lye - used, abs=1e-4)


def test_a_starved_anode_makes_oxygen():
    text, *_ = ANODES["glycerol"]
    name = "glycerol -> HCOO-"
    both = {"cathode": 2e-5, "anode": 2e-5}
    s = plant(
        anode=(text, OXYGEN), lines={name: (200.0, 0.6, 0.12, 4e4)}, fuel={"glycerol": 0.05},
        mass_transfer=both, segments=1,
    ).solve()  # fmt: skip
    # At the potential of oxygen the film of the fuel alone counts: k c A at the outlet.
    out = s.stream("U.anolyte_out")
    volume = out.flows["OH-"] / s["U.anode_hydroxide"]
    most = 2e-5 * 120.0 * out.content("glycerol") / volume
    assert s[f"U.extent[{name}]"] == pytest.approx(most, rel=1e-3)
    assert s["U.charge_share[H2O -> O2]"] > 0.5


def test_the_heat_of_an_anode_reaction():
    # Thermoneutral potential of glycerol to formate by hand, CRC ions and the estimate of glycerol.
    h = 3 * -425.6e3 + 8 * -285.83e3 - (-675.4e3 + 11 * -229.994e3)
    reaction = Reaction.parse(ANODES["glycerol"][0])
    # As a reduction potential: the reaction gives electrons off.
    assert thermoneutral(reaction) == pytest.approx(h / (8 * FARADAY), abs=1e-6)
    assert number("aqueous.species.HCOO-.enthalpy") == -425.6e3


def test_hydroxylamine():
    cathode = (CATHODE[0], "NO3- + 5 H2O + 6 e- -> NH2OH + 7 OH-", CATHODE[3])
    name = "NO3- -> NH2OH"
    lines = {name: (60.0, 0.0, 0.13, 4e4), "NO3- -> NH3": (60.0, 0.0, 0.13, 4e4)}
    s = plant(cathode, lines=lines).solve()
    made = s.stream("U.catholyte_out").content("N(-1)")
    share = s[f"U.charge_share[{name}]"]
    assert made == pytest.approx(share * s["U.current"] / 6 / FARADAY, rel=1e-9)
    # Equal lines: charges as 1 to 1, moles as 1/6 to 1/8.
    assert share == pytest.approx(s["U.charge_share[NO3- -> NH3]"], rel=1e-9)


def test_urea_takes_carbonate_and_nitrate():
    urea = "2 NO3- + CO2 + 18 H+ + 16 e- -> urea + 7 H2O"
    cathode = (urea, CATHODE[0], CATHODE[3])
    name = "NO3- -> urea"
    lines = {name: (60.0, 0.0, 0.13, 4e4), "NO3- -> NH3": (20.0, 0.0, 0.13, 4e4)}
    salts = {"H2O": 55.5, "KNO3": 0.7, "KOH": 3.0, "K2CO3": 0.5}
    s = plant(cathode, lines=lines, catholyte=salts).solve()
    out, extent = s.stream("U.catholyte_out"), s[f"U.extent[{name}]"]
    assert out.content("urea") == pytest.approx(extent, rel=1e-9)
    assert extent == pytest.approx(
        s[f"U.charge_share[{name}]"] * s["U.current"] / 16 / FARADAY, rel=1e-9
    )
    assert out.content("C(4)") == pytest.approx(0.5 - extent, rel=1e-9)
    nitrate = 0.7 - 2 * extent - s["U.extent[NO3- -> NH3]"]
    assert out.content("NO3-") == pytest.approx(nitrate, rel=1e-8)


@pytest.mark.parametrize(("current", "refused"), [(50.0, True), (0.5, False)])
def test_carbonate_must_reach_the_cathode_too(current, refused):
    # k A c by hand: urea takes one C(4) per 16 electrons, of zeroth order in it.
    urea = "2 NO3- + CO2 + 18 H+ + 16 e- -> urea + 7 H2O"
    salts = {"H2O": 55.5, "KNO3": 0.55, "KOH": 5.0, "K2CO3": 0.2}
    lines = {"NO3- -> urea": (current, 0.0, 0.12, 4e4)}
    p = plant((urea, CATHODE[0], CATHODE[3]), lines=lines, catholyte=salts, segments=1)
    if refused:
        with pytest.raises(Refusal, match=r"uses up \S+ mol/s of C\(4\), but from .* arrive"):
            p.solve()
    else:
        s = p.solve()
        out = s.stream("U.catholyte_out")
        volume = aqueous.volume_flow(dict(out.flows), 313.15)
        used = s["U.charge_share[NO3- -> urea]"] * 240e3 / 16 / FARADAY
        assert used < 2e-5 * 120.0 * out.content("C(4)") / volume


def test_porous_electrode_against_stirred_cell():
    # Note: k of a porous or gas-diffusion electrode 1e-4, of a stirred H-cell 1e-5 m/s.
    found = {}
    for kind in ("gas-diffusion or porous electrode", "H-cell, stirred"):
        k = number(f"electrolyser.transfer.{kind}.coefficient")
        s = plant(mass_transfer={"cathode": k}, cathode_gap=0.0).solve()
        found[kind] = (s["U.charge_share[H2O -> H2]"], s["U.cathode_potential[1]"])
    porous, cell = found.values()
    assert porous[0] < 0.2 * cell[0]
    assert porous[1] > cell[1]
    assert math.isfinite(cell[1])
