"""Findings about actions that no text spells out, and about requests that are refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from kspec.check.check import check_system
from kspec.check.options import CheckOptions, Engine
from kspec.language.load import load_model
from kspec.lower.lower import lower
from tests.lower.texts import system

MODEL = """
kind Pod { ready: bool = false }
component user { action drop(p: Pod) { delete p } }
component controller {
  watches Pod lag 1
  loses events at most 0
  crashes at most 0
  var last: Pod? = none
  process mark(p: Pod) when not p.ready { let x = get p  yield  update x { ready = true } }
  process never(p: Pod) when p.ready and not p.ready { yield }
}
cluster small { Pod p1 }
"""


UNREACHABLE = """
kind Pod { phase: 0..3 = 0 }
component kubelet {
  disconnects at most 1
  action bump(p: Pod) when p.phase < 3 { p.phase += 1 }
}
cluster one { Pod p1 }
"""

EVICTION = """
kind Pod { ready: bool = true }
var known: set Pod = {}
request evict(p: Pod) when count(q: Pod where q.ready) > 1 { p.ready = false }
component drain {
  action note(p: Pod) when not p in known { known += {p} }
  action ask(p in known) { evict(p) @ }
}
component user { action drop(p: Pod) { delete p } }
cluster three { Pod exactly 3 }
"""

KEPT = """
kind Pod
var last: Pod? = none
component maker {
  action make when last == none { last = create Pod {} }
  action again when last != none and not alive(last) and count(p: Pod) == 0 { create Pod {} }
}
component user { action drop(p: Pod) { delete p } }
cluster one { Pod at most 1 }
cluster two { Pod at most 2 }
cluster three { Pod at most 3 }
"""

EXCHANGING = """
kind Version
kind Config { version: Version }
component user {
  action edit(c: Config) {
    let before = c.version
    c.version = create Version { }
    delete before
  }
}
component reader per c: Config {
  var loaded: Version? = none
  action load when loaded != c.version { loaded = c.version }
}
cluster three { Version v1  Config app { version = v1 }  Version at most 3 }
cluster two extends three { Version at most 2 }
cluster four extends three { Version at most 4 }
"""

LIBRARY = """
kind Pod { running: bool = true }
kind Claim { pod: Pod? = none }
component starter {
  action start(p: Pod) when not p.running { p.running = true }
  action claim(c: Claim, p: Pod) when c.pod == none { c.pod = p }
}
"""

MAIN = """
var asked: bool = false
environment { action ask when not asked { asked = true } }
cluster one { Pod p1 }
"""

FAILING = """
kind Pod { phase: 0..1 = 0 }
component tester {
  action refuse(p: Pod) when p.phase == 1 { assert false }
  action wait(p: Pod) when p.phase == 0 and p.phase == 1 { p.phase = 0 }
}
component kubelet { action start(p: Pod) when p.phase == 0 { p.phase = 1 } }
cluster one { Pod p1 }
"""

ENGINES = pytest.mark.parametrize("engine", [Engine.PLAIN, Engine.EXPLORE])


def findings(text: str = MODEL, engine: Engine = Engine.PLAIN, cluster: str | None = None) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for finding in check_system(system(text, cluster), CheckOptions(engine=engine)).findings:
        found.setdefault(finding.code, []).append(finding.message)
    return found


def never(path: Path, engine: Engine) -> list[str]:
    loaded = load_model(path)
    assert loaded.model is not None
    lowered = lower(loaded.model, "one").system
    assert lowered is not None
    found = check_system(lowered, CheckOptions(engine=engine)).findings
    return [finding.message for finding in found if finding.code in ("unused-action", "dead-clause")]


def test_what_no_text_spells_out_is_never_called_unused() -> None:
    (unused,) = findings()["unused-action"]
    assert unused.startswith("controller.never never fires")


def test_refused_requests_are_told_with_what_was_asked_and_the_results_they_had() -> None:
    assert findings()["refused-request"] == [
        "a request of controller.mark, when it goes on, is refused: update Pod (missing or conflict)"
    ]


@ENGINES
def test_only_results_that_a_request_had_are_told(engine: Engine) -> None:
    """While it is cut off it might see a pod that is gone; but then it cannot ask for anything."""
    assert findings(UNREACHABLE, engine)["refused-request"] == [
        "a request of kubelet.bump is refused: update Pod (unreachable)"
    ]


@ENGINES
def test_what_a_handler_is_for_is_no_finding(engine: Engine) -> None:
    text = UNREACHABLE.replace("p.phase += 1", "p.phase += 1 on unreachable { }")
    assert "refused-request" not in findings(text, engine)


@ENGINES
@pytest.mark.parametrize(
    ("handler", "told"),
    [
        ("", ["a request of drain.ask is refused: evict (denied or missing)"]),
        ("on denied { return }", ["a request of drain.ask is refused: evict (missing)"]),
        ("on denied, missing { return }", []),
    ],
)
def test_results_of_a_declared_request_are_told_as_its_own(engine: Engine, handler: str, told: list[str]) -> None:
    assert findings(EVICTION.replace("@", handler), engine).get("refused-request", []) == told


@ENGINES
def test_deleted_objects_that_are_kept_take_room(engine: Engine) -> None:
    assert not findings(KEPT, engine, "two").keys() & {"unused-room", "blocked-create"}
    assert findings(KEPT, engine, "three")["unused-room"] == ["room for 3 Pod, and never more than 2 in use at once"]


@ENGINES
def test_what_a_step_creates_needs_room_beside_what_it_frees(engine: Engine) -> None:
    """Two versions are in use before and after each step; with room for two, the second edit would find none."""
    found = findings(EXCHANGING, engine, "two")
    assert found["blocked-create"] == ["user.edit finds no room for a Version (Version at most 2), first after 2 steps"]
    assert not findings(EXCHANGING, engine, "three").keys() & {"unused-room", "blocked-create"}
    assert findings(EXCHANGING, engine, "four")["unused-room"] == [
        "room for 4 Version, and never more than 2 in use at once"
    ]


@ENGINES
def test_a_create_that_finds_no_room_is_not_told_twice(engine: Engine) -> None:
    found = findings(KEPT, engine, "one")
    assert found["blocked-create"] == ["maker.again finds no room for a Pod (Pod at most 1), first after 2 steps"]
    assert not found.keys() & {"unused-room", "unused-action"}


@ENGINES
def test_an_action_whose_steps_all_fail_is_not_called_unused(engine: Engine) -> None:
    found = findings(FAILING, engine)
    (failing,) = found["failing-action"]
    assert failing.startswith("every step of tester.refuse fails")
    assert found["unused-action"] == ["tester.wait never fires: its clause 1 never holds"]


@ENGINES
def test_what_is_imported_from_another_folder_may_have_more_than_the_model_needs(
    engine: Engine, tmp_path: Path
) -> None:
    (tmp_path / "pyproject.toml").touch()
    library, beside, model = (tmp_path / name for name in ("library/pods.kspec", "model/pods.kspec", "model/one.kspec"))
    for path, text in ((library, LIBRARY), (beside, LIBRARY), (model, 'import "../library/pods.kspec"\n' + MAIN)):
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert never(model, engine) == []
    model.write_text('import "pods.kspec"\n' + MAIN, encoding="utf-8")
    assert never(model, engine) == [
        "starter.start never fires: its clause 1 never holds",
        "the `when` clause 1 of starter.start never holds",
        "starter.claim never fires: there is nothing to do it with",
    ]
