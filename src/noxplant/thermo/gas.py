"""Ideal-gas enthalpy, heat capacity, entropy and Gibbs energy.

NASA-7 polynomials of Cantera's nasa_gas.yaml (`data/gas.toml`), NASA-9 polynomials of its
airNASA9.yaml (`data/plasma.toml`), and constant heat capacities for acetonitrile, methanol and
formaldehyde vapour (`data/vapour.toml`). Standard pressure 101325 Pa, as Cantera has it.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from noxplant import maths
from noxplant.constants import GAS_CONSTANT as R
from noxplant.constants import T_REFERENCE
from noxplant.errors import SpeciesError, nearest
from noxplant.species.numbers import number, read

BANDS = {"cold": "low", "hot": "high"}


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


def enthalpy(name: str, T: Any, band: str = "cold") -> Any:
    """Molar enthalpy of a gas in J/mol, from the elements at 298.15 K.

    Args:
        name: gas species.
        T: temperature [K]; float, array or expression.
        band: "cold" for 200..1000 K (to 1300 K with 1.5 % error), "hot" for 1000..6000 K.

    Source: Cantera 3.2 nasa_gas.yaml, exactly; acetonitrile, methanol, formaldehyde: constant
    heat capacity, 298..400 K.
    """
    a = _coefficients(name, band)
    poly = a[1] / 2 + T * (a[2] / 3 + T * (a[3] / 4 + T * (a[4] / 5)))
    return R * (a[5] + T * (a[0] + T * poly))


def heat_capacity(name: str, T: Any, band: str = "cold") -> Any:
    """Molar heat capacity of a gas at constant pressure in J/mol/K; range as `enthalpy`."""
    a = _coefficients(name, band)
    return R * (a[0] + T * (a[1] + T * (a[2] + T * (a[3] + T * a[4]))))


def entropy(name: str, T: Any, band: str = "cold") -> Any:
    """Molar entropy of a gas at 101325 Pa in J/mol/K; range as `enthalpy`.

    Raises:
        SpeciesError: acetonitrile, methanol and formaldehyde have no entropy here.
    """
    a = _coefficients(name, band)
    if a[6] != a[6]:
        raise SpeciesError(f"{name} vapour has a constant heat capacity only: no entropy here.")
    poly = a[2] / 2 + T * (a[3] / 3 + T * (a[4] / 4))
    return R * (a[6] + a[0] * maths.log(T) + T * (a[1] + T * poly))


def gibbs(name: str, T: Any, band: str = "cold") -> Any:
    """Molar Gibbs energy h - T s of a gas at 101325 Pa in J/mol (not a formation value)."""
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


def enthalpy9(name: str, T: Any, piece: int = 1) -> Any:
    """Molar enthalpy in J/mol, from the elements at 298.15 K, of an air-plasma species.

    Args:
        name: N2, O2, N, O, NO, N2+, O2+, NO+, N+, O+ or e-.
        T: temperature [K].
        piece: 0 (298..1000 K), 1 (1000..6000 K), 2 (6000..20000 K).

    Source: Cantera 3.2 airNASA9.yaml, exactly.
    """
    a = _nasa9(name, piece)
    poly = a[3] / 2 + T * (a[4] / 3 + T * (a[5] / 4 + T * (a[6] / 5)))
    return R * (-a[0] / T + a[1] * maths.log(T) + a[7] + T * (a[2] + T * poly))


def entropy9(name: str, T: Any, piece: int = 1) -> Any:
    """Molar entropy at 101325 Pa in J/mol/K of an air-plasma species; range as `enthalpy9`."""
    a = _nasa9(name, piece)
    poly = a[4] / 2 + T * (a[5] / 3 + T * (a[6] / 4))
    low = -a[0] / (2 * T * T) - a[1] / T + a[8]
    return R * (low + a[2] * maths.log(T) + T * (a[3] + T * poly))


def gibbs9(name: str, T: Any, piece: int = 1) -> Any:
    """Molar Gibbs energy h - T s at 101325 Pa in J/mol of an air-plasma species."""
    return enthalpy9(name, T, piece) - T * entropy9(name, T, piece)


def entropy_rise(name: str, T1: Any, T2: Any, band: str = "cold") -> Any:
    """Change of molar entropy of a gas from T1 to T2 [K] at constant pressure in J/mol/K.

    Unlike `entropy` it is also known for vapours with a constant heat capacity.
    """
    a = _coefficients(name, band)

    def part(T: Any) -> Any:
        return a[0] * maths.log(T) + T * (a[1] + T * (a[2] / 2 + T * (a[3] / 3 + T * a[4] / 4)))

    return R * (part(T2) - part(T1))
