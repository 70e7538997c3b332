"""`kspec check`: files, clusters, overrides, formats, exit codes."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from kspec.explore.result import Limit
from tests.cli.conftest import COUNTER, PODS, Ended
from tests.schemas import validator

Kspec = Callable[..., Ended]
Write = Callable[[str, str], Path]


def documents(ended: Ended) -> list[dict[str, object]]:
    """The JSON objects on stdout, each of which must fit the schema."""
    found = [json.loads(line) for line in ended.out.splitlines()]
    for document in found:
        validator("check-1").validate(document)
    return found


def test_a_violation_exits_with_one_and_tells_its_story(kspec: Kspec, write: Write) -> None:
    ended = kspec("check", write("counter.kspec", COUNTER))
    assert ended.code == 1
    assert "Small is violated after 4 steps" in ended.out
    assert ended.err == ""


def test_a_good_model_exits_with_zero(kspec: Kspec, write: Write) -> None:
    ended = kspec("check", "-D", "LAST=3", write("counter.kspec", COUNTER))
    assert ended.code == 0
    assert "violated" not in ended.out


def test_an_expected_violation_exits_with_zero(kspec: Kspec, write: Write) -> None:
    assert kspec("check", write("counter.kspec", COUNTER + "expect violation Small\n")).code == 0


def test_an_error_in_a_model_exits_with_two_and_has_a_code(kspec: Kspec, write: Write) -> None:
    ended = kspec("check", write("wrong.kspec", COUNTER + "invariant Wrong: m == 0\n"))
    assert ended.code == 2
    assert "KS101" in ended.err
    assert ended.out == ""


def test_a_limit_exits_with_three(kspec: Kspec, write: Write) -> None:
    ended = kspec("check", "--max-states", "2", write("counter.kspec", COUNTER))
    assert ended.code == 3
    assert "unknown (states)" in ended.out


def test_findings_exit_with_four_if_strict(kspec: Kspec, write: Write) -> None:
    idle = COUNTER + "component other { action never when n == 9 { n = 0 } }\n"
    path = write("counter.kspec", idle)
    assert kspec("check", "-D", "LAST=3", path).code == 0
    assert kspec("check", "-D", "LAST=3", "--strict", path).code == 4


@pytest.mark.parametrize("name", ["missing.kspec", "folder/missing.kspec"])
def test_a_file_that_is_not_there_exits_with_two(kspec: Kspec, write: Write, name: str) -> None:
    write("other.kspec", COUNTER)
    ended = kspec("check", name)
    assert ended.code == 2
    assert "KS001" in ended.err


def test_a_folder_without_models_exits_with_two(kspec: Kspec, write: Write, tmp_path: Path) -> None:
    write("notes.txt", "")
    ended = kspec("check", tmp_path)
    assert ended.code == 2
    assert "KS904" in ended.err


def test_the_first_cluster_is_the_default(kspec: Kspec, write: Write) -> None:
    ended = kspec("check", "--format", "json", write("pods.kspec", PODS))
    assert [document["cluster"] for document in documents(ended)] == ["small"]


@pytest.mark.parametrize(
    "arguments", [["--cluster", "all"], ["--cluster", "*a*"], ["--cluster", "small", "--cluster", "larger"]]
)
def test_clusters_are_chosen_by_name_glob_or_all(kspec: Kspec, write: Write, arguments: list[str]) -> None:
    ended = kspec("check", "--format", "json", *arguments, write("pods.kspec", PODS))
    assert [document["cluster"] for document in documents(ended)] == ["small", "larger"]


def test_an_unknown_cluster_has_a_code_and_a_hint(kspec: Kspec, write: Write) -> None:
    ended = kspec("check", "--cluster", "smal", write("pods.kspec", PODS))
    assert ended.code == 2
    assert "KS501" in ended.err
    assert "did you mean `small`?" in ended.err


def test_a_library_is_an_error_if_named_and_a_note_in_a_folder(kspec: Kspec, write: Write) -> None:
    library = write("models/library.kspec", "kind Node { ready: bool = true }\n")
    write("models/pods.kspec", PODS + "expect violation Unbound\n")
    named = kspec("check", library)
    assert named.code == 2
    assert "KS509" in named.err
    in_folder = kspec("check", "models")
    assert in_folder.code == 0
    assert "library.kspec has no cluster, and is skipped" in in_folder.err


def test_the_worst_exit_code_of_several_files_counts(kspec: Kspec, write: Write) -> None:
    good = write("good.kspec", COUNTER + "expect violation Small\n")
    violated = write("violated.kspec", COUNTER)
    wrong = write("wrong.kspec", "kind {")
    assert kspec("check", good, violated).code == 1
    assert kspec("check", violated, wrong, good).code == 2


def test_scope_gives_more_room(kspec: Kspec, write: Write) -> None:
    creating = """
