"""Flash drum."""

from __future__ import annotations

from typing import Final

from noxplant import balances, maths
from noxplant.quantities import Heat, Inlet, Inside, Outlet, Result, Spec
from noxplant.unit import Equations, Unit

WIDTH: Final = 1e-6
"""Rounding of the corners where a phase appears, in fractions of the feed."""


class Flash(Unit):
    """A liquid is brought to a temperature and pressure and parts into vapour and liquid.

    Either phase may be absent. An inner state keeps the composition of the liquid (incipient when
    there is none), y_j p = b p_j(liquid) with sum y = 1, and the saturation b is one when both
    phases are present, above one for a subcooled liquid, below one for a superheated vapour:
    0 = min(vapour fraction, max(-liquid fraction, b - 1)). With salts a liquid always remains. In
    water, ideal solution of the true species; organic: Henry's and Raoult's law of the data.
    """

    feed = Inlet("*", "liquid to be flashed")
    vapour = Outlet("gas", "vapour")
    liquid = Outlet("*", "liquid")
    state = Inside("*", "composition of the liquid, amount of the feed", count="one")
    temperature = Spec("K", "temperature of both phases", (250.0, 480.0))
    pressure = Spec("Pa", "pressure of both phases", (100.0, 1e8))
    duty = Heat("W", "heat added", nominal=1e4, start="feed", end="temperature")
    vapour_fraction = Result(
        "1", "vapour per feed, moles", (-0.01, 1.01), nominal=0.3, fixed_within=(0.0, 1.0)
    )
    liquid_fraction = Result(
        "1", "liquid per feed, moles", (-0.01, 1.01), nominal=0.3, fixed_within=(0.0, 1.0)
    )
    saturation = Result(
        "1", "pressure over the vapour pressure of the liquid", (1e-6, 1e6), nominal=0.3
    )

    def __init__(
        self, name: str, medium: str, *, temperature: float, pressure: float, utility: str
    ) -> None:
        """Name the drum, give the liquid medium, temperature [K], pressure [Pa] and the utility."""
        self.medium, self.one = medium, 1
        super().__init__(name, temperature=temperature, pressure=pressure)
        self.choose_utility("duty", utility)

    def equations(self) -> Equations:
        """Equilibrium with a complementarity for the phase that may be absent."""
        feed, vapour, liquid, state = self.feed, self.vapour, self.liquid, self.state[0]
        part, rest, b = self.vapour_fraction, self.liquid_fraction, self.saturation
        size = feed.total_flow
        pressures = {j: state.equilibrium_pressure(j) for j in vapour.phase_keys("gas")}
        yield "saturation", b * sum(pressures.values()) == self.pressure
        for j, p in pressures.items():
            yield f"vapour of {j}", vapour.flow[j] * self.pressure == part * size * b * p
        for k in state.phase_of:
            yield f"liquid of {k}", liquid.flow[k] == rest * state.flow[k]
        yield "amount of liquid", state.total_flow == size
        yield from balances.moles([feed], [vapour, liquid])
        inner = maths.smooth_max(-rest, b - 1, WIDTH)
        yield "phases", maths.smooth_min(part, inner, WIDTH) == 0
        for stream in (state, vapour, liquid):
            yield f"temperature of {stream.name}", stream.temperature == self.temperature
            yield f"pressure of {stream.name}", stream.pressure == self.pressure
        out = vapour.enthalpy_flow + rest * state.enthalpy_flow
        yield "energy", out == feed.enthalpy_flow + self.duty

    def guess(self) -> list[tuple[object, float]]:
        """Both phases present."""
        return [(self.vapour_fraction, 0.1), (self.liquid_fraction, 0.9), (self.saturation, 1.0)]
