"""Systems that are nothing but state, random states of any system, and every permutation of a group."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import permutations, product
from random import Random

from kspec.evaluate.run import State
from kspec.explore.machine.shapes import plain
from kspec.explore.symmetry.group import Group
from kspec.explore.symmetry.objects import Permutation, composed
from kspec.system.sorts import (
    BOOL,
    IntSort,
    MapSort,
    OptionSort,
    SeqSort,
    SetSort,
    Sort,
    Value,
    cardinality,
    values_of,
    zero,
)
from kspec.system.system import ALIVE, DELETED, FREE, Role, System, Variable
from tests.building import SystemBuilder, field, kind, variable


def graph(vertices: int) -> System:
    """Objects with edges to others."""
    it, builder = kind("V", vertices), SystemBuilder()
    builder.kind(it)
    builder.variable(field(it, "out", SetSort(it.sort)), *[frozenset()] * vertices)
    return builder.build()


def edges(vertices: int, pairs: Iterable[tuple[int, int]]) -> State:
    """The state of a graph with these edges, both ways."""
    out: list[set[int]] = [set() for _ in range(vertices)]
    for one, other in pairs:
        out[one].add(other)
        out[other].add(one)
    return tuple(map(frozenset, out))


def circles(*lengths: int) -> State:
    """The state of a graph that is some circles."""
    pairs, first = [], 0
    for length in lengths:
        pairs += [(first + n, first + (n + 1) % length) for n in range(length)]
        first += length
    return edges(first, pairs)


def placed_pods(pods: int, nodes: int, addresses: int) -> System:
    """Two kinds that a third one refers to; addresses may be shared, which closes circles."""
    builder = SystemBuilder()
    pod, node, address = (
        builder.kind(kind(name, size)) for name, size in (("Pod", pods), ("Node", nodes), ("IP", addresses))
    )
    builder.variable(field(pod, "node", OptionSort(node.sort)), *[None] * pods)
    builder.variable(field(pod, "ip", OptionSort(address.sort)), *[None] * pods)
    builder.variable(field(pod, "failed", BOOL), *[False] * pods)
    builder.variable(variable("leader", OptionSort(node.sort)), None)
    return builder.build()


def everything() -> System:
    """Every way in which a state can speak of objects: what comes and goes, maps, sequences, sets, several indexes."""
    builder = SystemBuilder()
    pod, node = kind("Pod", 3, permanent=False), kind("Node", 2)
    builder.kind(pod)
    builder.kind(node)
    builder.variable(field(pod, "owner", pod.sort, const=True), 0, 0, 0)
    builder.variable(field(pod, "size", IntSort(1, 3)), 1, 1, 1)
    builder.variable(variable("queue", SeqSort(OptionSort(pod.sort), 2)), ())
    builder.variable(variable("view", MapSort(pod.sort, OptionSort(node.sort))), (None,) * 3)
    builder.variable(variable("first", MapSort(pod.sort, node.sort)), (0,) * 3)
    builder.variable(variable("by", MapSort(BOOL, SetSort(OptionSort(node.sort)))), (frozenset(),) * 2)
    builder.variable(variable("maybe", OptionSort(SetSort(pod.sort))), None)
    seen = Variable("kubelet.seen", (node.sort,), MapSort(pod.sort, BOOL), Role.COMPONENT)
    builder.variable(seen, *[(False,) * 3] * 2)
    spent = Variable("spent", (node.sort, pod.sort, BOOL), IntSort(0, 2), Role.BUDGET)
    builder.variable(spent, *[0] * 12)
    return builder.build()


# --- states -----------------------------------------------------------------------------------------------------------


def random_state(system: System, dice: Random) -> State:
    """Any values, but `zero` in cleared places."""
    statuses = {
        variable.index[0]: [dice.choice((FREE, ALIVE, ALIVE, DELETED)) for _ in values_of(variable.index[0])]
        for variable in system.variables
        if variable.role is Role.STATUS
    }
    state: list[Value] = []
    for it in system.variables:
        if it.constant is not None:
            continue
        cleared = (FREE, DELETED) if it.role in (Role.FIELD, Role.COMPONENT) else (FREE,)
        for index in product(*map(values_of, it.index)):
            found = [statuses[sort][at] for at, sort in zip(index, it.index, strict=True) if sort in statuses]  # type: ignore[index]
            if it.role is Role.STATUS:
                state.extend(found)
            else:
                is_cleared = not set(found).isdisjoint(cleared)
                state.append(zero(it.sort) if is_cleared else random_value(it.sort, dice, statuses))
    return tuple(state)


def random_value(sort: Sort, dice: Random, statuses: dict[Sort, list[int]]) -> Value:
    match sort:
        case OptionSort(inner):
            return None if cardinality(inner) == 0 else dice.choice((None, random_value(inner, dice, statuses)))
        case SetSort(element):
            values = values_of(element)
            return frozenset(dice.sample(list(values), dice.randrange(len(values) + 1)))
        case SeqSort(element, capacity):
            return tuple(random_value(element, dice, statuses) for _ in range(dice.randrange(capacity + 1)))
        case MapSort(key, value):
            owners = list(statuses.get(plain(key), ()))
            if isinstance(key, OptionSort) and owners:
                owners.insert(0, ALIVE)
            owners = owners or [ALIVE] * (cardinality(key) or 0)
            return tuple(random_value(value, dice, statuses) if owner != FREE else zero(value) for owner in owners)
        case _:
            return dice.choice(values_of(sort))


# --- permutations -----------------------------------------------------------------------------------------------------


def every_permutation(group: Group) -> Iterator[Permutation]:
    start = tuple(range(len(group.colours)))
    for of_cells in product(*(permutations(cell) for cell in group.cells)):
        permutation = list(start)
        for cell, images in zip(group.cells, of_cells, strict=True):
            for item, image in zip(cell, images, strict=True):
                permutation[item] = image
        for movers in product(*(level.movers.values() for level in group.levels)):
            result = tuple(permutation)
            for mover in reversed(movers):
                result = composed(result, mover)
            yield result


def any_permutation(group: Group, dice: Random) -> Permutation:
    result = list(range(len(group.colours)))
    for cell in group.cells:
        for item, image in zip(cell, dice.sample(cell, len(cell)), strict=True):
            result[item] = image
    permutation = tuple(result)
    for level in reversed(group.levels):
        permutation = composed(permutation, dice.choice(list(level.movers.values())))
    return permutation
