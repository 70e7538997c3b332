"""The sizes of models/pods.kspec, and what is known of them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from benchmarks.errors import BenchmarkError
from benchmarks.measure import Counts

MODEL: Final = Path(__file__).parents[1] / "models" / "pods.kspec"


def with_formulas(folder: Path, *names: str) -> Path:
    """A copy of the model with these properties about runs and no others; invariants stay. The other contenders check
    invariants alone."""
    kept = [line for line in MODEL.read_text(encoding="utf-8").splitlines(keepends=True) if _is_kept(line, names)]
    copy = folder / "-".join(("formulas", *names)) / MODEL.name
    copy.parent.mkdir(exist_ok=True)
    copy.write_text("".join(kept), encoding="utf-8")
    return copy


def _is_kept(line: str, names: tuple[str, ...]) -> bool:
    if line.startswith("property "):
        return re.match(r"\w+", line.removeprefix("property ")).group() in names  # type: ignore[union-attr]
    return not line.startswith("expect violation ")


@dataclass(frozen=True, slots=True)
class Scope:
    """A size of the model; there are as many addresses as pods."""

    pods: int
    nodes: int
    replicas: int
    capacity: int

    @staticmethod
    def of(cluster: str) -> Scope:
        match = re.fullmatch(r"p(\d+)n(\d+)r(\d+)c(\d+)", cluster)
        if match is None:
            raise BenchmarkError(f"{cluster} is no name like p4n2r3c2")
        pods, nodes, replicas, capacity = map(int, match.groups())
        return Scope(pods, nodes, replicas, capacity)


STATES: Final = {
    "p2n2r2c2": Counts(4_428, 27_368, 12),
    "p3n2r2c1": Counts(32_136, 222_036, 16),
    "p3n2r3c2": Counts(166_320, 1_377_504, 16),
    "p4n2r3c2": Counts(4_545_280, 42_728_640, 22),
    "p5n2r4c2": Counts(118_536_440, 1_343_842_180, 24),
}
"""What several other checkers agree on, by cluster."""

ORBITS: Final = {
    "p2n2r2c2": Counts(756, 4_687, 12),
    "p3n2r2c1": Counts(1_161, 8_043, 16),
    "p3n2r3c2": Counts(4_656, 38_887, 16),
    "p4n2r3c2": Counts(14_376, 136_855, 22),
    "p5n2r4c2": Counts(38_490, 448_568, 24),
    "p5n3r4c2": Counts(187_250, 2_451_933, 27),
    "p8n4r8c2": Counts(16_168_950, 365_053_990, 38),
}
"""The same up to an exchange of pods, nodes and addresses."""
