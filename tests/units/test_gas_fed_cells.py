"""Gas-diffusion electrodes: nitric oxide at the cathode, nitrogen at the anode."""

import math

import pytest
from scipy.optimize import root

from noxplant.constants import FARADAY, GAS_CONSTANT
from noxplant.errors import ModelError, Refusal
from noxplant.examples.electro import around
from noxplant.examples.stacks import COMMON, GAS, LINES, gas_anode_cell, gas_cathode_cell, tafel
from noxplant.units.feed import Feed
from noxplant.units.gas_anode_cell import GasAnodeCell
from noxplant.units.gas_cathode_cell import GasCathodeCell

T, P = 313.15, 101325.0
R = GAS_CONSTANT
NH3, N2O, H2, O2 = "NO -> NH3", "NO -> N2O", "H2O -> H2", "H2O -> O2"


def cathode(gas=None, options=None, **changes):
    given = {k: x for k, x in COMMON.items() if k not in ("segments", "mass_transfer")}
    given |= {"membrane_resistance": 1.5e-4, "water_drag": 5.0, "gas_transfer": 2e-2}
    given |= {**tafel(NH3, N2O, H2, O2), **changes}
    unit = GasCathodeCell("U", **(options or {}), **given)
    p = around(unit, "p")
    feed = p.add(Feed("gas", "gas", gas or {"NO": 1.0, "N2": 3.0}, temperature=308.15))
    p.connect(feed.out, unit.gas_feed, "gas")
    return p


def current(name, E, sign=1):
    """Tafel line at 313.15 K by hand, A/m2 at 1 bar."""
    i, ref, b, e = (LINES | GAS)[name]
    hot = math.exp(-e / R * (1 / T - 1 / 298.15))
    return i * hot * 10 ** (sign * (ref - E) / (b * T / 298.15))


def test_the_cathode_against_a_root_of_its_balances():
    s = gas_cathode_cell().solve()
    area, j, k = 120.0, 2000.0, 2e-2
    bar = 1e5 / R / T

    def rates(E, c):
        a = current(NH3, E) / (5 * FARADAY * bar)
        b = current(N2O, E) / (2 * FARADAY * bar)
        surface = k * c / (k + a + 2 * b)  # two NO per N2O
        return a * surface, b * surface, current(H2, E) / (2 * FARADAY)

    def off(x):
        E, no = x
        v = rates(E, 0.0)
        n2o, h2 = 0.0, 0.0
        for _ in range(200):  # the gases made dilute the gas
            total = no + 3.0 + n2o + h2
            v = rates(E, no / total * P / R / T)
            n2o, h2 = area * v[1], area * v[2]
        charge = FARADAY * (5 * v[0] + 2 * v[1] + 2 * v[2])
        return [charge / j - 1, no - 1.0 + area * (v[0] + 2 * v[1])]

    found = root(off, [-0.2, 0.4], tol=1e-12)
    assert found.success
    gas = s.stream("U.cathode_gas").flows
    assert s["U.cathode_potential[cell]"] == pytest.approx(found.x[0], abs=1e-7)
    assert gas["NO"] == pytest.approx(found.x[1], rel=1e-7)
    assert s["U.gas_conversion"] == pytest.approx(1 - found.x[1], rel=1e-7)
    assert gas["N2"] == pytest.approx(3.0, rel=1e-12)


def test_energy_identity_of_nitric_oxide():
    # Note section 3: 7.869 V / FE kWh per kg of ammonia from NO.
    s = gas_cathode_cell().solve()
    expected = 7.869 * s["U.voltage"] / s[f"U.charge_share[{NH3}]"]
    assert s["U.specific_energy"] / 3.6e6 == pytest.approx(expected, rel=1e-4)


def test_a_starved_cathode_makes_hydrogen():
    # The film alone: k c A at the gas that leaves.
    lines = tafel(NH3, N2O, H2, O2)["reference_current"]
    fast = {r: i if r in (H2, O2) else 1e3 * i for r, i in lines.items()}
    s = cathode(gas_transfer=3e-4, reference_current=fast).solve()
    gas = s.stream("U.cathode_gas").flows
    most = 3e-4 * 120.0 * gas["NO"] / sum(gas.values()) * P / R / T
    used = 1.0 - gas["NO"]
    assert used == pytest.approx(most, rel=2e-3)
    assert s[f"U.charge_share[{H2}]"] > 0.5
    assert gas["H2"] == pytest.approx(s[f"U.extent[{H2}]"])


