"""Humid air read from CoolProp (ASHRAE RP-1485) and written as virial-like forms.

Per mole of mixture, x mole fraction of water vapour, y = 1 - x:
    h = y h_a + x h_w + p (y^2 k_aa + 2 x y k_aw + x^2 k_ww)
    v = R T/p + y^2 B_aa + 2 x y B_aw + x^2 B_ww
    x_saturated = p_s/p exp((p - p_s) (e_0 + e_1 p_s/p))
with Chebyshev series in T for each letter; fitted to states in the whole range together.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from noxplant.constants import GAS_CONSTANT as R
from noxplant.constants import T_REFERENCE

LOW: Final = 273.16
HIGH: Final = 363.15
PRESSURES: Final = (5e4, 5e5)
AIR_MASS: Final = 0.028966
"""kg/mol of dry air, as CoolProp's humid air has it."""
WATER_MASS: Final = 0.018015268
"""kg/mol of water."""
FULL: Final = 0.9
"""Largest ratio of the vapour pressure of water to the pressure in the fit."""
ENTHALPY: Final = ("air", "water", "air_air", "air_water", "water_water")
VOLUME: Final = ENTHALPY[2:]
ENHANCEMENT: Final = ("air", "water")
TERMS: Final = 6


def states(temperatures: Any, pressures: Any, shares: Any) -> Any:
    """CoolProp's (T, p, x, h, v, x saturated, vapour pressure) at a grid, per mole of mixture.

    Args:
        temperatures: K.
        pressures: Pa.
        shares: x over that of saturation, 0 to 1.
    """
    import CoolProp.CoolProp as cp
    import numpy as np

    rows = []
    for T in temperatures:
        vapour = cp.PropsSI("P", "T", T, "Q", 0, "Water")
        for p in pressures:
            if vapour > FULL * p:
                continue
            most = cp.HAPropsSI("psi_w", "T", T, "P", p, "R", 1.0)
            for share in shares:
                x = share * most * (1 - 1e-9)
                given = ("T", T, "P", p, "W", x * WATER_MASS / ((1 - x) * AIR_MASS))
                per_mole = AIR_MASS * (1 - x)
                h, v = (cp.HAPropsSI(k, *given) * per_mole for k in ("H", "V"))
                rows.append((T, p, x, h, v, most, vapour))
    return np.array(rows)


def weights(what: str, s: Any) -> list[Any]:
    """What multiplies each series of a property in states s (columns of `states`)."""
    p, x, vapour = s[:, 1], s[:, 2], s[:, 6]
    y = 1 - x
    pairs = [y * y, 2 * x * y, x * x]
    if what == "enthalpy":
        return [y, x, *(p / 1e5 * q for q in pairs)]
    if what == "volume":
        return pairs
    return [(p - vapour) / 1e5, (p - vapour) / 1e5 * vapour / p]


def target(what: str, s: Any) -> Any:
    """What the weighted series add up to."""
    import numpy as np

    if what == "enthalpy":
        return s[:, 3]
    if what == "volume":
        return s[:, 4] - R * s[:, 0] / s[:, 1]
    return np.log(s[:, 5] * s[:, 1] / s[:, 6])


def _design(what: str, s: Any) -> Any:
    import numpy as np
    from numpy.polynomial import chebyshev

    t = (2 * s[:, 0] - LOW - HIGH) / (HIGH - LOW)
    series = chebyshev.chebvander(t, TERMS - 1)
    return np.hstack([series * w[:, None] for w in weights(what, s)])


def fitted(what: str, nodes: Any, checks: Any) -> tuple[list[list[float]], float]:
    """Series of "enthalpy" [J/mol], "volume" [m3/mol] or "enhancement"; twice the error seen."""
    import numpy as np

    matrix = _design(what, nodes)
    size = np.linalg.norm(matrix, axis=0)
    answer = np.linalg.lstsq(matrix / size, target(what, nodes), rcond=1e-13)[0] / size
    off = np.abs(_design(what, checks) @ answer - target(what, checks))
    if what == "volume":
        off = off / checks[:, 4]
    return answer.reshape(-1, TERMS).tolist(), 2.0 * float(off.max())


def air_toml(entry: Callable[..., str]) -> list[str]:
    """Lines of the table "humid air" of coolprop.toml.

    Enthalpies count from the elements: at 298.15 K and no pressure that of dry air is zero, that
    of water vapour as in the table "H2O".
    """
    import numpy as np
    from numpy.polynomial import chebyshev

    from noxplant.thermo.adapters.coolprop import element_shift, ideal_enthalpy, version

    middle, half = (LOW + HIGH) / 2, (HIGH - LOW) / 2
    grid = middle + half * chebyshev.chebpts1(16)
    nodes = states(grid, np.linspace(*PRESSURES, 6), (0, 0.25, 0.5, 0.75, 1))
    between = middle + half * np.cos(np.linspace(0.01, np.pi - 0.01, 23))
    checks = states(between, np.geomspace(*PRESSURES, 5), (0, 0.1, 0.4, 0.6, 0.9, 1))
    source = f"CoolProp {version()}, humid air (Herrmann, Kretzschmar and Gatley, ASHRAE RP-1485)"
    lines = ['["humid air"]', entry("range", [LOW, HIGH], "K", source=source)]
    masses = [WATER_MASS, AIR_MASS]
    lines.append(entry("molar_masses", masses, "kg/mol, water and dry air", source=source))
    lines.append(entry("pressures", list(PRESSURES), "Pa", source=source))
    for what, names, unit in (
        ("enthalpy", ENTHALPY, "J/mol"),
        ("volume", VOLUME, "m3/mol"),
        ("enhancement", ENHANCEMENT, "1/bar"),
    ):
        series, error = fitted(what, nodes, checks)
        if what == "enthalpy":
            series[0][0] -= _at_reference(series[0])
            water = ideal_enthalpy("H2O", T_REFERENCE) + element_shift("H2O")
            series[1][0] += water - _at_reference(series[1])
        for name, row in zip(names, series, strict=True):
            words = f"Chebyshev series of {unit}{'/bar' if name.count('_') and what == 'enthalpy' else ''}"
            lines.append(entry(f"{what}_{name}", row, words, source=source))
        kind = "1" if what != "enthalpy" else unit
        lines.append(entry(f"{what}_error", float(f"{error:.2g}"), kind, source=source))
    return [*lines, ""]


def _at_reference(series: list[float]) -> float:
    """Value of a series at 298.15 K."""
    from numpy.polynomial import chebyshev

    return float(chebyshev.chebval((2 * T_REFERENCE - LOW - HIGH) / (HIGH - LOW), series))
