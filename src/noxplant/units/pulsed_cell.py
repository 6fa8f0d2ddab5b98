"""Electrolyser stack with a cation membrane and a pulsed cathode."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from noxplant import electrolysis
from noxplant.electrolysis import channel, nouns, pulsed, setup
from noxplant.quantities import Result, Spec
from noxplant.unit import Equations, Limit, Region, Unit

CATHODE = (
    "NO3- + 6 H2O + 8 e- -> NH3 + 9 OH-",
    "NO3- + H2O + 2 e- -> NO2- + 2 OH-",
    "NO2- + 5 H2O + 6 e- -> NH3 + 7 OH-",
    "2 H2O + 2 e- -> H2 + 2 OH-",
)
"""Half-reactions of a nitrate cathode when none are given: in parallel, in series, hydrogen."""
ANODE = ("4 OH- -> O2 + 2 H2O + 4 e-",)
"""Half-reaction of an oxygen anode."""


class PulsedCell(Unit):
    """Stirred electrolyser stack whose cathode is switched between two potentials, duty-averaged.

    Electrodes, films, membrane and gaps are those of `PlugFlowCell` with one segment; the cathode is
    at the potential of the pulse for the part `duty_cycle` of the time and at that of the rest for the
    remainder, each given against RHE. Currents, extents, power and heat are means over the period;
    both liquids are well mixed and do not follow the pulses, the film of each phase is at steady
    state (the solution warns of a period too short for that). The Tafel lines hold in both phases:
    what pulses do to adsorbed layers and to the surface itself is not modelled. Not validated.

    Source: ammonia note section 5.1; time means of its equations.
    """

    segment_names = ("rest", "pulse")

    catholyte = nouns.feed("catholyte with the nitrate")
    anolyte = nouns.feed("alkaline anolyte")
    catholyte_out = nouns.liquid("catholyte with the products", "catholyte_keys")
    anolyte_out = nouns.liquid("anolyte, weaker in alkali", "anolyte_keys")
    cathode_gas = nouns.gas("gas made at the cathode, dry", "cathode_gases")
    anode_gas = nouns.gas("gas made at the anode, dry", "anode_gases")

    area = nouns.area()
    cathode_potential = nouns.pulse_potential()
    duty_cycle = nouns.duty_cycle()
    period = Spec("s", "length of pulse and rest together", (1e-6, None), nominal=10.0, open="low")
    cells = nouns.cells()
    temperature = nouns.temperature()
    mass_transfer = nouns.mass_transfer()
    reference_current = nouns.reference_current()
    reference_potential = nouns.reference_potential()
    tafel_slope = nouns.tafel_slope()
    activation_energy = nouns.activation_energy()
    membrane_resistance = nouns.membrane_resistance()
    cathode_gap = nouns.width("cathode and membrane")
    anode_gap = nouns.width("anode and membrane")
    bubble_slip = nouns.bubble_slip()
    water_drag = nouns.water_drag("cation")
    ammonia_permeance = nouns.ammonia_permeance()

    current_density = Result("A/m2", "mean current density", nominal=1e3)
    voltage = nouns.volt("power per mean current of one cell", 2.5)
    phase_voltage = nouns.per_segment("V", "voltage of one cell in a phase", 2.5)
    current = nouns.extensive("A", "current, sum over all cells", 1e4)
    cell_current = nouns.extensive("A", "current of one cell", 1e2)
    ions = nouns.extensive("mol/s", "cations through the membrane, anolyte to catholyte", 0.1)
    ammonia_lost = nouns.extensive("mol/s", "ammonia that leaks into the anolyte", 1e-4)
    charge_share = nouns.charge_share()
    extent = nouns.extent()
    conversion = nouns.conversion()
    production_rate = nouns.production_rate()
    specific_energy = nouns.specific_energy()
    reversible_voltage = nouns.reversible_voltage()
    thermoneutral_voltage = nouns.volt("thermoneutral voltage, alkaline, 298.15 K", 1.0)
    anode_hydroxide = nouns.concentration("hydroxide at the anode exit", 1e3)
    anolyte_ammonia = nouns.concentration("ammonia in the anolyte fed", 10.0)
    local_current_density = nouns.local_current_density()
    local_extent = nouns.local_extent()
    anode_potential = nouns.per_segment("V", "potential of the anode against RHE", 1.6)
    membrane_potential = nouns.per_segment("V", "Donnan potential of the membrane", 0.01)
    catholyte_loss = nouns.per_segment("V", "voltage lost in the catholyte gap", 0.1)
    anolyte_loss = nouns.per_segment("V", "voltage lost in the anolyte gap", 0.1)
    power = nouns.power()
    duty = nouns.duty()

    def __init__(
        self,
        name: str,
        *,
        cathode: Sequence[str] = CATHODE,
        anode: Sequence[str] = ANODE,
        membrane_cation: str = "K+",
        **given: Any,
    ) -> None:
        """Name the stack, give half-reactions as text and the specifications in SI.

        Args:
            name: name of the unit.
            cathode: cathode reactions, the main one first; one of them evolves hydrogen.
            anode: anode reactions; one of them evolves oxygen.
            membrane_cation: ion that carries the current through the membrane.
            given: specifications, SI.
        """
        setup.prepare_phases(self, name, cathode, anode, self.segment_names)
        self.membrane_cation = electrolysis.check_cation(name, membrane_cation)
        super().__init__(name, **given)

    @property
    def catholyte_keys(self) -> tuple[str, ...]:
        """Keys of the catholyte."""
        return setup.keys(self, 0, self.membrane_cation)

    @property
    def anolyte_keys(self) -> tuple[str, ...]:
        """Keys of the anolyte."""
        return (
            setup.keys(self, 1, "N(-3)") if setup.both_ways(self, "N(-3)") else setup.keys(self, 1)
        )

    def share_of(self, phase: str) -> Any:
        """Part of the time of a phase."""
        return self.duty_cycle if phase == "pulse" else 1 - self.duty_cycle

    def stirred(self, side: str) -> tuple[Any, Any]:
        """Inlet and outlet of a compartment."""
        if side == "cathode":
            return self.catholyte, self.catholyte_out
        return self.anolyte, self.anolyte_out

    def _through(self, n: int) -> tuple[dict[str, Any], dict[str, Any]]:
        """Species that enter catholyte and anolyte in a phase through the membrane, mol/s."""
        ions = channel.charge_of(self, n)
        water, leak = self.water_drag * ions, channel.ammonia_leak(self, n)
        return channel.opposite({self.membrane_cation: ions, "H2O": water, "NH3": -leak})

    def equations(self) -> Equations:
        """Phases, totals, figures."""
        electrolysis.require_cation(self)
        into, _ = channel.whole(self, self._through)
        yield from pulsed.phases(self, into, channel.donnan(self, self.membrane_cation, 0))
        yield from channel.leaks(self)

    def regions(self) -> list[Region]:
        """Cathode and anode compartment."""
        return channel.regions(self, self._through)

    def currents(self) -> Mapping[str, Any]:
        """Anode, membrane and cathode carry one current."""
        return electrolysis.currents(self)

    def warnings(self) -> tuple[str, ...]:
        """Ammonia and hydroxide at the anode, pulses too short for their film, once solved."""
        return (*electrolysis.advice(self), *pulsed.warnings(self))

    def limits(self) -> list[Limit]:
        """Alkali, cations, conductivity range, branches well beyond their equilibrium."""
        return [*electrolysis.anolyte_limits(self), *electrolysis.channel_limits(self)]
