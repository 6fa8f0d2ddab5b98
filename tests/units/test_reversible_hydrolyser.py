"""Hydrolysis with its way back: equilibrium by root finding, plug flow by SciPy, the note's limit."""

from __future__ import annotations

import math
from typing import Any

import pytest
from scipy.integrate import solve_ivp
from scipy.optimize import brentq

from noxplant import hydrolysis
from noxplant.errors import ModelError, Refusal, SpecError
from noxplant.flowsheet.graph import Flowsheet
from noxplant.streams.speciation import settle
from noxplant.thermo import aqueous
from noxplant.units.feed import Feed
from noxplant.units.hydrolyser import Hydrolyser
from noxplant.units.reversible_hydrolyser import ReversibleHydrolyser

T = 363.15
HCL = {"H2O": 60.0, "HCl": 1.2}


def fed(unit: Any, acid: dict[str, float], **cake: float) -> Flowsheet:
    plant = Flowsheet("hydrolysis")
    held = {"benzophenone azine(s)": 1.0, "H2O": 6.0, **cake}
    a = plant.add(Feed("cake", "slurry", held))
    b = plant.add(Feed("acid", "aqueous", acid))
    plant.add(unit)
    plant.connect(a.out, unit.cake, "cake")
    plant.connect(b.out, unit.acid, "acid")
    return plant


def plant(acid: dict[str, float] | None = None, tanks: float = 1, **given: float) -> Flowsheet:
    base = {
        "rate_constant": 1e-3, "equilibrium_constant": 1e-2, "residence_time": 14400.0,
        "temperature": T,
    }  # fmt: skip
    unit = ReversibleHydrolyser("U", tanks=tanks, **{**base, **given})
    return fed(unit, acid or HCL)


def net(X: float, k: float, K: float, acid: dict[str, float]) -> float:
    """Rate dX/dt at a conversion in 1/s: speciation by bisection, activities by hand."""
    totals = {"H2O": acid["H2O"] + 6.0 - 2 * X, "N(-2)": X}
    totals["Cl-"] = acid["HCl"]
    truth, ph = settle(totals, T)
    kilograms = truth.flow["H2O"] * 0.0180153
    solutes = sum(n for s, n in truth.flow.items() if s != "H2O")
    water = math.exp(-0.0180153 * solutes / kilograms)
    x_ketone, x_azine = 2 * X / (1 + X), (1 - X) / (1 + X)
    back = x_ketone**2 * truth.flow["N2H4"] / kilograms / (K * water**2)
    return k * 10**-ph * (1 - X) * (1 - back / x_azine) if X < 1 else -1.0


@pytest.mark.oracle
@pytest.mark.parametrize("K", [1e-6, 1e-4, 1.0])
@pytest.mark.parametrize("acid", [1.2, 0.5])
def test_one_tank_by_root_finding(K: float, acid: float) -> None:
    held = {"H2O": 60.0, "HCl": acid}
    s = plant(held, equilibrium_constant=K).solve()
    X = brentq(lambda x: x - 14400.0 * net(x, 1e-3, K, held), 1e-9, 1 - 1e-9, xtol=1e-13)
    assert s["U.conversion"] == pytest.approx(X, rel=1e-5)


@pytest.mark.oracle
def test_many_tanks_are_plug_flow() -> None:
    """SciPy's ODE of the batch; the error of N tanks falls as 1/N."""
    exact = solve_ivp(
        lambda _, x: [net(x[0], 3e-4, 1e-5, HCL)], (0, 14400.0), [0.0], rtol=1e-8, atol=1e-10
    ).y[0][-1]
    found = [
        plant(tanks=n, rate_constant=3e-4, equilibrium_constant=1e-5).solve()["U.conversion"]
        for n in (4, 8, 16)
    ]
    assert found == sorted(found)
    assert abs(found[2] - exact) < 0.6 * abs(found[1] - exact)
    assert 2 * found[2] - found[1] == pytest.approx(exact, rel=3e-3)


@pytest.mark.oracle
@pytest.mark.parametrize("K", [1e-8, 1e-6, 1e-4])
def test_conversion_ends_at_k_times_ten_to_pka_less_ph(K: float) -> None:
    """Closed form of the note's limit: much acid, long time; pKa1 and pKa2 at the temperature."""
    s = plant({"H2O": 60.0, "HCl": 3.0}, rate_constant=1.0, equilibrium_constant=K,
              residence_time=1e10).solve()  # fmt: skip
    X, ph = s["U.conversion"], s["U.ph"]
    assert s["U.approach"] == pytest.approx(1.0, abs=1e-5)
    first, second = (math.exp(aqueous.ln_beta(n, T)) for n in ("N2H5+", "N2H6++"))
    protonated = 1 + first * 10**-ph + second * 10 ** (-2 * ph)
    f = s.stream_results["U.aqueous_out"].totals
    kilograms = f["H2O"] * 0.0180153
    # Solutes: chloride, hydrazine in all forms, and free H+.
    water = math.exp(-0.0180153 * (f["Cl-"] + X) / kilograms - 0.0180153 * 10**-ph)
    exact = hydrolysis.furthest(K, protonated, X / kilograms, water)
    assert s["U.conversion"] == pytest.approx(exact, rel=1e-4)
    assert hydrolysis.furthest(K, 1e12, 1.0) == pytest.approx(1.0, abs=1e-3)


