"""The grammar: no conflicts, and in step with the list of reserved words."""

from __future__ import annotations

from pathlib import Path

import pytest
from lark import Lark

from kspec.language.build import Builder
from kspec.language.grammar import STARTS, grammar_text, load_parser, load_vocabulary
from kspec.language.parse import parse_file
from kspec.language.reserved import NOT_RESERVED, RESERVED

CHECKOUT = Path(__file__).parents[2] / "grammar" / "kspec.lark"


def test_grammar_has_no_conflicts() -> None:
    Lark(grammar_text(), parser="lalr", strict=True, start=list(STARTS))


def test_checkout_is_where_the_grammar_comes_from() -> None:
    assert grammar_text() == CHECKOUT.read_text(encoding="utf-8")


def test_every_keyword_is_listed_as_reserved_or_not() -> None:
    assert not RESERVED & NOT_RESERVED
    assert set(load_vocabulary().words) == RESERVED | NOT_RESERVED


def test_rule_name_lists_the_keywords_that_are_not_reserved() -> None:
    words = load_vocabulary().words
    listed = {
        symbol.name
        for rule in load_parser().rules
        if rule.origin.name in {"name", "other_name"}
        for symbol in rule.expansion
        if symbol.is_term
    }
    assert listed == {words[word] for word in NOT_RESERVED} | {"NAME", "QUOTED"}


def test_every_rule_has_a_builder() -> None:
    for rule in load_parser().rules:
        name = rule.alias or rule.origin.name
        if not name.startswith("_") and not rule.options.expand1:
            assert callable(getattr(Builder, name)), name


@pytest.mark.parametrize("word", sorted(NOT_RESERVED))
def test_keyword_that_is_not_reserved_is_a_name_everywhere(word: str) -> None:
    text = f"""
        const {word}: 0..3 = {word}
        enum {word} {{ {word}, a }}
        kind {word} {{ const {word}: {word} = {word}  key {word}: {word}  {word}: {word}? = {word} }}
        def {word}({word}: {word}): {word} = {word} + {word}({word}) + {word}[{word}].{word}
        var {word}: {word} = {word}
        component {word} per {word}: {word} {{
          var {word}: {word} = {word}
          fair per {word} action {word}({word}: {word}, b in {word}) when {word} when {word} at most {word} each {{
            {word} = {word}
            {word}.{word} += {word}
            let {word} = create {word} {{ {word} = {word} }}
            choose {word}: {word} where {word}
            delete {word}
            {word}({word})
            for {word} in {word} {{ {word} = {word} }}
            if {word} {{ }} else if {word} {{ }}
          }}
          fair action b {{ }}
        }}
        step {word}: forall {word}: {word} where {word}: exists {word} in {word}: {word}
        invariant {word} only in a: let {word} = {word}: {word}
        pattern {word}({word}: component): {word}
        assume {word}: {word}
        expect violation {word}
        request {word}({word}: {word}) when {word} {{ }}
        terminal when {word}
        cluster {word} extends {word} {{
          {word} = {word}
          {word} {word}, b {{ {word} = {word} }}
          {word} at most {word}
          {word} exactly {word}
          {word} {{ {word} = any {word} }}
          initially {word}
          remove {word}, {word}
          disable {word}.{word}
        }}
    """
    assert parse_file("test", text).diagnostics == ()


@pytest.mark.parametrize("word", sorted(RESERVED))
def test_reserved_word_is_a_name_only_in_backquotes(word: str) -> None:
    assert parse_file("test", f"const {word}: bool").diagnostics != ()
    assert parse_file("test", f"const `{word}`: bool = a.{word}").diagnostics == ()
