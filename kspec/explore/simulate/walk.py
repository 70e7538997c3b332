"""One random run on `evaluate`. The same numbers give the same run in machine code, which tells only what it showed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kspec.evaluate.evaluator import Evaluator
from kspec.evaluate.outcome import Blocked, Failing, Stepped
from kspec.evaluate.run import Move, State
from kspec.explore.findings import Findings
from kspec.explore.graph import Graph, Path
from kspec.explore.judge import Judge
from kspec.explore.result import Cut
from kspec.explore.simulate.choice import Choice
from kspec.explore.simulate.result import End, Plan
from kspec.explore.simulate.stream import Stream


@dataclass(frozen=True, slots=True)
class Walk:
    """A run: the actions taken, why it ended, what it showed, and where it first found no room."""

    actions: tuple[int, ...]
    end: End
    findings: Findings
    cut: Cut | None


class Walker:
    """Carries out runs of a plan, from random ones of the starts."""

    def __init__(self, evaluator: Evaluator, starts: Sequence[State], plan: Plan) -> None:
        self._evaluator = evaluator
        self._starts = starts
        self._plan = plan
        self._actions = tuple(transition.action for transition in evaluator.system.transitions)

    def walk(self, number: int) -> Walk:
        """The run with this number. Every step that could be taken is judged, not only the one that is."""
        stream = Stream(self._plan.seed, number)
        state = self._starts[stream.below(len(self._starts))]
        return _Walking(self._evaluator, self._actions, stream, state).walk(self._plan.depth)


class _Walking:
    """A run that is being carried out. Its states are numbered as they come, the same one perhaps twice."""

    def __init__(self, evaluator: Evaluator, actions: tuple[int, ...], stream: Stream, state: State) -> None:
        self._evaluator = evaluator
        self._actions = actions
        self._stream = stream
        self._findings = Findings(evaluator.system, frozenset())
        self._judge = Judge(evaluator, self._findings)
        self._graph = Graph()
        self._cut: Cut | None = None
        self._taken: list[int] = []
        self._state = state
        self._number = self._graph.add(state, None)
        self._judge.state(state, self._path())

    def walk(self, depth: int) -> Walk:
        while len(self._taken) < depth:
            end = self._step()
            if end is not None:
                return self._walked(end)
        return self._walked(End.FULL)

    def _walked(self, end: End) -> Walk:
        return Walk(tuple(self._taken), end, self._findings, self._cut)

    def _take(self, step: Stepped) -> None:
        self._taken.append(self._actions[step.taken.transition])
        self._state = step.state
        self._number = self._graph.add(step.state, (self._number, step.taken))
        self._judge.state(step.state, self._path())

    def _step(self) -> End | None:
        """Takes one step, if there is one."""
        choice = Choice(self._stream)
        fails = is_cut = False
        for outcome in self._evaluator.outcomes(self._state):
            match outcome:
                case Stepped(taken, after):
                    action = self._actions[taken.transition]
                    choice.offer(action, outcome)
                    if self._judge.looks_at_steps:
                        self._judge.step(self._state, after, action, self._path(Move(taken, after)))
                case Failing(taken, failure):
                    fails = True
                    self._findings.violated(failure.kind.value, self._path(Move(taken, None, failure)))
                case Blocked(taken, kind):
                    is_cut = True
                    if self._cut is None:
                        self._cut = Cut(self._path().run(), kind, self._actions[taken.transition])
        if choice.chosen is not None:
            self._take(choice.chosen)
            return None
        if is_cut or fails:
            return End.CUT if is_cut else End.FAILING
        self._judge.end(self._state, self._path())
        return End.QUIET

    def _path(self, last: Move | None = None) -> Path:
        """The run so far, then perhaps one more move."""
        length = len(self._taken)
        return Path(self._graph, self._number, length if last is None else length + 1, last)
