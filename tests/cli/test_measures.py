import pytest

from noxplant import measures
from noxplant.errors import UsageError
from noxplant.quantities import Spec
from noxplant.units.azine_cell import AzineCell


@pytest.mark.parametrize(
    ("text", "unit", "expected"),
    [
        ("25 degC", "K", 298.15),
        ("25 C", "K", 298.15),
        ("25 °C", "K", 298.15),
        ("2400 A/m2", "A/m2", 2400.0),
        ("240 mA/cm2", "A/m2", 2400.0),
        ("1 t/d", "kg/s", 1000 / 86400),
        ("5 mol/L", "mol/m3", 5000.0),
        ("10 wt%", "1", 0.1),
        ("10 wt%", "kg/kg", 0.1),
        ("0.5", "1", 0.5),
        ("1 atm", "Pa", 101325.0),
        ("2e-5 m/s", "m/s", 2e-5),
        ("0.3 ohm cm2", "ohm m2", 3e-5),
        ("28 kWh/kg", "J/kg", 28 * 3.6e6),
        ("-3 kW", "W", -3000.0),
        ("300", "K", 300.0),
        ("2.5", "V", 2.5),
        ("120 mV", "V", 0.12),
        ("10 K", "K", 10.0),
    ],
)
def test_parse(text: str, unit: str, expected: float) -> None:
    assert measures.parse(text, unit) == pytest.approx(expected, rel=1e-14)


def test_conversions_leave_no_dust() -> None:
    assert measures.parse("0.5 mol/L", "mol/m3") == 500.0
    assert measures.parse("77 degC", "K") == 350.15


def test_wrong_kind_names_both_units() -> None:
    with pytest.raises(UsageError, match=r"E-101.voltage: '3 A' .* wanted|E-101.voltage"):
        measures.parse("3 A", "V", "E-101.voltage")
    with pytest.raises(UsageError, match=r"E-101.area: '3 kg' is given in kg, but m2"):
        measures.parse("3 kg", "m2", "E-101.area")
    with pytest.raises(UsageError, match=r"wt%.*mol/mol"):
        measures.parse("3 wt%", "mol/mol")


def test_surprising_bare_numbers_are_refused_with_both_readings() -> None:
    with pytest.raises(UsageError, match=r"25 K or 25 degC(.|\n)*'25 K' or '25 degC'"):
        measures.parse("25", "K", "H-101.temperature")
    with pytest.raises(UsageError, match=r"2 Pa or 2 bar"):
        measures.parse("2", "Pa", "V-101.pressure")
    for number in ("200", "2400"):
        with pytest.raises(UsageError, match=f"{number} A/m2 or {number} mA/cm2"):
            measures.parse(number, "A/m2", "E-101.current_density")
    assert measures.parse("10", "K", bounds=(0.0, 50.0)) == 10.0  # a temperature difference
    assert measures.parse("0", "Pa") == 0.0


@pytest.mark.parametrize("text", ["", "abc", "nan", "inf", "1e999", "1..2 V", "degC 25"])
def test_no_number(text: str) -> None:
    with pytest.raises(UsageError, match="is no number|is not finite"):
        measures.parse(text, "A")


def test_unknown_unit() -> None:
    with pytest.raises(UsageError, match=r"'furlongish' is no unit of measure(.|\n)*mA/cm2"):
        measures.parse("3 furlongish", "m")


def test_potentials_need_their_scale_and_voltages_have_none() -> None:
    with pytest.raises(UsageError, match="needs its reference scale"):
        measures.parse("-0.2 V", "V", "E-101.cathode_potential")
    with pytest.raises(UsageError, match="needs the pH"):
        measures.parse("-0.2 V vs RHE", "V", "E-101.cathode_potential")
    with pytest.raises(UsageError, match="a cell voltage has no reference"):
        measures.parse("2.5 V vs RHE", "V", "E-101.voltage")
    # 0.05916 V per pH at 25 C
    found = measures.parse("-0.2 V vs RHE at pH 14", "V", "E-101.cathode_potential")
    assert found == pytest.approx(-0.2 - 14 * 0.0591597, abs=1e-5)
    assert measures.parse("0.3 V vs SHE", "V", "E-101.cathode_potential") == 0.3


def test_flow_in_kg_with_molar_mass() -> None:
    found = measures.parse("18.01528 kg/h", "mol/s", molar_mass=0.01801528)
    assert found == pytest.approx(1000 / 3600)


def test_shown() -> None:
    assert measures.shown(298.15, "K") == (25.0, "C")
    assert measures.shown(298.15, "K", si=True) == (298.15, "K")
    assert measures.shown(12.0, "K", doc="mean temperature difference") == (12.0, "K")
    assert measures.words(2400.0, "A/m2") == "240 mA/cm2"
    assert measures.words(0.5, "1") == "0.5"
    assert measures.si_unit("kWh/t") == "J/kg"


def test_a_potential_arrives_on_the_scale_of_its_declaration() -> None:
    label, noun = "E-201.anode_potential", AzineCell.anode_potential
    assert isinstance(noun, Spec)
    assert measures.parse("2.0 V vs AgAg+", "V", label, scale=noun.scale) == 2.0
    # Ag/Ag+ (0.01 mol/L, acetonitrile) lies 0.54 V above SHE (hydrazine note).
    found = measures.parse("2.0 V vs SHE", "V", label, scale=noun.scale)
    assert found == pytest.approx(1.46)
    with pytest.raises(UsageError, match=r"Write '2 V vs Ag/Ag\+'"):
        measures.parse("2 V", "V", label, scale=noun.scale)


@pytest.mark.parametrize(
    ("text", "against_she"),
    [  # zero of the scale against SHE: physics notes and `electro.toml`
        ("1 V vs Ag/Ag+", 1.54),
        ("1 V vs Ag/Ag+ (0.01 mol/L)", 1.54),  # as `noxplant units AzineCell` writes it
        ("1 V vs AgAg+", 1.54),
        ("1 V against ag/agcl", 1.197),
        ("1 V vs. Ag/AgCl", 1.197),
        ("1 V vs Ag/AgCl (saturated KCl)", 1.197),
        ("1 V vs Hg/HgO", 1.1034),
        ("1 V vs SCE", 1.241),
        ("1 V vs she", 1.0),
        ("1 V vs rhe at pH 0", 1.0),
    ],
)
def test_reference_electrodes_as_they_are_usually_written(text: str, against_she: float) -> None:
    assert measures.parse(text, "V", "E-1.potential") == pytest.approx(against_she, abs=1e-6)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "1.3 V vs Zn/Zn2+",
            r"There is no potential scale 'Zn/Zn2\+'(.|\n)*It is wanted vs Ag/Ag\+",
        ),
        ("1.3 V vs Ag/AgCl (beer)", r"filled with 'beer'(.|\n)*3 mol/L KCl"),
        ("1.3 V vs Ag/Ag+ (acetonitrile, 2 mol/L)", r"from 0.0001 to 0.2 mol/L"),
    ],
)
def test_unknown_reference_electrodes_are_wrong_usage(text: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        measures.parse(text, "V", "E-201.anode_potential", scale="AgAg+")


def test_a_length_is_no_voltage() -> None:
    with pytest.raises(UsageError, match=r"E-101.voltage: '3 m' is given in m, but V .* is wanted"):
        measures.parse("3 m", "V", "E-101.voltage")
