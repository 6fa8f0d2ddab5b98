"""Routes: folders with a `plant.py`, a `basis.toml` and what belongs to them.

    flowsheets/NAME/plant.py        build(basis) -> Flowsheet; optional headline(solution)
    flowsheets/NAME/basis.toml      every number: value, unit, source, class
    flowsheets/NAME/VARIANT.toml    numbers of a variant; they win over the basis
    flowsheets/NAME/expected.toml   what the solved plant is held to
    flowsheets/NAME/optimise.toml   the optimisation that is shown
    flowsheets/NAME/draws.toml      what is drawn together or in exchange (`noxplant draws`)

A table ``[extends]`` of a basis takes whole tables from the bases of other routes, so that a number
that two routes share stands in one place; what the file itself gives wins:

    [extends]
    "other-route" = "E-101 T-001"
    "other-route/variant" = "kinetics"

Shipped routes are data of the package `noxplant.flowsheets`; their folders bear hyphens, so they
are loaded by path.
"""

from __future__ import annotations

import importlib.util
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

from noxplant.basis import Basis, Entry, read_basis
from noxplant.errors import ModelError, SpecError, UsageError, nearest

if TYPE_CHECKING:
    from noxplant.flowsheet.graph import Flowsheet

OTHER_FILES = frozenset({"basis", "draws", "expected", "optimise"})
"""TOML files of a route that are no variants."""


@dataclass(frozen=True)
class Route:
    """A route on disk.

    Attributes:
        name: name of its folder.
        plant: its `plant.py`.
    """

    name: str
    plant: Path

    @property
    def folder(self) -> Path:
        """Folder of the route."""
        return self.plant.parent

    @property
    def variants(self) -> tuple[str, ...]:
        """Names of the variants, sorted."""
        found = {f.stem for f in self.folder.glob("*.toml")} - OTHER_FILES
        return tuple(sorted(found))

    @property
    def summary(self) -> str:
        """First line of the docstring of `plant.py`, empty if it has none."""
        import ast

        text = ast.get_docstring(ast.parse(self.plant.read_text("utf-8"))) or ""
        return text.partition("\n")[0]

    def file(self, name: str) -> Path | None:
        """A file of the folder, None if it is not there."""
        path = self.folder / name
        return path if path.is_file() else None

    def basis(self, variant: str | None = None) -> Basis:
        """Numbers of the route, or of one of its variants."""
        path = self.folder / "basis.toml"
        if not path.is_file():
            return Basis({}, {}, str(path))
        if variant is not None and variant not in self.variants:
            raise UsageError(
                f"{self.name} has no variant {variant!r}.{nearest(variant, self.variants)}\n"
                f"  It has: {', '.join(self.variants) or 'none'}."
            )
        own = read_basis(path, None if variant is None else self.folder / f"{variant}.toml")
        return _extended(own, path)


def shipped_folder() -> Path | None:
    """Folder of the shipped routes: of the installed package, else of the checkout."""
    beside = Path(__file__).resolve().parents[2] / "flowsheets"
    try:
        spec = importlib.util.find_spec("noxplant.flowsheets")
    except (ImportError, ValueError):
        spec = None
    if spec is not None and spec.submodule_search_locations:
        return Path(next(iter(spec.submodule_search_locations)))
    return beside if beside.is_dir() else None


def routes(folder: Path | None = None) -> dict[str, Route]:
    """Routes of a folder (the shipped ones if none is given) by name, sorted."""
    place = folder or shipped_folder()
    if place is None:
        return {}
    return {p.parent.name: Route(p.parent.name, p) for p in sorted(place.glob("*/plant.py"))}


def find(text: str) -> Route:
    """Route of a name, or of a path to a `plant.py` or its folder.

    Raises:
        UsageError: there is none; the message lists what there is.
    """
    known = routes()
    if text in known:
        return known[text]
    path = Path(text)
    path = path / "plant.py" if path.is_dir() else path
    if path.suffix == ".py" and path.is_file():
        path = path.resolve()
        return Route(path.parent.name if path.name == "plant.py" else path.stem, path)
    if text and path.name == "plant.py" and path.parent.is_dir():
        raise UsageError(
            f"The folder {str(path.parent)!r} holds no plant.py, so it is no route.\n"
            f"  `noxplant new NAME --from {next(iter(known), 'ROUTE')}` makes a folder that does."
        )
    if path.exists():
        raise UsageError(
            f"The file {text!r} is no plant.py: a route is written in Python, in a file that ends in"
            " .py.\n  Name a plant.py or its folder."
        )
    raise UsageError(
        f"There is no route {text!r}.{nearest(text, known)}\n"
        f"  Routes: {', '.join(known) or 'none'}. A path to a plant.py will do as well."
    )


