"""Acid hydrolysis of azine with its equilibrium, tank by tank."""

from __future__ import annotations

from typing import Any

from noxplant import balances, hydrolysis, maths
from noxplant.errors import ModelError
from noxplant.hydrolysis import AZINE, KETONE, REACTION
from noxplant.maths import value
from noxplant.quantities import Heat, Inlet, Inside, Outlet, Result, Spec
from noxplant.species import molar_mass
from noxplant.unit import Equations, Limit, Unit

LN10 = 2.302585092994046
FREE = 0.01
"""Free hydrazine per hydrazine from which the solution warns."""


class ReversibleHydrolyser(Unit):
    """azine + 2 H2O = 2 benzophenone + N2H4, acid-catalysed, forward and back, in tanks.

    Beside Hydrolyser, whose azine reacts to the end at a constant rate: here the rate falls with the
    acid, k 10^-pH, and with the distance from equilibrium, 1 - Q/K, Q = x_ketone^2 m(N2H4)/(x_azine
    a_w^2) of free N2H4, which acid takes away as N2H5+: conversion goes up to that of K 10^(pKa1 -
    pH), and short acid leaves azine and free base instead of a refusal. Azine dissolves in the
    molten benzophenone, an ideal mixture (a melt that holds more than its ideal solubility, some
    0.26 mol/mol at 90 degC, is warned of); the hydrazone between does not build up; activities in
    water are molalities. Rate constant and equilibrium constant are asked for, at the temperature
    of the tanks: neither is published, K is estimated at 10^(-2 +- 3.5) mol/kg. Not validated. Acetonitrile and methanol
    stay in the water unchanged, as in Hydrolyser.

    Source: hydrazine note 3.5 (rigorous model).
    """

    converts = (AZINE,)
    cake = Inlet("slurry", "azine cake with aqueous liquor")
    acid = Inlet("aqueous", "acid feed")
    recycle = Inlet("aqueous", "acid liquors returned", count="recycle_count")
    aqueous_out = Outlet("aqueous", "acid hydrazinium liquor", adds=("N(-2)",), drops=(KETONE,))
    organic_out = Outlet("organic", "molten benzophenone with azine left", only=(KETONE, AZINE))
    liquor = Inside(
        "aqueous", "liquor of each tank", count="vessels", adds=("N(-2)",), drops=(KETONE,)
    )
    oil = Inside(
        "organic", "molten benzophenone of each tank", count="vessels", only=(KETONE, AZINE)
    )
    rate_constant = Spec(
        "1/s", "rate constant at unit activity of H+ (pH 0), at the tanks' temperature", (0.0, None)
    )
    equilibrium_constant = Spec(
        "mol/kg", "equilibrium constant with free N2H4, at the tanks' temperature", (1e-12, 1e12)
    )
    residence_time = Spec("s", "residence time in all tanks", (0.0, None))
    temperature = Spec("K", "temperature of all tanks", (273.15, 480.0))
    conversion = Result(
        "1",
        "fraction of the azine that is hydrolysed",
        nominal=1.0,
        fixed_within=(0.0, 1.0),
        open="high",
    )
    extent = Result("mol/s", "azine hydrolysed", nominal=1e-2)
    reacted = Result("mol/s", "azine hydrolysed in each tank", nominal=1e-2, over="vessel_names")
    approach = Result("1", "reaction quotient over equilibrium constant", (0.0, None))
    ph = Result("1", "pH of the liquor", (-5.0, 20.0))
    free_base = Result("mol/mol", "free N2H4 per hydrazine in the liquor", (0.0, None))
    acid_left = Result(
        "mol/s", "acid equivalents beyond one per hydrazine and ammonia", nominal=1e-2
    )
    acid_ratio = Result("mol/mol", "acid equivalents per hydrazine and ammonia in the liquor")
    hydrazine = Result("kg/s", "N2H4 contained in the liquor", nominal=1e-3, open="low")
    duty = Heat("W", "heat to the tanks", nominal=1e4, start="cake", end="aqueous_out")

    def __init__(
        self,
        name: str,
        *,
        tanks: float,
        recycles: int = 0,
        utility: str = "low-pressure steam",
        **given: float,
    ) -> None:
        """Name the hydrolyser, give the numbers of tanks and returned liquors, the utility, the specs."""
        if isinstance(tanks, bool) or tanks < 1 or int(tanks) != tanks:
            raise ModelError(f"ReversibleHydrolyser {name!r}: tanks = {tanks!r}; give 1, 2, 3, ...")
        self.vessels, self.recycle_count = int(tanks), recycles
        self.vessel_names = tuple(str(n + 1) for n in range(self.vessels))
        super().__init__(name, **given)
        self.choose_utility("duty", utility)

    def equations(self) -> Equations:
        """Tanks one after the other, outlets, first law of all, figures."""
        hydrolysis.refuse_what_explodes(self.name, self.inlets)
        before: list[Any] = self.inlets
        for name, liquor, oil in zip(self.vessel_names, self.liquor, self.oil, strict=True):
            yield from self._tank(name, before, liquor, oil)
            before = [liquor, oil]
        for last, out in zip(before, (self.aqueous_out, self.organic_out), strict=True):
            for key in out.flow:
                yield f"{out.name} of {key}", out.flow[key] == last.flow[key]
            yield from balances.same_state(last, out)
        yield from balances.energy(self.inlets, self.outlets, heat=self.duty)
        yield from self._figures()

    def _tank(self, name: str, before: list[Any], liquor: Any, oil: Any) -> Equations:
        tag = f"tank {name}: "
        made = balances.conversion(REACTION, self.reacted[name])
        yield from balances.moles(before, [liquor, oil], made, tag=tag)
        rate = self.rate_constant * maths.exp(-LN10 * liquor.ph)
        net = hydrolysis.net_rate(rate, self.equilibrium_constant, *activities(liquor, oil))
        yield f"{tag}rate", self.reacted[name] * self.vessels == self.residence_time * net
        yield f"{tag}temperature", liquor.temperature == self.temperature
        yield from balances.pressure(self.cake, liquor, tag=tag)
        yield from balances.same_state(liquor, oil, tag)

    def _figures(self) -> Equations:
        out, last = self.aqueous_out, (self.liquor[-1], self.oil[-1])
        yield "extent", self.extent == sum(self.reacted[n] for n in self.vessel_names)
        yield "conversion", self.conversion * self.cake.content(AZINE) == self.extent
        azine, ketone, base, water = activities(*last)
        left = self.approach * self.equilibrium_constant * water * water * azine
        yield "approach", left * (azine + ketone) == ketone * ketone * base
        yield "pH", self.ph == last[0].ph
        yield "free base", self.free_base * out.content("N(-2)") == last[0].true["N2H4"]
        bases, acid = out.content("N(-2)") + out.content("N(-3)"), hydrolysis.protons(out)
        yield "acid left", self.acid_left == acid - bases
        yield "acid ratio", self.acid_ratio * bases == acid
        yield "hydrazine", self.hydrazine == molar_mass("N2H4") * out.content("N(-2)")

    def warnings(self) -> tuple[str, ...]:
        """Free hydrazine in the liquor, azine not dissolved, what hot acid destroys, once solved."""
        if self.block is None:
            return ()
        found = (*hydrolysis.carried(self.cake), *hydrolysis.undissolved(self.oil))
        if not value(self.free_base) > FREE:
            return found
        return (
            *found,
            f"{100 * value(self.free_base):.3g} % of the hydrazine in the liquor is free base (pH"
            f" {value(self.ph):.3g}, acid per base {value(self.acid_ratio):.3g}): it is volatile and"
            " toxic, and the hydrolysis stops short. Feed at least one equivalent of acid.",
        )

    def limits(self) -> list[Limit]:
        """Melting point of benzophenone, boiling, no pressure for nothing."""
        return hydrolysis.vessel(self)


def activities(liquor: Any, oil: Any) -> tuple[Any, Any, Any, Any]:
    """(azine, benzophenone) in mol/s, (free N2H4) in mol/kg and the activity of water."""
    water = maths.exp(liquor.truth.ln_water_activity())
    return oil.flow[AZINE], oil.flow[KETONE], liquor.molality("N2H4"), water
