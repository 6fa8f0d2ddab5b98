"""The route from ammonia to nitric acid against hand balances and Cantera; sizes, outlets, refusals."""

from __future__ import annotations

import html
from functools import cache

import pytest

from noxplant import Flowsheet, Solution, routes
from noxplant.constants import ATMOSPHERE
from noxplant.errors import Refusal
from noxplant.reports.expected import compare
from noxplant.reports.outlets import outlets, table
from noxplant.species.formulas import formula_mass
from noxplant.units.feed import Feed
from noxplant.units.heater import Heater
from noxplant.utilities import RAISED

pytestmark = pytest.mark.route
ROUTE = routes.find("ammonia-to-nitric-acid")


@cache
def solved() -> Solution:
    return routes.load(ROUTE).solve()


def test_it_solves_from_nothing_and_closes() -> None:
    audits = solved().audits
    assert max(audits.elements, audits.charge, audits.energy) < 1e-10


def test_what_it_is_held_to() -> None:
    found = compare(solved(), ROUTE.folder / "expected.toml")
    assert sum(f.tolerance is not None for f in found) >= 5
    assert [f.name for f in found if f.fails or not f.holds] == []
    assert routes.unread_numbers(ROUTE) == []


def test_nitrogen_by_hand() -> None:
    """What the selectivities leave, and what the tail gas takes, decides the ammonia per acid."""
    s = solved()
    burnt = s.stream("ammonia").flows["NH3"]
    vent, acid = s.stream("vent"), s.stream("nitric acid")
    slip = sum(n * vent.flows[k] for k, n in (("NO", 1), ("NO2", 1), ("N2O4", 2)))
    assert acid.content("NO3-") == pytest.approx(0.955 * burnt - slip, rel=1e-9)
    assert 2 * vent.flows["N2O"] == pytest.approx(0.015 * burnt, rel=1e-9)
    name = "NH3 fed, kg per kg HNO3 in product"
    by_hand = formula_mass("NH3") / formula_mass("HNO3") / (0.955 - slip / burnt)
    assert s.headline[name][0] == pytest.approx(by_hand, rel=1e-9)


def test_water_and_oxygen_by_hand() -> None:
    """NH3 + 2 O2 = HNO3 + H2O; N2 takes 3/4 O2 and N2O one per NH3, and both 3/2 H2O."""
    s = solved()
    burnt = s.stream("ammonia").flows["NH3"]
    vent, acid, air = (s.stream(x) for x in ("vent", "nitric acid", "air"))
    made = acid.content("NO3-")
    nitrous = {"NO": 1.25, "NO2": 1.75, "N2O4": 3.5}
    used = 2 * made + (0.015 + 0.75 * 0.03) * burnt
    used += sum(n * vent.flows[k] for k, n in nitrous.items())
    assert air.flows["O2"] - vent.flows["O2"] == pytest.approx(used, rel=1e-9)
    fed = sum(s.stream(x).content("H2O") for x in ("process water", "injected water", "air"))
    left = vent.flows["H2O"] + acid.content("H2O")
    # half a mole of water is bound in each mole of HNO3: N2O5 + H2O
    assert fed + 1.5 * burnt == pytest.approx(left + 0.5 * made, rel=1e-9)
    assert s["T-301.strength[stage 4]"] == pytest.approx(0.54, rel=1e-9)


@pytest.mark.oracle
def test_gauze_boiler_and_machines_by_cantera() -> None:
    ct = pytest.importorskip("cantera")
    s = solved()
    names = {k for x in ("ammonia in air", "burnt gas") for k in s.stream(x).flows}
    data = [x for x in ct.Species.list_from_file("nasa_gas.yaml") if x.name in names | {"NO2"}]
    gas = ct.Solution(thermo="ideal-gas", species=data)

    def enthalpy(stream: str) -> float:
        x = s.stream(stream)
        gas.TPX = x.temperature, x.pressure, dict(x.flows)
        return gas.enthalpy_mole / 1e3 * sum(x.flows.values())

    # the burner is adiabatic; the boiler takes what the gas gives
    hot, fed, cooled = (
        enthalpy(x) for x in ("burnt gas", "ammonia in air", "gas behind the boiler")
    )
    assert hot == pytest.approx(fed, abs=2e-3 * abs(hot - cooled))
    assert s["E-101.duty"] == pytest.approx(cooled - hot, rel=2e-3)
    air = s.stream("air")
    gas.TPX = air.temperature, air.pressure, dict(air.flows)
    before, moles = gas.enthalpy_mole, sum(air.flows.values())
    gas.SP = gas.s, 5e5
    by_hand = (gas.enthalpy_mole - before) / 1e3 * moles / 0.85
    assert s["B-101.power"] == pytest.approx(by_hand, rel=1e-5)


