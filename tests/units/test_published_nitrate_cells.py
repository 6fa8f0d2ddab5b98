"""Published cells of the ammonia note (electrolyser_validation.csv): rate, current and efficiency.

Complete in these three are seven rows; no readable page gives a cell voltage with them, so charge is
validated here and polarisation is not.
"""

import numpy as np
import pytest

from noxplant.constants import FARADAY
from noxplant.electrolysis import polarisation
from noxplant.electrolysis.polarisation import Polarisation

ROWS = {
    # system: electrons, j [A/cm2], FE, rate reported, rate by charge [mmol/h/cm2]
    "CuCo nanosheet, Fang 2022": (8, 1.035, 1.0, 4.8, 4.827),
    "PEM-MEA OD-Cu, Li 2023": (8, 0.4, 0.9, 1.6, 1.679),
    "membrane-free, Chen 2023": (8, 4.994, 0.845, None, 19.682),
    "MEA plain Cu, Delft": (8, 0.3956, 0.91, None, 1.679),
    "Au-Cu nanowires, Zha 2023": (8, 0.07988, 0.841, 0.3133, 0.3133),
    "Cu/TiO2@Cu, Chavez": (8, 0.0999, 0.97, 0.45, 0.4521),
    "plasma NOx, Ni(OH)x/Cu, Liu 2024": (6, 0.5244, 0.92, 3.0, 3.0),
    "Ru-CuNW, Chen 2022": (8, 1.035, 0.93, 4.49, 4.501),
}


def row(j, fe, rate):
    one = np.array([np.nan])
    return Polarisation(
        np.array([-0.2]), np.array([1e4 * j]), {"NH3": np.array([fe])}, temperature=one,
        rate={} if rate is None else {"NH3": np.array([rate / 360])},
    )  # fmt: skip


@pytest.mark.parametrize("name", ROWS)
def test_charge(name):
    n, j, fe, reported, computed = ROWS[name]
    assert 1e4 * j * fe / (n * FARADAY) * 360 == pytest.approx(computed, rel=3e-3)
    assert polarisation.lint(row(j, fe, reported), {"NH3": float(n)}) == ()


def test_eight_electrons_for_a_six_electron_row_are_told():
    # The plasma liquor row is of nitrite; counted from nitrate it contradicts itself.
    n, j, fe, reported, _ = ROWS["plasma NOx, Ni(OH)x/Cu, Liu 2024"]
    assert n == 6
    (note,) = polarisation.lint(row(j, fe, reported))
    assert "not of 8 electrons" in note
