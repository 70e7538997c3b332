"""A limit of time ends what runs, in the middle of one evaluation too."""

from __future__ import annotations

import ctypes
import sys
import threading
from pathlib import Path

import pytest

from kspec.check.check import check_system
from kspec.check.deadline import Deadline
from kspec.check.options import CheckOptions, Engine
from kspec.check.verdicts import Verdict
from kspec.explore.result import Limits
from kspec.language.load import load_model
from kspec.lower.lower import lower
from kspec.system.system import System

ENDLESS = """
var a: 0..3 = 0
component c { action f when a < 3 { a += 1 } }
invariant Positive: sum(i: 0..60000, j: 0..60000: i * j) > 0
cluster one { }
"""


def endless(tmp_path: Path) -> System:
    path = tmp_path / "endless.kspec"
    path.write_text(ENDLESS)
    loaded = load_model(path)
    assert loaded.model is not None
    system = lower(loaded.model, "one").system
    assert system is not None
    return system


def test_a_loop_ends_with_the_deadline() -> None:
    with Deadline(0.05) as deadline:
        while True:
            pass
    assert deadline.passed


def test_an_alarm_that_nothing_can_be_raised_by_comes_again() -> None:
    class Slow:
        def __del__(self) -> None:
            while not deadline.passed:
                pass

    with Deadline(0.05) as deadline:
        Slow()
        while True:
            pass
    assert deadline.passed


def test_an_alarm_that_comes_within_ctypes_comes_again() -> None:
    class Slow:
        @classmethod
        def from_param(cls, value: object) -> object:
            while True:
                pass

    class Converting:
        def __del__(self) -> None:
            ctypes.CFUNCTYPE(None, Slow)(lambda value: None)(1)

    with Deadline(0.05) as deadline:
        Converting()
        while True:
            pass
    assert deadline.passed


def test_nothing_is_told_of_what_the_alarm_left_half_made(monkeypatch: pytest.MonkeyPatch) -> None:
    class HalfMade:
        def __init__(self) -> None:
            while True:
                pass
            self.text = ""

        def __del__(self) -> None:
            told.append(self.text)

    told: list[object] = []
    monkeypatch.setattr(sys, "unraisablehook", told.append)
    with Deadline(0.05) as deadline:
        HalfMade()
    assert deadline.passed
    assert told == []


def test_what_ends_in_time_is_left_alone() -> None:
    with Deadline(60) as deadline:
        pass
    assert not deadline.passed


def test_an_interrupt_of_the_user_is_passed_on() -> None:
    with pytest.raises(KeyboardInterrupt), Deadline(60):
        raise KeyboardInterrupt


def test_outside_the_main_thread_there_is_none() -> None:
    passed = []

    def work() -> None:
        with Deadline(0.001) as deadline:
            pass
        passed.append(deadline.passed)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert passed == [False]


@pytest.mark.parametrize("engine", [Engine.AUTO, Engine.PLAIN])
def test_one_endless_evaluation_is_unknown_for_time(tmp_path: Path, engine: Engine) -> None:
    options = CheckOptions(engine=engine, limits=Limits(seconds=0.5))
    result = check_system(endless(tmp_path), options)
    positive = next(found for found in result.properties if found.name == "Positive")
    assert (positive.verdict, positive.reason) == (Verdict.UNKNOWN, "time")
