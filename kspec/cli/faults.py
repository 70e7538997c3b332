"""The faults of an audit, as the command line gives them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Faults:
    """How late components see what they read, and how often they crash; None: not at all."""

    lag: int | None
    crash: int | None
