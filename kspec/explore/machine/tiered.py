"""Code in two tiers: quick to make at first, and optimised once a search turns out to be long.

Both do the same on the same memory, so that a search may go on with the other at any point. What a search finds does
not depend on which code it ran.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

from kspec.explore.machine.compile import Code


class TieredCode:
    """`improve`: makes the optimised code; None where `first` is that. `long`: with more states than these, a search
    is worth it."""

    def __init__(self, first: Code, improve: Callable[[], Code] | None, long: int) -> None:
        self._first = first  # a worker may still run it when there is better code
        self._improve = improve
        self._long = long
        self._better: Future[Code] | None = None

    @property
    def best(self) -> Code:
        """The best that is there now."""
        return self._first if self._better is None or not self._better.done() else self._better.result()

    def notice(self, stored: int) -> None:
        """A search has found so many states. Better code is made on a thread of its own, while the search goes on; one
        that ends does not wait for it."""
        if self._improve is None or stored <= self._long:
            return
        executor = ThreadPoolExecutor(1, "compiler")
        self._better = executor.submit(self._improve)
        self._improve = None
        executor.shutdown(wait=False)
