"""Syntax trees in one line, with all parentheses: what the tests of the parser compare."""

from __future__ import annotations

from kspec.language import tree
from kspec.language.parse import parse_expression


def shape_of(text: str) -> str:
    """The shape of an expression that has no syntax error."""
    expression, diagnostics = parse_expression("test", text)
    assert diagnostics == ()
    assert expression is not None
    return shape(expression)


def shape(expression: tree.Expr) -> str:  # noqa: C901 (one case for each form)
    match expression:
        case tree.Number(value):
            return str(value)
        case tree.Boolean(value):
            return str(value).lower()
        case tree.NoneValue():
            return "none"
        case tree.NameUse(name):
            return name.text
        case tree.Member(base, name):
            return f"{shape(base)}.{name.text}"
        case tree.Index(base, arguments):
            return f"{shape(base)}[{_list(arguments)}]"
        case tree.Call(base, arguments):
            return f"{shape(base)}({_list(arguments)})"
        case tree.Unary(operator, operand):
            return f"({operator} {shape(operand)})"
        case tree.Binary(operator, left, right):
            return f"({shape(left)} {operator} {shape(right)})"
        case tree.Quantified(quantifier, modifier, binder, body):
            words = quantifier if modifier is None else f"{quantifier} {modifier}"
            return f"({words} {_binder(binder)}: {shape(body)})"
        case tree.LetIn(name, value, body):
            return f"(let {name.text} = {shape(value)}: {shape(body)})"
        case tree.IfElse(condition, then, otherwise):
            return f"(if {shape(condition)} then {shape(then)} else {shape(otherwise)})"
        case tree.Seen(view, body):
            return f"(seen by {shape(view)}: {shape(body)})"
        case tree.Aggregated(operation, binder, body):
            return f"{operation}({_binder(binder)}{'' if body is None else ': ' + shape(body)})"
        case tree.SetLiteral(elements):
            return f"{{{_list(elements)}}}"
        case tree.SeqLiteral(elements):
            return f"[{_list(elements)}]"
        case tree.SetOf(binder):
            return f"set({_binder(binder)})"
        case tree.MapOf(name, type, body):
            return f"map({name.text}: {type_shape(type)}: {shape(body)})"
        case tree.ByAtom(path):
            return f"(by {path})"
        case tree.WritesAtom(path):
            return f"(writes {path})"
        case tree.EnabledAtom(component, instance, action):
            return f"(enabled {component.text}{'' if instance is None else f'({shape(instance)})'}.{action.text})"
        case tree.Get(target, fresh):
            return f"fresh(get {shape(target)})" if fresh else f"get {shape(target)}"
        case tree.Allowed(component, permission):
            return f"allowed({component} {permission.verb} {', '.join(str(path) for path in permission.paths)})"


def type_shape(type: tree.Type) -> str:
    match type:
        case tree.NamedType(name):
            return str(name)
        case tree.RangeType(low, high):
            return f"{shape(low)}..{shape(high)}"
        case tree.OptionType(inner):
            return f"({type_shape(inner)})?"
        case tree.SetType(element):
            return f"set({type_shape(element)})"
        case tree.MapType(key, value):
            return f"({type_shape(key)} -> {type_shape(value)})"
        case tree.SeqType(element, capacity):
            return f"seq({type_shape(element)} at most {shape(capacity)})"
        case tree.AnyIntType():
            return "any int"
        case tree.ComponentType():
            return "component"


def _list(expressions: tuple[tree.Expr, ...]) -> str:
    return ", ".join(shape(expression) for expression in expressions)


def _binder(binder: tree.Binder) -> str:
    groups = ", ".join(_group(group) for group in binder.groups)
    return groups if binder.where is None else f"{groups} where {shape(binder.where)}"


def _group(group: tree.Group) -> str:
    names = ", ".join(name.text for name in group.names)
    if group.type is not None:
        return f"{names}: {type_shape(group.type)}"
    assert group.source is not None
    return f"{names} in {shape(group.source)}"
