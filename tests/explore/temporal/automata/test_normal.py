"""Rewriting changes no meaning, and finds what it is there for."""

from __future__ import annotations

from typing import assert_never

import pytest
from hypothesis import given

from kspec.explore.temporal.automata.formula import (
    FALSE,
    TRUE,
    And,
    Atom,
    Formula,
    Next,
    Not,
    Or,
    Release,
    Until,
    always,
    eventually,
    implies,
)
from kspec.explore.temporal.automata.nodes import Node, Nodes, Operator, parts
from kspec.explore.temporal.automata.normal import normal_form
from kspec.explore.temporal.automata.simplify import Simplifier
from kspec.explore.temporal.automata.word import LassoWord, holds
from tests.explore.temporal.automata.random_formulas import formulas, letters, same, words

A, B, C = Atom(0), Atom(1), Atom(2)


def formula_of(node: Node) -> Formula:
    found: dict[int, Formula] = {}
    for part in parts(node):
        operands = [found[operand.number] for operand in part.operands]
        found[part.number] = _formula(part, operands)
    return found[node.number]


def _formula(node: Node, operands: list[Formula]) -> Formula:
    match node.operator:
        case Operator.TRUE:
            return TRUE
        case Operator.FALSE:
            return FALSE
        case Operator.ATOM:
            return Atom(node.atom)
        case Operator.NOT_ATOM:
            return Not(Atom(node.atom))
        case Operator.AND | Operator.OR:
            make = And if node.operator is Operator.AND else Or
            result = operands[0]
            for operand in operands[1:]:
                result = make(result, operand)
            return result
        case Operator.NEXT:
            return Next(operands[0])
        case Operator.UNTIL:
            return Until(operands[0], operands[1])
        case Operator.RELEASE:
            return Release(operands[0], operands[1])
        case _:
            assert_never(node.operator)


def shown(node: Node) -> str:
    """Without the order of the operands of `and` and `or`, which says in which order they were made."""
    if node.atom >= 0:
        return ("" if node.operator is Operator.ATOM else "not ") + "abc"[node.atom]
    if node.is_constant:
        return node.operator.value
    operands = [shown(operand) for operand in node.operands]
    if node.operator in (Operator.AND, Operator.OR):
        operands.sort()
    return f"{node.operator.value}({', '.join(operands)})"


@same(600)
@given(formulas(14), words(6))
def test_normal_forms_mean_the_same(formula: Formula, sample: list[LassoWord]) -> None:
    rewritten = formula_of(normal_form(formula))
    for word in sample:
        assert holds(rewritten, word) == holds(formula, word)


@same(600)
@given(formulas(14), letters, words(6))
def test_pure_formulas_are_pure(formula: Formula, letter: int, sample: list[LassoWord]) -> None:
    for part in parts(normal_form(formula)):
        plain = formula_of(part)
        for word in sample[:2]:
            longer = LassoWord((letter, *word.prefix), word.loop)
            assert not part.eventual or not holds(plain, word) or holds(plain, longer)
            assert not part.universal or not holds(plain, longer) or holds(plain, word)


@same(200)
@given(formulas(12), words(6))
def test_implications_hold(formula: Formula, sample: list[LassoWord]) -> None:
    simplifier = Simplifier()
    nodes = parts(normal_form(formula, simplifier))
    nodes += [simplifier.negation(node) for node in nodes]
    truths = {node.number: [holds(formula_of(node), word) for word in sample] for node in nodes}
    for one in nodes:
        for other in nodes:
            if simplifier.implies(one, other):
                pairs = zip(truths[one.number], truths[other.number], strict=True)
                assert all(later or not now for now, later in pairs), (shown(one), shown(other))


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        (Not(Not(A)), A),
        (And(A, Not(A)), FALSE),
        (Or(A, Not(A)), TRUE),
        (And(A, Or(A, B)), A),
        (And(Until(A, B), Not(Until(A, B))), FALSE),
        (And(always(A), A), always(A)),
        (And(always(A), always(B)), always(And(A, B))),
        (Or(eventually(A), eventually(B)), eventually(Or(A, B))),
        (eventually(eventually(A)), eventually(A)),
        (eventually(Until(A, B)), eventually(B)),
        (Until(A, Until(A, B)), Until(A, B)),
        (Until(Or(A, B), B), Until(A, B)),
        (Until(A, eventually(B)), eventually(B)),
        (Until(Not(A), A), eventually(A)),
        (always(Until(A, A)), always(A)),
        (always(eventually(always(A))), eventually(always(A))),
        (eventually(always(eventually(A))), always(eventually(A))),
        (Next(always(eventually(A))), always(eventually(A))),
        (eventually(Next(A)), Next(eventually(A))),
        (always(eventually(Next(A))), always(eventually(A))),
        (Until(Next(A), Next(B)), Next(Until(A, B))),
        (eventually(And(A, always(eventually(B)))), And(eventually(A), always(eventually(B)))),
        (always(Or(A, eventually(always(B)))), Or(always(A), eventually(always(B)))),
        (Or(eventually(always(A)), eventually(always(B))), eventually(Or(always(A), always(B)))),
        (Or(always(eventually(A)), always(eventually(B))), always(eventually(Or(A, B)))),
        (And(eventually(always(A)), eventually(always(B))), eventually(always(And(A, B)))),
    ],
)
def test_what_is_rewritten(formula: Formula, expected: Formula) -> None:
    assert shown(normal_form(formula)) == shown(normal_form(expected))


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        (implies(A, B), "or(b, not a)"),
        (Not(Until(A, B)), "release(not a, not b)"),
        (Not(Next(And(A, Not(B)))), "next(or(b, not a))"),
        (eventually(A), "until(true, a)"),
        (Or(A, And(B, C)), "or(a, and(b, c))"),
        (eventually(And(A, Next(B))), "until(true, and(a, next(b)))"),
        (
            And(always(eventually(A)), always(eventually(B))),
            "and(release(false, until(true, a)), release(false, until(true, b)))",
        ),
    ],
)
def test_what_stands_at_the_end(formula: Formula, expected: str) -> None:
    assert shown(normal_form(formula)) == expected


def test_nodes_are_made_once_together_with_their_negation() -> None:
    nodes = Nodes()
    atom = nodes.make(Operator.ATOM, atom=0)
    until = nodes.make(Operator.UNTIL, (nodes.true, atom))
    assert until is nodes.make(Operator.UNTIL, (nodes.true, atom))
    assert nodes.negation(until) is nodes.make(Operator.RELEASE, (nodes.false, nodes.negation(atom)))
    assert nodes.negation(nodes.negation(until)) is until
    assert until.eventual
    assert nodes.negation(until).universal
