"""Which verdict which evidence leads to."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kspec.check.evidence import Disagreement, Evidence, must_agree
from kspec.check.judge import at_most, judge
from kspec.check.judgement import COLLISIONS
from kspec.check.verdicts import Verdict
from kspec.evaluate.lasso import Lasso
from kspec.evaluate.run import Failure
from kspec.explore.result import Limit
from kspec.explore.temporal.outcome import AtomFails, EmptyAssumption, Holds, Recovers, Stopped, TooLarge
from kspec.explore.temporal.result import Answer, LassoFound, TemporalResult, TrapFound
from kspec.system.expressions import FailureKind
from kspec.system.spans import NOWHERE
from kspec.system.system import Kind
from tests.check.evidence import EXPLORED, IMPLICIT, PROOF, RUN, bounded, explored, system

SYSTEM = system(kinds=(Kind("Pod", ("pod1", "pod2"), permanent=False, single=False),))
EVERYTHING = {property.name: property for property in SYSTEM.properties}


def verdict(name: str, evidence: Evidence) -> tuple[Verdict, str]:
    judgement = judge(SYSTEM, EVERYTHING[name], evidence)
    return judgement.verdict, judgement.reason


COMPLETE = Evidence(exploration=EXPLORED)


def test_a_complete_graph_without_a_violation_holds() -> None:
    assert verdict("Safe", COMPLETE) == (Verdict.HOLDS, "")
    assert verdict("Ranges", COMPLETE) == (Verdict.HOLDS, "")


def test_a_reachable_property_without_a_witness_is_violated_in_a_complete_graph() -> None:
    assert verdict("Reached", COMPLETE) == (Verdict.VIOLATED, "")
    assert verdict("Reached", Evidence(exploration=explored(reached=("Reached",)))) == (Verdict.HOLDS, "")


LASSO = LassoFound(Lasso(RUN, 0), needs_room=False)
TRAP = TrapFound(RUN, 3, needs_room=False)


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (Holds(bindings=1, checked=1), (Verdict.HOLDS, "")),
        (Recovers(), (Verdict.HOLDS, "")),
        (LASSO, (Verdict.VIOLATED, "")),
        (replace(LASSO, needs_room=True), (Verdict.UNKNOWN, "room")),
        (TRAP, (Verdict.VIOLATED, "")),
        (replace(TRAP, needs_room=True), (Verdict.UNKNOWN, "room")),
        (EmptyAssumption(), (Verdict.UNKNOWN, "empty assumption")),
        (AtomFails(Failure(FailureKind.RANGES, "too large", NOWHERE), ()), (Verdict.UNKNOWN, "model error")),
        (TooLarge("the automaton of the formula is too large"), (Verdict.UNKNOWN, "size")),
        (Stopped(Limit.MEMORY, "1 MiB"), (Verdict.UNKNOWN, "memory")),
    ],
)
def test_properties_about_runs_have_the_verdict_of_the_complete_graph(
    answer: Answer, expected: tuple[Verdict, str]
) -> None:
    evidence = replace(COMPLETE, temporal=TemporalResult({"Later": answer}, states=10, steps=20))
    assert verdict("Later", evidence) == expected


def test_what_holds_of_all_runs_that_fit_the_room_is_bounded() -> None:
    cut = TemporalResult({"Later": Holds(bindings=1, checked=1)}, states=10, steps=20, is_cut=True)
    assert verdict("Later", replace(COMPLETE, temporal=cut)) == (Verdict.BOUNDED, "room")


def test_runs_are_not_followed_after_a_search_that_was_ended() -> None:
    ended = Evidence(exploration=replace(EXPLORED, complete=False, limit=Limit.TIME))
    assert verdict("Later", ended) == (Verdict.UNKNOWN, "time")
    assert verdict("Later", Evidence(exploration=explored(violated=("Ranges",)))) == (Verdict.UNKNOWN, "model error")
    assert verdict("Later", replace(COMPLETE, interrupted=True)) == (Verdict.UNKNOWN, "interrupted")


def test_properties_about_runs_are_not_checked_by_engines_that_end_their_runs() -> None:
    assert verdict("Later", Evidence(bounded=bounded())) == (Verdict.NOT_CHECKED, "")


@pytest.mark.parametrize("limit", Limit)
def test_a_limit_is_named(limit: Limit) -> None:
    evidence = Evidence(exploration=replace(explored(violated=("Steady",)), complete=False, limit=limit))
    assert verdict("Safe", evidence) == (Verdict.UNKNOWN, limit.value)
    assert verdict("Reached", evidence) == (Verdict.UNKNOWN, limit.value)
    assert verdict("Steady", evidence) == (Verdict.VIOLATED, "")


def test_a_proof_stands_where_the_search_met_a_limit() -> None:
    cut_short = replace(EXPLORED, complete=False, limit=Limit.STATES)
    evidence = Evidence(induction={"Safe": PROOF}, exploration=cut_short)
    assert verdict("Safe", evidence) == (Verdict.PROVED, "")
    assert verdict("Steady", evidence) == (Verdict.UNKNOWN, "states")


def test_a_proof_names_the_room_it_is_for() -> None:
    evidence = Evidence(induction={"Safe": PROOF}, exploration=EXPLORED)
    assert "Pod at most 2" in judge(SYSTEM, EVERYTHING["Safe"], evidence).how


def test_cut_states_bound_what_holds_and_hide_what_is_reachable() -> None:
    evidence = Evidence(induction={"Steady": PROOF}, exploration=explored(cut=True))
    assert verdict("Safe", evidence) == (Verdict.BOUNDED, "room")
    assert verdict("Reached", evidence) == (Verdict.UNKNOWN, "room")
    assert verdict("Steady", evidence) == (Verdict.PROVED, "")


def test_fingerprints_bound_what_holds_and_hide_what_is_not_reached() -> None:
    """Also in a room that cuts: which states are cut is not known for certain."""
    for cut_states in (0, 3):
        compact = replace(EXPLORED, fingerprint_bits=64, cut_states=cut_states)
        evidence = Evidence(exploration=compact, induction={"Steady": PROOF})
        assert verdict("Safe", evidence) == (Verdict.BOUNDED, COLLISIONS)
        assert verdict("Steady", evidence) == (Verdict.PROVED, "")
    unreached = Evidence(exploration=replace(EXPLORED, fingerprint_bits=64))
    assert verdict("Reached", unreached) == (Verdict.UNKNOWN, COLLISIONS)
    reached = Evidence(exploration=replace(explored(reached=("Reached",)), fingerprint_bits=64))
    assert verdict("Reached", reached) == (Verdict.HOLDS, "")


def test_probabilities_are_rounded_up() -> None:
    assert [at_most(each) for each in (0.0, 1.0, 0.00123, 0.00125, 9.96e-5)] == [
        "0.0e+00",
        "1.0e+00",
        "1.3e-03",
        "1.3e-03",
        "1.0e-04",
    ]


def test_a_model_error_spoils_everything_that_is_not_seen() -> None:
    evidence = Evidence(exploration=explored(violated=("Ranges", "Steady"), reached=("Reached",)))
    assert verdict("Ranges", evidence) == (Verdict.VIOLATED, "")
    assert verdict("Steady", evidence) == (Verdict.VIOLATED, "")
    assert verdict("Reached", evidence) == (Verdict.HOLDS, "")
    for name in ("Safe", "LiveReferences", "Asserts"):
        assert verdict(name, evidence) == (Verdict.UNKNOWN, "model error")


def test_an_unreached_state_behind_a_model_error_is_unknown() -> None:
    evidence = Evidence(exploration=explored(violated=("Asserts",)))
    assert verdict("Reached", evidence) == (Verdict.UNKNOWN, "model error")


def test_stopping_at_the_first_violation_leaves_the_others_open() -> None:
    stopped = replace(explored(violated=("Safe",)), complete=False)
    evidence = Evidence(exploration=stopped, stopped_at_first=True)
    assert verdict("Safe", evidence) == (Verdict.VIOLATED, "")
    assert verdict("Steady", evidence) == (Verdict.UNKNOWN, "first violation")


def test_bounded_model_checking_bounds() -> None:
    evidence = Evidence(bounded=bounded(violated=("Safe",)))
    assert verdict("Safe", evidence) == (Verdict.VIOLATED, "")
    assert verdict("Steady", evidence) == (Verdict.BOUNDED, "depth 5")
    assert verdict("Reached", evidence) == (Verdict.UNKNOWN, "depth 5")


def test_bounded_model_checking_that_met_a_limit_knows_nothing() -> None:
    assert verdict("Safe", Evidence(bounded=bounded(limit="time"))) == (Verdict.UNKNOWN, "time")


def test_bounded_model_checking_of_all_runs_is_complete() -> None:
    evidence = Evidence(bounded=bounded(exhausted=True))
    assert verdict("Safe", evidence) == (Verdict.HOLDS, "")
    assert verdict("Reached", evidence) == (Verdict.VIOLATED, "")


def test_an_interrupted_check_knows_nothing() -> None:
    assert verdict("Safe", Evidence(interrupted=True)) == (Verdict.UNKNOWN, "interrupted")


def test_engines_that_contradict_each_other_are_an_error() -> None:
    with pytest.raises(Disagreement):
        must_agree(SYSTEM, Evidence(induction={"Safe": PROOF}, exploration=explored(violated=("Safe",))))
    with pytest.raises(Disagreement):
        must_agree(SYSTEM, Evidence(induction={"Safe": PROOF}, exploration=explored(violated=("Ranges",))))
    must_agree(SYSTEM, Evidence(induction={"Safe": PROOF}, exploration=explored(violated=("Steady",))))


def test_every_implicit_property_is_judged() -> None:
    assert {verdict(name, COMPLETE) for name in IMPLICIT} == {(Verdict.HOLDS, "")}
