"""Imports of the library that comes with kspec: `import "kspec:kubernetes/pods.kspec"`."""

from __future__ import annotations

from pathlib import Path

import pytest

from kspec.language import library
from kspec.language.load import Loaded, load_model
from kspec.language.modules import load_program
from tests.shipped import LIBRARY, ROOT

PODS = 'import "nodes.kspec"\nkind Pod { node: Node? = none }\n'


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a library of two modules, in a checkout with more models."""
    folder = tmp_path / "checkout" / "models"
    (folder / "kubernetes").mkdir(parents=True)
    (tmp_path / "checkout" / "pyproject.toml").touch()
    (folder / "kubernetes" / "nodes.kspec").write_text("kind Node\n")
    (folder / "kubernetes" / "pods.kspec").write_text(PODS)
    (folder / "other.kspec").write_text("kind Other\n")
    monkeypatch.setattr(library, "library_folder", lambda: folder)
    return folder


def load(folder: Path, text: str) -> Loaded:
    path = folder / "model.kspec"
    path.write_text(text)
    return load_model(path)


def names_of(folder: Path, text: str) -> list[str]:
    path = folder / "model.kspec"
    path.write_text(text)
    program = load_program(path)
    assert program.diagnostics == ()
    return [module.name for module in program.modules[:-1]]


def test_every_module_can_be_imported_from_anywhere(tmp_path: Path) -> None:
    assert library.module_names() == tuple(f"kspec:kubernetes/{path.name}" for path in LIBRARY)
    imports = "".join(f'import "{name}"\n' for name in library.module_names())
    loaded = load(tmp_path, imports + "cluster nothing { }")
    assert loaded.diagnostics == ()
    assert sorted(loaded.sources) == sorted([str(tmp_path / "model.kspec"), *library.module_names()])


def test_modules_of_modules_are_named_as_the_library_names_them(tmp_path: Path, shelf: Path) -> None:
    names = ["kspec:kubernetes/nodes.kspec", "kspec:kubernetes/pods.kspec"]
    assert names_of(tmp_path, 'import "kspec:kubernetes/pods.kspec"') == names


@pytest.mark.parametrize("library_first", [True, False])
def test_a_file_that_is_reached_in_both_ways_is_read_once(shelf: Path, library_first: bool) -> None:
    both = ['import "kspec:kubernetes/pods.kspec"\n', 'import "kubernetes/pods.kspec"\n']
    text = "".join(both if library_first else reversed(both))
    found = names_of(shelf, text + 'import "kspec:kubernetes/nodes.kspec" as n\n')
    prefix = "kspec:" if library_first else f"{shelf}/"
    assert found == [f"{prefix}kubernetes/nodes.kspec", f"{prefix}kubernetes/pods.kspec"]


def test_a_mistake_in_a_module_is_shown_where_the_library_has_it(tmp_path: Path, shelf: Path) -> None:
    (shelf / "kubernetes" / "pods.kspec").write_text("kind Pod { node: Nod? = none }\n")
    (found,) = load(tmp_path, 'import "kspec:kubernetes/pods.kspec"').diagnostics
    assert (found.code.name, found.span.file) == ("KS101", "kspec:kubernetes/pods.kspec")


@pytest.mark.parametrize("path", ["../other.kspec", "../../elsewhere.kspec", "notes.txt"])
def test_a_module_imports_modules_only(tmp_path: Path, shelf: Path, path: str) -> None:
    (shelf / "kubernetes" / "notes.txt").write_text("kind Notes\n")
    (shelf / "kubernetes" / "pods.kspec").write_text(f'import "{path}"\n')
    (found,) = load(tmp_path, 'import "kspec:kubernetes/pods.kspec"').diagnostics
    assert found.message == f'"{path}" is outside the library'
    assert found.span.file == "kspec:kubernetes/pods.kspec"


def test_modules_that_import_each_other(tmp_path: Path, shelf: Path) -> None:
    (shelf / "kubernetes" / "nodes.kspec").write_text('import "kspec:kubernetes/pods.kspec"\n')
    (found,) = load(tmp_path, 'import "kspec:kubernetes/pods.kspec"').diagnostics
    assert found.code.name == "KS103"


@pytest.mark.parametrize(
    "path",
    [
        "other.kspec",
        "kubernetes/../other.kspec",
        "kubernetes/../kubernetes/pods.kspec",
        "../models/kubernetes/pods.kspec",
        "/etc/passwd",
        "kubernetes/",
        "kubernetes/notes.txt",
        "",
        "kubernetes/pods.kspec\0",
        "x" * 5000,
    ],
)
def test_nothing_else_can_be_reached(tmp_path: Path, shelf: Path, path: str) -> None:
    (shelf / "kubernetes" / "notes.txt").write_text("kind Notes\n")
    (found,) = load(tmp_path, f'import "kspec:{path}"').diagnostics
    assert found.code.name == "KS105"
    assert found.message.endswith("the library has no such module")
    assert len(found.message) < 120


@pytest.mark.parametrize(
    ("path", "hint"),
    [
        ("kubernetes/pod.kspec", 'did you mean "kspec:kubernetes/pods.kspec"?'),
        ("pods", 'did you mean "kspec:kubernetes/pods.kspec"?'),
        ("kubernetes/volumes.kspec", 'the library has nodes, pods: write "kspec:kubernetes/nodes.kspec"'),
    ],
)
def test_the_hint_names_modules(tmp_path: Path, shelf: Path, path: str, hint: str) -> None:
    (found,) = load(tmp_path, f'import "kspec:{path}"').diagnostics
    assert found.hint == hint


def test_an_installation_without_a_library_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(library, "library_folder", lambda: tmp_path / "nowhere")
    (found,) = load(tmp_path, 'import "kspec:kubernetes/pods.kspec"').diagnostics
    assert found.hint == "this installation of kspec lacks its library: install kspec again"


def test_a_part_of_the_tour_that_was_copied_elsewhere_is_told_what_to_write(tmp_path: Path, shelf: Path) -> None:
    (found,) = load(tmp_path, 'import "../kubernetes/pods.kspec"').diagnostics
    assert found.code.name == "KS104"
    (tmp_path / "pyproject.toml").touch()
    (tmp_path / "models").mkdir()
    (found,) = load(tmp_path / "models", 'import "../kubernetes/pods.kspec"').diagnostics
    assert found.hint == 'the path is relative to the importing file; the library has "kspec:kubernetes/pods.kspec"'
    (found,) = load(tmp_path / "models", 'import "../kubernetes/claims.kspec"').diagnostics
    assert found.hint == "the path is relative to the importing file"


def test_the_path_of_a_module_outside_the_project_is_told_its_name(tmp_path: Path, shelf: Path) -> None:
    (tmp_path / "mine").mkdir()
    (found,) = load(tmp_path / "mine", 'import "../checkout/models/kubernetes/pods.kspec"').diagnostics
    assert (found.code.name, found.hint) == ("KS104", 'write "kspec:kubernetes/pods.kspec"')


def test_a_module_that_is_checked_itself_is_a_file_like_any_other(shelf: Path) -> None:
    program = load_program(shelf / "kubernetes" / "pods.kspec")
    assert [module.name for module in program.modules] == [
        str(shelf / "kubernetes" / "nodes.kspec"),
        str(shelf / "kubernetes" / "pods.kspec"),
    ]


def test_the_readme_of_the_library_lists_its_modules() -> None:
    text = (ROOT / "models" / "kubernetes" / "README.md").read_text(encoding="utf-8")
    rows = [line.split("](")[0].removeprefix("| [") for line in text.splitlines() if line.startswith("| [")]
    assert rows == [path.name for path in LIBRARY]
