"""What several commands share: building a plant with the user's settings, and progress."""

from __future__ import annotations

import argparse
import contextlib
import os
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from noxplant import measures, routes
from noxplant.errors import SpecError, UsageError
from noxplant.quantities import Spec

if TYPE_CHECKING:
    from noxplant.basis import Basis
    from noxplant.flowsheet.graph import Flowsheet

if TYPE_CHECKING:
    Commands: TypeAlias = argparse._SubParsersAction[argparse.ArgumentParser]
else:
    Commands = argparse._SubParsersAction


def command(subparsers: Commands, name: str, what: str, more: str) -> argparse.ArgumentParser:
    """Declare a command with a one-line description and examples."""
    parser: argparse.ArgumentParser = subparsers.add_parser(
        name,
        help=what,
        description=what[0].upper() + what[1:] + ".",
        epilog=more,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--debug", action="store_true", help="show the traceback of an error")
    return parser


def add_route(parser: argparse.ArgumentParser, *, optional: bool = False) -> None:
    """The argument ROUTE."""
    parser.add_argument(
        "route",
        metavar="ROUTE",
        nargs="?" if optional else None,
        help="name of a route (see `noxplant list`), or a path to a plant.py",
    )


def add_settings(parser: argparse.ArgumentParser) -> None:
    """The options that change a plant before it is solved."""
    parser.add_argument("--variant", metavar="NAME", help="a variant of the route's basis")
    parser.add_argument(
        "--set",
        dest="settings",
        metavar="'UNIT.SPEC=VALUE UNIT'",
        action="append",
        default=[],
        help="give a specification, or a number of the basis; repeatable",
    )
    parser.add_argument(
        "--target",
        metavar="'QUANTITY=VALUE UNIT'",
        action="append",
        default=[],
        help="fix a computed quantity; each needs one --free",
    )
    parser.add_argument(
        "--free",
        metavar="UNIT.SPEC",
        action="append",
        default=[],
        help="the specification that is computed in exchange for a --target",
    )


def split(text: str, option: str) -> tuple[str, str]:
    """Name and value of "NAME=VALUE UNIT"; an index may hold "=" signs of its own."""
    head, bracket, rest = text.partition("[")
    if bracket and "=" not in head:
        index, closing, rest = rest.partition("]")
        head, rest = f"{head}[{index}{closing}", rest
        equal, _, value = rest.partition("=")
        if equal.strip() or not closing:
            raise UsageError(f"{option} {text!r}: write {option} 'UNIT.SPEC[INDEX]=VALUE UNIT'.")
        return head.strip(), value.strip()
    name, equal, value = text.partition("=")
    if not equal or not name.strip() or not value.strip():
        raise UsageError(f"{option} {text!r}: write {option} 'UNIT.SPEC=VALUE UNIT'.")
    return name.strip(), value.strip()


def prepare(arguments: argparse.Namespace, other: Mapping[str, float] | None = None) -> Flowsheet:
    """The unsolved plant that the arguments ask for.

    Args:
        arguments: route, variant, settings, targets and what they free.
        other: numbers of the basis (SI) that win over the settings.

    Raises:
        UsageError: a setting is misspelt, of the wrong unit or out of bounds.
    """
    route = routes.find(arguments.route)
    settings = [split(s, "--set") for s in arguments.settings]
    _no_contradiction(arguments, settings)
    basis = route.basis(arguments.variant)
    _no_choices([n for n, _ in settings], route, basis)
    values = {
        name: measures.parse(
            text, basis.entries[name].unit, name, scale=_scale(route, arguments.variant, name)
        )
        for name, text in settings
        if name in basis
    }
    other = other or {}
    values |= other
    replaced = {n.removeprefix("design.") for n in other}
    try:
        plant = routes.load(route, arguments.variant, values=values)
    except SpecError as error:
        if not values or _wrong_by_itself(route, arguments.variant):
            raise
        wrote = "; ".join(f"--set {n}={t}" for n, t in settings if n in values)
        raise UsageError(f"{error}\n  You wrote {wrote}.") from error
    typed = {n: values[n] for n, _ in settings if n in values and n not in other}
    _none_idle(plant, route, arguments.variant, typed)
    for name, text in settings:
        if name.removeprefix("design.") in replaced or (
            name in values and not _is_spec(plant, name)
        ):
            continue
        with _as_written(f"--set {name}={text}"):
            plant.set(name, read_value(plant, name, text))
    for target, freed in zip(arguments.target, arguments.free, strict=True):
        name, text = split(target, "--target")
        with _as_written(f"--target {name}={text} --free {freed}"):
            plant.exchange(name, read_value(plant, name, text), freed)
    return plant


def _none_idle(
    plant: Flowsheet, route: routes.Route, variant: str | None, values: Mapping[str, float]
) -> None:
    """Refuse numbers of the basis that a unit of this variant, of another class, does not take."""
    for name, value in values.items():
        unit = name.removeprefix("design.").partition(".")[0]
        if variant is None or unit not in plant.units or _is_spec(plant, name):
            continue
        if value == route.basis(variant)[name]:
            continue
        both = [routes.load(route, variant, values=v) for v in (None, {name: value})]
        if _settings(both[0]) == _settings(both[1]):
            raise UsageError(
                f"--set {name} has no effect in the variant {variant}: its"
                f" {type(plant.units[unit]).__name__} {unit!r} does not take that number of the"
                " basis, which is for another class of unit.\n  Give one of its specifications:"
                f" {', '.join(plant.units[unit].nouns(Spec))}."
            )


def _settings(plant: Flowsheet) -> list[object]:
    """All that units and design of a plant were given."""
    plain = (int, float, str, tuple)
    units = [
        (u.given, {k: v for k, v in vars(u).items() if isinstance(v, plain)})
        for u in plant.units.values()
    ]
    return [units, plant.exchanges]


def _no_contradiction(arguments: argparse.Namespace, settings: Sequence[tuple[str, str]]) -> None:
    """Refuse options that are given twice, that do not pair, or that undo one another."""
    _once([n for n, _ in settings], "--set")
    _once([split(t, "--target")[0] for t in arguments.target], "--target")
    _once(arguments.free, "--free")
    for name, text in settings:
        if name in arguments.free:
            raise UsageError(
                f"--set {name}={text} and --free {name} contradict each other: what is free is"
                " computed.\n  Leave one of them out."
            )
    if len(arguments.target) != len(arguments.free):
        raise UsageError(
            f"{len(arguments.target)} --target need as many --free; {len(arguments.free)} are given."
            "\n  Write --target 'QUANTITY=VALUE UNIT' --free UNIT.SPEC."
        )


def _once(names: Sequence[str], option: str) -> None:
    """Refuse an option that is given twice for the same name: which one counts is a guess."""
    for name in dict.fromkeys(names):
        if names.count(name) > 1:
            raise UsageError(f"{option} {name} is given {names.count(name)} times; give it once.")


def _no_choices(names: Sequence[str], route: routes.Route, basis: Basis) -> None:
    """Refuse to set a choice of the basis: a word that build() reads, no number."""
    for name in names:
        if name not in basis.choices or name.startswith("extends."):
            continue
        variants = ", ".join(route.variants)
        reach = (
            f"Choose one of its variants with --variant: {variants}."
            if variants
            else ("The route has no variants; change the word in its basis.toml.")
        )
        raise UsageError(
            f"--set {name}: this is a choice of the basis of {route.name}, now"
            f" {basis.choices[name]!r}, and no number that can be set.\n  {reach}"
        )


def _wrong_by_itself(route: routes.Route, variant: str | None) -> bool:
    """Whether a route cannot be loaded even without what the user typed."""
    try:
        routes.load(route, variant)
    except SpecError:
        return True
    return False


@contextlib.contextmanager
def _as_written(words: str) -> Iterator[None]:
    """A specification that is refused is wrong usage; what was typed is told in its own unit."""
    try:
        yield
    except SpecError as error:
        raise UsageError(f"{error}\n  You wrote {words}.") from error


def _scale(route: routes.Route, variant: str | None, name: str) -> str:
    """Reference scale of a number of the basis; only that of a potential matters."""
    from noxplant.quantities import Quantity

    if "potential" not in name:
        return "SHE"
    try:
        unit, key, _ = routes.load(route, variant).find(name)
    except SpecError:
        return "SHE"
    noun = unit.declared[key]
    return noun.scale if isinstance(noun, Quantity) else "SHE"


def _is_spec(plant: Flowsheet, name: str) -> bool:
    try:
        unit, key, _ = plant.find(name)
    except SpecError:
        return False
    return isinstance(unit.declared[key], Spec)


def read_value(plant: Flowsheet, path: str, text: str) -> float:
    """A typed value of a quantity of a plant, SI."""
    from noxplant.quantities import Quantity

    unit, key, index = plant.find(path)
    noun = unit.declared[key]
    assert isinstance(noun, Quantity)
    mass = _molar_mass(index) if noun.units == "mol/s" and index else None
    return measures.parse(
        text, noun.units, path, bounds=noun.bounds, molar_mass=mass, scale=noun.scale
    )


def _molar_mass(substance: str) -> float | None:
    from noxplant.errors import SpeciesError
    from noxplant.species.formulas import formula_mass
    from noxplant.species.registry import molar_mass

    for function in (molar_mass, formula_mass):
        try:
            return function(substance)
        except SpeciesError:
            continue
    return None


def check_file(option: str, name: str, *, stdout: bool = False) -> None:
    """Refuse a file that cannot be written, before anything is solved for it; writes nothing.

    Args:
        option: as typed, such as "--json".
        name: the file; "-" is the standard output where `stdout` says so.
        stdout: whether "-" means the standard output.

    Raises:
        UsageError: an empty name, a folder, a missing folder, or no permission.
    """
    if stdout and name == "-":
        if sys.__stdout__ is None:
            raise UsageError(f"{option} -: the standard output is closed. Name a file.")
        return
    path = Path(name)
    if not name:
        also = ", or - for the standard output" if stdout else ""
        raise UsageError(f"{option} '': the name is empty. Name a file{also}.")
    if path.is_dir():
        raise UsageError(f"{option} {name}: this is a folder. Name a file in it.")
    folder = path.absolute().parent
    if not folder.is_dir():
        raise UsageError(
            f"{option} {name}: there is no such folder as {folder}. Make it first, or name another."
        )
    with _writable(f"{option} {name}: the file", "another file"):
        if path.is_file():
            path.open("ab").close()
        elif not path.exists():  # what is neither, such as a pipe, is left for the writing
            tempfile.TemporaryFile(dir=folder).close()


def check_folder(option: str, name: str) -> None:
    """Refuse a folder in which nothing can be written; it may still have to be made.

    Raises:
        UsageError: an empty name, a file in the way, or no permission.
    """
    if not name:
        raise UsageError(f"{option} '': the name is empty. Name a folder, as {option} tables.")
    place = Path(name).absolute()
    there = next(p for p in (place, *place.parents) if os.path.lexists(p))
    if not there.is_dir():
        raise UsageError(f"{option} {name}: {there} is a file; name a folder.")
    with _writable(f"{option} {name}: the folder", "another folder"):
        tempfile.TemporaryFile(dir=there).close()


@contextlib.contextmanager
def _writable(what: str, instead: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise UsageError(f"{what} cannot be written ({error.strerror}). Name {instead}.") from error


@contextlib.contextmanager
def named(path: str | Path) -> Iterator[None]:
    """An error of writing or reading says which file it was, also when the disk was full."""
    try:
        yield
    except OSError as error:
        if error.filename is None:
            error.filename = str(path)
        raise


@contextlib.contextmanager
def progress(text: str) -> Iterator[None]:
    """A spinner on a terminal, nothing elsewhere."""
    if not sys.stderr.isatty():
        yield
        return
    from rich.console import Console

    with Console(stderr=True).status(text):
        yield


def say(lines: Sequence[str] | str) -> None:
    """Print lines to the standard output."""
    for line in [lines] if isinstance(lines, str) else lines:
        sys.stdout.write(f"{line}\n")
