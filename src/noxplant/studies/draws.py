"""Random operating points of a route: how many solve from cold, and why the others do not.

Only operating specifications are drawn, never constants: temperatures +/-5 K, pressures +/-10 %,
flows, areas, concentrations and ratios +/-20 %; of a fraction the distance to its nearer end is
multiplied by a log-uniform factor in [1/2, 2]; faradaic efficiencies are drawn on their simplex.
No value leaves the range that the basis gives for it. A refusal counts as confirmed when the way
from the base case to the draw leads to the same limit, or ends at a limit.
"""

from __future__ import annotations

import json
import math
import re
import time
import tomllib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from noxplant import routes
from noxplant.basis import Basis, Entry
from noxplant.errors import NoxplantError, Refusal, UsageError
from noxplant.quantities import Quantity

if TYPE_CHECKING:
    from noxplant.flowsheet.graph import Flowsheet

KELVIN = 5.0
"""Half the range of a temperature, K."""
PRESSURE, AMOUNT, FRACTION = 0.1, 0.2, 2.0
"""Relative half ranges of pressures and of amounts; largest factor on a fraction's distance."""
SPREAD = 200.0
"""Sum of the parameters of the Dirichlet distribution of faradaic efficiencies; its mean is the
base case, its standard deviation 0.024 for an efficiency of 0.87."""
CONSTANTS = re.compile(
    "azeotrope_|_constant$|mass_transfer|solubility|heat_of_solution|conductivity$|salting|"
    "regeneration_heat|water_drag|efficiency$|ketone_loss|entrained|caught|held_liquor|displaced|"
    "methanol_bound|acetonitrile_loss|^cells$|^tanks$|^gap$|_gap$|potential$|^voltage$|_slope$|"
    "_exchange$|resistance|energy_cost|cooling_rate|loss_temperature|pressure_drop|"
    "wash_saturation|formaldehyde_out"
)
"""Names of what is a property of substances or equipment, not an operating point."""
FARADAIC = "faradaic_efficiency["
AT_BOUND = 1e-6
"""Distance from its bound, in nominals, at which an unknown counts as at it."""


@dataclass(frozen=True)
class Draw:
    """One operating point and what came of it.

    Attributes:
        number: number of the draw; with the seed it fixes the values.
        cold: whether it solves from nothing.
        warm: whether the way from the base case reaches it; None when that was not asked.
        reason: why it was refused, empty when it solves.
        confirmed: how an independent route confirms the refusal, empty when none does.
        message: the error in full.
        seconds: CPU time of the cold solve.
    """

    number: int
    cold: bool
    warm: bool | None
    reason: str
    confirmed: str
    message: str
    seconds: float
    values: Mapping[str, float] = field(default_factory=dict)

    @property
    def solved(self) -> bool:
        """Whether the operating point has a solution that was found."""
        return self.cold or bool(self.warm)


def operating(basis: Basis, plant: Flowsheet) -> dict[str, Entry]:
    """Entries of a basis that are operating specifications of a plant."""
    freed = {e.freed for e in plant.exchanges}
    out = {}
    for name, entry in basis.entries.items():
        path = name.removeprefix("design.")
        head, dot, key = path.partition(".")
        if not dot or head not in plant.units or path in freed or name not in basis.read:
            continue
        if "start value" in entry.source or (
            path == name and entry.kind in ("library", "recalled")
        ):
            continue
        if path != name or not CONSTANTS.search(key.partition("[")[0]):
            out[name] = entry
    return out


def draw(x: float, unit: str, low: float | None, high: float | None, u: float) -> float:
    """A value around x for u in [-1, 1], within [low, high]; all SI."""
    if unit == "K":
        value = x + KELVIN * u
    elif unit == "Pa":
        value = x * (1.0 + PRESSURE * u)
    elif unit in ("1", "") and 0.0 < x < 1.0:
        value = x * FRACTION**u if x < 0.5 else 1.0 - (1.0 - x) * FRACTION**u
    else:
        value = x * (1.0 + AMOUNT * u)
    return min(max(value, -math.inf if low is None else low), math.inf if high is None else high)


@dataclass(frozen=True)
class Rules:
    """What `draws.toml` of a route says.

    Attributes:
        exchanges: computed quantity that is drawn: specification that follows from it.
        together: names that are drawn with one number.
    """

    exchanges: Mapping[str, str] = field(default_factory=dict)
    together: Sequence[Sequence[str]] = ()


def rules_of(route: routes.Route) -> Rules:
    """Rules of a route; none when it has no `draws.toml`."""
    path = route.file("draws.toml")
    if path is None:
        return Rules()
    found = tomllib.loads(path.read_text("utf-8"))
    return Rules(found.get("exchange", {}), list(found.get("together", {}).values()))


