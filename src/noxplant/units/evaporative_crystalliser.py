"""Evaporative crystalliser."""

from __future__ import annotations

from noxplant import balances
from noxplant.brine import others, water_left
from noxplant.crystallisation import (
    boiling,
    check_salt,
    could_make,
    mass_flow,
    require_ions,
    saturated_or_bare,
    supersaturation_of,
    told,
    true_to_totals,
)
from noxplant.quantities import Heat, Inlet, Outlet, Result, Spec
from noxplant.unit import Equations, Limit, Unit


class EvaporativeCrystalliser(Unit):
    """Water boils off at a given temperature, and a salt crystallises from what is left.

    The pressure is the sum of the equilibrium pressures over the mother liquor (ideal activity of
    water). Saturation as in `Recrystalliser`: a solubility product with common ions; a liquor that
    is not saturated gives no crystals.

    Source: ammonia note 5.3.
    """

    feed = Inlet("aqueous", "liquor")
    vapour = Outlet("gas", "vapour")
    slurry = Outlet("slurry", "crystals in their mother liquor", adds="made")
    temperature = Spec("K", "boiling temperature", (250.0, 480.0))
    vapour_fraction = Spec("mol/mol", "vapour per liquor fed", (1e-6, 0.99))
    pressure = Result("Pa", "pressure at which the liquor boils", (100.0, 1e6), nominal=1e4)
    evaporated = Result("kg/s", "water evaporated", nominal=1e-2)
    crystals = Result("mol/s", "crystals formed", (0.0, None), nominal=1e-2)
    single_pass_yield = Result(
        "1",
        "crystals over what was fed of their first component",
        fixed_within=(0.0, 1.0),
        open="both",
    )
    supersaturation = Result("1", "molality without crystals over saturation", (0.0, None))
    solids = Result(
        "kg/kg",
        "mass fraction of crystals in the slurry",
        nominal=0.1,
        fixed_within=(0.0, 1.0),
        open="both",
    )
    duty = Heat(
        "W", "heat to boil", utility="low-pressure steam", nominal=1e5, start="slurry", end="slurry"
    )

    def __init__(
        self, name: str, *, salt: str, utility: str = "low-pressure steam", **given: float
    ) -> None:
        """Name the crystalliser, its salt and utility; give the specs."""
        self.salt = check_salt(name, salt)
        self.made = (self.salt,)
        super().__init__(name, **given)
        self.choose_utility("duty", utility)

    def warnings(self) -> tuple[str, ...]:
        """Salts that must not be dried; a liquor that stays clear, other salts in excess."""
        return (*told(self.salt, self.supersaturation), *others(self.salt, self.slurry))

    def equations(self) -> Equations:
        """Balances, boiling, saturation or no crystals, figures of merit."""
        require_ions(self.name, self.salt, self.feed)
        feed, slurry, vapour, salt = self.feed, self.slurry, self.vapour, self.salt
        yield from balances.moles([feed], self.outlets)
        yield from balances.energy([feed], self.outlets, heat=self.duty)
        yield "temperature", slurry.temperature == self.temperature
        yield from balances.same_state(slurry, vapour)
        yield "pressure", slurry.pressure == self.pressure
        yield "vapour", vapour.total_flow == self.vapour_fraction * feed.total_flow
        yield from boiling(slurry, vapour)
        yield "crystals", slurry.flow[salt] == self.crystals
        yield (
            "saturation",
            saturated_or_bare(salt, self.crystals, slurry.flow, slurry.temperature) == 0,
        )
        yield from self._figures()

    def _figures(self) -> Equations:
        feed, slurry, salt = self.feed, self.slurry, self.salt
        yield "evaporated", self.evaporated == mass_flow(self.vapour, "gas")
        yield "yield", self.single_pass_yield * could_make(salt, feed) == self.crystals
        ratio = supersaturation_of(salt, feed.flow, slurry.temperature, slurry.flow["H2O"])
        yield "supersaturation", self.supersaturation == ratio
        mass = mass_flow(slurry, "solid")
        yield "solids", self.solids * (mass + mass_flow(slurry, "aqueous")) == mass

    def limits(self) -> list[Limit]:
        """The solubility is known, and water liquid, between 273 and 373 K, and for ions."""
        return [
            water_left(self),
            *true_to_totals(self.salt, self.slurry),
            Limit(
                "cold end",
                self.temperature - 273.15,
                "the solubility is not known below 273.15 K ({margin:.3g} K above it), where ice"
                " forms. Raise the temperature.",
            ),
            Limit(
                "hot end",
                373.15 - self.temperature,
                "the solubility is not known above 373.15 K ({margin:.3g} K below it). Lower the"
                " temperature.",
            ),
        ]
