"""Facts about every reachable state that hold by construction.

Induction assumes them before a step, and so proves more. They are candidates like any invariant, proved with the
others: a fact that does not hold after all is dropped, never assumed.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import TypeAlias

from kspec.evaluate.walk import nodes
from kspec.symbolic import solver
from kspec.symbolic.relation import Relation
from kspec.symbolic.solver import Bit
from kspec.symbolic.values import literal
from kspec.system.expressions import Lookup
from kspec.system.system import ALIVE, DELETED, FREE, Role

Fact: TypeAlias = tuple[str, Bit]
"""A name, and what it says of the relation's state `now`."""

VALUES_IN_RANGE = "values in range"
"""The encoding of numbers relies on this fact: without it nothing is proved."""


def facts(relation: Relation) -> Iterator[Fact]:
    yield VALUES_IN_RANGE, _values_in_range(relation)
    yield "settled", relation.layout.equal(relation.settling.settled(relation.now), relation.now)
    yield "free slots are empty", _free_slots_are_empty(relation)
    yield "no reference to a free slot", _no_reference_to_free(relation)
    yield from _keys(relation)
    yield from _never_written(relation)
    for number, condition in enumerate(relation.system.initially):
        yield f"initially {number}", relation.judgement("initially", condition).holds


def _values_in_range(relation: Relation) -> Bit:
    layout = relation.layout
    return solver.conjunction(
        layout.values.belongs(relation.now.at(place), layout.sort(place)) for place in layout.stored_places
    )


def _free_slots_are_empty(relation: Relation) -> Bit:
    free = {slot: relation.layout.has_status(relation.now, *slot, FREE) for slot in relation.settling.slots}
    return relation.layout.equal(relation.settling.emptied(relation.now, free), relation.now)


def _no_reference_to_free(relation: Relation) -> Bit:
    """Neither of what is alive, nor in const fields of what is deleted and held."""
    layout, now = relation.layout, relation.now
    kept: list[Bit] = []
    for holder in relation.settling.holders:
        counts: Bit = True
        if holder.owner is not None:
            lasting = layout.variables[holder.place.variable].role is Role.CONST_FIELD
            statuses = (ALIVE, DELETED) if lasting else (ALIVE,)
            counts = solver.disjunction(layout.has_status(now, *holder.owner, status) for status in statuses)
        for slot, refers in relation.settling.references(now.at(holder.place), layout.sort(holder.place), now):
            occupied = solver.negate(layout.has_status(now, *slot, FREE))
            kept.append(solver.implies(solver.both(counts, refers), occupied))
    return solver.conjunction(kept)


def _keys(relation: Relation) -> Iterator[Fact]:
    """No two objects that are alive have the same key, of the keys that the system looks up."""
    layout, now = relation.layout, relation.now
    lookups = {(node.kind, node.variables): None for node in nodes(_searched(relation)) if isinstance(node, Lookup)}
    for kind, variables in lookups:
        different: list[Bit] = []
        for first, second in combinations(range(kind.slots), 2):
            both_alive = solver.both(layout.alive(now, kind.kind, first), layout.alive(now, kind.kind, second))
            same = solver.conjunction(
                layout.values.equal(*(now.at(layout.place(name, (slot,))) for slot in (first, second)))
                for name in variables
            )
            different.append(solver.negate(solver.both(both_alive, same)))
        yield f"keys of {kind.kind}", solver.conjunction(different)


def _searched(relation: Relation) -> tuple[object, ...]:
    system = relation.system
    return (system.transitions, tuple(judged.expression for judged in system.properties), system.initially)


def _never_written(relation: Relation) -> Iterator[Fact]:
    """What no transition writes, and no deletion clears, has one of its initial values."""
    layout, system = relation.layout, relation.system
    written = {write.variable for transition in system.transitions for write in transition.writes}
    choices = {choice.place: choice for choice in system.choices}
    for place in layout.stored_places:
        if place.variable in written or relation.settling.owners(place):
            continue
        sort, value = layout.sort(place), relation.now.at(place)
        choice = choices.get(place)
        initial = (system.initial[place.variable][place.number],)
        options = initial if choice is None else choice.values
        if options is None:
            continue
        is_one = solver.disjunction(layout.values.equal(value, literal(option, sort)) for option in options)
        yield f"{place.variable}[{place.number}] never changes", is_one
