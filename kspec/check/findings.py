"""What accompanies a verdict: what the text shows to be odd, parts of the model that do nothing, and room that is never
used or always short."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePath

from kspec.check.result import Finding
from kspec.check.room import room_in_passing
from kspec.check.words import count
from kspec.explore.result import ClauseUse, Cut, Exploration, RefusedRequest
from kspec.explore.simulate.result import Simulation
from kspec.explore.temporal.outcome import Holds
from kspec.explore.temporal.result import TemporalResult
from kspec.system.meanings import GoesOn
from kspec.system.properties import Property
from kspec.system.spans import NOWHERE
from kspec.system.system import Role, System
from kspec.system.transitions import Action


def find_in_text(system: System) -> tuple[Finding, ...]:
    """What needs no search."""
    return tuple(Finding(remark.code, remark.message, remark.span) for remark in system.remarks)


def find(system: System, exploration: Exploration | None, trivial: tuple[Property, ...]) -> tuple[Finding, ...]:
    """Findings of the kind "never" are given only for a graph that is complete beyond doubt. `trivial`: the properties
    of which no state fulfils the condition."""
    found = [*find_in_text(system)]
    if exploration is None:
        return tuple(found)
    if exploration.is_certain:
        for position, action in enumerate(system.actions):
            if action.meaning is None:
                found.extend(_of_action(system, action, exploration, position))
        found.extend(_trivial(property) for property in trivial)
        found.extend(_of_room(system, exploration))
    found.extend(_blocked(system, exploration.cut))
    found.extend(_refused(system, exploration))
    return tuple(found)


def find_in_formulas(system: System, result: TemporalResult | None) -> Iterator[Finding]:
    """What makes a property about runs hold that says less than it seems to."""
    if result is None:
        return
    for property in system.properties:
        answer = result.answers.get(property.name)
        if not isinstance(answer, Holds):
            continue
        if answer.is_about_nothing:
            message = f"{property.name} is never put to the test: nothing that it is about ever exists"
            yield Finding("trivial-property", message, property.span)
        elif answer.never:
            what = "the left side of `leads to` never happens"
            yield Finding("trivial-property", f"{property.name} is never put to the test: {what}", property.span)


def find_in_runs(system: System, simulation: Simulation) -> tuple[Finding, ...]:
    """What random runs show. That they never show something is no finding."""
    return (*find_in_text(system), *_blocked(system, simulation.cut))


def _of_action(system: System, action: Action, exploration: Exploration, position: int) -> Iterator[Finding]:
    uses = exploration.clause_uses[position]
    has_budget = any(v.role is Role.BUDGET and v.name == f"budget {action.label}" for v in system.variables)
    if exploration.action_counts[position] == 0:
        yield from _of_unused(system, action, exploration, position, _because(uses, has_budget))
    if _is_of_library(system, action):
        return
    for number, (use, span) in enumerate(zip(uses, action.clauses, strict=True)):
        is_budget = has_budget and number == len(uses) - 1
        what = f"the budget of {action.label}" if is_budget else f"the `when` clause {number + 1} of {action.label}"
        if use.excluded and not use.held:
            yield Finding("dead-clause", f"{what} never holds", span)
        elif use.held and not use.excluded and exploration.action_counts[position] > 0:
            yield Finding("idle-clause", f"{what} never excludes anything", span)


def _of_unused(
    system: System, action: Action, exploration: Exploration, position: int, because: str
) -> Iterator[Finding]:
    cut = exploration.cut
    if exploration.failing_actions[position]:
        message = f"every step of {action.label} fails, so that nothing that it leads to was looked at"
        yield Finding("failing-action", message, action.span)
    elif (cut is None or cut.action != position) and not _is_of_library(system, action):
        yield Finding("unused-action", f"{action.label} never fires{because}", action.span)


def _is_of_library(system: System, action: Action) -> bool:
    """Whether the action is imported from another folder: such a file has more than one model needs."""
    return PurePath(action.span.file).parent != PurePath(system.model).parent


def _because(uses: tuple[ClauseUse, ...], has_budget: bool) -> str:
    for number, use in enumerate(uses, 1):
        clause = "budget" if has_budget and number == len(uses) else f"clause {number}"
        if use.excluded and not use.held:
            return f": its {clause} never holds"
        if not use.excluded and not use.held:
            return ": there is nothing to do it with" if number == 1 else f": nothing comes to its {clause}"
    return ""


def _trivial(property: Property) -> Finding:
    message = f"{property.name} is never put to the test: no reachable state has anything that its condition is about"
    return Finding("trivial-property", message, property.span)


def _of_room(system: System, exploration: Exploration) -> Iterator[Finding]:
    for kind in system.kinds:
        used = exploration.room_used.get(kind.name)
        is_short = exploration.cut is not None and exploration.cut.kind == kind.name
        if used is not None and used + room_in_passing(system, kind) < len(kind.slots) and not is_short:
            message = f"room for {len(kind.slots)} {kind.name}, and never more than {used} in use at once"
            yield Finding("unused-room", message, NOWHERE)
    cut = exploration.cut
    if cut is not None and exploration.action_counts[cut.action] == 0:
        action = system.actions[cut.action]
        yield Finding("short-room", f"{_called(action)} never finds room for a {cut.kind}", action.span)


def _blocked(system: System, cut: Cut | None) -> Iterator[Finding]:
    if cut is None:
        return
    action = system.actions[cut.action]
    room = len(system.kind(cut.kind).slots)
    first = count(len(cut.run.moves), "step")
    message = f"{_called(action)} finds no room for a {cut.kind} ({cut.kind} at most {room}), first after {first}"
    yield Finding("blocked-create", message, action.span)


def _refused(system: System, exploration: Exploration) -> Iterator[Finding]:
    for position, (action, refusals) in enumerate(zip(system.actions, exploration.refused_counts, strict=True)):
        unhandled = tuple(refused for refused in exploration.refused_requests[position] if not refused.handled)
        if refusals and unhandled:
            results = _results(unhandled)
            message = f"a request of {_called(action)} is refused: {results}"
            yield Finding("refused-request", message, action.span)


def _results(requests: tuple[RefusedRequest, ...]) -> str:
    """What was asked, with the results that it had."""
    results: dict[str, list[str]] = {}
    for refused in requests:
        results.setdefault(refused.request, []).append(refused.result)
    return ", ".join(f"{request} ({' or '.join(known)})" for request, known in results.items())


def _called(action: Action) -> str:
    """An action in a sentence; of a process, which of its two."""
    if isinstance(action.meaning, GoesOn):
        return f"{action.component}.{action.meaning.process}, when it goes on,"
    return action.label
