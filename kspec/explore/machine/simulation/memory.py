"""What stands where in the memory that the code of random runs and Python share.

There is one row of numbers for all runs and one for each worker. A worker's row goes on behind the cells named here
with its state, the successor that it keeps, its counters, how often it took each action, and what its runs showed.
Pointers stand there as numbers.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum


class Shared(IntEnum):
    """The cells of all workers. The one that they write has a cache line of its own."""

    STOP = 0
    """1 if the workers are to stop at once."""
    RUNS = 1
    DEPTH = 2
    SEED = 3
    """The seed, mixed."""
    STARTS = 4
    """A pointer to the initial states."""
    START_COUNT = 5
    NEXT_RUN = 16
    """The number of the next run, less 1."""
    SIZE = 32


class Own(IntEnum):
    """The cells of one worker."""

    SHARED = 0
    RUN = 1
    """The number of the run; runs are counted from 1."""
    STEP = 2
    """How many steps it took."""
    RANDOM = 3
    """Where its stream of random numbers is."""
    ACTION = 4
    """Of the step that was offered last; in a state where none was, -1."""
    ACTIONS = 5
    """How many actions had steps to offer in this state."""
    BINDINGS = 6
    """How many steps ACTION had to offer."""
    IS_KEPT = 7
    """Whether ACTION is the one that is chosen so far."""
    CHOSEN = 8
    """The action of the step that is chosen so far."""
    DONE = 9
    """Runs that came to their end."""
    STEPS = 10
    """Taken in all runs."""
    ENDED = 11
    """Runs that came to a state without a step."""
    QUIET = 12
    """Those of them where nothing could happen."""
    CUT = 13
    """Those of them where a create found no room."""
    SIZE = 16


class Sight(IntEnum):
    """The cells of what the runs of a worker showed of one subject: see `Seen`."""

    LAST = 0
    """The last run that showed it."""
    RUNS = 1
    STEPS = 2
    LENGTH = 3
    RUN = 4
    SIZE = 5


@dataclass(frozen=True, slots=True)
class Shape:
    """The sizes that the code is made for."""

    words: int
    counters: int
    actions: int
    subjects: int

    @property
    def state(self) -> int:
        """Where the state of the run is."""
        return Own.SIZE

    @property
    def successor(self) -> int:
        """Where the successor is that is chosen so far."""
        return self.state + self.words

    @property
    def first_counter(self) -> int:
        return self.successor + self.words

    @property
    def first_action(self) -> int:
        return self.first_counter + self.counters

    @property
    def first_sight(self) -> int:
        return self.first_action + self.actions

    @property
    def worker(self) -> int:
        """The size of the row of a worker."""
        return self.first_sight + self.subjects * Sight.SIZE
