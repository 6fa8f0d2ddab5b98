"""IPOPT on one block of equations, with bounds, for blocks on which Newton fails."""

from typing import Any

import casadi as ca
import numpy as np
import numpy.typing as npt

from noxsolve.compiled import CompiledModel
from noxsolve.newton import Part

Vector = npt.NDArray[np.float64]

QUIET: dict[str, Any] = {
    "ipopt.print_level": 0,
    "ipopt.sb": "yes",
    "print_time": 0,
    "error_on_fail": False,
    "show_eval_warnings": False,
    "calc_lam_p": False,
}


class BlockIpopt:
    """IPOPT solvers of blocks, built at the first call for a block and kept."""

    def __init__(self, compiled: CompiledModel, nominal: Vector) -> None:
        self.compiled, self.nominal = compiled, nominal
        self.calls, self.iterations = 0, 0
        self._solvers: dict[tuple[float, ...], ca.Function] = {}

    def run(self, part: Part, scale: Vector, push: float) -> str:
        """Solve a block with rows divided by `scale`; moves the point, returns IPOPT's status.

        `push` is how far inside its bounds the start is moved (bound_push and bound_frac).
        """
        c, k = self.compiled, part.columns
        self.calls += 1
        key = (part.size, int(part.rows[0]), int(k[0]), push)
        if key not in self._solvers:
            self._solvers[key] = self._build(part, push)
        solver, w = self._solvers[key], self.nominal[k]
        low, high = c.lower[k] / w, c.upper[k] / w
        answer = solver(
            x0=np.clip(c.x[k] / w, low, high),
            lbx=low,
            ubx=high,
            lbg=0,
            ubg=0,
            p=np.concatenate([c.x, c.p, scale]),
        )
        x = np.array(answer["x"], dtype=float).ravel()
        if np.isfinite(x).all():
            c.x[k] = x * w
        c.evaluate()
        stats = solver.stats()
        self.iterations = int(stats.get("iter_count", 0))
        return str(stats["return_status"])

    def _build(self, part: Part, push: float) -> ca.Function:
        c, size = self.compiled, part.size
        v, others = ca.SX.sym("v", size), ca.SX.sym("o", len(c.x))
        p, r = ca.SX.sym("p", len(c.p)), ca.SX.sym("r", size)
        z = ca.SX(others)
        z[part.columns.tolist()] = v * ca.DM(self.nominal[part.columns])
        rows = ca.Function("rows", [c.sx_x, c.sx_p], [c.sx_equations[part.rows.tolist()]])
        problem = {
            "x": v,
            "f": ca.SX(0),
            "g": ca.densify(rows(z, p) / r),
            "p": ca.vertcat(others, p, r),
        }
        options = QUIET | {
            "ipopt.max_iter": 150,
            "ipopt.nlp_scaling_method": "none",
            "ipopt.tol": 1e-9,
            "ipopt.bound_push": push,
            "ipopt.bound_frac": push,
        }
        return ca.nlpsol("block", "ipopt", problem, options)
