"""Cold solves against CasADi's IPOPT on the same compiled model, as ratios of CPU time in one run."""

import statistics
import time

import numerical_plant
import numpy as np
import pyomo.environ as pyo
import pytest

from noxsolve import CompiledModel, SquareSolver, minimise

SOLVE, WITH_SETUP = 0.35, 0.9
"""Our time over IPOPT's solve: solve alone; with our compilation and preparation."""


def cpu(work, *args, **options):
    began = time.process_time()
    result = work(*args, **options)
    return result, time.process_time() - began


def test_numerical_plant_from_cold():
    """Medians of three; both find the same solution."""
    ours, whole, others = [], [], []
    for _ in range(3):
        c, compiling = cpu(CompiledModel, numerical_plant.build().model)
        solver, preparing = cpu(SquareSolver, c)
        outcome, solving = cpu(solver.solve)
        assert outcome.solved, outcome.message
        ipopt = numerical_plant.ipopt(c)
        answer, taken = cpu(ipopt, x0=c.start, p=c.p, lbx=c.lower, ubx=c.upper, lbg=0, ubg=0)
        assert ipopt.stats()["success"]
        x = np.array(answer["x"], dtype=float).ravel()
        assert np.abs((x - c.x) / (np.abs(x) + 1e-3)).max() < 1e-3
        ours.append(solving)
        whole.append(compiling + preparing + solving)
        others.append(taken)
    against = statistics.median(others)
    assert statistics.median(ours) <= SOLVE * against
    assert statistics.median(whole) <= WITH_SETUP * against


def test_optimum_of_the_numerical_plant_over_its_inputs():
    """At most 60 iterations; the answer is feasible and no input can be moved to a better one."""
    plant, solver = numerical_plant.solved()
    m, c = plant.model, solver.compiled
    sizes = numerical_plant.nominal(c, c.x)
    before = {name: v.value for name, v in plant.inputs.items()}
    work = sum(v for v in m.component_objects(pyo.Var) if v.local_name.startswith("W_"))
    made = m.find_component("N_liquor")
    objective = work / (100 * made)
    start = pyo.value(objective)
    try:
        for name, v in plant.inputs.items():
            v.unfix()
            v.setlb(0.95 * before[name])
            v.setub(
                min(1.05 * before[name], 0.998)
                if name == "burner.conversion"
                else 1.05 * before[name]
            )
            sizes[v] = abs(before[name])
        found = minimise(m, objective=objective, nominal=sizes)
        assert found.solved, found.message
        assert found.iterations <= 60
        assert found.objective < start
        best = {name: v.value for name, v in plant.inputs.items()}
        room = {name: (v.lb, v.ub) for name, v in plant.inputs.items()}
        at = np.array([v.value for v in c.unknowns])
    finally:
        for name, v in plant.inputs.items():
            v.setlb(None)
            v.setub(None)
            v.fix(before[name])
    assert found.active
    kept = c.x.copy(), c.p.copy()

    def cost(values):
        """Objective with these inputs; infinite where no solution lies within the bounds."""
        c.x[:] = at
        for name, v in plant.inputs.items():
            c.p[c.input_index(v)] = values[name]
        solver.warm = True
        if not solver.newton_only().solved:
            return np.inf
        solver.load()
        return pyo.value(objective)

    try:
        assert cost(best) == pytest.approx(found.objective, rel=1e-8)
        moved: list[float] = []
        for name, (low, high) in room.items():
            for step in (-1e-3, 1e-3):
                value = min(max(best[name] + step * before[name], low), high)
                if abs(value - best[name]) < 1e-6 * before[name]:
                    continue  # at the end of its range
                moved.append(cost({**best, name: value}))
                assert moved[-1] >= found.objective * (1 - 1e-9), name
        assert np.isfinite(moved).sum() >= len(room)
    finally:
        c.x[:], c.p[:] = kept
        solver.load()
