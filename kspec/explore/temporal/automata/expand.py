"""What a formula asks of one letter and of the rest of the word: the transitions of a very weak alternating automaton
(Gastin and Oddoux 2001).

A state of that automaton is a formula, here the bit of its number. `always eventually p` is a state that stays, and
says each time whether p begins to hold (Babiak, Křetínský, Řehák and Strejček 2012).
"""

from __future__ import annotations

from functools import reduce
from typing import assert_never

from kspec.explore.temporal.automata.bits import bits
from kspec.explore.temporal.automata.budget import Budget
from kspec.explore.temporal.automata.nodes import Node, Operator, parts, recurring
from kspec.explore.temporal.automata.terms import NOTHING_ASKED, Term, product, union


def waits(node: Node) -> bool:
    """Whether something must come at last for it to hold, and again and again for `always eventually`."""
    return node.operator is Operator.UNTIL or recurring(node) is not None


def obligations(node: Node) -> int:
    """The states in which a formula is awaited: conjuncts each by itself."""
    if node.operator is Operator.AND:
        return sum(_bit(operand) for operand in node.operands)
    return 0 if node.operator is Operator.TRUE else _bit(node)


class Expansion:
    """The terms of a formula and of all its parts."""

    def __init__(self, root: Node, budget: Budget) -> None:
        self._budget = budget
        self._terms: dict[int, tuple[Term, ...]] = {}
        self._absorbed: dict[tuple[int, int], bool] = {}
        for node in parts(root):
            self._terms[node.number] = self._expanded(node)

    def of_all(self, numbers: int) -> tuple[Term, ...]:
        """The terms of the conjunction of these formulas."""
        result: tuple[Term, ...] = (NOTHING_ASKED,)
        for number in bits(numbers):
            result = product(result, self._terms[number], self._budget)
        return result

    def essential(self, numbers: int) -> int:
        """Without formulas that have no say: those beside which another one asks for as much, whatever is done."""
        for number in bits(numbers):
            if any(self._absorbs(other, number) for other in bits(numbers) if other != number):
                numbers ^= 1 << number
        return numbers

    def _absorbs(self, one: int, other: int) -> bool:
        """Every term of `one` asks for all that some term of `other` asks for, and `other` fulfils nothing: then the
        terms of both together are those of `one`."""
        if (one, other) not in self._absorbed:
            ours, theirs = self._terms[one], self._terms[other]
            self._budget.spend(len(ours) * len(theirs))
            self._absorbed[one, other] = all(not term.fulfilled for term in theirs) and all(
                any(term.asks_no_more_than(mine) for term in theirs) for mine in ours
            )
        return self._absorbed[one, other]

    def _expanded(self, node: Node) -> tuple[Term, ...]:
        operands = [self._terms[operand.number] for operand in node.operands]
        match node.operator:
            case Operator.TRUE:
                return (NOTHING_ASKED,)
            case Operator.FALSE:
                return ()
            case Operator.ATOM:
                return (Term(1 << node.atom, 0, 0, 0),)
            case Operator.NOT_ATOM:
                return (Term(0, 1 << node.atom, 0, 0),)
            case Operator.AND:
                return reduce(lambda one, other: product(one, other, self._budget), operands)
            case Operator.OR:
                return union(operands, self._budget)
            case Operator.NEXT:
                return (Term(0, 0, obligations(node.operands[0]), 0),)
            case Operator.UNTIL:
                stay = product(operands[0], (Term(0, 0, _bit(node), 0),), self._budget)
                return union((stay, _fulfilling(node, operands[1])), self._budget)
            case Operator.RELEASE:
                return self._released(node, *operands)
            case _:
                assert_never(node.operator)

    def _released(self, node: Node, left: tuple[Term, ...], right: tuple[Term, ...]) -> tuple[Term, ...]:
        stay = Term(0, 0, _bit(node), 0)
        begins = recurring(node)
        if begins is None:
            return product(right, union((left, (stay,)), self._budget), self._budget)
        now = product(self._terms[begins.number], (stay,), self._budget)
        return union(((stay,), _fulfilling(node, now)), self._budget)


def _fulfilling(node: Node, terms: tuple[Term, ...]) -> tuple[Term, ...]:
    return tuple(term._replace(fulfilled=term.fulfilled | _bit(node)) for term in terms)


def _bit(node: Node) -> int:
    return 1 << node.number
