"""Errors of the data from their scatter: one of the currents, one of each efficiency where they differ.

Variance components by Helmert's iteration (that is restricted maximum likelihood): each variance is
the sum of squares of its kind over its redundancy, the number of its data less the sum of their
leverages. Kinds whose scatter a test does not tell apart (F of currents against efficiencies,
Bartlett's among the efficiencies, 5 %) share one variance.

The variances so found are uncertain, and with them the weights: the covariance is widened and the
degrees of freedom are reduced for that after Kenward and Roger.

Source: Helmert, Die Ausgleichungsrechnung; Kenward and Roger, Biometrics 53 (1997) 983 (recalled;
the tests hold it to the coverage of synthetic data).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

if TYPE_CHECKING:
    from noxplant.electrolysis.fitting import Model
    from noxplant.electrolysis.polarisation import Polarisation

RATIO: Final = 100.0
"""Farthest that two errors are let apart."""
LEVEL: Final = 0.05
"""Level of the tests that tell errors apart."""
LEAST: Final = 2.0
"""Redundancy below which a variance is not estimated for itself."""


def columns(data: Polarisation) -> Any:
    """0 for each residual of a current, 1, 2, ... for those of each efficiency, in their order."""
    seen = [int(np.isfinite(x).sum()) for x in data.efficiency.values()]
    return np.repeat(np.arange(1 + len(seen)), [len(data), *seen])


def mean(errors: Any, kinds: Any) -> float:
    """Root mean square error of all efficiencies; that of the currents where there are none."""
    of_fe = errors[kinds[kinds > 0]] if np.any(kinds > 0) else errors[:1]
    return float(np.sqrt(np.mean(of_fe**2)))


@dataclass(frozen=True)
class Search:
    """The data against the model."""

    data: Polarisation
    model: Model
    E: Any
    kinds: Any

    def residuals(self, errors: Any) -> Callable[[Any], Any]:
        """Function of the fitted numbers that gives the residuals, each over its column's error."""

        def weighted(vector: Any) -> Any:
            found = self.model.rows(vector, self.E)
            parts = [np.log(found["current"] / self.data.current) / errors[0]]
            for n, (product, measured) in enumerate(self.data.efficiency.items(), start=1):
                seen = np.isfinite(measured)
                parts.append((found[f"FE {product}"] - measured)[seen] / errors[n])
            return np.concatenate(parts)

        return weighted

    def local(self, vector: Any, errors: Any) -> tuple[Any, Any, Any]:
        """Numbers, squares of the residuals and their redundancies at given errors."""
        from noxplant.electrolysis import leastsquares

        residuals = self.residuals(errors)
        vector, jacobian, _ = leastsquares._local(residuals, vector, self.model)
        inverse = leastsquares._covariance(jacobian, self.model)
        leverage = np.einsum("ij,jk,ik->i", jacobian, inverse, jacobian)
        return vector, residuals(vector) ** 2, 1 - leverage


def estimate(found: Search, vector: Any, errors: Any) -> tuple[Any, Any, Any]:
    """Numbers, errors by column and which columns share one error.

    Without scatter, or too few data for it, the errors are left equal (1 % of j as much as 0.01 of
    FE).
    """
    one = np.zeros(len(errors), dtype=int)
    moved, squares, free = found.local(vector, errors)
    if np.mean(squares) < 1e-10:
        return vector, errors, one
    two = np.minimum(np.arange(len(errors)), 1)
    group = two if _differ(squares, free, two[found.kinds], _f_test) else one
    if group is two:
        moved, errors, squares, free = _helmert(found, moved, errors, group)
    own = np.arange(len(errors))
    some = found.kinds > 0
    if len(errors) > 2 and _differ(squares[some], free[some], found.kinds[some] - 1, _bartlett):
        group = own
        moved, errors, squares, free = _helmert(found, moved, errors, group)
    return moved, errors, group


def _helmert(found: Search, vector: Any, errors: Any, group: Any) -> tuple[Any, Any, Any, Any]:
    """One variance for each group of columns, iterated until the errors stay."""
    kinds = group[found.kinds]
    for _ in range(50):
        vector, squares, free = found.local(vector, errors)
        factor = np.sqrt(
            [squares[kinds == k].sum() / free[kinds == k].sum() for k in np.unique(group)]
        )
        new = errors * factor[group]
        new = np.maximum(new, new.max() / RATIO)
        done = np.all(np.abs(np.log(new / errors)) < 1e-3)
        errors = new
        if done:
            break
    return vector, errors, squares, free


def _differ(squares: Any, free: Any, kinds: Any, test: Callable[[Any, Any], float]) -> bool:
    """Whether the variances of several kinds differ; no where one has hardly any redundancy."""
    names = np.unique(kinds)
    left = np.array([free[kinds == k].sum() for k in names])
    if len(names) < 2 or left.min() < LEAST:
        return False
    variance = np.array([squares[kinds == k].sum() for k in names]) / left
    return test(variance, left) < LEVEL


def _f_test(variance: Any, left: Any) -> float:
    """Two-sided probability of two variances at equal errors."""
    from scipy import stats

    tail = float(stats.f.cdf(variance[0] / variance[1], left[0], left[1]))
    return 2 * min(tail, 1 - tail)


def _bartlett(variance: Any, left: Any) -> float:
    """Probability of several variances at equal errors, Bartlett's test."""
    from scipy import stats

    whole = left.sum()
    pooled = (left * variance).sum() / whole
    m = whole * np.log(pooled) - (left * np.log(np.maximum(variance, 1e-300))).sum()
    c = 1 + ((1 / left).sum() - 1 / whole) / (3 * (len(left) - 1))
    return float(stats.chi2.sf(m / c, len(left) - 1))


def intervals(jacobian: Any, inverse: Any, kinds: Any, known: bool) -> tuple[Any, Any]:
    """Covariance at unit variance and degrees of freedom of each number, after Kenward and Roger.

    Args:
        jacobian: of the residuals, each over its error.
        inverse: of J^T J.
        kinds: group of each residual that has a variance of its own.
        known: whether the errors were given; then nothing is widened.
    """
    count = len(inverse)
    freedom = float(len(kinds) - count)
    if known or len(np.unique(kinds)) == 1:
        return inverse, np.full(count, freedom)
    parts = [jacobian[kinds == k].T @ jacobian[kinds == k] for k in np.unique(kinds)]
    sizes = [int((kinds == k).sum()) for k in np.unique(kinds)]
    spread = np.linalg.inv(_information(parts, sizes, inverse))
    widening = np.zeros_like(inverse)
    for k, a in enumerate(parts):
        widening += spread[k, k] * a
        for m, b in enumerate(parts):
            widening -= spread[k, m] * a @ inverse @ b
    widened = inverse + 2 * inverse @ widening @ inverse
    slopes = np.array([np.diag(inverse @ a @ inverse) for a in parts])
    below = np.einsum("ki,km,mi->i", slopes, spread, slopes)
    return widened, 2 * np.diag(inverse) ** 2 / below


def _information(parts: list[Any], sizes: list[int], inverse: Any) -> Any:
    """Expected information on the variances, at unit variances."""
    share = [inverse @ a for a in parts]
    out = np.array([[float(np.trace(a @ b)) for b in share] for a in share])
    out += np.diag([n - 2 * float(np.trace(a)) for n, a in zip(sizes, share, strict=True)])
    return out / 2
