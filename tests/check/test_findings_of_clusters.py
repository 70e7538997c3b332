"""Findings about actions that no text spells out, and about requests that are refused."""

from __future__ import annotations

from kspec.check.check import check_system
from kspec.check.options import CheckOptions, Engine
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


def findings() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for finding in check_system(system(MODEL), CheckOptions(engine=Engine.PLAIN)).findings:
        found.setdefault(finding.code, []).append(finding.message)
    return found


def test_what_no_text_spells_out_is_never_called_unused() -> None:
    (unused,) = findings()["unused-action"]
    assert unused.startswith("controller.never never fires")


def test_refused_requests_are_told_with_what_was_asked_and_the_results_they_can_have() -> None:
    assert findings()["refused-request"] == [
        "a request of controller.mark, when it goes on, is refused: update Pod (missing or conflict)"
    ]
