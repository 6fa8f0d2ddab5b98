"""Total condenser of solvent vapour."""

from __future__ import annotations

from noxplant import balances
from noxplant.quantities import Heat, Inlet, Outlet, Result, Spec
from noxplant.unit import Equations, Limit, Unit


class SolventCondenser(Unit):
    """Condenses a vapour completely to an organic liquid at a given temperature.

    All of the vapour must be able to dissolve in the solvent, and the liquid must not boil at its
    pressure; both are checked. Vapour-liquid equilibrium as in `noxplant.thermo.organic`.
    """

    feed = Inlet("gas", "solvent vapour")
    condensate = Outlet("organic", "condensed solvent")
    temperature = Spec("K", "temperature of the condensate", (233.0, 400.0))
    bubble_pressure = Result("Pa", "pressure at which the condensate would boil", nominal=1e4)
    duty = Heat("W", "heat to the vapour", nominal=1e4, start="feed", end="condensate")

    def __init__(self, name: str, *, temperature: float, utility: str = "cooling water") -> None:
        """Name the condenser; temperature of the condensate [K] and what takes the heat."""
        super().__init__(name, temperature=temperature)
        self.choose_utility("duty", utility)

    def equations(self) -> Equations:
        """Moles, first law, bubble pressure."""
        yield from balances.through(self.feed, self.condensate, heat=self.duty)
        yield "temperature", self.condensate.temperature == self.temperature
        total = sum(self.condensate.equilibrium_pressure(j) for j in self.condensate.volatile())
        yield "bubble pressure", self.bubble_pressure == total

    def limits(self) -> list[Limit]:
        """The condensate must be below its boiling point."""
        return [
            Limit(
                "total condensation",
                self.condensate.pressure - self.bubble_pressure,
                "the condensate would boil: its vapour pressure exceeds the pressure by"
                " {margin:.3g} Pa (as a negative number). Lower the temperature or raise the"
                " pressure.",
            )
        ]
