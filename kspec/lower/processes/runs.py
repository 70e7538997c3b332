"""The state of a process: where each of its runs stands, its arguments, and the locals that it still needs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, TypeAlias

from kspec.language import checked
from kspec.language.codes import Code
from kspec.language.types import OptionType
from kspec.language.walk import statements
from kspec.lower import names, quantifiers
from kspec.lower.problems import Problem
from kspec.lower.processes.points import members_of
from kspec.lower.requests.copies import fields_of_copies
from kspec.lower.scope import Copy, Scope
from kspec.system.expressions import Expr, Literal, Use
from kspec.system.meanings import CopyIsCurrent, RunArgument, RunAt, RunLocal, VariableMeaning, Workers
from kspec.system.sorts import BOOL, EnumSort, IntSort, ObjectSort, OptionSort, SetSort, Sort
from kspec.system.system import Kind, Role, Variable

if TYPE_CHECKING:
    from kspec.lower.context import Context

IDLE = "idle"

Stop: TypeAlias = checked.Yield | checked.Await | checked.ForEach
"""A statement at which a run stands: behind a round of a `for each`."""


@dataclass(slots=True)
class Runs:
    """The state variables of one process. `stops`: the statements at which a run can stand, in the order of the text.
    `workers`: a kind without objects of the text, for several runs at once. `needed`: the locals that some point needs.
    """

    component: checked.Component
    process: checked.Process
    workers: Kind | None
    stops: tuple[Stop, ...]
    needed: set[int] = field(default_factory=set)
    locals: dict[int, tuple[str, Sort]] = field(default_factory=dict)
    """By local: the name of its variable, and the sort of its value."""
    copies: dict[int, tuple[str, tuple[str, ...]]] = field(default_factory=dict)
    """By local that holds a copy: the kind and the fields that are looked at."""
    live: dict[Stop, frozenset[int]] = field(default_factory=dict)
    """By statement at which some run stands: the locals that matter there."""

    def variable(self, name: str) -> str:
        return f"{self.component.name}.{self.process.name} {name}"

    @property
    def counter(self) -> str:
        """Where the run stands."""
        return self.variable("at")

    @property
    def counter_sort(self) -> EnumSort:
        lines = [f"line {stop.span.line}" for stop in self.stops]
        names = [line if lines.count(line) == 1 else f"{line} ({at})" for at, line in enumerate(lines, start=1)]
        return EnumSort(self.counter, (IDLE, *names))

    def at(self, stop: Stop | None) -> Literal:
        """The value of the counter of a run that stands at a statement, or of none."""
        number = 0 if stop is None else 1 + [known.span for known in self.stops].index(stop.span)
        return Literal(number, self.counter_sort)

    def argument(self, parameter: checked.Variable) -> str:
        return self.variable(f"argument {parameter.local.name}")

    def is_needed(self, variable: str) -> bool:
        """Whether a state variable of the process is of any use."""
        return not any(variable in self._variables_of(local) for local in self.locals.keys() - self.needed)

    def live_variables(self) -> Iterator[tuple[str, ...]]:
        """For each value of the counter: the variables of the locals that matter there."""
        yield ()
        for stop in self.stops:
            live = self.live.get(stop, frozenset())
            yield tuple(name for local in self.locals if local in live for name in self._variables_of(local))

    def _variables_of(self, local: int) -> list[str]:
        if local not in self.copies:
            return [self.locals[local][0]]
        fields = (self.copy_field(local, name) for name in self.copies[local][1])
        return [self.locals[local][0], self.copy_current(local), *fields]

    def copy_field(self, local: int, name: str) -> str:
        return f"{self.locals[local][0]}.{name}"

    def copy_current(self, local: int) -> str:
        return f"{self.locals[local][0]} current"


def stored_sort(sort: Sort) -> Sort:
    """The sort of a variable for values of a sort: one that refers to nothing while no run needs it."""
    return OptionSort(sort) if isinstance(sort, ObjectSort) else sort


def count_workers(context: Context, process: checked.Process) -> int:
    """How many runs of the process an instance of the component has at once."""
    return 1 if process.workers is None else context.number(process.workers)


def describe_runs(context: Context, component: checked.Component, process: checked.Process) -> Runs:
    """The locals of a process, their sorts, and where its runs can stand."""
    workers = None
    count = count_workers(context, process)
    if count < 1:
        span = process.span if process.workers is None else process.workers.span
        raise Problem(Code.KS602, f"a process with {count} workers", span, "it has one or more")
    if count > 1:
        name = f"{component.name}.{process.name} worker"
        slots = tuple(f"worker {number}" for number in range(1, count + 1))
        workers = Kind(name, slots, True, False, Workers(component.name, process.name))
    stops = tuple(found for found in statements(process.body) if isinstance(found, Stop))
    runs = Runs(component, process, workers, stops)
    _Sorts(context, runs).find()
    return runs


def declare_runs(context: Context, runs: Runs) -> Iterator[Variable]:
    """The state variables that a process may need; see `Runs.needed`."""
    component, span = runs.component, runs.process.span
    index: list[Sort] = []
    if component.instance is not None:
        index.append(context.sort(component.instance.type, component.span))
    if runs.workers is not None:
        index.append(runs.workers.sort)

    of = (component.name, runs.process.name)

    def variable(name: str, sort: Sort, meaning: VariableMeaning) -> Variable:
        return Variable(name, tuple(index), stored_sort(sort), Role.COMPONENT, span=span, meaning=meaning)

    yield variable(runs.counter, runs.counter_sort, RunAt(*of, tuple(runs.live_variables())))
    for parameter in runs.process.parameters:
        sort = context.sort(parameter.local.type, span)
        yield variable(runs.argument(parameter), sort, RunArgument(*of, parameter.local.name))
    for local, (name, sort) in runs.locals.items():
        told = name.removeprefix(runs.variable(""))
        yield variable(name, sort, RunLocal(*of, told))
        if local in runs.copies:
            kind, fields = runs.copies[local]
            yield variable(runs.copy_current(local), BOOL, CopyIsCurrent(*of, told))
            for item in fields:
                meaning = RunLocal(*of, f"{told}.{item}")
                yield variable(runs.copy_field(local, item), context.variables[names.field(kind, item)].sort, meaning)


class _Sorts:
    """Finds the sort of every local, in the order of the text: a `let` may use those before it."""

    def __init__(self, context: Context, runs: Runs) -> None:
        self._context = context
        self._runs = runs
        self._scope = Scope()
        self._fields = fields_of_copies((runs.process.body,))

    def find(self) -> None:
        component, process = self._runs.component, self._runs.process
        if component.instance is not None:
            self._bind(component.instance, self._context.sort(component.instance.type, component.span))
        for parameter in process.parameters:
            self._bind(parameter.local, self._context.sort(parameter.local.type, process.span))
        for statement in statements(process.body):
            self._statement(statement)

    def _statement(self, statement: checked.Statement) -> None:
        match statement:
            case checked.LocalVar(local, _, span):
                self._keep(local, self._context.sort(local.type, span))
            case checked.Let(local, value):
                self._let(local, value)
            case checked.Choose(variables):
                for variable in variables:
                    self._keep(variable.local, self._ranged(variable))
            case checked.For(variable):
                self._bind(variable.local, self._ranged(variable))
            case checked.ForEach(variable, _, _, span):
                sort = self._ranged(variable)
                self._keep(variable.local, sort)
                name = self._runs.variable(f"rest of {variable.local.name}")
                self._runs.locals[members_of(statement)] = (self._unused(name), SetSort(sort))
            case checked.Call(request):
                for parameter in self._context.model.requests[request].parameters:
                    self._bind(parameter.local, self._context.sort(parameter.local.type, statement.span))
            case _:
                pass

    def _let(self, local: checked.Local, value: checked.Expr | checked.Create | checked.Get) -> None:
        match value:
            case checked.Create(kind):
                self._keep(local, self._given(local, kind))
            case checked.Get(_, kind):
                fields = self._fields.get(local.id, ())
                self._runs.copies[local.id] = (kind, fields)
                self._keep(local, self._given(local, kind))
                item = self._scope.locals[local.id]
                contents: dict[str, Expr] = {}
                for name in fields:
                    sort = self._context.variables[names.field(kind, name)].sort
                    contents[name] = Use(self._context.fresh(name, sort))
                copy = Copy(kind, item, contents, Use(self._context.fresh("current", BOOL)))
                self._scope = replace(self._scope, copies={**self._scope.copies, local.id: copy})
            case _:
                sort = self._context.lowering.lower(value, self._scope).sort
                if isinstance(sort, IntSort) and (sort.lo is None or sort.hi is None):
                    hint = f"declare it with a range: `var {local.name}: 0..9 = …`"
                    raise Problem(
                        Code.KS603, f"`{local.name}` has no bounds and is kept over a yield", value.span, hint
                    )
                self._keep(local, sort)

    def _given(self, local: checked.Local, kind: str) -> Sort:
        sort = self._context.kind(kind).sort
        return OptionSort(sort) if isinstance(local.type, OptionType) else sort

    def _ranged(self, variable: checked.Variable) -> Sort:
        (binding,) = quantifiers.range_over(self._context.lowering, (variable,), self._scope).bindings
        return binding.local.sort

    def _keep(self, local: checked.Local, sort: Sort) -> None:
        self._bind(local, sort)
        self._runs.locals[local.id] = (self._unused(self._runs.variable(local.name)), sort)

    def _bind(self, local: checked.Local, sort: Sort) -> None:
        self._scope = self._scope.bind(local, Use(self._context.fresh(local.name, sort)))

    def _unused(self, name: str) -> str:
        """The name, or one like it: two blocks may call different locals the same."""
        taken = {known for known, _ in self._runs.locals.values()}
        number, found = 1, name
        while found in taken:
            number += 1
            found = f"{name} {number}"
        return found
