"""The least-squares part of `noxplant.electrolysis.fitting`: starts, search, covariance."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from noxplant.errors import Refusal

if TYPE_CHECKING:
    from noxplant.electrolysis.fitting import Fit, Model, Parameter
    from noxplant.electrolysis.polarisation import Polarisation


def solve(
    data: Polarisation, model: Model, E: Any, current_error: float | None, fe_error: float | None
) -> Fit:
    """Fit a model to data whose potentials are corrected; see `fitting.fit`."""
    from noxplant.electrolysis import fitting

    known = current_error is not None
    residuals = _residuals(data, model, E, (current_error or 0.01, fe_error or 0.01))
    vector, jacobian, chi2 = _search(residuals, model)
    freedom = len(residuals(vector)) - len(vector)
    covariance = _covariance(jacobian, model)
    spread = chi2 / freedom if freedom else float("nan")
    if not known:
        covariance = covariance * spread
    scale = np.sqrt(np.diag(covariance))
    factor = fitting._student(freedom, known, fitting.CONFIDENCE)
    parameters = tuple(
        _parameter(name, x, factor * s)
        for name, x, s in zip(model.names, vector, scale, strict=True)
    )
    span = (float(E.min()), float(E.max()))
    return fitting.Fit(
        parameters,
        covariance,
        covariance / np.outer(scale, scale),
        model.lines(vector),
        model.numbers(vector)[fitting.TRANSFER],
        model.reference,
        spread,
        freedom,
        known,
        span,
        model,
        _notes(data, parameters, spread, freedom, known),
    )


def _residuals(data: Polarisation, model: Model, E: Any, errors: tuple[float, float]) -> Any:
    """Function of the fitted numbers that gives the weighted residuals."""

    def residuals(vector: Any) -> Any:
        found = model.rows(vector, E)
        parts = [np.log(found["current"] / data.current) / errors[0]]
        for product, measured in data.efficiency.items():
            seen = np.isfinite(measured)
            parts.append((found[f"FE {product}"] - measured)[seen] / errors[1])
        return np.concatenate(parts)

    return residuals


def _parameter(name: str, x: float, half: float) -> Parameter:
    from noxplant.electrolysis import fitting

    log = fitting._is_log(name)
    ends = (x - half, x, x + half)
    with np.errstate(over="ignore"):
        low, value, high = (float(np.exp(e)) if log else float(e) for e in ends)
    units = {"slope": "V", "activation": "J/mol", fitting.TRANSFER: "m/s"}
    unit = units.get(name.partition("[")[0], "A/m2")
    return fitting.Parameter(name, value, low, high, unit, log)


def _notes(
    data: Polarisation, parameters: Any, spread: float, freedom: int, known: bool
) -> tuple[str, ...]:
    notes = list(data.notes)
    if freedom == 0 and not known:
        notes.append(
            "As many points as parameters: the fit is exact and says nothing of its error. Give the"
            " errors of the data, or more points."
        )
    if known and freedom and spread > 3:
        notes.append(
            f"The reduced chi-square is {spread:.3g}: the model misses the data by more than their"
            " errors, so the intervals are too narrow. Look at the plot for a branch that is missing."
        )
    notes += [
        f"{p.name} is hardly determined: the interval spans a factor of {p.high / p.low:.3g}."
        for p in parameters
        if p.logarithm and p.low > 0 and p.high / p.low > 100
    ]
    return tuple(notes)


def _limits(model: Model) -> tuple[Any, Any]:
    from noxplant.electrolysis.fitting import BOUNDS, _is_log

    ends = [BOUNDS[name.partition("[")[0]] for name in model.names]
    low, high = (
        np.array(
            [np.log(e[k]) if _is_log(n) else e[k] for n, e in zip(model.names, ends, strict=True)]
        )
        for k in (0, 1)
    )
    return low, high


def _search(residuals: Any, model: Model) -> tuple[Any, Any, float]:
    """Best of several starts: vector, Jacobian, sum of squares."""
    from scipy.optimize import least_squares

    from noxplant.electrolysis import fitting

    low, high = _limits(model)
    if len(residuals((low + high) / 2)) < len(model.names):
        raise Refusal(
            f"There are {len(residuals((low + high) / 2))} measured numbers for"
            f" {len(model.names)} parameters ({', '.join(model.names)}).\n  Measure more points, or"
            " give some parameters with --fix."
        )
    rng = np.random.default_rng(0)
    best: Any = None
    for _ in range(fitting.STARTS):
        start = [_start(name, rng) for name in model.names]
        try:
            found = least_squares(
                residuals, np.clip(start, low, high), bounds=(low, high), jac="3-point", x_scale="jac",
                ftol=1e-12, xtol=1e-12, gtol=1e-12, max_nfev=2000,
            )  # fmt: skip
        except ValueError:
            continue
        if best is not None and abs(found.cost - best.cost) <= 1e-6 * best.cost:
            break  # two starts agree on the best
        if best is None or found.cost < best.cost:
            best = found
    if best is None:
        raise Refusal("No fit was found from any start; check the units of the columns.")
    _no_edge(best.x, low, high, model)
    return best.x, best.jac, 2 * float(best.cost)


def _start(name: str, rng: Any) -> float:
    kind = name.partition("[")[0]
    if kind == "slope":
        return float(rng.uniform(0.08, 0.18))
    if kind == "activation":
        return float(rng.uniform(2e4, 6e4))
    if kind == "current":
        return float(np.log(10.0 ** rng.uniform(-1.0, 4.0)))
    return float(np.log(10.0 ** rng.uniform(-5.5, -4.0)))


def _no_edge(x: Any, low: Any, high: Any, model: Model) -> None:
    """Refuse a fit that lies on the edge of what was searched."""
    for n, name in enumerate(model.names):
        width = high[n] - low[n]
        if min(x[n] - low[n], high[n] - x[n]) < 1e-6 * width:
            end = "lowest" if x[n] - low[n] < high[n] - x[n] else "highest"
            number = model.numbers(x)[name]
            raise Refusal(
                f"The fit drives {name} to {number:.3g}, the {end} value searched: the data do not"
                " determine it.\n  Leave that half-reaction out, or give the parameter with --fix"
                f" '{name}=...'."
            )


def _covariance(jacobian: Any, model: Model) -> Any:
    """Inverse of J^T J; refused where the data leave a parameter open."""
    from noxplant.electrolysis.fitting import SINGULAR

    size = np.linalg.norm(jacobian, axis=0)
    size[size == 0.0] = 1.0
    _, values, rows = np.linalg.svd(jacobian / size, full_matrices=False)
    if values[-1] < SINGULAR * values[0]:
        open_ = [model.names[n] for n in np.flatnonzero(np.abs(rows[-1]) > 0.3)]
        raise Refusal(
            f"The data do not determine {' and '.join(open_)}: they may move together without any"
            " change of current or efficiency.\n  Give one of them with --fix, or measure what tells"
            " them apart (another stirring or concentration, another product)."
        )
    inverse = (rows.T / values**2) @ rows
    return inverse / np.outer(size, size)
