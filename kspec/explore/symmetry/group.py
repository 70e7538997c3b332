"""Which objects of a system are interchangeable: the group of permutations that map it onto itself.

`docs/explorer.md` argues why a state can stand for all those that the group maps it to.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import factorial, prod

from kspec.explore.symmetry.automorphisms import Level, SearchTooLong, placed, preserves, stabiliser_chain
from kspec.explore.symmetry.facts import Fact, Facts
from kspec.explore.symmetry.named import named_objects
from kspec.explore.symmetry.objects import Objects, Permutation, transposition
from kspec.explore.symmetry.places import Places
from kspec.explore.symmetry.refine import Colours, Structure, classes
from kspec.system.sorts import MapSort, ObjectSort
from kspec.system.system import System
from kspec.system.transitions import Allocate


@dataclass(frozen=True, slots=True)
class Group:
    """Every permutation that only exchanges objects within `cells`, and every one of the chain, one after the other.

    `colours`: the same for objects that the group maps onto each other. `facts`: of the constants and initial choices,
    which every permutation of the group maps onto themselves.
    """

    colours: Colours
    cells: tuple[tuple[int, ...], ...]
    levels: tuple[Level, ...]
    facts: tuple[Fact, ...]

    @property
    def is_trivial(self) -> bool:
        return not self.cells and not self.levels

    @property
    def order(self) -> int:
        """How many permutations there are."""
        return prod(factorial(len(cell)) for cell in self.cells) * prod(len(level.movers) for level in self.levels)

    def placing(self, ranks: Sequence[int]) -> Permutation:
        """A permutation of the group, decided by an order of the objects alone: equal orders put objects of equal rank
        in the same places."""
        result = list(placed(self.levels, ranks))
        for cell in self.cells:
            for place, item in zip(cell, sorted(cell, key=lambda item: ranks[item]), strict=True):
                result[item] = place
        return tuple(result)


def group_of(system: System) -> Group:
    places = Places(system)
    facts = Facts(places).of_system()
    return _Analysis(system, places.objects, facts, _kept(places)).group()


class _Analysis:
    def __init__(self, system: System, objects: Objects, facts: list[Fact], kept: frozenset[int]) -> None:
        self._system = system
        self._objects = objects
        self._structure = Structure(facts, objects.count)
        self._facts = frozenset(facts)
        self._kept = kept

    def group(self) -> Group:
        colours = self._structure.refined(self._base_colours())
        linked = self._linked(colours)
        try:
            levels = stabiliser_chain(self._structure, _alone_but(linked, colours), linked)
        except SearchTooLong:
            levels = ()
        cells = tuple(
            tuple(members) for members in classes(colours) if len(members) > 1 and not set(members) & set(linked)
        )
        return Group(self._orbits(cells, levels), cells, levels, self._structure.facts)

    def _linked(self, colours: Colours) -> list[int]:
        """The objects that a constant refers to together with another one: those that are not alone of their colour,
        and all of the colour of such an object."""
        tied = {item for members in classes(colours) if len(members) > 1 for item in members}
        together = {item for _, objects in self._facts if len(set(objects) & tied) > 1 for item in objects}
        found = {colours[item] for item in together & tied}
        return [item for item, colour in enumerate(colours) if colour in found]

    def _orbits(self, cells: Iterable[tuple[int, ...]], levels: Iterable[Level]) -> Colours:
        first = list(range(self._objects.count))
        for cell in cells:
            for item in cell:
                first[item] = cell[0]
        for level in levels:
            for mover in level.movers.values():
                for item, image in enumerate(mover):
                    low, high = sorted((first[item], first[image]))
                    first = [low if of == high else of for of in first]
        return tuple(first)

    # --- what tells objects apart, whatever the constants ------------------------------------------------------------

    def _base_colours(self) -> Colours:
        """Objects that are named have a colour of their own."""
        named = named_objects(self._system, self._objects)
        colours = list(self._objects.kinds)
        own = len(self._system.kinds)
        for item in named:
            colours[item] = own + item
        for name in self._created():
            self._split_room(name, colours)
        return tuple(colours)

    def _created(self) -> list[ObjectSort]:
        """The kinds of which some transition creates objects."""
        steps = [step for transition in self._system.transitions for step in transition.steps]
        sorts = {step.local.sort for step in steps if isinstance(step, Allocate)}
        return [kind.sort for kind in self._system.kinds if kind.sort in sorts]

    def _split_room(self, kind: ObjectSort, colours: list[int]) -> None:
        """A create takes the lowest free slot. That tells no two states apart if slots that can be exchanged, and can
        be free, stand together: one that cannot be exchanged splits those before it from those behind."""
        base = tuple(colours)
        run, before = -1, -1
        for item in self._objects.of(kind):
            if item not in self._kept:
                if before < 0 or not self._exchangeable(before, item, base):
                    run = len(self._system.kinds) + item
                colours[item], before = run, item

    def _exchangeable(self, one: int, other: int, colours: Colours) -> bool:
        return colours[one] == colours[other] and preserves(self._facts, transposition(self._objects, one, other))


def _alone_but(items: Iterable[int], colours: Colours) -> Colours:
    """The colours of some objects; all others have their own."""
    kept = frozenset(items)
    others = max(colours, default=0) + 1
    return tuple(colour if item in kept else others + item for item, colour in enumerate(colours))


def _kept(places: Places) -> frozenset[int]:
    """The objects whose slots are never free, since a constant refers to them."""
    return frozenset(
        item
        for place in places.constant
        if place.variable.constant is not None and not isinstance(place.variable.sort, MapSort)
        for item in places.objects.within(place.variable.constant[place.number], place.variable.sort)
    )
