"""The files of a checkpoint: one to which the states of each level are appended, and a manifest.

States that a manifest speaks of are never written again, and the manifest is replaced as a whole, once they are on the
disk: whenever the process is killed, the last manifest and its states are there.
"""

from __future__ import annotations

import ctypes
import fcntl
import os
from collections.abc import Iterator
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Final

import numpy as np

from kspec.explore.checkpoint import MANIFEST, STATES, CheckpointError
from kspec.explore.machine.allocation import Row
from kspec.explore.machine.checkpoint.manifest import LARGEST, Damaged, SavedLevel
from kspec.explore.machine.frontier import Level

_PIECE: Final = 1 << 25
"""Bytes that are read or written at a time."""


class Store:
    """The folder of one search's checkpoint, which no other search may use meanwhile. Close it."""

    def __init__(self, folder: Path, state_bytes: int, *, resume: bool) -> None:
        """Raises CheckpointError where the folder cannot be used."""
        self._folder = folder
        self._state_bytes = state_bytes
        self._end = 0
        self._descriptors: list[int] = []
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._directory = self._opened(folder, os.O_RDONLY)
            self._lock()
            self._states = self._open_states(resume=resume)
        except OSError as error:
            self.close()
            raise CheckpointError(f"the folder {folder} cannot be used: {error.strerror or error}") from None
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        while self._descriptors:
            os.close(self._descriptors.pop())

    def _opened(self, path: Path, flags: int) -> int:
        descriptor = os.open(path, flags | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
        self._descriptors.append(descriptor)
        return descriptor

    def _lock(self) -> None:
        try:
            fcntl.flock(self._directory, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CheckpointError(f"another check uses {self._folder}", "wait for it, or name another folder") from None
        except OSError:
            return  # a file system without locks

    def _open_states(self, *, resume: bool) -> int:
        path = self._folder / STATES
        if resume:
            return self._opened(path, os.O_RDWR)
        path.unlink(missing_ok=True)  # of a search that ended before its first manifest
        return self._opened(path, os.O_RDWR | os.O_CREAT | os.O_EXCL)

    # --- writing -----------------------------------------------------------------------------------------------------

    def append(self, level: Level) -> SavedLevel:
        """Raises OSError; what was appended before stays."""
        digest, place = sha256(), self._end
        for stretch in level.stretches:
            content = memoryview((ctypes.c_char * (stretch.count * self._state_bytes)).from_address(stretch.address))
            for start in range(0, content.nbytes, _PIECE):
                piece = content[start : start + _PIECE]
                digest.update(piece)
                _write(self._states, piece, place)
                place += piece.nbytes
        self._end = place
        return SavedLevel(level.count, digest.hexdigest())

    def commit(self, manifest: bytes) -> None:
        """From now on the checkpoint is the one of this manifest. Raises OSError; then it is still the one before."""
        os.fsync(self._states)
        temporary = self._folder / f"{MANIFEST}.new"
        temporary.unlink(missing_ok=True)
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        try:
            _write(descriptor, memoryview(manifest), 0)
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        temporary.replace(self._folder / MANIFEST)
        with suppress(OSError):  # not every file system can do it for a folder
            os.fsync(self._directory)

    # --- reading -----------------------------------------------------------------------------------------------------

    def manifest(self) -> bytes:
        try:
            with (self._folder / MANIFEST).open("rb") as file:
                content = file.read(LARGEST + 1)
        except OSError as error:
            raise Damaged(f"its manifest cannot be read: {error.strerror or error}") from None
        if len(content) > LARGEST:
            raise Damaged("its manifest is too large")
        return content

    def must_have(self, states: int) -> None:
        """Raises Damaged if there are fewer."""
        if os.fstat(self._states).st_size < states * self._state_bytes:
            raise Damaged("states are missing")

    def pieces(self, level: SavedLevel) -> Iterator[Row]:
        """The words of the next level's states, a part at a time; appending goes on behind it. Raises Damaged, behind
        the last part too."""
        digest = sha256()
        left = level.count * self._state_bytes
        most = max(self._state_bytes, _PIECE // self._state_bytes * self._state_bytes)
        while left:
            content = _read(self._states, min(left, most), self._end)
            digest.update(content)
            self._end += len(content)
            left -= len(content)
            yield np.frombuffer(content, dtype="<u8").astype(np.uint64)
        if digest.hexdigest() != level.digest:
            raise Damaged("states were changed")


def _write(descriptor: int, content: memoryview, place: int) -> None:
    while content:
        written = os.pwrite(descriptor, content, place)
        content, place = content[written:], place + written


def _read(descriptor: int, size: int, place: int) -> bytes:
    parts: list[bytes] = []
    while size:
        try:
            part = os.pread(descriptor, size, place)
        except OSError as error:
            raise Damaged(f"states cannot be read: {error.strerror or error}") from None
        if not part:
            raise Damaged("states are missing")
        parts.append(part)
        size, place = size - len(part), place + len(part)
    return b"".join(parts)
