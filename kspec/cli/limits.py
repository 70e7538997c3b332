"""Limits as the command line gives them."""

from __future__ import annotations

import os
import re
from pathlib import Path

import click

UNITS = {"": 1, "B": 1}
UNITS |= {"KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30, "TiB": 1 << 40}
UNITS |= {"KB": 10**3, "MB": 10**6, "GB": 10**9, "TB": 10**12}
SHARE = 0.75
"""How much of the memory that there is a check may use if nothing else is said."""

_SIZE = re.compile(r"([0-9]{1,12})(?:\.([0-9]{1,3}))?\s*([A-Za-z]*)")
_SECONDS = re.compile(r"([0-9]{1,9}(?:\.[0-9]{1,6})?)(s|min|h)?")


def as_bytes(context: click.Context, parameter: click.Parameter, text: str | None) -> int | None:
    """The bytes that `2GiB` or `500MB` means."""
    if text is None:
        return None
    match = _SIZE.fullmatch(text.strip())
    unit = None if match is None else UNITS.get(match[3])
    if match is None or unit is None:
        raise click.BadParameter(f"{text!r} is no size: write it like 2GiB or 500MB", context, parameter)
    size = int(float(f"{match[1]}.{match[2] or 0}") * unit)
    if not size:
        raise click.BadParameter(f"{text!r} is no memory at all: write it like 2GiB or 500MB", context, parameter)
    return size


def as_seconds(context: click.Context, parameter: click.Parameter, text: str | None) -> float | None:
    """The seconds that `90`, `90s`, `5min` or `1h` means."""
    if text is None:
        return None
    match = _SECONDS.fullmatch(text.strip())
    if match is None:
        raise click.BadParameter(f"{text!r} is no time: write it like 90s, 5min or 1h", context, parameter)
    return float(match[1]) * {"s": 1, None: 1, "min": 60, "h": 3600}[match[2]]


def default_memory() -> int | None:
    """A share of the memory of the machine, or of the process's control group; None if neither is known."""
    known = [size for size in (_machine_memory(), _group_memory()) if size is not None]
    return int(min(known) * SHARE) if known else None


def _machine_memory() -> int | None:
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):
        return None


def _group_memory() -> int | None:
    for name in ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"):
        try:
            text = Path(name).read_text(encoding="ascii").strip()
        except (OSError, UnicodeDecodeError):
            continue
        if text.isdecimal():
            return int(text)
    return None
