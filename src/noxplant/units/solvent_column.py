"""Column of equilibrium stages that distils solvent off salts and oils, or parts solvents."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import pyomo.environ as pyo

from noxplant import balances, contact, distillation
from noxplant.distillation import VOLATILE
from noxplant.errors import ModelError, SpecError
from noxplant.maths import value
from noxplant.quantities import Heat, Inlet, Inside, Outlet, Result, Spec
from noxplant.species import molar_mass, organic_species
from noxplant.streams.ports import Port
from noxplant.thermo import organic
from noxplant.unit import Equations, Limit, Unit

HEAVY = tuple(s for s in organic_species() if s not in organic.volatiles())
MARGIN = 2.0
"""K beyond the range of the NRTL parameters that a stage may be; water boils at its upper end at 1 atm."""


class SolventColumn(Unit):
    """Adiabatic stages with total condenser and reboiler; NRTL liquid of acetonitrile, methanol, water.

    Beside SolventRecovery, which splits sharply: here every stage has its own balances, first law and
    equilibrium, so what boils is shared between distillate and bottoms as its volatility says, and
    no azeotrope (with water 76.7 degC and 84 wt%, with methanol 63.6 degC, at 1 atm) is passed.
    Two such columns at two pressures cross that with water. Stages are numbered from the top; the
    reboiler is one more. Reflux is as cold as the distillate. Salts and oils do not boil and lower
    the vapour pressure by their mole fraction only. Heats of mixing of the liquid are neglected
    (those of methanol and water have the wrong sign in the NRTL data). Formaldehyde leaves as light
    ends with methanol by given fractions of the overhead, as in SolventRecovery: no data were found.

    Source: MESH equations; NRTL of `noxplant.thermo.nrtl`; hydrazine note 3.9 and 2.
    """

    feed = Inlet("organic", "mother liquor and wash liquors", count="inlet_count")
    distillate = Outlet("organic", "solvent recovered", drops=HEAVY)
    light_ends = Outlet("organic", "formaldehyde with methanol", only=("formaldehyde", "methanol"))
    bottoms = Outlet("organic", "bottoms returned")
    purge = Outlet("organic", "bottoms purged")
    up = Inside("gas", "vapour of the stages and the reboiler", count="vapours", only="boiling")
    reflux = Inside("organic", "liquid returned by the condenser", count="one", only="boiling")
    rectified = Inside("organic", "liquid above the feed", count="above", only="boiling")
    down = Inside("organic", "liquid from the feed stage down", count="below")
    residue = Inside("organic", "liquid of the reboiler", count="one")
    pressure = Spec("Pa", "pressure of the column", (1e4, 1.5e5))
    condenser_temperature = Spec("K", "temperature of distillate and light ends", (253.15, 353.15))
    reflux_ratio = Spec("mol/mol", "reflux per overhead product", (1e-3, 1e4))
    acetonitrile_kept = Spec(
        "1", "acetonitrile fed that stays in the bottoms", (0.0, 1.0), open="both"
    )
    formaldehyde_out = Spec("1", "formaldehyde overhead that leaves as light ends", (0.0, 1.0))
    methanol_bound = Spec("mol/mol", "methanol per formaldehyde in the light ends", (0.0, 20.0))
    purge_fraction = Spec("1", "bottoms that are purged", (0.0, 1.0))
    top_temperature = Result("K", "temperature of the first stage", (253.0, 480.0))
    bottoms_temperature = Result("K", "boiling point of the bottoms", (253.0, 480.0))
    overhead_water = Result(
        "kg/kg", "water per water and acetonitrile overhead", nominal=0.01, fixed_within=(0.0, 1.0)
    )
    bottoms_water = Result(
        "kg/kg", "water per water and acetonitrile, bottoms", nominal=0.01, fixed_within=(0.0, 1.0)
    )
    boilup_ratio = Result("mol/mol", "vapour of the reboiler per feed", nominal=1.0)
    distillate_pressure = Result("Pa", "equilibrium pressure of the distillate", nominal=1e4)
    duty = Heat(
        "W", "heat of the reboiler", nominal=1e5, utility="low-pressure steam",
        start="bottoms_temperature", end="bottoms_temperature",
    )  # fmt: skip
    condenser_duty = Heat(
        "W", "heat of the condenser", nominal=1e5,
        start="top_temperature", end="condenser_temperature",
    )  # fmt: skip

    def __init__(
        self,
        name: str,
        *,
        stages: int,
        feed_stage: int,
        inlets: int = 1,
        utility: str = "low-pressure steam",
        condenser_utility: str = "cooling water",
        **given: float,
    ) -> None:
        """Name the column; stages without reboiler, feed stage, inlets, utilities, specs in SI."""
        self.stages = contact.whole(name, "stages", stages, 1)
        self.feed_stage = contact.whole(name, "feed_stage", feed_stage, 1)
        contact.whole(name, "stages below the feed", self.stages - self.feed_stage, 0)
        self.inlet_count, self.one, self.vapours = inlets, 1, self.stages + 1
        self.above, self.below = self.feed_stage - 1, self.stages - self.feed_stage + 1
        super().__init__(name, **given)
        if self.given.get("formaldehyde_out") == 1.0:
            raise SpecError(
                f"{name}.formaldehyde_out = 1: the distillate then holds none of what boils with it."
                "\n  Give a fraction below one (0.95, say)."
            )
        self.choose_utility("duty", utility)
        self.choose_utility("condenser_duty", condenser_utility)

    @property
    def boiling(self) -> tuple[str, ...]:
        """What boils of all that is fed."""
        held = {k for p in self.ports["feed"] for k in p.keys.get("organic", ())}
        return tuple(k for k in VOLATILE if k in held)

    def closed_outlets(self) -> Iterable[Port]:
        """Purge and light ends are closed at fractions of zero."""
        closed: list[Port] = []
        if self.given.get("purge_fraction") == 0.0:
            closed += self.ports["purge"]
        if self.given.get("formaldehyde_out") == 0.0:
            closed += self.ports["light_ends"]
        return closed

    def fed(self, key: str) -> Any:
        """Flow of a species in all feeds, mol/s."""
        return sum(p.flow[key] for p in self.feed if key in p.flow)

    # equations ----------------------------------------------------------------------------
    def equations(self) -> Equations:
        """Condenser, stages from the top, reboiler, purge, duties and figures."""
        if "acetonitrile" not in self.boiling:
            raise ModelError(f"{self.name}: no acetonitrile reaches the column.")
        yield from self._condenser()
        liquids = [*self.reflux, *self.rectified, *self.down]
        for n in range(1, self.stages + 1):
            inlets = [liquids[n - 1], self.up[n], *(self.feed if n == self.feed_stage else ())]
            gas, tag = self.up[n - 1], f"stage {n}: "
            yield from distillation.stage(inlets, liquids[n], gas, self.pressure, tag)
        residue, steam, tag = self.residue[0], self.up[-1], "reboiler: "
        yield from balances.moles([liquids[-1]], [residue, steam], tag=tag)
        yield from distillation.boiling(residue, steam, self.pressure, tag)
        kept = self.acetonitrile_kept * self.fed("acetonitrile")
        yield "acetonitrile kept", residue.flow["acetonitrile"] == kept
        yield from self._bottoms()
        yield from self._figures()

    def _condenser(self) -> Equations:
        """Overhead vapour becomes reflux, light ends and distillate at one temperature."""
        back, top, cut, out = self.reflux[0], self.up[0], self.light_ends, self.distillate
        for key in self.boiling:
            share = top.flow[key]
            yield (
                f"reflux of {key}",
                back.flow[key] * (1 + self.reflux_ratio) == (self.reflux_ratio * share),
            )
            taken = cut.content(key)
            yield f"distillate of {key}", out.flow[key] + taken + back.flow[key] == share
        over = top.content("formaldehyde") - back.content("formaldehyde")
        yield "light ends", cut.flow["formaldehyde"] == self.formaldehyde_out * over
        bound = self.methanol_bound * cut.flow["formaldehyde"]
        yield "methanol in light ends", cut.flow["methanol"] == bound
        for s in (back, out, cut):
            yield f"temperature of {s.name}", s.temperature == self.condenser_temperature
            yield f"pressure of {s.name}", s.pressure == self.pressure
        liquid = back.enthalpy_flow + out.enthalpy_flow + cut.enthalpy_flow
        yield "energy of the condenser", self.condenser_duty == liquid - top.enthalpy_flow

    def _bottoms(self) -> Equations:
        residue, phi = self.residue[0], self.purge_fraction
        for key in residue.flow:
            yield f"purge of {key}", self.purge.flow[key] == phi * residue.flow[key]
            yield f"bottoms of {key}", self.bottoms.flow[key] == (1 - phi) * residue.flow[key]
        yield from balances.same_state(residue, self.purge)
        yield from balances.same_state(residue, self.bottoms)
        heat = self.duty + self.condenser_duty
        yield from balances.energy(self.inlets, self.outlets, heat=heat)

    def _figures(self) -> Equations:
        yield "temperature of the top", self.top_temperature == self.up[0].temperature
        yield "temperature of the bottoms", self.bottoms_temperature == self.residue[0].temperature
        yield (
            "boil-up",
            self.boilup_ratio * sum(p.total_flow for p in self.feed) == self.up[-1].total_flow,
        )
        for name, s in (("overhead", self.reflux[0]), ("bottoms", self.residue[0])):
            water, both = parts(s.flow)
            yield f"{name} water", getattr(self, f"{name}_water") * both == water
        out = self.distillate
        boils = tuple(k for k in VOLATILE if k in out.flow)
        p = distillation.pressures(out.flow, boils, self.condenser_temperature)
        yield "distillate pressure", self.distillate_pressure == sum(p.values())

    def guess(self) -> Iterator[tuple[Any, float]]:
        """Profiles at constant molal overflow."""
        held = {k: max(contact.at(self.fed(k)), 1e-30) for k in self.residue[0].flow}
        pressure = float(pyo.value(self.pressure))
        reflux = self.given.get("reflux_ratio", 1.0)
        kept = self.given.get("acetonitrile_kept", 0.5)
        shape = self.stages, self.feed_stage
        rows = distillation.start_profile(held, self.boiling, shape, reflux, kept, pressure)
        liquids = [*self.rectified, *self.down, *self.residue]
        for row, liquid, gas in zip(rows, liquids, self.up, strict=True):
            for s in (liquid, gas):
                yield s.temperature, row["T"]
                yield s.pressure, pressure
            for key in self.boiling:
                yield liquid.flow[key], row["liquid"][key]
                yield gas.flow[key], row["vapour"][key]
            for key in liquid.flow:
                if key not in self.boiling:
                    yield liquid.flow[key], held[key]

    # limits -------------------------------------------------------------------------------
    def limits(self) -> list[Limit]:
        """Azeotropes, condensation, range of the data, methanol for the light ends."""
        hot, T = value(self.bottoms_temperature), value(self.condenser_temperature)
        own, p = value(self.distillate_pressure), value(self.pressure)
        return [
            *self._azeotrope(),
            *contact.no_free_rise(self.name, self.feed, self.distillate),
            Limit(
                "condensation of the overhead",
                self.pressure - self.distillate_pressure,
                f"the distillate at {T:.2f} K has an equilibrium pressure of {own:.4g} Pa, the"
                f" column {p:.4g} Pa, so it does not condense. Cool it more, raise the pressure or"
                " strip ammonia and formaldehyde first.",
            ),
            Limit(
                "hottest stage",
                distillation.SPAN[1] + MARGIN - self.bottoms_temperature,
                f"the bottoms would boil at {hot:.1f} K, beyond {distillation.SPAN[1]:g} K, where the"
                " NRTL parameters end and KPF6 comes to decompose. Raise acetonitrile_kept or lower"
                " the pressure.",
            ),
            Limit(
                "coldest stage",
                self.top_temperature - distillation.SPAN[0],
                f"the top would boil {{margin:.3g}} K above {distillation.SPAN[0]:g} K, where the NRTL"
                " parameters end. Raise the pressure.",
            ),
            Limit(
                "methanol for the light ends",
                self.distillate.content("methanol"),
                "the light ends would take more methanol than there is ({margin:.3g} mol/s left)."
                " Lower methanol_bound or formaldehyde_out.",
            ),
        ]

    def _azeotrope(self) -> list[Limit]:
        """Of acetonitrile and water alone, both products lie on the feed's side of the azeotrope."""
        pressure = value(self.pressure)
        if "H2O" not in self.boiling or "methanol" in self.boiling or not pressure > 0:
            return []
        found = distillation.azeotrope("H2O", pressure)
        if found is None:
            return []
        x, T = found
        masses = {"acetonitrile": x, "H2O": 1 - x}
        water, both = parts(masses)
        edge = water / both
        fed, whole = parts({k: self.fed(k) for k in ("acetonitrile", "H2O")})
        side = fed / whole - edge
        out = []
        for name, share in (("overhead", self.overhead_water), ("bottoms", self.bottoms_water)):
            out.append(
                Limit(
                    f"azeotrope and the {name}",
                    side * (share - edge) + 1e-9,
                    f"the {name} would hold {100 * value(share):.4g} wt% water, the feed"
                    f" {100 * value(fed / whole):.4g} wt%: between them lies the azeotrope of water and"
                    f" acetonitrile, {100 * edge:.3g} wt% water at {T:.2f} K and {pressure:.5g} Pa,"
                    " which no column passes. Use a second column at another pressure, or a sieve"
                    " (SolventDryer).",
                )
            )
        return out


def parts(flow: Any) -> tuple[Any, Any]:
    """(mass of water, mass of water and acetonitrile), kg/s."""
    water = flow["H2O"] * molar_mass("H2O") if "H2O" in flow else 0.0
    return water, water + flow["acetonitrile"] * molar_mass("acetonitrile")
