"""The steps of a transition as code: loops over the bindings, with everything that can stop one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol, TypeAlias, assert_never

from kspec.evaluate.hoist import Scheduled, schedule
from kspec.explore.machine.builder import Block, Operand, Variable
from kspec.explore.machine.code import Code
from kspec.explore.machine.expressions import Expressions
from kspec.system.expressions import Binding, FailureKind
from kspec.system.sorts import ObjectSort
from kspec.system.system import FREE
from kspec.system.transitions import Allocate, Bind, Check, Define, ForEachCheck, Guard, Transition

Stage: TypeAlias = Guard | Define | Check | ForEachCheck | Allocate


class Outlet(Protocol):
    """What is built for each thing that can come of a binding."""

    def taken(self, expressions: Expressions, transition: Transition) -> None: ...

    def failing(self, kind: FailureKind) -> None: ...

    def blocked(self) -> None: ...

    def clause(self, number: int, *, held: bool) -> None:
        """A binding came to a `when` clause that was true, or false."""


class Steps:
    """Builds the steps of one transition. `pinned`: the values of some `Bind`s, by the id of their local."""

    def __init__(self, code: Code, transition: Transition, outlet: Outlet, pinned: Mapping[int, Operand]) -> None:
        self._code = code
        self._expressions = Expressions(code)
        self._transition = transition
        self._outlet = outlet
        self._pinned = pinned
        self._slots_taken: dict[int, tuple[ObjectSort, Variable]] = {}

    def build(self) -> None:
        end = self._code.b.block("end_transition")
        self._run(schedule(self._transition.steps), end)
        self._code.b.place(end)

    def _run(self, steps: Sequence[Scheduled], onward: Block) -> None:
        """`onward`: where control goes when the binding is done with."""
        for number, scheduled in enumerate(steps):
            if isinstance(scheduled.step, Bind):
                self._bind(scheduled.step, steps[number + 1 :], onward)
                return
            self._stage(scheduled.step, scheduled.crossed, onward)
        with self._code.catching(lambda kind: self._fail(kind, (), onward)):
            self._outlet.taken(self._expressions, self._transition)
        self._code.b.jump(onward)

    def _bind(self, step: Bind, rest: Sequence[Scheduled], onward: Block) -> None:
        with self._code.catching(lambda kind: self._fail(kind, (), onward)):
            value = self._pinned.get(step.local.id)
            if value is not None:
                self._expressions.domains.jump_unless_in(value, step.local.sort, step.domain, onward)
                self._code.bind(step.local, value)
                self._run(rest, onward)
                return
            with self._expressions.domains.each(step.local, step.domain) as loop:
                self._run(rest, loop.again)
        self._code.b.jump(onward)

    def _stage(self, step: Stage, crossed: Sequence[Bind], onward: Block) -> None:
        with self._code.catching(lambda kind: self._fail(kind, crossed, onward)):
            match step:
                case Guard():
                    self._guard(step, crossed, onward)
                case Define(local, value):
                    self._code.bind(local, self._expressions.value_as(value, local.sort))
                case Check(condition, kind):
                    self._expressions.jump_unless(condition, self._code.failure(kind))
                case ForEachCheck(each, where, condition, kind):
                    with self._expressions.domains.each_of(each) as again:
                        self._expressions.jump_unless(where, again)
                        self._expressions.jump_unless(condition, self._code.failure(kind))
                case Allocate():
                    self._allocate(step, onward)
                case _:
                    assert_never(step)

    def _fail(self, kind: FailureKind, crossed: Sequence[Bind], onward: Block) -> None:
        self._jump_unless_some(crossed, onward)
        self._outlet.failing(kind)
        self._code.b.jump(onward)

    def _guard(self, step: Guard, crossed: Sequence[Bind], onward: Block) -> None:
        """What it tells of its clause, it tells for each binding of the `Bind`s that are evaluated after it."""
        if step.clause is None:
            self._expressions.jump_unless(step.condition, onward)
            return
        b = self._code.b
        excluded, held = b.block("excluded"), b.block("held")
        self._expressions.jump_unless(step.condition, excluded)
        self._jump_unless_some(crossed, held)
        self._outlet.clause(step.clause, held=True)
        b.jump(held)
        b.place(excluded)
        self._jump_unless_some(crossed, onward)
        self._outlet.clause(step.clause, held=False)
        b.jump(onward)
        b.place(held)

    def _jump_unless_some(self, binds: Sequence[Bind], otherwise: Block) -> None:
        """Goes on where there is a binding of these `Bind`s."""
        domains = self._expressions.domains
        if all(domains.is_never_empty(bind.domain) for bind in binds):
            return
        some = self._code.b.block("some")
        with domains.each_of([Binding(bind.local, bind.domain) for bind in binds]):
            self._code.b.jump(some)
        self._code.b.jump(otherwise)
        self._code.b.place(some)

    def _allocate(self, step: Allocate, onward: Block) -> None:
        """The lowest slot that is free, and that no earlier step of the binding took."""
        b, kind = self._code.b, step.local.sort
        if not isinstance(kind, ObjectSort):
            raise TypeError(f"not an object: {step.local}")
        taken = b.variable(-1)
        found, status = b.block("allocated"), self._code.shared.layout.status(kind)
        self._expressions.jump_unless(step.condition, found)
        if status is not None:
            with b.loop(0, kind.slots) as slot:
                of_slot = b.load(self._code.new.cells, b.add(slot.index, status))
                b.jump_unless(b.equal(of_slot, FREE), slot.again)
                for other, earlier in self._slots_taken.values():
                    if other == kind:
                        b.jump_when(b.equal(earlier.get(), slot.index), slot.again)
                taken.set(slot.index)
                b.jump(found)
        self._outlet.blocked()
        b.jump(onward)
        b.place(found)
        self._slots_taken[step.local.id] = (kind, taken)
        self._code.bind(step.local, b.select(b.less(taken.get(), 0), 0, taken.get()))