kind Pod {}
component controller { action create_pod when count(p: Pod) < 9 { create Pod {} } }
reachable Three: count(p: Pod) == 3
cluster small { Pod at most 2 }
"""
    path = write("creating.kspec", creating)
    ended = kspec("check", path)
    assert ended.code == 3
    assert "unknown (room)" in ended.out
    assert "[blocked-create]" in ended.out
    assert kspec("check", "--scope", "Pod=3", path).code == 0


@pytest.mark.parametrize(("cluster", "states"), [("Pod exactly 2", 1), ("Pod exactly 2  Pod at most 3", 2)])
def test_a_scope_adds_to_the_beginning_only_what_has_no_room_of_its_own(
    kspec: Kspec, write: Write, cluster: str, states: int
) -> None:
    creating = f"""
kind Pod {{}}
component controller {{ action create_pod when count(p: Pod) < 3 {{ create Pod {{}} }} }}
cluster small {{ {cluster} }}
expect states {states}
"""
    ended = kspec("check", write("creating.kspec", creating), "--scope", "Pod=3", "--no-symmetry")
    assert f"expect states {states}  met" in ended.out


def test_json_is_one_object_a_line_and_nothing_else(kspec: Kspec, write: Write) -> None:
    good, wrong = write("good.kspec", COUNTER), write("wrong.kspec", "kind {")
    ended = kspec("check", "--format", "json", good, wrong)
    first, second = documents(ended)
    assert (first["exit_code"], second["exit_code"]) == (1, 2)
    assert ended.err == ""


@pytest.mark.parametrize(
    "arguments",
    [
        ["--depth", "3"],
        ["--engine", "bmc", "--max-states", "3"],
        ["--engine", "bmc", "--first"],
    ],
)
def test_options_that_do_not_go_together(kspec: Kspec, write: Write, arguments: list[str]) -> None:
    ended = kspec("check", *arguments, write("counter.kspec", COUNTER))
    assert ended.code == 2
    assert "KS903" in ended.err


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["--engine", "fast", "m.kspec"],
        ["--memory", "much", "m.kspec"],
        ["--timeout", "soon", "m.kspec"],
        ["--nonsense"],
    ],
)
def test_a_command_line_that_cannot_be_understood(kspec: Kspec, arguments: list[str]) -> None:
    ended = kspec("check", *arguments)
    assert ended.code == 2
    assert "KS905" in ended.err


def test_bmc_is_bounded(kspec: Kspec, write: Write) -> None:
    path = write("counter.kspec", COUNTER)
    shallow = kspec("check", "--engine", "bmc", "--depth", "3", path)
    assert shallow.code == 0
    assert "bounded (depth 3)" in shallow.out
    assert kspec("check", "--engine", "bmc", "--depth", "3", "--strict", path).code == 3
    assert kspec("check", "--engine", "bmc", "--depth", "4", path).code == 1


def test_explore_says_what_plain_says(kspec: Kspec, write: Write) -> None:
    path = write("counter.kspec", COUNTER)
    explored, plain = (kspec("check", "--engine", engine, path).out for engine in ("explore", "plain"))
    assert explored.replace("explore:", "plain:").splitlines()[:5] == plain.splitlines()[:5]


def test_workers_are_for_the_explorer(kspec: Kspec, write: Write) -> None:
    path = write("counter.kspec", COUNTER)
    assert kspec("check", "--workers", "3", path).code == kspec("check", path).code
    refused = kspec("check", "--workers", "3", "--engine", "bmc", path)
    assert refused.code == 2
    assert "KS903" in refused.err


def test_symmetry_is_the_default_and_can_be_switched_off(kspec: Kspec, write: Write) -> None:
    path = write("pods.kspec", PODS + "reachable Bound: forall p: Pod: p.node != none\n")
    command = ("check", "--cluster", "larger", "--format", "json", path)
    (reduced,), (whole,) = documents(kspec(*command)), documents(kspec(*command, "--no-symmetry"))
    found, unreduced = reduced["exploration"], whole["exploration"]
    assert isinstance(found, dict)
    assert isinstance(unreduced, dict)
    assert (found["symmetry"], found["states"], found["permutations"]) == ("orbits", 4, 4)
    assert found["exchanged_kinds"] == ["Node", "Pod"]
    assert (unreduced["symmetry"], unreduced["states"], unreduced["permutations"]) == ("none", 9, 1)
    assert reduced["exit_code"] == whole["exit_code"] == 1


def test_the_report_says_what_an_orbit_is(kspec: Kspec, write: Write) -> None:
    path = write("pods.kspec", PODS + "reachable Bound: forall p: Pod: p.node != none\n")
    lines = kspec("check", "--cluster", "larger", path).out.splitlines()
    assert "  an orbit is all states that differ only in which Node and Pod is which: 4 at most" in lines


def test_both_counts_are_told_where_both_are_expected(kspec: Kspec, write: Write) -> None:
    expected = "expect states 9, depth 2 in larger\nexpect orbits 4, depth 2 in larger\nexpect violation Unbound\n"
    path = write("pods.kspec", PODS + expected)
    ended = kspec("check", "--cluster", "larger", path)
    assert ended.code == 0
    assert "  without symmetry: 9 states, 12 transitions, depth 2: all of them" in ended.out
    (document,) = documents(kspec("check", "--cluster", "larger", "--format", "json", path))
    unreduced = document["unreduced"]
    assert isinstance(unreduced, dict)
    assert unreduced["states"] == 9


def test_symmetry_is_for_the_explorer(kspec: Kspec, write: Write) -> None:
    path = write("counter.kspec", COUNTER)
    refused = kspec("check", "--no-symmetry", "--engine", "bmc", path)
    assert refused.code == 2
    assert "KS903" in refused.err
    assert kspec("check", "--no-symmetry", "--engine", "plain", path).code == 1


def test_every_counterexample_is_stored(kspec: Kspec, write: Write, tmp_path: Path) -> None:
    ended = kspec("check", "--cluster", "all", "--trace", "bad.json", write("pods.kspec", PODS))
    assert ended.code == 1
    stored = [json.loads((tmp_path / name).read_text("utf-8")) for name in ("bad.json", "bad-2.json")]
    for document in stored:
        validator("trace-1").validate(document)
    assert [document["cluster"] for document in stored] == ["small", "larger"]


def test_a_trace_that_cannot_be_written_is_an_error(kspec: Kspec, write: Write) -> None:
    ended = kspec("check", "--trace", "no/such/folder/bad.json", write("counter.kspec", COUNTER))
    assert ended.code == 2
    assert "KS906" in ended.err


def test_a_defect_of_kspec_leaves_a_file_to_send(
    kspec: Kspec, write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("a wheel came off")

    monkeypatch.setattr("kspec.language.load.load_model", broken)
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    ended = kspec("check", write("counter.kspec", COUNTER))
    assert ended.code == 70
    assert "KS999" in ended.err
    reports = list(tmp_path.glob("kspec-internal-error-*.txt"))
    assert len(reports) == 1
    text = reports[0].read_text("utf-8")
    assert "a wheel came off" in text
    assert "invariant Small" in text


def test_an_interrupted_check_gives_the_verdicts_so_far(
    kspec: Kspec, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("kspec.check.engines.prove_invariants", interrupted)
    paths = write("counter.kspec", COUNTER), write("other.kspec", COUNTER)
    ended = kspec("check", "--format", "json", *paths)
    assert ended.code == 3
    (document,) = documents(ended)
    assert Limit.INTERRUPTED.value in str(document["properties"])
    assert "what comes after this is not checked" in ended.err
    alone = kspec("check", paths[0])
    assert (alone.code, alone.err) == (3, "")