def values_of(
    basis: Basis, plant: Flowsheet, rules: Rules, rng: np.random.Generator
) -> dict[str, float]:
    """All operating specifications of one draw by name, SI."""
    numbers = {name: rng.uniform(-1.0, 1.0) for name in operating(basis, plant)}
    for group in rules.together:
        numbers.update(dict.fromkeys((n for n in group if n in numbers), numbers[group[0]]))
    out = {}
    for name, u in numbers.items():
        e = basis.entries[name]
        out[name] = draw(e.value, e.unit, e.low, e.high, u)
    stacks: dict[str, list[str]] = {}
    for name in basis.entries:
        unit, dot, key = name.partition(".")
        if dot and key.startswith(FARADAIC) and unit in plant.units:
            stacks.setdefault(unit, []).append(name)
    for names in stacks.values():
        shares = [basis.entries[n].value for n in names]
        weights = np.array([max(s, 1e-3) for s in (*shares, 1.0 - sum(shares))])
        drawn = rng.dirichlet(SPREAD * weights / weights.sum())
        out.update(zip(names, (float(x) for x in drawn[:-1]), strict=True))
    return {n: x for n, x in out.items() if n not in rules.exchanges.values()}


class Study:
    """Draws of one route.

    Args:
        route: name or path of a route.
        variant: name of a variant.
        seed: fixes all draws.
        warm: whether to follow the way from the base case also where the cold solve succeeds.
    """

    def __init__(
        self, route: str, variant: str | None = None, *, seed: int = 1, warm: bool = False
    ) -> None:
        self.route, self.variant, self.seed, self.warm = routes.find(route), variant, seed, warm
        self.basis, self.rules = self.route.basis(variant), rules_of(self.route)
        self.base = routes.module(self.route).build(self.basis)
        self.middle: dict[str, float] = {}
        if self.rules.exchanges:
            solution = routes.load(self.route, variant).solve()
            self.middle = {path: solution[path] for path in self.rules.exchanges}
            self._exchange(self.base, self.middle)
        self._ready = False

    def _exchange(self, plant: Flowsheet, values: Mapping[str, float]) -> None:
        for path, freed in self.rules.exchanges.items():
            plant.exchange(path, values[path], freed)

    def one(self, number: int) -> Draw:
        """Solve one draw from cold; confirm a refusal on the way from the base case."""
        rng = np.random.default_rng([self.seed, number])
        values = values_of(self.basis, self.base, self.rules, rng)
        began = time.process_time()
        plant = routes.load(self.route, self.variant, values=values)
        for path, x in self.middle.items():
            unit, key, _ = plant.find(path)
            values[path] = draw(
                x, unit.nouns(Quantity)[key].units, None, None, rng.uniform(-1.0, 1.0)
            )
        self._exchange(plant, values)
        try:
            plant.solve()
        except NoxplantError as error:
            seconds = time.process_time() - began
            reason = reason_of(plant, error)
            return self._refused(number, values, plant, error, reason, seconds)
        seconds = time.process_time() - began
        warm = self._follow(plant)[0] if self.warm else None
        return Draw(number, True, warm, "", "", "", seconds, values)

    def _refused(
        self,
        number: int,
        values: Mapping[str, float],
        plant: Flowsheet,
        error: NoxplantError,
        reason: str,
        seconds: float,
    ) -> Draw:
        solved, way, again = self._follow(plant)
        confirmed = ""
        if not solved and again and (again == reason or not reason):
            confirmed = way
        elif not solved and again:
            confirmed, reason = way, again
        reason = "" if solved else reason or again or "no solution found"
        return Draw(number, False, solved, reason, confirmed, str(error), seconds, values)

    def _follow(self, plant: Flowsheet) -> tuple[bool, str, str]:
        """(solved, how far, reason) of the way from the base case to the specifications of a plant."""
        from pyomo.common.collections import ComponentMap

        base = self.base
        if not self._ready:
            base.solve()
            self._ready = True
            self._at = set(_at_bound(base.built.solver))
        solver = base.built.solver
        c = solver.compiled
        kept = c.x.copy(), c.p.copy()
        targets = ComponentMap(
            (base.variable(p), x)
            for p, x in changes(base, plant).items()
            if c.input_index(base.variable(p)) is not None
        )
        try:
            outcome = solver.homotopy(targets)
            solver.load()
            share = f"{outcome.fraction:.0%} of the way from the base case"
            reason = _reason_here(base, outcome.solved) or self._bound(outcome.solved)
            return outcome.solved and not reason, share, reason
        finally:
            c.x[:], c.p[:] = kept
            solver.load()
            c.evaluate()

    def _bound(self, solved: bool) -> str:
        """An unknown that comes to a bound where the way ends, in words."""
        from noxplant.flowsheet.failure import in_words

        solver = self.base.built.solver
        new = [] if solved else [k for k in _at_bound(solver) if k not in self._at]
        return f"{in_words(solver.compiled.unknowns[new[0]].name)} at its bound" if new else ""


