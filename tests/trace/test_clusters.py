"""Steps of clusters in words: what is delivered, lost, refused, begun and ended, and where belief is not truth."""

from __future__ import annotations

import json

import pytest

from kspec.system.meanings import GoesOn
from kspec.system.spans import NOWHERE
from kspec.trace.describe import Deed
from kspec.trace.encode import Json
from kspec.trace.formats import Origin, decode, encode
from kspec.trace.retrace import changed_steps, retrace
from kspec.trace.story import describe_step
from kspec.trace.watching import Gap
from tests.lower.texts import system
from tests.schemas import validator
from tests.trace.playing import ANYTHING, last_step, played, random_run, told

ORIGIN = Origin("model.kspec", "0" * 64, "small", (), (), "plain", "0.1.0")

WATCHED = """
kind Node {{ }}
kind Pod {{ phase: 0..2 = 0  size: 0..2 = 0  node: Node? = none }}
component user {{
  action add {{ create Pod {{ }} }}
  action step(p: Pod) when p.phase < 2 {{ p.phase += 1 }}
  action grow(p: Pod) when p.size < 2 {{ p.size += 1 }}
  action bind(p: Pod, n: Node) {{ p.node = n }}
  action drop(p: Pod) {{ delete p }}
}}
component kubelet per n: Node {{
  {clauses}
  var looked: 0..2 = 0
  action look(p: Pod) when p.node != n {{ looked = p.phase }}
  action count_all {{ looked = count(p: Pod where p.phase == 0) }}
  action live(p: Pod) {{ looked = fresh(p.phase) }}
}}
cluster small {{ Node n1, n2  Pod p1, p2  Pod at most 3 }}
"""
LAG = WATCHED.format(clauses="watches Pod lag 2")
LOSES = WATCHED.format(clauses="watches Pod lag 2  loses events at most 2  relists")
ANY = WATCHED.format(clauses="watches Pod lag any")
OLD = "kubelet(n1) restarts seeing Pod as it was 1 event ago"
STALE = WATCHED.format(clauses="watches Pod lag 1  crashes at most 1 from stale 2")

GROUP = """
kind IP {{ }}
kind Pod {{ ip: IP? = none  ready: bool = false  size: 0..3 = 0 }}
{rest}
cluster small {{ Pod p1, p2  Pod at most 3 as quota  IP exactly 1 }}
"""

ADDRESS = "action do(p: Pod, a: IP) { p.ready = true  p.ip = a } }"
NO_IP = "denied: c may not update Pod.ip"
NO_POD = "denied: c may not create Pod"
QUOTA = "denied: the quota is used up"
DELETED = "action keep(p: Pod) { last = p  delete p }  action do when last != none { last.size = 1 } }"


# --- events ----------------------------------------------------------------------------------------------------------


def test_a_delivery_says_what_is_seen_and_how_far_behind_the_view_was() -> None:
    assert last_step(LAG, "user.step(p = p1)", "user.step(p = p2)", "kubelet(n1) sees") == [
        "kubelet(n1) sees Pod p1: phase 0 -> 1 (was 2 events behind)"
    ]


def test_an_event_in_a_field_that_nobody_looks_at() -> None:
    assert last_step(LAG, "user.grow(p = p1)", "kubelet(n2) sees") == [
        "kubelet(n2) sees Pod p1: nothing that it looks at is other than it was (was 1 event behind)"
    ]


def test_objects_that_come_and_go() -> None:
    come = last_step(LAG, "user.add", "kubelet(n1) sees")
    assert come == ["kubelet(n1) sees that Pod pod1 is there: phase = 0, node = none (was 1 event behind)"]
    gone = last_step(LAG, "user.drop(p = p1)", "kubelet(n1) sees")
    assert gone == ["kubelet(n1) sees that Pod p1 is gone (was 1 event behind)"]


def test_who_has_not_seen_an_object_learns_nothing_of_it() -> None:
    lines = last_step(LAG, "user.add", "kubelet(n2).count_all")
    assert not any("kubelet" in line and "sees" in line for line in lines[1:]), lines


def test_an_event_too_many_delivers_the_oldest() -> None:
    lines = last_step(LAG, "user.step(p = p1)", "user.step(p = p1)", "user.grow(p = p2)")
    assert lines == [
        "user.grow(p = p2)",
        "p2.size: 0 -> 1",
        "kubelet(n1) sees Pod p1: phase 0 -> 1",
        "kubelet(n2) sees Pod p1: phase 0 -> 1",
    ]


def test_lost_events_and_lists() -> None:
    lost = last_step(LOSES, "user.step(p = p1)", "kubelet(n1) misses")
    assert lost == ["kubelet(n1) misses an event of Pod p1 (was 1 event behind)"]
    listed = last_step(LOSES, "user.step(p = p1)", "kubelet(n1) misses", "user.step(p = p2)", "kubelet(n1) lists")
    assert listed == [
        "kubelet(n1) lists Pod anew",
        "kubelet(n1) sees Pod p1: phase 0 -> 1",
        "kubelet(n1) sees Pod p2: phase 0 -> 1",
    ]


