"""Total condenser of vapours from aqueous liquors."""

from __future__ import annotations

from noxplant import balances
from noxplant.errors import ModelError
from noxplant.quantities import Heat, Inlet, Outlet, Result, Spec
from noxplant.species import species
from noxplant.streams import carriage
from noxplant.unit import Equations, Limit, Unit


class TotalCondenser(Unit):
    """Condenses a vapour completely to an aqueous liquid at a given temperature.

    All of the vapour must dissolve in water; the liquid must not boil at its pressure.
    """

    feed = Inlet("gas", "vapour")
    condensate = Outlet("aqueous", "condensate")
    temperature = Spec("K", "temperature of the condensate", (273.15, 480.0))
    bubble_pressure = Result("Pa", "pressure at which the condensate would boil", nominal=1e4)
    duty = Heat("W", "heat to the vapour", nominal=1e5, start="feed", end="condensate")

    def __init__(self, name: str, *, utility: str = "cooling water", **given: float) -> None:
        """Name the condenser, choose the utility, give the temperature."""
        super().__init__(name, **given)
        self.choose_utility("duty", utility)

    def equations(self) -> Equations:
        """Moles and the first law; bubble pressure of the condensate."""
        keys = self.feed.phase_keys("gas")
        liquid = carriage.translate(keys, "gas", "aqueous")
        bad = [k for k in keys if not set(species(k).content) <= set(liquid)]
        if bad:
            raise ModelError(
                f"{self.name}: {', '.join(bad)} cannot condense into water.\n"
                "  Take them off before a total condenser."
            )
        yield from balances.through(self.feed, self.condensate, heat=self.duty)
        yield "temperature", self.condensate.temperature == self.temperature
        total = sum(self.condensate.equilibrium_pressure(j) for j in self.condensate.volatile())
        yield "bubble pressure", self.bubble_pressure == total

    def limits(self) -> list[Limit]:
        """The condensate must stay liquid."""
        return [
            Limit(
                "condensation",
                self.condensate.pressure - self.bubble_pressure,
                "the vapour does not condense completely: the condensate would boil (pressure less"
                " bubble pressure {margin:.4g} Pa). Condense colder or at a higher pressure.",
            )
        ]
