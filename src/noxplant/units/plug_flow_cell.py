"""Electrolyser stack with a cation membrane, with kinetics along its channel."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from noxplant import electrolysis
from noxplant.electrolysis import channel, nouns, setup
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


class PlugFlowCell(Unit):
    """Electrolyser stack with a cation membrane: kinetics, films and losses along the channel.

    Segments in series, catholyte and anolyte co-current, between electrodes at one voltage: one
    segment is a stirred cell, many are plug flow (the error falls as one over their number). At
    each electrode every half-reaction has its own Tafel line (`noxplant.electrolysis.kinetics`):
    current at a potential against RHE for 1 mol/L of reactant, slope, activation energy. Nitrite is
    an intermediate: made at the surface, reduced on or lost through the film. Faradaic efficiencies
    follow; they are as good as the kinetics, so fit those to your own cell (`noxplant fit`, then
    `noxplant.electrolysis.fitted.read(file).give(cell)`: it warns beyond the data of the fit).
    Three published points are met after a fit to them; not validated further: no published nitrate
    cell has polarisation, voltage and products together.

    Voltage: both potentials, the Donnan potentials of all cations at the membrane, the membrane's resistance
    and two gaps of potash lye (Gilliam; bubbles by Bruggeman with a slip ratio; a gap of zero is a
    zero-gap cell). The current crosses as cations with their water; ammonia leaks by diffusion.
    The stack is held at one temperature by its heat. Gases leave dry. Activities are ideal; shunt
    currents and other crossover are neglected. H-cell, flow cell and porous (gas-diffusion)
    electrodes differ in mass transfer and gaps (usual values: `species/data/electrolyser.toml`).

    Source: ammonia note section 5.1, rigorous model.
    """

    catholyte = nouns.feed("catholyte with the nitrate")
    anolyte = nouns.feed("alkaline anolyte")
    catholyte_out = nouns.liquid("catholyte with the products", "catholyte_keys")
    anolyte_out = nouns.liquid("anolyte, weaker in alkali", "anolyte_keys")
    cathode_gas = nouns.gas("gas made at the cathode, dry", "cathode_gases")
    anode_gas = nouns.gas("gas made at the anode, dry", "anode_gases")
    catholyte_inside = nouns.inside("catholyte of the segments", "catholyte_keys")
    anolyte_inside = nouns.inside("anolyte of the segments", "anolyte_keys")

    area = nouns.area()
    current_density = nouns.current_density()
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

    voltage = nouns.volt("voltage of one cell", 2.5)
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
    local_concentration = nouns.per_segment("mol/m3", "main reactant in the bulk", 500.0)
    limiting_share = nouns.limiting_share()
    cathode_potential = nouns.per_segment("V", "potential of the cathode against RHE", -0.2)
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
        segments: int,
        cathode: Sequence[str] = CATHODE,
        anode: Sequence[str] = ANODE,
        membrane_cation: str = "K+",
        **given: Any,
    ) -> None:
        """Name the stack, give segments, half-reactions as text and the specifications in SI.

        Args:
            name: name of the unit.
            segments: 1 for stirred compartments, 5 to 50 for plug flow.
            cathode: cathode reactions, the main one first; one of them evolves hydrogen.
            anode: anode reactions; one of them evolves oxygen.
            membrane_cation: ion that carries the current through the membrane.
            given: specifications, SI.
        """
        setup.prepare(self, name, cathode, anode, segments)
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

    def _through(self, n: int) -> tuple[dict[str, Any], dict[str, Any]]:
        """Species that enter catholyte and anolyte of a segment through the membrane, mol/s."""
        ions = channel.charge_of(self, n)
        water, leak = self.water_drag * ions, channel.ammonia_leak(self, n)
        return channel.opposite({self.membrane_cation: ions, "H2O": water, "NH3": -leak})

    def _junction(self, n: int) -> Any:
        """Donnan potential of a segment, V."""
        return channel.donnan(self, self.membrane_cation, n)

    def equations(self) -> Equations:
        """Segments, totals, figures."""
        electrolysis.require_cation(self)
        yield from channel.segments(self, self._through, self._junction)
        yield from channel.totals(self)
        yield from channel.figures(self)
        yield from channel.leaks(self)

    def regions(self) -> list[Region]:
        """Cathode and anode compartment."""
        return channel.regions(self, self._through)

    def currents(self) -> Mapping[str, Any]:
        """Anode, membrane and cathode carry one current."""
        return electrolysis.currents(self)

    def warnings(self) -> tuple[str, ...]:
        """Ammonia or too little hydroxide at the anode, hot dry gases, kinetics beyond their fit."""
        return electrolysis.advice(self)

    def limits(self) -> list[Limit]:
        """Alkali, cations, conductivity range, branches well beyond their equilibrium."""
        return [*electrolysis.anolyte_limits(self), *electrolysis.channel_limits(self)]
