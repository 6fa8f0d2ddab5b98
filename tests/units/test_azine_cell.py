"""Azine cell against the tanks-in-series closed form, the note's energies and charge counts."""

from __future__ import annotations

import pytest
from scipy.optimize import brentq

from noxplant import azine
from noxplant.constants import FARADAY
from noxplant.errors import ModelError, Refusal, SpecError
from noxplant.examples.organic import SOLVENT, azine_cell
from noxplant.flowsheet.graph import Flowsheet
from noxplant.species import molar_mass
from noxplant.testing import check_unit
from noxplant.thermo import organic
from noxplant.units.azine_cell import AzineCell
from noxplant.units.feed import Feed

GIVEN = {
    "volume": 100.0,
    "rate_constant": 1.3e-4,
    "mass_transfer": 3.5e-5,
    "equilibrium_constant": 1000.0,
    "faradaic_efficiency": 0.956,
    "ketone_loss": 0.0,
    "anode_potential": 2.0,
    "cathode_potential": -2.1,
    "gap": 0.0,
    "conductivity": 1.2,
    "temperature": 308.15,
    "condenser_temperature": 263.15,
    "solubility": 100.0,
    "heat_of_solution": 30000.0,
}


def plant(tanks: int = 3, brought: dict[str, float] | None = None, **given: float) -> Flowsheet:
    flowsheet = Flowsheet("cell")
    feed = {"NH3": 0.05, "benzophenone": 0.25, "benzophenone imine": 0.95, "H2O": 1.15}
    feed = flowsheet.add(
        Feed("feed", "organic", {**SOLVENT, **(brought or feed)}, temperature=308.15)
    )
    unit = flowsheet.add(AzineCell("U", tanks=tanks, **{**GIVEN, **given}))
    flowsheet.connect(feed.out, unit.feed, "feed in")
    return flowsheet


def test_contract() -> None:
    check_unit(azine_cell)


def test_tanks_with_equilibrium() -> None:
    """X(n) = X(n-1) + k tau/N m(X(n)), m from the closed form of the condensation."""
    solution = plant(3).solve()
    out = solution.stream_results["U.out"]
    volume = sum(n * organic.molar_volume(k, 308.15) for k, n in out.flows.items())
    step = 1.3e-4 * 100.0 / 3 / volume
    K = azine.equilibrium_constant(1000.0, 308.15)
    x = 0.0
    for _ in range(3):
        x = brentq(
            lambda new, old=x: new - old - step * azine.imine_fraction(K, 1.2, 0.2, new),
            0.0,
            0.9999,
        )
    assert solution["U.conversion"] == pytest.approx(x, rel=2e-3)


def test_one_stirred_tank() -> None:
    """k tau = 65.7 for 98.5 percent when the condensation does not hold the imine back."""
    flow = plant().solve().stream_results["feed in"]
    volume = sum(n * organic.molar_volume(k, 308.15) for k, n in flow.flows.items())
    solution = plant(1, volume=65.7 / 1.3e-4 * volume, equilibrium_constant=1e9).solve()
    assert solution["U.conversion"] == pytest.approx(0.985, abs=1e-3)


def test_energy_per_hydrazine_of_the_note() -> None:
    solution = plant().solve()
    assert solution["U.specific_energy"] / 3.6e6 == pytest.approx(7.174, abs=2e-3)
    assert solution["U.voltage"] == pytest.approx(4.1)


def test_every_ampere_has_a_half_reaction() -> None:
    solution = plant(ketone_loss=0.01).solve()
    out, gas = solution.stream_results["U.out"].flows, solution.stream_results["U.offgas"].flows
    pairs = solution["U.total_current"] / (2 * FARADAY)
    formaldehyde = out["formaldehyde"] + gas["formaldehyde"]
    assert out["benzophenone azine"] + formaldehyde == pytest.approx(pairs, rel=1e-9)
    assert gas["H2"] + out["benzhydrol"] == pytest.approx(pairs, rel=1e-9)
    assert out["benzophenone azine"] == pytest.approx(0.956 * pairs, rel=1e-9)
    assert out["benzhydrol"] == pytest.approx(0.01 * 2 * out["benzophenone azine"], rel=1e-9)


def test_methanol_lost_at_the_anode() -> None:
    """Note 3.9, test 3: 0.046 kg methanol per kg hydrazine at a faradaic efficiency of 0.956."""
    solution = plant().solve()
    fed, out, gas = (solution.stream_results[s].flows for s in ("feed in", "U.out", "U.offgas"))
    oxidised = fed["methanol"] - out["methanol"] - gas["methanol"]
    per_hydrazine = (
        oxidised * molar_mass("methanol") / (out["benzophenone azine"] * molar_mass("N2H4"))
    )
    assert per_hydrazine == pytest.approx(0.046, abs=0.002)


def test_ohmic_drop_by_hand() -> None:
    solution = plant(1, gap=0.01).solve()
    area = 1.3e-4 * 100.0 / 3.5e-5
    assert solution["U.area"] == pytest.approx(area)
    drop = solution["U.total_current"] / area * 0.01 / 1.2
    assert solution["U.voltage"] == pytest.approx(4.1 + drop)
    assert solution["U.electrode_voltage"] == pytest.approx(4.1)


