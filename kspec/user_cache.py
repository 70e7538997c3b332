"""What takes long to make and can be made again: kept between runs, in a folder that only this user can write to.

A file is named by all that its content was made of, and begins with a checksum over that name and the content: what is
damaged, cut short or was put under another name is never loaded.
"""

from __future__ import annotations

import os
import pickle
import stat
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from time import time
from typing import Final, Generic, TypeVar

import kspec

ABANDONED: Final = 24 * 3600
"""Seconds after which a file that was never finished is one that nobody writes any more."""

_DIGEST: Final = 32

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Kept(Generic[T]):
    """Values of one type, as files in the cache. `sort`: what their names begin with. `most_bytes`: of all of them; the
    ones not used for the longest time go first."""

    sort: str
    type: type[T]
    most_bytes: int

    def load(self, name: str) -> T | None:
        """The value of a name; None where there is none, or the file is damaged."""
        path = self._path(name)
        if path is None:
            return None
        try:
            content = path.read_bytes()
            os.utime(path)  # it was used now
        except OSError:
            return None
        pickled = unseal(name, content)
        if pickled is None:
            return None
        try:
            value = pickle.loads(pickled)  # noqa: S301  # only this user can have written it
        except Exception:  # of a type that is not as it was, or nested too deeply: it is made again
            return None
        return value if isinstance(value, self.type) else None

    def store(self, name: str, value: T) -> None:
        """Keeps a value. A file is there whole or not at all, whoever else writes it; failing to keep it is no harm."""
        path = self._path(name)
        if path is None:
            return
        with suppress(OSError, RecursionError):
            content = pickle.dumps(value, protocol=5)
            handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f"{self.sort}-", suffix=".new")
            try:
                with os.fdopen(handle, "wb") as file:
                    file.write(seal(name, content))
                Path(temporary).replace(path)
            except BaseException:
                Path(temporary).unlink(missing_ok=True)
                raise
            self._prune(path.parent)

    def _path(self, name: str) -> Path | None:
        folder = cache_folder()
        return None if folder is None else folder / f"{self.sort}-{name[:32]}.kept"

    def _prune(self, folder: Path) -> None:
        """Removes what is too much. Another process may do so at the same time."""
        files = []
        with os.scandir(folder) as found:
            entries = list(found)
        for entry in entries:
            if not entry.name.startswith(f"{self.sort}-"):
                continue
            with suppress(FileNotFoundError):
                status = entry.stat(follow_symlinks=False)
                if entry.name.endswith(".kept"):
                    files.append((status.st_mtime, status.st_size, entry.path))
                elif status.st_mtime < time() - ABANDONED:
                    Path(entry.path).unlink(missing_ok=True)
        total = 0
        for _, size, path in sorted(files, reverse=True):
            total += size
            if total > self.most_bytes:
                Path(path).unlink(missing_ok=True)


def name_of(*parts: str) -> str:
    """The name of what is made of these texts."""
    return sha256("".join(f"{len(part)}:{part}" for part in parts).encode("utf-8", "surrogatepass")).hexdigest()


def version_of(*packages: str) -> str:
    """The version of some of kspec's packages: what they make changes with their files."""
    found = sha256(kspec.__version__.encode())
    root = Path(kspec.__file__).parent
    for package in packages:
        for folder, folders, files in os.walk(root / package):
            folders.sort()
            for name in sorted(files):
                if name.endswith(".py"):
                    content = Path(folder, name).read_bytes()
                    found.update(f"{folder[len(str(root)) :]}/{name} {len(content)} ".encode())
                    found.update(content)
    return found.hexdigest()


def seal(name: str, content: bytes) -> bytes:
    """Content that is known by its name alone, ready to be written."""
    return _checksum(name, content) + content


def unseal(name: str, sealed: bytes) -> bytes | None:
    """The content; None if it is damaged, or is that of another name."""
    content = sealed[_DIGEST:]
    return content if sealed[:_DIGEST] == _checksum(name, content) else None


def _checksum(name: str, content: bytes) -> bytes:
    return sha256(name.encode() + content).digest()


def cache_folder() -> Path | None:
    """A folder that only this user can write to; None if there is none.

    What is loaded from it is run or unpickled, so a file that somebody else could have written must never be read.
    """
    base = Path(os.environ.get("XDG_CACHE_HOME", ""))
    try:
        root = base if base.is_absolute() else Path.home() / ".cache"
        folder = root / "kspec"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        status = folder.lstat()
    except (OSError, RuntimeError):  # RuntimeError: nobody knows the home of this user
        return None
    if not stat.S_ISDIR(status.st_mode) or not os.access(folder, os.W_OK):
        return None
    if hasattr(os, "getuid") and (status.st_uid != os.getuid() or status.st_mode & (stat.S_IWGRP | stat.S_IWOTH)):
        return None
    return folder
