"""What a report says of random runs."""

from __future__ import annotations

from dataclasses import replace

from kspec.evaluate.run import Run
from kspec.explore.result import Limit
from kspec.explore.simulate.result import End, Plan, Seen, Simulation
from kspec.report.simulation import simulation_lines
from kspec.report.styled import plain

FOUND = Simulation(
    plan=Plan(1_000, 50, 7),
    done=1_000,
    ends={End.FULL: 900, End.QUIET: 98, End.FAILING: 1, End.CUT: 1},
    steps=48_000,
    action_counts=(47_999, 1),
    seen={"Safe": Seen(4, 50, 3, 12), "Up": Seen(1_000, 2_000, 2, 1)},
    violations={"Safe": Run((), ())},
    failing_property={},
    witnesses={"Up": Run((), ())},
    cut=None,
    cut_seen=None,
    limit=None,
    limit_detail="",
    seconds=0.5,
)
ACTIONS = {"clock.tick": 47_999, "clock.stop": 1}


def text(simulation: Simulation) -> str:
    return plain(simulation_lines(simulation, ACTIONS))


def test_all_there_is() -> None:
    assert (
        text(FOUND)
        == """\
  Safe  violated in 4 of 1,000 runs, after 12.5 steps on average, 3 at least
  Up    reached in 1,000 of 1,000 runs, after 2.0 steps on average, 2 at least

  actions taken
    47,999  clock.tick
         1  clock.stop

  simulated 1,000 runs, at most 50 steps each, seed 7: 48,000 steps
  98 runs ended early, where nothing can happen
  1 run ended early, where a create finds no room
  1 run ended early, where every step fails
"""
    )


def test_a_limit() -> None:
    limited = replace(FOUND, limit=Limit.TIME, done=3, ends={}, steps=160)
    assert "Safe  violated in 4 runs, after 12.5 steps" in text(limited)
    assert "  simulated 3 of 1,000 runs (limit: time), at most 50 steps each, seed 7: 160 steps" in text(limited)


def test_no_run() -> None:
    none = replace(FOUND, limit=Limit.INTERRUPTED, done=0, ends={}, steps=0, seen={})
    assert text(none) == "  simulated 0 of 1,000 runs (limit: interrupted), at most 50 steps each, seed 7: 0 steps\n"
