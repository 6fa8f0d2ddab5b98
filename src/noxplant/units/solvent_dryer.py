"""Molecular-sieve dryer of the organic solvent."""

from __future__ import annotations

from noxplant import balances
from noxplant.errors import ModelError
from noxplant.maths import value
from noxplant.quantities import Heat, Inlet, Outlet, Result, Spec
from noxplant.species import molar_mass
from noxplant.unit import Equations, Limit, Unit


class SolventDryer(Unit):
    """Water is taken from the solvent down to a given concentration and driven off as vapour.

    Beds are regenerated with a given heat per kg of water; what that heat exceeds the enthalpy of
    the vapour by is removed when the bed is cooled again, down to `bed_temperature`. The solvent
    keeps its temperature. A given fraction of the acetonitrile leaves with the water (held in the
    bed's voids). Ammonia and methanol are taken to pass (assumption: the sieve is chosen so).

    Source: physics note of the hydrazine route, 3.9 and reference basis X-201.
    """

    feed = Inlet("organic", "wet solvent")
    out = Outlet("organic", "dry solvent")
    vapour = Outlet("gas", "water vapour of the regeneration", only=("H2O", "acetonitrile"))
    water = Spec("mol/m3", "water in the dry solvent", (0.0, None))
    regeneration_heat = Spec("J/kg", "heat of regeneration per water removed", (1e5, 1e8))
    regeneration_temperature = Spec("K", "temperature of regeneration", (350.0, 700.0))
    bed_temperature = Spec("K", "temperature to which a bed is cooled", (250.0, 400.0))
    acetonitrile_loss = Spec("1", "acetonitrile that leaves with the water", (0.0, 0.1))
    pressure_drop = Spec("Pa", "pressure drop", (0.0, None), default=0.0)
    water_removed = Result("kg/s", "water removed", nominal=1e-3)
    feed_water = Result("mol/m3", "water in the wet solvent", nominal=100.0)
    duty = Heat(
        "W",
        "heat of regeneration",
        nominal=1e4,
        utility="high-pressure steam",
        start="bed_temperature",
        end="regeneration_temperature",
    )
    cooling = Heat(
        "W",
        "heat of cooling the beds",
        nominal=1e4,
        start="regeneration_temperature",
        end="bed_temperature",
    )

    def __init__(
        self,
        name: str,
        *,
        water: float,
        regeneration_heat: float,
        regeneration_temperature: float,
        bed_temperature: float,
        acetonitrile_loss: float,
        pressure_drop: float = 0.0,
        utility: str = "high-pressure steam",
        cooling_utility: str = "cooling water",
    ) -> None:
        """Name the dryer; outlet water [mol/m3], heat [J/kg] and temperatures [K] of regeneration."""
        super().__init__(
            name,
            water=water,
            regeneration_heat=regeneration_heat,
            regeneration_temperature=regeneration_temperature,
            bed_temperature=bed_temperature,
            acetonitrile_loss=acetonitrile_loss,
            pressure_drop=pressure_drop,
        )
        self.choose_utility("duty", utility)
        self.choose_utility("cooling", cooling_utility)

    def equations(self) -> Equations:
        """Balances, water left, acetonitrile lost, regeneration, first law."""
        feed, out, vapour = self.feed, self.out, self.vapour
        for key in ("H2O", "acetonitrile"):
            if key not in feed.flow:
                raise ModelError(f"{self.name}: no {key} in the solvent to be dried.")
        yield from balances.moles([feed], [out, vapour])
        yield "water left", out.flow["H2O"] == self.water * out.volume_flow
        lost = self.acetonitrile_loss * feed.flow["acetonitrile"]
        yield "acetonitrile lost", vapour.flow["acetonitrile"] == lost
        removed = vapour.flow["H2O"] * molar_mass("H2O")
        yield "water removed", self.water_removed == removed
        yield "water fed", self.feed_water * feed.volume_flow == feed.flow["H2O"]
        yield "regeneration", self.duty == self.regeneration_heat * self.water_removed
        yield from balances.energy([feed], [out, vapour], heat=self.duty + self.cooling)
        yield "temperature of the solvent", out.temperature == feed.temperature
        yield "temperature of the vapour", vapour.temperature == self.regeneration_temperature
        yield from balances.pressure(feed, out, self.pressure_drop)
        yield from balances.pressure(feed, vapour, self.pressure_drop)

    def limits(self) -> list[Limit]:
        """The solvent must be wetter than asked; the heat must drive the vapour off."""
        wet, dry = value(self.feed_water), value(self.water)
        size = value(self.duty)
        return [
            Limit(
                "water to remove",
                self.vapour.flow["H2O"],
                f"the solvent comes with {wet:.4g} mol/m3 water, less than the {dry:.4g} asked for."
                " Lower 'water' or leave the dryer out.",
            ),
            Limit(
                "heat of regeneration",
                1e-6 * abs(size) - self.cooling,
                f"regeneration_heat {value(self.regeneration_heat):.4g} J/kg does not cover the"
                " enthalpy of the vapour ({margin:.3g} W). Give more.",
            ),
        ]
