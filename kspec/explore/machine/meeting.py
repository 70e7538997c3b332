"""Where workers wait for each other, so that something is done while none of them runs."""

from __future__ import annotations

import threading
from collections.abc import Callable


class Meeting:
    """A barrier for the workers of a level, who come and go. The last one to arrive does what all came for."""

    def __init__(self) -> None:
        self._condition = threading.Condition()
        self._running = 0
        self._arrived = 0
        self._round = 0
        self._act: Callable[[], None] | None = None

    def begin(self, workers: int) -> None:
        """So many workers run; each must `leave`."""
        self._running = workers

    def leave(self) -> None:
        with self._condition:
            self._running -= 1
            self._end_round_if_complete()

    def gather(self, act: Callable[[], None]) -> None:
        """Waits until all workers that run are here. All who come to one round give the same `act`, done once."""
        with self._condition:
            self._arrived += 1
            self._act = act
            this_round = self._round
            self._end_round_if_complete()
            self._condition.wait_for(lambda: self._round != this_round)

    def _end_round_if_complete(self) -> None:
        if self._act is None or self._arrived < self._running:
            return
        act, self._act = self._act, None
        try:
            act()
        finally:
            self._arrived = 0
            self._round += 1
            self._condition.notify_all()
