"""A stream owns its state: flows, temperature, pressure. Ports point at it.

Speciation of an aqueous phase is built when enthalpy, pH or a fugacity is first asked for.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import pyomo.environ as pyo

from noxplant.errors import ModelError
from noxplant.quantities import MEDIA
from noxplant.streams import carriage
from noxplant.streams.speciation import P_H_BOUNDS, Truth
from noxplant.thermo import aqueous, gas, organic, solid
from noxplant.thermo.used import extrapolating

TEMPERATURE_BOUNDS: Mapping[str, tuple[float, float]] = {
    "gas": (150.0, 1300.0),
    "hot gas": (1000.0, 6000.0),
    "aqueous": (250.0, 480.0),
    "organic": (230.0, 480.0),
    "solid": (200.0, 500.0),
}


class Stream:
    """State on one edge of the flowsheet, or inside a unit.

    Attributes:
        flow: mol/s by key (component totals in water, species elsewhere), a Pyomo variable.
        temperature: K.
        pressure: Pa, absolute.
    """

    def __init__(
        self,
        name: str,
        block: Any,
        medium: str,
        keys: Mapping[str, Sequence[str]],
        *,
        scale: float,
        band: str = "cold",
    ) -> None:
        """Make the variables of a stream of `medium` with `keys` by phase on a Pyomo block."""
        self.name, self.block, self.medium, self.band = name, block, medium, band
        self.keys: dict[str, tuple[str, ...]] = {p: tuple(k) for p, k in keys.items()}
        self.phase_of = {k: p for p, ks in self.keys.items() for k in ks}
        if not self.phase_of:
            raise ModelError(f"Stream {name!r} ({medium}) can hold nothing: no species reaches it.")
        low, high = self.temperature_bounds()
        block.flow = pyo.Var(list(self.phase_of), initialize=scale, bounds=(0, None))
        block.temperature = pyo.Var(initialize=min(max(310.0, low), high), bounds=(low, high))
        block.pressure = pyo.Var(initialize=1.01325e5, bounds=(100.0, 1e8))
        self.flow, self.temperature, self.pressure = block.flow, block.temperature, block.pressure
        self._truth: Truth | None = None
        self._enthalpy: Any = None

    def temperature_bounds(self) -> tuple[float, float]:
        """Range of temperature in which the stream's properties hold, K."""
        names = ["hot gas" if p == "gas" and self.band == "hot" else p for p in MEDIA[self.medium]]
        return (
            max(TEMPERATURE_BOUNDS[p][0] for p in names),
            min(TEMPERATURE_BOUNDS[p][1] for p in names),
        )

    def phase_keys(self, phase: str) -> tuple[str, ...]:
        """Keys of one phase, none if the stream lacks it."""
        return self.keys.get(phase, ())

    @property
    def components(self) -> tuple[str, ...]:
        """Conserved components that the stream can hold."""
        return carriage.components((k, p) for k, p in self.phase_of.items())

    def content(self, component: str) -> Any:
        """Flow of a conserved component over all phases, mol/s."""
        terms = [
            nu * self.flow[k] if nu != 1 else self.flow[k]
            for k, p in self.phase_of.items()
            if (nu := carriage.content(k, p).get(component, 0.0))
        ]
        return sum(terms) if terms else 0.0

    @property
    def total_flow(self) -> Any:
        """Sum of all flows, mol/s (in water: of the totals)."""
        return sum(self.flow[k] for k in self.phase_of)

    def mole_fraction(self, key: str) -> Any:
        """Mole fraction of a gas or organic species."""
        return self.flow[key] / self.total_flow

    # aqueous phase ------------------------------------------------------------------------
    @property
    def speciated(self) -> bool:
        """Whether the aqueous phase carries its speciation equations."""
        return self._truth is not None

    @property
    @extrapolating()
    def truth(self) -> Truth:
        """Speciation of the aqueous phase; built at the first call."""
        if self._truth is None:
            if "aqueous" not in self.keys:
                raise ModelError(f"Stream {self.name!r} is {self.medium}: it has no aqueous phase.")
            self.block.p_h = pyo.Var(initialize=7.0, bounds=P_H_BOUNDS)
            self.block.speciation = pyo.Expression(pyo.Any)
            store = self.block.speciation

            def wrap(kind: str, index: str, expression: Any) -> Any:
                store[kind, index] = expression
                return store[kind, index]

            totals = {k: self.flow[k] for k in self.keys["aqueous"]}
            self._truth = Truth(totals, self.block.p_h, self.temperature, wrap)
            self.block.proton = pyo.Constraint(expr=self._truth.proton_residual() == 0)
        return self._truth

    @property
    def ph(self) -> Any:
        """-log10 of the molality of H+, mol per kg water."""
        _ = self.truth
        return self.block.p_h

    @property
    def true(self) -> Mapping[str, Any]:
        """Flows of true aqueous species, mol/s."""
        return self.truth.flow

    def molality(self, name: str) -> Any:
        """Molality of a true aqueous species, mol per kg water."""
        return self.truth.molality(name)

    @property
    @extrapolating()
    def volume_flow(self) -> Any:
        """Volume flow of the liquid or gas, m3/s."""
        T = self.temperature
        if self.medium == "gas":
            return self.total_flow * 8.314462618 * T / self.pressure
        out: Any = 0.0
        if "aqueous" in self.keys:
            out = out + aqueous.volume_flow(self.truth.flow, T)
        for key in self.phase_keys("organic"):
            out = out + self.flow[key] * organic.molar_volume(key, T)
        return out

    def concentration(self, key: str) -> Any:
        """Amount per volume of liquid, mol/m3."""
        return self.flow[key] / self.volume_flow

    def partial_pressure(self, key: str) -> Any:
        """Partial pressure of a gas species, Pa."""
        return self.mole_fraction(key) * self.pressure

    # energy -------------------------------------------------------------------------------
    @property
    @extrapolating()
    def enthalpy_flow(self) -> Any:
        """Enthalpy from the elements at 298.15 K, W."""
        if self._enthalpy is None:
            T, out = self.temperature, 0.0
            for key in self.phase_keys("gas"):
                out = out + self.flow[key] * gas.enthalpy(key, T, band=self.band)
            for key in self.phase_keys("organic"):
                out = out + self.flow[key] * organic.enthalpy(key, T)
            for key in self.phase_keys("solid"):
                out = out + self.flow[key] * solid.enthalpy(key, T)
            if "aqueous" in self.keys:
                out = out + self.truth.enthalpy_flow()
            self._enthalpy = out
        return self._enthalpy

    @extrapolating()
    def ln_fugacity_per_fraction(self, key: str) -> Any:
        """Ln of the equilibrium pressure [Pa] per mole fraction in an organic liquid."""
        return organic.ln_henry(key, self.temperature)

    @extrapolating()
    def equilibrium_pressure(self, gas_name: str) -> Any:
        """Equilibrium partial pressure of a volatile species over the liquid phase, Pa."""
        T = self.temperature
        if "aqueous" in self.keys:
            constant = pyo.exp(aqueous.ln_henry(gas_name, T))
            if gas_name == "H2O":
                return constant * pyo.exp(self.truth.ln_water_activity())
            return constant * self.molality(gas_name)
        liquid = sum(self.flow[k] for k in self.keys["organic"])
        return pyo.exp(organic.ln_henry(gas_name, T)) * self.flow[gas_name] / liquid

    def volatile(self) -> tuple[str, ...]:
        """Gas species with which the liquid phase can be in equilibrium."""
        phase = "aqueous" if "aqueous" in self.keys else "organic"
        held = self.phase_keys(phase)
        return tuple(g for g, liquid in carriage.volatile_keys(phase) if liquid in held)


def is_number(value: object) -> bool:
    """Whether a value is a finite plain number."""
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)
