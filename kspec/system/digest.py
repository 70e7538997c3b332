"""Digests of systems: the same in every process, for every hash seed, wherever the text stands."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from enum import Enum
from hashlib import sha256
from typing import Any

from kspec.system.spans import Span
from kspec.system.system import System
from kspec.system.wording import Wording

_NOT_BEHAVIOUR = frozenset({"model", "cluster", "expectations", "disabled"})
"""Of a system: names of files and clusters, and what is expected of them."""


def behaviour(system: System) -> str:
    """Systems with the same digest are equal in everything that an engine looks at, and in all names."""
    return digest(tuple(getattr(system, field.name) for field in fields(System) if field.name not in _NOT_BEHAVIOUR))


def digest(value: object) -> str:
    """Of a value made of dataclasses, enums, collections and simple values; source text and places in it do not count,
    nor does it count whether equal parts are one object."""
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
            case Span() | Wording():
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
