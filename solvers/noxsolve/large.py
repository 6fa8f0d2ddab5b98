"""Options of IPOPT for problems that are large: how to order, and when not to form the Hessian."""

from typing import Any

import casadi as ca
import numpy as np

LARGE = 5_000
"""Unknowns and rows together from which on nested dissection orders the linear systems."""

WIDE = 2_000
"""Unknowns from which on the Hessian is looked at before it is formed."""

DENSE = 4e6
"""Entries of a Hessian that are too many to form; limited-memory updates take its place."""

COLUMNS = 4
"""Columns of the Hessian whose entries are counted, evenly spread."""


def large_options(x: ca.SX, f: ca.SX, g: ca.SX) -> dict[str, Any]:
    """Options that a problem takes for its size, by their names in IPOPT; none for a small one."""
    n, options = x.numel(), dict[str, Any]()
    if n + g.numel() > LARGE:
        options["mumps_pivot_order"] = 5  # METIS; AMD fills in several times as much
    if n > WIDE and entries(x, f, g) > DENSE:
        options["hessian_approximation"] = "limited-memory"
    return options


def entries(x: ca.SX, f: ca.SX, g: ca.SX) -> float:
    """Estimate of the entries of the Hessian of the Lagrangian, from a few of its columns."""
    n = x.numel()
    chosen = np.linspace(0, n - 1, COLUMNS + 2).astype(int)[1:-1]
    seeds = ca.DM.zeros(n, COLUMNS)
    for k, column in enumerate(chosen.tolist()):
        seeds[column, k] = 1
    gradient = ca.gradient(f + ca.sum1(g), x)
    columns = ca.Function("columns", [x], [ca.jtimes(gradient, x, seeds)])
    point = np.random.default_rng(1).uniform(0.5, 1.5, n)
    found = np.array(ca.densify(columns(point)), dtype=float)
    return float(np.count_nonzero(found)) / COLUMNS * n
