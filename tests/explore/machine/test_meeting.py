from __future__ import annotations

import threading
from collections.abc import Callable
from functools import partial

from kspec.explore.machine.meeting import Meeting


def _run_all(*acts: Callable[[], None]) -> None:
    threads = [threading.Thread(target=act) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=10)
        assert not thread.is_alive()


def test_the_last_to_arrive_acts_once_for_all() -> None:
    meeting, acted = Meeting(), list[int]()
    meeting.begin(3)
    _run_all(*[lambda: meeting.gather(lambda: acted.append(1))] * 3)
    assert acted == [1]


def test_who_leaves_is_not_waited_for() -> None:
    meeting, acted = Meeting(), list[int]()
    meeting.begin(3)
    _run_all(lambda: meeting.gather(lambda: acted.append(1)), meeting.leave, meeting.leave)
    assert acted == [1]


def test_rounds_follow_each_other() -> None:
    meeting, acted = Meeting(), list[int]()
    meeting.begin(4)

    def work() -> None:
        for number in range(200):
            meeting.gather(partial(acted.append, number))
        meeting.leave()

    _run_all(*[work] * 4)
    assert acted == list(range(200))


def test_without_anybody_waiting_nothing_happens() -> None:
    meeting = Meeting()
    meeting.begin(1)
    meeting.leave()
    assert meeting._round == 0
