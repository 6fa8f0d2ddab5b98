"""Galvanic flow cell: nitrate is reduced, hydrazine oxidised, power delivered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from noxplant import electrolysis
from noxplant.electrolysis import discharge
from noxplant.quantities import Heat, Inlet, Outlet, Result, Spec, Work
from noxplant.unit import Equations, Limit, Region, Unit
from noxplant.utilities import ANY

CATHODE = (
    "NO3- + 6 H2O + 8 e- -> NH3 + 9 OH-",
    "NO3- + H2O + 2 e- -> NO2- + 2 OH-",
)
"""Half-reactions of a nitrate cathode when none are given."""
ANODE = ("N2H4 + 4 OH- -> N2 + 4 H2O + 4 e-",)
"""Half-reaction of a hydrazine anode."""


class GalvanicCell(Unit):
    """Flow battery with a cation membrane: a dissolved oxidant against a dissolved fuel.

    The electrode equations of the electrolysers with the current the other way round the circuit:
    open-circuit voltage from Gibbs energies (Nernst with ideal activities at the outlets), less the
    overpotential of each main reaction (Tafel with a smooth foot; the exchange current falls with
    the surface concentration, which all reactions of a side draw on, so it diverges at the limiting
    current; no overpotential of the side reactions), the membrane and two gaps of
    potash lye, 0.1 to 12 mol/L; a liquid that is none needs a gap of zero (its resistance goes into
    that of the membrane). Both liquids leave well mixed at one temperature. Faradaic efficiencies
    are given. Peak power: sweep the current density, or `noxplant.electrolysis.galvanic.Battery.peak`.

    Not validated: measured open-circuit voltages of nitrate cells lie below the thermodynamic one,
    for no electrode comes to equilibrium with nitrate. Hydrazine that crosses is neglected.

    Source: Faraday's and Nernst's laws; ammonia note section 5.1.
    """

    catholyte = Inlet("aqueous", "catholyte with the oxidant")
    anolyte = Inlet("aqueous", "alkaline anolyte with the fuel")
    catholyte_out = Outlet("aqueous", "catholyte with the products", only="catholyte_keys")
    anolyte_out = Outlet("aqueous", "anolyte, weaker in fuel and alkali", only="anolyte_keys")
    anode_gas = Outlet("gas", "gas made at the anode, dry", only="anode_gases")

    area = Spec("m2", "electrode area of all cells", (0.0, None), nominal=10.0, open="low")
    current_density = Spec("A/m2", "current density drawn", (0.0, 1e5), nominal=100.0, open="low")
    temperature = Spec("K", "temperature at the outlets", (273.15, 373.15))
    water_drag = Spec(
        "1", "water carried per cation through the membrane", (0.0, 30.0), nominal=5.0
    )
    faradaic_efficiency = Spec(
        "1", "faradaic efficiency", (0.0, 1.0), nominal=0.9, over="specified"
    )
    mass_transfer = Spec(
        "m/s", "mass-transfer coefficient of the film", (1e-9, 0.1), nominal=1e-5, over="sides"
    )
    tafel_slope = Spec(
        "V", "Tafel slope of the main reaction", (1e-3, 1.0), nominal=0.1, over="sides"
    )
    exchange = Spec(
        "A/m2", "exchange current density of the main reaction", (1e-30, 1e6), nominal=1.0,
        over="sides",
    )  # fmt: skip
    membrane_resistance = Spec(
        "ohm m2", "area resistance of the membrane", (0.0, 1.0), nominal=1e-4
    )
    gap = Spec("m", "gap between electrode and membrane", (0.0, 1.0), nominal=1e-3, over="sides")

    current = Result("A", "current, sum over all cells", nominal=1e3)
    charge_share = Result(
        "1", "faradaic efficiency, remainder included", nominal=0.5, over="reactions",
        fixed_within=(0.0, 1.0),
    )  # fmt: skip
    extent = Result("mol/s", "extent of each half-reaction", nominal=1e-2, over="reactions")
    ions = Result("mol/s", "cations through the membrane, anolyte to catholyte", nominal=0.1)
    open_circuit_voltage = Result("V", "open-circuit voltage at the outlets", nominal=1.0)
    voltage = Result("V", "voltage delivered by one cell", nominal=0.5)
    voltage_efficiency = Result("1", "voltage per open-circuit voltage", nominal=0.5)
    overpotential = Result("V", "overpotential", nominal=0.2, over="sides")
    gap_loss = Result("V", "voltage lost in the gap", nominal=0.01, over="sides")
    limiting_current_density = Result(
        "A/m2", "limiting current density at the outlet", nominal=1e3, over="sides"
    )
    surface_share = Result("1", "surface concentration over bulk", nominal=0.5, over="sides")
    energy_delivered = Result("J/kg", "electric energy per mass of the product", nominal=1e7)
    power = Work("W", "electric power of all cells; negative: delivered", nominal=1e3)
    duty = Heat("W", "heat to hold the temperature", nominal=1e3, utility=ANY, start="temperature")

    def __init__(
        self,
        name: str,
        *,
        cathode: Sequence[str] = CATHODE,
        anode: Sequence[str] = ANODE,
        membrane_cation: str = "K+",
        **given: Any,
    ) -> None:
        """Name the cell, give half-reactions as text and the specifications in SI.

        Args:
            name: name of the unit.
            cathode: cathode reactions without gas, the main one first; the last takes what is left.
            anode: anode reactions, the main one first; the last takes what is left.
            membrane_cation: ion that carries the current through the membrane.
            given: specifications, SI.
        """
        chem = discharge.chemistry(name, cathode, anode)
        self.chemistry, self.sides = chem, discharge.SIDES
        self.membrane_cation = electrolysis.check_cation(name, membrane_cation)
        self.specified, self.reactions = chem.specified, tuple(chem.reactions)
        self.anode_gases = chem.gases[1]
        used = [c for r in chem.reactions.values() for c, nu in r.components.items() if nu < 0]
        self.converts = tuple(dict.fromkeys([*used, "H2O"]))
        super().__init__(name, **given)
        electrolysis.check_efficiencies(name, chem, self.given.get("faradaic_efficiency", {}))

    @property
    def catholyte_keys(self) -> tuple[str, ...]:
        """Keys of the catholyte that leaves."""
        return electrolysis.port_keys(self, 0)

    @property
    def anolyte_keys(self) -> tuple[str, ...]:
        """Keys of the anolyte that leaves."""
        return electrolysis.port_keys(self, 1)

    def _through(self) -> dict[str, Any]:
        """Flow of each species from anolyte to catholyte, mol/s."""
        return {self.membrane_cation: self.ions, "H2O": self.water_drag * self.ions}

    def equations(self) -> Equations:
        """Charge, balances, losses."""
        electrolysis.require_cation(self)
        yield from electrolysis.shares(self)
        yield from discharge.compartments(self, self._through())
        yield from discharge.losses(self)

    def regions(self) -> list[Region]:
        """Cathode and anode compartment."""
        into = self._through()
        out = {c: -n for c, n in into.items()}
        return [
            Region("cathode", [self.catholyte], [self.catholyte_out], into),
            Region("anode", [self.anolyte], [self.anolyte_out, self.anode_gas], out),
        ]

    def currents(self) -> Mapping[str, Any]:
        """Anode, membrane and cathode carry one current."""
        return electrolysis.currents(self)

    def warnings(self) -> tuple[str, ...]:
        """Too little hydroxide at the anode, hot dry gas, what happens when hydrazine leaks."""
        told = (*electrolysis.starved(self), *electrolysis.dry_gases(self))
        if "N(-2)" not in self.anolyte.phase_of:
            return told
        return (
            *told,
            "hydrazine and nitrate face one another across a membrane, and their crossover is not"
            " modelled: where they meet, hydrazinium nitrate forms, and with nitrite in sour liquor"
            " hydrazoic acid. Watch the membrane for leaks, and keep nitrogen over the anolyte.",
        )

    def limits(self) -> list[Limit]:
        """Reactants, alkali, limiting currents and the voltage must suffice; lye in the gaps."""
        return [*discharge.limits(self), *electrolysis.gap_limits(self)]
