"""Heater or cooler with a utility."""

from __future__ import annotations

from noxplant import balances, condensation
from noxplant.quantities import Heat, Inlet, Outlet, Spec
from noxplant.unit import Equations, Limit, Unit


class Heater(Unit):
    """Brings a stream to a temperature with heat from (or to) a named utility."""

    feed = Inlet("*", "stream to be heated or cooled")
    out = Outlet("*", "the same stream at its new temperature")
    temperature = Spec("K", "outlet temperature", (200.0, 1300.0))
    pressure_drop = Spec("Pa", "pressure drop", (0.0, None), default=0.0)
    duty = Heat("W", "heat added to the stream", nominal=1e4, start="feed", end="out")

    def __init__(
        self,
        name: str,
        medium: str,
        *,
        temperature: float,
        utility: str,
        pressure_drop: float = 0.0,
    ) -> None:
        """Name the heater, give medium, outlet temperature [K] and the utility's name."""
        self.medium = medium
        super().__init__(name, temperature=temperature, pressure_drop=pressure_drop)
        self.choose_utility("duty", utility)

    def equations(self) -> Equations:
        """Moles pass; the first law gives the duty."""
        yield from balances.through(self.feed, self.out, heat=self.duty, drop=self.pressure_drop)
        yield "temperature", self.out.temperature == self.temperature

    def limits(self) -> list[Limit]:
        """A gas stays above its dew point."""
        return list(condensation.dew(self.out))