def test_large_constant_and_steady_acid_is_the_hydrolyser() -> None:
    """Rigorous to minimal: nothing comes back and the pH is one; k of the minimal is k 10^-pH."""
    acid = {"H2O": 600.0, "H2SO4": 30.0}
    given = {"residence_time": 14400.0, "temperature": T}
    fine = fed(
        ReversibleHydrolyser(
            "U", tanks=5, rate_constant=1e-4, equilibrium_constant=1e6, **given
        ),
        acid,
    ).solve()  # fmt: skip
    k = 1e-4 * 10 ** -fine["U.ph"]
    coarse = fed(Hydrolyser("U", tanks=5.0, rate_constant=k, **given), acid).solve()
    assert fine["U.conversion"] == pytest.approx(coarse["U.conversion"], rel=0.01)
    assert 0.3 < coarse["U.conversion"] < 0.99
    assert fine["U.duty"] == pytest.approx(coarse["U.duty"], rel=0.01)


def test_masses_of_a_mole_of_azine() -> None:
    """Note 3.5 (1): 364.44 g benzophenone, 32.045 g N2H4, 36.03 g water used."""
    s = plant(rate_constant=10.0, equilibrium_constant=1e8, tanks=3).solve()
    X = s["U.conversion"]
    assert X > 0.999
    flows = s.stream_results["U.organic_out"].flows
    assert flows["benzophenone"] * 182.218 == pytest.approx(364.44 * X, rel=1e-4)
    assert s["U.hydrazine"] * 1e3 == pytest.approx(32.045 * X, rel=1e-4)
    used = 66.0 - s.stream_results["U.aqueous_out"].totals["H2O"]
    assert used * 18.015 == pytest.approx(36.03 * X, rel=1e-3)


def test_half_an_equivalent_leaves_free_base_and_it_is_flagged() -> None:
    """Note 3.5 (3)."""
    slow = plant({"H2O": 60.0, "HCl": 0.5}).solve()
    assert slow["U.conversion"] < 0.5  # no acid left to catalyse
    s = plant({"H2O": 60.0, "HCl": 0.5}, rate_constant=1e6, equilibrium_constant=1e3).solve()
    assert 0.5 < s["U.conversion"] < 1.0
    assert s["U.free_base"] == pytest.approx(1 - 0.5 / s["U.conversion"], rel=1e-3)
    assert any("of the hydrazine in the liquor is free base" in w for w in s.warnings)
    assert not any("is free base" in w for w in plant().solve().warnings)


def test_more_acid_more_conversion_more_time_too() -> None:
    base = plant(equilibrium_constant=1e-6).solve()["U.conversion"]
    more = plant({"H2O": 60.0, "HCl": 1.6}, equilibrium_constant=1e-6).solve()["U.conversion"]
    longer = plant(equilibrium_constant=1e-6, residence_time=1e9).solve()
    assert more > base
    assert longer["U.conversion"] > base
    assert longer["U.approach"] == pytest.approx(1.0, abs=1e-3)


def hydrolyser() -> Hydrolyser:
    given = {"rate_constant": 1e-3, "residence_time": 14400.0, "temperature": T}
    return Hydrolyser("U", tanks=5.0, **given)


def reversible() -> ReversibleHydrolyser:
    given = {"rate_constant": 1e-3, "residence_time": 14400.0, "temperature": T}
    return ReversibleHydrolyser("U", tanks=2, equilibrium_constant=1e-2, **given)


@pytest.mark.parametrize("make", [hydrolyser, reversible])
def test_unwashed_cake_is_told(make: Any) -> None:
    """Note 3.4: PF6- above 10 ppm makes HF, acetonitrile above 1 wt% acetic acid and ammonium."""
    clean = fed(make(), HCL, acetonitrile=0.02).solve().warnings
    assert not any("the cake brings" in w for w in clean)
    dirty = fed(make(), HCL, acetonitrile=0.2, KPF6=1e-3).solve().warnings
    found = [w for w in dirty if "the cake brings" in w]
    assert "402 mg PF6- per kg of azine, more than 10" in found[0]  # 145 mg per 360 g
    assert "0.0228 kg acetonitrile per kg of azine, more than 0.01" in found[1]


def test_azine_that_the_melt_does_not_dissolve_is_told() -> None:
    """Schroeder's equation by hand: 24.6 kJ/mol, 435.15 K; 0.26 at 363.15 K is a conversion of 0.59."""
    x = math.exp(-24600 / 8.314463 * (1 / 363.15 - 1 / 435.15))
    edge = (1 - x) / (1 + x)  # mole fraction of azine (1 - X)/(1 + X)
    assert edge == pytest.approx(0.59, abs=0.01)
    for time, told in ((14400.0, False), (200.0, True)):
        s = plant(rate_constant=1e-2, residence_time=time).solve()
        assert (s["U.conversion"] < edge) is told
        assert any("melt of tank 1 would hold" in w for w in s.warnings) is told


@pytest.mark.parametrize(("at", "words"), [(320.0, "benzophenone freezes"), (375.0, "boil")])
def test_reversible_hydrolyser_refuses(at: float, words: str) -> None:
    with pytest.raises(Refusal, match=words):
        plant(temperature=at).solve()


def test_what_it_asks_for() -> None:
    with pytest.raises(ModelError, match=r"tanks = 2\.5"):
        plant(tanks=2.5)
    with pytest.raises(ModelError, match="explosive HN3"):
        plant({"H2O": 60.0, "HCl": 1.2, "KNO2": 0.1}).solve()
    given = {"rate_constant": 1.0, "residence_time": 1.0, "temperature": T}
    unit = ReversibleHydrolyser("U", tanks=1, **given)
    with pytest.raises(SpecError, match=r"U\.equilibrium_constant"):
        fed(unit, HCL).solve()
