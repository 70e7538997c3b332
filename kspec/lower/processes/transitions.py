"""The two actions of a process: a run begins, and a run goes on."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from kspec.language import checked
from kspec.lower import build
from kspec.lower.actions import bind_and_guard, describe_item
from kspec.lower.faults.hidden import begin, unit_of_instance
from kspec.lower.names import GOES_ON
from kspec.lower.path import Path
from kspec.lower.processes.lowering import RunLowering
from kspec.lower.processes.runs import Runs, Stop, count_workers, describe_runs, stored_sort
from kspec.lower.views.waiting import wait_for_own_writes
from kspec.system.expressions import (
    TRUE,
    Binding,
    Existing,
    Expr,
    Members,
    Quantified,
    Quantifier,
    Read,
    SetLiteral,
    Use,
)
from kspec.system.meanings import GoesOn
from kspec.system.sorts import SetSort
from kspec.system.transitions import Action, Fairness, FairnessStrength, Role, UnitPart

if TYPE_CHECKING:
    from kspec.lower.context import Context
    from kspec.lower.expressions import ExpressionLowering


@dataclass(frozen=True, slots=True)
class RunPath:
    """A step of a run, and the index of the run's variables in it."""

    path: Path
    index: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class LoweredProcess:
    """A process, and the paths of its two actions. `waiting`: where a run could begin, if a worker were free."""

    runs: Runs
    starts: tuple[RunPath, ...]
    steps: tuple[RunPath, ...]
    waiting: Path

    def queued(self, start: Action) -> Action:
        """The beginning of a run, with what it waits for if it is fair as a queue."""
        if start.fairness is None or start.fairness.strength is not FairnessStrength.QUEUED:
            return start
        return replace(start, fairness=replace(start.fairness, waiting=tuple(self.waiting.steps)))


def describe_process(context: Context, component: checked.Component, process: checked.Process) -> tuple[Action, Action]:
    """How reports call the two actions. A run begins as its arguments come up in a work queue. A run that began is fair
    by itself: its unit is the worker that it has in its instance, since it goes on when an object that it is about is
    deleted."""
    worker = () if count_workers(context, process) == 1 else (UnitPart(len(unit_of_instance(component))),)
    run = (*unit_of_instance(component), *worker)
    start = describe_item(context, component, process, first=len(run))
    fairness = None
    if start.fairness is not None:
        fairness = Fairness(start.fairness.strength, run)
        if start.fairness.strength is FairnessStrength.WEAK:
            start = replace(start, fairness=replace(start.fairness, strength=FairnessStrength.QUEUED))
    name, meaning = f"{process.name}{GOES_ON}", GoesOn(process.name)
    return start, Action(component.name, name, start.instance_kind, fairness, (), process.span, meaning)


def lower_process(
    lowering: ExpressionLowering, component: checked.Component, process: checked.Process
) -> LoweredProcess:
    runs = describe_runs(lowering.context, component, process)
    body = RunLowering(lowering, runs)
    starts = [RunPath(path, body.index) for path in body.start(_start(lowering, body))]
    steps: list[RunPath] = []
    done = 0
    while done < len(body.continuations):
        stop = list(body.continuations)[done]
        paths = body.resume(stop, _step(lowering.context, body, stop))
        steps += [RunPath(path, body.index) for path in paths]
        done += 1
    return LoweredProcess(runs, tuple(starts), tuple(steps), _waiting(lowering, runs))


def _start(lowering: ExpressionLowering, body: RunLowering) -> Path:
    """Until the body: a worker is idle, the guards hold, and there is no run with these arguments."""
    runs = body.runs
    path = begin(lowering.context, runs.component)
    wait_for_own_writes(path)
    _bind_worker(lowering.context, body, path)
    path.guard(_stands_at(runs, body.index, None), None, runs.process.span)
    bind_and_guard(lowering, path, runs.component, runs.process)
    if runs.workers is not None:
        path.guard(build.negate(_is_running(lowering.context, path, runs)), None, runs.process.span)
    return path


def _waiting(lowering: ExpressionLowering, runs: Runs) -> Path:
    """The guards hold, and there is no run with these arguments, whether or not a worker is idle."""
    path = begin(lowering.context, runs.component)
    bind_and_guard(lowering, path, runs.component, runs.process)
    path.guard(build.negate(_is_running(lowering.context, path, runs)), None, runs.process.span)
    return path


def _step(context: Context, body: RunLowering, stop: Stop) -> Path:
    """Until what is left to do: a run stands there."""
    runs = body.runs
    path = begin(context, runs.component)
    path.doubts = runs.process.split
    wait_for_own_writes(path)
    _bind_worker(context, body, path)
    path.guard(_stands_at(runs, body.index, stop), None, stop.span)
    for parameter in runs.process.parameters:
        sort = context.sort(parameter.local.type, runs.process.span)
        local = context.fresh(parameter.local.name, sort)
        stored = Read(runs.argument(parameter), body.index, stored_sort(sort))
        argument: Expr = stored
        if stored.sort != sort:
            # Proofs look at states that no run reaches, where it might be none.
            path.guard(build.negate(build.equal(stored, build.none(stored.sort))), None, stop.span)
            argument = build.unwrap(stored)
        path.bind(local, Members(SetLiteral((argument,), SetSort(sort))), Role.PARAMETER)
        path.locals[parameter.local.id] = Use(local)
    return path


def _bind_worker(context: Context, body: RunLowering, path: Path) -> None:
    body.index = path.actor.index
    if body.runs.workers is not None:
        local = context.fresh("worker", body.runs.workers.sort)
        path.bind(local, Existing(body.runs.workers.sort), Role.CHOICE)
        body.index = (*path.actor.index, Use(local))


def _stands_at(runs: Runs, index: tuple[Expr, ...], stop: Stop | None) -> Expr:
    return build.equal(Read(runs.counter, index, runs.counter_sort), runs.at(stop))


def _is_running(context: Context, path: Path, runs: Runs) -> Expr:
    """Whether a worker of the instance runs with the same arguments."""
    if runs.workers is None:
        return _runs_with_arguments(context, path, runs, path.actor.index)
    local = context.fresh("worker", runs.workers.sort)
    runs_too = _runs_with_arguments(context, path, runs, (*path.actor.index, Use(local)))
    return Quantifier(Quantified.EXISTS, (Binding(local, Existing(runs.workers.sort)),), TRUE, runs_too)


def _runs_with_arguments(context: Context, path: Path, runs: Runs, index: tuple[Expr, ...]) -> Expr:
    same = []
    for parameter in runs.process.parameters:
        sort = stored_sort(context.sort(parameter.local.type, runs.process.span))
        same.append(build.equal(Read(runs.argument(parameter), index, sort), path.locals[parameter.local.id]))
    return build.conjunction(build.negate(_stands_at(runs, index, None)), *same)
