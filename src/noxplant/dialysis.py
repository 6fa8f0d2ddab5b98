"""Ions through ion-exchange membranes: shares of the current, limiting currents, closed forms.

Functions of floats or Pyomo expressions; nothing here is a unit. Ideal solutions; the membranes let
only counter-ions pass and do not choose among them beyond their mobilities (K+ and NH4+ compete).

Source: ammonia note 5.5.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from noxplant import maths
from noxplant.constants import FARADAY, GAS_CONSTANT, WATER_MOLAR_MASS
from noxplant.errors import ModelError, Refusal
from noxplant.species import species
from noxplant.thermo import ranges, transport, water
from noxplant.thermo.used import extrapolating

NITROGEN_MASS: Final = 0.0140067  # kg/mol, IUPAC 2007
PACE: Final = 2e-9
"""Diffusivity for which a depth is a logarithm of what is left: that of K+, rounded, m2/s."""


def ions(stream: Any, sign: int) -> list[str]:
    """True ions of one sign of charge that a liquid can hold."""
    return [name for name in stream.true if species(name).charge * sign > 0]


def check_ions(unit: str, streams: Iterable[Any], signs: Iterable[int] = (1, -1)) -> None:
    """Refuse ions without diffusivity.

    Raises:
        ModelError: naming unit and ion.
    """
    known = transport.ions()
    for stream in streams:
        for name in (j for sign in signs for j in ions(stream, sign)):
            if name not in known:
                raise ModelError(
                    f"{unit}: there is no diffusivity of {name} here, which {stream!r} can hold."
                    f"\n  Known: {', '.join(known)}. Remove it before."
                )


@extrapolating()
def mobilities(streams: Iterable[Any], sign: int) -> dict[str, Any]:
    """Sum over liquids of z^2 D n by ion of one sign, mol m2/s2; n in mol/s."""
    out: dict[str, Any] = {}
    for x in streams:
        for name in ions(x, sign):
            d = transport.ion_diffusivity(name, x.temperature)
            term = species(name).charge ** 2 * d * x.true[name]
            out[name] = out[name] + term if name in out else term
    return out


@extrapolating()
def carried(start: Any, end: Any, sign: int, depth: Any) -> dict[str, Any]:
    """Ions of one sign that a current takes out of a liquid between two cuts of a channel, mol/s.

    An ion i carries its share z^2 D n / sum(z^2 D n) of the current of its sign, so that along the
    depth, the charge passed over that sum, dn_i = -k_i n_i ddepth + (what weak acids and bases
    bring), k_i = |z| D_i / `PACE`. With what they bring spread evenly over the piece that is solved
    exactly; ions of strong salts, which nothing brings, fall as exp(-k_i depth) whatever the piece.

    Args:
        start: liquid at the first cut.
        end: liquid at the second cut; diffusivities are those at its temperature.
        sign: 1 cations, -1 anions.
        depth: of the piece, to be found from the charge that passes (`charge_of`).
    """
    out: dict[str, Any] = {}
    for name in ions(end, sign):
        d = transport.ion_diffusivity(name, end.temperature)
        half = abs(species(name).charge) * d / PACE * depth / 2
        fall = maths.exp(-2 * half)
        bend = half * (1 + fall) / (1 - fall) - 1
        first, last = start.true[name], end.true[name]
        out[name] = half * (first + last) - bend * (first - last)
    return out


def charge_of(moved: Mapping[str, Any]) -> Any:
    """Charge of some ions without its sign, mol/s."""
    return sum(abs(species(j).charge) * n for j, n in moved.items())


def inverse_mean(a: Any, b: Any) -> Any:
    """Mean of 1/x while x goes evenly from a to b: ln(b/a)/(b - a).

    By Chen's form of the logarithmic mean, which needs no case for a = b: 0.2 % off where one is
    three times the other, 0.9 % at ten times.

    >>> round(inverse_mean(1.0, 3.0) * 2 / 1.0986123, 4)
    1.0017
    """
    return (a * b * (a + b) / 2) ** (-1 / 3)


def conductivity(stream: Any) -> Any:
    """Conductivity of a dilute solution by Nernst and Einstein, S/m; 0.1 mol/L: 10 to 20 % too high."""
    parts = {**mobilities([stream], 1), **mobilities([stream], -1)}
    factor = FARADAY**2 / (GAS_CONSTANT * stream.temperature)
    return factor * sum(parts.values()) / stream.volume_flow


def charge(stream: Any) -> Any:
    """Positive charge of the ions, mol/s."""
    return sum(species(j).charge * stream.true[j] for j in ions(stream, 1))


def per_charge(stream: Any, sign: int) -> Any:
    """Mean of 1/|z| over the ions of one sign by their shares of the current: 1 for K+, 1/2 for SO4--."""
    moving = mobilities([stream], sign)
    return sum(n / abs(species(j).charge) for j, n in moving.items()) / sum(moving.values())


def equivalents(stream: Any) -> Any:
    """Positive charge of the ions per volume, mol/m3."""
    return charge(stream) / stream.volume_flow


def limiting_current(mass_transfer: Any, concentration: Any, solution_share: Any) -> Any:
    """Limiting current density of a membrane that only counter-ions pass, A/m2: F k c/(1 - t_s).

    Args:
        mass_transfer: of the diluate's film, m/s.
        concentration: equivalents in the diluate, mol/m3.
        solution_share: transport number of the counter-ions in the solution.

    >>> round(limiting_current(1e-5, 100.0, 0.5), 2)
    192.97
    """
    return FARADAY * mass_transfer * concentration / (1 - solution_share)


def specific_energy(pair_voltage: Any, efficiency: Any) -> Any:
    """Energy of a pair of membranes in J per kg of nitrogen carried as NH4+ alone: V F/(xi M_N).

    >>> round(specific_energy(0.5, 0.9) / 3.6e6, 4)
    1.063
    """
    return pair_voltage * FARADAY / (efficiency * NITROGEN_MASS)


def ceiling(efficiency: Any, water_drag: Any) -> Any:
    """Highest concentration of a concentrate that is fed by the membranes alone, mol/m3.

    Args:
        efficiency: salt per charge, current efficiency.
        water_drag: mol of water per mol of charge.
    """
    return efficiency / (water_drag * WATER_MOLAR_MASS / water.density(298.15))


def donnan_exchanged(source: Mapping[str, float], receiver: Mapping[str, float]) -> float:
    """Amount x of ion "a" that exchanges for "b" up to Donnan equilibrium, both monovalent, mol.

    (a_s - x)/(b_s + x) = (a_r + x)/(b_r - x); volumes cancel.

    Args:
        source: mol of "a" (to be recovered) and "b" in the source.
        receiver: the same in the receiver.

    Raises:
        Refusal: an amount is negative or no number.

    >>> round(donnan_exchanged({"a": 0.05, "b": 0.0}, {"a": 0.0, "b": 0.1}), 6)
    0.033333
    """
    for side in (source, receiver):
        for key in ("a", "b"):
            ranges.sound(f"amount of {key!r}", side.get(key, 0.0), "mol")
    a_s, b_s = source.get("a", 0.0), source.get("b", 0.0)
    a_r, b_r = receiver.get("a", 0.0), receiver.get("b", 0.0)
    total = a_s + b_s + a_r + b_r
    if not total > 0:
        raise Refusal("There is nothing to exchange: all amounts are zero.")
    # Multiplied out, the terms in x^2 cancel.
    return (a_s * b_r - a_r * b_s) / total
