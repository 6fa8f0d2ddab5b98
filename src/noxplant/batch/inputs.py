"""What a batch is given: declared numbers with unit, meaning and range, all required, SI inside."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields
from types import MappingProxyType
from typing import Any, Self

from noxplant.errors import SpecError, nearest


@dataclass(frozen=True)
class Declared:
    """Declaration of an input.

    Attributes:
        unit: SI unit.
        doc: what it is.
        low: smallest allowed value, None for none.
        high: largest allowed value, None for none.
        open_low: whether `low` itself is refused.
        scale: reference of a potential.
        index: whether it is a mapping by half-reaction.
    """

    unit: str
    doc: str
    low: float | None = None
    high: float | None = None
    open_low: bool = False
    scale: str = "SHE"
    index: bool = False


def given(
    unit: str, doc: str, low: float | None = None, high: float | None = None, **more: Any
) -> Any:
    """A required input; `more` are the further attributes of `Declared`."""
    return field(metadata={"declared": Declared(unit, doc, low, high, **more)})


def positive(unit: str, doc: str, high: float | None = None) -> Any:
    """A required input above zero."""
    return given(unit, doc, 0.0, high, open_low=True)


def given_each(unit: str, doc: str, low: float | None = None, **more: Any) -> Any:
    """A required input with one value for each half-reaction."""
    return given(unit, doc, low, index=True, **more)


@dataclass(frozen=True)
class Inputs:
    """Numbers of a batch; each is checked when it is made."""

    def __post_init__(self) -> None:
        """Check every number against its declaration and keep it as a plain float."""
        for name, what in self.declared().items():
            value = getattr(self, name)
            label = f"{type(self).__name__}.{name}"
            if what.index:
                if not isinstance(value, Mapping):
                    raise SpecError(f"{label} = {value!r}: give one value for each half-reaction.")
                kept: Any = MappingProxyType(
                    {k: _checked(f"{label}[{k}]", v, what) for k, v in value.items()}
                )
            else:
                kept = _checked(label, value, what)
            object.__setattr__(self, name, kept)

    @classmethod
    def declared(cls) -> dict[str, Declared]:
        """Declarations by name."""
        return {f.name: f.metadata["declared"] for f in fields(cls) if "declared" in f.metadata}

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> Self:
        """Make the inputs from a mapping.

        Raises:
            SpecError: a name that is unknown or missing; the message says which.
        """
        known = {f.name: f for f in fields(cls)}
        for name in values:
            if name not in known:
                raise SpecError(
                    f"{cls.__name__} has no input {name!r}.{nearest(name, known)}\n"
                    f"  Inputs: {', '.join(known)}."
                )
        missing = [n for n, f in known.items() if n not in values and f.default is MISSING]
        if missing:
            lines = [f"\n  {n}: {_words(cls, n)}" for n in missing]
            raise SpecError(f"{cls.__name__} lacks {len(missing)} inputs:{''.join(lines)}")
        return cls(**values)

    def flat(self) -> dict[str, tuple[float, str]]:
        """Every number with its unit, indexed ones as name[index]."""
        out: dict[str, tuple[float, str]] = {}
        for name, what in self.declared().items():
            value = getattr(self, name)
            if what.index:
                out |= {f"{name}[{k}]": (v, what.unit) for k, v in value.items()}
            else:
                out[name] = (value, what.unit)
        return out


def _words(cls: type[Inputs], name: str) -> str:
    what = cls.declared().get(name)
    return f"{what.doc}, {what.unit}" if what else "no number"


def _checked(label: str, value: Any, what: Declared) -> float:
    """The value as a float within its bounds."""
    fits = getattr(value, "fits", None)
    if fits is not None and not fits(what.unit):
        raise SpecError(f"{label} ({what.doc}) is given in {value.unit}; {what.unit} is wanted.")
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise SpecError(f"{label} ({what.doc}) = {value!r} is no number; give it in {what.unit}.")
    number = float(value)
    low = what.low is not None and (number < what.low or (what.open_low and number == what.low))
    if not math.isfinite(number) or low or (what.high is not None and number > what.high):
        above = "" if what.low is None else f"{'above' if what.open_low else 'from'} {what.low:g}"
        upto = "" if what.high is None else f"up to {what.high:g}"
        raise SpecError(
            f"{label} = {number:g} {what.unit} ({what.doc}) is not allowed.\n"
            f"  Give a finite number {' '.join(x for x in (above, upto) if x)} {what.unit}."
        )
    return number
