"""Absorption of NOx and CO2 in potash lye."""

from __future__ import annotations

from typing import Any, Final

import pyomo.environ as pyo

from noxplant import balances, maths
from noxplant.errors import ModelError
from noxplant.quantities import Inlet, Outlet, Result, Spec
from noxplant.species import Reaction
from noxplant.unit import Equations, Limit, Unit

PAIRS: Final = Reaction.parse("NO(g) + NO2(g) + 2 OH- -> 2 NO2- + H2O")
DISPROPORTIONATION: Final = Reaction.parse("2 NO2(g) + 2 OH- -> NO2- + NO3- + H2O")
WIDTH: Final = 1e-11
"""Rounding of the corner of min(NO, NO2), as a fraction of the gas flow."""


class AlkalineAbsorber(Unit):
    """NO and NO2 are absorbed in pairs as nitrite, the rest of NO2 as nitrite and nitrate.

    Pairs (a given fraction of the lesser of NO and NO2) give NO + NO2 + 2 OH- -> 2 NO2- + H2O; a
    given fraction of the NO2 then left disproportionates, 2 NO2 + 2 OH- -> NO2- + NO3- + H2O; NO in
    excess slips. A given fraction of the CO2 ends as carbonate. Gas and liquor leave in equilibrium
    of water (and ammonia) at one temperature, adiabatic, co-current picture. Acid gases HNO2 and
    HNO3 are absorbed wholly. Nitrite is not re-oxidised.

    Source: plasma note, sections 3 and 6; film theory of the pairs is left out.
    """

    gas = Inlet("gas", "gas with NO and NO2")
    liquor = Inlet("aqueous", "alkaline liquor")
    gas_out = Outlet("gas", "washed gas", drops=("HNO2", "HNO3"))
    liquor_out = Outlet("aqueous", "liquor with nitrite, nitrate, carbonate", adds=("N(3)", "NO3-"))
    pair_efficiency = Spec("1", "fraction absorbed of the pairs NO + NO2", (0.0, 1.0))
    no2_efficiency = Spec("1", "fraction absorbed of the NO2 left over", (0.0, 1.0))
    co2_efficiency = Spec("1", "fraction absorbed of the CO2", (0.0, 1.0))
    pressure_drop = Spec("Pa", "pressure drop of the gas", (0.0, None), default=0.0)
    pairs = Result("mol/s", "NO absorbed in pairs", nominal=0.01)
    disproportionated = Result("mol/s", "half the NO2 that disproportionates", nominal=0.01)
    hydroxide_fed = Result("mol/s", "free hydroxide in the liquor fed", nominal=0.1)
    hydroxide_used = Result("mol/s", "hydroxide used up by NOx and CO2", nominal=0.1)
    slip = Result("mol/s", "NO and NO2 that leave with the gas", nominal=0.01)
    absorbed = Result("mol/s", "NO and NO2 that end as nitrite and nitrate", nominal=0.01)

    def __init__(
        self,
        name: str,
        *,
        pair_efficiency: float,
        no2_efficiency: float,
        co2_efficiency: float,
        pressure_drop: float = 0.0,
    ) -> None:
        """Name the absorber and give its efficiencies."""
        super().__init__(
            name,
            pair_efficiency=pair_efficiency,
            no2_efficiency=no2_efficiency,
            co2_efficiency=co2_efficiency,
            pressure_drop=pressure_drop,
        )
        self.converts = ("NO", "NO2")

    def equations(self) -> Equations:
        """Extents, balances, equilibrium of the volatile, first law."""
        gas, liquor = self.gas, self.liquor
        for s in ("NO", "NO2"):
            if s not in gas.phase_of:
                raise ModelError(f"{self.name}: its gas holds no {s}; put a NOxOxidiser before it.")
        no, no2 = gas.flow["NO"], gas.flow["NO2"]
        lesser = maths.smooth_min(no, no2, WIDTH * gas.total_flow)
        e1, e2 = self.pairs, self.disproportionated
        yield "pairs", e1 == self.pair_efficiency * lesser
        yield "disproportionation", 2 * e2 == self.no2_efficiency * (no2 - e1)
        made = balances.add(
            balances.conversion(PAIRS, e1), balances.conversion(DISPROPORTIONATION, e2)
        )
        inlets, outlets = [gas, liquor], [self.gas_out, self.liquor_out]
        yield from balances.moles(inlets, outlets, made)
        yield from balances.energy(inlets, outlets)
        yield from balances.equilibrium(self.liquor_out, self.gas_out, except_for=("CO2",))
        yield from balances.pressure(gas, self.gas_out, self.pressure_drop, tag="gas: ")
        absorbed = self._co2()
        if "CO2" in self.gas_out.phase_of:
            left = gas.content("C(4)") - absorbed
            yield "CO2 left", self.gas_out.flow["CO2"] == left
        acid: Any = sum(gas.flow[s] for s in ("HNO2", "HNO3") if s in gas.phase_of)
        yield "hydroxide fed", self.hydroxide_fed == liquor.true["OH-"]
        yield "hydroxide used", self.hydroxide_used == 2 * e1 + 2 * e2 + 2 * absorbed + acid
        yield "slip", self.slip == self.gas_out.flow["NO"] + self.gas_out.flow["NO2"]
        yield "absorbed", self.absorbed == no + no2 - self.slip

    def _co2(self) -> Any:
        """CO2 absorbed, mol/s; zero when the gas holds none."""
        held = "CO2" in self.gas.phase_of
        return self.co2_efficiency * self.gas.flow["CO2"] if held else 0.0

    def limits(self) -> list[Limit]:
        """Hydroxide must suffice: without it nitrite turns into nitrous acid and NO."""
        fed, used = _number(self.hydroxide_fed), _number(self.hydroxide_used)
        return [
            Limit(
                "hydroxide left",
                self.hydroxide_fed - self.hydroxide_used,
                f"hydroxide is exhausted: the liquor brings {fed:.4g} mol/s, NOx and CO2 use up"
                f" {used:.4g} mol/s ({{margin:.4g}} mol/s left). Feed more or stronger KOH.",
            )
        ]


def _number(variable: Any) -> float:
    value = pyo.value(variable, exception=False)
    return float("nan") if value is None else float(value)
