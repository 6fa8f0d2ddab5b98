"""Decanter of molten benzophenone and acid liquor, with a coalescer."""

from __future__ import annotations

from collections.abc import Iterable

from noxplant import settling
from noxplant.quantities import Inlet, Outlet, Result, Spec
from noxplant.settling import KETONE
from noxplant.streams.ports import Port
from noxplant.unit import Equations, Limit, Unit


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
        yield from settling.phases(self)

    def limits(self) -> list[Limit]:
        """Benzophenone must be molten, the liquor must be water."""
        return settling.limits(self)
