"""`noxplant batch`: what it prints, writes and refuses."""

import csv
import json

import pytest

from noxplant.basis import read_basis
from noxplant.batch import SHIPPED
from noxplant.batch.shipped import FOLDER
from noxplant.cli import main


@pytest.fixture(autouse=True)
def elsewhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def test_lists_the_batches(capsys):
    assert main(["batch"]) == 0
    out = capsys.readouterr().out
    for name in SHIPPED:
        assert name in out


@pytest.mark.parametrize("name", list(SHIPPED))
def test_every_number_has_unit_source_and_class(name, capsys):
    found = SHIPPED[name]
    assert main(["batch", name, "--inputs"]) == 0
    out = capsys.readouterr().out
    basis = found.basis()
    for key, path in found.entries().items():
        assert basis.entries[path].source
        assert key.partition("[")[0] in out


def test_no_number_of_a_basis_is_idle():
    for file in {s.file for s in SHIPPED.values()}:
        taken = {p for s in SHIPPED.values() if s.file == file for p in s.entries().values()}
        idle = [p for p in read_basis(FOLDER / file) if p not in taken]
        assert [p for p in idle if not p.startswith("cycles.")] == []


def test_azine_with_files_and_daily_production(tmp_path, capsys):
    words = ["batch", "azine-first-order", "--turnaround", "2 h", "--csv", "a.csv"]
    assert main([*words, "--json", "a.json", "--plot", "a.svg"]) == 0
    out = capsys.readouterr().out
    for text in (
        "149.1 C",
        "17.66 mA",
        "7.174 kWh/kg",
        "one stirred tank",
        "batches a day",
        "Audits",
    ):
        assert text in out
    found = json.loads((tmp_path / "a.json").read_text())
    assert found["figures"]["charge"]["value"] == pytest.approx(149.12, abs=0.01)
    assert found["inputs"]["volume"] == {"value": 15e-6, "unit": "m3"}
    assert found["continuous"]["production"]["batches"] == pytest.approx(2.0)
    assert found["continuous"]["stirred_time"] > 10 * found["continuous"]["plug_flow_time"]
    assert max(found["audits"].values()) < 1e-8
    rows = list(csv.reader((tmp_path / "a.csv").read_text().splitlines()))
    assert rows[0][:2] == ["time [s]", "conversion [1]"]
    assert len(rows) - 1 == len(found["series"]["time"]["values"])
    picture = (tmp_path / "a.svg").read_text()
    assert "current density / mA/cm2" in picture
    assert "time / h" in picture


def test_settings_with_units_and_scales(capsys):
    words = ["batch", "nitrate-potential", "--set", "cathode_potential=-1.128 V vs SHE"]
    assert main(["batch", "nitrate-potential", "--set", "cathode_potential=-0.3 V"]) == 2
    assert "a potential needs its reference scale" in capsys.readouterr().err
    assert main(words) == 2  # against SHE the pH counts, so it is wanted against RHE
    assert "wanted vs RHE" in capsys.readouterr().err
    given = ["--set", "cathode_potential=-0.25 V vs RHE", "--set", "duration=5 h"]
    given += ["--set", "catholyte_volume=30 mL", "--set", "tafel_slope[H2O -> H2]=110 mV"]
    assert main(["batch", "nitrate-potential", *given, "--json", "-"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["inputs"]["catholyte_volume"]["value"] == pytest.approx(30e-6)
    assert found["inputs"]["tafel_slope[H2O -> H2]"]["value"] == pytest.approx(0.11)
    assert found["series"]["potential vs RHE"]["values"][-1] == pytest.approx(-0.25)


def test_cycles(tmp_path, capsys):
    words = ["batch", "azine", "--cycles", "5", "--make-up", "0", "--loss", "1 %", "--csv", "c.csv"]
    assert main(words) == 0
    out = capsys.readouterr().out
    assert "0.9606" in out
    rows = list(csv.reader((tmp_path / "c.csv").read_text().splitlines()))
    assert [r[0] for r in rows] == ["cycle", "1", "2", "3", "4", "5"]
    assert main(["batch", "azine", "--cycles", "2", "--json", "-"]) == 0
    assert len(json.loads(capsys.readouterr().out)["cycles"]) == 2


def test_a_refusal_has_the_time_and_status_one(capsys):
    assert main(["batch", "nitrate-current", "--set", "duration=40 h"]) == 1
    err = capsys.readouterr().err
    assert "after 26.7" in err
    assert "hydroxide is used up" in err


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (["azin"], "There is no batch 'azin'. Did you mean 'azine'?"),
        (["azine", "--set", "wter=1"], "takes no 'wter'. Did you mean 'water'?"),
        (["azine", "--set", "water"], "write --set 'UNIT.SPEC=VALUE UNIT'"),
        (["azine", "--set", "volume=15 h"], "m3 (or a unit of the same kind) is wanted"),
        (["azine", "--set", "volume=-1 mL"], "Give a finite number above 0 m3"),
        (["azine", "--set", "water=0", "--set", "water=1 mol/L"], "--set water is given twice"),
        (["azine", "--set", "temperature=25"], "25"),
        (["azine", "--turnaround", "-2 h"], "give a time from zero"),
        (["azine", "--plot", "a.png"], "pictures are SVG"),
        (["azine", "--csv", "none/a.csv"], "there is no such folder"),
        (["azine", "--loss", "0.1"], "--loss and --make-up are of --cycles"),
        (["azine", "--cycles", "2", "--plot", "a.svg"], "--plot is of a single batch"),
        (["azine", "--cycles", "0"], "give a whole number from 1"),
        (["stripping", "--cycles", "2"], "no benzophenone to use again"),
        (["--turnaround", "2 h"], "--turnaround: name a batch"),
    ],
)
def test_wrong_usage_is_told(words, text, capsys):
    assert main(["batch", *words]) == 2
    assert text in capsys.readouterr().err
