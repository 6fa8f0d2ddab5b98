"""Cooling crystalliser whose crystals take up a second salt of the same shape."""

from __future__ import annotations

from noxplant import balances
from noxplant.brine import others
from noxplant.crystallisation import (
    check_salt,
    dangers,
    guest_cations,
    mass_flow,
    molar_mass_of,
    require_ions,
    saturated_or_bare,
    supersaturation_of,
    told,
    true_to_totals,
)
from noxplant.quantities import Heat, Inlet, Outlet, Result, Spec
from noxplant.unit import Equations, Limit, Unit

MIXED = 0.1
"""Largest share of the guest in the crystals (moles) up to which the host's activity may be one."""


class IsomorphousCrystalliser(Unit):
    """A salt crystallises on cooling and takes up a guest that fits its lattice.

    Ammonium takes the place of hydrazinium in the chloride, say. In a stirred crystalliser, where
    crystals grow from the liquor they leave with, the distribution is homogeneous:

        (guest / host) in the crystals = K_D (guest cation / host cation) in the mother liquor

    No wash removes what is in the lattice. The host saturates as in `Recrystalliser`, its activity in
    the crystals one, so the guest may be a tenth of them at most. Liquor that crystals shut in and
    that clings to them comes on top: `WashingFilter`. K_D belongs to the pair and the temperature, is
    required, and must be measured: the notes found none. Not validated.

    Source: L. M. Henderson and F. C. Kracek, J. Am. Chem. Soc. 49 (1927) 738 (homogeneous
    distribution); hydrazine note 3.8.
    """

    feed = Inlet("aqueous", "warm liquor")
    slurry = Outlet("slurry", "mixed crystals in their mother liquor", adds="made")
    temperature = Spec("K", "final temperature", (250.0, 480.0))
    distribution = Spec("1", "guest over host in crystals, over that in the liquor", (0.0, 100.0))
    crystals = Result("mol/s", "crystals of the host", (0.0, None), nominal=1e-2)
    uptake = Result("mol/s", "guest in the crystals", (0.0, None), nominal=1e-4)
    guest_share = Result(
        "mol/mol", "guest in the crystals over both", nominal=1e-2, fixed_within=(0.0, 1.0)
    )
    purity = Result(
        "kg/kg", "host in the dry crystals", nominal=1.0, fixed_within=(0.0, 1.0), open="low"
    )
    supersaturation = Result("1", "molality of the cooled feed over saturation", (0.0, None))
    duty = Heat(
        "W", "heat to the liquor", utility="refrigeration", nominal=1e4, start="feed", end="slurry"
    )

    def __init__(
        self, name: str, *, salt: str, guest: str, utility: str = "refrigeration", **given: float
    ) -> None:
        """Name the crystalliser, host, guest and utility; give temperature and distribution."""
        self.salt, self.guest = check_salt(name, salt), check_salt(name, guest)
        self.cations = guest_cations(name, salt, guest)
        self.made = (self.salt, self.guest)
        super().__init__(name, **given)
        self.choose_utility("duty", utility)

    def warnings(self) -> tuple[str, ...]:
        """Salts that must not be dried; a liquor that stays clear, other salts in excess."""
        beside = others(self.salt, self.slurry)
        return (*told(self.salt, self.supersaturation), *dangers(self.guest), *beside)

    def equations(self) -> Equations:
        """Balances, saturation with the host or no crystals, homogeneous distribution."""
        for salt in self.made:
            require_ions(self.name, salt, self.feed)
        feed, slurry, salt = self.feed, self.slurry, self.salt
        yield from balances.through(feed, slurry, heat=self.duty)
        yield "temperature", slurry.temperature == self.temperature
        yield "crystals", slurry.flow[salt] == self.crystals
        yield "uptake", slurry.flow[self.guest] == self.uptake
        T = slurry.temperature
        yield "saturation", saturated_or_bare(salt, self.crystals, slurry.flow, T) == 0
        host, guest = (slurry.flow[c] for c in self.cations)
        yield "distribution", self.uptake * host == self.distribution * self.crystals * guest
        yield "guest", self.guest_share * (self.crystals + self.uptake) == self.uptake
        mass = self.crystals * molar_mass_of(salt, "solid")
        yield "purity", self.purity * mass_flow(slurry, "solid") == mass
        yield "supersaturation", self.supersaturation == supersaturation_of(salt, feed.flow, T)

    def limits(self) -> list[Limit]:
        """The solubility is known from 273 to 373 K, for ions, and for crystals mostly of the host."""
        return [
            *true_to_totals(self.salt, self.slurry),
            Limit(
                "host in the crystals",
                MIXED - self.guest_share,
                f"more than {MIXED:.0%} of the crystals would be {self.guest}: the solubility of such"
                f" mixed crystals is not known. Remove the guest first, cool less, or purge more of"
                " the mother liquor.",
            ),
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
