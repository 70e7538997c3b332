"""Mistakes in declarations, and in the items of components and clusters."""

from __future__ import annotations

from typing import Final

from kspec.language.parse_place import Advice, Place

_PROPERTIES: Final = frozenset({"INVARIANT", "STEP", "REACHABLE", "PROPERTY", "RECOVERABLE", "ASSUME"})
_NAMES: Final = frozenset({"NAME", "QUOTED"})
_ACTION: Final = frozenset({"ACTION", "FAIR", "STRONGLY", "ATOMIC", "PROCESS"})
_VALUES: Final = {"INT": "0..8", "TRUE": "bool", "FALSE": "bool"}

_OTHER_WORDS: Final = {
    **dict.fromkeys(("fn", "func", "fun", "function", "define", "macro", "pred"), "write `def name(x: T): T = …`"),
    **dict.fromkeys(("struct", "class", "record", "object", "resource", "sig"), "write `kind NAME { … }`"),
    **dict.fromkeys(("never", "safety", "assert", "invariants"), "write `invariant NAME: …`"),
    **dict.fromkeys(("variable", "variables", "let"), "write `var NAME: T = …`"),
    **dict.fromkeys(("constant", "constants"), "write `const NAME: T = …`"),
    **dict.fromkeys(("rule", "event", "transition"), "write `action NAME(…) when … { … }` in a component"),
    "init": "a `var` has its first value, and a `cluster` the first objects",
    "liveness": "write `property NAME: …`",
    "controller": "write `component controller { … }`",
    "type": "an `enum` has values, a `kind` has objects; other types need no name",
    "include": 'write `import "FILE.kspec"`',
}


def property_without_name(place: Place) -> Advice | None:
    """`invariant: …`, `invariant forall p: Pod: …`."""
    if place.type(-1) not in _PROPERTIES or "NAME" not in place.accepted:
        return None
    begins = place.type() in {"FORALL", "EXISTS", "EXACTLY", "ALWAYS", "NOT", "COUNT"} and place.type(1) != "COLON"
    if begins or place.type() == "COLON":
        return Advice(f"expected a name, found {place.found()}", f"write `{place.token(-1)} NAME: …`")
    return None


def action_without_body(place: Place) -> Advice | None:
    """The declaration or the component ends, or the next begins, before a body."""
    if not {"WHEN", "LBRACE"} <= place.accepted and not ("EACH" in place.accepted and "LBRACE" in place.accepted):
        return None
    if "ACTION" not in place.unfinished or "LBRACE" in place.unfinished[place.unfinished.index("ACTION") :]:
        return None
    if place.index < place.part.end and place.type() != "RBRACE" and place.type() not in _ACTION | {"VAR", "DEF"}:
        return None
    hint = "write `{ … }` behind it, or `{ }` if it changes nothing"
    start = place.index_before(frozenset({"ACTION"}))
    name = "" if start is None else f" `{place.part.tokens[start + 1]}`"
    return Advice(f"the action{name} has no body: expected `{{`, found {place.found()}", hint)


def without_type(place: Place) -> Advice | None:
    """`def f() = 3`, `var x = 1`, `kind K { x = 1 }`, `def f(a, b): int`."""
    if "COLON" not in place.accepted or not place.accepted <= {"COLON", "COMMA", "LPAR", "DOT", "SEMICOLON"}:
        return None
    if place.type() == "RPAR":
        start = place.index_before(frozenset({"LPAR"}))
        if start is None:
            return None
        return Advice("the parameters have no type", f"write `{place.text(start + 1)}: T`")
    if place.type() != "ASSIGN":
        return None
    start = place.index_before(frozenset({"DEF"}))
    if start is not None:
        type = {"INT": "int"}.get(place.type(1)) or _VALUES.get(place.type(1), "T")
        return Advice("the type of the result is missing", f"write `{place.text(start)}: {type} = …`")
    type = _VALUES.get(place.type(1), "T")
    declared = place.text(place.index - 2 if place.type(-2) in {"VAR", "CONST", "KEY"} else place.index - 1)
    return Advice(f"the type of `{place.token(-1)}` is missing", f"write `{declared}: {type} = …`")


def without_first_value(place: Place) -> Advice | None:
    """`var x: 0..3`."""
    start = place.index_before(frozenset({"VAR"}))
    if start is None or "ASSIGN" not in place.accepted or "COLON" in place.accepted or place.type() == "EQUAL":
        return None
    if all(token.type != "COLON" for token in place.part.tokens[start : place.index]):
        return None
    if place.index < place.part.end and place.type() not in {"RBRACE", "VAR", "DEF", "SEMICOLON"} | _ACTION:
        return None
    return Advice("a variable needs a first value", f"write `{place.text(start)} = …`")


def overriding(place: Place) -> Advice | None:
    """`override action a { … }`."""
    if place.type(-1) != "OVERRIDE" or place.type() not in _ACTION | {"COMPONENT"}:
        return None
    hint = "`disable` the action in the cluster, and write another one in a component of its own"
    return Advice("only a definition can be overridden", hint)


