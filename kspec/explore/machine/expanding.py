"""`expand`: every binding of every transition in a state."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from llvmlite import ir

from kspec.explore.machine.builder import I64, ROW, Builder
from kspec.explore.machine.code import Code, Unpacked
from kspec.explore.machine.expressions import Expressions
from kspec.explore.machine.facts import (
    ClauseExcluded,
    ClauseHeld,
    Cut,
    CutStates,
    FailingAction,
    QuietStates,
    RefusedAction,
    RefusedWith,
    StepFails,
    TakenAction,
)
from kspec.explore.machine.functions import WORKER, Functions
from kspec.explore.machine.judging import StepJudge, judge_end
from kspec.explore.machine.numbering import Numbering
from kspec.explore.machine.parts import Parts
from kspec.explore.machine.steps import Steps
from kspec.explore.machine.successor import Successors
from kspec.explore.machine.telling import Teller
from kspec.explore.result import RefusedRequest
from kspec.system.expressions import FALSE, FailureKind
from kspec.system.transitions import Transition

TAKEN = 1
BLOCKED = 2
FAILING = {kind: 4 << number for number, kind in enumerate(FailureKind)}
"""What comes of the bindings of a transition, as bits."""


class Expanding:
    """Builds `expand`, with a function for each transition."""

    def __init__(
        self,
        parts: Parts,
        functions: Functions,
        numbering: Numbering,
        outlet: MakeOutlet,
    ) -> None:
        self._shared = parts.shared
        self._functions = functions
        self._numbering = numbering
        self._packing = parts.packing
        self._successors = parts.successors
        self._outlet = outlet
        self._steps = StepJudge(parts.shared, functions, numbering, parts.packing)

    def define(self) -> None:
        self._steps.define()
        transitions = [self._transition(number) for number in range(len(self._shared.system.transitions))]
        b = Builder(self._functions.expand)
        worker, words = self._functions.expand.args
        state = self._packing.unpacked(b, words)
        outcomes = b.variable(0)
        for transition in transitions:
            outcomes.include(b.call(transition, (worker, words, state.cells)))
        tell = Teller(b, self._functions, self._numbering, worker)
        self._tell_all(Code(self._shared, b, state), tell, outcomes.get())
        b.ret()
        b.finish()

    def _transition(self, number: int) -> ir.Function:
        """`transition(worker, words, cells)`: what came of its bindings."""
        transition = self._shared.system.transitions[number]
        of_state = ir.FunctionType(I64, (WORKER, ROW, ROW))
        function = ir.Function(self._functions.module, of_state, f"transition.{number}")
        function.linkage = "internal"
        function.attributes.add("noinline")  # inlined, each would be optimised once more within `expand`
        worker, words, cells = function.args
        code = Code(self._shared, Builder(function), Unpacked(words, cells))
        tell = Teller(code.b, self._functions, self._numbering, worker)
        outlet = self._outlet(code, tell, self._successors, self._steps, transition)
        Steps(code, transition, outlet, {}).build()
        outlet.tell_state()
        code.b.ret(outlet.outcomes.get())
        code.b.finish()
        return function

    def _tell_all(self, code: Code, tell: Teller, outcomes: ir.Value) -> None:
        """What a state shows, once all its bindings are known."""
        b, words = code.b, code.new.words
        for kind, bit in FAILING.items():
            with b.when(b.differ(b.bit_and(outcomes, bit), 0)):
                tell.report(StepFails(kind), words)
        with b.when(b.differ(b.bit_and(outcomes, BLOCKED), 0)):
            tell.count(CutStates())
            tell.report(Cut(), words)
        with b.when(b.equal(outcomes, 0)):
            tell.count(QuietStates())
            judge_end(code, tell)


class Expanded:
    """The outlet of a transition that is being expanded: every step is counted, and its successor emitted."""

    def __init__(
        self, code: Code, tell: Teller, successors: Successors, steps: StepJudge, transition: Transition
    ) -> None:
        self._code = code
        self._tell = tell
        self._successors = successors
        self._steps = steps
        self._action = transition.action
        self._clauses = len(code.shared.system.actions[transition.action].clauses)
        self.outcomes = code.b.variable(0)
        self._held = [code.b.variable(0) for _ in range(self._clauses)]
        self._excluded = [code.b.variable(0) for _ in range(self._clauses)]

    def taken(self, expressions: Expressions, transition: Transition) -> None:
        after = self._successors.build(expressions, transition)
        self._tell.count(TakenAction(self._action))
        if transition.refused != FALSE:
            accepted = self._code.b.block("accepted")
            expressions.jump_unless(transition.refused, accepted)
            self._tell.count(RefusedAction(self._action))
            self._tell_refusals(expressions, transition)
            self._code.b.place(accepted)
        self._steps.call(self._tell, self._code.new, after, self._action)
        self._tell.emit(after)
        self.outcomes.include(TAKEN)

    def _tell_refusals(self, expressions: Expressions, transition: Transition) -> None:
        for refusal in transition.refusals:
            other = self._code.b.block("not_so")
            expressions.jump_unless(refusal.happens, other)
            self._tell.count(RefusedWith(self._action, RefusedRequest.of(refusal)))
            self._code.b.jump(other)
            self._code.b.place(other)

    def failing(self, kind: FailureKind) -> None:
        self.outcomes.include(FAILING[kind])

    def blocked(self) -> None:
        self.outcomes.include(BLOCKED)

    def clause(self, number: int, *, held: bool) -> None:
        (self._held if held else self._excluded)[number].set(1)

    def tell_state(self) -> None:
        """Once a state: how clauses were used, and whether a binding fails."""
        for number in range(self._clauses):
            for noted, fact in ((self._held, ClauseHeld), (self._excluded, ClauseExcluded)):
                with self._code.b.when(self._code.b.differ(noted[number].get(), 0)):
                    self._tell.count(fact(self._action, number))
        b = self._code.b
        fails = b.bit_and(self.outcomes.get(), sum(FAILING.values()))
        with b.when(b.differ(fails, 0)):
            self._tell.count(FailingAction(self._action))


MakeOutlet: TypeAlias = Callable[[Code, Teller, Successors, StepJudge, Transition], Expanded]
