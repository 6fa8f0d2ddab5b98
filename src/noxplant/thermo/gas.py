"""Ideal-gas enthalpy, heat capacity, entropy and Gibbs energy.

NASA-7 polynomials of Cantera's nasa_gas.yaml (`data/gas.toml`), NASA-9 polynomials of its
airNASA9.yaml (`data/plasma.toml`), and constant heat capacities for acetonitrile, methanol and
formaldehyde vapour (`data/vapour.toml`). Standard pressure 101325 Pa, as Cantera has it. Numbers
outside the ranges are refused, Pyomo variables bounded, plants warn (`noxplant.thermo.used`).
"""

from __future__ import annotations

from functools import cache
from typing import Any

from noxplant import maths
from noxplant.constants import GAS_CONSTANT as R
from noxplant.constants import T_REFERENCE
from noxplant.errors import SpeciesError, nearest
from noxplant.species.numbers import number, read
from noxplant.thermo import used

BANDS = {"cold": "low", "hot": "high"}
"""Temperature bands and the piece of the polynomial that each takes."""
LIMITS = {"cold": (200.0, 1300.0), "hot": (1000.0, 6000.0)}
"""Range of a band, K. The cold piece is made for 200..1000 K."""
VAPOUR = (250.0, 400.0)
"""Range of a constant heat capacity, K."""


def names() -> tuple[str, ...]:
    """Names of the gases with data."""
    return (*read("gas")["nasa7"], *read("vapour")["constant"])


@cache
def _coefficients(name: str, band: str) -> tuple[float, ...]:
    """NASA-7 coefficients; a constant heat capacity is one with a2..a5 = 0 (entropy unknown)."""
    if band not in BANDS:
        raise SpeciesError(f"There is no temperature band {band!r}. Bands: {', '.join(BANDS)}.")
    if name in read("gas")["nasa7"]:
        found: tuple[float, ...] = number(f"gas.nasa7.{name}.{BANDS[band]}")
        return found
    if name in read("vapour")["constant"]:
        h = number(f"vapour.constant.{name}.enthalpy")
        cp = number(f"vapour.constant.{name}.heat_capacity")
        return (cp / R, 0.0, 0.0, 0.0, 0.0, (h - cp * T_REFERENCE) / R, float("nan"))
    raise SpeciesError(f"There are no gas data for {name!r}.{nearest(name, names())}")


@cache
def span(name: str, band: str = "cold") -> tuple[float, float]:
    """Range of temperature [K] of a gas in a band.

    >>> span("N2"), span("N2", "hot"), span("methanol")
    ((200.0, 1300.0), (1000.0, 6000.0), (250.0, 400.0))
    """
    _coefficients(name, band)
    if name in read("vapour")["constant"]:
        return VAPOUR
    low, high = LIMITS[band]
    return low, min(high, HIGHEST.get(name, high))


HIGHEST = {"HCl": 5000.0}
"""End of the hot piece where it is not 6000 K."""


def _held(what: str, name: str, T: Any, band: str) -> tuple[float, ...]:
    """Coefficients of a gas, its temperature held to the range of the band."""
    a = _coefficients(name, band)
    piece = "" if name in read("vapour")["constant"] else f" ({band} band)"
    noted = "heat capacities of gases" if piece else f"heat capacities of {name} vapour"
    used.at(f"{what} of {name} gas{piece}", T, span(name, band), noted)
    return a


def enthalpy(name: str, T: Any, band: str = "cold") -> Any:
    """Molar enthalpy of a gas in J/mol, from the elements at 298.15 K.

    Args:
        name: gas species.
        T: temperature [K]; float, array or expression.
        band: "cold" for 200..1300 K, "hot" for 1000..6000 K (HCl: 5000).

    Source: Cantera 3.2 nasa_gas.yaml, exactly from 200 to 1000 K and in the hot band (HCl from 300
    K, its heat capacity 0.4 % off at 200 K); the cold band from 1000 to 1300 K has an error of 1.5 % (CH4, H2,
    N2H4 2.6 %) of the enthalpy above 298.15 K. Acetonitrile, methanol and
    formaldehyde have a constant heat capacity in either band, 250..400 K: from 298.15 K the
    enthalpy is 4 % off at 250 K and 8 % (450 J/mol) at 400 K.
    """
    a = _held("enthalpy", name, T, band)
    poly = a[1] / 2 + T * (a[2] / 3 + T * (a[3] / 4 + T * (a[4] / 5)))
    return R * (a[5] + T * (a[0] + T * poly))


def heat_capacity(name: str, T: Any, band: str = "cold") -> Any:
    """Molar heat capacity of a gas at constant pressure in J/mol/K; range as `enthalpy`.

    Errors: 12 % for the cold band at 1300 K (CH4, H2, N2H4 21 %), 15 % for a constant heat capacity at 400 K.
    """
    a = _held("heat capacity", name, T, band)
    return R * (a[0] + T * (a[1] + T * (a[2] + T * (a[3] + T * a[4]))))