def action_outside(place: Place) -> Advice | None:
    if place.type() in _ACTION and _at_top(place):
        hint = "write `component NAME { … }` or `environment { … }` around it"
        return Advice("an action stands in a component", hint)
    return None


def word_of_other_languages(place: Place) -> Advice | None:
    token = place.token()
    if token is None or not _at_top(place) or str(token) not in _OTHER_WORDS:
        return None
    return Advice(None, _OTHER_WORDS[str(token)])


def item_of_component(place: Place) -> Advice | None:
    """`fair a { … }`, `a(p: Pod) { … }`, `action a { … } when C`."""
    if place.accepted.isdisjoint({"PROCESS"}) or not place.accepted & {"ACTION"} or _at_top(place):
        return None
    if place.type() == "WHEN":
        return Advice(None, "conditions stand before the body: `action NAME(…) when C { … }`")
    if place.type() in _NAMES and place.type(1) in {"LPAR", "LBRACE", "WHEN"}:
        return Advice(None, f"write `action {place.token()}`")
    return None


def condition_of_action(place: Place) -> Advice | None:
    """`action a where C`, `action a when b, c`, `action a p: Pod`."""
    if not {"WHEN", "LBRACE"} <= place.accepted:
        return None
    if place.type() in {"WHERE", "IF"} or place.token() in {"requires", "require", "guard", "if", "given"}:
        return Advice(None, "write `when`")
    if place.type() == "COMMA" and "AND" in place.accepted:
        return Advice("no comma stands between conditions", "write `and`, or another `when`")
    if place.type() in _NAMES and place.type(1) == "COLON" and place.type(-2) == "ACTION":
        return Advice(None, f"parameters stand in parentheses: `action {place.token(-1)}({place.token()}: …)`")
    return None


def instance_of_component(place: Place) -> Advice | None:
    """`component kubelet(n: Node)`, `component kubelet per Node`."""
    if place.type(-2) == "COMPONENT" and place.type() == "LPAR":
        return Advice(None, f"write `component {place.token(-1)} per x: KIND {{ … }}`")
    if place.type(-2) == "PER" and place.type() == "LBRACE" and "COLON" in place.accepted:
        return Advice("the instance has no name", f"write `per x: {place.token(-1)}`")
    return None


def result_of_definition(place: Place) -> Advice | None:
    """`def f(p: Pod) -> bool = …`, `def f(p: Pod): bool { … }`."""
    if place.index_before(frozenset({"DEF"})) is None:
        return None
    if place.type() == "ARROW" and "COLON" in place.accepted:
        return Advice(None, f"the type of the result follows a colon: `: {place.token(1)}`")
    if place.type() == "LBRACE" and "ASSIGN" in place.accepted:
        return Advice(None, "a definition is one expression: write `= …`")
    return None


def property_without_colon(place: Place) -> Advice | None:
    if {"COLON", "ONLY"} <= place.accepted and place.type() in {"ASSIGN", "LBRACE"}:
        return Advice(None, f"write `{place.token(-2)} {place.token(-1)}: …`")
    return None


def members_of_enum(place: Place) -> Advice | None:
    if "ENUM" in place.unfinished and {"COMMA", "RBRACE"} <= place.accepted:
        return Advice(None, f"commas stand between the values: `{place.token(-1)}, …`")
    return None


def quotes_of_import(place: Place) -> Advice | None:
    if place.type(-1) == "IMPORT" and place.type() in _NAMES:
        end = place.index + 1
        while end < len(place.part.tokens) and place.part.tokens[end].start_pos == place.part.tokens[end - 1].end_pos:
            end += 1
        return Advice(None, f'write `import "{place.text(place.index, end)}"`')
    return None


def item_of_cluster(place: Place) -> Advice | None:
    """`Node: n1, n2`, `replicas: 2`, `Pod 3`."""
    if not {"EXACTLY", "ASSIGN", "AT"} <= place.accepted:
        return None
    before = place.token(-1)
    match place.type():
        case "INT":
            kind = place.token(-2) if str(before) in {"max", "to"} else before
            return Advice(None, f"write `{kind} at most {place.token()}`, or `{kind} exactly {place.token()}`")
        case "COLON" if str(before)[:1].isupper() and place.type(1) in _NAMES:
            return Advice(None, f"write `{before} {place.token(1)}`")
        case "COLON":
            return Advice(None, f"a value is given with `=`: `{before} = …`")
        case _:
            return None


def list_type(place: Place) -> Advice | None:
    """`[Pod]`."""
    if "SEQ" in place.accepted and place.type() == "LSQB":
        return Advice(None, f"write `set {place.token(1)}`, or `seq {place.token(1)} at most 3` for one with an order")
    return None


def counts_without_comma(place: Place) -> Advice | None:
    """`expect states 3 transitions 4`."""
    if place.type() in _NAMES and place.type(1) == "INT" and place.type(-1) == "INT" and "COMMA" in place.accepted:
        return Advice(None, f"write a comma before `{place.token()}`")
    return None


def _at_top(place: Place) -> bool:
    return "INVARIANT" in place.accepted and "CLUSTER" in place.accepted
