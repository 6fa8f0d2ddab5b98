"""Electrolyser stack with a bipolar membrane, with kinetics along its channel."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from noxplant import electrolysis
from noxplant.contact import at
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


class BipolarCell(Unit):
    """Electrolyser stack with a bipolar membrane: it splits water, H+ to cathode, OH- to anode.

    Electrodes, films, gaps and segments are those of `PlugFlowCell`. Half of the water that is split
    comes from either side (a convention); a part of the current, `salt_leak`, passes as the cation
    of the anolyte instead. The membrane has the potential of the difference of pH (0.83 V over 14)
    and the overpotential of the dissociation, which is given, so at the electrodes only potentials
    against RHE count. A catholyte that is more than one pH above the anolyte is refused: the
    membrane is the wrong way round. A gap holds potash lye; a catholyte without lye takes a cathode
    gap of zero. Ammonia leaks by diffusion. Not validated.

    Source: ammonia note sections 3 and 5.1 (0.83 V x dpH / 14 + 0.1 to 0.4 V at 1000 A/m2).
    """

    catholyte = nouns.feed("catholyte with the nitrate")
    anolyte = nouns.feed("alkaline anolyte")
    catholyte_out = nouns.liquid("catholyte with the products", "catholyte_keys")
    anolyte_out = nouns.liquid("anolyte", "anolyte_keys")
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
    dissociation = nouns.dissociation()
    salt_leak = nouns.salt_leak()
    ammonia_permeance = nouns.ammonia_permeance()

    voltage = nouns.volt("voltage of one cell", 2.5)
    current = nouns.extensive("A", "current, sum over all cells", 1e4)
    cell_current = nouns.extensive("A", "current of one cell", 1e2)
    ions = nouns.extensive("mol/s", "charge through the membrane", 0.1)
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
    membrane_potential = nouns.per_segment("V", "potential of the difference of pH", 0.01)
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
            membrane_cation: ion of the anolyte that leaks through the membrane.
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
        charge, leak = channel.charge_of(self, n), channel.ammonia_leak(self, n)
        salt, split = self.salt_leak * charge, (1 - self.salt_leak) * charge
        ion = self.membrane_cation
        cathode = {"H+": split, "H2O": -split / 2, ion: salt, "NH3": -leak}
        return cathode, {"OH-": split, "H2O": -split / 2, ion: -salt, "NH3": leak}

    def _junction(self, n: int) -> Any:
        """Potential of the difference of pH and of the dissociation in a segment, V."""
        return channel.nernst(self, "H+", n) + self.dissociation

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
        """PH in order, hydroxide at the anode, conductivity range, branches well beyond their equilibrium."""
        ph = [at(x.ph) for x in (self.catholyte_out, self.anolyte_out)]
        order = Limit(
            "order of pH",
            self.anolyte_out.ph - self.catholyte_out.ph + 1.0,
            f"the catholyte leaves at pH {ph[0]:.3g}, the anolyte at {ph[1]:.3g}: the bipolar membrane"
            " is the wrong way round, or not needed. Feed a catholyte of lower pH, or use"
            " PlugFlowCell.",
        )
        _, anode = channel.whole(self, self._through)
        alkali = electrolysis.hydroxide_limit(self, anode["OH-"])
        return [order, alkali, *electrolysis.channel_limits(self)]
