"""Bodies of actions: sequential, on a copy of the state."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from kspec.language import checked
from tests.reference.expressions import View, domain, evaluate, holds
from tests.reference.loops import run_loop
from tests.reference.objects import begin, begin_components, begin_entries, in_range
from tests.reference.places import declared_type, delete, requests, write
from tests.reference.store import Store
from tests.reference.values import Blocked, Disabled, Ended, Ref, Value, require
from tests.reference.world import World

T = TypeVar("T")


class Choices:
    """The choices of one attempt: those of the trail again, then the first option of every further choice."""

    def __init__(self) -> None:
        self._trail: list[tuple[int, int]] = []
        self._position = 0

    def pick(self, options: Sequence[T]) -> T:
        if not options:
            raise Disabled
        if self._position == len(self._trail):
            self._trail.append((0, len(options)))
        taken, _ = self._trail[self._position]
        self._position += 1
        return options[taken]

    def advance(self) -> bool:
        """On to the next attempt; False when there is none."""
        self._position = 0
        while self._trail:
            taken, count = self._trail.pop()
            if taken + 1 < count:
                self._trail.append((taken + 1, count))
                return True
        return False


class Body:
    """A body being run, one statement after the other."""

    def __init__(self, world: World, store: Store, choices: Choices) -> None:
        self.world = world
        self.store = store
        self.choices = choices
        self.locals: dict[int, Value] = {}
        self.refused = False

    def view(self) -> View:
        return View(self.world, self.store, self.locals)

    def choose(self, variable: checked.Variable) -> Value:
        self.locals[variable.local.id] = value = self.choices.pick(domain(variable.domain, self.view()))
        return value

    def run_to_end(self, statements: tuple[checked.Statement, ...]) -> bool:
        """Whether some request was refused."""
        try:
            self._run(statements)
        except Ended:
            self.refused = True
        return self.refused

    def _run(self, statements: tuple[checked.Statement, ...]) -> None:
        for group in requests(statements):
            if isinstance(group[0], checked.Assign):
                self._assign(group)
            else:
                self._statement(group[0])

    def _statement(self, statement: checked.Statement) -> None:
        match statement:
            case checked.Let(local, value):
                self.locals[local.id] = self._right_side(value)
            case checked.CreateStatement(create):
                self._create(create)
            case checked.Delete(expression):
                delete(self.store, evaluate(expression, self.view()))
            case checked.If(condition, then, otherwise):
                self._run(then if holds(condition, self.view()) else otherwise)
            case checked.Choose(variables, where):
                for variable in variables:
                    self.choose(variable)
                if where is not None and not holds(where, self.view()):
                    raise Disabled
            case checked.Either(branches):
                self._run(self.choices.pick(branches))
            case checked.Assert(condition):
                require(holds(condition, self.view()))
            case checked.For():
                self.refused |= run_loop(self.world, self.store, statement, self.locals)
            case checked.Assign():
                self._assign([statement])

    def _assign(self, request: Sequence[checked.Statement]) -> None:
        """Consecutive assignments through one expression: all are evaluated, then the request is judged as a whole."""
        before = self.store.copy() if len(request) > 1 else self.store
        missing = False
        for assignment in request:
            assert isinstance(assignment, checked.Assign)
            value = in_range(
                self.world, self._right_side(assignment.value), declared_type(self.world, assignment.place)
            )
            missing |= not write(self.world, self.store, assignment.place, value, self.view())
        if missing:
            self.store = before
            raise Ended

    def _right_side(self, value: checked.Expr | checked.Create) -> Value:
        return self._create(value) if isinstance(value, checked.Create) else evaluate(value, self.view())

    def _create(self, create: checked.Create) -> Ref:
        """Values first; then quota, key and room are asked, in this order."""
        kind = self.world.model.kinds[create.kind]
        given: dict[str, Value] = {}
        for name, expression in create.fields:
            declared = kind.field(name)
            assert declared is not None
            given[name] = in_range(self.world, evaluate(expression, self.view()), declared.type)
        for declared in kind.fields:
            if declared.name not in given:
                assert declared.default is not None
                given[declared.name] = in_range(self.world, evaluate(declared.default, self.view()), declared.type)
        ref = self._free_slot(create.kind)
        if (ref is None and create.kind in self.world.quotas) or self._taken(create.kind, given):
            raise Ended
        if ref is None:
            raise Blocked
        begin(self.world, self.store, ref, given)
        begin_components(self.world, self.store, ref)
        begin_entries(self.world, self.store, ref)
        return ref

    def _free_slot(self, kind: str) -> Ref | None:
        """The lowest; a slot that this body freed is not among them, for only `settle` empties it."""
        slots = (Ref(kind, slot) for slot in range(self.world.slots[kind]))
        return next((ref for ref in slots if ref not in self.store.things), None)

    def _taken(self, kind: str, given: dict[str, Value]) -> bool:
        names = self.world.keys(kind)
        others = [self.store.things[ref].fixed for ref in self.store.existing(kind)]
        return bool(names) and any(all(other[name] == given[name] for name in names) for other in others)
