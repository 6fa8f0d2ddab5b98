"""Ctrl-C during a cold solve of a plant: model and specifications are as they were before it."""

import signal

import pyomo.environ as pyo
import pytest

from noxplant import routes
from noxsolve.newton import Newton

ROUTE = "nitrate-to-hydrazine"


def state(plant):
    """Value and fixedness of every variable."""
    every = plant.built.model.component_data_objects(pyo.Var)
    return {v.name: (v.value, v.fixed) for v in every}


@pytest.mark.parametrize("at", [3, 200, 480, 650])
def test_interrupted_plant_is_as_before_and_solves_after(at, monkeypatch):
    plant = routes.load(ROUTE)
    plant.build()
    before = state(plant)
    count, factorise = [0], Newton._factorise

    def interrupting(*arguments):
        count[0] += 1
        if count[0] == at:
            signal.raise_signal(signal.SIGINT)
        return factorise(*arguments)

    monkeypatch.setattr(Newton, "_factorise", interrupting)
    with pytest.raises(KeyboardInterrupt):
        plant.solve()
    monkeypatch.setattr(Newton, "_factorise", factorise)
    assert state(plant) == before
    if at == 650:  # on the way to the far design specifications
        assert plant.solve()["E-101.conversion[NO3-]"] == pytest.approx(0.6, rel=1e-12)
