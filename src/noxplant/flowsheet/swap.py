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


def _may_fix(plant: Flowsheet, old: Unit, e: Exchange, other: str) -> None:
    """Refuse what cannot be fixed in place of a quantity of the old unit."""
    unit, key, index = plant.find(other)
    was = old.declared[e.fixed.partition(".")[2].partition("[")[0]]
    new = unit.declared[key]
    assert isinstance(was, Quantity)
    assert isinstance(new, Quantity)
    if was.units != new.units:
        raise SpecError(
            f"{other} is in {new.units}, {e.fixed} in {was.units}: its value means nothing there.\n"
            f"  Give design={{{e.fixed!r}: None}} and exchange({other!r}, VALUE, freed=...)."
        )
    present = unit.given.get(key) if isinstance(new, Spec) else None
    if present is not None and (index is None or index in present):
        raise SpecError(
            f"{other} is given by the {type(unit).__name__}, so it cannot be fixed in place of"
            f" {e.fixed}.\n  Give design={{{e.fixed!r}: None}}, or leave {key} out of the new unit."
        )
    unit.checked(key, e.value, index or "")


def _may_free(plant: Flowsheet, path: str, other: str) -> None:
    """Refuse what cannot be free in place of a specification of the old unit."""
    unit, key, _ = plant.find(other)
    if not isinstance(unit.declared[key], Spec):
        raise SpecError(
            f"{other} is computed, so it cannot be freed in place of {path}.\n  Name a specification:"
            f" design={{{path!r}: 'UNIT.quantity'}}, or None to take that exchange back."
        )
    if other in plant.tied:
        raise SpecError(
            f"{other} cannot be freed in place of {path}: {plant.tied[other]} follows from it."
        )


def _may_stand(plant: Flowsheet, old: Unit, new: Unit, e: Exchange, path: str, other: str) -> None:
    """Refuse what cannot take the place of one end of a design specification."""
    if other == path and not _known(plant, path):
        raise SpecError(
            f"The plant's design has {e.fixed} fixed and {e.freed} free, and"
            f" {type(new).__name__} {new.name!r} has no {path}.\n  Say what takes its"
            f" place: design={{{path!r}: 'UNIT.quantity'}}, or None to take that exchange back."
        )
    if path == e.fixed:
        _may_fix(plant, old, e, other)
    else:
        _may_free(plant, path, other)


def _exchanges(
    plant: Flowsheet, old: Unit, new: Unit, design: Mapping[str, str | None]
) -> list[Exchange]:
    """The plant's exchanges with the paths of `design` in place of those of the old unit."""
    from noxplant.flowsheet.graph import Exchange

    mine = [p for e in plant.exchanges for p in (e.fixed, e.freed) if p.startswith(f"{old.name}.")]
    for path in design:
        if path not in mine:
            raise SpecError(
                f"{path} is no design specification of {old.name} and none that it frees."
                f"{nearest(path, mine)}\n  It has: {', '.join(mine) or 'none'}."
            )
    # What the caller names is judged before what bears the same name.
    for path in sorted(mine, key=lambda p: p not in design):
        e = next(x for x in plant.exchanges if path in (x.fixed, x.freed))
        other = design.get(path, path)
        if other is not None and None not in (design.get(e.fixed, ""), design.get(e.freed, "")):
            _may_stand(plant, old, new, e, path, other)
    kept: list[Exchange] = []
    for e in plant.exchanges:
        fixed, freed = (design.get(p, p) for p in (e.fixed, e.freed))
        if fixed is not None and freed is not None:
            kept.append(Exchange(fixed, e.value, freed))
    for slot in ("fixed", "freed"):
        names = [getattr(e, slot) for e in kept]
        twice = next((n for n in names if names.count(n) > 1), None)
        if twice is not None:
            raise SpecError(
                f"{twice} would be {slot} twice, by two design specifications of {plant.name}.\n"
                "  Name another in design=..., or None to take that exchange back."
            )
    return kept
