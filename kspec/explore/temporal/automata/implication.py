"""Implications that the form of two formulas shows (Somenzi and Bloem 2000, section 2): sound, and not complete."""

from __future__ import annotations

from typing import Final, assert_never

from kspec.explore.temporal.automata.nodes import Node, Nodes, Operator

DEEPEST: Final = 60
"""The height of both sides together. Each rule looks at an operand, so this bounds the recursion."""


class Implication:
    def __init__(self, nodes: Nodes) -> None:
        self._nodes = nodes
        self._known: dict[tuple[int, int], bool] = {}

    def holds(self, left: Node, right: Node) -> bool:
        """Whether `left` is seen to imply `right`."""
        if left is right or left.operator is Operator.FALSE or right.operator is Operator.TRUE:
            return True
        if left.height + right.height > DEEPEST:
            return False
        key = left.number, right.number
        known = self._known.get(key)
        if known is None:
            contrary = self._nodes.negation(right), self._nodes.negation(left)
            known = self._monotone(left, right) or self._from_left(left, right) or self._from_left(*contrary)
            self._known[key] = known
        return known

    def _monotone(self, left: Node, right: Node) -> bool:
        temporal = left.operator in (Operator.NEXT, Operator.UNTIL, Operator.RELEASE)
        return (
            temporal
            and left.operator is right.operator
            and all(self.holds(one, other) for one, other in zip(left.operands, right.operands, strict=True))
        )

    def _from_left(self, left: Node, right: Node) -> bool:
        """By what `left` is made of. What `right` is made of is the same question about the negations."""
        match left.operator:
            case Operator.TRUE | Operator.FALSE | Operator.ATOM | Operator.NOT_ATOM:
                return False
            case Operator.AND:
                return any(self.holds(operand, right) for operand in left.operands)
            case Operator.OR:
                return all(self.holds(operand, right) for operand in left.operands)
            case Operator.NEXT:
                return right.eventual and self.holds(left.operands[0], right)
            case Operator.UNTIL:
                return self.holds(left.operands[1], right) and (right.eventual or self.holds(left.operands[0], right))
            case Operator.RELEASE:
                return self.holds(left.operands[1], right)
            case _:
                assert_never(left.operator)
