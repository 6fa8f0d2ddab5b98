"""Evaporator of an acid liquor."""

from __future__ import annotations

from collections.abc import Iterable

import pyomo.environ as pyo

from noxplant import balances
from noxplant.crystallisation import (
    boiling,
    check_salt,
    ion_product,
    order,
    require_ions,
    true_to_totals,
)
from noxplant.quantities import Heat, Inlet, Outlet, Result, Spec
from noxplant.thermo import water
from noxplant.unit import Equations, Limit, Unit


class Evaporator(Unit):
    """Part of a liquor boils off at a given pressure; vapour and liquor leave in equilibrium.

    The liquor boils where the equilibrium pressures of all volatile species add up to the pressure,
    so dissolved salts raise its boiling point (ideal activity of water). Salts and acids with their
    protonated bases stay; of hydrazine only the unprotonated part has a vapour pressure. HCl is
    taken as non-volatile. `saturation` compares the liquor with the solubility of the salt named.

    Source: hydrazine note 3.7 (acid liquor), one stage.
    """

    feed = Inlet("aqueous", "liquor to be concentrated")
    vapour = Outlet("gas", "vapour")
    liquor = Outlet("aqueous", "concentrated liquor")
    pressure = Spec("Pa", "pressure, absolute", (100.0, 1e6))
    vapour_fraction = Spec("mol/mol", "vapour per liquor fed", (1e-6, 0.99))
    saturation = Result("1", "molality over that of saturation, liquor", (0.0, None))
    duty = Heat(
        "W", "heat to boil", utility="low-pressure steam", nominal=1e5, start="liquor", end="liquor"
    )

    def __init__(
        self, name: str, *, salt: str, utility: str = "low-pressure steam", **given: float
    ) -> None:
        """Name the evaporator, the salt whose saturation counts, the utility; give the specs."""
        self.salt = check_salt(name, salt)
        super().__init__(name, **given)
        self.choose_utility("duty", utility)

    def equations(self) -> Equations:
        """Balances and equilibrium; the boiling point follows from the pressure."""
        require_ions(self.name, self.salt, self.feed)
        vapour, liquor = self.vapour, self.liquor
        yield from balances.moles([self.feed], self.outlets)
        yield from balances.energy([self.feed], self.outlets, heat=self.duty)
        yield "pressure", liquor.pressure == self.pressure
        yield from balances.same_state(liquor, vapour)
        yield "evaporated", vapour.total_flow == self.vapour_fraction * self.feed.total_flow
        yield from boiling(liquor, vapour)
        product = ion_product(self.salt, liquor.flow, liquor.temperature)
        yield "saturation", self.saturation ** order(self.salt) == product

    def guess(self) -> Iterable[tuple[object, float]]:
        """Start at the boiling point of water."""
        kelvin = boiling_point(float(pyo.value(self.pressure)))
        return [(self.vapour.temperature, kelvin), (self.liquor.temperature, kelvin)]

    def limits(self) -> list[Limit]:
        """Nothing may crystallise in the evaporator, nor may the property range be left."""
        return [
            *true_to_totals(self.salt, self.liquor),
            Limit(
                "saturation",
                1 - self.saturation,
                f"{self.salt} crystallises in the evaporator (undersaturation {{margin:.3g}})."
                " Evaporate less, or take an EvaporativeCrystalliser.",
            ),
            Limit(
                "temperature",
                393.15 - self.liquor.temperature,
                "the liquor boils above 393.15 K, where hydrazine decomposes and the properties end"
                " ({margin:.3g} K below it). Lower the pressure.",
            ),
        ]


def boiling_point(pressure: float) -> float:
    """Boiling point of water in K at a pressure in Pa, by bisection between 273 and 480 K."""
    low, high = 273.15, 480.0
    for _ in range(40):
        middle = (low + high) / 2
        if water.saturation_pressure(middle) > pressure:
            high = middle
        else:
            low = middle
    return (low + high) / 2
