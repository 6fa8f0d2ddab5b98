"""Adsorptive dryer of a gas with regeneration."""

from __future__ import annotations

from noxplant import balances, condensation, contact
from noxplant.errors import ModelError
from noxplant.quantities import Heat, Inlet, Outlet, Result, Spec
from noxplant.species import molar_mass
from noxplant.unit import Equations, Limit, Unit


class GasDryer(Unit):
    """Molecular sieve that dries a gas; the water leaves as vapour when the sieve is regenerated.

    Beds in turn, taken as steady. The residual water of the gas and the heat of regeneration per
    mass of water (sensible heat of beds and losses included) are given, not predicted. The dried
    gas leaves as warm as it came; what the regeneration puts in beyond the water vapour's enthalpy
    is taken off by cooling. Nothing but water is adsorbed: on 3A sieve a loss of ammonia, if any,
    is a purge of its own.

    Source: hydrazine note section 3.2 (the outlet water is a required input).
    """

    feed = Inlet("gas", "gas to be dried")
    dried = Outlet("gas", "dried gas")
    vent = Outlet("gas", "water vapour of the regeneration", only=("H2O",))
    water_fraction = Spec("mol/mol", "water in the dried gas", (0.0, 0.5), nominal=1e-3)
    regeneration_heat = Spec("J/kg", "heat of regeneration per water", (0.0, 1e8), nominal=7e6)
    regeneration_temperature = Spec("K", "temperature of the water vapour leaving", (300.0, 700.0))
    pressure_drop = Spec("Pa", "pressure drop of the gas", (0.0, None), default=0.0)
    regeneration = Heat(
        "W", "heat of regeneration", nominal=1e3, utility="high-pressure steam",
        start="feed", end="regeneration_temperature",
    )  # fmt: skip
    cooling = Heat("W", "heat taken off the beds", nominal=1e3, start="feed")
    water_removed = Result("mol/s", "water taken out of the gas", nominal=1e-2)

    def __init__(self, name: str, **given: float) -> None:
        """Name the dryer and give its specifications, SI."""
        super().__init__(name, **given)

    def equations(self) -> Equations:
        """Water to the specified rest, isothermal gas, first law."""
        if "H2O" not in self.feed.phase_of or len(self.feed.phase_of) == 1:
            raise ModelError(
                f"{self.name}: the gas {'is' if 'H2O' in self.feed.phase_of else 'brings no'} water"
                f"{' alone' if 'H2O' in self.feed.phase_of else ''}, so there is nothing to dry."
            )
        water, gone = self.dried.flow["H2O"], self.vent.flow["H2O"]
        yield from balances.moles([self.feed], [self.dried, self.vent])
        yield "residual water", water == self.water_fraction * self.dried.total_flow
        yield "water removed", self.water_removed == gone
        heat = self.regeneration_heat * molar_mass("H2O") * gone
        yield "regeneration", self.regeneration == heat
        yield from balances.energy(
            [self.feed], [self.dried, self.vent], heat=self.regeneration + self.cooling
        )
        yield "temperature of dried", self.dried.temperature == self.feed.temperature
        yield "temperature of vent", self.vent.temperature == self.regeneration_temperature
        for port in (self.dried, self.vent):
            yield from balances.pressure(self.feed, port, self.pressure_drop)

    def limits(self) -> list[Limit]:
        """The feed must be wetter than the dried gas; regeneration must at least evaporate."""
        wet = self.feed.flow["H2O"] / self.feed.total_flow
        return [
            *condensation.dew(self.vent),
            Limit(
                "water in the feed",
                wet - self.water_fraction,
                f"the gas to be dried holds {contact.at(wet):.3g} mol/mol water, less than the"
                f" {contact.at(self.water_fraction):.3g} that is asked of the dried gas. Lower"
                " water_fraction, or leave the dryer out.",
            ),
            Limit(
                "heat of regeneration",
                -self.cooling,
                f"the heat of regeneration, {contact.at(self.regeneration_heat):.4g} J/kg water,"
                " does not even warm the water vapour to the regeneration temperature. Give more"
                " (5e6 to 1e7 J/kg for 3A sieve with losses).",
            ),
        ]
