"""Mistakes that people often make, and what to say about them. The first that is recognised is told."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeAlias

from kspec.language import parse_mistakes_in_binders as binders
from kspec.language import parse_mistakes_in_bodies as bodies
from kspec.language import parse_mistakes_in_declarations as declarations
from kspec.language import parse_mistakes_in_expressions as expressions
from kspec.language.parse_place import Advice, Place

_Recogniser: TypeAlias = Callable[[Place], Advice | None]

_CLEAR: Final[tuple[_Recogniser, ...]] = (
    declarations.property_without_name,
    declarations.action_without_body,
    binders.exactly_one,
    binders.other_quantifier,
    bodies.choose_with_block,
    bodies.brace_instead_of_statement,
    bodies.condition_in_body,
)
"""Told even where a bracket is open, or where a reserved word may be meant as a name."""

_LIKELY: Final[tuple[_Recogniser, ...]] = (
    bodies.else_if,
    bodies.wrong_word,
    bodies.step_of_one,
    bodies.colon_for_value,
    bodies.let_with_type,
    bodies.variable_in_body,
    bodies.create_without_braces,
    bodies.create_with_name,
    bodies.new_object,
    bodies.then_in_statement,
    declarations.without_type,
    declarations.without_first_value,
    declarations.overriding,
    declarations.action_outside,
    declarations.word_of_other_languages,
    declarations.item_of_component,
    declarations.condition_of_action,
    declarations.instance_of_component,
    declarations.result_of_definition,
    declarations.property_without_colon,
    declarations.members_of_enum,
    declarations.quotes_of_import,
    declarations.item_of_cluster,
    declarations.list_type,
    declarations.counts_without_comma,
    binders.kind_alone,
    binders.condition_after_comma,
    binders.without_type,
    binders.without_colon,
    binders.type_before_name,
    binders.quantified_kind,
    binders.brackets_around,
    expressions.one_equals_sign,
    expressions.word_for_comparison,
    expressions.arrow,
    expressions.question_mark,
    expressions.fraction,
    expressions.chained_comparison,
    expressions.mixed_connectives,
    expressions.missing_else,
    expressions.get_as_value,
    expressions.open_operand,
    expressions.comma,
    expressions.text_value,
    bodies.without_braces,
)


def clear_mistake(place: Place) -> Advice | None:
    """A mistake that nothing else explains better."""
    return _first(_CLEAR, place)


def likely_mistake(place: Place) -> Advice | None:
    """A mistake that is probably the one, if no bracket is missing and no reserved word is used as a name."""
    return _first(_LIKELY, place)


def _first(recognisers: tuple[_Recogniser, ...], place: Place) -> Advice | None:
    return next((advice for recognise in recognisers if (advice := recognise(place)) is not None), None)
