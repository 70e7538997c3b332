"""Traces as JSON, and back. What comes back is only believed after it has been replayed (see `retrace`)."""

from __future__ import annotations

import json
from dataclasses import dataclass

from kspec.system.properties import PropertyKind
from kspec.trace.describe import Change, Named, ObjectGroup, StateStory
from kspec.trace.encode import Json, encode_blame, encode_change, encode_details, encode_loop, encode_named
from kspec.trace.story import Trace, TraceStep

SCHEMA = "kspec-trace/1"
MAX_BYTES = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class AuditedFault:
    """The fault that a component has in an audit, and that stands in no file: `lag` or `crash`."""

    component: str
    fault: str
    number: int

    @property
    def name(self) -> str:
        return f"{self.component}, {self.fault} {self.number}"


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a trace comes from. `sha256`: of the texts of the model's files. `audited`: with which fault more."""

    model: str
    sha256: str
    cluster: str
    defines: tuple[str, ...]
    scopes: tuple[str, ...]
    engine: str
    version: str
    audited: AuditedFault | None = None


@dataclass(frozen=True, slots=True)
class StoredStep:
    """What identifies a step among those possible in a state, and the `changes` it made when it was stored. `fails`: it
    has no successor."""

    component: str
    instance: str | None
    action: str
    arguments: tuple[Named, ...]
    choices: tuple[Named, ...]
    path: tuple[str, ...]
    fails: bool
    changes: tuple[Change, ...]
    worker: str | None = None


@dataclass(frozen=True, slots=True)
class StoredTrace:
    """`loop`: of a run that goes on for ever, the number of the step after which the others repeat. `trap`: how many
    states can be reached from the end, of a trace that is about that."""

    origin: Origin
    property: str
    kind: PropertyKind
    initial: StateStory
    steps: tuple[StoredStep, ...]
    loop: int | None = None
    trap: int | None = None


class TraceFormatError(Exception):
    """The text is no trace; the message says why."""


# --- writing ---------------------------------------------------------------------------------------------------------


def encode(trace: Trace, origin: Origin) -> dict[str, Json]:
    """A stored trace: the story with everything that is needed to replay it."""
    return {
        "schema": SCHEMA,
        "kspec": origin.version,
        "model": {"path": origin.model, "sha256": origin.sha256},
        "cluster": origin.cluster,
        "defines": list(origin.defines),
        "scopes": list(origin.scopes),
        "engine": origin.engine,
        **({} if origin.audited is None else {"audit": _encode_audited(origin.audited)}),
        **encode_story(trace),
    }


def _encode_audited(audited: AuditedFault) -> Json:
    return {"component": audited.component, "fault": audited.fault, "number": audited.number}


def encode_story(trace: Trace) -> dict[str, Json]:
    """The part of a stored trace that tells what happens."""
    return {
        "property": {"name": trace.property, "kind": trace.kind.value},
        "initial": _encode_state(trace.initial),
        "steps": [_encode_step(step) for step in trace.steps],
        "blame": None if trace.blame is None else encode_blame(trace.blame),
        "failure": None
        if trace.failure is None
        else {
            "message": trace.failure.message,
            "place": str(trace.failure.span),
            "object": trace.failing_object,
        },
        "failing_subject": trace.failing_subject,
        **({} if trace.loop is None else {"loop": encode_loop(trace.loop)}),
        **({} if trace.trap is None else {"trap": {"states": trace.trap}}),
    }


def _encode_state(state: StateStory) -> Json:
    groups: list[Json] = [
        {"kind": group.kind, "names": list(group.objects), "fields": encode_named(group.fields)}
        for group in state.groups
    ]
    return {"objects": groups, "variables": encode_named(state.variables)}


def _encode_step(step: TraceStep) -> Json:
    deed = step.deed
    return {
        "component": deed.component,
        "instance": deed.instance,
        "action": deed.action,
        "arguments": encode_named(deed.arguments),
        "choices": encode_named(deed.all_choices),
        "path": list(deed.path),
        "place": str(deed.span),
        "refused": step.refused,
        "changes": [encode_change(change) for change in step.changes],
        **encode_details(deed, step.details),
        "failure": None
        if step.failure is None
        else {
            "property": step.failure.kind.value,
            "message": step.failure.message,
            "place": str(step.failure.span),
            "object": step.failing_object,
        },
    }


# --- reading ---------------------------------------------------------------------------------------------------------