def test_a_refreshed_object() -> None:
    assert last_step(ANY, "user.step(p = p1)", "kubelet(n1) sees Pod p1 as it is") == [
        "kubelet(n1) sees Pod p1 as it is",
        "kubelet(n1) sees Pod p1: phase 0 -> 1",
    ]


def test_a_restart_from_an_old_version() -> None:
    lines = last_step(STALE, "user.step(p = p1)", "kubelet(n1) sees", "kubelet(n1).live", "kubelet(n1) restarts")
    assert lines[0] == "kubelet(n1) restarts", "the first that can be is from the store as it is"
    lines = last_step(STALE, "user.step(p = p1)", "kubelet(n1) sees", "kubelet(n1).live", OLD)
    assert lines[0] == "kubelet(n1) restarts from stale: sees Pod as it was 1 event ago"
    assert lines[1] == "p1.phase  0 seen by kubelet(n1), 1 in the store"


def test_a_step_of_a_worker_in_one_line() -> None:
    deed = Deed("c", None, "scale goes on", (), (), (), NOWHERE, GoesOn("scale"), "worker 2")
    assert str(deed) == "c.scale on worker 2 goes on"


# --- belief and truth ------------------------------------------------------------------------------------------------


def test_belief_and_truth_stand_side_by_side() -> None:
    lines = last_step(LAG, "user.step(p = p1)", "kubelet(n1).look(p = p1)")
    assert lines[:2] == ["kubelet(n1).look(p = p1)", "p1.phase  0 seen by kubelet(n1), 1 in the store"]


def test_only_what_the_step_looks_at_is_told() -> None:
    both = ("user.step(p = p1)", "user.step(p = p2)")
    assert played(LAG, *both, "kubelet(n1).look(p = p2)").steps[-1].details.gaps == (
        Gap("kubelet(n1)", "p2.phase", "0", "1"),
    )
    assert [gap.what for gap in played(LAG, *both, "kubelet(n1).count_all").steps[-1].details.gaps] == [
        "p1.phase",
        "p2.phase",
    ]
    assert played(LAG, "user.step(p = p1)", "kubelet(n1).live(p = p1)").steps[-1].details.gaps == ()
    assert played(LAG, *both, "user.step(p = p1)").steps[-1].details.gaps == ()


def test_objects_that_are_only_believed_in() -> None:
    lines = last_step(LAG, "user.drop(p = p1)", "kubelet(n1).look(p = p1)")
    assert lines[:2] == ["kubelet(n1).look(p = p1)", "p1  seen by kubelet(n1), gone from the store"]
    assert "pod1  not seen by kubelet(n2), in the store" in last_step(LAG, "user.add", "kubelet(n2).count_all")


# --- requests --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rest", "deeds", "refusal"),
    [
        ("component c { may get Pod, IP; may update Pod.ready  " + ADDRESS, ["c.do(p = p1"], "update p1 -> " + NO_IP),
        ("component c { may get Pod  action do { create Pod { } } }", ["c.do"], "create Pod -> " + NO_POD),
        (
            "component c { action do { create Pod { } } }",
            ["c.do", "c.do"],
            "create Pod -> denied: the quota is used up",
        ),
        (
            "component c { action do(p: Pod) { p.size = 3 } }  admit update Pod(p) when p.size < 3",
            ["c.do(p = p2)"],
            "update p2 -> denied: not admitted",
        ),
        (
            "request grow(p: Pod) when p.ready { p.size += 1 }  component c { action do(p: Pod) { grow(p) } }",
            ["c.do(p = p2)"],
            "grow -> denied: the condition of grow does not hold",
        ),
        (
            "request grow(p: Pod) { p.size += 1  deny }  component c { action do(p: Pod) { grow(p) } }",
            ["c.do(p = p2)"],
            "grow -> denied: grow says so",
        ),
        ("component c { var last: Pod? = none  " + DELETED, ["c.keep(p = p1)", "c.do"], "update p1 -> missing"),
    ],
)
def test_refused_requests(rest: str, deeds: list[str], refusal: str) -> None:
    lines = last_step(GROUP.format(rest=rest), *deeds)
    assert lines[0].endswith("  refused")
    assert lines[1] == refusal


def test_a_loop_tells_each_object_whose_request_is_refused() -> None:
    rest = "component c { action do { for p: Pod { p.size = 3 } } }\nadmit update Pod(p) when p.ready or p.size < 3"
    assert last_step(GROUP.format(rest=rest), "c.do")[:3] == [
        "c.do  refused",
        "update p1 -> denied: not admitted",
        "update p2 -> denied: not admitted",
    ]


# --- processes -------------------------------------------------------------------------------------------------------

