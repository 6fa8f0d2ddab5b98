"""Acid trap: takes ammonia out of a gas and makes a liquor of its salt."""

from __future__ import annotations

from noxplant import contact
from noxplant.errors import ModelError
from noxplant.quantities import Inlet, Inside, Outlet, Result, Spec
from noxplant.unit import Equations, Limit, Unit


class AcidTrap(Unit):
    """Counter-current column in which an acid liquid takes up ammonia from a gas; no heat removed.

    The physics is that of `AirStripper`: adiabatic equilibrium stages with water, ammonia and
    carbon dioxide; the heat of neutralisation warms the liquid and evaporates water. Usable acid:
    H2SO4 2, HCl 1, HNO3 1, H3PO4 2 equivalents. The specifications are refused when the gas brings
    more ammonia than the free acid can bind. The pressure is that of the gas inlet. HCl and HNO3
    are taken as not volatile; heats of dilution of the acids are those of the stream.

    Source: ammonia note section 5.3.
    """

    liquid = Inlet("aqueous", "acid, enters at the top")
    gas = Inlet("gas", "gas with ammonia, enters at the bottom")
    liquid_out = Outlet("aqueous", "liquor of the ammonium salt")
    gas_out = Outlet("gas", "gas without ammonia")
    down = Inside("aqueous", "liquid from stage to stage", count="inner")
    up = Inside("gas", "gas from stage to stage", count="inner")
    pressure_drop = Spec("Pa", "pressure drop of the gas", (0.0, None), default=0.0)
    acid_ratio = Result("mol/mol", "ammonia that the acid can bind per ammonia that the gas brings")
    captured = Result("mol/s", "ammonia taken up", nominal=1e-2)
    capture = Result("1", "part of the gas's ammonia that is taken up", fixed_within=(0.0, 1.0))
    free_acid = Result("mol/s", "ammonia that the liquor's free acid can still bind", nominal=1e-2)
    ammonium_molality = Result("mol/kg", "ammonium (and ammonia) in the liquor", nominal=1.0)
    dissolved_fraction = Result(
        "kg/kg",
        "mass fraction of salt and acid in the liquor",
        nominal=0.1,
        fixed_within=(0.0, 1.0),
        open="both",
    )

    def __init__(self, name: str, *, stages: int = 1, pressure_drop: float = 0.0) -> None:
        """Name the trap, give its equilibrium stages and the gas pressure drop in Pa."""
        self.stages = contact.whole(name, "stages", stages, 1)
        self.inner = self.stages - 1
        super().__init__(name, pressure_drop=pressure_drop)

    def warnings(self) -> tuple[str, ...]:
        """Ammonium nitrate is an explosive."""
        if "NO3-" not in self.liquid.phase_of:
            return ()
        return (
            "the liquor can hold ammonium nitrate: never evaporate it to dryness, heat it dry or"
            " mix it with organic matter (explosion hazard).",
        )

    def equations(self) -> Equations:
        """Stages from the top, then what was captured and the strength of the liquor."""
        if "NH3" not in self.gas.phase_of:
            raise ModelError(
                f"{self.name}: the gas brings no NH3, so there is nothing to trap.\n"
                "  Check what is connected to its inlet `gas`."
            )
        liquids = [self.liquid, *self.down, self.liquid_out]
        gases = [self.gas_out, *self.up, self.gas]
        yield from contact.cascade(liquids, gases, self.gas.pressure, self.pressure_drop)
        fed, out = self.gas.flow["NH3"], self.liquid_out
        yield "ammonia captured", self.captured == fed - self.gas_out.flow["NH3"]
        yield "capture", contact.ratio(self.capture, self.captured, fed, self.gas.total_flow)
        capacity = contact.acid_capacity(self.liquid)
        brought = fed + contact.gas_content(self.gas, "N2H4")
        yield "acid ratio", contact.ratio(self.acid_ratio, capacity, brought, self.gas.total_flow)
        yield "free acid", self.free_acid == contact.acid_capacity(out)
        yield (
            "ammonium molality",
            self.ammonium_molality * contact.water_mass(out) == out.flow[contact.AMMONIA],
        )
        solids = contact.dissolved_mass(out)
        yield (
            "mass fraction of the liquor",
            self.dissolved_fraction * (solids + contact.water_mass(out)) == solids,
        )

    def limits(self) -> list[Limit]:
        """The acid must suffice and the salt must stay dissolved."""
        capacity, brought = contact.acid_capacity(self.liquid), self.gas.flow["NH3"]
        brought = brought + contact.gas_content(self.gas, "N2H4")
        short = contact.at(brought - capacity)
        return [
            Limit(
                "free acid",
                capacity - brought,
                f"the acid is exhausted: the gas brings {contact.at(brought):.4g} mol/s ammonia,"
                f" the acid can bind {contact.at(capacity):.4g} mol/s; {short:.4g} mol/s are not"
                " bound. Feed more acid (H2SO4 and H3PO4 bind 2, HCl and HNO3 1 per mole).",
            ),
            *contact.crystallising(self.liquid_out),
        ]
