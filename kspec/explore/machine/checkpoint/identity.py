"""What a search is a search of: two that agree in this go through the same levels."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace

from kspec import __version__
from kspec.explore.checkpoint import CheckpointError
from kspec.explore.machine.memory import Shape
from kspec.explore.machine.program import Program
from kspec.system.digest import digest
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
