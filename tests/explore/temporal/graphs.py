"""Random graphs and products, small enough for definitions to be gone through by force."""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import combinations

import numpy as np

from kspec.explore.temporal.edges import Hop, ways
from kspec.explore.temporal.graph import NO_UNIT, Masks, StateGraph
from kspec.explore.temporal.letters import WORD, Letters
from kspec.explore.temporal.observer import Observer, Phase, Rule
from kspec.explore.temporal.product import Product

STATE_ATOMS, STEP_ATOMS = 0b0011, 0b1100


def random_graph(dice: random.Random, states: int, *, units: int | None = None) -> StateGraph:
    """Without initial states but the first; masks may be anything."""
    units = dice.choice([0, 1, 3, 70]) if units is None else units
    columns = max(-(-units // 64), dice.randrange(2))
    steps = [[dice.randrange(states) for _ in range(dice.choice([0, 1, 1, 2, 3]))] for _ in range(states)]
    targets = [target for of_state in steps for target in of_state]
    taken = [dice.randrange(units) if units and dice.random() < 0.5 else NO_UNIT for _ in targets]
    return StateGraph(
        initial=np.zeros(1, dtype=np.uint32),
        offsets=np.cumsum([0, *(len(of_state) for of_state in steps)]).astype(np.uint64),
        targets=np.array(targets, dtype=np.uint32),
        actions=np.zeros(len(targets), dtype=np.uint16),
        units=np.array(taken, dtype=np.uint16),
        served=_random_masks(dice, states, columns, units, 0.5),
        waiting=_random_masks(dice, states, columns, units, 0.3),
        cut=np.array([dice.random() < 0.2 for _ in range(states)], dtype=np.bool_),
        unit_count=units,
    )


def random_product(dice: random.Random, most_states: int = 9) -> Product:
    graph = random_graph(dice, dice.randint(1, most_states))
    tracked = dice.choice([0, 0, 1, 2])
    flags = range(1 << tracked)
    letters = Letters(
        states=_row(dice, graph.states, STATE_ATOMS),
        steps=None if dice.random() < 0.3 else _row(dice, graph.steps, STEP_ATOMS),
        alive=_row(dice, graph.states, (1 << tracked) - 1).astype(np.uint8) if tracked else None,
        tracked=tracked,
        keep=tuple(WORD & ~dice.randrange(16) if number else WORD for number in flags),
        gone=tuple(dice.randrange(16) & STATE_ATOMS if number else 0 for number in flags),
    )
    return Product(graph, random_observer(dice, has_time_before=tracked > 0), letters)


def random_observer(dice: random.Random, *, has_time_before: bool) -> Observer:
    before, states, sets = int(has_time_before), dice.randint(1, 3), dice.randint(0, 2)
    rules = [(Rule(0, 0, 0, 0, 0, 0, Phase.BEFORE), Rule(0, 0, 0, 0, 1, 0, Phase.BIRTH))] if has_time_before else []
    always = 1 << sets if has_time_before else 0
    for _ in range(states):
        count = dice.randint(0, 3)
        rules.append(tuple(_random_rule(dice, before + dice.randrange(states), sets, always) for _ in range(count)))
    return Observer(tuple(rules), sets + before, 0, before, before)


def _random_rule(dice: random.Random, target: int, sets: int, always: int) -> Rule:
    positive = dice.randrange(16) & dice.randrange(16) if dice.random() < 0.6 else 0
    negative = dice.randrange(16) & dice.randrange(16) & ~positive if positive else 0
    split = (positive & STATE_ATOMS, negative & STATE_ATOMS, positive & STEP_ATOMS, negative & STEP_ATOMS)
    return Rule(*split, target, dice.randrange(1 << sets) | always)


def edges(product: Product) -> dict[int, list[tuple[Rule, Hop]]]:
    return {node: list(ways(product, node)) for node in range(product.nodes)}


def reachable(product: Product) -> set[int]:
    found = set(product.starts)
    waiting = list(found)
    while waiting:
        for _, hop in ways(product, waiting.pop()):
            if hop.node not in found:
                found.add(hop.node)
                waiting.append(hop.node)
    return found


def fair_parts(product: Product, nodes: set[int]) -> Iterator[frozenset[int]]:
    """By definition: the sets of these nodes of which a run can visit all, and nothing else, again and again, taking
    all edges between them, so that it is fair and accepted."""
    of_node = edges(product)
    for size in range(1, len(nodes) + 1):
        for chosen in map(frozenset, combinations(sorted(nodes), size)):
            inner = [(rule, hop) for node in chosen for rule, hop in of_node[node] if hop.node in chosen]
            if inner and _is_connected(chosen, of_node) and _is_fair(product, chosen, inner):
                yield chosen


def _is_connected(chosen: frozenset[int], of_node: dict[int, list[tuple[Rule, Hop]]]) -> bool:
    for start in chosen:
        found, waiting = {start}, [start]
        while waiting:
            for _, hop in of_node[waiting.pop()]:
                if hop.node in chosen and hop.node not in found:
                    found.add(hop.node)
                    waiting.append(hop.node)
        if found != chosen:
            return False
    return True


def _is_fair(product: Product, chosen: frozenset[int], inner: list[tuple[Rule, Hop]]) -> bool:
    states = {node % product.graph.states for node in chosen}
    accepted = 0
    for rule, _ in inner:
        accepted |= rule.acceptance
    taken = {int(product.graph.units[hop.step]) for _, hop in inner}
    return accepted == product.observer.all_sets and all(
        unit in taken
        or not any(_has(product.graph.waiting, state, unit) for state in states)
        or any(_has(product.graph.served, state, unit) for state in states)
        for unit in range(product.graph.unit_count)
    )


def _has(masks: Masks, state: int, unit: int) -> bool:
    return bool(int(masks[state, unit // 64]) >> unit % 64 & 1)


def _row(dice: random.Random, size: int, within: int) -> Masks:
    return np.array([dice.randrange(16) & within for _ in range(size)], dtype=np.uint64)


def _random_masks(dice: random.Random, states: int, columns: int, units: int, often: float) -> Masks:
    masks = np.zeros((states, columns), dtype=np.uint64)
    for state in range(states):
        for unit in range(units):
            if dice.random() < often:
                masks[state, unit // 64] |= np.uint64(1 << unit % 64)
    return masks
