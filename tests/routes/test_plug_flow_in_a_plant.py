"""The nitrate cell of a plant with kinetics in its place: only the class is swapped."""

from itertools import pairwise

import pytest

from noxplant import routes
from noxplant.electrolysis import short_name
from noxplant.species import Reaction
from noxplant.units.plug_flow_cell import ANODE, PlugFlowCell

LINES = {
    # Made up: direct reduction is the main way, as the efficiencies of the basis have it.
    "NO3- -> NH3": (100.0, 0.0, 0.12, 4e4),
    "NO3- -> NO2-": (10.0, 0.05, 0.12, 4e4),
    "NO2- -> NH3": (30.0, 0.0, 0.12, 4e4),
    "H2O -> H2": (0.3, 0.0, 0.12, 4e4),
    "H2O -> O2": (1e-4, 1.229, 0.05, 4e4),
}
NAMES = ("reference_current", "reference_potential", "tafel_slope", "activation_energy")


def rigorous(name, *, cathode, **given):
    """A plug-flow cell with the ports and the plant data of the specified one."""
    reactions = [short_name(Reaction.parse(t)) for t in (*cathode, *ANODE)]
    kept = ("area", "current_density", "cells", "temperature", "water_drag")
    lines = {k: {r: LINES[r][n] for r in reactions} for n, k in enumerate(NAMES)}
    return PlugFlowCell(
        name, segments=5, cathode=cathode, mass_transfer={"cathode": given["mass_transfer"]},
        membrane_resistance=1.5e-4, cathode_gap=1e-3, anode_gap=1e-3, bubble_slip=10.0,
        ammonia_permeance=0.0, **{k: given[k] for k in kept}, **lines,
    )  # fmt: skip


@pytest.mark.route
def test_a_plant_with_the_rigorous_cell(monkeypatch):
    route = routes.find("nitrate-to-hydrazine")
    minimal = routes.load(route).solve()
    code = routes.module(route)
    monkeypatch.setattr(routes, "module", lambda _: code)
    monkeypatch.setattr(code, "SpecifiedCell", rigorous)
    # What nitrite is reduced follows from kinetics now: the design fixes it by a rate.
    swap = {"E-101.faradaic_efficiency[NO2- -> NH3]": "E-101.reference_current[NO2- -> NH3]"}
    design = {fixed: swap.get(freed, freed) for fixed, freed in code.DESIGN.items()}
    monkeypatch.setattr(code, "DESIGN", design)
    plant = code.build(route.basis(None))
    solution = plant.solve()
    cell = plant.units["E-101"]
    assert isinstance(cell, PlugFlowCell)
    # The plant makes what it is designed for, at the same conversions per pass.
    for path in ("X-301.hydrazine", "E-101.conversion[NO3-]", "E-101.conversion[N(3)]"):
        assert solution[path] == pytest.approx(minimal[path], rel=1e-8), path
    # Voltage and efficiencies are computed; they need not be those given to the minimal cell.
    share = {r: solution[f"E-101.charge_share[{r}]"] for r in LINES}
    assert 0 < share["H2O -> H2"] < 0.2
    assert sum(v for r, v in share.items() if r != "H2O -> O2") == pytest.approx(1.0)
    assert 1.5 < solution["E-101.voltage"] < 4.0
    # The current falls along the channel as the nitrate is used up.
    profile = [solution[f"E-101.local_current_density[{n}]"] for n in range(1, 6)]
    assert all(a > b for a, b in pairwise(profile))
