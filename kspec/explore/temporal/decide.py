"""Decides every property about runs, and every recoverable one, on the complete graph of a system."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from time import monotonic

from kspec.evaluate.evaluator import Evaluator
from kspec.explore.progress import OnProgress
from kspec.explore.result import Limits
from kspec.explore.temporal.check import check_properties
from kspec.explore.temporal.complete import complete_graph
from kspec.explore.temporal.graph import Labelled
from kspec.explore.temporal.lasso import LassoMaker
from kspec.explore.temporal.outcome import (
    NeedsRoom,
    RecoverableOutcome,
    Recovers,
    Stopped,
    TemporalOutcome,
    Trapped,
    Violated,
)
from kspec.explore.temporal.recoverable import check_recoverable
from kspec.explore.temporal.result import Answer, LassoFound, TemporalResult, TrapFound
from kspec.explore.watch import SearchStopped, Watch
from kspec.system.properties import Property, PropertyKind
from kspec.system.system import System

DECIDED = frozenset({PropertyKind.TEMPORAL, PropertyKind.RECOVERABLE})


def decide(
    system: System,
    limits: Limits,
    *,
    workers: int | None = None,
    compiled: bool | None = None,
    known_states: int = 0,
    on_progress: OnProgress | None = None,
    on_graph: Callable[[], None] | None = None,
) -> TemporalResult:
    """`compiled`: whether in machine code; None: where it pays. `known_states`: so many there are at least. `on_graph`:
    called when the graph is complete, and runs are looked for in it. Raises KeyboardInterrupt."""
    started = monotonic()
    watch = Watch(limits)
    wanted = [property for property in system.properties if property.kind in DECIDED]
    try:
        labelled = complete_graph(
            system,
            limits,
            workers=workers,
            watch=watch,
            on_progress=on_progress,
            compiled=compiled,
            known_states=known_states,
        )
    except SearchStopped as stopped:
        answer = Stopped(stopped.limit, stopped.detail)
        return TemporalResult({property.name: answer for property in wanted}, seconds=monotonic() - started)
    if on_graph is not None:
        on_graph()
    answers = dict(_answers(system, labelled, wanted, watch))
    graph = labelled.graph
    return TemporalResult(answers, graph.states, graph.steps, bool(graph.cut.any()), monotonic() - started)


def _answers(
    system: System, labelled: Labelled, wanted: Sequence[Property], watch: Watch
) -> Iterator[tuple[str, Answer]]:
    maker = LassoMaker(Evaluator(system), labelled)
    for name, outcome in check_properties(system, labelled, watch).items():
        yield name, _of_runs(maker, outcome)
    for property in wanted:
        if property.kind is PropertyKind.RECOVERABLE:
            assert property.expression is not None
            yield property.name, _of_traps(maker, check_recoverable(labelled, property.expression, watch))


def _of_runs(maker: LassoMaker, outcome: TemporalOutcome) -> Answer:
    match outcome:
        case Violated(walk, _):
            return LassoFound(maker.lasso(walk), needs_room=False)
        case NeedsRoom(walk, _):
            return LassoFound(maker.lasso(walk), needs_room=True)
        case _:
            return outcome


def _of_traps(maker: LassoMaker, outcome: RecoverableOutcome) -> Answer:
    match outcome:
        case Recovers():
            return outcome
        case Trapped(walk, size, is_cut):
            return TrapFound(maker.lasso(walk).run, size, is_cut)
        case _:
            return outcome
