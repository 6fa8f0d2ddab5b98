"""The smallest working flowsheet of every unit; they feed the contract tests and the manual.

One module a family of units; each has a table ``EXAMPLES = {"UnitClass": function}``, where the
function returns an unbuilt flowsheet in which the unit is called "U".
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from noxplant.flowsheet.graph import Flowsheet


def examples() -> dict[str, Callable[[], Flowsheet]]:
    """Functions that make an example of each unit class, by class name."""
    out: dict[str, Callable[[], Flowsheet]] = {}
    for info in pkgutil.iter_modules(__path__):
        module = importlib.import_module(f"{__name__}.{info.name}")
        out.update(module.EXAMPLES)
    return out
