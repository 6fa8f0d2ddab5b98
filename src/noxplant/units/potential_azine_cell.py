"""Undivided azine cell whose efficiency and rate follow from the anode potential."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from noxplant import azine, azine_tanks
from noxplant.azine_tanks import HEAVY, HELD, VAPOURS
from noxplant.errors import ModelError
from noxplant.maths import value
from noxplant.quantities import Heat, Inlet, Inside, Outlet, Result, Spec, Work
from noxplant.unit import Equations, Limit, Unit

SALT = 100.0
"""mol/m3 of KPF6 for which the conductivity is given."""
SALT_SPAN = (30.0, 300.0)
"""mol/m3 of KPF6 within which it is taken proportional without a word. A choice: ions pair in strong
solution, and every conductivity of a salt has a maximum near 1 mol/L."""


class PotentialAzineCell(Unit):
    """Azine cell in which efficiency, rate and conductivity follow from potential, area and salt.

    Beside AzineCell, where faradaic efficiency, rate constant and conductivity are given apart. Here
    the faradaic efficiency is the fit to the paper's figures against the anode potential (0.956 up
    to 1.8 V, 0.950 at 2.0, 0.74 at 2.2 V vs Ag/Ag+); the coupling is first order in imine by
    transport to the anode and the electrode step behind it, 1/k = 1/k_mt + 1/(k0 10^((E - 1.6)/b));
    the conductivity is proportional to KPF6 in the last tank (warned of outside 30 to 300 mol/m3). Ammonia left condenses at its rate,
    forward and back, with the water of the reaction (AzineCell: equilibrium in every tank). Rate and
    slope of the electrode step and the rate of the condensation are asked for: conversions below 2
    V stand in a figure only. One tank is a stirred vessel, many are plug flow. All else as AzineCell:
    equal tanks, each with its rectifier, hydrogen vented over a condenser. The voltage is electrode potentials and ohmic
    drop; what it has above the reversible 0.75 V is the overvoltage. The efficiency is off by 0.04
    at 2.1 V; the rate against potential is not validated.

    Source: physics note of the hydrazine route, 3.3 and 1.3; Nat. Commun. 2024, 10.1038/s41467-024-52825-1.
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
    area = Spec("m2", "anode area in all tanks", (0.0, None), nominal=100.0, open="low")
    mass_transfer = Spec("m/s", "mass-transfer coefficient at the anode", (1e-9, 1.0))
    electrode_rate = Spec("m/s", "rate of the electrode step at 1.6 V vs Ag/Ag+", (1e-12, 1e3))
    tafel_slope = Spec("V", "potential per decade of the electrode step", (0.02, 1.0))
    equilibrium_constant = Spec(
        "1", "equilibrium constant of the condensation at 298.15 K", (1e-9, 1e12)
    )
    condensation_constant = Spec(
        "m3/mol/s", "forward rate constant of the condensation", (0.0, None), open="low"
    )
    ketone_loss = Spec("mol/mol", "benzhydrol formed per imine coupled", (0.0, 0.4))
    anode_potential = Spec(
        "V", "anode potential against Ag/Ag+ (0.01 mol/L)", (0.0, 5.0), scale="AgAg+"
    )
    cathode_potential = Spec(
        "V", "cathode potential against Ag/Ag+ (0.01 mol/L)", (-5.0, 1.0), scale="AgAg+"
    )
    gap = Spec("m", "distance between the electrodes", (0.0, 0.1))
    salt_conductivity = Spec("S/m", "conductivity of solvent with 100 mol/m3 KPF6", (1e-6, None))
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
    rate_constant = Result("1/s", "first-order constant of the coupling of imine", nominal=1e-4)
    transport_share = Result("1", "resistance of transport in that of the coupling", (0.0, 1.0))
    faradaic_efficiency = Result("1", "current that couples imine, per current", (0.01, 1.0))
    conductivity = Result("S/m", "conductivity of the solvent with KPF6")
    ohmic_drop = Result("V", "mean ohmic drop", nominal=0.1)
    overvoltage = Result("V", "electrode voltage beyond the reversible one", nominal=3.0)
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
            raise ModelError(f"PotentialAzineCell {name!r}: tanks = {tanks!r}; give 1, 2, 3, ...")
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
        yield from azine_tanks.equations(self, azine_tanks.at_rate)
        E, step = self.anode_potential, (self.electrode_rate, self.tafel_slope)
        k = azine.coupling_coefficient(self.mass_transfer, *step, E)
        yield "rate constant", self.rate_constant * self.volume == k * self.area
        yield "transport share", self.transport_share * self.mass_transfer == k
        yield "faradaic efficiency", self.faradaic_efficiency == azine.faradaic_efficiency(E)
        last = self.tank[-1]
        salt = self.salt_conductivity / SALT * last.flow["KPF6"]
        yield "conductivity", self.conductivity * last.volume_flow == salt
        yield "ohmic drop", self.ohmic_drop == self.voltage - self.electrode_voltage
        yield "overvoltage", self.overvoltage == self.electrode_voltage - azine_tanks.REVERSIBLE

    # checks -------------------------------------------------------------------------------
    def currents(self) -> Mapping[str, Any]:
        """Charge of what changed at each electrode, and the current of the rectifiers."""
        return azine_tanks.currents(self)

    def warnings(self) -> tuple[str, ...]:
        """Salt far from that of the conductivity, once solved."""
        if self.block is None:
            return ()
        last = self.tank[-1]
        c = value(last.flow["KPF6"]) / value(last.volume_flow)
        low, high = SALT_SPAN
        if low <= c <= high:
            return ()
        return (
            f"the last tank holds {c:.3g} mol/m3 KPF6; the conductivity is given for {SALT:g} and taken"
            f" proportional, which holds from some {low:g} to {high:g}. The ohmic drop of"
            f" {value(self.ohmic_drop):.3g} V is an extrapolation: feed other salt, or use AzineCell with"
            " the conductivity measured.",
        )

    def limits(self) -> list[Limit]:
        """Potential, temperature, dissolved azine, methanol, hydrogen, condenser."""
        return azine_tanks.limits(self)
