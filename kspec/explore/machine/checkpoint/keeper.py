"""Writes a checkpoint at ends of levels, and gives back what one has kept."""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from time import monotonic
from types import TracebackType

import numpy as np
from numpy.typing import NDArray

from kspec.explore.checkpoint import Checkpointing
from kspec.explore.machine.allocation import Row, address_of
from kspec.explore.machine.checkpoint.identity import Identity
from kspec.explore.machine.checkpoint.manifest import Damaged, Manifest, SavedLevel, SavedSighting, decode, encode
from kspec.explore.machine.checkpoint.store import Store
from kspec.explore.machine.checkpoint.validity import Validity
from kspec.explore.machine.crew import Crew
from kspec.explore.machine.frontier import Level, Stretch
from kspec.explore.machine.memory import Shape
from kspec.explore.machine.sightings import Sightings
from kspec.explore.result import SavedSearch


class Keeper:
    """The checkpoint of one search. Use as a context: it holds files.

    Where writing fails, the search goes on without, and what was committed stays.
    """

    def __init__(self, options: Checkpointing, identity: Identity, shape: Shape, validity: Validity) -> None:
        """Raises CheckpointError where the folder cannot be used, or has a checkpoint that is none for the search."""
        options.must_fit()
        self._interval = options.interval
        self._identity = identity
        self._shape = shape
        self._validity = validity
        self._store = Store(options.folder, shape.state_bytes, resume=options.resume)
        self._levels: list[SavedLevel] = []
        self._waiting: Manifest | None = None
        self._due = monotonic() + self._interval
        self._committed: int | None = None
        self._problem = ""
        self.saved: Manifest | None = None
        """What the search goes on from."""
        if options.resume:
            try:
                self.saved = self._checked()
            except BaseException:
                self._store.close()
                raise

    def __enter__(self) -> Keeper:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        self._store.close()

    @property
    def outcome(self) -> SavedSearch:
        return SavedSearch(self._committed, self._problem)

    # --- writing -----------------------------------------------------------------------------------------------------

    def keep(self, level: Level, counters: list[int], sightings: Sightings) -> None:
        """A level is found as a whole, and everything before it is expanded."""
        if self._problem:
            return
        try:
            self._levels.append(self._store.append(level))
        except OSError as error:
            self._problem = error.strerror or str(error)
            return
        seen = tuple(SavedSighting(number, each.depth, each.state) for number, each in sightings.numbered())
        self._waiting = Manifest(tuple(self._levels), tuple(counters), seen)
        if monotonic() >= self._due:
            self.commit()

    def commit(self) -> None:
        """Writes what was kept since the last time."""
        if self._waiting is None or self._problem:
            return
        try:
            self._store.commit(encode(self._waiting, self._identity))
        except OSError as error:
            self._problem = error.strerror or str(error)
            return
        self._committed = len(self._waiting.levels) - 1
        self._waiting = None
        self._due = monotonic() + self._interval

    # --- going on ----------------------------------------------------------------------------------------------------

    def _checked(self) -> Manifest:
        saved = decode(self._store.manifest(), self._identity, self._shape)
        self._store.must_have(saved.states)
        for seen in saved.sightings:
            if not self._validity.admits(np.array([seen.state], dtype=np.uint64)):
                raise Damaged("something that was seen is no state")
        self._committed = len(saved.levels) - 1
        return saved

    def must_begin_with(self, level: Level) -> None:
        """The initial states, found anew, must be those of the checkpoint. Raises Damaged."""
        assert self.saved is not None
        if level.count != self.saved.levels[0].count:
            raise Damaged("it begins with other states than the model")
        parts = [self._states(piece) for piece in self._store.pieces(self.saved.levels[0])]
        found = [_rows(stretch, self._shape.words) for stretch in level.stretches]
        if not np.array_equal(_sorted(parts, self._shape.words), _sorted(found, self._shape.words)):
            raise Damaged("it begins with other states than the model")
        self._levels.append(self.saved.levels[0])

    def restore(self, depth: int, crew: Crew, tick: Callable[[int], None]) -> None:
        """Stores the states of a level anew. To be called for one level after the other. Raises as `Crew.expand` does,
        and Damaged."""
        assert self.saved is not None
        saved = self.saved.levels[depth]
        for piece in self._store.pieces(saved):
            self._states(piece)
            crew.restore(Level((Stretch(address_of(piece), len(piece) // self._shape.words),)), tick)
        self._levels.append(saved)

    def _states(self, piece: Row) -> NDArray[np.uint64]:
        states = piece.reshape(-1, self._shape.words)
        if not self._validity.admits(states):
            raise Damaged("it has something that is no state")
        return states


def _rows(stretch: Stretch, words: int) -> NDArray[np.uint64]:
    cells = memoryview((ctypes.c_uint64 * (stretch.count * words)).from_address(stretch.address))
    return np.asarray(cells, dtype=np.uint64).reshape(-1, words)


def _sorted(parts: list[NDArray[np.uint64]], words: int) -> NDArray[np.uint64]:
    states = np.concatenate([np.empty((0, words), dtype=np.uint64), *parts])
    ordered: NDArray[np.uint64] = states[np.lexsort(states.T)]
    return ordered
