"""Utilities that supply or take heat, each with a temperature; refrigeration costs power.

A heating utility must be at least `APPROACH` hotter than the process; cooling water, or steam that is
raised, must be at least `APPROACH` colder. What must be colder than that is refrigerated, and charged as power.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from noxplant.constants import ZERO_CELSIUS
from noxplant.errors import Refusal

APPROACH: Final = 10.0
"""Least temperature difference between utility and process, K (design decision 10)."""
REJECTION: Final = 308.15
"""Temperature at which a refrigerator rejects heat, K: cooling water plus approach. Assumption."""
LIFT: Final = 5.0
"""Temperature difference between refrigerant and process, K. Assumption."""
CARNOT_FRACTION: Final = 0.6
"""Coefficient of performance over Carnot's. Estimate; usual range 0.5 to 0.7."""


@dataclass(frozen=True)
class Utility:
    """A source or sink of heat.

    Args:
        name: name.
        temperature: at which it takes or gives heat, K; None for electric heat and refrigeration.
        heats: whether it is a source of heat.
    """

    name: str
    temperature: float | None
    heats: bool


UTILITIES: Final[dict[str, Utility]] = {
    u.name: u
    for u in (
        Utility("cooling water", 298.15, False),
        Utility("refrigeration", None, False),
        Utility("low-pressure steam", 411.0, True),
        Utility("medium-pressure steam", 457.0, True),
        Utility("high-pressure steam", 523.0, True),
        Utility("electric heat", None, True),
        Utility("raised low-pressure steam", 411.0, False),
        Utility("raised medium-pressure steam", 457.0, False),
        Utility("raised high-pressure steam", 523.0, False),
    )
}
"""Utilities by name. Steam temperatures: saturation at about 3.4, 11 and 40 bar. Assumption.

Raised steam takes heat of the process above its own temperature, as a waste-heat boiler does.
"""
RAISED: Final = "raised "
"""What the names of utilities begin with that take heat as steam for export."""


ANY: Final = "cooling water/refrigeration/low-pressure steam"
"""For a unit held at a temperature, whose duty may have either sign."""


def refrigeration_power(duty: Any, temperature: Any) -> Any:
    """Electric power to remove heat below ambient, W.

    Args:
        duty: heat into the process, W (negative: removed); float or expression.
        temperature: coldest process temperature, K, below `REJECTION`.
    """
    cold = temperature - LIFT
    return -duty * (REJECTION - cold) / cold / CARNOT_FRACTION


def choose(utility: str, duty: float, temperature: float) -> str:
    """The first of some alternatives that can serve a duty, else the first of the right sign.

    Args:
        utility: one name of `UTILITIES`, or several joined by "/".
        duty: heat into the process, W.
        temperature: hottest (heating) or coldest (cooling) process temperature, K.

    >>> choose("cooling water/refrigeration/low-pressure steam", -1e3, 280.0)
    'refrigeration'
    """
    names = alternatives(utility)
    right = [n for n in names if UTILITIES[n].heats == (duty > 0)]
    return next((n for n in right if _reaches(n, temperature)), (right or names)[0])


def alternatives(utility: str) -> tuple[str, ...]:
    """Names of the utilities that a text joins by "/"."""
    return tuple(utility.split("/"))


def _reaches(name: str, temperature: float) -> bool:
    item = UTILITIES[name]
    if item.temperature is None:
        return True
    apart = item.temperature - temperature
    return (apart if item.heats else -apart) >= APPROACH - 1e-6


def power_of(utility: str, duty: float, temperature: float) -> float:
    """Electric power that a utility draws for a duty at a process temperature, W."""
    if utility == "refrigeration":
        return max(refrigeration_power(duty, min(temperature, REJECTION)), 0.0)
    if utility == "electric heat":
        return max(duty, 0.0)
    return 0.0


def check(label: str, utility: str, duty: float, temperature: float, size: float) -> None:
    """Refuse a duty that its utility cannot serve.

    Args:
        label: name of the heat, for the message.
        utility: a name of `UTILITIES`.
        duty: heat into the process, W.
        temperature: hottest (heating) or coldest (cooling) process temperature, K.
        size: duties smaller than 1e-9 of this are ignored, W.
    """
    if abs(duty) <= 1e-9 * size:
        return
    item = UTILITIES[utility]
    kelvin = item.temperature
    place = _degrees(temperature)
    if item.heats and duty < 0:
        raise Refusal(
            f"{label}: {utility} cannot take heat, but {-duty:.4g} W must be removed at {place}.\n"
            "  Choose cooling water or refrigeration as its utility."
        )
    if not item.heats and duty > 0:
        raise Refusal(
            f"{label}: {utility} cannot give heat, but {duty:.4g} W is needed at {place}.\n"
            "  Choose a steam level or electric heat as its utility."
        )
    if kelvin is None:
        return
    if item.heats and kelvin < temperature + APPROACH - 1e-6:
        raise Refusal(
            f"{label}: {utility} at {_degrees(kelvin)} cannot heat to {place}; it must be"
            f" {APPROACH:g} K hotter, and the process stay below {_degrees(kelvin - APPROACH)}.\n"
            "  Choose a hotter utility or lower the temperature."
        )
    if not item.heats and kelvin > temperature - APPROACH + 1e-6:
        raise Refusal(
            f"{label}: {utility} at {_degrees(kelvin)} cannot cool to {place}; the process must stay"
            f" {APPROACH:g} K hotter, above {_degrees(kelvin + APPROACH)}.\n"
            "  Choose refrigeration or raise the temperature."
        )


def _degrees(kelvin: float) -> str:
    """A temperature in K and degrees Celsius, two decimals as far as they are needed."""
    return f"{round(kelvin, 2):.10g} K ({round(kelvin - ZERO_CELSIUS, 2):.10g} C)"
