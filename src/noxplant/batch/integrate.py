"""Integration in time with the SUNDIALS of CasADi: CVODES, or IDAS where there are unknowns.

Backward differentiation keeps every linear invariant (elements, charge) to rounding. The batch is
integrated twice, the second time with a hundredth of the tolerance; the difference is the error
that is told. Where a model stops holding, the time at which it does is found by bisection.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from noxplant.batch.model import Array, Model, numbers
from noxplant.errors import Refusal, SolveError

TOLERANCE: Final = 1e-9
"""Relative tolerance of the first integration; the second has a hundredth of it."""
ALLOWED: Final = 1e-5
"""Largest change between the two, relative to the reagent charged (or the change, if larger)."""
HALVINGS: Final = 30
FINE: Final = 101
NARROWINGS: Final = 3
"""A refusal's time is found in rounds of a hundred steps each: to a millionth of a row."""


def integrate(model: Model, times: Array) -> tuple[Array, Array, float]:
    """Change of the states [n, times], unknowns [m, times] and the error of the integration.

    Args:
        model: the batch.
        times: from zero on, rising, s.

    Raises:
        Refusal: the model stops holding before the end; the message says when and why.
        SolveError: the integrator gives up for another reason, or is not accurate.
    """
    x0, z0 = model.first, np.array(list(model.unknown.values()), dtype=float)
    _holds(model, x0, z0, 0.0)
    try:
        coarse, _ = _pass(model, x0, z0, times, TOLERANCE)
        x, z = _pass(model, x0, z0, times, TOLERANCE / 100)
    except RuntimeError as error:
        raise _gave_up(model, x0, z0, times) from error
    k = _first_bad(model, x, z)
    if k is not None:
        raise _narrowed(model, x, z, times, k)
    change = float(np.max(np.abs(x - coarse) / (1 + np.abs(x))))
    if not change <= ALLOWED:
        raise SolveError(
            f"{model.name}: the integration in time is not accurate: with a hundredth of the"
            f" tolerance a state changes by {change:.2g} of the reagent charged ({ALLOWED:g} is"
            " allowed).\n  Look for a rate that is far too fast beside the duration."
        )
    return x * model.scales[:, None], z, change


def _pass(
    model: Model, x0: Array, z0: Array, times: Array, tolerance: float
) -> tuple[Array, Array]:
    """Scaled states and unknowns at all times."""
    import casadi

    c = model.compiled
    dae: dict[str, Any] = {"x": c.x, "ode": c.ode}
    if z0.size:
        dae |= {"z": c.z, "alg": c.alg}
    options = {
        "reltol": tolerance,
        "abstol": tolerance / 100,
        "max_num_steps": 100000,
        "disable_internal_warnings": True,
        "show_eval_warnings": False,
    }
    plugin = "idas" if z0.size else "cvodes"
    run = casadi.integrator("run", plugin, dae, float(times[0]), times[1:].tolist(), options)
    given = {"x0": x0} | ({"z0": z0} if z0.size else {})
    out = run(**given)
    x = np.column_stack([x0, numbers(out["xf"])])
    z = np.column_stack([z0, numbers(out["zf"])]) if z0.size else np.zeros((0, times.size))
    if not (np.isfinite(x).all() and np.isfinite(z).all()):
        raise RuntimeError("not finite")
    return x, z


def _worst(model: Model, x: Array, z: Array) -> str | None:
    """Name of a guard that fails; None when all hold."""
    margins = numbers(model.compiled.margins(x, z)).ravel()
    for name, margin in zip(model.compiled.guards, margins, strict=True):
        if not margin > 0.0:
            return name
    return None


def _holds(model: Model, x: Array, z: Array, time: float) -> None:
    bad = _worst(model, x, z)
    if bad is not None:
        raise _refusal(model, bad, time)


def _refusal(model: Model, name: str, time: float) -> Refusal:
    guard = model.compiled.guards[name]
    when = f"after {time / 3600:.4g} h" if time > 0 else "at its beginning"
    return Refusal(f"{model.name}: {when} {guard.what}.\n  {guard.advice}")


def _first_bad(model: Model, x: Array, z: Array) -> int | None:
    """Index of the first time at which a guard fails; None when all hold throughout."""
    margins = numbers(model.compiled.margins(x, z))
    bad = np.flatnonzero(~(margins > 0.0).all(axis=0)) if margins.size else np.array([], dtype=int)
    return int(bad[0]) if bad.size else None


def _narrowed(model: Model, x: Array, z: Array, times: Array, k: int) -> Refusal:
    """The refusal at the time at which a guard fails, between rows k - 1 and k."""
    for _ in range(NARROWINGS):
        name = _worst(model, x[:, k], z[:, k])
        fine = np.linspace(times[k - 1], times[k], FINE)
        try:
            x, z = _pass(model, x[:, k - 1], z[:, k - 1], fine, TOLERANCE)
        except RuntimeError:
            break
        times = fine
        found = _first_bad(model, x, z)
        k = FINE - 1 if found is None else max(found, 1)
    assert name is not None
    return _refusal(model, name, float(times[k]))


def _gave_up(model: Model, x: Array, z: Array, times: Array) -> Refusal | SolveError:
    """Why the integrator gave up: a guard that fails on the way, or nothing that is known."""
    low, high = float(times[0]), float(times[-1])
    for _ in range(HALVINGS):
        middle = 0.5 * (low + high)
        try:
            fine = np.linspace(low, middle, FINE)
            xs, zs = _pass(model, x, z, fine, TOLERANCE)
        except RuntimeError:
            high = middle
            continue
        k = _first_bad(model, xs, zs)
        if k is not None:
            return _narrowed(model, xs, zs, fine, k)
        x, z, low = xs[:, -1], zs[:, -1], middle
    return SolveError(
        f"{model.name}: the integrator gave up after {low / 3600:.4g} h.\n"
        "  Look at the time series up to there; a rate may have no limit, or a concentration may"
        " have come to nothing."
    )
