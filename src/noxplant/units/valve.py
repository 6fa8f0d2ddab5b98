"""Throttle valve."""

from __future__ import annotations

from noxplant import balances
from noxplant.quantities import Inlet, Outlet, Spec
from noxplant.unit import Equations, Limit, Unit


class Valve(Unit):
    """Lowers the pressure of a stream without heat or work; its enthalpy stays.

    Ideal gases and liquids of the library have an enthalpy that does not depend on pressure, so the
    temperature stays too; a liquid that would boil must go through a `Flash`.
    """

    feed = Inlet("*", "stream at high pressure")
    out = Outlet("*", "the same stream at low pressure")
    pressure = Spec("Pa", "outlet pressure", (100.0, 1e8))

    def __init__(self, name: str, medium: str, *, pressure: float) -> None:
        """Name the valve, give the medium and the outlet pressure [Pa]."""
        self.medium = medium
        super().__init__(name, pressure=pressure)

    def equations(self) -> Equations:
        """Moles and enthalpy are conserved."""
        yield from balances.moles([self.feed], [self.out])
        yield from balances.energy([self.feed], [self.out])
        yield "pressure", self.out.pressure == self.pressure

    def limits(self) -> list[Limit]:
        """A valve only lowers pressure."""
        return [
            Limit(
                "pressure drop",
                self.feed.pressure - self.out.pressure,
                "a valve cannot raise pressure (drop {margin:.4g} Pa). Give a lower outlet pressure,"
                " or use a Pump or Compressor.",
            )
        ]
