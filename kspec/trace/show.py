"""Expressions of the system as text of the language.

What the text of the model writes is shown as it stands there (`Wording`). What it does not, such as a clause with some
of its variables fixed, is written back as the construct that it was: `Not(Equal)` as `!=`, `Not(a < b)` as `a >= b`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import assert_never

from kspec.system import expressions as ex
from kspec.system.amounts import Unit
from kspec.system.expressions import Binding, Domain, Expr, Moment
from kspec.system.meanings import GoesOn, IsDisconnected, IsRevoked
from kspec.system.sorts import (
    BoolSort,
    EnumSort,
    IntSort,
    MapSort,
    ObjectSort,
    OptionSort,
    SeqSort,
    SetSort,
    Sort,
)
from kspec.system.system import Role, System
from kspec.system.wording import UNWORDED, Level, Phrase, Wording
from kspec.trace.describe import permission_text
from kspec.trace.names import Names
from kspec.trace.sights import sight
from kspec.trace.values import show_value

Locals = Mapping[int, str]
"""What to write for a local, by its id, instead of its name."""


class Printer:
    """Writes the expressions of one system; objects are called what `names` calls them."""

    def __init__(self, system: System, names: Names, wording: Wording = UNWORDED) -> None:
        self._roles = {variable.name: variable.role for variable in system.variables}
        self._meanings = {variable.name: variable.meaning for variable in system.variables}
        self._actions = [
            f"{action.component}.{action.meaning.process}" if isinstance(action.meaning, GoesOn) else action.label
            for action in system.actions
        ]
        self._names = names
        self._phrases: dict[Expr, Phrase] = dict(reversed(wording.phrases))

    def is_sight(self, expr: Expr) -> bool:
        """Whether an expression, whatever it is made of, is one look through a view."""
        return sight(expr, self._meanings) is not None

    def show(self, expr: Expr, known: Locals) -> str:
        return self._write(expr, known)[0]

    def operand(self, expr: Expr, known: Locals, level: Level) -> str:
        """The text of an operand, in parentheses where it binds less tightly than `level`."""
        text, own = self._write(expr, known)
        return text if own >= level else f"({text})"

    def _write(self, expr: Expr, known: Locals) -> tuple[str, Level]:
        phrase = self._phrases.get(expr)
        if phrase is not None:
            return "".join(self._piece(piece, known) for piece in phrase.pieces), phrase.level
        seen = sight(expr, self._meanings)
        if seen is not None:
            observer = self._observer(seen.component, seen.instance, known)
            return f"seen by {observer}: {self.show(seen.stored, known)}", Level.OPEN
        match expr:
            case ex.Literal(value, sort):
                return show_value(value, sort, self._names), Level.ATOM
            case ex.Use(local):
                return known.get(local.id, local.name), Level.ATOM
            case ex.Read():
                text = self._read(expr, known)
                return text, Level.NOT if text.startswith("not ") else Level.ATOM
            case ex.Not() | ex.And() | ex.Or() | ex.Implies() | ex.Equal() | ex.Compare():
                return self._logic(expr, known)
            case ex.If(condition, then, otherwise, _):
                shown = [self.operand(part, known, Level.IMPLIES) for part in (condition, then, otherwise)]
                return f"if {shown[0]} then {shown[1]} else {shown[2]}", Level.OPEN
            case ex.Let(local, ex.Literal(sort=ObjectSort()) as item, body):  # of a quantifier that is written out
                return self._write(body, {**known, local.id: self.show(item, known)})
            case ex.Let(local, value, body):
                text = f"let {local.name} = {self.operand(value, known, Level.IMPLIES)}: {self.show(body, known)}"
                return text, Level.OPEN
            case ex.Quantifier(quantified, bindings, where, body, _):
                head = self._bindings(bindings, where, known)
                return f"{quantified.value} {head}: {self.show(body, known)}", Level.OPEN
            case ex.Aggregate():
                return self._aggregate(expr, known), Level.ATOM
            case ex.By() | ex.Writes() | ex.Enabled():
                return self._step_atom(expr, known), Level.COMPARISON
            case _:
                return self._value(expr, known)

    def _piece(self, piece: str | Expr, known: Locals) -> str:
        return piece if isinstance(piece, str) else self.show(piece, known)

    def _read(self, expr: ex.Read, known: Locals) -> str:
        field = expr.variable.rpartition(".")[2]
        component = expr.variable.rpartition(".")[0]
        index = [self.show(part, known) for part in expr.index]
        match self._meanings[expr.variable]:
            case IsDisconnected(of):
                return f"not connected({self._observer(of, expr.index[0] if expr.index else None, known)})"
            case IsRevoked() as revoked:
                return f"not {permission_text(revoked)}"
            case _:
                pass
        match self._roles[expr.variable]:
            case Role.FIELD | Role.CONST_FIELD:
                text = f"{self.operand(expr.index[0], known, Level.ATOM)}.{field}"
            case Role.COMPONENT if index:
                text = f"{component}({index[0]}).{field}"
            case Role.STATUS:
                text = f"status({index[0]})"
            case _:
                text = expr.variable
        return f"old({text})" if expr.moment is Moment.OLD else text

    def _observer(self, component: str, instance: Expr | None, known: Locals) -> str:
        return component if instance is None else f"{component}({self.show(instance, known)})"

    def _logic(
        self, expr: ex.Not | ex.And | ex.Or | ex.Implies | ex.Equal | ex.Compare, known: Locals
    ) -> tuple[str, Level]:
        match expr:
            case ex.Not(ex.Equal(left, right)):
                return self._infix("!=", left, right, known, Level.COMPARISON)
            case ex.Not(ex.Compare(order, left, right)):
                return self._infix(">=" if order is ex.Order.LESS else ">", left, right, known, Level.COMPARISON)
            case ex.Not(ex.Read(variable) as read) if isinstance(self._meanings[variable], IsDisconnected | IsRevoked):
                return self._read(read, known).removeprefix("not "), Level.ATOM
            case ex.Not(operand):
                return f"not {self.operand(operand, known, Level.NOT)}", Level.NOT
            case ex.And(operands):
                return self._chain("and", operands, "true", known, Level.AND)
            case ex.Or(operands):
                return self._chain("or", operands, "false", known, Level.OR)
            case ex.Implies(left, right):
                text = f"{self.operand(left, known, Level.OR)} implies {self.operand(right, known, Level.IMPLIES)}"
                return text, Level.IMPLIES
            case ex.Equal(left, right):
                return self._infix("==", left, right, known, Level.COMPARISON)
            case ex.Compare(order, left, right):
                return self._infix(order.value, left, right, known, Level.COMPARISON)
            case _:
                assert_never(expr)

    def _chain(
        self, word: str, operands: tuple[Expr, ...], empty: str, known: Locals, level: Level
    ) -> tuple[str, Level]:
        if not operands:
            return empty, Level.ATOM
        return f" {word} ".join(self.operand(operand, known, Level(level + 1)) for operand in operands), level

    def _infix(self, sign: str, left: Expr, right: Expr, known: Locals, level: Level) -> tuple[str, Level]:
        """An operator that groups to the left, or not at all: the right operand must bind more tightly."""
        side = Level(level + 1)
        first = side if level is Level.COMPARISON else level
        return f"{self.operand(left, known, first)} {sign} {self.operand(right, known, side)}", level

    def _value(self, expr: Expr, known: Locals) -> tuple[str, Level]:
        match expr:
            case ex.Arithmetic(operator, left, right):
                product = operator not in (ex.Operator.ADD, ex.Operator.SUBTRACT)
                level = Level.PRODUCT if product else Level.SUM
                return self._infix(operator.value, left, right, known, level)
            case ex.SetOperation(operator, left, right):
                return self._infix(operator.value, left, right, known, Level.SETS)
            case ex.NumberRange(left, right):
                text = f"{self.operand(left, known, Level.SUM)}..{self.operand(right, known, Level.SUM)}"
                return text, Level.RANGE
            case ex.Contains(element, collection):
                return self._infix("in", element, collection, known, Level.COMPARISON)
            case ex.Subset(left, right):
                return self._infix("subset of", left, right, known, Level.COMPARISON)
            case ex.Unwrap(inner) | ex.Require(body=inner):
                return self._write(inner, known)
            case ex.MapRead(map_, key):
                return f"{self.operand(map_, known, Level.ATOM)}[{self.show(key, known)}]", Level.ATOM
            case _:
                return self._call(expr, known), Level.ATOM

    def _call(self, expr: Expr, known: Locals) -> str:
        match expr:
            case ex.SetLiteral(elements):
                return "{" + ", ".join(self.show(element, known) for element in elements) + "}"
            case ex.SeqLiteral(elements):
                return "[" + ", ".join(self.show(element, known) for element in elements) + "]"
            case ex.SetComprehension(binding, where):
                return f"set({self._bindings((binding,), where, known)})"
            case ex.MapBuild(key, body):
                return f"map({key.name}: {show_sort(key.sort)}: {self.show(body, known)})"
            case ex.MapWith(map_, key, value):
                return f"{self.show(map_, known)} with [{self.show(key, known)}] = {self.show(value, known)}"
            case ex.Size(collection):
                return f"size({self.show(collection, known)})"
            case ex.First(sequence):
                return f"first({self.show(sequence, known)})"
            case ex.Push(sequence, element):
                return f"push({self.show(sequence, known)}, {self.show(element, known)})"
            case ex.Pop(sequence):
                return f"pop({self.show(sequence, known)})"
            case ex.Fits(operand, stored):
                return f"{self.show(operand, known)} fits {show_sort(stored)}"
            case ex.IsAlive(object_, moment):
                text = f"alive({self.show(object_, known)})"
                return f"old({text})" if moment is Moment.OLD else text
            case ex.Lookup(kind, _, keys):
                return f"{kind.kind}[{', '.join(self.show(key, known) for key in keys)}]"
            case _:
                raise ValueError(f"no text for {type(expr).__name__}")

    def _aggregate(self, expr: ex.Aggregate, known: Locals) -> str:
        head = self._bindings(expr.bindings, expr.where, known)
        if expr.aggregation is ex.Aggregation.COUNT:
            return f"count({head})"
        return f"{expr.aggregation.value}({head}: {self.show(expr.body, known)})"

    def _step_atom(self, expr: ex.By | ex.Writes | ex.Enabled, known: Locals) -> str:
        match expr:
            case ex.By(actions):
                taken = dict.fromkeys(self._actions[action] for action in sorted(actions))
                return " or ".join(f"by {action}" for action in taken) or "false"
            case ex.Writes(kind, _):
                return f"writes {kind.kind}"
            case ex.Enabled(action, instance):
                component, _, name = self._actions[action].rpartition(".")
                return (
                    f"enabled {component}({self.show(instance, known)}).{name}"
                    if instance
                    else f"enabled {component}.{name}"
                )
            case _:
                assert_never(expr)

    def _bindings(self, bindings: tuple[Binding, ...], where: Expr, known: Locals) -> str:
        heads = ", ".join(self._binding(binding, known) for binding in bindings)
        return heads if where == ex.TRUE else f"{heads} where {self.operand(where, known, Level.IMPLIES)}"

    def _binding(self, binding: Binding, known: Locals) -> str:
        name, domain = binding.local.name, binding.domain
        if isinstance(domain, ex.Members):
            return f"{name} in {self.operand(domain.collection, known, Level.SETS)}"
        modifier = (
            "created " if isinstance(domain, ex.Created) else "deleted " if isinstance(domain, ex.Deleted) else ""
        )
        return f"{modifier}{name}: {show_sort(domain_sort(domain))}"


def domain_sort(domain: Domain) -> Sort:
    """The sort of what a domain other than the members of a collection holds."""
    match domain:
        case ex.AllValues(of):
            return of
        case ex.Members():
            raise ValueError("the members of a collection have the sort of its elements")
        case _:
            return domain.kind


def show_sort(sort: Sort) -> str:
    """A sort as the type that a model writes."""
    match sort:
        case BoolSort():
            return "bool"
        case IntSort(unit=Unit(quantity)):
            return quantity
        case IntSort(None, _) | IntSort(_, None):
            return "int"
        case IntSort(lo, hi):
            return f"{lo}..{hi}"
        case EnumSort(name, _):
            return name
        case ObjectSort(kind, _):
            return kind
        case OptionSort(inner):
            return f"{show_sort(inner)}?"
        case SetSort(element):
            return f"set {show_sort(element)}"
        case MapSort(key, value):
            return f"{show_sort(key)} -> {show_sort(value)}"
        case SeqSort(element, capacity):
            return f"seq {show_sort(element)} at most {capacity}"
        case _:
            assert_never(sort)
