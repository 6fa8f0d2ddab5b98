"""The main plant from scattered starts, and at other sizes."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from noxplant import Solution, routes
from noxplant.testing import assert_same

pytestmark = pytest.mark.route
ROUTE = "nitrate-to-hydrazine"


@cache
def base() -> Solution:
    return routes.load(ROUTE).solve()


def from_scattered_start(seed: int) -> None:
    """All starts and nominals times log-uniform factors in [1/10, 10], temperatures anywhere."""
    again = routes.load(ROUTE).solve(rng=np.random.default_rng(seed))
    assert_same(base(), again, rel=1e-8)


@pytest.mark.parametrize("seed", range(3))
def test_scattered_start_leads_to_the_same_plant(seed: int) -> None:
    from_scattered_start(seed)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3, 100))
def test_all_scattered_starts_lead_to_the_same_plant(seed: int) -> None:
    from_scattered_start(seed)


@pytest.mark.parametrize("factor", [1e-5, 1e-2, 1e3])
def test_scale_does_not_matter(factor: float) -> None:
    other = routes.load(ROUTE).scaled(factor).solve()
    assert_same(base(), other, rel=1e-7, factor=factor)
    assert abs(base().solver["newton_iterations"] - other.solver["newton_iterations"]) <= 2
    assert other.solver["bound_violation"] <= 1e-9
