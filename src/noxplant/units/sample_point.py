"""Sample point: concentrations in a line, as quantities that can be specified."""

from __future__ import annotations

from collections.abc import Sequence

from noxplant.errors import SpeciesError, nearest
from noxplant.quantities import Inlet, Outlet, Result
from noxplant.species import all_species, aqueous_components
from noxplant.unit import Equations, Unit


class SamplePoint(Unit):
    """The stream passes unchanged; concentrations of chosen keys become quantities.

    In water both totals ("N(-3)", "NO3-") and true species ("OH-") can be chosen. Fix one in
    exchange for what decides it: ``plant.exchange("A-1.concentration[OH-]", 5000.0, "S-1.fraction")``.
    """

    feed = Inlet("*", "liquid")
    out = Outlet("*", "the same liquid")
    concentration = Result("mol/m3", "amount per volume of liquid", nominal=1000.0, over="sampled")
    volume_flow = Result("m3/s", "volume flow", nominal=2e-5)

    def __init__(self, name: str, medium: str, *, sampled: Sequence[str]) -> None:
        """Name the point, give the medium (aqueous or organic) and what to report."""
        self.medium, self.sampled = medium, tuple(sampled)
        known = {*aqueous_components(), *(s.name for s in all_species())}
        for key in self.sampled:
            if key not in known:
                raise SpeciesError(
                    f"SamplePoint {name!r} cannot report {key!r}.{nearest(key, known)}"
                )
        super().__init__(name)

    def equations(self) -> Equations:
        """Everything passes; amount = concentration times volume flow."""
        for key in self.feed.phase_of:
            yield f"flow of {key}", self.out.flow[key] == self.feed.flow[key]
        yield "temperature", self.out.temperature == self.feed.temperature
        yield "pressure", self.out.pressure == self.feed.pressure
        yield "volume", self.volume_flow == self.out.volume_flow
        for key in self.sampled:
            amount = self.out.flow[key] if key in self.out.phase_of else self.out.true[key]
            yield f"concentration of {key}", self.concentration[key] * self.volume_flow == amount
