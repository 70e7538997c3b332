"""Definitions of a component: what their names stand for inside it."""

from __future__ import annotations

import pytest

from tests.language.checker.checking import codes, load_text

LEVEL = "var level: 0..3 = 0\n"


@pytest.mark.parametrize("use", ["low", "low()"])
@pytest.mark.parametrize("component", ["component pump", "kind Pump\ncomponent pump per p: Pump"])
def test_parentheses_may_be_left_out(component: str, use: str) -> None:
    body = f"{{ def low(): bool = level < 2  action rise when {use} {{ level += 1 }} }}"
    assert codes(f"{LEVEL}{component} {body}") == []


def test_a_name_like_one_of_them_is_hinted_at() -> None:
    text = f"{LEVEL}component pump {{ def lowest(): bool = level < 2  action rise when lowst {{ level += 1 }} }}"
    (found,) = load_text(text).diagnostics
    assert found.code.name == "KS101"
    assert found.hint == "did you mean `lowest`?"
