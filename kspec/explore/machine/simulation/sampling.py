"""Steps of which only one is taken: each is offered, and the successor is built only of those that are kept."""

from __future__ import annotations

from llvmlite import ir

from kspec.explore.machine.code import Code
from kspec.explore.machine.expanding import TAKEN, Expanded
from kspec.explore.machine.expressions import Expressions
from kspec.explore.machine.judging import StepJudge
from kspec.explore.machine.successor import Successors
from kspec.explore.machine.telling import Teller
from kspec.system.transitions import Transition


class Sampled(Expanded):
    """The outlet of a transition of which at most one step is kept. `offer(worker, action)` says which."""

    def __init__(
        self,
        code: Code,
        tell: Teller,
        successors: Successors,
        steps: StepJudge,
        transition: Transition,
        offer: ir.Function,
    ) -> None:
        super().__init__(code, tell, successors, steps, transition)
        self._offer = offer

    def taken(self, expressions: Expressions, transition: Transition) -> None:
        """Properties of steps are judged on all of them."""
        b = self._code.b
        is_kept = b.differ(b.call(self._offer, (self._tell.worker, self._action)), 0)
        self.outcomes.include(TAKEN)
        if self._steps.is_needed:
            after = self._successors.build(expressions, transition)
            self._steps.call(self._tell, self._code.new, after, self._action)
            with b.when(is_kept):
                self._tell.emit(after)
        else:
            with b.when(is_kept):
                self._tell.emit(self._successors.build(expressions, transition))

    def clause(self, number: int, *, held: bool) -> None:
        """Random runs say nothing of clauses: that none holds in them is no finding."""
