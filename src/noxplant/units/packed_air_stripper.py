"""Packed stripper of ammonia with air: height, section, pressure drop and flooding."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from noxplant import contact, rate
from noxplant import flooding as hydraulic
from noxplant import packing as packings
from noxplant.errors import ModelError
from noxplant.quantities import Inlet, Inside, Outlet, Result, Spec
from noxplant.unit import Equations, Limit, Unit

FREE: Final = 0.01
"""Part of free ammonia below which the stripper warns (ammonia note 5.2)."""
STEAMY: Final = 0.3
"""Mole fraction of vapour above which it warns that the gas film is that of dry air: a choice."""


class PackedAirStripper(Unit):
    """Counter-current packed column that strips ammonia with a gas, at finite rates; adiabatic.

    As `AirStripper`, with the packed height and the section in place of equilibrium stages: two-film
    theory with Onda's coefficients in each cell, heat and water by the Lewis relation, CO2 of the air
    with its reactions with hydroxide and ammonia, pH and temperature along the column; pressure drop by Robbins,
    flooding where it reaches that of Kister and Gill. The vapour that leaves a hot liquor drifts through
    the gas film and carries ammonia along (Stefan). The film coefficients are those of water with
    the given viscosity and of dry air; stated errors: area and films 20 to 30 % (Onda), pressure drop
    and flooding some 20 %. The cells are short at both ends of the bed (`depth`); with 20
    of them the ammonia left is within 0.5 % in a liquor of 80 C and 2 % in one of 90 C. Size by exchange, e.g. ``plant.exchange("C-101.flooding[bottom]", 0.7,
    freed="C-101.section")`` and ``plant.exchange("C-101.removal", 0.95, freed="C-101.height")``. One
    column's diameter is sqrt(4 section/pi).

    Not validated against a measured column: the notes hold none with all its data. Source: ammonia note
    5.2; `noxplant.rate`, `noxplant.packing`.
    """

    liquid = Inlet("aqueous", "liquid to be stripped, enters at the top")
    gas = Inlet("gas", "stripping gas, enters at the bottom")
    liquid_out = Outlet("aqueous", "stripped liquid")
    gas_out = Outlet("gas", "gas with ammonia and water vapour")
    down = Inside("aqueous", "liquid from cell to cell", count="inner")
    up = Inside("gas", "gas from cell to cell", count="inner")

    height = Spec("m", "packed height", (1e-3, 50.0), nominal=3.0)
    section = Spec("m2", "cross-section of the packing", (0.0, None), nominal=1e-2, open="low")
    relative_viscosity = Spec(
        "1", "viscosity of the liquid over that of water at its temperature", (0.5, 20.0)
    )
    transferred = Result("mol/s", "ammonia passed from liquid to gas", nominal=1e-2)
    removal = Result(
        "1", "part of the liquid's ammonia that is stripped", fixed_within=(0.0, 1.0), open="both"
    )
    carbon_dioxide_absorbed = Result("mol/s", "carbon dioxide absorbed", nominal=1e-3)
    water_evaporated = Result("mol/s", "water passed from liquid to gas", nominal=1e-1)
    transfer_units = Result("1", "overall gas-side transfer units of ammonia", nominal=5.0)
    transfer_height = Result("m", "height of an overall gas-side transfer unit", nominal=0.6)
    liquid_flux = Result("kg/s/m2", "liquid per section", (1e-6, None), nominal=3.0)
    gas_flux = Result("kg/s/m2", "gas per section, mean of both ends", (1e-6, None), nominal=1.0)
    liquid_density = Result("kg/m3", "density of the liquid fed", (500.0, 2000.0), nominal=1e3)
    flooding = Result("1", "gas flux over that which floods", (1e-6, 1e3), nominal=0.5, over="ends")
    pressure_drop = Result("Pa", "pressure drop of the gas", nominal=500.0)
    flux = Result(
        "mol/s/m2", "vapour from liquid to gas per surface of the dry packing", nominal=1e-3,
        over="passages",
    )  # fmt: skip
    wetted = Result(
        "1", "wetted part of the packing's surface", (1e-6, 1.0), nominal=0.5, over="points"
    )
    film_units = Result(
        "1", "gas-film transfer units of water, were all the bed as the level", (1e-6, None),
        nominal=3.0, over="points",
    )  # fmt: skip
    ammonia_units = Result(
        "1", "overall transfer units of ammonia, were all the bed as the level", (1e-6, None),
        nominal=3.0, over="points",
    )  # fmt: skip
    heat_flux = Result(
        "W/m2", "energy from liquid to gas per surface of the dry packing", nominal=1e2,
        over="points",
    )  # fmt: skip
    depth = Result("m", "depth of the lower end below the top", nominal=2.0, over="levels")
    liquid_temperature = Result(
        "K", "temperature of the liquid leaving", nominal=310.0, over="levels"
    )
    ph = Result("1", "-log10 of the molality of H+ leaving", nominal=10.0, over="levels")
    ends = hydraulic.ENDS

    def __init__(self, name: str, *, packing: str, cells: int = 20, **given: float) -> None:
        """Name the stripper, choose the packing (`noxplant.packing.names()`) and the cells."""
        self.cells = rate.even(name, cells)
        self.inner = self.cells - 1
        self.levels = tuple(f"cell {n + 1}" for n in range(self.cells))
        self.packing = packings.packing(packing, name)
        self.points = ("top", *self.levels)
        super().__init__(name, **given)

    def _bed(self) -> packings.Bed:
        return packings.Bed(
            self.packing, self.section, self.height, self.cells, self.relative_viscosity,
            self.liquid_flux, self.gas_flux, self.liquid_density,
        )  # fmt: skip

    def _columns(self) -> tuple[list[Any], list[Any]]:
        return [self.liquid, *self.down, self.liquid_out], [self.gas_out, *self.up, self.gas]

    @property
    def passages(self) -> tuple[str, ...]:
        """Index of the fluxes: vapours at the levels."""
        return tuple(f"{j}, {p}" for p in self.points for j in rate.vapours(self))

    def equations(self) -> Equations:
        """Cells from the top, hydraulics, then what was transferred."""
        if contact.AMMONIA not in self.liquid.phase_of:
            raise ModelError(
                f"{self.name}: the liquid brings no ammonia, N(-3), so there is nothing to strip.\n"
                "  Check what is connected to its inlet `liquid`."
            )
        bed, (liquids, gases) = self._bed(), self._columns()
        rate.check_volatile(self.name, liquids, gases)
        yield from rate.levels(self, bed, liquids, gases)
        for n, c in enumerate(rate.cells(self, bed, liquids, gases)):
            yield from rate.balance(c, f"cell {n + 1}: ")
        yield from rate.pressures(liquids, gases, self.pressure_drop)
        yield from hydraulic.hydraulics(self, bed, liquids, gases)
        yield from rate.profile(self, bed, liquids)
        yield "transfer units", self.transfer_units == rate.mean(self, bed, self.ammonia_units)
        yield "transfer height", self.transfer_height * self.transfer_units == self.height
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

    def warnings(self) -> Iterator[str]:
        """Ammonia that is nearly all ammonium, gas that is half vapour, pressure."""
        true, total = self.liquid.true, self.liquid.flow[contact.AMMONIA]
        share = contact.at(true["NH3"]) / max(contact.at(total), 1e-300)
        if share < FREE:
            yield (
                f"{share:.2g} of the liquid's ammonia is free NH3 at p_H"
                f" {contact.at(self.liquid.ph):.3g}; the rest, ammonium, does not leave. Add alkali."
            )
        moist = [contact.gas_content(g, "H2O") / g.total_flow for g in self._columns()[1]]
        wettest = max(map(contact.at, moist))
        if wettest > STEAMY:
            yield (
                f"the gas holds up to {wettest:.2g} mol/mol water; above {STEAMY:g} the viscosity and"
                " the diffusivities of dry air, on which the gas film rests, no longer describe it."
            )
        yield from hydraulic.warnings(self._columns()[1])

    def limits(self) -> list[Limit]:
        """No flooding, no freezing, cells fine enough."""
        bed, (liquids, gases) = self._bed(), self._columns()
        fine = rate.fineness(self, bed, liquids, gases)
        cold = map(contact.freezing, liquids[1:])
        return [*hydraulic.limits(self, bed, gases), fine, *cold]
