"""Modules: the file that was asked for and everything it imports."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path

from kspec.language import tree
from kspec.language.codes import Code
from kspec.language.diagnostics import Diagnostic
from kspec.language.library import (
    hint_for,
    is_library_path,
    module_file,
    module_name,
    module_names,
    namesake,
)
from kspec.language.parse import parse_file
from kspec.language.source import display_name, read_source, unreadable
from kspec.language.tokens import shown

ROOT_MARKERS = (".git", "pyproject.toml", "kspec.toml")
MAX_MODULES = 256

_COPY = "a model may only import files of its own project: copy the file into it"


@dataclass(frozen=True, slots=True)
class ImportedModule:
    """An import that was found: the module's name, and the alias it goes by (None: its names are seen as they are)."""

    module: str
    alias: str | None


@dataclass(frozen=True, slots=True)
class Module:
    """One file. `name` is what spans call it."""

    name: str
    file: tree.File
    imports: tuple[ImportedModule, ...]


@dataclass(frozen=True, slots=True)
class Program:
    """`modules`: each after those it imports, the one that was asked for last. `sources`: the text of each, by name."""

    modules: tuple[Module, ...]
    sources: dict[str, str]
    diagnostics: tuple[Diagnostic, ...]

    @property
    def root(self) -> Module | None:
        """The file that was asked for; None if it could not be read."""
        return self.modules[-1] if self.modules else None


def load_program(path: Path) -> Program:
    """Reads and parses a file and, through its imports, every file of its model. Nothing outside the project is read
    but modules of the library: the project is the nearest folder above the file with a `.git`, `pyproject.toml` or
    `kspec.toml`, else its own."""
    loader = _Loader(project_root(path))
    loader.load(_Place(path, display_name(path)))
    return Program(tuple(loader.modules), loader.sources, tuple(loader.diagnostics))


def project_root(path: Path) -> Path:
    """The folder that imports may not leave."""
    folder = Path(os.path.realpath(path)).parent
    for candidate in (folder, *folder.parents):
        if _has_marker(candidate):
            return candidate
    return folder


def _has_marker(folder: Path) -> bool:
    try:
        return any((folder / marker).exists() for marker in ROOT_MARKERS)
    except OSError:  # a path that is too long
        return False


@dataclass(frozen=True, slots=True)
class _Place:
    """A file and its name. `of_library`: it was imported as a module of the library, and imports such modules only."""

    path: Path
    name: str
    of_library: bool = False


@dataclass
class _Loader:
    root: Path
    modules: list[Module] = field(default_factory=list)
    sources: dict[str, str] = field(default_factory=dict)
    diagnostics: list[Diagnostic] = field(default_factory=list)
    loaded: dict[str, str | None] = field(default_factory=dict)
    """By real path: the name of a module, or None while it is being loaded or if it cannot be."""
    open_files: list[str] = field(default_factory=list)

    def load(self, place: _Place) -> str | None:
        """Loads a file that is not loaded yet; its name, or None if it cannot be read."""
        real = os.path.realpath(place.path)
        self.loaded[real] = None
        text, diagnostics = read_source(place.path, place.name)
        self.diagnostics.extend(diagnostics)
        if text is None:
            return None
        self.sources[place.name] = text
        parsed = parse_file(place.name, text)
        self.diagnostics.extend(parsed.diagnostics)
        self.open_files.append(real)
        imports = self._imports(place, parsed.file)
        self.open_files.pop()
        self.loaded[real] = place.name
        self.modules.append(Module(place.name, parsed.file, imports))
        return place.name

    def _imports(self, importer: _Place, file: tree.File) -> tuple[ImportedModule, ...]:
        found = []
        for declaration in file.declarations:
            if isinstance(declaration, tree.Import):
                name = self._import(importer, declaration)
                if name is not None:
                    found.append(ImportedModule(name, declaration.alias.text if declaration.alias else None))
        return tuple(found)

    def _import(self, importer: _Place, node: tree.Import) -> str | None:
        place = self._of_library(node) if is_library_path(node.path) else self._relative(importer, node)
        if place is None:
            return None
        real = os.path.realpath(place.path)
        if real in self.open_files:
            message = f'"{shown(node.path)}" imports this file in turn'
            self._report(Code.KS103, message, node, "break the circle of imports")
            return None
        if real in self.loaded:
            return self.loaded[real]
        if not self._is_there(place.path, node):
            return None
        if len(self.loaded) >= MAX_MODULES:
            self._report(Code.KS105, f"a model has at most {MAX_MODULES} files", node, "import fewer files")
            return None
        return self.load(place)

    def _of_library(self, node: tree.Import) -> _Place | None:
        """The module of the library that an import names."""
        if node.path in module_names():
            return _Place(module_file(node.path), node.path, of_library=True)
        message = f'cannot import "{shown(node.path)}": the library has no such module'
        self._report(Code.KS105, message, node, hint_for(node.path))
        return None

    def _relative(self, importer: _Place, node: tree.Import) -> _Place | None:
        """The file that an import means by a path from the importing file."""
        if "\0" in node.path or not node.path:
            self._report(Code.KS105, f'cannot import "{shown(node.path)}"', node, "write the path of a .kspec file")
            return None
        target = importer.path.parent / node.path
        real = Path(os.path.realpath(target))
        if importer.of_library:
            name, outside, hint = module_name(real), "the library", "a module of the library imports only others of it"
        else:
            name = display_name(Path(os.path.normpath(target))) if real.is_relative_to(self.root) else None
            module = module_name(real)
            outside, hint = "the project", f'write "{module}"' if module else _COPY
        if name is None:
            self._report(Code.KS104, f'"{shown(node.path)}" is outside {outside}', node, hint)
            return None
        return _Place(target, name, importer.of_library)

    def _is_there(self, target: Path, node: tree.Import) -> bool:
        """Whether there is a file that can be read; reports why not."""
        reason = unreadable(target)
        if reason is None:
            return True
        module = namesake(node.path)
        hint = "the path is relative to the importing file" + (f'; the library has "{module}"' if module else "")
        self._report(Code.KS105, f'cannot import "{shown(node.path)}": {reason}', node, hint)
        return False

    def _report(self, code: Code, message: str, node: tree.Import, hint: str) -> None:
        self.diagnostics.append(Diagnostic(code, message, node.span, hint))
