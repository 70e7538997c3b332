"""One step of a trace as lines: who does what, what changes, and what watchers, runs and requests have of it."""

from __future__ import annotations

from collections.abc import Iterator

from kspec.check.words import count
from kspec.report.styled import Line, Piece, line
from kspec.report.words import pairs
from kspec.system.meanings import Fault, GoesOn, Happens
from kspec.trace.describe import Change, Deed
from kspec.trace.details import Details, Order
from kspec.trace.refusals import Refused
from kspec.trace.runs import Outdated, RunName, RunStep
from kspec.trace.story import TraceStep
from kspec.trace.watching import Event, Gap, Presence, Sighting


def heading(step: TraceStep) -> tuple[Piece, ...]:
    """What happens, in one line."""
    match step.deed.meaning:
        case Happens(fault):
            return _fault(fault, step)
        case GoesOn(process):
            return _action(process, step)
        case None:
            return _action(step.deed.action, step)


def body(step: TraceStep) -> Iterator[Line]:
    """What there is to say of it, a line each: before it, of its requests, of the state, of those who watch."""
    details = step.details
    yield from (line(Piece(_gap(gap), "yellow")) for gap in details.gaps)
    yield from (line(Piece(_refused(refused), "yellow")) for refused in details.refusals)
    yield from (line(_change(change)) for change in step.changes)
    yield from (line(Piece(_order(order))) for order in details.orders)
    if details.run is not None:
        yield from (line(_local(change)) for change in details.run.locals)
    yield from (line(Piece(_outdated(outdated), "yellow")) for outdated in details.outdated)
    if details.event is None:
        yield from (line(Piece(f"{sighting.observer} {_sighting(sighting)}")) for sighting in details.sightings)


def is_silent(step: TraceStep) -> bool:
    """Whether nothing has changed, so far as anybody can tell."""
    details = step.details
    return not (step.changes or details.run or details.sightings or details.outdated or step.deed.meaning)


# --- headings --------------------------------------------------------------------------------------------------------


def _action(name: str, step: TraceStep) -> tuple[Piece, ...]:
    deed = step.deed
    pieces = [Piece(f"{deed.actor}.", "magenta"), Piece(name, "bold magenta")]
    if deed.arguments:
        pieces.append(Piece(f"({pairs(deed.arguments)})"))
    if deed.worker is not None:
        pieces.append(Piece(f" on {deed.worker}"))
    if step.details.run is not None:
        pieces.append(Piece(f" {_run(step.details.run, step)}" + ("," if deed.choices else "")))
    pieces += _choices(deed)
    if deed.path:
        pieces.append(Piece(f" by branch {', '.join(deed.path)}"))
    if step.refused:
        pieces.append(Piece("  refused", "yellow"))
    return tuple(pieces)


def _fault(fault: Fault, step: TraceStep) -> tuple[Piece, ...]:
    deed, details = step.deed, step.details
    pieces = [Piece(deed.actor, "magenta")]
    match fault:
        case Fault.DELIVERY if details.event is not None:
            pieces += (Piece(f" {_delivery(details.event, details.sightings)}"), _behind(details.event))
        case Fault.LOSS if details.event is not None:
            event = details.event
            pieces += (Piece(f" misses an event of {_object(event.kind, event.object)}"), _behind(event))
        case Fault.CRASH:
            pieces.append(Piece(f" {_restart(details)}"))
        case _:
            pieces.append(Piece(f" {deed.words}"))
    return (*pieces, *_choices(deed))


def _run(run: RunStep, step: TraceStep) -> str:
    beginning = "begins" if run.start is None else f"goes on at {run.start}"
    if step.failure is not None:
        return f"{beginning} and fails"
    return f"{beginning} and ends" if run.stop is None else f"{beginning}, up to {run.stop}"


def _restart(details: Details) -> str:
    seen = [f"sees {start.kind} as it was {count(start.behind, 'event')} ago" for start in details.starts]
    lost = [f"loses {', '.join(map(_lost, details.lost))}"] if details.lost else []
    words = "restarts from stale" if seen else "restarts"
    return f"{words}: {'; '.join(seen + lost)}" if seen or lost else words


def _delivery(event: Event, sightings: tuple[Sighting, ...]) -> str:
    for sighting in sightings:
        if sighting.object == event.object:
            return _sighting(sighting)
    return f"sees {_object(event.kind, event.object)}: nothing that it looks at is other than it was"


def _behind(event: Event) -> Piece:
    return Piece(f" (was {count(event.behind, 'event')} behind)", "dim")


def _choices(deed: Deed) -> list[Piece]:
    return [Piece(f" choosing {pairs(deed.choices)}")] if deed.choices else []


def _lost(run: RunName) -> str:
    where = f" on {run.worker}" if run.worker is not None else ""
    return f"{_called(run)}{where} at {run.stop}"


# --- details ---------------------------------------------------------------------------------------------------------


def _change(change: Change) -> Piece:
    if change.before is None:
        return Piece(f"+ {change.what}" + (f" ({change.after})" if change.after else ""), "green")
    if change.after is None:
        return Piece(f"- {change.what}", "red")
    return Piece(f"{change.what}: {change.before} -> {change.after}")


def _local(change: Change) -> Piece:
    if change.before is None:
        return Piece(f"local {change.what} = {change.after}", "dim")
    return Piece(f"local {change.what}: {change.before} -> {change.after}", "dim")


def _sighting(sighting: Sighting) -> str:
    what = _object(sighting.kind, sighting.object)
    match sighting.presence:
        case Presence.GONE:
            return f"sees that {what} is gone"
        case Presence.NEW:
            fields = ", ".join(f"{change.what} = {change.after}" for change in sighting.changes)
            return f"sees that {what} is there" + (f": {fields}" if fields else "")
        case Presence.SAME:
            changes = (f"{change.what} {change.before} -> {change.after}" for change in sighting.changes)
            return f"sees {what}: {', '.join(changes)}"


def _object(kind: str, name: str) -> str:
    """An object with its kind; that of a single kind is called as its kind."""
    return kind if name == kind else f"{kind} {name}"


def _order(order: Order) -> str:
    if len(order.objects) == 1:
        return f"the last event of {order.kind} is that of {order.objects[0]}"
    return f"the last events of {order.kind} are those of {', then '.join(order.objects)}"


def _gap(gap: Gap) -> str:
    if not gap.is_presence:
        return f"{gap.what}  {gap.seen} seen by {gap.observer}, {gap.stored} in the store"
    if gap.seen is None:
        return f"{gap.what}  not seen by {gap.observer}, in the store"
    return f"{gap.what}  seen by {gap.observer}, gone from the store"


def _refused(refused: Refused) -> str:
    asked = refused.request
    if refused.object is not None:
        asked = f"{refused.request.partition(' ')[0]} {refused.object}"
    return f"{asked} -> {refused.result}" + (f": {refused.why}" if refused.why else "")


def _outdated(outdated: Outdated) -> str:
    return f"{outdated.run.actor}.{_called(outdated.run)}: its copy {outdated.local} is out of date"


def _called(run: RunName) -> str:
    return f"{run.process}({pairs(run.arguments)})" if run.arguments else run.process
