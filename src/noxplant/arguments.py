"""What a unit is made with: arguments that do not fit are told in the words of the flowsheet."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Collection
from typing import Any, Final

from noxplant.errors import SpecError, nearest

_KEYWORDS: Final = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)


class _Ungiven:
    """Stands for a specification that was not given."""

    def __repr__(self) -> str:
        return "not given"


UNGIVEN: Final = _Ungiven()
"""Value of a required specification that was left out; an exchange may make it an unknown, and else
the count of degrees of freedom names it with all others that lack."""


def answering(
    init: Callable[..., None], declared: Collection[str], scalars: Collection[str]
) -> Callable[..., None]:
    """An `__init__` of a unit that answers wrong arguments with a `SpecError`.

    Args:
        init: the `__init__` as written.
        declared: names of all specifications that the unit declares.
        scalars: those of them without an index; such a one may be left out.
    """
    parameters = list(inspect.signature(init).parameters.values())[1:]
    named = [p.name for p in parameters if p.kind in _KEYWORDS]
    is_open = any(p.kind is inspect.Parameter.VAR_KEYWORD for p in parameters)
    takes = list(dict.fromkeys([*named[1:], *(declared if is_open else ())]))
    required = [p for p in parameters if p.kind in _KEYWORDS and p.default is p.empty]
    ungiven = {
        p.name: UNGIVEN
        for p in required
        if p.kind is inspect.Parameter.KEYWORD_ONLY and p.name in scalars
    }
    positions = sum(p.kind is inspect.Parameter.POSITIONAL_OR_KEYWORD for p in parameters)
    needed = [p.name for p in required]

    @functools.wraps(init)
    def checked(self: Any, *args: Any, **given: Any) -> None:
        by_place = named[: min(len(args), positions)]
        unknown = [k for k in given if k not in (*named[:1], *takes)]
        twice = [k for k in given if k in by_place]
        missing = [k for k in needed if k not in given and k not in by_place]
        gap = [k for k in missing if k not in ungiven]
        if unknown or twice or gap or len(args) > positions:
            name = args[0] if args else given.get("name", "without a name")
            faults = _faults(unknown, twice, takes, args[positions:])
            raise SpecError(_words(f"{type(self).__name__} {name!r}", faults, missing, takes))
        init(self, *args, **{**ungiven, **given})

    return checked


def _faults(
    unknown: list[str], twice: list[str], takes: list[str], surplus: tuple[Any, ...]
) -> list[str]:
    out = [f"has no specification {k!r}.{nearest(k, takes)}" for k in unknown]
    out += [f"is given {k!r} twice: by place and by name (such as in basis.toml)." for k in twice]
    if surplus:
        out.append(f"cannot take {', '.join(map(repr, surplus))} by place; name what it is.")
    return out


def _words(unit: str, faults: list[str], missing: list[str], takes: list[str]) -> str:
    """What is wrong with the arguments, what lacks, what is taken."""
    lines = [f"{unit} {fault}" for fault in faults]
    if missing:
        lines.append(f"{'  It' if lines else unit} lacks: {', '.join(missing)}.")
    return "\n".join([*lines, f"  It takes: {', '.join(takes) or 'none'}."])
