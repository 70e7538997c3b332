"""A cluster in which a job may wait for ever, runs of it, and what they show."""

from __future__ import annotations

from tests.evaluate.lassos import looping, stopping
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

property Binds: forall j: Job: j.node == none leads to j.node != none
property Stays: forall j: Job: eventually always j.node != none
property Gone: forall j: Job: always not gone(j)
reachable Busy: exists j: Job: j.node != none
cluster small { Node n1  Job at most 1 }
"""
S = system(JOBS)
BINDS, STAYS, GONE = (
    next(found for found in S.properties if found.name == name) for name in ("Binds", "Stays", "Gone")
)

STOPPED = stopping(S, "controller.make", "environment.down")
"""The only node is down: the job waits."""
FLAPPING = looping(S, ("controller.make",), "environment.down", "environment.up")
"""The node comes and goes, and the job waits."""
RENEWED = looping(S, ("controller.make",), "scheduler.bind", "agent(n1).finish", "controller.make")
"""Each job is done and gone."""
DROPPED = looping(S, (), "controller.make", "environment.drop")
"""Each job is dropped before it is bound."""
