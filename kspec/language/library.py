"""The library that comes with kspec: the modules that `import "kspec:…"` offers, and where their files are.

An import names one of `module_names` or nothing: there is no path to follow, and so none that leads out of the library.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from kspec.language.diagnostics import closest

PREFIX: Final = "kspec:"
"""How the path of a library module begins, in imports and in what spans call it."""

FOLDERS: Final = ("kubernetes",)
"""What is offered of the folder."""


def is_library_path(path: str) -> bool:
    """Whether the path of an import means the library."""
    return path.startswith(PREFIX)


def library_folder() -> Path:
    """In the installed package or, in a checkout, the folder `models` beside the package."""
    packaged = Path(__file__).parents[1] / "library"
    return packaged if packaged.is_dir() else Path(__file__).parents[2] / "models"


def module_names() -> tuple[str, ...]:
    """All modules, as imports name them: `kspec:kubernetes/pods.kspec`."""
    return tuple(f"{PREFIX}{folder}/{file.name}" for folder in FOLDERS for file in _files(folder))


def module_file(name: str) -> Path:
    """Where one of `module_names` is."""
    return library_folder() / name.removeprefix(PREFIX)


def module_name(real: Path) -> str | None:
    """What imports call a file with this real path; None for a file that is no module of the library."""
    for folder in FOLDERS if real.suffix == ".kspec" else ():
        if real.parent == (library_folder() / folder).resolve():
            return f"{PREFIX}{folder}/{real.name}"
    return None


def namesake(path: str) -> str | None:
    """The module whose file is called as that of a path, if there is one."""
    return next((name for name in module_names() if _word(name) == _word(path) and path.endswith(".kspec")), None)


def hint_for(unknown: str) -> str:
    """What to write in place of a path that is none of `module_names`: that with the same name, those close, or all."""
    by_word = {_word(name): name for name in module_names()}
    word = _word(unknown)
    close = [by_word[known] for known in ([word] if word in by_word else closest(word, by_word))]
    if close:
        return "did you mean " + " or ".join(f'"{name}"' for name in close) + "?"
    if not by_word:
        return "this installation of kspec lacks its library: install kspec again"
    return f'the library has {", ".join(by_word)}: write "{next(iter(by_word.values()))}"'


def _word(name: str) -> str:
    """What a module is about: `pods` of `kspec:kubernetes/pods.kspec`."""
    return name.removeprefix(PREFIX).rpartition("/")[2].removesuffix(".kspec")


def _files(folder: str) -> list[Path]:
    return sorted((library_folder() / folder).glob("*.kspec"))
