"""The nouns a unit is declared with: ports, inner states, given and computed quantities, heat and work.

A unit class lists them as class attributes. From that list come its Pyomo block, its report rows,
its page in the manual, the words of degree-of-freedom messages, its audits and its start values.
All units of measure are SI; other units exist only at the edge (``basis.toml``, command line).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal

MEDIA: Final[dict[str, tuple[str, ...]]] = {
    "gas": ("gas",),
    "aqueous": ("aqueous",),
    "organic": ("organic",),
    "solid": ("solid",),
    "slurry": ("aqueous", "solid"),
    "organic slurry": ("organic", "solid"),
}
"""The media a stream can be, each with its phases."""

EXTENSIVE: Final = frozenset({"mol/s", "kg/s", "m3/s", "W", "A", "m2", "m3", "W/K", "kg"})
"""SI units of quantities that grow with the plant; they carry the plant scale in their nominal."""

UNITS: Final = frozenset(
    {*EXTENSIVE, "1", "K", "Pa", "V", "A/m2", "S/m", "m", "m/s", "s", "1/s", "kg/m3", "ohm m2"}
    | {"mol/m3", "mol/kg", "J/mol", "J/kg", "kg/mol", "kg/kg", "mol/mol", "Pa/K", "K/s", "W/m2/K"}
    | {"W/m2", "1/K", "mol/m3/Pa", "m3/mol/s", "m3/mol", "mol/s/m2", "kg/s/m2", "J/kg/K", "m2/s"}
    | {"1/m3", "1/m3/s"}
)
"""The closed table of SI units that a declaration may use."""


@dataclass(eq=False)
class Declared:
    """Anything declared on a unit class; as a descriptor it returns the unit's own object."""

    name: str = field(init=False, default="")

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    def __get__(self, unit: Any, owner: type | None = None) -> Any:
        return self if unit is None else unit.lookup(self)


@dataclass(eq=False)
class PortNoun(Declared):
    """A place where a stream enters or leaves.

    Args:
        medium: one of `MEDIA`; "*" for the medium that the unit was made with (``self.medium``),
            "*name" for another attribute of the unit.
        doc: what the stream is, for the manual.
        count: name of an integer attribute of the unit; the port is then a list of ports.
        only: names of flow keys, or the name of a unit attribute that lists them: just these.
        adds: keys that this unit makes, or the name of a unit attribute that lists them.
        drops: keys that cannot leave here, or the name of a unit attribute that lists them.
        band: "cold" or "hot" (above 1000 K): range of the gas polynomials.
        clings: liquid leaves here only as far as it clings to the solid, so this is no outlet of
            what is dissolved in it.
    """

    medium: str
    doc: str = ""
    count: str = ""
    only: Sequence[str] | str | None = None
    adds: Sequence[str] | str = ()
    drops: Sequence[str] | str = ()
    band: str = "cold"
    clings: bool = False


class Inlet(PortNoun):
    """A stream that enters."""


class Outlet(PortNoun):
    """A stream that leaves; unless said otherwise it may hold all that its medium can hold."""


class Inside(PortNoun):
    """States inside a unit, such as stages: a list of streams, as long as attribute `count`."""


@dataclass(eq=False)
class Quantity(Declared):
    """A number of a unit.

    Args:
        units: SI unit, one of `UNITS`.
        doc: what it is, a noun phrase.
        bounds: smallest and largest allowed value, None for none.
        default: value when none is given; None makes a `Spec` required. A default is only for
            what is no physical number (a pressure drop of zero, a reference temperature).
        nominal: usual size; that of an extensive quantity is per mol/s of plant scale.
        over: name of a unit attribute that lists the index (species, half-reactions, stages).
        fixed_within: smallest and largest value that may be given for a computed quantity which is
            fixed in exchange, where that is less than `bounds`. Without it such a value must not
            be negative, unless it is a voltage, a heat or a power.
        open: "low", "high" or "both": ends of that range that may not be given themselves.
        whole: a count, so only whole numbers may be given.
        scale: reference of a potential, one of those of `noxplant.thermo.electro.scale_zero`.
    """

    units: str
    doc: str
    bounds: tuple[float | None, float | None] = (None, None)
    default: float | None = None
    nominal: float | None = None
    over: str = ""
    scale: str = "SHE"
    fixed_within: tuple[float | None, float | None] | None = None
    open: Literal["", "low", "high", "both"] = ""
    whole: bool = False

    def __post_init__(self) -> None:
        if self.units not in UNITS:
            raise ValueError(f"{self.units!r} is no SI unit of the table noxplant.quantities.UNITS")

    @property
    def range(self) -> tuple[float | None, float | None]:
        """Smallest and largest value that may be given; see `open` for the ends."""
        return self.bounds if self.fixed_within is None else self.fixed_within

    def allows(self, value: float) -> bool:
        """Whether a value may be given: within the range, a whole number if it is a count."""
        low, high = self.range
        above = low is None or (value > low if self.open in ("low", "both") else value >= low)
        below = high is None or (value < high if self.open in ("high", "both") else value <= high)
        return above and below and (not self.whole or float(value).is_integer())

    @property
    def range_in_words(self) -> str:
        """The range as an interval with unit; a round bracket leaves the end out."""
        low, high = self.range
        left = "(" if low is None or self.open in ("low", "both") else "["
        right = ")" if high is None or self.open in ("high", "both") else "]"
        ends = "-inf" if low is None else f"{low:.10g}", "inf" if high is None else f"{high:.10g}"
        text = f"{left}{ends[0]}, {ends[1]}{right}"
        return text if self.units == "1" else f"{text} {self.units}"

    @property
    def extensive(self) -> bool:
        """Whether the quantity grows with the plant."""
        return self.units in EXTENSIVE


class Spec(Quantity):
    """A quantity the user gives: a fixed variable, so it can be freed and another one fixed."""


@dataclass(eq=False)
class Result(Quantity):
    """A quantity the equations give.

    Args:
        least: what lower values are reported as, where below it the quantity has no meaning.
    """

    least: float | None = None

    @property
    def range(self) -> tuple[float | None, float | None]:
        """Smallest and largest value that may be given when it is fixed in exchange."""
        if self.fixed_within is not None:
            return self.fixed_within
        low, high = self.bounds
        signed = self.units in ("V", "W")
        return (0.0 if low is None and not signed else low), high


@dataclass(eq=False)
class Heat(Result):
    """A heat flow, positive into the unit; it enters the first law and every energy audit.

    Args:
        utility: what supplies or takes the heat: a name of `noxplant.utilities.UTILITIES`; a unit
            instance may choose another one.
        start: port (or quantity in K) at whose temperature the exchange begins.
        end: port (or quantity in K) at whose temperature it ends.
    """

    utility: str = "cooling water"
    start: str = ""
    end: str = ""


class Work(Result):
    """A flow of work or electric power, positive into the unit; in the first law and the audits."""
