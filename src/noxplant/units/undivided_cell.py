"""Electrolyser stack without membrane, with kinetics along its channel."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from noxplant import electrolysis
from noxplant.electrolysis import nouns, setup, undivided
from noxplant.electrolysis.chemistry import Chemistry
from noxplant.unit import Equations, Limit, Unit

CATHODE = (
    "NO3- + 6 H2O + 8 e- -> NH3 + 9 OH-",
    "NO3- + H2O + 2 e- -> NO2- + 2 OH-",
    "NO2- + 5 H2O + 6 e- -> NH3 + 7 OH-",
    "2 H2O + 2 e- -> H2 + 2 OH-",
)
"""Half-reactions of a nitrate cathode when none are given: in parallel, in series, hydrogen."""
ANODE = (
    "NO2- + 2 OH- -> NO3- + H2O + 2 e-",
    "2 NH3 + 6 OH- -> N2 + 6 H2O + 6 e-",
    "4 OH- -> O2 + 2 H2O + 4 e-",
)
"""Half-reactions of an anode that takes back what the cathode makes, when none are given."""


class UndividedCell(Unit):
    """Electrolyser stack without membrane: the anode takes back part of what the cathode makes.

    Electrodes, films and segments are those of `PlugFlowCell`, but one electrolyte passes both
    electrodes: nitrite is oxidised to nitrate and ammonia to nitrogen by the Tafel lines and the film
    of the anode (give them, or nothing is lost). The loss is `reoxidation`. There is one gap of
    potash lye with the bubbles of both electrodes, and a separator that lets everything pass, if
    any. Hydroxide must reach the anode as fast as its reactions take it (film of the anode, faster
    than that of nitrate by the diffusivities to 2/3), else the cell is refused: the anode would turn
    acid. Hydrogen and oxygen leave in one gas: the solution warns where it explodes. Not validated.

    Source: ammonia note section 5.1, rigorous model.
    """

    chemistry: Chemistry

    electrolyte = nouns.feed("alkaline electrolyte with the nitrate")
    electrolyte_out = nouns.liquid("electrolyte with the products", "liquid_keys")
    gas = nouns.gas("gas made at both electrodes, dry", "gases")
    inside_liquid = nouns.inside("electrolyte of the segments", "liquid_keys")

    area = nouns.area()
    current_density = nouns.current_density()
    cells = nouns.cells()
    temperature = nouns.temperature()
    mass_transfer = nouns.mass_transfer()
    reference_current = nouns.reference_current()
    reference_potential = nouns.reference_potential()
    tafel_slope = nouns.tafel_slope()
    activation_energy = nouns.activation_energy()
    separator_resistance = nouns.membrane_resistance()
    gap = nouns.width("the electrodes")
    bubble_slip = nouns.bubble_slip()

    voltage = nouns.volt("voltage of one cell", 2.5)
    current = nouns.extensive("A", "current, sum over all cells", 1e4)
    cell_current = nouns.extensive("A", "current of one cell", 1e2)
    charge_share = nouns.charge_share()
    extent = nouns.extent()
    production_rate = nouns.net_production()
    reoxidation = nouns.reoxidation()
    specific_energy = nouns.specific_energy()
    local_current_density = nouns.local_current_density()
    local_extent = nouns.local_extent()
    cathode_potential = nouns.per_segment("V", "potential of the cathode against RHE", -0.2)
    anode_potential = nouns.per_segment("V", "potential of the anode against RHE", 1.6)
    ohmic_loss = nouns.per_segment("V", "voltage lost in the gap", 0.1)
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
            segments: 1 for a stirred electrolyte, 5 to 50 for plug flow.
            cathode: cathode reactions, the main one first; one of them evolves hydrogen.
            anode: anode reactions; one of them evolves oxygen.
            given: specifications, SI.
        """
        setup.prepare(self, name, cathode, anode, segments)
        chem = self.chemistry
        self.gases = tuple(dict.fromkeys([*chem.gases[0], *chem.gases[1]]))
        self.products = tuple(c for c in chem.produced if c in chem.made[0])
        taken = [c for r in chem.anode.values() for c, nu in r.components.items() if nu < 0]
        self.reoxidised = tuple(c for c in self.products if c in taken)
        super().__init__(name, **given)

    @property
    def liquid_keys(self) -> tuple[str, ...]:
        """Keys of the electrolyte."""
        chem = self.chemistry
        return (*self.ports["electrolyte"][0].keys.get("aqueous", ()), *chem.made[0], *chem.made[1])

    @property
    def catholyte_out(self) -> Any:
        """The electrolyte, as the cathode sees it."""
        return self.electrolyte_out

    @property
    def anolyte_out(self) -> Any:
        """The electrolyte, as the anode sees it."""
        return self.electrolyte_out

    @property
    def cathode_gas(self) -> Any:
        """The gas over the cathode."""
        return self.gas

    @property
    def anode_gas(self) -> Any:
        """The gas over the anode."""
        return self.gas

    def equations(self) -> Equations:
        """Segments, totals, figures."""
        yield from undivided.segments(self)
        yield from undivided.totals(self)

    def currents(self) -> Mapping[str, Any]:
        """Anode and cathode carry one current."""
        found = {side: electrolysis.charge_of_side(self, side) for side in undivided.SIDES}
        return {**found, "source": self.current}

    def warnings(self) -> tuple[str, ...]:
        """Hot dry gases, kinetics beyond their fit."""
        return (*electrolysis.dry_gases(self), *electrolysis.beyond_fit(self))

    def limits(self) -> list[Limit]:
        """Conductivity range, branches well beyond their equilibrium, hydroxide that the anode gets."""
        return [*undivided.limits(self), *electrolysis.hydroxide_arrives(self)]
