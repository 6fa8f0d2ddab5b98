"""The continuous equivalent of a batch as a flowsheet of the library's own units.

One charge is fed per `time` to a unit with the batch's electrode: `PlugFlowCell` for nitrate,
`AzineCell` for azine, `AirStripper` for stripping (counter-current, so it needs less gas). They have
what the batch neglects: heat, vapours, speciation. One segment, tank or stage is the stirred tank.
"""

from __future__ import annotations

from typing import Any, Final

from noxplant.batch.azine_cell import AzineCellBatch, charge_of
from noxplant.batch.nitrate import NitrateCell
from noxplant.batch.nitrate_laws import charge_of as charge_of_cell
from noxplant.batch.run import BatchRun
from noxplant.batch.stripping import NORMAL, StrippingIntoAcid, StrippingIntoSolvent
from noxplant.errors import SpecError
from noxplant.flowsheet.graph import Flowsheet
from noxplant.thermo import water
from noxplant.units.air_stripper import AirStripper
from noxplant.units.azine_cell import AzineCell
from noxplant.units.feed import Feed
from noxplant.units.plug_flow_cell import PlugFlowCell

NO_BUBBLES: Final = 1e6
"""Slip of the gas at which it takes no room in the gaps, as in the batch."""
GAP: Final = 1e-3
"""Gap in m of an azine cell with the batch's area resistance; the conductivity is made to suit."""


def _flow(run: BatchRun, time: float | None, vessels: float) -> float:
    """Charges fed per second."""
    length = float(run.time[-1]) if time is None else float(time)
    if not 0 < length < float("inf") or not 0 < vessels < float("inf"):
        raise SpecError(
            f"{run.name}: time = {length:g} s, vessels = {vessels:g}; give numbers above zero."
        )
    return vessels / length


def plug_flow_cell(
    run: BatchRun,
    *,
    segments: int,
    time: float | None = None,
    voltage: float | None = None,
    vessels: float = 1.0,
) -> Flowsheet:
    """A `PlugFlowCell` for a nitrate batch.

    Args:
        run: the batch.
        segments: 1 is a stirred tank, many are plug flow.
        time: in which one charge is fed, s; else that of the batch.
        voltage: of the cell, V; else its current is the batch's mean current. The batch at constant
            voltage is the one with an exact equivalent.
        vessels: batch vessels that it replaces; scales feed and area.

    Raises:
        SpecError: no nitrate batch, or a number that is none.
    """
    cell = run.inputs
    if not isinstance(cell, NitrateCell):
        raise SpecError(f"{run.name}: a PlugFlowCell stands for a nitrate batch only.")
    rate, n = _flow(run, time, vessels), charge_of_cell(cell)
    plant = Flowsheet("continuous nitrate cell")
    T = cell.temperature
    salts = {
        "H2O": n["catholyte.H2O"], "KNO3": n["catholyte.NO3-"], "KNO2": n["catholyte.NO2-"],
        "KOH": n["catholyte.OH-"],
    }  # fmt: skip
    fed = {s: rate * v for s, v in salts.items() if v > 0}
    a = plant.add(Feed("catholyte feed", "aqueous", fed, temperature=T))
    lye = {"H2O": rate * n["anolyte.H2O"], "KOH": rate * n["anolyte.OH-"]}
    b = plant.add(Feed("anolyte feed", "aqueous", lye, temperature=T))
    unit = plant.add(_channel(cell, segments, vessels, run["charge"] / float(run.time[-1])))
    plant.connect(a.out, unit.catholyte, "catholyte")
    plant.connect(b.out, unit.anolyte, "anolyte")
    if voltage is not None:
        plant.exchange("cell.voltage", float(voltage), "cell.current_density")
    return plant


def _channel(cell: NitrateCell, segments: int, vessels: float, current: float) -> PlugFlowCell:
    """The cell; its one area is the cathode's, so what belongs to another area is scaled."""
    membrane, anode = (x / cell.cathode_area for x in (cell.membrane_area, cell.anode_area))
    oxygen = tuple(cell.chemistry.anode)
    currents = {r: i * (anode if r in oxygen else 1.0) for r, i in cell.reference_current.items()}
    return PlugFlowCell(
        "cell", segments=segments, cathode=cell.cathode, anode=cell.anode,
        area=vessels * cell.cathode_area, current_density=current / cell.cathode_area, cells=1.0,
        temperature=cell.temperature, mass_transfer={"cathode": cell.mass_transfer},
        reference_current=currents, reference_potential=dict(cell.reference_potential),
        tafel_slope=dict(cell.tafel_slope), activation_energy=dict(cell.activation_energy),
        membrane_resistance=cell.membrane_resistance / membrane, cathode_gap=cell.cathode_gap,
        anode_gap=cell.anode_gap / anode, bubble_slip=NO_BUBBLES, water_drag=cell.water_drag,
        ammonia_permeance=cell.ammonia_permeance * membrane,
    )  # fmt: skip


