"""Which data a model uses at which temperature, and the range that is stated for them.

While equations are written (`recording`), properties note the temperature expression at which they
are used; a solution then says what was used outside its range.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

from noxplant.constants import ZERO_CELSIUS

AQUEOUS: Final = (273.15, 373.15)
"""Range of the aqueous data, K, as `noxplant.thermo.aqueous` states it."""
ORGANIC: Final = (253.15, 353.15)
"""Range of the volatilities of the organic phase, K, as `noxplant.thermo.organic` states it."""

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


@contextmanager
def recording() -> Iterator[dict[tuple[str, int], Use]]:
    """Collect what is used while equations are written, each once."""
    found: dict[tuple[str, int], Use] = {}
    _recorded.append(found)
    try:
        yield found
    finally:
        _recorded.remove(found)


def note(what: str, temperature: Any, span: tuple[float, float]) -> None:
    """Note that data are used at a temperature, K; numbers are not noted."""
    if not _recorded or isinstance(temperature, (int, float)):
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
