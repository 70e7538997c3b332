"""What the text shows not to be none, and an audited component sees as none: the read fails, in every engine."""

from __future__ import annotations

import pytest

from kspec.audit.change import Change
from kspec.check.check import check_system
from kspec.check.options import CheckOptions, Engine
from kspec.check.verdicts import Verdict
from kspec.system.system import System
from tests.audit.texts import audits, changed_system
from tests.lower.texts import system

KINDS = """
kind Node { ready: bool = true }
kind Pod { node: Node? = none  ok: bool = false }
"""
CLUSTER = "\ncluster one { Node n1  Pod p1 }"

OWN_WRITE = """
component scheduler {
  action bind(p: Pod, n: Node) when p.node == none { p.node = n  if p.node.ready { p.ok = true } }
}
"""
BETWEEN = """
component scheduler {
  action bind(p: Pod, n: Node) when p.node != none when n.ready { n.ready = false  if p.node.ready { p.ok = true } }
}
environment {
  action set_node(p: Pod, n: Node) when p.node == none { p.node = n }
  action unset_node(p: Pod) when p.node != none { p.node = none }
}
"""


def verdict(of: System, engine: Engine) -> Verdict:
    result = check_system(of, CheckOptions(engine=engine, depth=4))
    return next(found.verdict for found in result.properties if found.name == "LiveReferences")


def lagging(text: str) -> Change:
    return audits(KINDS + text + CLUSTER, lag=1)["scheduler"]


def crashing(text: str) -> Change:
    return audits(KINDS + text + CLUSTER, crash=1)["scheduler"]


@pytest.mark.parametrize("engine", Engine)
@pytest.mark.parametrize("change", [lagging(OWN_WRITE), crashing(BETWEEN)], ids=["lag", "crash"])
def test_every_engine_finds_it(change: Change, engine: Engine) -> None:
    assert verdict(changed_system(change), engine) is Verdict.VIOLATED


@pytest.mark.parametrize("text", [OWN_WRITE, BETWEEN])
def test_the_model_as_it_is_reads_what_it_wrote(text: str) -> None:
    assert verdict(system(KINDS + text + CLUSTER), Engine.PLAIN) is Verdict.HOLDS


def test_the_failure_says_what_is_none() -> None:
    result = check_system(changed_system(lagging(OWN_WRITE)), CheckOptions(engine=Engine.PLAIN))
    trace = next(found.trace for found in result.properties if found.name == "LiveReferences")
    assert trace is not None
    assert trace.failure is not None
    assert trace.failure.message == "Pod.node is none here, where it is read again"
