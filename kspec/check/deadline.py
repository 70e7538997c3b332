"""A limit of time that ends whatever runs, in the middle of one evaluation or encoding if need be."""

from __future__ import annotations

import signal
import sys
import threading
import traceback
from collections.abc import Callable
from types import FrameType, TracebackType

_SOON = 0.001
"""Seconds."""


class Deadline:
    """Ends the block when its seconds are over: raises KeyboardInterrupt in it, as Ctrl-C does, and takes back what
    comes of that; `passed` tells that it did.

    Engines look at the clock themselves between states and queries; this is for what takes long in between. Where the
    block is not in the main thread, or the platform has no interval timer, it does nothing.
    """

    def __init__(self, seconds: float | None) -> None:
        self._seconds = seconds
        self._hook: Callable[[sys.UnraisableHookArgs], object] = sys.unraisablehook
        self.passed = False

    def __enter__(self) -> Deadline:
        if self._is_possible():
            self._hook = sys.unraisablehook
            sys.unraisablehook = self._ring_again
            signal.signal(signal.SIGALRM, self._ring)
            signal.setitimer(signal.ITIMER_REAL, max(self._seconds or 0.0, _SOON))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        if self._is_possible():
            signal.setitimer(signal.ITIMER_REAL, 0)
            if self.passed:
                traceback.clear_frames(trace)  # and what they hold with them, while failures to delete it are ours
            signal.signal(signal.SIGALRM, signal.SIG_DFL)
            sys.unraisablehook = self._hook
        # ctypes turns an exception that arrives inside it into one of its own, so any kind may come of the alarm.
        return self.passed

    def _is_possible(self) -> bool:
        in_main_thread = threading.current_thread() is threading.main_thread()
        return self._seconds is not None and in_main_thread and hasattr(signal, "setitimer")

    def _ring(self, number: int, frame: FrameType | None) -> None:
        self.passed = True
        raise KeyboardInterrupt

    def _ring_again(self, unraisable: sys.UnraisableHookArgs) -> None:
        """The alarm may come where Python cannot raise, as in a callback of the garbage collector; ctypes gives it
        another type there. What else fails once it has come are objects that it left half made."""
        if not self.passed:
            self._hook(unraisable)
        elif KeyboardInterrupt.__name__ in f"{unraisable.exc_type.__name__}: {unraisable.exc_value}":
            signal.setitimer(signal.ITIMER_REAL, _SOON)
