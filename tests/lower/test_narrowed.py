"""What the text shows not to be none, and a view or the store has as none anyway: the read fails, in every engine."""

from __future__ import annotations

import pytest

from kspec.check.check import check_system
from kspec.check.options import CheckOptions, Engine
from kspec.check.verdicts import Verdict
from tests.lower.texts import Stepper, system

KINDS = """
kind Node { ready: bool = true }
kind Pod { node: Node? = none  ok: bool = false }
"""
CLUSTER = "\ncluster one { Node n1  Pod p1 }"

OWN_WRITE = """
component scheduler {
  watches Pod lag 1
  action bind(p: Pod, n: Node) when p.node == none { p.node = n  if p.node.ready { p.ok = true } }
}
"""
FRESH = """
component kubelet {
  watches Pod lag 1
  action look(p: Pod) when p.node != none when fresh(p.node.ready) { p.ok = true }
}
environment { action bind(p: Pod, n: Node) when p.node == none at most 1 { p.node = n }
              action unbind(p: Pod) when p.node != none at most 1 { p.node = none } }
"""
SEEN_BY = """
component kubelet { watches Pod lag 1  action look(p: Pod) when p.node != none { p.ok = true } }
environment { action bind(p: Pod, n: Node) when p.node == none { p.node = n } }
invariant Seen: forall p: Pod: p.node != none implies seen by kubelet: p.node.ready
"""


def test_an_own_write_that_the_view_does_not_have_yet() -> None:
    steps = Stepper(KINDS + OWN_WRITE + CLUSTER)
    assert steps.outcomes("bind") == ["failing: LiveReferences: Pod.node is none here, where it is read again"]


def test_without_a_view_the_body_reads_its_own_write() -> None:
    steps = Stepper(KINDS + OWN_WRITE.replace("watches Pod lag 1", "") + CLUSTER)
    assert steps.outcomes("bind") == ["stepped"]


def test_the_store_has_lost_what_the_view_still_shows() -> None:
    steps = Stepper(KINDS + FRESH + CLUSTER)
    for action in ("bind", "deliver Pod", "unbind"):
        assert steps.step(action) == "stepped"
    assert steps.outcomes("look") == ["failing: LiveReferences: Pod.node is none here, where it is read again"]


@pytest.mark.parametrize("text", [OWN_WRITE, FRESH, SEEN_BY])
@pytest.mark.parametrize("engine", Engine)
def test_every_engine_finds_it(text: str, engine: Engine) -> None:
    result = check_system(system(KINDS + text + CLUSTER), CheckOptions(engine=engine, depth=4))
    verdicts = {found.name: found.verdict for found in result.properties}
    assert verdicts["LiveReferences"] is Verdict.VIOLATED
