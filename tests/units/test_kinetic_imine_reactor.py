"""Imine reactor with a rate: closed form of one tank, SciPy's integration of plug flow, equilibrium."""

from __future__ import annotations

import math
from typing import Any

import pytest
from scipy.integrate import solve_ivp

from noxplant import azine
from noxplant.errors import ModelError, Refusal, SolveError, SpecError
from noxplant.flowsheet.graph import Flowsheet
from noxplant.units.feed import Feed
from noxplant.units.imine_reactor import ImineReactor
from noxplant.units.kinetic_imine_reactor import KineticImineReactor

T = 298.15


def plant(
    unit: Any, ratio: float = 1.0, water: float = 0.0, imine: float = 0.0, ammonia: float = 1.0
) -> Flowsheet:
    flowsheet = Flowsheet("reactor")
    fed = {"acetonitrile": 180.0, "NH3": ammonia, "H2O": water, "benzophenone imine": imine}
    a = flowsheet.add(Feed("solvent", "organic", {k: n for k, n in fed.items() if n}))
    b = flowsheet.add(Feed("ketone", "organic", {"benzophenone": ratio}))
    flowsheet.add(unit)
    flowsheet.connect(a.out, unit.solvent, "solvent in")
    flowsheet.connect(b.out, unit.ketone, "ketone in")
    return flowsheet


def kinetic(K: float, k: float, volume: float, tanks: int = 1, **given: Any) -> KineticImineReactor:
    return KineticImineReactor(
        "U", temperature=T, equilibrium_constant=K, rate_constant=k, volume=volume, tanks=tanks,
        utility="refrigeration", **given,
    )  # fmt: skip


@pytest.mark.oracle
@pytest.mark.parametrize(("K", "water"), [(1.0, 0.0), (10.0, 2.0), (1000.0, 5.0)])
def test_one_tank_is_the_root_of_a_quadratic(K: float, water: float) -> None:
    """m v2 = k V ((1 - m)(r - m) - m (w + m)/K), per mol of ammonia."""
    k, volume, ratio = 1e-5, 40.0, 1.3
    s = plant(kinetic(K, k, volume), ratio, water).solve()
    flow = volume / s["U.residence_time"]
    q = flow * flow / (k * volume)
    a, b, c = 1 - 1 / K, -(1 + ratio + water / K + q), ratio
    m = (-b - math.sqrt(b * b - 4 * a * c)) / (2 * a) if a else -c / b
    assert s["U.imine_fraction"] == pytest.approx(m, rel=1e-9)


@pytest.mark.oracle
@pytest.mark.parametrize(("K", "ratio", "water"), [(10.0, 1.0, 0.0), (1000.0, 1.2, 3.0)])
def test_many_tanks_are_plug_flow(K: float, ratio: float, water: float) -> None:
    """SciPy's ODE of the batch; N tanks differ by O(1/N), so two numbers extrapolate to it."""
    k, volume = 1e-5, 20.0
    found = []
    for tanks in (10, 20, 40):
        s = plant(kinetic(K, k, volume, tanks), ratio, water).solve()
        found.append(s["U.imine_fraction"])
    tau = s["U.residence_time"]
    c0 = s["U.nitrogen_concentration"]

    def rate(_: float, m: list[float]) -> list[float]:
        forward = (1 - m[0]) * (ratio - m[0])
        return [k * c0 * (forward - m[0] * (water + m[0]) / K)]

    exact = solve_ivp(rate, (0, tau), [0.0], rtol=1e-11, atol=1e-13).y[0][-1]
    assert found == sorted(found)
    assert abs(found[2] - exact) < 0.6 * abs(found[1] - exact)
    # Volume of mixing is nil here, but the molar volumes change a little: 0.2 %.
    assert 2 * found[2] - found[1] == pytest.approx(exact, rel=3e-3)


@pytest.mark.parametrize("K", [1.0, 10.0, 1000.0])
def test_long_residence_is_the_reactor_at_equilibrium(K: float) -> None:
    same = ImineReactor("U", temperature=T, equilibrium_constant=K, utility="refrigeration",
                        approach=1.0)  # fmt: skip
    goal = plant(same, 1.2, 1.0)
    goal.set("U.allowed_water", 1e4)
    goal = goal.solve()
    found = plant(kinetic(K, 1e-5, 1e8, 2), 1.2, 1.0).solve()
    assert found["U.imine_fraction"] == pytest.approx(goal["U.imine_fraction"], rel=1e-5)
    assert found["U.approach"] == pytest.approx(1.0, abs=1e-3)
    assert found["U.duty"] == pytest.approx(goal["U.duty"], rel=1e-4)
    assert found["U.imine_fraction"] == pytest.approx(azine.imine_fraction(K, 1.2, 1.0), rel=1e-5)


def test_shorter_and_slower_make_less() -> None:
    base = plant(kinetic(1000.0, 1e-5, 20.0, 2)).solve()["U.imine_fraction"]
    slower = plant(kinetic(1000.0, 5e-6, 20.0, 2)).solve()["U.imine_fraction"]
    shorter = plant(kinetic(1000.0, 1e-5, 10.0, 2)).solve()["U.imine_fraction"]
    assert slower == pytest.approx(shorter, rel=1e-9)  # only k tau counts
    assert slower < base


def test_small_rates_are_first_order_in_time() -> None:
    """Far from equilibrium and from exhaustion: extent = k V c_ketone c_NH3."""
    s = plant(kinetic(1000.0, 1e-9, 20.0)).solve()
    flow = 20.0 / s["U.residence_time"]
    assert s["U.extent"] == pytest.approx(1e-9 * 20.0 / flow**2, rel=1e-3)


def test_design_for_a_conversion() -> None:
    flowsheet = plant(kinetic(1000.0, 1e-5, 20.0, 5), 1.2)
    flowsheet.exchange("U.imine_fraction", 0.9, freed="U.volume")
    s = flowsheet.solve()
    assert s["U.imine_fraction"] == pytest.approx(0.9)
    assert s["U.extent"] == pytest.approx(0.9)


def test_a_conversion_beyond_equilibrium_is_not_reached() -> None:
    flowsheet = plant(kinetic(10.0, 1e-5, 20.0))
    flowsheet.exchange("U.imine_fraction", 0.80, freed="U.volume")
    words = r"solvable up to .*U.imine_fraction = 0\.7597"  # sqrt(K)/(1 + sqrt(K))
    with pytest.raises(SolveError, match=words):
        flowsheet.solve()


def test_wet_feed_with_imine_is_refused() -> None:
    with pytest.raises(Refusal, match="would hydrolyse .* mol/s of imine. Dry the solvent"):
        plant(kinetic(1.0, 1e-5, 20.0), 0.2, 30.0, imine=1.0, ammonia=0.1).solve()


def test_words() -> None:
    with pytest.raises(ModelError, match="tanks = 0"):
        kinetic(10.0, 1e-5, 20.0, 0)
    with pytest.raises(SpecError, match="rate_constant"):
        kinetic(10.0, 0.0, 20.0)
    flowsheet = plant(kinetic(10.0, 1e-5, 20.0), ammonia=0.0)
    with pytest.raises(ModelError, match="no NH3 reaches the imine reactor"):
        flowsheet.solve()
