"""Code that is quick to make at first, and optimised in a long search."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from kspec.explore import plain
from kspec.explore.machine import make
from kspec.explore.machine import search as searching
from kspec.explore.machine.compile import Code, Effort, compile_text
from kspec.explore.machine.search import build, search
from kspec.explore.machine.tiered import TieredCode
from kspec.explore.result import Exploration, Limits
from kspec.system.system import System
from tests.explore.agreeing import assert_same
from tests.explore.machine.test_kept_code import MODELS, system_of


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


@pytest.fixture
def compiled(monkeypatch: pytest.MonkeyPatch) -> list[Effort]:
    """With which effort something was compiled."""
    efforts: list[Effort] = []

    def note(text: str, effort: Effort) -> bytes:
        efforts.append(effort)
        return compile_text(text, effort)

    monkeypatch.setattr(make, "compile_text", note)
    return efforts


@pytest.fixture
def pods() -> System:
    return system_of(MODELS / "pods.kspec", "p2n2r2c1")


def wait_until(condition: Callable[[], bool]) -> None:
    """For what another thread does. It takes a second; only a test that fails takes a minute."""
    for _ in range(6_000):
        if condition():
            return
        time.sleep(0.01)
    raise AssertionError("it never happened")


def found_in(system: System, *, symmetric: bool = False, workers: int = 1) -> Exploration:
    return search(build(system, symmetric=symmetric), Limits(), workers=workers)


def test_a_short_search_needs_quick_code_alone(pods: System, compiled: list[Effort]) -> None:
    first, second = found_in(pods), found_in(pods)
    assert compiled == [Effort.QUICK]
    assert first == replace(second, seconds=first.seconds)
    assert second.compilation is not None
    assert second.compilation.is_cached


@pytest.mark.parametrize("symmetric", [False, True])
@pytest.mark.parametrize("workers", [1, 2])
def test_a_long_search_makes_optimised_code_and_keeps_it(
    symmetric: bool, workers: int, pods: System, compiled: list[Effort], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searching, "LONG_REDUCED" if symmetric else "LONG", 100)
    machine = build(pods, symmetric=symmetric)
    quick = machine.code.best
    first = search(machine, Limits(), workers=workers)
    wait_until(lambda: machine.code.best is not quick)
    assert compiled == [Effort.QUICK, Effort.THOROUGH]
    second = found_in(pods, symmetric=symmetric, workers=workers)
    assert compiled == [Effort.QUICK, Effort.THOROUGH]
    assert first == replace(second, seconds=first.seconds)
    if not symmetric:
        assert_same(pods, plain.explore(pods, Limits()), first)


def test_optimised_code_may_be_asked_for_at_once(pods: System, compiled: list[Effort]) -> None:
    build(pods)
    build(pods, effort=Effort.THOROUGH)
    build(pods, effort=Effort.THOROUGH)
    assert compiled == [Effort.QUICK, Effort.THOROUGH]


def test_a_search_goes_on_with_better_code_between_its_levels(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was stored with quick code is what optimised code goes on from."""
    system = system_of(MODELS / "replicaset_broken.kspec", "small")
    monkeypatch.setattr(searching, "LONG", 500)
    machine = build(system)
    notice = TieredCode.notice

    def notice_and_wait(code: TieredCode, stored: int) -> None:
        notice(code, stored)
        if stored > 500:
            wait_until(lambda: code.best is not quick)

    quick = machine.code.best
    monkeypatch.setattr(TieredCode, "notice", notice_and_wait)
    found = search(machine, Limits(), workers=2)
    assert machine.code.best is not quick
    assert_same(system, search(build(system, effort=Effort.THOROUGH), Limits()), found)
    assert found.violations


# --- the code alone ---------------------------------------------------------------------------------------------------

QUICK, BETTER = cast(Code, SimpleNamespace(name="quick")), cast(Code, SimpleNamespace(name="better"))


def test_better_code_is_made_once_while_the_first_is_there() -> None:
    may_end, calls = threading.Event(), []

    def improve() -> Code:
        calls.append(threading.current_thread())
        may_end.wait()
        return BETTER

    code = TieredCode(QUICK, improve, 10)
    code.notice(10)
    assert not calls
    code.notice(11)
    code.notice(12)
    assert code.best is QUICK
    may_end.set()
    wait_until(lambda: code.best is BETTER)
    code.notice(13)
    assert len(calls) == 1
    assert calls[0] is not threading.current_thread()


def test_what_goes_wrong_there_is_raised_here() -> None:
    def improve() -> Code:
        raise MemoryError("no room")

    code = TieredCode(QUICK, improve, 0)
    code.notice(1)
    with pytest.raises(MemoryError, match="no room"):
        wait_until(lambda: code.best is not QUICK)


@pytest.mark.parametrize("stored", [10, 1_000])
def test_there_may_be_no_better_code(stored: int) -> None:
    code = TieredCode(QUICK, None, 10)
    code.notice(stored)
    assert code.best is QUICK
