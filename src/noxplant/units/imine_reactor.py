"""Imine reactor: ammonia and benzophenone condense in the solvent."""

from __future__ import annotations

from noxplant import azine, balances, contact
from noxplant.errors import ModelError
from noxplant.maths import value
from noxplant.quantities import Heat, Inlet, Outlet, Result, Spec
from noxplant.species import Reaction
from noxplant.unit import Equations, Limit, Unit

REACTION = Reaction.parse(azine.CONDENSATION)


class ImineReactor(Unit):
    """benzophenone + NH3 -> benzophenone imine + H2O to equilibrium, isothermal.

    The equilibrium is in concentrations (their unit cancels), so all water counts: that of the
    solvent and that of the reaction. The constant moves with temperature by the heat of reaction
    of the organic-phase enthalpies. `approach` is the reaction quotient over the constant, one at
    equilibrium. Azine and benzhydrol in the feed pass. The constant is an assumption of class
    "fitted to one batch" (1000 at 298.15 K; own quantum chemistry says 0.012).

    Source: physics note of the hydrazine route, 3.2.
    """

    converts = ("benzophenone", "N(-3)")

    solvent = Inlet("organic", "solvent with ammonia")
    ketone = Inlet("organic", "benzophenone")
    out = Outlet("organic", "solvent with imine and water", adds=("benzophenone imine", "H2O"))
    temperature = Spec("K", "reactor temperature", (253.15, 353.15))
    equilibrium_constant = Spec(
        "1", "equilibrium constant of the condensation at 298.15 K", (1e-9, 1e12)
    )
    approach = Spec("1", "reaction quotient over equilibrium constant", (1e-6, 1.0), default=1.0)
    allowed_water = Spec(
        "mol/m3",
        "water allowed when the equilibrium constant is below 10",
        (0.0, None),
        default=500.0,
    )
    extent = Result("mol/s", "imine formed", nominal=0.01)
    ratio = Result("mol/mol", "(benzophenone + imine) per (ammonia + imine)", (0.0, None))
    imine_fraction = Result("mol/mol", "imine per (ammonia + imine)", (0.0, 1.0))
    nitrogen_concentration = Result("mol/m3", "ammonia + imine in the outlet", nominal=100.0)
    water_concentration = Result("mol/m3", "water in the outlet", nominal=100.0)
    duty = Heat(
        "W", "heat to hold the temperature", nominal=1e4, start="temperature", end="temperature"
    )

    def __init__(
        self,
        name: str,
        *,
        temperature: float,
        equilibrium_constant: float,
        approach: float = 1.0,
        utility: str = "cooling water",
    ) -> None:
        """Name the reactor; temperature [K], equilibrium constant at 298.15 K, utility."""
        super().__init__(
            name,
            temperature=temperature,
            equilibrium_constant=equilibrium_constant,
            approach=approach,
        )
        self.choose_utility("duty", utility)

    def equations(self) -> Equations:
        """Balances with one reaction, equilibrium multiplied out, first law."""
        n = self.out.flow
        for key in ("NH3", "benzophenone"):
            if key not in n:
                raise ModelError(
                    f"{self.name}: no {key} reaches the imine reactor.\n"
                    "  Connect a solvent with NH3 to 'solvent' and benzophenone to 'ketone'."
                )
        imine, ammonia, ketone = n["benzophenone imine"], n["NH3"], n["benzophenone"]
        made = balances.conversion(REACTION, self.extent)
        yield from balances.moles(self.inlets, [self.out], made)
        constant = azine.equilibrium_constant(self.equilibrium_constant, self.temperature)
        yield "equilibrium", imine * n["H2O"] == self.approach * constant * ammonia * ketone
        yield "temperature", self.out.temperature == self.temperature
        yield from balances.pressure(self.solvent, self.out)
        yield from balances.energy(self.inlets, [self.out], heat=self.duty)
        nitrogen, volume = ammonia + imine, self.out.volume_flow
        yield "ratio", self.ratio * nitrogen == ketone + imine
        yield "imine fraction", self.imine_fraction * nitrogen == imine
        yield "ammonia concentration", self.nitrogen_concentration * volume == nitrogen
        yield "water concentration", self.water_concentration * volume == n["H2O"]

    def limits(self) -> list[Limit]:
        """Wet solvent and a small constant make no imine; no pressure for nothing."""
        rise = contact.no_free_rise(self.name, [self.ketone], self.out)
        if not value(self.equilibrium_constant) < 10.0:
            return rise
        water = self.water_concentration
        return [
            *rise,
            Limit(
                "dry solvent",
                self.allowed_water - water,
                f"the solvent holds {value(water):.4g} mol/m3 water at an equilibrium constant of"
                f" {value(self.equilibrium_constant):.3g}; allowed are"
                f" {value(self.allowed_water):.4g}. Dry the solvent, or raise allowed_water to see"
                " how little imine is left.",
            ),
        ]
