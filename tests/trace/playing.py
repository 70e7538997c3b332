"""Runs of small models, chosen step by step or at random, and told."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from kspec.evaluate.evaluator import Evaluator
from kspec.evaluate.outcome import Stepped
from kspec.evaluate.run import Move, Run, State
from kspec.report.story import trace_lines
from kspec.report.styled import plain
from kspec.system.system import System
from kspec.trace.story import Trace, tell
from tests.evaluate.lassos import walked
from tests.lower.texts import system

ANYTHING = "\nreachable Anything: true\n"
"""A property that every run shows."""


def played(text: str, *deeds: str) -> Trace:
    """The run of a model in which each step is the first that is called so, or begins so."""
    of = system(text + ANYTHING)
    return told(of, walked(of, *deeds))


def told(of: System, run: Run) -> Trace:
    return tell(of, run, next(known for known in of.properties if known.name == "Anything"))


def last_step(text: str, *deeds: str) -> list[str]:
    """The lines about the last step of a run."""
    trace = played(text, *deeds)
    lines = plain(trace_lines(trace)).splitlines()
    number = f"  {len(trace.steps)}  "
    (first,) = (at for at, line in enumerate(lines) if line.startswith(number))
    return [lines[first].removeprefix(number), *(line.strip() for line in lines[first + 1 :])]


def random_run(of: System, seed: int, steps: int) -> Run:
    evaluator, dice = Evaluator(of), Random(seed)
    initial = dice.choice(list(evaluator.initial_states()))
    return Run(initial, tuple(_moves(evaluator, dice, initial, steps)))


def _moves(evaluator: Evaluator, dice: Random, state: State, steps: int) -> Iterator[Move]:
    for _ in range(steps):
        outcomes = [outcome for outcome in evaluator.outcomes(state) if isinstance(outcome, Stepped)]
        if not outcomes:
            return
        outcome = dice.choice(outcomes)
        yield Move(outcome.taken, outcome.state)
        state = outcome.state
