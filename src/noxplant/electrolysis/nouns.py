"""Declarations that the plug-flow cells have in common, made anew for each class.

A unit is declared in its own class body; these spare it the words that never differ.
"""

from __future__ import annotations

from typing import Any

from noxplant.quantities import Heat, Inlet, Inside, Outlet, Result, Spec, Work
from noxplant.utilities import ANY


def feed(what: str) -> Any:
    """A liquid that enters."""
    return Inlet("aqueous", what)


def liquid(what: str, keys: str) -> Any:
    """A liquid that leaves, with the keys that an attribute lists."""
    return Outlet("aqueous", what, only=keys)


def inside(what: str, keys: str) -> Any:
    """The liquid of all segments but the last, which is the outlet."""
    return Inside("aqueous", what, count="inner", only=keys)


def gas(what: str, keys: str) -> Any:
    """A gas that leaves, dry."""
    return Outlet("gas", what, only=keys)


def area() -> Any:
    """Electrode area."""
    return Spec("m2", "electrode area of all cells", (0.0, None), nominal=10.0, open="low")


def current_density() -> Any:
    """Mean current density; exchange it for the voltage to give that instead."""
    return Spec("A/m2", "mean current density", (0.0, 1e5), nominal=1e3, open="low")


def cells() -> Any:
    """Number of cells."""
    return Spec(
        "1", "number of cells, electrically in series", (1.0, None), nominal=100.0, whole=True
    )


def temperature() -> Any:
    """Temperature of all segments."""
    return Spec("K", "temperature of all segments and outlets", (273.15, 373.15))


def mass_transfer() -> Any:
    """Coefficient of the film of each electrode with a dissolved reactant."""
    return Spec(
        "m/s", "mass-transfer coefficient of the film", (1e-9, 0.1), nominal=1e-5, over="films"
    )


def reference_current() -> Any:
    """Point of the Tafel line: current."""
    return Spec(
        "A/m2",
        "partial current density at the reference potential, 298.15 K, 1 mol/L of reactant",
        (1e-30, 1e6),
        nominal=1.0,
        over="reactions",
    )


def reference_potential() -> Any:
    """Point of the Tafel line: potential."""
    return Spec(
        "V",
        "potential against RHE of the reference current",
        (-5.0, 5.0),
        nominal=0.5,
        over="reactions",
        scale="RHE",
    )


def tafel_slope() -> Any:
    """Slope of the Tafel line."""
    return Spec(
        "V",
        "Tafel slope per decade at 298.15 K",
        (1e-3, 1.0),
        nominal=0.1,
        over="reactions",
        open="low",
    )


def activation_energy() -> Any:
    """Arrhenius term of the reference current."""
    return Spec(
        "J/mol",
        "activation energy at the reference potential",
        (0.0, 3e5),
        nominal=4e4,
        over="reactions",
    )


def duty_cycle() -> Any:
    """Part of the time at the potential of the pulse."""
    return Spec(
        "1", "part of the time at the potential of the pulse", (0.0, 1.0), nominal=0.5, open="both"
    )


def pulse_potential() -> Any:
    """Potentials between which a cathode is pulsed."""
    return Spec(
        "V",
        "potential of the cathode against RHE",
        (-5.0, 5.0),
        nominal=-0.2,
        over="segment_names",
        scale="RHE",
    )


def membrane_resistance() -> Any:
    """Area resistance of the membrane or separator."""
    return Spec("ohm m2", "area resistance of the membrane", (0.0, 1.0), nominal=1e-4)


def width(between: str) -> Any:
    """Width of a gap; zero is a zero-gap cell."""
    return Spec("m", f"gap between {between}; 0: zero gap", (0.0, 1.0), nominal=1e-3)


def bubble_slip() -> Any:
    """Slip between gas and liquid."""
    return Spec(
        "1", "velocity of the gas in the gaps over that of the liquid", (1.0, 1e6), nominal=10.0
    )


