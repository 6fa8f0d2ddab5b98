"""Imine reactor with the rate of the condensation, forward and back."""

from __future__ import annotations

from typing import Any

from noxplant import azine, balances, contact
from noxplant.errors import ModelError
from noxplant.maths import value
from noxplant.quantities import Heat, Inlet, Inside, Outlet, Result, Spec
from noxplant.species import Reaction
from noxplant.unit import Equations, Limit, Unit

REACTION = Reaction.parse(azine.CONDENSATION)


class KineticImineReactor(Unit):
    """benzophenone + NH3 -> imine + H2O at a rate, k (c_ketone c_NH3 - c_imine c_water/K), in tanks.

    Beside ImineReactor, which is at equilibrium: here stirred tanks in series of equal volume at one
    temperature come as near it as volume and rate constant let them; `approach` is the reaction
    quotient over the constant, one at equilibrium. One tank is a stirred vessel, many are plug flow.
    The forward rate constant is asked for at the reactor's temperature: none is known. The paper's
    own barriers (39 and 44 kcal/mol) give below 1e-16 1/s at 298 K, its yield needs ten times
    the constant of the coupling (1.2e-4 1/s over 0.1 mol/L: 1e-5 m3/mol/s), so something
    catalyses. Not validated: no rate of this condensation was found.

    Source: physics note of the hydrazine route, 3.2 (rate law) and 1.4 c (barriers).
    """

    converts = ("benzophenone", "N(-3)")

    solvent = Inlet("organic", "solvent with ammonia")
    ketone = Inlet("organic", "benzophenone")
    out = Outlet("organic", "solvent with imine and water", adds=("benzophenone imine", "H2O"))
    tank = Inside(
        "organic", "liquid of each tank", count="tanks", adds=("benzophenone imine", "H2O")
    )
    temperature = Spec("K", "temperature of all tanks", (253.15, 353.15))
    equilibrium_constant = Spec(
        "1", "equilibrium constant of the condensation at 298.15 K", (1e-9, 1e12)
    )
    rate_constant = Spec(
        "m3/mol/s", "forward rate constant at the temperature given", (0.0, None), open="low"
    )
    volume = Spec("m3", "liquid in all tanks", (0.0, None), nominal=1.0, open="low")
    extent = Result("mol/s", "imine formed", nominal=0.01)
    formed = Result("mol/s", "imine formed in each tank", nominal=0.01, over="tank_names")
    residence_time = Result("s", "liquid in all tanks per volume flow out", nominal=1e3, open="low")
    approach = Result("1", "reaction quotient over equilibrium constant", (0.0, None))
    ratio = Result("mol/mol", "(benzophenone + imine) per (ammonia + imine)", (0.0, None))
    imine_fraction = Result("mol/mol", "imine per (ammonia + imine)", (0.0, 1.0))
    nitrogen_concentration = Result("mol/m3", "ammonia + imine in the outlet", nominal=100.0)
    water_concentration = Result("mol/m3", "water in the outlet", nominal=100.0)
    duty = Heat(
        "W", "heat to hold the temperature", nominal=1e4, start="temperature", end="temperature"
    )

    def __init__(
        self, name: str, *, tanks: int = 1, utility: str = "cooling water", **given: float
    ) -> None:
        """Name the reactor; number of tanks, utility and all specifications, SI."""
        if isinstance(tanks, bool) or not isinstance(tanks, int) or tanks < 1:
            raise ModelError(f"KineticImineReactor {name!r}: tanks = {tanks!r}; give 1, 2, 3, ...")
        self.tanks = tanks
        self.tank_names = tuple(str(n + 1) for n in range(tanks))
        super().__init__(name, **given)
        self.choose_utility("duty", utility)

    def equations(self) -> Equations:
        """Tanks one after the other, first law of all, figures of the last."""
        for key in ("NH3", "benzophenone"):
            if key not in self.out.flow:
                raise ModelError(
                    f"{self.name}: no {key} reaches the imine reactor.\n"
                    "  Connect a solvent with NH3 to 'solvent' and benzophenone to 'ketone'."
                )
        before: list[Any] = self.inlets
        for name, tank in zip(self.tank_names, self.tank, strict=True):
            yield from self._tank(name, before, tank)
            before = [tank]
        last = self.tank[-1]
        for key in last.flow:
            yield f"outlet of {key}", self.out.flow[key] == last.flow[key]
        yield from balances.same_state(last, self.out)
        yield from balances.energy(self.inlets, [self.out], heat=self.duty)
        yield from self._figures()

    def _tank(self, name: str, before: list[Any], tank: Any) -> Equations:
        tag, n = f"tank {name}: ", tank.flow
        made = balances.conversion(REACTION, self.formed[name])
        yield from balances.moles(before, [tank], made, tag=tag)
        constant = azine.equilibrium_constant(self.equilibrium_constant, self.temperature)
        held = (n["benzophenone"], n["NH3"], n["benzophenone imine"], n["H2O"])
        rate = azine.condensation_rate(self.rate_constant, constant, *held)
        flow, size = tank.volume_flow, self.volume / self.tanks
        yield f"{tag}rate", self.formed[name] * flow * flow == size * rate
        yield f"{tag}temperature", tank.temperature == self.temperature
        yield from balances.pressure(self.solvent, tank, tag=tag)

    def _figures(self) -> Equations:
        n, volume = self.out.flow, self.out.volume_flow
        imine, ammonia, ketone = n["benzophenone imine"], n["NH3"], n["benzophenone"]
        nitrogen = ammonia + imine
        constant = azine.equilibrium_constant(self.equilibrium_constant, self.temperature)
        yield "extent", self.extent == sum(self.formed[k] for k in self.tank_names)
        yield "residence time", self.residence_time * volume == self.volume
        yield "approach", imine * n["H2O"] == self.approach * constant * ammonia * ketone
        yield "ratio", self.ratio * nitrogen == ketone + imine
        yield "imine fraction", self.imine_fraction * nitrogen == imine
        yield "ammonia concentration", self.nitrogen_concentration * volume == nitrogen
        yield "water concentration", self.water_concentration * volume == n["H2O"]

    def limits(self) -> list[Limit]:
        """No pressure for nothing; imine is not hydrolysed on the way."""
        return [
            *contact.no_free_rise(self.name, [self.ketone], self.out),
            Limit(
                "imine formed",
                self.extent,
                "the feed holds more imine and water than the equilibrium allows: the reactor would"
                f" hydrolyse {abs(value(self.extent)):.3g} mol/s of imine. Dry the solvent.",
            ),
        ]
