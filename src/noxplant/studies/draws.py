"""Random operating points of a route: how many have a solution, and what refuses the others.

Each point is reached on the way from the base case, all specifications moved at once. Where that
way ends, or when asked, the point is also solved from nothing. A point counts as refused when both
fail, and the refusal as confirmed when the way from the base case ends at a named limit.
"""

from __future__ import annotations

import json
import multiprocessing
import re
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from noxplant import routes
from noxplant.errors import NoxplantError, Refusal, SpecError, UsageError
from noxplant.flowsheet.way import changes, followed
from noxplant.quantities import Quantity
from noxplant.studies.operating import draw, rules_of, values_of

if TYPE_CHECKING:
    from noxplant.flowsheet.graph import Flowsheet


@dataclass(frozen=True)
class Draw:
    """One operating point and what came of it.

    Attributes:
        number: number of the draw; with the seed it fixes the values.
        warm: whether the way from the base case reaches it.
        cold: whether it solves from nothing; None when that was not tried.
        reason: why it was refused, empty when it solves.
        confirmed: where the way from the base case ends at a limit; empty when it names none.
        message: the error of the solve from nothing, in full.
        warm_seconds: CPU time of the way from the base case.
        cold_seconds: CPU time of the solve from nothing, 0 when it was not tried.
        values: what was drawn by name, SI.
    """

    number: int
    warm: bool
    cold: bool | None
    reason: str
    confirmed: str
    message: str
    warm_seconds: float
    cold_seconds: float
    values: Mapping[str, float] = field(default_factory=dict)

    @property
    def solved(self) -> bool:
        """Whether the operating point has a solution that was found."""
        return self.warm or bool(self.cold)


class Way(NamedTuple):
    """The way from the base case: whether it arrives, how far it goes, what limit ends it."""

    solved: bool
    share: str
    reason: str


class Study:
    """Draws of one route.

    Args:
        route: name or path of a route.
        variant: name of a variant.
        seed: fixes all draws.
        cold: whether to solve from nothing also what the way from the base case reaches.
    """

    def __init__(
        self, route: str, variant: str | None = None, *, seed: int = 1, cold: bool = False
    ) -> None:
        self.route, self.variant, self.seed, self.cold = routes.find(route), variant, seed, cold
        self.basis, self.rules = self.route.basis(variant), rules_of(self.route)
        self.base = routes.module(self.route).build(self.basis)
        self.middle: dict[str, float] = {}
        self._solved = False

    def ready(self) -> None:
        """Solve the base case, with the quantities of the rules fixed at what it has."""
        if self._solved:
            return
        solution = self.base.solve()
        if self.rules.exchanges:
            self.middle = {path: solution[path] for path in self.rules.exchanges}
            self._exchange(self.base, self.middle)
            self.base.solve()
        self._solved = True

    def _exchange(self, plant: Flowsheet, values: Mapping[str, float]) -> None:
        for path, freed in self.rules.exchanges.items():
            plant.exchange(path, values[path], freed)

    def point(self, number: int) -> tuple[dict[str, float], Flowsheet]:
        """Values of one draw, and the plant that has them."""
        self.ready()
        rng = np.random.default_rng([self.seed, number])
        values = values_of(self.basis, self.base, self.rules, rng)
        plant = routes.load(self.route, self.variant, values=values)
        for path, x in self.middle.items():
            unit, key, _ = plant.find(path)
            units = unit.nouns(Quantity)[key].units
            values[path] = draw(x, units, None, None, rng.uniform(-1.0, 1.0))
        self._exchange(plant, values)
        return values, plant

    def one(self, number: int) -> Draw:
        """Follow the way from the base case to one draw; solve it from nothing where it ends."""
        values, plant = self.point(number)
        began = time.process_time()
        way = self._follow(plant)
        warm_seconds = time.process_time() - began
        if way.solved and not self.cold:
            return Draw(number, True, None, "", "", "", warm_seconds, 0.0, values)
        error = _cold(plant)
        cold_seconds = time.process_time() - began - warm_seconds
        solved = way.solved or error is None
        named = reason_of(plant, error) if error is not None else ""
        return Draw(
            number,
            way.solved,
            error is None,
            "" if solved else way.reason or named or "no solution found",
            f"{way.share}: {way.reason}" if way.reason and not solved else "",
            "" if error is None else str(error),
            warm_seconds,
            cold_seconds,
            values,
        )

    def _follow(self, plant: Flowsheet) -> Way:
        with followed(self.base, changes(self.base, plant)) as end:
            reason = end.limits[0][0] if end.limits else ""
            if not reason and end.bound:
                reason = end.bound
            if end.arrived:
                reason = _reason_here(self.base)
            share = f"{end.share:.0%} of the way from the base case"
            return Way(end.arrived and not reason, share, reason)


