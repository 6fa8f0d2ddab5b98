"""Batch stripping of ammonia from alkaline liquor with a gas, into a trap of solvent or of acid.

The gas leaves the liquor in equilibrium with it (fine bubbles, no film), takes water along, and
meets the trap. A trap of acetonitrile is one more equilibrium stage: it takes ammonia and water up
as far as their vapour pressures over it allow, and evaporates into the gas. A trap of acid takes
all ammonia while free acid is left. Everything has one temperature (the trap its own); the heat of
evaporation comes from the room. Ideal gas; the liquor's water by Raoult over all solutes; ammonia
by Henry's law with a Setschenow term for potash.

Source: hydrazine note 1.4 d and 3.2; ammonia note 1.1.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from noxplant import maths
from noxplant.batch.inputs import Inputs, given, positive
from noxplant.batch.model import Guard, Laws, Model, Symbols
from noxplant.batch.run import BatchRun, Figures, run
from noxplant.constants import ATMOSPHERE, GAS_CONSTANT, WATER_MOLAR_MASS, ZERO_CELSIUS
from noxplant.errors import Refusal, SpecError
from noxplant.species import molar_mass
from noxplant.thermo import aqueous, organic
from noxplant.thermo.aqueous import LN10

LIQUOR: Final = ("H2O", "K+", "OH-", "NH3")
SOLVENT: Final = ("acetonitrile", "NH3", "H2O")
ACID: Final = ("H2O", "H+", "SO4--", "NH4+")
NORMAL: Final = ATMOSPHERE / (GAS_CONSTANT * ZERO_CELSIUS)
"""Moles in a cubic metre of gas at 0 degC and 101325 Pa, to which standard flows refer."""
STRONG: Final = 2000.0
"""Potash in mol/m3 up to which water keeps to Raoult within 1 % (osmotic coefficient 1.1 at 2 mol/kg,
recalled) and salting-out, where none is given, costs less than half (0.08 L/mol, recalled). A choice."""
LEFT: Final = 0.05
"""Part of a liquid that must be left; below it the balances of a batch mean little. A choice."""
NOTES: Final = (
    "The gas leaves the liquor in equilibrium with it: a coarse bubbler takes longer.",
    "Henry's constant of ammonia over acetonitrile is an estimate (0.7 to 4 mol/L/bar).",
)


def stripping_time(volume: float, gas: float, solubility: float, removal: float) -> float:
    """Time to strip a part of the ammonia at constant volume with dry gas in equilibrium, s.

    Args:
        volume: liquor, m3.
        gas: gas flow, mol/s.
        solubility: ammonia dissolved per partial pressure at 1 atm, mol/m3/Pa.
        removal: part of the ammonia, 0..1.

    Closed form of hydrazine note 3.2, X = 1 - exp(-G t / (H V)); it leaves out the water that
    leaves with the gas.
    """
    if not 0 <= removal < 1:
        raise SpecError(
            f"Stripping: a removal of {removal:g} takes for ever; give 0 <= removal < 1."
        )
    return -math.log(1 - removal) * volume * solubility * ATMOSPHERE / gas


@dataclass(frozen=True)
class _Stripping(Inputs):
    """What every stripping is given."""

    volume: float = positive("m3", "liquor charged")
    ammonia: float = positive("mol/m3", "ammonia in the liquor")
    hydroxide: float = given("mol/m3", "KOH in the liquor", 0.0, 12000.0)
    temperature: float = given("K", "temperature of the liquor", 273.15, 363.15)
    pressure: float = positive("Pa", "pressure in liquor and trap")
    gas_flow: float = positive("m3/s", "dry gas at 0 degC and 101325 Pa")
    humidity: float = given(
        "1", "relative humidity of the gas at the liquor's temperature", 0.0, 1.0
    )
    salting: float = given("m3/mol", "Setschenow constant of ammonia and KOH, decimal logarithm")
    removal_wanted: float = given("1", "part of the ammonia to be stripped", 0.0, 0.999999)
    duration: float = positive("s", "duration of the batch")


@dataclass(frozen=True)
class StrippingIntoSolvent(_Stripping):
    """Stripping into a trap of acetonitrile."""

    trap_volume: float = positive("m3", "acetonitrile in the trap")
    trap_temperature: float = given("K", "temperature of the trap", 280.0, 353.15)

    def run(self, **more: Any) -> BatchRun:
        """Run the batch; `more` may give `points`."""
        n = self.trap_volume / organic.molar_volume("acetonitrile", self.trap_temperature)
        trap = dict.fromkeys(SOLVENT, 0.0) | {"acetonitrile": n}
        laws = _Laws(self, _SolventTrap(self, n))
        built = _build("Stripping into acetonitrile", self, trap, ("acetonitrile",), laws)
        return run(built, self, self.duration, _figures, notes=NOTES, warnings=_warnings, **more)


@dataclass(frozen=True)
class StrippingIntoAcid(_Stripping):
    """Stripping into a trap of sulphuric acid, both of whose protons bind ammonia."""

    trap_volume: float = positive("m3", "acid in the trap")
    acid: float = positive("mol/m3", "H2SO4 in the trap", 5000.0)

    def run(self, **more: Any) -> BatchRun:
        """Run the batch; `more` may give `points`."""
        n, T = self.acid * self.trap_volume, self.temperature
        room = self.trap_volume - n * aqueous.molar_volume("SO4--", T)
        water = room / aqueous.molar_volume("H2O", T)
        trap = {"H2O": water, "H+": 2 * n, "SO4--": n, "NH4+": 0.0}
        laws = _Laws(self, _AcidTrap(2 * n))
        built = _build("Stripping into acid", self, trap, (), laws)
        return run(
            built, self, self.duration, _figures, notes=NOTES[:1], warnings=_warnings, **more
        )


def _build(
    name: str, given_: _Stripping, trap: Mapping[str, float], vents: tuple[str, ...], laws: _Laws
) -> Model:
    V, T = given_.volume, given_.temperature
    base = given_.hydroxide * V
    held = {"K+": base, "OH-": base, "NH3": given_.ammonia * V}
    left = V - sum(n * aqueous.molar_volume(s, T) for s, n in held.items())
    if not left > 0:
        raise Refusal(f"{name}: what is dissolved leaves no room for water in the liquor.")
    held["H2O"] = left / aqueous.molar_volume("H2O", T)
    start = {f"liquor.{s}": held[s] for s in LIQUOR}
    start |= {f"trap.{s}": n for s, n in trap.items()}
    start |= {f"vent.{s}": 0.0 for s in ("NH3", "H2O", *vents)}
    start["carrier.H2O"] = laws.brought * given_.duration
    return Model(
        name, start, {}, laws.laws, held["NH3"], "liquor.NH3", "removal", neutral=("liquor",)
    )


class _SolventTrap:
    """One equilibrium stage of acetonitrile."""

    def __init__(self, given_: StrippingIntoSolvent, start: float) -> None:
        self.pressure, self.start = given_.pressure, start
        T = given_.trap_temperature
        self.henry = {s: math.exp(organic.ln_henry(s, T)) for s in SOLVENT}
        self.volumes = {s: organic.molar_volume(s, T) for s in SOLVENT}

    def pressures(self, x: Symbols) -> dict[str, Any]:
        """Partial pressures over the trap, Pa."""
        total = sum(x[f"trap.{s}"] for s in SOLVENT)
        return {s: self.henry[s] * x[f"trap.{s}"] / total for s in SOLVENT}

    def out(self, x: Symbols, carrier: float) -> dict[str, Any]:
        """Vapours that leave, mol/s."""
        p = self.pressures(x)
        rest = self.pressure - sum(p.values())
        return {s: carrier * p[s] / rest for s in SOLVENT}

    def change(self, x: Symbols, brought: Symbols, carrier: float) -> dict[str, Any]:
        """Rates of trap and vent."""
        out = self.out(x, carrier)
        rates = {f"trap.{s}": brought.get(s, 0.0) - out[s] for s in SOLVENT}
        return rates | {f"vent.{s}": out[s] for s in SOLVENT}

    def shown(self, x: Symbols) -> dict[str, tuple[str, Any]]:
        """Columns of the trap."""
        V = sum(x[f"trap.{s}"] * v for s, v in self.volumes.items())
        return {
            "ammonia in the trap": ("mol", x["trap.NH3"]),
            "trap volume": ("m3", V),
            "c(NH3) trap": ("mol/m3", x["trap.NH3"] / V),
            "c(H2O) trap": ("mol/m3", x["trap.H2O"] / V),
        }

    def guards(self, x: Symbols) -> dict[str, Guard]:
        """The trap must neither boil nor run dry."""
        own = sum(self.pressures(x).values())
        return {
            "boiling trap": Guard(
                1 - own / self.pressure - 1e-3,
                f"the trap boils: its liquid exerts the whole pressure of {self.pressure:.4g} Pa",
                "Chill the trap, or raise the pressure.",
            ),
            "trap": Guard(
                x["trap.acetonitrile"] / self.start - LEFT,
                "the acetonitrile of the trap has all but evaporated into the gas",
                "Chill the trap, charge more solvent, or saturate the gas with it before.",
            ),
        }


class _AcidTrap:
    """Acid that takes all ammonia; water passes."""

    def __init__(self, start: float) -> None:
        self.start = start

    def change(self, x: Symbols, brought: Symbols, carrier: float) -> dict[str, Any]:
        """Rates of trap and vent."""
        n = brought["NH3"]
        return {
            "trap.H2O": 0.0,
            "trap.H+": -n,
            "trap.SO4--": 0.0,
            "trap.NH4+": n,
            "vent.NH3": 0.0,
            "vent.H2O": brought["H2O"],
        }

    def shown(self, x: Symbols) -> dict[str, tuple[str, Any]]:
        """Columns of the trap."""
        return {
            "ammonia in the trap": ("mol", x["trap.NH4+"]),
            "free acid": ("1", x["trap.H+"] / self.start),
        }

    def guards(self, x: Symbols) -> dict[str, Guard]:
        """Acid must be left."""
        return {
            "acid": Guard(
                x["trap.H+"] / self.start - 1e-6,
                f"the acid of the trap is used up: its {self.start * 1e3:.4g} mmol of protons have"
                " taken as much ammonia",
                "Charge more acid, or end the batch earlier.",
            )
        }


class _Laws:
    """Laws of liquor and trap."""

    def __init__(self, given_: _Stripping, trap: _SolventTrap | _AcidTrap) -> None:
        self.given, self.trap = given_, trap
        T = given_.temperature
        self.volumes = {s: aqueous.molar_volume(s, T) for s in LIQUOR}
        self.henry = math.exp(aqueous.ln_henry("NH3", T))
        self.water = math.exp(aqueous.ln_henry("H2O", T))
        self.carrier = given_.gas_flow * NORMAL
        wet = given_.humidity * self.water
        if not wet < given_.pressure:
            raise Refusal("Stripping: the liquor boils at this temperature and pressure.")
        self.brought = self.carrier * wet / (given_.pressure - wet)

    def pressures(self, x: Symbols) -> dict[str, Any]:
        """Partial pressures over the liquor, Pa."""
        n = {s: x[f"liquor.{s}"] for s in LIQUOR}
        V = sum(n[s] * v for s, v in self.volumes.items())
        salt = self.given.salting * n["K+"] / V
        molality = n["NH3"] / (n["H2O"] * WATER_MOLAR_MASS)
        solutes = (n["K+"] + n["OH-"] + n["NH3"]) / n["H2O"]
        return {
            "NH3": self.henry * molality * maths.exp(LN10 * salt),
            "H2O": self.water * maths.exp(-solutes),
        }

    def laws(self, x: Symbols, z: Symbols) -> Laws:
        """Rates at one instant."""
        p = self.pressures(x)
        rest = self.given.pressure - p["NH3"] - p["H2O"]
        out = {s: self.carrier * p[s] / rest for s in p}
        change: dict[str, Any] = dict.fromkeys((f"liquor.{s}" for s in LIQUOR), 0.0)
        change["liquor.NH3"] = -out["NH3"]
        change["liquor.H2O"] = self.brought - out["H2O"]
        change["carrier.H2O"] = -self.brought
        change |= self.trap.change(x, out, self.carrier)
        V = sum(x[f"liquor.{s}"] * v for s, v in self.volumes.items())
        shown = {
            "removal": ("1", 1 - x["liquor.NH3"] / (self.given.ammonia * self.given.volume)),
            "c(NH3) liquor": ("mol/m3", x["liquor.NH3"] / V),
            "c(OH-) liquor": ("mol/m3", x["liquor.OH-"] / V),
            "liquor volume": ("m3", V),
            "ammonia per gas": ("mol/mol", out["NH3"] / self.carrier),
            "water per ammonia carried": ("mol/mol", out["H2O"] / out["NH3"]),
            **self.trap.shown(x),
        }
        return Laws(change, (), shown, self.guards(x, rest, V) | self.trap.guards(x))

    def guards(self, x: Symbols, rest: Any, V: Any) -> dict[str, Guard]:
        """The liquor must neither boil nor dry up."""
        return {
            "boiling": Guard(
                rest / self.given.pressure - 1e-3,
                "the liquor boils: no gas is needed any more",
                "Lower its temperature, or raise the pressure.",
            ),
            "dry": Guard(
                V / self.given.volume - LEFT,
                "the liquor has all but dried up",
                "Humidify the gas, or strip warmer with less of it.",
            ),
        }


def _figures(found: BatchRun) -> Figures:
    end = {n: float(v[-1]) for n, v in found.columns.items()}
    start = {n: float(v[0]) for n, v in found.columns.items()}
    s = found.inputs
    assert isinstance(s, _Stripping)
    stripped = start["n(liquor.NH3)"] - end["n(liquor.NH3)"]
    evaporated = start["n(liquor.H2O)"] - end["n(liquor.H2O)"]
    carried = evaporated + start["n(carrier.H2O)"] - end["n(carrier.H2O)"]
    out = {
        "duration": (float(found.time[-1]), "s"),
        "removal": (end["removal"], "1"),
        "ammonia stripped": (stripped, "mol"),
        "ammonia held by the trap": (end["ammonia in the trap"], "mol"),
        "part of it held by the trap": (end["ammonia in the trap"] / stripped, "1"),
        "ammonia vented": (end["n(vent.NH3)"], "mol"),
        "dry gas used": (s.gas_flow * NORMAL * float(found.time[-1]), "mol"),
        "water carried by the gas": (carried, "mol"),
        "water evaporated": (evaporated, "mol"),
        "liquor volume at the end": (end["liquor volume"], "m3"),
    }
    if "n(trap.acetonitrile)" in end:
        lost = start["n(trap.acetonitrile)"] - end["n(trap.acetonitrile)"]
        out["solvent evaporated"] = (lost * molar_mass("acetonitrile"), "kg")
        out["water in the trap"] = (end["c(H2O) trap"], "mol/m3")
    if end["removal"] >= s.removal_wanted:
        out["time to the removal wanted"] = (found.when("removal", s.removal_wanted), "s")
    return out


def _warnings(found: BatchRun) -> tuple[str, ...]:
    s, out = found.inputs, []
    assert isinstance(s, _Stripping)
    if found.figures["removal"][0] < s.removal_wanted:
        out.append(
            f"the removal of {s.removal_wanted:.3g} is not reached: {found.figures['removal'][0]:.3g}."
        )
    potash = float(found.columns["c(OH-) liquor"].max())
    if potash > STRONG:
        salted = "" if s.salting else " salting-out is left out and"
        out.append(
            f"the liquor comes to {potash / 1000:.3g} mol/L of potash; beyond {STRONG / 1000:g}"
            f"{salted} water is less volatile than Raoult has it: the time is an extrapolation."
        )
    held = found.figures["part of it held by the trap"][0]
    if held < 0.9:
        out.append(
            f"the trap holds {held:.2g} of the ammonia stripped; the rest is vented. Ammonia in the gas is"
            " too dilute for its solubility here: chill the trap, bind the ammonia (acid, ketone), or strip"
            " with less gas."
        )
    if found.figures["ammonia vented"][0] > 0.01 * found.figures["ammonia stripped"][0]:
        out.append("the vent carries ammonia, which is toxic: lead it through an acid trap.")
    return tuple(out)
