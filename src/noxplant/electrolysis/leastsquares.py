"""The least-squares part of `noxplant.electrolysis.fitting`: starts, search, covariance."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from noxplant.constants import T_REFERENCE
from noxplant.electrolysis.polarisation import lint
from noxplant.errors import Refusal

if TYPE_CHECKING:
    from noxplant.electrolysis.fitting import Fit, Model, Parameter
    from noxplant.electrolysis.polarisation import Polarisation
    from noxplant.electrolysis.variances import Search


def solve(
    data: Polarisation, model: Model, E: Any, current_error: float | None, fe_error: float | None
) -> Fit:
    """Fit a model to data whose potentials are corrected; see `fitting.fit`."""
    from noxplant.electrolysis import fitting, variances

    known = current_error is not None
    found = variances.Search(data, model, E, variances.columns(data))
    given = np.full(1 + len(data.efficiency), fe_error or ASSUMED)
    given[0] = current_error or ASSUMED
    vector, jacobian, chi2, errors, group = _weighted(found, given, known)
    freedom = len(found.kinds) - len(vector)
    spread = chi2 / freedom if freedom else float("nan")
    size = 1.0 if known else spread
    plain, each = variances.intervals(
        jacobian, _covariance(jacobian, model), group[found.kinds], known
    )
    covariance = size * plain
    scale = np.sqrt(np.diag(covariance))
    parameters = tuple(
        _parameter(name, x, fitting._student(f, known, fitting.CONFIDENCE) * s)
        for name, x, s, f in zip(model.names, vector, scale, each, strict=True)
    )
    errors = errors * size**0.5
    notes = _notes(data, model, parameters, spread, freedom, known)
    missed = _misfit(found.residuals(np.ones(len(errors)))(vector), np.minimum(found.kinds, 1))
    by_product = dict(zip(data.efficiency, map(float, errors[1:]), strict=True))
    return fitting.Fit(
        parameters, covariance, covariance / np.outer(scale, scale), model.lines(vector),
        model.numbers(vector)[fitting.TRANSFER], model.reference, spread, freedom, known,
        (float(E.min()), float(E.max())), model, (*notes, *missed),
        errors=(float(errors[0]), variances.mean(errors, found.kinds)), by_product=by_product,
        effective=float(min(each)),
    )  # fmt: skip


def _weighted(found: Search, errors: Any, known: bool) -> tuple[Any, Any, float, Any, Any]:
    """Numbers, Jacobian, sum of squares, errors by column, which columns share one error."""
    from noxplant.electrolysis import variances

    model = found.model
    vector, jacobian, chi2 = _search(found.residuals(errors), model)
    group = np.zeros(len(errors), dtype=int)
    if not known:
        _covariance(jacobian, model)
        vector, errors, group = variances.estimate(found, vector, errors)
        vector, jacobian, chi2 = _local(found.residuals(errors), vector, model)
    _no_edge(vector, *_limits(model), model)
    return vector, jacobian, chi2, errors, group


ASSUMED: Final = 0.01
"""Error of ln j and of FE that a search begins with when none is given."""


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
    notes = [*data.notes, *lint(data, model.electrons), *_missing(data, model), *_warm(model)]
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
        notes += _open(p)
    return tuple(notes)


def _warm(model: Model) -> list[str]:
    """Currents that are not those at 298.15 K, where cells take them, in words."""
    T = float(np.mean(model.temperature))
    if any(n.startswith("activation") for n in model.names) or abs(T - T_REFERENCE) < NEAR:
        return []
    return [
        f"The data are at {T:.5g} K and give no activation energies: the currents are those at that"
        f" temperature, while a cell takes them at {T_REFERENCE:g} K. `fitted.read(...).give(cell)`"
        " converts them with the activation energies of the cell."
    ]


NEAR: Final = 0.01
"""Difference from 298.15 K up to which data count as taken there, K."""


def _open(p: Parameter) -> list[str]:
    """What to know of a fitted slope or activation energy, in words."""
    if not p.logarithm and p.low <= 0 < p.high:
        what = "slope" if p.name.startswith("slope") else "activation energy"
        return [
            f"{p.name} is not determined: its interval, {p.low:.3g} to {p.high:.3g} {p.unit}, holds"
            f" zero, and a {what} is above zero. Give it with --fix '{p.name}=...', or measure over"
            " a wider range."
        ]
    if p.name.startswith("activation") and p.value < 0:
        return [
            f"{p.name} is {p.value / 1e3:.3g} kJ/mol; the current of an electrode that falls with"
            " temperature points to another cause (gas, salt, ageing). Do not extrapolate it."
        ]
    if p.name.startswith("slope") and p.high - p.low > p.value:
        return [
            f"{p.name} is hardly determined: its interval, {p.low:.3g} to {p.high:.3g} V, is wider"
            " than its value."
        ]
    if p.name.startswith("slope") and p.low > STEEP:
        return [
            f"{p.name} is {1e3 * p.value:.3g} mV per decade, above the {1e3 * STEEP:.0f} mV that one"
            " electron makes twice over: resistance, transport or a porous electrode is in it. The"
            " line holds within the data; give the resistance (--resistance), and do not extrapolate."
        ]
    return []


STEEP: Final = 0.236
"""Tafel slope above which a fit is told to hold more than a reaction, V per decade: twice
2 R T ln 10 / F at 298.15 K (one electron, symmetric; a porous electrode doubles it)."""


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
