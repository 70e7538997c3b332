"""Locals of processes: a run that goes on needs those that some statement behind reads before it gives them a value."""

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
