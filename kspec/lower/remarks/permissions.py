"""Permissions that nobody uses, and actions that lack one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from kspec.language import checked
from kspec.language.reading import kinds_read
from kspec.language.types import KindType
from kspec.language.walk import statements
from kspec.lower.requests.authority import covers
from kspec.lower.requests.groups import Group, Handlers, Part, in_requests
from kspec.lower.requests.judgement import DENIED
from kspec.lower.requests.places import root_and_keys
from kspec.system.remarks import Remark


@dataclass(frozen=True, slots=True)
class Need:
    """What a request needs a permission for: a verb and a kind, or `call` and the name of a declared request."""

    verb: str
    name: str
    field: str | None = None

    def __str__(self) -> str:
        if self.verb == CALL:
            return self.name
        return f"{self.verb} {self.name}" + ("" if self.field is None else f".{self.field}")


CALL = "call"


def unused_permissions(model: checked.Model, component: checked.Component) -> Iterator[Remark]:
    """What a component may do, and never does."""
    bodies = [item.body for item in component.items]
    used = {need for body in bodies for found in statements(body) for need in needs(found)}
    used |= {Need("get", kind) for kind in kinds_read(model, component)}
    used |= {Need("get", get.kind) for body in bodies for found in statements(body) for get in _gets(found)}
    for entry in component.clauses.may or ():
        wanted = [Need(entry.verb, entry.kind, name) for name in entry.fields or (None,)]
        for need in wanted:
            if not any(_uses(one, need) for one in used):
                yield Remark("unused-permission", f"`{component.name}` may {need}, and never does", entry.span)
    for request in component.clauses.calls:
        if Need(CALL, request) not in used:
            yield Remark("unused-permission", f"`{component.name}` may {request}, and never does", component.span)


def always_denied(component: checked.Component) -> Iterator[Remark]:
    """Actions whose requests are all denied, whatever happens."""
    if component.clauses.may is None:
        return
    for action in component.items:
        ways = _Ways(component)
        ways.go(action.body)
        if ways.lacks and not ways.some_allowed:
            message = f"{component.name}.{action.name} can only be denied: `{component.name}` may not {ways.lacks[0]}"
            yield Remark("always-denied", message, action.span)


def needs(statement: checked.Statement) -> Iterator[Need]:
    """What one statement needs, those within it left out."""
    match statement:
        case checked.Assign(place, value):
            root, _ = root_and_keys(place)
            if isinstance(value, checked.Create):
                yield Need("create", value.kind)
            if isinstance(root, checked.FieldPlace):
                yield Need("update", root.kind, root.field)
        case checked.CreateStatement(create) | checked.Let(_, checked.Create() as create):
            yield Need("create", create.kind)
        case checked.Delete(target) if isinstance(target.type, KindType):
            yield Need("delete", target.type.name)
        case checked.Update(_, kind, fields):
            for name, _ in fields:
                yield Need("update", kind, name)
        case checked.Call(request):
            yield Need(CALL, request)
        case _:
            pass


@dataclass(slots=True)
class _Ways:
    """Every way through a body, as far as its requests are not denied. `lacks`: what was denied on the way."""

    component: checked.Component
    lacks: list[Need] = field(default_factory=list)
    some_allowed: bool = False

    def go(self, body: tuple[checked.Statement, ...]) -> bool:
        """Whether a way leads to the end of the body."""
        return all(self._part(part) for part in in_requests(body))

    def _part(self, part: Part) -> bool:
        match part:
            case Group(assignments, handlers):
                return self._request([need for one in assignments for need in needs(one)], handlers)
            case checked.Handled(statement, handlers):
                return self._request([*needs(statement)], handlers)
            case checked.If(_, then, otherwise):
                ends = [self.go(then), self.go(otherwise)]
                return any(ends)
            case checked.Either(branches):
                ends = [self.go(branch) for branch in branches]
                return any(ends)
            case checked.For() | checked.ForEach() | checked.While():
                self.go(part.body)
                return True
            case checked.Return():
                return False
            case _:
                return self._request([*needs(part)], ())

    def _request(self, wanted: list[Need], handlers: Handlers) -> bool:
        if not wanted:
            return True
        lacking = [need for need in wanted if not self._may(need)]
        self.lacks += lacking
        self.some_allowed |= not lacking
        handled = [handler for handler in handlers if not lacking or DENIED in handler.results]
        after = [self.go(handler.body) for handler in handled]
        return not lacking or any(after)

    def _may(self, need: Need) -> bool:
        clauses = self.component.clauses
        if need.verb == CALL:
            return need.name in clauses.calls
        return any(covers(entry, need.verb, need.name, need.field) for entry in clauses.may or ())


def _gets(statement: checked.Statement) -> Iterator[checked.Get]:
    match statement:
        case checked.Let(_, checked.Get() as get) | checked.GetStatement(get):
            yield get
        case _:
            pass


def _uses(used: Need, allowed: Need) -> bool:
    """Whether a request that needs `used` needs the permission `allowed`: one for all fields covers each."""
    return (used.verb, used.name) == (allowed.verb, allowed.name) and allowed.field in (None, used.field)
