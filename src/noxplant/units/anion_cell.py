"""Electrolyser stack with an anion membrane, with kinetics along its channel."""

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


class AnionCell(Unit):
    """Electrolyser stack with an anion membrane: hydroxide to the anode, nitrate and nitrite with it.

    Electrodes, films, gaps and segments are those of `PlugFlowCell`. The current crosses from
    catholyte to anolyte as OH-, NO3- and NO2-, shared out by their amounts in the catholyte times a
    selectivity against hydroxide (ratio of mobility times partition; the ratio of diffusivities in
    water is 0.36), with water. What nitrate is lost so is `nitrate_lost`: the reason why published
    stacks left such membranes (ammonia note, section 5.1). Ammonia leaks by diffusion. The membrane
    has the Donnan potential of hydroxide, so at the electrodes only potentials against RHE count;
    liquids in which OH- does not carry most of the current, or with other anions (chloride,
    carbonate, sulfate) above 5 % of what can carry it, are refused.
    What the anode does to nitrite and ammonia is up to the anode reactions given. Not validated.

    Source: ammonia note section 5.1, rigorous model.
    """

    catholyte = nouns.feed("catholyte with the nitrate")
    anolyte = nouns.feed("anolyte")
    catholyte_out = nouns.liquid("catholyte with the products", "catholyte_keys")
    anolyte_out = nouns.liquid("anolyte with what crossed", "anolyte_keys")
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
    water_drag = nouns.water_drag("anion")
    selectivity = nouns.selectivity()
    ammonia_permeance = nouns.ammonia_permeance()

    voltage = nouns.volt("voltage of one cell", 2.5)
    current = nouns.extensive("A", "current, sum over all cells", 1e4)
    cell_current = nouns.extensive("A", "current of one cell", 1e2)
    ions = nouns.extensive(
        "mol/s", "charge through the membrane as anions, catholyte to anolyte", 0.1
    )
    nitrate_lost = nouns.extensive("mol/s", "nitrate that crosses into the anolyte", 1e-3)
    nitrite_lost = nouns.extensive("mol/s", "nitrite that crosses into the anolyte", 1e-4)
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
        **given: Any,
    ) -> None:
        """Name the stack, give segments, half-reactions as text and the specifications in SI.

        Args:
            name: name of the unit.
            segments: 1 for stirred compartments, 5 to 50 for plug flow.
            cathode: cathode reactions, the main one first; one of them evolves hydrogen.
            anode: anode reactions; one of them evolves oxygen.
            given: specifications, SI.
        """
        setup.prepare(self, name, cathode, anode, segments)
        super().__init__(name, **given)

    @property
    def catholyte_keys(self) -> tuple[str, ...]:
        """Keys of the catholyte."""
        return setup.keys(self, 0)

    @property
    def anolyte_keys(self) -> tuple[str, ...]:
        """Keys of the anolyte, with what can cross."""
        crossing = [c for c in ("NO3-", "N(3)", "N(-3)") if setup.both_ways(self, c)]
        return setup.keys(self, 1, *crossing)

    def _through(self, n: int) -> tuple[dict[str, Any], dict[str, Any]]:
        """Species that enter catholyte and anolyte of a segment through the membrane, mol/s."""
        charge, lye = channel.charge_of(self, n), channel.ends(self, n)[0]
        other = [c for c, s in (("NO3-", "NO3-"), ("NO2-", "N(3)")) if s in lye.phase_of]
        competing = sum(self.selectivity * lye.true[c] for c in other)
        whole = lye.true["OH-"] + competing
        out = {c: charge * self.selectivity * lye.true[c] / whole for c in other}
        out["OH-"] = charge * lye.true["OH-"] / whole
        out |= {"H2O": self.water_drag * charge, "NH3": channel.ammonia_leak(self, n)}
        anode, cathode = channel.opposite(out)
        return cathode, anode

    def _junction(self, n: int) -> Any:
        """Donnan potential of a segment, V."""
        return channel.nernst(self, "OH-", n)

    def equations(self) -> Equations:
        """Segments, totals, figures."""
        yield from channel.segments(self, self._through, self._junction)
        yield from channel.totals(self)
        yield from channel.figures(self)
        yield from channel.leaks(self)
        _, anode = channel.whole(self, self._through)
        yield "nitrate lost", self.nitrate_lost == anode.get("NO3-", 0.0)
        yield "nitrite lost", self.nitrite_lost == anode.get("NO2-", 0.0)

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
        """Hydroxide leads, no other anion, conductivity range, branches beyond equilibrium."""
        anions = electrolysis.anion_limits(self)
        return [*anions, *electrolysis.channel_limits(self)]
