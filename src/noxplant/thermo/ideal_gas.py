"""Ideal-gas mixtures from NASA polynomials: cp, h, s, g and constants of reactions.

The mixture's polynomial is made first and evaluated once, so arrays of states cost one matrix
product and one Horner scheme.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any, Final

import numpy as np

from noxplant import maths
from noxplant.constants import GAS_CONSTANT as R
from noxplant.errors import SpeciesError, nearest
from noxplant.thermo.nasa import TERMS, Nasa, evaluate
from noxplant.thermo.ranges import fractions, is_pyomo, sound, within

CHUNK: Final = 8192
"""States evaluated at a time, so that the work stays in the processor's cache."""


class IdealGas:
    """An ideal-gas mixture of chosen species.

    Args:
        species: as `noxplant.thermo.adapters.cantera_species.read` returns them.

    Properties take floats, NumPy arrays or Pyomo expressions, in SI, within the common range
    `limits` of the species: a number outside is refused by name, a Pyomo temperature is bounded.
    Error: none beyond rounding against Cantera with the same file; the ideal-gas law itself is
    good to about 1 % for air below 10 bar. Source: the data file.
    """

    def __init__(self, species: Sequence[Nasa]) -> None:
        names = [s.name for s in species]
        twice = sorted({n for n in names if names.count(n) > 1})
        if twice or not names:
            raise SpeciesError(f"A gas has each species once; repeated: {', '.join(twice)}.")
        if len({s.pressure for s in species}) > 1:
            raise SpeciesError(
                "The species' entropies hold at different pressures:"
                f" {', '.join(f'{s.name} {s.pressure:g} Pa' for s in species)}.\n"
                "  Read them with one standard_pressure."
            )
        self.species = {s.name: s for s in species}
        self.names = tuple(names)
        self.pressure = species[0].pressure
        self.elements = tuple(sorted({e for s in species for e in s.atoms}))
        self.atoms = np.array([[s.atoms.get(e, 0.0) for s in species] for e in self.elements])
        self.limits = (max(s.limits[0] for s in species), min(s.limits[-1] for s in species))
        self._tables: dict[str, Any] = {}

    @classmethod
    def from_cantera(
        cls,
        file: str,
        names: Sequence[str] | Mapping[str, str] | None = None,
        *,
        phase: str = "",
        standard_pressure: float | None = None,
    ) -> IdealGas:
        """Gas from any Cantera data file; arguments as `adapters.cantera_species.read`."""
        from noxplant.thermo.adapters.cantera_species import read

        return cls(read(file, names, phase=phase, standard_pressure=standard_pressure))

    def __getitem__(self, name: str) -> Nasa:
        if name not in self.species:
            raise SpeciesError(
                f"The gas has no species {name!r}.{nearest(name, self.names)}"
                f" It has: {', '.join(self.names)}."
            )
        return self.species[name]

    def heat_capacity(self, T: Any, x: Any) -> Any:
        """Heat capacity of the mixture in J/mol/K.

        Args:
            T: temperature [K].
            x: mole fractions, each at least 0, together 1 within 1e-6 (numbers are held to it):
                mapping (or indexed Pyomo variable) by name, or the last axis of an array in the order `names`.

        Raises:
            Refusal: a temperature outside `limits`; fractions that are negative, not a number, or
                do not add up to one.
        """
        return self._mix("heat capacity", T, self._fractions(x))

    def enthalpy(self, T: Any, x: Any) -> Any:
        """Enthalpy of the mixture in J/mol, elements at 298.15 K; see `heat_capacity`."""
        return self._mix("enthalpy", T, self._fractions(x))

    def entropy(self, T: Any, x: Any, pressure: Any) -> Any:
        """Entropy of the mixture in J/mol/K at a pressure [Pa], mixing included.

        Fractions of zero count as zero in arrays and floats; Pyomo fractions must be positive.
        """
        x = self._fractions(x)
        return self._mix("entropy", T, x) - R * self._mixing(x, pressure)

    def gibbs(self, T: Any, x: Any, pressure: Any) -> Any:
        """Gibbs energy h - T s of the mixture in J/mol at a pressure [Pa], mixing included."""
        x = self._fractions(x)
        return self._mix("Gibbs energy", T, x) + R * T * self._mixing(x, pressure)

    def ln_equilibrium_constant(self, reaction: str | Mapping[str, float], T: Any) -> Any:
        """Logarithm of the equilibrium constant in fugacities over the standard pressure.

        Args:
            reaction: "N2 + O2 = 2 NO", or moles made per extent {"N2": -1, "O2": -1, "NO": 2}.
            T: temperature [K].

        Raises:
            SpeciesError: unknown species, or an element that does not balance (with the amount).
        """
        made = self.reaction(reaction)
        return -sum(k * self[n].gibbs_rt(T) for n, k in made.items())

    def equilibrium_constant(self, reaction: str | Mapping[str, float], T: Any) -> Any:
        """Equilibrium constant in fugacities over the standard pressure; see the logarithm."""
        return maths.exp(self.ln_equilibrium_constant(reaction, T))

    def reaction(self, reaction: str | Mapping[str, float]) -> dict[str, float]:
        """Moles made per extent of a reaction, checked for balance by element and charge."""
        made = _parse(reaction) if isinstance(reaction, str) else dict(reaction)
        off = sum(k * self.atoms[:, self.names.index(self[n].name)] for n, k in made.items())
        wrong = [
            f"{'charge' if e == 'E' else e}: {abs(k):g} too many on the"
            f" {'right' if (k > 0) == (e != 'E') else 'left'}"
            for e, k in zip(self.elements, np.atleast_1d(off).tolist(), strict=False)
            if abs(k) > 1e-9
        ]
        if wrong or not made:
            raise SpeciesError(f"Reaction does not balance: {reaction}\n  " + "\n  ".join(wrong))
        return made

    def _fractions(self, x: Any) -> Any:
        """Mole fractions as an array, or as a list when they are Pyomo expressions."""
        if is_pyomo(x) and hasattr(x, "keys"):  # an indexed variable
            x = {name: x[name] for name in x.keys()}  # noqa: SIM118
        if not hasattr(x, "__len__") or getattr(x, "shape", None) == ():
            raise SpeciesError(
                f"One mole fraction was given for {len(self.names)} species; give a mapping by name, or"
                " an array with the species on its last axis."
            )
        if isinstance(x, Mapping):
            for name in x:
                _ = self[name]
            x = [x.get(n, 0.0) for n in self.names]
            if any(np.ndim(v) for v in x if not is_pyomo(v)):
                x = np.stack(np.broadcast_arrays(*x), -1)
        plain = isinstance(x, np.ndarray) or not any(is_pyomo(v) for v in x)
        out: Any = np.asarray(x, float) if plain else list(x)
        size = out.shape[-1] if plain else len(out)
        if size != len(self.names):
            raise SpeciesError(f"{size} mole fractions were given for {len(self.names)} species.")
        if plain:
            fractions(*_ends(out.reshape(-1, size)))
        else:
            for name, v in zip(self.names, out, strict=True):
                sound(f"mole fraction of {name}", v, most=1.0)
        return out

    def _mixing(self, x: Any, pressure: Any) -> Any:
        """The sum of x ln x + ln(p/p0), p over the standard pressure; x from `_fractions`."""
        sound("pressure of a gas", pressure, "Pa", above=True)
        if isinstance(x, list):
            some = [v for v in x if is_pyomo(v) or v > 0]
            part = sum(v * maths.log(v) for v in some)
        else:
            part = (x * np.log(np.where(x > 0, x, 1.0))).sum(-1)
            part = part if np.ndim(part) else float(part)
        return part + maths.log(pressure / self.pressure)

    def _mix(self, what: str, T: Any, x: Any) -> Any:
        within(f"{what} of a gas of {_list(self.names)}", T, *self.limits)
        if is_pyomo(T) or isinstance(x, list):
            return self._expression(what, T, x)
        breaks, side, matrix, used = self._table(what)
        flat = np.ravel(np.asarray(T, float))
        shape = np.broadcast_shapes(np.shape(T), x.shape[:-1])
        rows = x.reshape(-1, x.shape[-1])
        out = np.empty(max(flat.size, rows.shape[0]))
        if flat.size not in (1, out.size) or rows.shape[0] not in (1, out.size):
            T, x = np.broadcast_to(T, shape), np.broadcast_to(x, (*shape, x.shape[-1]))
            return self._mix(what, T, x)
        where = np.searchsorted(breaks, flat, side)
        for start in range(0, out.size, CHUNK):
            cut = slice(start, start + CHUNK)
            t, k = (v if v.size == 1 else v[cut] for v in (flat, where))
            y = rows if rows.shape[0] == 1 else rows[cut]
            out[cut] = _pieces(t, k, y, matrix, used)
        return R * (out.reshape(shape) if shape else float(out[0]))

    def _expression(self, what: str, T: Any, x: Any) -> Any:
        """The mixture's polynomial with Pyomo coefficients: one Horner scheme, not one a species."""
        parts = [(n, v) for n, v in zip(self.names, x, strict=True) if is_pyomo(v) or v != 0.0]
        for n, _ in parts:
            self[n].hold(T, what)
        total: list[Any] = [0.0] * TERMS
        for n, v in parts:
            s = self[n]
            k = s.piece_in(T) if is_pyomo(T) else s.piece_of(T)
            for j, c in enumerate(s.terms(what)[k]):
                if c:
                    total[j] = total[j] + c * v
        return R * evaluate(total, T)

    def _table(self, what: str) -> Any:
        """Inner limits of all species, and the matrix of terms between them."""
        if what not in self._tables:
            breaks = sorted({t for s in self.species.values() for t in s.limits[1:-1]})
            ends = [self.limits[0], *breaks, self.limits[1]]
            rows = []
            for low, high in pairwise(ends):
                middle = (low + high) / 2
                rows.append([s.terms(what)[s.piece_of(middle)] for s in self.species.values()])
            side = "left" if all(s.kind == "nasa7" for s in self.species.values()) else "right"
            matrix: Any = np.array(rows)
            used = [j for j in range(TERMS) if np.any(matrix[..., j])] or [4]
            packed = np.ascontiguousarray(matrix[..., used])
            self._tables[what] = (np.array(breaks), side, packed, used)
        return self._tables[what]


