"""The reference checker's verdicts on properties about runs, where the answer is known."""

from __future__ import annotations

from pathlib import Path

import pytest

from kspec.language.load import load_model
from tests.reference.temporal import Verdict, verdicts

ROOT = Path(__file__).parent.parent.parent
VIOLATED, HOLDS, BOUNDED = Verdict.VIOLATED, Verdict.HOLDS, Verdict.BOUNDED


def judged(folder: Path, text: str, most: int = 500) -> dict[str, Verdict]:
    path = folder / "model.kspec"
    path.write_text(text, encoding="utf-8")
    loaded = load_model(path)
    assert loaded.model is not None, [f"{found.span}: {found.message}" for found in loaded.diagnostics]
    return verdicts(loaded.model, next(iter(loaded.model.clusters)), most)


LIGHT = """
var lit: bool = false
var done: bool = false
component user { action switch() when not done { lit = not lit } }
component worker { FAIR action work() when lit and not done { done = true } }
property Done: eventually done
property DoneOnceLit: always lit implies eventually done
property DoneIfLit: (always eventually lit) implies eventually done
property Stays: done leads to always done
property Lights: eventually lit
cluster here { }
"""


@pytest.mark.parametrize(
    ("fair", "if_lit", "once_lit"),
    [("", VIOLATED, HOLDS), ("fair", VIOLATED, HOLDS), ("strongly fair", HOLDS, HOLDS)],
)
def test_weak_and_strong_fairness(tmp_path: Path, fair: str, if_lit: Verdict, once_lit: Verdict) -> None:
    found = judged(tmp_path, LIGHT.replace("FAIR", fair))
    assert found == {
        "Done": VIOLATED,
        "DoneOnceLit": once_lit,
        "DoneIfLit": if_lit,
        "Stays": HOLDS,
        "Lights": VIOLATED,
    }


def test_a_run_may_stop_only_where_nothing_fair_is_enabled(tmp_path: Path) -> None:
    text = """
    var n: 0..2 = 0
    component c { FAIR action up() when n < 2 { n = n + 1 } }
    property Top: eventually n == 2
    property Middle: eventually always n == 2
    property Moves: eventually by c
    cluster here { }
    """
    assert judged(tmp_path, text.replace("FAIR", "")) == {"Top": VIOLATED, "Middle": VIOLATED, "Moves": VIOLATED}
    assert judged(tmp_path, text.replace("FAIR", "fair")) == {"Top": HOLDS, "Middle": HOLDS, "Moves": HOLDS}


def test_steps_that_change_nothing_or_only_ghosts_take_nothing(tmp_path: Path) -> None:
    text = """
    var n: 0..1 = 0
    ghost var noted: 0..1 = 0
    component c {
      fair action still() { n = n }
      fair action note() { noted = 1 - noted }
      fair action up() when n == 0 { n = 1 }
    }
    property Up: eventually n == 1
    property Still: eventually by c.still
    property Noted: eventually by c.note
    cluster here { }
    """
    assert judged(tmp_path, text) == {"Up": HOLDS, "Still": VIOLATED, "Noted": VIOLATED}


UNITS = """
kind Pod { ready: bool = false }
component c { FAIR action toggle(p: Pod, to: bool) when p.ready != to { p.ready = to } }
property EachMoves: forall p: Pod: eventually p.ready
property SomeMoves: eventually exists p: Pod: p.ready
property EachFalls: forall p: Pod: always eventually not p.ready
cluster here { Pod p1, p2 }
"""


@pytest.mark.parametrize(
    ("fair", "each", "falls"),
    [
        ("fair", HOLDS, HOLDS),
        ("fair overall", VIOLATED, VIOLATED),
        ("fair per p", HOLDS, HOLDS),
        ("fair per to", VIOLATED, VIOLATED),
        ("", VIOLATED, VIOLATED),
    ],
)
def test_units_of_objects(tmp_path: Path, fair: str, each: Verdict, falls: Verdict) -> None:
    found = judged(tmp_path, UNITS.replace("FAIR", fair))
    assert (found["EachMoves"], found["EachFalls"]) == (each, falls)
    assert found["SomeMoves"] is (VIOLATED if fair == "" else HOLDS)


def test_a_component_instance_has_units_of_its_own(tmp_path: Path) -> None:
    text = """
    kind Node { up: bool = false }
    component agent per n: Node { fair action start() { n.up = not n.up } }
    property EachStarts: forall n: Node: eventually n.up
    cluster here { Node n1, n2 }
    """
    assert judged(tmp_path, text) == {"EachStarts": HOLDS}


