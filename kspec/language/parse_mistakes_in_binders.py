"""Mistakes in what binds names: quantifiers, counts, parameters, `for` and `choose`."""

from __future__ import annotations

from typing import Final

from kspec.language.parse_place import Advice, Place

_QUANTIFIERS: Final = frozenset({"FORALL", "EXISTS", "ONE"})
_WITH_VALUE: Final = frozenset({"SUM", "MIN", "MAX"})
_COLLECTING: Final = _WITH_VALUE | {"COUNT", "SET"}
_BINDING: Final = _QUANTIFIERS | _COLLECTING | {"FOR", "CHOOSE"}
_CONDITION: Final = frozenset(
    {"DOT", "LPAR", "LSQB", "EQUAL", "UNEQUAL", "LESS", "LESS_EQUAL", "GREATER", "GREATER_EQUAL", "PLUS", "MINUS"}
)
_NAMES: Final = frozenset({"NAME", "QUOTED"})
_SMALL_TYPES: Final = frozenset({"bool", "int"})
_OTHER_QUANTIFIERS: Final = {"all": "forall", "every": "forall", "each": "forall", "some": "exists", "any": "exists"}
_SUCH_THAT: Final = frozenset({"such", "st", "with"})


def exactly_one(place: Place) -> Advice | None:
    if place.type(-1) == "EXISTS" and place.type() == "NOT":
        return Advice(None, "write `exactly one x: T: …`")
    return None


def other_quantifier(place: Place) -> Advice | None:
    """`some p: Pod: …` and the like."""
    offset = 0 if place.type() == "ANY" and "TRUE" in place.accepted else -1
    word = place.token(offset)
    if word is None or str(word) not in _OTHER_QUANTIFIERS or ("DOT" in place.accepted and offset == 0):
        return None
    if place.type(offset + 1) not in _NAMES or place.type(offset + 2) not in {"COLON", "IN", "COMMA"}:
        return None
    return Advice(f"`{word}` is no quantifier of kspec", f"write `{_OTHER_QUANTIFIERS[str(word)]} …: …`")


def kind_alone(place: Place) -> Advice | None:
    """`count(Pod)`, `count(Pod where …)`."""
    if place.type() not in {"RPAR", "WHERE"} or place.type(-2) != "LPAR" or place.type(-3) not in _COLLECTING:
        return None
    word, kind = place.token(-3), place.token(-1)
    assert word is not None
    condition = " where …" if place.type() == "WHERE" else ""
    value = ": …" if word.type in _WITH_VALUE else ""
    return Advice(f"what `{word}` goes through needs a name", f"write `{word}(x: {kind}{condition}{value})`")


def condition_after_comma(place: Place) -> Advice | None:
    """`count(q: Pod, q.node == n)`, `forall p: Pod, p.node == none`."""
    if not _in_group(place) or place.type() not in _CONDITION or place.type(-2) != "COMMA":
        return None
    start = place.index_before(_BINDING)
    if start is None:
        return None
    binder = _binder(place, start, place.index - 2)
    word = place.part.tokens[start].type
    if word in _WITH_VALUE:
        hint = f"write `{binder}: …)`; a condition stands before the `:`, after `where`"
    elif word in _QUANTIFIERS:
        hint = f"write `{binder}: …`; a condition on what is meant stands before the `:`, after `where`"
    else:
        hint = f"write `{binder} where …{')' if word in _COLLECTING else ''}`"
    return Advice("after the comma another variable is expected", hint)


def type_before_name(place: Place) -> Advice | None:
    """`forall Pod p`, `action a(Pod p)`, `kind K { bool a }`, and `p Pod` without a colon."""
    first, second = place.token(-1), place.token()
    if "COLON" not in place.accepted or "SEQ" in place.accepted or first is None or second is None:
        return None
    if not (first.type in _NAMES or str(first) == "int") or not (second.type in _NAMES or str(second) == "int"):
        return None
    if ("IN" not in place.accepted and place.type(1) == "COLON") or str(second) == "from":
        return None
    if _names_type(str(first)) and not _names_type(str(second)):
        return Advice(None, f"the name comes first: write `{second}: {first}`")
    return Advice(None, f"write `{first}: {second}`") if _names_type(str(second)) else None


def quantified_kind(place: Place) -> Advice | None:
    """`exists Pod: …`: the kind is taken for a name, and what is claimed for the type."""
    start = place.index_before(_QUANTIFIERS)
    if start is None or place.type(-1) != "COLON" or "SEQ" not in place.accepted:
        return None
    token = place.token(-2)
    if token is None or not str(token)[:1].isupper():
        return None
    if place.type(-3) == "COMMA":
        names = _binder(place, start, place.index - 3)
    else:
        names = f"{_binder(place, start, place.index - 2)} x"
    return Advice(None, f"write `{names}: {token}: …`")


def brackets_around(place: Place) -> Advice | None:
    """`forall (p: Pod): …`."""
    if place.type() == "LPAR" and place.type(-1) in _QUANTIFIERS and "NAME" in place.accepted:
        return Advice(None, f"without parentheses: write `{place.token(-1)} x: T: …`")
    return None


def without_type(place: Place) -> Advice | None:
    """`forall p: p.ready`."""
    start = place.index_before(_QUANTIFIERS)
    if start is None or "COLON" not in place.accepted or place.type() in _NAMES:
        return None
    tokens = place.part.tokens[start + 1 : place.index]
    if len(tokens) < 3 or tokens[1].type != "COLON" or str(tokens[0]) != str(tokens[2]):
        return None
    return Advice(f"the type of `{tokens[0]}` is missing", f"write `{_binder(place, start, start + 2)}: T: …`")


def without_colon(place: Place) -> Advice | None:
    brackets = [word for word in place.unfinished if word in {"quantifier", "LBRACE", "LPAR", "LSQB"}]
    if brackets[-1:] != ["quantifier"] or "COLON" not in place.accepted or _in_group(place):
        return None
    message = f"expected `:` before what the quantifier says, found {place.found()}"
    start = place.index_before(_QUANTIFIERS)
    token = place.token()
    if token is not None and (str(token) in _SUCH_THAT or token.type == "IF"):
        return Advice(message, "a condition stands after `where`: write `forall p: Pod where C: E`")
    if start is None:
        return Advice(message, "write `forall p: Pod where C: E`")
    go_on = f" {token} …" if token is not None and token.type in _NAMES else " …"
    return Advice(message, f"write `{_binder(place, start, place.index)}:{go_on}`")


def _binder(place: Place, start: int, end: int) -> str:
    """The text of a binder from its word on."""
    return ("exactly " if place.part.tokens[start].type == "ONE" else "") + place.text(start, end)


def _in_group(place: Place) -> bool:
    """Whether the `:` before a type is missing."""
    return "SEQ" in place.accepted or place.accepted & {"COLON", "IN", "WHERE"} == {"COLON", "IN"}


def _names_type(word: str) -> bool:
    return word[:1].isupper() or word in _SMALL_TYPES
