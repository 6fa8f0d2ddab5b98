"""The page on plants that do not solve shows what its commands print."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from noxplant.cli import main

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "howto" / "when-a-plant-does-not-solve.md"
SHOWN = re.findall(
    r"^```console\n\$ noxplant (.*?)\n(.*?)^```", PAGE.read_text("utf-8"), re.M | re.S
)
NUMBER = re.compile(r"\d+\.\d+|\d+")


def alike(a: str, b: str) -> bool:
    """The same words; numbers to 1e-3, for other machines round otherwise."""
    if NUMBER.split(a) != NUMBER.split(b):
        return False
    pairs = zip(NUMBER.findall(a), NUMBER.findall(b), strict=True)
    return all(abs(float(x) - float(y)) <= 1e-3 * abs(float(x)) for x, y in pairs)


def test_all_three_are_shown() -> None:
    assert sorted(p.name for p in (ROOT / "tests" / "data" / "broken").iterdir()) == sorted(
        command.rpartition("/")[2] for command, _ in SHOWN
    )


@pytest.mark.parametrize(("command", "shown"), SHOWN, ids=[c for c, _ in SHOWN])
def test_what_is_shown_is_what_is_printed(
    command: str,
    shown: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(ROOT)
    assert main(command.split()) == 1
    assert alike(capsys.readouterr().out, shown)
