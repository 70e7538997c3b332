"""What a step does to the runs of processes: where they stand, their locals, and those that a crash ends."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from kspec.evaluate.layout import Layout
from kspec.evaluate.run import State
from kspec.system.meanings import CopyIsCurrent, RunArgument, RunAt, RunLocal
from kspec.system.sorts import EnumSort, ObjectSort, Sort, Value
from kspec.system.system import System, Variable
from kspec.trace.describe import Change, Named, indexes_of
from kspec.trace.values import show_value
from kspec.trace.watching import Moment

IDLE = 0
"""The value of the counter of a run that is none."""


@dataclass(frozen=True, slots=True)
class RunStep:
    """A step of a run. `start`: where the run stood, None where it begins; `stop`: where it stands now, None where it
    is over, or where the step fails. `locals`: those that it got or changed, and goes on with."""

    start: str | None
    stop: str | None
    locals: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class RunName:
    """A run: the process with its arguments, and where it stands."""

    actor: str
    process: str
    arguments: tuple[Named, ...]
    worker: str | None
    stop: str


@dataclass(frozen=True, slots=True)
class Outdated:
    """Somebody wrote the object that a run has a copy of in a local."""

    run: RunName
    local: str


@dataclass(slots=True)
class _Process:
    """The state variables of a process's runs."""

    counter: Variable
    meaning: RunAt
    arguments: dict[str, Variable] = field(default_factory=dict)
    locals: dict[str, Variable] = field(default_factory=dict)
    copies: dict[str, Variable] = field(default_factory=dict)


class RunsOf:
    """Tells of the runs of one system."""

    def __init__(self, system: System, layout: Layout) -> None:
        self._layout = layout
        self._workers = frozenset(kind.name for kind in system.kinds if kind.meaning is not None)
        self._processes: dict[tuple[str, str], _Process] = {}
        for variable in system.variables:
            if isinstance(variable.meaning, RunAt):
                of = (variable.meaning.component, variable.meaning.process)
                self._processes[of] = _Process(variable, variable.meaning)
        for variable in system.variables:
            match variable.meaning:
                case RunArgument(component, process, name):
                    self._processes[component, process].arguments[name] = variable
                case RunLocal(component, process, name):
                    self._processes[component, process].locals[name] = variable
                case CopyIsCurrent(component, process, name):
                    self._processes[component, process].copies[name] = variable
                case _:
                    pass

    def step(
        self, component: str, process: str, index: tuple[Value, ...], before: Moment, after: Moment | None
    ) -> RunStep:
        """What a step of the run at an index did; there is nothing after one that fails."""
        known = self._processes[component, process]
        number = self._layout.number(known.counter.name, index)
        start = _point(known, self._stands(known, number, before.state))
        if after is None:
            return RunStep(start, None, ())
        stop = _point(known, self._stands(known, number, after.state))
        return RunStep(start, stop, tuple(self._changes(known, number, before, after)))

    def is_process(self, component: str, name: str) -> bool:
        return (component, name) in self._processes

    def ended(self, component: str, instance: Value, before: Moment, after: Moment) -> tuple[RunName, ...]:
        """The runs of a component's instance that are no more."""
        return tuple(
            self._name(known, number, index, before)
            for (of, _), known in self._processes.items()
            for number, index in enumerate(indexes_of(known.counter))
            if of == component and (instance is None or index[:1] == (instance,))
            if self._stands(known, number, before.state) != IDLE and self._stands(known, number, after.state) == IDLE
        )

    def outdated(self, before: Moment, after: Moment) -> tuple[Outdated, ...]:
        """The copies that runs go on with and that are no longer what the store has."""
        return tuple(
            Outdated(self._name(known, number, index, after), local)
            for known in self._processes.values()
            for number, index in enumerate(indexes_of(known.counter))
            for local, variable in known.copies.items()
            if self._is_live(known, variable, number, after.state)
            if self._layout.value(after.state, variable.name, number) is False
            if self._is_current_or_new(known, variable, number, before.state)
        )

    def _changes(self, known: _Process, number: int, before: Moment, after: Moment) -> Iterator[Change]:
        for name, variable in known.locals.items():
            if not self._is_live(known, variable, number, after.state):
                continue
            now = self._layout.value(after.state, variable.name, number)
            was = self._layout.value(before.state, variable.name, number)
            had = self._is_live(known, variable, number, before.state)
            if not had or was != now:
                shown = show_value(was, variable.sort, before.names) if had else None
                yield Change(name, shown, show_value(now, variable.sort, after.names))

    def _is_current_or_new(self, known: _Process, variable: Variable, number: int, state: State) -> bool:
        if not self._is_live(known, variable, number, state):
            return True
        return self._layout.value(state, variable.name, number) is True

    def _is_live(self, known: _Process, variable: Variable, number: int, state: State) -> bool:
        return variable.name in known.meaning.live[self._stands(known, number, state)]

    def _stands(self, known: _Process, number: int, state: State) -> int:
        value = self._layout.value(state, known.counter.name, number)
        assert isinstance(value, int)
        return value

    def _name(self, known: _Process, number: int, index: tuple[Value, ...], moment: Moment) -> RunName:
        meaning, names = known.meaning, moment.names
        shown = [(sort, show_value(value, sort, names)) for value, sort in zip(index, known.counter.index, strict=True)]
        instance = [text for sort, text in shown if not self._is_worker(sort)]
        workers = [text for sort, text in shown if self._is_worker(sort)]
        arguments = tuple(
            Named(name, show_value(self._layout.value(moment.state, variable.name, number), variable.sort, names))
            for name, variable in known.arguments.items()
        )
        actor = f"{meaning.component}({instance[0]})" if instance else meaning.component
        stop = _point(known, self._stands(known, number, moment.state)) or ""
        return RunName(actor, meaning.process, arguments, workers[0] if workers else None, stop)

    def _is_worker(self, sort: Sort) -> bool:
        return isinstance(sort, ObjectSort) and sort.kind in self._workers


def _point(known: _Process, at: int) -> str | None:
    """Where a run stands; None where it is none."""
    assert isinstance(known.counter.sort, EnumSort)
    return None if at == IDLE else known.counter.sort.members[at]
