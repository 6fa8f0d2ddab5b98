"""Crystals, cakes and liquors: solubility products, displacement washing, closed forms.

Amounts are floats or Pyomo expressions. A solubility product is calibrated to the solubility S(T)
of the pure salt in water: with nu_i moles of component i per mole of salt and molalities m_i,

    product of (m_i / (nu_i S))^nu_i = 1   at saturation,

so that an excess of one component (sulfuric acid over hydrazinium sulfate) lowers the solubility:
N2H6SO4 has m_N(-2) m_S(6) = S^2, (NH4)2SO4 has m_N(-3)^2 m_S(6) = 4 S^3. Totals stand for ions and
activity coefficients are those of the pure saturated solution. In a strong brine that is far off:
beside 1.1 mol/kg of NH4Cl (20 C) it leaves 9 % too much NH4H2PO4 dissolved, beside 6.2 mol/kg twice
the 0.68 mol/kg that were measured (Volkov and Sosnina 1970, in IUPAC-NIST SRD 106). The unit
`ActivityCrystalliser` counts activity coefficients for salts that have them.

Source: hydrazine note 3.8 and ammonia note 5.3.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from noxplant import maths
from noxplant.constants import WATER_MOLAR_MASS
from noxplant.errors import ModelError, SpecError, SpeciesError, nearest
from noxplant.maths import value
from noxplant.quantities import MEDIA
from noxplant.species import component, molar_mass, species
from noxplant.species.numbers import read
from noxplant.thermo import solid
from noxplant.unit import Limit

Equations = Iterator[tuple[str, Any]]
BASES: Final = {"N(-2)": "N2H5+", "N(-3)": "NH4+"}
"""Totals of weak bases and the ion as which a salt takes them up."""
AS_IONS: Final = 0.9
"""Share of such a total that must be the ion, so that the total may stand for it in a product."""
ROUNDING: Final = 1e-12
"""Part of a liquor's flow that is rounding."""
SOUR: Final = 2.0
"""Highest pH of a liquor for whose total the acid sulfate's own acidity may stand: its saturated
solution has 1.2 to 1.4. With 10 % of sulfuric acid over the salt the product of totals gives 1.7 % fewer
crystals than that of ions, at pH 1.7 it gives 3 % more, in neutral liquor several times as many."""
CORNER: Final = 1e-6
"""Rounding of the corner between "no crystals" and "saturated", as a fraction of saturation."""
NONE: Final = 1e-18
"""Ion product to which none is rounded, so that its root has a slope."""
SWITCHES: Final = {"N2H5Cl(s)": ("N2H6Cl2(s)", "N2H6++", 3.0)}
"""Salts that give way to one with more acid: that salt, the ion of it, and the free acid, mol/kg,
from which on it crystallises instead (about 3 mol/L HCl; note 3.8)."""
MEDIAN: Final = 3.672060748850897
"""Solution z of the incomplete gamma function P(4, z) = 1/2: median size over G tau."""
SAFE_DISTANCE: Final = 20.0
"""Distance of a dryer to the melting point of its crystals, K (note 3.8)."""
NEVER_DRY: Final = ("NH4NO3(s)",)
"""Salts that explode: they are crystallised with a warning and never dried."""
FALLS_APART: Final = {"NH4HCO3(s)": 309.15}
"""Salts that become gas, and the temperature above which they are not kept, K (ammonia note 5.4)."""
AMBIGUOUS: Final = ("hydrazine sulfate", "hydrazine sulphate", "hydrazinium sulfate")


# masses ---------------------------------------------------------------------------------
def molar_mass_of(key: str, phase: str) -> float:
    """Mass of one mole of a flow key, kg/mol, with the protons that its charge implies.

    >>> round(1e3 * molar_mass_of("S(6)", "aqueous"), 2)  # H2SO4
    98.08
    """
    if phase != "aqueous":
        return molar_mass(key)
    item = component(key)
    return item.molar_mass - item.charge * molar_mass("H+")


def mass_flow(port: Any, phase: str) -> Any:
    """Mass flow of one phase of a stream, kg/s; zero if the stream lacks the phase."""
    terms = [molar_mass_of(k, phase) * port.flow[k] for k in port.phase_keys(phase)]
    return sum(terms) if terms else 0.0


