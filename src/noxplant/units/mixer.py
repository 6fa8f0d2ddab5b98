"""Adiabatic mixer."""

from __future__ import annotations

from noxplant import balances, contact
from noxplant.quantities import Inlet, Outlet
from noxplant.unit import Equations, Limit, Unit


class Mixer(Unit):
    """Any number of streams of one medium become one, without heat.

    Heats of dilution and neutralisation follow from the enthalpies of true species. The outlet has
    the pressure of the first inlet. The others are throttled to it; one that comes lower is
    refused, since raising it takes work: put a `Pump` or a `Compressor` before it.
    """

    feed = Inlet("*", "streams to be mixed", count="inlet_count")
    out = Outlet("*", "the mixture")

    def __init__(self, name: str, medium: str, inlets: int = 2) -> None:
        """Name the mixer, give the medium and the number of inlets."""
        self.medium, self.inlet_count = medium, inlets
        super().__init__(name)

    def equations(self) -> Equations:
        """Moles and enthalpy are conserved."""
        yield from balances.moles(self.inlets, [self.out])
        yield from balances.energy(self.inlets, [self.out])
        yield from balances.pressure(self.feed[0], self.out)

    def limits(self) -> list[Limit]:
        """No inlet may be below the pressure of the first."""
        return contact.no_free_rise(self.name, self.feed[1:], self.out)
