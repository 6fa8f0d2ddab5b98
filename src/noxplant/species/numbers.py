"""The book of numbers: every physical value with unit, source and class, read from `data/*.toml`.

A *datum* is an inline table `{ value, unit, source, class }`; its path is `file.table.name`, for
example `aqueous.species.NH3.enthalpy`. Sources are short names explained in `data/sources.toml`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from noxplant.errors import ModelError, nearest

CLASSES = ("measured", "library", "correlation", "estimate", "assumption", "recalled")


@dataclass(frozen=True)
class Datum:
    """One number, or one list of coefficients, with where it comes from.

    Attributes:
        path: where it stands, e.g. "aqueous.species.NH3.enthalpy".
        value: a float, or a tuple of floats for the coefficients of a formula.
        unit: SI unit, or the units of a formula in words.
        source: the source in words.
        kind: measured, library, correlation, estimate, assumption or recalled (general
            knowledge that nobody looked up).
    """

    path: str
    value: Any
    unit: str
    source: str
    kind: str


@dataclass(frozen=True)
class Row:
    """One line of `book()`: a number as a reader wants to see it."""

    name: str
    quantity: str
    value: Any
    unit: str
    source: str
    kind: str


@cache
def read(file: str) -> dict[str, Any]:
    """Tables of `data/FILE.toml`, as they stand."""
    text = resources.files("noxplant.species.data").joinpath(f"{file}.toml").read_text("utf-8")
    return tomllib.loads(text)


def files() -> tuple[str, ...]:
    """Names of the data files that hold numbers, without ending."""
    folder = resources.files("noxplant.species.data")
    found = (f.name.removesuffix(".toml") for f in folder.iterdir() if f.name.endswith(".toml"))
    return tuple(sorted(set(found) - {"sources", "species"}))


def source(short: str) -> str:
    """Source in words; `short` may join several short names with " + ".

    >>> source("IUPAC2007")[:14]
    'Atomic weights'
    """
    known = read("sources")
    return "; ".join(known.get(part, part) for part in short.split(" + "))


def _datum(path: str, entry: dict[str, Any]) -> Datum:
    value = entry["value"]
    if isinstance(value, list):
        value = tuple(tuple(v) if isinstance(v, list) else float(v) for v in value)
    elif not isinstance(value, str):
        value = float(value)
    if entry["class"] not in CLASSES:
        raise ModelError(f"{path}: class {entry['class']!r} is none of {', '.join(CLASSES)}.")
    text = source(entry["source"])
    if "note" in entry:
        text = f"{text}. {entry['note']}"
    return Datum(path, value, entry["unit"], text, entry["class"])


@cache
def datum(path: str) -> Datum:
    """Datum at a path such as "aqueous.species.NH3.enthalpy".

    Raises:
        ModelError: no such number; the message lists what is there.
    """
    here: Any = None
    parts = path.split(".")
    for k, part in enumerate(parts):
        if k == 0 and part not in files():
            raise ModelError(f"No data file {part!r}.{nearest(part, files())}")
        if k and part not in here:
            raise ModelError(
                f"No number {path!r}: {'.'.join(parts[:k])!r} has no {part!r}."
                f"{nearest(part, here)} Known there: {', '.join(map(str, here))}."
            )
        here = read(part) if k == 0 else here[part]
    if not isinstance(here, dict) or "value" not in here:
        raise ModelError(f"{path!r} is a table, not a number. It holds: {', '.join(here)}.")
    return _datum(path, here)


def number(path: str) -> Any:
    """Bare value at a path: float, or tuple of floats for coefficients. Units: see `datum`."""
    return datum(path).value


def _walk(path: str, table: dict[str, Any]) -> Iterator[Datum]:
    if "value" in table:
        yield _datum(path, table)
        return
    for key, entry in table.items():
        if isinstance(entry, dict):
            yield from _walk(f"{path}.{key}", entry)


@cache
def all_data() -> tuple[Datum, ...]:
    """Every number in the data files."""
    return tuple(d for f in files() for d in _walk(f, read(f)))


def book() -> list[Row]:
    """Every number as rows (name, quantity, value, unit, source, kind) for tables and reports.

    The quantity starts with the file's name, e.g. "aqueous enthalpy" of NH3.
    """
    rows = []
    for d in all_data():
        file, *middle, last = d.path.split(".")
        name = middle[-1] if middle else last
        quantity = f"{file} {last}" if middle else file
        rows.append(Row(name, quantity, d.value, d.unit, d.source, d.kind))
    return rows
