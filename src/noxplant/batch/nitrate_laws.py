"""Laws of the H-cell: what changes both liquids at one instant (`noxplant.batch.nitrate`)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

from noxplant import maths
from noxplant.batch import model as models
from noxplant.batch.model import Guard, Laws, Model
from noxplant.constants import FARADAY, GAS_CONSTANT, T_REFERENCE, WATER_MOLAR_MASS
from noxplant.electrolysis import channel, kinetics
from noxplant.electrolysis.chemistry import Chemistry
from noxplant.electrolysis.voltage import TRACE, koh_conductivity
from noxplant.errors import Refusal
from noxplant.species import component
from noxplant.thermo import aqueous, electro, solid
from noxplant.thermo.aqueous import LN10

if TYPE_CHECKING:
    from noxplant.batch.nitrate import NitrateCell

CATHOLYTE: Final = ("H2O", "K+", "OH-", "NO3-", "NO2-", "NH3")
ANOLYTE: Final = ("H2O", "K+", "OH-", "NH3")
LEAST: Final = 1.0
"""Hydroxide in mol/m3 below which a liquid counts as no longer alkaline. A choice."""
HIGHEST: Final = 1e5
"""Current density in A/m2 beyond which no such cell is run, and gas and heat are all there is. A choice."""
DRY: Final = 0.05
"""Part of the water charged that must be left in a liquid. A choice."""
MOST: Final = 12000.0
"""Potash in mol/m3 up to which the conductivity holds (Gilliam)."""
Residual = Callable[[Any, Any, Any], Any]
"""Of potential [V vs RHE], current density [A/m2] and voltage [V]: zero where held."""


def charge_of(cell: NitrateCell) -> dict[str, float]:
    """Amounts at the beginning, mol: salts in as much water as fills the volumes."""
    T = cell.temperature
    out: dict[str, float] = {}
    for place, names, volume, salts in (
        (
            "catholyte", CATHOLYTE, cell.catholyte_volume,
            {"NO3-": cell.nitrate, "NO2-": cell.nitrite, "OH-": cell.catholyte_hydroxide},
        ),
        ("anolyte", ANOLYTE, cell.anolyte_volume, {"OH-": cell.anolyte_hydroxide}),
    ):  # fmt: skip
        held = {s: c * volume for s, c in salts.items()} | {"K+": sum(salts.values()) * volume}
        taken = sum(n * aqueous.molar_volume(s, T) for s, n in held.items())
        held["H2O"] = (volume - taken) / aqueous.molar_volume("H2O", T)
        if not held["H2O"] > 0:
            raise Refusal(f"Nitrate batch: the salts of the {place} leave no room for water.")
        out |= {f"{place}.{s}": held.get(s, 0.0) for s in names}
    return out


def build(cell: NitrateCell, name: str, hold: Residual, current: float | None) -> Model:
    """The model of a cell under a way of being held."""
    start = {
        **charge_of(cell),
        "gas.H2": 0.0,
        "gas.O2": 0.0,
        models.CHARGE: 0.0,
        models.ENERGY: 0.0,
    }
    chem = cell.chemistry
    solve = Cell(cell, chem, hold, current)
    return Model(
        name, start, {"potential": solve.first(name, start)}, solve.laws,
        start["catholyte.NO3-"] + start["catholyte.NO2-"], "catholyte.NH3", "conversion",
        neutral=("catholyte", "anolyte"), electrodes=_equivalents(),
    )  # fmt: skip


def _equivalents() -> dict[str, dict[str, float]]:
    """Electrons behind one mole of what is found at the end; from oxidation states."""
    cathode = {"catholyte.NO2-": 2.0, "gas.H2": 2.0, "catholyte.NH3": 8.0, "anolyte.NH3": 8.0}
    return {"cathode": cathode, "anode": {"gas.O2": 4.0}, "membrane": {"catholyte.K+": 1.0}}


def _safe(x: Mapping[str, Any], place: str, ion: str) -> Any:
    """Amount of an ion, never below a trace of the water, so that logarithms have no pole."""
    return maths.smooth_max(x[f"{place}.{ion}"], 0.0, TRACE * x[f"{place}.H2O"])


class Cell:
    """Laws of the H-cell."""

    def __init__(
        self, cell: NitrateCell, chem: Chemistry, hold: Residual, current: float | None
    ) -> None:
        """Take the cell, its reactions, what is held and the current density where that is it."""
        self.cell, self.chem, self.hold, self.current = cell, chem, hold, current
        self.order = kinetics.sequence("Nitrate cell", chem.cathode)
        self.volumes = {s: aqueous.molar_volume(s, cell.temperature) for s in CATHOLYTE}
        (self.oxygen,) = chem.anode
        self.fed = charge_of(cell)
        self.nitre = solid.solubility("KNO3(s)", cell.temperature) * WATER_MOLAR_MASS  # mol/mol

    def volume(self, x: Mapping[str, Any], place: str) -> Any:
        """Volume of a liquid, m3."""
        names = CATHOLYTE if place == "catholyte" else ANOLYTE
        return sum(x[f"{place}.{s}"] * self.volumes[s] for s in names)

    def partial(self, x: Mapping[str, Any], E: Any) -> dict[str, Any]:
        """Partial current densities of the cathode, A/m2."""
        cell, chem, V = self.cell, self.chem, self.volume(x, "catholyte")
        bulk = {c: x[f"catholyte.{component(c).basis}"] / V for c in self.order}
        lines, T = cell.lines(chem.cathode), cell.temperature
        rates = kinetics.rates(chem.cathode, lines, E, T)
        found, _ = kinetics.surface(self.order, chem.cathode, rates, bulk, cell.mass_transfer)
        return {r: found[r] * abs(q.electrons) * FARADAY for r, q in chem.cathode.items()}

    def anode_potential(self, j: Any) -> Any:
        """Potential of the anode against RHE at a current density on the anode, V."""
        line = self.cell.lines(self.chem.anode)[self.oxygen]
        T = self.cell.temperature
        at = line.at(line.potential, T, sign=-1)
        return line.potential + line.slope * T / T_REFERENCE * maths.log(j / at) / LN10

    def zero(self, x: Mapping[str, Any], place: str) -> Any:
        """Potential of RHE in a liquid against SHE, V, ideal activities."""
        T = self.cell.temperature
        names = CATHOLYTE if place == "catholyte" else ANOLYTE
        kg = x[f"{place}.H2O"] * WATER_MOLAR_MASS
        ln_water = -WATER_MOLAR_MASS * sum(x[f"{place}.{s}"] for s in names if s != "H2O") / kg
        standard = electro.standard_potential(kinetics.HYDROGEN, T)
        ln_oh = maths.log(_safe(x, place, "OH-") / kg)
        return standard - GAS_CONSTANT * T / FARADAY * (ln_oh - ln_water)

    def donnan(self, x: Mapping[str, Any]) -> Any:
        """Potential of the anolyte above the catholyte when only K+ passes, V."""
        c, a = (_safe(x, p, "K+") / x[f"{p}.H2O"] for p in ("catholyte", "anolyte"))
        return GAS_CONSTANT * self.cell.temperature / FARADAY * maths.log(c / a)

    def voltage(self, x: Mapping[str, Any], E: Any, j: Any) -> Any:
        """Voltage of the cell, V."""
        cell, T = self.cell, self.cell.temperature
        current = j * cell.cathode_area
        loss = current / cell.membrane_area * cell.membrane_resistance
        for place, gap, area in (
            ("catholyte", cell.cathode_gap, cell.cathode_area),
            ("anolyte", cell.anode_gap, cell.anode_area),
        ):
            c = _safe(x, place, "OH-") / self.volume(x, place)
            loss = loss + current / area * gap / (koh_conductivity(c, T) + channel.POOREST)
        anode = self.anode_potential(current / cell.anode_area) + self.zero(x, "anolyte")
        return anode - E - self.zero(x, "catholyte") + self.donnan(x) + loss

    def first(self, name: str, x: Mapping[str, float]) -> float:
        """Potential at the beginning."""
        from scipy.optimize import brentq

        def off(E: float) -> float:
            j = float(sum(self.partial(x, E).values()))
            return float(self.hold(E, j, self.voltage(x, E, j)))

        low, high = -5.0, 2.0
        if not off(low) * off(high) < 0:
            raise Refusal(
                f"{name}: no cathode potential between {low:g} and {high:g} V against RHE gives what is"
                " to be held.\n  Check the Tafel lines and the value that is held."
            )
        return float(brentq(off, low, high, xtol=1e-13))

    def laws(self, x: Mapping[str, Any], z: Mapping[str, Any]) -> Laws:
        """Balances of both liquids, what is held, and what is shown."""
        cell, E = self.cell, z["potential"]
        parts = self.partial(x, E)
        total = sum(parts.values())
        j = total if self.current is None else self.current
        voltage = self.voltage(x, E, j)
        current = j * cell.cathode_area
        change: dict[str, Any] = dict.fromkeys(
            [f"catholyte.{s}" for s in CATHOLYTE] + [f"anolyte.{s}" for s in ANOLYTE]
            + ["gas.H2", "gas.O2"], 0.0,
        )  # fmt: skip
        made = {
            r: parts[r] / total * current / (abs(q.electrons) * FARADAY)
            for r, q in self.chem.cathode.items()
        }
        made[self.oxygen] = current / (abs(self.chem.anode[self.oxygen].electrons) * FARADAY)
        for side, place in (("cathode", "catholyte"), ("anode", "anolyte")):
            for r, q in getattr(self.chem, side).items():
                for s, nu in q.species.items():
                    key = f"gas.{s}" if s in ("H2", "O2") else f"{place}.{s}"
                    change[key] = change[key] + nu * made[r]
        self._cross(x, change, current)
        change[models.CHARGE] = current / FARADAY
        change[models.ENERGY] = current * voltage
        shown = self._shown(x, parts, total, j, E, voltage)
        zero = (self.hold(E, total, voltage),)
        return Laws(change, zero, shown, self._guards(x, j))

    def _cross(self, x: Mapping[str, Any], change: dict[str, Any], current: Any) -> None:
        """K+ with its water to the catholyte, ammonia to the anolyte."""
        cell = self.cell
        inside, outside = (x[f"{p}.NH3"] / self.volume(x, p) for p in ("catholyte", "anolyte"))
        leak = cell.ammonia_permeance * cell.membrane_area * (inside - outside)
        ions = current / FARADAY
        for s, n in (("K+", ions), ("H2O", cell.water_drag * ions), ("NH3", -leak)):
            change[f"catholyte.{s}"] = change[f"catholyte.{s}"] + n
            change[f"anolyte.{s}"] = change[f"anolyte.{s}"] - n

    def _shown(
        self, x: Mapping[str, Any], parts: Mapping[str, Any], total: Any, j: Any, E: Any, U: Any
    ) -> dict[str, tuple[str, Any]]:
        V = {p: self.volume(x, p) for p in ("catholyte", "anolyte")}
        nitrate, nitrite = x["catholyte.NO3-"], x["catholyte.NO2-"]
        n0 = self.fed["catholyte.NO3-"] + self.fed["catholyte.NO2-"]
        out: dict[str, tuple[str, Any]] = {
            "conversion": ("1", 1 - (nitrate + nitrite) / n0),
            "potential vs RHE": ("V", E),
            "voltage": ("V", U),
            "current density": ("A/m2", j),
            "current": ("A", j * self.cell.cathode_area),
            "charge": ("C", x[models.CHARGE] * FARADAY),
            "electricity": ("J", x[models.ENERGY]),
            "catholyte volume": ("m3", V["catholyte"]),
            "anolyte volume": ("m3", V["anolyte"]),
        }
        for place, names in (
            ("catholyte", ("NO3-", "NO2-", "NH3", "OH-", "K+")),
            ("anolyte", ("OH-", "K+", "NH3")),
        ):
            out |= {f"c({s}) {place}": ("mol/m3", x[f"{place}.{s}"] / V[place]) for s in names}
        out |= {f"share of {r}": ("1", parts[r] / total) for r in self.chem.cathode}
        return out

    def _water(self, x: Mapping[str, Any]) -> dict[str, Guard]:
        """Both liquids keep water, and the anolyte is no stronger than its conductivity is known."""
        dry = {
            f"water of the {p}": Guard(
                x[f"{p}.H2O"] / (DRY * self.fed[f"{p}.H2O"]) - 1,
                f"{100 * (1 - DRY):g} % of the water charged to the {p} are gone",
                "Charge more of it, end the batch earlier, or look at water_drag.",
            )
            for p in ("catholyte", "anolyte")
        }
        strong = Guard(
            1 - x["anolyte.K+"] / self.volume(x, "anolyte") / MOST,
            f"the anolyte passes {MOST / 1000:g} mol/L of K+, where its conductivity is unknown",
            "Charge more of it or weaker lye, or look at water_drag.",
        )
        return {**dry, "strong anolyte": strong}

    def _guards(self, x: Mapping[str, Any], j: Any) -> dict[str, Guard]:
        cell = self.cell
        lye = cell.anolyte_hydroxide * cell.anolyte_volume
        c_an = x["anolyte.OH-"] / self.volume(x, "anolyte")
        c_cat = x["catholyte.K+"] / self.volume(x, "catholyte")
        c_oh = x["catholyte.OH-"] / self.volume(x, "catholyte")
        return {
            "current": Guard(
                1 - j / HIGHEST,
                f"the current density on the cathode passes {HIGHEST:g} A/m2, beyond what an H-cell carries",
                "Hold a potential nearer zero, a lower voltage or a lower current.",
            ),
            **self._water(x),
            "nitre": Guard(
                1
                - x["catholyte.K+"] * x["catholyte.NO3-"] / (self.nitre * x["catholyte.H2O"]) ** 2,
                "the catholyte passes the solubility of KNO3,"
                f" {self.nitre / WATER_MOLAR_MASS:.3g} mol/kg water at {cell.temperature:g} K"
                " (product of the molalities of K+ and NO3-, ideal)",
                "Crystals are not modelled: charge less nitrate, weaker lye, or work warmer.",
            ),
            "anolyte": Guard(
                c_an / LEAST - 1,
                f"the anolyte's hydroxide is used up: its {lye * 1e3:.4g} mmol carry"
                f" {lye * FARADAY:.4g} C, no more",
                "Charge more or stronger anolyte, end the batch earlier, or lose less charge to"
                " hydrogen; beyond that the anode would make acid and H+ would cross.",
            ),
            "catholyte": Guard(
                c_oh / LEAST - 1,
                f"the catholyte holds less than {LEAST:g} mol/m3 of hydroxide",
                "The batch takes alkaline liquids only: charge more KOH.",
            ),
            "strong lye": Guard(
                1 - c_cat / MOST,
                f"the catholyte passes {MOST / 1000:g} mol/L of K+, where its conductivity is unknown",
                "Charge weaker lye.",
            ),
        }
