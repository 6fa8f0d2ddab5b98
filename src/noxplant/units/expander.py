"""Expansion turbine."""

from __future__ import annotations

from typing import Final

from noxplant import balances, condensation, maths
from noxplant.constants import GAS_CONSTANT
from noxplant.quantities import Inlet, Outlet, Result, Spec, Work
from noxplant.thermo import gas
from noxplant.unit import Equations, Limit, Unit

COLDEST: Final = 200.0
"""Low end of the range of cold gas streams, K."""


class Expander(Unit):
    """Lowers the pressure of an ideal gas in one adiabatic stage and gives shaft work.

    The isentropic outlet temperature follows from the entropies of the NASA polynomials; the work is
    the isentropic enthalpy drop times the isentropic efficiency. `power` counts into the unit, so
    it is negative. The gas does not react and must stay above its dew point.
    """

    feed = Inlet("gas", "gas at high pressure")
    out = Outlet("gas", "expanded gas")
    pressure = Spec("Pa", "outlet pressure", (100.0, 1e8))
    efficiency = Spec("1", "work over isentropic work", (0.01, 1.0))
    power = Work("W", "shaft power (negative: given off)", nominal=1e3)
    isentropic_temperature = Result(
        "K", "outlet temperature without losses", (150.0, 1300.0), nominal=100.0
    )

    def __init__(self, name: str, *, pressure: float, efficiency: float) -> None:
        """Name the expander, give outlet pressure [Pa] and isentropic efficiency."""
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
        yield "power", self.power == self.efficiency * work
        yield from balances.moles([feed], [out])
        yield from balances.energy([feed], [out], work=self.power)
        yield "pressure", out.pressure == self.pressure

    def limits(self) -> list[Limit]:
        """Pressure must fall; the gas stays within its data and above its dew point."""
        feed = self.feed
        # the ideal path must not end below the data
        least = sum(
            feed.flow[k] * gas.entropy_rise(k, feed.temperature, COLDEST) for k in feed.phase_of
        )
        ln_ratio = maths.log(self.pressure) - maths.log(feed.pressure)
        return [
            Limit(
                "pressure drop",
                feed.pressure - self.pressure,
                "an expander cannot raise pressure (drop {margin:.4g} Pa). Give a lower outlet"
                " pressure, or use a Compressor.",
            ),
            Limit(
                "ideal outlet temperature above 200 K",
                feed.total_flow * GAS_CONSTANT * ln_ratio - least,
                "without losses the gas would leave colder than its data reach (200 K; entropy over"
                " {margin:.4g} W/K). Heat the gas before, or expand in stages with heaters between.",
            ),
            *condensation.dew(self.out),
        ]
