"""The manifest of a checkpoint: what is known at the end of a level, beside the states themselves.

It is JSON with a digest of itself, and every part is looked at before it is used: it may come from a stranger.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final

from kspec.explore.checkpoint import CheckpointError
from kspec.explore.machine.checkpoint.identity import Identity
from kspec.explore.machine.memory import Shape
from kspec.explore.machine.program import Words

FORMAT: Final = "kspec-checkpoint/1"
LARGEST: Final = 1 << 26
"""Bytes of a manifest."""

_WORD: Final = 1 << 64


class Damaged(CheckpointError):
    """A checkpoint that nothing wrote like this."""

    def __init__(self, what: str) -> None:
        super().__init__(f"the checkpoint is damaged: {what}", "begin another one in an empty folder")


@dataclass(frozen=True, slots=True)
class SavedLevel:
    """`digest`: of the bytes of its states."""

    count: int
    digest: str


@dataclass(frozen=True, slots=True)
class SavedSighting:
    """`finding`: its number."""

    finding: int
    depth: int
    state: Words


@dataclass(frozen=True, slots=True)
class Manifest:
    """All levels but the last one are expanded. `counters`: the sums of all workers."""

    levels: tuple[SavedLevel, ...]
    counters: tuple[int, ...]
    sightings: tuple[SavedSighting, ...]

    @property
    def states(self) -> int:
        return sum(level.count for level in self.levels)


def encode(manifest: Manifest, identity: Identity) -> bytes:
    body = {
        "format": FORMAT,
        "search": identity.as_json(),
        "levels": [[level.count, level.digest] for level in manifest.levels],
        "counters": list(manifest.counters),
        "sightings": [[seen.finding, seen.depth, list(seen.state)] for seen in manifest.sightings],
    }
    return json.dumps({**body, "digest": _digest(body)}).encode()


def decode(content: bytes, identity: Identity, shape: Shape) -> Manifest:
    """Raises CheckpointError where it is not of the same search, or damaged."""
    try:
        body = json.loads(content)
    except (ValueError, RecursionError):
        raise Damaged("its manifest is no JSON") from None
    if not isinstance(body, dict) or not str(body.get("format")).startswith("kspec-checkpoint/"):
        raise Damaged("its manifest is of something else")
    if body["format"] != FORMAT:
        raise CheckpointError(f"the checkpoint has the format {str(body['format'])[:40]}, and not {FORMAT}")
    if body.pop("digest", None) != _digest(body):
        raise Damaged("its manifest was changed")
    identity.must_equal(_entry(body, "search", dict))
    levels = tuple(_level(entry) for entry in _entry(body, "levels", list))
    if not levels or any(level.count == 0 for level in levels[:-1]):
        raise Damaged("a level is empty")
    counters = tuple(_number(entry) for entry in _entry(body, "counters", list))
    if len(counters) != shape.counters:
        raise Damaged("its counters are of something else")
    sightings = tuple(_sighting(entry, shape, len(levels)) for entry in _entry(body, "sightings", list))
    return Manifest(levels, counters, sightings)


def _digest(body: dict[str, Any]) -> str:
    return sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()


def _entry(body: dict[str, Any], name: str, of: type) -> Any:
    found = body.get(name)
    if not isinstance(found, of):
        raise Damaged(f"its manifest has no {name}")
    return found


def _level(entry: object) -> SavedLevel:
    match entry:
        case [count, str(digest)]:
            return SavedLevel(_number(count), digest)
        case _:
            raise Damaged("a level has no size")


def _sighting(entry: object, shape: Shape, levels: int) -> SavedSighting:
    match entry:
        case [finding, depth, list(words)]:
            seen = SavedSighting(_number(finding), _number(depth), tuple(_number(word) for word in words))
        case _:
            raise Damaged("something that was seen has no place")
    if seen.finding >= shape.findings or seen.depth >= levels or len(seen.state) != shape.words:
        raise Damaged("something that was seen is nowhere")
    return seen


def _number(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < _WORD:
        raise Damaged("a number is none")
    return value