def liquid_of(medium: str) -> str:
    """The liquid phase of a slurry.

    >>> liquid_of("organic slurry")
    'organic'
    """
    if medium not in MEDIA or "solid" not in MEDIA[medium] or len(MEDIA[medium]) != 2:
        raise ModelError(f"{medium!r} is no slurry. Take 'slurry' (aqueous) or 'organic slurry'.")
    return MEDIA[medium][0]


# salts ----------------------------------------------------------------------------------
def check_salt(unit: str, salt: str) -> str:
    """The salt's name, refused when it is ambiguous or has no solubility.

    Raises:
        SpeciesError: names both hydrazinium sulfates, or the nearest known salt.
    """
    known = [s for s in read("solid")["solubility"] if ions(s)]
    if salt.lower().removesuffix("(s)") in AMBIGUOUS:
        s1, s2 = (
            f"{solid.solubility(s, 298.15) * molar_mass(s) * 100:.3g}"
            for s in ("N2H6SO4(s)", "(N2H5)2SO4(s)")
        )
        raise SpeciesError(
            f"{unit}: {salt!r} may mean two salts. Write 'N2H6SO4(s)' (1:1, {s1} g per 100 g water"
            f" at 298 K) or '(N2H5)2SO4(s)' (2:1, {s2} g per 100 g water)."
        )
    if salt not in known:
        raise SpeciesError(
            f"{unit}: there is no solubility of {salt!r} in water.{nearest(salt, known)}\n"
            f"  Known: {', '.join(known)}."
        )
    return salt


def ions(salt: str) -> dict[str, int]:
    """Components (without water) that one mole of a salt sets free in water; {} if it is no salt."""
    parts = {c: int(nu) for c, nu in species(salt).content.items() if c != "H2O"}
    return parts if len(parts) > 1 else {}


def guest_cations(unit: str, host: str, guest: str) -> tuple[str, str]:
    """Cations in which two salts of one shape differ: that of the host, that of the guest.

    Raises:
        SpeciesError: the salts do not differ in just one ion, as often in the one as in the other.
    """
    a, b = ions(host), ions(guest)
    only = [c for c in a if a[c] != b.get(c)], [c for c in b if b[c] != a.get(c)]
    if [len(x) for x in only] != [1, 1] or a[only[0][0]] != b[only[1][0]]:
        raise SpeciesError(
            f"{unit}: {guest} is no guest in crystals of {host}: they must differ in one ion only, as"
            " N2H5Cl(s) and NH4Cl(s) do."
        )
    return only[0][0], only[1][0]


def require_ions(unit: str, salt: str, port: Any) -> None:
    """Refuse a liquor that cannot hold what the salt is made of."""
    missing = [c for c in ions(salt) if c not in port.components]
    if missing:
        raise ModelError(
            f"{unit}: {salt} needs {', '.join(missing)}, which no stream brings to it.\n"
            f"  The feed holds {', '.join(port.components)}."
        )


def ion_product(
    salt: str, flow: Mapping[str, Any], T: Any, water: Any = None, alternative: bool = False
) -> Any:
    """Product of (m_i / (nu_i S))^nu_i: one at saturation, larger when supersaturated.

    Args:
        salt: solid with a solubility.
        flow: mol/s of components in the liquor, with "H2O".
        T: temperature, K.
        water: mol/s of water; that of `flow` unless given.
        alternative: take the second of two contradicting solubilities (N2H5Cl only).
    """
    n_water = flow["H2O"] if water is None else water
    full = solid.solubility(salt, T, alternative) * n_water * WATER_MOLAR_MASS
    out: Any = 1.0
    for c, nu in ions(salt).items():
        out = out * (flow[c] / (nu * full)) ** nu
    return out


def supersaturation_of(
    salt: str, flow: Mapping[str, Any], T: Any, water: Any = None, alternative: bool = False
) -> Any:
    """Molality over saturation: `ion_product` (its arguments), per ion; about zero without an ion."""
    product = maths.smooth_max(ion_product(salt, flow, T, water, alternative), 0.0, NONE)
    return maths.exp(maths.log(product) / order(salt))


