"""What a shell sees: exit statuses, closed and full outputs, interrupts, plain terminals."""

import os
import shlex
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from noxplant import measures
from noxplant.cli import main

WARM = Path(__file__).resolve().parents[1] / "data" / "routes" / "warm-lye"
FULL, PROC = Path("/dev/full"), Path("/proc")
BUFFERED = {k: v for k, v in os.environ.items() if k != "PYTHONUNBUFFERED"}
needs_full = pytest.mark.skipif(not FULL.exists(), reason="no /dev/full here")
needs_proc = pytest.mark.skipif(not PROC.is_dir(), reason="no /proc here")


@pytest.fixture(autouse=True)
def _empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def shell(text: str, **more: str) -> subprocess.CompletedProcess[str]:
    """A line of bash in which `noxplant` is this one."""
    line = text.replace("noxplant", f"{shlex.quote(sys.executable)} -m noxplant", 1)
    words = ["bash", "-c", line]
    return subprocess.run(words, capture_output=True, text=True, env=BUFFERED | more, check=False)


@needs_full
@pytest.mark.parametrize("unbuffered", ["", "1"])
@pytest.mark.parametrize("command", ["list", f"run {WARM}", "run --help"])
def test_a_full_output_is_no_error_of_noxplant(command: str, unbuffered: str) -> None:
    found = shell(f"noxplant {command} > /dev/full", PYTHONUNBUFFERED=unbuffered)
    if command == "run --help" and unbuffered:
        return  # argparse keeps that to itself
    assert found.returncode == 1
    assert found.stderr.count("what is printed cannot be written: No space left") == 1
    assert "error in noxplant" not in found.stderr
    assert "Traceback" not in found.stderr


