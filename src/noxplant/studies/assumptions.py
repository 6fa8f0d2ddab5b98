"""What each assumption decides: headline figures at both ends of its range, by solving there.

The solved plant is taken to the low end and to the high end of the range of one assumption at a time,
all else as it is. A figure that moves by more than `MOVES` at either end belongs to the assumption.
Where the way to an end is cut off by a limit, the figures are those of the last place on it, and the
limit is named.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from noxplant.errors import NoxplantError, Refusal
from noxplant.flowsheet.way import End, changes, followed
from noxplant.measures import words
from noxplant.quantities import Quantity

if TYPE_CHECKING:
    from noxplant.flowsheet.graph import Flowsheet
    from noxplant.flowsheet.solution import Solution

Build = Callable[[Mapping[str, float]], "Flowsheet"]

MOVES = 0.01
"""Relative change of a headline figure that is listed (design, decision 8)."""
ENDS = ("low", "high")
"""Ends of the range of an assumption."""


def with_moves(
    plant: Flowsheet, solution: Solution, build: Build, tick: Callable[[], None] | None = None
) -> Solution:
    """The same solution, its assumptions with the headline figures that they move.

    Each assumption gets ``"moves"``: {figure: [relative change at low, at high]}, the largest first,
    and ``"ends"``: {"low" or "high": why the way there ends before}. One whose specification is freed
    gets ``"freed"``: what its value follows from; it is a start value only.

    Args:
        plant: the flowsheet of the solution, solved; it is left as it is.
        solution: its solution.
        build: builds the same unsolved plant with other values (SI) for some numbers of its basis.
        tick: called after every assumption.
    """
    freed = {e.freed: e.fixed for e in plant.exchanges}
    taken_back = {n for n in _design(plant) if n not in {e.fixed for e in plant.exchanges}}
    out = []
    for a in solution.assumptions:
        name = str(a["name"])
        path = name.removeprefix("design.")
        found: dict[str, Any] = {"moves": {}, "ends": {}}
        if path in freed:
            found["freed"] = freed[path]
        elif name != path and path in taken_back:
            found["freed"] = "other specifications"
        else:
            found = _moved(plant, solution, build, a)
        out.append({**a, **found})
        if tick is not None:
            tick()
    return dataclasses.replace(solution, assumptions=tuple(out))


def _design(plant: Flowsheet) -> set[str]:
    """What the assumptions of a plant give to design specifications."""
    names = (str(a["name"]) for a in plant.assumptions)
    return {n.removeprefix("design.") for n in names if n.startswith("design.")}


def _moved(
    plant: Flowsheet, solution: Solution, build: Build, assumption: Mapping[str, Any]
) -> dict[str, Any]:
    """Movements of figures and reasons of ways that end, of one assumption."""
    at, ends = {}, {}
    for which in ENDS:
        try:
            there = build({assumption["name"]: assumption[which]})
            figures, ends[which] = _figures(plant, there)
        except NoxplantError as error:
            figures, ends[which] = {}, str(error).partition("\n")[0]
        at[which] = {
            k: change
            for k, (x, _) in solution.headline.items()
            if k in figures and (change := _relative(x, figures[k])) is not None
        }
    names = [k for k in solution.headline if any(abs(at[w].get(k, 0.0)) > MOVES for w in ENDS)]
    names.sort(key=lambda k: -max(abs(at[w].get(k, 0.0)) for w in ENDS))
    return {
        "moves": {k: [at[w].get(k) for w in ENDS] for k in names},
        "ends": {w: reason for w, reason in ends.items() if reason},
    }


def _relative(before: float, after: float) -> float | None:
    """Relative change; None for a figure that is zero and does not stay so."""
    if before == after:
        return 0.0
    return (after - before) / abs(before) if before else None


def _figures(plant: Flowsheet, there: Flowsheet) -> tuple[dict[str, float], str]:
    """Headline figures with other specifications, and why the way there ends before, if it does.

    The figures are those of `there`, since some rest on numbers outside of the plant.
    """
    from noxplant.flowsheet.audit import audit, picture
    from noxplant.flowsheet.collect import collect
    from noxplant.flowsheet.failure import check_limits
    from noxplant.studies.draws import reason_of

    targets = changes(plant, there)
    headline = there.headline or plant.headline
    with followed(plant, targets) as end:
        reason = _reason(plant, end, targets)
        assert plant.built is not None
        pictures = {name: picture(s) for name, s in plant.built.streams.items()}
        found = None
        try:
            found = collect(plant, pictures, audit(plant, pictures), {})
            if end.arrived:
                check_limits(plant)
        except Refusal as error:
            reason = reason_of(plant, error)
    if found is None or headline is None:
        return {}, reason
    return {k: x for k, (x, _) in headline(found).items()}, reason


def _reason(plant: Flowsheet, end: End, targets: Mapping[str, float]) -> str:
    """Why a way ends, and the value there where one specification moves."""
    if end.arrived:
        return ""
    why = end.limits[0][0] if end.limits else end.bound or "no solution found beyond"
    if len(targets) > 1:
        return f"ends at {end.share:.0%} of the way, {why}"
    (path,) = targets
    unit, key, _ = plant.find(path)
    noun = unit.declared[key]
    assert isinstance(noun, Quantity)
    return f"ends at {words(plant.variable(path).value, noun.units)}, {why}"
