"""The files and clusters that a command line means."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING

from kspec.cli.ending import CodedError
from kspec.language.codes import Code
from kspec.language.diagnostics import Diagnostic
from kspec.system.spans import NOWHERE

if TYPE_CHECKING:
    from kspec.language.checked import Model
    from kspec.language.load import Loaded

ALL = "all"


@dataclass(frozen=True, slots=True)
class ModelFile:
    """A file to check. `named`: it was named itself, not found in a folder."""

    path: Path
    named: bool


def model_files(paths: Sequence[Path]) -> tuple[list[ModelFile], list[str]]:
    """The files that the paths stand for, each once, and notes about what is left out.

    A folder stands for the *.kspec files below it, sorted. What has a name that begins with a dot, such as .venv, is
    left out, and so are links that lead out of the folder.
    """
    found: dict[Path, ModelFile] = {}
    notes: list[str] = []
    for path in paths:
        if os.path.isdir(path):  # noqa: PTH112  # Path.is_dir raises for a name that is too long
            below, leading_out = _below(path)
            notes += [f"{link} is a link that leads out of {path}, and is skipped" for link in leading_out]
            if not below:
                raise CodedError(Code.KS904, f"there is no .kspec file in {path}")
        else:
            below = [ModelFile(path, named=True)]
        for file in below:
            found.setdefault(file.path, file)
    return list(found.values()), notes


def _below(folder: Path) -> tuple[list[ModelFile], list[Path]]:
    """The models below a folder, and the links that lead out of it."""
    files: list[Path] = []
    leading_out: list[Path] = []
    for place, folders, names in os.walk(folder, onerror=_refuse):
        folders[:] = [name for name in folders if not name.startswith(".")]
        models = [name for name in names if name.endswith(".kspec") and not name.startswith(".")]
        for path in (Path(place, name) for name in (*folders, *models)):
            if _leads_out(path, folder):
                leading_out.append(path)
            elif path.name in models:
                files.append(path)
    return [ModelFile(file, named=False) for file in sorted(files)], sorted(leading_out)


def _leads_out(path: Path, folder: Path) -> bool:
    return path.is_symlink() and not Path(os.path.realpath(path)).is_relative_to(os.path.realpath(folder))


def _refuse(error: OSError) -> None:
    raise CodedError(Code.KS001, f"the folder {error.filename} cannot be read: {error.strerror or error}")


def read_model(path: Path, *, defines: Sequence[str], scopes: Sequence[str], clusters: Sequence[str]) -> Loaded:
    """As `load_model`, where the system refuses the very path: too long a name, too many links."""
    # the language takes a quarter of a second to import: a model that is kept needs none of it
    from kspec.language.load import Loaded, load_model

    try:
        return load_model(path, defines=defines, scopes=scopes, clusters=clusters)
    except OSError as error:
        message = f"{path} cannot be read: {error.strerror or error}"
        return Loaded(None, (), (Diagnostic(Code.KS001, message, NOWHERE),), {})


def unmatched(model: Model, wanted: Sequence[str]) -> list[str]:
    """The names and globs that fit no cluster of the model."""
    return [word for word in wanted if not any(word == ALL or fnmatchcase(name, word) for name in model.clusters)]
