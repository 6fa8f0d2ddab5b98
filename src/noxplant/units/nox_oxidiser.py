"""Empty volume in which NO is oxidised to NO2."""

from __future__ import annotations

from typing import Final

from noxplant import balances, maths
from noxplant.constants import GAS_CONSTANT
from noxplant.errors import ModelError
from noxplant.quantities import Heat, Inlet, Outlet, Result, Spec
from noxplant.thermo.equilibrium import no_oxidation_rate_constant
from noxplant.thermo.oxidation import phi as phi
from noxplant.unit import Equations, Limit, Unit

HOTTEST: Final = 450.0
"""Above this temperature the reverse reaction, which is left out, counts (plasma note r1), K."""
EXHAUSTED: Final = 13.0
"""-ln of the O2 left per O2 fed (about 2e-6) beyond which the volume is of no use."""


class NOxOxidiser(Unit):
    """2 NO + O2 -> 2 NO2 in plug flow, isothermal, third-order kinetics, dilute gas.

    The closed form of the plug-flow balance is written without singularities. With mole fractions
    A of NO and B = 2 x that of O2 at the inlet, surviving NO 1/(1 + B Y), rate constant k and
    residence time t: k p^2 t A / 2 = A (Y + A Y^2 phi(z)), z = (B - A) Y,
    phi(z) = (z - ln(1 + z))/z^2. NO2 counts as monomer (N2O4, N2O3 and HNO2:
    `noxplant.thermo.nox.speciate`); contraction is neglected; irreversible below 450 K.

    Source: rate constant `noxplant.thermo.equilibrium.no_oxidation_rate_constant`.
    """

    feed = Inlet("gas", "gas with NO and O2")
    out = Outlet("gas", "oxidised gas", adds=("NO2",))
    volume = Spec("m3", "gas volume", (0.0, None), nominal=1.0)
    temperature = Spec("K", "temperature of the volume and its outlet", (250.0, 1300.0))
    pressure_drop = Spec("Pa", "pressure drop", (0.0, None), default=0.0)
    duty = Heat("W", "heat added", nominal=1e3, start="temperature", end="temperature")
    residence_time = Result(
        "s", "volume over inlet flow at its temperature", (0.0, None), nominal=10.0
    )
    conversion = Result("1", "NO oxidised per NO fed", (0.0, 1.0))
    progress = Result("1", "(NO fed / NO left - 1) per twice the O2 fraction fed", nominal=10.0)
    extent = Result("mol/s", "O2 used up", nominal=0.01)

    def __init__(
        self, name: str, *, volume: float, temperature: float, pressure_drop: float = 0.0
    ) -> None:
        """Name the oxidiser, give its volume [m3] and temperature [K]."""
        super().__init__(name, volume=volume, temperature=temperature, pressure_drop=pressure_drop)
        self.converts = ("NO", "O2")

    def equations(self) -> Equations:
        """Rate, balances, first law."""
        feed, T = self.feed, self.temperature
        for s in ("NO", "O2"):
            if s not in feed.phase_of:
                raise ModelError(f"{self.name}: its feed holds no {s}; feed gas with NO and O2.")
        total, p = feed.total_flow, feed.pressure
        a, b, y = feed.flow["NO"] / total, 2 * feed.flow["O2"] / total, self.progress
        yield "residence time", self.residence_time * total * GAS_CONSTANT * T == self.volume * p
        k = no_oxidation_rate_constant(T) * p**2
        path = y + a * y**2 * phi((b - a) * y)
        yield "rate", k * self.residence_time / 2 * a == path
        yield "extent", (feed.flow["NO"] - 2 * self.extent) * (1 + b * y) == feed.flow["NO"]
        yield "conversion", self.conversion * (1 + b * y) == b * y
        made = {"NO": -2 * self.extent, "O2": -self.extent, "NO2": 2 * self.extent}
        yield from balances.moles([feed], [self.out], made)
        yield from balances.energy([feed], [self.out], heat=self.duty)
        yield from balances.pressure(feed, self.out, self.pressure_drop)
        yield "temperature", self.out.temperature == T

    def limits(self) -> list[Limit]:
        """The rate constant and the neglect of the reverse reaction hold below 450 K."""
        total = self.feed.total_flow
        a, b = self.feed.flow["NO"] / total, 2 * self.feed.flow["O2"] / total
        k = no_oxidation_rate_constant(self.temperature) * self.feed.pressure**2
        time = self.volume * self.feed.pressure / (total * GAS_CONSTANT * self.temperature)
        lack = maths.smooth_max(a - b, 0, 1e-9)
        return [
            Limit(
                "oxygen left",
                EXHAUSTED - k * time / 2 * lack**2,
                "O2 is used up long before the end of the volume (there is less than half a mole of"
                " it per mole of NO). Feed more air or give a smaller volume.",
            ),
            Limit(
                "temperature below 450 K",
                HOTTEST - self.temperature,
                "the oxidiser is {margin:.4g} K below the limit of 450 K, above which NO2 falls"
                " apart again, which this unit leaves out. Cool the gas first.",
            ),
        ]
