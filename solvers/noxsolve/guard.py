"""Solves that are refused with a status before they begin, and that an interrupt ends cleanly."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from noxsolve.outcome import Outcome
from noxsolve.status import Status

if TYPE_CHECKING:
    from noxsolve.square import SquareSolver

SWALLOWED = "NonIpopt_Exception_Thrown"
"""What CasADi's IPOPT returns after an interrupt."""
F = TypeVar("F", bound=Callable[..., Outcome])


def guarded(method: F) -> F:
    """A solving method of SquareSolver that refuses a start that is no number and survives Ctrl-C.

    On an interrupt (KeyboardInterrupt) point and inputs are as they were before the call; the
    outcome has the status INTERRUPTED, or the interrupt goes on where `raise_interrupts` is set.
    """

    @functools.wraps(method)
    def wrapped(self: SquareSolver, *args: Any, **options: Any) -> Outcome:
        c = self.compiled
        if not (np.isfinite(c.x).all() and np.isfinite(c.p).all()):
            return _no_start(self)
        kept = c.x.copy(), c.p.copy()
        try:
            return method(self, *args, **options)
        except KeyboardInterrupt:
            c.x[:], c.p[:] = kept
            c.evaluate()
            self.warm = False
            self.newton.offset[:] = 0.0
            if self.raise_interrupts:
                raise
            worst = self.worst(self.whole.rows)
            status = Status.INTERRUPTED
            return self._outcome(False, status, status.value, worst)

    return wrapped  # type: ignore[return-value]


def heed(stats: Mapping[str, Any]) -> None:
    """Raise the interrupt that came while CasADi's IPOPT ran, which swallows it."""
    if stats.get("return_status") == SWALLOWED:
        raise KeyboardInterrupt


def _no_start(solver: SquareSolver) -> Outcome:
    """Outcome of a solve whose start or inputs are not all finite numbers."""
    c, status = solver.compiled, Status.NO_START
    pairs = [*zip(c.unknowns, c.x, strict=True), *zip(c.inputs, c.p, strict=True)]
    name, value = next((v.name, x) for v, x in pairs if not np.isfinite(x))
    message = f"{status.value} Here {name!r} is {value}."
    return solver._outcome(False, status, message, ("", float("nan")))
