"""Steam stripper of ammonia with reboiler, rectifying section and partial condenser."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from noxplant import contact
from noxplant.errors import ModelError
from noxplant.quantities import Heat, Inlet, Inside, Outlet, Result, Spec
from noxplant.species import molar_mass
from noxplant.streams import carriage
from noxplant.unit import Equations, Limit, Unit

AMMONIA = contact.AMMONIA


class SteamStripper(Unit):
    """Column that boils ammonia out of an alkaline liquor; its water returns to the liquor.

    From the bottom: a reboiler (one equilibrium stage), the stripping section, the feed on its top
    stage, the rectifying section, a partial condenser (one equilibrium stage) at a given
    temperature whose liquid is the reflux and whose vapour is the product. The column is adiabatic
    and at one pressure; the feed is throttled or pumped to it. On every stage the equilibrium
    pressures add up to the pressure, so that dissolved alkali raises the boiling point.

    At a given pressure the condenser temperature alone sets the purity, the boil-up the removal.
    Either can be exchanged for its result: ``plant.exchange("C-101.removal", 0.988,
    freed="C-101.boilup_ratio")``. Ideal solution: salting-out, which helps, is neglected.

    Source: MESH equations; data and their ranges: `noxplant.thermo.aqueous`.
    """

    feed = Inlet("aqueous", "liquor to be stripped")
    distillate = Outlet("gas", "ammonia vapour")
    stripped = Outlet("aqueous", "stripped liquor, boiling")
    reflux = Inside("aqueous", "liquid of the condenser", count="one", only="volatile_keys")
    wash = Inside("aqueous", "liquid of the rectifying stages", count="upper", only="volatile_keys")
    down = Inside("aqueous", "liquid of the stripping stages", count="lower")
    up = Inside("gas", "vapour of all stages and the reboiler", count="vapours")

    pressure = Spec("Pa", "pressure of the column", (1e4, 3e6))
    condenser_temperature = Spec("K", "temperature of the partial condenser", (230.0, 430.0))
    boilup_ratio = Spec("mol/mol", "reboiler vapour per liquor fed", (1e-6, 10.0), nominal=0.1)

    reboiler_duty = Heat(
        "W", "heat of the reboiler", nominal=5e3, utility="low-pressure steam", start="stripped"
    )
    condenser_duty = Heat(
        "W", "heat of the condenser", nominal=5e3,
        start="condenser_inlet_temperature", end="condenser_temperature",
    )  # fmt: skip
    condenser_inlet_temperature = Result("K", "temperature of the vapour to the condenser")
    distillate_purity = Result(
        "mol/mol",
        "mole fraction of ammonia in the distillate",
        fixed_within=(0.0, 1.0),
        open="both",
    )
    removal = Result(
        "1",
        "part of the fed ammonia that leaves as distillate",
        fixed_within=(0.0, 1.0),
        open="both",
    )
    reflux_ratio = Result("mol/mol", "reflux per distillate", nominal=1.0)
    heat_per_ammonia = Result("J/kg", "reboiler heat per mass of ammonia distilled", nominal=1e7)

    def __init__(
        self, name: str, *, stripping_stages: int, rectifying_stages: int, **given: float
    ) -> None:
        """Name the column, give equilibrium stages below and above the feed, and specifications.

        Args:
            name: name of the unit.
            stripping_stages: stages from the feed stage down, the reboiler not counted.
            rectifying_stages: stages above the feed, the condenser not counted; zero is allowed.
            given: pressure, condenser_temperature, boilup_ratio.
        """
        self.lower = contact.whole(name, "stripping_stages", stripping_stages, 1)
        self.upper = contact.whole(name, "rectifying_stages", rectifying_stages, 0)
        self.one, self.vapours = 1, self.lower + self.upper + 1
        super().__init__(name, **given)

    @property
    def volatile_keys(self) -> tuple[str, ...]:
        """Keys of the liquids above the feed: what boils."""
        fed = self.ports["feed"][0].keys.get("aqueous", ())
        return tuple(liquid for _, liquid in carriage.volatile_keys("aqueous") if liquid in fed)

    def _column(self) -> tuple[list[Any], list[Any]]:
        """Liquids and vapours from the condenser to the reboiler."""
        liquids = [*self.reflux, *self.wash, *self.down, self.stripped]
        return liquids, [self.distillate, *self.up]

    def equations(self) -> Equations:
        """Stages from the condenser down, then the figures."""
        if AMMONIA not in self.feed.phase_of:
            raise ModelError(
                f"{self.name}: the feed brings no ammonia, N(-3), so there is nothing to strip.\n"
                "  Check what is connected to its inlet `feed`."
            )
        liquids, vapours = self._column()
        last = len(liquids) - 1
        for n in range(last + 1):
            inlets = [*vapours[n + 1 : n + 2], *liquids[max(n - 1, 0) : n]]
            if n == self.upper + 1:
                inlets.append(self.feed)
            heat = self.condenser_duty if n == 0 else self.reboiler_duty if n == last else 0.0
            tag = "condenser: " if n == 0 else "reboiler: " if n == last else f"stage {n}: "
            yield from contact.boiling_stage(
                inlets, liquids[n], vapours[n], self.pressure, tag, heat
            )
        yield "condenser temperature", self.distillate.temperature == self.condenser_temperature
        yield "boil-up", vapours[-1].total_flow == self.boilup_ratio * self.feed.total_flow
        yield from self._figures(vapours)

    def _figures(self, vapours: list[Any]) -> Equations:
        """What the report and designs ask for."""
        made, fed = self.distillate.flow["NH3"], self.feed.flow[AMMONIA]
        total = self.feed.total_flow
        yield (
            "temperature before the condenser",
            (self.condenser_inlet_temperature == vapours[1].temperature),
        )
        yield (
            "purity",
            contact.ratio(self.distillate_purity, made, self.distillate.total_flow, total),
        )
        yield "removal", contact.ratio(self.removal, made, fed, total)
        yield (
            "reflux ratio",
            contact.ratio(
                self.reflux_ratio, self.reflux[0].total_flow, self.distillate.total_flow, total
            ),
        )
        mass = made * molar_mass("NH3")
        yield (
            "heat per ammonia",
            contact.ratio(self.heat_per_ammonia, self.reboiler_duty, mass, total),
        )

    def limits(self) -> list[Limit]:
        """The condenser must be colder than the vapour that it receives."""
        warm, cold = self.condenser_inlet_temperature, self.condenser_temperature
        return [
            Limit(
                "condenser temperature",
                warm - cold,
                f"the condenser at {contact.at(cold):.1f} K is hotter than the vapour that reaches"
                f" it ({contact.at(warm):.1f} K), so it gives no reflux. Lower its temperature, or"
                " take rectifying stages away.",
            )
        ]

    def guess(self) -> Iterator[tuple[Any, float]]:
        """Constant molal overflow, nine tenths removed, boiling temperatures, a hot feed."""
        fed = {k: max(contact.at(v), 1e-30) for k, v in self.feed.flow.items()}
        boilup = self.given.get("boilup_ratio", 0.15) * sum(fed.values())
        pressure = self.given.get("pressure", 101325.0)
        product = min(0.9 * fed[AMMONIA], 0.5 * boilup)
        liquids, vapours = self._column()
        top = self.given.get("condenser_temperature", 313.15)
        for n, (liquid, vapour) in enumerate(zip(liquids, vapours, strict=True)):
            below = max(n - self.upper, 0) / (self.lower + 1)
            above = max(self.upper + 1 - n, 0) / (self.upper + 1)
            held = fed[AMMONIA] * (1 - below) + 0.02 * product
            if n <= self.upper:
                totals = {k: 0.0 for k in liquid.flow}
                totals["H2O"], totals[AMMONIA] = boilup, boilup * (0.05 + 0.3 * above)
            else:
                totals = {**fed, AMMONIA: held}
            T = top if n == 0 else contact.bubble_temperature(totals, pressure)
            for k, value in totals.items():
                yield liquid.flow[k], value
            ammonia = held if n > self.upper else product * (1 + 0.2 * (1 - above))
            ammonia = min(ammonia, 0.7 * boilup)
            for k in vapour.flow:
                yield vapour.flow[k], 1e-9 * boilup
            yield vapour.flow["NH3"], ammonia
            yield vapour.flow["H2O"], (0.05 * product if n == 0 else boilup - ammonia)
            for state in (liquid, vapour):
                yield state.temperature, T
                yield state.pressure, pressure
        yield self.feed.temperature, contact.bubble_temperature(fed, pressure) - 5.0
