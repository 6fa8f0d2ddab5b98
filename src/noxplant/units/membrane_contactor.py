"""Gas-permeable membrane between an ammonia liquor and an acid (electrochemical stripping)."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from typing import Any, Final

from noxplant import balances, contact, maths, rate
from noxplant.constants import GAS_CONSTANT
from noxplant.errors import ModelError
from noxplant.quantities import Inlet, Inside, Outlet, Result, Spec
from noxplant.species import molar_mass
from noxplant.thermo import aqueous, transport
from noxplant.thermo.used import extrapolating
from noxplant.unit import Equations, Limit, Region, Unit

AMMONIA = contact.AMMONIA
LEAST_PH: Final = 7.0
"""p_H of the liquor below which there is no ammonia to drive it over (ammonia note 5.4)."""
STRIP_PH: Final = 5.0
"""p_H of the acid above which the note asks for a warning."""
COARSE: Final = 1.0
"""Largest number of transfer units of a cell: the series of `_passed` is then within 1e-5."""


class MembraneContactor(Unit):
    """Hydrophobic gas-filled membrane: ammonia passes from a liquor into acid; adiabatic, co-current.

    Plug flow of both liquids along the membrane, cut into cells. Resistances in series: the liquor's
    film (given), pores that it has filled (`wetted`), dry pores (molecular and Knudsen diffusion of
    NH3 and water vapour), none in the acid, which binds ammonia at the wall; where it is used up, its
    back pressure counts. Water passes by its vapour pressures (osmotic distillation, either way). Both
    liquids have one temperature from the entry on: membranes pass heat some thirty times faster than ammonia
    (estimate). The p_H of the liquor moves along the membrane as the ammonia leaves. CO2 is held back.
    A known overall coefficient is entered by ``plant.exchange("M-1.transfer_coefficient", 8e-6,
    freed="M-1.feed_film")``; the area follows from the removal in the same way. How far pores fill and
    foul is given, not predicted. Not validated against a measured module (the notes hold none).

    Source: ammonia note 5.4; dusty-gas pores without flow; data `noxplant.thermo.transport`.
    """

    liquid = Inlet("aqueous", "liquor with ammonia")
    strip = Inlet("aqueous", "acid")
    liquid_out = Outlet("aqueous", "liquor that ammonia has left")
    strip_out = Outlet("aqueous", "acid with ammonium", adds=(AMMONIA,))
    along = Inside("aqueous", "liquor that enters each cell", count="cells")
    beside = Inside("aqueous", "acid that enters each cell", count="cells", adds=(AMMONIA,))

    area = Spec("m2", "area of the membrane", (0.0, None), nominal=10.0, open="low")
    feed_film = Spec("m/s", "mass-transfer coefficient of the liquor's film", (1e-8, 1e-2))
    porosity = Spec("1", "void fraction of the membrane", (0.01, 1.0))
    tortuosity = Spec("1", "tortuosity of its pores", (1.0, 20.0))
    thickness = Spec("m", "thickness of the membrane", (1e-7, 1e-2))
    pore_diameter = Spec("m", "diameter of its pores", (1e-9, 1e-4))
    wetted = Spec(
        "1", "part of the thickness whose pores the liquor has filled", (0.0, 0.99), default=0.0
    )
    entry_pressure = Spec(
        "Pa", "pressure difference at which liquid enters the pores", (0.0, None), open="low"
    )
    liquid_drop = Spec("Pa", "pressure drop of the liquor", (0.0, None), default=0.0)
    strip_drop = Spec("Pa", "pressure drop of the acid", (0.0, None), default=0.0)
    transferred = Result("mol/s", "ammonia passed into the acid", nominal=1e-2)
    removal = Result(
        "1", "part of the liquor's ammonia that passes", fixed_within=(0.0, 1.0), open="both"
    )
    flux = Result("mol/s/m2", "ammonia passed per area", nominal=1e-4)
    transfer_coefficient = Result(
        "m/s", "overall coefficient on free NH3 in the liquor, at its inlet", (1e-9, 1e-2),
        nominal=1e-5,
    )  # fmt: skip
    membrane_share = Result("1", "part of the resistance that lies in the dry pores", nominal=0.5)
    water_passed = Result("mol/s", "water passed into the acid (negative: out of it)", nominal=1e-2)
    free_acid = Result("mol/s", "ammonia that the acid can still bind", nominal=1e-2)
    ph = Result("1", "-log10 of the molality of H+ in the liquor", nominal=10.0, over="levels")

    def __init__(self, name: str, *, cells: int = 10, **given: float) -> None:
        """Name the contactor, cut it into cells and give its specifications, SI."""
        self.cells = contact.whole(name, "cells", cells, 1)
        self.levels = tuple(f"cell {n + 1}" for n in range(self.cells))
        super().__init__(name, **given)

    def _sides(self) -> tuple[list[Any], list[Any]]:
        return [*self.along, self.liquid_out], [*self.beside, self.strip_out]

    @extrapolating()
    def _pores(self, name: str, liquor: Any) -> Any:
        """Permeance of the pores, mol/s/m2/Pa."""
        T = liquor.temperature
        molecular = transport.gas_diffusivity(name, T, liquor.pressure)
        speed = maths.sqrt(8 * GAS_CONSTANT * T / (math.pi * molar_mass(name)))
        knudsen = self.pore_diameter / 3 * speed
        diffusion = molecular * knudsen / (molecular + knudsen)
        dry = self.tortuosity * self.thickness * (1 - self.wetted)
        return self.porosity * diffusion / (dry * GAS_CONSTANT * T)

    @extrapolating()
    def _conductance(self, liquor: Any) -> Any:
        """Overall coefficient on the pressure difference of NH3, mol/s/m2/Pa."""
        henry = maths.exp(aqueous.ln_henry("NH3", liquor.temperature))
        water = liquor.truth.kilograms / liquor.volume_flow
        through = transport.liquid_diffusivity("NH3", liquor.temperature) * self.porosity
        wet = self.wetted * self.thickness * self.tortuosity / through
        liquid = (1 / self.feed_film + wet) * henry / water
        return 1 / (1 / self._pores("NH3", liquor) + liquid)

    def _passed(self, liquor: tuple[Any, Any], acid: tuple[Any, Any]) -> tuple[Any, Any]:
        """Ammonia and water that pass in a cell, mol/s; of ammonia exact for a constant free fraction."""
        share, whole = self.area / self.cells, self._mean(liquor)
        drive = [rate.back_pressure(x, "NH3") for x in liquor]
        half = self._units(liquor) / 2
        fit = 1 - half**2 / 3 + 2 * half**4 / 15 - 17 * half**6 / 315 + 62 * half**8 / 2835
        back = [rate.back_pressure(x, "NH3") for x in acid]
        ammonia = whole * share * fit * (sum(drive) - sum(back)) / 2
        moist = [x.equilibrium_pressure("H2O") for x in (*liquor, *acid)]
        force = (moist[0] + moist[1] - moist[2] - moist[3]) / 2
        pores = sum(self._pores("H2O", x) for x in liquor) / 2
        return ammonia, pores * share * force

    def _mean(self, liquor: tuple[Any, Any]) -> Any:
        """Overall coefficient in a cell, mol/s/m2/Pa."""
        return (self._conductance(liquor[0]) + self._conductance(liquor[1])) / 2

    def _units(self, liquor: tuple[Any, Any]) -> Any:
        """Transfer units of ammonia in a cell."""
        drive = sum(rate.back_pressure(x, "NH3") for x in liquor)
        held = sum(x.flow[AMMONIA] for x in liquor) + contact.TINY * liquor[0].total_flow
        return self._mean(liquor) * self.area / self.cells * drive / held

    def equations(self) -> Equations:
        """Cells along the membrane, then the figures."""
        if AMMONIA not in self.liquid.phase_of:
            raise ModelError(
                f"{self.name}: the liquor brings no ammonia, N(-3), so there is nothing to pass.\n"
                "  Check what is connected to its inlet `liquid`."
            )
        liquor, acid = self._sides()
        rate.check_volatile(self.name, liquor, acid)
        yield from self._entry()
        for n in range(self.cells):
            tag, x, y = f"cell {n + 1}: ", liquor[n : n + 2], acid[n : n + 2]
            ammonia, water = self._passed((x[0], x[1]), (y[0], y[1]))
            made = {AMMONIA: ammonia, "H2O": water}
            lost = {c: -flow for c, flow in made.items()}
            yield from balances.moles(x[:1], x[1:], made=lost, tag=f"{tag}liquor: ")
            yield from balances.moles(y[:1], y[1:], made=made, tag=f"{tag}acid: ")
            yield from balances.energy([x[0], y[0]], [x[1], y[1]], tag=tag)
            yield f"{tag}one temperature", y[1].temperature == x[1].temperature
            part = 1 / self.cells
            yield f"{tag}liquor pressure", x[1].pressure == x[0].pressure - part * self.liquid_drop
            yield f"{tag}acid pressure", y[1].pressure == y[0].pressure - part * self.strip_drop
            yield f"{tag}p_H", self.ph[self.levels[n]] == x[1].ph
        yield from self._figures()

    def _entry(self) -> Equations:
        """Heat passes at once; nothing else does before the first cell."""
        sides = [("liquor", self.liquid, self.along[0]), ("acid", self.strip, self.beside[0])]
        for side, inlet, first in sides:
            yield from balances.moles([inlet], [first], tag=f"entry: {side}: ")
            yield f"entry: {side} pressure", first.pressure == inlet.pressure
        yield from balances.energy(
            [self.liquid, self.strip], [self.along[0], self.beside[0]], tag="entry: "
        )
        yield "entry: one temperature", self.along[0].temperature == self.beside[0].temperature

    def _figures(self) -> Equations:
        fed, out = self.liquid.flow[AMMONIA], self.liquid_out.flow[AMMONIA]
        yield "ammonia transferred", self.transferred == fed - out
        yield "removal", contact.ratio(self.removal, self.transferred, fed, self.liquid.total_flow)
        yield "flux", self.flux * self.area == self.transferred
        whole, liquor = self._conductance(self.liquid), self.liquid
        with extrapolating():
            henry = maths.exp(aqueous.ln_henry("NH3", liquor.temperature))
        water = liquor.truth.kilograms / liquor.volume_flow
        yield "overall coefficient", self.transfer_coefficient * water == whole * henry
        yield "share of the pores", self.membrane_share * self._pores("NH3", liquor) == whole
        passed = self.liquid.flow["H2O"] - self.liquid_out.flow["H2O"]
        yield "water passed", self.water_passed == passed
        yield "free acid", self.free_acid == contact.acid_capacity(self.strip_out)

    def regions(self) -> list[Region]:
        """Both sides close on their own."""
        crossing = {"NH3": self.transferred, "H2O": self.water_passed}
        lost = {j: -flow for j, flow in crossing.items()}
        return [
            Region("liquor", [self.liquid], [self.liquid_out], lost),
            Region("acid", [self.strip], [self.strip_out], crossing),
        ]

    def warnings(self) -> Iterator[str]:
        """Acid nearly used up; ammonium nitrate."""
        if contact.at(self.strip_out.ph) > STRIP_PH:
            yield (
                f"the acid leaves at p_H {contact.at(self.strip_out.ph):.3g}; above {STRIP_PH:g} it"
                " is nearly used up and holds ammonia back. Feed more acid."
            )
        if "NO3-" in self.strip.phase_of:
            yield (
                "the acid can hold ammonium nitrate: never evaporate it to dryness, heat it dry or"
                " mix it with organic matter (explosion hazard)."
            )

    def limits(self) -> list[Limit]:
        """Dry pores, alkaline liquor, dissolved salt."""
        liquor, acid = self._sides()
        pairs = list(zip(liquor, acid, strict=True))
        finest = max((self._units(c) for c in itertools.pairwise(liquor)), key=contact.at)
        ends = [(x.pressure - y.pressure, y.pressure - x.pressure) for x, y in pairs]
        most = max((d for pair in ends for d in pair), key=contact.at)
        ph = self.liquid.ph
        return [
            Limit(
                "dry pores",
                (self.entry_pressure - most) / self.entry_pressure,
                f"the two liquids differ by {contact.at(most):.4g} Pa, more than the"
                f" {contact.at(self.entry_pressure):.4g} Pa at which liquid enters the pores. Bring"
                " the pressures together, or take a membrane with smaller pores.",
            ),
            Limit(
                "free ammonia",
                ph - LEAST_PH,
                f"the liquor enters at p_H {contact.at(ph):.3g}; below {LEAST_PH:g} less than 1 % of"
                " its ammonia is free and nothing drives it over. Add alkali.",
            ),
            Limit(
                "fineness of the cells",
                COARSE - finest,
                f"a cell has {contact.at(finest):.3g} transfer units; above {COARSE:g} the cells are"
                f" too coarse. Make the unit with more than its {self.cells} cells.",
            ),
            *contact.crystallising(self.strip_out),
        ]