def test_steam_is_raised_below_the_gas() -> None:
    s = solved()
    raised = {p: q for p, q in s.heats() if (q.utility or "").startswith(RAISED)}
    assert set(raised) == {"E-101.duty", "E-103.duty", "R-102.duty"}
    assert all(q.value < 0 for q in raised.values())
    assert min(q.end for q in raised.values() if "high" in q.utility) > 523.0 + 10
    assert min(q.end for q in raised.values() if "low" in q.utility) > 411.0 + 10


def test_steam_cannot_be_raised_from_colder_gas() -> None:
    plant = Flowsheet("boiler")
    gas = plant.add(Feed("gas", "gas", {"N2": 1.0}, temperature=470.0))
    utility = "raised low-pressure steam"
    unit = plant.add(Heater("E", "gas", temperature=418.0, utility=utility))
    plant.connect(gas.out, unit.feed, "gas")
    with pytest.raises(Refusal, match="raised low-pressure steam at 411 K .* cannot cool to 418 K"):
        plant.solve()
    plant.set("E.temperature", 480.0)
    with pytest.raises(Refusal, match="raised low-pressure steam cannot give heat"):
        plant.solve()


def test_responses() -> None:
    """More pressure absorbs more; a hotter gauze takes less air; each against the base case."""
    base, plant = solved(), routes.load(ROUTE)
    plant.solve()
    tail = "NOx in the tail gas, mole fraction"
    plant.set("B-201.pressure", 1.0e6)
    assert plant.solve().headline[tail][0] > 1.2 * base.headline[tail][0]
    plant.set("B-201.pressure", 1.1e6)
    plant.set("R-101.gauze_temperature", 1180.0)
    hotter = plant.solve()
    assert hotter["F-101.factor"] < base["F-101.factor"]
    assert hotter["R-101.feed_fraction"] > base["R-101.feed_fraction"]


def test_expander_gives_what_hot_tail_gas_holds() -> None:
    """Perfect gas of 29.5 J/mol/K of heat capacity, isentropic; within 2 %."""
    s = solved()
    gas = s.stream("hot tail gas")
    moles, ratio = sum(gas.flows.values()), 1.05e5 / gas.pressure
    ideal = gas.temperature * (ratio ** (8.314 / 30.0) - 1)
    assert s["X-301.power"] == pytest.approx(0.85 * moles * 30.0 * ideal, rel=0.02)
    assert gas.pressure > 9 * ATMOSPHERE


def test_outlets_stand_in_the_readme() -> None:
    code = routes.module(ROUTE)
    text = table(solved(), code.TRACKED, code.PRODUCT, basis=code.PER_KG)
    assert text in (ROUTE.folder / "README.md").read_text("utf-8")
    for element in "NHO":
        rows = outlets(solved(), element, code.PRODUCT)
        sums = [sum(r.flow for r in rows if r.way == way) for way in ("in", "out")]
        assert sums[0] == pytest.approx(sums[1], rel=1e-9), element


def test_drawing_is_that_of_the_plant() -> None:
    text = html.unescape((ROUTE.folder / "drawing.svg").read_text("utf-8"))
    plant = routes.load(ROUTE)
    assert [u for u in plant.units if u not in text] == []
    assert [x for x, _, _ in plant.edges() if x not in text] == []


def test_dangers() -> None:
    """Ammonia in air on its way to the gauze; what the vent holds of NOx."""
    assert {d.name for d in solved().safety if d.beyond} >= {
        "flammable atmosphere (fuel with oxygen in one gas)",
        "nitrogen dioxide (with N2O4) in gas that leaves the plant",
        "nitric oxide in gas that leaves the plant",
    }
    assert any("explodes" in w for w in solved().warnings)
