"""Start a plant whose units were replaced from the solution of the plant that it was made from."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

import pyomo.environ as pyo

from noxplant.errors import NoxplantError
from noxplant.flowsheet.start import (
    energy_rows,
    held_at_first,
    start,
    sweep_order,
    unit_groups,
)

if TYPE_CHECKING:
    from noxplant.flowsheet.graph import Flowsheet

SHARE = 2
"""Part of the iterations that the plant before may take, as a divisor."""


def near_start(plant: Flowsheet, solver: Any, limit: int) -> Any:
    """Solve a built plant from the plant before its units were replaced; None if that has no solution.

    All that bears the same name takes its value there; each new unit is solved by itself, with its
    inlets held, and then everything together.

    Args:
        plant: a built flowsheet with `like`.
        solver: its `noxsolve.square.SquareSolver`.
        limit: iterations that both may take; those of the plant before, at most half, count.
    """
    from noxsolve.cold import ColdStart

    assert plant.like is not None
    assert plant.built is not None
    base = plant.like.copy()
    try:
        base.solve(iteration_limit=max(limit // SHARE, 1))
    except NoxplantError:
        return None
    finally:
        spent = base.built.budget.spent if base.built is not None and base.built.budget else 0
        plant.built.budget.spent += spent
    c = solver.compiled
    start(plant, c)
    assert base.built is not None
    found = {v.name: v.value for v in base.built.model.component_data_objects(pyo.Var)}
    for k, v in enumerate(c.unknowns):
        if v.name in found:
            c.x[k] = min(max(found[v.name], c.lower[k]), c.upper[k])
    new = {n for n, u in plant.units.items() if type(base.units.get(n)) is not type(u)}
    groups = zip(sweep_order(plant), unit_groups(plant), strict=True)
    outcome = ColdStart(
        solver,
        held_at_first(plant),
        energy_rows(plant),
        [c.x.copy()],
        groups=[g for unit, g in groups if unit.name in new],
        late=[plant.variable(p) for e in plant.exchanges for p in (e.fixed, e.freed)],
    ).run_near()
    return dataclasses.replace(outcome, newton_iterations=outcome.newton_iterations + spent)
