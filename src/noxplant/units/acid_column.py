"""Absorption of NOx in water or weak nitric acid, in cooled stages with room for oxidation."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from noxplant import balances, contact, maths
from noxplant.constants import ATMOSPHERE, GAS_CONSTANT, WATER_MOLAR_MASS
from noxplant.errors import ModelError
from noxplant.quantities import Heat, Inlet, Inside, Outlet, Result, Spec
from noxplant.species import molar_mass
from noxplant.thermo import excess, nitric_acid
from noxplant.thermo.equilibrium import no_oxidation_rate_constant, nox_ln_k
from noxplant.thermo.oxidation import phi
from noxplant.unit import Equations, Limit, Unit

BOUND = {
    "N2O3": {"NO": 1.0, "NO2": 1.0},
    "HNO2": {"NO": 0.5, "NO2": 0.5, "H2O": 0.5},
}
"""What gases that the column does not follow fall into."""


EXHAUSTED = 13.0
"""-ln of the O2 left per O2 fed (about 2e-6) beyond which a volume is of no use."""


class AcidColumn(Unit):
    """Counter-current column that makes nitric acid from NOx; stages are numbered from the top.

    In each stage the gas first passes an empty volume, where NO is oxidised (plug flow, third
    order, irreversible, at the flow halfway through its contraction: at 13 % NO this leaves 0.6 % too
    much of it), then meets the acid: 3 NO2 + H2O -> 2 HNO3 + NO goes a given part (`efficiency`) of
    the way to its equilibrium over the acid of the stage, p_NO = K(T, strength) p_NO2^3. NO2 and
    N2O4 are in equilibrium, water is in equilibrium with the acid (ideal solution). All stages are
    held at one temperature; `duty` is the heat of all coils.

    N2O3 and HNO2 of the feed count as NO and NO2 and are not followed (gas-phase HNO2 forms in
    about 10 s and binds some per cent of the NO); NOx dissolved in the acid is neglected, likewise
    HNO3 vapour over it (a warning says how much). Acid above 20 mol/kg (56 wt%) is refused, since
    its heat of dilution is unknown there. Where the acid is stronger than the gas allows it is
    stripped: extents may be negative. Not validated against a column (the note found no table); the
    constant is uncertain by 2 to 4 above 50 wt%.

    Source: plasma note, section 3; `noxplant.thermo.nitric_acid`.
    """

    gas = Inlet("gas", "gas with NOx and O2, enters at the bottom")
    liquid = Inlet("aqueous", "water or weak acid, enters at the top")
    gas_out = Outlet("gas", "tail gas", only="gases")
    acid = Outlet("aqueous", "nitric acid", only="acids")
    down = Inside("aqueous", "acid from stage to stage", count="inner", only="acids")
    up = Inside("gas", "gas from stage to stage", count="inner", only="gases")
    volume = Spec("m3", "gas volume of one stage", (0.0, None), nominal=1.0)
    temperature = Spec("K", "temperature of all stages", nitric_acid.SPAN)
    efficiency = Spec("1", "absorption over that of equilibrium, per stage", (0.0, 1.0))
    pressure_drop = Spec("Pa", "pressure drop of the gas", (0.0, None), default=0.0)
    duty = Heat("W", "heat added by the coils", nominal=1e4, start="temperature", end="temperature")
    progress = Result(
        "1",
        "(NO that enters a stage / NO oxidation leaves - 1) per twice the O2 fraction",
        (0.0, None),
        nominal=10.0,
        over="plates",
    )
    oxidised = Result("mol/s", "O2 used up on a stage", nominal=1e-3, over="plates")
    absorbed = Result("mol/s", "NO made by absorption on a stage", nominal=1e-3, over="plates")
    dimerised = Result("mol/s", "N2O4 formed on a stage", nominal=1e-3, over="plates")
    ln_limit = Result(
        "1",
        "ln of p_NO2 [atm] in equilibrium with the acid of a stage",
        (-40.0, 3.0),
        over="plates",
    )
    strength = Result(
        "kg/kg", "strength of the acid of a stage", (0.0, 0.999), nominal=0.3, over="plates"
    )
    recovery = Result("1", "NOx fed that ends in the acid", (None, 1.0))
    tail_fraction = Result("1", "mole fraction of NOx (as N) in the tail gas", (0.0, 1.0))
    residence_time = Result("s", "of the gas in the lowest stage", (0.0, None), nominal=10.0)

    def __init__(
        self,
        name: str,
        *,
        stages: int,
        volume: float,
        temperature: float,
        efficiency: float,
        pressure_drop: float = 0.0,
    ) -> None:
        """Name the column, give its stages, the gas volume of each [m3] and its temperature [K]."""
        self.stages = contact.whole(name, "stages", stages, 1)
        self.inner = self.stages - 1
        self.plates = tuple(f"stage {n + 1}" for n in range(self.stages))
        super().__init__(
            name,
            volume=volume,
            temperature=temperature,
            efficiency=efficiency,
            pressure_drop=pressure_drop,
        )
        self.converts = ("NO", "NO2", "N2O4", "O2", "N(3)", "N2O3")

    @property
    def gases(self) -> tuple[str, ...]:
        """Gases that the column follows."""
        fed = self.ports["gas"][0].keys.get("gas", ())
        held = [k for k in fed if k not in (*BOUND, "HNO3")]
        return tuple(dict.fromkeys([*held, "NO", "NO2", "N2O4", "H2O"]))

    @property
    def acids(self) -> tuple[str, ...]:
        """Keys of the acid."""
        return tuple(dict.fromkeys([*self.ports["liquid"][0].keys.get("aqueous", ()), "NO3-"]))

    def _check(self) -> None:
        for s in ("NO", "O2"):
            if s not in self.gas.phase_of:
                raise ModelError(f"{self.name}: its gas holds no {s}; feed NOx gas with air.")
        other = [k for k in self.liquid.phase_of if k not in ("H2O", "NO3-")]
        if other:
            raise ModelError(
                f"{self.name}: its liquid brings {', '.join(other)}; the equilibrium is that of"
                " pure nitric acid.\n  Feed water or weak acid, or take an AlkalineColumn for lye."
            )
        if "NH3" in self.gas.phase_of:
            raise ModelError(
                f"{self.name}: its gas brings NH3, which would make ammonium nitrate and nitrite"
                " (explosive). Remove it first."
            )

    def equations(self) -> Equations:
        """Stages from the top, then the figures."""
        self._check()
        liquids = [self.liquid, *self.down, self.acid]
        gases = [self.gas_out, *self.up, self.gas]
        for n in range(self.stages):
            yield from self._stage(n, liquids[n], gases[n + 1], liquids[n + 1], gases[n])
        inlets, outlets = [self.gas, self.liquid], [self.gas_out, self.acid]
        yield from balances.energy(inlets, outlets, heat=self.duty)
        fed = self._oxides(self.gas) + self._bound(self.gas)
        left = self._oxides(self.gas_out)
        yield "recovery", contact.ratio(self.recovery, fed - left, fed, self.gas.total_flow)
        yield "tail gas", self.tail_fraction * self.gas_out.total_flow == left
        flow, p = self.gas.total_flow * GAS_CONSTANT * self.temperature, self.gas.pressure
        yield "residence time", self.residence_time * flow == self.volume * p

    def _stage(self, n: int, above: Any, below: Any, liquid: Any, gas: Any) -> Equations:
        """One stage between the acid from above, the gas from below and what leaves it."""
        plate, tag = self.plates[n], f"{self.plates[n]}: "
        T, local = self.temperature, self.gas.pressure
        local = local - self.pressure_drop * ((self.stages - n) / self.stages)
        done = self.oxidised[plate]
        yield from self._oxidation(plate, below, local)
        extent, dimer, ln_p = self.absorbed[plate], self.dimerised[plate], self.ln_limit[plate]
        no, dioxide = self._totals(below)
        no, dioxide = no - 2 * done, dioxide + 2 * done
        per = gas.total_flow * ATMOSPHERE / local
        p = maths.exp(ln_p)
        ln_k = nitric_acid.ln_k(T, self.strength[plate])
        k2 = maths.exp(nox_ln_k("2 NO2 = N2O4", T))
        free = p + 2 * k2 * p**2
        kept = maths.exp(ln_k + 3 * ln_p) + free / 3
        yield f"{tag}limit of the acid", no + dioxide / 3 == per * kept
        yield f"{tag}absorption", 3 * extent == self.efficiency * (dioxide - per * free)
        yield f"{tag}dimer", gas.flow["N2O4"] * per == k2 * gas.flow["NO2"] ** 2
        made = {"NO": extent - 2 * done, "NO2": 2 * done - 3 * extent - 2 * dimer}
        made |= {"N2O4": dimer, "O2": -done, "NO3-": 2 * extent, "H2O": -extent}
        if n == self.stages - 1:
            made = balances.add(made, *self._split())
        gone = [f"{tag}moles of {c}" for c in ("N(3)", "N2O3")]  # they are in `made` wholly
        for name, row in balances.moles([above, below], [liquid, gas], made, tag):
            if name not in gone:
                yield name, row
        moist = gas.flow["H2O"] * local
        yield f"{tag}water", moist == liquid.equilibrium_pressure("H2O") * gas.total_flow
        yield f"{tag}temperature", liquid.temperature == T
        yield f"{tag}pressure", liquid.pressure == local
        yield from balances.same_state(liquid, gas, tag)
        acid, water = (
            liquid.flow[k] * molar_mass(m) for k, m in (("NO3-", "HNO3"), ("H2O", "H2O"))
        )
        yield f"{tag}strength", self.strength[plate] * (acid + water) == acid

    def _oxidation(self, plate: str, below: Any, pressure: Any) -> Equations:
        """Plug flow in the volume of a stage; the flow is that halfway through its contraction."""
        y, done, total = self.progress[plate], self.oxidised[plate], below.total_flow
        no, _ = self._totals(below)
        a, b = no / total, 2 * below.flow["O2"] / total
        k = no_oxidation_rate_constant(self.temperature) * pressure**3 * self.volume
        mean = total - done / 2
        rate = k * total**2 * a == 2 * GAS_CONSTANT * self.temperature * mean**3 * (
            y + a * y**2 * phi((b - a) * y)
        )
        yield f"{plate}: rate", rate
        yield f"{plate}: oxidation", 2 * done * (1 + b * y) == no * b * y

    def _totals(self, gas: Any) -> tuple[Any, Any]:
        """NO and NO2 as monomer of a gas, mol/s; what the column does not follow is split."""
        no: Any = gas.flow["NO"]
        dioxide: Any = sum(
            n * gas.flow[k] for k, n in (("NO2", 1), ("N2O4", 2)) if k in gas.phase_of
        )
        for key, parts in BOUND.items():
            if key in gas.phase_of:
                no, dioxide = (
                    no + parts["NO"] * gas.flow[key],
                    dioxide + parts["NO2"] * gas.flow[key],
                )
        return no, dioxide

    def _split(self) -> Iterator[dict[str, Any]]:
        """What N2O3 and HNO2 of the feed become."""
        names = {"N2O3": "N2O3", "HNO2": "N(3)"}
        for key, parts in BOUND.items():
            if key in self.gas.phase_of:
                n = self.gas.flow[key]
                yield {names[key]: -n} | {k: v * n for k, v in parts.items()}

    def _oxides(self, gas: Any) -> Any:
        return sum(self._totals(gas))

    def _bound(self, gas: Any) -> Any:
        return contact.gas_content(gas, "HNO3")

    def limits(self) -> list[Limit]:
        """Oxygen must be left, water must be left, the acid must stay within its data."""
        return [*self._oxygen(), *self._strengths()]

    def _strengths(self) -> Iterator[Limit]:
        """No acid stronger than the heats of dilution reach, as for a feed."""
        most = excess.limit("HNO3")
        for plate, liquid in zip(self.plates, [*self.down, self.acid], strict=True):
            acid, water = liquid.flow["NO3-"], liquid.flow["H2O"] * WATER_MOLAR_MASS
            yield Limit(
                f"strength of the acid of {plate}",
                most * water - acid,
                f"the acid of {plate} would have {contact.at(acid / water):.3g} mol HNO3 per kg water"
                f" ({100 * contact.at(self.strength[plate]):.3g} wt%); its heat of dilution is known"
                f" to {most:g} mol/kg ({100 * nitric_acid.strength_of(most):.3g} wt%), as for a feed."
                " Feed more water at the top, or take fewer stages or a lower pressure.",
            )

    def _oxygen(self) -> Iterator[Limit]:
        """Each stage must have O2 left at its end; else its volume is of no use."""
        T, below = self.temperature, [*self.up, self.gas]
        k = no_oxidation_rate_constant(T) * self.volume / (2 * GAS_CONSTANT * T)
        for plate, gas in reversed(list(zip(self.plates, below, strict=True))):
            total = gas.total_flow
            lack = maths.smooth_max(self._totals(gas)[0] - 2 * gas.flow["O2"], 0, 1e-9 * total)
            yield Limit(
                f"oxygen left on {plate}",
                EXHAUSTED - k * gas.pressure**3 * lack**2 / total**3,
                f"O2 is exhausted on {plate}: {contact.at(gas.flow['O2']):.3g} mol/s O2 enter it with"
                f" {contact.at(self._totals(gas)[0]):.3g} mol/s NO, which takes half a mole per mole."
                " Feed secondary air, or give a smaller volume.",
            )

    def warnings(self) -> list[str]:
        """What users of the tail gas and the acid must know."""
        tail = contact.at(self.tail_fraction)
        return [
            self._vapour(),
            "NOx is toxic (NO2 causes delayed lung oedema): the tail gas holds"
            f" {1e6 * tail:.3g} ppm NOx; treat it before release.",
            "the acid holds dissolved NO2 and HNO2, which this column does not count; it is an"
            " oxidiser: keep it from organic matter.",
        ]

    def _vapour(self) -> str:
        """Size of the HNO3 vapour that is left out, in words."""
        liquids = [*self.down, self.acid]
        T, made = contact.at(self.temperature), contact.at(self.acid.flow["NO3-"])
        held = [contact.at(s.flow["NO3-"] / (s.flow["H2O"] * WATER_MOLAR_MASS)) for s in liquids]
        over = [nitric_acid.vapour_pressure(T, m) for m in held]
        lost = over[0] / contact.at(self.gas_out.pressure) * contact.at(self.gas_out.total_flow)
        part = f"{100 * lost / made:.2g} % of the acid" if made > 0 else "there is no acid"
        return (
            f"HNO3 vapour over the acid is left out: {over[0]:.2g} Pa over the top stage"
            f" ({part} would leave with the tail gas), {max(over):.2g} Pa over the strongest acid"
            " (good to a factor of 2)."
        )

    def guess(self) -> Iterator[tuple[Any, float]]:
        """Column of constant total moles, its acid found by passing from stage to stage."""
        feed = {k: max(contact.at(v), 0.0) for k, v in self.gas.flow.items()}
        total = sum(feed.values()) or 1.0
        pressure = contact.at(self.gas.pressure)
        T, eta = self.given.get("temperature", 303.15), self.given.get("efficiency", 0.5)
        time = self.given.get("volume", 1.0) * pressure / (total * GAS_CONSTANT * T)
        water = max(contact.at(self.liquid.flow["H2O"]), 1e-12 * total)
        brought = contact.at(self.liquid.flow["NO3-"]) if "NO3-" in self.liquid.phase_of else 0.0
        no, dioxide = (contact.at(v) / total for v in self._totals(self.gas))
        gas = (no, dioxide, max(feed["O2"] / total, 0.0))
        marks = _profile(T, pressure, time, eta, gas, (water / total, brought / total), self.stages)
        yield from self._starts(marks, total, feed)

    def _starts(
        self, marks: list[dict[str, float]], total: float, feed: dict[str, float]
    ) -> Iterator[tuple[Any, float]]:
        liquids, gases = [*self.down, self.acid], [self.gas_out, *self.up]
        pressure = contact.at(self.gas.pressure)
        for n, (plate, m) in enumerate(zip(self.plates, marks, strict=True)):
            yield self.oxidised[plate], m["oxidised"] * total
            yield self.progress[plate], m["progress"]
            yield self.absorbed[plate], m["absorbed"] * total
            yield self.ln_limit[plate], m["ln_limit"]
            yield self.strength[plate], m["strength"]
            yield self.dimerised[plate], 0.0
            yield liquids[n].flow["NO3-"], m["acid"] * total
            yield liquids[n].flow["H2O"], m["water"] * total
            for k in gases[n].flow:
                yield gases[n].flow[k], m.get(k, feed.get(k, 0.0) / total) * total
            for s in (liquids[n], gases[n]):
                yield s.temperature, self.given.get("temperature", 303.15)
                yield s.pressure, pressure


def _profile(
    T: float,
    pressure: float,
    time: float,
    efficiency: float,
    gas: tuple[float, float, float],
    liquid: tuple[float, float],
    stages: int,
) -> list[dict[str, float]]:
    """State of each stage from the top, per mole of gas fed; for start values only."""
    water, brought = liquid
    strengths = [0.3] * stages  # from the bottom
    T = min(max(T, nitric_acid.SPAN[0]), nitric_acid.SPAN[1])
    moist = min(0.03 * ATMOSPHERE / pressure, 0.2)
    marks: list[dict[str, float]] = []
    for _ in range(12):
        states = [gas, *nitric_acid.column(T, pressure, time, efficiency, gas, strengths)]
        marks, acid, wet = [], brought, water
        for n in range(stages, 0, -1):
            (a, b, o), (no, no2, o2) = states[n - 1], states[n]
            done = o - o2
            extent = (b + 2 * done - no2) / 3
            acid, wet = max(acid + 2 * extent, 0.0), max(wet - extent, 0.05 * water)
            w = 63.0 * acid / (63.0 * acid + 18.0 * wet)
            marks.append({"oxidised": done, "absorbed": extent, "acid": acid, "water": wet})
            marks[-1]["progress"] = done / max(a - 2 * done, 1e-9) / max(o, 1e-9)
            k2 = _dimer(T)
            p = no2 * pressure / ATMOSPHERE
            free = p if p < 1e-12 else ((1 + 8 * k2 * p) ** 0.5 - 1) / (4 * k2)
            marks[-1] |= {"NO": no, "O2": o2, "H2O": moist, "NO2": free * ATMOSPHERE / pressure}
            marks[-1] |= {"N2O4": (no2 - marks[-1]["NO2"]) / 2, "strength": min(w, 0.67)}
            even = nitric_acid.equilibrium(T, pressure, min(w, 0.67), no, no2).nitrogen_dioxide
            marks[-1]["ln_limit"] = float(maths.log(max(even * pressure / ATMOSPHERE, 1e-15)))
        found = [m["strength"] for m in reversed(marks)]
        strengths = [0.5 * (u + v) for u, v in zip(strengths, found, strict=True)]
    return marks


def _dimer(T: float) -> float:
    """Constant of 2 NO2 = N2O4 in 1/atm."""
    return float(maths.exp(nox_ln_k("2 NO2 = N2O4", T)))
