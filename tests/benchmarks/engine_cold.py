"""CPU time of cold square solves against CasADi's IPOPT on the same compiled model.

Run: PYTHONPATH=src:solvers OMP_NUM_THREADS=1 python tests/benchmarks/engine_cold.py [--write]

Medians over repeated runs in one process. "Set-up" is what has to be done once for a model: the
translation and the Jacobian for both, then the structure and preparation of blocks, or IPOPT's own
set-up. Nothing is asserted here; tests/solvers/test_noxsolve_cold_speed.py holds the bars.
"""

import statistics
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

import casadi as ca
import numpy as np
from pyomo.common.collections import ComponentMap

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "solvers"))

import engine_page
import numerical_plant

from noxplant import routes
from noxplant.flowsheet import solve as ladder
from noxsolve import CompiledModel, SquareSolver

QUIET = {
    "ipopt.print_level": 0,
    "print_time": 0,
    "ipopt.sb": "yes",
    "show_eval_warnings": False,
    "calc_lam_p": False,
}
ROUTE = "nitrate-to-hydrazine"


@dataclass
class Times:
    """CPU seconds of repeated runs, and how the last one ended."""

    compiling: list[float] = field(default_factory=list)
    preparing: list[float] = field(default_factory=list)
    solving: list[float] = field(default_factory=list)
    end: str = ""
    x: np.ndarray | None = None

    def solve(self):
        return statistics.median(self.solving)

    def all(self):
        return sum(map(statistics.median, (self.compiling, self.preparing, self.solving)))


def cpu(work, *args, **options):
    began = time.process_time()
    result = work(*args, **options)
    return result, time.process_time() - began


def monolithic(c):
    problem = {"x": c.sx_x, "f": ca.SX(0), "g": c.sx_equations, "p": c.sx_p}
    return ca.nlpsol("monolithic", "ipopt", problem, QUIET)


def by_ipopt(c, compiling, start, times):
    """IPOPT, all options at their defaults, from `start`."""
    solver, preparing = cpu(monolithic, c)
    answer, solving = cpu(solver, x0=start, p=c.p, lbx=c.lower, ubx=c.upper, lbg=0, ubg=0)
    times.compiling.append(compiling)
    times.preparing.append(preparing)
    times.solving.append(solving)
    stats = solver.stats()
    times.end = f"{stats['return_status']}, {stats['iter_count']} iterations"
    times.x = np.array(answer["x"], dtype=float).ravel()


def numerical(repeat):
    """(ours, IPOPT) on the numerical plant from its rough start; nobody gives sizes."""
    ours, other = Times(), Times()
    for _ in range(repeat):
        plant = numerical_plant.build()
        c, compiling = cpu(CompiledModel, plant.model)
        solver, preparing = cpu(SquareSolver, c)
        outcome, solving = cpu(solver.solve)
        ours.compiling.append(compiling)
        ours.preparing.append(preparing)
        ours.solving.append(solving)
        ours.end = f"{outcome.status.name.lower()}, {outcome.newton_iterations} Newton steps"
        ours.x = c.x.copy()
        by_ipopt(c, compiling, c.start, other)
    return len(ours.x), ours, other


def main_plant(repeat):
    """(ours, IPOPT) on the main plant; both start from the flowsheet's own start values."""
    ours, other = Times(), Times()
    for k in range(repeat):
        plant = routes.load(ROUTE)
        plant.known = None
        plant.build()
        with counted() as setup:
            solution, whole = cpu(plant.solve)
        ours.compiling.append(setup["CompiledModel"])
        ours.preparing.append(setup["SquareSolver"])
        ours.solving.append(whole - sum(setup.values()))
        ours.end = f"solved, {solution.solver['newton_iterations']} Newton steps"
        c = plant.built.solver.compiled
        ours.x = c.x.copy()
        if k == 0:
            start = started()
            (again, compiling) = cpu(CompiledModel, plant.built.model)
            by_ipopt(again, compiling, start, other)
    return len(ours.x), ours, other