def true_to_totals(salt: str, liquor: Any) -> Iterator[Limit]:
    """Limits within which totals may stand for the ions of a salt in a liquor.

    A product of totals takes free base for its ion: ammonia for ammonium, hydrazine for
    hydrazinium, and of the acid sulfate N2H6SO4 it would make crystals in a neutral liquor. With
    much acid another salt crystallises (`SWITCHES`).

    Args:
        salt: solid with a solubility.
        liquor: port of the liquor around the crystals.
    """
    if "H+" in solid.ions_of(salt):
        yield Limit(
            "acid for the crystals",
            SOUR - liquor.ph,
            f"{salt} is an acid salt: it holds one free acid per base, and its liquor must be sour;"
            f" this one would have pH {value(liquor.ph):.3g}, and {SOUR:g} is the highest for which the"
            " solubility is known. Feed more acid.",
        )
    other, second, most = SWITCHES.get(salt, ("", "", 0.0))
    if second:
        acid = liquor.molality("H+") + liquor.molality(second)
        yield Limit(
            f"acid below that of {other}",
            most - acid,
            f"the liquor holds {value(acid):.3g} mol/kg of free acid; from {most:g} mol/kg on {other}"
            f" crystallises instead of {salt}. Feed less acid, or take {other}.",
        )
    for c in ions(salt):
        if c in BASES and "H2O" in liquor.flow:
            ion, ph = BASES[c], value(liquor.ph)
            held = liquor.true[ion] + (liquor.true[second] if second else 0.0)
            words = (f"is free base and no {ion}", "Feed more acid, or strip the base first.")
            if ph < SOUR:
                words = (
                    f"has a second proton and is no {ion}",
                    "Feed less acid, or purge more of it.",
                )
            yield Limit(
                f"{ion} in the liquor",
                held - AS_IONS * liquor.flow[c] + ROUNDING * liquor.total_flow,
                f"more than {1 - AS_IONS:.0%} of {c} in the liquor {words[0]} (pH {ph:.3g}), and the"
                f" solubility of {salt} is not known there. {words[1]}",
            )


def order(salt: str) -> int:
    """Number of ions per salt, the order of its solubility product."""
    return sum(ions(salt).values())


def could_make(salt: str, feed: Any) -> Any:
    """Crystals that all of their first component in a feed would make, mol/s; never quite zero."""
    first, nu = next(iter(ions(salt).items()))
    return (feed.flow[first] + 1e-10 * feed.total_flow) / nu


def saturated_or_bare(
    salt: str, crystals: Any, flow: Mapping[str, Any], T: Any, alternative: bool = False
) -> Any:
    """Residual of: either there are crystals and the liquor is saturated, or there are none.

    Fischer-Burmeister function of crystals / (S kg) and 1 - ion product, rounded by `CORNER`; the
    crystals of an undersaturated liquor are of the order CORNER^2 of what its water could hold.

    Args:
        salt: solid with a solubility.
        crystals: mol/s of crystals.
        flow: mol/s of components in the liquor around them, with "H2O".
        T: temperature, K.
        alternative: see `ion_product`.
    """
    a = crystals / (solid.solubility(salt, T, alternative) * flow["H2O"] * WATER_MOLAR_MASS)
    b = 1 - ion_product(salt, flow, T, alternative=alternative)
    return a + b - maths.sqrt(a**2 + b**2 + CORNER**2)


def below_melting(salt: str, T: Any) -> list[Limit]:
    """Limit within which crystals do not melt or decompose in a dryer; none without a datum.

    Args:
        salt: solid.
        T: highest temperature that the crystals meet, K.
    """
    if salt in FALLS_APART:
        most = FALLS_APART[salt]
        words = (
            f"{salt} falls apart to gas: it is not kept above {most:g} K, and it meets"
            f" {value(T):.5g} K. Dry colder, or sell it moist."
        )
        return [Limit("crystals that stay", most - T, words)]
    melting = solid.melting_temperature(salt)
    if melting is None:
        return []
    highest = melting - SAFE_DISTANCE
    return [
        Limit(
            "melting",
            highest - T,
            f"{salt} melts or decomposes at {melting:g} K; a dryer stays {SAFE_DISTANCE:g} K colder,"
            f" below {highest:g} K ({{margin:.3g}} K). Dry colder.",
        )
    ]


