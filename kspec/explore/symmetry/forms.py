"""The canonical forms that a search asks for, one state after the other."""

from __future__ import annotations

from functools import lru_cache

from kspec.evaluate.run import State
from kspec.explore.symmetry.canonical import Canonicaliser

REMEMBERED = 1 << 16
"""So many states are not put into their form a second time: most are reached in several ways."""


class ManyForms(Exception):
    """More forms were asked for than there were to be."""


class Forms:
    """Gives the form of a state. `most`: of how many different states, at most `REMEMBERED`; None is no limit."""

    def __init__(self, canonicaliser: Canonicaliser, most: int | None = None) -> None:
        self._most = most
        self._canonical = lru_cache(REMEMBERED)(canonicaliser.canonical)

    def __call__(self, state: State) -> State:
        """Raises TooManyForms where a single state has too many, and ManyForms where too many states were asked for."""
        form = self._canonical(state)
        if self._most is not None and self._canonical.cache_info().misses > self._most:
            raise ManyForms
        return form
