"""Overrides from the command line: `-D web.replicas=2` and `--scope Pod=5`, as if a cluster ended with them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from kspec.language import tree
from kspec.language.checker.drafts import Draft, Drafter, Given, ObjectDraft, RoomDraft
from kspec.language.codes import Code
from kspec.language.diagnostics import near_or_known, source_of_option
from kspec.language.parse import parse_cluster_item
from kspec.language.tokens import shown

if TYPE_CHECKING:
    from kspec.language.checker.context import Context


def override(drafter: Drafter, draft: Draft, module: str, defines: Sequence[str], scopes: Sequence[str]) -> None:
    """Changes a draft as the command line says."""
    context = drafter.context
    for text in defines:
        item = _parse(context, "-D", text)
        if isinstance(item, tree.ClusterAssign):
            drafter.apply(draft, (item,), module)
        elif item is not None:
            context.report(Code.KS508, "this is no `NAME=VALUE`", item.span, "such as `-D web.replicas=2`")
    for text in scopes:
        item = _parse(context, "--scope", text)
        if isinstance(item, tree.ClusterAssign) and not isinstance(item.value, tree.AnyOf | tree.AnyIn):
            _scope(context, draft, module, item.path, Given(item.value, module, item.span))
        elif item is not None:
            context.report(Code.KS508, "this is no `KIND=NUMBER`", item.span, "such as `--scope Pod=5`")


def _parse(context: Context, option: str, text: str) -> tree.ClusterItem | None:
    name = _label(context, source_of_option(option, shown(text)), text)
    context.program.sources[name] = text
    item, diagnostics = parse_cluster_item(name, text)
    for found in diagnostics:
        if found not in context.diagnostics:
            context.diagnostics.append(found)
    return item


def _label(context: Context, label: str, text: str) -> str:
    """What messages call an override: short, and not what they call another one."""
    sources = context.program.sources
    names = [label, *(f"{label} ({number})" for number in range(2, len(sources) + 3))]
    return next(name for name in names if sources.get(name, text) == text)


def _scope(context: Context, draft: Draft, module: str, path: tree.Path, number: Given) -> None:
    """Room for so many objects: unnamed ones where the kind has room for them, else copies of the last named one. Where
    `exactly` is all that the cluster says of a kind, there are so many at the beginning."""
    entity = context.names.find(module, path)
    if entity is None or not isinstance(entity.node, tree.Kind):
        hint = near_or_known(str(path), context.kinds)
        context.report(Code.KS101, f"there is no kind `{path}`", path.span, hint)
        return
    if entity.node.single:
        message = f"`{path}` has one object, and needs no room"
        context.report(Code.KS508, message, path.span, "`--scope` is for kinds with several objects")
        return
    room = draft.rooms.get(entity.name)
    if room is not None:
        is_exact = room.at_most is None
        draft.rooms[entity.name] = replace(room, exactly=number) if is_exact else replace(room, at_most=number)
        return
    _clone(context, draft, entity.name, number)


def _clone(context: Context, draft: Draft, kind: str, number: Given) -> None:
    named = [item for item in draft.objects.values() if item.kind == kind]
    if not isinstance(number.value, tree.Number):
        context.report(
            Code.KS508, f"`{kind}` has named objects: this is a number", number.span, "such as `--scope Node=3`"
        )
        return
    if not named:
        draft.rooms[kind] = RoomDraft(kind, at_most=number)
        return
    wanted = number.value.value
    if wanted == len(named):
        return
    if not _alike(named):
        is_more = wanted > len(named)
        why = "none can stand for more" if is_more else "it matters which of them are left out"
        hint = f"{'name' if is_more else '`remove`'} them in a cluster that `extends` this one"
        context.report(Code.KS508, f"the {kind} objects of `{draft.name}` differ, so that {why}", number.span, hint)
        return
    if wanted > 4096:
        context.report(Code.KS604, f"{wanted} objects are more than a kind can have", number.span, "at most 4096")
        return
    for item in named[wanted:]:
        del draft.objects[item.name]
    names = _new_names(draft, named[-1].name, wanted - len(named))
    for name in names:
        draft.objects[name] = replace(named[-1], name=name)


def _alike(named: list[ObjectDraft]) -> bool:
    def content(item: ObjectDraft) -> dict[str, object]:
        return {name: _without_places(given.value) for name, given in item.fields.items()}

    return all(content(item) == content(named[0]) for item in named)


def _without_places(value: object) -> str:
    """The text of a syntax tree without its spans."""
    return re.sub(r"Span\([^)]*\)", "", repr(value))


def _new_names(draft: Draft, last: str, number: int) -> list[str]:
    stem = last.rstrip("0123456789")
    count = int(last[len(stem) :] or 1)
    names: list[str] = []
    while len(names) < number:
        count += 1
        if f"{stem}{count}" not in draft.objects:
            names.append(f"{stem}{count}")
    return names
