"""Benzophenone recycle."""

from __future__ import annotations

import pytest

from noxplant import azine
from noxplant.errors import ModelError, Refusal
from noxplant.examples.organic import dpk_recycle
from noxplant.flowsheet.graph import Flowsheet
from noxplant.testing import check_unit
from noxplant.units.dpk_recycle import DPKRecycle
from noxplant.units.feed import Feed


def plant(
    back: dict[str, float], make_up: float, phi: float, key: str = "benzophenone", T: float = 335.0
) -> Flowsheet:
    flowsheet = Flowsheet("recycle")
    a = flowsheet.add(Feed("returned", "organic", back, temperature=T))
    b = flowsheet.add(Feed("fresh", "organic", {key: make_up}, temperature=T))
    unit = flowsheet.add(DPKRecycle("U", purge_fraction=phi))
    flowsheet.connect(a.out, unit.returned, "back")
    flowsheet.connect(b.out, unit.make_up, "fresh in")
    return flowsheet


def test_contract() -> None:
    check_unit(dpk_recycle)


def test_steady_state() -> None:
    """One cycle of loss and impurity, purge and make-up, gives back what was sent out."""
    lam, g, xm = 0.01, 0.002, 0.05
    back = {"benzophenone": 1 - xm - lam - g, "benzhydrol": xm + g}
    phi = g / (xm + g)
    fresh = lam + g + phi * back["benzophenone"]
    solution = plant(back, fresh, phi).solve()
    out = solution.stream_results["U.out"].flows
    assert out["benzhydrol"] == pytest.approx(xm, rel=1e-9)
    assert out["benzophenone"] == pytest.approx(1 - xm, rel=1e-9)
    assert phi == pytest.approx(azine.dpk_purge(g, xm), rel=0.05)
    assert fresh == pytest.approx(azine.dpk_make_up(lam, g, xm), rel=0.06)
    assert solution["U.impurity"] == pytest.approx((xm + g) / (1 - lam), rel=1e-9)


def test_more_purge_less_impurity() -> None:
    back = {"benzophenone": 1.0, "benzhydrol": 0.05}
    little, much = (plant(back, 0.1, phi).solve().stream_results["U.out"] for phi in (0.01, 0.2))
    assert much.flows["benzhydrol"] < little.flows["benzhydrol"]


def test_no_purge_with_benzhydrol() -> None:
    with pytest.raises(Refusal, match="builds up without limit"):
        plant({"benzophenone": 1.0, "benzhydrol": 0.01}, 0.1, 0.0).solve()


def test_no_purge_without_benzhydrol() -> None:
    solution = plant({"benzophenone": 1.0}, 0.1, 0.0).solve()
    assert solution["U.make_up_share"] == pytest.approx(0.1 / 1.1)


def test_frozen() -> None:
    with pytest.raises(Refusal, match="would freeze"):
        plant({"benzophenone": 1.0}, 0.1, 0.01, T=300.0).solve()


def test_no_ketone() -> None:
    with pytest.raises(ModelError, match="neither the return nor the make-up"):
        plant({"benzhydrol": 1.0}, 0.1, 0.1, key="methanol").solve()
