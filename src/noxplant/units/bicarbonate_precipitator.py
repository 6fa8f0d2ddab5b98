"""Carbon dioxide takes ammonia out of a liquor as ammonium bicarbonate crystals."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from noxplant import balances, contact, maths
from noxplant.constants import WATER_MOLAR_MASS
from noxplant.crystallisation import CORNER
from noxplant.errors import ModelError
from noxplant.quantities import Heat, Inlet, Inside, Outlet, Result, Spec
from noxplant.streams import carriage
from noxplant.thermo import bicarbonate, solid
from noxplant.unit import Equations, Limit, Unit

AMMONIA, CARBON = contact.AMMONIA, "C(4)"
SALT: Final = bicarbonate.SALT
KALICINITE: Final = "KHCO3(s)"
NITRE: Final = "KNO3(s)"
STAY: Final = ("NH4Cl(s)", "NH4NO3(s)", "(NH4)2SO4(s)")
"""Ammonium salts that must stay dissolved: the unit makes no crystals of them."""
WARM: Final = 309.15
"""Temperature above which the crystals are not kept without pressure (36 C, ammonia note 5.4), K."""
PRESSED: Final = 1.5e5
"""Pressure from which on they are, Pa: a choice."""
STAND_IN: Final = "Cl-"
"""Ion that takes the place of carbamate, so that the charges of what is left stand as they are."""
MUCH: Final = 0.02
"""Part of the dissolved ammonia that is carbamate from which on a user is told: a choice."""
IMPURE: Final = 1e-3
"""Crystals of other salts per ammonium bicarbonate from which on a user is told: a choice."""


class BicarbonatePrecipitator(Unit):
    """Cooled absorber in which NH3 + CO2 + H2O = NH4+ + HCO3- and NH4HCO3 crystallises.

    One equilibrium stage of gas, liquor and crystals at a given temperature: CO2, NH3 and water with the
    gas leaving, and m(NH4+) m(HCO3-) that of the saturated solution of the pure salt, whose own
    speciation is computed beside it; so the common ion counts and a liquor that is not saturated gives no
    crystals. Carbamate, NH2COO-, is in equilibrium in both (ideal, +-20 % in its constant): in liquors
    of this strength some tenths of the dissolved ammonia. The streams do not know it, they show it as
    NH3 and HCO3-, and its heat (22 kJ/mol) is left out of the duty. Activities are ideal: over the
    crystals the product of the pressures of NH3, CO2 and water is some six times that of their Gibbs
    energies (`decomposition_pressure`), so slip comes out too high and crystals too few where much
    ammonia or carbon dioxide is free.

    In a liquor with potassium KHCO3 crystallises by the same rule, and KNO3 where there is nitrate:
    whichever is saturated falls out, two or all three together. The rule against liquors measured at
    10 C, saturated with NH4HCO3 and a second salt (Hindawi J. Chem. 2023, 9296099): it leaves 22 % too
    little bicarbonate dissolved beside NH4Cl (6.2 mol/kg), 4 % too much beside NaHCO3; beside
    potassium salts and for the uptake of CO2 it is not validated.
    The gas must bring something that does not dissolve.

    Source: ammonia note 5.4; solubilities `noxplant.thermo.solid` (0 to 40 C).
    """

    feed = Inlet("aqueous", "ammonia liquor")
    gas = Inlet("gas", "gas with carbon dioxide")
    slurry = Outlet("slurry", "crystals in their mother liquor", adds="made")
    gas_out = Outlet("gas", "gas left, with ammonia and water vapour")
    pure = Inside(
        "aqueous", "saturated solution of the pure salt", count="one",
        only=("H2O", "N(-3)", "C(4)", STAND_IN),
    )  # fmt: skip
    free = Inside(
        "aqueous", "mother liquor without its carbamate, chloride in its place", count="one",
        adds=(STAND_IN,),
    )  # fmt: skip
    potash = Inside(
        "aqueous", "saturated solution of pure potassium bicarbonate", count="potassium",
        only=("H2O", "K+", "C(4)"),
    )  # fmt: skip
    temperature = Spec("K", "temperature", (273.15, 313.15))
    crystals = Result("mol/s", "ammonium bicarbonate crystals formed", (0.0, None), nominal=1e-2)
    carbamate = Result("mol/s", "carbamate in the mother liquor", (0.0, None), nominal=1e-2)
    pure_carbamate = Result(
        "mol/s",
        "carbamate in as much saturated solution of the pure salt",
        (0.0, None),
        nominal=1e-2,
    )
    other_crystals = Result(
        "mol/s", "crystals of potassium salts formed", (0.0, None), nominal=1e-2, over="others"
    )
    other_saturation = Result(
        "1", "product of the ions of a potassium salt over that at saturation", (0.0, None),
        over="others",
    )  # fmt: skip
    carbon_dioxide_captured = Result("mol/s", "carbon dioxide taken out of the gas", nominal=1e-2)
    capture = Result("1", "part of the gas's carbon dioxide that is taken out")
    ammonia_yield = Result("1", "crystals over the ammonia brought", fixed_within=(0.0, 1.0))
    slip = Result("mol/mol", "mole fraction of ammonia in the gas leaving", nominal=1e-3)
    saturation = Result("1", "product of the ions over that at saturation", (0.0, None))
    decomposition_pressure = Result(
        "Pa", "pressure of NH3, CO2 and water over the dry crystals", nominal=5e3
    )
    duty = Heat("W", "heat to the liquor (cooling)", nominal=1e4, start="feed", end="slurry")

    def __init__(self, name: str, *, utility: str = "cooling water", **given: float) -> None:
        """Name the precipitator, choose what cools it and give its specifications, SI."""
        self.one = 1
        super().__init__(name, **given)
        self.choose_utility("duty", utility)

    @property
    def others(self) -> tuple[str, ...]:
        """Potassium salts that the liquor can hold."""
        held = self.ports["feed"][0].keys.get("aqueous", ()) if "feed" in self.ports else ()
        both = (KALICINITE, NITRE) if "NO3-" in held else (KALICINITE,)
        return both if "K+" in held else ()

    @property
    def made(self) -> tuple[str, ...]:
        """Crystals that the slurry can hold."""
        return (SALT, *self.others)

    @property
    def potassium(self) -> int:
        """One where the liquor can hold potassium, else none."""
        return 1 if self.others else 0

    def equations(self) -> Equations:
        """Balances, equilibrium of gas and liquor, saturation or no crystals, figures."""
        self._check()
        feed, slurry, gas_out = self.feed, self.slurry, self.gas_out
        yield from balances.moles([feed, self.gas], self.outlets)
        yield from balances.energy([feed, self.gas], self.outlets, heat=self.duty)
        free, pure = self.free[0], self.pure[0]
        yield from balances.equilibrium(free, gas_out)
        yield "temperature", slurry.temperature == self.temperature
        yield "pressure", slurry.pressure == self.gas.pressure
        yield from self._without_carbamate()
        yield from self._pure(pure, SALT, AMMONIA, self.pure_carbamate)
        held = free.molality("NH4+") * free.molality("HCO3-")
        full = pure.molality("NH4+") * pure.molality("HCO3-")
        yield "saturation", self.saturation * full == held
        yield "crystals", slurry.flow[SALT] == self.crystals
        yield "saturated or bare", _bare(self.crystals / self._full(SALT), self.saturation)
        yield from self._potassium()
        yield from self._figures()

    def _without_carbamate(self) -> Equations:
        """The mother liquor less its carbamate, and the carbamate in equilibrium with it."""
        free, slurry = self.free[0], self.slurry
        for c in free.phase_keys("aqueous"):
            taken = {AMMONIA: 1, CARBON: 1, STAND_IN: -1}.get(c, 0) * self.carbamate
            held = slurry.flow[c] if c in slurry.phase_keys("aqueous") else 0.0
            yield f"free {c}", free.flow[c] == held - taken
        yield "temperature of the free liquor", free.temperature == slurry.temperature
        yield "pressure of the free liquor", free.pressure == slurry.pressure
        yield "carbamate", self.carbamate == self._bound(free)
        yield "carbamate of the pure solution", self.pure_carbamate == self._bound(self.pure[0])

    def _bound(self, liquor: Any) -> Any:
        """Carbamate in equilibrium with a liquor that is less it, mol/s."""
        constant = bicarbonate.carbamate_constant(liquor.temperature)
        return constant * liquor.molality("NH3") * liquor.true["HCO3-"]

    def _potassium(self) -> Equations:
        """Potassium salts: saturated, or no crystals."""
        slurry, free = self.slurry, self.free[0]
        for salt in self.others:
            full = self._full(salt)
            if salt == KALICINITE:
                pure = self.potash[0]
                yield from self._pure(pure, salt, "K+")
                at_saturation = pure.molality("K+") * pure.molality("HCO3-")
            else:
                at_saturation = solid.solubility(salt, slurry.temperature) ** 2
            held = 1.0
            for ion in solid.ions_of(salt):
                held = held * free.molality(ion)
            yield f"saturation with {salt}", self.other_saturation[salt] * at_saturation == held
            crystals = self.other_crystals[salt]
            yield f"crystals of {salt}", slurry.flow[salt] == crystals
            relation = _bare(crystals / full, self.other_saturation[salt])
            yield f"saturated with {salt} or bare", relation

    def _full(self, salt: str) -> Any:
        """Salt that the water of the liquor could hold, mol/s."""
        slurry = self.slurry
        return solid.solubility(salt, slurry.temperature) * slurry.flow["H2O"] * WATER_MOLAR_MASS

    def _check(self) -> None:
        held = (*self.feed.components, *self.gas.components)
        for c, words in ((AMMONIA, "ammonia, N(-3)"), (CARBON, "carbon dioxide")):
            if c not in held:
                raise ModelError(
                    f"{self.name}: neither liquor nor gas brings {words}, so no NH4HCO3 can form.\n"
                    "  Check what is connected to its inlets."
                )
        volatile = {g for g, _ in carriage.volatile_keys("aqueous")}
        if not set(self.gas.phase_keys("gas")) - volatile:
            raise ModelError(
                f"{self.name}: all of the gas dissolves ({', '.join(self.gas.phase_keys('gas'))}), so"
                " there would be no gas to leave.\n  Bring a little N2, O2 or H2 with it."
            )

    def _pure(self, pure: Any, salt: str, cation: str, carbamate: Any = 0.0) -> Equations:
        """The saturated solution of a pure bicarbonate, less its carbamate, in the liquor's water."""
        water, tag = self.slurry.flow["H2O"], f"pure solution of {salt}: "
        dissolved = self._full(salt)
        yield f"{tag}cation", pure.flow[cation] == dissolved - carbamate
        yield f"{tag}carbon", pure.flow[CARBON] == dissolved - carbamate
        yield f"{tag}water", pure.flow["H2O"] == water + dissolved
        if STAND_IN in pure.phase_keys("aqueous"):
            yield f"{tag}carbamate", pure.flow[STAND_IN] == carbamate
        yield f"{tag}temperature", pure.temperature == self.slurry.temperature
        yield f"{tag}pressure", pure.pressure == self.slurry.pressure

    def _figures(self) -> Equations:
        fed, left = contact.gas_content(self.gas, "CO2"), contact.gas_content(self.gas_out, "CO2")
        total = self.gas.total_flow
        yield "carbon dioxide captured", self.carbon_dioxide_captured == fed - left
        yield "capture", contact.ratio(self.capture, self.carbon_dioxide_captured, fed, total)
        brought: Any = self.feed.content(AMMONIA) + self.gas.content(AMMONIA)
        yield "yield", contact.ratio(self.ammonia_yield, self.crystals, brought, total)
        yield "slip", self.slip * self.gas_out.total_flow == self.gas_out.flow["NH3"]
        pressure = bicarbonate.decomposition_pressure(self.slurry.temperature)
        yield "decomposition pressure", self.decomposition_pressure == pressure

    def warnings(self) -> Iterator[str]:
        """Other crystals; sodium; carbamate; crystals that fall apart when warm."""
        others = {j: contact.at(self.other_crystals[j]) for j in self.others}
        ours = contact.at(self.crystals)
        for salt, made in others.items():
            if made > IMPURE * ours:
                yield (
                    f"{made / (made + ours):.3g} of the crystals (mol/mol) is {salt}, not {SALT}: take"
                    " the potassium out before, dilute, or take both."
                )
        if "Na+" in self.slurry.phase_of:
            yield (
                f"{contact.at(self.slurry.molality('Na+')):.3g} mol/kg Na+ is in the liquor: NaHCO3 is"
                " less soluble than the others and may crystallise; that is not looked at."
            )
        share = contact.at(self.carbamate / self.slurry.flow[AMMONIA])
        if share > MUCH:
            yield (
                f"{share:.2g} of the dissolved ammonia is carbamate (NH2COO-), whose constant is known to"
                " 20 % and whose heat is left out; the streams show it as NH3 and HCO3-."
            )
        yield (
            f"NH4HCO3 falls apart to NH3, CO2 and water, {contact.at(self.decomposition_pressure):.3g}"
            f" Pa at {contact.at(self.temperature):.5g} K: filter and dry it cold (below {WARM:g} K),"
            " never in warm air."
        )

    def limits(self) -> list[Limit]:
        """Not warm without pressure; no other ammonium salts among the crystals."""
        return [
            *self._dissolved(),
            Limit(
                "temperature of the crystals",
                (WARM - self.temperature) / WARM
                + maths.smooth_max((self.gas.pressure - PRESSED) / PRESSED, 0.0, 1e-9),
                f"NH4HCO3 is not kept at {contact.at(self.temperature):.5g} K without pressure: it"
                f" falls apart above {WARM:g} K (36 C). Cool it, or raise the pressure above"
                f" {PRESSED:g} Pa.",
            ),
        ]

    def _dissolved(self) -> Iterator[Limit]:
        """Other ammonium salts stay in the liquor."""
        slurry, free = self.slurry, self.free[0]
        for salt in STAY:
            parts = solid.ions_of(salt)
            if not set(parts) <= set(slurry.true):
                continue
            full, ratio = solid.solubility(salt, slurry.temperature), 1.0
            for ion, nu in parts.items():
                held = slurry if ion == STAND_IN else free
                ratio = ratio * (held.molality(ion) / (nu * full)) ** nu
            yield Limit(
                f"{salt} in the liquor",
                1 - ratio,
                f"{salt} would crystallise too: its ions are {contact.at(ratio):.3g} times their product"
                " at saturation. Dilute the liquor, or take that salt out before.",
            )


def _bare(crystals: Any, saturation: Any) -> Any:
    """Either there are crystals and the liquor is saturated, or there are none; rounded corner."""
    b = 1 - saturation
    return crystals + b == maths.sqrt(crystals**2 + b**2 + CORNER**2)
