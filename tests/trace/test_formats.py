"""Traces as JSON and back; what strangers may put into such a file."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kspec.evaluate.evaluator import Evaluator
from kspec.evaluate.lasso import Lasso
from kspec.evaluate.replay import ReplayMismatch, replay
from kspec.evaluate.run import Run
from kspec.explore.plain import explore
from kspec.explore.result import Limits
from kspec.system.expressions import FALSE
from kspec.system.properties import Property, PropertyKind
from kspec.trace.formats import Origin, TraceFormatError, decode, encode
from kspec.trace.retrace import TraceMismatch, property_of, retell, retrace
from kspec.trace.story import tell, tell_lasso, tell_trap
from tests.schemas import validator
from tests.trace.lassos import BINDS, DROPPED, FLAPPING, RENEWED, STAYS, STOPPED
from tests.trace.lassos import S as JOBS
from tests.trace.pods import pods

SYSTEM = pods()
FOUND = explore(SYSTEM, Limits())
ORIGIN = Origin("pods.kspec", "0" * 64, "small", ("MAX=2",), ("Pod=2",), "plain", "0.1.0")


def stored(name: str) -> dict[str, Any]:
    property_ = next(it for it in SYSTEM.properties if it.name == name)
    return copy.deepcopy(encode(tell(SYSTEM, FOUND.violations[name], property_), ORIGIN))


@pytest.mark.parametrize("name", ["UniqueIP", "NeverDeleted", "Ranges"])
def test_a_stored_trace_comes_back_as_the_same_run(name: str) -> None:
    trace = decode(json.dumps(stored(name)))
    assert trace.origin == ORIGIN
    run = retrace(SYSTEM, trace)
    assert run == FOUND.violations[name]
    assert property_of(SYSTEM, trace).name == name
    replay(Evaluator(SYSTEM), run)


@pytest.mark.parametrize("name", ["UniqueIP", "NeverDeleted", "Ranges"])
def test_stored_traces_fit_the_schema(name: str) -> None:
    validator("trace-1").validate(stored(name))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "nonsense",
        "{}",
        '{"schema": "kspec-trace/2"}',
        '{"schema": "kspec-trace/1"}',
        "[" * 100_000,
        '{"schema": ' + "9" * 5000 + "}",
        "null",
        '"\\ud800"',
    ],
)
def test_what_is_no_trace_is_refused_in_words(text: str) -> None:
    with pytest.raises(TraceFormatError):
        decode(text)


DAMAGE: list[Callable[[dict[str, Any]], object]] = [
    lambda trace: trace.pop("steps"),
    lambda trace: trace.update(steps={}),
    lambda trace: trace["steps"].insert(0, None),
    lambda trace: trace["steps"][0].update(arguments=[1]),
    lambda trace: trace["steps"][0].update(instance=[]),
    lambda trace: trace["property"].update(kind="no kind"),
    lambda trace: trace.update(initial=[]),
    lambda trace: trace.update(model="x"),
    lambda trace: trace.update(defines=[{}]),
]


@pytest.mark.parametrize("damage", DAMAGE)
def test_damaged_traces_are_refused_in_words(damage: Callable[[dict[str, Any]], object]) -> None:
    trace = stored("UniqueIP")
    damage(trace)
    with pytest.raises(TraceFormatError):
        decode(json.dumps(trace))


LIES: list[Callable[[dict[str, Any]], object]] = [
    lambda trace: trace["steps"].pop(0),
    lambda trace: trace["steps"][0].update(action="no_such_action"),
    lambda trace: trace["steps"][2].update(arguments=[{"name": "p", "value": "pod7"}]),
    lambda trace: trace["steps"][2].update(choices=[]),
    lambda trace: trace["steps"][0].update(failure={"message": "", "place": ""}),
    lambda trace: trace["initial"]["variables"][0].update(value="1"),
]


@pytest.mark.parametrize("lie", LIES)
def test_a_trace_that_the_system_has_not_is_told_apart(lie: Callable[[dict[str, Any]], object]) -> None:
    trace = stored("UniqueIP")
    lie(trace)
    with pytest.raises(TraceMismatch):
        retrace(SYSTEM, decode(json.dumps(trace)))


def test_a_property_that_the_system_has_not_is_told() -> None:
    trace = stored("UniqueIP")
    trace["property"]["name"] = "Other"
    with pytest.raises(TraceMismatch):
        property_of(SYSTEM, decode(json.dumps(trace)))


# --- lassos and traps ------------------------------------------------------------------------------------------------

LASSOS = [(STOPPED, BINDS), (FLAPPING, BINDS), (RENEWED, STAYS), (DROPPED, STAYS)]


def stored_lasso(lasso: Lasso, property: Property) -> dict[str, Any]:
    return copy.deepcopy(encode(tell_lasso(JOBS, lasso, property), ORIGIN))


@pytest.mark.parametrize(("lasso", "property"), LASSOS)
def test_a_stored_lasso_comes_back_as_the_same_story(lasso: Lasso, property: Property) -> None:
    document = stored_lasso(lasso, property)
    validator("trace-1").validate(document)
    stored_trace = decode(json.dumps(document))
    assert stored_trace.loop == lasso.loop
    assert retell(JOBS, stored_trace) == tell_lasso(JOBS, lasso, property)


def test_a_stored_lasso_whose_loop_is_another_is_not_believed() -> None:
    document = stored_lasso(FLAPPING, BINDS)
    document["loop"]["after"] = 2
    with pytest.raises(ReplayMismatch):
        retell(JOBS, decode(json.dumps(document)))


@pytest.mark.parametrize("after", [-1, "1", None, True, 1.5])
def test_a_loop_begins_after_a_number_of_steps(after: object) -> None:
    document = stored_lasso(FLAPPING, BINDS)
    document["loop"]["after"] = after
    with pytest.raises(TraceFormatError):
        decode(json.dumps(document))


def test_a_stored_trap_comes_back_with_its_size() -> None:
    busy = next(found for found in JOBS.properties if found.name == "Busy")
    recovers = replace(busy, kind=PropertyKind.RECOVERABLE, expression=FALSE)
    doomed = replace(JOBS, properties=(recovers,))
    run = Run(next(Evaluator(doomed).initial_states()), ())
    states = explore(doomed, Limits()).states
    document = encode(tell_trap(doomed, run, recovers, states), ORIGIN)
    validator("trace-1").validate(document)
    told = retell(doomed, decode(json.dumps(document)))
    assert (told.run, told.trap) == (run, states)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)


@settings(max_examples=200, derandomize=True, deadline=None)
@given(st.data())
def test_any_part_of_a_trace_may_be_anything(data: st.DataObject) -> None:
    trace: Any = stored("UniqueIP")
    place = trace
    while isinstance(place, (dict, list)) and place:
        keys = sorted(place) if isinstance(place, dict) else list(range(len(place)))
        key = data.draw(st.sampled_from(keys))
        if not isinstance(place[key], (dict, list)) or data.draw(st.booleans()):
            place[key] = data.draw(json_values)
            break
        place = place[key]
    with suppress(TraceFormatError, TraceMismatch):
        retrace(SYSTEM, decode(json.dumps(trace)))
