"""The same input gives the same output, whatever the hash seed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]


def said(seed: int, cache: Path, *arguments: str) -> list[dict[str, Any]]:
    """What a command says of a model under a hash seed, without the times. Each has a cache of its own, and begins with
    none."""
    model = ROOT / "models" / "replicaset_broken.kspec"
    command = [sys.executable, "-m", "kspec.cli.main", *arguments, "--format", "json", str(model)]
    environment = {**os.environ, "PYTHONHASHSEED": str(seed), "XDG_CACHE_HOME": str(cache / str(seed))}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    documents = [json.loads(line) for line in done.stdout.splitlines()]
    for document in documents:
        document.pop("seconds")
        for part in ("exploration", "simulation"):
            if document.get(part) is not None:
                document[part].pop("seconds")
                document[part].pop("compile_seconds", None)
    return documents


@pytest.mark.parametrize("arguments", ["check --engine auto", "check --engine plain", "simulate --runs 50"])
def test_hash_seeds_change_nothing(arguments: str, tmp_path: Path) -> None:
    first, second = (said(seed, tmp_path, *arguments.split()) for seed in (1, 2))
    assert first
    assert first == second
