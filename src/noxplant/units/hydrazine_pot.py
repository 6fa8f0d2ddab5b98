"""Pot from which water is boiled off free-base hydrazine (Rayleigh)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pyomo.environ as pyo

from noxplant import balances, freebase, maths
from noxplant.errors import NoxplantError
from noxplant.freebase import HYDRAZINE
from noxplant.quantities import Heat, Inlet, Outlet, Result, Spec
from noxplant.species import molar_mass
from noxplant.thermo import gas, hydrazine
from noxplant.unit import Equations, Limit, Unit

NODES = 10
VAPOURS = ("N2H4", "H2O")


class HydrazinePot(Unit):
    """Batch still without reflux, as its average over a batch; the distillate is condensed.

    Rayleigh: ln(L0/L1) is the integral of dx/(x - y) from the mole fraction fed to that of the
    residue, by Gauss-Legendre quadrature over ln x with the pot at its boiling point in every node.
    What is lost with the distillate is computed: every simple still loses a large part, since 2 wt%
    hydrazine is only 18 times less volatile than water. The residue cannot pass the azeotrope.
    Heat of mixing of hydrazine and water is neglected, as in all aqueous streams.

    Source: hydrazine note 3.7; NRTL of `noxplant.thermo.hydrazine`.
    """

    feed = Inlet("aqueous", "hydrazine and water, free base")
    distillate = Outlet("aqueous", "what boiled off, condensed")
    residue = Outlet("aqueous", "concentrated hydrazine")
    pressure = Spec("Pa", "pressure, absolute", (2e3, 1.2e5))
    strength = Spec("kg/kg", "hydrazine in the residue", (1e-3, 0.71))
    condenser_temperature = Spec("K", "temperature of the distillate", (274.0, 370.0))
    temperature = Result("K", "boiling point of the pot", nominal=370.0, over="nodes")
    start_temperature = Result("K", "boiling point of the charge", nominal=370.0)
    end_temperature = Result("K", "boiling point of the residue", nominal=380.0)
    evaporation = Result("1", "ln of charge over residue, moles")
    loss = Result("1", "hydrazine that leaves with the distillate, per hydrazine fed")
    duty = Heat(
        "W", "heat to boil", nominal=1e5, utility="low-pressure steam",
        start="start_temperature", end="end_temperature",
    )  # fmt: skip
    condenser_duty = Heat(
        "W", "heat of the condenser", nominal=1e5,
        start="start_temperature", end="condenser_temperature",
    )  # fmt: skip

    def __init__(self, name: str, **given: float) -> None:
        """Name the pot and give its specifications, SI."""
        self.nodes = tuple(str(n + 1) for n in range(NODES))
        super().__init__(name, **given)

    def equations(self) -> Equations:
        """Rayleigh's integral, balances, first law of pot and condenser."""
        feed, residue, distillate = self.feed, self.residue, self.distillate
        freebase.only_free_base(self.name, feed)
        yield from balances.moles([feed], [distillate, residue])
        base = residue.flow[HYDRAZINE] * molar_mass("N2H4")
        water = residue.flow["H2O"] * molar_mass("H2O")
        yield "strength", base == self.strength * (base + water)
        charged = feed.flow[HYDRAZINE] + feed.flow["H2O"]
        left = residue.flow[HYDRAZINE] + residue.flow["H2O"]
        yield "charge over residue", charged == left * maths.exp(self.evaporation)
        yield "loss", self.loss * feed.flow[HYDRAZINE] == distillate.flow[HYDRAZINE]
        yield from self._ends()
        yield from self._integral(charged)
        yield from balances.energy([feed], [distillate, residue], self.duty + self.condenser_duty)
        yield "distillate temperature", distillate.temperature == self.condenser_temperature
        yield "distillate pressure", distillate.pressure == self.pressure
        yield "residue temperature", residue.temperature == self.end_temperature
        yield "residue pressure", residue.pressure == self.pressure

    def _ends(self) -> Equations:
        """Boiling points of charge and residue; that of the residue follows from its strength."""
        for name, x, T in (
            ("start", freebase.fraction(self.feed), self.start_temperature),
            ("end", self._strongest(), self.end_temperature),
        ):
            _, ratio = freebase.vapour(x, T, self.pressure)
            yield f"boiling point at the {name}", maths.log(ratio) == 0

    def _strongest(self) -> Any:
        """Mole fraction of the residue, from its strength alone."""
        base, water = self.strength / molar_mass("N2H4"), (1 - self.strength) / molar_mass("H2O")
        return base / (base + water)

    def _integral(self, charged: Any) -> Equations:
        """ln(L0/L1) and the enthalpy of all vapour, by quadrature over ln of the mole fraction."""
        places, weights, part = freebase.gauss(NODES)
        first, last = freebase.fraction(self.feed), self._strongest()
        span = maths.log(last / first)
        rates, heats = [], []
        for key, place in zip(self.nodes, places, strict=True):
            x, T = first * maths.exp(place * span), self.temperature[key]
            y, ratio = freebase.vapour(x, T, self.pressure)
            yield f"boiling point in node {key}", maths.log(ratio) == 0
            rates.append(span * x / (x - y))
            h = [gas.enthalpy(s, T) for s in VAPOURS]
            heats.append(y * h[0] + (1 - y) * h[1])
        total = sum(w * r for w, r in zip(weights, rates, strict=True))
        yield "evaporation", self.evaporation == total
        carried: Any = 0.0
        for w, r, h, row in zip(weights, rates, heats, part, strict=True):
            gone = sum(a * b for a, b in zip(row, rates, strict=True))
            carried = carried + w * r * h * maths.exp(-gone)
        left = self.feed.enthalpy_flow + self.duty
        yield "first law of the pot", left == self.residue.enthalpy_flow + charged * carried

    def guess(self) -> Iterator[tuple[Any, float]]:
        """Boiling points of charge and residue at their compositions."""
        pressure = float(pyo.value(self.pressure))
        strength = min(float(pyo.value(self.strength)), 0.7)
        fed = float(pyo.value(freebase.mass_fraction(self.feed)))
        places, _, _ = freebase.gauss(NODES)
        ends = [hydrazine.mole_fraction(min(max(w, 1e-6), 0.7)) for w in (fed, strength)]
        try:
            for key, place in zip(self.nodes, places, strict=True):
                x = ends[0] * (ends[1] / ends[0]) ** place
                yield self.temperature[key], hydrazine.boiling_point(x, pressure)
            for variable, x in zip(
                (self.start_temperature, self.end_temperature), ends, strict=True
            ):
                yield variable, hydrazine.boiling_point(x, pressure)
        except NoxplantError:
            return
        n = self.feed.flow[HYDRAZINE].value or 0.0
        for variable, share in ((self.residue, 0.8), (self.distillate, 0.2)):
            yield variable.flow[HYDRAZINE], share * n

    def limits(self) -> list[Limit]:
        """Stronger than the charge, weaker than the azeotrope, not too hot."""
        x, feed = self._strongest(), self.feed
        y, _ = freebase.vapour(x, self.end_temperature, self.pressure)
        base = feed.flow[HYDRAZINE] * molar_mass("N2H4")
        needed = self.strength * (base + feed.flow["H2O"] * molar_mass("H2O")) - base
        return [
            Limit(
                "boiling off",
                needed,
                "the residue is asked to be weaker than the charge, which holds {margin:.3g} kg/s"
                " less hydrazine than it would at the strength asked. Give a strength above that of"
                " the feed.",
                bound=needed,
            ),
            Limit(
                "azeotrope",
                x - y,
                "the residue would pass the azeotrope, where vapour and liquid are alike (liquid"
                " less vapour {margin:.3g} mol/mol). Give a strength below it (71 wt% at 1 atm).",
            ),
            freebase.too_hot(self.end_temperature, "residue"),
        ]
