"""The folder for what takes long to make and can be made again."""

from __future__ import annotations

import os
import stat
from pathlib import Path


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
