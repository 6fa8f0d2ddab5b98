"""Decanter of molten benzophenone and acid liquor, with a coalescer."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from noxplant import balances
from noxplant.constants import WATER_MOLAR_MASS
from noxplant.crystallisation import benzophenone_in_water, ionic_strength, up_to
from noxplant.quantities import Inlet, Outlet, Result, Spec
from noxplant.streams.ports import Port
from noxplant.unit import Equations, Limit, Unit

KETONE = "benzophenone"
FREEZING = 321.65
"""K: melting point of benzophenone, 321.15 K, with its uncertainty of 0.5 K (`species/data/melting.toml`)."""


class Decanter(Unit):
    """Molten benzophenone settles from the acid liquor; a coalescer catches droplets. No heat.

    The liquor leaves saturated with benzophenone, S(T) 10^(-ks I) with the ionic strength I of true
    species, and drags the fraction `entrained` of the organic phase along as droplets. The
    coalescer takes the fraction `caught` of the droplets; other droplets stay in the liquor as
    benzophenone. Azine in droplets is always caught: no aqueous stream can carry it. Hydrazinium
    and salts do not dissolve in benzophenone.

    Source: hydrazine note 3.6 (solubility 0.137 g/L at 298 K, about four times that at 360 K).
    """

    liquor = Inlet("aqueous", "acid liquor")
    oil = Inlet("organic", "molten benzophenone")
    aqueous_out = Outlet("aqueous", "liquor behind the coalescer", adds=(KETONE,))
    organic_out = Outlet("organic", "benzophenone returned", adds=(KETONE,))
    coalesced = Outlet("organic", "droplets caught by the coalescer", adds=(KETONE,))
    salting = Spec("kg/mol", "Setschenow constant of benzophenone, decimal logarithm", (0.0, None))
    entrained = Spec("1", "fraction of the organic phase dragged along as droplets", (0.0, 1.0))
    caught = Spec("1", "fraction of the droplets that the coalescer catches", (0.0, 1.0))
    solubility = Result("mol/kg", "benzophenone that the liquor dissolves", nominal=1e-3)
    dissolved = Result("mol/s", "benzophenone dissolved in the liquor", nominal=1e-4)
    returned = Result("1", "fraction of the benzophenone that returns", fixed_within=(0.0, 1.0))

    def closed_outlets(self) -> Iterable[Port]:
        """No droplets leave where none are entrained or caught."""
        none = self.given.get("entrained") == 0.0 or self.given.get("caught") == 0.0
        return self.ports["coalesced"] if none else ()

    def equations(self) -> Equations:
        """Saturation, droplets, one temperature."""
        brought = self.liquor.content(KETONE) + self.oil.content(KETONE)
        strength = ionic_strength(self.aqueous_out)
        soluble = benzophenone_in_water(self.aqueous_out.temperature, strength, self.salting)
        yield "solubility", self.solubility == soluble
        capacity = self.solubility * self.aqueous_out.flow["H2O"] * WATER_MOLAR_MASS
        yield "dissolved", self.dissolved == up_to(brought, capacity)
        for k in self.aqueous_out.phase_keys("aqueous"):
            if k != KETONE:
                yield f"flow of {k}", self.aqueous_out.flow[k] == self.liquor.flow[k]
        uncaught = (1 - self.caught) * self.entrained * (brought - self.dissolved)
        yield (
            "benzophenone in the liquor",
            self.aqueous_out.flow[KETONE] == self.dissolved + uncaught,
        )
        for k in self.organic_out.phase_keys("organic"):
            oil = brought - self.dissolved if k == KETONE else self.oil.flow[k]
            drops = self.caught * self.entrained * oil if k == KETONE else self.entrained * oil
            yield f"{k} returned", self.organic_out.flow[k] == (1 - self.entrained) * oil
            yield f"{k} coalesced", self.coalesced.flow[k] == drops
        yield "returned", self.returned * brought == self.organic_out.flow[KETONE]
        yield from balances.energy(self.inlets, self.outlets)
        for port in (self.organic_out, self.coalesced):
            yield from balances.same_state(self.aqueous_out, port)
        yield from balances.pressure(self.liquor, self.aqueous_out)

    def limits(self) -> list[Limit]:
        """Benzophenone must be molten."""
        margin: Any = self.aqueous_out.temperature - FREEZING
        return [
            Limit(
                "melting",
                margin,
                f"benzophenone solidifies below {FREEZING:g} K ({{margin:.3g}} K above it). Feed hotter liquor,"
                " or filter it off as a solid.",
            )
        ]
