"""Calls: definitions, patterns and what is built in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kspec.language import checked, tree
from kspec.language.checker.erroneous import erroneous
from kspec.language.checker.names import BUILTIN_FUNCTIONS
from kspec.language.checker.paths import check_instance, component_named, named_kind, note_ghost
from kspec.language.checker.scope import Purpose, Scope
from kspec.language.checker.type_nodes import resolve_type
from kspec.language.checker.typing import describe, join, short
from kspec.language.checker.views import check_connected, check_fresh, may_know_connection, may_look
from kspec.language.codes import Code
from kspec.language.diagnostics import did_you_mean, near_or_known
from kspec.language.types import BOOL, NUMBER, ComponentType, KindType, NothingType, SeqType, SetType, TemporalType
from kspec.system.spans import Span

if TYPE_CHECKING:
    from kspec.language.checker.expressions import ExpressionChecker


def check_call(checker: ExpressionChecker, scope: Scope, node: tree.Call) -> checked.Expr:
    match node.base:
        case tree.NameUse(name):
            return _named_call(checker, scope, name, node)
        case tree.Member():
            return _member_call(checker, scope, node.base, node)
        case _:
            checker.context.report(Code.KS205, "this cannot be called", node.base.span, "only definitions are called")
            return erroneous(node.span)


def _named_call(checker: ExpressionChecker, scope: Scope, name: tree.Name, node: tree.Call) -> checked.Expr:
    context = checker.context
    if name.text in scope.locals:
        context.report(Code.KS205, f"`{name.text}` is a value and cannot be called", name.span)
        return erroneous(node.span)
    if scope.component is not None and name.text in context.components[scope.component].definitions:
        definition = context.components[scope.component].definitions[name.text]
        instance = _own_instance(scope, node.span)
        return call_definition(checker, scope, definition, instance, node.arguments, node.span)
    entity = context.names.find(scope.module, tree.Path((name,), name.span))
    match entity.node if entity else None:
        case tree.Def():
            assert entity is not None
            return call_definition(checker, scope, entity.name, (), node.arguments, node.span)
        case tree.Pattern():
            assert entity is not None
            return _pattern(checker, scope, entity.name, node)
        case tree.Request():
            message = f"`{name.text}` is a request, which has a result and no value"
            context.report(Code.KS106, message, node.span, "call it as a statement")
        case None:
            if name.text in BUILTIN_FUNCTIONS:
                return _builtin(checker, scope, name.text, node)
            known = [*context.names.namespace(scope.module).known(), *BUILTIN_FUNCTIONS]
            hint = did_you_mean(name.text, known)
            context.report(Code.KS101, f"there is no definition `{name.text}`", name.span, hint)
        case tree.Component():
            assert entity is not None
            context.report(
                Code.KS106, f"`{entity.name}` is a component, not a value", node.span, "write `.variable` behind it"
            )
        case _:
            assert entity is not None
            context.report(Code.KS106, f"`{entity.name}` is a {entity.what} and cannot be called", name.span)
    return erroneous(node.span)


def _own_instance(scope: Scope, span: Span) -> tuple[checked.Expr, ...]:
    if scope.instance is None:
        return ()
    return (checked.LocalUse(scope.instance, scope.instance.type, span),)


def _member_call(checker: ExpressionChecker, scope: Scope, base: tree.Member, node: tree.Call) -> checked.Expr:
    """`alias.definition(…)`, `component.definition(…)`, `component(instance).definition(…)`."""
    context = checker.context
    match base.base:
        case tree.NameUse(first) if first.text not in scope.locals:
            space = context.names.through_alias(scope.module, first.text)
            if space is not None:
                return _aliased_call(checker, scope, base, node)
            info = component_named(checker, scope, first)
            if info is not None and info.instance is None and base.name.text in info.definitions:
                return call_definition(checker, scope, info.definitions[base.name.text], (), node.arguments, node.span)
        case tree.Call(tree.NameUse(first)) if first.text not in scope.locals:
            info = component_named(checker, scope, first)
            if info is not None and base.name.text in info.definitions:
                instance = check_instance(checker, scope, info, base.base)
                if instance is None:
                    return erroneous(node.span)
                return call_definition(
                    checker, scope, info.definitions[base.name.text], (instance,), node.arguments, node.span
                )
        case _:
            pass
    hint = None
    if base.name.text in BUILTIN_FUNCTIONS:
        hint = f"write `{base.name.text}(…)` around the value"
    context.report(Code.KS205, f"`{base.name.text}` cannot be called here", base.name.span, hint)
    return erroneous(node.span)


def _aliased_call(checker: ExpressionChecker, scope: Scope, base: tree.Member, node: tree.Call) -> checked.Expr:
    assert isinstance(base.base, tree.NameUse)
    alias = base.base.name
    entity = checker.context.names.find(scope.module, tree.Path((alias, base.name), base.span))
    match entity.node if entity else None:
        case tree.Def():
            assert entity is not None
            return call_definition(checker, scope, entity.name, (), node.arguments, node.span)
        case tree.Pattern():
            assert entity is not None
            return _pattern(checker, scope, entity.name, node)
        case _:
            space = checker.context.names.through_alias(scope.module, alias.text)
            hint = did_you_mean(base.name.text, space.entities if space else ())
            message = f"`{alias.text}` has no definition `{base.name.text}`"
            checker.context.report(Code.KS101, message, base.name.span, hint)
            return erroneous(node.span)


def call_definition(
    checker: ExpressionChecker,
    scope: Scope,
    name: str,
    first: tuple[checked.Expr, ...],
    nodes: tuple[tree.Expr, ...],
    span: Span,
) -> checked.Expr:
    """A call; `first` are arguments that are checked already (the instance of a component's definition)."""
    context = checker.context
    definition = checker.definitions.get(name, span)
    wanted = definition.parameters[len(first) :]
    if len(nodes) != len(wanted):
        hint = f"write `{name}({', '.join(f'{local.name}: {short(local.type)}' for local in wanted)})`"
        message = f"`{name}` takes {_count(len(wanted))}, not {len(nodes)}"
        context.report(Code.KS204, message, span, hint)
        return erroneous(span)
    pairs = zip(nodes, wanted, strict=True)
    arguments = tuple(checker.want(scope, node, local.type, f"`{local.name}` of `{name}`") for node, local in pairs)
    if definition.is_step and not checker.may_use_steps(scope):
        hint = scope.step_hint
        context.report(Code.KS401, f"`{name}` is about a step; this is {scope.purpose.value}", span, hint)
    if definition.sees:
        may_look(checker, scope, f"`{name}`, which uses `seen by`,", span)
    if definition.connects:
        may_know_connection(checker, scope, f"what `{name}` says of a connection", span)
    if definition.ghost is not None:
        note_ghost(checker, scope, definition.ghost, span)
    return checked.DefCall(name, (*first, *arguments), definition.result, span)


def _count(number: int) -> str:
    return {0: "no arguments", 1: "one argument"}.get(number, f"{number} arguments")


def _pattern(checker: ExpressionChecker, scope: Scope, name: str, node: tree.Call) -> checked.Expr:
    context = checker.context
    if scope.purpose is not Purpose.TEMPORAL_PROPERTY:
        context.report(Code.KS402, f"`{name}` is a pattern of runs; this is {scope.purpose.value}", node.span)
        return erroneous(node.span)
    entity = next(entity for entity in context.names.entities if entity.name == name)
    assert isinstance(entity.node, tree.Pattern)
    parameters = entity.node.parameters
    if len(parameters) != len(node.arguments):
        context.report(Code.KS204, f"`{name}` takes {_count(len(parameters))}, not {len(node.arguments)}", node.span)
        return erroneous(node.span)
    arguments: list[checked.Expr | str] = []
    for parameter, argument in zip(parameters, node.arguments, strict=True):
        type = resolve_type(checker, entity.module, parameter.type)
        if isinstance(type, ComponentType):
            component = _component_argument(checker, scope, argument)
            arguments.append(component or "")
        elif type == BOOL:
            arguments.append(checker.formula(scope.later(), argument))  # the pattern may ask it of other positions
        else:
            arguments.append(checker.want(scope, argument, type, f"`{parameter.name.text}` of `{name}`"))
    return checked.PatternCall(name, tuple(arguments), node.span)


def _component_argument(checker: ExpressionChecker, scope: Scope, node: tree.Expr) -> str | None:
    if isinstance(node, tree.NameUse):
        local = scope.locals.get(node.name.text)
        if local is not None and isinstance(local.type, ComponentType):
            return local.name
        info = component_named(checker, scope, node.name)
        if info is not None:
            return info.name
        hint = near_or_known(node.name.text, checker.context.components)
        checker.context.report(Code.KS101, f"there is no component `{node.name.text}`", node.span, hint)
        return None
    checker.context.report(Code.KS201, "this argument is the name of a component", node.span)
    return None


def _builtin(checker: ExpressionChecker, scope: Scope, name: str, node: tree.Call) -> checked.Expr:
    if name == "allowed":
        hint = "write `allowed(controller update Pod.phase)`"
        checker.context.report(Code.KS204, "`allowed` takes a component and a permission", node.span, hint)
        return erroneous(node.span)
    wanted = 2 if name == "push" else 1
    if len(node.arguments) != wanted:
        message = f"`{name}` takes {_count(wanted)}, not {len(node.arguments)}"
        checker.context.report(Code.KS204, message, node.span)
        return erroneous(node.span)
    if name == "old":
        return _old(checker, scope, node)
    if name == "fresh":
        return check_fresh(checker, scope, node.arguments[0], node.span)
    if name == "connected":
        return check_connected(checker, scope, node.arguments[0], node.span)
    kind = named_kind(checker, scope, node.arguments[0])
    if kind is not None and name in ("size", "length"):
        hint = f"write `count(x: {kind.name})`"
        checker.context.report(Code.KS106, f"`{kind.name}` is a kind, not a set", node.arguments[0].span, hint)
        return erroneous(node.span)
    argument = checker.check(scope, node.arguments[0])
    if checker.is_error(argument):
        return erroneous(node.span)
    if checker.present(argument, f"`{name}` looks at it") is None:
        return erroneous(node.span)
    match name:
        case "alive" | "gone":
            return _about_object(checker, scope, name, argument, node)
        case "push":
            return _push(checker, scope, argument, node)
        case _:
            return _about_collection(checker, name, argument, node)


def _old(checker: ExpressionChecker, scope: Scope, node: tree.Call) -> checked.Expr:
    if not (checker.may_use_steps(scope) or scope.purpose is Purpose.ADMISSION):
        hint = scope.step_hint
        checker.context.report(Code.KS401, f"`old` is about a step; this is {scope.purpose.value}", node.span, hint)
        return erroneous(node.span)
    if scope.in_old:
        checker.context.report(Code.KS401, "`old` inside `old`", node.span, "there is one state before the step")
        return erroneous(node.span)
    operand = checker.check(checker.old_scope(scope), node.arguments[0])
    return checked.Old(operand, operand.type, node.span)


def _about_object(
    checker: ExpressionChecker, scope: Scope, name: str, argument: checked.Expr, node: tree.Call
) -> checked.Expr:
    if not isinstance(argument.type, KindType):
        checker.context.report(Code.KS201, f"`{name}` wants an object, not {describe(argument.type)}", argument.span)
        return erroneous(node.span)
    if name == "gone" and scope.purpose is not Purpose.TEMPORAL_PROPERTY:
        hint = "write `not alive(x)`"
        checker.context.report(
            Code.KS402, f"`gone` is for temporal properties; this is {scope.purpose.value}", node.span, hint
        )
        return erroneous(node.span)
    return checked.Builtin(name, (argument,), BOOL, node.span)


def _about_collection(checker: ExpressionChecker, name: str, argument: checked.Expr, node: tree.Call) -> checked.Expr:
    wants_set = name == "size"
    if not isinstance(argument.type, SeqType) and not (wants_set and isinstance(argument.type, SetType)):
        what = "a set or a sequence" if wants_set else "a sequence"
        hint = "`count(p: Kind where …)` counts objects" if wants_set else None
        message = f"`{name}` wants {what}, not {describe(argument.type)}"
        checker.context.report(Code.KS201, message, argument.span, hint)
        return erroneous(node.span)
    match name:
        case "size" | "length":
            return checked.Builtin(name, (argument,), NUMBER, node.span)
        case "first":
            assert isinstance(argument.type, SeqType)
            return checked.Builtin(name, (argument,), argument.type.element, node.span)
        case _:
            assert isinstance(argument.type, SeqType)
            return checked.Builtin(name, (argument,), SeqType(argument.type.element), node.span)


def _push(checker: ExpressionChecker, scope: Scope, sequence: checked.Expr, node: tree.Call) -> checked.Expr:
    if not isinstance(sequence.type, SeqType):
        message = f"`push` wants a sequence, not {describe(sequence.type)}"
        checker.context.report(Code.KS201, message, sequence.span)
        return erroneous(node.span)
    element = checker.check(scope, node.arguments[1], sequence.type.element)
    both = join(sequence.type.element, element.type)
    if both is None or (isinstance(element.type, TemporalType | NothingType) and both != sequence.type.element):
        message = f"a {describe(sequence.type)} cannot hold {describe(element.type)}"
        checker.context.report(Code.KS201, message, element.span)
        return erroneous(node.span)
    checker.context.expect(element.type, sequence.type.element, element.span, "the sequence")
    return checked.Builtin("push", (sequence, element), SeqType(sequence.type.element), node.span)
