"""The optimum that the route shows: stationary or held, by independent solves beside it."""

from __future__ import annotations

import pytest

from noxplant import routes
from noxplant.studies.optimise import optimise, read_problem

pytestmark = pytest.mark.route


@pytest.fixture(scope="module")
def found(hydrazine_route):
    plant = routes.load(hydrazine_route)
    return optimise(plant, read_problem(plant, hydrazine_route.folder / "optimise.toml"))


def energy(s):
    """The objective once more, from the solution: electricity and heat per N2H4, J/kg."""
    works = sum(q.value for q in s.quantities.values() if q.kind == "work")
    heats = sum(max(q.value, 0.0) for _, q in s.heats())
    return (works + heats + s.refrigeration_power) / s["X-301.hydrazine"]


def test_the_optimum_is_better_proved_and_inside(found):
    before, after = found.objective
    assert after < 0.95 * before
    assert energy(found.before) == pytest.approx(before, rel=1e-9)
    assert energy(found.after) == pytest.approx(after, rel=1e-6)
    assert found.drift < 1e-9
    assert len(found.interior) >= 3
    assert found.after["E-101.area"] == pytest.approx(found.before["E-101.area"], rel=1e-9)
    assert found.after["X-301.purity"] >= 0.9975
    assert found.after["E-101.limiting_ratio[NO3-]"] <= 0.8 + 1e-7


def test_the_active_set_is_named(found):
    assert "current density over limiting current density of nitrate" in found.active
    # The warmest crystalliser is the one that leaves the exchanger nothing to recover.
    assert "E-202: heat to recover" in found.active
    prices = {r.name: r.price for r in found.constraints}
    # More room for the current would lower the energy.
    assert prices["current density over limiting current density of nitrate"] < 0


def test_beside_the_optimum_it_is_worse(found, hydrazine_route):
    best = {r.name: r.after for r in found.free}
    best["K-201.temperature"] -= 1.0  # a little aside, so that the azine stays dissolved
    code, basis = routes.module(hydrazine_route), hydrazine_route.basis()
    del code.DESIGN["X-301.hydrazine"]
    plant = code.build(basis.override({"E-101.area": found.after["E-101.area"]}))
    for path, value in best.items():
        plant.set(path, value)
    here = energy(plant.solve())
    assert here == pytest.approx(found.objective[1], rel=1e-2)
    for factor in (0.9, 1.1):
        plant.set("C-101.removal", best["C-101.removal"] * factor)
        assert energy(plant.solve()) > here
