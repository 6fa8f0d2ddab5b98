"""Carbon dioxide takes ammonia out of a liquor as ammonium bicarbonate crystals."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from noxplant import balances, contact, maths
from noxplant.constants import WATER_MOLAR_MASS
from noxplant.crystallisation import CORNER, ion_product
from noxplant.errors import ModelError
from noxplant.quantities import Heat, Inlet, Inside, Outlet, Result, Spec
from noxplant.streams import carriage
from noxplant.thermo import bicarbonate, solid
from noxplant.unit import Equations, Limit, Unit

AMMONIA, CARBON = contact.AMMONIA, "C(4)"
SALT: Final = bicarbonate.SALT
NITRE: Final = "KNO3(s)"
WARM: Final = 309.15
"""Temperature above which the crystals are not kept without pressure (36 C, ammonia note 5.4), K."""
PRESSED: Final = 1.5e5
"""Pressure from which on they are, Pa: a choice."""


class BicarbonatePrecipitator(Unit):
    """Cooled absorber in which NH3 + CO2 + H2O = NH4+ + HCO3- and NH4HCO3 crystallises.

    One equilibrium stage of gas, liquor and crystals at a given temperature: CO2, NH3 and water with the
    gas leaving, and m(NH4+) m(HCO3-) that of the saturated solution of the pure salt, whose own
    speciation is computed beside it; so the common ion counts and a liquor that is not saturated gives no
    crystals. Carbamate is not modelled: in real liquors of this strength some tenths of the ammonia are
    NH2COO-, which takes up more CO2 and gives fewer crystals than here; not validated.
    The gas must bring something that does not dissolve.

    Source: ammonia note 5.4; solubility `noxplant.thermo.solid` (0 to 40 C).
    """

    feed = Inlet("aqueous", "ammonia liquor")
    gas = Inlet("gas", "gas with carbon dioxide")
    slurry = Outlet("slurry", "crystals in their mother liquor", adds="made")
    gas_out = Outlet("gas", "gas left, with ammonia and water vapour")
    pure = Inside(
        "aqueous", "saturated solution of the pure salt", count="one",
        only=("H2O", "N(-3)", "C(4)"),
    )  # fmt: skip
    temperature = Spec("K", "temperature", (273.15, 313.15))
    crystals = Result("mol/s", "crystals formed", (0.0, None), nominal=1e-2)
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
        self.one, self.made = 1, (SALT,)
        super().__init__(name, **given)
        self.choose_utility("duty", utility)

    def equations(self) -> Equations:
        """Balances, equilibrium of gas and liquor, saturation or no crystals, figures."""
        self._check()
        feed, slurry, gas_out = self.feed, self.slurry, self.gas_out
        yield from balances.moles([feed, self.gas], self.outlets)
        yield from balances.energy([feed, self.gas], self.outlets, heat=self.duty)
        yield from balances.equilibrium(slurry, gas_out)
        yield "temperature", slurry.temperature == self.temperature
        yield "pressure", slurry.pressure == self.gas.pressure
        yield from self._pure()
        pure = self.pure[0]
        held = slurry.molality("NH4+") * slurry.molality("HCO3-")
        full = pure.molality("NH4+") * pure.molality("HCO3-")
        yield "saturation", self.saturation * full == held
        yield "crystals", slurry.flow[SALT] == self.crystals
        a, b = self.crystals / pure.flow[CARBON], 1 - self.saturation
        yield "saturated or bare", a + b == maths.sqrt(a**2 + b**2 + CORNER**2)
        yield from self._figures()

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

    def _pure(self) -> Equations:
        """The saturated solution of the pure salt in the water of the liquor."""
        pure, slurry = self.pure[0], self.slurry
        water = slurry.flow["H2O"]
        salt = solid.solubility(SALT, slurry.temperature) * water * WATER_MOLAR_MASS
        yield "pure solution: ammonia", pure.flow[AMMONIA] == salt
        yield "pure solution: carbon", pure.flow[CARBON] == salt
        yield "pure solution: water", pure.flow["H2O"] == water + salt
        yield "pure solution: temperature", pure.temperature == slurry.temperature
        yield "pure solution: pressure", pure.pressure == slurry.pressure

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
        """Carbamate; potassium; crystals that fall apart when warm."""
        if "K+" in self.slurry.phase_of:
            yield (
                f"{contact.at(self.slurry.molality('K+')):.3g} mol/kg K+ is in the liquor: KHCO3 may"
                " crystallise too; its solubility is not in the data, so it is not looked at."
            )
        yield (
            "carbamate (NH2COO-) is not modelled: the uptake of CO2 comes out too small and the"
            " crystals too many."
        )
        yield (
            f"NH4HCO3 falls apart to NH3, CO2 and water, {contact.at(self.decomposition_pressure):.3g}"
            f" Pa at {contact.at(self.temperature):.5g} K: filter and dry it cold (below {WARM:g} K),"
            " never in warm air."
        )

    def limits(self) -> list[Limit]:
        """Not warm without pressure; no potassium nitrate among the crystals."""
        slurry = self.slurry
        others = [NITRE] if {"K+", "NO3-"} <= set(slurry.phase_of) else []
        return [
            *(
                Limit(
                    f"{salt} in the liquor",
                    1 - ion_product(salt, slurry.flow, slurry.temperature),
                    f"{salt} would crystallise too: its ions are"
                    f" {contact.at(ion_product(salt, slurry.flow, slurry.temperature)):.3g} times"
                    " their product at saturation. Dilute the liquor, or take that salt out before.",
                )
                for salt in others
            ),
            Limit(
                "temperature of the crystals",
                (WARM - self.temperature) / WARM
                + maths.smooth_max((self.gas.pressure - PRESSED) / PRESSED, 0.0, 1e-9),
                f"NH4HCO3 is not kept at {contact.at(self.temperature):.5g} K without pressure: it"
                f" falls apart above {WARM:g} K (36 C). Cool it, or raise the pressure above"
                f" {PRESSED:g} Pa.",
            ),
        ]
