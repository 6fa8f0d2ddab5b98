"""Shared by the tests of the routes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import ModuleType

import pytest

from noxplant import Flowsheet, Solution, routes
from noxplant.basis import Basis

ROUTE = "nitrate-to-hydrazine"
AREA = 258.0
"""m2, close to what 1 t/day takes."""
Make = Callable[..., Flowsheet]


@pytest.fixture(scope="session")
def hydrazine_route() -> routes.Route:
    return routes.find(ROUTE)


@pytest.fixture(scope="session")
def hydrazine(hydrazine_route: routes.Route) -> Solution:
    """The default plant, solved from cold."""
    return routes.load(hydrazine_route).solve()


@pytest.fixture(scope="session")
def published(hydrazine_route: routes.Route) -> Solution:
    return routes.load(hydrazine_route, "as-published").solve()


@pytest.fixture(scope="session")
def make(hydrazine_route: routes.Route) -> Make:
    """Build the plant with other numbers of its basis, at given production or given area."""

    def build(values: Mapping[str, float] | None = None, *, area: bool = False) -> Flowsheet:
        code, basis = routes.module(hydrazine_route), hydrazine_route.basis()
        numbers = {"E-101.area": AREA} if area else {}
        if area:
            del code.DESIGN["X-301.hydrazine"]  # type: ignore[attr-defined]
        plant: Flowsheet = code.build(basis.override({**numbers, **(values or {})}))
        return plant

    return build


@pytest.fixture(scope="session")
def at_area(make: Make) -> Solution:
    """The default plant at a given electrode area."""
    return make(area=True).solve()


@pytest.fixture
def sections(hydrazine_route: routes.Route) -> Callable[..., tuple[Flowsheet, ModuleType, Basis]]:
    """Some section functions of the plant on a flowsheet of their own, nothing joined yet."""

    def build(*names: str) -> tuple[Flowsheet, ModuleType, Basis]:
        code, basis, plant = (
            routes.module(hydrazine_route),
            hydrazine_route.basis(),
            Flowsheet("loop"),
        )
        for name in names:
            getattr(code, name)(plant, basis)
        return plant, code, basis

    return build
