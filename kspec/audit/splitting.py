"""An action with several requests as a process that yields between them, so that it may crash there; and a process that
yields between those, too, that it makes in one step."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from kspec.audit.requests import is_request
from kspec.audit.rounds import has_rounds
from kspec.language import checked
from kspec.language.walk import statements
from kspec.lower.requests.groups import Group, Part, in_requests

Body = tuple[checked.Statement, ...]


@dataclass(frozen=True, slots=True)
class _Split:
    """Statements with their yields. `asks`: a request may come in them or behind them, before the body yields."""

    body: Body
    asks: bool


def split(action: checked.Action) -> checked.Process | None:
    """The process that an action becomes; None where it makes one request at most, or is `atomic`."""
    if action.atomic:
        return None
    body = _torn(action.body)
    if body is None:
        return None
    return checked.Process(
        action.name,
        action.parameters,
        None,
        action.guards,
        action.budget,
        action.fairness,
        body,
        action.span,
        split=True,
    )


def split_further(process: checked.Process) -> checked.Process | None:
    """The process with more yields; None where it makes one request at most between any two that it has."""
    body = _torn(process.body)
    return None if body is None else replace(process, body=body, split=True)


def _torn(body: Body) -> Body | None:
    """The body with a yield between any two requests; None where it has them."""
    result = _body(body, asks_later=False).body
    return result if _yields(result) > _yields(body) else None


def _yields(body: Body) -> int:
    return sum(isinstance(found, checked.Yield | checked.ForEach) for found in statements(body))


def _body(body: Body, *, asks_later: bool) -> _Split:
    """`asks_later`: a request may come behind the body, before it yields."""
    result: list[checked.Statement] = []
    asks = asks_later
    for part in reversed(tuple(in_requests(body))):
        found = _part(part, asks_later=asks)
        result[:0] = found.body
        asks = found.asks
    return _Split(tuple(result), asks)


def _part(part: Part, *, asks_later: bool) -> _Split:
    match part:
        case checked.Return() | checked.Yield() | checked.Await():
            return _Split((part,), False)
        case checked.While(condition, body, span):
            asks = asks_later or _body(body, asks_later=False).asks
            return _Split((checked.While(condition, _body(body, asks_later=asks).body, span),), asks)
        case checked.ForEach(variable, where, body, span):
            each = _body(body, asks_later=False)
            return _Split((checked.ForEach(variable, where, each.body, span),), each.asks or asks_later)
        case checked.If(condition, then, otherwise, span):
            yes, no = (_body(body, asks_later=asks_later) for body in (then, otherwise))
            return _Split((checked.If(condition, yes.body, no.body, span),), yes.asks or no.asks)
        case checked.Either(branches, span):
            ways = [_body(branch, asks_later=asks_later) for branch in branches]
            return _Split((checked.Either(tuple(way.body for way in ways), span),), any(way.asks for way in ways))
        case checked.For() if not any(map(is_request, statements(part.body))):
            return _same(part, asks_later)
        case checked.For(variable, where, body, span) if has_rounds(part):
            rounds = _body(body, asks_later=False).body
            return _Split((checked.ForEach(variable, where, rounds, span),), True)
        case checked.For():
            return _request((part,), part, asks_later=asks_later)
        case Group(assignments, handlers):
            *first, last = assignments
            end: checked.Statement = last
            if handlers:
                end = checked.Handled(last, _handlers(handlers), last.span)
            return _request((*first, end), last, asks_later=asks_later)
        case checked.Handled(statement, handlers, span) if is_request(statement):
            handled = checked.Handled(statement, _handlers(handlers), span)
            return _request((handled,), part, asks_later=asks_later)
        case _ if is_request(part):
            return _request((part,), part, asks_later=asks_later)
        case _:
            return _same(part, asks_later)


def _same(part: checked.Statement, asks_later: bool) -> _Split:
    return _Split((part,), asks_later)


def _request(body: Body, last: checked.Statement, *, asks_later: bool) -> _Split:
    """A request; the body yields behind it if another one may come."""
    return _Split((*body, checked.Yield(last.span)) if asks_later else body, True)


def _handlers(handlers: Iterable[checked.Handler]) -> tuple[checked.Handler, ...]:
    """Handlers; behind them the body yields anyway."""
    return tuple(
        checked.Handler(handler.results, _body(handler.body, asks_later=False).body, handler.span)
        for handler in handlers
    )
