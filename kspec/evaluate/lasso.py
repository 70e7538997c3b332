"""Infinite runs: a run to a state, and then a loop, or a stop."""

from __future__ import annotations

from dataclasses import dataclass

from kspec.evaluate.run import Run, State


@dataclass(frozen=True, slots=True)
class Lasso:
    """The run takes its moves, and then those from position `loop` on again and again: its last state is the one at
    that position (0 is the initial state). Where no moves are left to repeat, it stops there for ever."""

    run: Run
    loop: int

    @property
    def stops(self) -> bool:
        return self.loop == len(self.run.moves)

    @property
    def states(self) -> tuple[State, ...]:
        """Of every position before the run repeats: those of the loop once."""
        moved = tuple(move.state for move in self.run.moves if move.state is not None)
        states = (self.run.initial, *moved)
        return states if self.stops else states[:-1]