def test_dilute_gas_costs_potential():
    thin = cathode({"NO": 0.8, "N2": 20.0}).solve()
    thick = cathode({"NO": 4.0}).solve()
    assert thin["U.cathode_potential[cell]"] < thick["U.cathode_potential[cell]"]
    assert thin[f"U.charge_share[{H2}]"] > thick[f"U.charge_share[{H2}]"]


def test_vapours_pass():
    s = gas_anode_cell().solve()
    assert s.stream("U.anode_gas").flows["H2O"] == pytest.approx(0.05, rel=1e-12)


def test_nitrate_from_nitrogen():
    s = gas_anode_cell().solve()
    extent = s["U.extent[N2 -> NO3-]"]
    share = s["U.charge_share[N2 -> NO3-]"]
    assert extent == pytest.approx(share * 240e3 / 10 / FARADAY, rel=1e-9)
    assert s.stream("U.anolyte_out").content("NO3-") == pytest.approx(2 * extent, rel=1e-9)
    assert s.stream("U.anode_gas").flows["N2"] == pytest.approx(2.0 - extent, rel=1e-9)
    # Share by hand: two lines at the potential of the anode, the film of nitrogen.
    E, bar = s["U.anode_potential[cell]"], 1e5 / R / T
    gas = s.stream("U.anode_gas").flows
    c = gas["N2"] / sum(gas.values()) * P / R / T
    a = current("N2 -> NO3-", E, -1) / (10 * FARADAY * bar)
    burnt = 10 * FARADAY * a * 2e-2 * c / (2e-2 + a)
    assert share == pytest.approx(burnt / (burnt + current(O2, E, -1)), rel=1e-8)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (
            lambda: GasCathodeCell(
                "U",
                cathode=("NO3- + 6 H2O + 8 e- -> NH3 + 9 OH-", "2 H2O + 2 e- -> H2 + 2 OH-"),
            ),
            "uses up no gas",
        ),
        (
            lambda: GasAnodeCell("U", anode=("4 OH- -> O2 + 2 H2O + 4 e-",)),
            "the first anode reaction, .* uses up no gas",
        ),
        (
            lambda: GasCathodeCell("U", anode=("N2 + 12 OH- -> 2 NO3- + 6 H2O + 10 e-",)),
            "uses up the gas N2; only liquids enter the cell",
        ),
        (lambda: cathode({"N2": 3.0}).solve(), "uses up NO, but none reaches it"),
    ],
)
def test_refused(make, message):
    with pytest.raises(ModelError, match=message):
        make()


def test_refused_states():
    with pytest.raises(Refusal, match="hydroxide of the anolyte is exhausted"):
        cathode(area=300.0).solve()


def test_oxygen_in_the_gas_is_not_inert():
    with pytest.raises(Refusal, match=r"holds 20 % of O2, .* at most 0.01 % is neglected. Remove"):
        cathode({"NO": 1.0, "N2": 2.2, "O2": 0.8}).solve()


def test_oxygen_with_its_own_reaction():
    # Four electrons an O2 from its flows alone; it is taken before the nitric oxide.
    name = "O2 -> H2O"
    reactions = (
        "NO + 4 H2O + 5 e- -> NH3 + 5 OH-", "2 NO + H2O + 2 e- -> N2O + 2 OH-",
        "O2 + 2 H2O + 4 e- -> 4 OH-", "2 H2O + 2 e- -> H2 + 2 OH-",
    )  # fmt: skip
    specs = tafel(NH3, N2O, H2, O2)
    for part, x in zip(specs.values(), (100.0, 0.6, 0.1, 4e4), strict=True):
        part[name] = x
    s = cathode({"NO": 1.0, "N2": 3.0, "O2": 0.1}, {"cathode": reactions}, **specs).solve()
    used = 0.1 - s.stream("U.cathode_gas").flows["O2"]
    assert used > 0.01
    assert s[f"U.charge_share[{name}]"] == pytest.approx(4 * FARADAY * used / 240e3, rel=1e-8)
