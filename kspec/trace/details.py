"""What a step is beyond the changes it makes: requests refused, events that arrive, runs that go on, beliefs that are
not true."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from kspec.evaluate.evaluator import Evaluator
from kspec.evaluate.run import Taken
from kspec.system.meanings import Fault, GoesOn, Happens
from kspec.system.sorts import ObjectSort, Value
from kspec.system.system import System
from kspec.system.transitions import Action, Bind, Role
from kspec.trace.refusals import Refused, refused_requests
from kspec.trace.runs import Outdated, RunName, RunsOf, RunStep
from kspec.trace.watching import Event, Gap, Moment, Sighting, Watch


@dataclass(frozen=True, slots=True)
class Order:
    """Objects of a kind whose events are the last ones of a step, in their order."""

    kind: str
    objects: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Start:
    """A view of a kind starts as it was so many events ago."""

    kind: str
    behind: int


@dataclass(frozen=True, slots=True)
class Details:
    """`event`: what is delivered or lost. `sightings`: what watchers learn. `gaps`: where what the step looks at is not
    what the store has; of a restart, where what is seen after it is not. `run`: of a step of a process. `lost`: runs
    that a crash ends. `outdated`: copies of runs that the step makes old. `orders`: which of the events that a loop
    makes are the last. `starts`: views that start from an old version of their kind."""

    event: Event | None = None
    sightings: tuple[Sighting, ...] = ()
    gaps: tuple[Gap, ...] = ()
    refusals: tuple[Refused, ...] = ()
    run: RunStep | None = None
    lost: tuple[RunName, ...] = ()
    outdated: tuple[Outdated, ...] = ()
    orders: tuple[Order, ...] = ()
    starts: tuple[Start, ...] = ()


class Commentator:
    """Tells the details of the steps of one system."""

    def __init__(self, system: System, evaluator: Evaluator) -> None:
        self._system = system
        self._evaluator = evaluator
        self._watch = Watch(system, evaluator)
        self._runs = RunsOf(system, evaluator.layout)
        self._workers = frozenset(kind.name for kind in system.kinds if kind.meaning is not None)

    def failing(self, taken: Taken, before: Moment) -> Details:
        """Of a step that fails: what it looks at, and which run it is of."""
        action = self._system.actions[self._system.transitions[taken.transition].action]
        return Details(gaps=self._watch.gaps(taken, before), run=self._run(action, taken, before, None))

    def step(self, taken: Taken, before: Moment, after: Moment) -> Details:
        action = self._system.actions[self._system.transitions[taken.transition].action]
        lost: tuple[RunName, ...] = ()
        if action.meaning == Happens(Fault.CRASH):
            lost = self._runs.ended(action.component, self._evaluator.instance(taken), before, after)
        starts = tuple(self._starts(taken))
        gaps = () if action.hidden else self._watch.gaps(taken, before)
        if starts:
            instance = self._evaluator.instance(taken)
            gaps = self._watch.all_gaps(action.component, instance, {start.kind for start in starts}, after)
        return Details(
            self._watch.event(taken, before),
            self._watch.sightings(before, after),
            gaps,
            refused_requests(self._system, self._evaluator, taken, before),
            self._run(action, taken, before, after),
            lost,
            self._runs.outdated(before, after),
            tuple(self._orders(taken, before, after)),
            starts,
        )

    def _starts(self, taken: Taken) -> Iterator[Start]:
        for bind, value in self._chosen(taken, Role.STALENESS):
            if isinstance(value, int) and value and bind.kind is not None:
                yield Start(bind.kind, value)

    def _orders(self, taken: Taken, before: Moment, after: Moment) -> Iterator[Order]:
        """Where the step makes several events of a kind, and an order of them was chosen."""
        last: dict[str, list[str]] = {}
        for bind, value in self._chosen(taken, Role.EVENT):
            if isinstance(value, int) and bind.kind is not None:
                last.setdefault(bind.kind, []).insert(0, before.names.rosters[bind.kind].name(value))
        for kind, objects in last.items():
            if self._changed(kind, before, after) > 1:
                yield Order(kind, tuple(objects))

    def _chosen(self, taken: Taken, role: Role) -> Iterator[tuple[Bind, Value]]:
        binds = [step for step in self._system.transitions[taken.transition].steps if isinstance(step, Bind)]
        return ((bind, value) for bind, value in zip(binds, taken.values, strict=False) if bind.role is role)

    def _changed(self, kind: str, before: Moment, after: Moment) -> int:
        """How many objects of a kind the step changes, or deletes."""
        sort = self._system.kind(kind).sort
        fields = [variable.name for variable in self._system.variables if variable.index == (sort,)]
        layout = self._evaluator.layout
        alive = before.names.rosters[kind].alive()
        return sum(
            any(layout.value(before.state, name, slot) != layout.value(after.state, name, slot) for name in fields)
            for slot in alive
        )

    def _run(self, action: Action, taken: Taken, before: Moment, after: Moment | None) -> RunStep | None:
        process = action.meaning.process if isinstance(action.meaning, GoesOn) else action.name
        if action.hidden or not self._runs.is_process(action.component, process):
            return None
        return self._runs.step(action.component, process, self._index(taken), before, after)

    def _index(self, taken: Taken) -> tuple[Value, ...]:
        """Of the run whose step it is: the instance and the worker, where there are several."""
        instance = self._evaluator.instance(taken)
        binds = [step for step in self._system.transitions[taken.transition].steps if isinstance(step, Bind)]
        workers = [
            value
            for bind, value in zip(binds, taken.values, strict=False)  # a step that fails may end before its last
            if isinstance(bind.local.sort, ObjectSort) and bind.local.sort.kind in self._workers
        ]
        return (*(() if instance is None else (instance,)), *workers)
