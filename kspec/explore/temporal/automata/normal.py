"""The simplified negation normal form of a formula."""

from __future__ import annotations

from typing import assert_never

from kspec.explore.temporal.automata.formula import (
    And,
    Atom,
    Formula,
    Next,
    Not,
    Or,
    Release,
    Truth,
    Until,
    postorder,
)
from kspec.explore.temporal.automata.join import joined
from kspec.explore.temporal.automata.nodes import Node
from kspec.explore.temporal.automata.simplify import Simplifier


def normal_form(formula: Formula, simplifier: Simplifier | None = None) -> Node:
    simplifier = simplifier or Simplifier()
    nodes: dict[Formula, Node] = {}
    for part in postorder(formula):
        nodes[part] = _node(part, nodes, simplifier)
    return joined(nodes[formula], simplifier)


def _node(formula: Formula, known: dict[Formula, Node], simplifier: Simplifier) -> Node:
    match formula:
        case Truth(value):
            return simplifier.true if value else simplifier.false
        case Atom(index):
            return simplifier.atom(index)
        case Not(operand):
            return simplifier.negation(known[operand])
        case And(left, right):
            return simplifier.conjunction((known[left], known[right]))
        case Or(left, right):
            return simplifier.disjunction((known[left], known[right]))
        case Next(operand):
            return simplifier.next(known[operand])
        case Until(left, right):
            return simplifier.until(known[left], known[right])
        case Release(left, right):
            return simplifier.release(known[left], known[right])
        case _:
            assert_never(formula)
