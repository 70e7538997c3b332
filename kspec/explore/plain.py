"""The plain explorer: breadth first, on `evaluate`, one state after the other. The oracle of the other engines."""

from __future__ import annotations

from dataclasses import dataclass

from kspec.evaluate.errors import EnumerationTooLarge, EvaluationError
from kspec.evaluate.evaluator import Evaluator
from kspec.evaluate.outcome import Blocked, Failing, Stepped
from kspec.evaluate.run import Move, State, Taken
from kspec.explore.findings import Findings
from kspec.explore.graph import Form, Graph, Path
from kspec.explore.judge import Judge
from kspec.explore.progress import OnProgress, Pace, Progress
from kspec.explore.result import Cut, Exploration, Limit, Limits
from kspec.explore.tally import Tally
from kspec.explore.watch import SearchStopped, Watch, resident_bytes
from kspec.system.system import System

__all__ = ["OnProgress", "Progress", "explore"]


def explore(
    system: System,
    limits: Limits,
    *,
    settled: frozenset[str] = frozenset(),
    need_counts: bool = True,
    first: bool = False,
    on_progress: OnProgress | None = None,
    form: Form | None = None,
) -> Exploration:
    """Searches every reachable state, level by level, within the limits.

    `settled`: the properties that are decided already. Once all are, the search ends at the end of a level, unless
    `need_counts`. `first`: it ends at the end of the level in which something is violated. `form`: one state is stored
    of those that have one form; what it raises ends the search.
    """
    search = _Search(system, limits, settled, on_progress, form)
    limit, detail = None, ""
    try:
        search.start()
        while search.frontier and not search.is_over(need_counts=need_counts, first=first):
            search.expand_level()
    except SearchStopped as stopped:
        limit, detail = stopped.limit, stopped.detail
    except EnumerationTooLarge as too_large:
        limit, detail = Limit.ENUMERATION, str(too_large)
    except KeyboardInterrupt:
        limit = Limit.INTERRUPTED
    return search.result(limit, detail)


@dataclass(slots=True)
class _Successors:
    """What came of expanding one state."""

    steps: int = 0
    failing: bool = False
    blocked: bool = False


