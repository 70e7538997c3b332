"""What to check with, and what to tell while checking."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

from kspec.explore.checkpoint import Checkpointing
from kspec.explore.progress import Progress
from kspec.explore.result import Limits
from kspec.explore.simulate.result import Plan

DEFAULT_DEPTH = 20


class Engine(Enum):
    """AUTO: induction, then the explorer. EXPLORE: the explorer alone. PLAIN: the explorer alone, without machine code.
    BMC: bounded model checking alone."""

    AUTO = "auto"
    EXPLORE = "explore"
    PLAIN = "plain"
    BMC = "bmc"


@dataclass(frozen=True, slots=True)
class CheckOptions:
    """`depth`: of BMC, in steps. `limits`: of the whole check. `first`: stop at the first violation. `strict`: bounded
    and not checked count as unknown, and findings count. `workers`: of the explorer; None: one a processor.
    `symmetry`: the explorer stores one state for all that an exchange of objects maps onto each other; PLAIN never
    does. `compact`: it keeps fingerprints in place of states. `checkpoint`: where it writes what it needs to go on."""

    engine: Engine = Engine.AUTO
    depth: int = DEFAULT_DEPTH
    limits: Limits = field(default_factory=Limits)
    first: bool = False
    strict: bool = False
    workers: int | None = None
    symmetry: bool = True
    compact: bool = False
    checkpoint: Checkpointing | None = None


@dataclass(frozen=True, slots=True)
class SimulateOptions:
    """`seconds`: for everything. `strict` and `workers` as in `CheckOptions`."""

    plan: Plan
    seconds: float | None = None
    strict: bool = False
    workers: int | None = None


@dataclass(frozen=True, slots=True)
class Activity:
    """What an engine is doing now. `candidates`: how many properties induction has not refuted; `depth`: how many of
    `last_depth` steps bounded model checking has looked at; `search`: how far the explorer is; `runs`: how many random
    runs are done, in so many `seconds`. None where nothing is known yet."""

    engine: str
    candidates: int | None = None
    depth: int | None = None
    last_depth: int | None = None
    search: Progress | None = None
    runs: int | None = None
    seconds: float | None = None
