"""Least energy with which heat alone can make NO: equilibrium at any temperature, then an ideal freeze.

Nothing that heats a gas and freezes it can do better: no atom recombines to anything but what it was
made of, nothing is lost in arc or power supply. Quenches of finite rate cost more
(`noxplant.thermo.quench`, `noxplant.units.kinetic_quench`).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from noxplant.constants import ATMOSPHERE, T_REFERENCE
from noxplant.constants import GAS_CONSTANT as R
from noxplant.errors import Refusal
from noxplant.thermo import gas_equilibrium as eq

AIR: Final = {"N2": 0.79, "O2": 0.21}
"""Dry air without argon, mol per mol."""
HALF: Final = {"N2": 0.5, "O2": 0.5}
"""The best feed for NO."""
SPAN: Final = (1500.0, 6000.0)
"""Range of temperature, K."""
GOLDEN: Final = (5**0.5 - 1) / 2


@dataclass(frozen=True)
class ThermalLimit:
    """Best point of an ideal thermal channel.

    Attributes:
        temperature: of the equilibrium, K.
        energy: J per mole of NO.
        fraction: mole fraction of NO at equilibrium.
    """

    temperature: float
    energy: float
    fraction: float


def ideal_cost(
    T: float,
    pressure: float,
    feed: Mapping[str, float] | None = None,
    preheat: float = T_REFERENCE,
    recovery: float = 0.0,
) -> ThermalLimit:
    """Energy per NO of a gas brought to equilibrium and frozen.

    Args:
        T: temperature of the equilibrium [K], 1500..6000.
        pressure: Pa.
        feed: mol of N2 and O2; air when left out.
        preheat: temperature [K] to which recovered heat brings the feed, 298.15..1300: what any
            recuperator takes from the frozen gas counts here.
        recovery: part of the heat that the hot gas gives off on its way to 298.15 K with frozen NO,
            0..1, that is turned back into electricity without loss.

    Raises:
        Refusal: outside these ranges.
    """
    if not SPAN[0] <= T <= SPAN[1] or not 298.0 <= preheat <= 1300.0 or not 0 <= recovery <= 1:
        raise Refusal(
            f"An ideal channel takes {SPAN[0]:g}..{SPAN[1]:g} K, a feed of 298..1300 K and a recovery"
            f" of 0..1, not {T:g} K, {preheat:g} K and {recovery:g}."
        )
    feed = dict(feed or AIR)
    hot = eq.equilibrium(feed, T, pressure, eq.AIR_5, "nasa9")
    rise = _enthalpy(hot, T) - _enthalpy(feed, preheat)
    no = hot["NO"]
    if recovery:
        cold = {"NO": no} | {s: n - no / 2 for s, n in feed.items()}
        rise -= recovery * (_enthalpy(hot, T) - _enthalpy(cold, T_REFERENCE))
    return ThermalLimit(T, rise / no, no / sum(hot.values()))


def _enthalpy(amounts: Mapping[str, float], T: float) -> float:
    return float(sum(n * eq.enthalpy(s, T, "nasa9") for s, n in amounts.items()))


def least(
    pressure: float = ATMOSPHERE,
    feed: Mapping[str, float] | None = None,
    preheat: float = T_REFERENCE,
    recovery: float = 0.0,
) -> ThermalLimit:
    """The best temperature of `ideal_cost`, by golden section between 2000 and 5500 K."""
    low, high = 2000.0, 5500.0

    def cost(T: float) -> float:
        return ideal_cost(T, pressure, feed, preheat, recovery).energy

    while high - low > 0.5:
        a, b = high - GOLDEN * (high - low), low + GOLDEN * (high - low)
        low, high = (low, b) if cost(a) < cost(b) else (a, high)
    return ideal_cost((low + high) / 2, pressure, feed, preheat, recovery)


def with_reversible_engine(
    T: float, pressure: float, feed: Mapping[str, float] | None = None
) -> ThermalLimit:
    """Energy per NO when a reversible engine takes work from all heat that the hot gas gives off.

    The engine works between the gas, from T down to 298.15 K while NO stays frozen and the rest
    recombines, and surroundings at 298.15 K: no recuperator, no turbine, no quench can do more.
    Arguments as `ideal_cost`.
    """
    base = ideal_cost(T, pressure, feed)
    feed = dict(feed or AIR)
    hot = eq.equilibrium(feed, T, pressure, eq.AIR_5, "nasa9")
    no = hot["NO"]
    cold = {"NO": no} | {s: n - no / 2 for s, n in feed.items()}
    lost = _entropy(hot, T, pressure) - _entropy(cold, T_REFERENCE, pressure)
    net = _enthalpy(cold, T_REFERENCE) - _enthalpy(feed, T_REFERENCE) + T_REFERENCE * lost
    return ThermalLimit(T, net / no, base.fraction)


def _entropy(amounts: Mapping[str, float], T: float, pressure: float) -> float:
    total = sum(amounts.values())
    out = 0.0
    for s, n in amounts.items():
        molar = eq.enthalpy(s, T, "nasa9") / T - R * eq.gibbs_rt(s, T, "nasa9")
        out += n * (molar - R * math.log(max(n, 1e-300) / total * pressure / ATMOSPHERE))
    return out


def least_with_reversible_engine(
    pressure: float = ATMOSPHERE, feed: Mapping[str, float] | None = None
) -> ThermalLimit:
    """The best temperature of `with_reversible_engine`, in steps of 25 K from 2000 to 5500 K."""
    points = (with_reversible_engine(2000.0 + 25.0 * n, pressure, feed) for n in range(141))
    return min(points, key=lambda p: p.energy)


def formation() -> float:
    """Heat of formation of NO at 298.15 K, J/mol: what stays in the product of all that is spent."""
    return float(eq.enthalpy("NO", T_REFERENCE, "nasa9"))


def recovery_for(energy: float, pressure: float, feed: Mapping[str, float] | None = None) -> float:
    """Part of the hot gas's heat that must come back as electricity to reach an energy [J/mol N].

    The cost is linear in the recovery; at the temperature that needs least of it. Above 1 there is
    no way.
    """

    def needed(T: float) -> float:
        none = ideal_cost(T, pressure, feed).energy
        all_of_it = ideal_cost(T, pressure, feed, recovery=1.0).energy
        return (none - energy) / (none - all_of_it)

    return min(needed(2000.0 + 25.0 * n) for n in range(121))
