"""`eventually p or eventually q` as `eventually (p or q)`, which waits in one state where the other waits in two.

The negation of that, `always (not p and not q)`, should be joined only where it waits for nothing; so this is no rule
of `simplify.py`, whose rules go for negations too.
"""

from __future__ import annotations

from typing import assert_never

from kspec.explore.temporal.automata.nodes import Node, Operator, awaited, parts
from kspec.explore.temporal.automata.simplify import Simplifier


def joined(root: Node, simplifier: Simplifier) -> Node:
    nodes: dict[int, Node] = {}
    for part in parts(root):
        nodes[part.number] = _joined(part, [nodes[operand.number] for operand in part.operands], simplifier)
    return nodes[root.number]


def _joined(node: Node, operands: list[Node], simplifier: Simplifier) -> Node:
    match node.operator:
        case Operator.TRUE | Operator.FALSE | Operator.ATOM | Operator.NOT_ATOM:
            return node
        case Operator.AND:
            return simplifier.conjunction(operands)
        case Operator.OR:
            bodies = [body for operand in operands if (body := awaited(operand)) is not None]
            others = [operand for operand in operands if awaited(operand) is None]
            return simplifier.disjunction((*others, simplifier.until(simplifier.true, simplifier.disjunction(bodies))))
        case Operator.NEXT:
            return simplifier.next(operands[0])
        case Operator.UNTIL:
            return simplifier.until(operands[0], operands[1])
        case Operator.RELEASE:
            return simplifier.release(operands[0], operands[1])
        case _:
            assert_never(node.operator)
