"""Which step a random run takes: an action first, each as likely, then one of its bindings, each as likely.

Nothing is stored of the others: a reservoir of one action, and within it one of one binding, keeps the k-th that comes
with probability 1/k (Knuth, The Art of Computer Programming 2, algorithm R).
"""

from __future__ import annotations

from kspec.evaluate.outcome import Stepped
from kspec.explore.simulate.stream import Stream


class Choice:
    """A choice among steps that come action by action."""

    def __init__(self, stream: Stream) -> None:
        self._stream = stream
        self._action: int | None = None
        self._actions = 0
        self._bindings = 0
        self._is_kept = False
        self.chosen: Stepped | None = None

    def offer(self, action: int, step: Stepped) -> None:
        if action != self._action:
            self._action = action
            self._actions += 1
            self._bindings = 0
            self._is_kept = self._stream.one_in(self._actions)
        self._bindings += 1
        if self._is_kept and self._stream.one_in(self._bindings):
            self.chosen = step
