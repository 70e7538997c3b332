"""Where the outcome of an expression can depend on the order in which objects are looked at.

Objects have no order, but an evaluation has one, by slot, and where it may fail, the order can show: `forall` stops at
the first object that is no witness, and so misses the failure of a later one; and of two failures of different kinds
the first one counts. Objects of a kind that such a loop goes through are not interchangeable.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from kspec.evaluate.walk import nodes
from kspec.system.expressions import (
    TRUE,
    Aggregate,
    AllValues,
    Arithmetic,
    Binding,
    Created,
    Deleted,
    Domain,
    Existing,
    ExistingInBoth,
    Expr,
    FailureKind,
    First,
    Let,
    Literal,
    MapBuild,
    MapRead,
    MapWith,
    Members,
    Operator,
    Pop,
    Quantified,
    Quantifier,
    Read,
    Require,
    SetComprehension,
    Slots,
    Use,
)
from kspec.system.sorts import IntSort, MapSort, ObjectSort, OptionSort, SeqSort, SetSort, Sort
from kspec.system.system import System
from kspec.system.transitions import ForEachCheck, Write


def kinds_in_order(system: System) -> frozenset[str]:
    """The kinds whose objects some loop goes through in an order that can show."""
    found: set[str] = set()
    for transition in system.transitions:
        for write in transition.writes:
            found.update(_kinds_of_writes(write))
    # Writes and `refused` never fail: what could was evaluated by the steps.
    steps = [transition.steps for transition in system.transitions]
    for node in nodes((tuple(steps), system.properties, system.initially)):
        found.update(_kinds_of_loop(node))
    return frozenset(found)


def _kinds_of_writes(write: Write) -> Iterator[str]:
    """Of two writes to one place the later stands: so the order shows where not every object has its own place."""
    yield from _kinds_of(binding for binding in write.each if Use(binding.local) not in write.index)


def _kinds_of_loop(node: object) -> Iterator[str]:
    match node:
        case Quantifier(quantified, bindings, where, body):
            stops_early = quantified is not Quantified.EXACTLY_ONE
            failures = _failures((where, body, bindings[1:]))
            if failures and (stops_early or len(failures) > 1):
                yield from _kinds_of(bindings)
        case Aggregate(_, bindings, where, body):
            if len(_failures((where, body, bindings[1:]))) > 1:
                yield from _kinds_of(bindings)
        case SetComprehension(binding, where):
            if len(_failures(where)) > 1:
                yield from _kinds_of((binding,))
        case MapBuild(key, body):
            if len(_failures(body)) > 1:
                yield from _kinds_of_sort(key.sort)
        case ForEachCheck(each, where, condition, failure):
            own = frozenset() if _is_true(condition) else frozenset({failure})
            if len(_failures((where, condition, each[1:])) | own) > 1:
                yield from _kinds_of(each)
        case _:
            pass


def _failures(node: object) -> frozenset[FailureKind]:
    """The failures that evaluating a node may end in."""
    found: set[FailureKind] = set()
    for part in nodes(node):
        match part:
            case Read(needs_alive=True):
                found.add(FailureKind.LIVE_REFERENCES)
            case Arithmetic(Operator.DIVIDE | Operator.MODULO, _, divisor) if not _is_nonzero(divisor):
                found.add(FailureKind.RANGES)
            case MapRead(held, key) | MapWith(held, key) if _may_miss(held.sort, key.sort):
                found.add(FailureKind.RANGES)
            case First() | Pop():
                found.add(FailureKind.RANGES)
            case Require(failure=failure):
                found.add(failure)
            case _:
                pass
    return frozenset(found)


def _is_true(condition: Expr) -> bool:
    """Whether a condition is true wherever it does not fail."""
    while isinstance(condition, Let):
        condition = condition.body
    return condition == TRUE


def _is_nonzero(divisor: Expr) -> bool:
    return isinstance(divisor, Literal) and divisor.value != 0


def _may_miss(held: Sort, key: Sort) -> bool:
    """Whether a number may be none of the keys of a map; other keys never miss."""
    if not isinstance(key, IntSort):
        return False
    if not isinstance(held, MapSort) or not isinstance(held.key, IntSort):
        return True
    if key.lo is None or key.hi is None or held.key.lo is None or held.key.hi is None:
        return True
    return key.lo < held.key.lo or held.key.hi < key.hi


def _kinds_of(bindings: Iterable[Binding]) -> Iterator[str]:
    for binding in bindings:
        yield from _kinds_of_domain(binding.domain)


def _kinds_of_domain(domain: Domain) -> Iterator[str]:
    match domain:
        case Existing(kind) | Slots(kind) | ExistingInBoth(kind) | Created(kind) | Deleted(kind):
            yield kind.kind
        case AllValues(sort):
            yield from _kinds_of_sort(sort)
        case Members(collection):
            if isinstance(collection.sort, SetSort | SeqSort):
                yield from _kinds_of_sort(collection.sort.element)


def _kinds_of_sort(sort: Sort) -> Iterator[str]:
    """Of the values that a loop goes through: objects, perhaps none as well."""
    match sort:
        case ObjectSort(kind) | OptionSort(ObjectSort(kind)):
            yield kind
        case _:
            pass
