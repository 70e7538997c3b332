"""The levels of a compact search, which forgets them: they are found once more when a run is told.

The search begins again from the start, and ends at the level that is wanted; it keeps that one and as many before it as
there is memory for. So a few searches, each shorter than the one before, serve all levels. What they find does not
depend on how many.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from itertools import pairwise
from types import TracebackType

from kspec.explore.machine.crew import Crew
from kspec.explore.machine.driver import Found
from kspec.explore.machine.frontier import Level
from kspec.explore.machine.traces import NoPredecessor
from kspec.explore.result import Limit
from kspec.explore.watch import SearchStopped

SearchAgain = Callable[[Crew, int, int], Found]
"""Searches with a crew up to a level, and keeps the levels from another one on."""


class RecollectedPast:
    """Use as a context: it holds a crew now and then. `sizes`: of the levels that were found. `spare`: so many states
    may be kept beside those that the search had to keep itself."""

    def __init__(
        self, new_crew: Callable[[], Crew], search_again: SearchAgain, sizes: Sequence[int], spare: int
    ) -> None:
        self._new_crew = new_crew
        self._search_again = search_again
        self._sizes = sizes
        self._spare = spare
        self._levels: Mapping[int, Level] = {}
        self._crew: Crew | None = None
        self._held = ExitStack()

    def __enter__(self) -> RecollectedPast:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        self._let_go()

    def at(self, depth: int) -> tuple[Crew, Level]:
        """Raises SearchStopped where there is no memory for it, and NoPredecessor where a collision of fingerprints has
        the search miss what it found the first time."""
        if self._crew is None or depth not in self._levels:
            self._crew = self._recollect(depth)
        return self._crew, self._levels[depth]

    def _recollect(self, depth: int) -> Crew:
        self._let_go()
        crew = self._held.enter_context(self._new_crew())
        found = self._search_again(crew, depth, first_kept(self._sizes, depth, self._spare))
        if found.limit is Limit.INTERRUPTED:
            raise KeyboardInterrupt
        if found.limit is not None and found.limit is not Limit.DEPTH:
            raise SearchStopped(found.limit, found.limit_detail)
        if found.depth != depth:
            raise NoPredecessor("a level is not found a second time")
        crew.reset()
        self._levels = found.levels
        return crew

    def _let_go(self) -> None:
        """Gives back the memory of the crew, before the next one takes some."""
        self._held.close()
        self._crew, self._levels = None, {}


def first_kept(sizes: Sequence[int], depth: int, spare: int) -> int:
    """The first level to keep, of a search that ends at a depth: it had two levels in memory at a time."""
    most = max((before + after for before, after in pairwise(sizes)), default=0) + spare
    first, kept = depth, sizes[depth]
    while first > 0 and kept + sizes[first - 1] <= most:
        first -= 1
        kept += sizes[first]
    return first
