"""What a component looks at: the kinds, and the fields of each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass

from kspec.language import checked
from kspec.language.types import KindType


def pieces(part: object) -> Iterator[object]:
    """Every piece of a tree, itself included."""
    yield part
    if isinstance(part, tuple):
        for inner in part:
            yield from pieces(inner)
    elif is_dataclass(part):
        for item in fields(part):
            if item.name not in ("span", "type"):
                yield from pieces(getattr(part, item.name))


def eyes_of(model: checked.Model, component: checked.Component) -> list[object]:
    """All that is evaluated in the eyes of a component: its bodies, `seen by` it, and the definitions they call."""
    roots: list[object] = [component.actions, component.processes]
    everything = (*model.properties.values(), *model.defs.values(), *model.patterns.values())
    roots += [
        piece.operand
        for piece in pieces(everything)
        if isinstance(piece, checked.SeenBy) and piece.component == component.name
    ]
    found: list[object] = []
    called: set[str] = set()
    while roots:
        for piece in pieces(roots.pop()):
            found.append(piece)
            if isinstance(piece, checked.DefCall) and piece.definition not in called:
                called.add(piece.definition)
                roots.append(model.defs[piece.definition].body)
    return found


def kinds_seen(model: checked.Model, component: checked.Component) -> set[str]:
    found = set()
    for piece in eyes_of(model, component):
        match piece:
            case checked.FieldRead(_, kind) | checked.CopyRead(_, kind) | checked.Lookup(kind) | checked.Get(_, kind):
                found.add(kind)
            case checked.AllOf(KindType(kind)):
                found.add(kind)
            case checked.Builtin("alive", (operand,)) if isinstance(operand.type, KindType):
                found.add(operand.type.name)
            case _:
                pass
    return found


def fields_seen(model: checked.Model, component: checked.Component, kind: str) -> tuple[str, ...]:
    """The fields that can change and that the component reads."""
    looked_at = set()
    for piece in eyes_of(model, component):
        match piece:
            case checked.FieldRead(_, of, name) | checked.CopyRead(_, of, name) if of == kind:
                looked_at.add(name)
            case _:
                pass
    return tuple(
        sorted(item.name for item in model.kinds[kind].fields if item.modifier is None and item.name in looked_at)
    )


def fields_copied(model: checked.Model) -> dict[int, set[str]]:
    """By the local that a `get` gives a value to: the fields of it that some expression reads."""
    found: dict[int, set[str]] = {}
    for piece in pieces((*model.components.values(), *model.requests.values())):
        if isinstance(piece, checked.CopyRead):
            found.setdefault(piece.copy.id, set()).add(piece.field)
    return found
