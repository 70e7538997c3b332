"""The search in machine code: level by level, within the limits, until nothing is left to find out."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final

from kspec.evaluate.errors import EnumerationTooLarge, EvaluationError
from kspec.evaluate.evaluator import Evaluator
from kspec.evaluate.run import Failure, State
from kspec.explore.machine.checkpoint.keeper import Keeper
from kspec.explore.machine.checkpoint.manifest import Damaged, Manifest
from kspec.explore.machine.crew import Crew
from kspec.explore.machine.facts import Reached, TakenAction
from kspec.explore.machine.frontier import Level
from kspec.explore.machine.program import Program
from kspec.explore.machine.sightings import Sightings, violated_name
from kspec.explore.progress import OnProgress, Pace, Progress
from kspec.explore.result import Limit, Limits
from kspec.explore.watch import SearchStopped, Watch, resident_bytes

_BEFORE_THE_FIRST: Final = -1
"""The depth from which initial states are found."""


@dataclass(frozen=True, slots=True)
class Rules:
    """When a search ends. `open_properties`: those that it is to decide; `need_counts`: it goes on when all are;
    `first`: it ends with the first violation. `unit`: what it stores, in the plural."""

    open_properties: tuple[str, ...]
    need_counts: bool
    first: bool
    unit: str = "states"


@dataclass(slots=True)
class Found:
    """What a search found so far. `sizes`: how many states there are by distance; the last may be found in part.
    `levels`: the states by distance, those that were not forgotten."""

    sightings: Sightings
    sizes: list[int] = field(default_factory=list)
    levels: dict[int, Level] = field(default_factory=dict)
    counters: list[int] = field(default_factory=list)
    failing_initially: dict[str, tuple[Failure, State]] = field(default_factory=dict)
    """By implicit property: the first candidate in which an `initially` fails."""
    done: bool = False
    limit: Limit | None = None
    limit_detail: str = ""

    @property
    def depth(self) -> int:
        """Of the level that was found last."""
        return len(self.sizes) - 1

    @property
    def violated(self) -> set[str]:
        names = {violated_name(sighting.finding) for sighting in self.sightings}
        return {name for name in names if name is not None} | set(self.failing_initially)

    @property
    def reached(self) -> set[str]:
        return {s.finding.property for s in self.sightings if isinstance(s.finding, Reached)}


class Search:
    """One search with a crew. Once a level is expanded, it is forgotten if it comes before `kept_from`. A `keeper`
    writes checkpoints, and may have one to go on from."""

    def __init__(
        self,
        evaluator: Evaluator,
        program: Program,
        crew: Crew,
        limits: Limits,
        watch: Watch,
        rules: Rules,
        kept_from: float = 0,
        keeper: Keeper | None = None,
    ) -> None:
        self._evaluator = evaluator
        self._program = program
        self._crew = crew
        self._limits = limits
        self._watch = watch
        self._rules = rules
        self._kept_from = kept_from
        self._keeper = keeper
        self.found = Found(Sightings(program.findings))

    def run(self, on_progress: OnProgress | None) -> Found:
        """Raises CheckpointError where there is none to go on from."""
        try:
            self._start()
            self._check_states()
            ticker = _Ticker(self._watch, self._crew, self._program, self._rules.unit, on_progress)
            while self.found.sizes[-1] and not self._is_over():
                self._expand(ticker)
            self.found.done = not self.found.sizes[-1]
        except SearchStopped as stopped:
            self.found.limit, self.found.limit_detail = stopped.limit, stopped.detail
        except EnumerationTooLarge as too_large:
            self.found.limit, self.found.limit_detail = Limit.ENUMERATION, str(too_large)
        except KeyboardInterrupt:
            self.found.limit = Limit.INTERRUPTED
        self.found.counters = _totals(self._crew)
        if self._keeper is not None:
            with suppress(KeyboardInterrupt):  # the checkpoint before is still there
                self._keeper.commit()
        return self.found

    def _start(self) -> None:
        """Finds the initial states. A candidate whose `initially` fails is none, but shows the failure."""
        initial = self._evaluator.initial
        try:
            for candidate in initial.candidates():
                self._watch.check()
                try:
                    if initial.admits(candidate):
                        self._crew.add(self._program.pack(candidate))
                except EvaluationError as error:
                    name = error.failure.kind.value
                    self.found.failing_initially.setdefault(name, (error.failure, candidate))
                self._check_states()
            self._crew.add_waiting()
        finally:
            self._end_level(_BEFORE_THE_FIRST)
        if self._keeper is not None and self._keeper.saved is not None:
            self._go_on(self._keeper, self._keeper.saved)
        else:
            self._keep()

    def _go_on(self, keeper: Keeper, saved: Manifest) -> None:
        """Stores the states of a checkpoint anew, and what was counted and seen on the way."""
        keeper.must_begin_with(self.found.levels[0])
        for depth in range(1, len(saved.levels)):
            keeper.restore(depth, self._crew, self._look_at_limits)
            self._take_level()
            if self.found.sizes[depth] != saved.levels[depth].count:
                raise Damaged("it has a state twice")
            self._forget(depth - 1)
        self._crew.begin_with(saved.counters)
        self.found.sightings.restore([(seen.finding, seen.depth, seen.state) for seen in saved.sightings])

    def _look_at_limits(self, waiting: int) -> None:
        self._watch.check()

    def _expand(self, ticker: _Ticker) -> None:
        depth = self.found.depth
        if self._limits.depth is not None and depth >= self._limits.depth:
            raise SearchStopped(Limit.DEPTH, f"{self._limits.depth} steps")
        try:
            ticker.levels = tuple(self.found.sizes)
            self._crew.expand(self.found.levels[depth], ticker.tick)
        finally:
            self._end_level(depth)
        self._keep()
        self._forget(depth)
        self._check_states()

    def _end_level(self, depth: int) -> None:
        """Takes what the level led to, whether all of it was expanded or not."""
        self.found.sightings.take(self._crew.workers, depth)
        self._take_level()

    def _take_level(self) -> None:
        level = self._crew.take_level()
        self.found.sizes.append(level.count)
        self.found.levels[self.found.depth] = level

    def _keep(self) -> None:
        """The level that was taken last is complete."""
        if self._keeper is not None:
            self._keeper.keep(self.found.levels[self.found.depth], _totals(self._crew), self.found.sightings)

    def _forget(self, depth: int) -> None:
        """The level is expanded."""
        if depth < self._kept_from:
            del self.found.levels[depth]
            self._crew.forget_older()

    def _check_states(self) -> None:
        most = self._limits.states
        if most is not None and self._crew.stored > most:
            raise SearchStopped(Limit.STATES, f"{most:,} {self._rules.unit}")

    def _is_over(self) -> bool:
        """Whether the search ends before this level, with nothing left to find out."""
        violated = self.found.violated
        if self._rules.first and violated:
            return True
        decided = violated | self.found.reached
        return not self._rules.need_counts and all(name in decided for name in self._rules.open_properties)


class _Ticker:
    """Looks at the limits and tells the progress while the crew works."""

    def __init__(self, watch: Watch, crew: Crew, program: Program, unit: str, on_progress: OnProgress | None) -> None:
        self._watch = watch
        self._crew = crew
        self._unit = unit
        self._steps = [n for n, counter in enumerate(program.counters) if isinstance(counter, TakenAction)]
        self._on_progress = on_progress
        self._pace = Pace()
        self.levels: tuple[int, ...] = ()
        """How many states each distance has, up to the one that is expanded."""

    def tick(self, waiting: int) -> None:
        seconds = self._watch.check()
        if self._on_progress is not None and self._pace.is_due(seconds):
            counters = _totals(self._crew)
            transitions = sum(counters[number] for number in self._steps)
            counts = (self._crew.stored, transitions, waiting)
            self._on_progress(Progress(self.levels, *counts, seconds, resident_bytes(), self._unit))


def _totals(crew: Crew) -> list[int]:
    return [sum(counts) for counts in zip(*(worker.counters() for worker in crew.workers), strict=True)]
