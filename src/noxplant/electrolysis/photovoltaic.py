"""Photovoltaic module as a source: single-diode curve, peak power, direct coupling to a stack.

    I = I_L - I_0 (exp((U + I R_s) / (n N V_T)) - 1),  V_T = k T / e

The light current follows irradiance and temperature, the saturation current the open-circuit voltage
of the data sheet at 1000 W/m2 and the temperature. The shunt resistance is neglected, which is 1 to
2 % of the current of good modules near the peak (general knowledge). Source of the equation: any
textbook; De Soto, Klein and Beckman, Solar Energy 80 (2006) 78, recalled.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

from noxplant.constants import FARADAY, GAS_CONSTANT, T_REFERENCE
from noxplant.errors import Refusal, SpecError

STANDARD: Final = 1000.0
"""Irradiance of standard test conditions, W/m2 (with 25 C; IEC 61215)."""
NOMINAL: Final = (800.0, 293.15)
"""Irradiance [W/m2] and air temperature [K] at which a nominal cell temperature counts (IEC 61215)."""


@dataclass(frozen=True)
class Module:
    """A module after its data sheet, at 1000 W/m2 and 25 C.

    Attributes:
        short_circuit: short-circuit current, A.
        open_circuit: open-circuit voltage, V.
        cells: cells in series.
        ideality: of the diode, 1 to 2.
        series_resistance: of the whole module, ohm.
        area: m2.
        current_coefficient: relative change of the short-circuit current, 1/K.
        voltage_coefficient: relative change of the open-circuit voltage, 1/K (negative).
    """

    short_circuit: float
    open_circuit: float
    cells: int
    ideality: float
    series_resistance: float
    area: float
    current_coefficient: float = 0.0
    voltage_coefficient: float = 0.0

    def __post_init__(self) -> None:
        """Refuse numbers that no module has."""
        positive = (self.short_circuit, self.open_circuit, self.cells, self.ideality, self.area)
        if not (all(x > 0 for x in positive) and self.series_resistance >= 0):
            raise SpecError(
                "A module needs positive currents, voltage, cells, ideality and area, and a series"
                " resistance of 0 or more."
            )

    def _curve(self, irradiance: float, T: float) -> tuple[float, float, float]:
        """Light current [A], saturation current [A] and diode voltage n N V_T [V]."""
        if not (irradiance >= 0 and 200.0 < T < 400.0):
            raise Refusal(
                f"An irradiance of {irradiance:g} W/m2 at {T:g} K lies outside 0 W/m2 and more, 200"
                " to 400 K."
            )
        full = self.short_circuit * (1 + self.current_coefficient * (T - T_REFERENCE))
        voltage = self.open_circuit * (1 + self.voltage_coefficient * (T - T_REFERENCE))
        thermal = self.ideality * self.cells * GAS_CONSTANT * T / FARADAY
        return full * irradiance / STANDARD, full / math.expm1(voltage / thermal), thermal

    def current(self, voltage: float, irradiance: float, T: float = T_REFERENCE) -> float:
        """Current at a voltage, A; negative above the open circuit.

        Args:
            voltage: of the module, V.
            irradiance: W/m2, 0 or more.
            T: temperature of the cells [K].
        """
        from scipy.optimize import brentq

        light, dark, thermal = self._curve(irradiance, T)
        if self.series_resistance == 0.0:
            return light - dark * math.expm1(voltage / thermal)

        def off(i: float) -> float:
            return light - dark * math.expm1((voltage + i * self.series_resistance) / thermal) - i

        low = light - dark * math.expm1((voltage + light * self.series_resistance) / thermal)
        return float(brentq(off, min(low, 0.0) - 1e-9, light + 1e-9, xtol=1e-13, rtol=1e-12))

    def highest(self, irradiance: float, T: float = T_REFERENCE) -> float:
        """Open-circuit voltage, V."""
        light, dark, thermal = self._curve(irradiance, T)
        return thermal * math.log1p(light / dark)

    def peak(self, irradiance: float, T: float = T_REFERENCE) -> tuple[float, float, float]:
        """Voltage [V], current [A] and power [W] at the peak of power."""
        from scipy.optimize import minimize_scalar

        end = self.highest(irradiance, T)
        if end == 0.0:
            return 0.0, 0.0, 0.0
        found = minimize_scalar(
            lambda x: -x * self.current(x * end, irradiance, T),
            bounds=(0.0, 1.0),
            method="bounded",
            options={"xatol": 1e-10},
        )
        U = float(found.x) * end
        i = self.current(U, irradiance, T)
        return U, i, U * i


def cell_temperature(irradiance: float, air: float, nominal: float) -> float:
    """Temperature of the cells of a ventilated module, K.

    Args:
        irradiance: W/m2.
        air: temperature of the air [K].
        nominal: nominal operating cell temperature of the data sheet [K] (800 W/m2, air at 20 C).

    >>> cell_temperature(800.0, 293.15, 318.15)
    318.15
    """
    light, shade = NOMINAL
    return air + (nominal - shade) * irradiance / light
