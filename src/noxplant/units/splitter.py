"""Splitter: one stream becomes several of the same composition."""

from __future__ import annotations

from collections.abc import Iterable

from noxplant import balances
from noxplant.quantities import Inlet, Outlet, Spec
from noxplant.streams.ports import Port
from noxplant.unit import Equations, Unit


class Splitter(Unit):
    """A given fraction of a stream goes to `side` (purge, bleed), the rest goes on to `out`."""

    feed = Inlet("*", "stream to be split")
    out = Outlet("*", "the rest")
    side = Outlet("*", "the fraction split off")
    fraction = Spec(
        "1", "fraction of the feed that goes to the side outlet", (0.0, 1.0), open="high"
    )

    def __init__(self, name: str, medium: str, *, fraction: float) -> None:
        """Name the splitter, give the medium and the fraction that goes to the side."""
        self.medium = medium
        super().__init__(name, fraction=fraction)

    def closed_outlets(self) -> Iterable[Port]:
        """The side outlet is closed when its fraction is zero."""
        return self.ports["side"] if self.given.get("fraction") == 0.0 else ()

    def equations(self) -> Equations:
        """Every key is split alike; temperature and pressure stay."""
        for key in self.feed.phase_of:
            yield f"side flow of {key}", self.side.flow[key] == self.fraction * self.feed.flow[key]
            yield f"rest of {key}", self.out.flow[key] == (1 - self.fraction) * self.feed.flow[key]
        for port in (self.side, self.out):
            yield f"temperature of {port.name}", port.temperature == self.feed.temperature
            yield f"pressure of {port.name}", port.pressure == self.feed.pressure

    def implied(self) -> Equations:
        """What comes leaves, whatever the fraction."""
        yield from balances.moles([self.feed], [self.out, self.side])
