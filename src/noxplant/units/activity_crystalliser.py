"""Cooling crystalliser whose common-ion effect counts activity coefficients."""

from __future__ import annotations

from noxplant import balances, maths
from noxplant.brine import Brine, bare_or, others
from noxplant.crystallisation import (
    check_salt,
    could_make,
    mass_flow,
    require_ions,
    told,
    true_to_totals,
)
from noxplant.quantities import Heat, Inlet, Outlet, Result, Spec
from noxplant.unit import Equations, Limit, Unit


class ActivityCrystalliser(Unit):
    """A salt crystallises on cooling; other ions salt it out or in by Pitzer's model.

    The product of the ions' activities in the mother liquor is that of the salt's saturated solution
    in water (`noxplant.thermo.saturation.Product`), so in pure water the yield is that of
    `Recrystalliser`, and beside other ions it is not the common ion alone that counts: ammonium
    nitrate takes less ammonium sulfate out of solution than the product of molalities says, hydrochloric
    acid more ammonium chloride. Beyond the range of Pitzer's sets the coefficients are held at the
    limit. Totals become ions by the ideal speciation of the stream. Pairs of ions without parameters
    are named and refused; `missing="estimate"` takes the mean of their charge type. Hydrazinium has none.

    Held to the solubility of KNO3 beside KH2PO4 at 25 C (J. Chem. 2018, 8749345): 2.6 % at most, of
    which 2 % are the solubility in water; the product of molalities is 4.3 % off.

    Source: Pitzer sets of `noxplant.thermo.pitzer`; solubilities of `noxplant.thermo.solid`.
    """

    feed = Inlet("aqueous", "warm liquor")
    slurry = Outlet("slurry", "crystals in their mother liquor", adds="made")
    temperature = Spec("K", "final temperature", (250.0, 480.0))
    crystals = Result("mol/s", "crystals formed", (0.0, None), nominal=1e-2)
    single_pass_yield = Result(
        "1",
        "crystals over what was fed of their first component",
        fixed_within=(0.0, 1.0),
        open="both",
    )
    saturation = Result("1", "ion product of the liquor over saturation, per ion", nominal=1.0)
    ideal_saturation = Result("1", "the same by molalities, without activities", nominal=1.0)
    solids = Result(
        "kg/kg",
        "mass fraction of crystals in the slurry",
        nominal=0.1,
        fixed_within=(0.0, 1.0),
        open="both",
    )
    duty = Heat(
        "W", "heat to the liquor", utility="refrigeration", nominal=1e4, start="feed", end="slurry"
    )

    def __init__(
        self,
        name: str,
        *,
        salt: str,
        missing: str = "refuse",
        utility: str = "refrigeration",
        **given: float,
    ) -> None:
        """Name the crystalliser, its salt and utility; give the temperature.

        `missing` says what to do about pairs of ions without parameters: "refuse" or "estimate".
        """
        self.salt, self.missing = check_salt(name, salt), missing
        self.made = (self.salt,)
        super().__init__(name, **given)
        self.choose_utility("duty", utility)

    def warnings(self) -> tuple[str, ...]:
        """Salts that must not be dried, a clear liquor, other salts in excess, the activities."""
        beside = others(self.salt, self.slurry)
        return (*told(self.salt, self.saturation), *beside, self._brine().product.statement)

    def equations(self) -> Equations:
        """Balances, saturation by activities or no crystals, figures of merit."""
        require_ions(self.name, self.salt, self.feed)
        feed, slurry, salt = self.feed, self.slurry, self.salt
        yield from balances.through(feed, slurry, heat=self.duty)
        yield "temperature", slurry.temperature == self.temperature
        yield "crystals", slurry.flow[salt] == self.crystals
        yield from self._saturation()
        yield "yield", self.single_pass_yield * could_make(salt, feed) == self.crystals
        mass = mass_flow(slurry, "solid")
        yield "solids", self.solids * (mass + mass_flow(slurry, "aqueous")) == mass

    def _saturation(self) -> Equations:
        brine, T = self._brine(), self.temperature
        yield "saturation", maths.log(self.saturation) == brine.ln_saturation(T)
        yield "ideal saturation", maths.log(self.ideal_saturation) == brine.ln_saturation(T, True)
        rest = bare_or(self.salt, self.crystals, self.slurry.flow["H2O"], T, self.saturation)
        yield "crystals or none", rest == 0

    def _brine(self) -> Brine:
        return Brine(self.name, self.salt, self.slurry, self.missing)

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
