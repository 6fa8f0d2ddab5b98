"""Azine cell against potential: the note's anchors, two resistances in series, plug flow by SciPy."""

from __future__ import annotations

import math
from typing import Any

import pytest
from scipy.integrate import solve_ivp

from noxplant import azine
from noxplant.errors import Refusal, SpecError
from noxplant.examples.organic import SOLVENT
from noxplant.flowsheet.graph import Flowsheet
from noxplant.units.azine_cell import AzineCell
from noxplant.units.feed import Feed
from noxplant.units.potential_azine_cell import PotentialAzineCell

COMMON: dict[str, Any] = {
    "equilibrium_constant": 1000.0, "ketone_loss": 0.0, "anode_potential": 2.0,
    "cathode_potential": -2.1, "gap": 0.0, "temperature": 308.15,
    "condenser_temperature": 263.15, "solubility": 100.0, "heat_of_solution": 30000.0,
    "volume": 400.0, "mass_transfer": 3.5e-5,
}  # fmt: skip
STEP = {
    "area": 1500.0, "electrode_rate": 1e-6, "tafel_slope": 0.12, "salt_conductivity": 1.2,
    "condensation_constant": 1.0,
}  # fmt: skip
"""Condensation far faster than coupling, but where a test says otherwise."""
IMINE = {"NH3": 0.05, "benzophenone": 0.25, "benzophenone imine": 0.95, "H2O": 1.15}


def plant(unit: Any, brought: dict[str, float] | None = None) -> Flowsheet:
    flowsheet = Flowsheet("cell")
    held = {**SOLVENT, **(brought or IMINE)}
    feed = flowsheet.add(Feed("feed", "organic", held, temperature=308.15))
    flowsheet.connect(feed.out, flowsheet.add(unit).feed, "feed in")
    return flowsheet


def cell(tanks: int = 4, brought: dict[str, float] | None = None, **given: float) -> Flowsheet:
    return plant(PotentialAzineCell("U", tanks=tanks, **{**COMMON, **STEP, **given}), brought)


@pytest.mark.parametrize(("E", "fe"), [(1.3, 0.956), (1.8, 0.956), (2.0, 0.950), (2.2, 0.740)])
def test_efficiency_against_potential(E: float, fe: float) -> None:
    """Anchors of the note; every ampere beyond makes formaldehyde."""
    s = cell(anode_potential=E).solve()
    assert s["U.faradaic_efficiency"] == pytest.approx(fe, abs=5e-3)
    lost = (
        s.stream_results["U.out"].flows["formaldehyde"]
        + s.stream_results["U.offgas"].flows["formaldehyde"]
    )
    assert lost / s["U.azine_made"] == pytest.approx(1 / s["U.faradaic_efficiency"] - 1, rel=1e-6)


@pytest.mark.oracle
@pytest.mark.parametrize("E", [1.3, 1.6, 2.0])
def test_two_resistances_in_series(E: float) -> None:
    """By flux: c - c_s = J/k_mt and J = k0 10^((E - 1.6)/b) c_s."""
    k0 = 1e-6 * 10 ** ((E - 1.6) / 0.12)
    surface = 3.5e-5 / (3.5e-5 + k0)  # of the bulk concentration
    k = k0 * surface
    s = cell(anode_potential=E).solve()
    assert s["U.rate_constant"] == pytest.approx(k * 1500.0 / 400.0, rel=1e-9)
    assert s["U.transport_share"] == pytest.approx(1 - surface, rel=1e-9)


def test_fast_electrode_is_the_cell_with_given_rate() -> None:
    """Rigorous to minimal: transport control at 2.0 V, with the efficiency of the fit."""
    rate = 3.5e-5 * 1500.0 / 400.0
    fast = cell(electrode_rate=1e2).solve()
    given = {"rate_constant": rate, "conductivity": fast["U.conductivity"]}
    fe = azine.faradaic_efficiency(2.0)
    same = plant(AzineCell("U", tanks=4, faradaic_efficiency=fe, **{**COMMON, **given})).solve()
    for key in ("conversion", "specific_energy", "duty", "total_current", "area"):
        assert fast[f"U.{key}"] == pytest.approx(same[f"U.{key}"], rel=1e-5)


