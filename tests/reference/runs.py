"""Runs of processes between two steps: what is left to do, and what the run still knows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from typing import TypeAlias

from kspec.language import checked
from tests.reference.values import Ref, Value

Request: TypeAlias = tuple[checked.Statement, ...]
"""One statement, or the assignments that are one request."""


@dataclass(frozen=True, slots=True)
class Do:
    """Statements that are still to be done."""

    requests: tuple[Request, ...]


@dataclass(frozen=True, slots=True)
class Rounds:
    """The rounds of a `for each` that are left."""

    loop: checked.ForEach
    members: frozenset[Value]


@dataclass(frozen=True, slots=True)
class Give:
    """The place of a create that was refused gets none."""

    place: checked.Place


@dataclass(frozen=True, slots=True)
class Pause:
    """Others may act."""


@dataclass(frozen=True, slots=True)
class Wait:
    """The run goes on once this is true."""

    condition: checked.Expr


Task: TypeAlias = Do | Rounds | Give | Pause | Wait

Stack: TypeAlias = tuple[Task, ...]
"""What is left to do, the next at the end."""


@dataclass(frozen=True, slots=True)
class Copy:
    """What a `get` read. `version` is None where the object is known to be another by now."""

    ref: Ref
    contents: tuple[tuple[str, Value], ...]
    version: int | None


@dataclass(frozen=True, slots=True)
class Run:
    arguments: tuple[Value, ...]
    stack: Stack
    locals: Mapping[int, Value] = field(default_factory=dict)
    copies: Mapping[int, Copy] = field(default_factory=dict)

    def references(self) -> Iterator[Value]:
        yield from self.arguments
        yield from self.locals.values()
        yield from (task.members for task in self.stack if isinstance(task, Rounds))
        for copy in self.copies.values():
            yield copy.ref
            yield from (value for _, value in copy.contents)

    def freeze(self, versions: Mapping[Ref, int]) -> tuple[object, ...]:
        """The run as a value: of versions only whether they still are the last."""
        return (
            self.arguments,
            tuple(map(_frozen, self.stack)),
            frozenset(self.locals.items()),
            frozenset(
                (local, copy.ref, copy.contents, copy.version == versions.get(copy.ref, 0))
                for local, copy in self.copies.items()
            ),
        )


def paused(arguments: tuple[Value, ...], stack: Stack, locals: Mapping[int, Value], copies: Mapping[int, Copy]) -> Run:
    """A run with nothing that it will not look at again."""
    wanted = _wanted_by(stack)
    return Run(
        arguments,
        stack,
        {local: value for local, value in locals.items() if local in wanted},
        {local: copy for local, copy in copies.items() if local in wanted},
    )


def _frozen(task: Task) -> tuple[object, ...]:
    match task:
        case Do(requests):
            return tuple(id(request[0]) for request in requests)
        case Rounds(loop, members):
            return (id(loop), members)
        case Give(place):
            return (id(place),)
        case Wait(condition):
            return (id(condition),)
        case Pause():
            return ()


# --- which locals are looked at again --------------------------------------------------------------------------------


def _wanted_by(stack: Stack) -> set[int]:
    """The locals that some way through what is left reads before it gives them another value."""
    wanted: set[int] = set()
    for task in stack:
        wanted = _wanted_before(task, wanted)
    return wanted


def _wanted_before(task: Task, after: set[int]) -> set[int]:
    match task:
        case Do(requests):
            return _before_all([statement for request in requests for statement in request], after)
        case Rounds(loop):
            return _before_loop(list(loop.body), after, {loop.variable.local.id})
        case Give(place):
            return after | used(place)
        case Wait(condition):
            return after | used(condition)
        case Pause():
            return after


def _before_all(statements: list[checked.Statement], after: set[int]) -> set[int]:
    for statement in reversed(statements):
        after = _before(statement, after)
    return after


def _before_loop(body: list[checked.Statement], after: set[int], bound: set[int]) -> set[int]:
    around = after
    while (more := around | (_before_all(body, around) - bound)) != around:
        around = more
    return around


def _before(statement: checked.Statement, after: set[int]) -> set[int]:
    match statement:
        case checked.Let(local, value) | checked.LocalVar(local, value):
            return (after - {local.id}) | used(value)
        case checked.Assign(checked.LocalPlace(local), value):
            return (after - {local.id}) | used(value)
        case checked.Choose(variables, where):
            return (after | used((variables, where))) - {variable.local.id for variable in variables}
        case checked.If(condition, then, otherwise):
            return used(condition) | _before_all(list(then), after) | _before_all(list(otherwise), after)
        case checked.Either(branches):
            return {local for branch in branches for local in _before_all(list(branch), after)}
        case checked.While(condition, body):
            looked_at = used(condition)
            return _before_loop(list(body), after | looked_at, set()) | looked_at
        case checked.ForEach(variable, where, body):
            bound = {variable.local.id}
            return _before_loop(list(body), after, bound) | (used((variable, where)) - bound)
        case checked.Handled(inner, handlers):
            refused = {local for handler in handlers for local in _before_all(list(handler.body), after)}
            return _before(inner, after | refused)
        case checked.Return():
            return set()
        case _:
            return after | used(statement)


def used(part: object) -> set[int]:
    """The locals that a piece of the tree looks at."""
    found = set()
    match part:
        case checked.LocalUse(local) | checked.CopyRead(local) | checked.Update(local):
            found.add(local.id)
        case _:
            pass
    if isinstance(part, tuple):
        return found.union(*map(used, part))
    if is_dataclass(part):
        names = [item.name for item in fields(part) if item.name not in ("span", "type", "local")]
        return found.union(*(used(getattr(part, name)) for name in names))
    return found
