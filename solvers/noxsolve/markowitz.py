"""Order of elimination of a sparse matrix whose pattern is fixed: little fill, safe pivots.

The matrix is split into its diagonal blocks first (block-triangular order); only these are factorised. The
order is found once, from the values at several sample points, and then holds for all points near them: each
pivot is at least `THRESHOLD` of the largest value of its row within the block, at every sample.
"""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp

from noxsolve.errors import ModelError, StructureError
from noxsolve.structure import block_triangular

Vector = npt.NDArray[np.float64]
Pivots = tuple[tuple[int, int], ...]

THRESHOLD = 0.01
"""Smallest pivot against the largest value of its row, at all samples."""
CANDIDATES = 20
"""Rows with the cheapest pivots by count whose fill is counted."""


@dataclass(frozen=True)
class Elimination:
    """Order of elimination.

    Attributes:
        blocks: pivots (row, column) in order, of one diagonal block after the other; a row needs
            only columns of its own block and of those before it.
        fill: values that were zero in the matrix.
        flops: multiplications and additions of the factorisation.
    """

    blocks: tuple[Pivots, ...]
    fill: int
    flops: int

    @property
    def pivots(self) -> Pivots:
        """All pivots in order."""
        return tuple(pivot for block in self.blocks for pivot in block)


def elimination(
    size: int, rows: Sequence[int], columns: Sequence[int], samples: Vector
) -> Elimination:
    """The order in which to eliminate.

    Args:
        size: number of rows and columns.
        rows: row of each value that can be other than zero.
        columns: its column.
        samples: values, shape (samples, nonzeros), scaled so that sizes in a row can be compared.

    Raises ModelError when no safe pivot is left.
    """
    pattern = sp.csr_matrix((np.ones(len(rows)), (rows, columns)), shape=(size, size))
    try:
        parts = block_triangular(pattern)
    except StructureError as error:
        raise ModelError(f"the equations are singular at the base case: {error}") from error
    block_of = np.empty((2, size), dtype=np.int64)
    for at, part in enumerate(parts):
        for side in (0, 1):
            block_of[side][part[side]] = at
    inside: list[list[int]] = [[] for _ in parts]
    own = block_of[0][list(rows)]
    for k in np.flatnonzero(own == block_of[1][list(columns)]).tolist():
        inside[own[k]].append(k)
    values = np.ascontiguousarray(samples.T)
    found: list[Pivots] = []
    fill = flops = 0
    for entries in inside:
        if len(entries) == 1 and (values[k := entries[0]] != 0).all():
            found.append(((rows[k], columns[k]),))
            continue
        block = _Block([(rows[k], columns[k]) for k in entries], values[entries])
        found.append(block.run())
        fill, flops = fill + block.fill, flops + block.flops
    return Elimination(tuple(found), fill, flops)


