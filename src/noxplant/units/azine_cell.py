"""Undivided cell that couples benzophenone imine to benzophenone azine."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from noxplant import azine, balances, maths
from noxplant.constants import FARADAY
from noxplant.errors import ModelError
from noxplant.maths import value
from noxplant.quantities import Heat, Inlet, Inside, Outlet, Result, Spec, Work
from noxplant.species import Reaction, molar_mass, organic_species
from noxplant.streams.stream import Stream
from noxplant.thermo import organic
from noxplant.unit import Equations, Limit, Unit

CONDENSATION = Reaction.parse(azine.CONDENSATION)
COUPLING = Reaction.parse(azine.COUPLING)
SOLVENT_LOSS = Reaction.parse(azine.SOLVENT_LOSS)
HYDROGEN = Reaction.parse(azine.HYDROGEN)
KETONE_LOSS = Reaction.parse(azine.KETONE_LOSS)
HELD = (
    "NH3",
    "H2O",
    "benzophenone",
    "benzophenone imine",
    azine.AZINE,
    "formaldehyde",
    "benzhydrol",
)
VAPOURS = ("H2", "NH3", "H2O", "formaldehyde")
HEAVY = tuple(s for s in organic_species() if s not in organic.volatiles())
LOWEST_POTENTIAL = 1.2
HIGHEST_POTENTIAL = 2.2
"""V vs Ag/Ag+ (0.01 mol/L): the paper gives faradaic efficiencies in this range only (note 3.3)."""
HIGHEST_TEMPERATURE = 333.15
"""K (note 3.3)."""
REVERSIBLE = 0.75
"""Reversible voltage of 2 imine -> azine + H2, V, +-0.1 (note, own quantum chemistry)."""


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
        for key in ("KPF6", "methanol"):
            if key not in self.feed.flow:
                raise ModelError(
                    f"{self.name}: no {key} reaches the azine cell.\n  The solvent needs KPF6 to"
                    " conduct and methanol to carry protons to the cathode."
                )
        before: Any = self.feed
        for n, name in enumerate(self.tank_names):
            yield from self._tank(name, before, self.tank[n], self.vapour[n])
            before = self.tank[n]
        yield from self._condenser()
        last, drain = self.tank[-1], self.condensate[0]
        yield from balances.moles([last, drain], [self.out], tag="outlet: ")
        yield "temperature of the outlet", self.out.temperature == self.temperature
        yield from balances.pressure(self.feed, self.out)
        heat = self.duty + self.condenser_duty
        yield from balances.energy([self.feed], self.outlets, heat=heat, work=self.power)
        yield from self._sums()

    def made(self, name: str) -> dict[str, Any]:
        """Components made in a tank, mol/s; the anode's charge equals the cathode's."""
        coupled, fe = self.coupled[name], self.faradaic_efficiency
        pairs = self.current[name] / (2 * FARADAY)
        ketone = self.ketone_loss * coupled
        return balances.add(
            balances.conversion(CONDENSATION, self.condensed[name]),
            balances.conversion(COUPLING, coupled / 2),
            balances.conversion(SOLVENT_LOSS, (1 - fe) * pairs),
            balances.conversion(KETONE_LOSS, ketone),
            balances.conversion(HYDROGEN, pairs - ketone),
        )

    def _tank(self, name: str, before: Any, liquid: Stream, vapour: Stream) -> Equations:
        tag, n = f"tank {name}: ", liquid.flow
        yield from balances.moles([before], [liquid, vapour], self.made(name), tag=tag)
        constant = azine.equilibrium_constant(self.equilibrium_constant, self.temperature)
        left, right = n["benzophenone imine"] * n["H2O"], n["NH3"] * n["benzophenone"]
        yield f"{tag}condensation", left == constant * right
        rate = self.rate_constant * self.volume / self.tanks * n["benzophenone imine"]
        yield f"{tag}coupling", self.coupled[name] * liquid.volume_flow == rate
        charge = FARADAY * self.coupled[name]
        yield f"{tag}current", self.faradaic_efficiency * self.current[name] == charge
        drop = (self.tank_voltage[name] - self.electrode_voltage) * self.conductivity
        yield f"{tag}voltage", drop * self.area == self.current[name] * self.tanks * self.gap
        yield from balances.equilibrium(liquid, vapour, tag=tag)
        yield f"{tag}temperature", liquid.temperature == self.temperature
        yield f"{tag}pressure", liquid.pressure == self.feed.pressure

    def _condenser(self) -> Equations:
        drain, tag = self.condensate[0], "condenser: "
        yield from balances.moles(self.vapour, [self.offgas, drain], tag=tag)
        # With mole fractions as unknowns a small condensate on the way does no harm.
        x, liquid, gas = self.condensate_fraction, self.condensate_flow, self.offgas
        for j in self.condensables:
            henry = maths.exp(organic.ln_henry(j, self.condenser_temperature))
            right = henry * x[j] * gas.total_flow
            yield f"{tag}equilibrium of {j}", gas.flow[j] * gas.pressure == right
            yield f"{tag}condensate of {j}", drain.flow[j] == x[j] * liquid
        yield f"{tag}mole fractions", sum(x[j] for j in self.condensables) == 1
        yield from balances.same_state(drain, gas, tag)
        yield f"{tag}temperature", drain.temperature == self.condenser_temperature
        yield f"{tag}pressure", drain.pressure == self.feed.pressure
        yield from balances.energy(
            self.vapour, [self.offgas, drain], heat=self.condenser_duty, tag=tag
        )

    def _sums(self) -> Equations:
        names, tank = self.tank_names, self.tank[-1]
        total = sum(self.current[n] for n in names)
        yield "total current", self.total_current == total
        yield "residence time", self.residence_time * self.feed.volume_flow == self.volume
        yield "area", self.area * self.mass_transfer == self.rate_constant * self.volume
        yield "mean current density", self.current_density * self.area == self.total_current
        first = self.current[names[0]] * self.tanks
        yield "peak current density", self.peak_current_density * self.area == first
        potentials = self.anode_potential - self.cathode_potential
        yield "electrode voltage", self.electrode_voltage == potentials
        yield "power", self.power == sum(self.current[n] * self.tank_voltage[n] for n in names)
        yield "mean voltage", self.voltage * self.total_current == self.power
        coupled = sum(self.coupled[n] for n in names)
        yield "azine made", self.azine_made == coupled / 2
        fed = self.feed.content("N(-3)") + self.feed.content("benzophenone imine")
        yield "conversion", self.conversion * fed == coupled
        mass = self.azine_made * molar_mass("N2H4")
        yield "specific energy", self.specific_energy * mass == self.power
        c = self.azine_concentration
        yield "azine concentration", c * tank.volume_flow == tank.flow[azine.AZINE]
        at = azine.azine_solubility(self.solubility, self.heat_of_solution, self.temperature)
        yield "saturation", self.saturation == at

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

        def gained(*keys: str) -> Any:
            ends = [(1, self.out), (1, self.offgas), (-1, self.feed)]
            return sum(s * p.flow[k] for s, p in ends for k in keys if k in p.flow)

        pairs = 2 * FARADAY
        return {
            "anode": pairs * gained(azine.AZINE, "formaldehyde"),
            "cathode": pairs * gained("H2", "benzhydrol"),
            "rectifiers": self.total_current,
        }

    def limits(self) -> list[Limit]:
        """Potential, temperature, dissolved azine, methanol, hydrogen, condenser."""
        return [*self._dissolved(), *self._electrodes(), *self._temperatures()]

    def _dissolved(self) -> list[Limit]:
        c, s = value(self.azine_concentration), value(self.saturation)
        T = value(self.temperature)
        methanol = [
            Limit(
                f"methanol left in tank {name}",
                tank.flow["methanol"],
                f"methanol is used up by the lost charge in tank {name} ({{margin:.3g}} mol/s left)."
                " Feed more, or raise the faradaic efficiency.",
            )
            for name, tank in zip(self.tank_names, self.tank, strict=True)
        ]
        return [
            Limit(
                "azine dissolved in the cell",
                self.saturation - self.azine_concentration,
                f"azine would crystallise in the cell: {c:.4g} mol/m3 in the last tank, soluble are"
                f" {s:.4g} mol/m3 at {T:.2f} K. Circulate more solvent per ammonia, warm the cell,"
                " or crystallise more from the recycle.",
            ),
            *methanol,
        ]

    def _electrodes(self) -> list[Limit]:
        E, U = value(self.anode_potential), value(self.electrode_voltage)
        return [
            Limit(
                "anode potential",
                HIGHEST_POTENTIAL - self.anode_potential,
                f"the anode potential {E:.3g} V exceeds {HIGHEST_POTENTIAL} V vs Ag/Ag+, beyond which"
                " the solvent is oxidised (faradaic efficiency below 0.75). Lower it.",
            ),
            Limit(
                "lowest anode potential",
                self.anode_potential - LOWEST_POTENTIAL,
                f"the anode potential {E:.3g} V is below {LOWEST_POTENTIAL} V vs Ag/Ag+, where no"
                " faradaic efficiency and no rate were measured. Raise it.",
            ),
            Limit(
                "electrode voltage",
                self.electrode_voltage - REVERSIBLE,
                f"the electrodes are {U:.3g} V apart, the reaction needs {REVERSIBLE} V at least."
                " Raise the anode potential or lower that of the cathode.",
            ),
            Limit(
                "hydrogen evolved",
                self.offgas.flow["H2"],
                "benzhydrol would take more charge than the cathode has (hydrogen {margin:.3g}"
                " mol/s). Lower ketone_loss.",
            ),
        ]

    def _temperatures(self) -> list[Limit]:
        T, cold = value(self.temperature), value(self.condenser_temperature)
        return [
            Limit(
                "cell temperature",
                HIGHEST_TEMPERATURE - self.temperature,
                f"the cell is at {T:.2f} K; above {HIGHEST_TEMPERATURE} K solvent boils off with the"
                " hydrogen. Cool it.",
            ),
            Limit(
                "vent condenser",
                self.temperature - self.condenser_temperature,
                f"the vent condenser at {cold:.2f} K is no colder than the cell at {T:.2f} K."
                " Lower condenser_temperature.",
            ),
        ]
