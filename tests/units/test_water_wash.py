import pytest

from noxplant.crystallisation import benzophenone_in_water
from noxplant.errors import Refusal
from noxplant.examples.crystals import water_wash
from noxplant.testing import check_unit


def changed(**amounts):
    plant = water_wash()
    for key, value in amounts.items():
        plant.units["water"].give("amount", {key: value})
    return plant


def parts(s):
    return (s.stream_results[f"U.{p}"] for p in ("cake", "wash_out", "organic_out"))


def test_contract():
    check_unit(water_wash)


def test_displacement():
    s = water_wash().solve()
    cake, out, _ = parts(s)
    r = s["U.residual"]
    assert r == pytest.approx(0.3 ** s["U.wash_volumes"], rel=1e-9)
    assert cake.totals["K+"] == pytest.approx(r * 0.02, rel=1e-9)
    assert cake.totals["acetonitrile"] == pytest.approx(r * 2.4, rel=1e-9)
    assert out.totals["PF6-"] == pytest.approx((1 - r) * 0.02, rel=1e-9)
    assert s["U.hexafluorophosphate"] == pytest.approx(
        r * 0.02 * 144.964 / (1.003 * 360.45), rel=1e-4
    )


def test_azine_precipitates_and_imine_hydrolyses():
    s = water_wash().solve()
    cake, _, oil = parts(s)
    r = s["U.residual"]
    assert cake.flows["benzophenone azine(s)"] == pytest.approx(1.003, rel=1e-9)
    assert oil.flows["benzophenone imine"] == pytest.approx((1 - r) * 0.005, rel=1e-9)
    assert cake.totals["N(-3)"] == pytest.approx(r * (0.005 + 0.005), rel=1e-9)
    assert cake.totals["benzophenone"] == pytest.approx(r * (0.02 + 0.005), rel=1e-9)
    assert oil.flows["benzhydrol"] == pytest.approx(0.001, rel=1e-9)
    assert "benzophenone azine" not in oil.flows


def test_spent_wash_is_saturated_with_benzophenone():
    s = water_wash().solve()
    _, out, _ = parts(s)
    expected = benzophenone_in_water(out.temperature) * 30.0 * 0.01801528
    assert out.totals["benzophenone"] == pytest.approx(expected, rel=1e-6)


def test_more_water_leaves_less():
    assert changed(H2O=45.0).solve()["U.residual"] < water_wash().solve()["U.residual"]


def test_too_little_water():
    plant = changed(H2O=10.0)
    plant.units["U"].give("held_liquor", 1.0)
    with pytest.raises(Refusal, match="does not suffice to fill the cake"):
        plant.solve()


def test_solvent_left_fills_the_cake():
    plant = changed(H2O=2.0)
    plant.units["U"].give("held_liquor", 0.05)
    with pytest.raises(Refusal, match="keeps more organic liquor than it is to hold"):
        plant.solve()