def _extended(own: Basis, path: Path) -> Basis:
    """A basis with the tables that it takes from other routes."""
    taken: dict[str, Entry] = {}
    for key, tables in own.choices.items():
        table, _, name = key.partition(".")
        if table != "extends" or not name:
            continue
        own.read.add(key)
        route, _, variant = name.partition("/")
        other = find(route).basis(variant or None).entries
        known = dict.fromkeys(n.partition(".")[0] for n in other)
        for wanted in tables.split():
            if wanted not in known:
                raise ModelError(
                    f"{path}: the basis of {name} has no table {wanted!r} to extend."
                    f"{nearest(wanted, known)}"
                )
            taken |= {n: e for n, e in other.items() if n.partition(".")[0] == wanted}
    own.entries = taken | own.entries
    return own


def module(route: Route) -> ModuleType:
    """The module `plant.py` of a route, loaded by its path."""
    name = "noxplant_route_" + "".join(c if c.isalnum() else "_" for c in route.name)
    spec = importlib.util.spec_from_file_location(name, route.plant)
    if spec is None or spec.loader is None:
        raise ModelError(f"{route.plant} cannot be loaded as Python.")
    found = importlib.util.module_from_spec(spec)
    sys.modules[name] = found
    try:
        spec.loader.exec_module(found)
    except SyntaxError as error:
        raise ModelError(f"{route.plant}, line {error.lineno}: {error.msg}.") from error
    if not callable(getattr(found, "build", None)):
        raise ModelError(f"{route.plant} has no function build(basis) that returns a Flowsheet.")
    return found


def beside(plant: str, name: str) -> ModuleType:
    """The module `name`.py of the folder of a `plant.py` (its `__file__`); it has a `build` too."""
    path = Path(plant).with_name(f"{name}.py")
    return module(Route(f"{path.parent.name}-{name}", path))


def load(
    route: Route | str, variant: str | None = None, *, values: Mapping[str, float] | None = None
) -> Flowsheet:
    """Build the unsolved flowsheet of a route.

    Args:
        route: a route, its name or its path.
        variant: name of a variant.
        values: numbers (SI) that take the place of those of the basis.

    Raises:
        UsageError: no such route or variant.
        ModelError: `plant.py` or the basis is wrong, or a variant gives a number nobody reads.
    """
    from noxplant.flowsheet.graph import Flowsheet

    found = find(route) if isinstance(route, str) else route
    basis = found.basis(variant)
    if values:
        basis = basis.override(values)
    code = module(found)
    plant = _built(found, code, basis)
    if not isinstance(plant, Flowsheet):
        raise ModelError(f"{found.plant}: build(basis) returned {plant!r}, not a Flowsheet.")
    plant.name = found.name
    plant.basis = {e.name: e.as_dict() for e in basis.entries.values()}
    plant.assumptions = [*basis.assumptions(), *plant.assumptions]
    if plant.headline is None:
        plant.headline = getattr(code, "headline", None)
    plant.known = partial(load, found, variant)
    unread = basis.unread()
    if variant is not None:
        ignored = [n for n in unread if n not in found.basis()]
        if ignored:
            hint = nearest(ignored[0], found.basis())
            raise ModelError(
                f"{found.name}: variant {variant} gives {', '.join(ignored)}, which build() does not"
                f" read.{hint}"
            )
    return plant


def _built(route: Route, code: ModuleType, basis: Basis) -> Flowsheet:
    """What `build` of a route returns."""
    try:
        plant: Flowsheet = code.build(basis)
    except TypeError as error:
        twice = re.search(r"(\w+)\(\) got multiple values for keyword argument '(\w+)'", str(error))
        if twice is None:
            raise
        raise SpecError(
            f"{route.plant}: a {twice[1]} is given {twice[2]!r} twice, by build() and by a table of"
            f" the basis.\n  Take one of them out."
        ) from error
    return plant


def unread_numbers(route: Route) -> list[str]:
    """Numbers of the basis that neither the plant nor any of its variants reads."""
    left: set[str] | None = None
    for variant in (None, *route.variants):
        basis = route.basis(variant)
        module(route).build(basis)
        unread = set(basis.unread())
        left = unread if left is None else left & unread
    return sorted(left or ())
