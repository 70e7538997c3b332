"""Names, members and entries: what `a`, `a.b` and `a[b]` stand for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kspec.language import checked, tree
from kspec.language.checker.context import ComponentInfo, KindInfo
from kspec.language.checker.erroneous import erroneous
from kspec.language.checker.names import BUILTIN_FUNCTIONS, Entity, Namespace
from kspec.language.checker.scope import Purpose, Scope
from kspec.language.checker.typing import describe, without_none
from kspec.language.checker.unknown_names import known_names, report_unknown
from kspec.language.codes import Code
from kspec.language.diagnostics import did_you_mean
from kspec.language.types import CopyType, EnumType, KindType, MapType, OptionType, SeqType, Type
from kspec.system.spans import Span

if TYPE_CHECKING:
    from kspec.language.checker.expressions import ExpressionChecker


def check_path(
    checker: ExpressionChecker, scope: Scope, node: tree.NameUse | tree.Member | tree.Index, wanted: Type | None
) -> checked.Expr:
    """The path with its declared type: it is not narrowed yet."""
    match node:
        case tree.NameUse(name, span):
            return _name(checker, scope, name, span, wanted)
        case tree.Member():
            return _member(checker, scope, node, wanted)
        case tree.Index():
            return _index(checker, scope, node)


def _name(checker: ExpressionChecker, scope: Scope, name: tree.Name, span: Span, wanted: Type | None) -> checked.Expr:
    if name.text in scope.locals:
        local = scope.locals[name.text]
        return checked.LocalUse(local, _as_object(local.type), span)
    if scope.component is not None:
        info = checker.context.components[scope.component]
        if name.text in info.variables or name.text in info.definitions:
            instance = None if scope.instance is None else checked.LocalUse(scope.instance, scope.instance.type, span)
            return component_member(checker, scope, info, instance, name, span)
    if scope.objects is not None and name.text in scope.objects:
        return checked.NamedObject(name.text, KindType(scope.objects[name.text]), span)
    space = checker.context.names.namespace(scope.module)
    found = _in_namespace(checker, scope, space, name, span, wanted)
    if found is not None:
        return found
    report_unknown(checker, scope, name)
    return erroneous(span)


def _in_namespace(
    checker: ExpressionChecker, scope: Scope, space: Namespace, name: tree.Name, span: Span, wanted: Type | None
) -> checked.Expr | None:
    """What a name of a module stands for as a value; None if the module does not have it."""
    entity = space.entities.get(name.text)
    if entity is not None:
        return _entity(checker, scope, entity, span)
    enums = space.members.get(name.text)
    if enums:
        return _enum_member(checker, enums, name, span, wanted)
    return None


def _entity(checker: ExpressionChecker, scope: Scope, entity: Entity, span: Span) -> checked.Expr:
    context = checker.context
    match entity.node:
        case tree.Const():
            return checked.ConstUse(entity.name, context.const_types[entity.name], span)
        case tree.Var():
            return _global(checker, scope, entity, span)
        case tree.Kind(single=True):
            if scope.purpose is Purpose.CONSTANT:
                return report_not_constant(checker, span)
            return checked.SingleObject(KindType(entity.name), span)
        case tree.Def():
            from kspec.language.checker.calls import call_definition

            return call_definition(checker, scope, entity.name, (), (), span)
        case tree.Pattern():
            context.report(Code.KS106, f"`{entity.name}` is a pattern: it needs arguments", span)
        case tree.Component():
            info = context.components.get(entity.name)
            hint = "write `.variable` behind it" if info is not None and info.variables else None
            context.report(Code.KS106, f"`{entity.name}` is a component, not a value", span, hint)
        case tree.Request():
            context.report(Code.KS106, f"`{entity.name}` is a request, not a value", span, "call it as a statement")
        case tree.Kind():
            hint = f"for all of them: `forall x: {entity.name}: …`"
            context.report(Code.KS106, f"`{entity.name}` is a kind, not a value", span, hint)
        case tree.Quantity():
            hint = "write an amount of it, such as `500m`"
            context.report(Code.KS106, f"`{entity.name}` is a quantity, not a value", span, hint)
        case tree.Enum():
            hint = f"its values are {', '.join(member.text for member in entity.node.members)}"
            context.report(Code.KS106, f"`{entity.name}` is an enum, not a value", span, hint)
    return erroneous(span)


def _global(checker: ExpressionChecker, scope: Scope, entity: Entity, span: Span) -> checked.Expr:
    if scope.purpose is Purpose.CONSTANT:
        return report_not_constant(checker, span)
    info = checker.context.globals[entity.name]
    if info.ghost:
        note_ghost(checker, scope, entity.name, span)
    return checked.GlobalUse(entity.name, info.type, span)


def report_not_constant(checker: ExpressionChecker, span: Span) -> checked.Expr:
    checker.context.report(Code.KS601, "a constant cannot depend on the state", span, "use consts only")
    return erroneous(span)


def note_ghost(checker: ExpressionChecker, scope: Scope, name: str, span: Span) -> None:
    """Reports a ghost variable that is read where only properties may be."""
    if scope.purpose is Purpose.DEFINITION:
        checker.definitions.note_ghost(name)
    elif not (scope.about_properties or scope.ghosts):
        hint = "ghost variables are for properties; remove `ghost` if the model depends on it"
        checker.context.report(
            Code.KS405, f"`{name}` is a ghost variable, and this is {scope.purpose.value}", span, hint
        )


def _enum_member(
    checker: ExpressionChecker, enums: list[Entity], name: tree.Name, span: Span, wanted: Type | None
) -> checked.Expr:
    wanted = wanted.inner if isinstance(wanted, OptionType) else wanted
    fitting = [enum for enum in enums if isinstance(wanted, EnumType) and enum.name == wanted.name] or enums
    if len(fitting) > 1:
        names = " or ".join(f"`{enum.name}.{name.text}`" for enum in fitting)
        checker.context.report(Code.KS206, f"`{name.text}` is a value of several enums", span, f"write {names}")
        return erroneous(span)
    return checked.EnumMember(fitting[0].name, name.text, EnumType(fitting[0].name), span)


def _member(checker: ExpressionChecker, scope: Scope, node: tree.Member, wanted: Type | None) -> checked.Expr:
    if isinstance(node.base, tree.NameUse) and node.base.name.text not in scope.locals:
        found = _qualified(checker, scope, node.base.name, node, wanted)
        if found is not None:
            return found
        if node.base.name.text not in known_names(checker, scope):
            report_unknown(checker, scope, node.base.name, node.name.text)
            return erroneous(node.span)
    if isinstance(node.base, tree.Call) and isinstance(node.base.base, tree.NameUse):
        info = component_named(checker, scope, node.base.base.name)
        if info is not None:
            return _instance_member(checker, scope, info, node.base, node)
    base = checker.check(scope, node.base)
    if checker.is_error(base):
        return erroneous(node.span)
    return field_read(checker, scope, base, node.name, node.span)


def _qualified(
    checker: ExpressionChecker, scope: Scope, first: tree.Name, node: tree.Member, wanted: Type | None
) -> checked.Expr | None:
    """`alias.name`, `Enum.Member`, `component.variable`, `cluster.object`; None if it is none of these."""
    context = checker.context
    space = context.names.through_alias(scope.module, first.text)
    if space is not None:
        found = _in_namespace(checker, scope, space, node.name, node.span, wanted)
        if found is None:
            hint = did_you_mean(node.name.text, space.known())
            context.report(Code.KS101, f"`{first.text}` has nothing called `{node.name.text}`", node.name.span, hint)
            return erroneous(node.span)
        return found
    entity = context.names.namespace(scope.module).entities.get(first.text)
    if entity is not None and isinstance(entity.node, tree.Enum):
        members = [member.text for member in entity.node.members]
        if node.name.text in members:
            return checked.EnumMember(entity.name, node.name.text, EnumType(entity.name), node.span)
        hint = did_you_mean(node.name.text, members) or f"its values are {', '.join(members)}"
        context.report(Code.KS101, f"`{first.text}` has no value `{node.name.text}`", node.name.span, hint)
        return erroneous(node.span)
    info = component_named(checker, scope, first)
    if info is not None:
        if info.instance is not None:
            hint = f"write `{info.name}({info.instance.name}).{node.name.text}`"
            message = f"`{info.name}` has one instance for each {describe(info.instance.type)}"
            context.report(Code.KS204, message, node.span, hint)
            return erroneous(node.span)
        return component_member(checker, scope, info, None, node.name, node.span)
    if scope.cluster == first.text and entity is None and node.name.text in context.cluster_objects[first.text]:
        kind = context.cluster_objects[first.text][node.name.text]
        return checked.NamedObject(node.name.text, KindType(kind), node.span)
    if entity is None and first.text in context.cluster_objects:
        return _foreign_object(checker, scope, first, node)
    return None


def _foreign_object(checker: ExpressionChecker, scope: Scope, cluster: tree.Name, node: tree.Member) -> checked.Expr:
    if node.name.text in checker.context.cluster_objects[cluster.text]:
        hint = f"write `only in {cluster.text}` behind the property's name"
        checker.context.report(Code.KS502, f"this is not only about the cluster `{cluster.text}`", node.span, hint)
    else:
        near = did_you_mean(node.name.text, checker.context.cluster_objects[cluster.text])
        message = f"the cluster `{cluster.text}` has no object `{node.name.text}`"
        checker.context.report(Code.KS502, message, node.name.span, near)
    return erroneous(node.span)


def component_named(checker: ExpressionChecker, scope: Scope, name: tree.Name) -> ComponentInfo | None:
    entity = checker.context.names.namespace(scope.module).entities.get(name.text)
    if entity is None or not isinstance(entity.node, tree.Component):
        return None
    return checker.context.components.get(entity.name)


def _instance_member(
    checker: ExpressionChecker, scope: Scope, info: ComponentInfo, call: tree.Call, node: tree.Member
) -> checked.Expr:
    instance = check_instance(checker, scope, info, call)
    if instance is None:
        return erroneous(node.span)
    return component_member(checker, scope, info, instance, node.name, node.span)


def check_instance(
    checker: ExpressionChecker, scope: Scope, info: ComponentInfo, call: tree.Call
) -> checked.Expr | None:
    """The instance in `kubelet(n)`."""
    if info.instance is None:
        message = f"`{info.name}` has no instances"
        checker.context.report(Code.KS204, message, call.span, f"write `{info.name}.` without parentheses")
        return None
    if len(call.arguments) != 1:
        message = f"`{info.name}` takes one {describe(info.instance.type)}"
        checker.context.report(Code.KS204, message, call.span)
        return None
    found = checker.want(scope, call.arguments[0], info.instance.type, f"the instance of `{info.name}`")
    return None if checker.is_error(found) else found


def component_member(
    checker: ExpressionChecker,
    scope: Scope,
    info: ComponentInfo,
    instance: checked.Expr | None,
    name: tree.Name,
    span: Span,
) -> checked.Expr:
    """`component.variable`, or a definition of the component without parameters."""
    if name.text in info.variables:
        return component_read(checker, scope, info, instance, name, span)
    if name.text in info.definitions:
        from kspec.language.checker.calls import call_definition

        arguments = () if instance is None else (instance,)
        return call_definition(checker, scope, info.definitions[name.text], arguments, (), span)
    known = [*info.variables, *info.definitions]
    hint = did_you_mean(name.text, known) or (f"it has {', '.join(known)}" if known else "it has no variables")
    checker.context.report(Code.KS101, f"`{info.name}` has no variable `{name.text}`", name.span, hint)
    return erroneous(span)


def component_read(
    checker: ExpressionChecker,
    scope: Scope,
    info: ComponentInfo,
    instance: checked.Expr | None,
    name: tree.Name,
    span: Span,
) -> checked.Expr:
    variable = info.variables[name.text]
    if not may_touch(scope, info, instance):
        message = f"`{info.name}.{name.text}` is not visible to `{scope.component}`"
        checker.context.report(Code.KS305, message, span, touch_hint(info))
        return erroneous(span)
    if scope.purpose in (Purpose.CONSTANT, Purpose.CLUSTER):
        return report_not_constant(checker, span)
    if variable.ghost:
        note_ghost(checker, scope, f"{info.name}.{name.text}", span)
    return checked.ComponentRead(info.name, instance, name.text, variable.type, span)


def may_touch(scope: Scope, info: ComponentInfo, instance: checked.Expr | None) -> bool:
    """Whether a component's variable is visible: to itself, to components `per` the same object, to the environment and
    to everything that is no component."""
    if scope.component is None or scope.component in (info.name, "environment"):
        return True
    if info.instance is None or scope.instance is None or info.instance.type != scope.instance.type:
        return False
    return isinstance(instance, checked.LocalUse) and instance.local.id == scope.instance.id


def touch_hint(info: ComponentInfo) -> str:
    if info.instance is None:
        return "components know of each other only through objects and global variables"
    return f"only components `per` the same {describe(info.instance.type)}, and the environment, see it"


def field_read(
    checker: ExpressionChecker, scope: Scope, base: checked.Expr, name: tree.Name, span: Span
) -> checked.Expr:
    context = checker.context
    if isinstance(base, checked.LocalUse) and copied_kind(base.local) is not None and isinstance(base.type, KindType):
        return _copy_read(checker, scope, base.local, context.kinds[base.type.name], name, span)
    if isinstance(base.type, OptionType) and isinstance(base.type.inner, KindType):
        checker.present(base, f"`.{name.text}` is read through it")
        return erroneous(span)
    if not isinstance(base.type, KindType):
        hint = None
        if name.text in BUILTIN_FUNCTIONS:
            hint = f"write `{name.text}(…)`"
        context.report(Code.KS205, f"{describe(base.type)} has no fields", name.span, hint)
        return erroneous(span)
    if scope.purpose is Purpose.CONSTANT:
        return report_not_constant(checker, span)
    info = context.kinds[base.type.name]
    field = info.fields.get(name.text)
    if field is None:
        report_no_field(checker, info, name)
        return erroneous(span)
    return checked.FieldRead(base, info.name, field.name, field.type, span)


def _copy_read(
    checker: ExpressionChecker, scope: Scope, copy: checked.Local, info: KindInfo, name: tree.Name, span: Span
) -> checked.Expr:
    field = info.fields.get(name.text)
    if field is None:
        report_no_field(checker, info, name)
        return erroneous(span)
    return checked.CopyRead(copy, info.name, field.name, field.type, span)


def copied_kind(local: checked.Local) -> str | None:
    """The kind of the copy that a local holds (or may hold); None if it holds something else."""
    type = without_none(local.type)
    return type.kind if isinstance(type, CopyType) else None


def _as_object(type: Type) -> Type:
    """A copy, as a value, is the object."""
    match type:
        case CopyType(kind):
            return KindType(kind)
        case OptionType(CopyType(kind)):
            return OptionType(KindType(kind))
        case _:
            return type


def report_no_field(checker: ExpressionChecker, info: KindInfo, name: tree.Name) -> None:
    hint = did_you_mean(name.text, info.fields)
    if hint is None:
        owners = [f"`{kind.name}`" for kind in checker.context.kinds.values() if name.text in kind.fields]
        if owners:
            hint = f"{' and '.join(owners)} {'has' if len(owners) == 1 else 'have'} a field `{name.text}`"
        elif info.fields:
            hint = f"its fields are {', '.join(info.fields)}"
        else:
            hint = "it has no fields"
    checker.context.report(Code.KS107, f"`{info.name}` has no field `{name.text}`", name.span, hint)


def _index(checker: ExpressionChecker, scope: Scope, node: tree.Index) -> checked.Expr:
    kind = named_kind(checker, scope, node.base)
    if kind is not None:
        return _lookup(checker, scope, kind, node)
    base = checker.check(scope, node.base)
    if checker.is_error(base):
        return erroneous(node.span)
    if checker.present(base, "an entry of it is read") is None:
        return erroneous(node.span)
    if not isinstance(base.type, MapType):
        hint = "sequences have `first(s)`" if isinstance(base.type, SeqType) else None
        checker.context.report(Code.KS205, f"{describe(base.type)} has no entries", node.span, hint)
        return erroneous(node.span)
    if len(node.arguments) != 1:
        checker.context.report(
            Code.KS204, "a map has one key", node.span, "write `m[k]`, or `m[k][l]` for a map of maps"
        )
        return erroneous(node.span)
    key = checker.want(scope, node.arguments[0], base.type.key, "the key")
    return checked.MapRead(base, key, base.type.value, node.span)


def named_kind(checker: ExpressionChecker, scope: Scope, node: tree.Expr) -> KindInfo | None:
    """The kind that an expression is the name of; None if it is none."""
    names = checker.context.names
    match node:
        case tree.NameUse(name) if name.text not in scope.locals:
            entity = names.find(scope.module, tree.Path((name,), name.span))
        case tree.Member(tree.NameUse(alias), name) if alias.text not in scope.locals:
            entity = names.find(scope.module, tree.Path((alias, name), node.span))
        case _:
            return None
    if entity is None or not isinstance(entity.node, tree.Kind) or entity.node.single:
        return None
    return checker.context.kinds[entity.name]


def _lookup(checker: ExpressionChecker, scope: Scope, kind: KindInfo, node: tree.Index) -> checked.Expr:
    if scope.purpose is Purpose.CONSTANT:
        return report_not_constant(checker, node.span)
    if not kind.keys:
        checker.context.report(Code.KS205, f"`{kind.name}` has no key fields", node.span, "declare one: `key name: …`")
        return erroneous(node.span)
    if len(kind.keys) != len(node.arguments):
        wanted = ", ".join(f"{key.name}: {describe(key.type)}" for key in kind.keys)
        checker.context.report(Code.KS204, f"the key of `{kind.name}` is {wanted}", node.span)
        return erroneous(node.span)
    pairs = zip(kind.keys, node.arguments, strict=True)
    keys = tuple(checker.want(scope, argument, key.type, f"the key `{key.name}`") for key, argument in pairs)
    return checked.Lookup(kind.name, keys, OptionType(KindType(kind.name)), node.span)
