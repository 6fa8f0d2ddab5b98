"""Packed absorber of ammonia into acid: slip, pH end point, height, pressure drop and flooding."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from noxplant import contact, maths, rate
from noxplant import flooding as hydraulic
from noxplant import packing as packings
from noxplant.errors import ModelError
from noxplant.quantities import Inlet, Inside, Outlet, Result, Spec
from noxplant.species import molar_mass
from noxplant.thermo import gas as gas_phase
from noxplant.thermo.used import extrapolating
from noxplant.unit import Equations, Limit, Unit

AMMONIA = contact.AMMONIA
COARSE: Final = 1.2
"""Most gas-film transfer units of a cell; there the slip of an exhausted trap is off by some 1 %."""
MOIST: Final = 0.1
"""Mole fraction of vapour above which it warns that the drift through the gas film is left out."""
FUMING = 0.20
"""Mass fraction of HCl above which it fumes with ammonia (ammonia note 5.3)."""


class PackedAcidTrap(Unit):
    """Counter-current packed column in which acid takes up ammonia, at finite rates; adiabatic.

    As `AcidTrap`, with packed height and section in place of equilibrium stages: the gas film of Onda,
    and in the liquid film the fast reaction with whatever acid is there. At the interface all species
    are in equilibrium and the excess of ammonia over that of the liquid's bulk is what the film passes
    (k_L times the difference of the totals; one diffusivity, that of NH3, which errs to the safe side
    as H+ moves faster). So the slip is that of the gas film alone, exp(-transfer_units), while acid is
    there, and grows smoothly as the acid ends: an exhausted acid is a slip and a pH, not a refusal.
    Fix the end point with ``plant.exchange("T-101.end_ph", 4.0, freed=...)``. The salt must stay
    dissolved. The flow of vapour through the gas film is left out: some 1 % in a cold trap. HCl and HNO3 are taken as not volatile. Stated errors: area 20 %, films 25 to 30 %
    (Onda); not validated against a measured trap.

    Source: ammonia note 5.3; two-film theory; `noxplant.rate`, `noxplant.packing`.
    """

    liquid = Inlet("aqueous", "acid, enters at the top")
    gas = Inlet("gas", "gas with ammonia, enters at the bottom")
    liquid_out = Outlet("aqueous", "liquor of the ammonium salt")
    gas_out = Outlet("gas", "gas with the slip of ammonia")
    down = Inside("aqueous", "liquid from cell to cell", count="inner")
    up = Inside("gas", "gas from cell to cell", count="inner")
    film = Inside("aqueous", "liquid at the interface of each cell", count="cells", adds=(AMMONIA,))

    height = Spec("m", "packed height", (1e-3, 50.0), nominal=3.0)
    section = Spec("m2", "cross-section of the packing", (0.0, None), nominal=1e-2, open="low")
    relative_viscosity = Spec(
        "1", "viscosity of the liquid over that of water at its temperature", (0.5, 20.0)
    )
    acid_ratio = Result("mol/mol", "ammonia that the acid can bind per ammonia that the gas brings")
    captured = Result("mol/s", "ammonia taken up", nominal=1e-2)
    capture = Result("1", "part of the gas's ammonia that is taken up", fixed_within=(0.0, 1.0))
    slip = Result("mol/mol", "mole fraction of ammonia in the gas leaving", nominal=1e-4)
    end_ph = Result("1", "-log10 of the molality of H+ of the liquor", nominal=3.0)
    free_acid = Result("mol/s", "ammonia that the liquor's free acid can still bind", nominal=1e-2)
    ammonium_molality = Result("mol/kg", "ammonium (and ammonia) in the liquor", nominal=1.0)
    dissolved_fraction = Result(
        "kg/kg", "mass fraction of salt and acid in the liquor", nominal=0.1,
        fixed_within=(0.0, 1.0), open="both",
    )  # fmt: skip
    transfer_units = Result("1", "gas-film transfer units of ammonia", nominal=5.0)
    liquid_flux = Result("kg/s/m2", "liquid per section", (1e-6, None), nominal=3.0)
    gas_flux = Result("kg/s/m2", "gas per section, mean of both ends", (1e-6, None), nominal=1.0)
    liquid_density = Result("kg/m3", "density of the liquid fed", (500.0, 2000.0), nominal=1e3)
    flooding = Result("1", "gas flux over that which floods", (1e-6, 1e3), nominal=0.5, over="ends")
    pressure_drop = Result("Pa", "pressure drop of the gas", nominal=500.0)
    liquid_temperature = Result(
        "K", "temperature of the liquid leaving", nominal=310.0, over="levels"
    )
    ph = Result("1", "-log10 of the molality of H+ leaving", nominal=3.0, over="levels")
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
    heat_flux = Result(
        "W/m2", "energy from liquid to gas per surface of the dry packing, without ammonia's",
        nominal=1e2, over="points",
    )  # fmt: skip
    depth = Result("m", "depth of the lower end below the top", nominal=2.0, over="levels")
    ends = hydraulic.ENDS

    def __init__(self, name: str, *, packing: str, cells: int = 20, **given: float) -> None:
        """Name the trap, choose the packing (`noxplant.packing.names()`) and the cells."""
        self.cells = rate.even(name, cells)
        self.inner = self.cells - 1
        self.levels = tuple(f"cell {n + 1}" for n in range(self.cells))
        self.packing = packings.packing(packing, name)
        self.points = ("top", *self.levels)
        super().__init__(name, **given)

    @property
    def passages(self) -> tuple[str, ...]:
        """Index of the fluxes: vapours but ammonia at the levels."""
        held = [j for j in rate.vapours(self) if j != "NH3"]
        return tuple(f"{j}, {p}" for p in self.points for j in held)

    def warnings(self) -> Iterator[str]:
        """Ammonium nitrate, exhausted acid, fuming hydrochloric acid."""
        if "NO3-" in self.liquid.phase_of:
            yield (
                "the liquor can hold ammonium nitrate: never evaporate it to dryness, heat it dry or"
                " mix it with organic matter (explosion hazard)."
            )
        if contact.at(self.acid_ratio) < 1:
            yield (
                f"the acid is exhausted: it can bind {contact.at(self.acid_ratio):.3g} of the ammonia"
                f" that the gas brings; the liquor ends at p_H {contact.at(self.end_ph):.3g} and the"
                f" gas keeps {contact.at(self.slip):.3g} mol/mol."
            )
        moist = [contact.gas_content(g, "H2O") / g.total_flow for g in (self.gas, self.gas_out)]
        wettest = max(map(contact.at, moist))
        if wettest > MOIST:
            yield (
                f"the gas holds {wettest:.2g} mol/mol water; above {MOIST:g} the flow of vapour through"
                " the gas film counts, which is left out here. Cool the gas before."
            )
        yield from hydraulic.warnings([self.gas])
        if "Cl-" in self.liquid.phase_of:
            mass = contact.liquid_mass(self.liquid)
            share = contact.at(self.liquid.true["H+"] * molar_mass("HCl") / mass)
            if share > FUMING:
                yield (
                    f"the acid holds {share:.2g} kg/kg HCl; above {FUMING:g} it fumes with ammonia to"
                    " NH4Cl smoke, which no packing takes out and which is not modelled."
                )

    def _bed(self) -> packings.Bed:
        return packings.Bed(
            self.packing, self.section, self.height, self.cells, self.relative_viscosity,
            self.liquid_flux, self.gas_flux, self.liquid_density,
        )  # fmt: skip

    def _columns(self) -> tuple[list[Any], list[Any]]:
        return [self.liquid, *self.down, self.liquid_out], [self.gas_out, *self.up, self.gas]

    def equations(self) -> Equations:
        """Cells from the top, their interfaces, hydraulics, then what was captured."""
        if "NH3" not in self.gas.phase_of:
            raise ModelError(
                f"{self.name}: the gas brings no NH3, so there is nothing to trap.\n"
                "  Check what is connected to its inlet `gas`."
            )
        bed, (liquids, gases) = self._bed(), self._columns()
        rate.check_volatile(self.name, liquids, gases)
        units: Any = 0.0
        yield from rate.levels(self, bed, liquids, gases)
        for n, c in enumerate(rate.cells(self, bed, liquids, gases)):
            tag, film, inside = f"cell {n + 1}: ", self.film[n], self._inside(n)
            self._ammonia(c, inside, film)
            yield from rate.balance(c, tag)
            yield from self._interface(bed, c, film, tag)
            units = units + inside
        yield "transfer units", self.transfer_units == units
        yield from rate.pressures(liquids, gases, self.pressure_drop)
        yield from hydraulic.hydraulics(self, bed, liquids, gases)
        yield from rate.profile(self, bed, liquids)
        yield from self._figures()

    def _inside(self, n: int) -> Any:
        """Gas-film transfer units of ammonia in a cell, from those of water at its ends."""
        ends = sum(self.film_units[point] for point in self.points[n : n + 2]) / 2
        return ends * rate.gas_ratio("NH3") * rate.shares(self.cells)[n]

    def _ammonia(self, c: rate.Cell, inside: Any, film: Any) -> None:
        """Ammonia from liquid to gas in a cell, and its heat; exact for a constant interface."""
        (above, below), pair = c.liquids, c.gases
        mean = sum(contact.gas_content(g, "NH3") / g.total_flow for g in pair) / 2
        half = inside / 2
        fit = (1 - maths.exp(-2 * half)) / ((1 + maths.exp(-2 * half)) * half)  # tanh(h/2)/(h/2)
        force = rate.back_pressure(film, "NH3") * 2 / (pair[0].pressure + pair[1].pressure) - mean
        flow = (pair[0].total_flow + pair[1].total_flow) / 2
        c.passed["NH3"] = inside * flow * fit * force
        with extrapolating():
            states = (above, below, *pair)
            heat = sum(gas_phase.enthalpy("NH3", x.temperature) for x in states) / 4
        c.energy = c.energy + c.passed["NH3"] * heat

    def _interface(self, bed: packings.Bed, c: rate.Cell, film: Any, tag: str) -> Equations:
        """The liquid at the interface: that of the bulk with the ammonia that the film passes."""
        (above, below), n = c.liquids, self.film.index(film)
        reach: Any = 0.0
        for point, x in zip(self.points[n : n + 2], c.liquids, strict=True):
            area = self.wetted[point] * bed.packing.area
            reach = reach + rate.liquid_film(bed, area, x) * area * c.volume / 2
        for key in film.phase_keys("aqueous"):
            held = [x.flow[key] for x in (above, below) if key in x.phase_of]
            mean = sum(held) / 2
            if key == AMMONIA:
                volume = bed.liquid_flux * bed.section / bed.density
                yield (
                    f"{tag}film of {key}",
                    (film.flow[key] - mean) * reach == -c.passed["NH3"] * volume,
                )
            else:
                yield f"{tag}film of {key}", film.flow[key] == mean
        warm = (above.temperature + below.temperature) / 2
        yield f"{tag}film temperature", film.temperature == warm
        yield f"{tag}film pressure", film.pressure == below.pressure

    def _figures(self) -> Equations:
        fed, out = self.gas.flow["NH3"], self.liquid_out
        yield "ammonia captured", self.captured == fed - self.gas_out.flow["NH3"]
        yield "capture", contact.ratio(self.capture, self.captured, fed, self.gas.total_flow)
        yield "slip", self.slip * self.gas_out.total_flow == self.gas_out.flow["NH3"]
        yield "end p_H", self.end_ph == out.ph
        capacity = contact.acid_capacity(self.liquid)
        yield "acid ratio", contact.ratio(self.acid_ratio, capacity, fed, self.gas.total_flow)
        yield "free acid", self.free_acid == contact.acid_capacity(out)
        yield (
            "ammonium molality",
            self.ammonium_molality * contact.water_mass(out) == out.flow[AMMONIA],
        )
        solids = contact.dissolved_mass(out)
        yield (
            "mass fraction of the liquor",
            self.dissolved_fraction * (solids + contact.water_mass(out)) == solids,
        )

    def limits(self) -> list[Limit]:
        """No flooding, cells fine enough, the salt dissolved."""
        bed, (_, gases) = self._bed(), self._columns()
        finest = max((self._inside(n) for n in range(self.cells)), key=contact.at)
        fine = Limit(
            "fineness of the cells",
            COARSE - finest,
            f"a cell has {contact.at(finest):.3g} transfer units; above {COARSE:g} the cells are too"
            f" coarse. Make the unit with more than its {self.cells} cells.",
        )
        return [*hydraulic.limits(self, bed, gases), fine, *contact.crystallising(self.liquid_out)]
