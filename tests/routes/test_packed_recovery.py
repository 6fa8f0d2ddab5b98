"""Air to ammonium sulfate with packed columns in place of equilibrium stages, by swapping classes."""

from __future__ import annotations

import pytest

from noxplant import routes
from noxplant.units.acid_trap import AcidTrap
from noxplant.units.packed_acid_trap import PackedAcidTrap
from noxplant.units.packed_air_stripper import PackedAirStripper

ROUTE = "air-to-ammonium-sulfate"
SECTION = 0.42


def packed_stripper(name, *, stages, **given):
    return PackedAirStripper(
        name, packing="plastic Pall rings 50 mm", cells=20, height=11.0, section=SECTION,
        relative_viscosity=1.6,
    )  # fmt: skip


def packed_trap(name, *, stages, **given):
    if name != "T-201":
        return AcidTrap(name, stages=stages, **given)
    return PackedAcidTrap(
        name, packing="plastic Intalox saddles 50 mm", cells=24, height=11.0, section=SECTION,
        relative_viscosity=2.5,
    )  # fmt: skip


@pytest.mark.slow
@pytest.mark.route
@pytest.mark.parametrize("both", [False, True])
def test_packed_columns_in_the_loop(monkeypatch, both):
    staged = routes.load(ROUTE).solve()
    code = routes.module(routes.find(ROUTE))
    monkeypatch.setattr(code, "AirStripper", packed_stripper)
    if both:
        monkeypatch.setattr(code, "AcidTrap", packed_trap)
    monkeypatch.setattr(routes, "module", lambda route: code)
    packed = routes.load(ROUTE).solve()
    # 11 m of packing do what 12 stages do: 11 or 12 transfer units, below flooding.
    assert packed["C-101.removal"] == pytest.approx(0.995)
    assert 10 < packed["C-101.transfer_units"] < 13
    assert max(packed[f"C-101.flooding[{end}]"] for end in ("top", "bottom")) < 0.7
    if both:
        # The trap's slip returns to the stripper: its gas film must have its 8 to 9 transfer units.
        assert packed["T-201.capture"] == pytest.approx(staged["T-201.capture"], abs=3e-4)
        assert packed["T-201.transfer_units"] > 8
    blower = "electricity of the stripping blower per kg N in product"
    assert packed.headline[blower][0] == pytest.approx(staged.headline[blower][0], rel=0.1)
    total = "electricity, all consumers, per kg N in product"
    assert packed.headline[total][0] == pytest.approx(staged.headline[total][0], rel=1e-3)
