"""The letters of the word that a run is to a formula: which of its atoms are true, by state and by step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from kspec.explore.temporal.atoms import Atoms, Group
from kspec.explore.temporal.graph import Labelled, Masks
from kspec.system.expressions import TRUE, Local
from kspec.system.sorts import Value

WORD: Final = (1 << 64) - 1


@dataclass(frozen=True, slots=True)
class Letters:
    """A bit for each atom. `steps`: None where no atom is about steps. `alive`: a bit for each tracked object that
    exists in the state; None where none are tracked. `keep`, `gone`: by the flags of the objects that are gone, the
    atoms that may be true then, and those that are."""

    states: Masks
    steps: Masks | None
    alive: np.ndarray[Any, np.dtype[np.uint8]] | None
    tracked: int
    keep: tuple[int, ...]
    gone: tuple[int, ...]


def letters_of(labelled: Labelled, atoms: Atoms, tracked: Sequence[tuple[Local, Value]]) -> Letters:
    """Raises EvaluationError where an atom fails."""
    states = np.zeros(labelled.graph.states, dtype=np.uint64)
    for group in atoms.groups_about_states:
        states |= _shifted(labelled.state_atoms(group.expressions, dict(group.values), group.alive), group)
    steps = None
    for group in atoms.groups_about_steps:
        found = _shifted(labelled.step_atoms(group.expressions, dict(group.values), group.alive), group)
        steps = found if steps is None else steps | found
    all_flags = range(1 << len(tracked))
    return Letters(
        states,
        steps,
        _alive(labelled, tracked),
        len(tracked),
        tuple(WORD & ~_union(atoms.about, tracked, flags) for flags in all_flags),
        tuple(_union(atoms.gone, tracked, flags) for flags in all_flags),
    )


def _shifted(masks: Masks, group: Group) -> Masks:
    return masks << np.uint64(group.first) if group.first else masks


def _alive(labelled: Labelled, tracked: Sequence[tuple[Local, Value]]) -> np.ndarray[Any, np.dtype[np.uint8]] | None:
    if not tracked:
        return None
    alive = np.zeros(labelled.graph.states, dtype=np.uint8)
    for number, (local, value) in enumerate(tracked):
        exists = labelled.state_atoms((TRUE,), {local: value}, (local,))
        alive |= exists.astype(np.uint8) << np.uint8(number)
    return alive


def _union(of_local: dict[Local, int], tracked: Sequence[tuple[Local, Value]], flags: int) -> int:
    """The bits of the objects whose flags are set."""
    bits = 0
    for number, (local, _) in enumerate(tracked):
        if flags >> number & 1:
            bits |= of_local.get(local, 0)
    return bits
