"""The continuous equivalent of a batch: plug flow and one stirred tank that make the same.

A plug-flow unit makes of every element of feed what the batch makes of its charge, so it needs the
batch's own time. A stirred tank works at its outlet: the charge n0 fed over a time tau comes out as
n where n0 - n + tau f(n) = 0, with the laws f of the batch itself; tau is its time. For a first-order
reaction of conversion X the two are in the ratio X / ((1 - X) ln(1 / (1 - X))) (`stirred_ratio`).

Both are told per charge: the tank that takes one charge per tau holds one charge of liquid with the
batch's electrode (a stripper: its gas flow).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import numpy as np

from noxplant.batch.audit import audit
from noxplant.batch.model import CHARGE, ENERGY, Array, Guard, Model, numbers
from noxplant.batch.run import BatchRun
from noxplant.constants import FARADAY
from noxplant.errors import Refusal, SpecError

STEPS: Final = 40
"""Steps from no conversion to the wanted one."""
DAY: Final = 86400.0
SMALL: Final = 1e-12


@dataclass(frozen=True)
class Stirred:
    """One stirred continuous tank.

    Attributes:
        time: in which one charge is fed, s.
        conversion: at its outlet.
        amounts: what leaves per charge fed, mol by state.
        unknown: algebraic unknowns, such as the cathode potential.
        charge: per charge fed, C.
        energy: per charge fed, J.
    """

    time: float
    conversion: float
    amounts: Mapping[str, float]
    unknown: Mapping[str, float]
    charge: float
    energy: float


@dataclass(frozen=True)
class Production:
    """A batch and its continuous equivalents at one daily production.

    Attributes:
        turnaround: time between two batches, s.
        batches: per day and vessel.
        per_vessel: product of one batch vessel, mol/d.
        batch_volume: liquid in batch vessels per product, m3 per mol/d.
        plug_flow_volume: the same of plug flow.
        stirred_volume: the same of one stirred tank; None where there is none.
    """

    turnaround: float
    batches: float
    per_vessel: float
    batch_volume: float
    plug_flow_volume: float
    stirred_volume: float | None


def plug_flow_time(found: BatchRun, conversion: float | None = None) -> float:
    """Residence time of the plug-flow unit that makes the same, s: the batch's own time.

    Args:
        found: the batch.
        conversion: another than that at the end of the batch.
    """
    if conversion is None:
        return float(found.time[-1])
    return found.when(found.model.conversion, conversion)


def stirred_ratio(conversion: float) -> float:
    """Time of a stirred tank over that of plug flow, first-order reaction at constant volume.

    >>> round(stirred_ratio(0.985), 2)
    15.64
    """
    if not 0 < conversion < 1:
        raise SpecError(f"A conversion of {conversion:g} is not between 0 and 1, ends excluded.")
    return conversion / (1 - conversion) / -math.log(1 - conversion)


def stirred(found: BatchRun, conversion: float | None = None) -> Stirred:
    """The stirred continuous tank with the conversion of a batch.

    Args:
        found: the batch.
        conversion: another than that at the end of the batch, 0..1.

    Raises:
        Refusal: no such tank exists; the message says how far one comes.
        AuditError: its balances do not close.
    """
    model = found.model
    end = float(found.column(model.conversion)[-1])
    wanted = end if conversion is None else float(conversion)
    if conversion is None and not 0 < end < 1:
        raise Refusal(
            f"{model.name}: the batch ends at a {model.conversion} of {end:.6g}, which no stirred tank"
            " comes to.\n  Ask for one between 0 and 1 (`conversion`), or change the duration."
        )
    if not 0 < wanted < 1:
        raise SpecError(
            f"{model.name}: a conversion of {wanted:g} is not between 0 and 1, ends excluded."
        )
    first = found.when(model.conversion, min(wanted, end) / STEPS)
    x, z, tau = _continue(model, wanted, first)
    out = model.amounts((x * model.scales)[:, None])[:, 0]
    held = dict(zip(model.states, out.tolist(), strict=True))
    _audit(model, x)
    return Stirred(
        tau, wanted, MappingProxyType({s: n for s, n in held.items() if "." in s}),
        MappingProxyType(dict(zip(model.unknown, z.tolist(), strict=True))),
        held.get(CHARGE, 0.0) * FARADAY, held.get(ENERGY, 0.0),
    )  # fmt: skip


def production(
    found: BatchRun, tank: Stirred | None, *, turnaround: float, volume: float
) -> Production:
    """Volumes that one daily production takes.

    Each is per product of its own: that of the tank is what leaves the tank, which may have another
    conversion than the batch.

    Args:
        found: the batch.
        tank: its stirred equivalent, if there is one.
        turnaround: emptying, cleaning, filling between two batches, s; required, it is often as long.
        volume: liquid charged to the batch, m3.

    Raises:
        SpecError: a negative turnaround or a volume that is none.
    """
    if not 0 <= turnaround < math.inf:
        raise SpecError(f"{found.name}: turnaround = {turnaround:g} s; give a time from 0, in s.")
    if not 0 < volume < math.inf:
        raise SpecError(f"{found.name}: volume = {volume:g} m3; give the liquid charged.")
    series = found.columns[f"n({found.model.product})"]
    made = abs(float(series[-1] - series[0]))
    length = float(found.time[-1])
    per_day = DAY / (length + turnaround)
    daily = per_day * made
    if not made > 0:
        raise Refusal(f"{found.name}: it makes no product; there is no production to size.")
    plug = volume * length / (made * DAY)
    of_tank = None
    if tank is not None:
        product = found.model.product
        leaves = abs(tank.amounts[product] - float(found.model.start[product]))
        of_tank = volume * tank.time / (leaves * DAY)
    return Production(turnaround, per_day, daily, volume / daily, plug, of_tank)


def _continue(model: Model, wanted: float, first: float) -> tuple[Array, Array, float]:
    """Scaled outlet, unknowns and time, followed from no conversion up to the wanted one.

    `first` is the time that the batch takes to the first of the steps, s.
    """
    x, z = model.first, np.array(list(model.unknown.values()), dtype=float)
    tau, reached, step = first, 0.0, wanted / STEPS
    failed: Guard | None = None
    while reached < wanted:
        aim = min(wanted, reached + step)
        found = _newton(model, x, z, tau, aim)
        bad = None if found is None else _failing(model, *found[:2])
        if found is not None and bad is None:
            x, z, tau = found
            reached, step = aim, min(1.5 * step, wanted / STEPS)
            continue
        failed, step = bad or failed, step / 2
        if step < 1e-5 * wanted:
            raise _no_further(model, wanted, reached, failed)
    return x, z, tau


def _failing(model: Model, x: Array, z: Array) -> Guard | None:
    """A guard that does not hold."""
    margins = numbers(model.compiled.margins(x, z)).ravel()
    for guard, margin in zip(model.compiled.guards.values(), margins, strict=True):
        if not margin > 0.0:
            return guard
    return None


def _no_further(model: Model, wanted: float, reached: float, failed: Guard | None) -> Refusal:
    """A conversion that no stirred tank comes to, with that to which one does."""
    near = ".9g" if f"{reached:.3g}" == f"{wanted:.3g}" else ".4g"
    head = (
        f"{model.name}: a stirred tank with its feed and electrode comes to a conversion of"
        f" {reached:{near}}, not to {wanted:{near}}"
    )
    if failed is None:
        return Refusal(f"{head}.\n  Ask for less conversion, or for tanks in series.")
    return Refusal(f"{head}: beyond that {failed.what}.\n  Ask for less, or: {failed.advice}")


def _newton(
    model: Model, x: Array, z: Array, tau: float, aim: float
) -> tuple[Array, Array, float] | None:
    """Root of tau f(x, z) = x, g(x, z) = 0 and conversion = aim; None where none is found."""
    c, n, m = model.compiled, x.size, z.size
    x, z, lt = x.copy(), z.copy(), math.log(tau)
    for _ in range(40):
        f = numbers(c.system(x, z)).ravel()
        J = numbers(c.slope(x, z))
        value, slope = (numbers(q) for q in c.wanted(x, z))
        tau = math.exp(lt)
        residual = np.concatenate([tau * f[:n] - x, f[n:], [float(value[0, 0]) - aim]])
        matrix = np.zeros((n + m + 1, n + m + 1))
        matrix[:n, : n + m] = tau * J[:n]
        matrix[:n, :n] -= np.eye(n)
        matrix[:n, -1] = tau * f[:n]
        matrix[n : n + m, : n + m] = J[n:]
        matrix[-1, : n + m] = slope
        if not (np.isfinite(residual).all() and np.isfinite(matrix).all()):
            return None
        try:
            step = np.linalg.solve(matrix, -residual)
        except np.linalg.LinAlgError:
            return None
        damp = min(1.0, 1.0 / max(abs(float(step[-1])), SMALL))
        x, z, lt = x + damp * step[:n], z + damp * step[n : n + m], lt + damp * float(step[-1])
        if float(np.max(np.abs(step) / (1 + np.abs(np.concatenate([x, z, [lt]]))))) < 1e-12:
            return x, z, math.exp(lt)
        if abs(lt) > 60:
            return None
    return None


def _audit(model: Model, x: Array) -> None:
    """Elements, charge and Faraday between feed and outlet."""
    audit(model, np.column_stack([model.first, x]) * model.scales[:, None])
