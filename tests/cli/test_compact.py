"""`kspec check --compact`: what it says, and what it does not promise."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Ended
from tests.schemas import validator

Kspec = Callable[..., Ended]
Write = Callable[[str, str], Path]

GRID = """\
var a: 0..1000000000000 = 0
var b: 0..1000000000000 = 0
var x: 0..40 = 0
var y: 0..40 = 0
environment {
  action right when x < 40 { x += 1  a += 20000000000 }
  action up when y < 40 { y += 1  b += 20000000000 }
  action never when x > 40 { x = 0 }
}
invariant Together: a == 20000000000 * x
reachable Corner: x == 40 and y == 40
cluster one {}
"""
"""1,681 states of two words."""


def test_the_report_says_how_probable_it_is_that_a_state_was_missed(kspec: Kspec, write: Write) -> None:
    ended = kspec("check", "--engine", "explore", "--compact", write("grid.kspec", GRID))
    assert ended.code == 0
    assert "Together        invariant  bounded (up to fingerprint collisions)" in ended.out
    assert "Corner          reachable  holds " in ended.out
    assert "explored 1,681 states, 3,280 transitions, depth 80: all of them, up to fingerprint collisions" in ended.out
    expected = "compact: 8 bytes a state, as fingerprints of 64 bits; a state was missed with a probability of at most "
    assert expected + "7.7e-14" in ended.out
    assert "unused-action" not in ended.out, "nothing is said to never happen"
    assert kspec("check", "--engine", "explore", "--compact", "--strict", "grid.kspec").code == 3


def test_json(kspec: Kspec, write: Write) -> None:
    document = json.loads(kspec("check", "--compact", "--format", "json", write("grid.kspec", GRID)).out)
    validator("check-1").validate(document)
    told = {name: document["exploration"][name] for name in ("fingerprint_bits", "missed", "state_bytes")}
    assert told == {"fingerprint_bits": 64, "missed": 1681 * 1682 / 2**65, "state_bytes": 8}


@pytest.mark.parametrize("expected", ["expect states 1681 in one\n", "expect violation Together\n"])
def test_an_expectation_on_all_states_is_unknown(kspec: Kspec, write: Write, expected: str) -> None:
    ended = kspec("check", "--engine", "explore", "--compact", write("grid.kspec", GRID + expected))
    assert ended.code == 3
    assert "unknown (up to fingerprint collisions)" in ended.out


def test_what_is_never_reached_is_not_violated(kspec: Kspec, write: Write) -> None:
    ended = kspec("check", "--engine", "explore", "--compact", write("grid.kspec", GRID + "reachable Far: x > 40\n"))
    assert ended.code == 3
    assert "Far             reachable  unknown (up to fingerprint collisions)" in ended.out


def test_small_states_are_kept_exactly(kspec: Kspec, write: Write) -> None:
    small = "var x: 0..2000 = 0\nenvironment { action up when x < 2000 { x += 1 } }\ncluster one {}\n"
    ended = kspec("check", "--engine", "explore", "--compact", write("small.kspec", small))
    assert ended.code == 0
    assert "compact: nothing was to be saved, so that every state was kept exactly" in ended.out
    assert "bounded" not in ended.out


@pytest.mark.parametrize("engine", ["plain", "bmc"])
def test_other_engines_refuse_it(kspec: Kspec, write: Write, engine: str) -> None:
    ended = kspec("check", "--engine", engine, "--compact", write("grid.kspec", GRID))
    assert (ended.code, ended.err.splitlines()[0]) == (2, f"KS903: --compact is not for --engine {engine}")