def test_heat_by_hand() -> None:
    """Feed and outlet at one temperature: heat = enthalpy of reaction less work (no drag)."""
    solution = plant(faradaic_efficiency=1.0).solve()
    made = 566630.0 - 2 * 197720.0
    extent = solution["U.azine_made"]
    heat = extent * made - solution["U.power"]
    assert solution["U.duty"] == pytest.approx(heat, rel=0.03)


def test_offgas_is_saturated_at_the_condenser() -> None:
    cold, warm = (plant(condenser_temperature=T).solve() for T in (253.15, 273.15))
    vapour = [s.stream_results["U.offgas"].flows["acetonitrile"] for s in (cold, warm)]
    assert vapour[0] < vapour[1]
    assert cold["U.condenser_duty"] < warm["U.condenser_duty"] < 0


def test_responses() -> None:
    base = plant().solve()
    assert plant(volume=150.0).solve()["U.conversion"] > base["U.conversion"]
    assert plant(6).solve()["U.conversion"] > base["U.conversion"]
    assert plant(equilibrium_constant=1.0).solve()["U.conversion"] < base["U.conversion"]
    assert plant(faradaic_efficiency=0.8).solve()["U.total_current"] > base["U.total_current"]


def test_supersaturated_azine_is_refused() -> None:
    with pytest.raises(
        Refusal, match=r"azine would crystallise in the cell: \d.* soluble are 49\.3"
    ):
        plant(solubility=33.3, brought={"NH3": 0.05, "benzophenone": 0.25, "H2O": 1.15,
                                        "benzophenone imine": 0.95, "benzophenone azine": 0.3}).solve()  # fmt: skip


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"anode_potential": 2.3}, "anode potential 2.3 V exceeds 2.2 V"),
        ({"anode_potential": 0.5, "cathode_potential": 0.0}, "the reaction needs 0.75 V"),
        ({"temperature": 340.0}, "above 333.15 K solvent boils off"),
        ({"temperature": 310.0, "condenser_temperature": 320.0}, "no colder than the cell"),
        ({"faradaic_efficiency": 0.02}, "methanol is used up"),
    ],
)
def test_refusals(given: dict[str, float], words: str) -> None:
    with pytest.raises(Refusal, match=words):
        plant(**given).solve()


def test_words_for_bad_input() -> None:
    with pytest.raises(ModelError, match="give 1, 2, 3"):
        AzineCell("U", tanks=0, **GIVEN)
    with pytest.raises(SpecError, match="faradaic_efficiency"):
        plant(faradaic_efficiency=1.2)
    given = {k: v for k, v in GIVEN.items() if k != "conductivity"}
    flowsheet = Flowsheet("cell")
    feed = flowsheet.add(Feed("feed", "organic", SOLVENT))
    unit = flowsheet.add(AzineCell("U", tanks=1, **given))
    flowsheet.connect(feed.out, unit.feed, "feed in")
    with pytest.raises(SpecError, match=r"U\.conductivity"):
        flowsheet.solve()
    flowsheet = Flowsheet("cell")
    feed = flowsheet.add(Feed("feed", "organic", {"acetonitrile": 10.0, "NH3": 1.0}))
    unit = flowsheet.add(AzineCell("U", tanks=1, **GIVEN))
    flowsheet.connect(feed.out, unit.feed, "feed in")
    with pytest.raises(ModelError, match="no KPF6 reaches"):
        flowsheet.solve()


def test_residence_time_is_volume_per_flow():
    plant = azine_cell()
    s = plant.solve()
    flow = s["U.volume"] / s["U.residence_time"]
    # 180 mol/s acetonitrile (41.05 g/mol, 777 kg/m3) and 12 methanol (32.04, 787): 10 L/s; solids on top.
    assert flow == pytest.approx(180 * 0.04105 / 777 + 12 * 0.03204 / 787, rel=0.05)
    plant.exchange("U.residence_time", 2 * s["U.residence_time"], freed="U.volume")
    assert plant.solve()["U.volume"] == pytest.approx(2 * s["U.volume"], rel=1e-9)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (
            {"anode_potential": 2.2, "faradaic_efficiency": 0.95},
            "U: the faradaic efficiency given, 0.95, exceeds that of the paper at an anode potential"
            " of 2.2 V vs Ag/Ag+, 0.741 within 0.04",
        ),
        (
            {"anode_potential": 1.3, "faradaic_efficiency": 0.95},
            "U: the anode potential of 1.3 V vs Ag/Ag+ is below 2 V, where the rate constant was"
            " measured (0.00013 1/s is given)",
        ),
    ],
)
def test_what_was_not_measured_together_is_told(given: dict[str, float], words: str) -> None:
    found = [w for w in plant(**given).solve().warnings if w.startswith("U: the ")]
    assert len(found) == 1
    assert found[0].startswith(words)


@pytest.mark.parametrize(("potential", "efficiency"), [(2.0, 0.95), (2.1, 0.956), (2.2, 0.74)])
def test_what_the_paper_measured_is_not_warned_of(potential: float, efficiency: float) -> None:
    solution = plant(anode_potential=potential, faradaic_efficiency=efficiency).solve()
    assert [w for w in solution.warnings if w.startswith("U: the ")] == []
