"""Physical constants, SI.

Source: 2019 revision of the SI (exact values), BIPM SI Brochure, 9th edition. Class: library.
"""

from __future__ import annotations

from typing import Final

GAS_CONSTANT: Final = 8.314462618  # J/(mol K)
FARADAY: Final = 96485.33212  # C/mol
T_REFERENCE: Final = 298.15  # K, the temperature at which enthalpies of elements are zero
P_REFERENCE: Final = 1.0e5  # Pa, standard state of tabulated Gibbs energies (1 bar)
ATMOSPHERE: Final = 101325.0  # Pa
STANDARD_GRAVITY: Final = 9.80665  # m/s2
WATER_MOLAR_MASS: Final = 0.01801528  # kg/mol
ZERO_CELSIUS: Final = 273.15  # K
