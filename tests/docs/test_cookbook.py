"""docs/cookbook.md: each recipe is a question, a model, and what kspec answers.

The lines of an answer are `NAME VERDICT`, `states N`, `orbits N` or `finding CODE`, with `in CLUSTER` behind them where
they are not about the first cluster.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from kspec.check.options import Engine
from kspec.check.result import CheckResult
from kspec.check.verdicts import Verdict
from kspec.system.properties import PropertyKind
from tests.docs.examples import Example, examples
from tests.models.checking import check_model, clusters_of

PAGE = Path(__file__).parents[2] / "docs" / "cookbook.md"
TEXT = PAGE.read_text(encoding="utf-8")
LONGEST = 16
"""Lines of a model. A recipe is read at a glance."""


@dataclass(frozen=True, slots=True)
class Recipe:
    title: str
    text: str
    example: Example


RECIPES = [
    Recipe(part.partition("\n")[0], part, example)
    for part, example in zip(TEXT.split("\n## ")[1:], examples(PAGE), strict=True)
]

EACH = pytest.mark.parametrize("recipe", RECIPES, ids=lambda recipe: recipe.title)


def result_of(path: Path, cluster: str, engine: Engine) -> CheckResult:
    checked = check_model(path, cluster, engine)
    assert checked.result is not None, checked.diagnostics
    return checked.result


def answers(path: Path) -> Iterator[str]:
    """Everything that can be said of the clusters of a model."""
    first, *_ = clusters = clusters_of(path)
    for cluster in clusters:
        where = "" if cluster == first else f" in {cluster}"
        result = result_of(path, cluster, Engine.PLAIN)
        orbits = result_of(path, cluster, Engine.EXPLORE).exploration
        assert result.exploration is not None
        assert orbits is not None
        yield f"states {result.exploration.states}{where}"
        yield f"orbits {orbits.states}{where}"
        yield from (f"{found.name} {found.verdict.value}{where}" for found in result.properties)
        yield from (f"finding {found.code}{where}" for found in result.findings)


@EACH
def test_the_answer_is_what_is_found(recipe: Recipe, tmp_path: Path) -> None:
    path = tmp_path / "model.kspec"
    path.write_text(recipe.example.text, encoding="utf-8")
    assert set(recipe.example.expected) - set(answers(path)) == set()


@EACH
def test_the_answer_leaves_nothing_out(recipe: Recipe, tmp_path: Path) -> None:
    """Of the first cluster: every property that the model declares, and every finding. The implicit ones hold."""
    path = tmp_path / "model.kspec"
    path.write_text(recipe.example.text, encoding="utf-8")
    result = result_of(path, clusters_of(path)[0], Engine.PLAIN)
    declared = [found for found in result.properties if found.kind is not PropertyKind.IMPLICIT]
    told = {f"{found.name} {found.verdict.value}" for found in declared}
    told |= {f"finding {found.code}" for found in result.findings}
    assert told - set(recipe.example.expected) == set()
    assert {found.verdict for found in result.properties if found not in declared} == {Verdict.HOLDS}


@EACH
def test_a_recipe_is_a_question_a_short_model_and_what_it_costs(recipe: Recipe) -> None:
    assert re.match(r"[^\n]+\n\n(> [^\n]+\n)+\n", recipe.text)
    assert len(recipe.example.text.splitlines()) <= LONGEST
    assert recipe.text.rpartition("```")[2].strip()


def test_the_contents_lead_to_every_recipe() -> None:
    contents = TEXT.split("\n## ")[0]
    anchors = [re.sub(r"[^a-z0-9 -]", "", recipe.title.lower()).replace(" ", "-") for recipe in RECIPES]
    assert re.findall(r"\]\(#([^)]*)\)", contents) == anchors