class _Search:
    """One search: the graph so far, its frontier, and everything counted on the way."""

    def __init__(
        self,
        system: System,
        limits: Limits,
        settled: frozenset[str],
        on_progress: OnProgress | None,
        form: Form | None,
    ) -> None:
        self._limits = limits
        self._evaluator = Evaluator(system)
        self._watch = Watch(limits)
        self._pace = Pace()
        self._on_progress = on_progress
        self._is_reduced = form is not None
        self._unit = "orbits" if self._is_reduced else "states"
        self._graph = Graph(form)
        self._findings = Findings(system, settled)
        self._judge = Judge(self._evaluator, self._findings)
        self._tally = Tally(system, self._evaluator.layout)
        self._actions = tuple(transition.action for transition in system.transitions)
        self._cut: Cut | None = None
        self._initial_states = 0
        self._deepest = 0
        self._depth = 0
        """Of the states that are being expanded."""
        self.frontier: list[int] = []
        self._found: list[int] = []
        """The next frontier."""
        self._levels: list[int] = []
        """How many states each distance has, up to the frontier's."""

    # --- the search --------------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Finds the initial states. A candidate whose `initially` fails is none, but shows the failure."""
        initial = self._evaluator.initial
        for candidate in initial.candidates():
            self._watch.check()
            try:
                if initial.admits(candidate) and candidate not in self._graph:
                    self._store(candidate, None, 0)
            except EvaluationError as error:
                alone = Graph()
                path = Path(alone, alone.add(candidate, None), 0)
                self._findings.expression_failed(error.failure, "initially", path)
        self.frontier, self._found = self._found, []

    def is_over(self, *, need_counts: bool, first: bool) -> bool:
        """Whether the search ends before this level, with nothing left to find out."""
        if first and self._findings.violations:
            return True
        return not need_counts and self._findings.all_settled

    def expand_level(self) -> None:
        """Expands the states of the frontier; those found on the way are the next one."""
        if self._limits.depth is not None and self._depth >= self._limits.depth:
            raise SearchStopped(Limit.DEPTH, f"{self._limits.depth} steps")
        self._levels.append(len(self.frontier))
        for waiting, number in zip(range(len(self.frontier), 0, -1), self.frontier, strict=True):
            self._report(self._watch.check(), waiting)
            self._expand(number)
        self._depth += 1
        self.frontier, self._found = self._found, []

    def _expand(self, number: int) -> None:
        state = self._graph.states[number]
        successors = _Successors()
        for outcome in self._evaluator.outcomes(state, self._tally.clauses):
            match outcome:
                case Stepped() as stepped:
                    successors.steps += 1
                    self._step(number, state, stepped)
                case Failing(taken, failure):
                    successors.failing = True
                    self._tally.count_failure(taken.transition)
                    self._findings.violated(failure.kind.value, self._path(number, Move(taken, None, failure)))
                case Blocked(taken, kind):
                    successors.blocked = True
                    if self._cut is None:
                        self._cut = Cut(self._graph.run_to(number), kind, self._actions[taken.transition])
        self._count_end(number, state, successors)

    def _step(self, number: int, state: State, stepped: Stepped) -> None:
        taken, after = stepped.taken, stepped.state
        action = self._actions[taken.transition]
        self._tally.count_step(taken.transition, stepped.refusals, refused=stepped.refused)
        if self._judge.looks_at_steps:
            self._judge.step(state, after, action, self._path(number, Move(taken, after)))
        if after not in self._graph:
            self._store(after, (number, taken), self._depth + 1)

    def _count_end(self, number: int, state: State, successors: _Successors) -> None:
        """What a state without successors counts as. One with a failing step is neither cut nor quiet."""
        if successors.blocked:
            self._tally.cut_states += 1
        elif not successors.steps and not successors.failing:
            self._tally.quiet_states += 1
            self._judge.end(state, self._path(number))

    def _store(self, state: State, parent: tuple[int, Taken] | None, depth: int) -> None:
        if self._limits.states is not None and len(self._graph) >= self._limits.states:
            raise SearchStopped(Limit.STATES, f"{self._limits.states:,} {self._unit}")
        number = self._graph.add(state, parent)
        self._found.append(number)
        self._deepest = depth
        self._initial_states += parent is None
        self._tally.count_state(state)
        self._judge.state(state, Path(self._graph, number, depth))

    def _path(self, number: int, last: Move | None = None) -> Path:
        """To a state of the level that is being expanded, then perhaps one more move."""
        return Path(self._graph, number, self._depth if last is None else self._depth + 1, last)

    def _report(self, seconds: float, waiting: int) -> None:
        if self._on_progress is not None and self._pace.is_due(seconds):
            counts = (len(self._graph), self._tally.transitions, waiting)
            self._on_progress(Progress(tuple(self._levels), *counts, seconds, resident_bytes(), self._unit))

    # --- the result --------------------------------------------------------------------------------------------------

    def result(self, limit: Limit | None, detail: str) -> Exploration:
        return Exploration(
            states=len(self._graph),
            transitions=self._tally.transitions,
            depth=self._deepest,
            initial_states=self._initial_states,
            seconds=self._watch.seconds,
            complete=limit is None and not self.frontier,
            limit=limit,
            limit_detail=detail,
            violations=self._findings.violations,
            failing_property=self._findings.failing_property,
            witnesses=self._findings.witnesses,
            cut=self._cut,
            cut_states=self._tally.cut_states,
            quiet_states=self._tally.quiet_states,
            refused_counts=tuple(self._tally.refused),
            action_counts=tuple(self._tally.by_action),
            failing_actions=tuple(self._tally.failing),
            refused_requests=self._tally.refused_requests(),
            clause_uses=self._tally.clause_uses(),
            room_used=self._tally.room_used,
            is_reduced=self._is_reduced,
        )