def _cold(plant: Flowsheet) -> NoxplantError | None:
    plant.known = None
    try:
        plant.solve()
    except NoxplantError as error:
        return error
    return None


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
    found = re.match(r"([^\s:]+): ([a-z -]+?) (?:at [\d.]+ K (?:\([^)]*\) )?)?cannot (\w+)", text)
    if found:
        return f"{found[1]}: {found[2]} cannot {found[3]}"
    return re.sub(r"(?<![\w-])[-+]?\d[\d.]*(?:e[-+]?\d+)?", "#", text.partition("\n")[0])[:90]


def _reason_here(plant: Flowsheet) -> str:
    """The first limit that the present solved values break, as `reason_of` words it."""
    from noxplant.flowsheet.audit import audit, picture
    from noxplant.flowsheet.collect import collect
    from noxplant.flowsheet.failure import check_limits

    try:
        check_limits(plant)
        assert plant.built is not None
        pictures = {name: picture(s) for name, s in plant.built.streams.items()}
        collect(plant, pictures, audit(plant, pictures), {})
    except Refusal as error:
        return reason_of(plant, error)
    return ""


def run(
    study: Study,
    number: int,
    file: Path | None = None,
    tick: Callable[[Draw], None] | None = None,
    jobs: int = 1,
) -> list[Draw]:
    """Draws 1 to `number`; those that the file holds are read, new ones are appended to it.

    Args:
        study: what is drawn.
        number: how many draws.
        file: JSON lines, one draw a line; a run that was stopped goes on from it.
        tick: called with every draw.
        jobs: how many processes share the work; the draws do not depend on it.

    Raises:
        UsageError: the file belongs to other draws or holds a line that is no draw; draws.toml does
            not fit the route or the variant.
    """
    _check_rules(study)
    found = {d.number: d for d in read(file, study)} if file is not None else {}
    for d in found.values():
        if tick is not None and d.number <= number:
            tick(d)
    for d in _draws(study, [n for n in range(1, number + 1) if n not in found], jobs):
        found[d.number] = d
        if file is not None:
            with file.open("a", encoding="utf-8") as out:
                out.write(json.dumps(asdict(d)) + "\n")
        if tick is not None:
            tick(d)
    return [found[n] for n in range(1, number + 1)]


def _draws(study: Study, numbers: Sequence[int], jobs: int) -> Iterator[Draw]:
    if jobs == 1 or len(numbers) < 2:
        yield from map(study.one, numbers)
        return
    head = (str(study.route.folder), study.variant, study.seed, study.cold)
    context = multiprocessing.get_context("spawn")
    others = multiprocessing.active_children()
    with ProcessPoolExecutor(jobs, context, _begin, head) as pool:
        try:
            with _deaf():
                drawn = pool.map(_one, numbers)
            yield from drawn
        except KeyboardInterrupt:
            for process in multiprocessing.active_children():
                if process not in others:
                    process.terminate()
            raise


_STUDY: list[Study] = []
"""The study of a process that shares the work."""


