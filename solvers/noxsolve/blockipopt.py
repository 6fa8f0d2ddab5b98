"""IPOPT on one block of equations, with bounds, for blocks on which Newton fails."""

from typing import Any, NamedTuple

import casadi as ca
import numpy as np
import numpy.typing as npt

from noxsolve.compiled import CompiledModel
from noxsolve.guard import heed
from noxsolve.local import inputs_of
from noxsolve.newton import Part
from noxsolve.trace import current

Vector = npt.NDArray[np.float64]
Indices = npt.NDArray[np.int64]

QUIET: dict[str, Any] = {
    "ipopt.print_level": 0,
    "ipopt.sb": "yes",
    "print_time": 0,
    "error_on_fail": False,
    "show_eval_warnings": False,
    "calc_lam_p": False,
}


class Built(NamedTuple):
    """IPOPT on one block, with the other unknowns and the inputs that its rows hold."""

    solver: ca.Function
    others: Indices
    inputs: Indices


class BlockIpopt:
    """IPOPT solvers of blocks, built at the first call for a block and kept."""

    def __init__(self, compiled: CompiledModel, nominal: Vector) -> None:
        self.compiled, self.nominal = compiled, nominal
        self.calls, self.iterations = 0, 0
        self._solvers: dict[tuple[float, ...], Built] = {}

    def run(self, part: Part, scale: Vector, push: float) -> str:
        """Solve a block with rows divided by `scale`; moves the point, returns IPOPT's status.

        `push` is how far inside its bounds the start is moved (bound_push and bound_frac).
        """
        c, k = self.compiled, part.columns
        self.calls += 1
        key = (part.size, int(part.rows[0]), int(k[0]), push)
        if key not in self._solvers:
            self._solvers[key] = self._build(part, push)
        (solver, others, inputs), w = self._solvers[key], self.nominal[k]
        low, high = c.lower[k] / w, c.upper[k] / w
        answer = solver(
            x0=np.clip(c.x[k] / w, low, high),
            lbx=low,
            ubx=high,
            lbg=0,
            ubg=0,
            p=np.concatenate([c.x[others], c.p[inputs], scale, w]),
        )
        x = np.array(answer["x"], dtype=float).ravel()
        if np.isfinite(x).all():
            c.x[k] = x * w
        c.evaluate()
        stats = solver.stats()
        self.iterations = int(stats.get("iter_count", 0))
        self._record(part, stats)
        heed(stats)
        return str(stats["return_status"])

    def _record(self, part: Part, stats: dict[str, Any]) -> None:
        """Keep IPOPT's iterations when a trace is recording."""
        trace = current()
        if trace is None:
            return
        trace.begin()
        found = stats.get("iterations") or {}
        names = [self.compiled.unknowns[k].name for k in part.columns[:4]]
        pairs = zip(found.get("inf_pr", ()), found.get("d_norm", ()), strict=True)
        for k, (residual, step) in enumerate(pairs):
            trace.add(names, part.size, "ipopt", k, float(residual), float(step))
        trace.end(bool(stats["success"]))

    def _build(self, part: Part, push: float) -> Built:
        """IPOPT on the rows of a block; only what they hold enters, so that its cost is the block's."""
        c, k = self.compiled, part.columns
        others = np.setdiff1d(c.column[part.wide], k)
        inputs = inputs_of(c, part.rows)
        v, w = ca.SX.sym("v", part.size), ca.SX.sym("w", part.size)
        o, p = ca.SX.sym("o", len(others)), ca.SX.sym("p", len(inputs))
        r = ca.SX.sym("r", part.size)
        rows = ca.Function(
            "rows",
            [c.sx_x[k.tolist()], c.sx_x[others.tolist()], c.sx_p[inputs.tolist()]],
            [c.sx_equations[part.rows.tolist()]],
        )
        problem = {
            "x": v,
            "f": ca.SX(0),
            "g": ca.densify(rows(v * w, o, p) / r),
            "p": ca.vertcat(o, p, r, w),
        }
        options = QUIET | {
            "ipopt.max_iter": 150,
            "ipopt.nlp_scaling_method": "none",
            "ipopt.tol": 1e-9,
            "ipopt.bound_push": push,
            "ipopt.bound_frac": push,
        }
        return Built(ca.nlpsol("block", "ipopt", problem, options), others, inputs)
