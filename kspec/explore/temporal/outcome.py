"""What is found out about a formula on the complete graph of a system."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from kspec.evaluate.run import Failure
from kspec.explore.result import Limit
from kspec.explore.temporal.atoms import Values
from kspec.explore.temporal.walk import Walk
from kspec.system.temporal import LeadsTo


@dataclass(frozen=True, slots=True)
class Holds:
    """Of every fair run that satisfies the assumptions. `bindings`: how many the head variables have; `checked`: how
    many of them were looked at, for all that an exchange of interchangeable objects maps onto them. `never`: the parts
    of the formula whose left side holds at no position of such a run. `is_about_nothing`: no object that the head
    variables range over ever exists."""

    bindings: int
    checked: int
    never: tuple[LeadsTo, ...] = ()
    is_about_nothing: bool = False


@dataclass(frozen=True, slots=True)
class Violated:
    """`walk` is fair, satisfies the assumptions, and the formula is false of it for `binding`."""

    walk: Walk
    binding: Values


@dataclass(frozen=True, slots=True)
class NeedsRoom:
    """Every run that would show a violation repeats for ever a state in which a step is missing for want of room."""

    walk: Walk
    binding: Values


@dataclass(frozen=True, slots=True)
class EmptyAssumption:
    """No fair run satisfies the assumptions."""


@dataclass(frozen=True, slots=True)
class AtomFails:
    """A condition in the formula, or in an assumption, fails in some reachable state."""

    failure: Failure
    binding: Values


@dataclass(frozen=True, slots=True)
class TooLarge:
    """The formula, with the assumptions, is more than can be checked; `detail` says how."""

    detail: str


@dataclass(frozen=True, slots=True)
class Stopped:
    """A limit was met."""

    limit: Limit
    detail: str


TemporalOutcome: TypeAlias = Holds | Violated | NeedsRoom | EmptyAssumption | AtomFails | TooLarge | Stopped


@dataclass(frozen=True, slots=True)
class Recovers:
    """From every reachable state."""


@dataclass(frozen=True, slots=True)
class Trapped:
    """`walk` is a shortest one to a state that does not recover; it stops there. `size`: so many states can be reached
    from it. `is_cut`: some of them lack a step for want of room, and so it is with all that do not recover."""

    walk: Walk
    size: int
    is_cut: bool


RecoverableOutcome: TypeAlias = Recovers | Trapped | AtomFails | Stopped
