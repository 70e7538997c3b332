"""A run made shorter: steps that it does not need to show what it shows are left out.

Circles are cut out first: from one state to the same one again. Then stretches of steps are left out, half of the run,
a quarter and so on, down to single ones (delta debugging: Zeller and Hildebrandt, Simplifying and Isolating
Failure-Inducing Input, 2002). `evaluate` carries out what is left: a step that cannot be taken any more is left out
too, and the run ends as soon as it shows what it is to show.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from kspec.evaluate.errors import EvaluationError
from kspec.evaluate.evaluator import Evaluator
from kspec.evaluate.outcome import Blocked, Failing, Stepped
from kspec.evaluate.run import Move, Run, State, Taken
from kspec.system.properties import Property
from kspec.system.system import System
from kspec.trace.confirm import shows

EFFORT: Final = 50_000
"""So many steps are carried out at most. Counted, not timed, so that the result depends on nothing else."""


@dataclass(frozen=True, slots=True)
class Minimised:
    """`is_minimal`: no single step of the run can be left out."""

    run: Run
    is_minimal: bool


def minimise(system: System, run: Run, property: Property, effort: int = EFFORT) -> Minimised:
    """A run from the same initial state that shows the same property violated (or, for a reachable one, reached), and
    is never longer. The run that is given must show it."""
    minimiser = _Minimiser(system, run, property, effort)
    try:
        minimiser.minimise()
    except _EffortSpent:
        return Minimised(minimiser.best, is_minimal=False)
    return Minimised(minimiser.best, is_minimal=True)


class _EffortSpent(Exception):
    """As many steps were carried out as may be."""


class _Minimiser:
    """`best`: the shortest run so far."""

    def __init__(self, system: System, run: Run, property: Property, effort: int) -> None:
        self._system = system
        self._evaluator = Evaluator(system)
        self._property = property
        self._effort = effort
        self.best = _without_circles(run)

    def minimise(self) -> None:
        size = len(self.best.moves) // 2
        while size > 1:
            self._leave_out(size)
            size //= 2
        while self._leave_out(1):
            pass

    def _leave_out(self, size: int) -> bool:
        """Tries to do without each stretch of so many steps; whether some were left out."""
        start, is_shorter = 0, False
        while start < len(self.best.moves):
            takens = [move.taken for move in self.best.moves]
            shorter = self._carried_out(takens[:start] + takens[start + size :])
            if shorter is None:
                start += size
            else:
                self.best, is_shorter = _without_circles(shorter), True
        return is_shorter

    def _carried_out(self, takens: Sequence[Taken]) -> Run | None:
        """The run of those of the steps that can be taken, up to where it shows the property; None if it never does."""
        state, moves = self.best.initial, list[Move]()
        if self._is_shown(Run(state, ())):
            return Run(state, ())
        for taken in takens:
            move = self._move(state, taken)
            if move is None:
                continue
            moves.append(move)
            if self._is_shown(Run(state, (move,))):
                return Run(self.best.initial, tuple(moves))
            if move.state is None:
                moves.pop()
            else:
                state = move.state
        return None

    def _move(self, state: State, taken: Taken) -> Move | None:
        if self._effort == 0:
            raise _EffortSpent
        self._effort -= 1
        match self._evaluator.take(state, taken):
            case Stepped(now_taken, after):
                return Move(now_taken, after)
            case Failing(now_taken, failure):
                return Move(now_taken, None, failure)
            case Blocked() | None:
                return None

    def _is_shown(self, end: Run) -> bool:
        """Whether the end of a run shows the property: its last state, and the one before."""
        try:
            return shows(self._system, self._evaluator, end, self._property)
        except EvaluationError:
            return False


def _without_circles(run: Run) -> Run:
    """From each state on, the run goes as after the last time that it was there. Its last step stays: it may be what
    shows the property."""
    if not run.moves:
        return run
    last_time: dict[State | None, int] = {run.initial: 0}
    last_time |= {move.state: number for number, move in enumerate(run.moves[:-1], 1)}
    kept: list[Move] = []
    number = last_time[run.initial]
    while number < len(run.moves) - 1:
        kept.append(run.moves[number])
        number = last_time[run.moves[number].state]
    return Run(run.initial, (*kept, run.moves[-1]))
