"""The corners of the language, one small model each: what its `expect` lines say, every checker says."""

from __future__ import annotations

from pathlib import Path

import pytest

from kspec.language import checked
from tests.agreement.engines import (
    Answer,
    check_bounded,
    check_induction,
    explored,
    explorer_answer,
    load,
    lowered,
    reference_answer,
)
from tests.reference.search import check

CASES = sorted((Path(__file__).parent.parent / "cases" / "semantics").glob("*.kspec"))
BOUND = 5


def declared_counts(model: checked.Model) -> tuple[int | None, int | None, int | None]:
    (counts,) = (item for item in model.expectations if isinstance(item, checked.ExpectCounts) and not item.reduced)
    return counts.states, counts.transitions, counts.depth


def declared_violations(model: checked.Model) -> set[str]:
    return {item.property for item in model.expectations if isinstance(item, checked.ExpectViolation)}


def violated(model: checked.Model, answer: Answer) -> set[str]:
    """What is violated; what should be reachable and is not counts as such."""
    wanted = {item.name for item in model.properties.values() if item.kind == "reachable"}
    return {*answer.violations, *(wanted - answer.witnesses.keys())}


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_every_checker_meets_the_expectations(path: Path) -> None:
    model = load(path)
    (cluster,) = model.clusters
    answer = reference_answer(check(model, cluster))
    assert (answer.states, answer.transitions, answer.depth) == declared_counts(model)
    assert violated(model, answer) == declared_violations(model)

    system = lowered(model, cluster)
    exploration = explored(system)
    assert explorer_answer(system, exploration) == answer
    check_bounded(system, exploration, BOUND)
    check_induction(system, exploration)
