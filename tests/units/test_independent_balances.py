"""A salt that stays whole gives one balance, not two."""

from __future__ import annotations

import pytest

from noxplant.flowsheet.graph import Flowsheet
from noxplant.units.feed import Feed
from noxplant.units.mixer import Mixer


def test_mixer_of_solvent_with_salt() -> None:
    plant = Flowsheet("salt in solvent")
    a = plant.add(Feed("a", "organic", {"acetonitrile": 10.0, "KPF6": 0.1}))
    b = plant.add(Feed("b", "organic", {"acetonitrile": 5.0, "KPF6": 0.2}))
    unit = plant.add(Mixer("U", "organic"))
    plant.connect(a.out, unit.feed[0], "one")
    plant.connect(b.out, unit.feed[1], "two")
    flows = plant.solve().stream_results["U.out"].flows
    assert flows["KPF6"] == pytest.approx(0.3)
    assert flows["acetonitrile"] == pytest.approx(15.0)
