"""Amounts in the canonical form of Kubernetes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kspec.language.amounts import thousandths_of
from kspec.system.amounts import Unit, spell


@pytest.mark.parametrize(
    ("thousandths", "binary", "text"),
    [
        (0, False, "0"),
        (500, False, "500m"),
        (1500, False, "1500m"),
        (2000, False, "2"),
        (1_000_000, False, "1k"),
        (1_500_000_000, False, "1500k"),
        (2**30 * 1000, True, "1Gi"),
        (3 * 2**29 * 1000, True, "1536Mi"),
        (2**30 * 1000, False, "1073741824"),
        (10**9 * 1000, True, "1G"),
        (2**50 * 1000, True, "1Pi"),
        (2**60 * 1000, True, "1024Pi"),
        (-500, False, "-500m"),
    ],
)
def test_canonical_form(thousandths: int, binary: bool, text: str) -> None:
    assert spell(thousandths, binary) == text


@given(st.integers(0, 10**24), st.booleans())
def test_what_is_written_is_read_as_the_same(thousandths: int, binary: bool) -> None:
    assert thousandths_of(spell(thousandths, binary)) == thousandths


@pytest.mark.parametrize(
    ("text", "thousandths"),
    [
        ("0.5", 500),
        ("500m", 500),
        ("1.50", 1500),
        ("007", 7000),
        ("1.5Gi", 3 * 2**29 * 1000),
        ("0.001Ki", 1024),
        ("100k", 10**8),
        ("0.0001Ki", None),
        ("0.0005", None),
        ("0.5m", None),
    ],
)
def test_literals_are_exact(text: str, thousandths: int | None) -> None:
    assert thousandths_of(text) == thousandths


def test_a_unit_counts_up_to_the_bound_rounded_down() -> None:
    unit = Unit("Cpu", 500, 2250, False)
    assert unit.steps == 4
    assert unit.spell(3) == "1500m"
    assert unit.bounds == "0..2250m"
