"""Solids: enthalpy, density and solubility. Data: `species/data/solid.toml`.

Numbers outside the ranges are refused, Pyomo variables bounded, plants warn (`noxplant.thermo.used`).
"""

from __future__ import annotations

from functools import cache
from typing import Any

from noxplant import maths
from noxplant.constants import GAS_CONSTANT, T_REFERENCE, ZERO_CELSIUS
from noxplant.errors import SpeciesError, nearest
from noxplant.species import molar_mass, species
from noxplant.species.numbers import number, read
from noxplant.thermo import aqueous, used

SOLID = (253.15, 400.0)
"""Range of the enthalpies, K."""
SOLVENT = ("benzophenone azine(s)",)
"""Solids whose solubility is that in acetonitrile."""


def names() -> tuple[str, ...]:
    """Names of the solids with data."""
    return tuple(read("solid")["species"])


@cache
def _value(name: str, quantity: str) -> float:
    table = read("solid")["species"]
    if name not in table:
        raise SpeciesError(f"There are no solid data for {name!r}.{nearest(name, table)}")
    return float(number(f"solid.species.{name}.{quantity}"))


def enthalpy(name: str, T: Any) -> Any:
    """Molar enthalpy of a solid in J/mol, from the elements at 298.15 K.

    Args:
        name: solid such as "(NH4)2SO4(s)".
        T: temperature [K], 253.15..400; float, array or expression.

    The heat capacity is that at 298.15 K (some 0.15 % per K away from it); heats of transition
    and fusion do not count.
    Consistent with aqueous enthalpies: the difference is the heat of solution at infinite dilution.
    Sources and classes: `species/data/solid.toml`.
    """
    _value(name, "enthalpy")  # an unknown solid is told first
    used.at(f"enthalpy of {name}", T, SOLID, "heat capacities of solids")
    h, cp = _value(name, "enthalpy"), _value(name, "heat_capacity")
    return h + cp * (T - T_REFERENCE)


def heat_capacity(name: str) -> float:
    """Molar heat capacity of a solid in J/mol/K, constant; 253.15..400 K."""
    return _value(name, "heat_capacity")


def density(name: str) -> float:
    """Density of a solid in kg/m3 (handbook values, mostly recalled)."""
    return _value(name, "density")


def molar_volume(name: str, T: Any = None) -> float:
    """Molar volume of a solid in m3/mol; the temperature is accepted and ignored."""
    return molar_mass(name) / density(name)


def _known(name: str, alternative: bool) -> Any:
    """Table of solubilities that holds a solid."""
    known = read("solid")["solubility_alternative" if alternative else "solubility"]
    if name not in known:
        raise SpeciesError(
            f"There is no solubility of {name!r}.{nearest(name, known)} Known: {', '.join(known)}."
        )
    return known


@cache
def span(name: str, alternative: bool = False) -> tuple[float, float]:
    """Range of temperature [K] of a solubility: that of its datum, else that of the liquids' data.

    >>> span("KNO3(s)"), span("N2H5Cl(s)"), span("benzophenone azine(s)")
    ((273.15, 373.15), (273.15, 373.15), (253.15, 353.15))
    """
    found = used.stated(next(iter(_known(name, alternative)[name].values())).get("note", ""))
    if found is not None:
        return found
    return used.ORGANIC if name in SOLVENT else used.AQUEOUS


