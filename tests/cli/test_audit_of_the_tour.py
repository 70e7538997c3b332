"""What the tour says of `--lag 1`: it names the replication controller, and `reads own writes` is the repair."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Ended
from tests.shipped import MODELS

Kspec = Callable[..., Ended]

PART = "08_replication_controller.kspec"
WATCHES = "watches Pod lag LAG\n"
SETTLED = {"holds", "proved"}


@pytest.fixture
def repaired(tmp_path: Path) -> Path:
    """The part with `reads own writes` where its text says to write it."""
    (tmp_path / "pyproject.toml").touch()
    shutil.copytree(MODELS / "kubernetes", tmp_path / "kubernetes")
    (tmp_path / "tour").mkdir()
    text = (MODELS / "tour" / PART).read_text(encoding="utf-8")
    assert text.count(WATCHES) == 1
    model = tmp_path / "tour" / PART
    model.write_text(text.replace(WATCHES, f"{WATCHES}  reads own writes\n"), encoding="utf-8")
    return model


def test_a_late_watch_of_the_replication_controller_makes_surplus_pods(kspec: Kspec) -> None:
    ended = kspec("check", MODELS / "tour" / PART, "--lag", "1")
    assert ended.code == 1
    assert "audit  replication_controller  lag 1\n  + watches Pod, ReplicaSet lag 1\n" in ended.out
    assert "NoSurplus is violated with replication_controller, lag 1 after 3 steps" in ended.out
    assert "pod2  not seen by replication_controller, in the store\n       + pod3 (owner = web)" in ended.out
    blamed = "\naudit failed: replication_controller, lag 1: NoSurplus violated, Converges violated\n"
    assert ended.out.endswith(blamed)


def test_a_controller_that_reads_its_own_writes_passes(kspec: Kspec, repaired: Path) -> None:
    ended = kspec("check", repaired, "--lag", "1", "--format", "json")
    audits = json.loads(ended.out)["audits"]
    assert ended.code == 0
    assert [audit["component"] for audit in audits] == ["replication_controller", "kubelet"]
    for audit in audits:
        assert {found["verdict"] for found in audit["properties"]} <= SETTLED


def test_it_passes_in_the_cluster_in_which_the_watch_is_late_too(kspec: Kspec, repaired: Path) -> None:
    ended = kspec("check", repaired, "--cluster", "what_if_the_watch_is_late", "--format", "json")
    assert {found["verdict"] for found in json.loads(ended.out)["properties"]} <= SETTLED
