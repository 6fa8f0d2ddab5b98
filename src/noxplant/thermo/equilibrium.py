"""Equilibria and closed forms: gas constants, NOx gas, Kremser, NO oxidation, humid air."""

from __future__ import annotations

import math
from typing import Any

from noxplant import maths
from noxplant.constants import ATMOSPHERE, GAS_CONSTANT
from noxplant.errors import Refusal, SpeciesError, nearest
from noxplant.species import Reaction
from noxplant.species.numbers import number, read
from noxplant.thermo import gas, ranges, used, water
from noxplant.thermo.aqueous import LN10

OXIDATION = (273.15, 450.0)
"""Range of the rate constant of the oxidation of NO, K."""
HUMID = (-20.0, 80.0)
"""Range of the textbook enthalpy of humid air, C."""


def ln_k(reaction: Reaction | str, T: Any, band: str = "cold") -> Any:
    """Natural logarithm of the constant of a gas reaction, pressures in units of 101325 Pa.

    Args:
        reaction: all species taken as gases, e.g. "2 NO2 = N2O4".
        T: temperature [K], in the range of the band for every species; float, array or expression.
        band: "cold" or "hot" as in `gas.enthalpy`, with its ranges and errors.

    Source: NASA polynomials of Cantera 3.2 (same standard pressure as Cantera).
    """
    r = Reaction.parse(reaction) if isinstance(reaction, str) else reaction
    if r.electrons:
        raise SpeciesError(f"{r.text!r} has electrons: it is no gas reaction.")
    return -sum(n * gas.gibbs(s, T, band) for s, n in r.species.items()) / (GAS_CONSTANT * T)


def heat(reaction: Reaction | str, T: Any, band: str = "cold") -> Any:
    """Enthalpy change of a gas reaction in J per extent at T [K]; arguments as `ln_k`."""
    r = Reaction.parse(reaction) if isinstance(reaction, str) else reaction
    return sum(n * gas.enthalpy(s, T, band) for s, n in r.species.items())


def nox_reactions() -> tuple[str, ...]:
    """Reactions that `nox_ln_k` knows."""
    return tuple(read("equilibrium")["nox"])


def nox_ln_k(reaction: str, T: Any) -> Any:
    """Natural logarithm of the literature constant of a NOx gas reaction, pressures in atm.

    Args:
        reaction: one of `nox_reactions()`, e.g. "2 NO2 = N2O4".
        T: temperature [K], 273.15..373.15 (2 NO + O2 = 2 NO2: 280..380); float, array or expression.

    Source: plasma note section 3 (two public codes); Cantera differs by up to 20 %.
    """
    known = read("equilibrium")["nox"]
    if reaction not in known:
        raise SpeciesError(
            f"No literature constant of {reaction!r}.{nearest(reaction, known)} "
            f"Known: {'; '.join(known)}."
        )
    span = used.stated(known[reaction]["log10_k"].get("note", "")) or used.AQUEOUS
    used.at(f"constant of {reaction}", T, span, f"constants of {reaction}")
    a, b = number(f"equilibrium.nox.{reaction}.log10_k")
    return LN10 * (a / T + b)


def no_oxidation_rate_constant(T: Any) -> Any:
    """Rate constant k of -dp_NO/dt = k p_NO^2 p_O2 (2 NO + O2 = 2 NO2) in 1/(Pa^2 s).

    Args:
        T: temperature [K], 273.15..450; float, array or expression. Above, the reverse reaction
            counts.

    Source: plasma note r1 (Koukolik and Marek); IUPAC is 16 % lower at 298 K, equal at 373 K.
    """
    words = "rate constant of the oxidation of NO"
    used.at(words, T, OXIDATION, "rate constants of the oxidation of NO")
    a, b = number("equilibrium.oxidation.rate")
    return maths.exp(LN10 * (a / T + b)) / ATMOSPHERE**2


