"""One call of a solver inside CasADi: options checked, log caught, Ctrl-C heeded."""

import contextlib
import io
import re
import signal
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TextIO

import casadi as ca
import numpy as np
import numpy.typing as npt

from noxsolve.errors import ModelError

Vector = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Settings:
    """How to solve: options by the solver's names, seconds, where the log goes as it runs."""

    options: Mapping[str, Any] = field(default_factory=dict)
    time_limit: float | None = None
    tee: Sequence[TextIO] = ()


@dataclass(frozen=True)
class Call:
    """What came back: point, multipliers (CasADi's signs), the solver's own word and log."""

    solver: ca.Function
    x: Vector
    f: float
    lam_g: Vector
    lam_x: Vector
    raw: str
    iterations: int
    log: str
    interrupted: bool


class Tee(io.StringIO):
    """Keeps what is written and passes it on to other streams."""

    def __init__(self, streams: Sequence[TextIO]) -> None:
        super().__init__()
        self.streams = streams

    def write(self, text: str) -> int:
        """Keep and pass on."""
        for stream in self.streams:
            stream.write(text)
        return super().write(text)

    def flush(self) -> None:
        """Pass on at once what other streams hold back."""
        for stream in self.streams:
            stream.flush()


@contextlib.contextmanager
def heeding_interrupt() -> Iterator[list[bool]]:
    """Note Ctrl-C in the list that is yielded, and let the solver stop; main thread only."""
    seen: list[bool] = []
    if threading.current_thread() is not threading.main_thread():
        yield seen
        return

    def note(number: int, frame: Any) -> None:
        seen.append(True)
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGINT, note)
    try:
        yield seen
    except KeyboardInterrupt:
        if not seen:
            raise
    finally:
        signal.signal(signal.SIGINT, before)


def run(
    plugin: str,
    problem: Mapping[str, ca.SX],
    settings: Settings,
    arguments: Mapping[str, Any],
    extra: Mapping[str, Any] | None = None,
) -> Call:
    """Call "ipopt" or "bonmin" once.

    Raises ModelError, naming the option, for options that the solver does not know or take.
    """
    log = Tee(settings.tee)
    options = {**_BASE, **_QUIET[plugin], **_limit(plugin, settings.time_limit), **(extra or {})}
    options |= {f"{plugin}.{k}": plain(v) for k, v in settings.options.items()}
    answer: Any = {}
    stats: dict[str, Any] = {"return_status": "USER_INTERRUPT"}
    with (
        contextlib.redirect_stdout(log),
        contextlib.redirect_stderr(log),
        heeding_interrupt() as seen,
    ):
        try:
            solver = ca.nlpsol("model", plugin, dict(problem), options)
            answer = solver(**arguments)
            stats = solver.stats()
        except RuntimeError as error:
            if not seen:
                raise _explained(plugin, error, log.getvalue(), settings) from error
    raw = str(stats.get("return_status"))
    if raw == "Invalid_Option":
        raise _explained(plugin, RuntimeError(raw), log.getvalue(), settings)
    n, m = problem["x"].numel(), problem["g"].numel()
    return Call(
        solver=solver,
        x=_vector(answer, "x", n),
        f=float(answer["f"]) if answer else np.nan,
        lam_g=_vector(answer, "lam_g", m),
        lam_x=_vector(answer, "lam_x", n),
        raw=raw,
        iterations=_count(stats, raw),
        log=log.getvalue(),
        interrupted=bool(seen),
    )


_BASE = {"print_time": False, "error_on_fail": False, "show_eval_warnings": False}
_QUIET: dict[str, dict[str, Any]] = {"ipopt": {"ipopt.sb": "yes"}, "bonmin": {}}


def _limit(plugin: str, seconds: float | None) -> dict[str, float]:
    name = {"ipopt": "ipopt.max_wall_time", "bonmin": "bonmin.time_limit"}[plugin]
    return {} if seconds is None else {name: max(float(seconds), 1e-3)}


def plain(value: Any) -> Any:
    """Option value as CasADi takes it: numbers in strings, whole floats, yes and no."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str):
        for kind in (int, float):
            with contextlib.suppress(ValueError):
                return plain(kind(value))
        return value
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e9:
        return int(value)
    return value


def _explained(plugin: str, error: Exception, log: str, settings: Settings) -> ModelError:
    """Words for an error of CasADi about options; everything else keeps its own words."""
    text, given = str(error), ", ".join(f"{k}={v!r}" for k, v in settings.options.items())
    unknown = re.search(r"No such (?:IPOPT|BONMIN) option: (\S+)", text)
    if unknown:
        name = unknown.group(1)
        return ModelError(
            f"{plugin} has no option {name!r}; its options are listed in the manual of {plugin}"
        )
    if "type mismatch" in text or "Invalid" in text:
        why = [w for w in log.splitlines() if "not a valid" in w or "Exception message" in w]
        return ModelError(
            f"{plugin} does not take one of the options {given or '(none)'}: "
            f"{(why or ['a value is of the wrong kind (number or word) or out of range'])[0]}"
        )
    return ModelError(f"{plugin} failed before it started: {text.splitlines()[-1]}")


def _count(stats: Mapping[str, Any], raw: str) -> int:
    """Iterations; none when the solver did not start (CasADi's counter is then not set)."""
    if raw in ("Not_Enough_Degrees_Of_Freedom", "Invalid_Problem_Definition"):
        return 0
    return int(stats.get("iter_count") or 0)


def _vector(answer: Any, name: str, size: int) -> Vector:
    if not answer:
        return np.full(size, np.nan)
    return np.array(ca.densify(answer[name]), dtype=float).ravel()
