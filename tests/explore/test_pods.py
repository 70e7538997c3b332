"""The pods model against the counts that several other checkers agree on."""

from __future__ import annotations

import pytest

from kspec.explore.plain import explore
from kspec.explore.result import Limits
from tests.systems import PODS_ACTIONS, pods


@pytest.mark.parametrize(
    ("size", "states", "transitions", "depth"),
    [
        ((1, 1, 1, 1), 36, 108, 7),
        ((2, 1, 2, 1), 378, 1_812, 9),
        ((2, 2, 2, 1), 2_916, 17_776, 12),
        ((2, 2, 2, 2), 4_428, 27_368, 12),
    ],
)
def test_counts(size: tuple[int, int, int, int], states: int, transitions: int, depth: int) -> None:
    found = explore(pods(*size), Limits())
    assert (found.states, found.transitions, found.depth) == (states, transitions, depth)
    assert found.complete
    assert found.limit is None
    assert found.violations == {}
    assert found.cut is None
    assert found.cut_states == found.quiet_states == 0
    assert len(found.action_counts) == len(PODS_ACTIONS)
    assert all(found.action_counts)
    assert sum(found.action_counts) == transitions
    assert sum(found.refused_counts) == 0
    assert all(use.held for uses in found.clause_uses for use in uses)
