"""Plug-flow volume in which NO is oxidised, with all fast equilibria and with heat exchange."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from noxplant import contact, maths
from noxplant.constants import GAS_CONSTANT
from noxplant.errors import ModelError, nearest
from noxplant.quantities import Heat, Inlet, Inside, Outlet, Result, Spec
from noxplant.thermo import nox_gas
from noxplant.thermo.oxidation import RADAU, nitric_oxide_left
from noxplant.unit import Equations, Limit, Unit

GROWTH = 1.5
"""Length of an element over that of the one before; the reaction is fastest at the inlet."""
HOTTEST = 700.0
"""Highest temperature of the gas, K; above, NO2 falls apart and nothing is gained."""
FEWEST = 6
"""Least number of elements: fewer jump over the fast start of the reaction."""
FINITE = "finite elements (10 keep the conversion within 1e-5)"


class OxidationReactor(Unit):
    """2 NO + O2 = 2 NO2 in plug flow with contraction, reverse reaction, heat and fast equilibria.

    NO2, N2O4, N2O3, HNO2 and HNO3 (those of `species`) are in equilibrium with NO, NO2 and water at
    every point. Heat passes to a coolant at one temperature, conductance spread evenly over the
    volume; a conductance of zero makes the reactor adiabatic. Collocation at three Radau points in
    each of `elements` elements that grow in length: 10 elements keep the conversion within 1e-5 and
    the temperature within 1 mK of a Cantera reactor in the tests.

    Gas-phase HNO2 takes about 10 s at 2 % NOx to form and gas-phase HNO3 needs a surface: leave
    them out of `species` where there is neither time nor liquid. Not validated against a reactor.

    Source: plasma note, sections 3 and 6; rate `noxplant.thermo.equilibrium`, constants
    `noxplant.thermo.nox_gas`.
    """

    feed = Inlet("gas", "gas with NO and O2")
    out = Outlet("gas", "oxidised gas", only="gases")
    along = Inside("gas", "gas at the points of collocation", count="inner", only="gases")
    volume = Spec("m3", "gas volume", (0.0, None), nominal=1.0, open="low")
    conductance = Spec("W/K", "heat conductance to the coolant", (0.0, None), nominal=100.0)
    coolant_temperature = Spec("K", "temperature of the coolant", (250.0, 700.0), nominal=300.0)
    pressure_drop = Spec("Pa", "pressure drop", (0.0, None), default=0.0)
    duty = Heat("W", "heat added by the coolant", nominal=1e3, start="feed", end="out")
    extent = Result("mol/s", "O2 used up to a point", nominal=0.01, over="points")
    slope = Result("mol/s", "O2 used up per volume, times the volume", nominal=0.01, over="points")
    ln_fraction = Result(
        "1", "ln of the mole fraction of a primary species at a point", (-80.0, 0.0), over="states"
    )
    conversion = Result(
        "1",
        "NO oxidised per NO fed, both with what NO is bound in; above 1 where HNO3 gives NO back",
    )
    residence_time = Result("s", "volume over inlet flow", (0.0, None), nominal=10.0)

    def __init__(
        self,
        name: str,
        *,
        volume: float,
        conductance: float,
        coolant_temperature: float,
        species: Sequence[str] = ("N2O3", "N2O4"),
        elements: int = 10,
        pressure_drop: float = 0.0,
    ) -> None:
        """Name the reactor, give volume [m3], conductance [W/K], coolant [K] and fast species."""
        self.elements = contact.whole(name, "elements", elements, FEWEST, FINITE)
        for s in species:
            if s not in nox_gas.MADE:
                raise ModelError(
                    f"{name}: {s!r} is not made by a fast reaction.{nearest(s, nox_gas.MADE)}"
                    f" `species` takes {', '.join(nox_gas.MADE)}."
                )
        self.fast = tuple(species)
        self.inner = 3 * self.elements - 1
        self.points = tuple(f"point {n + 1}" for n in range(self.inner + 1))
        super().__init__(
            name,
            volume=volume,
            conductance=conductance,
            coolant_temperature=coolant_temperature,
            pressure_drop=pressure_drop,
        )
        self.converts = ("NO", "NO2", "O2", "N2O3", "N2O4", "N(3)")

    @property
    def primary(self) -> tuple[str, ...]:
        """Species of which the fast ones are made: water only where one of them holds it."""
        wet = any("H2O" in nox_gas.MADE[s] for s in self._held())
        return nox_gas.PRIMARY if wet else nox_gas.PRIMARY[:2]

    @property
    def states(self) -> tuple[str, ...]:
        """Index of the logarithms: species at points."""
        return tuple(f"{s}, {p}" for p in self.points for s in self.primary)

    @property
    def gases(self) -> tuple[str, ...]:
        """Gases inside and at the outlet."""
        fed = self.ports["feed"][0].keys.get("gas", ())
        return tuple(dict.fromkeys([*fed, "NO", "NO2", *self._held()]))

    def _held(self) -> tuple[str, ...]:
        """Fast species that are there: those asked for and those fed."""
        fed = self.ports["feed"][0].keys.get("gas", ())
        wet = "H2O" in fed or any(s in fed for s in ("HNO2", "HNO3"))
        asked = [s for s in self.fast if wet or "H2O" not in nox_gas.MADE[s]]
        return tuple(s for s in nox_gas.MADE if s in asked or s in fed)

    def equations(self) -> Equations:
        """Totals, equilibria, rate and heat at every point."""
        for s in ("NO", "O2"):
            if s not in self.feed.phase_of:
                raise ModelError(f"{self.name}: its feed holds no {s}; feed gas with NO and O2.")
        feed, points = self.feed, [*self.along, self.out]
        fed = nox_gas.totals({k: feed.flow[k] for k in feed.phase_of})
        shares = _lengths(self.elements)
        start_x: Any = 0.0
        start_h: Any = feed.enthalpy_flow
        for e in range(self.elements):
            rows = range(3 * e, 3 * e + 3)
            heats = [
                self.conductance * (self.coolant_temperature - points[n].temperature) for n in rows
            ]
            for j, n in enumerate(rows):
                p, state = self.points[n], points[n]
                yield from self._state(p, state, fed, feed)
                pairs = list(zip(RADAU[j], rows, strict=True))
                used = shares[e] * sum(a * self.slope[self.points[i]] for a, i in pairs)
                taken = shares[e] * sum(a * heats[i - 3 * e] for a, i in pairs)
                yield f"{p}: extent", self.extent[p] == start_x + used
                yield f"{p}: energy", state.enthalpy_flow == start_h + taken
                along = sum(shares[:e]) + shares[e] * sum(RADAU[j])
                yield f"{p}: pressure", state.pressure == feed.pressure - self.pressure_drop * along
            start_x, start_h = self.extent[self.points[rows[-1]]], points[rows[-1]].enthalpy_flow
        yield "duty", self.duty == self.out.enthalpy_flow - feed.enthalpy_flow
        yield "conversion", self.conversion * fed["NO"] == 2 * self.extent[self.points[-1]]
        flow = feed.total_flow * GAS_CONSTANT * feed.temperature
        yield "residence time", self.residence_time * flow == self.volume * feed.pressure

    def _state(self, p: str, state: Any, fed: dict[str, Any], feed: Any) -> Equations:
        """Composition and rate at a point."""
        T, x = state.temperature, self.extent[p]
        ln_x = {s: self.ln_fraction[f"{s}, {p}"] for s in self.primary}
        total = state.total_flow
        species = (*self.primary, *self._held())
        for s in species:
            value = nox_gas.ln_fraction(s, ln_x, T, state.pressure)
            yield f"{p}: {s}", state.flow[s] == total * maths.exp(value)
        held = nox_gas.totals({s: state.flow[s] for s in species})
        made = {"NO": -2.0, "NO2": 2.0, "H2O": 0.0}
        for s in self.primary:
            yield f"{p}: total {s}", held[s] == fed[s] + made[s] * x
        for s in state.phase_of:
            if s not in species:
                yield f"{p}: {s}", state.flow[s] == feed.flow[s] - (x if s == "O2" else 0.0)
        pressures = [state.pressure * maths.exp(ln_x[s]) for s in ("NO", "NO2")]
        oxygen = state.pressure * state.flow["O2"] / total
        rate = nox_gas.oxidation_rate(T, pressures[0], pressures[1], oxygen)
        yield f"{p}: rate", self.slope[p] == self.volume * rate

    def limits(self) -> list[Limit]:
        """Range of the rate constant, at the inlet and at the hottest point inside."""
        feed, hot = self.feed.temperature, self._hottest()
        words = f"above {HOTTEST:g} K NO2 falls apart and the rate constant is unknown."
        return [
            Limit(
                "temperature of the feed",
                HOTTEST - feed,
                f"the feed enters at {contact.at(feed):.4g} K; {words} Cool the gas first.",
            ),
            Limit(
                "hottest point",
                HOTTEST - hot,
                f"the gas reaches {contact.at(hot):.4g} K inside; {words} Cool it more (conductance,"
                " coolant), feed it colder or with less NO.",
            ),
        ]

    def _hottest(self) -> Any:
        """Temperature of the hottest point at the present values."""
        points = [s.temperature for s in (*self.along, self.out)]
        return max(points, key=lambda T: contact.at(T))

    def guess(self) -> Iterator[tuple[Any, float]]:
        """Isothermal, NO from the closed form, no higher oxides."""
        feed = {k: max(contact.at(v), 0.0) for k, v in self.feed.flow.items()}
        size = sum(feed.values()) or 1.0
        fed = {k: float(v) for k, v in nox_gas.totals(feed).items()}
        pressure = contact.at(self.feed.pressure)
        cold = self.given.get("conductance", 0.0) > 0
        T = self.given["coolant_temperature"] if cold else contact.at(self.feed.temperature)
        warm = min(max(T, 280.0), 440.0)
        time = self.given.get("volume", 1.0) * pressure / (size * GAS_CONSTANT * T)
        shares, points = _lengths(self.elements), [*self.along, self.out]
        no, oxygen = max(fed["NO"], 1e-9 * size) / size, feed["O2"] / size
        for n, (p, state) in enumerate(zip(self.points, points, strict=True)):
            e, j = divmod(n, 3)
            along = sum(shares[:e]) + shares[e] * sum(RADAU[j])
            left = nitric_oxide_left(warm, pressure, no, oxygen, time * along)
            x = (no - left) / 2
            amounts = {"NO": max(left, 1e-9), "NO2": max(fed["NO2"] / size + 2 * x, 1e-9)}
            amounts["H2O"] = max(fed["H2O"] / size, 1e-9)
            yield self.extent[p], x * size
            yield state.temperature, T
            yield state.pressure, pressure
            for k in state.flow:
                default = 0.01 * min(amounts["NO"], amounts["NO2"]) if k in nox_gas.MADE else 0.0
                value = amounts.get(k, feed.get(k, 0.0) / size - (x if k == "O2" else 0.0))
                yield state.flow[k], max(value, default) * size
            for s in self.primary:
                yield self.ln_fraction[f"{s}, {p}"], float(maths.log(amounts[s]))


def _lengths(elements: int) -> list[float]:
    """Share of the volume of each element."""
    sizes = [GROWTH**n for n in range(elements)]
    return [s / sum(sizes) for s in sizes]
