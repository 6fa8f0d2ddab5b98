"""Plants from scattered starts, and at other sizes."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from noxplant import Solution, routes
from noxplant.testing import assert_same

pytestmark = pytest.mark.route
ROUTE = "nitrate-to-hydrazine"
ROUTES = (ROUTE, "air-to-ammonium-sulfate", "air-to-hydrazine")
SCATTERED = (*ROUTES, "hydrogen-to-ammonia")
SCALED = (*SCATTERED, "ammonia-to-nitric-acid")
"""The two columns of the acid plant, joined by gas and acid, do not start from everywhere."""
LIMIT = 80_000
"""Iterations; few scattered starts take more than the 20,000 that a solve is given by default."""


@cache
def base(route: str = ROUTE) -> Solution:
    return routes.load(route).solve()


def from_scattered_start(route: str, seed: int) -> None:
    """All starts and nominals times log-uniform factors in [1/10, 10], temperatures anywhere."""
    rng = np.random.default_rng(seed)
    again = routes.load(route).solve(rng=rng, iteration_limit=LIMIT)
    assert_same(base(route), again, rel=1e-8)


@pytest.mark.parametrize("route", SCATTERED)
@pytest.mark.parametrize("seed", range(3))
def test_scattered_start_leads_to_the_same_plant(route: str, seed: int) -> None:
    from_scattered_start(route, seed)


@pytest.mark.slow
@pytest.mark.parametrize("route", SCATTERED)
@pytest.mark.parametrize("seed", range(3, 100))
def test_all_scattered_starts_lead_to_the_same_plant(route: str, seed: int) -> None:
    from_scattered_start(route, seed)


@pytest.mark.parametrize("route", SCALED)
@pytest.mark.parametrize("factor", [1e-5, 0.37, 1e3])
def test_scale_does_not_matter(route: str, factor: float) -> None:
    one, other = base(route), routes.load(route).scaled(factor).solve()
    assert_same(one, other, rel=1e-7, factor=factor)
    assert abs(one.solver["newton_iterations"] - other.solver["newton_iterations"]) <= 2
    assert other.solver["bound_violation"] <= 1e-9
