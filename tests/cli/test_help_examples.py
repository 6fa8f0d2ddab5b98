"""Every example that a `--help` prints can be typed as it stands."""

import argparse
import shlex
from pathlib import Path

import pytest

from noxplant.cli import COMMANDS, main, parser
from noxplant.commands.common import prepare
from noxplant.flowsheet.degrees import missing_specs

COSTLY = {"run", "check", "compare", "optimise", "draws", "fit"}
"""Commands that solve whole plants or read a user's file: their examples are only parsed here."""


def texts() -> dict[str, str]:
    """Text below the options, by command; "" for the command line as a whole."""
    found = parser()
    (sub,) = [a for a in found._actions if isinstance(a, argparse._SubParsersAction)]
    return {"": found.epilog or "", **{k: p.epilog or "" for k, p in sub.choices.items()}}


def examples() -> list[list[str]]:
    """Words of every example, without what is piped or explained behind it."""
    out = []
    for text in texts().values():
        for line in text.replace("\\\n", " ").splitlines():
            if line.startswith("  noxplant "):
                words = shlex.split(line.partition(" | ")[0].partition(" >> ")[0])[1:]
                if words[0] == "list":  # an explanation stands behind it
                    words = words[:1]
                if words[0] == "run" and "solve" in words:
                    words = words[: words.index("solve")]
                out.append(words)
    return out


@pytest.mark.parametrize("words", examples(), ids=" ".join)
def test_example(words: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    if words[0] in COSTLY or "--industry" in words:
        assert parser().parse_args(words).command == words[0]
        return
    assert main(words) == 0


def test_the_examples_of_run_can_be_prepared(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["new", "my-plant", "--from", "nitrate-to-hydrazine"]) == 0
    found = [words for words in examples() if words[0] == "run"]
    assert any("--target" in words for words in found)
    for words in found:
        assert missing_specs(prepare(parser().parse_args(words))) == []


def test_every_command_that_takes_more_than_a_name_shows_an_example() -> None:
    shown = {words[0] for words in examples()}
    assert shown <= set(COMMANDS)
    assert {"run", "optimise", "draw", "new", "cell", "units", "species"} <= shown
