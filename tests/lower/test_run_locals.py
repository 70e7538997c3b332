"""Locals of processes: which a run that goes on still needs, and what is known of them."""

from __future__ import annotations

import pytest

from tests.lower.texts import Stepper

CLUSTER = "cluster here { Pod a { n = 1 }  Pod b { n = 2 } }"


@pytest.mark.parametrize(
    "rest",
    ["choose p: Pod where p.n == 2  total = p.n", "for each p: Pod where p.n == 2 { total = p.n }"],
    ids=["choose", "for each"],
)
def test_a_condition_on_what_a_statement_binds_needs_no_value_before(rest: str) -> None:
    kinds = "kind Pod { n: 0..2 }  var total: 0..2 = 0"
    steps = Stepper(f"{kinds} component c {{ process run when total == 0 {{ yield {rest} }} }} {CLUSTER}")
    assert steps.step("run") == "stepped"
    assert "stepped" in steps.outcomes("run goes on")
    assert not any(variable.name == "c.run p" for variable in steps.system.variables)


@pytest.mark.parametrize(("last", "total"), [("none", 1), ("a", 3)])
def test_what_stands_behind_a_return_is_not_evaluated(last: str, total: int) -> None:
    kinds = "kind Pod { n: 0..2 }  var total: 0..9 = 0  var last: Pod? = none"
    body = "total = 1  let p = last  if p == none { return }  total += p.n  p.n = 0"
    cluster = f"cluster here {{ Pod a {{ n = 2 }}  last = {last} }}"
    steps = Stepper(f"{kinds} component c {{ process run when total == 0 {{ {body} }} }} {cluster}")
    assert steps.step("run") == "stepped"
    assert steps.value("total") == total
