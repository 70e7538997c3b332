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
    assert document["audits"][2]["reason"] == "it has nothing to lose, and no action makes two requests"


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


@pytest.mark.parametrize("option", [["--checkpoint", "saved"], ["--trace", "bad.json"], ["--witness"]])
def test_options_of_one_check_are_refused(kspec: Kspec, write: Write, option: list[str]) -> None:
    ended = kspec("check", write("model.kspec", MODEL), "--crash", "1", *option)
    assert ended.code == 2
    assert f"KS903: {option[0]} is not for --lag and --crash" in ended.err