@needs_full
def test_a_full_disk_names_the_file(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", str(WARM), "--json", str(FULL)]) == 1
    seen = capsys.readouterr().err
    assert "noxplant run: /dev/full cannot be read or written: No space left on device" in seen
    assert "error in noxplant" not in seen


@needs_proc
@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["run", str(WARM), "--json", "/proc/x.json"], "--json /proc/x.json: the file cannot be"),
        (["run", str(WARM), "--csv", "/proc/foo"], "--csv /proc/foo: the folder cannot be"),
        (["draw", str(WARM), "-o", "/proc/a.svg"], "-o /proc/a.svg: the file cannot be"),
        (["draws", str(WARM), "--file", "/proc/x"], "--file /proc/x: the file cannot be"),
    ],
)
def test_what_cannot_be_written_is_refused_before_the_solve(
    words: list[str],
    message: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def loaded(*_: object) -> None:
        raise AssertionError("no plant must be loaded")

    monkeypatch.setattr("noxplant.routes.module", loaded)
    assert main(words) == 2
    assert message in capsys.readouterr().err


def test_looking_at_an_output_changes_nothing(tmp_path: Path) -> None:
    Path("old.json").write_text("old", encoding="utf-8")
    for name in ("old.json", "new.json"):
        assert main(["run", "nowhere", "--json", name, "--csv", "tables", "--free", "x"]) == 2
        assert main(["draw", "nowhere", "-o", "new.svg"]) == 2
        assert main(["draws", "nowhere", "--file", "old.json"]) == 2
    # Only the JSON of a failure was written.
    assert {p.name for p in tmp_path.iterdir()} == {"old.json", "new.json"}
    assert '"status": "refused"' in Path("new.json").read_text("utf-8")


def test_a_closed_output() -> None:
    found = shell(f"noxplant run {WARM} --json x.json >&-")
    assert (found.returncode, found.stderr) == (0, "")
    assert Path("x.json").read_text("utf-8").startswith("{")
    assert shell(f"noxplant run {WARM} >&- 2>&-").returncode == 0
    found = shell(f"noxplant run {WARM} --json - >&-")
    assert found.returncode == 2
    assert "--json -: the standard output is closed" in found.stderr


@pytest.mark.parametrize("command", ["list", f"run {WARM} --all", f"run {WARM} --json -"])
def test_a_reader_that_goes_is_no_error(command: str) -> None:
    for reader in ("head -1", "true"):
        found = shell(f"noxplant {command} | {reader}; exit ${{PIPESTATUS[0]}}")
        assert (found.returncode, found.stderr) == (0, "")


def test_a_terminal_with_few_letters() -> None:
    plain = {"LC_ALL": "C", "PYTHONIOENCODING": "ascii"}
    found = shell("noxplant species --detail NH3", **plain)
    assert found.returncode == 0
    assert "Numbers of NH3" in found.stdout
    assert found.stdout.isascii()
    found = shell(f"noxplant run {WARM} --json -", **plain)
    assert found.stdout.isascii()
    assert '"status": "solved"' in found.stdout


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_an_interrupt_has_status_130(jobs: str, tmp_path: Path) -> None:
    file = tmp_path / "draws.jsonl"
    words = [sys.executable, "-m", "noxplant", "draws", str(WARM), "--number", "9999"]
    process = subprocess.Popen(
        [*words, "--jobs", jobs, "--file", str(file)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    for _ in range(600):  # until the first draws are made
        if file.is_file() and len(file.read_text().splitlines()) > 2:
            break
        time.sleep(0.1)
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does, to all of them
    _, seen = process.communicate(timeout=60)
    assert process.returncode == 130
    assert seen.endswith("interrupted\n")
    if jobs == "1":  # a helper that is still importing may tell of it
        assert seen == "interrupted\n"


def test_an_interrupt_that_a_library_makes_an_error_of(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def find(_: str) -> None:
        try:
            signal.raise_signal(signal.SIGINT)
        except KeyboardInterrupt:
            raise ImportError("half of a library was loaded") from None

    monkeypatch.setattr("noxplant.routes.find", find)
    before = signal.getsignal(signal.SIGINT)
    assert main(["run", "nowhere"]) == 130
    assert main(["run", "nowhere", "--debug"]) == 130
    assert capsys.readouterr().err == "interrupted\ninterrupted\n"
    assert signal.getsignal(signal.SIGINT) is before


def test_new_prints_a_command_that_can_be_pasted(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["new", "my plant é", "--from", str(WARM)]) == 0
    line = capsys.readouterr().out.splitlines()[-1]
    words = shlex.split(line.removeprefix("Solve it:  noxplant"))
    assert words == ["run", "my plant é/plant.py"]
    assert main(words) == 0
    Path("deep").mkdir()
    assert main(["new", "deep/mine", "--from", str(WARM)]) == 0
    with pytest.raises(SystemExit):
        main(["new", "--help"])
    assert "folder to make: a name, or a path" in capsys.readouterr().out


def test_a_path_that_is_no_route(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", str(tmp_path)]) == 2
    assert f"The folder '{tmp_path}' holds no plant.py" in capsys.readouterr().err
    Path("notes.txt").write_text("x", encoding="utf-8")
    assert main(["run", "notes.txt"]) == 2
    assert "The file 'notes.txt' is no plant.py" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("import nosuchmod\n", "No module named 'nosuchmod'"),
        ("def build(basis):\n    return 1 / 0\n", "ZeroDivisionError"),
        ("open('nothing.csv')\n", "nothing.csv cannot be read or written: No such file"),
    ],
)
def test_an_error_in_a_plant_names_its_line(
    text: str, kind: str, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("plant.py").write_text(f'"""A plant."""\n{text}')
    assert main(["run", "plant.py"]) == 1
    seen = capsys.readouterr().err
    assert kind in seen
    assert f"plant.py, line {1 + text.count(chr(10))}." in seen
    assert "error in noxplant" not in seen


def test_a_choice_of_the_basis_is_reached_by_its_variant(
    capsys: pytest.CaptureFixture[str],
) -> None:
    words = ["run", "nitrate-to-hydrazine", "--set", "plant.configuration=as published"]
    assert main(words) == 2
    seen = capsys.readouterr().err
    assert "plant.configuration: this is a choice of the basis of nitrate-to-hydrazine" in seen
    assert "with --variant: as-published, rigorous." in seen


def test_small_currents_are_shown_in_milliampere() -> None:
    assert measures.words(4.142e-3, "A") == "4.142 mA"
    assert measures.words(1.0, "A") == "0.001 kA"
    assert measures.words(-0.5, "A") == "-500 mA"
    assert measures.words(4.142e-3, "A", si=True) == "0.004142 A"
