"""What is asked of a search over a product. There are two, which answer the same: in plain Python for small graphs,
which is also what the other one is compared with, and in machine code.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol, TypeAlias

import numpy as np

from kspec.explore.temporal.edges import Hop
from kspec.explore.temporal.product import Product

FEW_STEPS: Final = 20_000
"""So many steps of a product are searched in plain Python in the time that it takes to load machine code."""

Marks: TypeAlias = "np.ndarray[Any, np.dtype[np.uint32]]"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a path within a fair component looks for: an edge of one of these acceptance sets, or a step or a state that
    serves one of these units. Where nothing is wanted: the node `home`."""

    acceptance: int
    units: int
    home: int

    @property
    def is_home(self) -> bool:
        return not (self.acceptance or self.units)


class Search(Protocol):
    """Marks are those of `marks.py`, one a node. Every function raises SearchStopped where a limit is met."""

    @property
    def product(self) -> Product: ...

    def no_marks(self) -> Marks: ...

    def begin_behind(self, marks: Marks, waiting: int) -> None:
        """Marks as roots what the rules lead to by which the observer leaves its waiting state, from every state of the
        graph in which all tracked objects exist."""
        ...

    def reach(self, marks: Marks) -> None:
        """Marks everything that can be reached from the roots as roots too."""
        ...

    def components(self, marks: Marks, *, first: bool) -> int:
        """Marks all that can be reached from the roots, over nodes that are not done, and gives the number of
        components of which a fair run that is accepted can visit everything again and again. `first`: one is enough."""
        ...

    def to_wanted(self, marks: Marks, roots: Sequence[int]) -> tuple[int, list[Hop]] | None:
        """The shortest path from a root to a node that is in a fair component, or at which a run may stop."""
        ...

    def within(self, marks: Marks, start: int, wanted: Wanted) -> list[Hop]:
        """The shortest path from a node on, over nodes of its mark, to what is wanted; at least one step."""
        ...


SearchMaker: TypeAlias = Callable[[Product], Search]
