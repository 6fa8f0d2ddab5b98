"""Many operating points of the shipped plants."""

from __future__ import annotations

import numpy as np
import pytest

from noxplant import routes


@pytest.mark.route
@pytest.mark.parametrize(
    ("route", "given"),
    [
        ("nitrate-to-hydrazine", {"E-101.temperature": 1.0, "E-201.mass_transfer": 0.05}),
        ("air-to-hydrazine", {"E-101.temperature": 1.0, "Q-001.frozen_fraction": 0.01}),
        ("air-to-ammonium-sulfate", {"T-001.pair_efficiency": 0.01, "Q-001.frozen_fraction": 0.01}),
    ],
)
def test_routes(route: str, given: dict[str, float]) -> None:
    """Vector Newton solves small changes of the shipped plants as `solve` does, audits included."""
    plant = routes.load(route)
    base = plant.solve()
    figure = next(iter(base.headline))
    inputs = {}
    for at, (path, width) in enumerate(given.items()):
        value = plant.value(path)
        assert value is not None
        size = width if value > 200 else width * value
        inputs[path] = value + size * np.array([0.0, 1.0, -1.0])[[0, 1 + at, 2 - at]]
    outputs = [k for k, q in base.quantities.items() if q.kind in ("heat", "work")]
    data = plant.solve_many(inputs, outputs=[*outputs, figure], executor="numpy")
    assert set(data.method) == {"newton"}
    assert data.solved.all(), data.message
    for path, values in inputs.items():
        plant.set(path, float(values[1]))
    other = plant.solve()
    for k in outputs:
        assert data[k][0] == pytest.approx(base[k], rel=1e-7, abs=1e-3)
        assert data[k][1] == pytest.approx(other[k], rel=1e-7, abs=1e-3)
    assert data[figure][1] == pytest.approx(other.headline[figure][0], rel=1e-8)
