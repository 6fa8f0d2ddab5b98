"""Decanter whose droplets settle by Stokes, with a coalescer."""

from __future__ import annotations

from collections.abc import Iterable

from noxplant import maths, settling
from noxplant.maths import value
from noxplant.quantities import Inlet, Outlet, Result, Spec
from noxplant.settling import KETONE
from noxplant.streams.ports import Port
from noxplant.thermo import transport
from noxplant.unit import Equations, Limit, Unit

CREEPING = 1.0
"""Reynolds number up to which a droplet settles after Stokes, within some 15 %."""


class SettlingDecanter(Unit):
    """Benzophenone droplets settle from acid liquor by Stokes over a given area; no heat.

    Beside Decanter, whose entrained fraction is given: here it follows from settling area, droplet
    size, difference of density and viscosity. Of the benzophenone the fraction `dispersed` comes as
    droplets in the liquor, of sizes after Rosin and Rammler, 1 - exp(-(d/d0)^2) by volume (exponent
    2 assumed); a droplet of velocity u over the area A is caught for the fraction u A/Q, so that 1 -
    (1 - e^-s)/s of the droplets pass, s = Q/(A u(d0)). Viscosity is that of water times a factor;
    densities are those of the liquids fed.
    Saturation with salting out, coalescer and hydrazinium as in Decanter. Liquids nearer than 20
    kg/m3 in density are refused: nothing settles. Size and viscosity factor are asked for. Not
    validated: no data of this pair were found.

    Source: hydrazine note 3.6 (rigorous model: entrainment by Stokes).
    """

    liquor = Inlet("aqueous", "acid liquor")
    oil = Inlet("organic", "molten benzophenone")
    aqueous_out = Outlet("aqueous", "liquor behind the coalescer", adds=(KETONE,))
    organic_out = Outlet("organic", "benzophenone returned", adds=(KETONE,))
    coalesced = Outlet("organic", "droplets caught by the coalescer", adds=(KETONE,))
    salting = Spec("kg/mol", "Setschenow constant of benzophenone, decimal logarithm", (0.0, None))
    area = Spec("m2", "settling area", (0.0, None), nominal=1.0, open="low")
    droplet = Spec("m", "size parameter d0 of the droplets", (1e-7, 1e-2))
    dispersed = Spec("1", "benzophenone that comes as droplets in the liquor", (0.0, 1.0))
    relative_viscosity = Spec("1", "viscosity of the liquor over that of water", (0.5, 20.0))
    caught = Spec("1", "fraction of the droplets that the coalescer catches", (0.0, 1.0))
    entrained = Result(
        "1", "fraction of the organic phase dragged along as droplets", (0.0, 1.0), nominal=0.01
    )
    density_difference = Result("kg/m3", "density of the oil less that of the liquor", nominal=30.0)
    settling_velocity = Result("m/s", "velocity of a droplet of size d0", (0.0, None), nominal=1e-4)
    overflow = Result("m/s", "liquor per settling area", (0.0, None), nominal=1e-4)
    reynolds = Result("1", "Reynolds number of a droplet of size d0", (0.0, None), nominal=0.1)
    settling_number = Result("1", "overflow over settling velocity", (0.0, None), nominal=0.1)
    solubility = Result("mol/kg", "benzophenone that the liquor dissolves", nominal=1e-3)
    dissolved = Result("mol/s", "benzophenone dissolved in the liquor", nominal=1e-4)
    returned = Result("1", "fraction of the benzophenone that returns", fixed_within=(0.0, 1.0))

    def closed_outlets(self) -> Iterable[Port]:
        """No droplets leave where none are dispersed or caught."""
        none = self.given.get("dispersed") == 0.0 or self.given.get("caught") == 0.0
        return self.ports["coalesced"] if none else ()

    def equations(self) -> Equations:
        """Phases as in Decanter, droplets by Stokes."""
        yield from settling.phases(self)
        (oil, oil_volume), (liquor, volume) = map(settling.density, (self.oil, self.liquor))
        yield (
            "density difference",
            self.density_difference * oil_volume * volume == oil * volume - liquor * oil_volume,
        )
        thick = transport.water_viscosity(self.liquor.temperature) * self.relative_viscosity
        apart = maths.sqrt(self.density_difference**2 + 1.0)  # either liquid may be the heavier
        velocity = settling.stokes(apart, self.droplet, thick)
        yield "settling velocity", self.settling_velocity == velocity
        moving = self.settling_velocity * self.droplet * liquor
        yield "Reynolds number", self.reynolds * thick * volume == moving
        yield "overflow", self.overflow * self.area == volume
        yield "settling number", self.settling_number * self.settling_velocity == self.overflow
        passed = self.dispersed * settling.escaping(self.settling_number)
        yield "entrained", self.entrained == passed

    def warnings(self) -> tuple[str, ...]:
        """Droplets too large for Stokes, once solved."""
        if self.block is None or not value(self.reynolds) > CREEPING:
            return ()
        return (
            f"a droplet of size d0 has a Reynolds number of {value(self.reynolds):.3g}; beyond"
            f" {CREEPING:g} Stokes overstates how fast it settles, and the entrainment comes out too low.",
        )

    def limits(self) -> list[Limit]:
        """Molten, water, and liquids that differ."""
        apart = value(self.density_difference)
        return [
            *settling.limits(self),
            Limit(
                "difference of density",
                maths.sqrt(self.density_difference**2) - settling.LEAST_DIFFERENCE,
                f"oil and liquor differ by {apart:.3g} kg/m3; below {settling.LEAST_DIFFERENCE:g} kg/m3"
                " nothing settles. Dilute or strengthen the acid, or use a centrifuge or coalescer.",
            ),
        ]