def entropy(name: str, T: Any, band: str = "cold") -> Any:
    """Molar entropy of a gas at 101325 Pa in J/mol/K; range as `enthalpy`.

    Raises:
        SpeciesError: acetonitrile, methanol and formaldehyde have no entropy here.
    """
    a = _held("entropy", name, T, band)
    if a[6] != a[6]:
        raise SpeciesError(f"{name} vapour has a constant heat capacity only: no entropy here.")
    poly = a[2] / 2 + T * (a[3] / 3 + T * (a[4] / 4))
    return R * (a[6] + a[0] * maths.log(T) + T * (a[1] + T * poly))


def gibbs(name: str, T: Any, band: str = "cold") -> Any:
    """Molar Gibbs energy h - T s of a gas at 101325 Pa in J/mol (not a formation value).

    Range and error as `enthalpy`.
    """
    _held("Gibbs energy", name, T, band)
    return enthalpy(name, T, band) - T * entropy(name, T, band)


def plasma_names() -> tuple[str, ...]:
    """Names of the species with NASA-9 data, electrons and ions included."""
    return tuple(read("plasma")["nasa9"])


@cache
def _nasa9(name: str, piece: int) -> tuple[float, ...]:
    table = read("plasma")["nasa9"]
    if name not in table:
        raise SpeciesError(f"There are no plasma data for {name!r}.{nearest(name, table)}")
    if piece not in (0, 1, 2):
        raise SpeciesError("piece is 0 (to 1000 K), 1 (1000..6000 K) or 2 (6000..20000 K).")
    found: tuple[float, ...] = number(f"plasma.nasa9.{name}.piece{piece}")
    return found


def span9(name: str, piece: int = 1) -> tuple[float, float]:
    """Range of temperature [K] of a piece of an air-plasma species.

    >>> span9("N2", 0), span9("NO+", 0), span9("e-", 2)
    ((200.0, 1000.0), (298.15, 1000.0), (6000.0, 20000.0))
    """
    _nasa9(name, piece)
    ends = number(f"plasma.nasa9.{name}.limits")
    return ends[piece], ends[piece + 1]


def _held9(what: str, name: str, T: Any, piece: int) -> tuple[float, ...]:
    a = _nasa9(name, piece)
    words = f"{what} of {name} in air plasma (piece {piece})"
    used.at(words, T, span9(name, piece), "heat capacities of gases")
    return a


def enthalpy9(name: str, T: Any, piece: int = 1) -> Any:
    """Molar enthalpy in J/mol, from the elements at 298.15 K, of an air-plasma species.

    Args:
        name: N2, O2, N, O, NO, N2+, O2+, NO+, N+, O+ or e-.
        T: temperature [K], within the piece; float, array or expression.
        piece: 0 (200..1000 K, ions and electrons from 298.15), 1 (1000..6000 K), 2 (6000..20000 K).

    Source: Cantera 3.2 airNASA9.yaml, exactly.
    """
    a = _held9("enthalpy", name, T, piece)
    poly = a[3] / 2 + T * (a[4] / 3 + T * (a[5] / 4 + T * (a[6] / 5)))
    return R * (-a[0] / T + a[1] * maths.log(T) + a[7] + T * (a[2] + T * poly))


def entropy9(name: str, T: Any, piece: int = 1) -> Any:
    """Molar entropy at 101325 Pa in J/mol/K of an air-plasma species; range as `enthalpy9`."""
    a = _held9("entropy", name, T, piece)
    poly = a[4] / 2 + T * (a[5] / 3 + T * (a[6] / 4))
    low = -a[0] / (2 * T * T) - a[1] / T + a[8]
    return R * (low + a[2] * maths.log(T) + T * (a[3] + T * poly))


def gibbs9(name: str, T: Any, piece: int = 1) -> Any:
    """Molar Gibbs energy h - T s at 101325 Pa in J/mol of an air-plasma species; range as `enthalpy9`."""
    _held9("Gibbs energy", name, T, piece)
    return enthalpy9(name, T, piece) - T * entropy9(name, T, piece)


def entropy_rise(name: str, T1: Any, T2: Any, band: str = "cold") -> Any:
    """Change of molar entropy of a gas from T1 to T2 [K] at constant pressure in J/mol/K.

    Unlike `entropy` it is also known for vapours with a constant heat capacity. Range and error of
    both temperatures as `enthalpy`.
    """
    a = _held("entropy", name, T1, band)
    _held("entropy", name, T2, band)

    def part(T: Any) -> Any:
        return a[0] * maths.log(T) + T * (a[1] + T * (a[2] / 2 + T * (a[3] / 3 + T * a[4] / 4)))

    return R * (part(T2) - part(T1))
