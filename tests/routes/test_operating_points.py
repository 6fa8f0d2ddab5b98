"""Random operating points of the shipped plants: nearly all solve, the others are refused for cause."""

from __future__ import annotations

from pathlib import Path

import pytest

from noxplant.studies.draws import Draw, Study, run, table

pytestmark = pytest.mark.route
PAGE = Path(__file__).parents[2] / "docs" / "reference" / "refusals.md"
ROUTES = (
    "nitrate-to-hydrazine",
    "air-to-ammonium-sulfate",
    "air-to-hydrazine",
    "ammonia-to-nitric-acid",
    "hydrogen-to-ammonia",
)


def unconfirmed(draws: list[Draw]) -> list[tuple[int, str]]:
    return [(d.number, d.reason) for d in draws if not d.solved and not d.confirmed]


@pytest.mark.parametrize("route", ROUTES)
def test_twenty_draws(route: str) -> None:
    """Of twenty at least eighteen: at 95 % a nineteenth or twentieth may be refused by chance."""
    draws = run(Study(route, seed=1), 20)
    assert sum(d.solved for d in draws) >= 18
    assert unconfirmed(draws) == []


@pytest.mark.slow
@pytest.mark.parametrize("route", ROUTES)
def test_a_thousand_draws(route: str) -> None:
    draws = run(Study(route, seed=1), 1000)
    assert sum(d.solved for d in draws) >= 950
    assert unconfirmed(draws) == []
    page = PAGE.read_text("utf-8").partition(f"### {route}: 1000 draws")[2].partition("###")[0]
    counts = [row for row in table(route, draws).splitlines() if row.startswith("| ")]
    assert counts == [row for row in page.splitlines() if row.startswith("| ")]