def no_oxidation_time(T: float, p_no: float, p_o2: float, conversion: float) -> float:
    """Plug-flow time in s in which a fraction of NO is oxidised; dilute gas, constant volume.

    Args:
        T: temperature [K], 273.15..450.
        p_no: partial pressure of NO at the inlet [Pa].
        p_o2: partial pressure of O2 at the inlet [Pa].
        conversion: fraction of NO oxidised, below 1.

    Error: that of `no_oxidation_rate_constant` (16 % between sources at 298 K).

    Raises:
        Refusal: O2 does not suffice, or the conversion is not between 0 and 1.
    """
    instead = "a variable and no_oxidation_rate_constant(T) * p_no**2 * p_o2 as its rate"
    ranges.one("no_oxidation_time", instead, T, p_no, p_o2, conversion)
    ranges.sound("partial pressure of NO", p_no, "Pa", above=True)
    ranges.sound("partial pressure of O2", p_o2, "Pa")
    if not 0 <= conversion < 1:
        raise Refusal(f"NO conversion must be in [0, 1), not {conversion:g}.")
    a, n, c = p_no, p_no * (1 - conversion), 2 * p_o2 - p_no
    if n <= -c:
        raise Refusal(
            f"O2 does not suffice: at most {2 * p_o2 / p_no:.6g} of the NO can be oxidised, "
            f"{conversion:g} was asked for. Raise p_o2 above {conversion * p_no / 2:.6g} Pa."
        )
    k = no_oxidation_rate_constant(T)
    x = c / a
    if abs(x) < 1e-3:  # series in c: 1/(n^2 (n + c)) = 1/n^3 - c/n^4 + c^2/n^5 - ...
        terms = (
            (-c) ** j * (n ** -(j + 2) - a ** -(j + 2)) / (j + 2) for j in range(_terms(c / n))
        )
        return float(2 * sum(terms) / k)
    logs = maths.log((a + c) / a) - maths.log((n + c) / n)
    return float(2 / k * ((1 / n - 1 / a) / c + logs / c**2))


def _terms(ratio: float) -> int:
    """Terms of a geometric series in `ratio` that reach 1e-16."""
    size = abs(ratio)
    if size == 0.0:
        return 1
    return 200 if size > 0.8 else int(1 - 37 / float(maths.log(size))) + 1


def no_oxidation_conversion(T: float, p_no: float, p_o2: float, time: float) -> float:
    """Fraction of NO oxidised after a plug-flow time [s]; bisection on `no_oxidation_time`.

    Arguments and range as there; 273.15..450 K.
    """
    instead = "a variable and no_oxidation_rate_constant(T) * p_no**2 * p_o2 as its rate"
    ranges.one("no_oxidation_conversion", instead, T, p_no, p_o2, time)
    ranges.sound("partial pressure of NO", p_no, "Pa", above=True)
    ranges.sound("partial pressure of O2", p_o2, "Pa")
    ranges.sound("time of oxidation", time, "s")
    if p_o2 == 0.0:
        return 0.0
    low, high = 0.0, min(1.0, 2 * p_o2 / p_no) * (1 - 1e-12)
    for _ in range(200):
        middle = (low + high) / 2
        if no_oxidation_time(T, p_no, p_o2, middle) < time:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def kremser_remaining(factor: Any, stages: Any) -> Any:
    """Fraction of a solute left by equilibrium stages with clean solvent or gas (Kremser).

    Args:
        factor: stripping factor S = f H G/L (or absorption factor A), at least 0; in numbers 1 is allowed.
        stages: number of ideal stages.

    Returns:
        (S - 1)/(S^(N+1) - 1).

    >>> kremser_remaining(2.0, 3)
    0.06666666666666667
    """
    used.sound("stripping factor", factor)
    used.sound("number of stages", stages)
    if isinstance(stages, int) and stages >= 1:
        total: Any = 1.0  # 1 + S + ... + S^N: no singularity at S = 1
        for _ in range(stages):
            total = 1.0 + factor * total
        return 1.0 / total
    if ranges.is_pyomo(factor) or ranges.is_pyomo(stages):
        if not ranges.is_pyomo(factor) and abs(factor - 1) < 1e-9:
            return 1 / (stages + 1)
        return (factor - 1) / (factor ** (stages + 1) - 1)
    import numpy as np

    s, n = np.broadcast_arrays(np.asarray(factor, float), np.asarray(stages, float))
    with np.errstate(over="ignore", divide="ignore", invalid="ignore"):
        whole = np.expm1((n + 1) * np.log(s))
        out = np.where(np.abs(s - 1) < 1e-9, 1 / (n + 1), (s - 1) / whole)
    return out if out.shape else float(out)


def kremser_stages(factor: float, remaining: float) -> float:
    """Ideal stages that leave a fraction `remaining`; the inverse of `kremser_remaining`.

    Raises:
        Refusal: the factor is too small; the message names the limit.
    """
    instead = "kremser_remaining(factor, stages) == remaining"
    ranges.one("kremser_stages", instead, factor, remaining)
    ranges.sound("stripping factor", factor, above=True)
    if not 0 < remaining < 1:
        raise Refusal(f"The remaining fraction must be in (0, 1), not {remaining:g}.")
    limit = 1 - factor
    if remaining <= limit:
        raise Refusal(
            f"With a factor of {factor:g} at least {limit:g} remains, however many stages; "
            f"{remaining:g} was asked for. Raise the factor above {1 - remaining:g}."
        )
    if abs(factor - 1) < 1e-9:
        return 1 / remaining - 1
    ratio = maths.log(1 + (factor - 1) / remaining) / maths.log(factor)
    return float(ratio - 1)


