"""Whether objects that colours cannot tell apart are really alike.

Stable colours tell everything about a structure whose links form a forest: there, objects of one colour are mapped
onto each other by automorphisms, and it does not matter which of them is taken first. Of the ways in
which pairs of two colours are linked (not at all is one of them), the most frequent is left out: it is where none of
the others is, and so tells nothing more.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterable, Iterator, Sequence
from itertools import combinations
from typing import TypeAlias

from kspec.explore.symmetry.facts import Fact
from kspec.explore.symmetry.refine import Colours, classes

_Link: TypeAlias = tuple[tuple[tuple[int, ...], Colours], ...]
"""All facts about a pair of objects: the label of each, and for each of its objects the colour, or which of the pair
it is."""


def any_will_do(facts: Iterable[Fact], colours: Colours) -> bool:
    """Whether the objects of every colour, which are stable, are mapped onto each other by automorphisms."""
    tied = [members for members in classes(colours) if len(members) > 1]
    links = _links(facts, frozenset(item for members in tied for item in members), colours)
    return links is not None and _is_forest(_telling(links, tied), len(colours))


def _links(facts: Iterable[Fact], tied: frozenset[int], colours: Colours) -> dict[tuple[int, int], _Link] | None:
    """How each pair of tied objects is linked, from the side of the first; None where a fact is about more than two."""
    found: dict[tuple[int, int], list[tuple[tuple[int, ...], Colours]]] = {}
    for label, objects in facts:
        mentioned = sorted(tied.intersection(objects))
        if len(mentioned) > 2:
            return None
        if len(mentioned) == 2:
            for pair in (tuple(mentioned), tuple(reversed(mentioned))):
                one, other = pair
                seen = tuple([-1 if item == one else -2 if item == other else colours[item] for item in objects])
                found.setdefault((one, other), []).append((label, seen))
    return {pair: tuple(sorted(facts_of)) for pair, facts_of in found.items()}


def _telling(links: dict[tuple[int, int], _Link], tied: Sequence[Sequence[int]]) -> Iterator[tuple[int, int]]:
    """The pairs that are not linked in the most frequent way of their colours."""
    for number, members in enumerate(tied):
        mutual = {(one, other) for one, other in links if links[one, other] == links[other, one]}
        yield from _unusual(links, list(combinations(members, 2)), mutual)
        for others in tied[number + 1 :]:
            pairs = [(one, other) for one in members for other in others]
            yield from _unusual(links, pairs, links)


def _unusual(
    links: dict[tuple[int, int], _Link], pairs: Sequence[tuple[int, int]], mutual: Container[tuple[int, int]]
) -> Iterator[tuple[int, int]]:
    """`mutual`: the pairs whose link may be left out if it is the most frequent one; a link of two objects of one
    colour that is not the same from both sides says more than that there is one."""
    counts = Counter(links.get(pair, ()) for pair in pairs if pair not in links or pair in mutual)
    usual = max(sorted(counts), key=lambda link: counts[link], default=())
    yield from (pair for pair in pairs if links.get(pair, ()) != usual)


def _is_forest(edges: Iterable[tuple[int, int]], count: int) -> bool:
    """Whether the edges, none of them twice, close no circle."""
    roots = list(range(count))

    def root(item: int) -> int:
        while roots[item] != item:
            roots[item] = roots[roots[item]]
            item = roots[item]
        return item

    for one, other in edges:
        here, there = root(one), root(other)
        if here == there:
            return False
        roots[here] = there
    return True
