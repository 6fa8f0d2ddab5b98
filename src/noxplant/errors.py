"""The errors of noxplant.

    NoxplantError
        ModelError          the flowsheet as written cannot be built; fix the script
            SpeciesError    unknown species, unbalanced reaction
            SpecError       misspelt, missing, surplus or out-of-range specification
            PortError       ports that do not fit, open inlets
        Refusal             the specifications ask for what physics or the model's range forbids
        SolveError          no solution was found; the message says where and what to try
        AuditError          a solution was found but a balance does not close
        UsageError          the command line or a unit of measure was used wrongly

Every message says where, what (with unit), what is allowed, and what to do.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class NoxplantError(Exception):
    """Root of all errors that noxplant raises on purpose."""

    status = "refused"


class ModelError(NoxplantError, ValueError):
    """The flowsheet as written cannot be built."""


class SpeciesError(ModelError):
    """An unknown species, or a reaction that does not balance."""


class SpecError(ModelError):
    """A specification that is misspelt, missing, surplus or out of range."""


class PortError(ModelError):
    """Ports that do not fit together, or an inlet that nothing feeds."""


class Refusal(NoxplantError, ValueError):
    """The specifications ask for what physics, or the range of the model, forbids."""

    status = "infeasible"


class SolveError(NoxplantError, RuntimeError):
    """No solution was found."""

    status = "not_converged"


class AuditError(NoxplantError, RuntimeError):
    """A solution was found, but elements, charge or energy do not close."""

    status = "not_converged"


class UsageError(NoxplantError, ValueError):
    """A command or a unit of measure was used wrongly."""


def nearest(name: str, known: Iterable[str]) -> str:
    """A hint such as " Did you mean 'temperature'?", or an empty string.

    >>> nearest("temperatur", ["temperature", "pressure"])
    " Did you mean 'temperature'?"
    """
    hit = difflib.get_close_matches(name, list(known), n=1)
    return f" Did you mean {hit[0]!r}?" if hit else ""
