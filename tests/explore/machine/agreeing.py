"""What `evaluate` says of a state, in the words of the machine code, and whether both say the same."""

from __future__ import annotations

from collections import Counter

from kspec.evaluate.clauses import ClauseUses
from kspec.evaluate.errors import EvaluationError
from kspec.evaluate.evaluator import Evaluator
from kspec.evaluate.outcome import Blocked, Failing, Outcome, Stepped
from kspec.evaluate.run import State
from kspec.explore.machine.facts import (
    ClauseExcluded,
    ClauseHeld,
    Cut,
    CutStates,
    Deadlocked,
    FailingAction,
    PropertyFails,
    QuietStates,
    Reached,
    RefusedAction,
    RefusedWith,
    RoomUsed,
    StepFails,
    StepPropertyFails,
    StepViolated,
    TakenAction,
    TerminalFails,
    Violated,
)
from kspec.explore.result import RefusedRequest
from kspec.system.properties import PropertyKind
from kspec.system.system import FREE, System
from tests.explore.machine.told import Teller, Told


def check_states(system: System, most: int) -> int:
    """Compares on up to so many reachable states, breadth first; gives how many there were."""
    oracle, teller = Oracle(system), Teller(system)
    found = dict.fromkeys(oracle.evaluator.initial_states())
    waiting = list(found)
    for state in waiting:
        expanded, judged = oracle.expand(state), oracle.judge(state)
        assert teller.judge(state) == judged, state
        assert _once(teller.expand(state)) == expanded, state
        new = [successor for successor in expanded.successors if successor not in found]
        for successor in new[: most - len(found)]:
            if successor not in found:
                found[successor] = None
                waiting.append(successor)
    return len(found)


def _once(told: Told) -> Told:
    """Clauses may be told more than once."""
    for fact in told.counts:
        if isinstance(fact, ClauseHeld | ClauseExcluded):
            told.counts[fact] = 1
    return told


class Oracle:
    def __init__(self, system: System) -> None:
        self.system = system
        self.evaluator = Evaluator(system)

    def expand(self, state: State) -> Told:
        told, uses = Told(), ClauseUses(self.system)
        outcomes = list(self.evaluator.outcomes(state, uses))
        for outcome in outcomes:
            self._tell(told, state, outcome)
        for action, row in enumerate(uses.rows):
            for clause in range(len(row)):
                if uses.held(action, clause):
                    told.counts[ClauseHeld(action, clause)] = 1
                if uses.excluded(action, clause):
                    told.counts[ClauseExcluded(action, clause)] = 1
        for transition in {outcome.taken.transition for outcome in outcomes if isinstance(outcome, Failing)}:
            told.counts[FailingAction(self.system.transitions[transition].action)] += 1
        if any(isinstance(outcome, Blocked) for outcome in outcomes):
            told.counts[CutStates()] = 1
        elif not outcomes:
            told.counts[QuietStates()] = 1
            self._judge_end(told, state)
        return told

    def _tell(self, told: Told, state: State, outcome: Outcome) -> None:
        transition = self.system.transitions[outcome.taken.transition]
        action = transition.action
        match outcome:
            case Stepped(_, after, refused, refusals):
                told.successors.append(after)
                told.counts[TakenAction(action)] += 1
                if refused:
                    told.counts[RefusedAction(action)] += 1
                for refusal in (transition.refusals[position] for position in refusals):
                    told.counts[RefusedWith(action, RefusedRequest.of(refusal))] += 1
                if after != state:
                    self._judge_step(told, state, after, action)
            case Failing(_, failure):
                told.findings[StepFails(failure.kind)] = state
            case Blocked():
                told.findings[Cut()] = state

    def _judge_step(self, told: Told, before: State, after: State, action: int) -> None:
        for property in self.system.properties:
            if property.kind is PropertyKind.STEP and property.expression is not None:
                try:
                    if not self.evaluator.step_value(property.expression, before, after, action):
                        told.findings[StepViolated(property.name)] = before
                except EvaluationError as error:
                    told.findings[StepPropertyFails(property.name, error.failure.kind)] = before

    def _judge_end(self, told: Told, state: State) -> None:
        for property in self.system.properties:
            if property.kind is PropertyKind.DEADLOCK and property.expression is not None:
                try:
                    if not self.evaluator.state_value(property.expression, state):
                        told.findings[Deadlocked(property.name)] = state
                except EvaluationError as error:
                    told.findings[TerminalFails(property.name, error.failure.kind)] = state

    def judge(self, state: State) -> Told:
        counts: Counter[RoomUsed] = Counter()
        for kind in self.system.kinds:
            base = self.evaluator.layout.status_base(kind.name)
            if base is not None:
                free = state[base : base + len(kind.slots)].count(FREE)
                counts[RoomUsed(kind.name, len(kind.slots) - free)] += 1
        told = Told(counts=Counter(counts))
        for property in self.system.properties:
            if property.kind in (PropertyKind.INVARIANT, PropertyKind.REACHABLE) and property.expression is not None:
                is_wanted = property.kind is PropertyKind.REACHABLE
                try:
                    if self.evaluator.state_value(property.expression, state) is is_wanted:
                        told.findings[Reached(property.name) if is_wanted else Violated(property.name)] = state
                except EvaluationError as error:
                    told.findings[PropertyFails(property.name, error.failure.kind)] = state
        return told
