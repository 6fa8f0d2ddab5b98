"""noxplant: plants that turn air, NOx, nitrate and electricity into nitrogen chemicals.

Importing the package loads nothing heavy; names below are imported when first used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

_HOMES = {
    "Flowsheet": "noxplant.flowsheet.graph",
    "Solution": "noxplant.flowsheet.solution",
    "Unit": "noxplant.unit",
    "Limit": "noxplant.unit",
    "Region": "noxplant.unit",
    "Inlet": "noxplant.quantities",
    "Outlet": "noxplant.quantities",
    "Inside": "noxplant.quantities",
    "Spec": "noxplant.quantities",
    "Result": "noxplant.quantities",
    "Heat": "noxplant.quantities",
    "Work": "noxplant.quantities",
    "Reaction": "noxplant.species",
    "species": "noxplant.species",
    "NoxplantError": "noxplant.errors",
}

__all__ = sorted([*_HOMES, "__version__"])

if TYPE_CHECKING:
    from noxplant.errors import NoxplantError
    from noxplant.flowsheet.graph import Flowsheet
    from noxplant.flowsheet.solution import Solution
    from noxplant.quantities import Heat, Inlet, Inside, Outlet, Result, Spec, Work
    from noxplant.species import Reaction, species
    from noxplant.unit import Limit, Region, Unit


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'noxplant' has no attribute {name!r}")
    import importlib

    home = _HOMES[name]
    module = importlib.import_module(home)
    return module if home.rsplit(".", 1)[-1] == name else getattr(module, name)


def __dir__() -> list[str]:
    return list(__all__)
