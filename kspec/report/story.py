"""A trace as lines for a person: how it starts, what happens, what changes, and what is wrong at the end."""

from __future__ import annotations

from collections.abc import Iterator

from kspec.evaluate.run import Failure
from kspec.report.loop import loop_end, loop_heading, why_lines
from kspec.report.steps import body, heading, is_silent
from kspec.report.styled import EMPTY, Line, Piece, line
from kspec.report.words import pairs, place
from kspec.system.expressions import FailureKind
from kspec.system.properties import PropertyKind
from kspec.system.spans import Span
from kspec.trace.blame import Blame
from kspec.trace.describe import ObjectGroup, StateStory
from kspec.trace.story import Trace, TraceStep


def trace_lines(trace: Trace) -> Iterator[Line]:
    """The whole story."""
    yield line(Piece("  start", "bold"))
    yield from _state_lines(trace.initial)
    width = len(str(len(trace.steps)))
    for step in trace.steps:
        if trace.loop is not None and step.number == trace.loop.after + 1:
            yield loop_heading(trace.loop)
        yield from _step_lines(step, width)
    if trace.loop is not None:
        if trace.loop.stops:
            yield loop_heading(trace.loop)
        yield from loop_end(trace.loop, len(trace.steps))
    end = tuple(_end_lines(trace))
    if end:
        yield EMPTY
        yield from end


def _state_lines(state: StateStory) -> Iterator[Line]:
    for group in state.groups:
        objects = ", ".join(name for name in group.objects if name != group.kind)  # a single kind's object is called so
        yield line("      ", group.kind, Piece(f" {objects}".rstrip(), "cyan"), Piece(_fields(group), "dim"))
    for variable in state.variables:
        yield line("      ", variable.name, Piece(f" = {variable.value}", "dim"))


def _fields(group: ObjectGroup) -> str:
    return f"  {pairs(group.fields)}" if group.fields else ""


def _step_lines(step: TraceStep, width: int) -> Iterator[Line]:
    yield (Piece(f"  {step.number:>{width}}  ", "dim"), *heading(step))
    indent = Piece(" " * (width + 6))
    for pieces in body(step):
        yield (indent, *pieces)
    if step.failure is not None:
        what = _failure(step.failure, step.failing_object)
        yield line(indent, Piece(f"! {what}", "red"), Piece(_at(step.failure.span), "dim"))
    elif is_silent(step):
        yield line(indent, Piece("(changes nothing)", "dim"))


def _end_lines(trace: Trace) -> Iterator[Line]:
    if trace.loop is not None:
        yield from why_lines(trace.loop)
    elif trace.trap is not None:
        yield from _trap_lines(trace, trace.trap)
    elif trace.failure is not None and trace.failing_subject:
        what = Piece(_failure(trace.failure, trace.failing_object), "bold")
        yield line(f"  At the end, `{trace.failing_subject}` fails: ", what, Piece(_at(trace.failure.span), "dim"))
    elif trace.failure is not None:
        yield line("  The last step fails, and has no successor.")
    elif trace.kind is PropertyKind.DEADLOCK and trace.blame is not None and trace.blame.clause == "false":
        yield line("  Nothing can happen any more.")
    elif trace.blame is not None:
        yield from _blame_lines(trace.blame, _when(trace))


def _trap_lines(trace: Trace, size: int) -> Iterator[Line]:
    if size == 1:
        yield line("  From there nothing else can be reached.")
    else:
        yield line(
            f"  From there {size:,} states can be reached, that one included, and `{trace.property}` is in none."
        )
    if trace.blame is not None:
        yield from _blame_lines(trace.blame, _when(trace))


def _failure(failure: Failure, object: str | None) -> str:
    if failure.kind is FailureKind.ASSERTS:
        return f"assert {failure.message}"
    return failure.message if object is None else f"{failure.message}: {object}"


def _at(span: Span) -> str:
    return f"  {place(span)}" if place(span) else ""


def _when(trace: Trace) -> str:
    if trace.kind is PropertyKind.DEADLOCK:
        return "Nothing can happen any more, and"
    if trace.kind is PropertyKind.STEP:
        return "Of the last step,"
    return "At the end," if trace.steps else "At the start,"


def _blame_lines(blame: Blame, when: str) -> Iterator[Line]:
    who = f" for {pairs(blame.bindings)}," if blame.bindings else ""
    given = f" given {' and '.join(blame.given)}," if blame.given else ""
    truth = "this is true, and should not be:" if blame.value else "this is false:"
    yield line(f"  {when}{who}{given} {truth}")
    yield line("      ", Piece(blame.clause, "bold"))
    if blame.operands:
        yield line("      ", Piece(pairs(blame.operands), "dim"))
