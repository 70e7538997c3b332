"""Walks through a toy, all of them up to some length, and what formulas mean on them: written from the definitions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import assert_never

from kspec.explore.temporal.atoms import Values
from kspec.explore.temporal.graph import NO_UNIT
from kspec.explore.temporal.walk import Walk
from kspec.system import temporal
from kspec.system.expressions import Expr, Local
from kspec.system.sorts import Value
from kspec.system.temporal import Formula, Gone, StateAtom, StepAtom
from tests.explore.temporal.toys import Toy


def walks(toy: Toy, most_steps: int) -> Iterator[Walk]:
    """All from the first state, with all ways to go on for ever."""
    waiting: list[tuple[int, ...]] = [()]
    while waiting:
        steps = waiting.pop()
        states = Walk(0, steps, 0).states(toy.graph)
        yield Walk(0, steps, len(steps))
        yield from (Walk(0, steps, loop) for loop in range(len(steps)) if states[loop] == states[-1])
        if len(steps) < most_steps:
            first, last = toy.graph.offsets[states[-1]], toy.graph.offsets[states[-1] + 1]
            waiting.extend((*steps, step) for step in range(int(first), int(last)))


def is_fair(toy: Toy, walk: Walk) -> bool:
    states = walk.states(toy.graph)[walk.loop :]
    taken = {int(toy.graph.units[step]) for step in walk.steps[walk.loop :]} - {NO_UNIT}
    return all(
        unit in taken or served or not waits
        for unit in range(toy.graph.unit_count)
        for waits, served in [(_any(toy, "waiting", states, unit), _any(toy, "served", states, unit))]
    )


def _any(toy: Toy, masks: str, states: Sequence[int], unit: int) -> bool:
    rows = getattr(toy.graph, masks)
    return any(int(rows[state, unit // 64]) >> unit % 64 & 1 for state in states)


def has_room(toy: Toy, walk: Walk) -> bool:
    """For ever: in the loop, or where it stops."""
    return not any(toy.graph.cut[state] for state in walk.states(toy.graph)[walk.loop :])


@dataclass(frozen=True)
class Position:
    """`step`: None where the run has stopped."""

    state: int
    step: int | None
    gone: frozenset[Local]


@dataclass(frozen=True)
class Word:
    """Positions, and the one that comes after the last."""

    positions: tuple[Position, ...]
    back: int


def words(toy: Toy, walk: Walk, tracked: Sequence[Local], values: Values) -> Iterator[Word]:
    """From each position on at which the objects of the tracked variables begin to exist together; without any, from
    the first one on."""
    if not tracked:
        yield _word(toy, walk, 0, (), {})
        return
    slots = {local: value for local, value in values if local in tracked}
    course = _course(toy, walk, 2)
    together = [all(_is_alive(toy, slot, state) for slot in slots.values()) for state, _ in course]
    for start, now in enumerate(together):
        if now and (start == 0 or not together[start - 1]):
            yield _word(toy, walk, start, tracked, slots)


def _course(toy: Toy, walk: Walk, rounds: int) -> list[tuple[int, int | None]]:
    states = walk.states(toy.graph)
    if walk.stops:
        return [*zip(states, walk.steps, strict=False), *[(states[-1], None)] * rounds]
    once = list(zip(states[walk.loop :], walk.steps[walk.loop :], strict=False))
    return [*zip(states[: walk.loop], walk.steps[: walk.loop], strict=True), *once * rounds]


def _word(toy: Toy, walk: Walk, start: int, tracked: Sequence[Local], slots: dict[Local, Value]) -> Word:
    """Nothing more goes once a round went by in which nothing did."""
    size = 1 if walk.stops else len(walk.steps) - walk.loop
    positions = []
    gone: frozenset[Local] = frozenset()
    for state, step in _course(toy, walk, len(tracked) + 4)[start:]:
        gone |= {local for local in tracked if not _is_alive(toy, slots[local], state)}
        positions.append(Position(state, step, gone))
    return Word(tuple(positions), len(positions) - size)


def _is_alive(toy: Toy, slot: Value, state: int) -> bool:
    assert isinstance(slot, int)
    return toy.alive[slot][state]


def holds(toy: Toy, formula: Formula, word: Word, values: Values) -> bool:
    return _truths(toy, formula, word, values)[0]


def holds_somewhere(toy: Toy, formula: Formula, word: Word, values: Values) -> bool:
    return any(_truths(toy, formula, word, values))


def _truths(toy: Toy, formula: Formula, word: Word, values: Values) -> list[bool]:
    """At each position."""
    count = len(word.positions)
    after = [*range(1, count), word.back]

    def of(part: Formula) -> list[bool]:
        return _truths(toy, part, word, values)

    def until(stays: list[bool], ends: list[bool]) -> list[bool]:
        found = [False] * count
        for _ in range(count + 1):
            found = [ends[i] or (stays[i] and found[after[i]]) for i in range(count)]
        return found

    match formula:
        case StateAtom() | StepAtom() | Gone():
            return [_atom(toy, formula, at, values) for at in word.positions]
        case temporal.Not(operand):
            return [not now for now in of(operand)]
        case temporal.And(operands) | temporal.Or(operands):
            join, start = (all, True) if isinstance(formula, temporal.And) else (any, False)
            return [join(now) for now in zip([start] * count, *map(of, operands), strict=True)]
        case temporal.Implies(left, right):
            return [not one or other for one, other in zip(of(left), of(right), strict=True)]
        case temporal.Iff(left, right):
            return [one == other for one, other in zip(of(left), of(right), strict=True)]
        case temporal.Next(operand):
            now = of(operand)
            return [now[after[i]] for i in range(count)]
        case temporal.Eventually(operand):
            return until([True] * count, of(operand))
        case temporal.Always(operand):
            return of(temporal.Not(temporal.Eventually(temporal.Not(operand))))
        case temporal.Until(left, right):
            return until(of(left), of(right))
        case temporal.LeadsTo(left, right):
            return of(temporal.Always(temporal.Implies(left, temporal.Eventually(right))))
        case _:
            assert_never(formula)


def _atom(toy: Toy, atom: StateAtom | StepAtom | Gone, at: Position, values: Values) -> bool:
    match atom:
        case StateAtom(expression, about):
            return not about & at.gone and toy.of_states[_key(expression, values)][at.state]
        case StepAtom(expression, about):
            return at.step is not None and not about & at.gone and toy.of_steps[_key(expression, values)][at.step]
        case Gone(local):
            return local in at.gone


def _key(expression: Expr, values: Values) -> tuple[int, Value]:
    number = getattr(expression, "value")  # noqa: B009  # conditions of a toy are literals
    assert isinstance(number, int)
    return number, next((value for _, value in values), None)
