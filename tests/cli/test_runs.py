"""Properties about runs on the command line: JSON, stored runs, audits, hash seeds."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Ended
from tests.schemas import validator

ROOT = Path(__file__).parents[2]
Kspec = Callable[..., Ended]
Write = Callable[[str, str], Path]

FLAPPING = """\
kind Node { ready: bool = true }
kind Pod { node: Node? = none }
component scheduler { fair action bind(p: Pod, n: Node) when p.node == none and n.ready { p.node = n } }
environment {
  action down(n: Node) when n.ready { n.ready = false }
  fair action up(n: Node) when not n.ready { n.ready = true }
}
property Bound: forall p: Pod: eventually p.node != none
cluster small { Node n1, n2  Pod p1, p2 }
"""
NO_ROOM = """\
kind Pod { up: bool = false }
environment {
  action make { create Pod {} }
  fair action flip(p: Pod) { p.up = not p.up }
}
property Up: forall p: Pod: eventually always p.up
cluster small { Pod a  Pod at most 1 }
"""
TWO_REQUESTS = """\
kind Pod { noted: bool = false }
kind Report { done: bool = false }
component worker { fair action report(p: Pod, r: Report) when not p.noted { p.noted = true  r.done = true } }
property Reported: forall r: Report: eventually always r.done
cluster small { Pod p  Report r }
"""


def document(ended: Ended) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(ended.out)
    validator("check-1").validate(found)
    return found


def of(document: dict[str, Any], name: str) -> dict[str, Any]:
    (found,) = (found for found in document["properties"] if found["name"] == name)
    return dict(found)


@pytest.mark.parametrize(
    ("text", "name", "verdict", "code"), [(FLAPPING, "Bound", "violated", 1), (NO_ROOM, "Up", "unknown", 3)]
)
def test_json_has_the_loop(kspec: Kspec, write: Write, text: str, name: str, verdict: str, code: int) -> None:
    """Also of a run that may owe its loop to a step for which there is no room."""
    ended = kspec("check", write("model.kspec", text), "--format", "json")
    found = of(document(ended), name)
    assert ended.code == code
    assert (found["verdict"], found["reason"]) == (verdict, "room" if verdict == "unknown" else "")
    assert found["trace"]["loop"] is not None


def test_a_stored_lasso_replays(kspec: Kspec, write: Write) -> None:
    model = write("model.kspec", FLAPPING)
    checked = kspec("check", model, "--trace", "lasso.json")
    assert checked.code == 1
    told = checked.out[checked.out.index("  start\n") : checked.out.index("failed:")]
    ended = kspec("replay", "lasso.json")
    assert (ended.code, ended.err) == (0, "")
    assert told.strip() in ended.out


def test_a_stored_lasso_of_a_model_that_became_fair_does_not(kspec: Kspec, write: Write) -> None:
    kspec("check", write("model.kspec", FLAPPING), "--trace", "lasso.json")
    write("model.kspec", FLAPPING.replace("{ fair action bind", "{ strongly fair action bind"))
    ended = kspec("replay", "lasso.json")
    assert ended.code == 1
    assert "KS902: every step can be taken, but `Bound` is not violated by the run" in ended.err


def test_an_audit_tells_what_happens_no_more(kspec: Kspec, write: Write) -> None:
    found = document(
        kspec("check", write("model.kspec", TWO_REQUESTS), "--crash", "1", "--lag", "1", "--format", "json")
    )
    assert of(found, "Reported")["verdict"] == "holds"
    assert {audit["fault"]: audit["broken"] for audit in found["audits"]} == {"crash": ["Reported"], "lag": []}


@pytest.mark.parametrize("arguments", ["--engine plain", "--workers 1", "--workers 2"])
def test_hash_seeds_change_no_lasso(write: Write, tmp_path: Path, arguments: str) -> None:
    model = write("model.kspec", FLAPPING)

    def told(seed: int) -> str:
        command = [sys.executable, "-m", "kspec.cli.main", "check", str(model), *arguments.split()]
        environment = {
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "PYTHONHASHSEED": str(seed),
            "XDG_CACHE_HOME": str(tmp_path / str(seed)),
        }
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        return done.stdout[done.stdout.index("Bound is violated by a run") :]

    assert told(1) == told(2)
