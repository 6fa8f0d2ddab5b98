"""Undivided cell that couples benzophenone imine to benzophenone azine."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from noxplant import azine, azine_tanks
from noxplant.azine_tanks import HEAVY, HELD, VAPOURS
from noxplant.errors import ModelError
from noxplant.maths import value
from noxplant.quantities import Heat, Inlet, Inside, Outlet, Result, Spec, Work
from noxplant.unit import Equations, Limit, Unit


class AzineCell(Unit):
    """Stirred tanks in series in which 2 imine -> azine + H2; hydrogen vented over a condenser.

    In every tank imine is coupled at rate_constant x c(imine) x volume (transport control,
    rate_constant = mass_transfer x electrode area / volume), and the condensation benzophenone +
    NH3 -> imine + H2O stays at equilibrium. Anode: coupling takes the faradaic efficiency of the
    current, methanol -> formaldehyde + 2 H+ + 2 e- the rest (assumption). Cathode: hydrogen, less
    the charge that makes benzhydrol, given per imine coupled. Every tank has its own rectifier:
    anode potential - cathode potential + I gap / (conductivity area). Hydrogen leaves each tank
    saturated with the vapour of its liquid; the vent condenser's liquid drains to the outlet. All
    tanks are at one temperature. The azine must stay dissolved. Faradaic efficiency, rate and anode
    potential are given apart; the solution warns where the paper does not have them together.

    Source: physics note of the hydrazine route, 3.3; Nat. Commun. 2024, 10.1038/s41467-024-52825-1.
    """

    converts = ("benzophenone imine", "benzophenone", "N(-3)", "methanol")
    makes = ("benzhydrol", "formaldehyde")

    feed = Inlet("organic", "solvent with imine, ammonia and KPF6")
    out = Outlet("organic", "solvent with azine", adds=HELD)
    offgas = Outlet("gas", "hydrogen with solvent vapour, after the condenser", adds=VAPOURS)
    tank = Inside("organic", "liquid of each tank", count="tanks", adds=HELD)
    vapour = Inside("gas", "gas leaving each tank", count="tanks", adds=VAPOURS)
    condensate = Inside("organic", "condensate", count="condensers", adds=HELD, drops=HEAVY)
    volume = Spec("m3", "liquid in all tanks", (0.0, None), nominal=100.0, open="low")
    rate_constant = Spec("1/s", "first-order constant of the coupling of imine", (0.0, None))
    mass_transfer = Spec("m/s", "mass-transfer coefficient at the anode", (1e-9, 1.0))
    equilibrium_constant = Spec(
        "1", "equilibrium constant of the condensation at 298.15 K", (1e-9, 1e12)
    )
    faradaic_efficiency = Spec("1", "current that couples imine, per current", (0.01, 1.0))
    ketone_loss = Spec("mol/mol", "benzhydrol formed per imine coupled", (0.0, 0.4))
    anode_potential = Spec(
        "V", "anode potential against Ag/Ag+ (0.01 mol/L)", (0.0, 5.0), scale="AgAg+"
    )
    cathode_potential = Spec(
        "V", "cathode potential against Ag/Ag+ (0.01 mol/L)", (-5.0, 1.0), scale="AgAg+"
    )
    gap = Spec("m", "distance between the electrodes", (0.0, 0.1))
    conductivity = Spec("S/m", "conductivity of the solvent with KPF6", (1e-6, None))
    temperature = Spec("K", "temperature of all tanks", (253.15, 353.15))
    condenser_temperature = Spec("K", "temperature of the vent condenser", (233.15, 330.0))
    solubility = Spec("mol/m3", "azine dissolved at saturation and 298.15 K", (0.0, None))
    heat_of_solution = Spec("J/mol", "heat of solution of azine in the van 't Hoff slope")
    current = Result("A", "current of each tank", nominal=1e4, over="tank_names")
    tank_voltage = Result("V", "voltage of each tank", nominal=4.0, over="tank_names")
    coupled = Result("mol/s", "imine coupled in each tank", nominal=0.01, over="tank_names")
    condensed = Result("mol/s", "imine formed in each tank", nominal=0.01, over="tank_names")
    total_current = Result("A", "current of all tanks", nominal=1e4)
    condensate_fraction = Result(
        "mol/mol", "mole fraction in the condensate", (0.0, None), nominal=0.5, over="condensables"
    )
    condensate_flow = Result("mol/s", "liquid from the vent condenser", (0.0, None), nominal=0.01)
    residence_time = Result("s", "liquid in all tanks per volume flow fed", nominal=3e4, open="low")
    area = Result("m2", "anode area", nominal=100.0)
    current_density = Result("A/m2", "mean current density", nominal=10.0)
    peak_current_density = Result("A/m2", "current density of the first tank", nominal=30.0)
    electrode_voltage = Result("V", "anode less cathode potential, without ohmic drop", nominal=4.0)
    voltage = Result("V", "mean voltage with ohmic drop, power per current", nominal=4.0)
    azine_made = Result("mol/s", "azine formed", nominal=0.01)
    conversion = Result(
        "1", "imine coupled per (ammonia + imine) fed", fixed_within=(0.0, 1.0), open="both"
    )
    specific_energy = Result("J/kg", "electricity per N2H4 held by the azine", nominal=2e7)
    azine_concentration = Result("mol/m3", "azine in the last tank", nominal=50.0)
    saturation = Result("mol/m3", "solubility of azine at the cell's temperature", nominal=100.0)
    power = Work("W", "electric power", nominal=1e5)
    duty = Heat("W", "heat of the tanks", nominal=1e5, start="temperature", end="temperature")
    condenser_duty = Heat(
        "W",
        "heat of the vent condenser",
        nominal=1e3,
        utility="refrigeration",
        start="temperature",
        end="condenser_temperature",
    )

    def __init__(
        self,
        name: str,
        *,
        tanks: int,
        utility: str = "cooling water",
        condenser_utility: str = "refrigeration",
        **given: float,
    ) -> None:
        """Name the cell; number of tanks, utilities and all specifications, SI."""
        if isinstance(tanks, bool) or not isinstance(tanks, int) or tanks < 1:
            raise ModelError(f"AzineCell {name!r}: tanks = {tanks!r}; give 1, 2, 3, ...")
        self.tanks, self.condensers = tanks, 1
        self.tank_names = tuple(str(n + 1) for n in range(tanks))
        super().__init__(name, **given)
        self.choose_utility("duty", utility)
        self.choose_utility("condenser_duty", condenser_utility)

    @property
    def condensables(self) -> tuple[str, ...]:
        """Species that the vent condenser can hold back."""
        return self.keys_of(self.declared["condensate"]).get("organic", ())  # type: ignore[arg-type]

    # equations ----------------------------------------------------------------------------
    def equations(self) -> Equations:
        """Tanks one after the other, condenser, outlet, first law, electrical sums."""
        yield from azine_tanks.equations(self)
        yield "area", self.area * self.mass_transfer == self.rate_constant * self.volume

    # checks -------------------------------------------------------------------------------
    def warnings(self) -> tuple[str, ...]:
        """Efficiency or rate that was not measured at the potential given, once solved."""
        if self.block is None:
            return ()
        E, fe = value(self.anode_potential), value(self.faradaic_efficiency)
        fit, found = azine.faradaic_efficiency(E), []
        if fe > fit + azine.EFFICIENCY_SCATTER:
            found.append(
                f"the faradaic efficiency given, {fe:.4g}, exceeds that of the paper at an anode"
                f" potential of {E:.4g} V vs Ag/Ag+, {fit:.3f} within {azine.EFFICIENCY_SCATTER:g}:"
                " energy, formaldehyde and solvent lost come out too low. Give both from one source."
            )
        if E < azine.TRANSPORT_CONTROL - 1e-6:
            found.append(
                f"the anode potential of {E:.4g} V vs Ag/Ag+ is below {azine.TRANSPORT_CONTROL:g} V,"
                f" where the rate constant was measured ({value(self.rate_constant):.3g} 1/s is"
                " given). The efficiency holds there, but the electrode slows the coupling, which is"
                " not modelled: conversion, volume, area and energy come out too good. Give the"
                " rate constant measured at that potential."
            )
        return tuple(found)

    def currents(self) -> Mapping[str, Any]:
        """Charge of what changed at each electrode, and the current of the rectifiers."""
        return azine_tanks.currents(self)

    def limits(self) -> list[Limit]:
        """Potential, temperature, dissolved azine, methanol, hydrogen, condenser."""
        return azine_tanks.limits(self)