def _ends(rows: Any) -> tuple[float, float, float]:
    """Least mole fraction, least and largest sum of all states; not a number if one of them is."""
    ones = np.ones(rows.shape[-1])
    least, low, high = 0.0, 1.0, 1.0
    for start in range(0, rows.shape[0], CHUNK):
        part = rows[start : start + CHUNK]
        total = part @ ones
        least, low = np.minimum(least, part.min()), np.minimum(low, total.min())
        high = np.maximum(high, total.max())
    return float(least), float(low), float(high)


def _pieces(t: Any, k: Any, x: Any, matrix: Any, used: list[int]) -> Any:
    first = int(k[0])
    if (k == first).all():
        return _sum(t, x @ matrix[first], used)
    x = np.broadcast_to(x, (t.size, x.shape[-1]))
    out = np.empty(t.size)
    for piece in np.unique(k):
        mask = k == piece
        out[mask] = _sum(t[mask], x[mask] @ matrix[piece], used)
    return out


def _sum(t: Any, c: Any, used: list[int]) -> Any:
    terms: list[Any] = [0.0] * TERMS
    for j, column in zip(used, c.T, strict=True):
        terms[j] = column
    return evaluate(terms, t)


def _list(names: tuple[str, ...]) -> str:
    return ", ".join(names) if len(names) < 9 else f"{', '.join(names[:8])} and others"


def _parse(text: str) -> dict[str, float]:
    import re

    sides = re.split(r"\s*->\s*|\s+=\s+", text.strip())
    if len(sides) != 2 or not all(s.strip() for s in sides):
        raise SpeciesError(f"{text!r} is no reaction: write 'left = right' (or 'left -> right').")
    made: dict[str, float] = {}
    for side, sign in zip(sides, (-1.0, 1.0), strict=True):
        for part in re.split(r"\s+\+\s+", side.strip()):
            match = re.fullmatch(r"(?:(\d+(?:\.\d+)?|\.\d+)\s+)?(\S+)", part.strip())
            if match is None:
                raise SpeciesError(f"{text!r}: {part!r} is no term; write '2 NO'.")
            made[match.group(2)] = made.get(match.group(2), 0.0) + sign * float(match.group(1) or 1)
    return made
