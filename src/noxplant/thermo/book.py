"""The book of constants as `noxplant species --detail NAME` shows it: every number with its range."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final

from noxplant.errors import SpeciesError
from noxplant.species.numbers import Datum, all_data, read
from noxplant.thermo.gas import HIGHEST, span9

_SPAN = re.compile(r"-?\d[\d.]*(?:e-?\d+)?\.\.-?\d[\d.]*(?:e-?\d+)? ?(?:K|C|mol/kg|mol/L|Pa)\b")
_FILES: Final = ("pitzer", "vle", "couples", "published", "equilibrium", "reference")
"""Files whose keys name several species."""

_PLAIN: Final = ("species", "couple", "nasa7", "nasa9", "solute")
"""Tables whose names say nothing more about a number than its file does."""
_ALONE: Final = ("published", "couples", "liquids.constant", "vapour.constant")
"""Files and tables whose quantities are named by the file alone."""

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
    "laliberte.H2O": AQUEOUS,
    "dilution.H2SO4": "-",
    "equilibrium.oxidation": "273.15..450 K",
    "absorption.acid": "283.15..333.15 K",
    "absorption.film": ROOM,
    "absorption.vapour": "283.15..333.15 K; 0..20 mol/kg",
    "absorption.diffusivity": ROOM,
    "absorption.gas": ROOM,
    "zeldovich.rate": "1000..6000 K",
    "ammonia.synthesis": "573.15..873.15 K, 20..600 atm",
    "ammonia.gauze": "-",
    "ammonia.saturated": "248.15..303.15 K, 50..300 atm",
    "safety.flammability": ROOM,
    "transport.water": AQUEOUS,
    "transport.air": "250..400 K",
    "transport.gas_diffusivity": "250..400 K",
    "transport.liquid_diffusivity": AQUEOUS,
    "transport.ion_diffusivity": AQUEOUS,
    "packings.critical_surface_tension": "-",
    "packings.packing": "-",
    "electrolyser.kinetics": "298.15 K; where to begin",
    "electrolyser.membrane": "298.15 K; where to begin",
    "electrolyser.transfer": "-",
    "electrolyser.bubbles": "-",
}
_LIMITS: Final = ("safety", "literature")
"""Files of limits and of reported points, which have no range themselves."""
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
    if d.path.startswith("pitzer.pair."):
        return _of_pair(middle[-1], last)
    if last.startswith("piece"):
        low, high = span9(middle[-1], int(last[-1]))
        return f"{low:g}..{high:g} K"
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


def _of_pair(key: str, quantity: str) -> str:
    """Temperatures and highest molality of a salt's Pitzer set; of its slopes the wider range."""
    entry = read("pitzer")["pair"][key]
    wide = quantity in ("slopes", "squares", "cubes")
    low, high = read("pitzer")["debye"]["wide" if wide else "narrow"]["value"]
    limit = entry.get("slope_limit" if wide else "limit")
    most = f", to {limit['value']:g} mol/kg" if limit else ""
    return f"{low:g}..{high:g} K{most}"


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
    file, table, key, last = _parts(d.path)
    ends = ("range", "limit", "limits", "error", "molar_mass", "pressures")
    if last.endswith(ends) or file == "elements":
        return "-"
    noted = _SPAN.findall(d.source)
    if noted and table != "pitzer.pair":
        return ", ".join(noted)
    beside = _sibling(d)
    if beside:
        return beside
    if file == "gas" and last in ("low", "high"):
        return "200..1000 K" if last == "low" else f"1000..{HIGHEST.get(key, 6000.0):g} K"
    known = _BY_QUANTITY.get(last) or _BY_TABLE.get(table)
    return known or ("-" if file in _LIMITS else UNSTATED)


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
        key = _parts(d.path)[2]
        what = _words(d)
        words = what if key == name else f"{what} of {_readable(key)}"
        out.append(Entry(words, d.value, d.unit, range_of(d), d.source, d.kind))
    return out


def _words(d: Datum) -> str:
    """File, table where that says more, and quantity of a datum."""
    file, table, _, last = _parts(d.path)
    middle = table.partition(".")[2]
    alone = file in _ALONE or table in _ALONE or d.path.count(".") < 3
    more = not alone and middle not in (*_PLAIN, last, file)
    return f"{file} {middle} {last}" if more else f"{file} {last}"


def _readable(key: str) -> str:
    """Key of a table as people write it: decimal commas stand for points in keys."""
    return re.sub(r"(?<=\d),(?=\d)", ".", key)


def related(name: str) -> tuple[str, ...]:
    """Names under which the book holds more about a substance: its ions, its solid, its salt.

    >>> related("KNO3")
    ('KNO3(s)', 'K+', 'NO3-')
    >>> related("(NH4)2SO4(s)")
    ('NH4+', 'SO4--', '(NH4)2SO4')
    >>> related("NH3")
    ()
    """
    from noxplant.thermo import laliberte, solid

    bare = name.removesuffix("(s)")
    out = []
    if f"{bare}(s)" in solid.names() and name == bare:
        out.append(f"{bare}(s)")
    try:
        out += list(solid.ions_of(f"{bare}(s)"))
    except SpeciesError:
        out += _SOLUTES.get(bare, ())
    if name != bare and bare in laliberte.solutes():
        out.append(bare)
    return tuple(out)


_SOLUTES: Final[dict[str, tuple[str, ...]]] = {
    "HCl": ("H+", "Cl-"),
    "HNO3": ("H+", "NO3-"),
    "H2SO4": ("H+", "HSO4-", "SO4--"),
    "NaOH": ("Na+", "OH-"),
    "NaCl": ("Na+", "Cl-"),
    "NaNO3": ("Na+", "NO3-"),
    "NaNO2": ("Na+", "NO2-"),
    "Na2SO4": ("Na+", "SO4--"),
    "KCl": ("K+", "Cl-"),
    "KNO2": ("K+", "NO2-"),
    "K2CO3": ("K+", "CO3--"),
    "K2SO4": ("K+", "SO4--"),
}
"""Ions of solutes that the book has no solid of."""