def boiling(liquor: Any, vapour: Any) -> Equations:
    """Vapour in equilibrium with a boiling liquor; the last equation decides the boiling point.

    Source: the equilibrium pressures of all volatile species add up to the pressure.
    """
    total: Any = 0.0
    for j in liquor.volatile():
        pressure = liquor.equilibrium_pressure(j)
        total = total + pressure
        if j != "H2O":
            left = vapour.flow[j] * vapour.pressure
            yield f"equilibrium of {j}", left == pressure * vapour.total_flow
    yield "temperature of boiling", total == liquor.pressure


def up_to(amount: Any, capacity: Any) -> Any:
    """Smooth smaller one of an amount (>= 0) and a capacity (> 0); exact far from the corner.

    >>> abs(up_to(1.0, 100.0) - 1.0) < 1e-12 and abs(up_to(100.0, 1.0) - 1.0) < 1e-12
    True
    """
    return amount / (1 + (amount / capacity) ** 8) ** 0.125


# benzophenone in water ------------------------------------------------------------------
def ionic_strength(port: Any) -> Any:
    """Ionic strength of the aqueous phase from its true species, mol/kg."""
    true = port.true
    return sum(species(s).charge ** 2 * n for s, n in true.items() if species(s).charge) / (
        2 * port.truth.kilograms
    )


def benzophenone_in_water(T: Any, strength: Any = 0.0, salting: float = 0.0) -> Any:
    """Solubility of benzophenone, mol per kg water: S(T) 10^(-ks I).

    Args:
        T: temperature, K.
        strength: ionic strength I, mol/kg.
        salting: Setschenow constant ks, kg/mol (decimal logarithm).
    """
    out = solid.solubility("benzophenone(s)", T)
    return out * maths.exp(-2.302585092994046 * salting * strength)


# closed forms ---------------------------------------------------------------------------
def displaced(efficiency: float, volumes: float) -> float:
    """Fraction of a cake's liquor that a wash displaces: 1 - (1 - E)^n.

    >>> round(displaced(0.7, 3), 3)
    0.973
    """
    return 1 - float((1 - efficiency) ** volumes)


def crystals(solute: float, water: float, solubility: float, evaporated: float = 0.0) -> float:
    """Crystals of an anhydrous salt, in the unit of mass of solute and water; never negative.

    Args:
        solute: mass of salt in the feed.
        water: mass of water in the feed.
        solubility: g per 100 g water at the final temperature.
        evaporated: mass of water evaporated.
    """
    return max(0.0, solute - (water - evaporated) * solubility / 100)


def single_pass_yield(cold: float, hot: float) -> float:
    """Fraction that crystallises on cooling a solution saturated hot: 1 - S(cold)/S(hot)."""
    return max(0.0, 1 - cold / hot)


def loop_yield(single_pass: float, purge: float) -> float:
    """Yield with mother liquor recycled but for a purged fraction: y1 / (y1 + phi (1 - y1))."""
    return single_pass / (single_pass + purge * (1 - single_pass))


def loop_impurity(fed: float, purge: float) -> float:
    """Impurity flow in the mother liquor of a recycle from which only the purge removes it.

    Raises:
        SpecError: no purge, so that the impurity has no way out.
    """
    if not purge > 0:
        raise SpecError(
            f"A purge of {purge:g} leaves the impurity ({fed:g} fed) no way out of the mother"
            " liquor.\n  Give a purge above zero."
        )
    return fed / purge


def common_ion_solubility(solubility: float, excess: float) -> float:
    """Solubility s of a 1:1 salt beside an excess c of one ion: s (s + c) = s0^2, mol/kg.

    >>> round(common_ion_solubility(1.0, 1.5), 12)
    0.5
    """
    return (float((excess**2 + 4 * solubility**2) ** 0.5) - excess) / 2


def dangers(salt: str) -> tuple[str, ...]:
    """What a user of a crystalliser must be told about a salt."""
    if salt not in NEVER_DRY:
        return ()
    return (f"{salt} explodes when dry and contaminated: never dry it",)


def told(salt: str, supersaturation: Any) -> tuple[str, ...]:
    """What a user of a solved crystalliser must be told: dangers, and a liquor that stays clear.

    Args:
        salt: solid that is to crystallise.
        supersaturation: molality, without crystals or of their mother liquor, over saturation.
    """
    ratio = value(supersaturation)
    if not ratio < 1 - CORNER:
        return dangers(salt)
    clear = f"the liquor is undersaturated ({ratio:.3g} of saturation): no {salt} crystallises"
    return (*dangers(salt), clear)
