"""Everything below a node of the system: expressions, domains, bindings, steps."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass

from kspec.system.expressions import Arithmetic, First, MapRead, MapWith, Operator, Pop, Read, Require, Use
from kspec.system.sorts import IntSort, MapSort, OptionSort, Sort, contains


def nodes(node: object) -> Iterator[object]:
    """The node itself and all nodes below it. Sorts and spans are nodes as well."""
    if isinstance(node, tuple):
        for part in node:
            yield from nodes(part)
    elif is_dataclass(node):
        yield node
        for item in fields(node):
            yield from nodes(getattr(node, item.name))


def used_locals(node: object) -> frozenset[int]:
    """The ids of the locals that are used at or below a node."""
    return frozenset(found.local.id for found in nodes(node) if isinstance(found, Use))


def may_fail(node: object) -> bool:
    """Whether evaluating a node may fail: false only where it certainly cannot."""
    return any(map(_fails, nodes(node)))


def outside(key: Sort, keys: Sort) -> bool:
    """Whether a number of sort `key`, or of an option of such, may lie outside the keys of a map."""
    match key, keys:
        case (OptionSort(inner), _):
            return outside(inner, keys)
        case (_, OptionSort(inner)):
            return outside(key, inner)
        case (IntSort(), IntSort()):
            return not contains(keys, key)
        case _:
            return False


def _fails(node: object) -> bool:
    match node:
        case Read(needs_alive=needs_alive):
            return needs_alive
        case MapRead(held, key) | MapWith(held, key):
            return isinstance(held.sort, MapSort) and outside(key.sort, held.sort.key)
        case First() | Pop() | Require():
            return True
        case Arithmetic(Operator.DIVIDE | Operator.MODULO, _, divisor):
            return isinstance(divisor.sort, IntSort) and contains(divisor.sort, IntSort(0, 0))
        case _:
            return False
