"""The values that a variable stands for where a formula is written out for each of them."""

from __future__ import annotations

from collections.abc import Iterator

from kspec.language import checked
from kspec.language.codes import Code
from kspec.lower import build
from kspec.lower.context import Context
from kspec.lower.problems import Problem
from kspec.lower.temporal.limits import PART_LIMIT
from kspec.lower.temporal.place import Given, Place
from kspec.system.expressions import Literal, Use
from kspec.system.sorts import MapSort, ObjectSort, OptionSort, SeqSort, SetSort, Sort, cardinality, values_of
from kspec.system.spans import Span


def mortal_kind(context: Context, sort: Sort) -> str | None:
    """The kind of the objects that the values of a sort are, where they come and go."""
    inner = _within(sort)
    return inner.kind if isinstance(inner, ObjectSort) and not context.kind(inner.kind).permanent else None


def each_value(context: Context, local: checked.Local, sort: Sort, place: Place, span: Span) -> Iterator[Place]:
    """The place with each value of a sort for the local. Raises Problem where they are many, or come and go.

    Objects are locals with a value: that all of them are written out is no reason to tell them apart.
    """
    _require_few(context, local.name, sort, span)
    for value in values_of(sort):
        if value is None or not isinstance(_within(sort), ObjectSort):
            yield place.bind(local, build.literal(value, sort))
        else:
            stands_for = context.fresh(local.name, sort)
            yield place.bind(local, Use(stands_for), Given(stands_for, Literal(value, sort)))


def _require_few(context: Context, name: str, sort: Sort, span: Span) -> None:
    inner = _within(sort)
    mortal = mortal_kind(context, sort)
    if mortal is not None:
        message = f"{mortal} objects come and go, and `{name}` would be one of them at other moments than this"
        raise Problem(Code.KS403, message, span, f"write `forall {name}: {mortal}:` at the head of the property")
    if isinstance(inner, SetSort | MapSort | SeqSort):
        message = f"`{name}` is a collection, and a formula about time cannot be written out for each"
        raise Problem(Code.KS603, message, span, "name one value of it, or use it behind the temporal operators")
    count = cardinality(sort)
    if count is None or count > PART_LIMIT:
        message = f"a formula about time would be written out for more than {PART_LIMIT:,} values of `{name}`"
        raise Problem(Code.KS603, message, span, "quantify at the head of the property, or use a smaller range")


def _within(sort: Sort) -> Sort:
    return sort.inner if isinstance(sort, OptionSort) else sort
