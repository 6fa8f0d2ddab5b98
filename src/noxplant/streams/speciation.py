"""True species of an aqueous phase from its totals, with one unknown: p_h = -log10 molality of H+.

Every amount is a total times a fraction of p_h, so a total of exactly zero does no harm and no
logarithm of an amount is taken. The proton total follows from electroneutrality: no stream can be
charged. The proton balance is monotone in p_h; the solver keeps p_h on it at every Newton step.
Activity coefficients are one (ideal solution); the activity of water is exp(-M_w sum m).

    t_i      = 10^(log10 beta_i - q_i p_h)             forms of a weak total, basis species + q H+
    share    = 1 / (1 + sum t_i)                       part of the total that is the basis species
    W        = (n_H2O - sum w_i n_i) / (1/M_w + t_OH)  kg/s of water
    0        = n_H+ - n_OH- + sum q_i n_i + sum z_j n_j

Source: the equilibrium-constant formulation with basis species that geochemical codes use
(Parkhurst and Appelo, PHREEQC version 3, USGS Techniques and Methods 6-A43, 2013).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any, Final

from noxplant import maths
from noxplant.constants import WATER_MOLAR_MASS
from noxplant.species import component
from noxplant.thermo import aqueous, excess
from noxplant.thermo.used import extrapolating

LN10: Final = math.log(10.0)
P_H_BOUNDS: Final = (-2.0, 17.0)
Wrap = Callable[[str, str, Any], Any]


def _plain(kind: str, index: str, expression: Any) -> Any:
    return expression


class Truth:
    """True species as closed expressions of totals, p_h and temperature.

    Attributes:
        flow: mol/s of every true species, H+ and OH- included.
        kilograms: water that is free as H2O, kg/s.
    """

    def __init__(
        self, totals: Mapping[str, Any], p_h: Any, temperature: Any, wrap: Wrap = _plain
    ) -> None:
        """Totals in mol/s by component name, temperature in K; floats or Pyomo expressions."""
        self.totals, self.temperature = totals, temperature
        flow: dict[str, Any] = {}
        bound: Any = 0.0
        taken: Any = 0.0
        for name, total in totals.items():
            if name == "H2O":
                continue
            item = component(name)
            if not item.forms:
                flow[item.basis] = total
                continue
            terms = {
                form.name: maths.exp(
                    aqueous.ln_beta(form.name, temperature) - form.protons * LN10 * p_h
                )
                for form in item.forms
            }
            basis = wrap("basis", item.basis, total / (1 + sum(terms.values())))
            flow[item.basis] = basis
            for form in item.forms:
                amount = wrap("form", form.name, basis * terms[form.name])
                flow[form.name] = amount
                bound = bound + form.protons * amount
                if form.water:
                    taken = taken + form.water * amount
        hydroxide = maths.exp(aqueous.ln_beta("OH-", temperature) + LN10 * p_h)
        self.kilograms = wrap(
            "kg", "water", (totals["H2O"] - taken) / (1 / WATER_MOLAR_MASS + hydroxide)
        )
        flow["H2O"] = self.kilograms / WATER_MOLAR_MASS
        flow["OH-"] = wrap("form", "OH-", self.kilograms * hydroxide)
        flow["H+"] = wrap("form", "H+", self.kilograms * maths.exp(-LN10 * p_h))
        self.flow = flow
        self.bound = bound

    def proton_residual(self) -> Any:
        """Protons counted minus protons implied by electroneutrality, mol/s; falls with p_h."""
        charges = sum(
            component(name).charge * total
            for name, total in self.totals.items()
            if component(name).charge
        )
        return self.flow["H+"] - self.flow["OH-"] + self.bound + charges

    def molality(self, name: str) -> Any:
        """Molality of a true species, mol per kg water."""
        return self.flow[name] / self.kilograms

    def ln_water_activity(self) -> Any:
        """Natural logarithm of the activity of water, ideal solution."""
        solutes = sum(amount for name, amount in self.flow.items() if name != "H2O")
        return -WATER_MOLAR_MASS * solutes / self.kilograms

    @extrapolating()  # the temperature was judged when the species were settled
    def enthalpy_flow(self) -> Any:
        """Enthalpy from the elements at 298.15 K, W: true species and the heat of dilution."""
        T = self.temperature
        ideal = sum(n * aqueous.enthalpy(name, T) for name, n in self.flow.items())
        return ideal + self.excess_enthalpy()

    @extrapolating()
    def excess_enthalpy(self) -> Any:
        """Heat of dilution of strong alkali and acid, W; the salts' is neglected.

        Free hydroxide counts as KOH (NaOH without potassium), free H+ as sulfuric, else
        hydrochloric, else nitric acid. Range and error: `noxplant.thermo.excess`.
        """
        out: Any = 0.0
        for cation, alkali in (("K+", "KOH"), ("Na+", "NaOH")):
            if cation in self.totals:
                out = excess.excess_enthalpy(alkali, self.flow["OH-"], self.kilograms)
                break
        if "S(6)" in self.totals:
            return out + excess.sulfuric_acid_excess(self.flow["H+"], self.flow["H2O"])
        for anion, acid in (("Cl-", "HCl"), ("NO3-", "HNO3")):
            if anion in self.totals:
                return out + excess.excess_enthalpy(acid, self.flow["H+"], self.kilograms)
        return out


@extrapolating()
def settle(totals: Mapping[str, float], temperature: float) -> tuple[Truth, float]:
    """Speciation of given totals in floats, by bisection, apart from the plant's equations.

    Args:
        totals: mol/s (or mol) by component name; "H2O" must be positive.
        temperature: K.

    Returns:
        The true species and p_h. The proton balance is monotone, so this cannot fail.
    """
    low, high = P_H_BOUNDS[0] - 1.0, P_H_BOUNDS[1] + 1.0
    clean = {name: max(float(value), 0.0) for name, value in totals.items()}
    middle = 0.5 * (low + high)
    for _ in range(70):
        middle = 0.5 * (low + high)
        if Truth(clean, middle, temperature).proton_residual() > 0:
            low = middle
        else:
            high = middle
    return Truth(clean, middle, temperature), middle