def decode(text: str) -> StoredTrace:
    """Reads a stored trace of any origin. Raises TraceFormatError."""
    try:
        document = json.loads(text)
    except RecursionError:
        raise TraceFormatError("it is nested too deeply") from None
    except ValueError as error:
        raise TraceFormatError(f"it is not JSON: {error}") from None
    root = _Reader(document, "the trace")
    schema = root.text("schema")
    if schema != SCHEMA:
        raise TraceFormatError(f"its schema is `{_short(schema)}`, and this version reads `{SCHEMA}`")
    model, property_ = root.part("model"), root.part("property")
    kind = property_.text("kind")
    if kind not in {known.value for known in PropertyKind}:
        raise TraceFormatError(f"`{_short(kind)}` is no kind of property")
    origin = Origin(
        model.text("path"),
        model.text("sha256"),
        root.text("cluster"),
        root.texts("defines"),
        root.texts("scopes"),
        root.text("engine"),
        root.text("kspec"),
        _decode_audited(root.part("audit")) if root.has("audit") else None,
    )
    steps = tuple(_decode_step(step) for step in root.parts("steps"))
    loop = root.part("loop").number("after") if root.has("loop") else None
    trap = root.part("trap").number("states") if root.has("trap") else None
    initial = _decode_state(root.part("initial"))
    return StoredTrace(origin, property_.text("name"), PropertyKind(kind), initial, steps, loop, trap)


def _decode_audited(audit: _Reader) -> AuditedFault:
    return AuditedFault(audit.text("component"), audit.text("fault"), audit.count("number"))


def _decode_state(state: _Reader) -> StateStory:
    groups = tuple(
        ObjectGroup(group.text("kind"), group.texts("names"), group.named("fields")) for group in state.parts("objects")
    )
    return StateStory(groups, state.named("variables"))


def _decode_step(step: _Reader) -> StoredStep:
    return StoredStep(
        step.text("component"),
        step.optional_text("instance"),
        step.text("action"),
        step.named("arguments"),
        step.named("choices"),
        step.texts("path"),
        step.has("failure"),
        tuple(
            Change(change.text("what"), change.optional_text("before"), change.optional_text("after"))
            for change in step.parts("changes")
        ),
        step.optional_text("worker"),
    )


class _Reader:
    """Access to one JSON object that insists on the types it should have; `place` says where it stands."""

    def __init__(self, document: object, place: str) -> None:
        if not isinstance(document, dict):
            raise TraceFormatError(f"{place} is no JSON object")
        self._document: dict[str, object] = document
        self._place = place

    def has(self, name: str) -> bool:
        return self._document.get(name) is not None

    def text(self, name: str) -> str:
        value = self._document.get(name)
        if not isinstance(value, str):
            raise TraceFormatError(f"`{name}` of {self._place} is not a text")
        return value

    def count(self, name: str) -> int:
        value = self._document.get(name)
        if not isinstance(value, int) or isinstance(value, bool) or value < 0:
            raise TraceFormatError(f"`{name}` of {self._place} is no count")
        return value

    def optional_text(self, name: str) -> str | None:
        return self.text(name) if self.has(name) else None

    def number(self, name: str) -> int:
        value = self._document.get(name)
        if not isinstance(value, int) or isinstance(value, bool) or value < 0:
            raise TraceFormatError(f"`{name}` of {self._place} is not a number of steps or states")
        return value

    def texts(self, name: str) -> tuple[str, ...]:
        return tuple(_as_text(item, f"an entry of `{name}` of {self._place}") for item in self._list(name))

    def part(self, name: str) -> _Reader:
        return _Reader(self._document.get(name), f"`{name}` of {self._place}")

    def parts(self, name: str) -> list[_Reader]:
        return [_Reader(item, f"entry {number} of `{name}`") for number, item in enumerate(self._list(name), 1)]

    def named(self, name: str) -> tuple[Named, ...]:
        return tuple(Named(pair.text("name"), pair.text("value")) for pair in self.parts(name))

    def _list(self, name: str) -> list[object]:
        value = self._document.get(name)
        if not isinstance(value, list):
            raise TraceFormatError(f"`{name}` of {self._place} is not a list")
        return value


def _as_text(value: object, place: str) -> str:
    if not isinstance(value, str):
        raise TraceFormatError(f"{place} is not a text")
    return value


def _short(text: str) -> str:
    return text if len(text) <= 40 else text[:37] + "..."
