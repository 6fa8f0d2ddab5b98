"""Batch electrolysis of nitrate in an H-cell: two stirred chambers and a cation membrane.

Cathode: Tafel branches in parallel and in series (nitrate, nitrite, ammonia, hydrogen) behind one
film, as `noxplant.electrolysis.kinetics` has them and `PlugFlowCell` uses them. Anode: oxygen from
hydroxide. The current crosses as K+ with its water, so the anolyte loses one KOH per electron and
the catholyte gains it; ammonia leaks by diffusion. Volumes follow from the amounts. Gases leave
dry, ammonia stays in the liquids (they are not swept by gas), the cell has one temperature.
Activities are ideal; the liquids must stay alkaline (no NH4+, no HNO2 worth counting).

Source: ammonia note section 5.1; hydrazine note 1.2 (K+ balance) and 3.1.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from noxplant import maths
from noxplant.batch.inputs import Inputs, given, given_each, positive
from noxplant.batch.nitrate_laws import ANOLYTE, CATHOLYTE, MOST, Residual, build
from noxplant.batch.run import BatchRun, Figures, run
from noxplant.constants import FARADAY
from noxplant.electrolysis import kinetics
from noxplant.electrolysis.chemistry import Chemistry, chemistry
from noxplant.errors import SpecError, nearest
from noxplant.species import molar_mass
from noxplant.units.plug_flow_cell import ANODE, CATHODE


@dataclass(frozen=True)
class NitrateCell(Inputs):
    """An H-cell with its charge. Run it with `at_current`, `at_potential` or `at_voltage`."""

    catholyte_volume: float = positive("m3", "catholyte charged")
    anolyte_volume: float = positive("m3", "anolyte charged")
    nitrate: float = positive("mol/m3", "KNO3 in the catholyte")
    nitrite: float = given("mol/m3", "KNO2 in the catholyte", 0.0)
    catholyte_hydroxide: float = positive("mol/m3", "KOH in the catholyte", MOST)
    anolyte_hydroxide: float = positive("mol/m3", "KOH in the anolyte", MOST)
    temperature: float = given("K", "temperature of the cell", 273.15, 373.15)
    cathode_area: float = positive("m2", "cathode area, geometric")
    anode_area: float = positive("m2", "anode area, geometric")
    membrane_area: float = positive("m2", "membrane area")
    mass_transfer: float = positive("m/s", "mass-transfer coefficient at the cathode", 1.0)
    membrane_resistance: float = given("ohm m2", "area resistance of the membrane", 0.0)
    cathode_gap: float = given("m", "distance of cathode and membrane", 0.0)
    anode_gap: float = given("m", "distance of anode and membrane", 0.0)
    water_drag: float = given("mol/mol", "water through the membrane per K+", 0.0)
    ammonia_permeance: float = given("m/s", "permeance of the membrane for ammonia", 0.0)
    reference_current: Mapping[str, float] = given_each(
        "A/m2", "current density at the reference potential for 1 mol/L at the surface", 0.0,
        open_low=True,
    )  # fmt: skip
    reference_potential: Mapping[str, float] = given_each(
        "V", "potential of that current against RHE", scale="RHE"
    )
    tafel_slope: Mapping[str, float] = given_each("V", "Tafel slope per decade", 0.0, open_low=True)
    activation_energy: Mapping[str, float] = given_each(
        "J/mol", "activation energy at the reference potential", 0.0
    )
    cathode: tuple[str, ...] = CATHODE
    anode: tuple[str, ...] = ANODE

    def __post_init__(self) -> None:
        """Check numbers, reactions and that each reaction has its Tafel line."""
        super().__post_init__()
        found = self.chemistry
        kinetics.sequence("Nitrate cell", found.cathode)
        _known_products(found)
        for name in (
            "reference_current",
            "reference_potential",
            "tafel_slope",
            "activation_energy",
        ):
            held = getattr(self, name)
            for r in found.reactions:
                if r not in held:
                    raise SpecError(
                        f"NitrateCell.{name} has no value for {r}.{nearest(r, held)}\n"
                        f"  Give one for each of: {', '.join(found.reactions)}."
                    )

    @property
    def chemistry(self) -> Chemistry:
        """Half-reactions by short name."""
        return chemistry("Nitrate cell", self.cathode, self.anode, None)

    def lines(self, reactions: Mapping[str, Any]) -> dict[str, kinetics.Line]:
        """Tafel lines of some half-reactions."""
        return {
            r: kinetics.Line(
                self.reference_current[r], self.reference_potential[r], self.tafel_slope[r],
                self.activation_energy[r],
            )
            for r in reactions
        }  # fmt: skip

    def at_current(self, current_density: float, duration: float, **more: Any) -> BatchRun:
        """Run at constant current.

        Args:
            current_density: on the cathode, A/m2.
            duration: s.
            more: `points`.
        """
        set_to = _above_zero("current density", current_density, "A/m2")
        return self._run(
            "Nitrate batch at constant current", duration,
            lambda _e, j, _u: maths.log(j / set_to), set_to, **more,
        )  # fmt: skip

    def at_potential(self, potential: float, duration: float, **more: Any) -> BatchRun:
        """Run at constant cathode potential [V against RHE], without ohmic drop."""
        name = "Nitrate batch at constant potential"
        return self._run(name, duration, lambda e, _j, _u: e - float(potential), None, **more)

    def at_voltage(self, voltage: float, duration: float, **more: Any) -> BatchRun:
        """Run at constant cell voltage [V]."""
        set_to = _above_zero("voltage", voltage, "V")
        name = "Nitrate batch at constant voltage"
        return self._run(name, duration, lambda _e, _j, u: u - set_to, None, **more)

    def _run(
        self, name: str, duration: float, hold: Residual, current: float | None, **more: Any
    ) -> BatchRun:
        length = _above_zero("duration", duration, "s")
        built = build(self, name, hold, current)
        return run(built, self, length, _figures, notes=NOTES, warnings=_warnings, **more)


def _above_zero(what: str, value: float, unit: str) -> float:
    if not 0.0 < float(value) < float("inf"):
        raise SpecError(f"Nitrate batch: {what} = {value:g} {unit}; give a number above zero.")
    return float(value)


def _known_products(found: Chemistry) -> None:
    allowed = {*CATHOLYTE, *ANOLYTE, "H2", "O2"}
    for r, x in found.reactions.items():
        strange = sorted(set(x.species) - allowed)
        if strange:
            raise SpecError(
                f"NitrateCell: {r} involves {', '.join(strange)}, for which the batch has no place.\n"
                f"  Write half-reactions in alkali with {', '.join(sorted(allowed))}."
            )


NOTES: Final = (
    "Faradaic efficiencies are as good as the kinetics given; fit those to your own cell (noxplant fit).",
    "Gases leave dry and without ammonia; activities are ideal; one temperature.",
    "Hydrogen and oxygen leave by their own chambers: vent them apart.",
)


def _figures(found: BatchRun) -> Figures:
    """Results of the whole batch."""
    end = {n: float(v[-1]) for n, v in found.columns.items()}
    start = {n: float(v[0]) for n, v in found.columns.items()}
    ammonia = end["n(catholyte.NH3)"] + end["n(anolyte.NH3)"]
    fed = start["n(catholyte.NO3-)"] + start["n(catholyte.NO2-)"]
    charge, energy = end["charge"], end["electricity"]
    nitrite = end["n(catholyte.NO2-)"] - start["n(catholyte.NO2-)"]
    peak = float(found.columns["c(NO2-) catholyte"].max())
    hydrogen = 2 * FARADAY * end["n(gas.H2)"] / charge
    return {
        "duration": (float(found.time[-1]), "s"),
        "conversion to ammonia": (ammonia / fed, "1"),
        "nitrate left": (end["n(catholyte.NO3-)"] / fed, "1"),
        "nitrite left": (end["n(catholyte.NO2-)"] / fed, "1"),
        "highest nitrite": (peak, "mol/m3"),
        "ammonia": (ammonia, "mol"),
        "charge": (charge, "C"),
        "charge in ammonia, from nitrate": (8 * FARADAY * ammonia / charge, "1"),
        "charge in nitrite": (2 * FARADAY * nitrite / charge, "1"),
        "charge in hydrogen": (hydrogen, "1"),
        "mean voltage": (energy / charge, "V"),
        "electricity": (energy, "J"),
        "electricity per ammonia": (energy / (ammonia * molar_mass("NH3")), "J/kg"),
        "anolyte hydroxide at the end": (end["c(OH-) anolyte"], "mol/m3"),
        "catholyte hydroxide at the end": (end["c(OH-) catholyte"], "mol/m3"),
        "K+ moved": (end["n(catholyte.K+)"] - start["n(catholyte.K+)"], "mol"),
        "catholyte volume at the end": (end["catholyte volume"], "m3"),
        "ammonia in the anolyte": (max(end["n(anolyte.NH3)"], 0.0), "mol"),
    }


def _warnings(found: BatchRun) -> tuple[str, ...]:
    """Potentials at which a branch would run backwards; a cathode held by its film."""
    cell = found.inputs
    assert isinstance(cell, NitrateCell)
    out = []
    E = float(found.columns["potential vs RHE"].max())
    for r, q in cell.chemistry.cathode.items():
        rest = float(kinetics.standard_against_rhe(q, cell.temperature))
        share = float(found.columns[f"share of {r}"][found.columns["potential vs RHE"].argmax()])
        if rest < E + 0.05 and share > 0.01:
            out.append(
                f"{r} carries {share:.2g} of the current at {E:.3f} V against RHE, near its standard"
                f" potential of {rest:.3f} V: its back-reaction is not modelled."
            )
    if found["charge in nitrite"] < 0:
        out.append(
            "more nitrite is reduced than made: its ammonia took six electrons here, not eight, so that"
            f" the charge in ammonia from nitrate comes to {found['charge in ammonia, from nitrate']:.3g} and"
            f" that in nitrite is {found['charge in nitrite']:.2g}; with hydrogen they make one."
        )
    oh = found.columns["c(OH-) anolyte"]
    most = FARADAY * cell.mass_transfer * oh
    j = found.columns["current"] / cell.anode_area
    if float((j / most).max()) > 1:
        hours = float(found.time[(j / most).argmax()]) / 3600
        out.append(
            f"the anode takes more hydroxide than a film of {cell.mass_transfer:g} m/s brings, at worst"
            f" after {hours:.3g} h ({float((j / most).max()):.2g} times): its surface turns acid there and"
            " the voltage is higher than told."
        )
    return tuple(out)
