"""Rate-based absorption of NOx and CO2 in lye, stage by stage."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from noxplant import balances, contact, maths
from noxplant.constants import ATMOSPHERE, GAS_CONSTANT
from noxplant.errors import ModelError
from noxplant.quantities import Inlet, Inside, Outlet, Result, Spec
from noxplant.thermo import film, nox_gas
from noxplant.unit import Equations, Limit, Unit

FAST = ("N2O3", "N2O4")
"""Oxides that are in equilibrium with NO and NO2 in the gas."""
PATHS = ("N2O3", "N2O4", "NO2", "HNO2", "CO2")
"""What is absorbed."""

FLOOR = 1e-10
"""Part of the pressure over which the pressure of NO2 at the surface is rounded towards zero."""


class AlkalineColumn(Unit):
    """Counter-current adiabatic column: nitrite and nitrate by the fluxes of N2O3, N2O4, NO2, HNO2.

    In each stage (numbered from the top) the gas is well mixed: NO is oxidised and HNO2 is made in
    the gas volume at finite rate; N2O3 and N2O4 are in equilibrium with NO and NO2; each passes a gas
    film and reacts at once in the lye: N2O3 and HNO2 to nitrite, N2O4 and NO2 half to nitrite and half to nitrate.
    NO alone is inert. CO2 takes two hydroxides. Nitrite and nitrate are therefore a result, not a
    specification; nitrite is not re-oxidised. Water is in equilibrium with the lye.

    The fluxes hold while the reaction is fast: there must be hydroxide everywhere. Constants of the
    film are known to a factor of 2 to 4 (`noxplant.thermo.film`). Not validated against a column:
    the note found no table.

    Source: plasma note, sections 3 and 6.
    """

    gas = Inlet("gas", "gas with NO and NO2, enters at the bottom")
    liquor = Inlet("aqueous", "lye, enters at the top")
    gas_out = Outlet("gas", "washed gas", only="gases")
    liquor_out = Outlet("aqueous", "lye with nitrite, nitrate, carbonate", only="salts")
    down = Inside("aqueous", "lye from stage to stage", count="inner", only="salts")
    up = Inside("gas", "gas from stage to stage", count="inner", only="gases")
    area = Spec("m2", "surface between gas and lye in one stage", (0.0, None), nominal=100.0)
    volume = Spec("m3", "gas volume of one stage", (0.0, None), nominal=1.0)
    gas_film = Spec("m/s", "mass-transfer coefficient of the gas film", (1e-5, 1.0), nominal=0.01)
    pressure_drop = Spec("Pa", "pressure drop of the gas", (0.0, None), default=0.0)
    oxidised = Result("mol/s", "O2 used up on a stage", nominal=1e-3, over="plates")
    absorbed = Result("mol/s", "absorbed as a species on a stage", nominal=1e-3, over="paths")
    hydroxide_fed = Result("mol/s", "free hydroxide in the lye fed", nominal=0.1)
    hydroxide_left = Result("mol/s", "free hydroxide in the lye that leaves", nominal=0.1)
    slip = Result("mol/s", "NOx (as N) that leaves with the gas", nominal=0.01)
    removal = Result("1", "NOx absorbed per NOx fed (as N)", (None, 1.0))
    nitrite_share = Result("1", "nitrite per nitrite and nitrate made", (0.0, 1.0))
    carbon_dioxide_removal = Result("1", "CO2 absorbed per CO2 fed", (None, 1.0))

    def __init__(
        self,
        name: str,
        *,
        stages: int,
        area: float,
        volume: float,
        gas_film: float,
        pressure_drop: float = 0.0,
    ) -> None:
        """Name the column, give stages, surface [m2] and gas volume [m3] of each, gas film [m/s]."""
        self.stages = contact.whole(name, "stages", stages, 1)
        self.inner = self.stages - 1
        self.plates = tuple(f"stage {n + 1}" for n in range(self.stages))
        super().__init__(
            name, area=area, volume=volume, gas_film=gas_film, pressure_drop=pressure_drop
        )
        self.converts = ("NO", "NO2", "N2O3", "N2O4", "O2", "N(3)")

    def _carbonic(self) -> bool:
        return "CO2" in self.ports["gas"][0].keys.get("gas", ())

    @property
    def paths(self) -> tuple[str, ...]:
        """Index of what is absorbed: species on stages."""
        held = [s for s in PATHS if s != "CO2" or self._carbonic()]
        return tuple(f"{s}, {p}" for p in self.plates for s in held)

    @property
    def gases(self) -> tuple[str, ...]:
        """Gases that the column follows."""
        fed = self.ports["gas"][0].keys.get("gas", ())
        kept = [k for k in fed if k != "HNO3"]
        liquor = self.ports["liquor"][0].keys.get("aqueous", ())
        ammonia = ["NH3"] if contact.AMMONIA in liquor else []
        return tuple(dict.fromkeys([*kept, "NO", "NO2", "H2O", *FAST, "HNO2", *ammonia]))

    @property
    def salts(self) -> tuple[str, ...]:
        """Keys of the lye."""
        fed = self.ports["liquor"][0].keys.get("aqueous", ())
        gases = self.ports["gas"][0].keys.get("gas", ())
        taken = [k for g, k in (("CO2", "C(4)"), ("NH3", contact.AMMONIA)) if g in gases]
        return tuple(dict.fromkeys([*fed, "N(3)", "NO3-", *taken]))

    def equations(self) -> Equations:
        """Stages from the top, then the figures."""
        for s in ("NO", "NO2", "O2"):
            if s not in self.gas.phase_of:
                raise ModelError(f"{self.name}: its gas holds no {s}; feed NOx gas with air.")
        liquids = [self.liquor, *self.down, self.liquor_out]
        gases = [self.gas_out, *self.up, self.gas]
        for n in range(self.stages):
            yield from self._stage(n, liquids[n], gases[n + 1], liquids[n + 1], gases[n])
        yield "hydroxide fed", self.hydroxide_fed == self.liquor.true["OH-"]
        yield "hydroxide left", self.hydroxide_left == self.liquor_out.true["OH-"]
        fed, left = (sum(self._totals(g)[:2]) for g in (self.gas, self.gas_out))
        fed = fed + contact.gas_content(self.gas, "HNO3")
        total = self.gas.total_flow
        yield "slip", self.slip == left
        yield "removal", contact.ratio(self.removal, fed - left, fed, total)
        nitrate = self.liquor_out.content("NO3-") - self.liquor.content("NO3-")
        nitrite = fed - left - nitrate
        yield "split", contact.ratio(self.nitrite_share, nitrite, fed - left, total)
        yield "CO2", self._carbon_dioxide(total)

    def _carbon_dioxide(self, total: Any) -> Any:
        if not self._carbonic():
            return self.carbon_dioxide_removal * total == 0
        fed, left = self.gas.flow["CO2"], self.gas_out.flow["CO2"]
        return contact.ratio(self.carbon_dioxide_removal, fed - left, fed, total)

    def _totals(self, gas: Any) -> tuple[Any, Any, Any]:
        """NO, NO2 and water of a gas with all that is made of them (HNO3 apart), mol/s."""
        found = nox_gas.totals({k: gas.flow[k] for k in gas.phase_of if k != "HNO3"})
        return found["NO"], found["NO2"], found["H2O"]

    def _stage(self, n: int, above: Any, below: Any, liquid: Any, gas: Any) -> Equations:
        """One stage between the lye from above, the gas from below and what leaves it."""
        plate, tag = self.plates[n], f"{self.plates[n]}: "
        T, p, total = gas.temperature, gas.pressure, gas.total_flow
        yield from self._fast(tag, gas)
        done = self.oxidised[plate]
        pressures = [p * gas.flow[s] / total for s in ("NO", "NO2", "O2")]
        rate = nox_gas.oxidation_rate(T, *pressures)
        yield f"{tag}oxidation", done == self.volume * rate
        yield from self._fluxes(tag, plate, liquid, gas)
        taken = {s: self.absorbed[f"{s}, {plate}"] for s in PATHS if f"{s}, {plate}" in self.paths}
        pairs, acid = taken["N2O3"], taken["HNO2"]
        halves = taken["N2O4"] + taken["NO2"] / 2
        (no, no2, _), (no_in, no2_in, _) = self._totals(gas), self._totals(below)
        yield f"{tag}nitric oxide", no == no_in - 2 * done - pairs - acid / 2
        yield f"{tag}nitrogen dioxide", no2 == no2_in + 2 * done - pairs - 2 * halves - acid / 2
        formed = gas.flow["HNO2"] - contact.gas_content(below, "HNO2") + acid
        made = {"N(3)": 2 * pairs + halves + formed, "NO3-": halves, "O2": -done}
        made["H2O"] = -pairs - halves - formed / 2
        pressures = [p * gas.flow[s] / total for s in (*nox_gas.PRIMARY, "HNO2")]
        yield f"{tag}HNO2", formed == 2 * self.volume * nox_gas.nitrous_acid_rate(T, *pressures)
        apart = [f"{tag}moles of {c}" for c in ("NO", "NO2", "N2O3", "N2O4")]
        for name, row in balances.moles([above, below], [liquid, gas], made, tag):
            if name not in apart:
                yield name, row
        if "CO2" in taken:
            yield f"{tag}CO2", gas.flow["CO2"] == below.flow["CO2"] - taken["CO2"]
        yield from balances.energy([above, below], [liquid, gas], tag=tag)
        yield from balances.equilibrium(liquid, gas, tag, except_for=("CO2",))
        local = self.gas.pressure - self.pressure_drop * ((self.stages - n) / self.stages)
        yield f"{tag}pressure", liquid.pressure == local

    def _fast(self, tag: str, gas: Any) -> Equations:
        """Equilibria in the gas, multiplied out."""
        per = gas.total_flow * ATMOSPHERE / gas.pressure
        for s in FAST:
            k = maths.exp(nox_gas.ln_constant(s, gas.temperature))
            parts = nox_gas.MADE[s].items()
            product = math.prod(gas.flow[m] ** int(v) for m, v in parts)
            yield f"{tag}{s}", gas.flow[s] * per == k * product

    def _fluxes(self, tag: str, plate: str, liquid: Any, gas: Any) -> Equations:
        """What passes gas film and surface of a stage."""
        T, p, total = gas.temperature, gas.pressure, gas.total_flow
        resistance = GAS_CONSTANT * T / self.gas_film
        for s in PATHS:
            index = f"{s}, {plate}"
            if index not in self.paths:
                continue
            partial = p * gas.flow[s] / total
            if s == "NO2":
                left = partial - resistance * self.absorbed[index] / self.area
                flux = film.dioxide_flux(T, maths.smooth_max(left, 0.0, FLOOR * p))
            elif s == "HNO2":
                flux = partial / resistance
            else:
                conductance = film.uptake(s, T) if s != "CO2" else self._carbonate(liquid)
                flux = partial * conductance / (1 + conductance * resistance)
            yield f"{tag}absorption of {s}", self.absorbed[index] == self.area * flux

    def _carbonate(self, liquid: Any) -> Any:
        hydroxide = liquid.true["OH-"] / liquid.volume_flow
        return film.carbon_dioxide_uptake(liquid.temperature, hydroxide)

    def limits(self) -> list[Limit]:
        """Hydroxide must be left where the lye leaves."""
        left, fed = contact.at(self.hydroxide_left), contact.at(self.hydroxide_fed)
        return [
            Limit(
                "hydroxide left",
                self.hydroxide_left - 1e-3 * self.hydroxide_fed,
                f"hydroxide is exhausted: the lye brings {fed:.4g} mol/s and leaves with {left:.3g}."
                " Without it nitrite turns into nitrous acid and gives NO back, which this column"
                " leaves out. Feed more or stronger KOH.",
            )
        ]

    def warnings(self) -> list[str]:
        """Toxic gas; ammonium nitrite."""
        out = [f"NOx is toxic: the washed gas holds {1e6 * self._tail():.3g} ppm NOx."]
        if contact.AMMONIA in self.liquor_out.phase_of:
            out.append(
                "the liquor holds ammonia beside nitrite: ammonium nitrite falls apart, when dry"
                " explosively; never acidify or evaporate it to dryness."
            )
        return out

    def _tail(self) -> float:
        return contact.at(self.slip) / max(contact.at(self.gas_out.total_flow), 1e-300)

    def guess(self) -> Iterator[tuple[Any, float]]:
        """Half of the NOx that reaches a stage is absorbed on it."""
        feed = {k: max(contact.at(v), 0.0) for k, v in self.gas.flow.items()}
        size = sum(feed.values()) or 1.0
        lye = {k: max(contact.at(v), 0.0) for k, v in self.liquor.flow.items()}
        T = contact.at(self.liquor.temperature)
        pressure = contact.at(self.gas.pressure)
        fed = [max(contact.at(v), 1e-6 * size) for v in self._totals(self.gas)[:2]]
        liquids, gases = [*self.down, self.liquor_out], [self.gas_out, *self.up]
        for n, plate in enumerate(self.plates):
            share = 0.6 ** (self.stages - n)
            amounts = {"NO": share * fed[0], "NO2": share * fed[1], "H2O": 0.04 * size}
            amounts |= {s: 1e-3 * share * fed[1] for s in (*FAST, "HNO2")}
            for k in gases[n].flow:
                yield gases[n].flow[k], amounts.get(k, feed.get(k, 1e-6 * size))
            for k in liquids[n].flow:
                some = (1 - share) * (fed[0] + fed[1]) * (n + 1) / self.stages / 2
                yield liquids[n].flow[k], lye.get(k, 0.0) + (some if k in ("N(3)", "NO3-") else 0.0)
            for s in PATHS:
                if f"{s}, {plate}" in self.paths:
                    yield self.absorbed[f"{s}, {plate}"], 0.1 * share * fed[1]
            for state in (liquids[n], gases[n]):
                yield state.temperature, T
                yield state.pressure, pressure
