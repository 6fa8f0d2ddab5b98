"""Column that takes water off free-base hydrazine."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pyomo.environ as pyo

from noxplant import balances, contact, freebase
from noxplant.errors import NoxplantError
from noxplant.freebase import HYDRAZINE
from noxplant.quantities import Heat, Inlet, Inside, Outlet, Result, Spec
from noxplant.thermo import hydrazine
from noxplant.unit import Equations, Limit, Unit


class HydrazineColumn(Unit):
    """Adiabatic equilibrium stages with total condenser and reboiler; water leaves at the top.

    Every stage has its own balances, first law and NRTL equilibrium at one pressure. Reflux is
    boiling liquid. The bottoms approach the azeotrope (71 wt% at 1 atm) and cannot pass it; the
    more stages and reflux, the less hydrazine goes overhead. Heat of mixing of hydrazine and water
    is neglected, as in all aqueous streams.

    Source: MESH equations; hydrazine note 3.7 (column), NRTL of `noxplant.thermo.hydrazine`.
    """

    feed = Inlet("aqueous", "hydrazine and water, free base")
    distillate = Outlet("aqueous", "water, boiling")
    bottoms = Outlet("aqueous", "concentrated hydrazine, boiling")
    reflux = Inside("aqueous", "liquid of the condenser", count="one")
    down = Inside("aqueous", "liquid of the stages", count="stages")
    up = Inside("gas", "vapour of the stages and the reboiler", count="vapours", only="gases")
    pressure = Spec("Pa", "pressure of the column", (2e3, 1.2e5))
    reflux_ratio = Spec("mol/mol", "reflux per distillate", (0.0, 100.0))
    boilup_ratio = Spec("mol/mol", "reboiler vapour per liquor fed", (1e-4, 100.0))
    strength = Result("kg/kg", "hydrazine in the bottoms", fixed_within=(0.0, 0.71), open="both")
    loss = Result("1", "hydrazine overhead per hydrazine fed", fixed_within=(0.0, 1.0), open="both")
    top_temperature = Result("K", "temperature of the condenser", nominal=373.0)
    bottom_temperature = Result("K", "temperature of the reboiler", nominal=385.0)
    duty = Heat(
        "W", "heat of the reboiler", nominal=1e5, utility="low-pressure steam",
        start="bottom_temperature", end="bottom_temperature",
    )  # fmt: skip
    condenser_duty = Heat(
        "W", "heat of the condenser", nominal=1e5, start="top_temperature", end="top_temperature"
    )

    def __init__(self, name: str, *, stages: int, feed_stage: int, **given: float) -> None:
        """Name the column, give its stages without reboiler and the feed stage from the top."""
        self.stages = contact.whole(name, "stages", stages, 1)
        self.feed_stage = contact.whole(name, "feed_stage", feed_stage, 1)
        self.one, self.vapours = 1, self.stages + 1
        self.gases = ("N2H4", "H2O")
        contact.whole(name, "stages below the feed", self.stages - self.feed_stage, 0)
        super().__init__(name, **given)

    def equations(self) -> Equations:
        """Condenser, stages from the top, reboiler, figures."""
        freebase.only_free_base(self.name, self.feed)
        yield from self._condenser()
        above = [*self.reflux, *self.down]
        for n in range(1, self.stages + 1):
            inlets = [above[n - 1], self.up[n]]
            if n == self.feed_stage:
                inlets.append(self.feed)
            tag = f"stage {n}: "
            yield from freebase.stage(inlets, self.down[n - 1], self.up[n - 1], self.pressure, tag)
        bottoms = self.bottoms
        yield from freebase.stage(
            [above[-1]], bottoms, self.up[-1], self.pressure, "reboiler: ", self.duty
        )
        yield "boil-up", self.up[-1].total_flow == self.boilup_ratio * self.feed.total_flow
        yield "bottom temperature", self.bottom_temperature == bottoms.temperature
        yield "strength", self.strength == freebase.mass_fraction(bottoms)
        yield "loss", self.loss * self.feed.flow[HYDRAZINE] == self.distillate.flow[HYDRAZINE]

    def _condenser(self) -> Equations:
        """All vapour becomes boiling liquid, which is divided into reflux and distillate."""
        reflux, distillate, vapour = self.reflux[0], self.distillate, self.up[0]
        yield from balances.moles([vapour], [reflux, distillate], tag="condenser: ")
        yield from balances.energy(
            [vapour], [reflux, distillate], heat=self.condenser_duty, tag="condenser: "
        )
        for key in distillate.flow:
            if key == HYDRAZINE:
                yield "reflux", reflux.flow[key] == self.reflux_ratio * distillate.flow[key]
        yield "reflux of water", reflux.flow["H2O"] == self.reflux_ratio * distillate.flow["H2O"]
        x = freebase.fraction(distillate)
        _, ratio = freebase.vapour(x, distillate.temperature, self.pressure)
        yield "boiling distillate", ratio == 1
        yield "top temperature", self.top_temperature == distillate.temperature
        yield "pressure of the distillate", distillate.pressure == self.pressure
        yield from balances.same_state(distillate, reflux)

    def guess(self) -> Iterator[tuple[Any, float]]:
        """Constant molal overflow, boiling temperatures, mole fractions in equal steps."""
        pressure = float(pyo.value(self.pressure))
        fed = {k: max(contact.at(v), 1e-30) for k, v in self.feed.flow.items()}
        total = sum(fed.values())
        x0 = fed[HYDRAZINE] / total
        boilup = self.given.get("boilup_ratio", 0.8) * total
        ratio = self.given.get("reflux_ratio", 1.0)
        try:
            span = [hydrazine.boiling_point(x, pressure) for x in (0.0, min(x0 * 3, 0.5))]
        except NoxplantError:
            return
        count = self.stages + 1
        for n, (liquid, vapour) in enumerate(
            zip([*self.down, self.bottoms], self.up, strict=True), start=1
        ):
            flow = boilup * ratio / (1 + ratio) + (total if n >= self.feed_stage else 0.0)
            flow = flow if n < count else max(total - boilup / (1 + ratio), 0.05 * total)
            x = x0 * min(1.0, n / self.feed_stage) * (1 + max(n - self.feed_stage, 0) / count)
            for stream, amount, share in ((liquid, flow, x), (vapour, boilup, 0.1 * x)):
                base = next(k for k in stream.flow if k in (HYDRAZINE, "N2H4"))
                yield stream.flow[base], amount * share
                yield stream.flow["H2O"], amount * (1 - share)
                yield stream.temperature, span[0] + (span[1] - span[0]) * n / count
                yield stream.pressure, pressure

    def limits(self) -> list[Limit]:
        """Something must be left at the bottom, below the azeotrope, not too hot."""
        x = freebase.fraction(self.bottoms)
        y, _ = freebase.vapour(x, self.bottom_temperature, self.pressure)
        return [
            Limit(
                "azeotrope",
                x - y,
                "the bottoms would pass the azeotrope (liquid less vapour {margin:.3g} mol/mol)."
                " Boil up less, or give a strength below it (71 wt% at 1 atm).",
            ),
            freebase.too_hot(self.bottom_temperature, "reboiler"),
        ]
