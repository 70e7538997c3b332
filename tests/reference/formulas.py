"""Formulas about runs: `not`, `and`, `next` and `until` over conditions on one position. Everything else is these."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from functools import reduce
from typing import Any, TypeAlias, TypeVar

from kspec.language import checked
from kspec.system.spans import NOWHERE
from tests.reference.expressions import StepTaken, View, domain, evaluate, holds
from tests.reference.store import Store
from tests.reference.values import Ref, Value
from tests.reference.world import World

Node = TypeVar("Node")


class Unsupported(Exception):
    """The formula has something that this checker does not know."""


@dataclass(frozen=True, slots=True)
class Written:
    """What a parameter of a pattern stands for: a formula, with what its own names mean."""

    body: checked.Expr
    meaning: Meaning


Meaning: TypeAlias = "Mapping[int, Value | Written]"
"""By local: its value, or, of a parameter of a pattern, what it stands for."""


@dataclass(frozen=True, slots=True, eq=False)
class Condition:
    body: checked.Expr
    meaning: Meaning


@dataclass(frozen=True, slots=True, eq=False)
class Not:
    operand: Formula


@dataclass(frozen=True, slots=True, eq=False)
class And:
    left: Formula
    right: Formula


@dataclass(frozen=True, slots=True, eq=False)
class Next:
    operand: Formula


@dataclass(frozen=True, slots=True, eq=False)
class Until:
    left: Formula
    right: Formula


Formula: TypeAlias = Condition | Not | And | Next | Until


# --- from the text ---------------------------------------------------------------------------------------------------


def truth(value: bool) -> Formula:
    return Condition(checked.Boolean(value, NOWHERE), {})


def either(left: Formula, right: Formula) -> Formula:
    return Not(And(Not(left), Not(right)))


def eventually(operand: Formula) -> Formula:
    return Until(truth(True), operand)


def always(operand: Formula) -> Formula:
    return Not(eventually(Not(operand)))


def formula(world: World, start: Store, body: checked.Expr, meaning: Meaning) -> Formula:
    """`start`: any state; what is asked of it is the same in all of them."""

    def of(part: checked.Expr) -> Formula:
        return formula(world, start, part, meaning)

    if not _is_about_more(body, meaning):
        return Condition(body, meaning)
    match body:
        case checked.LocalUse(local):
            written = meaning[local.id]
            assert isinstance(written, Written)
            return formula(world, start, written.body, written.meaning)
        case checked.Not(operand):
            return Not(of(operand))
        case checked.Logical(operator, left, right):
            return _logical(operator, of(left), of(right))
        case checked.Temporal(operator, operands):
            return _temporal(operator, [of(operand) for operand in operands])
        case checked.Conditional(condition, then, otherwise):
            return either(And(of(condition), of(then)), And(Not(of(condition)), of(otherwise)))
        case checked.LetIn(local, value, inner):
            known = evaluate(value, View(world, start, _values(meaning)))
            return formula(world, start, inner, {**meaning, local.id: known})
        case checked.Quantified("forall" | "exists", variables):
            return _expanded(world, start, body, variables, meaning)
        case checked.PatternCall(name, arguments):
            return _called(world, start, world.model.patterns[name], arguments, meaning)
        case _ if any(isinstance(node, checked.Temporal | checked.PatternCall) for node in nodes(body)):
            raise Unsupported(type(body).__name__)
        case _:
            return Condition(body, meaning)


def _is_about_more(body: checked.Expr, meaning: Meaning) -> bool:
    """Than one state: about a step, about later positions, or about what a parameter stands for."""
    more = (checked.Temporal, checked.PatternCall, checked.ByAtom, checked.WritesAtom)
    return any(
        isinstance(node, more)
        or (isinstance(node, checked.LocalUse) and isinstance(meaning.get(node.local.id), Written))
        for node in nodes(body)
    )


def _logical(operator: str, left: Formula, right: Formula) -> Formula:
    match operator:
        case "and":
            return And(left, right)
        case "or":
            return either(left, right)
        case "implies":
            return either(Not(left), right)
        case "iff":
            return either(And(left, right), And(Not(left), Not(right)))
        case _:
            raise AssertionError(operator)


def _temporal(operator: str, operands: list[Formula]) -> Formula:
    match operator, operands:
        case "always", [operand]:
            return always(operand)
        case "eventually", [operand]:
            return eventually(operand)
        case "next", [operand]:
            return Next(operand)
        case "until", [left, right]:
            return Until(left, right)
        case "leads to", [left, right]:
            return always(either(Not(left), eventually(right)))
        case _:
            raise AssertionError(operator)


def _expanded(
    world: World, start: Store, body: checked.Quantified, variables: tuple[checked.Variable, ...], meaning: Meaning
) -> Formula:
    """A quantifier within a formula: one copy of its body for each value."""
    if not variables:
        inner = formula(world, start, body.body, meaning)
        if body.where is None:
            return inner
        where = formula(world, start, body.where, meaning)
        return either(Not(where), inner) if body.quantifier == "forall" else And(where, inner)
    first, *rest = variables
    values = domain(first.domain, View(world, start, _values(meaning)))
    copies = [_expanded(world, start, body, tuple(rest), {**meaning, first.local.id: value}) for value in values]
    if body.quantifier == "forall":
        return reduce(And, copies, truth(True))
    return reduce(either, copies, truth(False))


def _called(
    world: World,
    start: Store,
    pattern: checked.Pattern,
    arguments: tuple[checked.Expr | str, ...],
    meaning: Meaning,
) -> Formula:
    components: dict[str, str] = {}
    known: dict[int, Value | Written] = {}
    for parameter, argument in zip(pattern.parameters, arguments, strict=True):
        if isinstance(argument, str):
            components[parameter.name] = argument
        else:
            known[parameter.id] = Written(argument, meaning)
    return formula(world, start, _with_components(pattern.body, components), known)


def _with_components(node: Node, components: Mapping[str, str]) -> Node:
    """The tree with components in place of the parameters that stand for them."""
    if isinstance(node, tuple):
        return tuple(_with_components(part, components) for part in node)  # type: ignore[return-value]
    if not is_dataclass(node) or isinstance(node, type):
        return node
    changes: dict[str, Any] = {
        item.name: _with_components(getattr(node, item.name), components)
        for item in fields(node)
        if item.name not in ("type", "span")
    }
    if isinstance(node, checked.ByAtom):
        changes["component"] = components.get(node.component, node.component)
    if isinstance(node, checked.PatternCall):
        changes["arguments"] = tuple(
            components.get(argument, argument) if isinstance(argument, str) else _with_components(argument, components)
            for argument in node.arguments
        )
    return replace(node, **changes)


def nodes(node: object) -> Iterator[object]:
    """A part of the tree and all below it."""
    if isinstance(node, tuple):
        for part in node:
            yield from nodes(part)
    elif is_dataclass(node):
        yield node
        for item in fields(node):
            if item.name not in ("type", "span"):
                yield from nodes(getattr(node, item.name))


def _values(meaning: Meaning) -> dict[int, Value]:
    return {local: value for local, value in meaning.items() if not isinstance(value, Written)}


# --- at one position -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Position:
    """A state, and the step that is taken from it to the state `after`; `step` is None where the run has stopped.
    `gone`: objects that the formula is about and that were deleted."""

    world: World
    store: Store
    after: Store
    step: StepTaken | None
    still: StepTaken
    gone: frozenset[Ref]


def is_true(condition: Condition, position: Position) -> bool:
    """Raises Failed where an expression fails."""
    known = _values(condition.meaning)
    if any(isinstance(node, checked.ByAtom | checked.WritesAtom) for node in nodes(condition.body)):
        if position.step is None:
            return False
        view = View(position.world, position.after, known, before=position.store, step=position.step).in_old()
    else:
        view = View(position.world, position.store, known, before=position.store, step=position.still)
    gone = frozenset(local for local, value in known.items() if value in position.gone)
    return _part(condition.body, view, gone)


def _part(body: checked.Expr, view: View, gone: frozenset[int]) -> bool:
    """Parts without connectives that mention what is gone are false, except that it is gone."""
    match body:
        case checked.Not(operand):
            return not _part(operand, view, gone)
        case checked.Logical(operator, left, right):
            return _connected(operator, left, right, view, gone)
        case checked.Conditional(condition, then, otherwise):
            return _part(then if _part(condition, view, gone) else otherwise, view, gone)
        case checked.LetIn(local, value, inner) if _mentions(value, gone):
            return _part(inner, view, gone | {local.id})
        case checked.LetIn(local, value, inner):
            return _part(inner, view.bound({local.id: evaluate(value, view)}), gone)
        case checked.Builtin("gone", (checked.LocalUse(local),)):
            return local.id in gone
        case _:
            return not _mentions(body, gone) and holds(body, view)


def _connected(operator: str, left: checked.Expr, right: checked.Expr, view: View, gone: frozenset[int]) -> bool:
    first = _part(left, view, gone)
    match operator:
        case "and":
            return first and _part(right, view, gone)
        case "or":
            return first or _part(right, view, gone)
        case "implies":
            return not first or _part(right, view, gone)
        case "iff":
            return first == _part(right, view, gone)
        case _:
            raise AssertionError(operator)


def _mentions(body: checked.Expr, locals: frozenset[int]) -> bool:
    return any(isinstance(node, checked.LocalUse) and node.local.id in locals for node in nodes(body))
