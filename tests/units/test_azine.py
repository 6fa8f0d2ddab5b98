"""Closed forms of the azine route against the numbers of the physics note."""

from __future__ import annotations

import pytest

from noxplant import azine
from noxplant.errors import SpecError


def test_batch_of_the_paper() -> None:
    batch = azine.azine_batch(1.5e-3, 0.985, 0.956, 4.1, 36000.0)
    assert batch.charge == pytest.approx(149.12, abs=0.01)
    assert batch.mean_current == pytest.approx(4.142e-3, abs=1e-6)
    assert batch.initial_current == pytest.approx(17.66e-3, abs=1e-5)
    assert batch.rate_constant == pytest.approx(1.1666e-4, abs=1e-8)
    assert batch.energy == pytest.approx(611, abs=1)
    assert batch.energy_per_hydrazine / 3.6e6 == pytest.approx(7.174, abs=1e-3)


# The note prints 0.012 for exp(-10.9 kJ/mol / RT) = 0.0123, with which its rows were computed.
@pytest.mark.parametrize(
    ("K", "dry", "double", "wet", "very_wet"),
    [
        (0.0123, 0.100, 0.141, 0.0012, 0.0002),
        (0.1, 0.240, 0.333, 0.010, 0.0013),
        (1.0, 0.500, 0.667, 0.083, 0.013),
        (10.0, 0.760, 0.921, 0.376, 0.105),
        (100.0, 0.909, 0.990, 0.722, 0.428),
        (1000.0, 0.969, 0.999, 0.901, 0.759),
    ],
)
def test_imine_table(K: float, dry: float, double: float, wet: float, very_wet: float) -> None:
    assert azine.imine_fraction(K) == pytest.approx(dry, abs=1e-3)
    assert azine.imine_fraction(K, ratio=2.0) == pytest.approx(double, abs=1e-3)
    assert azine.imine_fraction(K, water=10.0) == pytest.approx(wet, abs=1e-3)
    assert azine.imine_fraction(K, water=76.0) == pytest.approx(very_wet, abs=1e-3)


@pytest.mark.parametrize(
    ("K", "reached"),
    [(0.0123, 0.214), (0.1, 0.449), (1.0, 0.740), (10.0, 0.9054), (100.0, 0.962), (1000.0, 0.978)],
)
def test_batch_with_equilibrium(K: float, reached: float) -> None:
    assert azine.batch_conversion(K, 1.167e-4, 36000.0) == pytest.approx(reached, abs=2e-3)


def test_fitted_pair_gives_the_paper() -> None:
    assert azine.batch_conversion(1000.0, 1.30e-4, 36000.0) == pytest.approx(0.985, abs=2e-3)


def test_series_kinetics() -> None:
    for hours, k2 in ((10.0, 0.442), (10.0, 0.431), (10.0, 0.421)):
        k1 = {0.442: 5, 0.431: 10, 0.421: 100}[k2] * k2
        assert azine.series_conversion(k1, k2, hours) == pytest.approx(0.985, abs=1e-3)
    table = {1: 0.343, 2: 0.568, 4: 0.814, 6: 0.920, 8: 0.965}
    for hours, x in table.items():
        assert azine.series_conversion(1e5, 0.420, hours) == pytest.approx(x, abs=1e-3)


def test_tanks() -> None:
    assert azine.tanks_conversion(65.7, 1) == pytest.approx(0.985, abs=1e-4)
    assert azine.tanks_conversion(4.20, 100000) == pytest.approx(0.985, abs=1e-4)


def test_efficiency_anchors() -> None:
    assert azine.faradaic_efficiency(2.2) == pytest.approx(0.740, abs=5e-3)
    assert azine.faradaic_efficiency(2.0) == pytest.approx(0.950, abs=2e-3)
    assert azine.faradaic_efficiency(1.5) == pytest.approx(0.956, abs=1e-3)


def test_solubility_at_minus_20() -> None:
    s = azine.azine_solubility(100.0, 30000.0, 253.15)
    assert s / 100.0 == pytest.approx(0.12, abs=0.005)


def test_ketone_loop() -> None:
    assert azine.dpk_purge(0.002, 0.05) == pytest.approx(0.04)
    assert azine.dpk_impurity(0.002, 0.04) == pytest.approx(0.05)
    assert azine.dpk_make_up(0.01, 0.002, 0.05) == pytest.approx(0.050, abs=1e-9)
    assert azine.dpk_make_up(0.005, 0.001, 0.05) == pytest.approx(0.025, abs=1e-9)
    assert azine.dpk_make_up(0.01, 0.0, 0.0) == pytest.approx(0.01)
    assert azine.dpk_left(0.01, 5) == pytest.approx(0.951, abs=5e-4)


def test_ketone_loop_needs_an_outlet() -> None:
    with pytest.raises(SpecError, match="build up without limit"):
        azine.dpk_impurity(0.002, 0.0)
    with pytest.raises(SpecError, match="Allow a fraction above zero"):
        azine.dpk_make_up(0.01, 0.002, 0.0)
