"""Everything that can happen in a cluster: actions, processes, and what no text spells out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kspec.lower.actions import describe_item, lower_action
from kspec.lower.faults.actions import hidden_actions
from kspec.lower.lifetimes import enabled_actions, enabled_processes
from kspec.lower.path import Path
from kspec.lower.processes.outdating import outdated
from kspec.lower.processes.runs import Runs, declare_runs
from kspec.lower.processes.transitions import LoweredProcess, describe_process, lower_process
from kspec.lower.views.recording import record
from kspec.system.expressions import Expr
from kspec.system.system import Kind, Variable
from kspec.system.transitions import Action, Transition

if TYPE_CHECKING:
    from kspec.lower.context import Context

Each = Callable[[Callable[[Any], Any], Iterable[Any]], tuple[Any, ...]]
"""Does something with every item, and goes on with the next where one is a problem."""


@dataclass(frozen=True, slots=True)
class Behaviour:
    """`variables` and `workers`: what only the runs of processes need."""

    actions: tuple[Action, ...]
    transitions: tuple[Transition, ...]
    variables: tuple[Variable, ...]
    workers: tuple[Kind, ...]


@dataclass(frozen=True, slots=True)
class _Step:
    """A path of the action at a position; `own`: the process, and the index of its run, whose step it is."""

    action: int
    path: Path
    own: tuple[Runs, tuple[Expr, ...]] | None = None


def lower_behaviour(context: Context, each: Each) -> Behaviour:
    enabled = list(enabled_actions(context.model, context.cluster))
    running = list(enabled_processes(context.model, context.cluster))
    actions = [describe_item(context, component, action) for component, action in enabled]
    for component, process in running:
        actions += describe_process(context, component, process)
    context.actions = {action.label: position for position, action in enumerate(actions)}
    processes: tuple[LoweredProcess, ...] = each(lambda item: lower_process(context.lowering, *item), running)
    bodies: tuple[list[Path], ...] = each(lambda item: lower_action(context.lowering, *item), enabled)
    steps = [_Step(position, path) for position, paths in enumerate(bodies) for path in paths]
    for number, lowered in enumerate(processes):
        position = len(enabled) + 2 * number
        actions[position] = lowered.queued(actions[position])
        steps += [_Step(position, step.path, (lowered.runs, step.index)) for step in lowered.starts]
        steps += [_Step(position + 1, step.path, (lowered.runs, step.index)) for step in lowered.steps]
    runs = [lowered.runs for lowered in processes]
    for hidden in hidden_actions(context, runs):
        steps += [_Step(len(actions), path) for path in hidden.paths]
        actions.append(hidden.action)
    each(lambda step: _finish(context, step, runs), steps)
    return Behaviour(
        tuple(actions),
        tuple(step.path.transition(step.action) for step in steps),
        tuple(
            variable for known in runs for variable in declare_runs(context, known) if known.is_needed(variable.name)
        ),
        tuple(known.workers for known in runs if known.workers is not None),
    )


def _finish(context: Context, step: _Step, runs: Sequence[Runs]) -> None:
    """What the writes of the step do to views and copies; what no run needs is not written."""
    path = step.path
    if step.own is not None:
        own = step.own[0]
        path.writes = [write for write in path.writes if own.is_needed(write.variable)]
    before = list(path.writes)
    record(context.lowering, path)
    added = path.writes[len(before) :]
    path.writes = before
    for known in runs:
        mine = step.own[1] if step.own is not None and step.own[0] is known else None
        added += outdated(context.lowering, path, known, mine)
    path.writes = [*before, *added]
