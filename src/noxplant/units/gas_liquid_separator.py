"""Separator of a gas and a liquid that leave in equilibrium."""

from __future__ import annotations

from noxplant import contact
from noxplant.quantities import Inlet, Outlet, Spec
from noxplant.unit import Equations, Unit


class GasLiquidSeparator(Unit):
    """A liquid and a gas meet, come to equilibrium without heat, and part.

    One adiabatic equilibrium stage: the gas leaves with the water, ammonia and other vapours that
    the liquid holds against it, the liquid pays for them with its heat. Entrainment and gases
    dissolved in the liquid (H2, O2, N2) are neglected.
    """

    liquid = Inlet("aqueous", "liquid with the gas that rises from it")
    gas = Inlet("gas", "gas to be parted from the liquid")
    liquid_out = Outlet("aqueous", "the liquid without gas")
    gas_out = Outlet("gas", "the gas with the vapours of the liquid")
    pressure_drop = Spec("Pa", "pressure drop from the liquid inlet", (0.0, None), default=0.0)

    def __init__(self, name: str, *, pressure_drop: float = 0.0) -> None:
        """Name the separator; it works at the liquid's pressure less a drop in Pa."""
        super().__init__(name, pressure_drop=pressure_drop)

    def equations(self) -> Equations:
        """One equilibrium stage."""
        pressure = self.liquid.pressure - self.pressure_drop
        yield from contact.stage([self.liquid, self.gas], self.liquid_out, self.gas_out, pressure)
