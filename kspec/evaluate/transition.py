"""Transitions as code: from a state to the outcomes of every binding, in order."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from operator import itemgetter
from typing import Any, TypeAlias, assert_never

from kspec.evaluate import steps
from kspec.evaluate.frame import NEW, OUTCOMES, PINNED, USES, Code, Frame, Scope
from kspec.evaluate.hoist import schedule
from kspec.evaluate.layout import Layout
from kspec.evaluate.outcome import Outcome, Stepped
from kspec.evaluate.run import Failure, State, Taken
from kspec.evaluate.settle import Settler
from kspec.evaluate.steps import Rest, Stage, TakenCode
from kspec.evaluate.translate import logic, quantifiers
from kspec.evaluate.translate.places import number_of
from kspec.evaluate.translate.quantifiers import Loop
from kspec.evaluate.translate.translator import Translator
from kspec.system.expressions import Local, Quantified
from kspec.system.sorts import ObjectSort, Value
from kspec.system.system import System
from kspec.system.transitions import Allocate, Bind, Check, Define, ForEachCheck, Guard, Transition, Write

StageStep: TypeAlias = Guard | Define | Check | ForEachCheck | Allocate

WriteCode: TypeAlias = Callable[[Frame, list[Any]], None]
"""Carries out a write on the state after the step."""


class TransitionCode:
    """One transition of a system."""

    def __init__(self, system: System, number: int, layout: Layout, translator: Translator, settler: Settler) -> None:
        transition = system.transitions[number]
        self.action = transition.action
        self._number = number
        self._layout = layout
        self._translator = translator
        self._settler = settler
        self._scope = Scope()
        binds = [step for step in transition.steps if isinstance(step, Bind)]
        self.roles = tuple(bind.role for bind in binds)
        self._slots_taken = {
            step.local.id: self._scope.unnamed() for step in transition.steps if isinstance(step, Allocate)
        }
        self._locals = tuple(step.local for step in transition.steps if isinstance(step, Bind | Define | Allocate))
        self._loops = {bind.local.id: self._loop(place, bind) for place, bind in enumerate(binds)}
        self._run = self._translate(transition)

    def outcomes(self, state: State, uses: list[int] | None, pinned: Mapping[int, Value]) -> list[Outcome]:
        """Of all bindings, or only those with the pinned values of some `Bind`s, by number.

        `uses`: where to note the uses of the action's clauses.
        """
        frame = self._scope.frame()
        found: list[Outcome] = []
        frame[NEW], frame[PINNED], frame[USES], frame[OUTCOMES] = state, pinned, uses, found
        self._run(frame)
        return found

    def locals(self, state: State, values: tuple[Value, ...]) -> dict[Local, Value]:
        """What one binding, that takes the transition or fails, gives the locals of its steps; None to those it does
        not come to."""
        frame = self._scope.frame()
        frame[NEW], frame[PINNED], frame[USES], frame[OUTCOMES] = state, dict(enumerate(values)), None, []
        self._run(frame)
        return {local: frame[self._scope.position(local)] for local in self._locals}

    def _translate(self, transition: Transition) -> Rest:
        """From the last step to the first: the steps up to the next `Bind` in turn, then a loop for that."""
        rest = self._finish(transition)
        stages: list[Stage] = []
        for scheduled in reversed(schedule(transition.steps)):
            taken = self._taken(scheduled.bound)
            if isinstance(scheduled.step, Bind):
                rest = steps.in_turn(tuple(reversed(stages)), rest)
                rest = steps.bind(self._loops[scheduled.step.local.id], taken, rest)
                stages = []
            else:
                stages.append(self._stage(transition, scheduled.step, scheduled.crossed, taken))
        return steps.in_turn(tuple(reversed(stages)), rest)

    def _stage(self, transition: Transition, step: StageStep, crossed: tuple[Bind, ...], taken: TakenCode) -> Stage:
        match step:
            case Guard(condition, clause):
                loops = [self._loops[bind.local.id] for bind in crossed]
                return steps.guard(self._translator.expression(condition, self._scope), clause, loops, taken)
            case Define(local, value):
                code = self._translator.expression(value, self._scope)
                return steps.define(self._scope.position(local), code, taken)
            case Check(condition, kind, message, span):
                code = self._translator.expression(condition, self._scope)
                return steps.check(code, Failure(kind, message, span), taken)
            case ForEachCheck():
                return self._for_each(step, taken)
            case Allocate():
                return self._allocate(transition, step, taken)
            case _:
                assert_never(step)

    def _loop(self, number: int, bind: Bind) -> Loop:
        domain = self._translator.domain(bind.local, bind.domain, self._scope)
        return self._scope.position(bind.local), steps.pinnable(number, domain)

    def _taken(self, bound: int) -> TakenCode:
        """The transition with the values of the first so many `Bind`s."""
        number = self._number
        positions = [position for position, _ in self._loops.values()][:bound]
        match positions:
            case []:
                nothing = Taken(number, ())
                return lambda frame: nothing
            case [position]:
                return lambda frame: Taken(number, (frame[position],))
            case _:
                values = itemgetter(*positions)
                return lambda frame: Taken(number, values(frame))

    def _for_each(self, step: ForEachCheck, taken: TakenCode) -> Stage:
        scope = self._scope
        failure = Failure(step.failure, step.message, step.span)
        loops = [
            (scope.position(binding.local), self._translator.domain(binding.local, binding.domain, scope))
            for binding in step.each
        ]
        where = self._translator.condition(step.where, scope)
        condition = self._translator.expression(step.condition, scope)
        body = logic.requirement(condition, logic.literal(True), failure)
        return steps.check(quantifiers.quantifier(Quantified.FORALL, loops, where, body, fails=True), failure, taken)

    def _allocate(self, transition: Transition, step: Allocate, taken: TakenCode) -> Stage:
        """Each `Allocate` keeps the slot it took at a position of its own, for the later ones of its kind."""
        sort = step.local.sort
        if not isinstance(sort, ObjectSort):
            raise TypeError(f"not an object: {step.local}")
        slots = steps.Slots(sort.kind, self._layout.status_base(sort.kind), sort.slots)
        allocations = [other for other in transition.steps if isinstance(other, Allocate) and other.local.sort == sort]
        earlier = [self._slots_taken[other.local.id] for other in allocations[: allocations.index(step)]]
        condition = self._translator.expression(step.condition, self._scope)
        position, slot_taken = self._scope.position(step.local), self._slots_taken[step.local.id]
        return steps.allocate(position, slots, condition, slot_taken, earlier, taken)

    def _finish(self, transition: Transition) -> Rest:
        """The end of a binding: the step is taken."""
        writes = tuple(self._write(write) for write in transition.writes)
        refused = self._translator.expression(transition.refused, self._scope)
        refusals = [self._translator.expression(refusal.happens, self._scope) for refusal in transition.refusals]
        taken = self._taken(len(self._loops))
        settle = self._settler.settle

        def run(frame: Frame) -> None:
            after = list(frame[NEW])
            for write in writes:
                write(frame, after)
            settle(after)
            is_refused = refused(frame)
            which = tuple(number for number, code in enumerate(refusals) if code(frame)) if is_refused else ()
            frame[OUTCOMES].append(Stepped(taken(frame), tuple(after), is_refused, which))

        return run

    def _write(self, write: Write) -> WriteCode:
        scope, base = self._scope, self._layout.base(write.variable)
        if base is None:
            raise ValueError(f"a write to the constant {write.variable}")
        index = tuple(self._translator.expression(part, scope) for part in write.index)
        number = number_of(self._layout, write.variable, write.index, index)
        code = _assignment(base, number, self._translator.expression(write.value, scope))
        condition = self._translator.condition(write.condition, scope)
        if condition is not None:
            code = _conditional(condition, code)
        for binding in reversed(write.each):
            domain = self._translator.domain(binding.local, binding.domain, scope)
            code = _repeated(scope.position(binding.local), domain.values, code)
        return code


def _assignment(base: int, number: Code | int, value: Code) -> WriteCode:
    if isinstance(number, int):
        position = base + number

        def write_fixed(frame: Frame, after: list[Any]) -> None:
            after[position] = value(frame)

        return write_fixed

    def write(frame: Frame, after: list[Any]) -> None:
        after[base + number(frame)] = value(frame)

    return write


def _conditional(condition: Code, assign: WriteCode) -> WriteCode:
    def write(frame: Frame, after: list[Any]) -> None:
        if condition(frame):
            assign(frame, after)

    return write


def _repeated(position: int, values: Callable[[Frame], Any], inner: WriteCode) -> WriteCode:
    def write(frame: Frame, after: list[Any]) -> None:
        for value in values(frame):
            frame[position] = value
            inner(frame, after)

    return write
