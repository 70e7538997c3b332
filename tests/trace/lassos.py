"""A cluster in which a job may wait for ever, runs of it, and what they show."""

from __future__ import annotations

from dataclasses import replace

from kspec.system.properties import Property, PropertyKind
from kspec.system.spans import NOWHERE
from kspec.system.system import System
from kspec.system.temporal import Always, Eventually, Formula, LeadsTo, Temporal
from tests.evaluate.lassos import looping, stopping, two_sides
from tests.lower.texts import system

JOBS = """
kind Node { ready: bool = true }
kind Job { node: Node? = none }

component controller { fair action make() when count(j: Job) < 1 { create Job {} } }
component scheduler { fair action bind(j: Job, n: Node) when j.node == none when n.ready { j.node = n } }
component agent per n: Node {
  fair action finish(j: Job) when j.node == n and n.ready { delete j }
}
environment {
  action down(n: Node) when n.ready { n.ready = false }
  action up(n: Node) when not n.ready { n.ready = true }
  action drop(j: Job) { delete j }
}

invariant Sides: forall j: Job: j.node == none implies j.node != none
reachable Busy: exists j: Job: j.node != none
cluster small { Node n1  Job at most 1 }
"""
_PLAIN = system(JOBS)
(JOB,), _WAITS, _BOUND = two_sides(_PLAIN, "Sides")


def _about_runs(name: str, formula: Formula, *, tracked: bool = True) -> Property:
    return Property(PropertyKind.TEMPORAL, name, None, NOWHERE, Temporal((JOB,) if tracked else (), formula))


BINDS = _about_runs("Binds", LeadsTo(_WAITS, _BOUND))
STAYS = _about_runs("Stays", Eventually(Always(_BOUND)))
S: System = replace(_PLAIN, properties=(*_PLAIN.properties, BINDS, STAYS))

STOPPED = stopping(S, "controller.make", "environment.down")
"""The only node is down: the job waits."""
FLAPPING = looping(S, ("controller.make",), "environment.down", "environment.up")
"""The node comes and goes, and the job waits."""
RENEWED = looping(S, ("controller.make",), "scheduler.bind", "agent(n1).finish", "controller.make")
"""Each job is done and gone."""
DROPPED = looping(S, (), "controller.make", "environment.drop")
"""Each job is dropped before it is bound."""
