"""Cooling of arc gas at a finite rate: what survives follows from the kinetics."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from noxplant import balances, contact, maths
from noxplant.constants import T_REFERENCE
from noxplant.errors import ModelError
from noxplant.quantities import Heat, Inlet, Outlet, Result, Spec
from noxplant.species import elements, plasma_species
from noxplant.thermo import gas, zeldovich
from noxplant.thermo.oxidation import RADAU
from noxplant.unit import Equations, Limit, Unit

ATOMS = ("N", "O")
PASSIVE = ("Ar", "H2O", "CO2", "CO", "H2")
"""Gases that pass; as third bodies they count as one."""
WET = ("H", "OH")
"""Radicals of water: they pass the fall and become water and oxygen behind it."""
IONS = plasma_species()
"""They catch their electron at once and fall apart into atoms (dissociative recombination)."""

FEWEST = 4
"""Least number of elements: with 4 the NOx is within 0.5 % of that with 40, with 1 nothing solves."""
FINITE = "finite elements (15 keep the NOx within 1e-4)"


class KineticQuench(Unit):
    """Hot gas is cooled at a constant rate dT/dt; Zel'dovich kinetics decide what NO survives.

    Zero-dimensional channel at constant pressure: from the temperature of the feed to
    `end_temperature` the amounts of NO, NO2, N2O, N and O are integrated over ln T by collocation at
    three Radau points in each of `elements` elements; N2 and O2 follow from the elements. Below
    the end temperature NO is frozen; what N and O atoms are left there recombine (their heat is lost).
    With 15 elements the NOx agrees within 1e-4 with a Cantera reactor on the same mechanism (1e4 to
    1e9 K/s, 0.3 to 10 atm).

    The heat of the quench goes to a coolant: nobody has recovered it hot. The gas leaves hot;
    `recoverable` is its heat above 298.15 K, to be taken by a heat exchanger behind it: heat, not
    electricity. Water, its radicals, CO2 and argon pass as third bodies: that OH makes some more NO
    in moist air (a few per cent) is left out. Ions become atoms at the inlet (dissociative
    recombination is far faster than the fall). Mixing, radial profiles and non-equilibrium are left out; GRI rates are extrapolated
    above 3500 K. Equilibrium starts are good to about 2 % in energy cost (plasma note, section 2b).

    Source: plasma note, sections 2b and 6; kinetics `noxplant.thermo.zeldovich`.
    """

    feed = Inlet("gas", "hot gas from an arc", band="hot")
    out = Outlet(
        "gas",
        "cooled gas with frozen NO",
        adds=("N2", "O2", "NO", "NO2", "N2O"),
        drops=(*ATOMS, *WET, *IONS),
    )
    cooling_rate = Spec("K/s", "temperature lost per second", (1e3, 1e11), nominal=1e7)
    end_temperature = Spec("K", "temperature at which NO is frozen", (1000.0, 1300.0), nominal=1e3)
    duty = Heat("W", "heat added (negative: removed)", nominal=1e5, start="feed", end="out")
    amount = Result("mol/s", "amount at a point", (0.0, None), nominal=1e-2, over="states")
    rate = Result("mol/s", "extent of a reaction over the whole fall", nominal=1e-2, over="steps")
    survival = Result("1", "NO and NO2 that leave per NO and NO2 that enter", (0.0, None))
    nox_fraction = Result(
        "1", "mole fraction of NO and NO2 in the cooled gas", (0.0, 1.0), nominal=0.05
    )
    atoms_left = Result(
        "1", "O atoms at the end of the fall per mole of gas", (0.0, 1.0), nominal=1e-3
    )
    recoverable = Result("W", "heat of the cooled gas above 298.15 K", nominal=1e4)

    def __init__(
        self, name: str, *, cooling_rate: float, end_temperature: float, elements: int = 15
    ) -> None:
        """Name the quench, give its cooling rate [K/s] and end temperature [K]."""
        self.elements = contact.whole(name, "elements", elements, FEWEST, FINITE)
        self.points = tuple(str(n + 1) for n in range(3 * self.elements))
        self.states = tuple(f"{s} at {p}" for p in self.points for s in zeldovich.SPECIES)
        self.steps = tuple(f"{r} at {p}" for p in self.points for r in zeldovich.reactions())
        super().__init__(name, cooling_rate=cooling_rate, end_temperature=end_temperature)
        self.converts = ("N2", "O2", "NO", "NO2", "N2O", *ATOMS, *WET, *IONS)

    def equations(self) -> Equations:
        """Kinetics over the fall, then recombination and the first law."""
        feed, out = self.feed, self.out
        strange = [k for k in feed.phase_of if k not in (*zeldovich.SPECIES, *PASSIVE, *WET, *IONS)]
        if strange:
            raise ModelError(
                f"{self.name}: its kinetics do not know {', '.join(strange)}; they hold"
                f" {', '.join((*zeldovich.SPECIES, *WET, *PASSIVE))}.\n  Take such species in the arc"
                " and clean air, or a Quench with a frozen fraction."
            )
        if any(k in feed.phase_of for k in WET) and "H2O" not in feed.phase_of:
            raise ModelError(f"{self.name}: add H2O to the arc's species, for H and OH to become.")
        for s in ("N2", "O2", "NO"):
            if s not in feed.phase_of:
                raise ModelError(f"{self.name}: its feed holds no {s}; connect it to an arc.")
        start: dict[str, Any] = self._fed()
        for e in range(self.elements):
            points = self.points[3 * e : 3 * e + 3]
            for j, p in enumerate(points):
                yield from self._point(e, j, p, points, start)
            start = {s: self.amount[f"{s} at {points[-1]}"] for s in zeldovich.SPECIES}
        yield from self._outlet(start)
        yield "temperature", out.temperature == self.end_temperature
        yield from balances.pressure(feed, out)
        yield from balances.energy([feed], [out], heat=self.duty)
        nox, fed = (
            out.flow["NO"] + out.flow["NO2"],
            feed.flow["NO"] + contact.gas_content(feed, "NO2"),
        )
        yield "survival", self.survival * fed == nox
        yield "fraction of NOx", self.nox_fraction * out.total_flow == nox
        yield "atoms left", self.atoms_left * out.total_flow == start["O"]
        cold = sum(out.flow[k] * gas.enthalpy(k, T_REFERENCE) for k in out.phase_of)
        yield "recoverable", self.recoverable == out.enthalpy_flow - cold

    def _point(
        self, e: int, j: int, p: str, points: tuple[str, ...], start: dict[str, Any]
    ) -> Equations:
        """Kinetics, collocation and elements at point j of element e."""
        fall = maths.log(self.feed.temperature / self.end_temperature)
        along = (e + sum(RADAU[j])) / self.elements
        T = self.feed.temperature * maths.exp(-fall * along)
        held = {s: self.amount[f"{s} at {p}"] for s in zeldovich.SPECIES}
        apart = (*zeldovich.SPECIES, *IONS)
        passing = {k: self.feed.flow[k] for k in self.feed.phase_of if k not in apart}
        total = sum(held.values()) + sum(passing.values())
        x = {s: n / total for s, n in (held | passing).items()}
        for r in zeldovich.reactions():
            speed = zeldovich.rate(r, x, T, self.feed.pressure) * total * fall * T
            yield f"{r} at {p}", self.rate[f"{r} at {p}"] * self.cooling_rate == speed
        for s in zeldovich.SLOW:
            change = sum(
                a * n * self.rate[f"{r} at {q}"]
                for a, q in zip(RADAU[j], points, strict=True)
                for r, n in zeldovich.made(s).items()
            )
            yield f"{s} at {p}", held[s] == start[s] + change / self.elements
        for k, (element, pair) in enumerate((("N", "N2"), ("O", "O2"))):
            given = self._fed().items()
            fed = sum(zeldovich.ATOMS[s][k] * n for s, n in given if zeldovich.ATOMS[s][k])
            here = sum(zeldovich.ATOMS[s][k] * held[s] for s in held if zeldovich.ATOMS[s][k])
            yield f"atoms of {element} ({pair}) at {p}", here == fed

    def _fed(self) -> dict[str, Any]:
        """Neutral gas at the start of the fall: ions have become atoms."""
        out: dict[str, Any] = {s: contact.gas_content(self.feed, s) for s in zeldovich.SPECIES}
        for ion in IONS:
            if ion in self.feed.phase_of:
                for atom, n in elements(ion).items():
                    out[atom] = out[atom] + n * self.feed.flow[ion]
        return out

    def _outlet(self, end: dict[str, Any]) -> Equations:
        """Atoms recombine."""
        feed, out = self.feed, self.out
        hydrogen, hydroxyl = (contact.gas_content(feed, k) for k in WET)
        water = (hydrogen + hydroxyl) / 2
        yield "N2", 2 * out.flow["N2"] == 2 * end["N2"] + end["N"]
        yield "O2", 2 * out.flow["O2"] == 2 * end["O2"] + end["O"] + hydroxyl - water
        for s in ("NO", "NO2", "N2O"):
            yield s, out.flow[s] == end[s]
        for s in PASSIVE:
            if s in out.phase_of:
                yield s, out.flow[s] == feed.flow[s] + (water if s == "H2O" else 0.0)

    def limits(self) -> list[Limit]:
        """There must be something to cool."""
        return [
            Limit(
                "temperature of the feed",
                self.feed.temperature - self.end_temperature - 100.0,
                f"the feed enters at {contact.at(self.feed.temperature):.4g} K, too near the end"
                " temperature. Connect it to an arc.",
            )
        ]

    def guess(self) -> Iterator[tuple[Any, float]]:
        """NO stays, atoms fade."""
        feed = {k: max(contact.at(v), 0.0) for k, v in self.feed.flow.items()}
        total = sum(feed.values()) or 1.0
        for n, p in enumerate(self.points):
            left = float(maths.exp(-3.0 * (n + 1) / len(self.points)))
            for s in zeldovich.SPECIES:
                value = feed.get(s, 1e-4 * total)
                share = left if s == "O" else left**6 if s == "N" else 1.0
                yield self.amount[f"{s} at {p}"], max(value * share, 1e-9 * total)
            for r in zeldovich.reactions():
                yield self.rate[f"{r} at {p}"], 0.0
