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
    INTERRUPTED = "Interrupted: stopped by the user; the point is as it was before the solve."
    NOT_SQUARE = "Not square: equations and unknowns do not match in number; fix or free variables."
    STRUCTURALLY_SINGULAR = (
        "Structurally singular: as many equations as unknowns, but one part has too many beside"
        " another that has too few."
    )
    NO_START = "No start: a variable has no finite number as its value; give it one."
    CROSSED_BOUNDS = "Crossed bounds: a lower bound lies above the upper one; no value fits."
    DISCONTINUOUS = (
        "Discontinuous: an equation has a jump or a kink where the solver has to pass; write it"
        " smoothly."
    )
    UNSUPPORTED = "Not supported: the model holds something that is no algebra of real numbers."
    MISSING_PACKAGE = "Package missing: this needs an optional package; install the extra named."
    INVALID = "Not valid: the model or a call asks for something that cannot be done as written."
    DEGENERATE = "Degenerate: derivatives of the optimum do not exist here, or are one-sided only."
    TIME_LIMIT = "Time limit: the answer was still moving when the time or the nodes ran out."
    TOO_MANY_EQUATIONS = "Too many equations: more than unknowns; IPOPT does not start."
    SHORT_STEP = "Short step: no step improves the point, and it is not an optimum."
    NOT_CONFIRMED = "Not confirmed: the solver says solved, the check of its answer says no."
