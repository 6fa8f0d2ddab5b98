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
    # 77.19 mA/cm2 at 8 e- for 0.9 of the current: 85.77 mA/cm2 (by hand).
    with pytest.raises(
        Refusal,
        match=r"NO3- -> NH3 would take up 0.4198 .* at most 0.36 .*: 1.17 times the limit"
        r"(.|\n)*may be 85.76 mA/cm2 at most",
    ):
        cellcard.card(1000.0, 2.5, {MAIN: 0.9}, concentration=100.0, mass_transfer=1e-5)


def test_the_limiting_current_counts_all_that_take_up_nitrate() -> None:
    limits = {"concentration": 100.0, "mass_transfer": 1e-5}
    both = {MAIN: 0.5, "NO3- -> NO2-": 0.4, "H2O -> H2": 0.1}
    found = cellcard.card(300.0, 2.5, both, **limits)
    # By hand: 300 (0.5/8 + 0.4/2)/96485.33 over 1e-5 x 100 mol/s/m2.
    assert found.share == pytest.approx(300 * 0.2625 / 96485.33 / 1e-3, rel=1e-6)
    assert found.limiting == pytest.approx(1e-3 * 96485.33 / 0.2625, rel=1e-6)
    # Ammonia alone is far from its limit, 150 of 772 A/m2; with the nitrite 500 A/m2 are too many.
    with pytest.raises(Refusal, match=r"NO3- -> NH3, NO3- -> NO2- would take up .* 1.36 times"):
        cellcard.card(500.0, 2.5, both, **limits)
    assert cellcard.card(500.0, 2.5, {MAIN: 0.5}, **limits).notes[1:] == ()
    assert "expect hydrogen" in cellcard.card(350.0, 2.5, both, **limits).notes[0]


def test_mass_transfer_of_nitrate_limits_nothing_else() -> None:
    message = r"Nitrate is no reactant of H2O -> H2; its mass transfer limits nothing there"
    with pytest.raises(SpecError, match=message):
        cellcard.card(1000.0, 2.5, {"H2O -> H2": 1.0}, concentration=100.0, mass_transfer=1e-5)
    with pytest.raises(SpecError, match="Nitrate is no reactant of NO2- -> NH3"):
        cellcard.limiting_current("NO2- -> NH3", 100.0, 1e-5)
    idle = {"H2O -> H2": 1.0, MAIN: 0.0}
    with pytest.raises(SpecError, match="Nitrate is no reactant"):
        cellcard.card(1000.0, 2.5, idle, concentration=100.0, mass_transfer=1e-5)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ({"production": 0.0}, "production must be more than 0; 0 t/d is not"),
        ({"production": -1 / 86.4}, "production must be more than 0; -1 t/d is not"),
        (
            {"concentration": -100.0, "mass_transfer": 1e-5},
            "concentration of nitrate is -0.1 mol/L; it must be more than 0",
        ),
        (
            {"concentration": 100.0, "mass_transfer": 0.0},
            "coefficient is 0 m/s; it must be more than 0",
        ),
        ({"voltage": 50.1}, "cell voltage 50.1 V lies outside 0 to 50 V"),
        ({"voltage": -2.0}, "cell voltage -2 V lies outside 0 to 50 V"),
    ],
)
def test_numbers_out_of_range(words: dict[str, float], message: str) -> None:
    rest = {k: x for k, x in words.items() if k != "voltage"}
    with pytest.raises(SpecError, match=message):
        cellcard.card(500.0, words.get("voltage", 2.5), {MAIN: 0.9}, **rest)


def test_the_range_of_the_voltage_is_that_of_the_unit() -> None:
    from noxplant.units.specified_cell import SpecifiedCell

    assert SpecifiedCell.voltage.bounds == cellcard.VOLTAGE


def test_the_voltage_suffices_for_every_half_reaction_with_current() -> None:
    # 237.1 kJ/mol of water over 2 F: 1.229 V.
    with pytest.raises(Refusal, match=r"0.7 V is below the reversible voltage 1.229 V of H2O -> H"):
        cellcard.card(2000.0, 0.7, {MAIN: 0.9, "H2O -> H2": 0.1})
    assert cellcard.card(2000.0, 0.7, {MAIN: 0.9, "H2O -> H2": 0.0}).voltage == 0.7


@pytest.mark.parametrize("fe", [{"H2 -> 2 H+ + 2 e-": 0.9}, {MAIN: 0.5, "H2 -> 2 H+ + 2 e-": 0.4}])
def test_an_oxidation_cannot_stand_at_the_cathode(fe: dict[str, float]) -> None:
    with pytest.raises(SpecError, match=r"gives electrons off: only a reduction can stand at the"):
        cellcard.card(2000.0, 2.5, fe)


def test_a_reduction_that_makes_only_water() -> None:
    found = cellcard.card(2000.0, 2.5, {MAIN: 0.9, "O2 + 4 H+ + 4 e- -> 2 H2O": 0.1})
    assert found.product == "NH3"


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
    with pytest.raises(SpecError, match="area resistance is -0.0002 ohm m2; it must be 0 or more"):
        cellcard.tafel_voltage(
            1.0, 1.0, reversible=0.5, cathode=(0.1, 1e-5), anode=(0.1, 1e-5), resistance=-2e-4
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
