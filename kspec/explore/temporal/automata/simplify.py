"""Constructors of formulas in negation normal form that keep them small (Etessami and Holzmann 2000; Somenzi and Bloem
2000; Babiak, Křetínský, Řehák and Strejček 2012). The operators `or` and `release` are made as the negations of theirs.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from kspec.explore.temporal.automata.implication import Implication
from kspec.explore.temporal.automata.nodes import Node, Nodes, Operator, invariable, persisting

_ENDLESS: Final = 1 << 30
"""The number of `next` in front of a constant: as many as anybody wants."""


class Simplifier:
    def __init__(self) -> None:
        self._nodes = Nodes()
        self._implication = Implication(self._nodes)
        self.true = self._nodes.true
        self.false = self._nodes.false

    def atom(self, index: int) -> Node:
        return self._nodes.make(Operator.ATOM, atom=index)

    def implies(self, left: Node, right: Node) -> bool:
        """Whether the form of both shows it."""
        return self._implication.holds(left, right)

    def negation(self, node: Node) -> Node:
        return self._nodes.negation(node)

    def disjunction(self, parts: Iterable[Node]) -> Node:
        return self.negation(self.conjunction(self.negation(part) for part in parts))

    def release(self, left: Node, right: Node) -> Node:
        return self.negation(self.until(self.negation(left), self.negation(right)))

    def conjunction(self, parts: Iterable[Node]) -> Node:
        operands: list[Node] = []
        for part in parts:
            more = self._without_implied(_conjuncts(part), operands)
            if any(self.implies(one, self.negation(other)) for one in more for other in operands):
                return self.false
            operands = self._without_implied(operands, more) + more
        merged = self._merged(operands)
        if merged is not None:
            return self.conjunction(merged)
        match operands:
            case []:
                return self.true
            case [only]:
                return only
            case _:
                return self._nodes.make(Operator.AND, tuple(sorted(operands, key=lambda node: node.number)))

    def next(self, operand: Node) -> Node:
        if operand.is_alternating:
            return operand
        if operand.operator in (Operator.AND, Operator.OR):
            outside = [part for part in operand.operands if part.is_alternating]
            if outside:
                combine = self.conjunction if operand.operator is Operator.AND else self.disjunction
                inside = combine(part for part in operand.operands if not part.is_alternating)
                return combine((self.next(inside), *outside))
        return self._nodes.make(Operator.NEXT, (operand,))

    def until(self, left: Node, right: Node) -> Node:
        left = self._needed(left, right)
        while right.operator is Operator.UNTIL and self.implies(right.operands[0], left):
            right = right.operands[1]
            left = self._needed(left, right)
        if right.eventual or self.implies(left, right):
            return right
        if right.operator is Operator.UNTIL and self.implies(left, right.operands[0]):
            return right
        return self._split(left, right) or self._later(left, right) or self._nodes.make(Operator.UNTIL, (left, right))

    # --- conjunctions -------------------------------------------------------------------------------------------------

    def _without_implied(self, operands: Iterable[Node], others: Sequence[Node]) -> list[Node]:
        return [operand for operand in operands if not any(self.implies(other, operand) for other in others)]

    def _merged(self, operands: list[Node]) -> list[Node] | None:
        """`always p and always q` is `always (p and q)`, and so for `eventually always`; None where there is none to
        merge. `always eventually` stays apart, since the translation has a place of its own for it."""
        for body_of, again in ((_invariable_but_recurring, self._always), (persisting, self._finally)):
            bodies = [body for operand in operands if (body := body_of(operand)) is not None]
            if len(bodies) > 1:
                return [*(operand for operand in operands if body_of(operand) is None), again(self.conjunction(bodies))]
        return None

    def _always(self, body: Node) -> Node:
        return self.release(self.false, body)

    def _finally(self, body: Node) -> Node:
        return self.until(self.true, self._always(body))

    # --- until --------------------------------------------------------------------------------------------------------

    def _needed(self, left: Node, right: Node) -> Node:
        """What must hold before `right` does, given that `right` does not."""
        if self.implies(self.negation(right), left):
            return self.true
        if left.operator is Operator.OR:
            return self.disjunction(part for part in left.operands if not self.implies(part, right))
        return self.false if self.implies(left, right) else left

    def _split(self, left: Node, right: Node) -> Node | None:
        """What in `right` needs no waiting stands outside."""
        match right.operator:
            case Operator.OR:
                outside = [part for part in right.operands if part.eventual]
                combine = self.disjunction
            case Operator.AND:
                outside = [part for part in right.operands if part.is_alternating]
                combine = self.conjunction
            case _:
                return None
        if not outside:
            return None
        inside = combine(part for part in right.operands if part not in outside)
        return combine((self.until(left, inside), *outside))

    def _later(self, left: Node, right: Node) -> Node | None:
        """`next` on both sides stands in front."""
        common = min(_delay(left), _delay(right))
        if common == 0:
            return None
        result = self.until(_undelayed(left, common), _undelayed(right, common))
        for _ in range(common):
            result = self.next(result)
        return result


def _invariable_but_recurring(node: Node) -> Node | None:
    body = invariable(node)
    return None if body is None or body.eventual else body


def _conjuncts(node: Node) -> tuple[Node, ...]:
    """They imply and exclude none of each other, and are no conjunctions themselves."""
    match node.operator:
        case Operator.TRUE:
            return ()
        case Operator.AND:
            return node.operands
        case _:
            return (node,)


def _delay(node: Node) -> int:
    """How many `next` stand in front."""
    if node.is_constant:
        return _ENDLESS
    count = 0
    while node.operator is Operator.NEXT:
        node = node.operands[0]
        count += 1
    return count


def _undelayed(node: Node, count: int) -> Node:
    if not node.is_constant:
        for _ in range(count):
            node = node.operands[0]
    return node
