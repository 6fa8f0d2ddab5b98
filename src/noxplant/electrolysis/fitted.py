"""Kinetics read from the file of `noxplant fit`: given to a cell, drawn from their covariance."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from noxplant.constants import GAS_CONSTANT, T_REFERENCE
from noxplant.errors import Refusal, SpecError, nearest
from noxplant.species import Reaction

if TYPE_CHECKING:
    from noxplant.electrolysis.fitting import Fit

NEAR: Final = 0.01
"""Difference from 298.15 K up to which data count as taken there, K."""
KINDS: Final = {
    "current": "reference_current",
    "slope": "tafel_slope",
    "activation": "activation_energy",
}
"""Specification of a cell that a fitted parameter is."""


@dataclass(frozen=True)
class Fitted:
    """Fitted kinetics of one electrode.

    Attributes:
        reactions: half-reactions by short name, written out.
        specifications: of a cell with Tafel lines, SI, by quantity and half-reaction.
        transfer: mass-transfer coefficient, m/s.
        span: lowest and highest potential of the data, V vs RHE.
        temperature: lowest and highest of the data, K.
        names: fitted parameters in the order of the covariance.
        logarithm: which of them are natural logarithms.
        covariance: of the fitted numbers; nan where the fit had no freedom.
    """

    reactions: Mapping[str, str]
    specifications: Mapping[str, Mapping[str, float]]
    transfer: float
    span: tuple[float, float]
    temperature: tuple[float, float]
    names: tuple[str, ...]
    logarithm: tuple[bool, ...]
    covariance: Any

    @property
    def reduces(self) -> bool:
        """Whether these are reductions, at the cathode of an electrolyser."""
        return Reaction.parse(next(iter(self.reactions.values()))).electrons > 0

    @property
    def texts(self) -> tuple[str, ...]:
        """Half-reactions as a cell takes them."""
        return tuple(self.reactions.values())

    def give(self, unit: Any) -> None:
        """Give the kinetics to a cell, which then warns when it leaves the range of the data.

        A cell takes its currents at 298.15 K. Where the fit has no activation energies, its currents
        are those at the temperature of the data, and are converted with the activation energies that
        the cell has: at the temperature of the data the electrode is that of the fit.

        Args:
            unit: cell with Tafel lines, such as a `PlugFlowCell`, that has these half-reactions, and
                their activation energies where the fit has none and is not at 25 C.

        Raises:
            SpecError: a cell without Tafel lines, without one of the half-reactions, or without an
                activation energy that the conversion needs.
        """
        if "reference_current" not in unit.declared:
            raise SpecError(
                f"{unit.name}: a {type(unit).__name__} has no Tafel lines to give.\n  Fitted kinetics are"
                " for PlugFlowCell, AnionCell, BipolarCell, UndividedCell, PulsedCell and their like."
            )
        for r, text in self.reactions.items():
            if r not in unit.reactions:
                raise SpecError(
                    f"{unit.name}: the fit has the half-reaction {r}, the cell has"
                    f" {', '.join(unit.reactions)}.{nearest(r, unit.reactions)}\n  Make the cell with"
                    f" {text!r} among its half-reactions."
                )
        for quantity, values in self.specifications.items():
            moved = self._cold(unit) if quantity == "reference_current" else values
            unit.give(quantity, dict(moved))
        side = "cathode" if self.reduces else "anode"
        if side in unit.films:
            unit.give("mass_transfer", {side: self.transfer})
        unit.fits = (*getattr(unit, "fits", ()), self)

    def _cold(self, unit: Any) -> dict[str, float]:
        """Reference currents at 298.15 K."""
        currents, T = dict(self.specifications["reference_current"]), sum(self.temperature) / 2
        if "activation_energy" in self.specifications or abs(T - T_REFERENCE) < NEAR:
            return currents
        known = unit.given.get("activation_energy", {})
        for r in currents:
            if r not in known:
                raise SpecError(
                    f"{unit.name}: the kinetics of {r} were fitted at {T:.5g} K without an activation"
                    f" energy, and a cell takes its currents at {T_REFERENCE:g} K.\n  Give the cell"
                    f" activation_energy[{r}] first, or fit data of several temperatures."
                )
            currents[r] *= math.exp(known[r] / GAS_CONSTANT * (1 / T - 1 / T_REFERENCE))
        return currents

    def draws(self, number: int, seed: int = 0) -> list[Fitted]:
        """The same with numbers drawn from the covariance: solve the plant once for each.

        Args:
            number: how many.
            seed: of the random numbers.

        Raises:
            Refusal: the fit left no freedom, so that its covariance is unknown.
        """
        if not np.all(np.isfinite(self.covariance)):
            raise Refusal(
                "This fit had as many points as parameters, so its covariance is unknown and nothing"
                " can be drawn from it.\n  Fit again with the errors of the data, or more points."
            )
        rng = np.random.default_rng(seed)
        middle = [
            np.log(self._value(n)) if log else self._value(n)
            for n, log in zip(self.names, self.logarithm, strict=True)
        ]
        rows = rng.multivariate_normal(middle, self.covariance, size=number)
        return [self._moved(row) for row in rows]

    def _value(self, name: str) -> float:
        kind, _, rest = name.partition("[")
        if not rest:
            return self.transfer
        return float(self.specifications[KINDS[kind]][rest[:-1]])

    def _moved(self, row: Any) -> Fitted:
        specs = {k: dict(v) for k, v in self.specifications.items()}
        transfer = self.transfer
        for name, log, x in zip(self.names, self.logarithm, row, strict=True):
            value = float(np.exp(x)) if log else float(x)
            kind, _, rest = name.partition("[")
            if rest:
                specs[KINDS[kind]][rest[:-1]] = value
            else:
                transfer = value
        return Fitted(
            self.reactions, specs, transfer, self.span, self.temperature, self.names,
            self.logarithm, self.covariance,
        )  # fmt: skip


def of(data: Mapping[str, Any]) -> Fitted:
    """Fitted kinetics from the plain data of `noxplant fit --json`.

    Raises:
        SpecError: something is missing.
    """
    try:
        order = tuple(data["covariance"]["order"])
        matrix = [
            [float("nan") if x is None else float(x) for x in row]
            for row in data["covariance"]["matrix"]
        ]
        span, warm = data["span"], data["temperature"]
        return Fitted(
            dict(data["reactions"]),
            {k: dict(v) for k, v in data["specifications"].items()},
            float(data["mass_transfer"]),
            (float(span[0]), float(span[1])),
            (float(warm[0]), float(warm[1])),
            order,
            tuple(data["parameters"][n]["fitted"] == "natural logarithm" for n in order),
            np.array(matrix),
        )
    except (KeyError, TypeError, IndexError, ValueError) as error:
        raise SpecError(
            f"This is no file of fitted kinetics: {error} is missing or wrong.\n  Write it anew:"
            " noxplant fit data.csv --json fit.json."
        ) from error


def read(path: str | Path) -> Fitted:
    """Fitted kinetics from a file that `noxplant fit --json FILE` wrote.

    Raises:
        SpecError: no such file, or something is missing in it.
    """
    file = Path(path)
    try:
        return of(json.loads(file.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError, json.JSONDecodeError) as error:
        raise SpecError(
            f"{file.name} cannot be read as fitted kinetics: {error}.\n  Write it anew: noxplant fit"
            " data.csv --json fit.json."
        ) from error


def plain(found: Fit) -> dict[str, Any]:
    """A fit as plain data for JSON, SI, with its covariance and the range of its data."""

    def finite(x: float) -> float | None:
        return float(x) if abs(x) < float("inf") else None

    names = [p.name for p in found.parameters]
    matrix = [[finite(x) for x in row] for row in found.covariance]
    return {
        "schema_version": 1,
        "parameters": {
            p.name: {
                "value": p.value,
                "low": finite(p.low),
                "high": finite(p.high),
                "unit": p.unit,
                "fitted": "natural logarithm" if p.logarithm else "value",
            }
            for p in found.parameters
        },
        "confidence": found.confidence,
        "covariance": {"order": names, "matrix": matrix},
        "reference_potential": found.reference,
        "mass_transfer": found.transfer,
        "reduced_chi_square": finite(found.spread),
        "degrees_of_freedom": found.freedom,
        "errors_given": found.known,
        "errors": {
            "current": finite(found.errors[0]),
            "efficiency": finite(found.errors[1]),
            "by_product": {p: finite(x) for p, x in found.by_product.items()},
        },
        "span": list(found.span),
        "temperature": [float(found.model.temperature.min()), float(found.model.temperature.max())],
        "reactions": {r: x.text for r, x in found.model.reactions.items()},
        "specifications": found.specifications(),
        "notes": list(found.notes),
    }


def from_fit(found: Fit) -> Fitted:
    """The kinetics of a fit, as `read` finds them in its file."""
    return of(plain(found))
