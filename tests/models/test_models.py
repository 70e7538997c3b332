"""The models of the library: each one's first cluster passes, and counts known from elsewhere come out exactly."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from kspec.check.options import Engine
from kspec.check.verdicts import ExitCode, Verdict
from tests.models.checking import check_model, clusters_of
from tests.shipped import FAILURES, FILES, LIBRARY, MODELS, TOUR, WITH_CLUSTERS

# Clusters beyond the first of their files whose counts are declared and small.
SMALL = (
    ("classics/philosophers.kspec", "five"),
    ("classics/philosophers_repaired.kspec", "five"),
    ("classics/readers_writers.kspec", "four"),
    ("classics/ring_election.kspec", "five"),
    ("classics/two_phase_commit.kspec", "five"),
    ("pods.kspec", "p1n1r1c1"),
    ("pods.kspec", "p2n1r2c1"),
    ("pods.kspec", "p2n2r2c1"),
    ("pods.kspec", "p3n2r2c1"),
    ("pods.kspec", "p1n1r1c1_quiet"),
    ("pods.kspec", "p2n1r2c1_quiet"),
    ("pods.kspec", "p2n2r2c1_quiet"),
    ("pods.kspec", "p2n2r2c2_quiet"),
    ("pods.kspec", "p3n2r2c1_quiet"),
    ("pods.kspec", "p3n2r3c2_quiet"),
    ("pods.kspec", "p4n2r3c2_quiet"),
)

# Clusters whose orbits are declared, and few.
ORBITS = (
    ("classics/philosophers.kspec", "five"),
    ("classics/readers_writers.kspec", "four"),
    ("classics/two_phase_commit.kspec", "five"),
    ("pods.kspec", "p2n2r2c1"),
    ("pods.kspec", "p3n2r3c2"),
    ("pods.kspec", "p4n2r3c2"),
)

# What the models claim, and what the shortest story of it is: file, property, steps.
STORIES = (
    ("replicaset_broken.kspec", "UniquePodIP", 6),
    ("classics/die_hard.kspec", "NotSolved", 6),
    ("classics/peterson_turn_first.kspec", "MutualExclusion", 6),
    ("classics/peterson_without_turn.kspec", "Deadlock", 2),
    ("classics/philosophers.kspec", "Deadlock", 3),
    ("practice/operator_naive.kspec", "OneVolume", 3),
    ("practice/operator_naive.kspec", "OnePod", 5),
    ("practice/rollout_naive.kspec", "InService", 11),
    ("practice/statefulset_naive.kspec", "OneWriter", 10),
)

# States, transitions and depth of clusters of pods.kspec that take too long to be expected in the file.
LARGE = [
    ("p3n2r3c2", 166_320, 1_377_504, 16),
    ("p4n3r3c2_quiet", 10_845, 31_084, 9),
    ("p5n2r4c2_quiet", 49_121, 181_055, 12),
]

SIZES = (
    *("p1n1r1c1", "p2n1r2c1", "p2n2r2c1", "p2n2r2c2", "p3n2r2c1", "p3n2r3c2"),
    *("p4n2r3c2", "p4n3r3c2", "p5n2r4c2", "p5n3r4c2", "p8n4r8c2"),
)


# Those of the tour and of failures: test_tour.py, test_failures.py.
@pytest.mark.parametrize(
    "path",
    [path for path in WITH_CLUSTERS if path not in TOUR and path.parent not in FAILURES],
    ids=lambda path: path.stem,
)
def test_first_cluster_passes(path: Path) -> None:
    checked = check_model(path, engine=Engine.AUTO)
    assert checked.diagnostics == ()
    assert checked.result is not None
    assert checked.result.exit_code is ExitCode.OK
    assert all(found.verdict in (Verdict.HOLDS, Verdict.NOT_CHECKED) for found in checked.result.expectations)


@pytest.mark.parametrize(("name", "cluster"), SMALL)
def test_declared_counts(name: str, cluster: str) -> None:
    result = check_model(MODELS / name, cluster).result
    assert result is not None
    assert result.exit_code is ExitCode.OK
    counted = [found for found in result.expectations if found.text.startswith("states")]
    assert [found.verdict for found in counted] == [Verdict.HOLDS]


@pytest.mark.parametrize(("name", "cluster"), ORBITS)
def test_declared_orbits(name: str, cluster: str) -> None:
    result = check_model(MODELS / name, cluster, Engine.EXPLORE).result
    assert result is not None
    assert result.exit_code is ExitCode.OK
    counted = [found for found in result.expectations if found.text.startswith("orbits")]
    assert [found.verdict for found in counted] == [Verdict.HOLDS]


@pytest.mark.parametrize(("name", "violated", "steps"), STORIES)
def test_shortest_story(name: str, violated: str, steps: int) -> None:
    result = check_model(MODELS / name, engine=Engine.EXPLORE).result
    assert result is not None
    assert result.exploration is not None
    assert len(result.exploration.violations[violated].moves) == steps


def test_a_replicaset_that_forgets_no_pod_stops_short_of_what_is_wanted() -> None:
    result = check_model(MODELS / "replicaset_stuck.kspec").result
    assert result is not None
    (found,) = (found for found in result.properties if found.verdict is Verdict.VIOLATED)
    assert found.name == "Converges"
    assert found.trace is not None
    assert found.trace.loop is not None
    assert found.trace.loop.stops
    assert len(found.trace.steps) == 4


def test_replicaset_sample() -> None:
    result = check_model(MODELS / "replicaset.kspec").result
    assert result is not None
    assert result.exploration is not None
    assert result.exploration.cut is None
    assert all(taken > 0 for taken in result.actions.values())


def test_index_names_every_model() -> None:
    with_indexes = {*FAILURES, MODELS / "kubernetes", MODELS / "tour"}
    names = [path.relative_to(MODELS).as_posix() for path in FILES if path.parent not in with_indexes]
    assert sorted(rows(MODELS / "README.md")) == sorted(names)
    assert rows(MODELS / "failures" / "README.md") == [folder.name for folder in FAILURES]
    assert rows(MODELS / "kubernetes" / "README.md") == [path.name for path in LIBRARY]
    assert rows(MODELS / "tour" / "README.md") == [path.name for path in TOUR]


def rows(index: Path) -> list[str]:
    """What the rows of a table of contents lead to."""
    links = re.findall(r"^\| \[(.*?)\]\((.*?)\) \|", index.read_text(encoding="utf-8"), re.MULTILINE)
    assert all(text == link for text, link in links)
    return [link for _, link in links]


def test_every_size_of_the_table_is_a_cluster() -> None:
    assert set(clusters_of(MODELS / "pods.kspec")) == {*SIZES, *(f"{size}_quiet" for size in SIZES)}


@pytest.mark.long
@pytest.mark.parametrize(("cluster", "states", "transitions", "depth"), LARGE)
def test_large_counts(cluster: str, states: int, transitions: int, depth: int) -> None:
    result = check_model(MODELS / "pods.kspec", cluster).result
    assert result is not None
    assert result.exploration is not None
    found = result.exploration
    assert (found.states, found.transitions, found.depth) == (states, transitions, depth)


@pytest.mark.long
def test_medium_replicaset() -> None:
    result = check_model(MODELS / "replicaset.kspec", "medium").result
    assert result is not None
    assert result.exit_code is ExitCode.OK
