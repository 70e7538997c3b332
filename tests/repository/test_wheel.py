"""The wheel, installed in an environment of its own, checks a model outside the checkout."""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
import venv
import zipfile
from pathlib import Path

import pytest

from tests import shipped

ROOT = Path(__file__).parents[2]


def run(*command: str | Path, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([str(part) for part in command], cwd=folder, capture_output=True, text=True, check=False)


USES_THE_LIBRARY = """
import "kspec:kubernetes/labels.kspec"
component scheduler { action place(p: Pod, n: Node) when p.node == none and schedulable(n) { bind(p, n) } }
reachable Bound: exists p: Pod: p.node != none
cluster one { Node n1  Pod p1 }
"""


@pytest.mark.install
def test_the_wheel_works_on_its_own(tmp_path: Path) -> None:
    built = run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", tmp_path, ROOT, folder=tmp_path)
    assert built.returncode == 0, built.stdout + built.stderr
    (wheel,) = tmp_path.glob("*.whl")
    environment = tmp_path / "venv"
    venv.create(environment, with_pip=True)
    installed = run(environment / "bin" / "pip", "install", "--quiet", wheel, folder=tmp_path)
    assert installed.returncode == 0, installed.stdout + installed.stderr
    kspec = environment / "bin" / "kspec"
    assert run(kspec, "init", folder=tmp_path).returncode == 0
    checked = run(kspec, "check", "model.kspec", folder=tmp_path)
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert "reachable" in checked.stdout
    (tmp_path / "pods.kspec").write_text(USES_THE_LIBRARY)
    with_library = run(kspec, "check", "pods.kspec", folder=tmp_path)
    assert with_library.returncode == 0, with_library.stdout + with_library.stderr
    as_json = run(kspec, "check", "--format", "json", ROOT / "models" / "replicaset_broken.kspec", folder=tmp_path)
    assert as_json.returncode == 0, as_json.stdout + as_json.stderr


LOADING = """
import lark
lark.Lark.__init__ = None  # so that no tables can be made
from kspec.language.parse import parse_file
assert parse_file("a", "kind A {}").diagnostics == ()
"""

LIBRARY = """
from kspec.language.library import library_folder, module_file, module_names
print(library_folder())
for name in module_names():
    print(name, module_file(name).is_file())
"""


@pytest.mark.parametrize("sources", ["checkout", "sdist"])
def test_the_wheel_has_the_tables_of_the_parser_and_the_library(sources: str, tmp_path: Path) -> None:
    targets = ["--wheel"] if sources == "checkout" else []  # with none, the wheel is made from the sdist
    built = run(sys.executable, "-m", "build", *targets, "--no-isolation", "--outdir", tmp_path, ROOT, folder=tmp_path)
    assert built.returncode == 0, built.stdout + built.stderr
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "installed")
    environment = {**os.environ, "PYTHONPATH": str(tmp_path / "installed"), "XDG_CACHE_HOME": str(tmp_path / "cache")}
    done = subprocess.run(
        [sys.executable, "-c", LOADING], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert not (tmp_path / "cache").exists()
    listed = subprocess.run(
        [sys.executable, "-c", LIBRARY], cwd=tmp_path, env=environment, capture_output=True, text=True, check=True
    )
    modules = [f"kspec:kubernetes/{path.name} True" for path in shipped.LIBRARY]
    assert listed.stdout.splitlines() == [str(tmp_path / "installed" / "kspec" / "library"), *modules]


def test_the_sdist_has_no_tables(tmp_path: Path) -> None:
    built = run(sys.executable, "-m", "build", "--sdist", "--no-isolation", "--outdir", tmp_path, ROOT, folder=tmp_path)
    assert built.returncode == 0, built.stdout + built.stderr
    (archive,) = tmp_path.glob("*.tar.gz")
    with tarfile.open(archive) as packed:
        names = [name.split("/", 1)[1] for name in packed.getnames() if "/grammar/" in name]
    assert [name for name in names if name.startswith("grammar/")] == ["grammar/build_tables.py", "grammar/kspec.lark"]
