"""The fixes of real failures are what makes their models hold: with a part of one undone, the failure is back."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from kspec.check.options import Engine
from kspec.check.verdicts import Verdict
from tests.models.checking import check_model, violated
from tests.shipped import MODELS

# Of a repaired model: its folder, a text of it, what stands there instead, and the property that is violated then.
UNDONE = (
    ("f02_force_delete", "p.deleting = true", "delete p", "AtMostOneRunning"),
    ("f07_dead_owner_in_cache", "if not fresh(alive(j)) { return }", "", "Cleaned"),
    ("f10_forced_detach", "when n.out_of_service", "when false", "Mounted"),
    ("f10_forced_detach", " when not v in n.volumes_in_use", "", "OneWriter"),
    ("f12_nominated_node", "promised[p] = n\n", "\n", "RoomIsUsed"),
    ("f16_endless_eviction", "(replicas_on(p.owner, n) > 0 or fits(p, n))", "true", "ComesToRest"),
    ("f20_surge_feedback", "= a.target.replicas", "= if all_pods(a.target) > 1 then 2 else 1", "FollowsLoad"),
    ("f21_two_writers_of_replicas", "or caller == autoscaler", "or true", "EnoughReady"),
    ("f21_two_writers_of_replicas", "Manifest.replicas = none", "return", "Applied"),
    ("f22_pinned_to_a_tainted_node", "wants = rs.wants", "node = rs.wants", "ComesToRest"),
    ("f24_eviction_storm", "* 55", "* 70", "NoStorm"),
    ("f25_terminated_pod", "seconds[p] == 3", "seconds[p] >= 2", "RoutesServe"),
    ("f27_stuck_namespace", "ns.remaining = true", "", "Goes"),
    ("f27_stuck_namespace", "when count(p: Pod) == 0", "", "Cleaned"),
    ("f29_second_execution", "durable var started", "var started", "AtMostOnce"),
    ("f30_empty_volumes", "all_ready() and holders() == 0", "not exists p: Pod: true", "DataComesBack"),
    ("f30_empty_volumes", "all_ready() and holders() > 0", "all_ready()", "AvailableMeansData"),
    (
        "f32_starved_writer",
        "n.address = address",
        "n.address = address  n.heartbeat = read.heartbeat",
        "NothingUndone",
    ),
    ("f34_stuck_rollback", " and not p.ready", "", "OneByOne"),
    ("f34_stuck_rollback", " or p.stateful_set == s and p.revision != s.revision and not p.ready", "", "RollsBack"),
    ("f36_missed_deletion", "if not fresh(alive(n)) { dropped += {n} }", "", "Placed"),
    ("f37_interrupted_expansion", "where c.storage != Cluster.storage", "where found != none", "TemplateIsTrue"),
    ("f39_impatient_operator", "patience(): int = 3", "patience(): int = 2", "Runs"),
    ("f40_panic_cascade", "memory = 21Gi", "memory = 20Gi", "NoCascade"),
)


@pytest.mark.parametrize(("folder", "text", "instead", "claim"), UNDONE)
def test_without_a_part_of_the_fix_the_failure_is_back(
    folder: str, text: str, instead: str, claim: str, tmp_path: Path
) -> None:
    (tmp_path / "pyproject.toml").touch()
    shutil.copytree(MODELS / "kubernetes", tmp_path / "kubernetes")
    shutil.copytree(MODELS / "failures" / folder, tmp_path / "failures" / folder)
    repaired = tmp_path / "failures" / folder / "repaired.kspec"
    fixed = repaired.read_text(encoding="utf-8")
    assert text in fixed
    repaired.write_text(fixed.replace(text, instead), encoding="utf-8")
    assert claim in violated(repaired)


def test_a_pod_that_a_person_deletes_by_force_runs_twice() -> None:
    assert violated(MODELS / "failures" / "f02_force_delete" / "repaired.kspec", "forced") == {"AtMostOneRunning"}


@pytest.mark.parametrize(("folder", "cluster"), [("f07_dead_owner_in_cache", "late"), ("f27_stuck_namespace", "apart")])
def test_in_a_kinder_cluster_the_broken_model_does_not_fail(folder: str, cluster: str) -> None:
    result = check_model(MODELS / "failures" / folder / "broken.kspec", cluster, engine=Engine.AUTO).result
    assert result is not None
    assert {found.verdict for found in result.properties} <= {Verdict.HOLDS, Verdict.PROVED}