def azine_cell(
    run: BatchRun,
    *,
    tanks: int,
    condenser_temperature: float,
    time: float | None = None,
    vessels: float = 1.0,
) -> Flowsheet:
    """An `AzineCell` for an azine batch; its condensation is at equilibrium.

    Args:
        run: the batch.
        tanks: in series; 1 is a stirred tank, many are plug flow.
        condenser_temperature: of the vent condenser that the unit has, K.
        time: in which one charge is fed, s; else that of the batch.
        vessels: batch vessels that it replaces.

    Raises:
        SpecError: no azine batch, or a number that is none.
    """
    batch = run.inputs
    if not isinstance(batch, AzineCellBatch):
        raise SpecError(f"{run.name}: an AzineCell stands for an azine batch only.")
    rate = _flow(run, time, vessels)
    plant = Flowsheet("continuous azine cell")
    fed = {s.partition(".")[2]: rate * n for s, n in charge_of(batch).items() if n > 0}
    a = plant.add(Feed("feed", "organic", fed, temperature=batch.temperature))
    held, resistance = float(run.columns["volume"][-1]), batch.resistance
    gap, conductivity = (GAP, GAP / resistance) if resistance > 0 else (0.0, 1.0)
    unit = plant.add(
        AzineCell(
            "cell", tanks=tanks, utility="refrigeration", volume=vessels * held,
            rate_constant=batch.rate_constant,
            mass_transfer=batch.rate_constant * held / batch.anode_area,
            equilibrium_constant=batch.equilibrium_constant,
            faradaic_efficiency=batch.faradaic_efficiency, ketone_loss=batch.ketone_loss,
            anode_potential=batch.anode_potential, cathode_potential=batch.cathode_potential,
            gap=gap, conductivity=conductivity, temperature=batch.temperature,
            condenser_temperature=condenser_temperature, solubility=batch.solubility,
            heat_of_solution=batch.heat_of_solution,
        )
    )  # fmt: skip
    plant.connect(a.out, unit.feed, "feed")
    return plant


def air_stripper(
    run: BatchRun, *, stages: int, gas: float = 1.0, time: float | None = None, vessels: float = 1.0
) -> Flowsheet:
    """An `AirStripper` for the liquor of a stripping batch: counter-current, adiabatic.

    Args:
        run: the batch.
        stages: equilibrium stages; 1 is a stirred tank.
        gas: its gas flow over that of the batch.
        time: in which one charge is fed, s; else that of the batch.
        vessels: batch vessels that it replaces.

    Raises:
        SpecError: no stripping batch, salting-out (the unit has none), or a number that is none.
    """
    batch: Any = run.inputs
    if not isinstance(batch, (StrippingIntoAcid, StrippingIntoSolvent)):
        raise SpecError(f"{run.name}: an AirStripper stands for a stripping batch only.")
    if batch.salting:
        raise SpecError(
            f"{run.name}: AirStripper leaves salting-out out; run the batch with salting = 0 to compare."
        )
    rate, T = _flow(run, time, vessels), batch.temperature
    n = {s: rate * float(run.columns[f"n(liquor.{s})"][0]) for s in ("H2O", "K+", "NH3")}
    liquid = {"H2O": n["H2O"], "NH3": n["NH3"]} | ({"KOH": n["K+"]} if n["K+"] > 0 else {})
    plant = Flowsheet("continuous stripper")
    a = plant.add(Feed("liquor", "aqueous", liquid, temperature=T, pressure=batch.pressure))
    dry = vessels * gas * batch.gas_flow * NORMAL
    wet = batch.humidity * water.saturation_pressure(T)
    argon = {"Ar": dry} | ({"H2O": dry * wet / (batch.pressure - wet)} if wet > 0 else {})
    b = plant.add(Feed("gas", "gas", argon, temperature=T, pressure=batch.pressure))
    unit = plant.add(AirStripper("stripper", stages=stages))
    plant.connect(a.out, unit.liquid, "liquor")
    plant.connect(b.out, unit.gas, "gas")
    return plant
