"""Pinch analysis: the heat cascade of all heats of a plant (problem table).

Source: B. Linnhoff, J. R. Flower, AIChE J. 24 (1978) 633; I. C. Kemp, Pinch Analysis and Process
Integration, 2nd ed. (2007), chapter 2. A heat's capacity flow is constant between its start and
end temperature; a heat at one temperature (condensing, boiling, a cell) is a step.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from noxplant.errors import SpecError

if TYPE_CHECKING:
    from noxplant.flowsheet.solution import Solution

APPROACH = 10.0
"""Least temperature difference between hot and cold streams, K (issue 2)."""
STEP = 0.01
"""Heats that change temperature by less than this are taken as a step, K."""


@dataclass(frozen=True)
class Duty:
    """A heat to be given or taken.

    Attributes:
        name: path of the heat.
        value: W, positive into the process (a cold stream), negative out of it (a hot stream).
        start: process temperature at which the exchange begins, K.
        end: process temperature at which it ends, K.
    """

    name: str
    value: float
    start: float
    end: float

    @property
    def hot(self) -> bool:
        """Whether the process gives heat off."""
        return self.value < 0


@dataclass(frozen=True)
class Pinch:
    """Targets of a heat cascade.

    Attributes:
        approach: least temperature difference, K.
        heating: sum of all heating duties before recovery, W.
        cooling: sum of all cooling duties before recovery, W.
        hot_utility: least heating after recovery, W.
        cold_utility: least cooling after recovery, W.
        recovery: most heat that the process can pass to itself, W.
        pinch: mean temperature of the pinch (hot side minus half the approach), K; None when the
            plant needs only one utility (a threshold problem).
        cascade: (shifted temperature, heat flow downwards after utilities) from hot to cold, W.
    """

    approach: float
    heating: float
    cooling: float
    hot_utility: float
    cold_utility: float
    recovery: float
    pinch: float | None
    cascade: tuple[tuple[float, float], ...]


def duties(solution: Solution) -> list[Duty]:
    """Heats of a solution with their temperatures; refrigerated ones count like any other.

    Those that the flowsheet declares `unrecovered` are left out.
    """
    found = []
    for path, q in solution.heats():
        if path in solution.unrecovered:
            continue
        start = q.start if q.start is not None else q.temperature
        end = q.end if q.end is not None else start
        if start is None or end is None:
            raise SpecError(f"{path} has no temperature, so it cannot enter the heat cascade.")
        found.append(Duty(path, q.value, start, end))
    return found


def _shifted(duty: Duty, approach: float) -> tuple[float, float]:
    """Upper and lower shifted temperature of a duty; equal for a step."""
    shift = -approach / 2 if duty.hot else approach / 2
    high, low = max(duty.start, duty.end) + shift, min(duty.start, duty.end) + shift
    if high - low < STEP:
        middle = (high + low) / 2
        return middle, middle
    return high, low


def cascade(items: Iterable[Duty], approach: float = APPROACH) -> Pinch:
    """Problem table: targets for hot and cold utility and the pinch.

    Args:
        items: heats; zero ones are ignored.
        approach: least temperature difference, K.

    Raises:
        SpecError: the approach is not positive.
    """
    if not approach > 0:
        raise SpecError(f"The least temperature difference must be positive, not {approach:g} K.")
    rows = [(d, *_shifted(d, approach)) for d in items if d.value != 0]
    heating = sum(d.value for d, _, _ in rows if not d.hot)
    cooling = -sum(d.value for d, _, _ in rows if d.hot)
    levels = sorted({t for _, high, low in rows for t in (high, low)}, reverse=True)
    flow, points = 0.0, []
    for n, level in enumerate(levels):
        if n:
            above = levels[n - 1]
            flow -= sum(
                d.value * (above - level) / (high - low)
                for d, high, low in rows
                if high > low and high >= above and low <= level
            )
        points.append((level, flow))
        steps = [d.value for d, high, low in rows if high == low == level]
        if steps:
            # A step's heat is given and taken at the level itself; what is hot comes first.
            flow -= sum(steps)
            points.append((level, flow))
    least = min((q for _, q in points), default=0.0)
    hot_utility = max(0.0, -least)
    cold_utility = hot_utility + (points[-1][1] if points else 0.0)
    size = max(heating, cooling)
    table = tuple((t, q + hot_utility) for t, q in points)
    inner = [t for t, q in table[1:-1] if abs(q) <= 1e-9 * size]
    return Pinch(
        approach=approach,
        heating=heating,
        cooling=cooling,
        hot_utility=hot_utility,
        cold_utility=max(cold_utility, 0.0),
        recovery=heating - hot_utility,
        pinch=inner[0] if inner else None,
        cascade=table,
    )


def pinch(solution: Solution, approach: float = APPROACH) -> Pinch:
    """Heat cascade of a solved plant."""
    return cascade(duties(solution), approach)
