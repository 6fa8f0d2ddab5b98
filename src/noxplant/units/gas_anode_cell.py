"""Electrolyser stack with a gas-diffusion anode: nitrogen to nitrate."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from noxplant import electrolysis
from noxplant.electrolysis import channel, gasfed, nouns, setup
from noxplant.electrolysis.chemistry import Chemistry
from noxplant.quantities import Inlet, Result, Spec
from noxplant.unit import Equations, Limit, Region, Unit

CATHODE = ("2 H2O + 2 e- -> H2 + 2 OH-",)
"""Half-reaction of a hydrogen cathode."""
ANODE = (
    "N2 + 12 OH- -> 2 NO3- + 6 H2O + 10 e-",
    "4 OH- -> O2 + 2 H2O + 4 e-",
)
"""Half-reactions of a nitrogen anode when none are given."""


class GasAnodeCell(Unit):
    """Stirred electrolyser stack with a gas-diffusion anode and a cation membrane: N2 to nitrate.

    Nitrogen is oxidised at the anode (N2 + 12 OH- -> 2 NO3- + 6 H2O + 10 e-) beside oxygen; its
    Tafel line is given for 1 bar. Hydrogen, or whatever the cathode reactions make, is the other
    product. Otherwise as `GasCathodeCell`. The nitrate stays in the anolyte. Not validated,
    and no kinetics are at hand: it says what an anode would have to give, not that one does.

    Source: ammonia note section 5.1, rigorous model.
    """

    segment_names = (gasfed.CELL,)
    fed = "anode"
    chemistry: Chemistry

    catholyte = nouns.feed("alkaline catholyte")
    anolyte = nouns.feed("alkaline anolyte")
    gas_feed = Inlet("gas", "gas fed to the anode")
    catholyte_out = nouns.liquid("catholyte with the products", "catholyte_keys")
    anolyte_out = nouns.liquid("anolyte, weaker in alkali", "anolyte_keys")
    cathode_gas = nouns.gas("gas made at the cathode, dry", "cathode_gases")
    anode_gas = nouns.gas("gas that leaves the anode", "fed_gases")

    area = nouns.area()
    current_density = nouns.current_density()
    cells = nouns.cells()
    temperature = nouns.temperature()
    mass_transfer = nouns.mass_transfer()
    gas_transfer = Spec(
        "m/s", "mass-transfer coefficient of the gas to the catalyst", (1e-9, 10.0), nominal=1e-3
    )
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
    gas_conversion = Result(
        "1", "gas used per gas fed", nominal=0.5, fixed_within=(0.0, 1.0), open="both"
    )
    production_rate = Result("mol/s/m2", "main product made per area", nominal=1e-3)
    specific_energy = nouns.specific_energy()
    local_current_density = nouns.local_current_density()
    local_extent = nouns.local_extent()
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
        cathode: Sequence[str] = CATHODE,
        anode: Sequence[str] = ANODE,
        membrane_cation: str = "K+",
        **given: Any,
    ) -> None:
        """Name the stack, give half-reactions as text and the specifications in SI.

        Args:
            name: name of the unit.
            cathode: cathode reactions, the main one first; one of them evolves hydrogen.
            anode: anode reactions, that of the gas first; one of them evolves oxygen.
            membrane_cation: ion that carries the current through the membrane.
            given: specifications, SI.
        """
        setup.prepare_phases(self, name, cathode, anode, self.segment_names, self.fed)
        self.gas_reactant = gasfed.reactant_of(name, self.chemistry, self.fed)
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

    @property
    def fed_gases(self) -> tuple[str, ...]:
        """Species of the gas that leaves the fed electrode."""
        return gasfed.gas_keys(self)

    def stirred(self, side: str) -> tuple[Any, Any]:
        """Inlet and outlet of a compartment."""
        if side == "cathode":
            return self.catholyte, self.catholyte_out
        return self.anolyte, self.anolyte_out

    def _through(self, n: int) -> tuple[dict[str, Any], dict[str, Any]]:
        """Species that enter catholyte and anolyte through the membrane, mol/s."""
        ions = channel.charge_of(self, n)
        water, leak = self.water_drag * ions, channel.ammonia_leak(self, n)
        return channel.opposite({self.membrane_cation: ions, "H2O": water, "NH3": -leak})

    def equations(self) -> Equations:
        """Both sides, voltage, figures."""
        electrolysis.require_cation(self)
        junction = channel.donnan(self, self.membrane_cation, 0)
        yield from gasfed.cell(self, self._through(0), junction)
        yield from channel.leaks(self)

    def regions(self) -> list[Region]:
        """Cathode and anode compartment."""
        return gasfed.regions(self, self._through(0))

    def currents(self) -> Mapping[str, Any]:
        """Anode, membrane and cathode carry one current."""
        return electrolysis.currents(self)

    def warnings(self) -> tuple[str, ...]:
        """Ammonia or too little hydroxide at the anode, hot dry gases, kinetics beyond their fit."""
        return electrolysis.advice(self)

    def limits(self) -> list[Limit]:
        """Alkali, cations, conductivity range, branches well beyond their equilibrium."""
        return [*electrolysis.anolyte_limits(self), *gasfed.limits(self)]