def packed_remaining(factor: Any, transfer_units: Any) -> Any:
    """Fraction left by a packed column with clean gas; overall liquid transfer units.

    Args:
        factor: stripping factor S, positive; in numbers 1 is allowed.
        transfer_units: NTU_OL.

    Returns:
        (S - 1)/(S exp(NTU (S - 1)/S) - 1).
    """
    used.sound("stripping factor", factor, above=True)
    used.sound("number of transfer units", transfer_units)
    if ranges.is_pyomo(factor) or ranges.is_pyomo(transfer_units):
        if not ranges.is_pyomo(factor) and abs(factor - 1) < 1e-9:
            return 1 / (1 + transfer_units)
        return (factor - 1) / (factor * maths.exp(transfer_units * (factor - 1) / factor) - 1)
    import numpy as np

    s, n = np.broadcast_arrays(np.asarray(factor, float), np.asarray(transfer_units, float))
    with np.errstate(over="ignore", divide="ignore", invalid="ignore"):
        whole = np.expm1(np.log(s) + n * (s - 1) / s)
        out = np.where(np.abs(s - 1) < 1e-9, 1 / (1 + n), (s - 1) / whole)
    return out if out.shape else float(out)


def packed_units(factor: float, remaining: float) -> float:
    """NTU_OL that leaves a fraction `remaining`; the inverse of `packed_remaining`.

    Raises:
        Refusal: the factor is too small; the message names the limit.
    """
    instead = "packed_remaining(factor, transfer_units) == remaining"
    ranges.one("packed_units", instead, factor, remaining)
    ranges.sound("stripping factor", factor, above=True)
    ranges.sound("remaining fraction", remaining, most=1.0, above=True)
    limit = 1 - factor
    if remaining <= limit:
        raise Refusal(
            f"With a factor of {factor:g} at least {limit:g} remains, however high the packing; "
            f"{remaining:g} was asked for. Raise the factor above {1 - remaining:g}."
        )
    if abs(factor - 1) < 1e-9:
        return 1 / remaining - 1
    return float(factor / (factor - 1) * maths.log(((factor - 1) / remaining + 1) / factor))


def gas_liquid_ratio(ln_henry: Any, T: Any, water_density: Any = None) -> Any:
    """Dimensionless gas/liquid concentration ratio of a dilute solute.

    Args:
        ln_henry: ln of Pa per mol/kg, as `aqueous.ln_henry` gives it.
        T: temperature [K], 273.15..473.15 with the default density, any positive one with another.
        water_density: kg/m3, positive; that of pure water by default.

    Raises:
        Refusal: a temperature outside, or what no temperature or density can be.
    """
    used.sound("logarithm of a Henry constant", ln_henry, least=-math.inf)
    if water_density is None:
        rho = water.density(T)
    else:
        used.sound("temperature", T, "K", above=True)
        used.sound("density of water", water_density, "kg/m3", above=True)
        rho = water_density
    return maths.exp(ln_henry) / (rho * GAS_CONSTANT * T)


def humidity_ratio(p_water: Any, pressure: Any) -> Any:
    """Mass of vapour per mass of dry air, ideal gas (0.5 % low at 40 C).

    Args:
        p_water: partial pressure of the vapour [Pa], 0 to below `pressure`; float, array or
            expression.
        pressure: of all [Pa], positive.

    Raises:
        Refusal: vapour above the whole pressure, or no numbers.
    """
    used.sound("pressure of humid air", pressure, "Pa", above=True)
    used.sound("partial pressure of water", p_water, "Pa")
    if used.judged() and not (ranges.is_pyomo(p_water) or ranges.is_pyomo(pressure)):
        import numpy as np

        part, whole = np.broadcast_arrays(p_water, pressure)
        if (part >= whole).any():
            k = int(np.argmax(part >= whole))
            raise Refusal(
                f"The partial pressure of water must be below the pressure of the humid air,"
                f" {float(whole.flat[k]):.6g} Pa; it is {float(part.flat[k]):.6g} Pa.\n"
                "  There would be no dry air. Raise the pressure, or take less vapour."
            )
    return number("equilibrium.humid_air.ratio") * p_water / (pressure - p_water)


def humid_air_enthalpy(t_celsius: Any, ratio: Any) -> Any:
    """Enthalpy of humid air in J per kg dry air, from dry air and liquid water at 0 C.

    Args:
        t_celsius: temperature [C], as the textbook form has it, -20..80; float, array or expression.
        ratio: kg water per kg dry air, 0 to saturation.

    Within 0.3 % of CoolProp at 1 atm (`noxplant.thermo.humid_air` is closer and in K).
    """
    used.sound("ratio of water to dry air", ratio, "kg/kg")
    used.at("enthalpy of humid air", t_celsius, HUMID, unit="C")
    a, b, c = number("equilibrium.humid_air.enthalpy")
    return a * t_celsius + ratio * (b + c * t_celsius)
