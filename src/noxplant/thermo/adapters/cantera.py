"""NASA polynomials read from Cantera's data files and written as `species/data/*.toml`.

Run `python -m noxplant.thermo.adapters.cantera FOLDER` to regenerate gas.toml and plasma.toml.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

_PLAIN = (
    *("N2", "O2", "H2", "Ar", "H2O", "NH3", "CO2", "NO", "NO2", "N2O", "N2O3", "N2O4", "N2O5"),
    *("HNO2", "HNO3", "N", "O", "H", "OH", "N2H4", "CO", "CH4"),
)
_IONS = ("N2+", "O2+", "NO+", "N+", "O+")
GAS = {name: name for name in (*_PLAIN, *_IONS)}  # our name: Cantera's
GAS |= {"HCl": "HCL", "Cl2": "CL2", "e-": "Electron"}
PLASMA = ("N2", "O2", "N", "O", "NO", "N2+", "O2+", "NO+", "N+", "O+", "e-")


def _load(file: str) -> dict[str, Any]:
    import cantera as ct

    return {s.name: s.thermo for s in ct.Species.list_from_file(file)}


def nasa7(name: str) -> tuple[float, list[float], list[float]]:
    """(middle temperature [K], low, high coefficients a1..a7) of a gas in nasa_gas.yaml.

    Source: Cantera, nasa_gas.yaml; reference pressure 101325 Pa.
    """
    table = _load("nasa_gas.yaml")
    return _nasa7(table[GAS[name]])


def _nasa7(thermo: Any) -> tuple[float, list[float], list[float]]:
    c = [float(x) for x in thermo.coeffs]
    return c[0], c[8:15], c[1:8]


def nasa9(name: str) -> tuple[list[float], list[list[float]]]:
    """(piece limits [K], coefficients a1..a7, b1, b2 of each piece) of a species in airNASA9.yaml.

    Source: Cantera, airNASA9.yaml; reference pressure 101325 Pa.
    """
    data = _load("airNASA9.yaml")[name].input_data
    limits = [float(x) for x in data["temperature-ranges"]]
    return limits, [[float(x) for x in piece] for piece in data["data"]]


def _line(key: str, value: Any, unit: str, source: str) -> str:
    tail = f'unit = "{unit}", source = "{source}", class = "library"'
    return f"{key} = {{ value = {value!r}, {tail} }}"


def gas_toml() -> str:
    """Text of gas.toml: NASA-7 coefficients of every gas in `GAS`."""
    table = _load("nasa_gas.yaml")
    lines = ["# NASA-7 polynomials. Written by noxplant.thermo.adapters.cantera; do not edit.", ""]
    for name, theirs in GAS.items():
        middle, low, high = _nasa7(table[theirs])
        if middle >= float(table[theirs].max_temp):
            middle, high = 1000.0, low
        lines += [
            f'[nasa7."{name}"]',
            _line("middle", middle, "K", "CANTERA_NASA"),
            _line("low", low, "NASA-7 a1..a7", "CANTERA_NASA"),
            _line("high", high, "NASA-7 a1..a7", "CANTERA_NASA"),
            "",
        ]
    return "\n".join(lines)


def plasma_toml() -> str:
    """Text of plasma.toml: NASA-9 coefficients of the 11 species of airNASA9.yaml."""
    lines = ["# NASA-9 polynomials. Written by noxplant.thermo.adapters.cantera; do not edit.", ""]
    for name in PLASMA:
        limits, pieces = nasa9(name)
        lines += [f'[nasa9."{name}"]', _line("limits", limits, "K", "CANTERA_AIR9")]
        for k, piece in enumerate(pieces):
            lines.append(_line(f"piece{k}", piece, "NASA-9 a1..a7, b1, b2", "CANTERA_AIR9"))
        lines.append("")
    return "\n".join(lines)


def write(folder: Path) -> None:
    """Write gas.toml and plasma.toml into `folder`."""
    (folder / "gas.toml").write_text(gas_toml(), "utf-8")
    (folder / "plasma.toml").write_text(plasma_toml(), "utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1]))
