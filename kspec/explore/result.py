"""What an exploration found: facts, not yet verdicts."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from math import ldexp

from kspec.evaluate.run import Run
from kspec.system.transitions import Refusal


class Limit(Enum):
    """Why a search stopped before the graph was done; the value is the reason that a verdict names."""

    STATES = "states"
    DEPTH = "depth"
    TIME = "time"
    MEMORY = "memory"
    INTERRUPTED = "interrupted"
    COLLISION = "fingerprint collision"  # of a compact search: what it found once, it did not find again
    ENUMERATION = (
        "enumeration"  # a parameter, quantifier or initial choice has more values than the explorer enumerates
    )


@dataclass(frozen=True, slots=True)
class Limits:
    """None is no limit. `memory` in bytes, `seconds` of wall time."""

    states: int | None = None
    depth: int | None = None
    seconds: float | None = None
    memory: int | None = None


@dataclass(frozen=True, slots=True)
class Cut:
    """The shortest run to a state where a create found no room, and what was blocked there."""

    run: Run
    kind: str
    action: int
    """Position in `System.actions`."""


@dataclass(frozen=True, slots=True)
class Compilation:
    """How the machine code of a search came to be: made in so many seconds, or found in the cache."""

    seconds: float
    is_cached: bool


@dataclass(frozen=True, slots=True)
class ClauseUse:
    """Of a guard: whether some binding that came to it had it true, and whether it excluded some."""

    held: bool = False
    excluded: bool = False


@dataclass(frozen=True, slots=True)
class RefusedRequest:
    """A request, such as `update Pod`, and a result that it had: conflict, missing… `handled`: as of a `Refusal`."""

    request: str
    result: str
    handled: bool

    @classmethod
    def of(cls, refusal: Refusal) -> RefusedRequest:
        return cls(refusal.request, refusal.result, refusal.handled)


@dataclass(frozen=True, slots=True)
class Symmetry:
    """States of one orbit differ in which object of these `kinds` is which. There are no more of them than
    `permutations`; None where those are too many to be told."""

    kinds: tuple[str, ...]
    permutations: int | None


@dataclass(frozen=True, slots=True)
class SavedSearch:
    """What a search left in a checkpoint. `depth`: of the states from which it can go on, None where it has none;
    `problem`: why it was not written any more."""

    depth: int | None
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Exploration:
    """`transitions` counts every taken binding, self-loops and refused requests included, failing ones not.

    `violations`: by property name, the shortest run to a state (INVARIANT, DEADLOCK), a step (STEP: its last) or a
    failure (IMPLICIT: a failing last move, or, where an expression of a property fails, the run to that state, with
    `failing_property` naming it) that shows it. `witnesses`: by name of a REACHABLE property, the shortest run to it.
    `complete`: every reachable state was expanded. `depth`: the longest shortest distance from an initial state, in
    steps. `action_counts`: how often each of `System.actions` was taken. `failing_actions`: whether some binding of it
    fails. `refused_requests`: what was refused of its requests, in the order of the system. `clause_uses`: one tuple an
    action, one entry a `when` clause (and budget).
    """

    states: int
    transitions: int
    depth: int
    initial_states: int
    seconds: float
    complete: bool
    limit: Limit | None
    limit_detail: str
    violations: dict[str, Run]
    failing_property: dict[str, str]
    witnesses: dict[str, Run]
    cut: Cut | None
    cut_states: int
    quiet_states: int
    """States without successors that are not cut."""
    refused_counts: tuple[int, ...]
    action_counts: tuple[int, ...]
    failing_actions: tuple[bool, ...]
    refused_requests: tuple[tuple[RefusedRequest, ...], ...]
    clause_uses: tuple[tuple[ClauseUse, ...], ...]
    room_used: dict[str, int] = field(default_factory=dict)
    """By kind that is not permanent: the most slots in use at once, those of deleted objects that are kept included."""
    is_reduced: bool = False
    """States that an exchange of objects maps onto each other are stored and counted as one: `states` are orbits, and
    `transitions` those of one state of each."""
    searches_given_up: int = 0
    """Of a reduced search: states that may be counted although another of their orbit is. Sound, not minimal."""
    symmetry: Symmetry | None = None
    """Of a reduced search, where the explorer was chosen by `tiers`."""
    unreduced_because: str = ""
    """Why a search that was to be reduced is not, although objects can be exchanged."""

    @property
    def unit(self) -> str:
        """What `states` counts, in the singular."""
        return "orbit" if self.is_reduced else "state"

    fingerprint_bits: int = 0
    """Of a compact search, which kept fingerprints of so many bits in place of states; 0: states were kept."""
    state_bytes: int = 0
    """What each state took in the table of known states and, where levels are kept, in its level; 0: not packed."""
    untold: tuple[str, ...] = ()
    """Properties that were seen violated where no run could be told before a limit was met: no verdict, but a clue."""

    saved: SavedSearch | None = None
    """Of a search with a checkpoint."""
    compilation: Compilation | None = field(default=None, compare=False)
    """None: the search ran without machine code."""

    @property
    def missed(self) -> float:
        """At most so probable it is that a state was missed because its fingerprint was that of another one, if
        fingerprints are as good as drawn at random.

        With n states stored, the first state that was missed came when at most n were known. For each number k of known
        states only one new state was looked for: it was stored or missed, with a probability of k / 2**bits.
        """
        if not self.fingerprint_bits:
            return 0.0
        return min(1.0, ldexp(self.states * (self.states + 1), -self.fingerprint_bits - 1))

    @property
    def is_certain(self) -> bool:
        """Whether every reachable state was expanded, beyond doubt."""
        return self.complete and not self.fingerprint_bits
