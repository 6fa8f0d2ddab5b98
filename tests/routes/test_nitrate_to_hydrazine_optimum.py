"""The optimum that the route shows: stationary or held, by independent solves beside it."""

from __future__ import annotations

from pathlib import Path

import pytest

from noxplant import routes
from noxplant.studies.optimise import optimise, read_problem

pytestmark = pytest.mark.route


@pytest.fixture(scope="module")
def found(hydrazine_route):
    plant = routes.load(hydrazine_route)
    return optimise(plant, read_problem(plant, hydrazine_route.folder / "optimise.toml"))


def burnt(carbon, hydrogen, formation):
    """Higher heating value of CcHh..., J/mol, from its enthalpy of formation in kJ/mol."""
    return 1e3 * (formation + 393.51 * carbon + 285.83 * hydrogen / 2)


ORGANICS = {  # formation enthalpies, kJ/mol, from the NIST Chemistry WebBook
    ("benzophenone make-up", "benzophenone"): burnt(13, 10, -34.5),
    ("solvent make-up", "acetonitrile"): burnt(2, 3, 40.6),
    ("solvent make-up", "methanol"): burnt(1, 4, -238.9),
}


def energy(s):
    """The objective once more, from the solution: electricity, heat, organics per N2H4, J/kg."""
    works = sum(q.value for q in s.quantities.values() if q.kind == "work")
    heats = sum(max(q.value, 0.0) for _, q in s.heats())
    organics = sum(s.stream(n).content(c) * value for (n, c), value in ORGANICS.items())
    return (works + heats + s.refrigeration_power + organics) / s["X-301.hydrazine"]


def test_the_optimum_is_better_proved_and_inside(found):
    before, after = found.objective
    assert after < 0.96 * before
    assert energy(found.before) == pytest.approx(before, rel=1e-9)
    assert energy(found.after) == pytest.approx(after, rel=1e-6)
    assert found.drift < 1e-9
    assert len(found.interior) >= 3
    # Not only inside their boxes: directions in which the objective itself is stationary.
    assert found.left >= 3
    assert found.after["E-101.area"] == pytest.approx(found.before["E-101.area"], rel=1e-9)
    assert found.after["X-301.purity"] >= 0.9975
    assert found.after["E-101.limiting_ratio[NO3-]"] <= 0.8 + 1e-7


def test_the_optimum_lies_within_the_plausible_ranges_of_the_basis(found, hydrazine_route):
    basis = hydrazine_route.basis()
    assert not [w for w in found.after.warnings if "lies outside the range" in w]
    for f in found.problem.free:
        name = f.path if f.path in basis else f"design.{f.path}"
        entry = basis.entries[name]
        assert entry.low <= f.low < f.high <= entry.high, name


def test_little_ammonia_passes_the_anode(found):
    # Its oxidation is not modelled, so the optimum may not live on it.
    name = "ammonia brought to the anode, per NH3 made"
    s, row = found.after, next(r for r in found.constraints if r.name == name)
    made = s["E-101.extent[NO3- -> NH3]"] + s["E-101.extent[NO2- -> NH3]"]
    brought = s["E-101.anolyte_ammonia"] * s["A-102.volume_flow"]
    assert brought / made == pytest.approx(0.05, rel=1e-5)
    assert row.price < 0
    assert s["C-101.removal"] > 0.9
    assert not [w for w in s.warnings if w.startswith("E-101: the anolyte brings ammonia")]


def test_the_active_set_is_named(found):
    assert "current density over limiting current density of nitrate" in found.active
    prices = {r.name: r.price for r in found.constraints}
    # More room for the current would lower the energy.
    assert prices["current density over limiting current density of nitrate"] < 0
    assert "ammonia brought to the anode, per NH3 made" in found.active
    # So much is purged that nothing must be evaporated; steam cannot take heat.
    assert "V-302.duty: low-pressure steam cannot take heat" in found.active


STATIONARY = {"W-201.wash_volumes": 0.2, "K-201.temperature": 4.0, "R-201.ratio": 0.04}


def test_beside_the_optimum_it_is_worse(found, hydrazine_route):
    """Three optima are stationary: to either side of each the plant, solved again, takes more."""
    best = {r.name: r.after for r in found.free}
    code, basis = routes.module(hydrazine_route), hydrazine_route.basis()
    del code.DESIGN["X-301.hydrazine"]
    plant = code.build(basis.override({"E-101.area": found.after["E-101.area"]}))
    # Along the limit that holds the purge: it follows, so that the evaporator's heat stays.
    plant.exchange("V-302.duty", found.after["V-302.duty"], "S-301.fraction")
    purge = best.pop("S-301.fraction")
    for path, value in best.items():
        plant.set(path, value)
    beside = plant.solve()
    here = energy(beside)
    assert here == pytest.approx(found.objective[1], rel=1e-6)
    assert beside["S-301.fraction"] == pytest.approx(purge, rel=1e-6)
    for path, step in STATIONARY.items():
        rises = []
        for aside in (-step, step):
            plant.set(path, best[path] + aside)
            rises.append(energy(plant.solve()) / here - 1.0)
        plant.set(path, best[path])
        assert min(rises) > 1e-6, path
        # Flat at the optimum: both sides rise alike, as a parabola does.
        assert max(rises) < 2.5 * min(rises), path


HELD = {"E-101.conversion[NO3-]": -0.005, "C-101.removal": 0.005, "S-301.fraction": -0.002}


def test_what_limits_hold_would_go_on(found, hydrazine_route):
    """Away from its limit each of the other three costs, in proportion to the step: a slope."""
    code, basis = routes.module(hydrazine_route), hydrazine_route.basis()
    del code.DESIGN["X-301.hydrazine"]
    plant = code.build(basis.override({"E-101.area": found.after["E-101.area"]}))
    best = {r.name: r.after for r in found.free}
    for path, value in best.items():
        plant.set(path, value)
    here = found.objective[1]
    for path, step in HELD.items():
        rises = []
        for part in (0.5, 1.0):
            aside = {**best, path: best[path] + part * step}
            if path != "S-301.fraction":  # off the evaporator's limit, which has a side too
                aside["S-301.fraction"] -= 1e-4
            for name, value in aside.items():
                plant.set(name, value)
            rises.append(energy(plant.solve()) / here - 1.0)
        assert rises[0] > 1e-5, path
        assert rises[1] == pytest.approx(2.0 * rises[0], rel=0.2), path


@pytest.mark.parametrize(("name", "left"), [("four-variables", 1), ("four-variables-anode", 0)])
def test_energy_alone_over_four_leaves_the_optimum_to_the_limits(hydrazine_route, name, left):
    """Decision 5: without what organics are worth and without two more, no three are stationary."""
    plant = routes.load(hydrazine_route)
    folder = Path(__file__).parents[2] / "docs" / "decisions"
    four = optimise(plant, read_problem(plant, folder / f"0005-{name}.toml"))
    assert four.left == left
    assert "K-201.temperature at upper bound" in four.active
    assert "V-302.duty: low-pressure steam cannot take heat" in four.active
    # The steam ratio is freed itself; the removal follows from it.
    brought = four.after.headline[
        "ammonia brought to the anode, oxidation not modelled, per NH3 made"
    ]
    assert (brought[0] > 0.5) == (left == 1)
