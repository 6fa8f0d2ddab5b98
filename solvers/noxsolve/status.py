"""How a solve ended, in sentences for users."""

from enum import Enum


class Status(Enum):
    """End of a solve; the value is a sentence that may be shown as it is."""

    SOLVED = "Solved: residuals are small against the scale of every equation and bounds hold."
    OPTIMAL = "Optimal: the first-order conditions hold and the equations are solved."
    NOT_CONVERGED = "Not converged: a block of equations has no solution that was found."
    INFEASIBLE = "Infeasible: the equations contradict each other or the bounds near this point."
    SINGULAR = "Singular: at this point some unknowns have no effect on their equations."
    NOT_A_NUMBER = "Not a number: an equation cannot be evaluated at this point."
    OUT_OF_BOUNDS = "Out of bounds: the equations are solved, but only outside the bounds."
    INEQUALITY_VIOLATED = "Inequality violated: the equations are solved, but a limit is not kept."
    STOPPED = "Stopped on the way: the inputs cannot be moved to the targets from here."
    ITERATION_LIMIT = "Iteration limit: the answer was still moving when the iterations ran out."
    UNBOUNDED = "Unbounded: the objective improves without limit."
    FAILED = "Failed: the solver stopped without an answer."
