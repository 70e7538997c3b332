"""The report for a person: a line a property, what the search covered, findings, and the story of each violation."""

from __future__ import annotations

from collections.abc import Iterator

from kspec.check.result import CheckResult, ExpectationResult, PropertyResult
from kspec.check.verdicts import Verdict
from kspec.check.words import count
from kspec.explore.result import Exploration, Symmetry
from kspec.report.simulation import simulation_lines
from kspec.report.story import trace_lines
from kspec.report.styled import EMPTY, Line, Piece, line
from kspec.report.words import STYLES, duration, place, verdict_text
from kspec.system.properties import PropertyKind
from kspec.trace.story import Trace

CAUSES_NAMED = 6
"""So many causes of an exit code are named at the end of a report; of the others, how many there are."""


def result_lines(result: CheckResult, *, witness: bool = False) -> Iterator[Line]:
    """The report on one model and cluster; what made it fail is last. `witness`: with the stories of witnesses."""
    yield line(Piece(result.model, "bold"), "  cluster ", Piece(result.cluster, "bold"))
    yield EMPTY
    yield from _property_lines(result.properties)
    if result.expectations:
        yield EMPTY
        yield from _expectation_lines(result.expectations)
    yield EMPTY
    yield from _search_lines(result)
    if result.findings:
        yield EMPTY
        yield from _finding_lines(result)
    for property in result.properties:
        if property.verdict is Verdict.VIOLATED:
            yield EMPTY
            yield from _violation_lines(property)
        elif property.verdict is Verdict.UNKNOWN and property.trace is not None:
            yield EMPTY
            head = Piece(f"{property.name} may be violated", "bold yellow")
            yield from _story_lines(head, property.trace, property)
        elif witness and property.kind is PropertyKind.REACHABLE and property.trace is not None:
            yield EMPTY
            yield from _story_lines(Piece(f"{property.name} is reached", "bold"), property.trace, property)
    if result.causes:
        yield EMPTY
        yield line(Piece(f"failed: {_causes(result.causes)}", "bold red"))


def _causes(causes: tuple[str, ...]) -> str:
    more = len(causes) - CAUSES_NAMED
    return "; ".join(causes[:CAUSES_NAMED]) + (f"; and {more} more" if more > 0 else "")


def _property_lines(properties: tuple[PropertyResult, ...]) -> Iterator[Line]:
    names = max((len(property.name) for property in properties), default=0)
    kinds = max((len(property.kind.value) for property in properties), default=0)
    verdicts = max((len(_verdict(property)) for property in properties), default=0)
    for property in properties:
        engine = f"{property.engine}: " if property.engine else ""
        yield line(
            f"  {property.name:<{names}}  ",
            Piece(f"{property.kind.value:<{kinds}}  ", "dim"),
            Piece(f"{_verdict(property):<{verdicts}}  ", _style(property)),
            Piece(engine + property.how, "dim"),
        )
        if property.note and property.verdict in (Verdict.UNKNOWN, Verdict.BOUNDED):
            yield line(f"  {'':<{names}}  ", Piece(f"note: {property.note}", "dim"))


def _verdict(property: PropertyResult) -> str:
    text = verdict_text(property.verdict, property.reason)
    return f"{text}, as expected" if property.expected else text


def _style(property: PropertyResult) -> str:
    return STYLES[Verdict.HOLDS] if property.expected else STYLES[property.verdict]


def _expectation_lines(expectations: tuple[ExpectationResult, ...]) -> Iterator[Line]:
    width = max(len(expectation.text) for expectation in expectations)
    for expectation in expectations:
        met = {Verdict.HOLDS: "met", Verdict.VIOLATED: "not met"}.get(
            expectation.verdict, verdict_text(expectation.verdict, expectation.reason)
        )
        detail = f"  {expectation.detail}" if expectation.detail else ""
        yield line(
            Piece("  expect ", "dim"),
            f"{expectation.text:<{width}}  ",
            Piece(met, STYLES[expectation.verdict]),
            Piece(detail, "dim"),
        )


def _search_lines(result: CheckResult) -> Iterator[Line]:
    if result.exploration is not None:
        yield line(f"  explored {extent_of(result.exploration)}")
        if result.exploration.symmetry is not None:
            yield line(Piece(f"  {_orbits(result.exploration.symmetry)}", "dim"))
    if result.unreduced is not None:
        yield line(f"  without symmetry: {extent_of(result.unreduced)}")
    if result.simulation is not None:
        yield from simulation_lines(result.simulation, result.actions)
    for note in result.notes:
        yield line(Piece(f"  {note}", "dim"))
    yield line(Piece(f"  checked in {duration(result.seconds)}", "dim"))


def extent_of(exploration: Exploration) -> str:
    """What a search looked at, and what of it was out of the ordinary."""
    unit = exploration.unit
    numbers = f"{count(exploration.states, unit)}, {count(exploration.transitions, 'transition')}"
    extent = "all of them" if exploration.complete else "not all of them"
    if exploration.complete and not exploration.is_certain:
        extent += ", up to fingerprint collisions"
    if exploration.limit is not None:
        extent += f" (limit: {exploration.limit.value})"
    remarks = [f"{numbers}, depth {exploration.depth}: {extent}"]
    if exploration.quiet_states:
        remarks.append(f"{count(exploration.quiet_states, unit)} without successors")
    if exploration.cut_states:
        remarks.append(f"{count(exploration.cut_states, unit)} cut for lack of room")
    if exploration.searches_given_up:
        remarks.append("some orbits may be counted more than once")
    return "; ".join(remarks)


def _orbits(symmetry: Symmetry) -> str:
    *others, last = symmetry.kinds
    kinds = f"{', '.join(others)} and {last}" if others else last
    most = "" if symmetry.permutations is None else f": {symmetry.permutations:,} at most"
    return f"an orbit is all states that differ only in which {kinds} is which{most}"


def _finding_lines(result: CheckResult) -> Iterator[Line]:
    for finding in result.findings:
        where = place(finding.span)
        yield line(
            Piece("  finding  ", "yellow"),
            finding.message,
            Piece(f"  [{finding.code}]", "dim"),
            Piece(f"  {where}" if where else "", "dim"),
        )


def _violation_lines(property: PropertyResult) -> Iterator[Line]:
    head = Piece(f"{property.name} is violated", "bold" if property.expected else "bold red")
    if property.trace is None:
        reason = "no reachable state has it" if property.kind is PropertyKind.REACHABLE else property.how
        yield line(head, f": {reason}", _where(property))
        return
    yield from _story_lines(head, property.trace, property)


def _story_lines(head: Piece, trace: Trace, property: PropertyResult) -> Iterator[Line]:
    yield line(head, _when(trace), _where(property))
    yield EMPTY
    yield from trace_lines(trace)


def _when(trace: Trace) -> str:
    steps = len(trace.steps)
    if trace.loop is None:
        return f" after {count(steps, 'step')}" if steps else " in the initial state"
    if trace.loop.stops:
        return f" by a run that stops after {count(steps, 'step')}" if steps else " by the run that stops at once"
    return f" by a run that goes round in {count(steps - trace.loop.after, 'step')}"


def _where(property: PropertyResult) -> Piece:
    return Piece(f"  {place(property.span)}" if place(property.span) else "", "dim")
