"""Recursions that go deeper than the interpreter's usual limit, on a stack of their own."""

import sys
import threading
from collections.abc import Callable
from typing import Any

DEEPEST = 50_000
"""Nesting of expressions up to which a recursion goes."""

STACK = 512 * 2**20
"""Bytes of the stack of the thread in which it runs; only what is used is taken."""


def with_room(work: Callable[[], Any]) -> Any:
    """Result of a recursion, or what it raises (RecursionError when it is too deep even so)."""
    done: list[Any] = []
    failed: list[BaseException] = []

    def run() -> None:
        try:
            done.append(work())
        except BaseException as error:
            failed.append(error)

    limit, stack = sys.getrecursionlimit(), threading.stack_size(STACK)
    sys.setrecursionlimit(max(limit, 3 * DEEPEST))
    try:
        thread = threading.Thread(target=run)
        thread.start()
        thread.join()
    finally:
        sys.setrecursionlimit(limit)
        threading.stack_size(stack)
    if failed:
        raise failed[0]
    return done[0]
