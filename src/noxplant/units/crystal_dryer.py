"""Vacuum contact dryer of crystals."""

from __future__ import annotations

from noxplant import balances
from noxplant.brine import bases_stay
from noxplant.constants import WATER_MOLAR_MASS
from noxplant.crystallisation import (
    FALLS_APART,
    NEVER_DRY,
    below_melting,
    check_salt,
    ions,
    mass_flow,
    require_ions,
    saturated_or_bare,
)
from noxplant.errors import ModelError
from noxplant.quantities import Heat, Inlet, Outlet, Result, Spec
from noxplant.species import molar_mass
from noxplant.unit import Equations, Limit, Unit

SOLVENTS = ("acetonitrile", "methanol", "formaldehyde")
DRIED = 1e-3
"""Smallest share of the water of a cake that a dryer is to boil off."""


class CrystalDryer(Unit):
    """Boils the liquor of a filter cake down to a given moisture, under vacuum.

    The salt dissolved in the liquor crystallises as the water leaves; every other solute stays in
    the film of liquor on the crystals (other solids as they are), except acetonitrile, methanol and formaldehyde, which leave
    with the water. So the product is a slurry with very little, saturated liquor, and its purity is
    computed. Bases stay, protonated; a film with free base is refused.

    Source: hydrazine note 3.8. Distance of 20 K to the melting point: note 3.8 (N2H5Cl).
    """

    feed = Inlet("slurry", "wet cake")
    product = Outlet("slurry", "dried crystals with residual moisture", adds="made", drops=SOLVENTS)
    vapour = Outlet("gas", "water vapour and solvents", only="leaving")
    temperature = Spec("K", "temperature of the product", (273.15, 500.0))
    pressure = Spec("Pa", "pressure, absolute", (100.0, 1.1e5))
    moisture = Spec("kg/kg", "water per dried product", (0.0, 0.5))
    purity = Result(
        "kg/kg",
        "mass fraction of the salt, crystals and dried product",
        fixed_within=(0.0, 1.0),
        open="low",
    )
    hydrazine = Result("kg/s", "N2H4 contained in the product", nominal=1e-3, open="low")
    production = Result("kg/s", "dried product", nominal=1e-2, open="low")
    vapour_pressure = Result(
        "Pa", "equilibrium pressure of water over the dried product", nominal=1e4
    )
    duty = Heat(
        "W",
        "heat to the cake",
        utility="low-pressure steam",
        nominal=1e4,
        start="feed",
        end="product",
    )

    def __init__(
        self, name: str, *, salt: str, utility: str = "low-pressure steam", **given: float
    ) -> None:
        """Name the dryer, its salt and utility; give the specs."""
        self.salt = check_salt(name, salt)
        if self.salt in NEVER_DRY:
            raise ModelError(f"{name}: {self.salt} explodes when dry: sell it as a solution.")
        if salt in FALLS_APART:
            raise ModelError(
                f"{name}: {salt} becomes gas before its water boils off under vacuum (at 298 K 8.5 kPa"
                " of NH3, CO2 and water stand over it, 3.2 kPa over water).\n  Dry it in cold air"
                " (AirDryer), or sell it moist."
            )
        self.made = (self.salt, *ions(self.salt))
        super().__init__(name, **given)
        self.choose_utility("duty", utility)

    @property
    def leaving(self) -> tuple[str, ...]:
        """Gas species that leave."""
        held = self.ports["feed"][0].keys.get("aqueous", ())
        return ("H2O", *(s for s in SOLVENTS if s in held))

    def equations(self) -> Equations:
        """Balances, moisture, saturated film, purity."""
        feed, product, vapour, salt = self.feed, self.product, self.vapour, self.salt
        require_ions(self.name, salt, feed)
        yield from balances.moles([feed], self.outlets)
        yield from balances.energy([feed], self.outlets, heat=self.duty)
        yield "temperature", product.temperature == self.temperature
        yield "pressure", product.pressure == self.pressure
        yield from balances.same_state(product, vapour)
        for other in feed.phase_keys("solid"):
            if other != salt:
                yield f"solid {other}", product.flow[other] == feed.flow[other]
        crystals, T = product.flow[salt], product.temperature
        yield "saturated film", saturated_or_bare(salt, crystals, product.flow, T) == 0
        mass = mass_flow(product, "solid") + mass_flow(product, "aqueous")
        yield "production", self.production == mass
        water = product.flow["H2O"] * WATER_MOLAR_MASS
        yield "moisture", water == self.moisture * self.production
        yield "purity", self.purity * self.production == crystals * molar_mass(salt)
        contained = product.content("N(-2)") * molar_mass("N2H4")
        yield "hydrazine", self.hydrazine == contained
        yield "vapour pressure", self.vapour_pressure == product.equilibrium_pressure("H2O")

    def limits(self) -> list[Limit]:
        """There must be water to boil off, it must boil, and the crystals must not melt."""
        wet = self.feed.flow["H2O"]
        out = [
            Limit(
                "water of the cake",
                self.vapour.flow["H2O"] - DRIED * wet,
                f"the cake is as dry as the product is to be: less than {DRIED:g} of its water is left to"
                " boil off. Ask for less moisture, or leave the dryer out.",
            ),
            Limit(
                "drying",
                self.vapour_pressure - self.pressure,
                "the cake does not dry: the vapour pressure over the product is below the pressure"
                " of the dryer ({margin:.4g} Pa). Dry hotter, at a lower pressure, or wetter.",
            ),
        ]
        stay = bases_stay(self.salt, self.product)
        return [*out, *stay, *below_melting(self.salt, self.temperature)]
