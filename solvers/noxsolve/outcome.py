"""What a square solve reports."""

from dataclasses import dataclass

from noxsolve.status import Status


@dataclass(frozen=True)
class BlockTrace:
    """One block that was solved: its name, size, how (newton, natural, ipopt, failed), steps."""

    name: str
    size: int
    method: str
    iterations: int


@dataclass(frozen=True)
class Outcome:
    """End of a square solve.

    Attributes:
        solved: equations hold, bounds and inequalities too.
        status, message: the same in a sentence, and with the names of the place.
        newton_iterations, ipopt_calls: work done.
        worst_equation, worst_residual: largest residual relative to the scale of its equation.
        failed_blocks: blocks without solution, by the names of their unknowns.
        trace: blocks larger than one unknown or not solved at the first attempt.
        fraction: share of the way that a homotopy went; 1 for everything else.
    """

    solved: bool
    status: Status
    message: str
    newton_iterations: int
    ipopt_calls: int
    worst_equation: str
    worst_residual: float
    failed_blocks: tuple[str, ...] = ()
    trace: tuple[BlockTrace, ...] = ()
    fraction: float = 1.0
