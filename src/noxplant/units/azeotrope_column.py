"""Column of equilibrium stages that takes acetonitrile out of wash water, up to its azeotrope."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pyomo.environ as pyo

from noxplant import balances, contact, distillation
from noxplant.errors import ModelError
from noxplant.maths import value
from noxplant.quantities import Heat, Inlet, Inside, Outlet, Result, Spec
from noxplant.species import component, molar_mass
from noxplant.unit import Equations, Limit, Unit

TOTALS = {"acetonitrile": "acetonitrile", "methanol": "methanol", "NH3": "N(-3)", "H2O": "H2O"}
"""Component of the wash water by what boils of it."""


MOST_SALT = 0.1
"""mol of charge per kg water above which salts would show in the equilibria. A choice: at a Setschenow
constant near 0.2 kg/mol a twentieth of acetonitrile's volatility."""
FLUORIDE = 1e-5
"""kg of PF6- per kg water above which boiling it is worth a word (hydrazine note 3.4)."""


class AzeotropeColumn(Unit):
    """Adiabatic stages, total condenser, reboiler: the overhead comes as near the azeotrope as they let it.

    Beside AzeotropeStill, whose overhead is the azeotrope itself: here its composition, temperature
    and the shares of methanol, ammonia and water follow from NRTL equilibria on every stage; only
    the acetonitrile recovered is given. Salts pass to the bottoms; on the stages they neither
    dilute nor salt out (assumption; warned of above 0.1 mol/kg). Formaldehyde stays in
    the water as hydrate. All ammonia counts as free: a wash water with acid is refused. The stages'
    enthalpies are those of the pure liquids; the reboiler takes what the first law of the whole
    column asks for, heats of solution of the feed in it.

    Source: MESH equations; NRTL of `noxplant.thermo.nrtl`; azeotrope 349.8 K, 84 wt% acetonitrile.
    """

    feed = Inlet("aqueous", "wash water with acetonitrile")
    distillate = Outlet("organic", "overhead, condensed", only="boiling")
    bottoms = Outlet("aqueous", "water without solvent")
    boiled = Inside(
        "organic", "what boils of the feed, in solvent's enthalpies", count="one", only="boiling"
    )
    up = Inside("gas", "vapour of the stages and the reboiler", count="vapours", only="boiling")
    reflux = Inside("organic", "liquid returned by the condenser", count="one", only="boiling")
    down = Inside(
        "organic", "liquid of the stages and the reboiler", count="vapours", only="boiling"
    )
    recovery = Spec("1", "acetonitrile that goes overhead", (0.0, 1.0), open="both")
    condenser_temperature = Spec("K", "temperature of the distillate", (253.0, 349.0))
    reflux_ratio = Spec("mol/mol", "reflux per distillate", (1e-3, 1e4))
    pressure = Spec("Pa", "pressure of the column", (1e4, 1.2e5))
    azeotrope_water = Result("mol/mol", "water per acetonitrile in the overhead", nominal=0.4)
    overhead_temperature = Result("K", "temperature of the first stage", nominal=350.0)
    boilup_ratio = Result("mol/mol", "vapour of the reboiler per liquor fed", nominal=0.1)
    acetonitrile_left = Result("mol/s", "acetonitrile in the bottoms", nominal=1e-3)
    ammonia_recovery = Result("1", "ammonia that goes overhead", (0.0, None), nominal=0.5)
    duty = Heat(
        "W", "heat of the reboiler", nominal=1e4, utility="low-pressure steam", start="bottoms"
    )
    condenser_duty = Heat(
        "W", "heat of the condenser", nominal=1e4,
        start="overhead_temperature", end="condenser_temperature",
    )  # fmt: skip

    def __init__(self, name: str, *, stages: int, feed_stage: int, **given: float) -> None:
        """Name the column; stages without reboiler, feed stage from the top, specifications in SI."""
        self.stages = contact.whole(name, "stages", stages, 1)
        self.feed_stage = contact.whole(name, "feed_stage", feed_stage, 1)
        contact.whole(name, "stages below the feed", self.stages - self.feed_stage, 0)
        self.one, self.vapours = 1, self.stages + 1
        super().__init__(name, **given)

    @property
    def boiling(self) -> tuple[str, ...]:
        """What boils of the feed."""
        fed = self.ports["feed"][0].keys.get("aqueous", ())
        return tuple(k for k, total in TOTALS.items() if total in (*fed, "H2O"))

    def equations(self) -> Equations:
        """Condenser, stages from the top, reboiler, first law of the whole, figures."""
        if "acetonitrile" not in self.boiling:
            raise ModelError(f"{self.name}: no acetonitrile reaches the column.")
        yield from self._ends()
        liquids = [*self.reflux, *self.down]
        for n in range(1, self.stages + 1):
            inlets = [liquids[n - 1], self.up[n], *(self.boiled if n == self.feed_stage else ())]
            gas, tag = self.up[n - 1], f"stage {n}: "
            yield from distillation.stage(inlets, liquids[n], gas, self.pressure, tag)
        residue, steam, tag = self.down[-1], self.up[-1], "reboiler: "
        yield from balances.moles([liquids[-2]], [residue, steam], tag=tag)
        yield from distillation.boiling(residue, steam, self.pressure, tag)
        yield "boiling bottoms", self.bottoms.temperature == residue.temperature
        heat = self.duty + self.condenser_duty
        yield from balances.energy(self.inlets, self.outlets, heat=heat)
        yield from self._figures()

    def _ends(self) -> Equations:
        """Feed as the stages see it, condenser, products."""
        top, back, out, seen = self.up[0], self.reflux[0], self.distillate, self.boiled[0]
        for key in self.boiling:
            yield f"fed {key}", seen.flow[key] == self.feed.flow[TOTALS[key]]
            reflux = self.reflux_ratio * out.flow[key]
            yield f"reflux of {key}", back.flow[key] == reflux
            yield f"distillate of {key}", out.flow[key] + back.flow[key] == top.flow[key]
        yield from balances.same_state(self.feed, seen)
        for s in (back, out):
            yield f"temperature of {s.name}", s.temperature == self.condenser_temperature
            yield f"pressure of {s.name}", s.pressure == self.pressure
        fall = back.enthalpy_flow + out.enthalpy_flow - top.enthalpy_flow
        yield "energy of the condenser", self.condenser_duty == fall
        over = self.recovery * self.feed.flow["acetonitrile"]
        yield "recovery", out.flow["acetonitrile"] == over
        yield from balances.moles([self.feed], [out, self.bottoms])
        yield "pressure of bottoms", self.bottoms.pressure == self.pressure

    def _figures(self) -> Equations:
        out = self.distillate.flow
        yield "azeotrope", out["H2O"] == self.azeotrope_water * out["acetonitrile"]
        yield "overhead temperature", self.overhead_temperature == self.up[0].temperature
        yield "boil-up", self.boilup_ratio * self.feed.total_flow == self.up[-1].total_flow
        yield "left", self.acetonitrile_left == self.bottoms.flow["acetonitrile"]
        fed, tops = self.feed.content("N(-3)"), self.distillate.content("N(-3)")
        yield "ammonia", contact.ratio(self.ammonia_recovery, tops, fed, self.feed.total_flow)

    def guess(self) -> Iterator[tuple[Any, float]]:
        """Profiles at constant molal overflow."""
        held = {k: max(contact.at(self.feed.flow[TOTALS[k]]), 1e-30) for k in self.boiling}
        pressure = float(pyo.value(self.pressure))
        kept = 1 - self.given.get("recovery", 0.99)
        reflux, shape = self.given.get("reflux_ratio", 1.0), (self.stages, self.feed_stage)
        rows = distillation.start_profile(held, self.boiling, shape, reflux, kept, pressure)
        for row, liquid, gas in zip(rows, self.down, self.up, strict=True):
            for s in (liquid, gas):
                yield s.temperature, row["T"]
                yield s.pressure, pressure
            for key in self.boiling:
                yield liquid.flow[key], row["liquid"][key]
                yield gas.flow[key], row["vapour"][key]

    def warnings(self) -> tuple[str, ...]:
        """Salt that the stages leave out, hexafluorophosphate in boiling water, once solved."""
        if self.block is None:
            return ()
        flow, found = self.feed.flow, []
        kilograms = value(flow["H2O"]) * molar_mass("H2O")
        charges = {k: component(k).charge for k in self.feed.phase_keys("aqueous")}
        salt = sum(abs(z) * value(flow[k]) for k, z in charges.items() if z) / 2
        if salt > MOST_SALT * kilograms:
            found.append(
                f"the wash water holds {salt / kilograms:.3g} mol of salt per kg water; above {MOST_SALT:g} it"
                " would drive out acetonitrile and raise the boiling point, which the stages leave out."
            )
        fluoride = value(flow["PF6-"]) * molar_mass("PF6-") if "PF6-" in flow else 0.0
        if fluoride > FLUORIDE * kilograms:
            found.append(
                f"water with {1e6 * fluoride / kilograms:.3g} mg PF6- per kg is boiled: hot water, acid above"
                " all, makes hydrogen fluoride of it, which is not modelled. Wash with less, or keep the"
                " column under vacuum and alkaline."
            )
        return tuple(found)

    # limits -------------------------------------------------------------------------------
    def limits(self) -> list[Limit]:
        """The feed is on the water's side of the azeotrope; data end; ammonia is free."""
        low, high = distillation.SPAN
        return [
            *self._azeotrope(),
            *contact.no_free_rise(self.name, [self.feed], self.distillate),
            Limit(
                "hottest stage",
                high + 4.0 - self.bottoms.temperature,
                f"the bottoms would boil {{margin:.3g}} K below {high + 4:g} K, where the NRTL"
                " parameters end. Lower the pressure.",
            ),
            Limit(
                "coldest stage",
                self.overhead_temperature - low,
                f"the top would boil {{margin:.3g}} K above {low:g} K, where the NRTL parameters end."
                " Raise the pressure.",
            ),
            *self._free_ammonia(),
        ]

    def _free_ammonia(self) -> list[Limit]:
        """Where there is ammonia there is no acid."""
        if "NH3" not in self.boiling:
            return []
        acid = contact.acid_capacity(self.feed) + self.feed.content("N(-3)")
        return [
            Limit(
                "free ammonia",
                1e-9 * self.feed.total_flow - acid,
                "the wash water is acid: its ammonia stays as ammonium and does not boil as taken"
                " here. Neutralise it, or use AzeotropeStill.",
            )
        ]

    def _azeotrope(self) -> list[Limit]:
        found = distillation.azeotrope("H2O", value(self.pressure))
        if found is None:
            return []
        x, T = found
        fed = self.feed.flow
        return [
            Limit(
                "azeotrope",
                x * fed["H2O"] - (1 - x) * fed["acetonitrile"],
                f"the feed lies beyond the azeotrope, {100 * x:.3g} mol% acetonitrile at {T:.2f} K and"
                f" {value(self.pressure):.5g} Pa: water would go overhead and acetonitrile down. Use a"
                " SolventColumn.",
            )
        ]
