"""The searches over products: both of them, and the definition."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from kspec.explore.machine.cycles.search import MachineSearch
from kspec.explore.result import Limit, Limits
from kspec.explore.temporal.cycle import fair_cycle
from kspec.explore.temporal.edges import Hop, ways
from kspec.explore.temporal.graph import NO_UNIT, StateGraph
from kspec.explore.temporal.letters import WORD, Letters
from kspec.explore.temporal.marks import DONE, MOST_NODES, ROOT, STOP, UNSEEN, is_wanted
from kspec.explore.temporal.observer import Observer, Rule
from kspec.explore.temporal.plain_search import PlainSearch
from kspec.explore.temporal.product import Product
from kspec.explore.temporal.searches import Marks, Search
from kspec.explore.watch import SearchStopped, Watch
from tests.explore.temporal.graphs import fair_parts, random_graph, random_product, reachable

MakeSearch = Callable[[Product, Watch], Search]
BOTH: tuple[MakeSearch, ...] = (PlainSearch, MachineSearch)


def _search(make: MakeSearch, product: Product) -> tuple[Search, Marks]:
    search = make(product, Watch(Limits()))
    marks = search.no_marks()
    marks[product.starts] = ROOT
    return search, marks


def _components(marks: Marks) -> set[frozenset[int]]:
    found: dict[int, set[int]] = {}
    for node in np.flatnonzero((marks > MOST_NODES) & (marks <= STOP)).tolist():
        found.setdefault(int(marks[node]), set()).add(node)
    return {frozenset(nodes) for nodes in found.values()}


def _products(count: int, most_states: int, most_nodes: int) -> list[Product]:
    products = (random_product(random.Random(seed), most_states) for seed in range(count))
    return [product for product in products if product.nodes <= most_nodes]


def test_fair_components_are_those_of_the_definition() -> None:
    """The largest of all fair parts, among the nodes that can be reached."""
    fair = 0
    for product in _products(1500, 4, 200):
        nodes = reachable(product)
        if len(nodes) > 10:
            continue
        parts = set(fair_parts(product, nodes))
        largest = {part for part in parts if not any(part < other for other in parts)}
        for make in BOTH:
            search, marks = _search(make, product)
            assert search.components(marks, first=False) == len(largest)
            assert _components(marks) == largest
            assert {node for node in range(product.nodes) if marks[node] != UNSEEN} == nodes
            assert set(marks[sorted(nodes)].tolist()) <= {DONE} | {mark for mark in marks.tolist() if is_wanted(mark)}
        fair += bool(parts)
    assert fair > 100


def test_one_component_is_enough_where_asked() -> None:
    for product in _products(300, 9, 200):
        for make in BOTH:
            search, marks = _search(make, product)
            every, first = marks.copy(), marks.copy()
            assert bool(search.components(every, first=False)) is bool(search.components(first, first=True))
            assert _components(first) <= _components(every)
            assert len(_components(first)) <= 1


def test_both_searches_answer_the_same() -> None:
    for product in _products(2500, 9, 400):
        answers = []
        for make in BOTH:
            search, marks = _search(make, product)
            reached = marks.copy()
            search.reach(reached)
            behind = search.no_marks()
            search.begin_behind(behind, product.observer.born)
            search.components(marks, first=False)
            found = search.to_wanted(marks, product.starts)
            entry = None if found is None else (found[1][-1].node if found[1] else found[0])
            cycle = [] if entry is None else fair_cycle(search, marks, entry)
            answers.append((reached.tolist(), behind.tolist(), _components(marks), found, cycle))
        assert answers[0] == answers[1]


def test_nodes_that_are_done_are_never_gone_to() -> None:
    for product in _products(300, 6, 200):
        done = random.Random(product.nodes).sample(range(product.nodes), product.nodes // 3)
        fair = []
        for make in BOTH:
            search, marks = _search(make, product)
            marks[done] = DONE
            search.components(marks, first=False)
            assert set(marks[done].tolist()) <= {DONE}
            fair.append(_components(marks))
        assert fair[0] == fair[1]


@pytest.mark.parametrize("make", BOTH)
def test_the_path_to_a_component_is_as_short_as_any(make: MakeSearch) -> None:
    for product in _products(400, 9, 200):
        search, marks = _search(make, product)
        search.components(marks, first=False)
        found = search.to_wanted(marks, product.starts)
        distance = _distance(product, marks)
        assert (found is None) == (distance is None)
        if found is not None:
            root, hops = found
            assert root in product.starts
            assert len(hops) == distance
            _assert_connected(product, root, hops)


@pytest.mark.parametrize("make", BOTH)
def test_a_cycle_is_fair_accepted_and_stays_in_its_component(make: MakeSearch) -> None:
    cycles = 0
    for product in _products(400, 9, 200):
        search, marks = _search(make, product)
        search.components(marks, first=False)
        for component in _components(marks):
            entry = min(component)
            cycle = fair_cycle(search, marks, entry)
            _assert_connected(product, entry, cycle)
            assert cycle[-1].node == entry
            assert {hop.node for hop in cycle} <= component
            _assert_fair(product, cycle)
            cycles += 1
    assert cycles > 50


def _distance(product: Product, marks: Marks) -> int | None:
    level, seen, distance = set(product.starts), set(product.starts), 0
    while level:
        if any(is_wanted(int(marks[node])) for node in level):
            return distance
        level = {hop.node for node in level for _, hop in ways(product, node)} - seen
        seen |= level
        distance += 1
    return None


def _assert_connected(product: Product, start: int, hops: list[Hop]) -> None:
    node = start
    for hop in hops:
        assert hop in [way for _, way in ways(product, node)]
        node = hop.node


def _assert_fair(product: Product, cycle: list[Hop]) -> None:
    graph = product.graph
    accepted, before = 0, cycle[-1].node
    for hop in cycle:
        accepted |= product.observer.rules[product.node(before).observed][hop.rule].acceptance
        before = hop.node
    assert accepted == product.observer.all_sets
    states = [hop.node % graph.states for hop in cycle]
    taken = {int(graph.units[hop.step]) for hop in cycle} - {NO_UNIT}
    for unit in range(graph.unit_count):
        word, bit = unit // 64, 1 << unit % 64
        waits = any(int(graph.waiting[state, word]) & bit for state in states)
        served = any(int(graph.served[state, word]) & bit for state in states)
        assert unit in taken or served or not waits


@pytest.mark.parametrize("make", BOTH)
def test_a_search_ends_where_a_limit_is_met(make: MakeSearch) -> None:
    product = Product(_ring(10_000), *_anything(10_000))
    search = make(product, Watch(Limits(seconds=0.0)))
    with pytest.raises(SearchStopped) as stopped:
        search.components(_from_first(search), first=False)
    assert stopped.value.limit is Limit.TIME


class _Interrupting(Watch):
    """Is interrupted while code runs, at some look at the limits."""

    def __init__(self, looks: int) -> None:
        super().__init__(Limits())
        self._left = looks

    def check(self) -> float:
        self._left -= 1
        if not self._left:
            raise KeyboardInterrupt
        return 0.0


def test_an_interrupt_ends_the_code_that_runs() -> None:
    product = Product(_ring(1_000_000), *_anything(1_000_000))
    search = MachineSearch(product, _Interrupting(40))
    with pytest.raises(KeyboardInterrupt):
        _again_and_again(search)


def _again_and_again(search: Search) -> None:
    while True:
        assert search.components(_from_first(search), first=False) == 1


def _from_first(search: Search) -> Marks:
    marks = search.no_marks()
    marks[0] = ROOT
    return marks


def _ring(states: int) -> StateGraph:
    return replace(
        random_graph(random.Random(0), 1, units=0),
        offsets=np.arange(states + 1, dtype=np.uint64),
        targets=np.roll(np.arange(states, dtype=np.uint32), -1),
        actions=np.zeros(states, dtype=np.uint16),
        units=np.full(states, NO_UNIT, dtype=np.uint16),
        served=np.zeros((states, 0), dtype=np.uint64),
        waiting=np.zeros((states, 0), dtype=np.uint64),
        cut=np.zeros(states, dtype=np.bool_),
    )


def _anything(states: int) -> tuple[Observer, Letters]:
    letters = Letters(np.zeros(states, dtype=np.uint64), None, None, 0, (WORD,), (0,))
    return Observer(((Rule(0, 0, 0, 0, 0, 0),),), 0, 0, 0, 0), letters
