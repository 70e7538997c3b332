"""A short cycle of a fair component that a fair run may take for ever."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from kspec.explore.temporal.edges import Hop
from kspec.explore.temporal.graph import NO_UNIT, Masks
from kspec.explore.temporal.product import Product
from kspec.explore.temporal.searches import Marks, Search, Wanted

LONGEST_SHORTENED: Final = 2_000
"""Of a longer cycle no detours are looked for: that takes the square of its length."""

NODES_LOOKED_AT: Final = 20_000_000
"""So many nodes, at most, may be gone through in order to find shorter cycles."""


def shortest_found(search: Search, marks: Marks, entry: int) -> tuple[list[Hop], list[Hop]]:
    """A way on from a node of a fair component, and a cycle behind it: from each of the first nodes of one cycle
    another one is looked for, and the shortest of all, the way to it included, is taken."""
    first = fair_cycle(search, marks, entry)
    best: tuple[list[Hop], list[Hop]] = [], first
    for count in range(1, min(len(first), NODES_LOOKED_AT // search.product.nodes + 1)):
        cycle = fair_cycle(search, marks, first[count - 1].node)
        if count + len(cycle) < len(best[0]) + len(best[1]):
            best = first[:count], cycle
    return best


def fair_cycle(search: Search, marks: Marks, entry: int) -> list[Hop]:
    """From a node of a fair component back to it: goes to the nearest of what is still wanted until nothing is, then
    home, and leaves out the detours that turned out to be none of use."""
    product = search.product
    hops: list[Hop] = []
    while True:
        wanted = _still_wanted(product, entry, hops)
        at = hops[-1].node if hops else entry
        if wanted.is_home and hops and at == entry:
            return _without_detours(product, entry, hops)
        hops += search.within(marks, at, wanted)


def _still_wanted(product: Product, entry: int, hops: Sequence[Hop]) -> Wanted:
    graph, states, columns = product.graph, product.graph.states, range(product.graph.served.shape[1])
    waiting = served = accepted = 0
    before = entry
    for node in (entry, *(hop.node for hop in hops)):
        waiting |= _mask(graph.waiting, node % states, columns)
        served |= _mask(graph.served, node % states, columns)
    for hop in hops:
        unit = int(graph.units[hop.step])
        served |= 0 if unit == NO_UNIT else 1 << unit
        accepted |= product.observer.rules[product.node(before).observed][hop.rule].acceptance
        before = hop.node
    return Wanted(product.observer.all_sets & ~accepted, waiting & ~served, entry)


def _mask(masks: Masks, row: int, columns: range) -> int:
    return sum(int(masks[row, column]) << 64 * column for column in columns)


def _without_detours(product: Product, entry: int, hops: list[Hop]) -> list[Hop]:
    """Each time a node comes again, what is between is left out if nothing is wanted then."""
    if len(hops) > LONGEST_SHORTENED:
        return hops
    start = 0
    while start < len(hops):
        node = hops[start - 1].node if start else entry
        for end in range(len(hops), start, -1):
            shorter = hops[:start] + hops[end:]
            if hops[end - 1].node == node and shorter and _still_wanted(product, entry, shorter).is_home:
                hops = shorter
                break
        start += 1
    return hops
