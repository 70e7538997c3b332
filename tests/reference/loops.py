"""`for` loops: simultaneous."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from kspec.language import checked
from tests.reference.authority import Caller, is_admitted, is_permitted, is_unreachable
from tests.reference.expressions import View, counts, evaluate, for_bindings, holds
from tests.reference.objects import in_range
from tests.reference.places import declared_type, keys_of, object_of, requests, write
from tests.reference.store import Store, Thing
from tests.reference.values import Ref, Value, for_all_of, require
from tests.reference.world import World


def run_loop(world: World, store: Store, loop: checked.For, view: View, caller: Caller) -> tuple[bool, set[Ref]]:
    """Whether some request was refused, and what was written. Every iteration reads the state before the loop, which
    is what `view` looks at."""
    before = replace(view, now=store.copy())
    turns = for_bindings((loop.variable,), before, lambda inner: (inner, counts(loop.where, inner)))
    iterations = [_Iteration(inner) for inner, going in turns if going]
    running = _Loop(world, store, loop.variable.local.id, caller)
    running.run(loop.body, iterations)
    return any(iteration.refused for iteration in iterations), running.written


class _Loop:
    """A `for` being run; `store` is what it writes."""

    def __init__(self, world: World, store: Store, variable: int, caller: Caller) -> None:
        self.world = world
        self.store = store
        self.variable = variable
        self.caller = caller
        self.written: set[Ref] = set()

    def run(self, statements: tuple[checked.Statement, ...], iterations: list[_Iteration]) -> None:
        """Part by part, each for all iterations that still go on: `for_all_of` them, because each part may fail."""
        for request in requests(statements):
            going = [iteration for iteration in iterations if not iteration.refused]
            match request[0]:
                case checked.Assign():
                    self._assign(request, going)
                case checked.Delete():
                    for_all_of(going, self._delete)
                case checked.If(condition, then, otherwise):
                    turns = for_all_of(going, lambda iteration: (iteration, holds(condition, iteration.view)))
                    true = [iteration for iteration, taken in turns if taken]
                    self.run(then, true)
                    self.run(otherwise, [iteration for iteration in going if iteration not in true])
                case checked.Let(local, value):
                    assert not isinstance(value, checked.Create | checked.Get)
                    values = for_all_of(going, lambda iteration: evaluate(value, iteration.view))
                    for iteration, bound in zip(going, values, strict=True):
                        iteration.view = iteration.view.bound({local.id: bound})
                case checked.Assert(condition):
                    for_all_of(going, lambda iteration: require(holds(condition, iteration.view)))
                case _:
                    raise AssertionError(request[0])

    def _assign(self, request: Sequence[checked.Statement], going: list[_Iteration]) -> None:
        """Judged in the state before the loop, but an object that its iteration deleted is gone."""
        assignments = [item for item in request if isinstance(item, checked.Assign)]
        places = [object_of(item.place) for item in assignments]
        names = [place.field for place in places if place is not None]
        allowed = for_all_of(going, lambda iteration: self._may(iteration, "update", names))
        before = [self.store.things[self._object(iteration)].copy() for iteration in going]
        for iteration, permitted in zip(going, allowed, strict=True):
            iteration.refused = not permitted
        for assignment in assignments:
            self._assign_one(assignment, going)
        turns = [turn for turn in zip(going, before, strict=True) if not turn[0].refused]
        for_all_of(turns, lambda turn: self._admit(turn[0], names, turn[1]))

    def _assign_one(self, assignment: checked.Assign, going: list[_Iteration]) -> None:
        place, expression = assignment.place, assignment.value
        assert not isinstance(expression, checked.Create | checked.Get)
        stored = declared_type(self.world, place)
        values = for_all_of(going, lambda iteration: evaluate(expression, iteration.view))
        for_all_of(values, lambda value: in_range(self.world, value, stored))
        for_all_of(going, lambda iteration: keys_of(place, iteration.view))
        turns = zip(going, values, strict=True)
        for_all_of(turns, lambda turn: self._write(turn[0], place, turn[1]))

    def _write(self, iteration: _Iteration, place: checked.Place, value: Value) -> None:
        write(self.world, self.store, place, value, iteration.view, refused=iteration.refused)

    def _admit(self, iteration: _Iteration, names: list[str], before: Thing) -> None:
        ref = self._object(iteration)
        fields = {name: self.store.things[ref].mutable[name] for name in names}
        if is_admitted(self.world, iteration.view.now, self.caller, "update", ref.kind, ref, fields):
            self.written.add(ref)
        else:
            self.store.things[ref] = before
            iteration.refused = True

    def _may(self, iteration: _Iteration, verb: str, names: Sequence[str]) -> bool:
        ref, before = self._object(iteration), iteration.view.now
        return (
            not is_unreachable(self.store, self.caller)
            and is_permitted(self.world, before, self.caller, verb, ref.kind, names, ref)
            and self.store.alive(ref)
        )

    def _delete(self, iteration: _Iteration) -> None:
        if self._may(iteration, "delete", ()):
            ref = self._object(iteration)
            self.store.delete(ref)
            self.written.add(ref)
        else:
            iteration.refused = True

    def _object(self, iteration: _Iteration) -> Ref:
        ref = iteration.view.locals[self.variable]
        assert isinstance(ref, Ref)
        return ref


class _Iteration:
    """One object's turn of a `for`; its view stays that of the state before the loop."""

    def __init__(self, view: View) -> None:
        self.view = view
        self.refused = False
