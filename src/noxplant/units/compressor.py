"""Compressor or blower."""

from __future__ import annotations

from typing import Final

from noxplant import balances, maths
from noxplant.constants import GAS_CONSTANT
from noxplant.quantities import Inlet, Outlet, Result, Spec, Work
from noxplant.thermo import gas
from noxplant.unit import Equations, Limit, Unit

HOTTEST: Final = 1300.0
"""End of the range of cold gas streams, K."""


class Compressor(Unit):
    """Raises the pressure of an ideal gas in one adiabatic stage; also serves as blower.

    The isentropic outlet temperature follows from the entropies of the NASA polynomials; work is
    the isentropic enthalpy rise over the isentropic efficiency. Put several in series with
    `Heater` as intercooler for high ratios.
    """

    feed = Inlet("gas", "gas")
    out = Outlet("gas", "compressed gas")
    pressure = Spec("Pa", "outlet pressure", (100.0, 1e8))
    efficiency = Spec("1", "isentropic work over work", (0.01, 1.0))
    power = Work("W", "shaft power", nominal=1e3)
    isentropic_temperature = Result(
        "K", "outlet temperature without losses", (150.0, 1300.0), nominal=100.0
    )

    def __init__(self, name: str, *, pressure: float, efficiency: float) -> None:
        """Name the compressor, give outlet pressure [Pa] and isentropic efficiency."""
        super().__init__(name, pressure=pressure, efficiency=efficiency)

    def equations(self) -> Equations:
        """Entropy of the ideal path, work, first law."""
        feed, out = self.feed, self.out
        ideal, T = self.isentropic_temperature, feed.temperature
        keys = list(feed.phase_of)
        rise = sum(feed.flow[k] * gas.entropy_rise(k, T, ideal) for k in keys)
        ln_ratio = maths.log(out.pressure) - maths.log(feed.pressure)
        entropy = feed.total_flow * GAS_CONSTANT * ln_ratio
        yield "isentropic temperature", rise == entropy
        work = sum(feed.flow[k] * gas.enthalpy(k, ideal) for k in keys) - feed.enthalpy_flow
        yield "power", self.power * self.efficiency == work
        yield from balances.moles([feed], [out])
        yield from balances.energy([feed], [out], work=self.power)
        yield "pressure", out.pressure == self.pressure

    def limits(self) -> list[Limit]:
        """Pressure must rise and the gas must stay within its data."""
        feed = self.feed
        # Ideal end temperature at which the gas leaves at 1300 K; 0 to 20 K low, as h is convex.
        T = feed.temperature
        end = T + self.efficiency * (HOTTEST - T)
        most = sum(feed.flow[k] * gas.entropy_rise(k, T, end) for k in feed.phase_of)
        ln_ratio = maths.log(self.pressure) - maths.log(feed.pressure)
        return [
            Limit(
                "pressure rise",
                self.pressure - self.feed.pressure,
                "a compressor cannot lower pressure (rise {margin:.4g} Pa). Give a higher outlet"
                " pressure, or use a Valve.",
            ),
            Limit(
                "outlet temperature below 1300 K",
                most - feed.total_flow * GAS_CONSTANT * ln_ratio,
                "the gas would leave hotter than its data reach (1300 K; entropy left {margin:.4g}"
                " W/K). Compress in stages with coolers between.",
            ),
        ]
