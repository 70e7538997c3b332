"""Enums, consts, kinds and global variables: their types first, their values once every type is known."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kspec.language import checked, tree
from kspec.language.checker.context import FieldInfo, KindInfo, VariableInfo
from kspec.language.checker.scope import Purpose, Scope
from kspec.language.checker.type_nodes import resolve_stored_type, resolve_type
from kspec.language.checker.typing import describe
from kspec.language.codes import Code
from kspec.language.diagnostics import did_you_mean
from kspec.language.types import ERROR, KindType, MapType, OptionType, QuantityType, SeqType, SetType, Type
from kspec.language.walk import subexpressions

if TYPE_CHECKING:
    from kspec.language.checker.expressions import ExpressionChecker


def declare_enums(checker: ExpressionChecker) -> None:
    context = checker.context
    for entity in context.names.entities:
        if not isinstance(entity.node, tree.Enum):
            continue
        members: dict[str, tree.Name] = {}
        for member in entity.node.members:
            known = members.setdefault(member.text, member)
            if known is not member:
                related = ((known.span, "the first"),)
                context.report(Code.KS102, f"`{member.text}` is declared twice", member.span, "remove one", related)
        context.enums[entity.name] = checked.Enum(entity.name, tuple(members), entity.node.name.span)


def check_quantities(checker: ExpressionChecker) -> dict[str, checked.Quantity]:
    result: dict[str, checked.Quantity] = {}
    for entity in checker.context.names.entities:
        node = entity.node
        if isinstance(node, tree.Quantity):
            type = QuantityType(entity.name)
            bound = checker.check(Scope(entity.module, Purpose.CONSTANT, {}), node.bound, type)
            if not checker.is_error(bound) and bound.type != type:
                message = f"the bound of `{node.name.text}` is an amount, not {describe(bound.type)}"
                checker.context.report(Code.KS201, message, node.bound.span, "such as `at most 64`, `at most 1Ti`")
            result[entity.name] = checked.Quantity(entity.name, bound, node.name.span)
    return result


def declare_consts(checker: ExpressionChecker) -> None:
    """Every const has a type before any is used; the bounds of one may use another."""
    context = checker.context
    nodes = [entity for entity in context.names.entities if isinstance(entity.node, tree.Const)]
    for entity in nodes:
        context.const_types[entity.name] = ERROR
    for entity in sorted(nodes, key=lambda entity: _uses_names(entity.node)):
        assert isinstance(entity.node, tree.Const)
        context.const_types[entity.name] = resolve_type(checker, entity.module, entity.node.type)


def _uses_names(node: object) -> bool:
    """Consts whose bounds are plain numbers come first."""
    if not isinstance(node, tree.Const) or not isinstance(node.type, tree.RangeType):
        return False
    return not all(isinstance(bound, tree.Number) for bound in (node.type.low, node.type.high))


def declare_kinds(checker: ExpressionChecker) -> None:
    """The kinds, still without their fields: a type only needs to know that they are there."""
    context = checker.context
    for entity in context.names.entities:
        if isinstance(entity.node, tree.Kind):
            info = KindInfo(entity.name, entity.node.single, {}, entity.node)
            context.kinds[entity.name] = info


def declare_fields(checker: ExpressionChecker) -> None:
    context = checker.context
    for entity in context.names.entities:
        if isinstance(entity.node, tree.Kind):
            for field in entity.node.fields:
                _declare_field(checker, context.kinds[entity.name], field, entity.module)
    for module in context.program.modules:
        for node in module.file.declarations:
            if isinstance(node, tree.Extend):
                _extend(checker, module.name, node)


def _extend(checker: ExpressionChecker, module: str, node: tree.Extend) -> None:
    entity = checker.context.names.find(module, node.kind)
    if entity is None or not isinstance(entity.node, tree.Kind):
        hint = did_you_mean(str(node.kind), checker.context.kinds) or "declare it with `kind`"
        checker.context.report(Code.KS101, f"there is no kind `{node.kind}`", node.kind.span, hint)
        return
    for field in node.fields:
        _declare_field(checker, checker.context.kinds[entity.name], field, module)


def _declare_field(checker: ExpressionChecker, kind: KindInfo, node: tree.Field, module: str) -> None:
    known = kind.fields.get(node.name.text)
    if known is not None:
        related = ((known.node.name.span, "the other field"),)
        message = f"`{kind.name}` has two fields `{node.name.text}`"
        checker.context.report(Code.KS102, message, node.name.span, "rename one of them", related)
        return
    type = resolve_stored_type(checker, module, node.type)
    if node.modifier == "key" and isinstance(type, SetType | MapType | SeqType):
        checker.context.report(
            Code.KS203, "a key is one value", node.type.span, "take a kind, an enum, bool or a range"
        )
        type = ERROR
    if node.modifier == "key" and kind.single:
        message = f"`{kind.name}` has one object, which needs no key"
        checker.context.report(Code.KS203, message, node.span, "write `const`")
    kind.fields[node.name.text] = FieldInfo(node.modifier, node.name.text, type, node, module)


def declare_globals(checker: ExpressionChecker) -> None:
    context = checker.context
    for entity in context.names.entities:
        if isinstance(entity.node, tree.Var):
            type = resolve_stored_type(checker, entity.module, entity.node.type)
            context.globals[entity.name] = VariableInfo(type, entity.node.ghost, entity.node)


def check_consts(checker: ExpressionChecker) -> dict[str, checked.Const]:
    context = checker.context
    result: dict[str, checked.Const] = {}
    for entity in context.names.entities:
        node = entity.node
        if isinstance(node, tree.Const):
            type = context.const_types[entity.name]
            value = None
            if node.value is not None:
                scope = Scope(entity.module, Purpose.CONSTANT, {})
                value = checker.want(scope, node.value, type, f"`{node.name.text}`")
            result[entity.name] = checked.Const(entity.name, type, value, node.name.span)
    report_circles(checker, result)
    return result


def report_circles(checker: ExpressionChecker, consts: dict[str, checked.Const]) -> None:
    """Reports consts whose value or bounds depend on themselves."""
    needs = {name: _consts_used((const.value, _bounds(const.type))) for name, const in consts.items()}
    done: set[str] = set()

    for start in consts:
        path: list[str] = []
        stack = [(start, iter(sorted(needs[start])))]
        while stack:
            name, following = stack[-1]
            if name not in path:
                path.append(name)
            following_name = next(following, None)
            if following_name is None:
                stack.pop()
                path.pop()
                done.add(name)
            elif following_name in path:
                circle = " → ".join([*path[path.index(following_name) :], following_name])
                span = consts[following_name].span
                hint = "give one of them a number"
                checker.context.report(Code.KS108, f"`{following_name}` depends on itself: {circle}", span, hint)
                done.add(following_name)
            elif following_name not in done and following_name in needs:
                stack.append((following_name, iter(sorted(needs[following_name]))))


def _consts_used(node: object) -> set[str]:
    return {found.name for found in subexpressions(node) if isinstance(found, checked.ConstUse)}


def _bounds(type: Type) -> object:
    match type:
        case OptionType(inner) | SetType(inner):
            return _bounds(inner)
        case MapType(key, value):
            return (_bounds(key), _bounds(value))
        case SeqType(element, capacity):
            return (_bounds(element), capacity)
        case _:
            return getattr(type, "bounds", None)


def check_kinds(checker: ExpressionChecker) -> dict[str, checked.Kind]:
    result = {}
    for kind in checker.context.kinds.values():
        fields = tuple(_check_field(checker, kind, info) for info in kind.fields.values())
        result[kind.name] = checked.Kind(kind.name, kind.single, fields, kind.node.name.span)
    return result


def _check_field(checker: ExpressionChecker, kind: KindInfo, info: FieldInfo) -> checked.Field:
    default = None
    if info.node.default is not None:
        scope = Scope(info.module, Purpose.INITIAL, {})
        default = checker.want(scope, info.node.default, info.type, f"the field `{info.name}`")
        require_map_for_objects(checker, kind.name, info.type, default)
    return checked.Field(info.modifier, info.name, info.type, default, info.node.name.span)


def require_map_for_objects(checker: ExpressionChecker, what: str, type: Type, value: checked.Expr) -> None:
    """A map over a kind begins as `map(…)`, so that objects created later have an entry too."""
    if not (isinstance(type, MapType) and isinstance(type.key, KindType)):
        return
    if not checker.is_error(value) and not isinstance(value, checked.MapOf):
        hint = f"write `map(x: {type.key.name}: …)`"
        checker.context.report(Code.KS206, f"{what}, a map over {type.key.name}, begins as `map(…)`", value.span, hint)


def check_globals(checker: ExpressionChecker) -> dict[str, checked.StateVariable]:
    result = {}
    for entity in checker.context.names.entities:
        node = entity.node
        if isinstance(node, tree.Var):
            info = checker.context.globals[entity.name]
            scope = Scope(entity.module, Purpose.INITIAL, {}, ghosts=node.ghost)
            initial = checker.want(scope, node.value, info.type, f"`{node.name.text}`")
            require_map_for_objects(checker, entity.name, info.type, initial)
            variable = checked.StateVariable(entity.name, info.type, initial, node.ghost, node.durable, node.name.span)
            result[entity.name] = variable
    return result
