"""The files and clusters that a command line means."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING

from kspec.cli.ending import CodedError
from kspec.language.codes import Code

if TYPE_CHECKING:
    from kspec.language.checked import Model

ALL = "all"


@dataclass(frozen=True, slots=True)
class ModelFile:
    """A file to check. `named`: it was named itself, not found in a folder."""

    path: Path
    named: bool


def model_files(paths: Sequence[Path]) -> list[ModelFile]:
    """The files that the paths stand for, each once: folders stand for the *.kspec files below them, sorted.

    What is below a folder whose name begins with a dot, such as .venv, is left out.
    """
    found: dict[Path, ModelFile] = {}
    for path in paths:
        if path.is_dir():
            below = [ModelFile(file, named=False) for file in sorted(path.rglob("*.kspec")) if _is_model(file, path)]
            if not below:
                raise CodedError(Code.KS904, f"there is no .kspec file in {path}")
        else:
            below = [ModelFile(path, named=True)]
        for file in below:
            found.setdefault(file.path, file)
    return list(found.values())


def _is_model(file: Path, folder: Path) -> bool:
    hidden = any(part.startswith(".") for part in file.relative_to(folder).parts)
    return not hidden and not file.is_dir()


def unmatched(model: Model, wanted: Sequence[str]) -> list[str]:
    """The names and globs that fit no cluster of the model."""
    return [word for word in wanted if not any(word == ALL or fnmatchcase(name, word) for name in model.clusters)]