PODS = """
kind Pod { KEY done: bool = false }
component c {
  action make() { create Pod { GIVEN } }
  FAIR action finish(p: Pod) when not p.done { p.done = true }
  action drop(p: Pod) { delete p }
}
property Finished: forall p: Pod: eventually p.done
property FinishedOrGone: forall p: Pod: eventually (p.done or gone(p))
property GoneForGood: forall p: Pod: always (gone(p) implies always gone(p))
property NotRevived: forall p: Pod: always (gone(p) implies always not p.done)
property AlwaysGone: forall p: Pod: eventually gone(p)
property SomeFinished: (always eventually exists p: Pod: true) implies eventually exists p: Pod: p.done
cluster here { Pod at most 1 as quota }
"""


def test_objects_that_come_and_go(tmp_path: Path) -> None:
    """Whoever drops a pod discharges its unit, and a new pod in its slot is another one."""
    text = PODS.replace("KEY", "").replace("GIVEN", "")
    assert judged(tmp_path, text.replace("FAIR", "fair")) == {
        "Finished": VIOLATED,
        "FinishedOrGone": HOLDS,
        "GoneForGood": HOLDS,
        "NotRevived": HOLDS,
        "AlwaysGone": VIOLATED,
        "SomeFinished": VIOLATED,
    }
    assert judged(tmp_path, text.replace("FAIR", ""))["FinishedOrGone"] is VIOLATED
    assert judged(tmp_path, text.replace("FAIR", "strongly fair"))["SomeFinished"] is VIOLATED


def test_a_key_outlives_its_objects(tmp_path: Path) -> None:
    text = PODS.replace("KEY", "key name: 0..0").replace("GIVEN", "name = 0")
    assert judged(tmp_path, text.replace("FAIR", "strongly fair per key p"))["SomeFinished"] is HOLDS
    assert judged(tmp_path, text.replace("FAIR", "strongly fair per p"))["SomeFinished"] is VIOLATED


TOGGLE = """
var n: 0..2 = 0
component c { fair action next_one() { n = if n == 2 then 0 else n + 1 } }
component other { action stay() { n = n } }
property NextIsOne: next n == 1 or by other
property NextNext: not by other and not next by other implies next next n == 2
property UntilOne: n == 0 until n == 1
property UntilTwo: n == 0 until n == 2
property Stepped: always (n == 1 and by c implies next n == 2)
property Rises: n == 0 leads to n == 2
property Writes: always eventually by c.next_one
property Enabled: always enabled c.next_one
property Forever: eventually always n == 0
property Stays: always (by other implies (n == 0 implies next n == 0))
property Numbers: forall k: 0..2: always eventually n == k
property Inner: always (forall k: 0..2: eventually n == k)
property SomeInner: exists k: 0..2: eventually always n == k
property Let: let k = 1: eventually n == k
cluster here { }
"""


def test_operators_and_steps(tmp_path: Path) -> None:
    violated = {"UntilTwo", "Forever", "SomeInner"}
    found = judged(tmp_path, TOGGLE)
    assert {name for name, verdict in found.items() if verdict is VIOLATED} == violated
    assert set(found.values()) == {VIOLATED, HOLDS}


ASSUMING = """
var n: 0..2 = 0
component c { action up() when n < 2 { n = n + 1 } action down() when n > 0 { n = n - 1 } }
property Top: eventually n == 2
property Bottom: always eventually n == 0
property Tautology: n == 0
cluster here { }
"""


def test_assumptions_restrict_the_runs(tmp_path: Path) -> None:
    plain = judged(tmp_path, ASSUMING)
    assert plain == {"Top": VIOLATED, "Bottom": VIOLATED, "Tautology": HOLDS}
    assert judged(tmp_path, ASSUMING + "assume Goes: eventually n == 2") == {**plain, "Top": HOLDS}
    both = ASSUMING + "assume Goes: eventually n == 2\nassume Returns: always (n == 2 implies eventually n == 0)"
    assert judged(tmp_path, both)["Bottom"] is VIOLATED
    empty = judged(tmp_path, ASSUMING + "assume Never: eventually n == 2 and always n < 2")
    assert set(empty.values()) == {Verdict.EMPTY_ASSUMPTION}


