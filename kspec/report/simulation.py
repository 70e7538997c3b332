"""What random runs did, as lines for a person."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from kspec.check.words import count
from kspec.explore.simulate.result import End, Seen, Simulation
from kspec.report.styled import EMPTY, Line, Piece, line

_ENDS = {
    End.QUIET: "where nothing can happen",
    End.CUT: "where a create finds no room",
    End.FAILING: "where every step fails",
}


def simulation_lines(simulation: Simulation, actions: Mapping[str, int]) -> Iterator[Line]:
    """How much was tried, how often each property was met, and how often each action was taken."""
    if simulation.seen:
        yield from _seen_lines(simulation)
        yield EMPTY
    if simulation.done:
        yield line("  actions taken")
        width = max(len(f"{taken:,}") for taken in actions.values()) if actions else 0
        for label, taken in actions.items():
            yield line(f"    {taken:>{width},}  ", Piece(label, "" if taken else "yellow"))
        yield EMPTY
    yield line(_extent(simulation))
    for end, where in _ENDS.items():
        if ended := simulation.ends.get(end):
            yield line(Piece(f"  {count(ended, 'run')} ended early, {where}", "dim"))


def _seen_lines(simulation: Simulation) -> Iterator[Line]:
    width = max(map(len, simulation.seen))
    for name, seen in simulation.seen.items():
        what = "reached" if name in simulation.witnesses else "violated"
        yield line(f"  {name:<{width}}  {what} in {_often(seen, simulation)}")


def _often(seen: Seen, simulation: Simulation) -> str:
    """Where a limit ended the simulation, runs that it broke off count too."""
    runs = f"{seen.runs:,} of {count(simulation.done, 'run')}" if simulation.limit is None else count(seen.runs, "run")
    return f"{runs}, after {seen.mean:,.1f} steps on average, {seen.length:,} at least"


def _extent(simulation: Simulation) -> str:
    plan = simulation.plan
    runs = count(plan.runs, "run")
    if simulation.limit is not None:
        runs = f"{simulation.done:,} of {runs} (limit: {simulation.limit.value})"
    each = f"at most {count(plan.depth, 'step')} each"
    return f"  simulated {runs}, {each}, seed {plan.seed}: {count(simulation.steps, 'step')}"
