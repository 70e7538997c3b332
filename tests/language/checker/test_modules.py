"""Imports: whose names are seen, under which name, and what may not be imported."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from kspec.language.load import load_model
from tests.language.checker.checking import accepted, codes, load_text

NODES = "kind Node { ready: bool = true }\ndef ready(): int = count(n: Node where n.ready)\n"


def test_without_alias_names_are_seen_as_they_are() -> None:
    model = accepted('import "nodes.kspec"\ninvariant I: ready() >= 0\ncluster small { Node n1 }', nodes=NODES)
    assert list(model.kinds) == ["Node"]
    assert list(model.defs) == ["ready"]


def test_with_alias_names_are_qualified() -> None:
    text = 'import "nodes.kspec" as nodes\nkind Node\ninvariant I: nodes.ready() >= 0\ncluster small { nodes.Node n1 }'
    model = accepted(text, nodes=NODES)
    assert list(model.kinds) == ["nodes.Node", "Node"]
    assert [item.kind for item in model.clusters["small"].objects] == ["nodes.Node"]


def test_imports_without_alias_are_transitive() -> None:
    text = 'import "pods.kspec"\ninvariant I: ready() >= 0\ncluster small { Node n1 }'
    assert codes(text, pods='import "nodes.kspec"\nkind Pod { node: Node? = none }', nodes=NODES) == []


def test_one_module_imported_twice_is_one_module() -> None:
    text = 'import "pods.kspec"\nimport "nodes.kspec"\nimport "nodes.kspec" as n\ncluster small { n.Node n1 }'
    model = accepted(text, pods='import "nodes.kspec"\nkind Pod { node: Node? = none }', nodes=NODES)
    assert list(model.kinds) == ["Node", "Pod"]


def test_two_modules_that_declare_one_name() -> None:
    assert codes('import "a.kspec"\nimport "b.kspec"', a="kind Node", b="kind Node") == ["KS102"]


def test_environment_blocks_are_one_environment() -> None:
    text = 'import "a.kspec"\nvar v: bool = true\nenvironment { action up { v = true } }\ncluster small { }'
    model = accepted(text, a="var w: bool = true\nenvironment { action down { w = false } }")
    assert [action.name for action in model.components["environment"].actions] == ["down", "up"]


def test_extend_and_override() -> None:
    text = """
    import "a.kspec"
    extend kind Pod { priority: 0..2 = 0 }
    override def chosen(p: Pod): bool = p.priority == 2
    cluster small { Pod at most 1 }
    """
    base = "kind Pod { ready: bool = true }\n"
    base += "open def chosen(p: Pod): bool = p.ready\ninvariant I: forall p: Pod: chosen(p)"
    model = accepted(text, a=base)
    assert [field.name for field in model.kinds["Pod"].fields] == ["ready", "priority"]
    assert "priority" in repr(model.defs["chosen"].body)


def test_clusters_of_the_file_come_first() -> None:
    model = accepted('import "a.kspec"\ncluster mine { Node n1 }', a=NODES + "cluster theirs { Node n1, n2 }")
    assert list(model.clusters) == ["mine", "theirs"]


def test_an_incomplete_cluster_of_an_import_is_left_out() -> None:
    text = 'import "a.kspec"\nconst MAX: 0..4\ncluster mine { MAX = 1 }'
    assert list(accepted(text, a="kind Node\ncluster theirs { Node n1 }").clusters) == ["mine"]


def test_expectations_are_those_of_the_file() -> None:
    text = 'import "a.kspec"\nexpect violation Up\ncluster mine { Node n1 }'
    base = NODES + "invariant Up: forall n: Node: n.ready\nexpect states 1\ncluster theirs { Node n1 }"
    assert len(accepted(text, a=base).expectations) == 1


@pytest.mark.parametrize(
    ("imported", "reason"),
    [
        ("nothing.kspec", "no such file or directory"),
        ("folder", "it is a directory"),
        ("pipe", "it is not a regular file"),
        ("loop.kspec", "too many levels of symbolic links"),
        ("x" * 5000, "file name too long"),
        ("model.kspec/nodes.kspec", "not a directory"),
    ],
)
def test_files_that_cannot_be_imported(tmp_path: Path, imported: str, reason: str) -> None:
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "loop.kspec").symlink_to("loop.kspec")
    path = tmp_path / "model.kspec"
    path.write_text(f'import "{imported}"\ncluster one {{ }}')
    (found,) = load_model(path).diagnostics
    assert found.code.name == "KS105"
    assert found.message.endswith(f": {reason}")
    assert len(found.message) < 120


def test_requests_of_modules() -> None:
    module = "kind Pod { ready: bool = false }\nrequest evict(p: Pod) { delete p }"
    text = """import "pods.kspec" as pods
    component drain {
      may get pods.Pod
      may pods.evict
      action drain(p: pods.Pod) { pods.evict(p) on denied { return } }
    }
    admit create pods.Pod(p) when caller == drain
    cluster small { pods.Pod exactly 1 }
    """
    assert accepted(text, pods=module).components["drain"].clauses.calls == ("pods.evict",)
    assert codes(text.replace("may pods.evict", "may pods.evct"), pods=module) == ["KS101"]


def test_a_request_of_the_importing_file_is_unknown_and_is_no_spelling_of_itself() -> None:
    drain = "kind Pod\ncomponent drain { action drain(p: Pod) { evict(p) } }\n"
    (found,) = load_text('import "drain.kspec"\nrequest evict(p: Pod) { delete p }', drain=drain).diagnostics
    assert found.message == "there is no request called `evict`"
    assert "evict" not in str(found.hint)
