"""Transitions as terms: for a binding, whether it is taken, fails or finds no room, and what it writes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TypeAlias, assert_never

from kspec.symbolic import solver
from kspec.symbolic.bindings import domain_values, for_each
from kspec.symbolic.expressions import Encoder, Failures
from kspec.symbolic.quantifiers import too_many
from kspec.symbolic.solver import Bit
from kspec.symbolic.states import Layout, SymbolicState
from kspec.symbolic.values import SymbolicValue, terms, variable
from kspec.system.expressions import AllValues, FailureKind, Moment
from kspec.system.sorts import IntSort, ObjectSort
from kspec.system.system import FREE, Place
from kspec.system.transitions import (
    Allocate,
    Bind,
    Check,
    Define,
    ForEachCheck,
    Guard,
    Role,
    Step,
    Transition,
    Write,
)

AnyStep: TypeAlias = Step | ForEachCheck


@dataclass(frozen=True, slots=True)
class Effect:
    """Where `condition` holds, the place becomes `value`."""

    place: Place
    condition: Bit
    value: SymbolicValue


class Course:
    """One binding on its way through the steps of a transition: what stopped it, and whether it is still going."""

    def __init__(self, encoder: Encoder) -> None:
        self.encoder = encoder
        self.failing: dict[FailureKind, list[Bit]] = {kind: [] for kind in FailureKind}
        self.blocked: list[Bit] = []
        self.values: list[SymbolicValue] = []
        self._allocated: dict[str, list[tuple[Bit, SymbolicValue]]] = {}

    def fork(self) -> Course:
        """Another binding that has come as far as this one; what stopped this one is not told again."""
        other = Course(self.encoder.fork())
        other.values = list(self.values)
        other._allocated = {kind: list(slots) for kind, slots in self._allocated.items()}
        return other

    def going(self) -> Bit:
        """Whether nothing stopped the binding."""
        return solver.conjunction(self.encoder.path)

    def stopped(self) -> Bit:
        """Whether the binding fails or finds no room."""
        return solver.disjunction([*self.blocked, *(bit for bits in self.failing.values() for bit in bits)])

    def bind(self, bind: Bind, value: SymbolicValue, belongs: Bit) -> None:
        self.values.append(value)
        self.encoder.locals[bind.local.id] = value
        self.encoder.path.append(belongs)

    def bind_variable(self, bind: Bind, name: str) -> SymbolicValue:
        """Leaves open which value of its domain the local has; tells the variable that stands for it."""
        encoder = self.encoder
        value = variable(name, bind.local.sort, encoder.numbers)
        if isinstance(bind.domain, AllValues):
            belongs = encoder.values.belongs(value, bind.domain.of)
        else:
            options = domain_values(encoder, bind.domain)
            self.note_failures()
            belongs = solver.disjunction(
                solver.both(is_one, encoder.values.equal(value, option)) for option, is_one in options
            )
        self.bind(bind, value, belongs)
        return value

    def go(self, step: Guard | Define | Check | Allocate | ForEachCheck) -> None:
        encoder = self.encoder
        match step:
            case Guard(condition):
                encoder.path.append(encoder.bit(condition))
            case Define(local, value):
                encoder.locals[local.id] = encoder.encode(value)
            case Check(condition, failure):
                encoder.fail_unless(encoder.bit(condition), failure)
            case ForEachCheck():
                self._check_each(step)
            case Allocate():
                self._allocate(step)
            case _:
                assert_never(step)
        self.note_failures()

    def note_failures(self) -> None:
        """What failed since the last time stops the binding."""
        failures = self.encoder.failures
        self.encoder.failures = Failures()
        failed = failures.some()
        if failed is not False:
            for kind in FailureKind:
                self.failing[kind].append(failures.first(kind))
            self.encoder.path.append(solver.negate(failed))

    def _check_each(self, step: ForEachCheck) -> None:
        def visit(belongs: Bit) -> None:
            where = self.encoder.bit(step.where)
            if where is not False:
                self.encoder.path.append(where)
                self.encoder.fail_unless(self.encoder.bit(step.condition), step.failure)
                self.encoder.path.pop()

        for_each(self.encoder, step.each, visit)

    def _allocate(self, step: Allocate) -> None:
        """The lowest slot that is free in the state and that this binding did not take yet."""
        encoder, sort = self.encoder, step.local.sort
        assert isinstance(sort, ObjectSort)
        wanted = encoder.bit(step.condition)
        self.note_failures()
        earlier = self._allocated.setdefault(sort.kind, [])
        chosen: list[tuple[Bit, SymbolicValue]] = []
        none_lower: Bit = True
        for slot in range(sort.slots):
            taken = solver.disjunction(solver.both(was, encoder.values.equal(at, slot)) for was, at in earlier)
            is_free = encoder.layout.has_status(encoder.state(Moment.NEW), sort.kind, slot, FREE)
            usable = solver.both(is_free, solver.negate(taken))
            chosen.append((solver.both(none_lower, usable), slot))
            none_lower = solver.both(none_lower, solver.negate(usable))
        found = encoder.values.select(chosen)
        encoder.locals[step.local.id] = encoder.values.choose(wanted, 0 if found is None else found, 0)
        earlier.append((wanted, encoder.locals[step.local.id]))
        no_room = solver.both(wanted, none_lower)
        self.blocked.append(solver.conjunction((*encoder.path, no_room)))
        encoder.path.append(solver.negate(no_room))

    def effects(self, writes: Sequence[Write]) -> list[Effect]:
        """What a binding that was not stopped writes; where two hit one place, the later counts."""
        found: list[Effect] = []
        encoder = self.encoder

        def visit(write: Write, belongs: Bit) -> None:
            condition = encoder.bit(write.condition)
            if condition is False:
                return
            hit = solver.both(belongs, condition)
            index = [encoder.under(condition, part) for part in write.index]
            value = encoder.under(condition, write.value)
            for position, here in encoder.positions(write.variable, index):
                found.append(Effect(encoder.layout.place(write.variable, position), solver.both(hit, here), value))

        for write in writes:
            for_each(encoder, write.each, partial(visit, write))
        encoder.failures = Failures()  # writes never fail where they happen
        return found


def apply(layout: Layout, state: SymbolicState, effects: Sequence[Effect], condition: Bit = True) -> SymbolicState:
    """The state with the effects, where `condition` holds."""
    changed: dict[Place, SymbolicValue] = {}
    for effect in effects:
        old = changed[effect.place] if effect.place in changed else state.at(effect.place)
        changed[effect.place] = layout.values.choose(solver.both(condition, effect.condition), effect.value, old)
    return state.replaced(changed)


def open_binding(layout: Layout, state: SymbolicState, transition: Transition, name: str) -> Course:
    """A binding whose locals are variables."""
    course = Course(Encoder(layout, state))
    for step in transition.steps:
        if isinstance(step, Bind):
            course.bind_variable(step, f"{name}.{len(course.values)}")
        else:
            course.go(step)
    return course


def some_binding(
    course: Course,
    steps: Sequence[AnyStep],
    finished: Callable[[Course], Bit],
    *,
    stops_count: bool = False,
    instance: SymbolicValue | None = None,
) -> Bit:
    """Whether some binding comes to the end and has `finished` there, or, if `stops_count`, fails or finds no room.

    `instance` fixes the component instance. Every binding is written out, but for numbers that are too many.
    """
    found: list[Bit] = []
    for position, step in enumerate(steps):
        if course.going() is False:
            break
        if isinstance(step, Bind):
            rest = steps[position + 1 :]
            found.append(_some_value(course, step, rest, finished, stops_count, instance))
            break
        course.go(step)
    else:
        found.append(finished(course))
    if stops_count:
        found.append(course.stopped())
    return solver.disjunction(found)


def _some_value(
    course: Course,
    bind: Bind,
    rest: Sequence[AnyStep],
    finished: Callable[[Course], Bit],
    stops_count: bool,
    instance: SymbolicValue | None,
) -> Bit:
    ranged = bind.domain
    if isinstance(ranged, AllValues) and isinstance(ranged.of, IntSort) and too_many(ranged.of):
        course.encoder.layout.quantified = True
        other = course.fork()
        number = other.bind_variable(bind, f"some.{bind.local.name}.{course.encoder.layout.parts}")
        reaches = some_binding(other, rest, finished, stops_count=stops_count, instance=instance)
        return solver.there_is(list(terms(number)), reaches)
    found: list[Bit] = []
    options = domain_values(course.encoder, ranged)
    course.note_failures()
    for value, in_domain in options:
        other = course.fork()
        fixed = instance is not None and bind.role is Role.INSTANCE
        is_wanted = course.encoder.values.equal(instance, value) if instance is not None and fixed else True
        belongs = solver.both(in_domain, is_wanted)
        if belongs is not False:
            other.bind(bind, value, belongs)
            found.append(some_binding(other, rest, finished, stops_count=stops_count, instance=instance))
    return solver.disjunction(found)
