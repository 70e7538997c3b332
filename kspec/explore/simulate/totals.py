"""What all runs of a simulation amount to."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from kspec.explore.simulate.result import End, Seen


@dataclass(slots=True)
class Totals:
    """`seen`: by name of a property that was violated, or reached; `cut_seen`: a create that finds no room."""

    action_counts: list[int]
    done: int = 0
    steps: int = 0
    ends: Counter[End] = field(default_factory=Counter)
    seen: dict[str, Seen] = field(default_factory=dict)
    cut_seen: Seen | None = None

    def see(self, name: str, seen: Seen) -> None:
        known = self.seen.get(name)
        self.seen[name] = seen if known is None else known.with_other(seen)

    def see_cut(self, seen: Seen) -> None:
        self.cut_seen = seen if self.cut_seen is None else self.cut_seen.with_other(seen)
