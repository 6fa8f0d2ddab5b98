"""Condensation of ammonia out of synthesis gas under pressure, as real gas holds it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from noxplant import condensation, contact
from noxplant.constants import ATMOSPHERE
from noxplant.quantities import Heat, Inlet, Outlet, Result, Spec
from noxplant.species.numbers import number
from noxplant.thermo import ammonia
from noxplant.unit import Equations, Limit, Unit


class RealAmmoniaSeparator(Unit):
    """Cools gas until ammonia condenses; the gas leaves with the NH3 that real gas holds.

    As AmmoniaSeparator, but with the measured content of synthesis gas over liquid ammonia instead
    of vapour pressure over pressure: 1.6 times as much at 150 atm and -5 C, 2.3 times at 300 atm. So
    more ammonia returns to the converter, and the loop needs more recycle. 50 to 300 atm, 248 to
    303 K, gas near 3 H2 : 1 N2 (inert gas counts as such). The liquid is pure: dissolved H2, N2 and
    Ar are neglected, likewise the heat of compression of gases. The correlation is recalled; two
    equations of state enclose it (within 16 %).

    Source: `noxplant.thermo.ammonia.saturated_fraction`.
    """

    feed = Inlet("gas", "gas with ammonia")
    gas = Outlet("gas", "gas that does not condense")
    liquid = Outlet("organic", "liquid ammonia", only=("NH3",))
    temperature = Spec("K", "temperature of separation", (240.0, 350.0))
    pressure_drop = Spec("Pa", "pressure drop", (0.0, None), default=0.0)
    duty = Heat("W", "heat added (negative: removed)", nominal=1e4, start="feed", end="temperature")
    condensed = Result("mol/s", "ammonia condensed", nominal=0.1)
    refrigerated = Result("W", "heat of condensation at the temperature of separation", nominal=1e4)

    def __init__(
        self,
        name: str,
        *,
        temperature: float,
        pressure_drop: float = 0.0,
        utility: str = "refrigeration",
    ) -> None:
        """Name the separator, give its temperature [K] and what cools it."""
        super().__init__(name, temperature=temperature, pressure_drop=pressure_drop)
        self.choose_utility("duty", utility)

    def equations(self) -> Equations:
        """Content of the gas, balances, first law."""
        yield from condensation.ammonia_drum(self, self._exerted())

    def _exerted(self) -> Any:
        p = self.gas.pressure
        return p * ammonia.saturated_fraction(self.temperature, p)

    def limits(self) -> Iterator[Limit]:
        """The gas must bring more than it takes away; range of the correlation."""
        yield condensation.ammonia_left(self, self._exerted())
        p, T = self.gas.pressure, self.temperature
        spans = [(x * ATMOSPHERE, "Pa", p) for x in number("ammonia.saturated.pressures")]
        spans += [(x, "K", T) for x in number("ammonia.saturated.range")]
        for n, (end, unit, here) in enumerate(spans):
            upper = n % 2 == 1
            side = "at most" if upper else "at least"
            yield Limit(
                f"{side} {end:.6g} {unit}",
                end - here if upper else here - end,
                f"it works at {contact.at(here):.5g} {unit}; what real gas holds is known from"
                f" {spans[n - upper][0]:.6g} to {spans[n - upper + 1][0]:.6g} {unit}. Change it, or"
                " take an AmmoniaSeparator (vapour pressure alone).",
            )
