"""The book of constants as `noxplant species --detail NAME` shows it: every number with its range."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final

from noxplant.species.numbers import Datum, all_data, read

_SPAN = re.compile(r"-?\d[\d.]*(?:e-?\d+)?\.\.-?\d[\d.]*(?:e-?\d+)? ?(?:K|C|mol/kg|mol/L|Pa)\b")
_FILES: Final = ("pitzer", "vle", "couples", "published", "equilibrium", "reference")
"""Files whose keys name several species."""

AQUEOUS: Final = "273.15..373.15 K"
ORGANIC: Final = "253.15..353.15 K"
ROOM: Final = "298.15 K"
_BY_QUANTITY: Final = {
    "gibbs": ROOM,
    "enthalpy": ROOM,
    "potential": ROOM,
    "log10_k": ROOM,
    "known": ROOM,
    "coefficients": "",
    "density": "293..298 K, taken as constant",
    "middle": "-",
    "electrons": "-",
}
_BY_TABLE: Final = {
    "aqueous.species": AQUEOUS,
    "aqueous.constant": AQUEOUS,
    "aqueous.henry": AQUEOUS,
    "organic.species": ORGANIC,
    "organic.volatility": ORGANIC,
    "solid.species": "253.15..400 K, taken as constant",
    "liquids.constant": "-",
    "excess.apparent": "298.15 K; molality to the limit",
    "dilution.apparent": "298.15 K",
    "melting.species": "1 bar",
    "vapour.constant": "250..400 K",
    "water.saturation": "253.15..640 K",
    "water.fusion": "273.15 K",
    "water.density": "273.15..473.15 K",
    "published.reaction": "-",
    "published.printed": "-",
    "published.need": ROOM,
    "pitzer.pair": "288.15..318.15 K",
    "pitzer.neutral": "288.15..318.15 K",
    "pitzer.salting": "288.15..318.15 K",
    "pitzer.estimate": "288.15..318.15 K",
    "quench.grid": "-",
    "reference.slope": "288.15..308.15 K",
    "solid.solubility": "273.15..373.15 K",
    "solid.solubility_alternative": "273.15..373.15 K",
    "excess.H2SO4": "298.15 K; 0..50 mol water per mol",
    "equilibrium.humid_air": "253.15..353.15 K",
    "pitzer.theta": ROOM,
    "pitzer.psi": ROOM,
}
UNSTATED: Final = "not stated"


@dataclass(frozen=True)
class Entry:
    """One number of the book.

    Attributes:
        quantity: file and quantity, with the key where that names several species.
        value: a float, or a tuple of coefficients.
        unit: SI, or the units of a formula in words.
        range: where it holds; "-" where that has no meaning, "not stated" where nobody says.
        source: in words.
        kind: measured, library, correlation, estimate, assumption or recalled.
    """

    quantity: str
    value: Any
    unit: str
    range: str
    source: str
    kind: str


def _parts(path: str) -> tuple[str, str, str, str]:
    """File, table, key and quantity of a path."""
    file, *middle, last = path.split(".")
    table = ".".join([file, *middle[:1]])
    return file, table, middle[-1] if middle else last, last


def _sibling(d: Datum) -> str:
    """Range or limit that stands next to a datum."""
    file, *middle, last = d.path.split(".")
    here: Any = read(file)
    for part in middle:
        here = here[part]
    found = []
    for key in (f"{last}_range", "range", "limits", "limit"):
        entry = here.get(key) if isinstance(here.get(key), dict) else None
        if entry is None:
            continue
        value, units = entry["value"], entry["unit"].split(", ")
        ends = value if isinstance(value, list) else [0.0, value]
        found.append(f"{ends[0]:g}..{ends[1 if len(units) > 1 else -1]:g} {units[0]}")
        if len(ends) == 3 and len(units) == 3:
            found.append(f"to {ends[2]:g} {units[2]}")
        break
    return ", ".join(found)


def range_of(d: Datum) -> str:
    """Range of validity of a datum in words.

    From its note, else from the range that stands beside it, else from what the module that uses
    it states for the whole table.

    >>> from noxplant.species.numbers import datum
    >>> range_of(datum("solid.solubility.KNO3(s).logarithmic"))
    '273.15..373.15 K'
    >>> range_of(datum("aqueous.constant.NH4+.analytic"))
    '273.15..373.15 K'
    """
    file, table, _, last = _parts(d.path)
    if last.endswith(("range", "limit", "limits", "error")) or file == "elements":
        return "-"
    noted = _SPAN.findall(d.source)
    if noted:
        return ", ".join(noted)
    beside = _sibling(d)
    if beside:
        return beside
    if file in ("gas", "plasma") and last in ("low", "high"):
        return "200..1000 K" if last == "low" else "1000..6000 K"
    return _BY_QUANTITY.get(last) or _BY_TABLE.get(table) or UNSTATED


def _concerns(d: Datum, name: str) -> bool:
    file, _, key, _ = _parts(d.path)
    if key == name:
        return True
    if file not in _FILES or (file == "published" and "->" not in key):
        return False
    tokens = re.sub(r"\((?:g|l|aq)\)", "", key).split(" ")
    return name in tokens


def entries(name: str) -> list[Entry]:
    """Every number about a species, also those of pairs and reactions it takes part in.

    Args:
        name: species or solid, e.g. "NH3", "KNO3(s)", "cyclohexanone".
    """
    out = []
    for d in all_data():
        if not _concerns(d, name):
            continue
        file, _, key, last = _parts(d.path)
        words = f"{file} {last}" if key == name else f"{file} {last} of {key}"
        out.append(Entry(words, d.value, d.unit, range_of(d), d.source, d.kind))
    return out
