"""Photovoltaic array under given irradiance."""

from __future__ import annotations

from noxplant.constants import T_REFERENCE
from noxplant.electrolysis.photovoltaic import NOMINAL
from noxplant.quantities import Result, Spec, Work
from noxplant.unit import Equations, Limit, Unit


class PhotovoltaicArray(Unit):
    """Modules that deliver electric power at their peak of power.

    Power = irradiance x area x efficiency at 25 C x (1 + coefficient x (cell - 25 C)) x efficiency
    of the converter; the cells are warmer than the air by the nominal cell temperature of the data
    sheet. Only the light that becomes power enters the first law; the rest warms the air and the
    modules outside the plant. The curve of a module and direct coupling to a stack:
    `noxplant.electrolysis.photovoltaic`.

    Source: data-sheet conditions of IEC 61215 (1000 W/m2 and 25 C; 800 W/m2, 20 C air).
    """

    area = Spec("m2", "area of all modules", (0.0, None), nominal=100.0, open="low")
    irradiance = Spec(
        "W/m2", "irradiance in the plane of the modules", (0.0, 1500.0), nominal=500.0
    )
    air_temperature = Spec("K", "temperature of the air", (220.0, 330.0))
    nominal_cell_temperature = Spec(
        "K", "nominal operating cell temperature (800 W/m2, air at 293.15 K)", (293.15, 350.0)
    )
    efficiency = Spec("1", "efficiency at 1000 W/m2 and 298.15 K", (0.0, 0.5), nominal=0.2)
    temperature_coefficient = Spec(
        "1/K", "relative change of the power per kelvin of the cells", (-0.02, 0.01), nominal=-0.004
    )
    converter_efficiency = Spec(
        "1", "efficiency of the converter", (0.0, 1.0), nominal=0.95, open="low"
    )

    cell_temperature = Result("K", "temperature of the cells")
    delivered = Result("W", "electric power delivered", nominal=1e4)
    light = Work("W", "light that becomes electric power", nominal=1e4)
    power = Work("W", "electric power; negative: delivered", nominal=1e4)

    def equations(self) -> Equations:
        """Temperature of the cells, power, first law."""
        light, shade = NOMINAL
        warmer = (self.nominal_cell_temperature - shade) * self.irradiance / light
        yield "cell temperature", self.cell_temperature == self.air_temperature + warmer
        warm = 1 + self.temperature_coefficient * (self.cell_temperature - T_REFERENCE)
        part = self.efficiency * warm * self.converter_efficiency
        yield "power", self.delivered == self.irradiance * self.area * part
        yield "electric power", self.power == -self.delivered
        yield "first law", self.light == self.delivered

    def limits(self) -> list[Limit]:
        """The linear law of the temperature must not turn the power round."""
        return [
            Limit(
                "power of the array",
                self.delivered + 1e-9 * self.area,
                "the temperature coefficient makes the power negative at this cell temperature; its"
                " linear law does not hold there. Correct the coefficient or the temperatures.",
            )
        ]