RUNS = """
kind Pod { size: 0..3 = 0 }
component user { action grow(p: Pod) when p.size < 3 { p.size += 1 } }
component c {
  crashes at most 1
  process run(p: Pod) when p.size < 3 {
    let x = get p
    var i: 0..3 = 0
    yield
    i = 2
    update x { size = 1 } on conflict { return }
    await p.size == i
  }
}
cluster small { Pod p1, p2 }
"""


def test_a_run_begins_goes_on_and_ends() -> None:
    assert last_step(RUNS, "c.run(p = p1)") == ["c.run(p = p1) begins, up to line 9", "local x = p1"]
    assert last_step(RUNS, "c.run(p = p1)", "c.run(p = p1) goes on") == [
        "c.run(p = p1) goes on at line 9, up to line 12",
        "p1.size: 0 -> 1",
        "local i = 2",
    ]
    end = ("c.run(p = p1)", "c.run(p = p1) goes on", "user.grow(p = p1)", "c.run(p = p1) goes on")
    assert last_step(RUNS, *end) == ["c.run(p = p1) goes on at line 12 and ends"]


def test_copies_that_get_old_and_the_conflict_that_follows() -> None:
    old = ("c.run(p = p1)", "user.grow(p = p1)")
    assert last_step(RUNS, *old)[-1] == "c.run(p = p1): its copy x is out of date"
    assert last_step(RUNS, "c.run(p = p1)", "user.grow(p = p2)")[-1] == "p2.size: 0 -> 1"
    conflict = ["c.run(p = p1) goes on at line 9 and ends  refused", "update p1 -> conflict"]
    assert last_step(RUNS, *old, "c.run(p = p1) goes on") == conflict


def test_a_crash_says_which_run_is_lost() -> None:
    assert last_step(RUNS, "c.run(p = p2)", "c restarts") == ["c restarts: loses run(p = p2) at line 9"]


# --- stored ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", [LAG, LOSES, ANY, STALE, RUNS], ids=["lag", "loses", "any", "stale", "runs"])
def test_random_runs_survive_being_stored(text: str) -> None:
    of = system(text + ANYTHING)
    for seed in range(5):
        run = random_run(of, seed, 15)
        trace = told(of, run)
        document: dict[str, Json] = encode(trace, ORIGIN)
        validator("trace-1").validate(document)
        stored = decode(json.dumps(document))
        assert retrace(of, stored) == run
        assert changed_steps(trace, stored) == []


def test_traces_stored_before_there_were_clusters_are_read() -> None:
    trace = played(LAG, "user.step(p = p1)")
    document = json.loads(json.dumps(encode(trace, ORIGIN)))
    for name in ("worker", "happening", "event", "sightings", "gaps", "refusals", "run", "lost_runs"):
        del document["steps"][0][name]
    del document["steps"][0]["outdated_copies"]
    validator("trace-1").validate(document)
    assert retrace(system(LAG + ANYTHING), decode(json.dumps(document))) == trace.run


LOOP = """
kind Pod { drained: bool = false }
component watcher { watches Pod lag 2  action look(p: Pod) when p.drained { } }
component drain { action all when exists p: Pod: not p.drained { for p: Pod { p.drained = true } } }
cluster three { Pod p1, p2, p3 }
"""


def stored_last_step(text: str, *deeds: str) -> dict[str, Json]:
    """The last step of a run, as it is stored; the run is the one that is read back."""
    trace = played(text, *deeds)
    document = json.loads(json.dumps(encode(trace, ORIGIN)))
    validator("trace-1").validate(document)
    assert retrace(system(text + ANYTHING), decode(json.dumps(document))) == trace.run
    last: dict[str, Json] = document["steps"][-1]
    return last


def test_a_restart_from_an_old_version_is_stored_with_its_version() -> None:
    last = stored_last_step(STALE, "user.step(p = p1)", "kubelet(n1) sees", "kubelet(n1).live", OLD)
    assert last["choices"] == [{"name": "events of Pod behind", "value": "1"}]
    assert last["stale_starts"] == [{"kind": "Pod", "behind": 1}]


def test_the_order_of_the_events_of_a_loop_is_stored() -> None:
    last = stored_last_step(LOOP, "drain.all")
    assert last["choices"] == [{"name": "event", "value": "p1"}, {"name": "event", "value": "p2"}]
    assert last["last_events"] == [{"kind": "Pod", "objects": ["p2", "p1"]}]


def test_no_hidden_state_is_shown() -> None:
    trace = played(RUNS, "c.run(p = p1)")
    assert trace.initial.variables == ()
    assert trace.last.variables == ()
    assert trace.steps[0].changes == ()


def test_a_single_step_in_words() -> None:
    trace = played(LAG, "user.step(p = p1)", "kubelet(n1) sees")
    move = trace.run.moves[1]
    before = trace.run.moves[0].state
    assert before is not None
    assert describe_step(system(LAG + ANYTHING), before, move.taken) == "kubelet(n1) sees an event of Pod"
