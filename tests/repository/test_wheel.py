"""The wheel, installed in an environment of its own, checks a model outside the checkout."""

from __future__ import annotations

import subprocess
import sys
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def run(*command: str | Path, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([str(part) for part in command], cwd=folder, capture_output=True, text=True, check=False)


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
    as_json = run(kspec, "check", "--format", "json", ROOT / "models" / "replicaset_broken.kspec", folder=tmp_path)
    assert as_json.returncode == 0, as_json.stdout + as_json.stderr
