"""What a step is beyond the changes it makes: requests refused, events that arrive, runs that go on, beliefs that are
not true."""

from __future__ import annotations

from dataclasses import dataclass

from kspec.evaluate.evaluator import Evaluator
from kspec.evaluate.run import Taken
from kspec.system.meanings import Fault, GoesOn, Happens
from kspec.system.sorts import ObjectSort, Value
from kspec.system.system import System
from kspec.system.transitions import Action, Bind
from kspec.trace.refusals import Refused, refused_requests
from kspec.trace.runs import Outdated, RunName, RunsOf, RunStep
from kspec.trace.watching import Event, Gap, Moment, Sighting, Watch


@dataclass(frozen=True, slots=True)
class Details:
    """`event`: what is delivered or lost. `sightings`: what watchers learn. `gaps`: where what the step looks at is not
    what the store has. `run`: of a step of a process. `lost`: runs that a crash ends. `outdated`: copies of runs that
    the step makes old."""

    event: Event | None = None
    sightings: tuple[Sighting, ...] = ()
    gaps: tuple[Gap, ...] = ()
    refusals: tuple[Refused, ...] = ()
    run: RunStep | None = None
    lost: tuple[RunName, ...] = ()
    outdated: tuple[Outdated, ...] = ()


class Commentator:
    """Tells the details of the steps of one system."""

    def __init__(self, system: System, evaluator: Evaluator) -> None:
        self._system = system
        self._evaluator = evaluator
        self._watch = Watch(system, evaluator)
        self._runs = RunsOf(system, evaluator.layout)
        self._workers = frozenset(kind.name for kind in system.kinds if kind.meaning is not None)

    def failing(self, taken: Taken, before: Moment) -> Details:
        """Of a step that fails: only what it looks at."""
        return Details(gaps=self._watch.gaps(taken, before))

    def step(self, taken: Taken, before: Moment, after: Moment) -> Details:
        action = self._system.actions[self._system.transitions[taken.transition].action]
        lost: tuple[RunName, ...] = ()
        if action.meaning == Happens(Fault.CRASH):
            lost = self._runs.ended(action.component, self._evaluator.instance(taken), before, after)
        return Details(
            self._watch.event(taken, before),
            self._watch.sightings(before, after),
            () if action.hidden else self._watch.gaps(taken, before),
            refused_requests(self._system, self._evaluator, taken, before),
            self._run(action, taken, before, after),
            lost,
            self._runs.outdated(before, after),
        )

    def _run(self, action: Action, taken: Taken, before: Moment, after: Moment) -> RunStep | None:
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
            for bind, value in zip(binds, taken.values, strict=True)
            if isinstance(bind.local.sort, ObjectSort) and bind.local.sort.kind in self._workers
        ]
        return (*(() if instance is None else (instance,)), *workers)
