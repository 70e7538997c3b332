"""Clusters: the values of a draft, checked and complete."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kspec.language import checked, tree
from kspec.language.checker.context import FieldInfo, KindInfo
from kspec.language.checker.declarations import require_map_for_objects
from kspec.language.checker.drafts import Draft, Given
from kspec.language.checker.scope import Purpose, Scope
from kspec.language.checker.type_nodes import resolve_type
from kspec.language.checker.typing import fits
from kspec.language.codes import Code
from kspec.language.types import NUMBER, MapType, OptionType, QuantityType, SeqType, SetType, Type
from kspec.system.spans import Span

if TYPE_CHECKING:
    from kspec.language.checker.expressions import ExpressionChecker


def check_cluster(checker: ExpressionChecker, draft: Draft) -> checked.Cluster:
    """Everything that a cluster gives, and a report of what it lacks."""
    context = checker.context
    _report_hiding_objects(checker, draft)
    objects = []
    for item in draft.objects.values():
        kind = context.kinds[item.kind]
        fields = _fields(checker, draft, kind, item.fields)
        _report_missing(checker, kind, item.fields, f"`{item.name}`", item.span)
        objects.append(checked.ClusterObject(item.name, item.kind, fields, item.span))
    for kind in context.kinds.values():
        if kind.single:
            given = draft.singles.get(kind.name, {})
            _report_missing(checker, kind, given, f"`{kind.name}`", draft.span)
            fields = _fields(checker, draft, kind, given)
            objects.append(checked.ClusterObject(kind.name, kind.name, fields, draft.span))
    return checked.Cluster(
        draft.name,
        tuple(objects),
        _rooms(checker, draft),
        _values(checker, draft),
        tuple(
            checker.condition(_scope(draft, given.module, Purpose.INITIAL), _expression(given), "`initially`")
            for given in draft.initially
        ),
        tuple(draft.disabled),
        draft.span,
    )


def _scope(draft: Draft, module: str, purpose: Purpose) -> Scope:
    return Scope(module, purpose, {}, objects={item.name: item.kind for item in draft.objects.values()})


def _expression(given: Given) -> tree.Expr:
    assert not isinstance(given.value, tree.AnyOf | tree.AnyIn)
    return given.value


def _report_hiding_objects(checker: ExpressionChecker, draft: Draft) -> None:
    space = checker.context.names.namespace(draft.module)
    for item in draft.objects.values():
        entity = space.entities.get(item.name)
        if entity is not None and isinstance(entity.node, tree.Const | tree.Var | tree.Kind):
            related = ((entity.node.name.span, "declared here"),)
            message = f"`{item.name}` is the name of a {entity.what}"
            checker.context.report(Code.KS102, message, item.span, "name the object otherwise", related)


def _fields(
    checker: ExpressionChecker, draft: Draft, kind: KindInfo, given: dict[str, Given]
) -> tuple[tuple[str, checked.ClusterValue], ...]:
    result = []
    for name, value in given.items():
        info: FieldInfo = kind.fields[name]
        found = _value(checker, draft, value, info.type, f"the field `{name}`")
        if not isinstance(found, checked.AnyOf | checked.AnyIn):
            require_map_for_objects(checker, name, info.type, found)
        result.append((name, found))
    return tuple(result)


def _report_missing(checker: ExpressionChecker, kind: KindInfo, given: dict[str, Given], what: str, span: Span) -> None:
    missing = [info.name for info in kind.fields.values() if info.node.default is None and info.name not in given]
    if missing:
        words = ", ".join(f"`{name}`" for name in missing)
        hint = f"write `{{ {missing[0]} = … }}` behind its name, or give the field a default"
        checker.context.report(Code.KS503, f"{what} has no value for {words}", span, hint)


def _rooms(checker: ExpressionChecker, draft: Draft) -> tuple[checked.Room, ...]:
    rooms = []
    for room in draft.rooms.values():
        at_most = _room_number(checker, room.at_most)
        exactly = _room_number(checker, room.exactly)
        if room.exactly is not None:
            kind = checker.context.kinds[room.kind]
            zero = isinstance(room.exactly.value, tree.Number) and room.exactly.value.value == 0
            if not zero:
                _report_missing(checker, kind, {}, f"an unnamed {room.kind}", room.exactly.span)
        given = room.at_most or room.exactly
        span = given.span if given is not None else draft.span
        rooms.append(checked.Room(room.kind, at_most, exactly, room.quota, span))
    return tuple(rooms)


def _room_number(checker: ExpressionChecker, given: Given | None) -> checked.Expr | None:
    if given is None:
        return None
    return checker.number(Scope(given.module, Purpose.CONSTANT, {}), _expression(given), "room")


def _values(checker: ExpressionChecker, draft: Draft) -> tuple[tuple[str, checked.ClusterValue], ...]:
    context = checker.context
    result = []
    for entity in context.names.entities:
        if not isinstance(entity.node, tree.Const | tree.Var):
            continue
        is_const = isinstance(entity.node, tree.Const)
        type = context.const_types[entity.name] if is_const else context.globals[entity.name].type
        given = draft.values.get(entity.name)
        if given is not None:
            found = _value(checker, draft, given, type, f"`{entity.name}`")
            if not isinstance(found, checked.AnyOf | checked.AnyIn):
                require_map_for_objects(checker, entity.name, type, found)
            result.append((entity.name, found))
        elif isinstance(entity.node, tree.Const) and entity.node.value is None:
            related = ((entity.node.name.span, "declared here"),)
            message = f"the cluster `{draft.name}` has no value for the const `{entity.name}`"
            context.report(Code.KS503, message, draft.span, f"write `{entity.name} = …` in the cluster", related)
    return tuple(result)


def _quantity_to_list(type: Type) -> str | None:
    """A quantity whose amounts would have to be listed to list the values of a type."""
    match type:
        case QuantityType(name):
            return name
        case OptionType(inner) | SetType(inner) | SeqType(inner) | MapType(_, inner):
            return _quantity_to_list(inner)
        case _:
            return None


def _value(checker: ExpressionChecker, draft: Draft, given: Given, type: Type, what: str) -> checked.ClusterValue:
    scope = _scope(draft, given.module, Purpose.CLUSTER)
    match given.value:
        case tree.AnyOf(node, span):
            chosen = resolve_type(checker, given.module, node)
            checker.context.expect(chosen, type, span, what)
            quantity = _quantity_to_list(chosen)
            if quantity is not None:
                message = f"the amounts of {quantity} are not listed one by one"
                checker.context.report(Code.KS203, message, span, "write those that are meant: `any {500m, 1}`")
            if chosen == NUMBER and fits(chosen, type) and getattr(chosen, "bounds", None) is None:
                chosen = type
            return checked.AnyOf(chosen, span)
        case tree.AnyIn(values, span):
            return checked.AnyIn(tuple(checker.want(scope, value, type, what) for value in values), span)
        case value:
            return checker.want(scope, value, type, what)
