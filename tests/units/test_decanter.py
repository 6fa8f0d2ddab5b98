import pytest

from noxplant.crystallisation import benzophenone_in_water
from noxplant.errors import Refusal
from noxplant.examples.crystals import decanter
from noxplant.testing import check_unit


def changed(T=None, **specs):
    plant = decanter()
    for key, value in specs.items():
        plant.units["U"].give(key, value)
    if T is not None:
        for name in ("liquor", "oil"):
            plant.units[name].give("temperature", T)
    return plant


def aqueous(s):
    return s.stream_results["U.aqueous_out"]


def test_contract():
    s = check_unit(decanter)
    assert s["U.returned"] > 0.99


def test_saturated_without_droplets():
    s = changed(entrained=0.0, salting=0.0, T=343.15).solve()
    kg = 130.0 * 0.01801528
    expected = benzophenone_in_water(aqueous(s).temperature) * kg
    assert aqueous(s).totals["benzophenone"] == pytest.approx(expected, rel=1e-9)
    assert s["U.returned"] == pytest.approx(1 - expected / 2.0, rel=1e-9)


def test_salt_drives_benzophenone_out():
    found = [changed(salting=k).solve()["U.solubility"] for k in (0.0, 0.2, 0.4)]
    assert found[0] > found[1] > found[2]
    assert found[1] / found[0] == pytest.approx(found[2] / found[1], rel=1e-3)


def test_coalescer_takes_its_share():
    s = changed(entrained=0.01, caught=0.75).solve()
    drops = 0.01 * (2.0 - s["U.dissolved"])
    caught = s.stream_results["U.coalesced"].flows
    assert caught["benzophenone"] == pytest.approx(0.75 * drops, rel=1e-9)
    assert caught["benzophenone azine"] == pytest.approx(1e-5, rel=1e-9)
    left = aqueous(s).totals["benzophenone"]
    assert left == pytest.approx(s["U.dissolved"] + 0.25 * drops, rel=1e-9)


def test_hotter_dissolves_more():
    assert changed(T=365.0).solve()["U.dissolved"] > changed(T=335.0).solve()["U.dissolved"]


def test_freezing():
    with pytest.raises(Refusal, match="solidifies below 321.65 K"):
        changed(T=313.15).solve()


def test_hydrazine_stays_in_the_water():
    s = decanter().solve()
    assert aqueous(s).totals["N(-2)"] == pytest.approx(1.4, rel=1e-9)
