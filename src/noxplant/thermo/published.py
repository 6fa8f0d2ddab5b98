"""Numbers printed in two founding papers, recomputed from the book: which are wrong, and by how much.

Data: `species/data/published.toml`. Part of the page that `noxplant species --consistency` prints.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from noxplant.constants import FARADAY, GAS_CONSTANT, T_REFERENCE
from noxplant.errors import SpeciesError
from noxplant.species import Reaction, molar_mass
from noxplant.species.formulas import charge, elements
from noxplant.species.numbers import datum, number, read
from noxplant.thermo import aqueous, electro, gas
from noxplant.thermo.consistency import gas_gibbs

LN10: Final = aqueous.LN10
SLOPE: Final = GAS_CONSTANT * T_REFERENCE * LN10 / FARADAY
"""Nernst slope at 298.15 K, V per decade."""
SPREAD: Final = 0.05
"""Relative difference of a Gibbs energy that two good sources may have (NO: 1 kJ/mol)."""


@dataclass(frozen=True)
class Finding:
    """One printed number against its recomputation.

    Attributes:
        what: quantity.
        printed: as printed.
        found: recomputed from the book.
        unit: of both.
        verdict: "agrees", "misrounded" or "WRONG", or words.
        remark: note of the datum.
    """

    what: str
    printed: float
    found: float
    unit: str
    verdict: str
    remark: str = ""


def _energy(name: str, marked: str) -> float:
    """Gibbs energy of formation, J/mol: gases by NASA polynomials, as the streams have them."""
    if name in read("published")["need"] and "gibbs" in read("published")["need"][name]:
        return float(number(f"published.need.{name}.gibbs"))
    if marked == "g" or name in ("N2", "O2", "H2"):
        return gas_gibbs(name)
    return electro.formation(name, "gibbs")


def reaction_gibbs(text: str) -> float:
    """Gibbs energy change in J per mole of N2 consumed, gases from the NASA polynomials."""
    reaction = Reaction.parse(text)
    marks = dict(reaction.phases)
    return sum(n * _energy(s, marks.get(s, "")) for s, n in reaction.species.items()) / (
        -reaction.species["N2"]
    )


def _resolution(printed: float) -> float:
    """Half a unit of the last printed digit."""
    digits = repr(printed).partition(".")[2]
    return 0.5 * 10.0 ** -(len(digits) if digits != "0" else 0)


def reactions() -> list[Finding]:
    """Gibbs energies and voltages of the table of N2 reactions."""
    out = []
    for text in read("published")["reaction"]:
        path = f"published.reaction.{text}"
        printed, electrons = number(f"{path}.gibbs"), number(f"{path}.electrons")
        found = reaction_gibbs(text)
        wrong = abs(found - printed) > SPREAD * abs(found)
        words = datum(f"{path}.gibbs").source.partition("printed. ")[2]
        size = f" by {(printed - found) / 1e3:+.1f} kJ/mol"
        verdict = f"WRONG{size}" if wrong else f"agrees ({100 * (printed / found - 1):+.1f} %)"
        out.append(Finding(text, printed / 1e3, found / 1e3, "kJ/mol N2", verdict, words))
        volts, own = number(f"{path}.voltage"), printed / electrons / FARADAY
        right = found / electrons / FARADAY
        rounded = abs(volts - own) <= _resolution(volts) * 1.001
        verdict = "agrees" if rounded else f"misrounded: {own:.4g} V from the printed energy"
        verdict = f"WRONG by {volts - right:+.2f} V" if wrong else verdict
        out.append(Finding(f"{text}, voltage", volts, right, "V", verdict))
    return out


def zinc_oxide() -> float:
    """E0 of ZnO + H2O + 2 e- = Zn + 2 OH- against SHE in V."""
    oxide = number("published.need.ZnO(s).gibbs")
    water, base = aqueous.formation_gibbs("H2O"), aqueous.formation_gibbs("OH-")
    return float(-(2 * base - oxide - water) / (2 * FARADAY))


def _e0(text: str) -> float:
    return float(electro.standard_potential(Reaction.parse(text)))


ACID: Final = "NO2- + 8 H+ + 6 e- -> NH4+ + 2 H2O"
NITRITE: Final = "NO2- + 5 H2O + 6 e- -> NH3 + 7 OH-"
NITRATE: Final = "NO3- + 6 H2O + 8 e- -> NH3 + 9 OH-"
HYDRAZINE: Final = "N2 + 4 H2O + 4 e- -> N2H4 + 4 OH-"
TO_N2: Final = "2 NO3- + 12 H+ + 10 e- -> N2 + 6 H2O"
OXYGEN: Final = "O2 + 4 H+ + 4 e- -> 2 H2O"
OXYGEN_ALKALI: Final = "O2 + 2 H2O + 4 e- -> 4 OH-"


def _rhe(text: str) -> float:
    """E0 of an alkaline couple on the RHE scale of hydroxide at unit activity, V."""
    return _e0(text) - _e0("2 H2O + 2 e- -> H2 + 2 OH-")


def _least() -> float:
    salt = number("products.gibbs.NH4NO3(s).gibbs")
    change = 2 * gas_gibbs("NH3") + 3 * salt - 9 * aqueous.formation_gibbs("H2O")
    return float(change / (15 * FARADAY))


def _crossing() -> float:
    return (_e0(TO_N2) - _e0(OXYGEN)) / (0.2 * SLOPE)


def _dissolved(name: str) -> float:
    return float(number(f"published.need.dissolved.{name}") / number("published.need.dissolved.N2"))


def _rate() -> float:
    prefactor = GAS_CONSTANT * T_REFERENCE / number("published.need.planck.molar")
    return math.log10(prefactor) - 2 * FARADAY / (GAS_CONSTANT * T_REFERENCE * LN10)


def _pka() -> float:
    change = aqueous.formation_gibbs("NH3") - aqueous.formation_gibbs("NH4+")
    return change / (GAS_CONSTANT * T_REFERENCE * LN10)


_FOUND: Final[dict[str, Callable[[], float]]] = {
    "zinc-nitrite cell, alkaline": lambda: _e0(NITRITE) - zinc_oxide(),
    "zinc-nitrite cell, neutral": lambda: _e0(ACID) - 7 * SLOPE * 8 / 6 - zinc_oxide(),
    "zinc-nitrite cell, acid cathode": lambda: _e0(ACID) - zinc_oxide(),
    "hydrazine-nitrate cell": lambda: _e0(NITRATE) - _e0(HYDRAZINE),
    "nitrate to ammonia against RHE, alkaline": lambda: _rhe(NITRATE),
    "oxygen reduction against RHE, alkaline": lambda: _rhe(OXYGEN_ALKALI),
    "pKa of NH4+": _pka,
    "hydrogen in ammonia": lambda: 300 * molar_mass("H") / molar_mass("NH3"),
    "voltage behind 21 kWh/kg of NH3 from nitrate": lambda: (
        21.0 / electro.specific_energy(1.0, 8, 1.0, molar_mass("NH3"))
    ),
    "least voltage of N2 to NH3 and NH4NO3": _least,
    "water electrolysis": lambda: _e0(OXYGEN),
    "pH above which N2/NO3- lies below O2/H2O": _crossing,
    "oxygen over nitrogen, solubility in water": lambda: _dissolved("O2"),
    "nitric oxide over nitrogen, solubility in water": lambda: _dissolved("NO"),
    "nitrogen in water": lambda: 1e5 * float(number("published.need.dissolved.N2")),
    "diffusion of N2 in water": lambda: 1e9 * float(number("published.need.diffusion.N2")),
    "diffusion of H+ in water": lambda: 1e9 * float(number("published.need.diffusion.H+")),
    "proton affinity of N2": lambda: float(number("published.need.N2.proton_affinity")),
    "water taken apart per NH3 from nitrate": lambda: -Reaction.parse(NITRATE).species["H2O"],
    "bond energy of N2": lambda: 2 * float(gas.enthalpy("N", T_REFERENCE)),
    "ionisation potential of N2": lambda: float(number("published.need.N2.ionisation")),
    "rate at a barrier of 2 eV, log10": _rate,
}

ALLOWED: Final = 0.01
"""Relative difference that counts as agreement of a single printed value."""


def _judge(printed: float, found: float, unit: str) -> str:
    off = printed - found
    if unit.startswith("log10"):
        return "agrees" if abs(off) < 0.5 else f"WRONG by {abs(off):.0f} orders of magnitude"
    size = f"{100 * off / abs(found):+.1f} %"
    if abs(off) <= ALLOWED * abs(found) or abs(off) <= 2 * _resolution(printed):
        return f"agrees ({size})"
    return f"off by {size}" if abs(off) <= SPREAD * abs(found) else f"WRONG by {size}"


def values() -> list[Finding]:
    """Single values of both papers."""
    out = []
    for what in read("published")["printed"]:
        d = datum(f"published.printed.{what}.value_printed")
        found = _FOUND[what]()
        remark = d.source.partition("printed. ")[2]
        out.append(Finding(what, d.value, found, d.unit, _judge(d.value, found, d.unit), remark))
    return out


EQUATIONS: Final = (
    ("Ma 2026, table 3", "N2 + 1.5 O2 -> 2 N2O3"),
    ("Ma 2026, table 4", "2 H + 2 e- -> H2"),
    ("NOx review, equation 10", "NO + e- -> N2O-"),
    ("NOx review, equation 11", "N2O + e- + 2 H+ -> N2 + H2O"),
    ("NOx review, nitrate cell", "NO3- + 3 H2O -> NH4+ + 2 OH- + 2 O2"),
    ("NOx review, nitrate cathode", "NO3- + 7 H2O + 8 e- -> NH4OH + 9 OH-"),
    ("NOx review, nitrite cathode", "NO2- + 6 H2O + 6 e- -> NH4OH + 7 OH-"),
)
"""Equations as printed (as far as the extracted text shows), with where they stand."""


def imbalance(text: str) -> dict[str, float]:
    """Elements and charge that an equation makes from nothing; {} when it balances.

    >>> imbalance("2 H + 2 e- -> H2")
    {'charge': 2.0}
    """
    total: dict[str, float] = {}
    sides = text.split(" -> ")
    if len(sides) != 2:
        raise SpeciesError(f"{text!r} is no equation: write 'left -> right'.")
    for side, sign in zip(sides, (-1.0, 1.0), strict=True):
        for term in side.split(" + "):
            head, _, tail = term.partition(" ")
            n, formula = (float(head), tail) if tail else (1.0, head)
            parts = {} if formula == "e-" else elements(formula)
            total["charge"] = total.get("charge", 0.0) + sign * n * charge(formula)
            for e, k in parts.items():
                total[e] = total.get(e, 0.0) + sign * n * k
    return {e: k for e, k in sorted(total.items()) if abs(k) > 1e-9}
