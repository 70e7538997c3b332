"""Fields that several components write, without a look at what the object is like."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from kspec.language import checked
from kspec.language.walk import statements, subexpressions
from kspec.lower.requests.groups import same_text
from kspec.system.remarks import Remark
from kspec.system.spans import Span

Field = tuple[str, str]
"""A kind and a field."""


def two_writers(model: checked.Model, components: Iterable[checked.Component]) -> Iterator[Remark]:
    """A field for which two components know the value, whatever the object is: what one writes the other undoes."""
    writers: dict[Field, dict[str, Span]] = {}
    for component in components:
        for item in component.items:
            for written, span in _unconditional(model, item):
                writers.setdefault(written, {}).setdefault(component.name, span)
    for (kind, name), spans in writers.items():
        if len(spans) > 1:
            *others, last = (f"`{component}`" for component in spans)
            message = f"{kind}.{name} is written by {', '.join(others)} and {last}, which do not look at the {kind}"
            yield Remark("two-writers", message, list(spans.values())[-1])


def _unconditional(model: checked.Model, item: checked.Action | checked.Process) -> Iterator[tuple[Field, Span]]:
    """The fields that an action or process writes without looking at anything of such objects that may change, and
    where. To see that the field has not the value yet is no look: it only saves the write. What the body created itself
    is nobody else's."""
    inner = tuple(statements(item.body))
    own = {found.local for found in inner if isinstance(found, checked.Let) and isinstance(found.value, checked.Create)}
    for found in inner:
        match found:
            case checked.Assign(checked.FieldPlace(target, kind, field), value) if not isinstance(
                value, checked.Create
            ):
                if isinstance(target, checked.LocalUse) and target.local in own:
                    continue
                guards = [part for guard in item.guards for part in _parts(guard.condition)]
                looks = [part for part in guards if not _only_saves(part, kind, field, value)]
                if kind not in _looked_at(model, (*looks, *item.body)):
                    yield (kind, field), found.span
            case _:
                pass


def _parts(condition: checked.Expr) -> Iterator[checked.Expr]:
    if isinstance(condition, checked.Logical) and condition.operator == "and":
        yield from _parts(condition.left)
        yield from _parts(condition.right)
    else:
        yield condition


def _only_saves(condition: checked.Expr, kind: str, field: str, value: checked.Expr) -> bool:
    """Whether a condition says no more than that the field has another value than it will be given."""
    match condition:
        case checked.Compare("!=", checked.FieldRead(_, of, name), other) if (of, name) == (kind, field):
            return same_text(other, value)
        case checked.Not(checked.FieldRead(_, of, name)) if (of, name) == (kind, field):
            return isinstance(value, checked.Boolean) and value.value
        case checked.FieldRead(_, of, name) if (of, name) == (kind, field):
            return isinstance(value, checked.Boolean) and not value.value
        case _:
            return False


def _looked_at(model: checked.Model, roots: tuple[checked.Expr | checked.Statement, ...]) -> set[str]:
    """The kinds of which a field that can change is read, in definitions that are called too."""
    found: set[str] = set()
    called: set[str] = set()
    waiting: list[object] = list(roots)
    while waiting:
        for expr in subexpressions(waiting.pop()):
            match expr:
                case checked.FieldRead(_, kind, name) | checked.CopyRead(_, kind, name):
                    declared = model.kinds[kind].field(name)
                    found |= {kind} if declared is not None and declared.modifier is None else set()
                case checked.DefCall(name) if name not in called:
                    called.add(name)
                    waiting.append(model.defs[name].body)
                case _:
                    pass
    return found
