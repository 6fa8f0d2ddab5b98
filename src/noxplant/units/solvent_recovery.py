"""Distillation of a side stream of mother liquor and wash liquors."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from noxplant import balances, maths
from noxplant.azeotrope import known_azeotrope
from noxplant.errors import ModelError, SpecError
from noxplant.maths import value
from noxplant.quantities import Heat, Inlet, Inside, Outlet, Result, Spec
from noxplant.species import molar_mass, organic_species
from noxplant.streams.ports import Port
from noxplant.thermo import organic
from noxplant.unit import Equations, Limit, Unit

HEAVY = tuple(s for s in organic_species() if s not in organic.volatiles())
LIGHT_ENDS = ("formaldehyde", "methanol")
AZEOTROPE_WATER = 0.16
"""Mass fraction of water in its azeotrope with acetonitrile at 1 atm (ChemSep NRTL, note 2)."""
HOTTEST_BOTTOMS = 400.0
"""K; range of the vapour pressure of acetonitrile."""


class SolventRecovery(Unit):
    """One column: solvent overhead, a light-ends cut, and bottoms that are partly purged.

    Acetonitrile but for the fraction kept in the bottoms, and all methanol, ammonia, water and
    formaldehyde, go overhead (sharp split, assumption: benzophenone boils at 579 K). The overhead
    is not separated further, so no azeotrope is crossed; water above its azeotrope with
    acetonitrile is refused. A given fraction of the formaldehyde leaves as light ends with
    methanol, bound as hemiacetal. Bottoms boil where the acetonitrile in them has the column's
    pressure; evaporation to dryness is refused, because KPF6 decomposes. The condenser takes the
    overhead's vapour times (1 + reflux ratio) from its dew point to the condenser temperature.

    Source: physics note of the hydrazine route, 3.9 and 2; reference basis D-201.
    """

    feed = Inlet("organic", "mother liquor and wash liquors", count="inlet_count")
    distillate = Outlet("organic", "solvent recovered", drops=HEAVY)
    light_ends = Outlet("organic", "formaldehyde with methanol", only=LIGHT_ENDS)
    bottoms = Outlet("organic", "bottoms returned", only="bottoms_keys")
    purge = Outlet("organic", "bottoms purged", only="bottoms_keys")
    overhead = Inside("gas", "vapour at the top of the column", count="tops")
    pressure = Spec("Pa", "pressure of the column", (1e3, 5e5))
    condenser_temperature = Spec("K", "temperature of distillate and light ends", (253.15, 353.15))
    reflux_ratio = Spec("mol/mol", "reflux per overhead product", (0.0, 100.0))
    acetonitrile_kept = Spec("1", "acetonitrile fed that stays in the bottoms", (0.0, 0.9))
    formaldehyde_out = Spec("1", "formaldehyde overhead that leaves as light ends", (0.0, 1.0))
    methanol_bound = Spec("mol/mol", "methanol per formaldehyde in the light ends", (0.0, 20.0))
    purge_fraction = Spec("1", "bottoms that are purged", (0.0, 1.0))
    top_temperature = Result("K", "dew point of the overhead", (253.0, 480.0))
    bottoms_temperature = Result("K", "boiling point of the bottoms", (253.0, 480.0))
    overhead_water = Result(
        "kg/kg", "water per water and acetonitrile overhead", nominal=0.01, fixed_within=(0.0, 1.0)
    )
    distillate_pressure = Result("Pa", "equilibrium pressure of the distillate", nominal=1e4)
    duty = Heat(
        "W",
        "heat of the reboiler",
        nominal=1e5,
        utility="low-pressure steam",
        start="bottoms_temperature",
        end="bottoms_temperature",
    )
    condenser_duty = Heat(
        "W",
        "heat of the condenser",
        nominal=1e5,
        start="top_temperature",
        end="condenser_temperature",
    )

    def __init__(
        self,
        name: str,
        *,
        inlets: int = 1,
        utility: str = "low-pressure steam",
        condenser_utility: str = "cooling water",
        **given: float,
    ) -> None:
        """Name the column; number of inlets, utilities and all specifications, SI."""
        self.inlet_count, self.tops = inlets, 1
        super().__init__(name, **given)
        if self.given.get("acetonitrile_kept") == 0.0:
            raise SpecError(
                f"{name}.acetonitrile_kept = 0: evaporation to dryness with KPF6 in the feed is"
                " refused, because the salt decomposes.\n  Keep some acetonitrile (0.1, say)."
            )
        self.choose_utility("duty", utility)
        self.choose_utility("condenser_duty", condenser_utility)

    @property
    def bottoms_keys(self) -> tuple[str, ...]:
        """What the bottoms can hold: heavy species fed, and acetonitrile."""
        held = {k for p in self.ports["feed"] for k in p.keys.get("organic", ())}
        return (*(k for k in HEAVY if k in held), "acetonitrile")

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

    def equations(self) -> Equations:
        """Splits, temperatures, condenser, reboiler by the first law."""
        if not any("acetonitrile" in p.flow for p in self.feed):
            raise ModelError(f"{self.name}: no acetonitrile reaches the solvent recovery.")
        yield from self._splits()
        yield from self._temperatures()
        top = self.overhead[0]
        product = self.distillate.enthalpy_flow + self.light_ends.enthalpy_flow
        fall = product - top.enthalpy_flow
        yield "energy of the condenser", self.condenser_duty == (1 + self.reflux_ratio) * fall
        heat = self.duty + self.condenser_duty
        yield from balances.energy(self.inlets, self.outlets, heat=heat)
        water = top.flow["H2O"] * molar_mass("H2O") if "H2O" in top.flow else 0.0
        solvent = top.flow["acetonitrile"] * molar_mass("acetonitrile")
        yield "overhead water", self.overhead_water * (water + solvent) == water
        liquid = self.distillate
        total = sum(liquid.equilibrium_pressure(j) for j in liquid.volatile())
        yield "distillate pressure", self.distillate_pressure == total

    def _splits(self) -> Equations:
        top, cut, out = self.overhead[0], self.light_ends, self.distillate
        for key in top.flow:
            up = 1 - self.acetonitrile_kept if key == "acetonitrile" else 1.0
            yield f"overhead of {key}", top.flow[key] == up * self.fed(key)
            taken = cut.content(key)
            yield f"distillate of {key}", out.flow[key] == top.flow[key] - taken
        formaldehyde = self.fed("formaldehyde")
        yield "light ends", cut.flow["formaldehyde"] == self.formaldehyde_out * formaldehyde
        bound = self.methanol_bound * cut.flow["formaldehyde"]
        yield "methanol in light ends", cut.flow["methanol"] == bound
        for key in self.bottoms.flow:
            down = self.acetonitrile_kept if key == "acetonitrile" else 1.0
            n, phi = down * self.fed(key), self.purge_fraction
            yield f"purge of {key}", self.purge.flow[key] == phi * n
            yield f"bottoms of {key}", self.bottoms.flow[key] == (1 - phi) * n

    def _temperatures(self) -> Equations:
        top = self.overhead[0]
        for s in (top, *self.outlets):
            yield f"pressure of {s.name}", s.pressure == self.pressure
        for s in (self.distillate, self.light_ends):
            yield f"temperature of {s.name}", s.temperature == self.condenser_temperature
        for s in (self.bottoms, self.purge):
            yield f"temperature of {s.name}", s.temperature == self.bottoms_temperature
        yield "temperature of the top", top.temperature == self.top_temperature
        parts = (
            top.flow[j] * maths.exp(-organic.ln_henry(j, self.top_temperature)) for j in top.flow
        )
        yield "temperature at the dew point", self.pressure * sum(parts) == top.total_flow
        ln_p = organic.ln_henry("acetonitrile", self.bottoms_temperature)
        kept = self.acetonitrile_kept * self.fed("acetonitrile")
        heavy = sum(self.fed(k) for k in self.bottoms.flow if k != "acetonitrile")
        yield "temperature of boiling", kept * maths.exp(ln_p) == self.pressure * (kept + heavy)

    def limits(self) -> list[Limit]:
        """Azeotrope, condensation, dryness, methanol for the light ends."""
        w, hot = value(self.overhead_water), value(self.bottoms_temperature)
        p, own = value(self.pressure), value(self.distillate_pressure)
        T = value(self.condenser_temperature)
        return [
            *known_azeotrope(self.pressure),
            Limit(
                "azeotrope of water and acetonitrile",
                AZEOTROPE_WATER - self.overhead_water,
                f"the overhead would hold {100 * w:.3g} wt% water, its azeotrope with acetonitrile"
                f" {100 * AZEOTROPE_WATER:g} wt%: one column cannot take the rest over. Dry the feed"
                " first.",
            ),
            Limit(
                "condensation of the overhead",
                self.pressure - self.distillate_pressure,
                f"the distillate at {T:.2f} K has an equilibrium pressure of {own:.4g} Pa, the"
                f" column {p:.4g} Pa, so it does not condense. Cool it more, raise the pressure or"
                " strip ammonia and formaldehyde first.",
            ),
            Limit(
                "solvent in the bottoms",
                HOTTEST_BOTTOMS - self.bottoms_temperature,
                f"the bottoms would boil at {hot:.1f} K, beyond {HOTTEST_BOTTOMS:g} K: that is"
                " evaporation to dryness with KPF6 present. Raise acetonitrile_kept or lower the"
                " pressure.",
            ),
            Limit(
                "methanol for the light ends",
                self.distillate.content("methanol"),
                "the light ends would take more methanol than there is ({margin:.3g} mol/s left)."
                " Lower methanol_bound or formaldehyde_out.",
            ),
        ]
