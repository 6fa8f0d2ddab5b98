"""A unit in the place of another one of the same name: the way to another class of model."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from noxplant.errors import ModelError, PortError, SpecError, nearest
from noxplant.quantities import Quantity, Spec
from noxplant.streams.ports import Port
from noxplant.unit import Unit

if TYPE_CHECKING:
    from noxplant.flowsheet.graph import Exchange, Flowsheet


def replace(
    plant: Flowsheet, unit: Unit, ports: Mapping[str, str], design: Mapping[str, str | None]
) -> None:
    """Work of `Flowsheet.replace`; nothing is changed where it raises."""
    if unit.name not in plant.units:
        raise ModelError(
            f"{plant.name} has no unit {unit.name!r} to replace.{nearest(unit.name, plant.units)}\n"
            "  The new unit bears the name of the old one."
        )
    old = plant.units[unit.name]
    like = plant.like or plant.copy()
    ends = _ends(plant, old, unit, ports)
    plant.units[unit.name] = unit
    try:
        exchanges = _exchanges(plant, old, unit, design)
    except SpecError:
        plant.units[unit.name] = old
        raise
    for _, _, data in plant.graph.edges(data=True):
        source, target = data["ends"]
        data["ends"] = (ends.get(id(source), source), ends.get(id(target), target))
    plant.exchanges, plant.known, plant.like = exchanges, None, like
    plant.tied = {k: v for k, v in plant.tied.items() if _known(plant, k) and _known(plant, v)}
    plant.unrecovered = tuple(p for p in plant.unrecovered if _known(plant, p))
    plant.changed = {p for p in plant.changed if _known(plant, p)}


def _ends(plant: Flowsheet, old: Unit, new: Unit, names: Mapping[str, str]) -> dict[int, Port]:
    """Ports of the new unit by the identity of the connected ports of the old one."""
    olds, news = ({p.name: p for p in u.all_ports()} for u in (old, new))
    for name, known, unit in (
        *((n, olds, old) for n in names),
        *((n, news, new) for n in names.values()),
    ):
        if name not in known:
            raise PortError(
                f"{type(unit).__name__} {unit.name!r} has no port {name!r}.{nearest(name, known)}\n"
                f"  It has: {', '.join(known)}."
            )
    found: dict[int, Port] = {}
    for stream, *both in plant.edges():
        for port in both:
            if port.unit_name != old.name:
                continue
            name = names.get(port.name, port.name)
            if name not in news:
                raise PortError(
                    f"Stream {stream!r} is joined to {old.name}.{port.name}, and the"
                    f" {type(new).__name__} has no port {name!r}.{nearest(name, news)}\n  Say which"
                    f" takes its place: ports={{{port.name!r}: NAME}}, one of {', '.join(news)}."
                )
            twin = news[name]
            if (twin.medium, twin.is_inlet) != (port.medium, port.is_inlet):
                raise PortError(
                    f"Stream {stream!r}: {port!r} takes {port.medium}, {twin!r} of the"
                    f" {type(new).__name__} is an {'in' if twin.is_inlet else 'out'}let for"
                    f" {twin.medium}.\n  Connect that plant anew."
                )
            if any(twin is p for p in found.values()):
                raise PortError(f"{new.name}: port {name!r} is given twice in ports={names!r}.")
            found[id(port)] = twin
    return found


def _known(plant: Flowsheet, path: str) -> bool:
    """Whether the plant has a quantity."""
    try:
        plant.find(path)
    except SpecError:
        return False
    return True


def _alike(plant: Flowsheet, old: Unit, path: str, other: str) -> None:
    """Whether `other` can take the place of a quantity of the old unit in the plant's design."""
    unit, key, _ = plant.find(other)
    was = old.declared[path.partition(".")[2].partition("[")[0]]
    new = unit.declared[key]
    assert isinstance(was, Quantity)
    assert isinstance(new, Quantity)
    if isinstance(was, Spec) and not isinstance(new, Spec):
        raise SpecError(f"{other} is computed, so it cannot be freed in place of {path}.")
    if not isinstance(was, Spec) and was.units != new.units:
        raise SpecError(
            f"{other} is in {new.units}, {path} in {was.units}: its value means nothing there.\n"
            f"  Give design={{{path!r}: None}} and exchange({other!r}, VALUE, freed=...)."
        )


def _exchanges(
    plant: Flowsheet, old: Unit, new: Unit, design: Mapping[str, str | None]
) -> list[Exchange]:
    """The plant's exchanges with the paths of `design` in place of those of the old unit."""
    from noxplant.flowsheet.graph import Exchange

    mine = [p for e in plant.exchanges for p in (e.fixed, e.freed) if p.startswith(f"{old.name}.")]
    for path, other in design.items():
        if path not in mine:
            raise SpecError(
                f"{path} is no design specification of {old.name} and none that it frees."
                f"{nearest(path, mine)}\n  It has: {', '.join(mine) or 'none'}."
            )
        if other is not None:
            _alike(plant, old, path, other)
    kept: list[Exchange] = []
    for e in plant.exchanges:
        both = [design.get(p, p) for p in (e.fixed, e.freed)]
        fixed, freed = both
        if fixed is None or freed is None:
            continue
        for path in (fixed, freed):
            if not _known(plant, path):
                raise SpecError(
                    f"The plant's design has {e.fixed} fixed and {e.freed} free, and"
                    f" {type(new).__name__} {new.name!r} has no {path}.\n  Say what takes its"
                    f" place: design={{{path!r}: 'UNIT.quantity'}}, or None to take that exchange"
                    " back."
                )
        kept.append(Exchange(fixed, e.value, freed))
    return kept
