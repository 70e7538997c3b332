"""`kspec replay`: stored counterexamples, genuine and not."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from kspec.trace.formats import Origin, encode
from kspec.trace.story import tell_lasso
from tests.cli.conftest import COUNTER, PODS, Ended
from tests.trace.lassos import BINDS, FLAPPING, JOBS, S

Kspec = Callable[..., Ended]
Write = Callable[[str, str], Path]


@pytest.fixture
def trace(kspec: Kspec, write: Write) -> Path:
    kspec("check", "--trace", "bad.json", "--cluster", "larger", write("pods.kspec", PODS))
    return Path("bad.json")


def changed(trace: Path, **values: object) -> Path:
    document = json.loads(trace.read_text("utf-8"))
    document.update(values)
    trace.write_text(json.dumps(document), encoding="utf-8")
    return trace


def test_a_stored_trace_replays(kspec: Kspec, trace: Path) -> None:
    ended = kspec("replay", trace)
    assert ended.code == 0
    assert "scheduler.bind(p = p1, n = n1)" in ended.out
    assert ended.err == ""


def test_overrides_come_back_with_the_trace(kspec: Kspec, write: Write) -> None:
    path = write("counter.kspec", COUNTER.replace("= 5", "= 3"))
    kspec("check", "-D", "LAST=9", "--trace", "bad.json", path)
    assert kspec("replay", "bad.json").code == 0


def test_a_step_that_changes_something_else_is_told(kspec: Kspec, trace: Path) -> None:
    text = trace.read_text("utf-8")
    trace.write_text(text.replace('"after": "n1"', '"after": "n9"'), encoding="utf-8")
    ended = kspec("replay", trace)
    assert ended.code == 0
    assert ended.err == "note: what these steps change differs from what is stored: 1\n"
    assert ": 1 step on" in ended.out


def test_a_witness_replays(kspec: Kspec, write: Write) -> None:
    path = write("counter.kspec", COUNTER.replace("n <= 3", "n <= 5"))
    checked = kspec("check", "--witness", "--trace", "good.json", path)
    assert checked.code == 0
    assert "Three is reached after 3 steps" in checked.out
    assert "the witness of Three is in good.json" in checked.err
    assert "Three is reached as stored: 3 steps" in kspec("replay", "good.json").out
    write("counter.kspec", COUNTER.replace("n == 3", "n == 4"))
    assert "`Three` is not reached at the end" in kspec("replay", "good.json").err


def test_a_model_that_changed_is_told(kspec: Kspec, write: Write, trace: Path) -> None:
    write("pods.kspec", PODS + "# a comment\n")
    ended = kspec("replay", trace)
    assert ended.code == 0
    assert "has changed" in ended.err


def test_a_repaired_model_no_longer_has_the_trace(kspec: Kspec, write: Write, trace: Path) -> None:
    write("pods.kspec", PODS.replace("when n.ready", "when not n.ready"))
    ended = kspec("replay", trace)
    assert ended.code == 1
    assert "KS902" in ended.err


def test_a_weaker_property_is_no_longer_violated(kspec: Kspec, write: Write, trace: Path) -> None:
    write("pods.kspec", PODS.replace("p.node == none\ncluster", "p.node == none or true\ncluster"))
    ended = kspec("replay", trace)
    assert ended.code == 1
    assert "is not violated at the end" in ended.err


def test_the_model_may_be_elsewhere(kspec: Kspec, trace: Path) -> None:
    Path("moved.kspec").write_text(Path("pods.kspec").read_text("utf-8"), encoding="utf-8")
    Path("pods.kspec").unlink()
    assert kspec("replay", trace).code == 2
    assert kspec("replay", "--model", "moved.kspec", trace).code == 0


@pytest.mark.parametrize("text", ["", "{}", "[]", "\0", "nonsense", '{"schema": "kspec-trace/1"}', "[" * 200_000])
def test_a_file_that_is_no_trace(kspec: Kspec, write: Write, text: str) -> None:
    ended = kspec("replay", write("no.json", text))
    assert ended.code == 2
    assert "KS901" in ended.err


def test_a_trace_that_is_not_there(kspec: Kspec, tmp_path: Path) -> None:
    assert kspec("replay", tmp_path / "missing.json").code == 2
    assert kspec("replay", tmp_path).code == 2


def test_a_trace_names_only_models(kspec: Kspec, trace: Path) -> None:
    changed(trace, model={"path": "/etc/passwd", "sha256": "0" * 64})
    ended = kspec("replay", trace)
    assert ended.code == 2
    assert "KS901" in ended.err


def test_a_cluster_that_the_model_has_not(kspec: Kspec, trace: Path) -> None:
    ended = kspec("replay", changed(trace, cluster="l*"))
    assert ended.code == 2
    assert "KS902" in ended.err


def test_overrides_that_make_no_sense_are_diagnosed(kspec: Kspec, trace: Path) -> None:
    assert kspec("replay", changed(trace, defines=["nonsense nonsense"])).code == 2


def test_a_property_that_the_model_has_not(kspec: Kspec, trace: Path) -> None:
    assert kspec("replay", changed(trace, property={"name": "Other", "kind": "invariant"})).code == 1


@pytest.fixture
def lasso(write: Write) -> Path:
    """A job that waits while its node comes and goes."""
    write("jobs.kspec", JOBS)
    origin = Origin("jobs.kspec", "0" * 64, "small", (), (), "explore", "0.1.0")
    return write("lasso.json", json.dumps(encode(tell_lasso(S, FLAPPING, BINDS), origin)))


def test_a_run_that_goes_on_for_ever_replays(kspec: Kspec, lasso: Path) -> None:
    ended = kspec("replay", lasso)
    assert ended.code == 0
    assert "Binds is violated as stored: 3 steps on" in ended.out
    assert "  then these steps repeat for ever\n" in ended.out


def test_a_run_that_is_not_fair_any_more_is_not_believed(kspec: Kspec, write: Write, lasso: Path) -> None:
    write("jobs.kspec", JOBS.replace("fair action bind", "strongly fair action bind"))
    ended = kspec("replay", lasso)
    assert ended.code == 1
    assert "every step can be taken, but `Binds` is not violated by the run" in ended.err


def test_a_loop_that_does_not_come_back_is_told(kspec: Kspec, lasso: Path) -> None:
    document = json.loads(lasso.read_text("utf-8"))
    document["loop"]["after"] = 2
    lasso.write_text(json.dumps(document), encoding="utf-8")
    ended = kspec("replay", lasso)
    assert ended.code == 1
    assert "the loop does not come back to where it begins" in ended.err


def test_what_a_model_imports_is_part_of_its_text(kspec: Kspec, write: Write) -> None:
    write("kinds.kspec", PODS.partition("cluster ")[0])
    write("model.kspec", 'import "kinds.kspec"\ncluster ' + PODS.partition("cluster ")[2])
    kspec("check", "--trace", "t.json", "model.kspec")
    assert "has changed" not in kspec("replay", "t.json").err
    write("kinds.kspec", "# a comment\n" + PODS.partition("cluster ")[0])
    ended = kspec("replay", "t.json")
    assert ended.code == 0
    assert "has changed" in ended.err
