"""Audits of lag give the model that has the watches written in it."""

from __future__ import annotations

import pytest

from kspec.audit.change import Change
from tests.audit.texts import audits, same

TEXT = """
kind Zone
kind Node { const capacity: 0..2  const zone: Zone  ready: bool = true }
kind Pod { node: Node? = none  known: bool = false }
def used(n: Node): int = count(p: Pod where p.node == n)
component scheduler {
  @scheduler
  action bind(p: Pod, n: Node) when p.node == none when n.ready and used(n) < n.capacity { p.node = n }
}
component kubelet per n: Node {
  @kubelet
  action look(p: Pod) when p.node == n and not p.known { p.known = true }
}
component clock { var late: bool = false  action tick() when not late { late = true } }
environment { action down(n: Node) when n.ready at most 1 { n.ready = false } }
invariant NoOvercommit: forall n: Node: used(n) <= n.capacity
cluster one { Zone a  Node n1, n2 { capacity = 1  zone = a }  Pod p1, p2 }
"""


def written(**clauses: str) -> str:
    text = TEXT
    for component in ("scheduler", "kubelet"):
        text = text.replace(f"@{component}", clauses.get(component, ""))
    return text


def audited(component: str, lag: int, **clauses: str) -> Change:
    return audits(written(**clauses), lag=lag)[component]


@pytest.mark.parametrize("lag", [1, 2])
def test_a_component_that_reads_two_kinds(lag: int) -> None:
    change = audited("scheduler", lag)
    assert change.adds == (f"watches Node, Pod lag {lag}",)
    assert same(change, written(scheduler=f"watches Node, Pod lag {lag}"))
    assert not same(change, written())


def test_a_component_with_instances() -> None:
    change = audited("kubelet", 1)
    assert change.adds == ("watches Pod lag 1",)
    assert same(change, written(kubelet="watches Pod lag 1"))


def test_what_is_watched_already_stays_as_it_is() -> None:
    change = audited("scheduler", 1, scheduler="watches Pod lag 2")
    assert change.adds == ("watches Node lag 1",)
    assert same(change, written(scheduler="watches Pod lag 2  watches Node lag 1"))


@pytest.mark.parametrize("clause", ["watches Pod lag 0", "watches Pod lag LAG"])
def test_a_watch_without_lag_reads_the_store(clause: str) -> None:
    constant = "const LAG: 0..2 = 0\n"
    change = audits(constant + written(scheduler=clause), lag=1)["scheduler"]
    assert change.adds == ("watches Node, Pod lag 1",)
    assert same(change, written(scheduler="watches Node, Pod lag 1"))


def test_a_lag_is_that_of_the_cluster() -> None:
    constant = "const LAG: 0..2 = 2\n"
    change = audits(constant + written(scheduler="watches Pod lag LAG"), lag=1)["scheduler"]
    assert change.adds == ("watches Node lag 1",)
    assert same(change, written(scheduler="watches Pod lag 2  watches Node lag 1"))


def test_nothing_to_audit() -> None:
    found = audits(written(scheduler="watches Pod, Node lag 1"), lag=1)
    assert list(found) == ["scheduler", "kubelet", "clock"]
    assert found["scheduler"].model is None
    assert found["scheduler"].reason == "it watches everything that it reads"
    assert found["clock"].model is None
    assert found["clock"].reason == "it reads no kind whose objects change, and variables are not watched"


def test_what_only_get_looks_at_is_read() -> None:
    text = """
single kind Budget { used: 0..2 = 0 }
component controller { action spend() { let b = get Budget  update b { used = 1 } on conflict { return } } }
environment { action reset() when Budget.used == 1 at most 1 { Budget.used = 0 } }
cluster one {}
"""
    change = audits(text, lag=1)["controller"]
    assert change.adds == ("watches Budget lag 1",)
    assert same(change, text.replace("controller {", "controller { watches Budget lag 1 "))


def test_the_file_expects_nothing_of_an_audited_model() -> None:
    change = audits(TEXT.replace("@scheduler", "").replace("@kubelet", "") + "\nexpect states 9 in one\n", lag=1)
    model = change["scheduler"].model
    assert model is not None
    assert model.expectations == ()
