"""Formulas in negation normal form, each held once.

A table makes every node together with its negation, under the numbers 2n and 2n + 1: `not` costs nothing, and a rule
written for one operator serves its dual. Operands have smaller numbers, so that going by numbers goes from the leaves
up.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Final, assert_never


class Operator(Enum):
    TRUE = "true"
    FALSE = "false"
    ATOM = "atom"
    NOT_ATOM = "not atom"
    AND = "and"
    OR = "or"
    NEXT = "next"
    UNTIL = "until"
    RELEASE = "release"


DUALS: Final = {
    one: other
    for left, right in (
        (Operator.TRUE, Operator.FALSE),
        (Operator.ATOM, Operator.NOT_ATOM),
        (Operator.AND, Operator.OR),
        (Operator.NEXT, Operator.NEXT),
        (Operator.UNTIL, Operator.RELEASE),
    )
    for one, other in ((left, right), (right, left))
}


@dataclass(frozen=True, slots=True, eq=False)
class Node:
    """`eventual`: whatever the letters put in front of a word of which it holds, it holds (a pure eventuality).
    `universal`: it holds of the rest of such a word as well, from any position on (a pure universality); both after
    Etessami and Holzmann 2000, by the form of the formula alone."""

    number: int
    operator: Operator
    operands: tuple[Node, ...]
    atom: int
    """The index; -1 where this is not a literal."""
    height: int
    eventual: bool
    universal: bool

    @property
    def is_constant(self) -> bool:
        return self.operator in (Operator.TRUE, Operator.FALSE)

    @property
    def is_alternating(self) -> bool:
        """It holds at every position of a word or at none."""
        return self.eventual and self.universal


class Nodes:
    """The table of one translation."""

    def __init__(self) -> None:
        self._nodes: list[Node] = []
        self._numbers: dict[tuple[Operator, int, tuple[int, ...]], int] = {}
        self.true = self.make(Operator.TRUE)
        self.false = self.negation(self.true)

    def negation(self, node: Node) -> Node:
        return self._nodes[node.number ^ 1]

    def make(self, operator: Operator, operands: tuple[Node, ...] = (), atom: int = -1) -> Node:
        number = self._numbers.get(_key(operator, operands, atom))
        return self._add(operator, operands, atom) if number is None else self._nodes[number]

    def _add(self, operator: Operator, operands: tuple[Node, ...], atom: int) -> Node:
        dual, duals = DUALS[operator], tuple(self.negation(operand) for operand in operands)
        height = 1 + max((operand.height for operand in operands), default=0)
        eventual, universal = _is_eventual(operator, operands), _is_eventual(dual, duals)
        number = len(self._nodes)
        node = Node(number, operator, operands, atom, height, eventual, universal)
        self._nodes += (node, Node(number + 1, dual, duals, atom, height, universal, eventual))
        self._numbers[_key(operator, operands, atom)] = number
        self._numbers[_key(dual, duals, atom)] = number + 1
        return node


def parts(node: Node) -> list[Node]:
    """A node and all that it is made of, by number."""
    found = {node.number: node}
    waiting = [node]
    while waiting:
        for operand in waiting.pop().operands:
            if operand.number not in found:
                found[operand.number] = operand
                waiting.append(operand)
    return [found[number] for number in sorted(found)]


def recurring(node: Node) -> Node | None:
    """p, if the node says that p holds again and again: `always eventually p`."""
    body = invariable(node)
    return None if body is None else awaited(body)


def persisting(node: Node) -> Node | None:
    """p, if the node says that p holds from some position on: `eventually always p`."""
    body = awaited(node)
    return None if body is None else invariable(body)


def awaited(node: Node) -> Node | None:
    """p, if the node says that p holds now or later: `eventually p`."""
    if node.operator is Operator.UNTIL and node.operands[0].operator is Operator.TRUE:
        return node.operands[1]
    return None


def invariable(node: Node) -> Node | None:
    """p, if the node says that p holds from now on: `always p`."""
    if node.operator is Operator.RELEASE and node.operands[0].operator is Operator.FALSE:
        return node.operands[1]
    return None


def _is_eventual(operator: Operator, operands: tuple[Node, ...]) -> bool:
    match operator:
        case Operator.TRUE | Operator.FALSE:
            return True
        case Operator.ATOM | Operator.NOT_ATOM:
            return False
        case Operator.UNTIL:
            return operands[0].operator is Operator.TRUE or operands[1].eventual
        case Operator.AND | Operator.OR | Operator.NEXT | Operator.RELEASE:
            return all(operand.eventual for operand in operands)
        case _:
            assert_never(operator)


def _key(operator: Operator, operands: tuple[Node, ...], atom: int) -> tuple[Operator, int, tuple[int, ...]]:
    return operator, atom, tuple(operand.number for operand in operands)