def test_an_assumption_is_about_the_whole_run(tmp_path: Path) -> None:
    """Also where the property is about an object that comes later: what was assumed may have happened before."""
    text = """
    var warm: bool = false
    kind Pod { done: bool = false }
    component c {
      action heat() when not warm and not exists p: Pod: true { warm = true }
      action make() when warm { create Pod {} }
    }
    property Done: forall p: Pod: eventually p.done
    assume Cold: not warm
    assume Heated: eventually by c.heat
    cluster here { Pod at most 1 as quota }
    """
    assert judged(tmp_path, text) == {"Done": VIOLATED}


def test_room(tmp_path: Path) -> None:
    text = """
    kind Pod { done: bool = false }
    component c { action make() { create Pod {} } FAIR action finish(p: Pod) when not p.done { p.done = true } }
    property Idle: eventually exists p: Pod: p.done
    property Finished: forall p: Pod: eventually p.done
    cluster here { Pod at most 1 }
    """
    assert judged(tmp_path, text.replace("FAIR", "")) == {"Idle": VIOLATED, "Finished": Verdict.ROOM}
    assert judged(tmp_path, text.replace("FAIR", "fair")) == {"Idle": VIOLATED, "Finished": BOUNDED}


def test_traps(tmp_path: Path) -> None:
    text = """
    var n: 0..3 = 0
    component c { action up() when n < 3 { n = n + 1 } action back() when n == 1 or n == 2 { n = 0 } }
    recoverable Zero: n == 0
    recoverable Positive: n > 0
    cluster here { }
    """
    assert judged(tmp_path, text) == {"Zero": VIOLATED, "Positive": HOLDS}


def test_a_trap_with_a_cut_state_is_a_question_of_room(tmp_path: Path) -> None:
    text = """
    kind Pod
    component c { action make() { create Pod {} } }
    recoverable NoPod: not exists p: Pod: true
    recoverable Anything: true
    cluster here { Pod at most 1 }
    """
    assert judged(tmp_path, text) == {"NoPod": Verdict.ROOM, "Anything": BOUNDED}


def test_a_process_starts_as_a_work_queue_serves(tmp_path: Path) -> None:
    """With one worker, no start is enabled all the time; yet each object that waits gets its turn."""
    text = """
    kind Pod { served: bool = false }
    component c { FAIR process serve(p: Pod) { yield  p.served = not p.served } }
    property EachServed: forall p: Pod: eventually p.served
    property SomeServed: eventually exists p: Pod: p.served
    cluster here { Pod p1, p2 }
    """
    assert judged(tmp_path, text.replace("FAIR", "fair per p")) == {"EachServed": HOLDS, "SomeServed": HOLDS}
    assert judged(tmp_path, text.replace("FAIR", "")) == {"EachServed": VIOLATED, "SomeServed": VIOLATED}


def test_events_are_delivered_in_the_end(tmp_path: Path) -> None:
    text = """
    kind Pod { ready: bool = false }
    component user { fair action set_ready(p: Pod) when not p.ready { p.ready = true } }
    component seer { watches Pod lag 1
      fair action mark(p: Pod) when p.ready and not noted { noted = true }
      var noted: bool = false
    }
    property Noted: eventually seer.noted
    cluster here { Pod p1 }
    """
    assert judged(tmp_path, text) == {"Noted": HOLDS}


def test_patterns_are_written_out(tmp_path: Path) -> None:
    text = (
        TOGGLE
        + """
    pattern Settles(P: bool): eventually always P
    pattern Twice(P: bool): eventually (P and next P)
    pattern Acts(C: component): always eventually by C
    property A: Settles(n == 0)
    property B: Twice(n == 0 or n == 1)
    property C: Acts(c)
    property D: Acts(other)
    property E: not Settles(not n == 0)
    """
    )
    found = judged(tmp_path, text)
    assert [found[name] for name in "ABCDE"] == [VIOLATED, HOLDS, HOLDS, VIOLATED, HOLDS]


@pytest.mark.parametrize(
    ("cluster", "violated"),
    [
        ("p1n1r1c1", {"Recurs"}),
        ("p1n1r1c1_quiet", set()),
        ("p2n1r2c1_quiet", {"Converges", "Recurs"}),
        ("p2n2r2c1_quiet", set()),
    ],
)
def test_the_verdicts_of_the_pods_model(cluster: str, violated: set[str]) -> None:
    model = load_model(ROOT / "models" / "pods.kspec").model
    assert model is not None
    found = verdicts(model, cluster, 500)
    assert {name for name, verdict in found.items() if verdict is VIOLATED} == violated
    assert set(found.values()) <= {VIOLATED, HOLDS}
