"""Still that takes acetonitrile out of wash water as its azeotrope."""

from __future__ import annotations

from noxplant import balances
from noxplant.azeotrope import known_azeotrope
from noxplant.quantities import Heat, Inlet, Inside, Outlet, Result, Spec
from noxplant.unit import Equations, Limit, Unit

VOLATILE = {"acetonitrile": "acetonitrile", "methanol": "methanol", "N(-3)": "NH3"}


class AzeotropeStill(Unit):
    """Acetonitrile leaves overhead with the water of its azeotrope; salts stay in the water.

    A given fraction of acetonitrile, methanol and ammonia goes overhead (both are more volatile
    from dilute water than the azeotrope); formaldehyde stays as hydrate. No vapour-liquid model of
    acetonitrile and water holds here from infinite dilution to the azeotrope, so the composition of
    the azeotrope is given and never crossed. The condenser takes the overhead's vapour times
    (1 + reflux ratio); the bottoms boil at the column's pressure; the reboiler follows from the
    first law.

    Source: azeotrope 349.8 K, 84 wt% acetonitrile at 1 atm (hydrazine note, section 2).
    """

    feed = Inlet("aqueous", "wash water with acetonitrile")
    distillate = Outlet("organic", "azeotrope, condensed", only="overhead_keys")
    bottoms = Outlet("aqueous", "water without solvent")
    vapour = Inside("gas", "overhead vapour", count="one", only="overhead_keys")
    recovery = Spec("1", "acetonitrile, methanol and ammonia that go overhead", (0.0, 0.9999))
    azeotrope_water = Spec("mol/mol", "water per acetonitrile in the azeotrope", (0.0, 2.0))
    azeotrope_temperature = Spec("K", "boiling temperature of the azeotrope", (300.0, 400.0))
    condenser_temperature = Spec("K", "temperature of the distillate", (253.0, 349.0))
    reflux_ratio = Spec("mol/mol", "reflux per distillate", (0.0, 100.0))
    pressure = Spec("Pa", "pressure of the column", (1e4, 5e5))
    duty = Heat(
        "W", "heat of the reboiler", nominal=1e4, utility="low-pressure steam", start="bottoms"
    )
    condenser_duty = Heat(
        "W",
        "heat of the condenser",
        nominal=1e4,
        start="azeotrope_temperature",
        end="condenser_temperature",
    )
    acetonitrile_left = Result("mol/s", "acetonitrile in the bottoms", nominal=1e-3)

    def __init__(self, name: str, **given: float) -> None:
        """Name the still and give its specifications, SI."""
        self.one = 1
        super().__init__(name, **given)

    @property
    def overhead_keys(self) -> tuple[str, ...]:
        """Species that go overhead."""
        fed = self.ports["feed"][0].keys.get("aqueous", ())
        return ("H2O", *(s for k, s in VOLATILE.items() if k in fed))

    def equations(self) -> Equations:
        """Recoveries, azeotrope, boiling bottoms, first law of condenser and column."""
        top, vapour = self.distillate, self.vapour[0]
        yield from balances.moles([self.feed], [top, self.bottoms])
        for key, name in VOLATILE.items():
            if key in self.feed.flow:
                yield f"overhead {name}", top.flow[name] == self.recovery * self.feed.flow[key]
        yield "azeotrope", top.flow["H2O"] == self.azeotrope_water * top.flow["acetonitrile"]
        for key in self.overhead_keys:
            yield f"vapour of {key}", vapour.flow[key] == top.flow[key]
        yield "temperature of the vapour", vapour.temperature == self.azeotrope_temperature
        yield "temperature of the distillate", top.temperature == self.condenser_temperature
        for stream, name in ((vapour, "vapour"), (top, "distillate"), (self.bottoms, "bottoms")):
            yield f"pressure of {name}", stream.pressure == self.pressure
        boiling = sum(self.bottoms.equilibrium_pressure(j) for j in self.bottoms.volatile())
        yield "boiling bottoms", boiling == self.bottoms.pressure
        drop = vapour.enthalpy_flow - top.enthalpy_flow
        yield "condenser", self.condenser_duty == -(1 + self.reflux_ratio) * drop
        heat = self.duty + self.condenser_duty
        yield from balances.energy([self.feed], [top, self.bottoms], heat=heat)
        yield "left", self.acetonitrile_left == self.bottoms.flow["acetonitrile"]

    def limits(self) -> list[Limit]:
        """The azeotrope is known near 1 atm only; the bottoms boil hotter than the overhead."""
        return [
            *known_azeotrope(self.pressure),
            Limit(
                "bottoms",
                self.bottoms.temperature - self.azeotrope_temperature,
                "the bottoms would boil {margin:.3g} K above the overhead, which is the wrong way"
                " round: they hold too much acetonitrile. Raise the recovery.",
            ),
        ]
