"""Explanations say expressions as the text of the model does."""

from __future__ import annotations

import pytest

from kspec.check.check import check_system
from kspec.check.options import CheckOptions, Engine
from kspec.trace.blame import Blame
from kspec.trace.loop import LoopStory
from tests.lower.texts import system

MODEL = """
const MAX: 0..9 = 3
kind Owner {{ size: 0..3 = 1 }}
kind Node
kind Pod {{ owner: Owner? = none  phase: 0..3 = 2  ready: bool = false }}
var mark: Pod? = none
var queue: seq Pod at most 2 = []
def big(o: Owner): bool = o.size >= 1 + 1
def room(limit: int): int = limit - size(queue)
component c {{ watches Pod lag 1  action up(p: Pod) when p.phase < 3 {{ p.phase += 1 }} }}
component k per n: Node {{ watches Pod lag 1  action up(p: Pod) when p.phase < 3 {{ p.phase += 1 }} }}
invariant Claim: {claim}
cluster one {{ Owner o1  Pod p1 {{ owner = o1 }}  Node n1 }}
"""


def blame(claim: str) -> Blame:
    """Why a claim about the initial state is false."""
    result = check_system(system(MODEL.format(claim=claim)), CheckOptions(engine=Engine.PLAIN))
    (trace,) = (found.trace for found in result.properties if found.name == "Claim")
    assert trace is not None
    assert trace.blame is not None
    return trace.blame


@pytest.mark.parametrize(
    "clause",
    [
        "p.phase >= MAX",
        "1 >= p.phase",
        "p.phase > 1 + 1",
        "p.phase - (1 - 1) != 2",
        "p.owner == none or not alive(p.owner)",
        "(p.ready or p.phase == 0) iff p.phase == 2",
        "(seen by c: p.phase) >= 3",
        "(seen by c: p.phase) + 1 > p.phase + 1",
        "p.ready or (seen by c: p.phase > 2)",
        "length(queue) >= 1",
        "p.phase in {0, 1} union {3}",
        "count(q: Pod where q.phase >= MAX) >= 1",
        "exists q: Pod, n: Node where q != p: q.phase >= 0",
        "room(MAX) < 3",
    ],
)
def test_a_clause_is_told_as_it_is_written(clause: str) -> None:
    assert blame(f"forall p: Pod: {clause}").clause == clause


@pytest.mark.parametrize(
    ("claim", "clause", "operands"),
    [
        ("p.owner == none or not alive(p.owner)", "", {"p1.owner": "o1", "alive(p1.owner)": "true"}),
        ("(seen by c: p.phase) >= 3", "", {"(seen by c: p1.phase)": "2"}),
        ("seen by c: p.ready or p.phase > 2", "", {"(seen by c: p1.ready)": "false", "(seen by c: p1.phase)": "2"}),
        (
            "forall n: Node: (seen by k(n): p.phase) == 3",
            "(seen by k(n): p.phase) == 3",
            {"(seen by k(n1): p1.phase)": "2"},
        ),
        ("p.owner != none and big(p.owner)", "p.owner.size >= 1 + 1", {"o1.size": "1"}),
        ("p.ready iff (mark == none or mark.ready)", "", {"p1.ready": "false", "mark": "none"}),
        ("room(MAX + 1) > 4", "", {"size(queue)": "0"}),
        ("let twice = 2 * p.phase: twice - 1 < 3", "(2 * p.phase) - 1 < 3", {"2 * p1.phase": "4"}),
    ],
)
def test_values_stand_beside_what_is_written(claim: str, clause: str, operands: dict[str, str]) -> None:
    found = blame(f"forall p: Pod: {claim}")
    assert found.clause == (clause or claim)
    assert {operand.name: operand.value for operand in found.operands} == operands


def test_conditions_are_told_as_they_are_written() -> None:
    found = blame("forall p: Pod: p.phase > 1 implies (p.phase >= 2 or p.ready) implies 2 > p.phase")
    assert found.given == ("p.phase > 1", "(p.phase >= 2 or p.ready)")
    assert found.clause == "2 > p.phase"


def test_lines_are_joined_and_comments_left_out() -> None:
    claim = "forall p: Pod:\n    p.phase    # why\n      >= 3"
    assert blame(claim).clause == "p.phase >= 3"


STANDSTILL = """
const MAX: 0..9 = 3
kind Owner {{ size: 0..3 = 1 }}
kind Pod {{ owner: Owner? = none  phase: 0..3 = 2 }}
def big(o: Owner): bool = o.size >= 1 + 1
def room(limit: int): int = limit - count(q: Pod)
component c {{
  watches Pod, Owner lag 1
  fair action up(p: Pod) when {clause} {{ p.phase = 3 }}
}}
property Wanted: {claim}
cluster one {{ Owner o1  Pod p1 {{ owner = o1 }} }}
"""


def standstill(clause: str = "false", claim: str = "forall p: Pod: eventually p.phase == 3") -> LoopStory:
    """Why nothing happens in the run of a model."""
    result = check_system(system(STANDSTILL.format(clause=clause, claim=claim)), CheckOptions(engine=Engine.PLAIN))
    (trace,) = (found.trace for found in result.properties if found.name == "Wanted")
    assert trace is not None
    assert trace.loop is not None
    return trace.loop


@pytest.mark.parametrize(
    ("clause", "told"),
    [
        ("p.phase >= MAX", "p1.phase >= MAX"),
        ("room(p.phase) < 1 - room(MAX)", "room(p1.phase) < 1 - room(MAX)"),
        ("p.owner != none and big(p.owner)", "p1.owner.size >= 1 + 1"),
        ("p.phase == 2 and fresh(p.phase > 1 + 1)", "fresh(p1.phase > 1 + 1)"),
    ],
)
def test_a_clause_that_keeps_a_fair_action_from_being_taken_is_told_as_it_is_written(clause: str, told: str) -> None:
    """What the component sees is what its text is about: only what it reads from the store is told as such."""
    (unit,) = (found for found in standstill(clause).units if found.deed.action == "up")
    assert unit.hindrance is not None
    assert unit.hindrance.blame is not None
    assert unit.hindrance.blame.clause == told


@pytest.mark.parametrize(
    ("claim", "told"),
    [
        (
            "eventually (exists p: Pod: p.owner != none and big(p.owner))",
            "exists p: Pod: p.owner != none and big(p.owner)",
        ),
        (
            "forall p: Pod: eventually (p.owner == none or not alive(p.owner))",
            "p1.owner == none or not alive(p1.owner)",
        ),
        ("eventually room(MAX) >= MAX", "room(MAX) >= MAX"),
        ("eventually (seen by c: room(MAX) >= MAX)", "seen by c: room(MAX) >= MAX"),
        ("eventually writes Pod", "writes Pod"),
        ("eventually (exists p: Pod: p.phase > 1 + 1 and by c)", "exists p: Pod: p.phase > 1 + 1 and by c"),
    ],
)
def test_the_conditions_of_a_formula_are_told_as_they_are_written(claim: str, told: str) -> None:
    (atom,) = standstill(claim=claim).atoms
    assert atom.text == told
