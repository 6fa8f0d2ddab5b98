"""Galvanic cells in closed form: open-circuit voltage, polarisation, peak power.

The electrodes are those of the electrolysers: an equilibrium potential from Gibbs energies, a Tafel
line with a smooth foot counted from it (`noxplant.electrolysis.voltage.tafel`), a film with a
limiting current. Discharge is positive: U = E_cathode - E_anode - overpotentials - j R.

    eta(j) = b asinh(j / (2 j0 (1 - j / j_L))) / ln 10

Standard cells: `CELLS`. The measured open circuit of a nitrate battery lies below the thermodynamic
one, for no electrode reaches its equilibrium with nitrate (mixed potentials): not validated.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from noxplant.constants import FARADAY, GAS_CONSTANT, T_REFERENCE
from noxplant.electrolysis.voltage import tafel
from noxplant.errors import Refusal, SpecError, nearest
from noxplant.species import Reaction, number
from noxplant.thermo import aqueous, electro, ranges

NITRATE: Final = Reaction.parse("NO3- + 6 H2O + 8 e- -> NH3 + 9 OH-")
NITRITE: Final = Reaction.parse("NO2- + 5 H2O + 6 e- -> NH3 + 7 OH-")
HYDRAZINE: Final = Reaction.parse("N2H4 + 4 OH- -> N2 + 4 H2O + 4 e-")
ZINC: Final = "zinc"
"""Zn + 2 OH- -> ZnO + H2O + 2 e-."""
CELLS: Final[Mapping[str, tuple[Reaction, Reaction | str]]] = {
    "zinc-nitrate": (NITRATE, ZINC),
    "zinc-nitrite": (NITRITE, ZINC),
    "hydrazine-nitrate": (NITRATE, HYDRAZINE),
}
"""Cathode and anode of cells that reduce NOx and deliver power, in alkali."""


def zinc_potential(T: float = T_REFERENCE, hydroxide: float = 1.0) -> float:
    """Potential of ZnO + H2O + 2 e- = Zn + 2 OH- against SHE in V.

    Args:
        T: temperature [K], 273.15..373.15, heat of reaction constant.
        hydroxide: activity of OH-.

    Zincate, which forms first in strong lye, is not counted; `ZincCell` counts it.
    """
    ranges.within("potential of zinc", T, *electro.SLOPES)
    change = {}
    for k, of in (("gibbs", aqueous.formation_gibbs), ("enthalpy", aqueous.formation_enthalpy)):
        zinc, oxide = (number(f"electrolyser.solid.{s}.{k}") for s in ("Zn", "ZnO"))
        change[k] = 2 * of("OH-") + zinc - oxide - of("H2O")
    entropy = (change["enthalpy"] - change["gibbs"]) / T_REFERENCE
    standard = -(change["enthalpy"] - T * entropy) / (2 * FARADAY)
    return float(standard - GAS_CONSTANT * T / FARADAY * math.log(hydroxide))


def potential(half: Reaction | str, T: float, activities: Mapping[str, float]) -> float:
    """Equilibrium potential of one electrode of `CELLS` against SHE in V."""
    if isinstance(half, str):
        return zinc_potential(T, activities.get("OH-", 1.0))
    known = {s: a for s, a in activities.items() if s in half.species}
    return float(electro.nernst(half, known, T))


def open_circuit(
    cell: str, T: float = T_REFERENCE, activities: Mapping[str, float] | None = None
) -> float:
    """Thermodynamic open-circuit voltage of one of `CELLS` in V.

    Args:
        cell: name.
        T: temperature [K], 273.15..373.15.
        activities: of dissolved species and gases (bar) at both electrodes; others count as one.

    Raises:
        SpecError: an unknown cell.

    >>> round(open_circuit("hydrazine-nitrate"), 2)
    1.04
    """
    if cell not in CELLS:
        raise SpecError(
            f"There is no cell {cell!r}.{nearest(cell, CELLS)} Known: {', '.join(CELLS)}."
        )
    cathode, anode = CELLS[cell]
    given = activities or {}
    return potential(cathode, T, given) - potential(anode, T, given)


@dataclass(frozen=True)
class Electrode:
    """Losses of one electrode.

    Attributes:
        slope: Tafel slope, V per decade.
        exchange: exchange current density, A/m2, at the bulk concentration.
        limiting: limiting current density, A/m2; infinite without a dissolved reactant.
    """

    slope: float
    exchange: float
    limiting: float = math.inf

    def loss(self, current_density: float) -> float:
        """Overpotential at a current density below the limiting one, V, positive."""
        left = 1 - current_density / self.limiting
        return float(tafel(current_density / left, self.slope, self.exchange))


@dataclass(frozen=True)
class Battery:
    """A galvanic cell of given open-circuit voltage and losses.

    Attributes:
        open_circuit: V, positive.
        cathode, anode: losses of the electrodes.
        resistance: area resistance of electrolyte and separator, ohm m2.
    """

    open_circuit: float
    cathode: Electrode
    anode: Electrode
    resistance: float

    def __post_init__(self) -> None:
        """Refuse what is no galvanic cell."""
        if not self.open_circuit > 0:
            raise Refusal(
                f"The open-circuit voltage is {self.open_circuit:.4g} V: these electrodes deliver"
                " no power.\n  Exchange them, or use an electrolyser."
            )
        for side, x in (("cathode", self.cathode), ("anode", self.anode)):
            for what, value, unit in (
                ("Tafel slope", x.slope, "V"),
                ("exchange current density", x.exchange, "A/m2"),
                ("limiting current density", x.limiting, "A/m2"),
            ):
                if not value > 0:
                    raise SpecError(
                        f"The {what} of the {side} is {value:.6g} {unit}; it must be above 0.\n"
                        "  Give it as a magnitude, whichever way the current flows."
                    )
        if not self.resistance >= 0:
            raise SpecError(
                f"The resistance is {self.resistance:.6g} ohm m2; give a resistance >= 0 (0 for none)."
            )

    @property
    def limit(self) -> float:
        """Limiting current density of the cell, A/m2."""
        return min(self.cathode.limiting, self.anode.limiting)

    def voltage(self, current_density: float) -> float:
        """Voltage delivered, V; below zero beyond the short-circuit current.

        Raises:
            Refusal: a negative current density, or the limiting current density and more.
        """
        if not 0 <= current_density < self.limit:
            raise Refusal(
                f"A current density of {current_density:.6g} A/m2 cannot be drawn: it must be 0 or"
                f" more and below the limiting {self.limit:.6g} A/m2 of this cell."
            )
        losses = self.cathode.loss(current_density) + self.anode.loss(current_density)
        return self.open_circuit - losses - current_density * self.resistance

    def power(self, current_density: float) -> float:
        """Power delivered per area, W/m2."""
        return current_density * self.voltage(current_density)

    def short_circuit(self) -> float:
        """Current density at zero voltage, A/m2; the limiting one where rounding tells no less."""
        from scipy.optimize import brentq

        high = self._scale()
        while self.voltage(high) > 0:
            more = min(2 * high, (high + self.limit) / 2)
            if not high < more < self.limit:
                return high  # the last number below the limiting current still delivers
            high = more
        return float(brentq(self.voltage, 0.0, high, xtol=1e-12, rtol=1e-12))

    def _scale(self) -> float:
        start = min(self.cathode.exchange, self.anode.exchange)
        return min(start, self.limit / 2) if math.isfinite(self.limit) else start

    def peak(self) -> tuple[float, float, float]:
        """Current density [A/m2], voltage [V] and power [W/m2] at the peak of power.

        Power is concave in the current (every loss rises with it, ever faster or with a falling
        slope that j outgrows), so there is one peak between zero and the short circuit.
        """
        from scipy.optimize import minimize_scalar

        end = self.short_circuit()
        found = minimize_scalar(
            lambda x: -self.power(x * end) / (end * self.open_circuit),
            bounds=(0.0, 1.0),
            method="bounded",
            options={"xatol": 1e-10},
        )
        j = float(found.x) * end
        return j, self.voltage(j), self.power(j)


def discharge(battery: Battery, points: int = 41) -> list[tuple[float, float, float]]:
    """Polarisation curve: current density [A/m2], voltage [V], power [W/m2], to short circuit."""
    end = battery.short_circuit()
    steps = [end * n / (points - 1) for n in range(points)]
    return [(j, battery.voltage(j), battery.power(j)) for j in steps]


def operating_point(source: Any, load: Any, highest: float) -> tuple[float, float]:
    """Voltage [V] and current [A] where a source meets a load.

    Args:
        source: current [A] delivered at a voltage [V], falling.
        load: current [A] drawn at a voltage [V], rising.
        highest: voltage at which the source delivers nothing, V.

    Raises:
        Refusal: they do not meet between zero and `highest`.
    """
    from scipy.optimize import brentq

    def short(U: float) -> float:
        return float(source(U) - load(U))

    if not (short(0.0) > 0 > short(highest)):
        raise Refusal(
            f"The load draws no current below {highest:.4g} V, where the source delivers none.\n"
            "  Put more cells of the source in series, or fewer of the load."
        )
    U = float(brentq(short, 0.0, highest, xtol=1e-12, rtol=1e-12))
    return U, float(source(U))
