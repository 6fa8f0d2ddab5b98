"""Sections of docs/reference/engine.md, each between two markers and written by its own benchmark."""

import argparse
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "reference" / "engine.md"
TITLE = "# The engine, measured\n"


def put(name, text):
    """Replace the section `name` of the page, or append it; the rest stays as it is."""
    begin, end = f"<!-- {name}: begin -->", f"<!-- {name}: end -->"
    page = PAGE.read_text("utf-8") if PAGE.is_file() else TITLE
    section = f"{begin}\n{text.strip()}\n{end}"
    if begin in page:
        head, _, rest = page.partition(begin)
        page = head + section + rest.partition(end)[2]
    else:
        page = f"{page.rstrip()}\n\n{section}\n"
    PAGE.write_text(page, "utf-8")


def show(name, text, what):
    """Print a section; write it into the page when `--write` is among the arguments."""
    parser = argparse.ArgumentParser(description=what)
    parser.add_argument("--write", action="store_true", help=f"write the section into {PAGE.name}")
    arguments = parser.parse_args()
    body = text()
    print(body)  # noqa: T201
    if arguments.write:
        put(name, body)
