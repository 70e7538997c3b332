"""The explorer that fits a system: machine code, unless the system is so small that compiling would take longer than
searching, or cannot be compiled.

What is found and counted does not depend on the explorer: where objects can be exchanged, all of them count orbits.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from time import monotonic
from typing import TypedDict

from kspec.explore import compiled, plain
from kspec.explore.checkpoint import CheckpointError, Checkpointing
from kspec.explore.graph import Form
from kspec.explore.machine.program import NotCompilable
from kspec.explore.progress import OnProgress
from kspec.explore.result import Exploration, Limit, Limits
from kspec.explore.symmetry.canonical import Canonicaliser, TooManyForms
from kspec.explore.symmetry.describe import symmetry_of
from kspec.explore.symmetry.forms import Forms, ManyForms
from kspec.explore.symmetry.group import Group, group_of
from kspec.system.system import System

TINY = 500
"""So many states the plain explorer searches in the time that it takes to load and compile code. Counted, not timed:
which explorer answers must not depend on the machine."""

TINY_FORMS = 500
"""So many states of a tiny system may be put into their canonical form; that takes longer than a step."""

TINY_OBJECTS = 16
"""With more objects, a canonical form takes too long for a system to be tiny."""

FEW_FORMS = 50
"""A state of a tiny system has no more forms to compare."""

MOST_OBJECTS = 512
"""With more objects, canonical forms cost more than they save in any search that ends."""


def explore(
    system: System,
    limits: Limits,
    *,
    settled: frozenset[str] = frozenset(),
    need_counts: bool = True,
    first: bool = False,
    on_progress: OnProgress | None = None,
    workers: int | None = None,
    symmetric: bool = False,
    compact: bool = False,
    checkpoint: Checkpointing | None = None,
) -> Exploration:
    """Searches every reachable state within the limits; see `plain.explore` and, for `workers` and what follows,
    `compiled.explore`. What cannot be compiled keeps whole states, and is refused with a checkpoint.

    Raises CheckpointError where the checkpoint cannot be made or gone on from."""
    rules: _Rules = {"settled": settled, "need_counts": need_counts, "first": first, "on_progress": on_progress}
    explorers = _Explorers(
        limits,
        monotonic(),
        partial(plain.explore, system, **rules),
        partial(compiled.explore, system, workers=workers, compact=compact, checkpoint=checkpoint, **rules),
        checkpoint,
    )
    group = group_of(system) if symmetric else None
    if group is None or group.is_trivial:
        return explorers.unreduced()
    if len(group.colours) > MOST_OBJECTS:
        return replace(explorers.unreduced(), unreduced_because=f"there are more than {MOST_OBJECTS} objects")
    try:
        exploration = explorers.reduced(system, group)
    except TooManyForms:
        if checkpoint is not None:
            reason = "a run cannot be told of orbits, and the search must begin anew with --no-symmetry"
            raise CheckpointError(reason) from None
        return replace(explorers.unreduced(), unreduced_because="a state has too many forms to compare")
    return replace(exploration, symmetry=symmetry_of(system, group) if exploration.is_reduced else None)


class _Rules(TypedDict):
    """When a search ends, and whom it tells."""

    settled: frozenset[str]
    need_counts: bool
    first: bool
    on_progress: OnProgress | None


@dataclass(frozen=True, slots=True)
class _Explorers:
    """The ways to search one system, each within what is left of the limits."""

    limits: Limits
    started: float
    plainly: Callable[..., Exploration]
    in_machine_code: Callable[..., Exploration]
    checkpoint: Checkpointing | None

    def unreduced(self) -> Exploration:
        exploration = self._tiny(TINY, None)
        if exploration is not None:
            return exploration
        try:
            return self.in_machine_code(self._left(), symmetric=False)
        except NotCompilable as reason:
            self._refuse_checkpoint(reason)
            return self.plainly(self._left())

    def reduced(self, system: System, group: Group) -> Exploration:
        """Raises TooManyForms; where only canonical forms cannot be compiled, the search is not reduced."""
        exploration = self._tiny_reduced(system, group)
        if exploration is not None:
            return exploration
        try:
            return self.in_machine_code(self._left(), symmetric=True)
        except NotCompilable as error:
            reason = str(error)
        try:
            return replace(self.in_machine_code(self._left(), symmetric=False), unreduced_because=reason)
        except NotCompilable as neither:
            self._refuse_checkpoint(neither)
            return self.plainly(self._left(), form=Forms(Canonicaliser(system, group)))

    def _refuse_checkpoint(self, reason: NotCompilable) -> None:
        if self.checkpoint is not None:
            raise CheckpointError(f"only machine code makes checkpoints, and it cannot do {reason}") from None

    def _tiny_reduced(self, system: System, group: Group) -> Exploration | None:
        if len(group.colours) > TINY_OBJECTS:
            return None
        try:
            return self._tiny(TINY, Forms(Canonicaliser(system, group, FEW_FORMS), TINY_FORMS))
        except (TooManyForms, ManyForms):
            return None

    def _tiny(self, most: int, form: Form | None) -> Exploration | None:
        """None if the system is not tiny, or is to leave a checkpoint: only machine code makes one."""
        if self.checkpoint is not None:
            return None
        states = most if self.limits.states is None else min(most, self.limits.states)
        exploration = self.plainly(replace(self._left(), states=states), form=form)
        is_done = exploration.limit is not Limit.STATES or self.limits.states == states
        return exploration if is_done else None

    def _left(self) -> Limits:
        if self.limits.seconds is None:
            return self.limits
        return replace(self.limits, seconds=max(0.0, self.limits.seconds - (monotonic() - self.started)))
