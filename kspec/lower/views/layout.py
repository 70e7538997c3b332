"""Which views there are, and the state variables that hold them.

A view is the store, but for the events that the component has not seen yet: for each of them, in a queue, the object
and what it was before. Where the queue is not enough (lost events, disconnection, `lag any`) the view *keeps* what it
last saw of single objects.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kspec.language import checked
from kspec.language.codes import Code
from kspec.language.reading import fields_seen, kinds_read
from kspec.lower.problems import Problem
from kspec.system.meanings import LogEvent, Part, VariableMeaning, ViewEvent, ViewKept
from kspec.system.sorts import BOOL, MapSort, OptionSort, SetSort, Sort
from kspec.system.spans import Span
from kspec.system.system import Role, Variable

if TYPE_CHECKING:
    from kspec.lower.context import Context

LONGEST_LAG = 16
"""More undelivered events than this make no model that can be searched."""


@dataclass(frozen=True, slots=True)
class View:
    """How a component sees a kind. `lag`: None for `any`. `length`: positions of the queue. `fields`: those that are
    stored, because the component looks at them. `keeps`: it keeps what it last saw of single objects. `tracks_own`: it
    waits for its own writes. `freezes`: the component may be disconnected. `comes_and_goes`: so do objects of the
    kind."""

    component: str
    kind: str
    lag: int | None
    length: int
    fields: tuple[str, ...]
    keeps: bool
    tracks_own: bool
    freezes: bool
    comes_and_goes: bool
    span: Span

    @property
    def _name(self) -> str:
        return f"{self.component} view {self.kind}"

    def event(self, position: int) -> str:
        """The object of an event; position 0 is the oldest."""
        return f"{self._name} {position}"

    def event_there(self, position: int) -> str:
        """Whether the object existed before the event."""
        return f"{self._name} {position} there"

    def event_field(self, position: int, field: str) -> str:
        """What a field was before the event."""
        return f"{self._name} {position}.{field}"

    def event_own(self, position: int) -> str:
        """Whether the component itself caused the event."""
        return f"{self._name} {position} own"

    @property
    def kept(self) -> str:
        """The objects of which it keeps what it last saw."""
        return f"{self._name} kept"

    @property
    def kept_there(self) -> str:
        return f"{self._name} kept there"

    def kept_field(self, field: str) -> str:
        return f"{self._name} kept.{field}"

    @property
    def kept_own(self) -> str:
        """The objects whose lost event the component itself caused."""
        return f"{self._name} kept own"


def views_of(context: Context) -> dict[tuple[str, str], View]:
    """By component and kind. A component that sees the store as it is has none."""
    found = {}
    for component in context.model.components.values():
        for view in _views(context, component):
            found[component.name, view.kind] = view
    return found


STORE = "store"
"""Stands for the component in the name of a log."""


def logs_of(context: Context) -> dict[str, View]:
    """By kind: the last events of the store, where a component's views may start from them."""
    found: dict[str, View] = {}
    for view in context.views.values():
        stale = stale_versions(context, context.model.components[view.component])
        if stale and view.lag is not None:
            known = found.get(view.kind)
            length = stale if known is None else max(stale, known.length)
            seen = {*view.fields, *(() if known is None else known.fields)}
            fields = tuple(item.name for item in context.model.kinds[view.kind].fields if item.name in seen)
            found[view.kind] = View(
                STORE, view.kind, length, length, fields, False, False, False, view.comes_and_goes, view.span
            )
    return found


def stale_versions(context: Context, component: checked.Component) -> int:
    """From how many of the last versions of a kind a view may start after a crash."""
    crashes = component.clauses.crashes
    if crashes is None or crashes.stale is None:
        return 0
    return _few(context, crashes.stale, "`from stale`")


def declare(context: Context, view: View) -> Iterator[Variable]:
    """The state variables of a view. Where it holds nothing they are `zero`, so that they need no initial value."""
    component = context.model.components.get(view.component)
    index: tuple[Sort, ...] = ()
    role = Role.GLOBAL if component is None else Role.COMPONENT
    if component is not None and component.instance is not None:
        index = (context.sort(component.instance.type, component.span),)
    kind = context.kind(view.kind).sort
    sorts = {field.name: context.sort(field.type, field.span) for field in context.model.kinds[view.kind].fields}

    def variable(name: str, sort: Sort, meaning: VariableMeaning) -> Variable:
        return Variable(name, index, sort, role, span=view.span, meaning=meaning)

    def of_event(position: int, part: Part, field: str = "") -> VariableMeaning:
        if component is None:
            return LogEvent(view.kind)
        return ViewEvent(view.component, view.kind, position, part, field)

    def of_kept(part: Part, field: str = "") -> ViewKept:
        return ViewKept(view.component, view.kind, part, field)

    for position in range(view.length):
        yield variable(view.event(position), OptionSort(kind), of_event(position, Part.OBJECT))
        if view.comes_and_goes:
            yield variable(view.event_there(position), BOOL, of_event(position, Part.THERE))
        for field in view.fields:
            yield variable(view.event_field(position, field), sorts[field], of_event(position, Part.FIELD, field))
        if view.tracks_own:
            yield variable(view.event_own(position), BOOL, of_event(position, Part.OWN))
    if view.keeps:
        yield variable(view.kept, SetSort(kind), of_kept(Part.OBJECT))
        if view.comes_and_goes:
            yield variable(view.kept_there, MapSort(kind, BOOL), of_kept(Part.THERE))
        for field in view.fields:
            yield variable(view.kept_field(field), MapSort(kind, sorts[field]), of_kept(Part.FIELD, field))
        if view.tracks_own:
            yield variable(view.kept_own, SetSort(kind), of_kept(Part.OWN))


def _views(context: Context, component: checked.Component) -> Iterator[View]:
    clauses = component.clauses
    stale = stale_versions(context, component)
    watched = set()
    for watch in clauses.watches:
        watched.add(watch.kind)
        lag = None if watch.lag is None else _few(context, watch.lag, "a lag")
        view = _view(context, component, watch.kind, lag, stale, watch.span)
        if view.length or view.keeps:
            yield view
    if clauses.disconnects is not None:
        for kind in kinds_read(context.model, component):
            if kind not in watched:
                yield _view(context, component, kind, 0, 0, component.span)


def _view(context: Context, component: checked.Component, kind: str, lag: int | None, stale: int, span: Span) -> View:
    clauses = component.clauses
    freezes = clauses.disconnects is not None
    return View(
        component.name,
        kind,
        lag,
        0 if lag is None else max(lag, stale),
        fields_seen(context.model, component, kind),
        lag is None or freezes or (clauses.loses is not None and lag > 0),
        clauses.reads_own_writes is not None,
        freezes,
        not context.kind(kind).permanent,
        span,
    )


def _few(context: Context, expr: checked.Expr, what: str) -> int:
    number = context.number(expr)
    if not 0 <= number <= LONGEST_LAG:
        message = f"{what} of {number:,}"
        raise Problem(Code.KS602, message, expr.span, f"it is between 0 and {LONGEST_LAG} events")
    return number
