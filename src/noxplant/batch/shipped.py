"""The batches that are shipped: the paper's three, each with every number, unit, source and class.

The basis files lie beside this module. A value is changed by name (`Shipped.run({"volume": ...})`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from noxplant.basis import Basis, read_basis
from noxplant.batch.azine_cell import AzineCellBatch
from noxplant.batch.azine_cycles import Cycles, cycles
from noxplant.batch.inputs import Inputs
from noxplant.batch.nitrate import NitrateCell
from noxplant.batch.run import BatchRun
from noxplant.batch.stripping import StrippingIntoAcid, StrippingIntoSolvent
from noxplant.errors import UsageError, nearest

FOLDER: Final = Path(__file__).parent
Values = Mapping[str, Any]


@dataclass(frozen=True)
class Shipped:
    """A batch by name.

    Attributes:
        name: on the command line.
        what: one line.
        file: its basis.
        tables: tables of the basis whose numbers it takes, in order.
        kind: declares its inputs.
        start: makes the run of the numbers by name.
        liquid: input that is the liquid charged, m3.
        plot: columns of its picture, one panel each.
        variant: basis over the basis, "" for none.
        renamed: names of its own for numbers of the basis.
    """

    name: str
    what: str
    file: str
    tables: tuple[str, ...]
    kind: type[Inputs]
    start: Callable[[Values], BatchRun]
    liquid: str
    plot: tuple[tuple[str, ...], ...]
    variant: str = ""
    renamed: tuple[tuple[str, str], ...] = ()

    def basis(self) -> Basis:
        """Every number of its file, with unit, source and class."""
        over = FOLDER / self.variant if self.variant else None
        return read_basis(FOLDER / self.file, over)

    def entries(self) -> dict[str, str]:
        """Path in the basis of every number that this batch takes, by its name."""
        own = dict(self.renamed)
        out = {}
        for path in self.basis():
            head, _, rest = path.partition(".")
            if path in own:
                out[own[path]] = path
            elif head in self.tables:
                group, dot, index = rest.partition(".")
                out[f"{group}[{index}]" if dot else group] = path
        return out

    def values(self, changes: Mapping[str, float] | None = None) -> dict[str, Any]:
        """Numbers by name, SI, indexed ones as mappings.

        Args:
            changes: numbers (SI) that replace those of the basis.

        Raises:
            UsageError: a name that this batch does not take.
        """
        basis, known = self.basis(), self.entries()
        for name in changes or {}:
            if name not in known:
                raise UsageError(
                    f"The batch {self.name} takes no {name!r}.{nearest(name, known)}\n"
                    f"  It takes: {', '.join(known)}."
                )
        out: dict[str, Any] = {}
        for name, path in known.items():
            value = (changes or {}).get(name, basis[path])
            group, bracket, index = name.partition("[")
            if bracket:
                out.setdefault(group, {})[index.removesuffix("]")] = value
            else:
                out[name] = value
        return out

    def scale_of(self, name: str) -> str:
        """Reference scale of an input that is a potential; "" for others."""
        if name == "cathode_potential" and self.kind is NitrateCell:
            return "RHE"
        declared = self.kind.declared().get(name.partition("[")[0])
        return declared.scale if declared is not None and declared.scale != "SHE" else ""

    def run(self, changes: Mapping[str, float] | None = None) -> BatchRun:
        """Run it, with some numbers (SI) changed."""
        return self.start(self.values(changes))


def _take(values: Values, *names: str) -> tuple[dict[str, Any], list[float]]:
    rest = {k: v for k, v in values.items() if k not in names}
    return rest, [float(values[n]) for n in names]


def _current(values: Values) -> BatchRun:
    rest, (j, duration) = _take(values, "current_density", "duration")
    return NitrateCell.of(rest).at_current(j, duration)


def _potential(values: Values) -> BatchRun:
    rest, (E, duration) = _take(values, "cathode_potential", "duration")
    return NitrateCell.of(rest).at_potential(E, duration)


def _voltage(values: Values) -> BatchRun:
    rest, (U, duration) = _take(values, "voltage", "duration")
    return NitrateCell.of(rest).at_voltage(U, duration)


_SHARES: Final = tuple(
    f"share of {r}" for r in ("NO3- -> NH3", "NO3- -> NO2-", "NO2- -> NH3", "H2O -> H2")
)
_NITROGEN: Final = ("c(NO3-) catholyte", "c(NO2-) catholyte", "c(NH3) catholyte")
_LYE: Final = ("c(OH-) catholyte", "c(OH-) anolyte")
_AZINE_PLOT: Final = (
    ("current density",),
    ("c(ammonia)", "c(imine)", "c(azine)", "c(water)"),
    ("conversion",),
)
_STRIP_PLOT: Final = (
    ("removal",),
    ("ammonia in the trap", "n(vent.NH3)", "n(liquor.NH3)"),
    ("liquor volume", "trap volume"),
)


def _nitrate(hold: str, start: Callable[[Values], BatchRun], key: str) -> Shipped:
    return Shipped(
        f"nitrate-{hold}", f"nitrate to ammonia in the H-cell, constant {key.replace('_', ' ')}",
        "nitrate.toml", ("batch",), NitrateCell, start, "catholyte_volume",
        (_NITROGEN, _LYE, ("potential vs RHE",) if hold == "current" else ("current density",), _SHARES),
        renamed=((f"hold.{key}", key), (f"duration.{hold}", "duration")),
    )  # fmt: skip


SHIPPED: Final = {
    s.name: s
    for s in (
        _nitrate("current", _current, "current_density"),
        _nitrate("potential", _potential, "cathode_potential"),
        _nitrate("voltage", _voltage, "voltage"),
        Shipped(
            "azine", "ammonia to azine, condensation with its equilibrium and water", "azine.toml",
            ("batch",), AzineCellBatch, lambda v: AzineCellBatch.of(v).run(), "volume",
            _AZINE_PLOT,
        ),
        Shipped(
            "azine-first-order", "the same, first order in all ammonia, as the paper's numbers imply",
            "azine.toml", ("batch",), AzineCellBatch, lambda v: AzineCellBatch.of(v).run(), "volume",
            _AZINE_PLOT,
            "azine-first-order.toml",
        ),
        Shipped(
            "stripping", "ammonia out of the lye with argon, into acetonitrile", "stripping.toml",
            ("batch", "solvent"), StrippingIntoSolvent,
            lambda v: StrippingIntoSolvent.of(v).run(), "volume", _STRIP_PLOT,
        ),
        Shipped(
            "stripping-acid", "ammonia out of the lye with argon, into sulphuric acid",
            "stripping.toml", ("batch", "acid"), StrippingIntoAcid,
            lambda v: StrippingIntoAcid.of(v).run(), "volume",
            (*_STRIP_PLOT[:1], ("ammonia in the trap", "n(liquor.NH3)"), ("liquor volume",)),
        ),
    )
}  # fmt: skip
"""Batches by name."""


def shipped(name: str) -> Shipped:
    """A batch by name.

    Raises:
        UsageError: there is none of that name.
    """
    if name not in SHIPPED:
        known = ", ".join(SHIPPED)
        raise UsageError(
            f"There is no batch {name!r}.{nearest(name, SHIPPED)}\n  Batches: {known}."
        )
    return SHIPPED[name]


def paper_cycles(
    name: str = "azine",
    changes: Mapping[str, float] | None = None,
    *,
    number: int | None = None,
    loss: float | None = None,
    make_up: float | None = None,
) -> Cycles:
    """The paper's batches on one charge of benzophenone.

    Args:
        name: "azine" or "azine-first-order".
        changes: numbers of the batch (SI) that replace those of the basis.
        number: of batches; else that of the basis.
        loss: of benzophenone between two batches; else that of the basis.
        make_up: part of the loss that is replaced; else that of the basis.
    """
    found = shipped(name)
    if not found.name.startswith("azine"):
        raise UsageError(f"The batch {name} has no benzophenone to use again; cycles are of azine.")
    basis = found.basis()
    return cycles(
        AzineCellBatch.of(found.values(changes)),
        number=int(basis["cycles.number"]) if number is None else number,
        loss=float(basis["cycles.loss"]) if loss is None else loss,
        make_up=float(basis["cycles.make_up"]) if make_up is None else make_up,
    )
