"""Cooling crystallisation of benzophenone azine from the cell's solvent."""

from __future__ import annotations

from noxplant import azine, balances, maths
from noxplant.errors import ModelError
from noxplant.quantities import Heat, Inlet, Outlet, Result, Spec
from noxplant.species import molar_mass
from noxplant.unit import Equations, Unit

WIDTH = 1e-8
"""Rounding of the corner between clear and crystallising, relative to the azine fed."""


class AzineCrystalliser(Unit):
    """The solvent is cooled; azine beyond its solubility crystallises, all else stays dissolved.

        crystals = max(azine fed - S(T) x volume of the liquid, 0)

    with the corner rounded over 1e-8 of the azine fed, so an undersaturated feed passes clear.
    The solubility is a van 't Hoff line through a value at 298.15 K; the heat balance takes the
    heat of solution of the enthalpy data (30 kJ/mol), whatever slope is given. No data exist for
    the solubility in acetonitrile (estimate 100 mol/m3, a factor of three each way).

    Source: physics note of the hydrazine route, 3.4.
    """

    converts = (azine.AZINE,)

    feed = Inlet("organic", "solvent with azine")
    slurry = Outlet("organic slurry", "crystals in mother liquor", adds=(azine.AZINE_SOLID,))
    temperature = Spec("K", "crystalliser temperature", (233.15, 333.15))
    solubility = Spec("mol/m3", "azine dissolved at saturation and 298.15 K", (0.0, None))
    heat_of_solution = Spec("J/mol", "heat of solution in the van 't Hoff slope", (-1e5, 2e5))
    pressure_drop = Spec("Pa", "pressure drop", (0.0, None), default=0.0)
    crystals = Result("mol/s", "azine crystallised", nominal=0.01)
    recovery = Result(
        "1", "crystals per azine in the feed", nominal=1.0, fixed_within=(0.0, 1.0), open="both"
    )
    saturation = Result("mol/m3", "solubility at the crystalliser's temperature", nominal=50.0)
    solids = Result(
        "kg/kg",
        "mass fraction of crystals in the slurry",
        nominal=0.01,
        fixed_within=(0.0, 1.0),
        open="both",
    )
    duty = Heat("W", "heat of cooling and crystallisation", nominal=1e4, start="feed", end="slurry")

    def __init__(
        self,
        name: str,
        *,
        temperature: float,
        solubility: float,
        heat_of_solution: float,
        utility: str = "refrigeration",
        pressure_drop: float = 0.0,
    ) -> None:
        """Name the crystalliser; temperature [K], solubility at 298.15 K [mol/m3] and its heat."""
        super().__init__(
            name,
            temperature=temperature,
            solubility=solubility,
            heat_of_solution=heat_of_solution,
            pressure_drop=pressure_drop,
        )
        self.choose_utility("duty", utility)

    def equations(self) -> Equations:
        """Balances, saturation with rounded corner, first law."""
        if azine.AZINE not in self.feed.flow:
            raise ModelError(f"{self.name}: no benzophenone azine reaches the crystalliser.")
        fed, out = self.feed.flow[azine.AZINE], self.slurry
        solid = out.flow[azine.AZINE_SOLID]
        yield from balances.moles([self.feed], [out])
        at = azine.azine_solubility(self.solubility, self.heat_of_solution, self.temperature)
        yield "saturation", self.saturation == at
        excess = fed - self.saturation * out.volume_flow
        yield "crystals", solid == maths.smooth_max(excess, 0.0, WIDTH * fed)
        yield "temperature", out.temperature == self.temperature
        yield from balances.pressure(self.feed, out, self.pressure_drop)
        yield from balances.energy([self.feed], [out], heat=self.duty)
        yield "crystals reported", self.crystals == solid
        yield "recovery", self.recovery * fed == solid
        mass = sum(n * molar_mass(key) for key, n in out.flow.items())
        yield "solids", self.solids * mass == solid * molar_mass(azine.AZINE_SOLID)
