"""Unknowns that an equation gives by itself: z = f(others), so that Newton need not move them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

Vector = npt.NDArray[np.float64]

STRONG = 0.1
"""Smallest slope of an explicit unknown, in nominals, against the largest of its equation."""
REACH = 2000
"""Definitions that are followed to see whether a new one would close a circle."""


def explicit(
    size: int, rows: Sequence[int], columns: Sequence[int], constant: Sequence[bool], slopes: Vector
) -> dict[int, int]:
    """Equation -> unknown that it gives, in an order in which they can be evaluated.

    Args:
        size: number of equations and unknowns.
        rows: equation of each derivative.
        columns: unknown of each derivative.
        constant: whether it is a number, so that the unknown stands alone and to the first power.
        slopes: derivatives in nominals, shape (samples, nonzeros).

    None of them depends on itself through others.
    """
    size_of = np.abs(slopes)
    largest = np.zeros((len(slopes), size))
    for k in range(len(slopes)):
        np.maximum.at(largest[k], rows, size_of[k])
    safe = size_of >= STRONG * np.maximum(largest[:, list(rows)], 1e-300)
    strong: list[bool] = np.all(safe, axis=0).tolist()
    inside: list[list[int]] = [[] for _ in range(size)]
    choices: list[list[int]] = [[] for _ in range(size)]
    count = [0] * size
    for i, j, alone, large in zip(rows, columns, constant, strong, strict=True):
        inside[i].append(j)
        count[j] += 1
        if alone and large:
            choices[i].append(j)
    given: dict[int, int] = {}
    for i in sorted(range(size), key=lambda i: (len(inside[i]), i)):
        for j in sorted(choices[i], key=lambda j: (count[j], j)):
            if j not in given and not _reaches(inside, given, i, j):
                given[j] = i
                break
    return _ordered(inside, given)


def _reaches(inside: Sequence[Sequence[int]], given: Mapping[int, int], i: int, j: int) -> bool:
    """Whether what equation `i` holds besides `j` depends on `j` (or might)."""
    stack = [k for k in inside[i] if k != j]
    seen = set(stack)
    while stack:
        k = stack.pop()
        if k == j or len(seen) > REACH:
            return True
        if k in given:
            new = [m for m in inside[given[k]] if m not in seen]
            seen.update(new)
            stack += new
    return False


def _ordered(inside: Sequence[Sequence[int]], given: Mapping[int, int]) -> dict[int, int]:
    """Equation -> unknown, each after those that it needs."""
    done: set[int] = set()
    order: dict[int, int] = {}
    for first in given:
        stack = [first]
        while stack:
            j = stack[-1]
            waiting = [k for k in inside[given[j]] if k != j and k in given and k not in done]
            if waiting and j not in done:
                stack += waiting
                continue
            stack.pop()
            if j not in done:
                done.add(j)
                order[given[j]] = j
    return order
