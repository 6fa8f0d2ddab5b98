"""The way from a route as it is shipped to the same route with other numbers."""

from __future__ import annotations

import pytest

from noxplant import Flowsheet, routes
from noxplant.errors import ModelError, Refusal, SolveError, SpecError
from noxplant.flowsheet import solve as solving
from noxplant.flowsheet.way import changes, departs, followed
from noxplant.testing import assert_same
from noxplant.units.feed import Feed
from noxplant.units.product import Product

ROUTE = "nitrate-to-hydrazine"
ALKALI = "design.A-102.concentration[OH-]"


@pytest.fixture
def cold_fails(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The first attempt on a plant that departs from its route fails; lists those it failed for."""
    failed: list[str] = []

    def no_attempt(flowsheet: object, far: object) -> None:
        failed.append(str(far))

    monkeypatch.setattr(solving, "_either_way", no_attempt)
    return failed


def test_exhausted_anolyte_of_a_whole_plant_is_named() -> None:
    """2 mol/L cannot bring the 8 OH- per nitrate that the membrane drains; the basis says 3.5."""
    plant = routes.load(ROUTE, values={ALKALI: 2000.0})
    with pytest.raises(
        Refusal,
        match=r"(?s)way to A-102.concentration\[OH-\] = 2000 \(SI\) ends at 9\d\.\d% of it, at 22\d\d"
        r".*E-101: the hydroxide of the anolyte is exhausted",
    ):
        plant.solve()


def test_a_freed_specification_at_its_bound_is_named() -> None:
    """Without gap the azine cell still takes its electrode voltage: more than 7 kWh/kg."""
    plant = routes.load(ROUTE)
    plant.exchange("E-201.specific_energy", 7 * 3.6e6, "E-201.gap")
    with pytest.raises(Refusal, match=r"ends at .* with E-201.gap at its bound"):
        plant.solve()


def test_the_way_leads_to_the_plant_that_a_cold_start_finds(cold_fails: list[str]) -> None:
    values = {ALKALI: 6000.0, "K-201.temperature": 278.15}
    plant = routes.load(ROUTE, values=values)
    found = plant.solve()
    assert cold_fails
    other = routes.load(ROUTE, values=values)
    other.known = None
    assert_same(other.solve(), found, rel=1e-8)


def test_the_way_to_an_exchange_that_the_route_does_not_make(cold_fails: list[str]) -> None:
    plant = routes.load(ROUTE)
    plant.exchange("E-201.specific_energy", 7.3 * 3.6e6, "E-201.gap")
    found = plant.solve()
    assert cold_fails
    # What is saved is ohmic drop, which is proportional to the gap.
    base = routes.load(ROUTE).solve()
    ohmic = [s["E-201.voltage"] - s["E-201.electrode_voltage"] for s in (base, found)]
    assert ohmic[1] / ohmic[0] == pytest.approx(found["E-201.gap"] / 0.001, rel=1e-3)
    assert found["E-201.specific_energy"] == pytest.approx(7.3 * 3.6e6, rel=1e-9)


def test_a_route_as_it_is_has_no_way() -> None:
    assert not departs(routes.load(ROUTE))
    assert departs(routes.load(ROUTE, values={ALKALI: 4000.0}))
    assert not departs(routes.load(ROUTE).scaled(1e-3))
    assert departs(routes.load(ROUTE, values={ALKALI: 4000.0}).scaled(1e-3))


def test_a_way_leaves_the_plant_where_it_was() -> None:
    base = routes.load("air-to-ammonium-sulfate")
    before = base.solve()
    plant = routes.load("air-to-ammonium-sulfate")
    name = "C-101.pressure_drop"
    plant.set(name, 0.98 * plant.value(name))
    targets = changes(base, plant)
    assert targets == {name: plant.value(name)}
    with followed(base, targets) as end:
        assert end.arrived
        assert base.variable(name).value == plant.value(name)
    assert base.variable(name).value == before[name]
    again = base.solve()
    assert_same(before, again, rel=1e-12)


def test_where_no_limit_is_met_the_search_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """A way that ends at no limit is no reason to refuse: the steps after it find the plant."""

    def ends(*_: object) -> bool:
        raise SolveError("the way ends")

    tried = []
    either = solving._either_way
    monkeypatch.setattr(solving, "arrive", ends)
    monkeypatch.setattr(solving, "_either_way", lambda *a: tried.append(a))
    found = routes.load(ROUTE, values={ALKALI: 4500.0}).solve()
    assert tried
    monkeypatch.setattr(solving, "_either_way", either)
    assert found["A-102.concentration[OH-]"] == pytest.approx(4500.0)


def test_what_is_free_is_not_freed_again() -> None:
    plant = routes.load(ROUTE)
    with pytest.raises(SpecError, match=r"E-101.area is free already: it follows from X-301"):
        plant.exchange("X-301.purity", 0.99, "E-101.area")
    with pytest.raises(SpecError, match="C-101.boilup_ratio is free: it follows from"):
        plant.set(" C-101.boilup_ratio ", 0.1)  # a blank does not hide it


def test_a_built_plant_takes_no_more_units() -> None:
    plant = Flowsheet("p")
    feed = plant.add(Feed("F", "aqueous", {"H2O": 55.5}))
    plant.solve()
    with pytest.raises(ModelError, match="unit 'end' comes too late"):
        plant.add(Product("end", "aqueous"))
    with pytest.raises(ModelError, match="stream 'more' comes too late"):
        plant.connect(feed.out, feed.out, "more")


def test_a_scale_is_a_positive_number() -> None:
    for factor in (0.0, -1.0, float("inf"), float("nan"), "2"):
        with pytest.raises(SpecError, match="scale factor .* must be a positive number"):
            routes.load(ROUTE).scaled(factor)  # type: ignore[arg-type]
