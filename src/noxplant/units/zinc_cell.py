"""Galvanic cell with a zinc anode: nitrate or nitrite is reduced, zinc dissolves, power is delivered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from noxplant import electrolysis
from noxplant.electrolysis import discharge, zincate
from noxplant.quantities import Heat, Inlet, Outlet, Result, Spec, Work
from noxplant.unit import Equations, Limit, Region, Unit
from noxplant.utilities import ANY

CATHODE = (
    "NO3- + 6 H2O + 8 e- -> NH3 + 9 OH-",
    "NO3- + H2O + 2 e- -> NO2- + 2 OH-",
    "2 H2O + 2 e- -> H2 + 2 OH-",
)
"""Half-reactions of a nitrate cathode when none are given."""


class ZincCell(Unit):
    """Zn-NO3- or Zn-NO2- battery at steady state: zinc is fed, zincate leaves, ammonia is made.

    The anode Zn + 4 OH- -> Zn(OH)4-- + 2 e- beside a cation membrane; its zinc comes as solid and
    what is left goes on. Zinc corrodes besides, making hydrogen (`corrosion`). Electrodes as in
    `GalvanicCell`: Nernst with ideal activities at the outlets, Tafel with a smooth foot (an
    exchange current that falls with the surface concentration), a film: that of the main reactant
    at the cathode, that of hydroxide at the zinc. Losses of membrane and two gaps of potash lye.
    Faradaic efficiencies are given; the last cathode reaction takes what is left. A catholyte that
    is no lye needs a gap of zero (its resistance goes into that of the membrane).

    Zinc in strong lye: 80 to 3700 A/m2 of exchange, 0.040 V per decade (Bockris 1972, 0.1 to 3
    mol/L KOH). Not validated: reported open-circuit voltages (0.6 to 2 V) and peak powers (5 to 900
    W/m2) come without the polarisation of their electrodes, and a nitrate cathode at rest shows a
    mixed potential, below the thermodynamic one given here. Passivation, dendrites, ZnO in the
    electrode and charging are not modelled; supersaturation is told.

    Source: Faraday's and Nernst's laws; ammonia note section 5.1; zincate: Akinfiev and Tagirov.
    """

    catholyte = Inlet("aqueous", "catholyte with the oxidant")
    anolyte = Inlet("aqueous", "potash lye")
    zinc = Inlet("solid", "zinc fed to the anode")
    catholyte_out = Outlet("aqueous", "catholyte with the products", only="catholyte_keys")
    anolyte_out = Outlet("aqueous", "lye with zincate", only="anolyte_keys")
    zinc_out = Outlet("solid", "zinc that is left", only=("Zn(s)",))
    cathode_gas = Outlet("gas", "gas made at the cathode, dry", only="cathode_gases")
    anode_gas = Outlet("gas", "hydrogen of the corrosion, dry", only=("H2",))

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
        "m/s", "mass-transfer coefficient: reactant at the cathode, hydroxide at the zinc",
        (1e-9, 0.1), nominal=1e-5, over="sides",
    )  # fmt: skip
    tafel_slope = Spec(
        "V", "Tafel slope of the main reaction", (1e-3, 1.0), nominal=0.1, over="sides"
    )
    exchange = Spec(
        "A/m2", "exchange current density of the main reaction", (1e-30, 1e6), nominal=1.0,
        over="sides",
    )  # fmt: skip
    corrosion = Spec("A/m2", "corrosion current density of the zinc", (0.0, 1e4), nominal=1.0)
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
    open_circuit_voltage = Result("V", "thermodynamic voltage at the outlets", nominal=1.0)
    voltage = Result("V", "voltage delivered by one cell", nominal=0.5)
    voltage_efficiency = Result("1", "voltage per open-circuit voltage", nominal=0.5)
    overpotential = Result("V", "overpotential", nominal=0.2, over="sides")
    electrode_potential = Result("V", "potential against SHE", nominal=1.0, over="sides")
    gap_loss = Result("V", "voltage lost in the gap", nominal=0.01, over="sides")
    limiting_current_density = Result(
        "A/m2", "limiting current density at the outlet", nominal=1e3, over="sides"
    )
    surface_share = Result("1", "surface concentration over bulk", nominal=0.5, over="sides")
    zinc_used = Result("mol/s", "zinc dissolved, corrosion included", nominal=0.1)
    zinc_conversion = Result(
        "1", "zinc used per zinc fed", nominal=0.5, fixed_within=(0.0, 1.0), open="both"
    )
    energy_delivered = Result("J/kg", "electric energy per mass of the product", nominal=1e7)
    power = Work("W", "electric power of all cells; negative: delivered", nominal=1e3)
    duty = Heat("W", "heat to hold the temperature", nominal=1e3, utility=ANY, start="temperature")

    def __init__(
        self,
        name: str,
        *,
        cathode: Sequence[str] = CATHODE,
        membrane_cation: str = "K+",
        **given: Any,
    ) -> None:
        """Name the cell, give cathode reactions as text and the specifications in SI.

        Args:
            name: name of the unit.
            cathode: cathode reactions, the main one first; the last takes what is left, and one
                evolves a gas.
            membrane_cation: ion that carries the current through the membrane.
            given: specifications, SI.
        """
        chem = zincate.chemistry(name, cathode)
        self.chemistry, self.sides = chem, discharge.SIDES
        self.membrane_cation = electrolysis.check_cation(name, membrane_cation)
        self.specified, self.reactions = chem.specified, tuple(chem.reactions)
        self.cathode_gases = chem.gases[0]
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
        """Charge, balances, losses, potentials."""
        electrolysis.require_cation(self)
        yield from electrolysis.shares(self)
        yield from zincate.compartments(self, self._through())
        yield from discharge.losses(self)
        yield from zincate.figures(self)

    def regions(self) -> list[Region]:
        """Cathode and anode compartment."""
        return zincate.regions(self, self._through())

    def currents(self) -> Mapping[str, Any]:
        """Anode, membrane and cathode carry one current."""
        return electrolysis.currents(self)

    def warnings(self) -> tuple[str, ...]:
        """Supersaturated zincate, the mixed potential at rest, hot dry gases."""
        return (*zincate.warnings(self), *electrolysis.dry_gases(self))

    def limits(self) -> list[Limit]:
        """Alkali, reactants, zinc, limiting currents and the voltage must suffice."""
        return zincate.limits(self)
