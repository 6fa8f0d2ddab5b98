"""Value of the hydrazine note that no unit's own test holds: solution per hydrazine."""

from __future__ import annotations

import pytest

from noxplant import azine
from noxplant.species import molar_mass


def test_solution_per_hydrazine() -> None:
    """Note 3.4 (1): 624.1 L of 0.1 mol/L ammonia per kg N2H4 at full conversion."""
    batch = azine.azine_batch(100.0, 0.985, 0.956, 4.1, 36000.0)  # a cubic metre
    whole = batch.azine / 0.985 * molar_mass("N2H4")
    assert 1e3 / whole == pytest.approx(624.1, abs=0.1)
