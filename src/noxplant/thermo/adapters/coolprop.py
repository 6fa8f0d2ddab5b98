"""Pure fluids and humid air read from CoolProp and written as Chebyshev forms.

`python -m noxplant.thermo.adapters.coolprop FOLDER` regenerates coolprop.toml (2 s). Along the
saturation curve: pressure, liquid and vapour enthalpy, liquid and vapour density.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from noxplant.constants import ATMOSPHERE, T_REFERENCE
from noxplant.errors import Refusal
from noxplant.thermo.chebyshev import fit

PROPERTIES: Final[dict[str, tuple[str, int, str, bool]]] = {
    "saturation_pressure": ("P", 0, "Pa", True),
    "liquid_enthalpy": ("HMOLAR", 0, "J/mol", False),
    "vapour_enthalpy": ("HMOLAR", 1, "J/mol", False),
    "liquid_density": ("DMASS", 0, "kg/m3", True),
    "vapour_density": ("DMASS", 1, "kg/m3", True),
}
"""Property: CoolProp's name, vapour quality, unit, whether the logarithm is fitted."""
NAMES: Final = {"H2O": "Water", "NH3": "Ammonia"}
RANGES: Final = {"H2O": (273.16, 473.15, 1e-7), "NH3": (200.0, 380.0, 1e-6)}
"""Temperatures [K] and error allowed, relative or over the heat of vaporisation at 298.15 K."""
AMMONIA_WATER: Final = (
    "CoolProp has no ammonia-water mixture: its Helmholtz models hold no measured parameters for"
    " the pair, and the simple mixing rules that it accepts instead give, without a warning, an"
    " ammonia pressure 23 times (linear) to 45 times too high (Lorentz-Berthelot) at x = 0.05, 20 C.\n"
    "  Use the aqueous model: noxplant.thermo.equilibrium and noxplant.thermo.aqueous."
)


def version() -> str:
    """Version of the CoolProp at hand."""
    import CoolProp

    return str(CoolProp.__version__)


def is_ammonia_water(name: str) -> bool:
    """Whether a name means ammonia with water, however they are joined.

    >>> [is_ammonia_water(n) for n in ("NH3-H2O", "water/R717", "Ammonia&Water", "Ammonia")]
    [True, True, True, False]
    """
    words = name.lower()
    both = (("ammonia", "nh3", "r717"), ("water", "h2o", "r718"))
    return all(any(w in words for w in some) for some in both)


def pure(name: str) -> str:
    """CoolProp's name of a pure fluid.

    Raises:
        Refusal: a mixture, ammonia with water in particular, or a name that CoolProp lacks.
    """
    if is_ammonia_water(name):
        raise Refusal(AMMONIA_WATER)
    import CoolProp.CoolProp as cp

    parts = [p.split("[")[0].strip() for p in name.replace("+", "&").split("&")]
    if len(parts) > 1:
        raise Refusal(
            f"{name!r} is a mixture; forms are made of pure fluids only.\n"
            "  A mixture's model must be checked against data first."
        )
    theirs = NAMES.get(name, name)
    try:
        cp.PropsSI("Tcrit", theirs)
    except ValueError as error:
        raise Refusal(
            f"CoolProp has no fluid {name!r}.\n  See CoolProp.CoolProp.FluidsList()."
        ) from error
    return str(theirs)


