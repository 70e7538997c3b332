"""The canonical form of a state: the same for all states that the group maps onto each other, and one of them.

Objects are put in the order of their stable colours. While some are tied, one of them gets a colour of its own, and
the colours are refined again (McKay's method). Where it does not matter which one, any is taken; else each of them is
tried, and the least form counts.
"""

from __future__ import annotations

from collections.abc import Sequence

from kspec.evaluate.run import State
from kspec.evaluate.values import in_order
from kspec.explore.symmetry.facts import Fact, Facts
from kspec.explore.symmetry.group import Group, group_of
from kspec.explore.symmetry.objects import Permutation, composed, inverse
from kspec.explore.symmetry.places import Places
from kspec.explore.symmetry.refine import Colours, Structure, classes, individualised
from kspec.explore.symmetry.rename import Renamer
from kspec.explore.symmetry.ties import any_will_do
from kspec.system.system import System

SEARCH_LIMIT = 20_000
"""Forms that are compared for one state, if nothing else is said."""


class TooManyForms(Exception):
    """The search for the least form of a state met its limit."""


class Canonicaliser:
    """Puts states of one system into their canonical form. `most_forms`: compared for one state."""

    def __init__(self, system: System, group: Group | None = None, most_forms: int = SEARCH_LIMIT) -> None:
        self.group = group_of(system) if group is None else group
        self._most_forms = most_forms
        self._places = Places(system)
        self._facts = Facts(self._places)
        self._renamer = Renamer(self._places)
        self._moving = frozenset(
            item for members in classes(self.group.colours) if len(members) > 1 for item in members
        )

    def canonical(self, state: State) -> State:
        """Raises TooManyForms."""
        if self.group.is_trivial:
            return state
        search = _Search(self.group, self._renamer, state, self._structure(state), self._most_forms)
        search.follow(self.group.colours, ())
        assert search.least is not None
        return search.least

    def outline(self, state: State) -> list[Fact]:
        """The same for all states of an orbit, and fast: a different one shows a different orbit."""
        colours = self.group.colours
        return sorted((label, tuple([colours[item] for item in items])) for label, items in self._facts.of_state(state))

    def _structure(self, state: State) -> Structure:
        """What is known of the objects that can move."""
        facts = [*self.group.facts, *self._facts.of_state(state)]
        return Structure([fact for fact in facts if not self._moving.isdisjoint(fact[1])], self._places.objects.count)


class _Search:
    """The search for the least form of one state.

    Two ways to the same form show an automorphism of the state. Where they parted, the later one has nothing new, and
    what the automorphism maps onto something tried need not be tried.
    """

    def __init__(self, group: Group, renamer: Renamer, state: State, structure: Structure, most_forms: int) -> None:
        self._group = group
        self._renamer = renamer
        self._state = state
        self._structure = structure
        self._automorphisms: list[Permutation] = []
        self._most_forms = most_forms
        self._forms = 0
        self._way: Permutation | None = None
        """The permutation to the least form."""
        self._path: tuple[int, ...] = ()
        """What was picked on the way to it."""
        self.least: State | None = None

    def follow(self, colours: Colours, path: tuple[int, ...], *, is_forest: bool = False) -> int:
        """Tries every order of the objects that keeps these colours. `path`: the objects that were picked. `is_forest`:
        any tied object will do, which stays so with more colours.

        Gives the length of the path that still has something new.
        """
        colours = self._structure.refined(colours)
        tied = next((members for members in classes(colours) if len(members) > 1), None)
        if tied is None:
            return self._compare(colours, path)
        is_forest = is_forest or any_will_do(self._structure.facts, colours)
        if is_forest:
            del tied[1:]
        tried: list[int] = []
        for item in tied:
            if not self._is_like(item, tried, path):
                back_to = self.follow(individualised(colours, item), (*path, item), is_forest=is_forest)
                if back_to < len(path):
                    return back_to
                tried.append(item)
        return len(path)

    def _compare(self, ranks: Colours, path: tuple[int, ...]) -> int:
        self._forms += 1
        if self._forms > self._most_forms:
            raise TooManyForms
        way = self._group.placing(ranks)
        form = self._renamer.renamed(self._state, way)
        if self._way is not None and form == self.least:
            self._automorphisms.append(composed(way, inverse(self._way)))
            return next(n for n, (one, other) in enumerate(zip(path, self._path, strict=False)) if one != other)
        if self.least is None or in_order((form, self.least))[0] == form:
            self._way, self._path, self.least = way, path, form
        return len(path)

    def _is_like(self, item: int, tried: Sequence[int], path: Sequence[int]) -> bool:
        """Whether automorphisms that leave the path alone map the object onto one that was tried."""
        generators = [found for found in self._automorphisms if all(found[fixed] == fixed for fixed in path)]
        reached = {item: None}
        pending = [item]
        for one in pending:
            for generator in generators:
                if generator[one] not in reached:
                    reached[generator[one]] = None
                    pending.append(generator[one])
        return any(other in reached for other in tried)
