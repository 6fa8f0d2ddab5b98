"""Routes outside of what their data cover: refused with the reason."""

from __future__ import annotations

import pytest

from noxplant import Flowsheet, cli, routes
from noxplant.errors import NoxplantError, Refusal, SpecError
from noxplant.reports import tables
from noxplant.units.feed import Feed
from noxplant.units.recrystalliser import Recrystalliser

pytestmark = pytest.mark.route
SULFATE, MAIN = "air-to-ammonium-sulfate", "nitrate-to-hydrazine"
ARC = "P-001.arc_temperature"


@pytest.mark.parametrize("name", [SULFATE, "air-to-hydrazine"])
def test_the_pinch_of_the_run_is_that_of_the_headline(name: str) -> None:
    s = routes.load(name).solve()
    (line,) = tables.pinch_lines(s, si=True)
    rate = s["X-301.hydrazine"] if name != SULFATE else s["X-301.production"] * s["X-301.purity"]
    target = next(v for k, (v, _) in s.headline.items() if k.startswith("heat after maximum"))
    assert f"and {target * rate:.4g} W after" in line
    assert "without Q-001.duty" in line


def test_what_a_table_ties_is_neither_freed_nor_set() -> None:
    """What survives the quench follows the arc by a table; freed alone it would stay behind."""
    plant = routes.load(SULFATE)
    with pytest.raises(SpecError, match=f"{ARC} cannot be freed .* Q-001.frozen_fraction"):
        plant.exchange("Q-001.no_fraction", 0.045, ARC)
    with pytest.raises(SpecError, match=f"{ARC} cannot be freed or changed"):
        plant.set(ARC, 3100.0)
    plant.set(ARC, 3000.0)  # as it is


def test_set_makes_the_plant_anew_with_what_follows(capsys: pytest.CaptureFixture[str]) -> None:
    hot = routes.load(SULFATE, values={ARC: 3143.36})
    base = routes.load(SULFATE)
    assert hot.value("Q-001.frozen_fraction") < base.value("Q-001.frozen_fraction") - 0.03
    words = ["run", SULFATE, "--target", "Q-001.no_fraction=0.045", "--free", ARC]
    assert cli.main(words) == 2
    assert "cannot be freed" in capsys.readouterr().err


@pytest.mark.parametrize(("unit", "top"), [("C-201", "azeotrope"), ("D-201", "azeotrope")])
def test_an_azeotrope_of_one_atmosphere_is_not_used_elsewhere(unit: str, top: str) -> None:
    plant = routes.load(MAIN)
    plant.set(f"{unit}.pressure", 0.5e5)
    with pytest.raises(NoxplantError, match=f"{unit}: the {top} .* as at 1 atm"):
        plant.solve()


def liquor(acid: float) -> Flowsheet:
    plant = Flowsheet("p")
    fed = {"H2O": 55.508, "N2H4": 1.0, "H2SO4": acid}
    feed = plant.add(Feed("liquor", "aqueous", fed, temperature=330.0))
    unit = plant.add(Recrystalliser("K-1", salt="N2H6SO4(s)", temperature=278.15))
    plant.connect(feed.out, unit.feed, "hot liquor")
    return plant


def test_the_acid_sulfate_needs_acid() -> None:
    """Half a mole of acid per hydrazine makes (N2H5)2SO4, of which 2 mol/kg dissolve: no crystals."""
    with pytest.raises(Refusal, match=r"K-1: N2H6SO4\(s\) is an acid salt: .* would have pH [89]"):
        liquor(0.5).solve()
    s = liquor(1.0).solve()
    assert s["K-1.crystals"] > 0.5


def test_acid_short_of_the_salt_is_refused_in_the_plant() -> None:
    plant = routes.load(MAIN, values={"design.R-301.acid_ratio": 1.5})
    with pytest.raises(Refusal, match="N2H6SO4.* is an acid salt"):
        plant.solve()
