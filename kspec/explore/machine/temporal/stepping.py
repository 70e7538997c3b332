"""Every step from a state, for the graph: to where it leads, whose it is, and which unit of fairness takes it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from llvmlite import ir

from kspec.explore.machine.builder import I64, ROW, Builder, Operand, Variable
from kspec.explore.machine.code import Code, Unpacked
from kspec.explore.machine.expressions import Expressions
from kspec.explore.machine.functions import STATE, WORKER
from kspec.explore.machine.parts import Parts
from kspec.explore.machine.places import place_in
from kspec.explore.machine.sets import ordinal_of
from kspec.explore.machine.shapes import universe
from kspec.explore.machine.steps import Outlet, Steps
from kspec.explore.machine.successor import changes
from kspec.explore.temporal.graph import NO_UNIT
from kspec.explore.temporal.units import Waiting, waiting_of
from kspec.system.expressions import FailureKind, Local
from kspec.system.fairness import Source, Units
from kspec.system.transitions import Bind, Transition


@dataclass(frozen=True, slots=True)
class StepFunctions:
    """`expand(worker, state, cells)`: takes every binding in the state, and says whether it is cut.
    `step(worker, successor, action, unit)`: takes a copy of what a binding led to.
    `wait(worker, unit)`: the unit waits in a queue."""

    module: ir.Module
    expand: ir.Function
    step: ir.Function
    wait: ir.Function


def declare(module: ir.Module) -> StepFunctions:
    of_state = ir.FunctionType(I64, (WORKER, STATE, ROW))
    of_step = ir.FunctionType(ir.VoidType(), (WORKER, STATE, I64, I64))
    of_unit = ir.FunctionType(ir.VoidType(), (WORKER, I64))
    functions = StepFunctions(
        module,
        expand=ir.Function(module, of_state, "expand"),
        step=ir.Function(module, of_step, "step"),
        wait=ir.Function(module, of_unit, "wait"),
    )
    for function in (functions.expand, functions.step, functions.wait):
        function.linkage = "internal"
    return functions


def define_expand(functions: StepFunctions, parts: Parts, units: Units) -> None:
    """With a function for each transition, and for each queue."""
    called = [
        *(_transition(functions, parts, units, number) for number in range(len(parts.shared.system.transitions))),
        *(_queue(functions, parts, units, number, waiting) for number, waiting in enumerate(waiting_of(units))),
    ]
    b = Builder(functions.expand)
    blocked = b.variable(0)
    for function in called:
        blocked.include(b.call(function, functions.expand.args))
    b.ret(blocked.get())
    b.finish()


def _transition(functions: StepFunctions, parts: Parts, units: Units, number: int) -> ir.Function:
    """`transition(worker, words, cells)`: whether some binding found no room."""
    transition = parts.shared.system.transitions[number]
    return _over_bindings(
        functions.module,
        parts,
        transition,
        f"transition.{number}",
        lambda code, worker, blocked: _Stepped(code, parts, functions, worker, units, blocked),
    )


def _queue(functions: StepFunctions, parts: Parts, units: Units, number: int, waiting: Waiting) -> ir.Function:
    """`queue(worker, words, cells)`: 0. Tells the units that wait."""
    return _over_bindings(
        functions.module,
        parts,
        waiting.steps,
        f"queue.{number}",
        lambda code, worker, _: _InQueue(code, parts, functions, worker, units, waiting.positions),
    )


def _over_bindings(
    module: ir.Module,
    parts: Parts,
    transition: Transition,
    name: str,
    outlet: Callable[[Code, ir.Value, Variable], Outlet],
) -> ir.Function:
    function = ir.Function(module, ir.FunctionType(I64, (WORKER, ROW, ROW)), name)
    function.linkage = "internal"
    function.attributes.add("noinline")  # inlined, each would be optimised once more within `expand`
    worker, words, cells = function.args
    code = Code(parts.shared, Builder(function), Unpacked(words, cells))
    blocked = code.b.variable(0)
    Steps(code, transition, outlet(code, worker, blocked), {}).build()
    code.b.ret(blocked.get())
    code.b.finish()
    return function


@dataclass(frozen=True, slots=True)
class _Stepped:
    """The outlet of a transition of which every step is one of the graph."""

    code: Code
    parts: Parts
    functions: StepFunctions
    worker: ir.Value
    units: Units
    blocked_once: Variable

    def taken(self, expressions: Expressions, transition: Transition) -> None:
        b = self.code.b
        after = self.parts.successors.build(expressions, transition)
        unit = b.variable(NO_UNIT)
        if self.units.sources[transition.action] is not None:
            with b.when(changes(self.code, after)):
                binds = dict(enumerate(_binds(transition)))
                unit.set(_unit(self.code, self.parts, self.units, transition.action, binds))
        b.call(self.functions.step, (self.worker, after, transition.action, unit.get()))

    def failing(self, kind: FailureKind) -> None:
        """A step that fails leads nowhere: that it does is a violation, and found by the search."""

    def blocked(self) -> None:
        self.blocked_once.set(1)

    def clause(self, number: int, *, held: bool) -> None:
        """The search tells of clauses."""


@dataclass(frozen=True, slots=True)
class _InQueue:
    """The outlet of the steps of waiting."""

    code: Code
    parts: Parts
    functions: StepFunctions
    worker: ir.Value
    units: Units
    positions: tuple[int, ...]
    """See `Waiting`."""

    def taken(self, expressions: Expressions, transition: Transition) -> None:
        binds = dict(zip(self.positions, _binds(transition), strict=False))
        unit = _unit(self.code, self.parts, self.units, transition.action, binds)
        self.code.b.call(self.functions.wait, (self.worker, unit))

    def failing(self, kind: FailureKind) -> None:
        """What fails waits for nothing."""

    def blocked(self) -> None:
        """Nor does what finds no room."""

    def clause(self, number: int, *, held: bool) -> None:
        """The search tells of clauses."""


def _binds(transition: Transition) -> list[Local]:
    return [step.local for step in transition.steps if isinstance(step, Bind)]


def _unit(code: Code, parts: Parts, units: Units, action: int, binds: Mapping[int, Local]) -> ir.Value:
    """Units of an action are numbered by the ordinals of their values, those of the last source fastest. `binds`: what
    is bound, by position."""
    b = code.b
    within = b.number(0)
    for source in units.sources[action] or ():
        values = universe(source.sort)
        ordinal = ordinal_of(b, _value(code, parts, binds[source.bind], source), values)
        within = b.add(b.multiply(within, values.size), ordinal)
    return b.add(within, _first_unit(units, action))


def _value(code: Code, parts: Parts, local: Local, source: Source) -> Operand:
    bound = code.locals[local.id]
    if source.variable is None:
        return bound
    return place_in(code.b, parts.shared, code.new.cells, parts.layout.places.variables[source.variable], bound)


def _first_unit(units: Units, action: int) -> int:
    """0 where it has none, and no binding."""
    return next((number for number, unit in enumerate(units.units) if unit.action == action), 0)