def _at_bound(solver: Any) -> list[int]:
    c = solver.compiled
    room = np.minimum(c.x - c.lower, c.upper - c.x) / solver.nominal
    return [int(k) for k in np.argsort(room) if room[k] < AT_BOUND]


def changes(base: Flowsheet, plant: Flowsheet) -> dict[str, float]:
    """Specifications of a plant that differ from those of another of the same build."""
    out = {}
    freed = {e.freed for e in plant.exchanges}
    for unit in plant.units.values():
        for key, value in unit.given.items():
            items = value.items() if isinstance(value, Mapping) else [(None, value)]
            for index, x in items:
                path = f"{unit.name}.{key}" + (f"[{index}]" if index is not None else "")
                if path not in freed and base.value(path) != x:
                    out[path] = x
    out |= {e.fixed: e.value for e in plant.exchanges if base.value(e.fixed) != e.value}
    return out


def reason_of(plant: Flowsheet, error: NoxplantError) -> str:
    """The limit that an error names; empty when it names none."""
    from noxplant.flowsheet.failure import broken_limits

    text = str(error)
    if "no solution was found" in text:
        return ""
    if plant.built is not None:
        for name, message in broken_limits(plant):
            if message in text:
                return name
    found = re.match(r"([^\s:]+): ([a-z -]+?) (?:at [\d.]+ K )?cannot (\w+)", text)
    if found:
        return f"{found[1]}: {found[2]} cannot {found[3]}"
    return re.sub(r"[-+]?\d[\d.]*(?:e[-+]?\d+)?", "#", text.partition("\n")[0])[:90]


def _reason_here(plant: Flowsheet, solved: bool) -> str:
    """The first limit that the present values of a plant break, as `reason_of` words it."""
    from noxplant.flowsheet.audit import audit, picture
    from noxplant.flowsheet.collect import collect
    from noxplant.flowsheet.failure import broken_limits, check_limits

    if not solved:
        return next((name for name, _ in broken_limits(plant)), "")
    try:
        check_limits(plant)
        assert plant.built is not None
        pictures = {name: picture(s) for name, s in plant.built.streams.items()}
        collect(plant, pictures, audit(plant, pictures), {})
    except Refusal as error:
        return reason_of(plant, error)
    return ""


def run(
    study: Study, number: int, file: Path | None = None, tick: Callable[[Draw], None] | None = None
) -> list[Draw]:
    """Draws 1 to `number`; those that the file holds are read, new ones are appended to it.

    Raises:
        UsageError: the file belongs to other draws.
    """
    found = {d.number: d for d in read(file, study)} if file is not None else {}
    for n in range(1, number + 1):
        if n not in found:
            found[n] = study.one(n)
            if file is not None:
                with file.open("a", encoding="utf-8") as out:
                    out.write(json.dumps(asdict(found[n])) + "\n")
        if tick is not None:
            tick(found[n])
    return [found[n] for n in range(1, number + 1)]


def read(file: Path, study: Study) -> Iterator[Draw]:
    """Draws of a file, which is begun if it is not there; a line cut off by a kill is dropped."""
    head = {"route": study.route.name, "variant": study.variant, "seed": study.seed}
    if not file.is_file():
        file.write_text(json.dumps(head) + "\n", encoding="utf-8")
        return
    text = file.read_text("utf-8")
    whole = text[: text.rfind("\n") + 1]
    if whole != text:
        file.write_text(whole, encoding="utf-8")
    lines = whole.splitlines()
    if not lines or json.loads(lines[0]) != head:
        raise UsageError(f"{file} holds other draws than {head}. Name another file, or remove it.")
    for line in lines[1:]:
        yield Draw(**json.loads(line))


def table(name: str, draws: Sequence[Draw]) -> str:
    """Draws counted by outcome and reason, as Markdown."""
    total, cold = len(draws), sum(d.cold for d in draws)
    solved = sum(d.solved for d in draws)
    seconds = sorted(d.seconds for d in draws)
    reasons = Counter(d.reason for d in draws if not d.solved)
    confirmed = Counter(d.reason for d in draws if not d.solved and d.confirmed)
    rows = [
        f"### {name}: {total} draws",
        "",
        "| outcome | draws | confirmed |",
        "|---|---:|---:|",
        f"| solved from cold | {cold} | |",
        f"| solved on the way from the base case alone | {solved - cold} | |",
        *(f"| refused: {r} | {n} | {confirmed[r]} |" for r, n in reasons.most_common()),
        "",
        f"Solved: {solved / total:.1%}, from cold {cold / total:.1%}. CPU time of a cold solve:"
        f" median {seconds[total // 2]:.1f} s, longest {seconds[-1]:.1f} s.",
    ]
    return "\n".join(rows)
