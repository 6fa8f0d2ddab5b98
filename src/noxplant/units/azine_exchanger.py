"""Counter-current exchanger that cools a liquor with azine, down to just above saturation."""

from __future__ import annotations

from noxplant import azine, balances, maths
from noxplant.errors import ModelError
from noxplant.maths import value
from noxplant.quantities import Inlet, Outlet, Result, Spec
from noxplant.unit import Equations, Limit, Unit


class AzineExchanger(Unit):
    """Two organic streams exchange heat; the hot one holds azine and stays clear.

    Its outlet is set by how near to saturation it may come, azine over solubility there, so the
    area follows: surfaces colder than that foul. Mean temperature difference as in
    `HeatExchanger`, solubility as in `AzineCrystalliser`. What the wall's film sees (it is colder
    than the liquor) is not modelled; a saturation below one leaves room for it.

    Source: J. J. J. Chen, Chem. Eng. Sci. 42 (1987) 2488; hydrazine note 3.4.
    """

    hot = Inlet("organic", "liquor with azine, to be cooled")
    hot_out = Outlet("organic", "the cooled liquor, clear")
    cold = Inlet("organic", "liquor to be heated")
    cold_out = Outlet("organic", "the heated liquor")
    saturation = Spec("1", "azine over its solubility in the cooled liquor", (0.01, 1.0))
    solubility = Spec("mol/m3", "azine dissolved at saturation and 298.15 K", (0.0, None))
    heat_of_solution = Spec("J/mol", "heat of solution in the van 't Hoff slope", (-1e5, 2e5))
    concentration = Result("mol/m3", "azine in the cooled liquor", (1e-6, None), nominal=50.0)
    conductance = Result("W/K", "area times overall coefficient, UA", nominal=1e3)
    duty = Result("W", "heat passed from hot to cold", nominal=1e4)
    warm_difference = Result("K", "temperature difference at the warm end", nominal=10.0)
    cool_difference = Result("K", "temperature difference at the cool end", nominal=10.0)
    mean_difference = Result("K", "mean temperature difference", nominal=10.0)

    def equations(self) -> Equations:
        """First law of both sides, rate, saturation at the cold end of the hot side."""
        if azine.AZINE not in self.hot.flow:
            raise ModelError(
                f"{self.name}: no {azine.AZINE} is in the stream to be cooled.\n"
                "  Take a HeatExchanger."
            )
        yield from balances.counter_current(self)
        T = self.hot_out.temperature
        soluble = azine.azine_solubility(self.solubility, self.heat_of_solution, T)
        # In logarithms, nearly linear in 1/T: far from the answer S(T) is steep or flat.
        logarithms = maths.log(self.concentration) - maths.log(self.saturation * soluble)
        yield "saturation", logarithms == 0
        held = self.concentration * self.hot_out.volume_flow
        yield "concentration", self.hot_out.flow[azine.AZINE] == held

    def limits(self) -> list[Limit]:
        """There must be something to cool and a colder stream to cool with."""
        hot, cold = value(self.hot_out.temperature), value(self.cold.temperature)
        return [
            Limit(
                "heat to recover",
                self.hot.temperature - self.hot_out.temperature,
                f"the liquor reaches the saturation asked for at {hot:.2f} K already, warmer than it"
                " comes ({margin:.3g} K). Leave the exchanger out, or circulate more solvent.",
            ),
            Limit(
                "temperature difference",
                self.cool_difference,
                f"the liquor would be clear down to {hot:.2f} K, but the cold stream enters at"
                f" {cold:.2f} K ({{margin:.3g}} K apart). Give a higher saturation.",
            ),
            Limit(
                "temperature difference at the warm end",
                self.warm_difference,
                "the cold stream would have to leave hotter than the hot one enters ({margin:.3g} K)."
                " Give a higher saturation.",
            ),
        ]
