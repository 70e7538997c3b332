"""Requests of a step that are refused: what was asked, and what the result was."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from kspec.evaluate.evaluator import Evaluator
from kspec.evaluate.run import Taken
from kspec.evaluate.values import in_order
from kspec.system import expressions as ex
from kspec.system.meanings import Reason
from kspec.system.sorts import ObjectSort, SetSort, Value
from kspec.system.system import System
from kspec.system.transitions import Refusal
from kspec.trace.sights import closed
from kspec.trace.watching import Moment


@dataclass(frozen=True, slots=True)
class Refused:
    """A refused request: `update Pod`, of the object `p1` if it is about one. `result`: conflict, missing, denied…
    `why`: of a denied one, in words."""

    result: str
    request: str
    object: str | None
    why: str


def refused_requests(system: System, evaluator: Evaluator, taken: Taken, before: Moment) -> tuple[Refused, ...]:
    """The refused requests of a step, in the order of the text."""
    transition = system.transitions[taken.transition]
    if not transition.refusals:
        return ()
    component = system.actions[transition.action].component
    locals = evaluator.locals(before.state, taken)
    found: dict[Refused, None] = {}
    for refusal in transition.refusals:
        for values in _bindings(evaluator, refusal, locals, before):
            item = None if refusal.item is None else evaluator.state_value(closed(refusal.item, values), before.state)
            found[_told(refusal, component, item, before)] = None
    return tuple(found)


def why_denied(refusal: Refusal, component: str) -> str:
    """Why a request is denied, in words; empty for other results."""
    match refusal.reason:
        case None:
            return ""
        case Reason.PERMISSION:
            what = ", ".join(f"{refusal.request}.{field}" for field in refusal.fields) or refusal.request
            return f"{component} may not {what}"
        case Reason.ADMISSION:
            return "not admitted"
        case Reason.QUOTA:
            return "the quota is used up"
        case Reason.CONDITION:
            return f"the condition of {refusal.request} does not hold"
        case Reason.DENY:
            return f"{refusal.request} says so"


def _bindings(
    evaluator: Evaluator, refusal: Refusal, locals: dict[ex.Local, Value], before: Moment
) -> Iterator[dict[ex.Local, Value]]:
    """The values of all locals wherever the request is refused so: in a loop, once for each object."""
    if not refusal.each:
        if evaluator.state_value(closed(refusal.condition, locals), before.state) is True:
            yield locals
        return
    (binding,) = refusal.each
    where = ex.SetComprehension(binding, refusal.condition, SetSort(binding.local.sort))
    members = evaluator.state_value(closed(where, locals), before.state)
    assert isinstance(members, frozenset)
    for member in in_order(members):
        yield {**locals, binding.local: member}


def _told(refusal: Refusal, component: str, item: Value, before: Moment) -> Refused:
    name = None
    if refusal.item is not None and isinstance(refusal.item.sort, ObjectSort) and isinstance(item, int):
        name = before.names.rosters[refusal.item.sort.kind].name(item)
    return Refused(refusal.result, refusal.request, name, why_denied(refusal, component))
