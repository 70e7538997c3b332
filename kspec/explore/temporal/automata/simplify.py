"""Constructors of formulas in negation normal form that keep them small (Etessami and Holzmann 2000; Somenzi and Bloem
2000; Babiak, Křetínský, Řehák and Strejček 2012). The operators `or` and `release` are made as the negations of theirs.
"""

from __future__ import annotations

from collections.abc import Iterable
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

    def negation(self, node: Node) -> Node:
        return self._nodes.negation(node)

    def disjunction(self, parts: Iterable[Node]) -> Node:
        return self.negation(self.conjunction(self.negation(part) for part in parts))

    def release(self, left: Node, right: Node) -> Node:
        return self.negation(self.until(self.negation(left), self.negation(right)))

    def conjunction(self, parts: Iterable[Node]) -> Node:
        operands = self._strongest(_flattened(parts, Operator.AND))
        if any(self._exclude(one, other) for index, one in enumerate(operands) for other in operands[:index]):
            return self.false
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
        while right.operator is Operator.UNTIL and self._implies(right.operands[0], left):
            right = right.operands[1]
            left = self._needed(left, right)
        if right.eventual or self._implies(left, right):
            return right
        if right.operator is Operator.UNTIL and self._implies(left, right.operands[0]):
            return right
        return self._split(left, right) or self._later(left, right) or self._nodes.make(Operator.UNTIL, (left, right))

    # --- conjunctions -------------------------------------------------------------------------------------------------

    def _strongest(self, operands: Iterable[Node]) -> list[Node]:
        """Without those that another one implies."""
        kept: list[Node] = []
        for operand in operands:
            if not any(self._implies(other, operand) for other in kept):
                kept = [other for other in kept if not self._implies(operand, other)]
                kept.append(operand)
        return [operand for operand in kept if operand.operator is not Operator.TRUE]

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

    def _exclude(self, one: Node, other: Node) -> bool:
        return self._implies(one, self.negation(other))

    def _implies(self, left: Node, right: Node) -> bool:
        return self._implication.holds(left, right)

    # --- until --------------------------------------------------------------------------------------------------------

    def _needed(self, left: Node, right: Node) -> Node:
        """What must hold before `right` does, given that `right` does not."""
        if self._implies(self.negation(right), left):
            return self.true
        if left.operator is Operator.OR:
            return self.disjunction(part for part in left.operands if not self._implies(part, right))
        return self.false if self._implies(left, right) else left

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


def _flattened(parts: Iterable[Node], operator: Operator) -> list[Node]:
    """The operands, by number; those of the operator have no operands of the same operator themselves."""
    found: dict[int, Node] = {}
    for part in parts:
        for operand in part.operands if part.operator is operator else (part,):
            found[operand.number] = operand
    return [found[number] for number in sorted(found)]


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
