"""Condensation of ammonia out of synthesis gas."""

from __future__ import annotations

from noxplant import condensation, contact
from noxplant.constants import ATMOSPHERE
from noxplant.quantities import Heat, Inlet, Outlet, Result, Spec
from noxplant.species.numbers import number
from noxplant.thermo import ammonia, pure
from noxplant.unit import Equations, Limit, Unit

NH3 = pure.fluid("NH3")


class AmmoniaSeparator(Unit):
    """Cools gas until ammonia condenses; the gas leaves with p_NH3 = vapour pressure.

    The liquid is pure: dissolved H2, N2 and Ar are neglected, likewise the fugacities of the gas and
    the heat of compression of gases. Under pressure the gas really holds more ammonia: 1.6 times as
    much at 150 atm and -5 C, 2.3 times at 300 atm (a warning says how much; above 300 atm refused).
    `RealAmmoniaSeparator` counts it. The enthalpy of the liquid is that of NH3 in the organic phase
    (within 1 kJ/mol of CoolProp).

    Source: plasma note, section 4; vapour pressure of CoolProp, `noxplant.thermo.pure`.
    """

    feed = Inlet("gas", "gas with ammonia")
    gas = Outlet("gas", "gas that does not condense")
    liquid = Outlet("organic", "liquid ammonia", only=("NH3",))
    temperature = Spec("K", "temperature of separation", (240.0, 350.0))
    pressure_drop = Spec("Pa", "pressure drop", (0.0, None), default=0.0)
    duty = Heat("W", "heat added (negative: removed)", nominal=1e4, start="feed", end="temperature")
    condensed = Result("mol/s", "ammonia condensed", nominal=0.1)
    refrigerated = Result("W", "heat of condensation at the temperature of separation", nominal=1e4)

    def __init__(
        self,
        name: str,
        *,
        temperature: float,
        pressure_drop: float = 0.0,
        utility: str = "refrigeration",
    ) -> None:
        """Name the separator, give its temperature [K] and what cools it."""
        super().__init__(name, temperature=temperature, pressure_drop=pressure_drop)
        self.choose_utility("duty", utility)

    def equations(self) -> Equations:
        """Vapour pressure, balances, first law."""
        yield from condensation.ammonia_drum(self, NH3.saturation_pressure(self.temperature))

    def limits(self) -> list[Limit]:
        """The gas must bring more than it takes away; not at pressures where all of it is wrong."""
        most = number("ammonia.saturated.pressures")[1] * ATMOSPHERE
        here, cold = contact.at(self.gas.pressure), contact.at(self.temperature)
        return [
            condensation.ammonia_left(self, NH3.saturation_pressure(cold)),
            Limit(
                "highest pressure",
                most - self.gas.pressure,
                f"the gas leaves at {here / ATMOSPHERE:.4g} atm; above {most / ATMOSPHERE:g} atm it"
                " holds more than twice the ammonia of its vapour pressure, which this unit leaves"
                " out. Separate at a lower pressure.",
            ),
        ]

    def warnings(self) -> list[str]:
        """How much more ammonia a real gas holds."""
        T, p = contact.at(self.temperature), contact.at(self.gas.pressure)
        (low, high), (cold, warm) = (
            number(f"ammonia.saturated.{k}") for k in ("pressures", "range")
        )
        if not (low <= p / ATMOSPHERE <= high and cold <= T <= warm):
            return []
        here, really = NH3.saturation_pressure(T) / p, ammonia.saturated_fraction(T, p)
        return [
            f"the gas leaves with {100 * here:.3g} % NH3 by the vapour pressure; at"
            f" {p / ATMOSPHERE:.4g} atm and {T:.4g} K real gas holds {100 * really:.3g} %,"
            f" {really / here:.3g} times as much. A RealAmmoniaSeparator counts that."
        ]
