"""Numerical engine for algebraic models: square solve, optimum, structure and sensitivities.

Plant-agnostic: it takes Pyomo models and knows nothing of streams or units. Importing this
package is light; the names below are loaded on first use.
"""

from importlib import import_module
from typing import Any

_HOMES = {
    "CompiledDerivatives": "noxsolve.derivativecode",
    "CompiledModel": "noxsolve.compiled",
    "ModelError": "noxsolve.errors",
    "StructureError": "noxsolve.errors",
    "Optimum": "noxsolve.optimise",
    "minimise": "noxsolve.optimise",
    "register": "noxsolve.plugin",
    "sensitivities": "noxsolve.sensitivity",
    "linearise": "noxsolve.sensitivity",
    "optimum_sensitivities": "noxsolve.optimum_sensitivity",
    "OptimumSensitivity": "noxsolve.optimum_sensitivity",
    "MissingPackage": "noxsolve.errors",
    "at_bounds": "noxsolve.diagnosis",
    "largest_residuals": "noxsolve.diagnosis",
    "moves": "noxsolve.diagnosis",
    "Trace": "noxsolve.trace",
    "recording": "noxsolve.trace",
    "Outcome": "noxsolve.outcome",
    "SquareSolver": "noxsolve.square",
    "Watch": "noxsolve.newton",
    "Dataset": "noxsolve.dataset",
    "solve_many": "noxsolve.many",
    "Status": "noxsolve.status",
    "Structure": "noxsolve.structure",
    "analyse": "noxsolve.structure",
    "block_triangular": "noxsolve.structure",
}

__all__ = sorted(_HOMES)  # noqa: PLE0605


def __getattr__(name: str) -> Any:
    """Load a public name on first use; raises AttributeError for any other name."""
    if name not in _HOMES:
        raise AttributeError(f"module 'noxsolve' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    """Public names, for completion."""
    return sorted(_HOMES)
