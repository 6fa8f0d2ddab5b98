import csv
import json
import subprocess
import sys
from pathlib import Path

import pytest

from noxplant.cli import main, parser
from noxplant.commands.cell import efficiencies
from noxplant.commands.common import prepare, split
from noxplant.errors import UsageError

WARM = Path(__file__).resolve().parents[1] / "data" / "routes" / "warm-lye"
HEAVY = {"cantera", "CoolProp", "casadi", "pyomo", "scipy", "pandas", "pint", "rich", "numpy"}


@pytest.fixture(autouse=True)
def _empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def run(*words: str) -> int:
    return main(["run", str(WARM), *words])


def test_import_loads_nothing_heavy() -> None:
    code = (
        "import sys, noxplant.cli as c; c.parser(); print(*{m.split('.')[0] for m in sys.modules})"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not HEAVY & set(done.stdout.split())


def test_the_package_runs_as_the_command_line() -> None:
    words = [sys.executable, "-m", "noxplant", "list"]
    done = subprocess.run(words, capture_output=True, text=True, check=True)
    assert "nitrate-to-hydrazine" in done.stdout


def test_run_shows_the_plant(capsys: pytest.CaptureFixture[str]) -> None:
    assert run() == 0
    out = capsys.readouterr().out
    for word in (
        "Headline",
        "5189",
        "kg/h",
        "Audits",
        "closes",
        "low-pressure steam",
        "assumptions",
    ):
        assert word in out
    assert run("--si", "--all") == 0
    out = capsys.readouterr().out
    assert "kg/s" in out
    assert "E-101.mean_difference" in out


def test_run_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--json", "-", "--variant", "cool") == 0
    record = json.loads(capsys.readouterr().out)
    assert record["status"] == "solved"
    assert record["variant"] == "cool"
    assert record["route"] == "warm-lye"
    assert record["streams"]["hot lye"]["temperature"] == 333.15
    assert record["headline"]["liquor"]["unit"] == "kg/s"
    assert record["assumptions"][0]["name"] == "F-101.water"


def test_set_a_specification_a_basis_number_and_a_flow_in_kg(
    capsys: pytest.CaptureFixture[str],
) -> None:
    words = ["--set", "H-101.temperature=60 degC", "--set", "F-101.lye=2"]
    assert run("--json", "-", *words, "--set", "F-102.amount[HNO3]=63.012 kg/h") == 0
    quantities = json.loads(capsys.readouterr().out)["quantities"]
    assert quantities["H-101.temperature"]["value"] == 333.15
    assert quantities["F-101.amount[KOH]"]["value"] == 2.0
    assert quantities["F-102.amount[HNO3]"]["value"] == pytest.approx(1000 / 3600, rel=1e-4)


def test_target(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--json", "-", "--target", "H-101.duty=100 kW", "--free", "E-101.conductance") == 0
    quantities = json.loads(capsys.readouterr().out)["quantities"]
    assert quantities["H-101.duty"]["value"] == pytest.approx(1e5)
    assert quantities["E-101.conductance"]["value"] > 4000.0


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--set", "H-101.temprature=60 degC"], "Did you mean 'temperature'"),
        (["--set", "H-102.temperature=60 degC"], "has no unit 'H-102'"),
        (["--set", "H-101.temperature=60"], "60 K or 60 degC"),
        (["--set", "H-101.temperature=60 kg"], "is given in kg, but K"),
        (["--set", "H-101.temperature=6000 K"], "lies outside"),
        (["--set", "H-101.temperature"], "write --set"),
        (
            ["--set", "H-101.temperature=60 degC", "--set", "H-101.temperature=61 degC"],
            "--set H-101.temperature is given 2 times; give it once",
        ),
        (["--set", "F-101.lye=1", "--set", "F-101.lye=1"], "--set F-101.lye is given 2 times"),
        (
            ["--target", "H-101.duty=1 kW", "--free", "E-101.conductance"] * 2,
            "--target H-101.duty is given 2 times",
        ),
        (["--set", "F-101.amount[KCl]=1 mol/s"], "takes one of: H2O, KOH"),
        (["--set", "H-101.duty=3 kW"], "has no specification 'duty'"),
        (["--target", "H-101.duty=100 kW"], "need as many --free"),
        (["--target", "H-101.duty=100 kW", "--free", "E-101.duty"], "cannot be freed"),
        (["--variant", "warm"], "has no variant 'warm'"),
        (["--json", "no/such/folder/x.json"], "no such folder"),
        (["--json", "."], "--json .: this is a folder. Name a file in it"),
        (["--json", ""], "--json '': the name is empty. Name a file, or - for the standard output"),
        (["--csv", ""], "--csv '': the name is empty. Name a folder"),
        (
            ["--target", "H-101.duty=100 kW", "--free", "E-101.conductanc"],
            "You wrote --target H-101.duty=100 kW --free E-101.conductanc.",
        ),
    ],
)
def test_wrong_usage(words: list[str], message: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(*words) == 2
    seen = capsys.readouterr()
    assert message in seen.err
    assert "Traceback" not in seen.err
    assert seen.out == ""


def test_a_potential_of_a_shipped_plant_against_its_own_electrode(
    capsys: pytest.CaptureFixture[str],
) -> None:
    def words(volts: str) -> list[str]:
        return ["run", "nitrate-to-hydrazine", "--set", f"E-201.anode_potential={volts}"]

    for volts in ("1.3 V vs Ag/Ag+", "1.84 V vs SHE", "1.643 V vs Ag/AgCl"):  # 0.54, 0.197 V
        plant = prepare(parser().parse_args(words(volts)))
        assert plant.value("E-201.anode_potential") == pytest.approx(1.3, abs=1e-9)
    assert main(words("1.3 V vs Ag/Ag2+")) == 2
    assert "There is no potential scale 'Ag/Ag2+'" in capsys.readouterr().err
    assert main(words("1.3 V")) == 2
    assert "Write '1.3 V vs Ag/Ag+'" in capsys.readouterr().err


def test_wrong_words_of_argparse() -> None:
    with pytest.raises(SystemExit) as error:
        main(["run"])
    assert error.value.code == 2
    assert main([]) == 2


def test_plant_that_cannot_be_solved(capsys: pytest.CaptureFixture[str]) -> None:
    # Steam of 411 K cannot heat to 405 K with 10 K left; under pressure, so that nothing boils.
    pressed = ["--set", "F-101.pressure=6 bar", "--set", "F-102.pressure=6 bar"]
    assert run("--set", "H-101.temperature=405 K", *pressed, "--json", "out.json") == 1
    assert "cannot heat to 405 K (131.85 C)" in capsys.readouterr().err
    record = json.loads(Path("out.json").read_text())
    assert record["status"] == "infeasible"
    assert "Choose a hotter utility" in record["reason"]


def test_debug_raises() -> None:
    with pytest.raises(UsageError, match="no route"):
        main(["run", "nowhere", "--debug"])


def test_error_of_a_plant_is_told_without_traceback(capsys: pytest.CaptureFixture[str]) -> None:
    Path("plant.py").write_text("def build(basis):\n    return 1 / 0\n")
    assert main(["run", "plant.py"]) == 1
    assert "ZeroDivisionError" in capsys.readouterr().err


def test_csv() -> None:
    assert run("--csv", "tables") == 0
    rows = list(csv.DictReader(Path("tables/streams.csv").read_text("utf-8").splitlines()))
    assert {r["stream"] for r in rows} >= {"lye", "hot lye", "liquor"}
    assert float(next(r for r in rows if r["stream"] == "lye")["K+ [mol/s]"]) == 1.0
    for name in ("quantities", "headline", "audits"):
        assert Path(f"tables/{name}.csv").stat().st_size > 30


def test_csv_below_a_file_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    Path("taken").write_text("x", encoding="utf-8")
    for folder in ("taken", "taken/tables"):
        assert run("--csv", folder) == 2
        assert "taken is a file; name a folder" in capsys.readouterr().err


def test_check(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["check", str(WARM)]) == 0
    out = capsys.readouterr().out
    assert "redone from JSON" in out
    assert "as recorded" in out
    assert "All checks hold" in out
    assert main(["check", str(WARM), "--record"]) == 0
    assert '[recorded."liquor"]' in capsys.readouterr().out
    assert main(["new", "mine", "--from", str(WARM)]) == 0
    basis = (tmp_path / "mine" / "basis.toml").read_text()
    spare = '\n[H-109]\nx = { value = 1, unit = "K", source = "s", class = "recalled" }\n'
    (tmp_path / "mine" / "basis.toml").write_text(basis + spare)
    changed = '[recorded."liquor"]\nvalue = 1\nunit = "kg/s"\n'
    (tmp_path / "mine" / "expected.toml").write_text(changed)
    assert main(["check", "mine", "--variant", "cool"]) == 0
    assert "recorded" not in capsys.readouterr().out  # of the default, not of the variant
    bad = '[sourced."liquor"]\nvalue = 1\nunit = "kg/s"\ntolerance = 0.1\nsource = "none"\n'
    (tmp_path / "mine" / "expected.toml").write_text(bad)
    capsys.readouterr()
    assert main(["check", "mine"]) == 1
    assert "FAIL  mine: liquor = 1.4415 kg/s, expected 1 +/- 0.1" in capsys.readouterr().out
    (tmp_path / "mine" / "expected.toml").unlink()
    assert main(["check", "mine"]) == 1
    assert "H-109.x, which build() never reads" in capsys.readouterr().out
    assert main(["check"]) == 2


def test_new_and_draw(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["new", "mine", "--from", str(WARM)]) == 0
    assert not Path("mine/expected.toml").exists()
    assert main(["new", "mine", "--from", str(WARM)]) == 2
    assert "already there" in capsys.readouterr().err
    assert main(["run", "mine"]) == 0
    assert main(["draw", "mine/plant.py", "-o", "x.svg"]) == 0
    assert "hot liquor" in Path("x.svg").read_text()
    assert main(["draw", "mine", "-o", "x.png"]) == 2
    assert main(["draw", "mine", "-o", "nowhere/x.svg"]) == 2


def test_optimise(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["optimise", str(WARM), "--json", "o.json"]) == 0
    out = capsys.readouterr().out
    assert "Active set: the liquor is warm enough." in out
    assert "Inside their ranges: E-101.conductance, H-101.temperature." in out
    assert json.loads(Path("o.json").read_text())["optimum"]["active"] == [
        "the liquor is warm enough"
    ]
    assert main(["optimise", str(WARM), "--problem", "none.toml"]) == 2


def test_list_units_species(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["list"]) == 0
    assert main(["units"]) == 0
    assert "HeatExchanger" in capsys.readouterr().out
    assert main(["units", "HeatExchanger"]) == 0
    out = capsys.readouterr().out
    assert "area times overall coefficient" in out
    assert "W/K" in out
    assert main(["units", "HeatExchangr"]) == 2
    assert "Did you mean 'HeatExchanger'" in capsys.readouterr().err
    assert main(["species"]) == 0
    assert "NO3-" in capsys.readouterr().out
    assert main(["species", "--detail", "NH4+"]) == 0
    assert "Wagman" in capsys.readouterr().out
    assert main(["species", "--detail", "NH5"]) == 2


def test_cell(capsys: pytest.CaptureFixture[str]) -> None:
    words = ["cell", "--current-density", "1.035 A/cm2", "--fe", "NO3- -> NH3=100 %"]
    assert main([*words, "--voltage", "2.2 V", "--production", "1 t/d"]) == 0
    out = capsys.readouterr().out
    assert "4.827 mmol/h/cm2" in out
    assert "electrode area" in out
    assert main(words) == 2
    assert "Give --voltage, or all kinetics" in capsys.readouterr().err
    assert main([*words, "--voltage", "0.3 V"]) == 1
    assert main([*words, "--voltage", "2.2 V vs RHE"]) == 2
    assert main([*words, "--voltage", "2.2 V", "--nitrate", "1 mol/L"]) == 2
    capsys.readouterr()
    assert main(["cell", "--current-density", "200", *words[3:], "--voltage", "2.5 V"]) == 2
    seen = capsys.readouterr().err
    assert "--current-density: a bare 200 could mean 200 A/m2 or 200 mA/cm2" in seen
    assert main([*words, "--voltage", "2.2 m"]) == 2
    assert "--voltage: '2.2 m' is given in m, but V (or a unit of the same kind) is wanted" in (
        capsys.readouterr().err
    )
    for more in (
        ["--voltage", "60 V"],
        ["--voltage", "2.2 V", "--production", "-1 t/d"],
        ["--voltage", "2.2 V", "--nitrate", "-1 mol/L", "--mass-transfer", "1e-5 m/s"],
    ):
        assert main([*words, *more]) == 2
        assert capsys.readouterr().out == ""
    limits = ["--nitrate", "0.1 mol/L", "--mass-transfer", "1e-5 m/s"]
    assert main([*words, "--voltage", "2.2 V", *limits]) == 1
    capsys.readouterr()
    kinetics = ["--cathode-tafel", "120 mV", "--cathode-exchange", "1e-5 A/m2"]
    kinetics += ["--anode-tafel", "50 mV", "--anode-exchange", "1e-4 A/m2"]
    kinetics += ["--resistance", "2.157874 ohm cm2"]
    words = ["cell", "--current-density", "300 mA/cm2", "--fe", "NO3- -> NH3=0.9", *kinetics]
    assert main(words) == 0
    assert "2.553 V" in capsys.readouterr().out  # the note's 2.5535 V


def test_cell_adds_up_what_two_half_reactions_make(capsys: pytest.CaptureFixture[str]) -> None:
    words = ["cell", "--current-density", "200 mA/cm2", "--voltage", "2.5 V"]
    assert main([*words, "--fe", "NO3- -> NH3=0.5", "--fe", "NO2- -> NH3=0.3"]) == 0
    out = capsys.readouterr().out
    assert "NH3 per electrode area, 2 half-reactions together" in out
    assert "0.8395 mmol/h/cm2" in out  # by hand in test_cellcard.py


def test_options_are_split() -> None:
    assert split("A.b=3 kW", "--set") == ("A.b", "3 kW")
    assert split("A.fe[NO3- + 9 H+ = NH3]=0.9", "--set") == ("A.fe[NO3- + 9 H+ = NH3]", "0.9")
    assert efficiencies(["NO3- -> NH3=90 %"]) == {"NO3- -> NH3": 0.9}
    with pytest.raises(UsageError, match="given twice"):
        efficiencies(["a=0.1", "a=0.2"])
    with pytest.raises(UsageError, match="write --fe"):
        efficiencies(["0.9"])
