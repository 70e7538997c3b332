"""Limits: what stops a search is named, and what was never met changes nothing."""

from __future__ import annotations

from itertools import pairwise

import pytest

from kspec.explore.plain import Progress, explore
from kspec.explore.progress import Pace
from kspec.explore.result import Exploration, Limit, Limits
from kspec.explore.watch import resident_bytes
from kspec.system.expressions import TRUE, AllValues, Binding, Quantified, Quantifier
from kspec.system.sorts import IntSort
from kspec.system.spans import NOWHERE
from kspec.system.system import InitialChoice, Place
from tests.building import SystemBuilder, assign, differ, less, local, number, parameter, plus, read, variable, when
from tests.systems import pods

X = variable("x", IntSort(0, 100))


def chain(last: int) -> SystemBuilder:
    """A number that is raised by 1 up to `last`."""
    builder = SystemBuilder()
    builder.variable(X, 0)
    builder.action("add", [when(less(read(X), number(last)), 0)], [assign(X, plus(read(X), number(1)))])
    return builder


def facts(found: Exploration) -> tuple[int, int, int, bool, Limit | None]:
    return found.states, found.transitions, found.depth, found.complete, found.limit


def test_states() -> None:
    system = chain(9).build()
    assert facts(explore(system, Limits(states=4))) == (4, 4, 3, False, Limit.STATES)
    assert facts(explore(system, Limits(states=10))) == (10, 9, 9, True, None)
    assert explore(system, Limits(states=4)).limit_detail == "4 states"


def test_depth() -> None:
    system = chain(9).build()
    assert facts(explore(system, Limits(depth=4))) == (5, 4, 4, False, Limit.DEPTH)
    assert facts(explore(system, Limits(depth=9))) == (10, 9, 9, False, Limit.DEPTH)
    assert facts(explore(system, Limits(depth=10))) == (10, 9, 9, True, None)
    assert facts(explore(system, Limits(depth=0))) == (1, 0, 0, False, Limit.DEPTH)


def test_states_at_the_last_depth_are_judged() -> None:
    builder = chain(9)
    builder.invariant("NotFour", differ(read(X), number(4)))
    assert "NotFour" in explore(builder.build(), Limits(depth=4)).violations
    assert "NotFour" not in explore(builder.build(), Limits(depth=3)).violations


def test_time() -> None:
    found = explore(pods(2, 2, 2, 2), Limits(seconds=0.02))
    assert (found.complete, found.limit, found.limit_detail) == (False, Limit.TIME, "0.02 s")


def test_memory() -> None:
    assert resident_bytes() > 2**20
    found = explore(chain(9).build(), Limits(memory=2**20))
    assert (found.complete, found.limit, found.limit_detail) == (False, Limit.MEMORY, "1 MiB")
    assert explore(chain(9).build(), Limits(memory=2**50)).complete


def test_an_interrupt_gives_what_was_found_so_far() -> None:
    def interrupt(progress: Progress) -> None:
        raise KeyboardInterrupt

    found = explore(pods(3, 2, 2, 1), Limits(), on_progress=interrupt)
    assert found.limit is Limit.INTERRUPTED
    assert not found.complete
    assert 0 < found.states < 32_136


@pytest.mark.parametrize("place", ["parameter", "quantifier", "initial choice"])
def test_too_many_values_are_refused(place: str) -> None:
    builder = chain(9)
    many = local("many", IntSort(1, 10**6))
    match place:
        case "parameter":
            builder.action("set", [parameter(many)])
        case "quantifier":
            binding = Binding(many, AllValues(many.sort))
            builder.invariant("Every", Quantifier(Quantified.FORALL, (binding,), TRUE, less(number(0), many)))
        case _:
            builder.variable(variable("y", many.sort), 1)
            builder.choose(InitialChoice(Place("y", 0), None, NOWHERE))
    found = explore(builder.build(), Limits())
    assert (found.complete, found.limit) == (False, Limit.ENUMERATION)
    assert "has 1,000,000 values, and at most 65,536 values are enumerated" in found.limit_detail


def test_progress_is_told_a_few_times_a_second() -> None:
    pace = Pace()
    assert [pace.is_due(seconds) for seconds in (0.0, 0.1, 0.2, 0.3, 0.45)] == [False, False, True, False, True]
    told: list[Progress] = []
    found = explore(pods(2, 2, 2, 2), Limits(), on_progress=told.append)
    assert all(earlier.states <= later.states for earlier, later in pairwise(told))
    assert len(told) <= found.seconds / 0.2
