"""Whether a liquid parts in two: the distance of the tangent plane (Michelsen 1982), as arrays."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt

from noxplant.errors import Refusal
from noxplant.thermo.nrtl import Nrtl

Array = npt.NDArray[np.float64]
TRIALS: Final = 30
"""Substitutions of each trial liquid."""
STABLE: Final = 1e-7
"""Distance of the tangent plane, over R T, that counts as rounding."""
TINY: Final = 1e-300


def second_liquid(
    model: Nrtl, x: dict[str, Any], T: Array, excess: Array
) -> tuple[npt.NDArray[np.bool_], dict[str, Array]]:
    """Whether some other liquid is more stable than a given one.

    Args:
        model: activity coefficients of the liquid.
        x: mole fractions of the liquid, arrays of one shape.
        T: temperature [K].
        excess: added to the logarithms of its activities: zero for the liquid itself, below zero
            where only a vapour is there, of which x is the incipient liquid.

    Returns:
        For each state whether there is one, and its mole fractions where there is. Trial liquids
        start near each pure component and follow successive substitution; each on its way counts.
    """
    gamma = model.raw(x, T)
    d = {i: gamma[i] + np.log(np.maximum(x[i], TINY)) + excess for i in model.names}
    found = np.zeros(np.shape(excess), dtype=bool)
    other = {i: np.zeros(np.shape(excess)) for i in model.names}
    for pure in model.names:
        w = near(model, pure, x)
        for _ in range(TRIALS):
            total = sum(w.values())
            trial = {i: v / total for i, v in w.items()}
            ln = model.raw(trial, T)
            distance = sum(
                v * (np.log(np.maximum(v, TINY)) + ln[i] - d[i]) for i, v in trial.items()
            )
            less = distance < -STABLE
            for i in model.names:
                other[i] = np.where(less & ~found, trial[i], other[i])
            found = found | less
            w = {i: np.exp(d[i] - ln[i]) for i in model.names}
    return found, other


def near(model: Nrtl, pure: str, x: dict[str, Any]) -> dict[str, Any]:
    """A trial liquid: 99 % of one component, the others as they are to one another."""
    share = {i: x[i] + 1e-9 for i in model.names}
    rest = sum(v for i, v in share.items() if i != pure)
    return {i: 0.99 + 0 * v if i == pure else 0.01 * v / rest for i, v in share.items()}


def require_one_liquid(model: Nrtl, x: dict[str, Any], T: Array, excess: Array) -> None:
    """Refuse a liquid that parts in two; arguments as `second_liquid`.

    Raises:
        Refusal: names both liquids of the first state that parts, its temperature and what to do.
    """
    found, other = second_liquid(model, x, T, excess)
    if not found.any():
        return
    k = int(np.argmax(found))

    def words(of: dict[str, Any]) -> str:
        values = {i: float(np.broadcast_to(v, found.shape).flat[k]) for i, v in of.items()}
        return ", ".join(f"{v:.3g} {i}" for i, v in values.items())

    many = f" ({int(found.sum())} of {found.size} states)" if found.size > 1 else ""
    at = float(np.broadcast_to(T, found.shape).flat[k])
    raise Refusal(
        f"The liquid of {', '.join(model.names)} with mole fractions {words(x)} parts in two at"
        f" {at:.6g} K{many}: one with {words(other)} is more stable. This flash knows one"
        " liquid.\n  Stay outside the gap (Mixture.parts tells), or take a decanter by hand."
    )
