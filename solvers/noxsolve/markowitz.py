"""Order of elimination of a sparse matrix whose pattern is fixed: little fill, safe pivots.

The order is found once, from the values at several sample points, and then holds for all points near
them: each pivot is at least `THRESHOLD` of the largest value of its row at every sample.
"""

from __future__ import annotations

import heapq
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from noxsolve.errors import ModelError

Vector = npt.NDArray[np.float64]

THRESHOLD = 0.01
"""Smallest pivot against the largest value of its row, at all samples."""
CANDIDATES = 20
"""Sparsest rows that are searched for a pivot."""
CHEAP = 4
"""Largest Markowitz cost at which a given pivot is taken first; beyond it fill would grow."""


@dataclass(frozen=True)
class Elimination:
    """Order of elimination.

    Attributes:
        pivots: (row, column) in order.
        fill: values that were zero in the matrix.
        flops: multiplications and additions of the factorisation.
    """

    pivots: tuple[tuple[int, int], ...]
    fill: int
    flops: int


class Markowitz:
    """Chooses pivots by elimination at the sample points.

    Args:
        size: number of rows and columns.
        rows, columns: place of each value.
        samples: values, shape (samples, nonzeros), scaled so that sizes in a row can be compared.
    """

    def __init__(
        self, size: int, rows: Sequence[int], columns: Sequence[int], samples: Vector
    ) -> None:
        self.rows: list[dict[int, Vector]] = [{} for _ in range(size)]
        self.columns: list[set[int]] = [set() for _ in range(size)]
        self.left = set(range(size))
        self.pivots: list[tuple[int, int]] = []
        self.fill = self.flops = 0
        for i, j, v in zip(rows, columns, samples.T, strict=True):
            if (v != 0).any():
                self.rows[i][j] = v
                self.columns[j].add(i)

    def run(self, first: Mapping[int, int]) -> Elimination:
        """The order; rows in `first` are taken first with the column given there, where that is cheap."""
        self._given(first)
        self._peel()
        heap = [(len(self.rows[i]), i) for i in self.left]
        heapq.heapify(heap)
        while self.left:
            i, j = self._choose(heap)
            for k in self._eliminate(i, j):
                heapq.heappush(heap, (len(self.rows[k]), k))
        return Elimination(tuple(self.pivots), self.fill, self.flops)

    def _cost(self, i: int, j: int) -> int:
        return (len(self.rows[i]) - 1) * (len(self.columns[j]) - 1)

    def _given(self, first: Mapping[int, int]) -> None:
        heap = [(self._cost(i, j), i) for i, j in first.items()]
        heapq.heapify(heap)
        while heap:
            cost, i = heapq.heappop(heap)
            now = self._cost(i, first[i])
            if now > CHEAP:
                continue
            if now > cost and heap and now > heap[0][0]:
                heapq.heappush(heap, (now, i))
                continue
            self._eliminate(i, first[i])

    def _peel(self) -> None:
        """Rows and columns with one value left: no arithmetic, so no threshold either."""
        waiting = [(i, True) for i in self.left] + [(j, False) for j in range(len(self.columns))]
        while waiting:
            k, is_row = waiting.pop()
            if is_row:
                if k not in self.left or len(self.rows[k]) != 1:
                    continue
                i, j = k, next(iter(self.rows[k]))
            else:
                if len(self.columns[k]) != 1:
                    continue
                i, j = next(iter(self.columns[k])), k
            if not (np.abs(self.rows[i][j]) > 0).all():
                continue
            others = list(self.rows[i])
            touched = self._eliminate(i, j)
            waiting += [(r, True) for r in touched] + [(c, False) for c in others]

    def _choose(self, heap: list[tuple[int, int]]) -> tuple[int, int]:
        """The cheapest safe pivot of the sparsest rows."""
        best: tuple[tuple[int, float], int, int] | None = None
        seen: list[int] = []
        while heap and (len(seen) < CANDIDATES or best is None):
            count, i = heapq.heappop(heap)
            if i not in self.left or count != len(self.rows[i]) or i in seen:
                continue
            seen.append(i)
            found = self._best_of_row(i)
            if found is not None and (best is None or found[0] < best[0]):
                best = found
            if best is not None and best[0][0] == 0:
                break
        for i in seen:
            if best is None or i != best[1]:
                heapq.heappush(heap, (len(self.rows[i]), i))
        if best is None:
            raise ModelError("the equations are singular at the base case: no safe pivot is left")
        return best[1], best[2]

    def _best_of_row(self, i: int) -> tuple[tuple[int, float], int, int] | None:
        row = self.rows[i]
        if not row:
            return None
        size = np.abs(np.array(list(row.values())))
        relative = (size / np.maximum(size.max(axis=0), 1e-300)).min(axis=1)
        best = None
        for j, safe in zip(row, relative.tolist(), strict=True):
            if safe >= THRESHOLD:
                key = ((self._cost(i, j), -safe), i, j)
                if best is None or key < best:
                    best = key
        return best

    def _eliminate(self, i: int, j: int) -> list[int]:
        """Take a pivot; returns the rows that changed."""
        self.pivots.append((i, j))
        self.left.discard(i)
        row, pivot = self.rows[i], self.rows[i][j]
        for c in row:
            self.columns[c].discard(i)
        touched = list(self.columns[j])
        for k in touched:
            other = self.rows[k]
            m = other.pop(j) / pivot
            self.flops += 1
            for c, v in row.items():
                if c == j:
                    continue
                self.flops += 2
                if c in other:
                    other[c] = other[c] - m * v
                else:
                    other[c] = -m * v
                    self.columns[c].add(k)
                    self.fill += 1
        self.columns[j] = set()
        return touched
