"""Electrolyser stack with a cation membrane and a given cell voltage."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from noxplant import electrolysis
from noxplant.quantities import Heat, Inlet, Outlet, Result, Spec, Work
from noxplant.unit import Equations, Limit, Region, Unit

CATHODE = (
    "NO3- + 6 H2O + 8 e- -> NH3 + 9 OH-",
    "NO3- + H2O + 2 e- -> NO2- + 2 OH-",
    "NO2- + 5 H2O + 6 e- -> NH3 + 7 OH-",
    "2 H2O + 2 e- -> H2 + 2 OH-",
)
"""Half-reactions of a nitrate cathode when none are given."""
ANODE = ("4 OH- -> O2 + 2 H2O + 4 e-",)
"""Half-reaction of an oxygen anode."""


class SpecifiedCell(Unit):
    """Electrolyser stack with a cation membrane; cell voltage and faradaic efficiencies are given.

    Both liquids leave at one temperature, each well mixed. The current crosses the membrane as
    cations of the anolyte with their water; nothing else crosses. Gases leave dry; vapours are left
    to a `GasLiquidSeparator`. Reactions may be written with H+ or OH-: protons follow from
    electroneutrality. Heats and thermoneutral voltage follow from the enthalpies of the streams.
    The limiting current counts the outlet concentration; reversible voltages use ideal activities.
    Shunt currents and crossover of ammonia are neglected.

    Missing reaction: ammonia that the anolyte brings is not oxidised (2 NH3 + 6 OH- -> N2 + 6 H2O +
    6 e-, about -0.77 V vs SHE at pH 14, 1.2 V below oxygen). It is easy by thermodynamics, slow on
    nickel and iridium oxide, not zero. `anolyte_ammonia` reports the level, and the solution warns
    when the anolyte brings more than 5 % of the ammonia that the cathode makes.

    Source: Faraday's law; ammonia note section 5.1, hydrazine note section 3.1.
    """

    catholyte = Inlet("aqueous", "catholyte with the nitrate")
    anolyte = Inlet("aqueous", "alkaline anolyte")
    catholyte_out = Outlet("aqueous", "catholyte with the products", only="catholyte_keys")
    anolyte_out = Outlet("aqueous", "anolyte, weaker in alkali", only="anolyte_keys")
    cathode_gas = Outlet("gas", "gas made at the cathode, dry", only="cathode_gases")
    anode_gas = Outlet("gas", "gas made at the anode, dry", only="anode_gases")

    area = Spec("m2", "electrode area of all cells", (0.0, None), nominal=10.0, open="low")
    current_density = Spec("A/m2", "current density", (0.0, 1e5), nominal=1e3, open="low")
    voltage = Spec("V", "voltage of one cell", (0.0, 50.0), nominal=2.0)
    cells = Spec(
        "1", "number of cells, electrically in series", (1.0, None), nominal=100.0, whole=True
    )
    temperature = Spec("K", "temperature at the outlets", (273.15, 373.15))
    water_drag = Spec(
        "1", "water carried per cation through the membrane", (0.0, 30.0), nominal=5.0
    )
    mass_transfer = Spec(
        "m/s", "mass-transfer coefficient of the cathode", (1e-9, 0.1), nominal=1e-5
    )
    faradaic_efficiency = Spec(
        "1", "faradaic efficiency", (0.0, 1.0), nominal=0.5, over="specified"
    )

    current = Result("A", "current, sum over all cells", nominal=1e4)
    cell_current = Result("A", "current of one cell", nominal=1e2)
    charge_share = Result(
        "1",
        "faradaic efficiency, remainder included",
        nominal=0.5,
        over="reactions",
        fixed_within=(0.0, 1.0),
    )
    extent = Result("mol/s", "extent of each half-reaction", nominal=1e-2, over="reactions")
    ions = Result("mol/s", "cations through the membrane, anolyte to catholyte", nominal=0.1)
    conversion = Result(
        "1",
        "consumed per brought and made, in one pass",
        nominal=0.5,
        over="consumed",
        fixed_within=(0.0, 1.0),
    )
    production_rate = Result("mol/s/m2", "net production per area", nominal=1e-3, over="produced")
    specific_energy = Result("J/kg", "electric energy per mass of the main product", nominal=1e8)
    reversible_voltage = Result(
        "V", "reversible voltage at the outlets", nominal=1.0, over="cathodic"
    )
    thermoneutral_voltage = Result("V", "thermoneutral voltage, alkaline, 298.15 K", nominal=1.0)
    limiting_current_density = Result(
        "A/m2", "limiting current density at the outlet", nominal=1e3, over="consumed"
    )
    limiting_ratio = Result(
        "1",
        "net current over limiting current; 0 where more is made than used up: not limited",
        nominal=0.5,
        over="consumed",
        least=0.0,
    )
    anode_hydroxide = Result("mol/m3", "hydroxide at the anode exit", nominal=1e3)
    anolyte_ammonia = Result(
        "mol/m3", "ammonia in the anolyte fed; its oxidation is not modelled", nominal=10.0
    )
    power = Work("W", "electric power of all cells", nominal=1e4)
    duty = Heat("W", "heat to hold the temperature", nominal=1e4, start="temperature")

    def __init__(
        self,
        name: str,
        *,
        cathode: Sequence[str] = CATHODE,
        anode: Sequence[str] = ANODE,
        remainder: str | None = None,
        membrane_cation: str = "K+",
        **given: Any,
    ) -> None:
        """Name the stack, give half-reactions as text and the specifications in SI.

        Args:
            name: name of the unit.
            cathode: cathode reactions, the main one first.
            anode: anode reactions; the last takes the current that the others leave.
            remainder: cathode reaction that takes the current left over, by short name; the
                evolution of hydrogen when not given.
            membrane_cation: ion that carries the current through the membrane.
            given: specifications, SI.
        """
        chem = electrolysis.chemistry(name, cathode, anode, remainder)
        self.chemistry, self.membrane_cation = (
            chem,
            electrolysis.check_cation(name, membrane_cation),
        )
        self.specified, self.reactions = chem.specified, tuple(chem.reactions)
        self.cathodic, self.consumed, self.produced = (
            tuple(chem.cathode),
            chem.consumed,
            chem.produced,
        )
        self.cathode_gases, self.anode_gases = chem.gases
        self.converts = (*chem.consumed, "H2O")
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

    def equations(self) -> Equations:
        """Charge, balances of both compartments, figures."""
        yield from electrolysis.charge(self)
        yield from electrolysis.compartments(self)
        yield from electrolysis.figures(self)

    def warnings(self) -> tuple[str, ...]:
        """Ammonia or too little hydroxide at the anode, hot dry gases, kinetics beyond their fit."""
        return electrolysis.advice(self)

    def regions(self) -> list[Region]:
        """Cathode and anode compartment."""
        return electrolysis.regions(self)

    def currents(self) -> dict[str, Any]:
        """Anode, membrane and cathode carry one current."""
        return electrolysis.currents(self)

    def limits(self) -> list[Limit]:
        """Reactants, alkali, limiting current and voltage must suffice."""
        return electrolysis.limits(self)
