"""What the variables at the head of a formula may stand for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise, product
from typing import Final, assert_never

from kspec.evaluate.errors import ENUMERATION_LIMIT, EnumerationTooLarge
from kspec.explore.symmetry.group import Group, group_of
from kspec.explore.symmetry.objects import Objects, Permutation, transposition
from kspec.explore.symmetry.places import Places
from kspec.explore.symmetry.rename import Renamer
from kspec.explore.temporal.atoms import Values
from kspec.explore.temporal.graph import Labelled
from kspec.system.expressions import AllValues, Binding, Created, Deleted, Existing, ExistingInBoth, Members, Slots
from kspec.system.sorts import ObjectSort, OptionSort, Sort, Value, cardinality, values_of
from kspec.system.system import System
from kspec.system.temporal import Temporal

MOST_INITIAL: Final = 1_000
"""With more initial states, it takes too long to find out whether they are exchanged with each other."""


def tracked_variables(system: System, temporal: Temporal) -> tuple[Binding, ...]:
    """Those that stand for objects which come and go."""
    return tuple(
        binding
        for binding in temporal.variables
        if isinstance(binding.domain, Existing) and not system.kind(binding.domain.kind.kind).permanent
    )


def bindings_of(temporal: Temporal) -> list[Values]:
    """Every binding of the variables, those of the last one fastest. Raises EnumerationTooLarge."""
    sorts = [_sort(binding) for binding in temporal.variables]
    count = 1
    for binding, sort in zip(temporal.variables, sorts, strict=True):
        size = cardinality(sort)
        if size is None or count * size > ENUMERATION_LIMIT:
            raise EnumerationTooLarge(f"`{binding.local.name}`", None if size is None else count * size)
        count *= size
    locals = [binding.local for binding in temporal.variables]
    return [tuple(zip(locals, values, strict=True)) for values in product(*(values_of(sort) for sort in sorts))]


def representatives(system: System, labelled: Labelled, bindings: Sequence[Values]) -> list[Values]:
    """The first of all bindings that exchanges of interchangeable objects map onto each other.

    Only those exchanges count that map the complete graph onto itself: of objects that are always there, and that the
    initial states do not tell apart. Exchanges of slots do not, since a new object takes the lowest free slot: the
    object of the first slot may be the first one ever, which no object of the second slot is.
    """
    if len(labelled.graph.initial) > MOST_INITIAL:
        return list(bindings)
    exchanges = _exchanges(system, labelled)
    first: dict[Values, Values] = {}
    objects = Objects(system)
    for binding in bindings:
        if binding in first:
            continue
        first[binding] = binding
        waiting = [binding]
        while waiting:
            of = waiting.pop()
            for exchange in exchanges:
                image = tuple((local, _image(value, local.sort, objects, exchange)) for local, value in of)
                if image not in first:
                    first[image] = binding
                    waiting.append(image)
    return [binding for binding in bindings if first[binding] == binding]


def _exchanges(system: System, labelled: Labelled) -> list[Permutation]:
    places = Places(system)
    renamer = Renamer(places)
    initial = {labelled.state(number) for number in labelled.graph.initial.tolist()}
    return [
        exchange
        for exchange in _permanent(system, places.objects, group_of(system))
        if all(renamer.renamed(state, exchange) in initial for state in initial)
    ]


def _permanent(system: System, objects: Objects, group: Group) -> Iterator[Permutation]:
    """Generators of the group that leave alone what comes and goes."""
    moving = [transposition(objects, one, other) for cell in group.cells for one, other in pairwise(cell)]
    moving += [mover for level in group.levels for mover in level.movers.values()]
    for permutation in moving:
        moved = {objects.kinds[item] for item, image in enumerate(permutation) if item != image}
        if all(system.kinds[number].permanent for number in moved):
            yield permutation


def _image(value: Value, sort: Sort, objects: Objects, permutation: Permutation) -> Value:
    match sort, value:
        case OptionSort(inner), _ if value is not None:
            return _image(value, inner, objects, permutation)
        case ObjectSort(kind), int(slot):
            return permutation[objects.base(kind) + slot] - objects.base(kind)
        case _:
            return value


def _sort(binding: Binding) -> Sort:
    match binding.domain:
        case Existing(kind) | Slots(kind):
            return kind
        case AllValues(sort):
            return sort
        case ExistingInBoth() | Created() | Deleted() | Members():
            raise ValueError(f"the values of {binding.local.name} depend on the state")
        case _:
            assert_never(binding.domain)
