"""Colour refinement: objects that the facts tell apart get different colours, until nothing more can be told.

Colours are numbers that follow from the facts alone, so that two states that a permutation maps onto each other get
colours that it maps onto each other (the method of Weisfeiler and Leman, on facts instead of edges).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias

from kspec.explore.symmetry.facts import Fact, Label

Colours: TypeAlias = tuple[int, ...]
"""The colour of each object."""

_Mention: TypeAlias = tuple[int, Label, Colours]
"""A fact as one of its objects sees it: where the object stands in it, the label, the colours of its objects; its own
is -1, so that it is told from another one of its colour."""


class Structure:
    """Facts, by the objects that they are about."""

    def __init__(self, facts: Iterable[Fact], count: int) -> None:
        self.facts: tuple[Fact, ...] = tuple(facts)
        self._about: list[list[tuple[int, Fact]]] = [[] for _ in range(count)]
        for fact in self.facts:
            for position, item in enumerate(fact[1]):
                self._about[item].append((position, fact))

    def refined(self, colours: Colours) -> Colours:
        """The coarsest stable colours that tell apart what these do. Where the one is less, so are the others."""
        colours, number = _ranked([(colour, ()) for colour in colours])
        while True:
            tied = [item for members in classes(colours) if len(members) > 1 for item in members]
            keys: list[tuple[int, tuple[_Mention, ...]]] = [(colour, ()) for colour in colours]
            for item in tied:
                keys[item] = (colours[item], self._mentions(item, colours))
            before = number
            colours, number = _ranked(keys)
            if number == before:
                return colours

    def _mentions(self, item: int, colours: Colours) -> tuple[_Mention, ...]:
        found = [
            (position, label, tuple([-1 if other == item else colours[other] for other in objects]))
            for position, (label, objects) in self._about[item]
        ]
        return tuple(sorted(found))


def individualised(colours: Colours, item: int) -> Colours:
    """The same colours, but one object has its own, less than that of those it was tied with."""
    own = 2 * colours[item]
    return tuple([own if other == item else 2 * colour + 1 for other, colour in enumerate(colours)])


def classes(colours: Colours) -> list[list[int]]:
    """The objects of each colour, by colour."""
    found: dict[int, list[int]] = {}
    for item, colour in enumerate(colours):
        found.setdefault(colour, []).append(item)
    return [found[colour] for colour in sorted(found)]


def _ranked(keys: list[tuple[int, tuple[_Mention, ...]]]) -> tuple[Colours, int]:
    """The rank of each key among the different ones, and how many there are."""
    ranks = {key: rank for rank, key in enumerate(sorted(set(keys)))}
    return tuple([ranks[key] for key in keys]), len(ranks)
