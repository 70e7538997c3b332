"""The models of the folder `models`."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[1]

MODELS: Final = ROOT / "models"

FILES: Final = sorted(MODELS.rglob("*.kspec"))

WITH_CLUSTERS: Final = [
    path
    for path in FILES
    if re.search(r"^cluster ", path.read_text(encoding="utf-8"), re.MULTILINE) and path.name != "common.kspec"
]
"""The others are for these to import, or get their clusters from what they import."""

FAILURES: Final = sorted(path.parent for path in MODELS.glob("failures/*/common.kspec"))
"""The folders of real failures, each with a pair of models."""

LIBRARY: Final = sorted(MODELS.glob("kubernetes/*.kspec"))
"""Modules for models to import."""

TOUR: Final = sorted(MODELS.glob("tour/*.kspec"))
"""The parts of the guided tour, in their order."""
