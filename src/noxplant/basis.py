"""The basis of a route: every number that it assumes, with unit, source and class."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from noxplant import measures
from noxplant.errors import SpecError, UsageError, nearest
from noxplant.species.numbers import CLASSES

_INDEXED = re.compile(r"([^\[]+)\[(.+)\]")
_KNOWN = {"value", "unit", "source", "class", "low", "high", "reason"}


@dataclass(frozen=True)
class Entry:
    """One number of a basis.

    Attributes:
        name: such as "E-101.current_density" or "E-101.faradaic_efficiency[NO3- -> NH3]".
        value: SI.
        unit: SI unit.
        given: value and unit as written.
        kind: measured, library, correlation, estimate, assumption or recalled.
        low: smallest plausible value, SI; always there for an assumption.
        high: largest plausible value, SI; always there for an assumption.
        reason: one sentence; always there for an assumption.
        written: unit as written.
    """

    name: str
    value: float
    unit: str
    given: str
    source: str
    kind: str
    low: float | None = None
    high: float | None = None
    reason: str = ""
    written: str = ""

    @property
    def measured(self) -> measures.Measured:
        """The value, SI, with the unit it was written in."""
        return measures.Measured(self.value, self.written or self.unit, self.given)

    def as_dict(self) -> dict[str, Any]:
        """The entry as reports and JSON list it."""
        return {
            "name": self.name,
            "value": self.value,
            "unit": self.unit,
            "given": self.given,
            "source": self.source,
            "class": self.kind,
            "low": self.low,
            "high": self.high,
            "reason": self.reason,
        }


class Basis(Mapping[str, float]):
    """Numbers of a route by name, in SI; it remembers which were read.

    ``basis["E-101.voltage"]`` is a float that knows its unit, ``basis.of("E-101")`` all numbers of
    a unit as keyword arguments, ``basis.choice("plant.acid")`` a plain text.
    """

    def __init__(
        self, entries: Mapping[str, Entry], choices: Mapping[str, str], origin: str
    ) -> None:
        """Take entries and choices as read; `origin` names the file for messages."""
        self.entries, self.choices, self.origin = dict(entries), dict(choices), origin
        self.read: set[str] = set()

    def __getitem__(self, name: str) -> measures.Measured:
        if name not in self.entries:
            raise SpecError(
                f"{self.origin} has no number {name!r}.{nearest(name, self.entries)}\n"
                "  Give it value, unit, source and class there."
            )
        self.read.add(name)
        return self.entries[name].measured

    def __iter__(self) -> Iterator[str]:
        return iter(self.entries)

    def __len__(self) -> int:
        return len(self.entries)

    def __contains__(self, name: object) -> bool:
        return name in self.entries

    def of(self, table: str) -> dict[str, Any]:
        """All numbers of a table (a unit) by short name; indexed ones as a mapping. Empty if there is none.

        The names of a table such as ``[rigorous]`` may begin with a unit: ``of("rigorous.E-101")``.
        """
        out: dict[str, Any] = {}
        for name in self.entries:
            key = name.removeprefix(f"{table}.")
            if key == name:
                continue
            match = _INDEXED.fullmatch(key)
            if match:
                out.setdefault(match.group(1), {})[match.group(2)] = self[name]
            else:
                out[key] = self[name]
        return out

    def choice(self, name: str) -> str:
        """A plain text of the basis, such as which acid is used."""
        if name not in self.choices:
            raise SpecError(f"{self.origin} has no choice {name!r}.{nearest(name, self.choices)}")
        self.read.add(name)
        return self.choices[name]

    def override(self, values: Mapping[str, float]) -> Basis:
        """The same basis with other values (SI) for some names."""
        from dataclasses import replace

        new = dict(self.entries)
        for name, value in values.items():
            _ = self[name]
            new[name] = replace(
                new[name],
                value=value,
                given=f"{value!r} {new[name].unit}",
                source="given by the user",
            )
        other = Basis(new, self.choices, self.origin)
        other.read = self.read & set(
            self.choices
        )  # tables taken from other routes are read already
        return other

    def unread(self) -> list[str]:
        """Names that nothing has read; a text at the top of the file is a remark."""
        named = (*self.entries, *(n for n in self.choices if "." in n))
        return [n for n in named if n not in self.read]

    def assumptions(self) -> list[dict[str, Any]]:
        """Entries of class assumption, for the report."""
        return [e.as_dict() for e in self.entries.values() if e.kind == "assumption"]


def read_basis(path: Path, variant: Path | None = None) -> Basis:
    """Read a `basis.toml`, and over it a variant of it.

    Args:
        path: the basis.
        variant: a file of the same form; its entries win.

    Raises:
        SpecError: a number without value, unit, source or class, an assumption without range and
            reason; the message names file and number.
    """
    entries: dict[str, Entry] = {}
    choices: dict[str, str] = {}
    for file in (path, variant):
        if file is None:
            continue
        try:
            tables = tomllib.loads(file.read_text("utf-8"))
        except tomllib.TOMLDecodeError as error:
            raise SpecError(f"{file}: {error}.") from None
        _walk(file.name, "", tables, entries, choices)
    return Basis(entries, choices, str(path) if variant is None else f"{path} with {variant.name}")


def _walk(
    file: str,
    path: str,
    table: Mapping[str, Any],
    entries: dict[str, Entry],
    choices: dict[str, str],
) -> None:
    for key, item in table.items():
        name = f"{path}.{key}" if path else key
        if isinstance(item, str):
            choices[name] = item
        elif not isinstance(item, dict):
            raise SpecError(
                f"{file}: {name} = {item!r} has no unit and no source.\n  Write {key} = {{ value ="
                ' ..., unit = "...", source = "...", class = "..." }.'
            )
        elif "value" in item:
            entries[name] = _entry(file, name, item)
        else:
            _walk(file, name, item, entries, choices)


def _entry(file: str, name: str, item: Mapping[str, Any]) -> Entry:
    label = f"{file}: {name}"
    for key in item:
        if key not in _KNOWN:
            raise SpecError(f"{label}: there is no field {key!r}.{nearest(key, _KNOWN)}")
    missing = [k for k in ("unit", "source", "class") if not isinstance(item.get(k), str)]
    if missing:
        raise SpecError(f"{label} has no {', no '.join(missing)} (text).")
    kind, unit = item["class"], item["unit"]
    if kind not in CLASSES:
        raise SpecError(
            f"{label}: class {kind!r} is none of {', '.join(CLASSES)}.{nearest(kind, CLASSES)}"
        )
    if kind == "assumption" and any(k not in item for k in ("low", "high", "reason")):
        lacks = [k for k in ("low", "high", "reason") if k not in item]
        raise SpecError(
            f"{label} is an assumption, so it also needs low, high and reason; it lacks"
            f" {', '.join(lacks)}."
        )
    numbers = {k: _si(label, k, item[k], unit) for k in ("value", "low", "high") if k in item}
    low, high = numbers.get("low"), numbers.get("high")
    if low is not None and high is not None and not low <= numbers["value"] <= high:
        raise SpecError(
            f"{label}: value {item['value']} {unit} lies outside its own range, low {item['low']}"
            f" to high {item['high']}."
        )
    return Entry(
        name,
        numbers["value"],
        measures.si_unit(unit),
        f"{item['value']!r} {unit}",
        item["source"],
        kind,
        low,
        high,
        str(item.get("reason", "")),
        unit,
    )


def _si(label: str, field: str, value: Any, unit: str) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise SpecError(f"{label}: {field} = {value!r} is no number.")
    if not float("-inf") < value < float("inf"):
        raise SpecError(f"{label}: {field} = {value!r} is not finite.")
    try:
        return measures.to_si(value, unit)
    except UsageError as error:
        raise SpecError(f"{label}: {error}") from None
