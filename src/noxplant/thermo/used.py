"""Which data are used at which temperature, and what happens outside the range stated for them.

Every property function holds its argument to its range by `at`, in one of three ways:

- a number or an array is refused by name, and a Pyomo variable is bounded (`ranges.within`): what a
  user asks for is either inside the data or not answered;
- while the equations of a plant are written (`recording`) nothing is refused or bounded. A stream has
  bounds of its own, wider than those of some data, so that the search may pass through states beyond
  them; what is used at which temperature is noted, and the solution names what was extrapolated;
- where a plant is evaluated with numbers (`extrapolating`): start values, limits, audits, warnings.
  They must see the same numbers as its equations, so nothing is refused there either.

The switch is a context and no argument of the property functions, because they call one another, and
a plant is the only place where extrapolation is reported. It belongs to the thread that enters it and
ends with its block, also by an exception. It is entered where numbers of a plant are made: in
`recording`, `Flowsheet.build` and `solve`, the ways and studies that move a solved plant, the pictures
and limits of its present values, the liquids' conditions, and the properties of a `Stream`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, Final

from noxplant.constants import ZERO_CELSIUS
from noxplant.thermo import ranges
from noxplant.thermo.ranges import is_pyomo, within

AQUEOUS: Final = (273.15, 373.15)
"""Range of the aqueous data, K, as `noxplant.thermo.aqueous` states it."""
ORGANIC: Final = (253.15, 353.15)
"""Range of the data of the organic phase, K, as `noxplant.thermo.organic` states it."""

_RANGE = re.compile(r"(-?\d+(?:\.\d+)?)\.\.(-?\d+(?:\.\d+)?) ?(K|C)\b")


@dataclass(frozen=True)
class Use:
    """Data used at a temperature.

    Attributes:
        what: the data, a noun phrase in the plural.
        temperature: K, an expression of the model.
        low: smallest temperature for which they are stated, K.
        high: largest one, K.
    """

    what: str
    temperature: Any
    low: float
    high: float


_recorded: list[dict[tuple[str, int], Use]] = []
_extrapolating: ContextVar[bool] = ContextVar("extrapolating", default=False)


@contextmanager
def extrapolating() -> Iterator[None]:
    """Let property functions be used outside their ranges, as a plant does that warns of it.

    Also a decorator of plain functions (of generators it holds for nothing). Nothing is bounded.
    """
    token = _extrapolating.set(True)
    try:
        yield
    finally:
        _extrapolating.reset(token)


@contextmanager
def recording() -> Iterator[dict[tuple[str, int], Use]]:
    """Collect what is used while equations are written, each once; see `extrapolating`."""
    found: dict[tuple[str, int], Use] = {}
    _recorded.append(found)
    try:
        with extrapolating():
            yield found
    finally:
        _recorded[:] = [other for other in _recorded if other is not found]


def at(what: str, x: Any, span: tuple[float, float], noted: str = "", unit: str = "K") -> None:
    """Hold `x` to the range of a property, or note that a plant uses it.

    Args:
        what: the property, for the refusal: a noun phrase in the singular, with its substance.
        x: float, array, Pyomo variable or expression; SI.
        span: smallest and largest allowed value, in `unit`.
        noted: the data in the plural, for the warning of a plant; empty: a plant does not warn.
        unit: SI unit of x; only temperatures are noted.

    Raises:
        Refusal: a number outside, unless `extrapolating`.
        ModelError: a Pyomo expression that cannot be bounded, unless `extrapolating`.
    """
    if not _extrapolating.get():
        within(what, x, *span, unit)
    elif noted and _recorded:
        note(noted, x, span)


def sound(
    what: str,
    x: Any,
    unit: str = "",
    least: float = 0.0,
    most: float = math.inf,
    *,
    above: bool = False,
) -> None:
    """Refuse numbers that a quantity cannot have (`ranges.sound`), unless `extrapolating`.

    The start values and results of a plant may lie a rounding below zero; its own audits judge them.

    Raises:
        Refusal: not a number, infinite or outside.
    """
    if not _extrapolating.get():
        ranges.sound(what, x, unit, least, most, above=above)


def judged() -> bool:
    """Whether numbers are judged here: not while `extrapolating`."""
    return not _extrapolating.get()


def note(what: str, temperature: Any, span: tuple[float, float]) -> None:
    """Note that data are used at a temperature, K; numbers are not noted."""
    if not _recorded or not is_pyomo(temperature):
        return
    for found in _recorded:
        found.setdefault((what, id(temperature)), Use(what, temperature, *span))


def stated(text: str) -> tuple[float, float] | None:
    """Range of temperature in K that the note of a datum states.

    >>> stated("280..354 K"), stated("0..40 C, fit within 0.5 %"), stated("fit within 1 %")
    ((280.0, 354.0), (273.15, 313.15), None)
    """
    match = _RANGE.search(text)
    if match is None:
        return None
    zero = ZERO_CELSIUS if match[3] == "C" else 0.0
    return float(match[1]) + zero, float(match[2]) + zero