def near(repeat):
    """(ours, IPOPT) on the main plant from its solution moved by up to 10 %, where both arrive."""
    plant = routes.load(ROUTE)
    plant.solve()
    ours, other = Times(), Times()
    known = plant.built.solver
    solution = known.compiled.x.copy()
    nominal = dict(zip(map(id, known.compiled.unknowns), known.nominal, strict=True))
    for k in range(repeat):
        c, compiling = cpu(CompiledModel, plant.built.model)
        sizes = ComponentMap((v, nominal[id(v)]) for v in c.unknowns)
        solver, preparing = cpu(SquareSolver, c, nominal=sizes)
        factors = np.random.default_rng(k).uniform(0.9, 1.1, len(solution))
        c.x[:] = np.clip(solution * factors, c.lower, c.upper)
        start = c.x.copy()
        outcome, solving = cpu(solver.solve)
        ours.compiling.append(compiling)
        ours.preparing.append(preparing)
        ours.solving.append(solving)
        ours.end = f"{outcome.status.name.lower()}, {outcome.newton_iterations} Newton steps"
        ours.x = c.x.copy()
        by_ipopt(c, compiling, start, other)
    return len(ours.x), ours, other


def started():
    """Start values of the flowsheet, before any solve."""
    from noxplant.flowsheet.start import start
    from noxplant.thermo.used import extrapolating
    from noxsolve.budget import Budget

    plant = routes.load(ROUTE)
    plant.build().budget = Budget()
    solver = ladder._solver(plant, None)
    with extrapolating():
        start(plant, solver.compiled)
    return solver.compiled.x.copy()


class counted:
    """CPU seconds spent in making compiled models and solvers."""

    def __enter__(self):
        import noxsolve.compiled
        import noxsolve.square

        self.before = []
        self.spent = {"CompiledModel": 0.0, "SquareSolver": 0.0}
        for kind in (noxsolve.compiled.CompiledModel, noxsolve.square.SquareSolver):
            self.before.append((kind, kind.__init__))
            kind.__init__ = self._timed(kind.__init__, kind.__name__)
        return self.spent

    def _timed(self, method, name):
        def timed(*args, **options):
            began = time.process_time()
            method(*args, **options)
            self.spent[name] += time.process_time() - began

        return timed

    def __exit__(self, *_):
        for kind, method in self.before:
            kind.__init__ = method


def row(name, size, ours, other):
    return (
        f"| {name} | {size} | {ours.solve():.3f} | {ours.all():.3f} | {ours.end} | {other.solve():.2f}"
        f" | {other.all():.2f} | {other.end} | **{ours.solve() / other.solve():.3f}** |"
        f" **{ours.all() / other.solve():.3f}** | {ours.all() / other.all():.3f} |"
    )


def text():
    rows = [
        row("numerical plant", *numerical(5)),
        row("nitrate-to-hydrazine", *main_plant(3)),
        row("the same from its solution +/-10 %", *near(3)),
    ]
    return "\n".join(
        [
            "## Cold square solves",
            "",
            "CPU seconds, medians of 5, 3 and 3 runs in one process, from start values that know only the"
            " feeds, against CasADi's IPOPT with default options on the same compiled model and from"
            " the same start (on the main plant measured once). The bars are 0.35 without set-up and"
            " 0.9 with our set-up against IPOPT without its own. On the main plant our time holds the"
            " whole of `plant.solve()`: screening, continuation, audits; IPOPT finds no solution there, so"
            " the third row starts where it does.",
            "",
            "| model | equations | ours | with set-up | end | IPOPT | with set-up | end | solve / solve"
            " | with set-up / solve | both with set-up |",
            "|---|---:|---:|---:|---|---:|---:|---|---:|---:|---:|",
            *rows,
            "",
            "`PYTHONPATH=src:solvers OMP_NUM_THREADS=1 python tests/benchmarks/engine_cold.py --write`",
        ]
    )


if __name__ == "__main__":
    engine_page.show("cold", text, __doc__)
