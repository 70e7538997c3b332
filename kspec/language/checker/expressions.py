"""Expressions: the dispatch over the syntax tree, and what the parts share."""

from __future__ import annotations

from dataclasses import replace
from typing import assert_never

from kspec.language import checked, tree
from kspec.language.checker import amounts, atoms, authority, binders, calls, literals, operators, paths, views
from kspec.language.checker.context import Context
from kspec.language.checker.definitions import Definitions
from kspec.language.checker.erroneous import erroneous
from kspec.language.checker.narrowing import narrowed, path_key, when_false, when_true
from kspec.language.checker.scope import Purpose, Scope
from kspec.language.checker.typing import describe, fits, is_option, join
from kspec.language.codes import Code
from kspec.language.types import BOOL, NUMBER, TEMPORAL, BoolType, ErrorType, OptionType, TemporalType, Type


class ExpressionChecker:
    """Elaborates expressions. Every method reports what is wrong and returns a node all the same."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.definitions = Definitions(context, self)

    def check(self, scope: Scope, node: tree.Expr, wanted: Type | None = None) -> checked.Expr:  # noqa: C901 - a dispatch
        """Any expression. `wanted` is a hint for literals; whether the result fits is for the caller to see."""
        match node:
            case tree.Number():
                return amounts.check_number(node, wanted)
            case tree.Amount():
                return amounts.check_amount(self, node, wanted)
            case tree.Boolean(value, span):
                return checked.Boolean(value, span)
            case tree.NoneValue(span):
                return checked.NoneValue(span)
            case tree.NameUse() | tree.Member() | tree.Index():
                return self.narrow(scope, paths.check_path(self, scope, node, wanted))
            case tree.Call():
                return calls.check_call(self, scope, node)
            case tree.Unary():
                return operators.check_unary(self, scope, node, wanted)
            case tree.Binary():
                return operators.check_binary(self, scope, node, wanted)
            case tree.Quantified():
                return binders.check_quantified(self, scope, node)
            case tree.Aggregated():
                return binders.check_aggregated(self, scope, node, wanted)
            case tree.SetOf():
                return binders.check_set_of(self, scope, node)
            case tree.MapOf():
                return binders.check_map_of(self, scope, node, wanted)
            case tree.LetIn():
                return self._let(scope, node, wanted)
            case tree.IfElse():
                return self._if(scope, node, wanted)
            case tree.SetLiteral():
                return literals.check_set(self, scope, node, wanted)
            case tree.SeqLiteral():
                return literals.check_sequence(self, scope, node, wanted)
            case tree.ByAtom() | tree.WritesAtom() | tree.EnabledAtom():
                return atoms.check_atom(self, scope, node)
            case tree.Seen():
                return views.check_seen(self, scope, node)
            case tree.Allowed():
                return authority.check_allowed(self, scope, node)
            case tree.Get(_, _, span):
                hint = "give what it reads a name before: `let x = get p`"
                self.context.report(Code.KS201, "`get` is a request, not a value", span, hint)
                return erroneous(span)
            case _ as unreachable:
                assert_never(unreachable)

    def want(self, scope: Scope, node: tree.Expr, wanted: Type, what: str) -> checked.Expr:
        """An expression that must fit a type; `what` names the place in the message."""
        found = self.check(scope, node, wanted)
        if isinstance(found.type, TemporalType) and not isinstance(wanted, TemporalType):
            self.context.report(Code.KS402, f"{what} is about one moment, not about runs", found.span)
            return erroneous(found.span)
        if not self.context.expect(found.type, wanted, found.span, what):
            return erroneous(found.span)
        return literals.of_option(found, wanted) if isinstance(wanted, OptionType) else found

    def condition(self, scope: Scope, node: tree.Expr, what: str) -> checked.Expr:
        return self.want(scope, node, BOOL, what)

    def number(self, scope: Scope, node: tree.Expr, what: str) -> checked.Expr:
        return self.want(scope, node, NUMBER, what)

    def formula(self, scope: Scope, node: tree.Expr) -> checked.Expr:
        """A condition, or, in temporal properties, a formula about runs."""
        found = self.check(scope, node, BOOL)
        if not isinstance(found.type, TemporalType) and not self.context.expect(found.type, BOOL, found.span, "this"):
            return erroneous(found.span)
        return found

    def wide(self, scope: Scope, node: tree.Expr, wanted: Type | None = None) -> checked.Expr:
        """An expression whose option type is kept even where it is known not to be none."""
        if isinstance(node, tree.NameUse | tree.Member | tree.Index):
            return paths.check_path(self, scope, node, wanted)
        return self.check(scope, node, wanted)

    def narrow(self, scope: Scope, found: checked.Expr) -> checked.Expr:
        """The path without its option, where it is known not to be none."""
        if isinstance(found.type, OptionType):
            key = path_key(found, scope.in_old)
            if key is not None and key in scope.known:
                return narrowed(found)
        return found

    def present(self, found: checked.Expr, doing: str) -> checked.Expr | None:
        """Reports a value that may be none where something is read through it."""
        if is_option(found.type):
            message = f"this {describe(found.type)} may be none, and {doing}"
            self.context.report(Code.KS202, message, found.span, self.context.none_hint(found.span))
            return None
        return found

    def bind(self, scope: Scope, name: tree.Name, type: Type) -> tuple[Scope, checked.Local]:
        """A new local; a name that means something already is reported."""
        local = self.context.local(name.text, type)
        if name.text in scope.locals:
            message = f"`{name.text}` is already the name of something here"
            self.context.report(Code.KS102, message, name.span, "take another name")
        else:
            self._report_hidden_name(scope, name)
        return scope.bind(local), local

    def _report_hidden_name(self, scope: Scope, name: tree.Name) -> None:
        space = self.context.names.namespace(scope.module)
        entity = space.entities.get(name.text)
        if entity is not None:
            message = f"`{name.text}` is the name of a {entity.what}"
            related = ((entity.node.name.span, "declared here"),)
            self.context.report(Code.KS102, message, name.span, "take another name", related)
        elif name.text in space.members:
            message = f"`{name.text}` is the name of a value of `{space.members[name.text][0].name}`"
            self.context.report(Code.KS102, message, name.span, "take another name")
        elif scope.component is not None and name.text in self.context.components[scope.component].variables:
            message = f"`{name.text}` is the name of a variable of `{scope.component}`"
            self.context.report(Code.KS102, message, name.span, "take another name")

    def _let(self, scope: Scope, node: tree.LetIn, wanted: Type | None) -> checked.Expr:
        value = self.check(scope, node.value)
        if isinstance(value.type, TemporalType):
            self.context.report(Code.KS402, "a `let` names a value, not a formula about runs", value.span)
        inner, local = self.bind(scope, node.name, value.type)
        body = self.check(inner, node.body, wanted)
        return checked.LetIn(local, value, body, body.type, node.span)

    def _if(self, scope: Scope, node: tree.IfElse, wanted: Type | None) -> checked.Expr:
        condition = self.condition(scope, node.condition, "the condition of `if`")
        yes, no = (knowing(condition, scope.in_old) for knowing in (when_true, when_false))
        if amounts.is_untold(node.then):
            otherwise = self.check(scope.knowing(no), node.otherwise, wanted)
            then = self.check(scope.knowing(yes), node.then, wanted or amounts.quantity_in(otherwise.type))
        else:
            then = self.check(scope.knowing(yes), node.then, wanted)
            otherwise = self.check(scope.knowing(no), node.otherwise, wanted or amounts.quantity_in(then.type))
        types = {type(then.type), type(otherwise.type)}
        both = TEMPORAL if types == {TemporalType, BoolType} else join(then.type, otherwise.type)
        if both is None:
            message = f"one branch is {describe(then.type)}, the other {describe(otherwise.type)}"
            self.context.report(Code.KS201, message, node.span, "both branches of `if` have one type")
            return erroneous(node.span)
        return checked.Conditional(condition, then, otherwise, both, node.span)

    def old_scope(self, scope: Scope) -> Scope:
        return replace(scope, in_old=True)

    def is_error(self, found: checked.Expr) -> bool:
        return isinstance(found.type, ErrorType)

    def may_use_steps(self, scope: Scope) -> bool:
        """Whether `old`, `by`, `writes`, `enabled` may stand here; a definition with them is for step properties."""
        if scope.purpose is Purpose.DEFINITION:
            self.definitions.note_step()
            return True
        return scope.purpose is Purpose.STEP_PROPERTY

    def comparable(self, left: Type, right: Type) -> bool:
        return fits(left, right) or fits(right, left)
