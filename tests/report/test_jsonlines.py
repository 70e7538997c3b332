"""The report for programs: every line fits the schema."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from kspec.check.check import check_system
from kspec.check.options import CheckOptions, Engine
from kspec.explore.result import Compilation
from kspec.language.codes import Code
from kspec.language.diagnostics import Diagnostic
from kspec.report.jsonlines import diagnostics_json, result_json
from kspec.system.properties import ExpectCounts, ExpectViolation
from kspec.system.spans import NOWHERE, Span
from tests.check.test_check import counter
from tests.schemas import NAMES, schema, validator
from tests.trace.pods import pods

EXPECTED = (ExpectViolation("UniqueIP", NOWHERE), ExpectCounts(False, 25, None, None, NOWHERE))


@pytest.mark.parametrize("name", NAMES)
def test_the_schemas_are_schemas(name: str) -> None:
    validator(name).check_schema(schema(name))


@pytest.mark.parametrize("engine", Engine)
def test_results_fit_the_schema(engine: Engine) -> None:
    for system in (counter(stop=3), counter(stop=6), replace(pods(), expectations=EXPECTED)):
        text = result_json(check_system(system, CheckOptions(engine=engine, depth=3)))
        assert text.endswith("\n")
        assert text.count("\n") == 1
        validator("check-1").validate(json.loads(text))


def test_what_a_result_says() -> None:
    document: dict[str, Any] = json.loads(result_json(check_system(counter(stop=6), CheckOptions(engine=Engine.PLAIN))))
    assert document["schema"] == "kspec-check/1"
    assert (document["model"], document["cluster"], document["exit_code"]) == ("test", "only", 1)
    assert document["exploration"]["states"] == 7
    assert document["exploration"]["actions"] == {"clock.tick": 6, "clock.jump": 0}
    small = document["properties"][0]
    assert (small["name"], small["kind"], small["verdict"]) == ("Small", "invariant", "violated")
    assert [step["action"] for step in small["trace"]["steps"]] == ["tick"] * 4


@pytest.mark.parametrize(("is_cached", "code"), [(False, "compiled"), (True, "cached")])
def test_where_machine_code_comes_from(is_cached: bool, code: str) -> None:
    result = check_system(counter(stop=6), CheckOptions(engine=Engine.PLAIN))
    assert result.exploration is not None
    plain = json.loads(result_json(result))["exploration"]
    assert (plain["code"], plain["compile_seconds"]) == ("none", 0)
    fast = replace(result, exploration=replace(result.exploration, compilation=Compilation(0.25, is_cached)))
    document = json.loads(result_json(fast))
    assert (document["exploration"]["code"], document["exploration"]["compile_seconds"]) == (code, 0.25)
    validator("check-1").validate(document)


def test_the_schema_of_checks_has_that_of_traces_within() -> None:
    assert schema("check-1")["$defs"]["trace-1"] == schema("trace-1")


def test_text_outside_of_ascii_and_outside_of_unicode() -> None:
    text = diagnostics_json("\udcff\u00e9\U0001f600\\.kspec", [])
    assert text.isascii()
    assert json.loads(text)["model"] == "\\udcff\u00e9\U0001f600\\.kspec"


def test_models_with_errors_fit_the_schema() -> None:
    span = Span("m.kspec", 1, 2, 1, 5)
    diagnostic = Diagnostic(Code.KS101, "nothing is called `x`", span, "did you mean `y`?", ((span, "here"),))
    document = json.loads(diagnostics_json("m.kspec", [diagnostic, Diagnostic(Code.KS509, "none", NOWHERE)]))
    validator("check-1").validate(document)
    assert document["exit_code"] == 2
    assert [found["code"] for found in document["diagnostics"]] == ["KS101", "KS509"]
