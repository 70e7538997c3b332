"""Names: what every module declares, what it sees of others, and what a name is called in the whole model."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

from kspec.language import tree
from kspec.language.codes import Code
from kspec.language.diagnostics import Diagnostic, did_you_mean
from kspec.language.modules import Module, Program

ENVIRONMENT = "environment"
CALLER = "caller"
BUILTIN_FUNCTIONS = ("alive", "gone", "old", "size", "length", "first", "push", "pop", "fresh", "connected", "allowed")
BUILTIN_TYPES = ("bool", "int")

Declared: TypeAlias = (
    tree.Const
    | tree.Var
    | tree.Enum
    | tree.Quantity
    | tree.Kind
    | tree.Def
    | tree.Component
    | tree.Pattern
    | tree.Request
)


@dataclass(frozen=True, slots=True)
class Entity:
    """A declaration and its name in the whole model."""

    name: str
    node: Declared
    module: str

    @property
    def what(self) -> str:
        return _WORDS[type(self.node)]


_WORDS: dict[type, str] = {
    tree.Const: "const",
    tree.Var: "variable",
    tree.Enum: "enum",
    tree.Quantity: "quantity",
    tree.Kind: "kind",
    tree.Def: "definition",
    tree.Component: "component",
    tree.Pattern: "pattern",
    tree.Request: "request",
}


@dataclass(slots=True)
class Namespace:
    """What one module sees without qualification. `members`: by the name of a member, the enums that have it."""

    entities: dict[str, Entity] = field(default_factory=dict)
    members: dict[str, list[Entity]] = field(default_factory=dict)
    aliases: dict[str, str] = field(default_factory=dict)

    def known(self) -> Iterator[str]:
        yield from self.entities
        yield from self.members
        yield from self.aliases


class Names:
    """The names of a program. Errors in declaring them are in `diagnostics`."""

    def __init__(self, program: Program) -> None:
        self.diagnostics: list[Diagnostic] = []
        self._modules = {module.name: module for module in program.modules}
        self._prefixes = _prefixes(program)
        self.namespaces: dict[str, Namespace] = {}
        self.entities: list[Entity] = []
        """Every entity once, modules in order, each in the order of its text."""
        for module in program.modules:
            self.namespaces[module.name] = self._namespace(module)
        self._report_clashes_between_modules()

    def qualified(self, module: str, name: str) -> str:
        """What a name declared in a module is called in the whole model."""
        return self._prefixes[module] + name

    def namespace(self, module: str) -> Namespace:
        return self.namespaces[module]

    def through_alias(self, module: str, alias: str) -> Namespace | None:
        """What `alias.` stands for in a module."""
        target = self.namespaces[module].aliases.get(alias)
        return None if target is None else self.namespaces[target]

    def find(self, module: str, path: tree.Path) -> Entity | None:
        """The entity that a path of one name, or of an alias and a name, stands for."""
        parts = [part.text for part in path.parts]
        if len(parts) == 1:
            return self.namespaces[module].entities.get(parts[0])
        if len(parts) == 2:
            space = self.through_alias(module, parts[0])
            return None if space is None else space.entities.get(parts[1])
        return None

    def hint(self, module: str, name: str) -> str | None:
        return did_you_mean(name, self.namespaces[module].known())

    def _namespace(self, module: Module) -> Namespace:
        space = Namespace()
        for entity in self._own(module):
            self._add(space, entity)
            if not (entity.name == ENVIRONMENT and any(known.name == ENVIRONMENT for known in self.entities)):
                self.entities.append(entity)
        for imported in module.imports:
            if imported.alias is not None:
                space.aliases[imported.alias] = imported.module
                continue
            for entity in self.namespaces[imported.module].entities.values():
                self._add(space, entity)
            for name, enums in self.namespaces[imported.module].members.items():
                known = space.members.setdefault(name, [])
                known.extend(enum for enum in enums if enum not in known)
        self._report_aliases(module, space)
        self._report_members(space)
        return space

    def _own(self, module: Module) -> Iterator[Entity]:
        for node in module.file.declarations:
            if isinstance(node, tree.Def) and node.modifier == "override":
                continue
            if isinstance(node, Declared):
                name = node.name.text
                yield Entity(name if name == ENVIRONMENT else self.qualified(module.name, name), node, module.name)

    def _add(self, space: Namespace, entity: Entity) -> None:
        name = entity.node.name.text
        known = space.entities.get(name)
        if known is not None and known.node is not entity.node:
            if name != ENVIRONMENT:
                self._clash(entity.node.name, known.node.name, _instead(known))
            return
        if name in BUILTIN_TYPES or (isinstance(entity.node, tree.Def | tree.Pattern) and name in BUILTIN_FUNCTIONS):
            message = f"`{name}` is built in"
            self._report(Diagnostic(Code.KS102, message, entity.node.name.span, "give it another name"))
        space.entities[name] = entity
        if isinstance(entity.node, tree.Enum):
            for member in entity.node.members:
                enums = space.members.setdefault(member.text, [])
                if entity not in enums:
                    enums.append(entity)

    def _report_members(self, space: Namespace) -> None:
        for name, enums in space.members.items():
            entity = space.entities.get(name)
            if entity is not None:
                node = enums[0].node
                assert isinstance(node, tree.Enum)
                member = next(member for member in node.members if member.text == name)
                self._clash(member, entity.node.name)

    def _report_aliases(self, module: Module, space: Namespace) -> None:
        for node in module.file.declarations:
            if isinstance(node, tree.Import) and node.alias is not None:
                known = space.entities.get(node.alias.text)
                if known is not None:
                    self._clash(node.alias, known.node.name)

    def _report_clashes_between_modules(self) -> None:
        seen: dict[str, Entity] = {}
        for entity in self.entities:
            known = seen.setdefault(entity.name, entity)
            if known is not entity:
                self._clash(entity.node.name, known.node.name, _instead(known))

    def _clash(self, new: tree.Name, old: tree.Name, instead: str = "") -> None:
        if (new.span.file, new.span.line, new.span.column) < (old.span.file, old.span.line, old.span.column):
            new, old = old, new
        message = f"`{new.text}` is declared twice"
        hint = f"rename one of them, or import one module `as` something{instead}"
        if new.span.file == old.span.file:
            hint = "rename one of them"
        self._report(Diagnostic(Code.KS102, message, new.span, hint, ((old.span, "the other declaration"),)))

    def _report(self, diagnostic: Diagnostic) -> None:
        if diagnostic not in self.diagnostics:
            self.diagnostics.append(diagnostic)


def _prefixes(program: Program) -> dict[str, str]:
    """By module: "" for what the root sees without an alias, else the shortest chain of aliases that leads there."""
    root = program.root
    if root is None:
        return {}
    modules = {module.name: module for module in program.modules}
    prefixes = {root.name: ""}
    queue = deque([root.name])
    while queue:
        current = queue.popleft()
        for imported in modules[current].imports:
            prefix = prefixes[current] + (f"{imported.alias}." if imported.alias else "")
            known = prefixes.get(imported.module)
            if known is None or (prefix.count("."), prefix) < (known.count("."), known):
                prefixes[imported.module] = prefix
                queue.append(imported.module)
    return prefixes


def _instead(entity: Entity) -> str:
    """What else there is to do about two that have one name."""
    if isinstance(entity.node, tree.Component):
        return "; a cluster can `disable` the actions that the other one replaces"
    return ""
