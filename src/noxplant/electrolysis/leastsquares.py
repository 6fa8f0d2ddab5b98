"""The least-squares part of `noxplant.electrolysis.fitting`: starts, search, covariance."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from noxplant.electrolysis.polarisation import lint
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
    given = (current_error or ASSUMED, fe_error or ASSUMED)
    kinds = _kinds(data)
    vector, jacobian, chi2, weights, shares = _weighted(data, model, E, given, known)
    freedom = len(kinds) - len(vector)
    spread = chi2 / freedom if freedom else float("nan")
    size = 1.0 if known else spread
    covariance = size * _covariance(jacobian, model)
    errors = (weights[0] * size**0.5, weights[1] * size**0.5)
    scale = np.sqrt(np.diag(covariance))
    each = _freedoms(jacobian, kinds, shares, freedom)
    parameters = tuple(
        _parameter(name, x, fitting._student(f, known, fitting.CONFIDENCE) * s)
        for name, x, s, f in zip(model.names, vector, scale, each, strict=True)
    )
    notes = _notes(data, model, parameters, spread, freedom, known)
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
        (float(E.min()), float(E.max())),
        model,
        (*notes, *_misfit(_residuals(data, model, E, (1.0, 1.0))(vector), kinds)),
        errors=errors,
        effective=float(min(each)),
    )


def _weighted(
    data: Polarisation, model: Model, E: Any, errors: tuple[float, float], known: bool
) -> tuple[Any, Any, float, tuple[float, float], tuple[float, float]]:
    """Numbers, Jacobian, sum of squares, weighting errors, degrees of freedom of both kinds."""
    residuals = _residuals(data, model, E, errors)
    vector, jacobian, chi2 = _search(residuals, model)
    _covariance(jacobian, model)
    if known:
        return vector, jacobian, chi2, errors, (float("nan"), float("nan"))
    vector, errors, shares = _components(data, model, E, vector, errors)
    vector, jacobian, chi2 = _local(_residuals(data, model, E, errors), vector, model)
    return vector, jacobian, chi2, errors, shares


ASSUMED: Final = 0.01
"""Error of ln j and of FE that a search begins with when none is given."""
RATIO: Final = 100.0
"""Farthest that the errors of currents and efficiencies are let apart."""


def _kinds(data: Polarisation) -> Any:
    """0 for each residual of a current, 1 for each of an efficiency, in their order."""
    seen = sum(int(np.isfinite(x).sum()) for x in data.efficiency.values())
    return np.repeat([0, 1], [len(data), seen])


def _components(
    data: Polarisation, model: Model, E: Any, vector: Any, errors: tuple[float, float]
) -> tuple[Any, tuple[float, float], tuple[float, float]]:
    """One variance for the currents and one for the efficiencies, by Helmert's iteration.

    Each variance is the sum of squares of its kind over its redundancy, the number of its data less
    the sum of their leverages. Where one kind has less than two redundant data, where the data have
    no scatter, or where an F-test (5 %) does not tell the two apart, the errors are left equal (1 %
    of j as much as 0.01 of FE).

    Returns:
        Numbers, errors of ln j and FE, degrees of freedom of both (the second nan when equal).
    """
    kinds, first = _kinds(data), vector
    equal = (first, errors, (float(len(kinds) - len(vector)), float("nan")))
    tried = False
    for _ in range(30):
        residuals = _residuals(data, model, E, errors)
        vector, jacobian, _chi2 = _local(residuals, vector, model)
        r = residuals(vector)
        leverage = np.einsum("ij,jk,ik->i", jacobian, _covariance(jacobian, model), jacobian)
        left = np.array([(1 - leverage)[kinds == k].sum() for k in (0, 1)])
        if left.min() < 2 or np.mean(r**2) < 1e-10:
            return equal
        if not tried and _alike(r, kinds, left):
            return equal
        tried = True
        factor = np.sqrt([(r[kinds == k] ** 2).sum() / left[k] for k in (0, 1)])
        new = np.array(errors) * factor
        new = np.maximum(new, new.max() / RATIO)
        done = np.all(np.abs(np.log(new / errors)) < 1e-3)
        errors = (float(new[0]), float(new[1]))
        if done:
            break
    return vector, errors, (float(left[0]), float(left[1]))


def _alike(r: Any, kinds: Any, left: Any) -> bool:
    """Whether the scatter of both kinds may be the same."""
    from scipy import stats

    variance = [(r[kinds == k] ** 2).sum() / left[k] for k in (0, 1)]
    tail = float(stats.f.cdf(variance[0] / variance[1], left[0], left[1]))
    return 0.025 < tail < 0.975


def _freedoms(jacobian: Any, kinds: Any, shares: tuple[float, float], freedom: int) -> Any:
    """Degrees of freedom of each parameter (Satterthwaite), its variance being of both kinds."""
    if np.isnan(shares[1]):
        return np.full(jacobian.shape[1], float(freedom))
    inverse = np.linalg.pinv(jacobian.T @ jacobian)
    parts = np.array(
        [np.diag(inverse @ jacobian[kinds == k].T @ jacobian[kinds == k] @ inverse) for k in (0, 1)]
    )
    return parts.sum(0) ** 2 / (parts**2 / np.array(shares)[:, None]).sum(0)


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
    data: Polarisation, model: Model, parameters: Any, spread: float, freedom: int, known: bool
) -> tuple[str, ...]:
    notes = [*data.notes, *lint(data, model.electrons), *_missing(data, model)]
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
    for p in parameters:
        if not p.logarithm and p.low <= 0 < p.high:
            what = "slope" if p.name.startswith("slope") else "activation energy"
            notes.append(
                f"{p.name} is not determined: its interval, {p.low:.3g} to {p.high:.3g} {p.unit}, holds"
                f" zero, and a {what} is above zero. Give it with --fix '{p.name}=...', or measure over"
                " a wider range."
            )
        elif p.name.startswith("activation") and p.value < 0:
            notes.append(
                f"{p.name} is {p.value / 1e3:.3g} kJ/mol; the current of an electrode that falls with"
                " temperature points to another cause (gas, salt, ageing). Do not extrapolate it."
            )
        elif p.name.startswith("slope") and p.high - p.low > p.value:
            notes.append(
                f"{p.name} is hardly determined: its interval, {p.low:.3g} to {p.high:.3g} V, is wider"
                " than its value."
            )
    return tuple(notes)


MISFIT: Final = (0.15, 0.05)
"""Root mean square of ln j and of FE above which a fit is told to miss the data."""


def _misfit(residuals: Any, kinds: Any) -> list[str]:
    """What the fit leaves unexplained of ln j and FE, in words."""
    out = []
    for k, (name, unit) in enumerate((("currents", "%"), ("efficiencies", "points of FE"))):
        part = residuals[kinds == k]
        rms = float(np.sqrt(np.mean(part**2))) if part.size else 0.0
        if rms > MISFIT[k]:
            out.append(
                f"The fit misses the {name} by {100 * rms:.3g} {unit} (root mean square; good data are"
                f" met within {100 * MISFIT[k]:.0f}): the model or the units of the columns are wrong,"
                " or the data scatter. Look at the picture for a branch that is missing."
            )
    return out


def _missing(data: Polarisation, model: Model) -> list[str]:
    """Rows whose efficiencies leave charge that no modelled product may take."""
    if not data.efficiency or set(model.electrons) - set(data.efficiency):
        return []
    whole = sum(np.asarray(x) for x in data.efficiency.values())
    rows = [int(n) + 2 for n in np.flatnonzero(whole < LEAST)]
    if not rows:
        return []
    return [
        f"row {', '.join(map(str, rows))}: the faradaic efficiencies add up to less than {LEAST:g} (least"
        f" {np.nanmin(whole):.3g}), though every product of the half-reactions was measured; the model"
        " gives 1. A product is missing: add its half-reaction (--half-reaction) and its column."
    ]


LEAST: Final = 0.9
"""Sum of the efficiencies of all modelled products below which a row is told."""


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
            found = _descend(residuals, start, low, high)
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


def _descend(residuals: Any, start: Any, low: Any, high: Any) -> Any:
    from scipy.optimize import least_squares

    return least_squares(
        residuals, np.clip(start, low, high), bounds=(low, high), jac="3-point", x_scale="jac",
        ftol=1e-12, xtol=1e-12, gtol=1e-12, max_nfev=2000,
    )  # fmt: skip


def _local(residuals: Any, start: Any, model: Model) -> tuple[Any, Any, float]:
    """As `_search`, from one start."""
    low, high = _limits(model)
    found = _descend(residuals, start, low, high)
    _no_edge(found.x, low, high, model)
    return found.x, found.jac, 2 * float(found.cost)


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
