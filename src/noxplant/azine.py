"""Closed forms of the benzophenone azine route: batch cell, condensation, kinetics, ketone loop.

They serve the units as equations and the tests as oracles. Amounts of the condensation are per mol
of ammonia charged. Source of equations and constants: the physics note of the hydrazine route, on
Nat. Commun. 2024, 10.1038/s41467-024-52825-1.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Final

from noxplant import maths
from noxplant.constants import FARADAY, GAS_CONSTANT, T_REFERENCE
from noxplant.errors import SpecError
from noxplant.species import Reaction, molar_mass
from noxplant.thermo import organic

CONDENSATION: Final = "benzophenone + NH3 -> benzophenone imine + H2O"
COUPLING: Final = "2 benzophenone imine -> benzophenone azine + 2 H+ + 2 e-"
SOLVENT_LOSS: Final = "methanol -> formaldehyde + 2 H+ + 2 e-"
HYDROGEN: Final = "2 H+ + 2 e- -> H2"
KETONE_LOSS: Final = "benzophenone + 2 H+ + 2 e- -> benzhydrol"
"""The reactions of the imine reactor and of the azine cell. Coupling frees two protons at the
anode, the cathode takes them up; methanol carries them and is made again."""

AZINE: Final = "benzophenone azine"
AZINE_SOLID: Final = "benzophenone azine(s)"


@dataclass(frozen=True)
class AzineBatch:
    """What a batch azine electrolysis takes.

    Attributes:
        azine: azine made, mol.
        charge: C.
        mean_current: A.
        initial_current: A, at constant faradaic efficiency.
        rate_constant: first-order constant of the coupling, 1/s.
        energy: J.
        energy_per_hydrazine: J per kg of N2H4 that the azine holds.
    """

    azine: float
    charge: float
    mean_current: float
    initial_current: float
    rate_constant: float
    energy: float
    energy_per_hydrazine: float


def azine_batch(
    ammonia: float, conversion: float, faradaic_efficiency: float, voltage: float, duration: float
) -> AzineBatch:
    """Charge, current and energy of a batch with first-order coupling at constant efficiency.

    Args:
        ammonia: ammonia charged, mol.
        conversion: part of the ammonia that ends in azine, 0..1.
        faradaic_efficiency: of the coupling, 0..1.
        voltage: cell voltage, V.
        duration: s.

    >>> round(azine_batch(1.5e-3, 0.985, 0.956, 4.1, 36000.0).charge, 2)
    149.12
    """
    azine = ammonia * conversion / 2
    charge = 2 * FARADAY * azine / faradaic_efficiency
    k = -math.log(1 - conversion) / duration
    energy = voltage * charge
    mass = azine * molar_mass("N2H4")
    return AzineBatch(
        azine, charge, charge / duration, charge * k / conversion, k, energy, energy / mass
    )


# Condensation ----------------------------------------------------------------------------------


def equilibrium_constant(at_reference: Any, T: Any) -> Any:
    """Equilibrium constant of the condensation at T from that at 298.15 K (van 't Hoff).

    Args:
        at_reference: constant at 298.15 K, in concentrations, without dimension.
        T: temperature, K.

    The heat of reaction is that of the organic-phase enthalpies, constant.
    """
    made = Reaction.parse(CONDENSATION).species
    heat = sum(nu * organic.enthalpy(s, T_REFERENCE) for s, nu in made.items())
    return at_reference * maths.exp(-heat / GAS_CONSTANT * (1 / T - 1 / T_REFERENCE))


def condensation_rate(
    rate_constant: Any, K: Any, ketone: Any, ammonia: Any, imine: Any, water: Any
) -> Any:
    """Rate of benzophenone + NH3 -> imine + H2O, second order both ways; zero at equilibrium.

    Args:
        rate_constant: forward, m3/mol/s, at the temperature of the liquid.
        K: equilibrium constant there.
        ketone: concentration of benzophenone, mol/m3 (or any amount, which gives its square).
        ammonia: of ammonia, same unit.
        imine: of the imine, same unit.
        water: of water, same unit.

    Returns:
        mol/m3/s for concentrations in mol/m3.

    >>> condensation_rate(2e-6, 4.0, 100.0, 100.0, 100.0, 400.0)
    0.0
    """
    return rate_constant * (ketone * ammonia - imine * water / K)


def imine_fraction(K: float, ratio: float = 1.0, water: float = 0.0, coupled: float = 0.0) -> float:
    """Imine at equilibrium, mol per mol of ammonia charged.

    Args:
        K: equilibrium constant of the condensation.
        ratio: benzophenone charged per ammonia charged.
        water: water charged per ammonia charged.
        coupled: ammonia already coupled to azine, per ammonia charged.

    >>> round(imine_fraction(10.0), 4)
    0.7597
    """
    a, b = 1 - coupled, ratio - coupled
    half = K * (a + b) + water + coupled
    root = math.sqrt(max(half * half - 4 * (K - 1) * K * a * b, 0.0))
    return 2 * K * a * b / (half + root)


def batch_conversion(
    K: float, rate_constant: float, duration: float, ratio: float = 1.0, water: float = 0.0
) -> float:
    """Ammonia coupled in a batch, per ammonia charged; the condensation stays at equilibrium.

    Args:
        K: equilibrium constant of the condensation.
        rate_constant: first-order constant of the coupling of imine, 1/s.
        duration: s.
        ratio: benzophenone charged per ammonia charged.
        water: water charged per ammonia charged.
    """
    x, steps = 0.0, 2000
    h = rate_constant * duration / steps

    def rate(value: float) -> float:
        return imine_fraction(K, ratio, water, min(value, 1.0))

    for _ in range(steps):
        a = rate(x)
        b = rate(x + h * a / 2)
        c = rate(x + h * b / 2)
        x += h * (a + 2 * b + 2 * c + rate(x + h * c)) / 6
    return x


def series_conversion(k1: float, k2: float, duration: float) -> float:
    """Ammonia coupled when condensation (k1) and coupling (k2) are first order in series.

    Args:
        k1: constant of the condensation, 1/s; differs from `k2`.
        k2: constant of the coupling, 1/s.
        duration: s.
    """
    return 1 + (k1 * math.exp(-k2 * duration) - k2 * math.exp(-k1 * duration)) / (k2 - k1)


def tanks_conversion(number: float, tanks: int) -> float:
    """Conversion of a first-order reaction in equal stirred tanks in series.

    Args:
        number: rate constant times total residence time.
        tanks: how many.
    """
    return 1 - (1 + number / tanks) ** -tanks


# Electrode -------------------------------------------------------------------------------------

EFFICIENCY_SCATTER: Final = 0.04
"""What the paper's faradaic efficiencies lie off the fit at most: 0.956 against 0.917 at 2.1 V."""
TRANSPORT_CONTROL: Final = 2.0
"""V vs Ag/Ag+ (0.01 mol/L) from which the rate constant of the coupling was measured (batches at 2.0
to 2.1 V); below it the electrode slows the coupling by an amount that is only in a figure."""


def faradaic_efficiency(anode_potential: float) -> float:
    """Faradaic efficiency of the coupling against the anode potential, V vs Ag/Ag+ (0.01 mol/L).

    Fitted to the paper: 0.956 up to 1.8 V, 0.950 at 2.0 V, 0.74 at 2.2 V. Valid 1.2 to 2.2 V, within
    `EFFICIENCY_SCATTER`.
    """
    return 1 / (1 + (1 / 0.956 - 1) + 10 ** ((anode_potential - 2.262) / 0.12))


REFERENCE_POTENTIAL: Final = 1.6
"""V vs Ag/Ag+ (0.01 mol/L) at which the rate of the electrode step is given (hydrazine note 3.3)."""


def coupling_coefficient(
    mass_transfer: Any, electrode_rate: Any, tafel_slope: Any, anode_potential: Any
) -> Any:
    """Rate of the coupling per anode area and concentration of imine, m/s: transport, then electrode.

    Args:
        mass_transfer: mass-transfer coefficient at the anode, m/s.
        electrode_rate: of the electrode step at 1.6 V, m/s.
        tafel_slope: V per decade of the electrode step.
        anode_potential: V vs Ag/Ag+ (0.01 mol/L).

    Source: 1/k = 1/k_mt + 1/(k0 10^((E - 1.6 V)/b)), hydrazine note 3.3.

    >>> round(coupling_coefficient(3.5e-5, 3.5e-5, 0.12, 1.6) / 3.5e-5, 3)
    0.5
    """
    faster = maths.exp(math.log(10) * (anode_potential - REFERENCE_POTENTIAL) / tafel_slope)
    electrode = electrode_rate * faster
    return mass_transfer * electrode / (mass_transfer + electrode)


# Solubility ------------------------------------------------------------------------------------


def azine_solubility(at_reference: Any, heat_of_solution: Any, T: Any) -> Any:
    """Solubility of the azine at T in the unit of that at 298.15 K (van 't Hoff).

    Args:
        at_reference: solubility at 298.15 K, mol/m3.
        heat_of_solution: J/mol.
        T: temperature, K.
    """
    return at_reference * maths.exp(-heat_of_solution / GAS_CONSTANT * (1 / T - 1 / T_REFERENCE))


# Benzophenone loop -----------------------------------------------------------------------------


def dpk_purge(formation: float, impurity_fraction: float) -> float:
    """Fraction of the circulating benzophenone to purge so that impurities stay at a level.

    Args:
        formation: impurity formed per benzophenone circulated, mol/mol.
        impurity_fraction: allowed mole fraction of impurity in what circulates.

    Raises:
        SpecError: impurities form and none is allowed out.
    """
    if formation > 0 and not impurity_fraction > 0:
        raise SpecError(
            f"Benzophenone loop: {formation:g} mol impurity form per mol circulated, but the allowed"
            f" impurity fraction is {impurity_fraction:g}.\n  Allow a fraction above zero."
        )
    return formation / impurity_fraction if formation > 0 else 0.0


def dpk_impurity(formation: float, purge: float) -> float:
    """Mole fraction of impurity at steady state in the circulating benzophenone.

    Args:
        formation: impurity formed per benzophenone circulated, mol/mol.
        purge: fraction purged per cycle.

    Raises:
        SpecError: impurities form and nothing is purged.
    """
    if formation > 0 and not purge > 0:
        raise SpecError(
            f"Benzophenone loop: {formation:g} mol impurity form per mol circulated, but the purge"
            " fraction is zero, so they build up without limit.\n  Give a purge above zero."
        )
    return formation / purge if formation > 0 else 0.0


def dpk_make_up(loss: float, formation: float, impurity_fraction: float) -> float:
    """Make-up of benzophenone per mol circulated.

    Args:
        loss: benzophenone lost with the product, mol/mol.
        formation: benzophenone turned into impurities, mol/mol.
        impurity_fraction: allowed mole fraction of impurity in what circulates.

    >>> round(dpk_make_up(0.01, 0.002, 0.05), 3)
    0.05
    """
    purge = dpk_purge(formation, impurity_fraction)
    return loss + formation + purge * (1 - impurity_fraction)


def dpk_left(loss: float, cycles: int) -> float:
    """Share of a charge of benzophenone that is left after some cycles without make-up.

    Args:
        loss: benzophenone lost per cycle, mol/mol.
        cycles: how often the charge is used.

    Source: physics note of the hydrazine route, 3.10; the paper's five cycles at 1 percent.

    >>> round(dpk_left(0.01, 5), 3)
    0.951
    """
    return (1 - loss) ** cycles
