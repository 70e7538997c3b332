"""How many values variables can take: what bounds counts and sums."""

from __future__ import annotations

from kspec.system.expressions import (
    AllValues,
    Binding,
    Domain,
    Expr,
    Literal,
    Members,
    NumberRange,
    SetComprehension,
    SetLiteral,
    SetOperation,
    SetOperator,
)
from kspec.system.sorts import SeqSort, SetSort, cardinality


def most_bindings(bindings: tuple[Binding, ...]) -> int | None:
    """The most combinations of values; None if nothing bounds them."""
    total = 1
    for binding in bindings:
        most = _most_values(binding.domain)
        if most is None:
            return None
        total *= most
    return total


def most_members(collection: Expr) -> int | None:
    """The most members a set, or entries a sequence, can have."""
    if isinstance(collection.sort, SeqSort):
        return collection.sort.capacity
    assert isinstance(collection.sort, SetSort)
    counts = [count for count in (cardinality(collection.sort.element), _by_form(collection)) if count is not None]
    return min(counts) if counts else None


def _by_form(collection: Expr) -> int | None:
    match collection:
        case Literal(frozenset(members)):
            return len(members)
        case SetLiteral(elements):
            return len(elements)
        case SetComprehension(binding):
            return _most_values(binding.domain)
        case NumberRange(_, _, SetSort(element)):
            return cardinality(element)
        case SetOperation(SetOperator.UNION, left, right):
            sizes = most_members(left), most_members(right)
            return None if sizes[0] is None or sizes[1] is None else sizes[0] + sizes[1]
        case SetOperation(_, left, _):
            return most_members(left)
        case _:
            return None


def _most_values(domain: Domain) -> int | None:
    match domain:
        case AllValues(sort):
            return cardinality(sort)
        case Members(collection):
            return most_members(collection)
        case _:
            return domain.kind.slots
