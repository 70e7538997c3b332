"""What a search is a search of: two that agree in this go through the same levels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields, is_dataclass, replace
from enum import Enum
from hashlib import sha256

from kspec import __version__
from kspec.explore.checkpoint import CheckpointError
from kspec.explore.machine.memory import Shape
from kspec.explore.machine.program import Program
from kspec.system.spans import Span
from kspec.system.system import System

Plain = str | int | bool | list[str]


@dataclass(frozen=True, slots=True)
class Identity:
    """`system`: a digest of the system and of what its code counts and tells. `open_properties`, `need_counts`,
    `first`: when the search ends."""

    kspec: str
    cluster: str
    system: str
    is_reduced: bool
    fingerprint_bits: int
    words: int
    first: bool
    need_counts: bool
    open_properties: tuple[str, ...]

    def as_json(self) -> dict[str, Plain]:
        return {**asdict(self), "open_properties": list(self.open_properties)}

    def must_equal(self, saved: dict[str, object]) -> None:
        """Raises CheckpointError, which names what differs."""
        own = self.as_json()
        for name, what in _DIFFERENCES.items():
            if saved.get(name) != own[name]:
                raise CheckpointError(f"the checkpoint is of {what}", _HINTS.get(name, _AS_BEFORE))


_AS_BEFORE = "check as it was begun, or begin another one in an empty folder"
_HINTS = {"kspec": "versions may search differently: begin another one in an empty folder"}
_DIFFERENCES = {
    "kspec": "another version of kspec",
    "cluster": "another cluster",
    "is_reduced": "a search that treats symmetry differently",
    "fingerprint_bits": "a search with another choice of --compact",
    "first": "a search with another choice of --first",
    "system": "another model: the text, a -D or a --scope has changed",
    "words": "another model: its states are packed differently",
    "need_counts": "a search that ends at another point: its expectations differ",
    "open_properties": "a search for other properties: the engine or what is proved differs",
}
"""By field, in the order in which they are looked at."""


def identity(
    system: System,
    program: Program,
    shape: Shape,
    *,
    is_reduced: bool,
    first: bool,
    need_counts: bool,
    open_properties: tuple[str, ...],
) -> Identity:
    content = digest((replace(system, model=""), program.counters, program.findings))
    bits = shape.fingerprint or 0
    return Identity(
        __version__, system.cluster, content, is_reduced, bits, shape.words, first, need_counts, open_properties
    )


def digest(value: object) -> str:
    """Of a value made of dataclasses, enums, collections and simple values; places in source text do not count."""
    parts: list[str] = []
    _describe(value, parts)
    return sha256("".join(parts).encode()).hexdigest()


def _describe(value: object, parts: list[str]) -> None:
    match value:
        case Span():
            pass
        case Enum():
            parts.append(f"{type(value).__name__}.{value.name};")
        case None | bool() | int() | float() | str():
            parts.append(f"{value!r};")
        case tuple() | list():
            _describe_all("[", value, parts)
        case frozenset() | set():
            parts.append("{" + "".join(sorted(digest(member) for member in value)) + "}")
        case dict():
            items = sorted((digest(key), digest(entry)) for key, entry in value.items())
            parts.append("{" + "".join(f"{key}:{entry};" for key, entry in items) + "}")
        case _ if is_dataclass(value):
            _describe_all(f"{type(value).__name__}(", [getattr(value, field.name) for field in fields(value)], parts)
        case _:
            raise TypeError(f"no description of {type(value).__name__}")


def _describe_all(opening: str, values: Sequence[object], parts: list[str]) -> None:
    parts.append(opening)
    for value in values:
        _describe(value, parts)
    parts.append(")")
