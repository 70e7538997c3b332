"""`for` loops: simultaneous."""

from __future__ import annotations

from collections.abc import Sequence

from kspec.language import checked
from tests.reference.expressions import View, bindings, evaluate, holds
from tests.reference.objects import in_range
from tests.reference.places import declared_type, delete, requests, write
from tests.reference.store import Store
from tests.reference.values import Ended, Failed, Value
from tests.reference.world import World


def run_loop(world: World, store: Store, loop: checked.For, locals: dict[int, Value]) -> bool:
    """Whether some request was refused. Every iteration reads the state before the loop."""
    before = store.copy()
    iterations = [
        _Iteration(inner)
        for inner in bindings((loop.variable,), View(world, before, locals))
        if loop.where is None or holds(loop.where, inner)
    ]
    _Loop(world, store).run(loop.body, iterations)
    return any(iteration.refused for iteration in iterations)


class _Loop:
    """A `for` being run; `store` is what it writes."""

    def __init__(self, world: World, store: Store) -> None:
        self.world = world
        self.store = store

    def run(self, statements: tuple[checked.Statement, ...], iterations: list[_Iteration]) -> None:
        """Statement by statement, each for all iterations that still go on."""
        for request in requests(statements):
            going = [iteration for iteration in iterations if not iteration.refused]
            match request[0]:
                case checked.Assign():
                    self._assign(request, going)
                case checked.Delete(expression):
                    for iteration in going:
                        iteration.delete(self.store, expression)
                case checked.If(condition, then, otherwise):
                    true = [iteration for iteration in going if holds(condition, iteration.view)]
                    self.run(then, true)
                    self.run(otherwise, [iteration for iteration in going if iteration not in true])
                case checked.Let(local, value):
                    assert not isinstance(value, checked.Create)
                    for iteration in going:
                        iteration.view = iteration.view.bound({local.id: evaluate(value, iteration.view)})
                case checked.Assert(condition):
                    for iteration in going:
                        if not holds(condition, iteration.view):
                            raise Failed("Asserts")
                case _:
                    raise AssertionError(request[0])

    def _assign(self, request: Sequence[checked.Statement], going: list[_Iteration]) -> None:
        for assignment in request:
            assert isinstance(assignment, checked.Assign)
            assert not isinstance(assignment.value, checked.Create)
            values = [
                in_range(
                    self.world, evaluate(assignment.value, iteration.view), declared_type(self.world, assignment.place)
                )
                for iteration in going
            ]
            for iteration, value in zip(going, values, strict=True):
                iteration.missing |= not write(self.world, self.store, assignment.place, value, iteration.view)
        for iteration in going:
            iteration.refused |= iteration.missing


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
