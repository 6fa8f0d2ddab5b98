"""Evaporative crystalliser whose boiling and saturation count activity coefficients."""

from __future__ import annotations

from noxplant import balances, maths
from noxplant.brine import Brine, bare_or, others, water_left
from noxplant.crystallisation import (
    check_salt,
    could_make,
    mass_flow,
    require_ions,
    told,
    true_to_totals,
)
from noxplant.quantities import Heat, Inlet, Outlet, Result, Spec
from noxplant.thermo import water
from noxplant.unit import Equations, Limit, Unit


class ActivityEvaporativeCrystalliser(Unit):
    """Water boils off at a given temperature, and a salt crystallises; Pitzer's activities.

    Saturation as in `ActivityCrystalliser`. The pressure of water is that of pure water times its
    activity by the osmotic coefficient of the liquor: saturated ammonium sulfate boils as if 20 % of the
    water's pressure were gone, by `EvaporativeCrystalliser` 27 %. Other volatile substances have their
    Henry constants without activity coefficients. Pairs of ions without parameters are named and refused;
    `missing="estimate"` takes the mean of their charge type (ammonium with HSO4-, in acid liquors).

    Held to the humidity over saturated (NH4)2SO4, 15 to 40 C: 1 % (CRC Handbook, constant humidity
    solutions, itself 2 %). Above 45 C the coefficients are those of 40 or 45 C: not validated there.

    Source: Pitzer sets of `noxplant.thermo.pitzer`; ammonia note 5.3.
    """

    feed = Inlet("aqueous", "liquor")
    vapour = Outlet("gas", "vapour")
    slurry = Outlet("slurry", "crystals in their mother liquor", adds="made")
    temperature = Spec("K", "boiling temperature", (250.0, 480.0))
    vapour_fraction = Spec("mol/mol", "vapour per liquor fed", (1e-6, 0.99))
    pressure = Result("Pa", "pressure at which the liquor boils", (100.0, 1e6), nominal=1e4)
    water_activity = Result("1", "activity of water in the mother liquor", (0.0, None), nominal=0.8)
    elevation = Result(
        "K", "boiling temperature less that of water at the pressure", (-9.0, 60.0), nominal=5.0
    )
    evaporated = Result("kg/s", "water evaporated", nominal=1e-2)
    crystals = Result("mol/s", "crystals formed", (0.0, None), nominal=1e-2)
    single_pass_yield = Result(
        "1",
        "crystals over what was fed of their first component",
        fixed_within=(0.0, 1.0),
        open="both",
    )
    saturation = Result("1", "ion product of the liquor over saturation, per ion", nominal=1.0)
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
        self,
        name: str,
        *,
        salt: str,
        missing: str = "refuse",
        utility: str = "low-pressure steam",
        **given: float,
    ) -> None:
        """Name the crystalliser, its salt and utility; give the specs.

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

    def _brine(self) -> Brine:
        return Brine(self.name, self.salt, self.slurry, self.missing)

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
        brine, T = self._brine(), self.temperature
        yield from self._boiling(brine)
        yield "crystals", slurry.flow[salt] == self.crystals
        yield "saturation", maths.log(self.saturation) == brine.ln_saturation(T)
        rest = bare_or(salt, self.crystals, slurry.flow["H2O"], T, self.saturation)
        yield "crystals or none", rest == 0
        yield "evaporated", self.evaporated == mass_flow(vapour, "gas")
        yield "yield", self.single_pass_yield * could_make(salt, feed) == self.crystals
        mass = mass_flow(slurry, "solid")
        yield "solids", self.solids * (mass + mass_flow(slurry, "aqueous")) == mass

    def _boiling(self, brine: Brine) -> Equations:
        slurry, vapour, T = self.slurry, self.vapour, self.temperature
        yield "water activity", maths.log(self.water_activity) == brine.ln_water_activity(T)
        total = water.saturation_pressure(T) * self.water_activity
        for j in slurry.volatile():
            if j != "H2O":
                pressure = slurry.equilibrium_pressure(j)
                total = total + pressure
                left = vapour.flow[j] * vapour.pressure
                yield f"equilibrium of {j}", left == pressure * vapour.total_flow
        yield "temperature of boiling", total == slurry.pressure
        boils = water.ln_saturation_pressure(T - self.elevation)
        yield "elevation", boils == maths.log(slurry.pressure)

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
