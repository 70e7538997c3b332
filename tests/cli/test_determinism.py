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


def checked(seed: int, engine: str) -> list[dict[str, Any]]:
    """What a check says under a hash seed, without the times."""
    model = ROOT / "models" / "replicaset_broken.kspec"
    command = [sys.executable, "-m", "kspec.cli.main", "check", "--format", "json", "--engine", engine, str(model)]
    environment = {**os.environ, "PYTHONHASHSEED": str(seed)}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    documents = [json.loads(line) for line in done.stdout.splitlines()]
    for document in documents:
        document.pop("seconds")
        if document["exploration"] is not None:
            document["exploration"].pop("seconds")
    return documents


@pytest.mark.parametrize("engine", ["auto", "plain"])
def test_hash_seeds_change_nothing(engine: str) -> None:
    first, second = checked(1, engine), checked(2, engine)
    assert first
    assert first == second
