"""Cooling crystalliser."""

from __future__ import annotations

from typing import Any

from noxplant import balances, maths
from noxplant.brine import others
from noxplant.crystallisation import (
    check_salt,
    could_make,
    mass_flow,
    require_ions,
    saturated_or_bare,
    supersaturation_of,
    told,
    true_to_totals,
)
from noxplant.quantities import Heat, Inlet, Inside, Outlet, Result, Spec
from noxplant.unit import Equations, Limit, Unit

WIDTH = 1e-6
"""Rounding of the corners of the temperature at which refrigeration begins, K."""


class Recrystalliser(Unit):
    """A salt crystallises on cooling until its mother liquor is saturated.

    Saturation is a solubility product calibrated to S(T) of the salt in water, so common ions
    (excess acid) count (`noxplant.crystallisation`); a liquor that is not saturated gives no
    crystals. Nothing else crystallises and the crystals take nothing up: impurities come with the
    liquor that the filter cake holds. The heat of crystallisation is in the enthalpies. Cooling
    water takes the heat down to `water_temperature` (its own 298 K, 10 K approach and 1 K to
    spare), refrigeration what is below.

    Source: hydrazine note 3.8.
    """

    feed = Inlet("aqueous", "warm liquor")
    slurry = Outlet("slurry", "crystals in their mother liquor", adds="made")
    halfway = Inside("slurry", "slurry where cooling water ends", count="levels", adds="made")
    temperature = Spec("K", "final temperature", (250.0, 480.0))
    water_temperature = Spec(
        "K", "temperature down to which cooling water serves", (273.15, 480.0), default=309.15
    )
    crystals = Result("mol/s", "crystals formed", (0.0, None), nominal=1e-2)
    single_pass_yield = Result(
        "1",
        "crystals over what was fed of their first component",
        fixed_within=(0.0, 1.0),
        open="both",
    )
    supersaturation = Result("1", "molality of the cooled feed over saturation", (0.0, None))
    solids = Result(
        "kg/kg",
        "mass fraction of crystals in the slurry",
        nominal=0.1,
        fixed_within=(0.0, 1.0),
        open="both",
    )
    precooling = Heat(
        "W",
        "heat to the liquor, down to where refrigeration begins",
        nominal=1e4,
        start="feed",
        end="refrigerated_from",
    )
    refrigerated_from = Result("K", "temperature at which refrigeration begins")
    duty = Heat(
        "W",
        "heat to the liquor from there on",
        utility="refrigeration",
        nominal=1e4,
        start="refrigerated_from",
        end="slurry",
    )

    def __init__(
        self,
        name: str,
        *,
        salt: str,
        utility: str = "refrigeration",
        alternative: bool = False,
        **given: float,
    ) -> None:
        """Name the crystalliser, its salt and utility; give the temperature.

        `alternative` takes the second of two contradicting solubilities (N2H5Cl only).
        """
        self.salt, self.alternative = check_salt(name, salt), alternative
        self.made, self.levels = (self.salt,), 1
        super().__init__(name, **given)
        self.choose_utility("duty", utility)
        self.choose_utility("precooling", "cooling water/refrigeration")

    def warnings(self) -> tuple[str, ...]:
        """Salts that must not be dried; a liquor that stays clear, other salts in excess."""
        return (*told(self.salt, self.supersaturation), *others(self.salt, self.slurry))

    def equations(self) -> Equations:
        """Balances, saturation or no crystals, figures of merit."""
        require_ions(self.name, self.salt, self.feed)
        feed, slurry, salt, other = self.feed, self.slurry, self.salt, self.alternative
        yield from balances.through(feed, slurry, heat=self.precooling + self.duty)
        yield from self._water_cooled(self.halfway[0])
        yield "temperature", slurry.temperature == self.temperature
        yield "crystals", slurry.flow[salt] == self.crystals
        T = slurry.temperature
        yield "saturation", saturated_or_bare(salt, self.crystals, slurry.flow, T, other) == 0
        yield "yield", self.single_pass_yield * could_make(salt, feed) == self.crystals
        ratio = supersaturation_of(salt, feed.flow, T, alternative=other)
        yield "supersaturation", self.supersaturation == ratio
        mass = mass_flow(slurry, "solid")
        yield "solids", self.solids * (mass + mass_flow(slurry, "aqueous")) == mass

    def _water_cooled(self, halfway: Any) -> Equations:
        """State at the end of the water-cooled part: the final one at another temperature."""
        feed, T, tag = self.feed, halfway.temperature, "halfway: "
        yield from balances.moles([feed], [halfway], tag=tag)
        yield from balances.energy([feed], [halfway], heat=self.precooling, tag=tag)
        yield f"{tag}pressure", halfway.pressure == feed.pressure
        least = maths.smooth_max(self.temperature, self.water_temperature, WIDTH)
        begin = maths.smooth_min(feed.temperature, least, WIDTH)
        yield f"{tag}temperature", self.refrigerated_from == begin
        yield f"{tag}temperature of the slurry", self.refrigerated_from == T
        crystals, flow = halfway.flow[self.salt], halfway.flow
        rest = saturated_or_bare(self.salt, crystals, flow, T, self.alternative)
        yield f"{tag}saturation", rest == 0

    def limits(self) -> list[Limit]:
        """The solubility is known, and water liquid, between 273 and 373 K, and for ions."""
        return [
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
