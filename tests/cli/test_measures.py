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
    with pytest.raises(UsageError, match=r"Write '2 V vs AgAg\+'"):
        measures.parse("2 V", "V", label, scale=noun.scale)
