"""Graph -> build -> check -> initialise -> solve -> Solution."""

from __future__ import annotations

from noxplant.flowsheet.graph import Flowsheet
from noxplant.flowsheet.solution import Solution

__all__ = ["Flowsheet", "Solution"]
