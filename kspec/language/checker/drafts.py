"""Cluster drafts: what a cluster says, with what it extends merged in, before its values are checked."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final, assert_never

from kspec.language import tree
from kspec.language.codes import Code
from kspec.language.diagnostics import did_you_mean, near_or_known
from kspec.system.spans import Span

if TYPE_CHECKING:
    from kspec.language.checker.context import Context

ALL_CLUSTERS: Final = "all"
"""What the command line calls all clusters of a file; no cluster has this name."""


@dataclass(frozen=True, slots=True)
class Given:
    """A value as the text gives it, and the module whose names it uses."""

    value: tree.ClusterValue
    module: str
    span: Span


@dataclass(frozen=True, slots=True)
class ObjectDraft:
    name: str
    kind: str
    fields: dict[str, Given]
    span: Span


@dataclass(frozen=True, slots=True)
class RoomDraft:
    kind: str
    at_most: Given | None = None
    exactly: Given | None = None
    quota: bool = False


@dataclass(slots=True)
class Draft:
    """`objects`: single kinds' objects too, under the kind's name, once something is given for them."""

    name: str
    module: str
    span: Span
    objects: dict[str, ObjectDraft] = field(default_factory=dict)
    singles: dict[str, dict[str, Given]] = field(default_factory=dict)
    rooms: dict[str, RoomDraft] = field(default_factory=dict)
    values: dict[str, Given] = field(default_factory=dict)
    initially: list[Given] = field(default_factory=list)
    disabled: dict[str, Span] = field(default_factory=dict)


@dataclass(slots=True)
class Drafter:
    """Applies the items of clusters, in order, to drafts."""

    context: Context
    drafts: dict[str, Draft] = field(default_factory=dict)
    nodes: dict[str, tuple[tree.Cluster, str]] = field(default_factory=dict)
    in_progress: list[str] = field(default_factory=list)

    def collect(self) -> dict[str, Draft]:
        """Every cluster of the program: those of the file that was asked for first."""
        modules = self.context.program.modules
        for module in [*modules[-1:], *modules[:-1]]:
            for node in module.file.declarations:
                if isinstance(node, tree.Cluster):
                    self._declare(node, module.name)
        for name in self.nodes:
            self._draft(name)
        return {name: self.drafts[name] for name in self.nodes if name in self.drafts}

    def _declare(self, node: tree.Cluster, module: str) -> None:
        if node.name.text == ALL_CLUSTERS:
            message = f"`{ALL_CLUSTERS}` stands for every cluster on the command line"
            self.context.report(Code.KS102, message, node.name.span, "give the cluster another name")
        known = self.nodes.get(node.name.text)
        if known is not None:
            related = ((known[0].name.span, "the other"),)
            message = f"two clusters `{node.name.text}`"
            self.context.report(Code.KS102, message, node.name.span, "rename one of them", related)
            return
        self.nodes[node.name.text] = (node, module)

    def _draft(self, name: str) -> Draft:
        if name in self.drafts:
            return self.drafts[name]
        node, module = self.nodes[name]
        draft = Draft(name, module, node.name.span)
        self.in_progress.append(name)
        if node.extends is not None:
            self._extend(draft, node.extends)
        self.in_progress.pop()
        self.apply(draft, node.items, module)
        self.drafts[name] = draft
        return draft

    def _extend(self, draft: Draft, path: tree.Path) -> None:
        name = path.parts[-1].text
        if name in self.in_progress:
            circle = " → ".join([*self.in_progress[self.in_progress.index(name) :], name])
            self.context.report(Code.KS505, f"clusters extend each other: {circle}", path.span, "remove one `extends`")
            return
        if name not in self.nodes:
            hint = near_or_known(name, self.nodes)
            self.context.report(Code.KS501, f"there is no cluster `{name}`", path.span, hint)
            return
        base = self._draft(name)
        draft.objects = dict(base.objects)
        draft.singles = {kind: dict(fields) for kind, fields in base.singles.items()}
        draft.rooms = dict(base.rooms)
        draft.values = dict(base.values)
        draft.initially = list(base.initially)
        draft.disabled = dict(base.disabled)

    def apply(self, draft: Draft, items: tuple[tree.ClusterItem, ...], module: str) -> None:
        """The items of one block. What the block gives twice is reported; what it inherits it may give anew."""
        given: dict[str, Span] = {}
        for item in items:
            match item:
                case tree.ClusterObjects():
                    self._objects(draft, item, module, given)
                case tree.ClusterSingle(path, fields, span):
                    self._single(draft, path, fields, module, given, span)
                case tree.ClusterAssign():
                    self._assign(draft, item, module, given)
                case tree.ClusterRoom(path, limit, quota, span):
                    self._room(draft, path, Given(limit, module, span), quota, module, given)
                case tree.ClusterExactly(path, number, span):
                    self._exactly(draft, path, Given(number, module, span), module, given)
                case tree.ClusterInitially(condition, span):
                    draft.initially.append(Given(condition, module, span))
                case tree.ClusterRemove(paths):
                    for path in paths:
                        self._remove(draft, path)
                case tree.ClusterSwitch(enable, paths):
                    for path in paths:
                        self._switch(draft, path, enable, module)
                case _ as unreachable:
                    assert_never(unreachable)

    def _once(self, given: dict[str, Span], key: str, span: Span) -> bool:
        known = given.setdefault(key, span)
        if known is not span:
            related = ((known, "the first"),)
            self.context.report(Code.KS504, f"`{key}` is given twice", span, "keep one of them", related)
            return False
        return True

    def _kind(self, path: tree.Path, module: str, single: bool) -> str | None:
        entity = self.context.names.find(module, path)
        if entity is None or not isinstance(entity.node, tree.Kind):
            hint = near_or_known(str(path), self.context.kinds)
            self.context.report(Code.KS101, f"there is no kind `{path}`", path.span, hint)
            return None
        if entity.node.single != single:
            message = f"`{path}` has one object" if entity.node.single else f"`{path}` may have several objects"
            hint = f"write `{path} {{ … }}`" if entity.node.single else f"name them: `{path} a, b {{ … }}`"
            self.context.report(Code.KS507, message, path.span, hint)
            return None
        return entity.name

    def _objects(self, draft: Draft, item: tree.ClusterObjects, module: str, given: dict[str, Span]) -> None:
        kind = self._kind(item.kind, module, single=False)
        if kind is None:
            return
        fields = self._fields(kind, item.fields, module)
        for name in item.names:
            known = draft.objects.get(name.text)
            if not self._once(given, name.text, name.span):
                continue
            if known is not None and known.kind != kind:
                related = ((known.span, "declared here"),)
                message = f"`{name.text}` is a {known.kind}"
                self.context.report(Code.KS504, message, name.span, "take another name", related)
                continue
            inherited = known.fields if known is not None else {}
            draft.objects[name.text] = ObjectDraft(name.text, kind, inherited | fields, name.span)

    def _fields(self, kind: str, nodes: tuple[tree.FieldValue, ...], module: str) -> dict[str, Given]:
        result: dict[str, Given] = {}
        for node in nodes:
            name = node.path.parts[-1]
            if len(node.path.parts) > 1 or not self._has_field(kind, name):
                continue
            if isinstance(node.value, tree.Create | tree.Get):
                self.context.report(Code.KS201, "the value of a field is an expression here", node.span)
                continue
            if name.text in result:
                self.context.report(Code.KS306, f"`{name.text}` is given twice", node.span, "keep one of them")
                continue
            result[name.text] = Given(node.value, module, node.span)
        return result

    def _has_field(self, kind: str, name: tree.Name) -> bool:
        info = self.context.kinds[kind]
        if name.text in info.fields:
            return True
        hint = did_you_mean(name.text, info.fields)
        if hint is None:
            hint = f"its fields are {', '.join(info.fields)}" if info.fields else "it has no fields"
        self.context.report(Code.KS107, f"`{kind}` has no field `{name.text}`", name.span, hint)
        return False

    def _single(
        self,
        draft: Draft,
        path: tree.Path,
        fields: tuple[tree.FieldValue, ...],
        module: str,
        given: dict[str, Span],
        span: Span,
    ) -> None:
        kind = self._kind(path, module, single=True)
        if kind is not None and self._once(given, kind, span):
            draft.singles.setdefault(kind, {}).update(self._fields(kind, fields, module))

    def _assign(self, draft: Draft, item: tree.ClusterAssign, module: str, given: dict[str, Span]) -> None:
        """`MAX = 2`, `Lease.holder = n1`, `web.replicas = 2`, each also behind an alias."""
        if not self._once(given, str(item.path), item.span):
            return
        value = Given(item.value, module, item.span)
        entity = self.context.names.find(module, item.path)
        if entity is not None and isinstance(entity.node, tree.Const | tree.Var):
            draft.values[entity.name] = value
            return
        parts = item.path.parts
        if len(parts) > 1:
            owner = tree.Path(parts[:-1], item.path.span)
            if str(owner) in draft.objects:
                target = draft.objects[str(owner)]
                if self._has_field(target.kind, parts[-1]):
                    fields = target.fields | {parts[-1].text: value}
                    draft.objects[str(owner)] = replace(target, fields=fields)
                return
            entity = self.context.names.find(module, owner)
            if entity is not None and isinstance(entity.node, tree.Kind) and entity.node.single:
                if self._has_field(entity.name, parts[-1]):
                    draft.singles.setdefault(entity.name, {})[parts[-1].text] = value
                return
        self._report_unknown(draft, item.path, module)

    def _report_unknown(self, draft: Draft, path: tree.Path, module: str) -> None:
        first = path.parts[0]
        space = self.context.names.namespace(module).entities.values()
        values = [entity.node.name.text for entity in space if isinstance(entity.node, tree.Const | tree.Var)]
        singles = [kind.name for kind in self.context.kinds.values() if kind.single]
        known = [*draft.objects, *singles] if len(path.parts) > 1 else values
        hint = near_or_known(first.text, known)
        if first.text in self.context.kinds:
            hint = f"rooms are written `{first.text} at most 3`, objects `{first.text} a, b {{ … }}`"
        what = "object" if len(path.parts) > 1 else "const or variable"
        message = f"the cluster `{draft.name}` has no {what} `{first.text}`"
        self.context.report(Code.KS502, message, first.span, hint)

    def _room(
        self, draft: Draft, path: tree.Path, limit: Given, quota: bool, module: str, given: dict[str, Span]
    ) -> None:
        kind = self._kind(path, module, single=False)
        if kind is not None and self._once(given, f"{kind} at most", limit.span):
            known = draft.rooms.get(kind, RoomDraft(kind))
            draft.rooms[kind] = replace(known, at_most=limit, quota=quota)

    def _exactly(self, draft: Draft, path: tree.Path, number: Given, module: str, given: dict[str, Span]) -> None:
        kind = self._kind(path, module, single=False)
        if kind is not None and self._once(given, f"{kind} exactly", number.span):
            known = draft.rooms.get(kind, RoomDraft(kind))
            draft.rooms[kind] = replace(known, exactly=number)

    def _remove(self, draft: Draft, path: tree.Path) -> None:
        name = str(path)
        if name not in draft.objects:
            hint = near_or_known(name, draft.objects)
            message = f"the cluster `{draft.name}` has no object `{name}` to remove"
            self.context.report(Code.KS502, message, path.span, hint)
            return
        del draft.objects[name]

    def _switch(self, draft: Draft, path: tree.Path, enable: bool, module: str) -> None:
        for action in self._actions(path, module):
            if enable:
                draft.disabled.pop(action, None)
            else:
                draft.disabled[action] = path.span

    def _actions(self, path: tree.Path, module: str) -> list[str]:
        """`component.action`, a component (all its actions), or the name of an action that one component has."""
        components = self.context.components
        entity = self.context.names.find(module, path)
        name = entity.name if entity is not None else str(path)
        if name in components:
            return [f"{name}.{action}" for action in components[name].actions]
        if len(path.parts) > 1:
            owner = tree.Path(path.parts[:-1], path.span)
            entity = self.context.names.find(module, owner)
            component = components.get(entity.name if entity is not None else str(owner))
            if component is not None and path.parts[-1].text in component.actions:
                return [f"{component.name}.{path.parts[-1].text}"]
        else:
            found = [info.name for info in components.values() if path.parts[0].text in info.actions]
            if "environment" in found:
                found = ["environment"]
            if len(found) == 1:
                return [f"{found[0]}.{path.parts[0].text}"]
            if found:
                words = " or ".join(f"`{name}.{path.parts[0].text}`" for name in found)
                message = f"several components have an action `{path}`"
                self.context.report(Code.KS502, message, path.span, f"write {words}")
                return []
        actions = [f"{info.name}.{action}" for info in components.values() for action in info.actions]
        short = [action.rpartition(".")[2] for action in actions]
        hint = did_you_mean(str(path), [*actions, *short]) or near_or_known(str(path), actions)
        self.context.report(Code.KS502, f"there is no action `{path}`", path.span, hint)
        return []
