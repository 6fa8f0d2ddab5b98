"""Dew points and flashes beside a miscibility gap: of several liquids the one that appears first."""

import numpy as np
import pytest

from noxplant.errors import Refusal, SpeciesError
from noxplant.thermo.vle import Mixture

ATM = 101325.0


@pytest.fixture(scope="module")
def still():
    return Mixture(["H2O", "butanone"])


def beside(still, x):
    """Water-rich liquid that does not part, its boiling point [K] and its vapour."""
    liquid = {"H2O": x, "butanone": 1 - x}
    T = still.bubble_temperature(liquid, ATM)
    p = still.partial_pressures(liquid, T)
    return liquid, T, {i: v / sum(p.values()) for i, v in p.items()}


@pytest.mark.parametrize("x", [0.94, 0.944, 0.947, 0.96])
def test_dew_point_of_the_vapour_of_a_stable_liquid(still, x):
    """The vapour over a liquid condenses where the liquid boils; another incipient liquid is 1 K lower."""
    liquid, T, y = beside(still, x)
    assert not still.parts(liquid, T)
    assert still.dew_temperature(y, ATM) == pytest.approx(T, abs=1e-8)
    assert still.dew_pressure(y, T) == pytest.approx(ATM, rel=1e-9)


@pytest.mark.parametrize("x", [0.94, 0.947])
def test_flash_around_that_dew_point(still, x):
    """Just below it the first drop is the water-rich liquid, not a refusal; above, the saturation tells."""
    _, T, y = beside(still, x)
    drop = still.flash(y, T - 0.01, ATM)
    assert 0.999 < drop.vapour_fraction < 1.0
    assert drop.liquid["H2O"] == pytest.approx(x, abs=1e-3)
    above = still.flash(y, T + 0.01, ATM)
    assert above.vapour_fraction == 1.0
    assert above.saturation == pytest.approx(ATM / still.dew_pressure(y, T + 0.01), rel=1e-9)
    assert 0.999 < above.saturation < 1.0
    assert above.liquid["H2O"] == pytest.approx(x, abs=1e-3)


def test_flash_of_an_array_as_of_its_states(still):
    _, T, y = beside(still, 0.944)
    temperatures = T + np.array([-0.1, -0.01, 0.05, 3.0])
    many = still.flash(y, temperatures, ATM)
    for k, t in enumerate(temperatures):
        one = still.flash(y, float(t), ATM)
        assert many.vapour_fraction[k] == pytest.approx(one.vapour_fraction, abs=1e-9)
        assert many.saturation[k] == pytest.approx(one.saturation, rel=1e-9)


def test_two_liquids_are_still_refused(still):
    with pytest.raises(Refusal, match="parts in two"):
        still.flash({"H2O": 0.7, "butanone": 0.3}, 345.0, ATM)


def test_no_states_and_lists(still):
    none = {"H2O": np.array([]), "butanone": np.array([])}
    assert still.bubble_pressure(none, 340.0).shape == (0,)
    assert still.dew_temperature(none, ATM).shape == (0,)
    assert still.flash(none, 340.0, ATM).vapour_fraction.shape == (0,)
    both = still.bubble_pressure({"H2O": [0.97, 0.98], "butanone": [0.03, 0.02]}, 340.0)
    assert both[1] == pytest.approx(
        still.bubble_pressure({"H2O": 0.98, "butanone": 0.02}, 340.0), rel=1e-12
    )


def test_components_are_named_once():
    with pytest.raises(SpeciesError, match="at least one component"):
        Mixture([])
    with pytest.raises(SpeciesError, match="repeated: H2O"):
        Mixture(["H2O", "H2O"])
