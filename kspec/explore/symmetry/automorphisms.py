"""The permutations that map a set of facts onto itself, as a chain of stabilisers.

The first level of the chain says where its object can go, the second where the next one can while the first stays,
and so on (Sims' method). A permutation that puts objects in a wanted order is then found by one choice a level. Chains
are for the few facts about constants, of philosophers around a table and the like.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kspec.explore.symmetry.facts import Fact
from kspec.explore.symmetry.objects import Permutation, composed, inverse
from kspec.explore.symmetry.refine import Colours, Structure, classes, individualised

SEARCH_LIMIT = 20_000
"""Steps of one search for an automorphism."""


class SearchTooLong(Exception):
    """A search met its limit."""


@dataclass(frozen=True, slots=True)
class Level:
    """For each object that `item` can be exchanged for, while those of earlier levels stay: how."""

    item: int
    movers: dict[int, Permutation]
    """By the object that `item` goes to."""


def stabiliser_chain(structure: Structure, colours: Colours, items: Sequence[int]) -> tuple[Level, ...]:
    """The automorphisms of the facts that keep colours. They move no objects but these. Raises SearchTooLong."""
    stages = [structure.refined(colours)]
    for item in items:
        stages.append(structure.refined(individualised(stages[-1], item)))
    generators: list[Permutation] = []
    levels: list[Level] = []
    for item, stage in reversed(list(zip(items, stages, strict=False))):
        movers = _orbit(item, generators, len(colours))
        for other in (other for other, colour in enumerate(stage) if colour == stage[item]):
            if other not in movers:
                found = _Search(structure).mapping(individualised(stage, item), individualised(stage, other))
                if found is not None:
                    generators.append(found)
                    movers = _orbit(item, generators, len(colours))
        levels.append(Level(item, movers))
    return tuple(level for level in reversed(levels) if len(level.movers) > 1)


def _orbit(item: int, generators: Sequence[Permutation], count: int) -> dict[int, Permutation]:
    """Where the generators bring an object, and by what product of them."""
    movers: dict[int, Permutation] = {item: tuple(range(count))}
    pending = [item]
    for reached in pending:
        for generator in generators:
            target = generator[reached]
            if target not in movers:
                movers[target] = composed(movers[reached], generator)
                pending.append(target)
    return movers


class _Search:
    """A search for an automorphism that maps one colouring onto another."""

    def __init__(self, structure: Structure) -> None:
        self._structure = structure
        self._facts = frozenset(structure.facts)
        self._left = SEARCH_LIMIT

    def mapping(self, source: Colours, target: Colours) -> Permutation | None:
        self._left -= 1
        if self._left < 0:
            raise SearchTooLong
        source, target = self._structure.refined(source), self._structure.refined(target)
        sources, targets = classes(source), classes(target)
        if Counter(source) != Counter(target):
            return None
        tied = next((number for number, members in enumerate(sources) if len(members) > 1), None)
        if tied is None:
            return self._checked(sources, targets)
        chosen = individualised(source, sources[tied][0])
        for candidate in targets[tied]:
            found = self.mapping(chosen, individualised(target, candidate))
            if found is not None:
                return found
        return None

    def _checked(self, sources: list[list[int]], targets: list[list[int]]) -> Permutation | None:
        permutation = [0] * len(sources)
        for (item,), (image,) in zip(sources, targets, strict=True):
            permutation[item] = image
        return tuple(permutation) if preserves(self._facts, permutation) else None


def preserves(facts: frozenset[Fact], permutation: Sequence[int]) -> bool:
    """Whether a permutation maps the facts onto themselves."""
    return all((label, tuple([permutation[item] for item in objects])) in facts for label, objects in facts)


def placed(levels: Iterable[Level], ranks: Sequence[int]) -> Permutation:
    """The permutation of the chain that puts the object of least rank that can be there in the place of the first
    level, of the others the least in the place of the second, and so on."""
    result = tuple(range(len(ranks)))
    ranked = list(ranks)
    for level in levels:
        best = min(level.movers, key=lambda item: ranked[item])
        mover = level.movers[best]
        # The mover brings the level's object to where the best one is: its inverse brings that one here.
        ranked = [ranked[image] for image in mover]
        result = composed(result, inverse(mover))
    return result
