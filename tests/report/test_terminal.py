"""The report for a person."""

from __future__ import annotations

import io
from dataclasses import replace

from kspec.check.check import check_system
from kspec.check.options import CheckOptions, Engine
from kspec.report.styled import Piece, encodable, line, plain, wants_colour, write
from kspec.report.terminal import result_lines
from kspec.system.properties import ExpectCounts, ExpectViolation
from kspec.system.spans import NOWHERE
from tests.trace.pods import pods

PLAIN = CheckOptions(engine=Engine.PLAIN)


def report(*, expect: tuple[ExpectViolation | ExpectCounts, ...] = ()) -> str:
    return plain(result_lines(check_system(replace(pods(), expectations=expect), PLAIN)))


def test_one_line_a_property() -> None:
    lines = report().splitlines()
    assert lines[0] == "pods.kspec  cluster small"
    assert lines[2] == "  UniqueIP        invariant  violated               plain: in 4 steps"
    assert lines[3] == "  SomeRunning     reachable  holds                  plain: reached in 2 steps"


def test_what_was_searched() -> None:
    assert "  explored 25 states, 41 transitions, depth 10: all of them; 12 states cut for lack of room\n" in report()


def test_every_violation_has_its_story() -> None:
    text = report()
    assert "UniqueIP is violated after 4 steps" in text
    assert "NeverDeleted is violated after 3 steps" in text
    assert "Ranges is violated after 9 steps" in text


def test_expectations_say_whether_they_are_met() -> None:
    text = report(expect=(ExpectViolation("UniqueIP", NOWHERE), ExpectCounts(False, 26, None, None, NOWHERE)))
    assert "  expect violation UniqueIP  met\n" in text
    assert "violated, as expected" in text
    assert "  expect states 26           not met  states 25\n" in text


def test_what_made_it_fail_comes_last() -> None:
    text = report(expect=(ExpectViolation("UniqueIP", NOWHERE), ExpectCounts(False, 26, None, None, NOWHERE)))
    last = text.splitlines()[-1]
    assert last.startswith("failed: ")
    assert "NeverDeleted violated" in last
    assert "expectation states 26 not met" in last
    assert "UniqueIP" not in last


def test_only_some_causes_are_named() -> None:
    result = replace(check_system(pods(), PLAIN), causes=tuple(f"P{n} violated" for n in range(9)))
    last = plain(result_lines(result)).splitlines()[-1]
    assert last.endswith("P5 violated; and 3 more")
    assert "failed" not in plain(result_lines(replace(result, causes=())))


def test_a_witness_is_told_if_it_is_asked_for() -> None:
    result = check_system(pods(), PLAIN)
    assert "SomeRunning is reached" not in plain(result_lines(result))
    assert "SomeRunning is reached after 2 steps" in plain(result_lines(result, witness=True))


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_colour_is_for_terminals_that_want_it() -> None:
    assert not wants_colour(io.StringIO(), no_color=False)
    assert not wants_colour(Terminal(), no_color=True)


def test_colour_changes_no_text() -> None:
    stream = Terminal()
    write([line("a ", Piece("[b]", "bold red"))], stream, colour=True)
    text = stream.getvalue()
    assert "[b]" in text
    assert "\x1b[" in text


def test_nothing_in_a_model_can_steer_the_terminal() -> None:
    stream = io.StringIO()
    assert encodable("a\x1b[2Jb", stream) == "a\\x1b[2Jb"


def test_what_an_encoding_lacks_is_escaped() -> None:
    ascii_stream = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    assert encodable("é→", ascii_stream) == "\\xe9\\u2192"
