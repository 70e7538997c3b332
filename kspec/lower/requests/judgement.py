"""How a request is judged: its results, in the order in which they are decided."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

from kspec.language import checked
from kspec.lower import build
from kspec.lower.path import Path, Refused
from kspec.lower.scope import Scope
from kspec.system.expressions import FALSE, Expr
from kspec.system.meanings import Reason
from kspec.system.spans import Span
from kspec.system.transitions import Refusal

UNREACHABLE, DENIED, MISSING, CONFLICT, TAKEN = "unreachable", "denied", "missing", "conflict", "taken"


class Judgement:
    """One request at the end of a path. `proceeds` is an atom: the body gets here, and nothing refuses the request so
    far. `request` says what is asked, `item` is the object that it is about, for traces. `lives` is an atom for an
    object that is where the scope `where` looks, if the request is not refused."""

    def __init__(self, path: Path, request: str, span: Span, item: Expr | None = None) -> None:
        self.path = path
        self.request = request
        self.span = span
        self.item = item
        self.proceeds: Expr = path.condition
        self.refused: list[Refused] = []
        self.lives: Expr | None = item
        self.where: Scope = path.scope().in_store()

    def refuse(self, result: str, when: Expr, reason: Reason | None = None, fields: tuple[str, ...] = ()) -> None:
        """The request has this result where nothing refused it before and `when` is true; evaluated only there."""
        if when == FALSE or self.proceeds == FALSE:
            return
        refused = self.path.define(result, build.conjunction(self.proceeds, when))
        self.refused.append(Refused(result, refused, reason, fields))
        self.proceeds = self.path.define("proceeds", build.conjunction(self.proceeds, build.negate(refused)))

    def tell(self, handlers: Sequence[checked.Handler] = ()) -> None:
        """Notes the results for reports."""
        known = _handled(handlers)
        for refused in self.refused:
            refusal = Refusal(refused.result, self.request, refused.condition, self.item, self.span)
            handled = self.path.actor.inside_request or refused.result in known
            self.path.refusals.append(replace(refusal, reason=refused.reason, fields=refused.fields, handled=handled))

    def end_where_refused(self) -> None:
        """The body ends where the request is refused."""
        self.tell()
        self.path.end_where([refused.condition for refused in self.refused], self.proceeds)

    @contextmanager
    def only_if_it_proceeds(self) -> Iterator[None]:
        """What is evaluated and written meanwhile is so only where the request proceeds."""
        before, known, alive = self.path.condition, self.path.known, self.path.alive
        self.path.go_on_if(self.proceeds)
        yield
        self.path.condition, self.path.known, self.path.alive = before, known, alive

    def is_handled(self, handlers: Sequence[checked.Handler]) -> bool:
        """Whether a handler is for some result that the request can have."""
        known = _handled(handlers)
        return any(refused.result in known for refused in self.refused)

    def where_refused(self, results: Sequence[str]) -> Expr:
        """An atom for: the request has one of these results."""
        having = [refused.condition for refused in self.refused if refused.result in results]
        return self.path.define("refused", build.disjunction(*having))

    def undo(self, first: int, when: Expr) -> None:
        """The writes of the path from the position `first` on do not happen where `when` is true: there admission
        denies the request."""
        if when == FALSE or self.proceeds == FALSE:
            return
        self.refuse(DENIED, when, Reason.ADMISSION)
        happens = build.negate(self.refused[-1].condition)
        writes = self.path.writes
        writes[first:] = [
            replace(write, condition=build.conjunction(write.condition, happens)) for write in writes[first:]
        ]


def _handled(handlers: Sequence[checked.Handler]) -> frozenset[str]:
    """The results that some handler is for."""
    return frozenset(result for handler in handlers for result in handler.results)
