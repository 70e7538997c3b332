"""Digests of systems: the same in every process, for every hash seed, wherever the text stands."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from enum import Enum
from hashlib import sha256
from typing import Any

from kspec.system.amounts import Unit
from kspec.system.expressions import Literal, MapBuild
from kspec.system.sorts import ObjectSort
from kspec.system.spans import Span
from kspec.system.system import System
from kspec.system.temporal import atoms, condition
from kspec.system.wording import Wording

_NOT_BEHAVIOUR = frozenset({"model", "cluster", "expectations", "disabled"})
"""Of a system: names of files and clusters, and what is expected of them."""


def behaviour(system: System) -> str:
    """Systems with the same digest are equal in everything that a search of all states looks at, and in all names. Of a
    formula about runs, that is which objects it names: they are not interchangeable."""
    searched = replace(system, properties=tuple(replace(property, temporal=None) for property in system.properties))
    parts = tuple(getattr(searched, field.name) for field in fields(System) if field.name not in _NOT_BEHAVIOUR)
    formulas = (property.temporal.formula for property in system.properties if property.temporal is not None)
    conditions = (condition(atom) for formula in formulas for atom in atoms(formula))
    return digest((parts, tuple(filter(_names_objects, conditions))))


def _names_objects(node: Any) -> bool:
    """Whether an expression has a value that an object may be part of."""
    match node:
        case Literal(_, sort):
            return _has_objects(sort)
        case tuple():
            return any(map(_names_objects, node))
        case MapBuild():
            return True
        case _ if is_dataclass(node):
            return any(_names_objects(getattr(node, field.name)) for field in fields(node))
        case _:
            return False


def _has_objects(sort: object) -> bool:
    if isinstance(sort, ObjectSort):
        return True
    return is_dataclass(sort) and any(_has_objects(getattr(sort, field.name)) for field in fields(sort))


def digest(value: object) -> str:
    """Of a value made of dataclasses, enums, collections and simple values; source text, places in it and the amounts
    that numbers stand for do not count, nor does it count whether equal parts are one object."""
    return _hashed(_Describing().text(value))


class _Describing:
    """Describes values so that different ones have different texts. A record is described by a digest, once."""

    def __init__(self) -> None:
        self._records: dict[int, str] = {}
        """By identity: they all belong to the value that is described, and stay."""
        self._names: dict[type, tuple[str, ...]] = {}
        """Of the fields of each type of record; they are asked for thousands of times."""

    def text(self, value: object) -> str:
        match value:
            case Span() | Wording() | Unit():
                return ""
            case Enum():
                return f"{type(value).__name__}.{value.name}"
            case None | bool() | int() | float() | str():
                return repr(value)
            case tuple() | list():
                return f"({','.join(map(self.text, value))})"
            case frozenset() | set():
                return f"<{','.join(sorted(map(self.text, value)))}>"
            case dict():
                entries = sorted(f"{self.text(key)}:{self.text(entry)}" for key, entry in value.items())
                return f"{{{','.join(entries)}}}"
            case _ if is_dataclass(value):
                return self._record(value)
            case _:
                raise TypeError(f"no description of {type(value).__name__}")

    def _record(self, record: Any) -> str:
        found = self._records.get(id(record))
        if found is None:
            of = type(record)
            if of not in self._names:
                self._names[of] = tuple(field.name for field in fields(of))
            parts = ",".join([self.text(getattr(record, name)) for name in self._names[of]])
            found = self._records[id(record)] = f"#{_hashed(f'{of.__name__}({parts})')}"
        return found


def _hashed(text: str) -> str:
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
