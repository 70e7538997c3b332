"""The edges of a product: one for each rule of the observer and each step of the graph that go together."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from kspec.explore.temporal.observer import Phase, Rule
from kspec.explore.temporal.product import Node, Product


@dataclass(frozen=True, slots=True)
class Hop:
    """An edge: which of the rules of the observer's state and which of the graph's steps are taken, and where it
    leads."""

    rule: int
    step: int
    node: int


def ways(product: Product, number: int) -> Iterator[tuple[Rule, Hop]]:
    """The edges from a node: rule by rule, and for each the steps in their order."""
    node = product.node(number)
    letter = product.letter(node)
    first, last = int(product.graph.offsets[node.state]), int(product.graph.offsets[node.state + 1])
    targets: list[int] = product.graph.targets[first:last].tolist()
    letters = _step_letters(product, node, first, last)
    for position, rule in enumerate(product.observer.rules[node.observed]):
        if rule.allows_state(letter):
            for step, target, of_step in zip(range(first, last), targets, letters, strict=True):
                if rule.allows_step(of_step) and _in_phase(product, rule, node, target):
                    flags = product.flags_after(node.flags, target) if rule.phase is Phase.TRACKING else 0
                    yield rule, Hop(position, step, product.number(target, flags, rule.target))


def hop_between(product: Product, before: int, after: int) -> Hop:
    """The first edge from one node to another."""
    return next(hop for _, hop in ways(product, before) if hop.node == after)


def _step_letters(product: Product, node: Node, first: int, last: int) -> list[int]:
    if product.letters.steps is None:
        return [0] * (last - first)
    of_steps: list[int] = product.letters.steps[first:last].tolist()
    keep = product.letters.keep[node.flags]
    return [letter & keep for letter in of_steps]


def _in_phase(product: Product, rule: Rule, node: Node, target: int) -> bool:
    if rule.phase is not Phase.BIRTH:
        return True
    return not product.all_alive(node.state) and product.all_alive(target)
