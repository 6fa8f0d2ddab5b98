"""Cold solves of a plant with two recycles, a reactor and a flash, and of nets of ions."""

import functools

import hydrodealkylation as hda
import ion_net
import numpy as np
import pytest

from noxsolve import CompiledModel, SquareSolver, Watch

STEPS = 50
"""Places of the continuation that says whether a draw has a solution."""


@functools.cache
def base():
    """The solved loop and a solver of it."""
    m = hda.build()
    solver = SquareSolver(CompiledModel(m))
    assert solver.solve().solved
    solver.load()
    return m, solver, solver.compiled.x.copy(), solver.compiled.p.copy()


def drawn(rng):
    """Every input times a factor in [0.5, 1.5], within its range."""
    return {
        name: float(np.clip(value * rng.uniform(0.5, 1.5), low, high))
        for name, (value, low, high) in hda.INPUTS.items()
    }


def continued(solver, x, p, values):
    """The solution at other inputs by steps from the base case, None when the way ends before."""
    c = solver.compiled
    c.x[:], target = x, np.array([values[v.name] for v in c.inputs])
    for k in range(1, STEPS + 1):
        c.p[:] = p + (target - p) * k / STEPS
        if not (solver.newton.run(solver.whole, 30).solved and solver.check().solved):
            return None
    return c.x.copy()


def same(c, x):
    return np.abs((c.x - x) / (np.abs(x) + 1e-3)).max() < 1e-6


def cold_draws(number, seed, *, scattered=False):
    """(draws that continuation solves, numbers of those that a cold start does not)."""
    rng, solvable, failed = np.random.default_rng(seed), 0, []
    _, solver, x, p = base()
    for k in range(number):
        values = drawn(rng)
        reached = continued(solver, x, p, values)
        if reached is None:
            continue
        solvable += 1
        c = CompiledModel(hda.build(**values))
        if scattered:
            factors = 10.0 ** np.random.default_rng([seed, k]).uniform(-1, 1, len(c.x))
            c.x[:] = np.clip(c.x * factors, c.lower, c.upper)
        outcome = SquareSolver(c).solve()
        if not (outcome.solved and same(c, reached)):
            failed.append((k, outcome.message))
    return solvable, failed


def test_base_case_is_like_the_published_one():
    """Douglas 1988: 73.6 mol/s of benzene, selectivity 0.97, 4-6 H2 per aromatic, purge 0.4 H2."""
    m = base()[0]
    product, inlet, purged = m.product_flow, m.inlet_flow, m.purged_flow
    assert product["benzene"].value == pytest.approx(73.6, rel=0.08)
    converted = m.extent["benzene"].value
    assert 1 - 2 * m.extent["biphenyl"].value / converted == pytest.approx(0.97, abs=0.04)
    aromatics = sum(inlet[i].value for i in ("benzene", "toluene", "biphenyl"))
    assert 4 < inlet["H2"].value / aromatics < 6.5
    share = purged["H2"].value / sum(v.value for v in purged.values())
    assert share == pytest.approx(0.4, abs=0.05)
    assert 900 < m.outlet_temperature.value < 978  # 1150 F in, at most 1300 F out


def test_base_case_loses_no_atom():
    """Carbon and hydrogen of the feeds leave with purge, light ends, product and heavy ends."""
    m = base()[0]
    carbon = {"H2": 0, "CH4": 1, "benzene": 6, "toluene": 7, "biphenyl": 12}
    hydrogen = {"H2": 2, "CH4": 4, "benzene": 6, "toluene": 8, "biphenyl": 10}
    gas, methane, toluene = m.gas.value, m.methane.value, m.toluene.value
    fed = {"H2": gas * (1 - methane), "CH4": gas * methane, "toluene": toluene}
    outlets = (m.purged_flow, m.light_flow, m.product_flow, m.heavy_flow)
    for atoms in (carbon, hydrogen):
        left = sum(atoms[i] * flow[i].value for flow in outlets for i in hda.SPECIES)
        assert left == pytest.approx(sum(atoms[i] * n for i, n in fed.items()), rel=1e-9)


def test_what_continuation_solves_a_cold_start_solves():
    solvable, failed = cold_draws(25, seed=1)
    assert solvable >= 20
    assert failed == []


def test_the_same_from_starts_scattered_over_two_decades():
    solvable, failed = cold_draws(10, seed=2, scattered=True)
    assert solvable >= 8
    assert failed == []


@pytest.mark.slow
def test_at_most_one_of_a_thousand_cold_starts_fails():
    solvable, failed = cold_draws(1050, seed=3)
    assert solvable >= 1000
    assert len(failed) <= 1, failed


@pytest.mark.parametrize("number", range(39))
def test_nets_of_ions(number):
    """All unknowns from one flat start; the pH of each tank is then recomputed by bisection."""
    factors = np.random.default_rng([4, number]).uniform(0.5, 1.5, len(ion_net.INPUTS))
    values = {
        name: value * f for (name, value), f in zip(ion_net.INPUTS.items(), factors, strict=True)
    }
    m = ion_net.build(**values)
    watch = [Watch(t.ph, t.protons, -2.0, 17.0) for t in m.tank.values()]
    solver = SquareSolver(CompiledModel(m), watch=watch)
    outcome = solver.solve()
    assert outcome.solved, outcome.message
    assert outcome.ipopt_calls == 0
    solver.load()
    for tank in m.tank.values():
        assert tank.ph.value == pytest.approx(ion_net.ph_of(tank), abs=1e-9)
    assert ion_net.ammonia_lost(m) == pytest.approx(0.0, abs=1e-9 * values["ammonia"])
