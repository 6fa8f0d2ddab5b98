"""Slips in a route of one's own: a wrong unit, a misspelt, a surplus or a missing key."""

import copy
import json
from pathlib import Path

import pytest

from noxplant import measures, routes
from noxplant.cli import main
from noxplant.errors import SpecError
from noxplant.quantities import Spec
from noxplant.unit import Unit

ROUTE = "nitrate-to-hydrazine"
WARM = Path(__file__).resolve().parents[1] / "data" / "routes" / "warm-lye"


@pytest.fixture(autouse=True)
def _empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def own(origin: str, table: str, old: str, new: str, file: str = "basis.toml") -> None:
    """A copy `mine` of a route; in one table of its basis `old` is replaced by `new`."""
    assert main(["new", "mine", "--from", origin]) == 0
    path = Path("mine", file)
    head, mark, rest = path.read_text("utf-8").partition(table)
    assert mark
    assert old in rest
    path.write_text(head + mark + rest.replace(old, new, 1), encoding="utf-8")


@pytest.mark.parametrize(
    ("table", "old", "new", "message"),
    [
        (
            "[E-103]",
            'value = 311.15, unit = "K"',
            'value = 311.15, unit = "kg"',
            "E-103.temperature = 311.15 kg is given in kg, but K (or a unit of the same kind)",
        ),
        (
            "[E-101]",
            'value = 2.5, unit = "V"',
            'value = 2.5, unit = "mol"',
            "E-101.voltage = 2.5 mol is given in mol, but V (or a unit of the same kind)",
        ),
        (
            "[E-101]",
            'value = 0.867, unit = "1"',
            'value = 0.867, unit = "s"',
            "E-101.faradaic_efficiency[NO3- -> NH3] = 0.867 s is given in s, but 1",
        ),
        (  # a design specification, a computed quantity that is fixed in exchange
            "[design]",
            'value = 8.0, unit = "K"',
            'value = 8.0, unit = "bar"',
            "E-102.mean_difference = 8.0 bar is given in bar, but K",
        ),
        (  # mol and kg are not confused, as they would be by value alone
            "[design]",
            'value = 1.0, unit = "t/d"',
            'value = 1.0, unit = "mol/s"',
            "X-301.hydrazine = 1.0 mol/s is given in mol/s, but kg/s",
        ),
    ],
)
def test_a_unit_of_the_wrong_kind(
    table: str, old: str, new: str, message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    own(ROUTE, table, old, new)
    assert main(["run", "mine"]) == 1
    assert message in capsys.readouterr().err
    # What the user typed is not blamed for what stands in the basis.
    assert main(["run", "mine", "--set", "E-101.area=200 m2"]) == 1
    seen = capsys.readouterr().err
    assert message in seen
    assert "You wrote" not in seen


def test_another_unit_of_the_same_kind_will_do() -> None:
    own(ROUTE, "[E-103]", "311.15, unit", "311.16, unit")
    by_kelvin = routes.load("mine").value("E-103.temperature")
    head, mark, rest = Path("mine/basis.toml").read_text("utf-8").partition("[E-103]")
    rest = rest.replace('311.16, unit = "K"', '38.01, unit = "degC"', 1)
    rest = rest.replace("low = 308.15, high = 323.15", "low = 35, high = 50", 1)
    assert "degC" in rest.partition("[")[0]
    Path("mine/basis.toml").write_text(head + mark + rest, encoding="utf-8")
    assert routes.load("mine").value("E-103.temperature") == pytest.approx(by_kelvin, abs=1e-9)


def test_fractions_of_mass_and_mole_are_told_apart() -> None:
    with pytest.raises(SpecError, match=r"R-201.ratio = 120 mol% is given in mol%, but kg/kg"):
        give_ratio("kg/kg", measures.Measured(1.2, "mol%", "120 mol%"))
    give_ratio("1", measures.Measured(1.2, "mol%", "120 mol%"))


def give_ratio(unit: str, value: measures.Measured) -> None:
    """Give a number to a unit `R-201` with a specification `ratio` in `unit`."""
    made = type("Odd", (Unit,), {"ratio": Spec(unit, "ratio of two flows")})
    made("R-201", ratio=value)


def test_a_number_with_unit_is_copied_whole_and_counts_as_plain() -> None:
    number = measures.Measured(298.15, "degC", "25 degC")
    twin = copy.deepcopy(number)
    assert (twin, twin.unit, twin.given) == (298.15, "degC", "25 degC")
    assert type(number + 1.0) is float
    assert json.dumps(number) == "298.15"


@pytest.mark.parametrize(
    ("table", "old", "new", "messages"),
    [
        (
            "[E-103]",
            "temperature =",
            "temprature =",
            (
                "Heater 'E-103' has no specification 'temprature'. Did you mean 'temperature'?",
                "It lacks: temperature.",
                "It takes: medium, temperature, utility, pressure_drop.",
            ),
        ),
        (
            "[T-201]",
            "vent_fraction =",
            "stages = { value = 2, unit = '1', source = 's', class = 'estimate' }\nventfraction =",
            (
                "OrganicAbsorber 'T-201' has no specification 'ventfraction'. Did you mean"
                " 'vent_fraction'?",
                "It lacks: vent_fraction.",
            ),
        ),
        (
            "[E-103]",
            "temperature =",
            "medium = { value = 2, unit = '1', source = 's', class = 'estimate' }\ntemperature =",
            ("Heater 'E-103' is given 'medium' twice: by place and by name",),
        ),
        (
            "[E-103]",
            "temperature =",
            "utility = { value = 2, unit = '1', source = 's', class = 'estimate' }\ntemperature =",
            ("Heater is given 'utility' twice, by build() and by a table of the basis",),
        ),
    ],
)
def test_misspelt_and_surplus_keys(
    table: str, old: str, new: str, messages: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    own(ROUTE, table, old, new)
    assert main(["run", "mine"]) == 1
    seen = capsys.readouterr().err
    for message in messages:
        assert message in seen
    assert "TypeError" not in seen
    assert "error in" not in seen


def test_a_missing_number_is_named_by_the_degrees_of_freedom(
    capsys: pytest.CaptureFixture[str],
) -> None:
    own(str(WARM), "[H-101]", "temperature =", "# temperature =")
    assert main(["run", "mine"]) == 1
    seen = capsys.readouterr().err
    assert "mine: 1 specification missing." in seen
    assert "H-101.temperature" in seen
    assert "outlet temperature [K]" in seen


def test_beyond_the_range_of_the_basis_there_is_a_warning(
    capsys: pytest.CaptureFixture[str],
) -> None:
    words = (
        "F-101.water = 70 mol/s lies outside the range of the assumption in the basis, 50 to 60"
        " mol/s (Any flow would do); the result is an extrapolation."
    )
    assert main(["run", str(WARM), "--set", "F-101.water=70 mol/s"]) == 0
    assert f"Warning: {words}" in capsys.readouterr().out
    assert main(["run", str(WARM), "--set", "F-101.water=60 mol/s"]) == 0
    assert "lies outside" not in capsys.readouterr().out
    # The range also binds a specification that is set after the basis was read.
    spec = 'class = "assumption", low = 70, high = 80, reason = "Hot."'
    own(str(WARM), "[H-101]", 'class = "estimate"', spec)
    plant = routes.load("mine")
    assert plant.solve().warnings == ()
    plant.set("H-101.temperature", 340.0)
    (found,) = plant.solve().warnings
    assert found.startswith("H-101.temperature = 340 K lies outside the range of the assumption")
    assert "343.15 to 353.15 K (Hot)" in found


def test_the_plant_at_another_scale_is_no_extrapolation() -> None:
    assert routes.load(str(WARM)).scaled(10.0).solve().warnings == ()


def test_assumptions_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", str(WARM)]) == 0
    assert "1 assumption carries this result; --assumptions lists value" in capsys.readouterr().out
    assert main(["run", str(WARM), "--assumptions"]) == 0
    lines = capsys.readouterr().out.splitlines()
    (row,) = [line for line in lines if "F-101.water" in line]
    start, _, reason = row.strip().partition("liquor:")
    assert start.split() == ["F-101.water", "55.5", "mol/s", "50", "mol/s", "60", "mol/s"]
    assert reason.endswith("Any flow would do.")
