"""Whether an action could change a state: its transitions once more, without telling anything."""

from __future__ import annotations

from llvmlite import ir

from kspec.explore.machine.builder import I64, ROW, Builder, Operand
from kspec.explore.machine.code import Code, Shared, Unpacked
from kspec.explore.machine.expressions import Expressions
from kspec.explore.machine.steps import Steps
from kspec.explore.machine.successor import Successors, changes
from kspec.system.expressions import FailureKind
from kspec.system.transitions import Bind, Role, Transition


class Enabling:
    """Builds a function for each transition that is asked about."""

    def __init__(self, module: ir.Module, successors: Successors) -> None:
        self._module = module
        self._successors = successors
        self._functions: dict[tuple[int, bool], ir.Function] = {}
        """By transition, and whether the component instance is given."""

    def test(self, code: Code, state: Unpacked, action: int, instance: Operand | None) -> ir.Value:
        b = code.b
        found = b.variable(0)
        for number, transition in enumerate(code.shared.system.transitions):
            if transition.action == action:
                function = self._function(code.shared, number, pinned=instance is not None)
                chosen = 0 if instance is None else instance
                found.include(b.call(function, (state.words, state.cells, chosen)))
        return b.differ(found.get(), 0)

    def _function(self, shared: Shared, number: int, *, pinned: bool) -> ir.Function:
        """`enabled(words, cells, instance)`: 1 or 0."""
        if (number, pinned) not in self._functions:
            of_state = ir.FunctionType(I64, (ROW, ROW, I64))
            name = f"enabled.{number}.{'instance' if pinned else 'any'}"
            function = self._functions[number, pinned] = ir.Function(self._module, of_state, name)
            function.linkage = "internal"
            self._define(shared, function, shared.system.transitions[number], pinned=pinned)
        return self._functions[number, pinned]

    def _define(self, shared: Shared, function: ir.Function, transition: Transition, *, pinned: bool) -> None:
        words, cells, instance = function.args
        code = Code(shared, Builder(function), Unpacked(words, cells))
        chosen = {
            step.local.id: instance
            for step in transition.steps
            if pinned and isinstance(step, Bind) and step.role is Role.INSTANCE
        }
        Steps(code, transition, _Asked(code, self._successors), chosen).build()
        code.b.ret(0)
        code.b.finish()


class _Asked:
    """The outlet of a transition of which only is asked whether it changes the state, ghost variables aside."""

    def __init__(self, code: Code, successors: Successors) -> None:
        self._code = code
        self._successors = successors

    def taken(self, expressions: Expressions, transition: Transition) -> None:
        after = self._successors.build(expressions, transition)
        with self._code.b.when(changes(self._code, after)):
            self._code.b.ret(1)

    def failing(self, kind: FailureKind) -> None:
        pass

    def blocked(self) -> None:
        pass

    def clause(self, number: int, *, held: bool) -> None:
        pass
