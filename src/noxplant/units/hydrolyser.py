"""Acid hydrolysis of azine to hydrazinium and molten benzophenone."""

from __future__ import annotations

from noxplant import balances, hydrolysis, maths
from noxplant.hydrolysis import AZINE, KETONE, REACTION
from noxplant.quantities import Heat, Inlet, Outlet, Result, Spec
from noxplant.species import molar_mass
from noxplant.unit import Equations, Limit, Unit


class Hydrolyser(Unit):
    """Azine cake and acid become an acid hydrazinium liquor and molten benzophenone.

    azine + 2 H2O -> 2 benzophenone + N2H4, first order in azine, in N stirred tanks in series:
    X = 1 - (1 + k tau / N)^-N. Azine that is left dissolves in the benzophenone; all benzophenone
    leaves there (the decanter says what dissolves and what is entrained). Acetonitrile and methanol
    stay in the water unchanged: their hydrolysis to acetic acid and esters is not modelled. The
    acid must protonate all hydrazine and ammonia once, else the hydrolysis does not go to the end.
    The tanks have the cake's pressure; a liquor that comes lower is refused.

    Source: hydrazine note 3.5; melting point in `species/data/melting.toml`; rate constant given.
    """

    converts = (AZINE,)
    cake = Inlet("slurry", "azine cake with aqueous liquor")
    acid = Inlet("aqueous", "acid feed")
    recycle = Inlet("aqueous", "acid liquors returned", count="recycle_count")
    aqueous_out = Outlet("aqueous", "acid hydrazinium liquor", adds=("N(-2)",), drops=(KETONE,))
    organic_out = Outlet("organic", "molten benzophenone with azine left", only=(KETONE, AZINE))
    rate_constant = Spec("1/s", "first-order rate constant at the temperature given", (0.0, None))
    residence_time = Spec("s", "residence time in all tanks", (0.0, None))
    tanks = Spec("1", "number of tanks in series", (1.0, None), whole=True)
    temperature = Spec("K", "temperature of all tanks", (273.15, 480.0))
    conversion = Result(
        "1",
        "fraction of the azine that is hydrolysed",
        nominal=1.0,
        fixed_within=(0.0, 1.0),
        open="high",
    )
    extent = Result("mol/s", "azine hydrolysed", nominal=1e-2)
    acid_left = Result(
        "mol/s", "acid equivalents beyond one per hydrazine and ammonia", nominal=1e-2
    )
    acid_ratio = Result("mol/mol", "acid equivalents per hydrazine and ammonia in the liquor")
    hydrazine = Result("kg/s", "N2H4 contained in the liquor", nominal=1e-3, open="low")
    duty = Heat("W", "heat to the tanks", nominal=1e4, start="cake", end="aqueous_out")

    def __init__(
        self, name: str, *, recycles: int = 0, utility: str = "low-pressure steam", **given: float
    ) -> None:
        """Name the hydrolyser, give the number of returned liquors, the utility and the specs."""
        self.recycle_count = recycles
        super().__init__(name, **given)
        self.choose_utility("duty", utility)

    def equations(self) -> Equations:
        """Conversion, balances, acid left."""
        hydrolysis.refuse_what_explodes(self.name, self.inlets)
        fed = self.cake.content(AZINE)
        tanks, k_tau = self.tanks, self.rate_constant * self.residence_time
        left = maths.exp(-tanks * maths.log(1 + k_tau / tanks))
        yield "conversion", self.conversion == 1 - left
        yield "extent", self.extent == self.conversion * fed
        made = balances.conversion(REACTION, self.extent)
        yield from balances.moles(self.inlets, self.outlets, made)
        yield from balances.energy(self.inlets, self.outlets, heat=self.duty)
        yield "temperature", self.aqueous_out.temperature == self.temperature
        yield from balances.same_state(self.aqueous_out, self.organic_out)
        yield from balances.pressure(self.cake, self.aqueous_out)
        bases = self.aqueous_out.content("N(-2)") + self.aqueous_out.content("N(-3)")
        acid = hydrolysis.protons(self.aqueous_out)
        yield "acid left", self.acid_left == acid - bases
        yield "acid ratio", self.acid_ratio * bases == acid
        grams = molar_mass("N2H4") * self.aqueous_out.content("N(-2)")
        yield "hydrazine", self.hydrazine == grams

    def warnings(self) -> tuple[str, ...]:
        """Salt and solvent that hot acid destroys, once solved."""
        return () if self.block is None else hydrolysis.carried(self.cake)

    def limits(self) -> list[Limit]:
        """Acid for all bases, melting point of benzophenone, boiling, no pressure for nothing."""
        return [hydrolysis.exhausted(self), *hydrolysis.vessel(self)]
