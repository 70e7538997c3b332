"""Clusters: merging, switching actions, and overrides from the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from kspec.language import checked
from kspec.language.load import Loaded, load_model
from tests.language.checker.checking import accepted, codes

MODEL = """
const MAX: 0..8
kind Node { const capacity: 0..8 = 1 }
kind ReplicaSet { replicas: 0..MAX = 0  home: Node? = none }
kind Pod
component kubelet per n: Node { action fail { }  action start { } }
environment { action scale(rs: ReplicaSet) { rs.replicas = 0 } }
cluster small { MAX = 2  Node n1, n2 { capacity = 1 }  ReplicaSet web { replicas = 2  home = n2 }  Pod at most 2 }
"""


def cluster(text: str, name: str) -> checked.Cluster:
    return accepted(MODEL + text).clusters[name]


def fields(found: checked.Cluster) -> dict[str, dict[str, str]]:
    """By object, the text-like values of its fields."""
    return {item.name: {name: _show(value) for name, value in item.fields} for item in found.objects}


def _show(value: checked.ClusterValue) -> str:
    match value:
        case checked.Number(number):
            return str(number)
        case checked.NamedObject(name):
            return name
        case _:
            return type(value).__name__


def test_extends_merges_fields_and_adds_objects() -> None:
    found = cluster("cluster big extends small { Node n1 { capacity = 3 }  Node n3  web.replicas = 1 }", "big")
    assert fields(found) == {
        "n1": {"capacity": "3"},
        "n2": {"capacity": "1"},
        "web": {"replicas": "1", "home": "n2"},
        "n3": {},
    }


def test_removed_object_that_is_still_named() -> None:
    assert codes(MODEL + "cluster less extends small { remove n2 }") == ["KS101"]
    assert codes(MODEL + "cluster less extends small { remove n2  web.home = none }") == []


def test_initial_choices() -> None:
    found = cluster("cluster any_scale extends small { web.replicas = any 0..2  web.home = any Node? }", "any_scale")
    assert fields(found)["web"] == {"replicas": "AnyOf", "home": "AnyOf"}


@pytest.mark.parametrize(
    ("words", "disabled"),
    [
        ("disable scale", ["environment.scale"]),
        ("disable kubelet.fail", ["kubelet.fail"]),
        ("disable fail", ["kubelet.fail"]),
        ("disable kubelet", ["kubelet.fail", "kubelet.start"]),
        ("disable kubelet, scale  enable kubelet.start", ["kubelet.fail", "environment.scale"]),
    ],
)
def test_disable_and_enable(words: str, disabled: list[str]) -> None:
    assert list(cluster(f"cluster quiet extends small {{ {words} }}", "quiet").disabled) == disabled


def override(tmp_path: Path, defines: tuple[str, ...] = (), scopes: tuple[str, ...] = ()) -> Loaded:
    path = tmp_path / "model.kspec"
    path.write_text(MODEL + "cluster other { MAX = 1 }")
    return load_model(path, defines=defines, scopes=scopes)


def test_defines_change_the_selected_cluster_only(tmp_path: Path) -> None:
    loaded = override(tmp_path, defines=("web.replicas=1", "MAX = 3"))
    assert loaded.model is not None
    assert fields(loaded.model.clusters["small"])["web"]["replicas"] == "1"
    assert loaded.selected == ("small",)


@pytest.mark.parametrize(
    ("define", "code"),
    [
        ("web.replicas=true", "KS201"),
        ("web.replica=1", "KS107"),
        ("wbe.replicas=1", "KS502"),
        ("MAXX=1", "KS502"),
        ("MAX=", "KS007"),
        ("MAX", "KS007"),
        ("remove n1", "KS508"),
    ],
)
def test_wrong_defines(tmp_path: Path, define: str, code: str) -> None:
    assert [found.code.name for found in override(tmp_path, defines=(define,)).diagnostics] == [code]


def test_scope_sets_the_room_of_unnamed_objects(tmp_path: Path) -> None:
    loaded = override(tmp_path, scopes=("Pod=5",))
    assert loaded.model is not None
    room = loaded.model.clusters["small"].rooms[0].at_most
    assert isinstance(room, checked.Number)
    assert room.value == 5


def test_scope_clones_named_objects_that_are_alike(tmp_path: Path) -> None:
    loaded = override(tmp_path, scopes=("Node=4",))
    assert loaded.model is not None
    assert [item.name for item in loaded.model.clusters["small"].objects] == ["n1", "n2", "web", "n3", "n4"]


@pytest.mark.parametrize(("scope", "code"), [("Pdo=5", "KS101"), ("Pod", "KS007"), ("Pod=x", "KS101")])
def test_wrong_scopes(tmp_path: Path, scope: str, code: str) -> None:
    assert [found.code.name for found in override(tmp_path, scopes=(scope,)).diagnostics] == [code]


@pytest.mark.parametrize(
    ("number", "message"),
    [
        (3, "the Node objects of `two` differ, so that none can stand for more"),
        (1, "the Node objects of `two` differ, so that it matters which of them are left out"),
        (2, None),
    ],
)
def test_objects_that_differ_have_no_scope_but_their_number(tmp_path: Path, number: int, message: str | None) -> None:
    path = tmp_path / "model.kspec"
    path.write_text("kind Node { ready: bool }\ncluster two { Node n1 { ready = true }  Node n2 { ready = false } }")
    found = load_model(path, scopes=(f"Node={number}",)).diagnostics
    assert [each.message for each in found] == ([] if message is None else [message])


def test_a_single_kind_has_no_scope(tmp_path: Path) -> None:
    path = tmp_path / "model.kspec"
    path.write_text("single kind Lease { held: bool = false }\ncluster one { }")
    (found,) = load_model(path, scopes=("Lease=2",)).diagnostics
    assert (found.code.name, found.message) == ("KS508", "`Lease` has one object, and needs no room")


def test_a_long_override_has_a_short_label(tmp_path: Path) -> None:
    names = ("x" * 100_000 + "=1", "x" * 100_000 + "=2")
    loaded = override(tmp_path, defines=names)
    files = [found.span.file for found in loaded.diagnostics]
    assert len(set(files)) == 2
    assert all(len(file) < 60 for file in files)
    assert [loaded.sources[file] for file in sorted(files, key=len)] == list(names)


def test_a_model_without_objects_needs_no_cluster() -> None:
    model = accepted("var n: 0..3 = 0\ncomponent c { action up when n < 3 { n += 1 } }")
    assert list(model.clusters) == ["default"]


def test_a_model_with_kinds_and_no_cluster_is_a_library() -> None:
    assert list(accepted("kind Pod\ncomponent c { action go(p: Pod) { } }").clusters) == []
