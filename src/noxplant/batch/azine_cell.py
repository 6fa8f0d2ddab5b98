"""Batch azine electrolysis: condensation of ammonia with benzophenone, coupling of the imine.

    benzophenone + NH3 <=> imine + H2O     k1 (c_ketone c_NH3 - c_imine c_water / K) V
    2 imine -> azine + 2 H+ + 2 e-         k2 c_imine V  (transport control: first order)

The current follows the coupling: I = F k2 n_imine / FE, so it decays with the imine. The rest of
the charge oxidises methanol (assumption, as in `AzineCell`); the cathode makes hydrogen, less what
makes benzhydrol. Reaction water stays and holds the condensation back. Volumes are additive.
The cell has one temperature; what hydrogen carries off as vapour is neglected (`AzineCell` has it).

Source: hydrazine note 1.3, 3.2, 3.3; Nat. Commun. 2024, 10.1038/s41467-024-52825-1.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from noxplant import azine
from noxplant.batch import model as models
from noxplant.batch.inputs import Inputs, given, positive
from noxplant.batch.model import Guard, Laws, Model
from noxplant.batch.run import BatchRun, Figures, run
from noxplant.constants import FARADAY
from noxplant.errors import Refusal, SpecError
from noxplant.species import Reaction, molar_mass
from noxplant.thermo import organic

LIQUID: Final = (
    "acetonitrile",
    "methanol",
    "KPF6",
    "H2O",
    "NH3",
    "benzophenone",
    "benzophenone imine",
    azine.AZINE,
    "formaldehyde",
    "benzhydrol",
)
IMINE: Final = "benzophenone imine"
REVERSIBLE: Final = 0.75
"""Reversible voltage of 2 imine -> azine + H2, V, +-0.1 (hydrazine note 1.1)."""
NOTES: Final = (
    "First order of the coupling is transport control in the one batch of the paper; another cell"
    " has another constant (mass-transfer coefficient x area / volume).",
    "Temperature moves equilibrium, solubility and volumes, not the rate constants: they hold for the"
    " temperature, area and volume given.",
    "The equilibrium constant of the condensation and the rate constant were fitted together to"
    " one figure, 98.5 % in 10 h; they are not known apart (hydrazine note 3.2).",
    "The gas of the cell is hydrogen with vapour of acetonitrile and methanol: keep air out.",
)


@dataclass(frozen=True)
class AzineCellBatch(Inputs):
    """An undivided azine cell with its charge."""

    volume: float = positive("m3", "liquid charged")
    ammonia: float = positive("mol/m3", "ammonia charged, per liquid charged")
    ketone_ratio: float = positive("mol/mol", "benzophenone per ammonia charged")
    water: float = given("mol/m3", "water charged, per liquid charged", 0.0)
    methanol_fraction: float = given("1", "methanol charged, volume per liquid charged", 0.0, 0.9)
    salt: float = positive("mol/m3", "KPF6, per liquid charged")
    temperature: float = given("K", "temperature of the cell", 253.15, 333.15)
    condensation_constant: float = positive("m3/mol/s", "rate constant k1 of the condensation")
    equilibrium_constant: float = positive(
        "1", "equilibrium constant of the condensation, 298.15 K"
    )
    rate_constant: float = positive("1/s", "first-order constant k2 of the coupling")
    anode_area: float = positive("m2", "anode area, geometric")
    faradaic_efficiency: float = positive("1", "current that couples imine, per current", 1.0)
    ketone_loss: float = given("mol/mol", "benzhydrol formed per imine coupled", 0.0, 0.4)
    anode_potential: float = given(
        "V", "anode potential against Ag/Ag+ (0.01 mol/L)", 1.2, 2.2, scale="AgAg+"
    )
    cathode_potential: float = given(
        "V", "cathode potential against Ag/Ag+ (0.01 mol/L)", -5.0, 1.0, scale="AgAg+"
    )
    resistance: float = given("ohm m2", "gap and lead resistance", 0.0)
    solubility: float = positive("mol/m3", "azine dissolved at saturation and 298.15 K")
    heat_of_solution: float = given("J/mol", "heat of solution of azine in the van 't Hoff slope")
    duration: float = positive("s", "duration of the batch")

    def __post_init__(self) -> None:
        """Check numbers, and that the potentials leave a voltage for the reaction."""
        super().__post_init__()
        drive = self.anode_potential - self.cathode_potential
        if not drive > REVERSIBLE:
            raise SpecError(
                f"AzineCellBatch: {drive:.3g} V between the electrodes do not drive the reaction, whose"
                f" reversible voltage is {REVERSIBLE:g} V.\n  Give potentials further apart."
            )

    def run(self, charged: Mapping[str, float] | None = None, **more: Any) -> BatchRun:
        """Run the batch.

        Args:
            charged: amounts in mol that replace those of the inputs, such as recovered benzophenone.
            more: `points`.
        """
        start = charge_of(self) | {f"liquid.{s}": float(n) for s, n in (charged or {}).items()}
        unknown = set(start) - {f"liquid.{s}" for s in LIQUID}
        if unknown:
            raise SpecError(f"AzineCellBatch: {', '.join(sorted(unknown))} is not in its liquid.")
        for name, n in start.items():
            if not 0 <= n < float("inf"):
                raise SpecError(f"AzineCellBatch: {name} = {n:g} mol; charge none or more.")
        built = build(self, start)
        return run(built, self, self.duration, _figures, notes=NOTES, warnings=_warnings, **more)

    def with_(self, **changes: float) -> AzineCellBatch:
        """The same with some inputs changed."""
        return replace(self, **changes)


def charge_of(batch: AzineCellBatch) -> dict[str, float]:
    """Amounts charged, mol; acetonitrile fills the volume."""
    V, T = batch.volume, batch.temperature
    held = dict.fromkeys(LIQUID, 0.0)
    held["NH3"] = batch.ammonia * V
    held["benzophenone"] = batch.ketone_ratio * held["NH3"]
    held["H2O"], held["KPF6"] = batch.water * V, batch.salt * V
    held["methanol"] = batch.methanol_fraction * V / organic.molar_volume("methanol", T)
    left = V - sum(n * organic.molar_volume(s, T) for s, n in held.items())
    if not left > 0:
        raise Refusal(
            "Azine batch: what is dissolved leaves no room for acetonitrile in"
            f" {V * 1e6:.4g} mL.\n  Charge less, or more liquid."
        )
    held["acetonitrile"] = left / organic.molar_volume("acetonitrile", T)
    return {f"liquid.{s}": n for s, n in held.items()}


def build(batch: AzineCellBatch, start: Mapping[str, float]) -> Model:
    """The model of a charge."""
    states = {f"liquid.{s}": start[f"liquid.{s}"] for s in LIQUID}
    states |= {"gas.H2": 0.0, models.CHARGE: 0.0, models.ENERGY: 0.0}
    fed = states["liquid.NH3"] + states[f"liquid.{IMINE}"]
    if not fed > 0:
        raise Refusal(
            "Azine batch: neither ammonia nor imine is charged; there is nothing to couple."
        )
    if not states["liquid.benzophenone"] + states[f"liquid.{IMINE}"] > 0:
        raise Refusal("Azine batch: neither benzophenone nor imine is charged; no imine can form.")
    per = {"anode": {f"liquid.{azine.AZINE}": 2.0, "liquid.formaldehyde": 2.0}}
    per["cathode"] = {"gas.H2": 2.0, "liquid.benzhydrol": 2.0}
    return Model(
        "Azine batch", states, {}, _Laws(batch, fed, states[f"liquid.{azine.AZINE}"]).laws, fed, f"liquid.{azine.AZINE}",
        "conversion", neutral=(), electrodes=per,
    )  # fmt: skip


class _Laws:
    """Laws of the azine cell."""

    def __init__(self, batch: AzineCellBatch, fed: float, brought: float) -> None:
        self.batch, self.fed, self.brought = batch, fed, brought
        T = batch.temperature
        self.volumes = {s: organic.molar_volume(s, T) for s in LIQUID}
        self.K = azine.equilibrium_constant(batch.equilibrium_constant, T)
        self.saturation = azine.azine_solubility(batch.solubility, batch.heat_of_solution, T)
        texts = {
            "condensed": azine.CONDENSATION,
            "pairs": azine.COUPLING,
            "lost": azine.SOLVENT_LOSS,
            "hydrogen": azine.HYDROGEN,
            "benzhydrol": azine.KETONE_LOSS,
        }
        self.reactions = {k: Reaction.parse(t) for k, t in texts.items()}

    def laws(self, x: models.Symbols, z: models.Symbols) -> Laws:
        """Rates at one instant."""
        b = self.batch
        n = {s: x[f"liquid.{s}"] for s in LIQUID}
        V = sum(n[s] * v for s, v in self.volumes.items())
        forward = n["benzophenone"] * n["NH3"] - n[IMINE] * n["H2O"] / self.K
        coupled = b.rate_constant * n[IMINE]
        current = FARADAY * coupled / b.faradaic_efficiency
        pairs = current / (2 * FARADAY)
        ketone = b.ketone_loss * coupled
        extents = {
            "condensed": b.condensation_constant * forward / V,
            "pairs": coupled / 2,
            "lost": (1 - b.faradaic_efficiency) * pairs,
            "hydrogen": pairs - ketone,
            "benzhydrol": ketone,
        }
        change: dict[str, Any] = {s: 0.0 for s in (f"liquid.{k}" for k in LIQUID)} | {"gas.H2": 0.0}
        for name, extent in extents.items():
            for s, nu in self.reactions[name].species.items():
                key = "gas.H2" if s == "H2" else f"liquid.{s}"
                if s != "H+":  # freed at the anode, taken up at the cathode
                    change[key] = change[key] + nu * extent
        voltage = b.anode_potential - b.cathode_potential + current / b.anode_area * b.resistance
        change[models.CHARGE] = current / FARADAY
        change[models.ENERGY] = current * voltage
        return Laws(change, (), self._shown(x, n, V, current, voltage), self._guards(n, V))

    def _shown(
        self, x: models.Symbols, n: models.Symbols, V: Any, current: Any, voltage: Any
    ) -> dict[str, tuple[str, Any]]:
        names = {"azine": azine.AZINE, "imine": IMINE, "water": "H2O", "ammonia": "NH3"}
        out = {
            "conversion": ("1", 2 * (n[azine.AZINE] - self.brought) / self.fed),
            "current": ("A", current),
            "current density": ("A/m2", current / self.batch.anode_area),
            "voltage": ("V", voltage),
            "charge": ("C", x[models.CHARGE] * FARADAY),
            "electricity": ("J", x[models.ENERGY]),
            "volume": ("m3", V),
        }
        return out | {
            f"c({k})": ("mol/m3", n[s] / V)
            for k, s in {**names, "benzophenone": "benzophenone", "methanol": "methanol"}.items()
        }

    def _guards(self, n: models.Symbols, V: Any) -> dict[str, Guard]:
        return {
            "solubility": Guard(
                1 - n[azine.AZINE] / V / self.saturation,
                f"the azine reaches its solubility of {self.saturation:.4g} mol/m3 and crystallises",
                "Crystals on the electrodes are not modelled: charge less ammonia per volume, or warm"
                " the cell.",
            ),
            "methanol": Guard(
                n["methanol"] / self.fed - 1e-6,
                "the methanol, which carries the protons to the cathode, is used up",
                "Charge more methanol, or run at a potential of higher faradaic efficiency.",
            ),
        }


def _figures(found: BatchRun) -> Figures:
    end = {n: float(v[-1]) for n, v in found.columns.items()}
    made = end[f"n(liquid.{azine.AZINE})"] - float(found.columns[f"n(liquid.{azine.AZINE})"][0])
    hours = float(found.time[-1])
    hydrazine = made * molar_mass("N2H4")
    return {
        "duration": (hours, "s"),
        "conversion": (end["conversion"], "1"),
        "azine": (made, "mol"),
        "hydrazine held by it": (hydrazine, "kg"),
        "charge": (end["charge"], "C"),
        "highest current": (float(found.columns["current"].max()), "A"),
        "mean current": (end["charge"] / hours, "A"),
        "final current": (end["current"], "A"),
        "highest current density": (float(found.columns["current density"].max()), "A/m2"),
        "charge in azine": (2 * FARADAY * made / end["charge"], "1"),
        "electricity": (end["electricity"], "J"),
        "electricity per hydrazine": (end["electricity"] / hydrazine, "J/kg"),
        "imine at the end": (end["c(imine)"], "mol/m3"),
        "water at the end": (end["c(water)"], "mol/m3"),
        "formaldehyde": (end["n(liquid.formaldehyde)"], "mol"),
        "hydrogen": (end["n(gas.H2)"], "mol"),
    }


def _warnings(found: BatchRun) -> tuple[str, ...]:
    b = found.inputs
    assert isinstance(b, AzineCellBatch)
    out = []
    fit = azine.faradaic_efficiency(b.anode_potential)
    if b.faradaic_efficiency > fit + azine.EFFICIENCY_SCATTER:
        out.append(
            f"the faradaic efficiency given, {b.faradaic_efficiency:.4g}, exceeds that of the paper at"
            f" {b.anode_potential:.4g} V vs Ag/Ag+, {fit:.3f} within {azine.EFFICIENCY_SCATTER:g}."
        )
    if b.anode_potential < azine.TRANSPORT_CONTROL - 1e-6:
        out.append(
            f"below {azine.TRANSPORT_CONTROL:g} V vs Ag/Ag+ the electrode slows the coupling, which is"
            " not modelled: give the rate constant measured at that potential."
        )
    if b.water > 500.0 and b.equilibrium_constant < 10.0:
        out.append(
            f"{b.water / 1000:.3g} mol/L of water with K = {b.equilibrium_constant:g} leave hardly any"
            " imine: dry the solvent, or charge more benzophenone (hydrazine note 3.2)."
        )
    return tuple(out)
