"""Pump for liquids."""

from __future__ import annotations

from noxplant import balances
from noxplant.quantities import Inlet, Outlet, Spec, Work
from noxplant.thermo import solid
from noxplant.unit import Equations, Limit, Unit


class Pump(Unit):
    """Raises the pressure of a liquid; work is volume flow times pressure rise over efficiency.

    In a slurry the crystals count with their own volume and stay crystals.
    The library's liquids are incompressible with an enthalpy that does not count pressure, so all
    work shows as warming (0.02 K per bar of water at efficiency 1, where really there is none).
    """

    feed = Inlet("*", "liquid")
    out = Outlet("*", "the liquid at its new pressure")
    pressure = Spec("Pa", "outlet pressure", (100.0, 1e8))
    efficiency = Spec("1", "hydraulic power over shaft power", (0.01, 1.0))
    power = Work("W", "shaft power", nominal=10.0)

    def __init__(
        self, name: str, medium: str = "aqueous", *, pressure: float, efficiency: float
    ) -> None:
        """Name the pump, give the liquid medium, outlet pressure [Pa] and efficiency."""
        self.medium = medium
        super().__init__(name, pressure=pressure, efficiency=efficiency)

    def equations(self) -> Equations:
        """Moles, pressure, work, first law."""
        rise = self.out.pressure - self.feed.pressure
        for key in self.feed.phase_of:
            yield f"moles of {key}", self.out.flow[key] == self.feed.flow[key]
        yield "pressure", self.out.pressure == self.pressure
        crystals = sum(
            self.feed.flow[k] * solid.molar_volume(k) for k in self.feed.phase_keys("solid")
        )
        volume = self.feed.volume_flow + crystals
        yield "power", self.power * self.efficiency == volume * rise
        yield from balances.energy([self.feed], [self.out], work=self.power)

    def limits(self) -> list[Limit]:
        """A pump only raises pressure."""
        return [
            Limit(
                "pressure rise",
                self.out.pressure - self.feed.pressure,
                "a pump cannot lower pressure (rise {margin:.4g} Pa). Give a higher outlet pressure,"
                " or use a Valve.",
            )
        ]
