"""One exploration in machine code, from the system to what was found."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass, replace
from math import inf
from time import monotonic
from typing import Final

from kspec.evaluate.evaluator import Evaluator
from kspec.evaluate.replay import ReplayMismatch
from kspec.explore.checkpoint import Checkpointing
from kspec.explore.findings import open_properties
from kspec.explore.machine.allocation import Allocator
from kspec.explore.machine.checkpoint.identity import identity
from kspec.explore.machine.checkpoint.keeper import Keeper
from kspec.explore.machine.checkpoint.manifest import Damaged
from kspec.explore.machine.checkpoint.validity import Validity
from kspec.explore.machine.compile import Effort, link
from kspec.explore.machine.crew import Crew
from kspec.explore.machine.driver import Found, Rules, Search
from kspec.explore.machine.exploration import tell
from kspec.explore.machine.layout import PackedLayout
from kspec.explore.machine.make import Maker
from kspec.explore.machine.memory import Shape
from kspec.explore.machine.past import RecollectedPast
from kspec.explore.machine.program import ObjectCode, Program
from kspec.explore.machine.runs import NoSuchStep, RunMaker
from kspec.explore.machine.tiered import TieredCode
from kspec.explore.machine.traces import KeptPast, NoPredecessor
from kspec.explore.machine.visited import CAPACITY
from kspec.explore.progress import OnProgress
from kspec.explore.result import Compilation, Exploration, Limits
from kspec.explore.symmetry.unpermute import NoSuchRun
from kspec.explore.watch import Watch, resident_bytes
from kspec.system.system import System


@dataclass(frozen=True, slots=True)
class Machine:
    """The compiled code of a system and of the search over it. `is_reduced`: the search stores one state for each
    orbit."""

    system: System
    program: Program
    shape: Shape
    code: TieredCode
    is_reduced: bool = False
    compilation: Compilation | None = None

    @property
    def is_compact(self) -> bool:
        """Whether the search keeps fingerprints of states, and forgets the states themselves."""
        return self.shape.fingerprint is not None


LONG: Final = 200_000
"""So many states are searched with quick code in the time that it takes to optimise it. Counted, not timed: what a run
does must not depend on the machine."""

LONG_REDUCED: Final = 40_000
"""The same where states are put into canonical form."""


def build(
    system: System, *, symmetric: bool = False, fingerprint: int | None = None, effort: Effort = Effort.QUICK
) -> Machine:
    """`symmetric`: states that an exchange of objects maps onto each other are one, where objects can be exchanged.
    `fingerprint`: so many bits are kept of a state, unless it has room in one word: then it is kept itself.
    `effort`: for the code that a search begins with, unless better code was kept.
    Raises NotCompilable where machine code cannot do what the system needs."""
    started = monotonic()
    layout = PackedLayout(system)
    bits = None if layout.words == 1 else fingerprint
    maker = Maker(system, symmetric=symmetric, fingerprint=bits)
    kept, of_effort = _kept(maker, effort)
    made = maker.make(effort) if kept is None else kept
    program = Program(layout.words, made.counters, made.findings, layout.pack, layout.unpack)
    shape = Shape(program.words, len(program.counters), len(program.findings), bits)
    improve = None if of_effort is Effort.THOROUGH else lambda: link(maker.make(Effort.THOROUGH).code)
    code = TieredCode(link(made.code), improve, LONG_REDUCED if made.is_reduced else LONG)
    compilation = Compilation(monotonic() - started, is_cached=kept is not None)
    return Machine(system, program, shape, code, made.is_reduced, compilation)


def _kept(maker: Maker, effort: Effort) -> tuple[ObjectCode | None, Effort]:
    """The best code that was kept and is good enough, and what went into it; else None, and the effort."""
    thorough = maker.kept(Effort.THOROUGH)
    if thorough is not None or effort is Effort.THOROUGH:
        return thorough, Effort.THOROUGH
    return maker.kept(effort), effort


def search(
    machine: Machine,
    limits: Limits,
    *,
    settled: frozenset[str] = frozenset(),
    need_counts: bool = True,
    first: bool = False,
    on_progress: OnProgress | None = None,
    workers: int = 1,
    capacity: int = CAPACITY,
    watch: Watch | None = None,
    checkpoint: Checkpointing | None = None,
) -> Exploration:
    """`capacity`: how many entries the table begins with, a power of two. `watch`: of a check that began earlier.
    Raises CheckpointError where the checkpoint cannot be made or gone on from."""
    watch = Watch(limits) if watch is None else watch
    unit = "orbits" if machine.is_reduced else "states"
    rules = Rules(open_properties(machine.system, settled), need_counts, first, unit)
    explored = _compact if machine.is_compact else _exact
    with ExitStack() as stack:
        keeper = None if checkpoint is None else stack.enter_context(_keeper(machine, rules, checkpoint))
        searches = _Searches(machine, Evaluator(machine.system), limits.memory, workers, capacity, keeper)
        try:
            exploration = explored(searches, limits, watch, rules, on_progress)
        except (NoPredecessor, NoSuchStep, NoSuchRun, ReplayMismatch):
            if keeper is None or keeper.saved is None:
                raise
            raise Damaged("its states are none that the model reaches") from None
        return exploration if keeper is None else replace(exploration, saved=keeper.outcome)


def _keeper(machine: Machine, rules: Rules, checkpoint: Checkpointing) -> Keeper:
    search = identity(
        machine.system,
        machine.program,
        machine.shape,
        is_reduced=machine.is_reduced,
        first=rules.first,
        need_counts=rules.need_counts,
        open_properties=rules.open_properties,
    )
    return Keeper(checkpoint, search, machine.shape, Validity(PackedLayout(machine.system)))


@dataclass(frozen=True, slots=True)
class _Searches:
    """Makes searches over one system, and tells what they found."""

    machine: Machine
    evaluator: Evaluator
    memory: int | None
    workers: int
    capacity: int
    keeper: Keeper | None

    def crew(self) -> Crew:
        machine = self.machine
        return Crew(machine.code, machine.shape, Allocator(self.memory), self.workers, self.capacity)

    def search(self, crew: Crew, limits: Limits, watch: Watch, rules: Rules, kept_from: float) -> Search:
        return Search(self.evaluator, self.machine.program, crew, limits, watch, rules, kept_from, self.keeper)

    def search_again(self, crew: Crew, depth: int, kept_from: int) -> Found:
        """Up to a level that was found before."""
        limits = Limits(depth=depth)
        rules = Rules((), need_counts=True, first=False)
        return Search(self.evaluator, self.machine.program, crew, limits, Watch(limits), rules, kept_from).run(None)

    def tell(self, found: Found, past: KeptPast | RecollectedPast) -> Exploration:
        maker = RunMaker(self.evaluator, self.machine.is_reduced)
        exploration = tell(found, maker, self.machine.program, past, self.machine.shape)
        return replace(exploration, compilation=self.machine.compilation)


def _exact(
    searches: _Searches, limits: Limits, watch: Watch, rules: Rules, on_progress: OnProgress | None
) -> Exploration:
    with searches.crew() as crew:
        found = searches.search(crew, limits, watch, rules, kept_from=0).run(on_progress)
        seconds = watch.seconds
        return replace(searches.tell(found, KeptPast(crew, found.levels)), seconds=seconds)


def _compact(
    searches: _Searches, limits: Limits, watch: Watch, rules: Rules, on_progress: OnProgress | None
) -> Exploration:
    """The memory of the search is given back before its runs are told."""
    found, used = _searched_and_forgotten(searches, limits, watch, rules, on_progress)
    seconds = watch.seconds
    spare = used if limits.memory is None else max(0, limits.memory - resident_bytes() - 2 * used)
    kept = spare // searches.machine.shape.state_bytes
    with RecollectedPast(searches.crew, searches.search_again, found.sizes, kept) as past:
        return replace(searches.tell(found, past), seconds=seconds)


def _searched_and_forgotten(
    searches: _Searches, limits: Limits, watch: Watch, rules: Rules, on_progress: OnProgress | None
) -> tuple[Found, int]:
    """With the memory that the search had in use at its end."""
    with searches.crew() as crew:
        found = searches.search(crew, limits, watch, rules, kept_from=inf).run(on_progress)
        used = crew.bytes
    found.levels.clear()
    return found, used
