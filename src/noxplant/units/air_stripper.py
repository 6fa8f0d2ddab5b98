"""Stripper of ammonia with air (or another gas that does not dissolve)."""

from __future__ import annotations

from noxplant import contact
from noxplant.errors import ModelError
from noxplant.quantities import Inlet, Inside, Outlet, Result, Spec
from noxplant.unit import Equations, Limit, Unit


class AirStripper(Unit):
    """Counter-current column that strips ammonia from a liquid with a gas; no heat is added.

    Adiabatic equilibrium stages: water evaporates and cools the liquid, ammonia follows Henry's law
    of its un-ionised part, carbon dioxide of the gas is absorbed and takes alkalinity with it.
    Real trays or packing: give the number of equilibrium stages (height over HTU or efficiency).
    The pressure is that of the gas inlet. Ideal solution, ideal gas; salting-out is neglected.

    Source: MESH equations; ammonia note sections 4 and 5.2.
    """

    liquid = Inlet("aqueous", "liquid to be stripped, enters at the top")
    gas = Inlet("gas", "stripping gas, enters at the bottom")
    liquid_out = Outlet("aqueous", "stripped liquid")
    gas_out = Outlet("gas", "gas with ammonia and water vapour")
    down = Inside("aqueous", "liquid from stage to stage", count="inner")
    up = Inside("gas", "gas from stage to stage", count="inner")
    pressure_drop = Spec("Pa", "pressure drop of the gas", (0.0, None), default=0.0)
    transferred = Result("mol/s", "ammonia passed from liquid to gas", nominal=1e-2)
    removal = Result(
        "1", "part of the liquid's ammonia that is stripped", fixed_within=(0.0, 1.0), open="both"
    )
    carbon_dioxide_absorbed = Result("mol/s", "carbon dioxide absorbed", nominal=1e-3)
    water_evaporated = Result("mol/s", "water passed from liquid to gas", nominal=1e-1)

    def __init__(self, name: str, *, stages: int, pressure_drop: float = 0.0) -> None:
        """Name the stripper, give its equilibrium stages and the gas pressure drop in Pa."""
        self.stages = contact.whole(name, "stages", stages, 1)
        self.inner = self.stages - 1
        super().__init__(name, pressure_drop=pressure_drop)

    def equations(self) -> Equations:
        """Stages from the top, then what was transferred."""
        if contact.AMMONIA not in self.liquid.phase_of:
            raise ModelError(
                f"{self.name}: the liquid brings no ammonia, N(-3), so there is nothing to strip.\n"
                "  Check what is connected to its inlet `liquid`."
            )
        liquids = [self.liquid, *self.down, self.liquid_out]
        gases = [self.gas_out, *self.up, self.gas]
        yield from contact.cascade(liquids, gases, self.gas.pressure, self.pressure_drop)
        fed = self.liquid.flow[contact.AMMONIA]
        yield "ammonia transferred", self.transferred == fed - self.liquid_out.flow[contact.AMMONIA]
        yield (
            "removal",
            contact.ratio(self.removal, self.transferred, fed, self.liquid.total_flow),
        )
        taken = [contact.gas_content(g, "CO2") for g in (self.gas, self.gas_out)]
        yield "carbon dioxide absorbed", self.carbon_dioxide_absorbed == taken[0] - taken[1]
        vapour = [contact.gas_content(g, "H2O") for g in (self.gas_out, self.gas)]
        yield "water evaporated", self.water_evaporated == vapour[0] - vapour[1]

    def limits(self) -> list[Limit]:
        """The liquid must not freeze."""
        return [contact.freezing(s) for s in (*self.down, self.liquid_out)]
