"""Haber-Bosch converter at equilibrium with an approach in temperature."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from noxplant import balances, contact, maths
from noxplant.constants import ATMOSPHERE
from noxplant.errors import ModelError
from noxplant.quantities import Heat, Inlet, Outlet, Result, Spec
from noxplant.species.numbers import number
from noxplant.thermo import ammonia
from noxplant.unit import Equations, Limit, Unit

POISONS = ("O2", "H2O", "CO", "CO2")
TRACE = 1e-5
"""Mole fraction of them that passes: 10 ppm, as usual for iron catalysts (recalled)."""


class AmmoniaConverter(Unit):
    """N2 + 3 H2 = 2 NH3 to the equilibrium of a temperature `approach` above that of the outlet.

    Gillespie and Beattie's constant with Dyson and Simon's fugacity coefficients, 20 to 600 atm:
    within 4 % of Larson and Dodge's measurements. The heat of reaction leaves at the temperature of
    the converter (in practice as high-pressure steam); enthalpies are those of ideal gases. Kinetics
    (Temkin) are left out: catalyst volume does not count.

    Source: plasma note, section 4; `noxplant.thermo.ammonia`.
    """

    feed = Inlet("gas", "synthesis gas")
    out = Outlet("gas", "gas with ammonia", adds=("NH3",))
    temperature = Spec("K", "outlet temperature", ammonia.SPAN)
    approach = Spec("K", "equilibrium temperature less outlet temperature", (0.0, 300.0))
    pressure_drop = Spec("Pa", "pressure drop", (0.0, None), default=0.0)
    duty = Heat("W", "heat added (negative: removed)", nominal=1e5, start="feed", end="temperature")
    made = Result("mol/s", "ammonia made", nominal=0.1)
    ammonia_fraction = Result("1", "mole fraction of NH3 at the outlet", (0.0, 1.0), nominal=0.2)
    conversion = Result("1", "H2 that reacts per H2 fed", (None, 1.0))

    def __init__(
        self, name: str, *, temperature: float, approach: float, pressure_drop: float = 0.0
    ) -> None:
        """Name the converter, give its temperature and its approach to equilibrium [K]."""
        super().__init__(
            name, temperature=temperature, approach=approach, pressure_drop=pressure_drop
        )
        self.converts = ("N2", "H2", "N(-3)")

    def equations(self) -> Equations:
        """Equilibrium, balances, first law."""
        feed, out = self.feed, self.out
        for s in ("N2", "H2"):
            if s not in feed.phase_of:
                raise ModelError(f"{self.name}: its feed holds no {s}; feed H2 and N2.")
        k = ammonia.effective_constant(self.temperature + self.approach, out.pressure)
        # squared, so that no root of a flow is taken
        left = (out.flow["NH3"] * out.total_flow) ** 2
        yield "equilibrium", left == k**2 * out.flow["H2"] ** 3 * out.flow["N2"]
        made = {"N(-3)": self.made, "H2": -1.5 * self.made, "N2": -0.5 * self.made}
        yield from balances.moles([feed], [out], made)
        yield from balances.energy([feed], [out], heat=self.duty)
        yield from balances.pressure(feed, out, self.pressure_drop)
        yield "temperature", out.temperature == self.temperature
        yield "fraction of NH3", self.ammonia_fraction * out.total_flow == out.flow["NH3"]
        yield "conversion", self.conversion * feed.flow["H2"] == 1.5 * self.made

    def limits(self) -> list[Limit]:
        """Range of the correlations; what poisons the catalyst."""
        low, high = (x * ATMOSPHERE for x in number("ammonia.synthesis.pressures"))
        p = contact.at(self.out.pressure)
        words = f"the converter works at {p / ATMOSPHERE:.4g} atm; the equilibrium is known from"
        words += f" {low / ATMOSPHERE:g} to {high / ATMOSPHERE:g} atm. Change the pressure."
        poison = sum(self.feed.flow[s] for s in POISONS if s in self.feed.phase_of)
        return [
            Limit("lowest pressure", self.out.pressure - low, words),
            Limit("highest pressure", high - self.out.pressure, words),
            Limit(
                "poisons",
                TRACE * self.feed.total_flow - poison,
                f"the feed brings {contact.at(poison):.3g} mol/s of {', '.join(POISONS)}, which poison"
                " the iron of the converter and react with H2. Remove them before (methanation,"
                " drying).",
            ),
        ]

    def guess(self) -> Iterator[tuple[Any, float]]:
        """A sixth of the gas becomes ammonia."""
        feed = {k: max(contact.at(v), 0.0) for k, v in self.feed.flow.items()}
        made = float(maths.smooth_min(0.3 * feed["N2"], 0.1 * feed["H2"], 1e-12))
        for k in self.out.flow:
            change = {"NH3": made, "N2": -made / 2, "H2": -1.5 * made}.get(k, 0.0)
            yield self.out.flow[k], max(feed.get(k, 0.0) + change, 1e-12)
        yield self.made, made
        yield self.out.temperature, self.given.get("temperature", 700.0)