def water_drag(ion: str) -> Any:
    """Water that an ion takes along."""
    return Spec("1", f"water carried per {ion} through the membrane", (0.0, 30.0), nominal=5.0)


def selectivity() -> Any:
    """Competition of nitrate and nitrite with hydroxide."""
    return Spec(
        "1",
        "share of nitrate and nitrite in the current over that of hydroxide, per concentration",
        (0.0, 10.0),
        nominal=0.4,
    )


def dissociation() -> Any:
    """Loss of a bipolar membrane beyond the difference of pH."""
    return Spec("V", "overpotential of the water dissociation", (0.0, 2.0), nominal=0.2)


def salt_leak() -> Any:
    """Imperfection of a bipolar membrane."""
    return Spec("1", "part of the current that passes as the anolyte's cation", (0.0, 0.5))


def ammonia_permeance() -> Any:
    """Crossover of ammonia."""
    return Spec("m/s", "permeance of the membrane for dissolved ammonia", (0.0, 1e-3), nominal=1e-7)


def per_segment(units: str, what: str, nominal: float, low: float | None = None) -> Any:
    """A profile along the channel."""
    return Result(units, what, (low, None), nominal=nominal, over="segment_names")


def local_current_density() -> Any:
    """Profile of the current density, positive."""
    return per_segment("A/m2", "current density", 1e3, 1e-6)


def local_extent() -> Any:
    """Extents of all half-reactions in all segments."""
    return Result(
        "mol/s", "extent of a half-reaction in a segment", (0.0, None), nominal=1e-2, over="places"
    )


def limiting_share() -> Any:
    """How near each segment is to its limiting current."""
    return per_segment("1", "main reactant used per what the film can bring at most", 0.5)


def extensive(units: str, what: str, nominal: float) -> Any:
    """A sum over the stack."""
    return Result(units, what, nominal=nominal)


def charge_share() -> Any:
    """Faradaic efficiencies, computed."""
    return Result(
        "1",
        "faradaic efficiency, mean over the electrode",
        nominal=0.5,
        over="reactions",
        fixed_within=(0.0, 1.0),
    )


def conversion() -> Any:
    """Conversion of each reactant."""
    return Result(
        "1",
        "consumed per brought and made, in one pass",
        nominal=0.5,
        over="consumed",
        fixed_within=(0.0, 1.0),
    )


def production_rate() -> Any:
    """Rates for comparison with measurements."""
    return Result("mol/s/m2", "net production per area", nominal=1e-3, over="produced")


def net_production() -> Any:
    """Production less what the anode takes back."""
    return Result(
        "mol/s/m2", "production less reoxidation, per area", nominal=1e-3, over="products"
    )


def reoxidation() -> Any:
    """Loss at the anode of an undivided cell."""
    return Result("1", "oxidised at the anode per made and brought", nominal=0.1, over="reoxidised")


def extent() -> Any:
    """Extent of each half-reaction."""
    return Result("mol/s", "extent of each half-reaction", nominal=1e-2, over="reactions")


def reversible_voltage() -> Any:
    """Nernst voltages at the outlets."""
    return Result(
        "V", "reversible voltage at the outlets, without the membrane", nominal=1.0, over="cathodic"
    )


def volt(what: str, nominal: float) -> Any:
    """A computed voltage."""
    return Result("V", what, nominal=nominal)


def specific_energy() -> Any:
    """Electricity per product."""
    return Result("J/kg", "electric energy per mass of the main product", nominal=1e8)


def concentration(what: str, nominal: float) -> Any:
    """A computed concentration."""
    return Result("mol/m3", what, nominal=nominal)


def power() -> Any:
    """Electric power of the stack."""
    return Work("W", "electric power of all cells", nominal=1e4)


def duty() -> Any:
    """Heat that holds the temperature."""
    return Heat("W", "heat to hold the temperature", nominal=1e4, utility=ANY, start="temperature")
