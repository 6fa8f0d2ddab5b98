"""No pressure for nothing: only what takes work lets a stream leave above its lowest inlet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cache

import pytest

from noxplant import Flowsheet, Solution, routes
from noxplant.flowsheet.solution import StreamResult
from noxplant.units.compressor import Compressor
from noxplant.units.feed import Feed
from noxplant.units.heat_exchanger import HeatExchanger
from noxplant.units.mixer import Mixer
from noxplant.units.pump import Pump

pytestmark = pytest.mark.route

SULFATE = "air-to-ammonium-sulfate"
WORKING = (Pump, Compressor)
HEAD = 5e3
"""Pa; half a metre of liquid above a unit gives it."""
PLANTS = [
    pytest.param(
        r,
        v,
        id=f"{r} {v or ''}",
        marks=[pytest.mark.slow] if v == "rigorous" and r.startswith("air") else [],
    )
    for r in routes.routes()
    for v in (None, *routes.find(r).variants)
]


@cache
def solved(route: str, variant: str | None) -> tuple[Flowsheet, Solution]:
    plant = routes.load(route, variant)
    return plant, plant.solve()


def rises(plant: Flowsheet, solution: Solution) -> Iterator[str]:
    """Units, with streams and pressures, that raise a pressure without work."""
    for name, unit in plant.units.items():
        if isinstance(unit, WORKING):
            continue
        for into, out in sides(plant, solution, name):
            lowest = min(into, key=lambda s: s.pressure, default=None)
            for s in out:
                if lowest is not None and s.pressure > lowest.pressure + HEAD:
                    yield f"{name}: {lowest.name} {lowest.pressure:.5g}, {s.name} {s.pressure:.5g} Pa"


def sides(
    plant: Flowsheet, solution: Solution, name: str
) -> list[tuple[list[StreamResult], list[StreamResult]]]:
    """Streams into and out of a unit; the two sides of an exchanger, which never meet, apart."""
    streams = solution.stream_results
    if not isinstance(plant.units[name], HeatExchanger):
        into = [s for s in streams.values() if s.target == name]
        return [(into, [s for s in streams.values() if s.source == name])]
    found = {}
    for edge in plant.graph.edges(keys=True):
        for port in plant.graph.edges[edge]["ends"]:
            if port.unit_name == name:
                found[port.name] = streams[edge[2]]
    return [([found[k]], [found[f"{k}_out"]]) for k in ("hot", "cold")]


@pytest.mark.parametrize(("route", "variant"), PLANTS)
def test_every_pressure_rise_is_paid(route: str, variant: str | None) -> None:
    assert list(rises(*solved(route, variant))) == []


LIQUID = 1000.0
"""kg/m3 of what is pumped, within 10 %; slurries are weighed apart."""
SLURRY = 1350.0
"""kg/m3 of 25 wt% ammonium sulfate crystals (1770 kg/m3) in saturated liquor (1250 kg/m3), 333 K."""


@pytest.mark.parametrize(("route", "number"), [("nitrate-to-hydrazine", 3), (SULFATE, 2)])
def test_pumps_are_there_and_cost_power(route: str, number: int) -> None:
    plant, solution = solved(route, None)
    pumps = [n for n, u in plant.units.items() if isinstance(u, Pump)]
    assert len(pumps) == number
    for name in pumps:
        (into,) = (s for s in solution.stream_results.values() if s.target == name)
        (out,) = (s for s in solution.stream_results.values() if s.source == name)
        # V dp over the efficiency.
        density = SLURRY if into.medium == "slurry" else LIQUID
        by_hand = into.mass_flow / density * (out.pressure - into.pressure) / 0.6
        assert solution[f"{name}.power"] == pytest.approx(by_hand, rel=0.1)
        assert out.pressure > into.pressure


def test_the_audit_sees_a_rise() -> None:
    plant = Flowsheet("free rise")
    high = plant.add(Feed("high", "aqueous", {"H2O": 1.0}, pressure=1.04e5))
    low = plant.add(Feed("low", "aqueous", {"H2O": 1.0}, pressure=1.0e5))
    mixer = plant.add(Mixer("M", "aqueous"))
    plant.connect(high.out, mixer.feed[0], "high")
    plant.connect(low.out, mixer.feed[1], "low")
    solution = plant.solve()  # within the head of half a metre
    assert list(rises(plant, solution)) == []
    record = {**solution.stream_results}
    lower = {"low": replace(record["low"], pressure=5e4)}
    found = Solution(solution.name, {**record, **lower}, solution.quantities, solution.audits, {})
    assert list(rises(plant, found)) == ["M: low 50000, M.out 1.04e+05 Pa"]


def test_the_audit_sees_a_rise_on_one_side_of_an_exchanger() -> None:
    plant, solution = solved("hydrogen-to-ammonia", None)
    higher = replace(solution.stream_results["gas to bed 1"], pressure=1.6e7)
    record = {**solution.stream_results, "gas to bed 1": higher}
    found = Solution(solution.name, record, solution.quantities, solution.audits, {})
    assert any(words.startswith("E-201: loop gas") for words in rises(plant, found))