@pytest.mark.oracle
def test_many_tanks_are_plug_flow() -> None:
    """SciPy's ODE of imine with the condensation at equilibrium; tanks approach it as 1/N."""
    volume, area = 150.0, 560.0
    found = []
    for tanks in (8, 16, 32):
        s = cell(tanks, volume=volume, area=area, electrode_rate=1e2).solve()
        found.append(s["U.conversion"])
    K = azine.equilibrium_constant(1000.0, 308.15)
    k_tau = s["U.rate_constant"] * s["U.residence_time"]

    def rate(_: float, x: list[float]) -> list[float]:
        return [azine.imine_fraction(K, 1.2, 0.2, x[0])]

    exact = solve_ivp(rate, (0, k_tau), [0.0], rtol=1e-10, atol=1e-12).y[0][-1]
    assert found == sorted(found)
    # Coupling makes the liquid a little denser and vapour leaves it: 1 %.
    assert 2 * found[2] - found[1] == pytest.approx(exact, rel=1e-2)


@pytest.mark.parametrize(("tanks", "number"), [(1, 65.7), (40, 4.20)])
def test_stirred_needs_sixteen_times_what_plug_flow_needs(tanks: int, number: float) -> None:
    """Test 5 of the note: k tau for 98.5 %, 65.7 in one tank and 4.20 in plug flow."""
    found = azine.tanks_conversion(number, tanks if tanks == 1 else 4000)
    assert found == pytest.approx(0.985, abs=2e-4)
    # The cell, all nitrogen as imine: k tau by volume out, hence a little above.
    flowsheet = cell(tanks, {"benzophenone imine": 1.0, "benzophenone": 0.4, "H2O": 0.01},
                     volume=1e4, electrode_rate=1e2, equilibrium_constant=1e9)  # fmt: skip
    flowsheet.exchange("U.conversion", 0.985, freed="U.area")
    s = flowsheet.solve()
    tau = s["U.residence_time"] * s["U.rate_constant"]
    exact = 65.67 if tanks == 1 else tanks * (0.015 ** (-1 / tanks) - 1)
    assert tau == pytest.approx(exact, rel=0.03)


@pytest.mark.oracle
@pytest.mark.parametrize("K", [10.0, 1000.0])
def test_slow_condensation_by_scipy(K: float) -> None:
    """Ketone, ammonia, imine and water with both rates as an ODE; tanks approach it as 1/N."""
    fed = {"NH3": 1.0, "benzophenone": 1.2, "H2O": 0.2}
    more = {"electrode_rate": 1e2, "equilibrium_constant": K, "condensation_constant": 2e-6}
    found = []
    for tanks in (8, 16, 32):
        s = cell(tanks, fed, area=1000.0, **more).solve()
        found.append(s["U.conversion"])
    k, tau = s["U.rate_constant"], s["U.residence_time"]
    c0 = tau / 400.0  # mol/m3 of what is fed at 1 mol/s
    at_T = azine.equilibrium_constant(K, 308.15)

    def rates(_: float, c: list[float]) -> list[float]:
        ketone, ammonia, imine, water = c
        made = 2e-6 * c0 * (ketone * ammonia - imine * water / at_T)
        return [-made, -made, made - k * imine, made]

    water = s.stream_results["feed in"].flows["H2O"]
    end = solve_ivp(rates, (0, tau), [1.2, 1.0, 0.0, water], rtol=1e-9, atol=1e-12).y[:, -1]
    exact = 1 - end[1] - end[2]
    assert found == sorted(found)
    assert 2 * found[2] - found[1] == pytest.approx(exact, rel=1e-2)


@pytest.mark.oracle
@pytest.mark.parametrize(("ratio", "k2"), [(5, 0.442), (10, 0.431), (100, 0.421)])
def test_consecutive_first_order_of_the_note(ratio: float, k2: float) -> None:
    """Note 3.2: 98.5 % in 10 h with k1/k2 = 5, 10, 100 and k2 = 0.442, 0.431, 0.421 1/h."""
    assert azine.series_conversion(ratio * k2, k2, 10.0) == pytest.approx(0.985, abs=3e-4)


def test_slower_condensation_couples_less_up_to_that_at_equilibrium() -> None:
    fed = {"NH3": 1.0, "benzophenone": 1.2, "H2O": 0.2}
    found = [
        cell(4, fed, electrode_rate=1e2, condensation_constant=k).solve()["U.conversion"]
        for k in (1e-8, 1e-6, 1e-4, 1e2)
    ]
    assert found == sorted(found)
    fe, rate = azine.faradaic_efficiency(2.0), 3.5e-5 * 1500.0 / 400.0
    other = {"rate_constant": rate, "conductivity": 1.2, "faradaic_efficiency": fe}
    same = plant(AzineCell("U", tanks=4, **{**COMMON, **other}), fed).solve()
    assert found[-1] == pytest.approx(same["U.conversion"], rel=1e-6)


