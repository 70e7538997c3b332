"""`for` loops: simultaneous."""

from __future__ import annotations

from collections.abc import Sequence

from kspec.language import checked
from tests.reference.expressions import View, counts, evaluate, for_bindings, holds
from tests.reference.objects import in_range
from tests.reference.places import declared_type, delete, keys_of, requests, write
from tests.reference.store import Store
from tests.reference.values import Ended, Value, for_all_of, require
from tests.reference.world import World


def run_loop(world: World, store: Store, loop: checked.For, locals: dict[int, Value]) -> bool:
    """Whether some request was refused. Every iteration reads the state before the loop."""
    before = store.copy()
    turns = for_bindings(
        (loop.variable,), View(world, before, locals), lambda inner: (inner, counts(loop.where, inner))
    )
    iterations = [_Iteration(inner) for inner, going in turns if going]
    _Loop(world, store).run(loop.body, iterations)
    return any(iteration.refused for iteration in iterations)


class _Loop:
    """A `for` being run; `store` is what it writes."""

    def __init__(self, world: World, store: Store) -> None:
        self.world = world
        self.store = store

    def run(self, statements: tuple[checked.Statement, ...], iterations: list[_Iteration]) -> None:
        """Part by part, each for all iterations that still go on: `for_all_of` them, because each part may fail."""
        for request in requests(statements):
            going = [iteration for iteration in iterations if not iteration.refused]
            match request[0]:
                case checked.Assign():
                    self._assign(request, going)
                case checked.Delete(expression):
                    for iteration in going:
                        iteration.delete(self.store, expression)
                case checked.If(condition, then, otherwise):
                    turns = for_all_of(going, lambda iteration: (iteration, holds(condition, iteration.view)))
                    true = [iteration for iteration, taken in turns if taken]
                    self.run(then, true)
                    self.run(otherwise, [iteration for iteration in going if iteration not in true])
                case checked.Let(local, value):
                    assert not isinstance(value, checked.Create)
                    values = for_all_of(going, lambda iteration: evaluate(value, iteration.view))
                    for iteration, bound in zip(going, values, strict=True):
                        iteration.view = iteration.view.bound({local.id: bound})
                case checked.Assert(condition):
                    for_all_of(going, lambda iteration: require(holds(condition, iteration.view)))
                case _:
                    raise AssertionError(request[0])

    def _assign(self, request: Sequence[checked.Statement], going: list[_Iteration]) -> None:
        for assignment in request:
            assert isinstance(assignment, checked.Assign)
            self._assign_one(assignment, going)
        for iteration in going:
            iteration.refused |= iteration.missing

    def _assign_one(self, assignment: checked.Assign, going: list[_Iteration]) -> None:
        place, expression = assignment.place, assignment.value
        assert not isinstance(expression, checked.Create)
        stored = declared_type(self.world, place)
        values = for_all_of(going, lambda iteration: evaluate(expression, iteration.view))
        for_all_of(values, lambda value: in_range(self.world, value, stored))
        for_all_of(going, lambda iteration: keys_of(place, iteration.view))
        turns = list(zip(going, values, strict=True))
        written = for_all_of(turns, lambda turn: write(self.world, self.store, place, turn[1], turn[0].view))
        for iteration, done in zip(going, written, strict=True):
            iteration.missing |= not done


class _Iteration:
    """One object's turn of a `for`; its view stays that of the state before the loop."""

    def __init__(self, view: View) -> None:
        self.view = view
        self.missing = False
        self.refused = False

    def delete(self, store: Store, expression: checked.Expr) -> None:
        try:
            delete(store, evaluate(expression, self.view))
        except Ended:
            self.refused = True
