"""A batch as a system of equations: states, what changes them, what must stay above zero.

A model is written once, as a function of its states on CasADi symbols (numbers do as well). It is
integrated in time (`noxplant.batch.integrate`) and solved as a stirred continuous tank
(`noxplant.batch.continuous`): one set of laws for both.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from noxplant.constants import FARADAY

Array = npt.NDArray[np.float64]
Symbols = Mapping[str, Any]
CHARGE = "charge"
"""State that counts the charge passed, mol of electrons."""
ENERGY = "energy"
"""State that counts the electricity, J."""


@dataclass(frozen=True)
class Guard:
    """Something that must stay above zero, else the model no longer holds.

    Attributes:
        margin: expression, positive where the model holds.
        what: what has happened when it is not, a clause; the time is put before it.
        advice: what to do, a sentence.
    """

    margin: Any
    what: str
    advice: str


@dataclass(frozen=True)
class Laws:
    """What a model says at one instant.

    Attributes:
        change: rate of every state, per second.
        zero: residuals of the algebraic unknowns.
        shown: columns of the table, (unit, expression) by name.
        guards: limits by name.
    """

    change: Symbols
    zero: tuple[Any, ...]
    shown: Mapping[str, tuple[str, Any]]
    guards: Mapping[str, Guard]


@dataclass(frozen=True)
class Model:
    """A batch, ready to be integrated.

    Attributes:
        name: of the batch, for messages.
        start: states at the beginning: mol by "place.species", `CHARGE` and `ENERGY`.
        unknown: algebraic unknowns at the beginning, consistent with the states.
        laws: states and unknowns to `Laws`.
        reagent: amount in mol that sets the scale of the states.
        product: state that holds the product.
        conversion: column that tells how far the batch is, 0..1.
        neutral: places whose species must stay neutral together.
        electrodes: charge that the products at each electrode and what crosses a membrane stand
            for: mol of electrons per mol of change, by electrode and state.
    """

    name: str
    start: Mapping[str, float]
    unknown: Mapping[str, float]
    laws: Callable[[Symbols, Symbols], Laws]
    reagent: float
    product: str
    conversion: str
    neutral: tuple[str, ...] = ()
    electrodes: Mapping[str, Mapping[str, float]] | None = None

    @property
    def states(self) -> tuple[str, ...]:
        """Names of the states."""
        return tuple(self.start)

    @cached_property
    def scales(self) -> Array:
        """Size of each state; those of the solver are divided by it."""
        joule = self.reagent * FARADAY
        return np.array([joule if s == ENERGY else self.reagent for s in self.states])

    @property
    def first(self) -> Array:
        """Scaled change of the states at the beginning: none."""
        return np.zeros(len(self.start))

    def amounts(self, change: Array) -> Array:
        """States [n, times] from their change since the beginning."""
        start = np.array([float(v) for v in self.start.values()])
        return start[:, None] + change

    @cached_property
    def compiled(self) -> Compiled:
        """The laws as CasADi functions."""
        return Compiled(self)


class Compiled:
    """Scaled laws of a model as CasADi expressions and functions.

    The unknowns are the changes of the states since the beginning, so that what is idle, such as
    water, adds no rounding to the balances.
    """

    def __init__(self, model: Model) -> None:
        """Write the laws on symbols."""
        import casadi

        states, unknown = model.states, tuple(model.unknown)
        self.x = casadi.SX.sym("x", len(states))
        self.z = casadi.SX.sym("z", len(unknown))
        x = {
            s: float(model.start[s]) + self.x[i] * float(model.scales[i])
            for i, s in enumerate(states)
        }
        z = {u: self.z[i] for i, u in enumerate(unknown)}
        laws = model.laws(x, z)
        rates = [laws.change[s] / float(model.scales[i]) for i, s in enumerate(states)]
        self.ode = casadi.vertcat(*rates)
        self.alg = casadi.vertcat(*laws.zero)
        self.columns = {name: unit for name, (unit, _) in laws.shown.items()}
        self.guards = dict(laws.guards)
        args = [self.x, self.z]
        shown = casadi.vertcat(*[e for _, e in laws.shown.values()])
        margins = casadi.vertcat(*[g.margin for g in laws.guards.values()])
        self.show = casadi.Function("show", args, [shown])
        self.margins = casadi.Function("margins", args, [margins])
        self.rate = casadi.Function("rate", args, [self.ode])
        both = casadi.vertcat(self.ode, self.alg)
        seen = casadi.vertcat(self.x, self.z)
        self.system = casadi.Function("system", args, [both])
        self.slope = casadi.Function("slope", args, [casadi.jacobian(both, seen)])
        wanted = laws.shown[model.conversion][1]
        self.wanted = casadi.Function("wanted", args, [wanted, casadi.jacobian(wanted, seen)])


def numbers(x: Any) -> Array:
    """A CasADi matrix as an array."""
    return np.array(x.full(), dtype=float)
