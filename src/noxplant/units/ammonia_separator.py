"""Condensation of ammonia out of synthesis gas."""

from __future__ import annotations

from noxplant import balances, contact
from noxplant.errors import ModelError
from noxplant.quantities import Heat, Inlet, Outlet, Result, Spec
from noxplant.thermo import pure
from noxplant.unit import Equations, Limit, Unit

NH3 = pure.fluid("NH3")


class AmmoniaSeparator(Unit):
    """Cools gas until ammonia condenses; the gas leaves with p_NH3 = vapour pressure.

    The liquid is pure: dissolved H2, N2 and Ar are neglected, likewise the fugacities of the gas (at
    150 atm it really holds about half as much ammonia again) and the heat of compression of gases.
    The enthalpy of the liquid is that of NH3 in the organic phase (within 1 kJ/mol of CoolProp).

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
        feed, gas, liquid = self.feed, self.gas, self.liquid
        if "NH3" not in feed.phase_of:
            raise ModelError(
                f"{self.name}: its feed holds no NH3; put an AmmoniaConverter before it."
            )
        vapour = NH3.saturation_pressure(self.temperature)
        yield "vapour pressure", gas.flow["NH3"] * gas.pressure == vapour * gas.total_flow
        for k in feed.phase_of:
            if k != "NH3":
                yield f"moles of {k}", gas.flow[k] == feed.flow[k]
        yield "moles of NH3", feed.flow["NH3"] == gas.flow["NH3"] + liquid.flow["NH3"]
        yield "condensed", self.condensed == liquid.flow["NH3"]
        yield from balances.energy([feed], [gas, liquid], heat=self.duty)
        yield from balances.pressure(feed, gas, self.pressure_drop)
        yield "temperature", gas.temperature == self.temperature
        yield from balances.same_state(gas, liquid)
        heat = NH3.heat_of_vaporisation(self.temperature)
        yield "refrigerated", self.refrigerated == heat * self.condensed

    def limits(self) -> list[Limit]:
        """The gas must bring more than it takes away."""
        feed, cold = self.feed, contact.at(self.temperature)
        share = contact.at(feed.flow["NH3"] / feed.total_flow)
        takes = contact.at(NH3.saturation_pressure(cold) / self.gas.pressure)
        return [
            Limit(
                "condensation",
                self.condensed,
                f"nothing condenses: the feed holds {share:.3g} NH3, the gas could hold {takes:.3g}"
                f" at {cold:.4g} K. Separate colder or at a higher pressure.",
            )
        ]