@contextmanager
def _deaf() -> Iterator[None]:
    """Processes begun here ignore Ctrl-C: the one that waits for them ends them and says so."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    heard = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, heard)


def _begin(route: str, variant: str | None, seed: int, cold: bool) -> None:
    _STUDY[:] = [Study(route, variant, seed=seed, cold=cold)]


def _one(number: int) -> Draw:
    return _STUDY[0].one(number)


def read(file: Path, study: Study) -> Iterator[Draw]:
    """Draws of a file, which is begun if it is not there; a line cut off by a kill is dropped.

    Raises:
        UsageError: the file belongs to other draws, or holds a line that is no draw.
    """
    head = {
        "route": study.route.name,
        "variant": study.variant,
        "seed": study.seed,
        "cold": study.cold,
    }
    if not file.is_file():
        file.write_text(json.dumps(head) + "\n", encoding="utf-8")
        return
    text = file.read_text("utf-8", errors="replace")
    whole = text[: text.rfind("\n") + 1]
    lines = whole.splitlines()
    if not lines or _json(lines[0]) != head:
        raise UsageError(f"{file} holds other draws than {head}. Name another file, or remove it.")
    found = [_drawn(file, number, line) for number, line in enumerate(lines[1:], start=2)]
    if whole != text:  # only now is it known to be a file of draws
        file.write_text(whole, encoding="utf-8")
    yield from found


def _json(line: str) -> object:
    try:
        return json.loads(line)
    except json.JSONDecodeError:
        return None


def _drawn(file: Path, number: int, line: str) -> Draw:
    found = _json(line)
    if isinstance(found, dict) and found.keys() == {f.name for f in fields(Draw)}:
        return Draw(**found)
    raise UsageError(
        f"{file}, line {number}: this is no draw: {line[:60]!r}.\n  Take the line out, or name another"
        " file; what is missing is drawn again."
    )


def _check_rules(study: Study) -> None:
    """Refuse a draws.toml that does not fit the plant before the plant is solved."""
    plant, wrong = study.base, ""
    freed = {e.freed: e.fixed for e in plant.exchanges}
    for path, spec in study.rules.exchanges.items():
        for name in (path, spec):
            try:
                plant.find(name)
            except SpecError as error:
                wrong = wrong or str(error).partition("\n")[0]
        if spec in freed:
            wrong = wrong or f"it frees {spec}, which follows from {freed[spec]} already."
    if not wrong:
        return
    if study.variant is None:
        raise UsageError(f"{study.route.folder / 'draws.toml'} does not fit the plant: {wrong}")
    raise UsageError(
        f"--variant {study.variant}: the draws.toml of {study.route.name} belongs to the route as it"
        f" is and does not fit this variant: {wrong}\n  Leave --variant out."
    )


def table(name: str, draws: Sequence[Draw]) -> str:
    """Draws counted by outcome and reason, as Markdown."""
    total, solved = len(draws), sum(d.solved for d in draws)
    warm, tried = sum(d.warm for d in draws), [d for d in draws if d.cold is not None]
    cold = sum(bool(d.cold) for d in tried)
    reasons = Counter(d.reason for d in draws if not d.solved)
    confirmed = Counter(d.reason for d in draws if not d.solved and d.confirmed)
    rows = [
        f"### {name}: {total} draws",
        "",
        "| outcome | draws | confirmed |",
        "|---|---:|---:|",
        f"| solved on the way from the base case | {warm} | |",
        f"| solved from nothing alone | {solved - warm} | |",
        *(f"| refused: {r} | {n} | {confirmed[r]} |" for r, n in reasons.most_common()),
        "",
        f"Solved: {solved / total:.1%}. {_times('the way from the base case', draws, 'warm')}.",
    ]
    if tried:
        rows[-1] += (
            f" From nothing: {cold} of the {len(tried)} tried."
            f" {_times('a solve from nothing', tried, 'cold')}."
        )
    return "\n".join(rows)


def _times(what: str, draws: Sequence[Draw], which: str) -> str:
    seconds = sorted(getattr(d, f"{which}_seconds") for d in draws)
    return f"CPU time of {what}: median {seconds[len(seconds) // 2]:.1f} s, longest {seconds[-1]:.1f} s"
