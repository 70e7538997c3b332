"""Runs that stop: their last state repeats for ever, without a step."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from kspec.explore.temporal.automata.components import components
from kspec.explore.temporal.graph import Numbers
from kspec.explore.temporal.observer import Observer, Phase, Rule
from kspec.explore.temporal.product import Product


def stopping_nodes(product: Product, *, cut: bool) -> Iterator[tuple[int, Numbers]]:
    """Where a run may stop and is accepted, if it comes there: for a plane, by its first node, some states. `cut`:
    those with a step for which there is no room, or those without."""
    chosen = np.flatnonzero(product.may_stop & (product.graph.cut == cut)).astype(np.uint32)
    observer, letters = product.observer, product.letters
    for flags in range(1 << letters.tracked):
        at = (letters.states[chosen] & np.uint64(letters.keep[flags])) | np.uint64(letters.gone[flags])
        distinct, places = np.unique(at, return_inverse=True)
        accepting = [accepting_states(observer, letter) for letter in distinct.tolist()]
        for observed in range(observer.before, observer.states):
            accepts = np.array([observed in states for states in accepting], dtype=np.bool_)
            found = chosen[accepts[places]] if len(accepts) else chosen
            if len(found):
                yield product.number(0, flags, observed), found


def accepting_states(observer: Observer, letter: int) -> frozenset[int]:
    """The states from which the word is accepted that repeats a letter for ever, without steps."""
    rules = [[rule for rule in of_state if _repeats(rule, letter)] for of_state in observer.rules]
    numbers = components([[rule.target for rule in of_state] for of_state in rules])
    sets = [0] * len(rules)
    cyclic = [False] * len(rules)
    for state, of_state in enumerate(rules):
        for rule in of_state:
            if numbers[rule.target] == numbers[state]:
                sets[numbers[state]] |= rule.acceptance
                cyclic[numbers[state]] = True
    found = {state for state, number in enumerate(numbers) if cyclic[number] and sets[number] == observer.all_sets}
    size = -1
    while len(found) > size:
        size = len(found)
        found |= {state for state, of_state in enumerate(rules) if any(rule.target in found for rule in of_state)}
    return frozenset(found)


def _repeats(rule: Rule, letter: int) -> bool:
    return rule.phase is Phase.TRACKING and rule.allows_state(letter) and rule.allows_step(0)