def saturation(name: str, low: float, high: float, bound: float) -> dict[str, Any]:
    """Forms of a pure fluid along its saturation curve, as plain numbers.

    Args:
        name: fluid, "H2O", "NH3" or a name of CoolProp.
        low: K, at or above the triple point.
        high: K, below the critical point.
        bound: error allowed: relative for pressure and densities, over the heat of vaporisation
            at 298.15 K (or at mid-range) for enthalpies.

    Returns:
        {"molar_mass": kg/mol, property: {"coefficients": [...], "error": ...}}; enthalpies in
        J/mol on CoolProp's own reference.

    Raises:
        Refusal: a mixture, an unknown fluid, or a range that leaves the saturation curve.
    """
    import CoolProp.CoolProp as cp

    theirs = pure(name)
    triple, critical = cp.PropsSI("Ttriple", theirs), cp.PropsSI("Tcrit", theirs)
    if not triple - 1e-6 <= low < high < critical:
        raise Refusal(
            f"Liquid {name} and its vapour exist from {triple:.6g} to {critical:.6g} K;"
            f" {low:g} to {high:g} K was asked."
        )
    inside = low <= T_REFERENCE <= high
    middle = T_REFERENCE if inside else (low + high) / 2
    heat = _heat(theirs, middle)
    out: dict[str, Any] = {"molar_mass": float(cp.PropsSI("M", theirs))}
    for what, (symbol, quality, _, logarithm) in PROPERTIES.items():
        curve = _curve(theirs, symbol, quality, logarithm)
        allowed = bound if logarithm else bound * heat
        coefficients, error = fit(curve, low, high, allowed)
        out[what] = {"coefficients": list(coefficients), "error": error}
    return out


def _curve(fluid: str, symbol: str, quality: int, logarithm: bool) -> Callable[[float], float]:
    import CoolProp.CoolProp as cp

    def value(T: float) -> float:
        found = float(cp.PropsSI(symbol, "T", T, "Q", quality, fluid))
        return math.log(found) if logarithm else found

    return value


def _heat(fluid: str, T: float) -> float:
    import CoolProp.CoolProp as cp

    ends = [cp.PropsSI("HMOLAR", "T", T, "Q", q, fluid) for q in (0, 1)]
    return float(ends[1] - ends[0])


def element_shift(name: str) -> float:
    """J/mol to add to CoolProp's enthalpy so that it counts from the elements at 298.15 K.

    Water is anchored at the liquid (298.15 K, 1 atm), ammonia at the ideal gas.
    """
    import CoolProp.CoolProp as cp

    from noxplant.species.numbers import number
    from noxplant.thermo import gas

    if name == "H2O":
        liquid = cp.PropsSI("HMOLAR", "T", T_REFERENCE, "P", ATMOSPHERE, "Water")
        return float(number("aqueous.species.H2O.enthalpy") - liquid)
    return float(gas.enthalpy(name, T_REFERENCE)) - ideal_enthalpy(name, T_REFERENCE)


def ideal_enthalpy(name: str, T: float) -> float:
    """CoolProp's enthalpy of a fluid as an ideal gas in J/mol at T [K], on its own reference."""
    import CoolProp.CoolProp as cp

    state = cp.AbstractState("HEOS", pure(name))
    state.update(cp.DmolarT_INPUTS, 1e-6, T)
    return float(state.hmolar())


def _entry(key: str, value: Any, unit: str, note: str = "", source: str = "") -> str:
    tail = f', note = "{note}"' if note else ""
    where = source or f"CoolProp {version()}, Helmholtz equation of state"
    return f'{key} = {{ value = {value!r}, unit = "{unit}", source = "{where}", class = "library"{tail} }}'


def toml() -> str:
    """Text of coolprop.toml: water, ammonia and humid air."""
    from noxplant.thermo.adapters.coolprop_air import air_toml

    lines = ["# Chebyshev forms. Written by noxplant.thermo.adapters.coolprop; do not edit.", ""]
    for name, (low, high, bound) in RANGES.items():
        found = saturation(name, low, high, bound)
        shift = element_shift(name)
        lines += [f'["{name}"]', _entry("range", [low, high], "K")]
        lines.append(_entry("molar_mass", found["molar_mass"], "kg/mol"))
        for what, (_, _, unit, logarithm) in PROPERTIES.items():
            series = found[what]["coefficients"]
            if what.endswith("enthalpy"):
                series[0] += shift
            words = f"Chebyshev series of {'ln ' if logarithm else ''}{unit}"
            lines.append(_entry(what, series, words, "along saturation"))
            error = float(f"{found[what]['error']:.2g}")
            lines.append(_entry(f"{what}_error", error, "1" if logarithm else unit))
        lines.append("")
    return "\n".join([*lines, *air_toml(_entry)])


def write(folder: Path) -> None:
    """Write coolprop.toml into `folder`."""
    (folder / "coolprop.toml").write_text(toml(), "utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1]))