class _Block:
    """Chooses the pivots of one diagonal block by elimination at the sample points.

    Attributes:
        rows: of each row left, its columns and where their values are in `values`.
        bits: the columns of each row as bits, to count fill.
        columns: of each column left, its rows.
        safe: of each row left, columns that are safe pivots and how large they are against the row.
        values: shape (values, samples); grows with fill.
    """

    def __init__(self, places: Sequence[tuple[int, int]], values: Vector) -> None:
        self.rows: dict[int, dict[int, int]] = {}
        self.columns: dict[int, set[int]] = {}
        for k, (i, j) in enumerate(places):
            self.rows.setdefault(i, {})[j] = k
            self.columns.setdefault(j, set()).add(i)
        bit = {j: 1 << k for k, j in enumerate(self.columns)}
        self.bits = {i: sum(bit[j] for j in row) for i, row in self.rows.items()}
        self._bit = bit
        self.values, self.used = values, len(values)
        self.fill = self.flops = 0
        self.safe: dict[int, list[tuple[int, float]]] = {}
        self.heap: list[tuple[int, int]] = []

    def run(self) -> Pivots:
        """All pivots in order."""
        found = []
        self._judge(list(self.rows))
        while self.rows:
            i, j = self._choose()
            found.append((i, j))
            self._judge(self._eliminate(i, j))
        return tuple(found)

    def _judge(self, rows: list[int]) -> None:
        """Find the safe pivots of rows that changed, and put these into the heap."""
        rows = [i for i in rows if self.rows[i]]
        if not rows:
            return
        at = [k for i in rows for k in self.rows[i].values()]
        starts = np.cumsum([0, *(len(self.rows[i]) for i in rows[:-1])])
        size = np.abs(self.values[at])
        largest = np.maximum(np.maximum.reduceat(size, starts, axis=0), 1e-300)
        counts = [len(self.rows[i]) for i in rows]
        relative = (size / np.repeat(largest, counts, axis=0)).min(axis=1).tolist()
        first = 0
        for i, count in zip(rows, counts, strict=True):
            row = zip(self.rows[i], relative[first : first + count], strict=True)
            self.safe[i] = [(j, v) for j, v in row if v >= THRESHOLD]
            first += count
            best = self._cheapest(i)
            if best is not None:
                heapq.heappush(self.heap, (best[0], i))

    def _cheapest(self, i: int) -> tuple[int, float, int] | None:
        """Count of the cheapest safe pivot of a row, how small it is, its column."""
        columns, others = self.columns, len(self.rows[i]) - 1
        costs = [(others * (len(columns[j]) - 1), -v, j) for j, v in self.safe[i]]
        return min(costs) if costs else None

    def _choose(self) -> tuple[int, int]:
        """Of the safe pivots that are cheapest by count, the one with the least fill."""
        best: tuple[tuple[int, int, float], int, int] | None = None
        seen: dict[int, int] = {}
        while self.heap and len(seen) < CANDIDATES:
            cost, i = heapq.heappop(self.heap)
            if i not in self.rows or i in seen:
                continue
            now = self._cheapest(i)
            if now is None:
                continue
            if now[0] > cost:
                heapq.heappush(self.heap, (now[0], i))
                continue
            seen[i] = now[0]
            fill = self._filled(i, now[2])
            key = (fill, now[0], now[1])
            if best is None or (key, i, now[2]) < best:
                best = key, i, now[2]
            if fill == 0:
                break
        if best is None:
            raise ModelError("the equations are singular at the base case: no safe pivot is left")
        for i, cost in seen.items():
            if i != best[1]:
                heapq.heappush(self.heap, (cost, i))
        return best[1], best[2]

    def _filled(self, i: int, j: int) -> int:
        """Values that a pivot would bring in."""
        row, bits, below = self.bits[i], self.bits, self.columns[j]
        held = [(row & bits[r]).bit_count() for r in below]
        return len(self.rows[i]) * len(below) - sum(held)

    def _eliminate(self, i: int, j: int) -> list[int]:
        """Take a pivot; returns the rows that changed."""
        row = self.rows.pop(i)
        pivot = row.pop(j)
        for c in row:
            self.columns[c].discard(i)
        touched = self.columns.pop(j)
        touched.discard(i)
        targets = sorted(touched)
        self.flops += len(targets) * (1 + 2 * len(row))
        factors = [self.rows[r].pop(j) for r in targets]
        bit, own = self._bit[j], self.bits.pop(i)
        for r in targets:
            self.bits[r] = (self.bits[r] | own) & ~bit
        if targets and row:
            self._subtract(targets, factors, pivot, row)
        return targets

    def _subtract(
        self, targets: list[int], factors: list[int], pivot: int, row: dict[int, int]
    ) -> None:
        """Multiples of the pivot row from the rows below."""
        places = [self._place(r, c) for r in targets for c in row]
        if self.used > len(self.values):
            more = np.zeros((max(self.used, 2 * len(self.values)), self.values.shape[1]))
            more[: len(self.values)] = self.values
            self.values = more
        v = self.values
        m = v[factors] / v[pivot]
        change = m[:, None, :] * v[list(row.values())][None, :, :]
        v[places] -= change.reshape(len(places), -1)

    def _place(self, r: int, c: int) -> int:
        """Where the value of a row and column is, or will be."""
        found = self.rows[r].get(c)
        if found is None:
            found = self.rows[r][c] = self.used
            self.used += 1
            self.fill += 1
            self.columns[c].add(r)
        return found
