"""Oracles: test values of the physics notes, ammonia, 5.1."""

import pytest

from noxplant import cellcard
from noxplant.errors import Refusal, SpecError

MAIN = "NO3- -> NH3"


def test_energy_per_kg() -> None:
    assert cellcard.card(2000.0, 1.0, {MAIN: 1.0}).energy / 3.6e6 == pytest.approx(12.590, abs=5e-4)
    assert cellcard.card(2000.0, 2.0, {MAIN: 0.9}).energy / 3.6e6 == pytest.approx(27.977, rel=1e-4)
    nitrite = cellcard.card(2000.0, 1.0, {"NO2- -> NH3": 1.0})
    assert nitrite.energy / 3.6e6 == pytest.approx(9.442, abs=1e-3)
    oxide = cellcard.card(2000.0, 1.0, {"NO -> NH3": 1.0})
    assert oxide.energy / 3.6e6 == pytest.approx(7.869, abs=1e-3)


def test_production_rate_of_cuco() -> None:
    found = cellcard.production_rate(10350.0, 1.0, MAIN) * 360  # mmol/h/cm2
    assert found == pytest.approx(4.827, abs=1e-3)
    assert found == pytest.approx(4.8, rel=0.015)  # as reported


def test_a_product_of_two_half_reactions_is_added_up() -> None:
    found = cellcard.card(2000.0, 2.5, {MAIN: 0.5, "NO2- -> NH3": 0.3, "H2O -> H2": 0.2})
    # Faraday by hand: 1000 A/m2 at 8 e- and 600 A/m2 at 6 e- per NH3, 96485.33 C/mol.
    by_hand = 1000 / (8 * 96485.33) + 600 / (6 * 96485.33)
    assert found.rate == pytest.approx(by_hand, rel=1e-6)
    assert found.rate * 360 == pytest.approx(0.840, abs=5e-4)  # mmol/h/cm2
    # 5000 W/m2 over that, 17.031 g/mol
    assert found.energy / 3.6e6 == pytest.approx(5000 / (by_hand * 0.017031) / 3.6e6, rel=1e-4)
    assert found.energy / 3.6e6 == pytest.approx(34.97, abs=0.01)
    # Whichever names the product, the sum is the same; another product is not counted.
    other = cellcard.card(2000.0, 2.5, {"NO2- -> NH3": 0.3, MAIN: 0.5, "NO3- -> NO2-": 0.2})
    assert other.rate == pytest.approx(found.rate)
    alone = cellcard.card(2000.0, 2.5, {"NO3- -> NO2-": 0.2, MAIN: 0.5})
    assert alone.rate == pytest.approx(400 / (2 * 96485.33), rel=1e-6)
    made = cellcard.card(2000.0, 2.5, {MAIN: 0.5, "NO2- -> NH3": 0.3}, production=by_hand)
    assert made.area == pytest.approx(1 / 0.017031, rel=1e-4)


def test_heat() -> None:
    found = cellcard.card(1000.0, 2.2, {MAIN: 0.9, "H2O -> H2": 0.1})
    assert found.heat_flux == pytest.approx(1505.3, abs=0.5)  # 1000 A on 1 m2
    assert found.reversible[MAIN] == pytest.approx(0.5205, abs=1e-4)
    assert found.thermoneutral[MAIN] == pytest.approx(0.6073, abs=1e-4)


def test_limiting_current() -> None:
    assert cellcard.limiting_current(MAIN, 100.0, 1e-5) == pytest.approx(771.9, abs=0.05)
    with pytest.raises(Refusal, match=r"would run at 90 mA/cm2, but mass transfer allows 77.19 mA"):
        cellcard.card(1000.0, 2.5, {MAIN: 0.9}, concentration=100.0, mass_transfer=1e-5)


def test_kinetics() -> None:
    volts = cellcard.tafel_voltage(
        2700.0,
        3000.0,
        reversible=0.5205,
        cathode=(0.12, 1e-5),
        anode=(0.05, 1e-4),
        resistance=0.30e-4 + 0.004 / 21.53,
    )
    assert volts == pytest.approx(2.5535, rel=1e-3)
    assert cellcard.card(3000.0, volts, {MAIN: 0.9}).energy / 3.6e6 == pytest.approx(
        35.72, rel=1e-3
    )
    with pytest.raises(Refusal, match="j > j0 > 0"):
        cellcard.tafel_voltage(
            1e-6, 1.0, reversible=0.5, cathode=(0.1, 1e-5), anode=(0.1, 1e-5), resistance=0.0
        )


def test_production_gives_area_and_power() -> None:
    found = cellcard.card(2000.0, 2.5, {MAIN: 0.9}, production=1000 / 86400)
    assert found.power == pytest.approx(found.production * found.energy)
    assert found.area == pytest.approx(found.current / 2000.0)
    assert found.unaccounted == pytest.approx(0.1)
    assert "not accounted for" in found.notes[0]


@pytest.mark.parametrize(
    ("fe", "message"),
    [
        ({MAIN: 0.9, "H2O -> H2": 0.2}, "add up to 1.1"),
        ({MAIN: 1.2}, "must be 0 to 1"),
        ({MAIN: 0.0}, "is zero"),
        ({}, "at least one"),
        ({"NO3- -> NH4": 0.9}, "Did you mean 'NO3- -> NH3'"),
    ],
)
def test_wrong_efficiencies(fe: dict[str, float], message: str) -> None:
    with pytest.raises(SpecError, match=message):
        cellcard.card(2000.0, 2.5, fe)


def test_too_little_voltage() -> None:
    with pytest.raises(Refusal, match=r"0.3 V is below the reversible voltage 0.5205 V"):
        cellcard.card(2000.0, 0.3, {MAIN: 0.9})
    with pytest.raises(SpecError, match="must be positive"):
        cellcard.card(0.0, 2.0, {MAIN: 0.9})


def test_half_reaction_written_out() -> None:
    found = cellcard.card(2000.0, 2.5, {"NO3- + 9 H+ + 8 e- -> NH3 + 3 H2O": 0.9})
    assert found.product == "NH3"
    assert found.reversible.popitem()[1] == pytest.approx(0.4170, abs=1e-3)  # acid, pH 0