def solubility(name: str, T: Any, alternative: bool = False) -> Any:
    """Amount of a solid that dissolves, in mol per kg water.

    Args:
        name: solid; "benzophenone azine(s)" gives mol per m3 of acetonitrile solution instead.
        T: temperature [K], in `span(name)`, which is at most 273.15..373.15 in water (253.15..353.15 in
            acetonitrile); float, array or expression.
        alternative: the second of two contradicting sources (only N2H5Cl: 179 instead of 37 g per
            100 g water).

    Errors, %, largest deviation over the range from tables that were read (handbook table of
    solubilities, CRC molalities of common salts, NIST SRD 106; `tests/thermo/solubility.csv`):

    | salt | error | where from |
    |---|---|---|
    | NH4Cl | 0.4 | CRC 0.2, handbook 0.4 |
    | (NH4)2SO4 | 1.2 | CRC 0.4, handbook 0.6 to 80 C, -1.1 at 100 C |
    | NH4HCO3 | 5.4 | handbook 0.6; CRC (inorganic compounds) 2.0 to 30 C, -5.4 at 40 C |
    | KHCO3 | 2.2 | CRC (inorganic compounds) 0.4; encyclopaedia +2.2 at 0 C, 0.6 from 10 C on |
    | (NH4)2HPO4 | 1.7 | NIST (Vogel); the handbook table is 1.3 off from 10 C on, and lists 42.9 g at 0 C, a third below both |
    | NH4H2PO4 | 2.2 | handbook (its 39.5 g at 10 C is a misprint); NIST (Uno) 0.6, (Vogel) +5.5 at 0 C and +4.3 at 80 C |
    | KNO3 | 2.3 | handbook: 1.0 to 70 C, +2.2 at 90 C |
    | KOH | 4.2 | handbook: -4.1 at 60 C |
    | NH4NO3 | 4.8 | CRC 0.7 (10 to 25 C); handbook -2.8 (30, 40 C), +4.7 (80 C), -3.0 (90, 100 C) |

    Others met no table: N2H6SO4 13 (fit of the note to 1916 values); (N2H5)2SO4 and N2H6Cl2 rest on
    two and one recalled points; N2H5Cl a factor of five between its two sources; benzophenone in
    water a factor of two, azine in acetonitrile a factor of three.
    """
    known = _known(name, alternative)
    path = f"solid.{'solubility_alternative' if alternative else 'solubility'}.{name}"
    used.at(f"solubility of {name}", T, span(name, alternative), f"solubilities of {name}")
    if "van_t_hoff" in known[name]:
        s, h = number(f"{path}.van_t_hoff")
        return s * maths.exp(-h / GAS_CONSTANT * (1 / T - 1 / T_REFERENCE))
    per_gram = 0.01 / molar_mass(name)  # g per 100 g water into mol per kg water
    if "polynomial" in known[name]:
        a, b, c = number(f"{path}.polynomial")
        t = T - ZERO_CELSIUS
        return (a + b * t + c * t * t) * per_gram
    a, b, c = number(f"{path}.logarithmic")
    return maths.exp(a + b / T + c * maths.log(T)) * per_gram


def heat_of_solution(name: str, ions: dict[str, float] | None = None) -> float:
    """Heat taken up on dissolving one mole at infinite dilution and 298.15 K, in J/mol.

    Args:
        name: solid that dissolves into the true species `ions`.
        ions: mol of each true species; by default the fully charged ions of the salt.

    Raises:
        SpeciesError: a solid without ions here, or ions that do not make it.
    """
    found = ions_of(name) if ions is None else ions
    _balanced(name, found)
    dissolved = sum(n * aqueous.formation_enthalpy(s) for s, n in found.items())
    return float(dissolved - _value(name, "enthalpy"))


def ions_of(name: str) -> dict[str, float]:
    """True species that one mole of a salt dissolves into, fully dissociated, mol.

    Raises:
        SpeciesError: a solid without ions here.
    """
    if name not in _IONS:
        raise SpeciesError(
            f"There are no ions of {name!r}: give the true species it dissolves into as `ions`."
        )
    return dict(_IONS[name])


def _balanced(name: str, ions: dict[str, float]) -> None:
    """Refuse ions that do not hold the elements and the charge of a solid."""
    left: dict[str, float] = {e: -k for e, k in species(name).elements.items()}
    for ion, n in ions.items():
        for e, k in species(ion).elements.items():
            left[e] = left.get(e, 0.0) + n * k
        left["charge"] = left.get("charge", 0.0) + n * species(ion).charge
    wrong = ", ".join(f"{k:+g} {e}" for e, k in left.items() if abs(k) > 1e-9)
    if wrong:
        raise SpeciesError(f"{name} does not dissolve into {ions}: {wrong} on the right.")


_IONS: dict[str, dict[str, float]] = {
    "KNO3(s)": {"K+": 1, "NO3-": 1},
    "(NH4)2SO4(s)": {"NH4+": 2, "SO4--": 1},
    "NH4Cl(s)": {"NH4+": 1, "Cl-": 1},
    "NH4NO3(s)": {"NH4+": 1, "NO3-": 1},
    "NH4HCO3(s)": {"NH4+": 1, "HCO3-": 1},
    "KHCO3(s)": {"K+": 1, "HCO3-": 1},
    "(NH4)2HPO4(s)": {"NH4+": 2, "HPO4--": 1},
    "NH4H2PO4(s)": {"NH4+": 1, "H2PO4-": 1},
    "N2H6SO4(s)": {"N2H5+": 1, "H+": 1, "SO4--": 1},
    "(N2H5)2SO4(s)": {"N2H5+": 2, "SO4--": 1},
    "N2H5Cl(s)": {"N2H5+": 1, "Cl-": 1},
    "N2H6Cl2(s)": {"N2H5+": 1, "H+": 1, "Cl-": 2},
    "KOH(s)": {"K+": 1, "OH-": 1},
}


def melting_temperature(name: str) -> float | None:
    """Melting or decomposition temperature of a solid in K; None where there is no datum."""
    if name not in read("melting")["species"]:
        return None
    return float(number(f"melting.species.{name}.temperature"))
