"""Statements of action bodies."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import Enum
from typing import TYPE_CHECKING, Final, assert_never

from kspec.language import checked, tree
from kspec.language.checker import places, process_statements, request_statements
from kspec.language.checker.binders import check_binder
from kspec.language.checker.context import KindInfo
from kspec.language.checker.erroneous import erroneous
from kspec.language.checker.narrowing import path_key, when_false, when_true, without
from kspec.language.checker.paths import report_no_field
from kspec.language.checker.scope import PathKey, Scope
from kspec.language.checker.typing import describe, fits, is_option
from kspec.language.codes import Code
from kspec.language.diagnostics import did_you_mean
from kspec.language.types import CopyType, KindType, NumberType, QuantityType, SetType, Type, without_bounds
from kspec.language.walk import statements
from kspec.system.spans import Span

if TYPE_CHECKING:
    from kspec.language.checker.expressions import ExpressionChecker


class Setting(Enum):
    """What a body is the body of."""

    ACTION = "an action"
    PROCESS = "a process"
    REQUEST = "a request"


_ONLY_IN_PROCESSES: Final = (tree.LocalVar, tree.While, tree.ForEach, tree.Await, tree.Yield)

_FORBIDDEN: Final[dict[Setting, tuple[type[tree.Statement], ...]]] = {
    Setting.ACTION: (*_ONLY_IN_PROCESSES, tree.Deny),
    Setting.PROCESS: (tree.Deny,),
    Setting.REQUEST: (*_ONLY_IN_PROCESSES, tree.Return, tree.Revoke),
}


_IN_FOR: Final = (tree.Assign, tree.Let, tree.IfStatement, tree.Delete, tree.Assert)

_WORDS: Final[dict[type, str]] = {
    tree.CreateStatement: "create",
    tree.Choose: "choose",
    tree.Either: "either",
    tree.For: "for",
    tree.GetStatement: "get",
    tree.Update: "update",
    tree.CallStatement: "a call of a request",
    tree.Handled: "on",
    tree.LocalVar: "var",
    tree.While: "while",
    tree.ForEach: "for each",
    tree.Await: "await",
    tree.Yield: "yield",
    tree.Return: "return",
    tree.Deny: "deny",
    tree.Revoke: "revoke",
}


@dataclass(slots=True)
class BodyChecker:
    """Checks the statements of a body in order. `loop`: the variable of the `for` around, whose object alone may be
    written there."""

    checker: ExpressionChecker
    scope: Scope
    setting: Setting = Setting.ACTION
    loop: checked.Local | None = None

    def block(self, node: tree.Block) -> tuple[checked.Statement, ...]:
        """The statements of a block, whose names end with it. What is known afterwards stays known in `scope`."""
        outer = self.scope
        result = [found for statement in node.statements if (found := self.statement(statement)) is not None]
        self.scope = replace(outer, known=self.scope.known)
        return tuple(result)

    def statement(self, node: tree.Statement) -> checked.Statement | None:  # noqa: C901 - a dispatch
        """One statement; None where nothing can be made of it."""
        if self.loop is not None and not isinstance(node, _IN_FOR):
            hint = "a `for` assigns to fields of its object, or deletes it; use an action with a parameter instead"
            if isinstance(node, tree.For):
                hint = "write one behind the other, or an action with a parameter"
            self.report(Code.KS302, f"`{_WORDS.get(type(node), 'this')}` cannot stand in a `for`", node.span, hint)
            return None
        if isinstance(node, _FORBIDDEN[self.setting]):
            self.report(
                Code.KS307,
                f"`{_WORDS[type(node)]}` cannot stand in {self.setting.value}",
                node.span,
                _hint(node, self.setting),
            )
            return None
        match node:
            case tree.Assign():
                return self._assign(node)
            case tree.Let():
                return self._let(node)
            case tree.CreateStatement(create, span):
                created = self._create(create)
                return None if created is None else checked.CreateStatement(created, span)
            case tree.Delete():
                return self._delete(node)
            case tree.IfStatement():
                return self._if(node)
            case tree.Choose():
                return self._choose(node)
            case tree.Either():
                return self._either(node)
            case tree.Assert():
                return self._assert(node)
            case tree.For():
                return self._for(node)
            case tree.GetStatement(get, span):
                found = request_statements.check_get(self, get)
                return None if found is None else checked.GetStatement(found, span)
            case tree.Update():
                return request_statements.check_update(self, node)
            case tree.CallStatement():
                return request_statements.check_call(self, node)
            case tree.Handled():
                return request_statements.check_handled(self, node)
            case tree.Revoke():
                return request_statements.check_revoke(self, node)
            case tree.LocalVar():
                return process_statements.check_local(self, node)
            case tree.While():
                return process_statements.check_while(self, node)
            case tree.ForEach():
                return process_statements.check_for_each(self, node)
            case tree.Await():
                return process_statements.check_await(self, node)
            case tree.Yield(span):
                self.scope = self.scope.later()
                return checked.Yield(span)
            case tree.Return(span):
                return checked.Return(span)
            case tree.Deny(span):
                return checked.Deny(span)
            case _ as unreachable:
                assert_never(unreachable)

    def _assign(self, node: tree.Assign) -> checked.Statement | None:
        place = places.check_place(self.checker, self.scope, node.target)
        if place is None:
            self._right_side(node.value, None)
            return None
        if self.loop is not None and not self._is_loop_object(places.written_object(place)):
            hint = f"assign to a field of `{self.loop.name}`"
            self.report(Code.KS302, f"a `for` writes only `{self.loop.name}`", node.span, hint)
        value = self._value(node, place)
        if value is None or isinstance(value, checked.Get):
            return None
        self._forget(place, value)
        return checked.Assign(place, value, node.span)

    def _value(self, node: tree.Assign, place: checked.Place) -> checked.Expr | checked.Create | checked.Get | None:
        scope = replace(self.scope, ghosts=places.is_ghost(self.checker, place))
        if node.operator == "=":
            return self._right_side(node.value, place.type, scope, f"`{self.checker.context.text(node.target.span)}`")
        if isinstance(node.value, tree.Create | tree.Get):
            self.report(Code.KS205, f"`{node.operator}` takes a number or a set", node.value.span)
            return None
        read = places.read_of(place)
        if isinstance(place.type, NumberType | QuantityType):
            difference = self.checker.want(scope, node.value, without_bounds(place.type), f"`{node.operator}`")
            return checked.Arithmetic(node.operator[0], read, difference, node.span, without_bounds(place.type))
        if isinstance(place.type, SetType):
            members = self._members(scope, node.value, place.type)
            operator = "union" if node.operator == "+=" else "minus"
            return checked.SetOperation(operator, read, members, place.type, node.span)
        message = f"`{node.operator}` takes a number or a set, not {describe(place.type)}"
        self.report(Code.KS205, message, node.span, "write the whole value with `=`")
        return None

    def _members(self, scope: Scope, node: tree.Expr, type: SetType) -> checked.Expr:
        """A set, or one element made a set."""
        hint: Type = type if isinstance(node, tree.SetLiteral) else type.element
        found = self.checker.check(scope, node, hint)
        if isinstance(found.type, SetType):
            self.checker.context.expect(found.type, type, found.span, "this set")
            return found
        if not self.checker.context.expect(found.type, type.element, found.span, "this set"):
            return erroneous(found.span)
        return checked.SetLiteral((found,), type, found.span)

    def _right_side(
        self, node: tree.RightSide, wanted: Type | None, scope: Scope | None = None, what: str = "this"
    ) -> checked.Expr | checked.Create | checked.Get | None:
        scope = self.scope if scope is None else scope
        match node:
            case tree.Create():
                created = self._create(node)
                if created is None:
                    return None
                if wanted is not None and not fits(KindType(created.kind), wanted):
                    self.report(Code.KS201, f"this wants {describe(wanted)}, not {created.kind}", node.span)
                    return None
                return created
            case tree.Get(_, _, span) if wanted is not None:
                self.report(Code.KS201, "what `get` reads is named by `let`", span, "write `let x = get p`")
                return None
            case tree.Get():
                return request_statements.check_get(self, node)
            case _ if wanted is None:
                return self.checker.check(scope, node)
            case _:
                return self.checker.want(scope, node, wanted, what)

    def _forget(self, place: checked.Place, value: checked.Expr | checked.Create) -> None:
        """After a write: what was known of the place no longer is, unless its new value tells."""
        if self.loop is not None:
            return  # what a `for` reads is the state before the loop
        known = without(self.scope.known, places.written_key(place))
        if self._sees(place) and is_option(place.type) and _is_present(value):
            key = path_key(places.read_of(place))
            if key is not None and not _depends_on_itself(key, places.written_key(place)):
                known |= {key}
        self.scope = replace(self.scope, known=known)

    def forget_fields(self, kind: str, fields: Iterable[str]) -> None:
        """After a write to fields of some object of a kind."""
        for name in fields:
            self.forget(("field", kind, name))

    def forget(self, written: PathKey) -> None:
        """After a write to the places whose keys begin so."""
        self.scope = replace(self.scope, known=without(self.scope.known, written))

    def _sees(self, place: checked.Place) -> bool:
        """Whether a read of a place shows what was just written there: not where the component has a view."""
        if self.scope.component is None:
            return True
        info = self.checker.context.components[self.scope.component]
        watched = [path for module, node in info.clauses if isinstance(node, tree.Watches) for path in node.kinds]
        entities = [self.checker.context.names.find(self.scope.module, path) for path in watched]
        kinds = [entity.name for entity in entities if entity is not None]
        return not any(("field", kind) == places.written_key(place)[:2] for kind in kinds)

    def _let(self, node: tree.Let) -> checked.Statement | None:
        if self.loop is not None and isinstance(node.value, tree.Create):
            self.report(Code.KS302, "`create` cannot stand in a `for`", node.span, "create in an action of its own")
            return None
        value = self._right_side(node.value, None)
        if value is None:
            self.scope, _ = self.checker.bind(self.scope, node.name, erroneous(node.span).type)
            return None
        match value:
            case checked.Create(kind):
                type: Type = KindType(kind)
            case checked.Get(_, kind):
                type = CopyType(kind)
            case _:
                type = value.type
        self.scope, local = self.checker.bind(self.scope, node.name, type)
        return checked.Let(local, value, node.span)

    def _create(self, node: tree.Create) -> checked.Create | None:
        entity = self.checker.context.names.find(self.scope.module, node.kind)
        if entity is None or not isinstance(entity.node, tree.Kind):
            name = str(node.kind)
            hint = did_you_mean(name, self.checker.context.kinds) or "`create` takes a kind"
            self.report(Code.KS101, f"there is no kind `{name}`", node.kind.span, hint)
            return None
        info = self.checker.context.kinds[entity.name]
        if info.single:
            self.report(
                Code.KS106, f"`{info.name}` has one object, which always exists", node.span, "assign its fields"
            )
            return None
        fields = self._fields(node, info)
        missing = [field.name for field in info.fields.values() if field.node.default is None]
        missing = [name for name in missing if all(name != given for given, _ in fields)]
        if missing and all(not isinstance(field.value, tree.AnyOf | tree.AnyIn) for field in node.fields):
            words = ", ".join(f"`{name}`" for name in missing)
            hint = f"write `create {info.name} {{ {missing[0]} = … }}`, or give the field a default"
            self.report(Code.KS303, f"a new {info.name} needs a value for {words}", node.span, hint)
        return checked.Create(info.name, fields, node.span)

    def _fields(self, node: tree.Create, info: KindInfo) -> tuple[tuple[str, checked.Expr], ...]:
        given: dict[str, checked.Expr] = {}
        for item in node.fields:
            name = item.path.parts[0]
            if len(item.path.parts) > 1 or name.text not in info.fields:
                report_no_field(self.checker, info, tree.Name(str(item.path), item.path.span))
                continue
            if name.text in given:
                self.report(Code.KS306, f"`{name.text}` is given twice", item.span, "keep one of them")
                continue
            if isinstance(item.value, tree.AnyOf | tree.AnyIn | tree.Create):
                self.report(
                    Code.KS201,
                    "the value of a field is an expression here",
                    item.span,
                    "give it a name with `let` before",
                )
                given[name.text] = erroneous(item.span)
                continue
            field = info.fields[name.text]
            given[name.text] = self.checker.want(self.scope, item.value, field.type, f"the field `{name.text}`")
        return tuple(given.items())

    def _delete(self, node: tree.Delete) -> checked.Statement | None:
        target = self.checker.check(self.scope, node.object)
        if self.checker.is_error(target) or self.checker.present(target, "it is deleted") is None:
            return None
        if not isinstance(target.type, KindType):
            self.report(Code.KS201, f"`delete` wants an object, not {describe(target.type)}", target.span)
            return None
        if self.checker.context.kinds[target.type.name].single:
            self.report(Code.KS106, f"`{target.type.name}` has one object, which always exists", node.span)
            return None
        if self.loop is not None and not self._is_loop_object(target):
            self.report(Code.KS302, f"a `for` deletes only `{self.loop.name}`", node.span)
        return checked.Delete(target, node.span)

    def _if(self, node: tree.IfStatement) -> checked.Statement:
        condition = self.checker.condition(self.scope, node.condition, "the condition of `if`")
        before = self.scope
        self.scope = before.knowing(when_true(condition))
        then = self.block(node.then)
        after_then = self.scope.known
        self.scope = before.knowing(when_false(condition))
        otherwise = self.block(node.otherwise) if node.otherwise is not None else ()
        if request_statements.always_ends(then):
            known = self.scope.known
        elif request_statements.always_ends(otherwise):
            known = after_then
        else:
            known = after_then & self.scope.known
        self.scope = replace(before, known=known)
        return checked.If(condition, then, otherwise, node.span)

    def _choose(self, node: tree.Choose) -> checked.Statement:
        bound = check_binder(self.checker, self.scope, node.binder)
        self.scope = bound.scope
        return checked.Choose(bound.variables, bound.where, node.span)

    def _either(self, node: tree.Either) -> checked.Statement:
        before = self.scope
        branches: list[tuple[checked.Statement, ...]] = []
        known: frozenset[tuple[object, ...]] | None = None
        for branch in node.branches:
            self.scope = before
            branches.append(self.block(branch))
            known = self.scope.known if known is None else known & self.scope.known
        self.scope = replace(before, known=known if known is not None else before.known)
        return checked.Either(tuple(branches), node.span)

    def _assert(self, node: tree.Assert) -> checked.Statement:
        condition = self.checker.condition(self.scope, node.condition, "`assert`")
        self.scope = self.scope.knowing(when_true(condition))
        return checked.Assert(condition, self.checker.context.text(node.condition.span), node.span)

    def _for(self, node: tree.For) -> checked.Statement | None:
        before = self.scope
        bound = check_binder(self.checker, self.scope, node.binder)
        if len(bound.variables) != 1:
            self.report(Code.KS302, "a `for` has one variable", node.binder.span, "write one `for` for each")
            return None
        variable = bound.variables[0]
        if not isinstance(variable.local.type, KindType):
            if variable.local.type != erroneous(node.span).type:
                message = f"a `for` goes through objects, not {describe(variable.local.type)}"
                self.report(Code.KS302, message, node.binder.span, "a map is written whole: `m = map(k: K: …)`")
            return None
        inner = BodyChecker(self.checker, bound.scope, self.setting, variable.local)
        body = inner.block(node.body)
        written = [found.place for found in _assignments(body)]
        known = before.known
        for place in written:
            known = without(known, places.written_key(place))
        self.scope = replace(before, known=known)
        return checked.For(variable, bound.where, body, node.span)

    def _is_loop_object(self, target: checked.Expr | None) -> bool:
        assert self.loop is not None
        return isinstance(target, checked.LocalUse) and target.local.id == self.loop.id

    def report(self, code: Code, message: str, span: Span, hint: str | None = None) -> None:
        self.checker.context.report(code, message, span, hint)


def _hint(node: tree.Statement, setting: Setting) -> str:
    """What to do about a statement that cannot stand in a body."""
    match node, setting:
        case tree.Deny(), _:
            return "only a `request` denies; a component leaves the rest of its body with `return`"
        case tree.Return(), _:
            return "`deny` refuses the request; what it may leave out stands in an `if`"
        case tree.Revoke(), _:
            return "permissions are revoked by actions, such as those of the `environment`"
        case _, Setting.ACTION:
            return "an action is one step: make it a `process`"
        case _:
            return "a request is one step of the component that calls it"


def _is_present(value: checked.Expr | checked.Create) -> bool:
    """Whether a value is certainly not none."""
    return isinstance(value, checked.Create) or not is_option(value.type)


def _assignments(body: tuple[checked.Statement, ...]) -> list[checked.Assign]:
    return [found for found in statements(body) if isinstance(found, checked.Assign)]


def _depends_on_itself(key: tuple[object, ...], written: tuple[object, ...]) -> bool:
    """Whether the path to the place reads what was written: `p.next.next = q` may change what `p.next` is."""
    return any(isinstance(part, tuple) and without(frozenset({part}), written) == frozenset() for part in key)
