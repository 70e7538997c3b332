"""`kspec simulate`: options, formats, exit codes, stored traces."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.cli.conftest import COUNTER, PODS, Ended
from tests.schemas import schema, validator

Kspec = Callable[..., Ended]
Write = Callable[[str, str], Path]


def documents(ended: Ended) -> list[dict[str, Any]]:
    """The JSON objects on stdout, each of which must fit the schema."""
    found = [json.loads(line) for line in ended.out.splitlines()]
    for document in found:
        validator("simulate-1").validate(document)
    return found


def test_a_violation_is_told_and_stored_and_replays(kspec: Kspec, write: Write) -> None:
    ended = kspec("simulate", write("counter.kspec", COUNTER), "--runs", "3", "--depth", "9", "--trace", "bad.json")
    assert ended.code == 1
    assert "Small is violated after 4 steps" in ended.out
    assert "note: the violation of Small is in bad.json" in ended.err
    assert kspec("replay", "bad.json").code == 0
    validator("trace-1").validate(json.loads(Path("bad.json").read_text(encoding="utf-8")))


def test_json(kspec: Kspec, write: Write) -> None:
    path = write("counter.kspec", COUNTER)
    ended = kspec("simulate", path, "--runs", "3", "--depth", "9", "--seed", "7", "--format", "json")
    (document,) = documents(ended)
    assert (document["schema"], document["exit_code"]) == ("kspec-simulate/1", 1)
    found = document["simulation"]
    assert (found["runs"], found["depth"], found["seed"], found["done"], found["steps"]) == (3, 9, 7, 3, 15)
    assert found["ends"] == {"full": 0, "quiet": 3, "cut": 0, "failing": 0}
    assert found["seen"] == [
        {"name": "Small", "runs": 3, "mean_steps": 4.0, "least_steps": 4},
        {"name": "Three", "runs": 3, "mean_steps": 3.0, "least_steps": 3},
    ]
    assert found["actions"] == {"environment.tick": 15}


def test_json_of_what_cannot_be_simulated(kspec: Kspec, write: Write) -> None:
    (wrong,) = documents(kspec("simulate", write("wrong.kspec", "kind {"), "--format", "json"))
    assert wrong["exit_code"] == 2
    (usage,) = documents(kspec("simulate", "--runs", "0", "wrong.kspec", "--format=json"))
    assert usage["diagnostics"][0]["code"] == "KS905"


def test_the_schema_has_everything_but_the_search_in_common_with_that_of_checks() -> None:
    simulate, check = (schema(name)["$defs"] for name in ("simulate-1", "check-1"))
    assert simulate.keys() - check.keys() == {"simulation"}
    assert {name: simulate[name] for name in simulate.keys() & check.keys()} == {
        name: check[name] for name in simulate.keys() & check.keys()
    }


def test_clusters_and_overrides(kspec: Kspec, write: Write) -> None:
    path = write("pods.kspec", PODS)
    found = documents(kspec("simulate", path, "--cluster", "all", "--runs", "2", "--format", "json"))
    assert [document["cluster"] for document in found] == ["small", "larger"]
    (document,) = documents(kspec("simulate", path, "--scope", "Pod=3", "--runs", "2", "--format", "json"))
    assert document["simulation"]["actions"] == {"scheduler.bind": 6}
    ended = kspec("simulate", write("counter.kspec", COUNTER), "-D", "LAST=3")
    assert (ended.code, "bounded (1,000 runs of at most 100 steps)" in ended.out) == (0, True)
    assert kspec("simulate", "counter.kspec", "-D", "LAST=3", "--strict").code == 3


def test_the_seed_decides_and_the_number_of_workers_does_not(kspec: Kspec, write: Write) -> None:
    path = write("pods.kspec", PODS)

    def simulation(*arguments: str) -> dict[str, Any]:
        (found,) = documents(kspec("simulate", path, "--cluster", "larger", "--format", "json", *arguments))
        del found["seconds"], found["simulation"]["seconds"]
        return found

    assert simulation("--workers", "1") == simulation("--workers", "3")
    assert simulation("--seed", "1") == simulation()
    assert simulation("--seed", "2")["simulation"]["seed"] == 2
