"""Object code kept between runs, by the content that it was made of."""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Final

from kspec.user_cache import cache_folder

KEPT: Final = 200
"""How many object files stay; the ones not used for the longest time go first."""

_DIGEST: Final = 32


def digest(*parts: str) -> str:
    """The name of the object code made of these texts."""
    return sha256("\0".join(parts).encode()).hexdigest()


def load(name: str) -> bytes | None:
    """The object code of a name; None where there is none, or the file is damaged."""
    path = _path(name)
    if path is None:
        return None
    try:
        content = path.read_bytes()
        os.utime(path)
    except OSError:
        return None
    code = content[_DIGEST:]
    return code if content[:_DIGEST] == sha256(code).digest() else None


def store(name: str, code: bytes) -> None:
    """Keeps object code. A file is there whole or not at all, whoever else writes it; failing to keep it is no harm."""
    path = _path(name)
    if path is None:
        return
    with suppress(OSError):
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix="object-")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(sha256(code).digest() + code)
            Path(temporary).replace(path)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
        _prune(path.parent)


def _path(name: str) -> Path | None:
    folder = cache_folder()
    return None if folder is None else folder / f"object-{name[:32]}.o"


def _prune(folder: Path) -> None:
    files = sorted(folder.glob("object-*.o"), key=lambda file: file.stat().st_mtime)
    for file in files[:-KEPT]:
        file.unlink(missing_ok=True)