def test_voltage_budget() -> None:
    """Note 1.3: 4.1 V are 0.75 V reversible, some 3.35 V overvoltage; the drop by I d/(kappa A)."""
    s = cell(gap=1e-3).solve()
    assert s["U.electrode_voltage"] == pytest.approx(4.1)
    assert s["U.overvoltage"] == pytest.approx(3.35)
    salt = s.stream_results["U.out"].flows["KPF6"]
    assert s["U.conductivity"] == pytest.approx(1.2, rel=0.1)  # near 100 mol/m3
    currents = [s[f"U.current[{n}]"] for n in "1234"]
    resistance = 1e-3 / (s["U.conductivity"] * 1500.0 / 4)
    drop = resistance * sum(i * i for i in currents) / sum(currents)
    assert s["U.ohmic_drop"] == pytest.approx(drop, rel=1e-9)
    assert salt == pytest.approx(1.0)


def test_more_salt_less_drop() -> None:
    base = cell(gap=1e-3).solve()
    more = cell(gap=1e-3, brought={**IMINE, "KPF6": 2.0}).solve()
    ratio = base["U.conductivity"] / more["U.conductivity"]
    assert ratio == pytest.approx(0.5, rel=0.01)
    assert more["U.ohmic_drop"] == pytest.approx(base["U.ohmic_drop"] * ratio, rel=0.02)


@pytest.mark.parametrize(("salt", "told"), [(0.01, True), (1.0, False), (30.0, True)])
def test_salt_far_from_its_conductivity_is_told(salt: float, told: bool) -> None:
    """1 mol/s in some 10 L/s is 0.1 mol/L; 1 mmol/L would take nine volts, 3 mol/L 30 S/m."""
    s = cell(brought={**IMINE, "KPF6": salt}).solve()
    assert any("mol/m3 KPF6; the conductivity is given for 100" in w for w in s.warnings) is told


def test_energy_of_the_note() -> None:
    """2 F U/(FE M): 7.174 kWh/kg at 4.1 V and 0.956; at 2.0 V the fit has 0.950: 7.22."""
    s = cell(electrode_rate=1e2).solve()
    fe = s["U.faradaic_efficiency"]
    assert s["U.specific_energy"] / 3.6e6 == pytest.approx(1.67265 * 4.1 / fe, rel=1e-4)
    s = cell(anode_potential=1.8, cathode_potential=-2.3, electrode_rate=1e2).solve()
    assert s["U.specific_energy"] / 3.6e6 == pytest.approx(7.174, abs=0.01)


def test_conversion_rises_with_potential_and_area_until_transport_limits() -> None:
    found = [cell(anode_potential=E).solve()["U.conversion"] for E in (1.3, 1.5, 1.7, 1.9, 2.1)]
    assert found == sorted(found)
    limit = cell(electrode_rate=1e3).solve()["U.conversion"]
    assert found[-1] == pytest.approx(limit, rel=1e-3)
    assert math.isclose(cell(electrode_rate=1e2).solve()["U.conversion"], limit, rel_tol=1e-5)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"anode_potential": 2.25}, "exceeds 2.2 V vs Ag/Ag+"),
        ({"anode_potential": 1.1}, "below 1.2 V vs Ag/Ag+"),
        ({"anode_potential": 1.3, "cathode_potential": 0.7}, "needs 0.75 V at least"),
        ({"temperature": 335.0}, "above 333.15 K"),
        ({"solubility": 20.0}, "azine would crystallise in the cell"),
    ],
)
def test_cell_by_potential_refuses(given: dict[str, float], words: str) -> None:
    with pytest.raises(Refusal, match=words):
        cell(**{"electrode_rate": 1e2, **given}).solve()


def test_step_has_no_default() -> None:
    given = {k: v for k, v in STEP.items() if k != "electrode_rate"}
    with pytest.raises(SpecError, match=r"U\.electrode_rate"):
        plant(PotentialAzineCell("U", tanks=1, **{**COMMON, **given})).solve()
