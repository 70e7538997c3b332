"""`kspec check --lag` and `--crash`: exit codes, JSON, several clusters, what cannot be audited."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Ended
from tests.schemas import validator

Kspec = Callable[..., Ended]
Write = Callable[[str, str], Path]

MODEL = """
kind Node { const capacity: 0..2 }
kind Pod { node: Node? = none  marked: bool = false }
def used(n: Node): int = count(p: Pod where p.node == n)
component scheduler {
  action bind(p: Pod, n: Node) when p.node == none when used(n) < n.capacity { p.node = n }
}
component marker {
  action swap(p: Pod, q: Pod) when p != q when p.marked and not q.marked { p.marked = false  q.marked = true }
}
invariant NoOvercommit: forall n: Node: used(n) <= n.capacity
invariant OneMarked: exactly one p: Pod: p.marked
cluster two { Node n1 { capacity = 1 }  Pod p1 { marked = true }  Pod p2 }
cluster one { Node n1 { capacity = 1 }  Pod p1 { marked = true } }
"""


def documents(ended: Ended) -> list[dict[str, Any]]:
    """The JSON objects on stdout, each of which must fit the schema."""
    found = [json.loads(line) for line in ended.out.splitlines()]
    for document in found:
        validator("check-1").validate(document)
    return found


def broken(document: dict[str, Any]) -> dict[tuple[str, str], list[str]]:
    return {(audit["component"], audit["fault"]): audit["broken"] for audit in document["audits"]}


@pytest.mark.parametrize("engine", ["auto", "explore", "plain", "bmc"])
def test_each_component_has_its_own_faults(kspec: Kspec, write: Write, engine: str) -> None:
    model = write("model.kspec", MODEL)
    ended = kspec("check", model, "--lag", "1", "--crash", "1", "--format", "json", "--engine", engine)
    (document,) = documents(ended)
    assert (ended.code, document["exit_code"]) == (1, 1)
    assert broken(document) == {
        ("scheduler", "lag"): ["NoOvercommit"],
        ("marker", "lag"): [],
        ("scheduler", "crash"): [],
        ("marker", "crash"): ["OneMarked"],
    }
    for audit in document["audits"]:
        verdicts = {found["name"]: found for found in audit["properties"]}
        assert all(verdicts[name]["trace"] is not None for name in audit["broken"])
    assert [found["verdict"] for found in document["properties"]].count("violated") == 0
    assert document["audits"][3]["split"][0]["action"] == "marker.swap"
    assert document["audits"][2]["reason"] == "it has nothing to lose, and makes no two requests in one step"


def test_what_breaks_is_told_with_its_story_last(kspec: Kspec, write: Write) -> None:
    ended = kspec("check", write("model.kspec", MODEL), "--crash", "1")
    assert "  OneMarked  proved -> violated  explore: in 1 step\n" in ended.out
    assert "OneMarked is violated with marker, crash 1 after 1 step" in ended.out
    assert ended.out.endswith("\naudit failed: marker, crash 1: OneMarked violated\n")


def test_every_cluster_is_audited(kspec: Kspec, write: Write) -> None:
    ended = kspec("check", write("model.kspec", MODEL), "--cluster", "all", "--lag", "1", "--format", "json")
    two, one = documents(ended)
    assert broken(two)["scheduler", "lag"] == ["NoOvercommit"]
    assert broken(one) == {("scheduler", "lag"): [], ("marker", "lag"): []}
    assert (ended.code, one["exit_code"]) == (1, 0)


def test_a_violation_that_was_there_before_is_no_news(kspec: Kspec, write: Write) -> None:
    text = MODEL.replace("when used(n) < n.capacity", "") + "expect violation NoOvercommit in two\n"
    ended = kspec("check", write("model.kspec", text), "--lag", "1", "--format", "json")
    (document,) = documents(ended)
    assert broken(document) == {("scheduler", "lag"): [], ("marker", "lag"): []}
    assert document["properties"][0]["expected"] is True


def test_the_limits_are_those_of_each_check(kspec: Kspec, write: Write) -> None:
    model = write("model.kspec", MODEL)
    ended = kspec("check", model, "--lag", "1", "--engine", "plain", "--max-states", "10", "--format", "json")
    (document,) = documents(ended)
    assert [audit["exploration"]["limit"] for audit in document["audits"]] == ["states", "states"]
    assert "NoOvercommit" in document["audits"][1]["open"]
    assert "NoOvercommit" not in document["audits"][1]["broken"]


def test_what_cannot_be_audited_is_unknown(kspec: Kspec, write: Write) -> None:
    model = write("model.kspec", MODEL)
    ended = kspec("check", model, "--lag", "17", "--format", "json")
    (document,) = documents(ended)
    assert ended.code == 3
    assert all("KS602" in audit["reason"] for audit in document["audits"])
    assert "cannot be checked" in kspec("check", model, "--lag", "17").out


def test_a_checkpoint_is_of_one_search(kspec: Kspec, write: Write) -> None:
    ended = kspec("check", write("model.kspec", MODEL), "--crash", "1", "--checkpoint", "saved")
    assert ended.code == 2
    assert "KS903: --checkpoint is for one search, and --lag and --crash make many" in ended.err


def test_runs_of_audits_are_stored_under_their_names_and_replayed(kspec: Kspec, write: Write) -> None:
    model = write("model.kspec", MODEL + "invariant Free: forall p: Pod: p.node == none\n")
    stored = model.with_name("run.json")
    ended = kspec("check", model, "--lag", "1", "--crash", "1", "--trace", stored)
    assert ended.code == 1
    late, torn = model.with_name("run-scheduler-lag-1.json"), model.with_name("run-marker-crash-1.json")
    assert sorted(model.parent.glob("*.json")) == sorted([stored, late, torn])
    assert f"the violation of NoOvercommit with scheduler, lag 1 is in {late}" in ended.err
    for path, head in (
        (stored, "Free is violated as stored: 1 step"),
        (late, "NoOvercommit is violated as stored: 2 steps"),
        (torn, "OneMarked is violated as stored: 1 step"),
    ):
        validator("trace-1").validate(json.loads(path.read_text(encoding="utf-8")))
        replayed = kspec("replay", path)
        assert replayed.code == 0
        assert replayed.out.startswith(head)
    assert "cluster two, with scheduler, lag 1\n" in kspec("replay", late).out


@pytest.mark.parametrize(
    ("audit", "told"),
    [
        ({"component": "nobody", "fault": "lag", "number": 1}, "no component to audit with nobody, lag 1"),
        ({"component": "scheduler", "fault": "crash", "number": 1}, "no component to audit with scheduler, crash 1"),
        ({"component": "scheduler", "fault": "flood", "number": 1}, "no component to audit with scheduler, flood 1"),
        ({"component": "scheduler", "fault": "lag", "number": -1}, "`number` of `audit` of the trace is no count"),
        ({"component": "scheduler", "fault": "lag", "number": True}, "`number` of `audit` of the trace is no count"),
    ],
)
def test_a_stored_audit_must_be_one_of_the_model(
    kspec: Kspec, write: Write, audit: dict[str, object], told: str
) -> None:
    model = write("model.kspec", MODEL)
    kspec("check", model, "--lag", "1", "--trace", model.with_name("run.json"))
    stored = model.with_name("run-scheduler-lag-1.json")
    stored.write_text(json.dumps(json.loads(stored.read_text(encoding="utf-8")) | {"audit": audit}), encoding="utf-8")
    replayed = kspec("replay", stored)
    assert replayed.code == 2
    assert told in replayed.err


def test_witnesses_are_those_of_the_model_as_it_is(kspec: Kspec, write: Write) -> None:
    model = write("model.kspec", MODEL + "reachable Bound: exists p: Pod: p.node != none\n")
    told = kspec("check", model, "--lag", "1", "--witness").out
    assert told.count("Bound is reached after 1 step") == 1
