"""Clauses, processes, requests and their handlers: the tree of each construct."""

from __future__ import annotations

import pytest

from kspec.language import tree
from kspec.language.parse import parse_file
from tests.language.shapes import shape, type_shape


def declaration(text: str) -> tree.Declaration:
    parsed = parse_file("test", text)
    assert parsed.diagnostics == ()
    (found,) = parsed.file.declarations
    return found


def item(text: str) -> tree.ComponentItem:
    """The one item, which nothing keeps from standing before another."""
    component = declaration(f"component c {{ {text} action last {{ }} }}")
    assert isinstance(component, tree.Component)
    found, last = component.items
    assert isinstance(last, tree.Action)
    return found


def statement(text: str) -> tree.Statement:
    action = item(f"action a {{ {text} {text} x = 1 }}")
    assert isinstance(action, tree.Action)
    first, second, last = action.body.statements
    assert isinstance(last, tree.Assign)
    assert type(first) is type(second)
    return first


def paths(found: tuple[tree.Path, ...]) -> list[str]:
    return [str(path) for path in found]


def budget(found: tree.Budget) -> str:
    return f"{shape(found.limit)}{' each' if found.each else ''}"


def permission(found: tree.Permission) -> str:
    variable = "" if found.variable is None else f"{found.variable.text}: "
    where = "" if found.where is None else f" where {shape(found.where)}"
    return f"{found.verb} {variable}{', '.join(paths(found.paths))}{where}"


@pytest.mark.parametrize(
    ("text", "kinds", "lag"),
    [
        ("watches Pod, m.Node lag 2", ["Pod", "m.Node"], "2"),
        ("watches Pod lag MAX + 1", ["Pod"], "(MAX + 1)"),
        ("watches Pod lag any", ["Pod"], None),
    ],
)
def test_watches(text: str, kinds: list[str], lag: str | None) -> None:
    found = item(text)
    assert isinstance(found, tree.Watches)
    assert paths(found.kinds) == kinds
    assert (None if found.lag is None else shape(found.lag)) == lag


@pytest.mark.parametrize(
    ("text", "type"),
    [
        ("reads own writes", tree.ReadsOwnWrites),
        ("relists", tree.Relists),
        ("may stay disconnected", tree.MayStayDisconnected),
    ],
)
def test_clauses_of_words_alone(text: str, type: type) -> None:
    assert isinstance(item(text), type)


@pytest.mark.parametrize(
    ("text", "type", "limit"),
    [
        ("loses events at most 2", tree.LosesEvents, "2"),
        ("disconnects at most 2 each", tree.Disconnects, "2 each"),
        ("crashes at most MAX", tree.Crashes, "MAX"),
    ],
)
def test_budgets_of_clauses(text: str, type: type, limit: str) -> None:
    found = item(text)
    assert isinstance(found, type)
    assert isinstance(found, tree.LosesEvents | tree.Disconnects | tree.Crashes)
    assert budget(found.budget) == limit


def test_crashes_from_stale_versions() -> None:
    plain, stale = item("crashes at most 2"), item("crashes at most 2 each from stale 3")
    assert isinstance(plain, tree.Crashes)
    assert isinstance(stale, tree.Crashes)
    assert plain.stale is None
    assert stale.stale is not None
    assert (budget(stale.budget), shape(stale.stale)) == ("2 each", "3")


@pytest.mark.parametrize(
    "text",
    [
        "get Node, m.Pod",
        "create Pod",
        "delete Pod",
        "update Pod.node, Pod.phase",
        "update p: Pod.phase where (p.node == n)",
        "delete p: Pod where (p.node == n)",
    ],
)
def test_permissions(text: str) -> None:
    found = item(f"may {text}")
    assert isinstance(found, tree.May)
    assert permission(found.permission) == text


@pytest.mark.parametrize("name", ["evict", "m.evict", "m.update"])
def test_permission_to_call(name: str) -> None:
    found = item(f"may {name}")
    assert isinstance(found, tree.MayCall)
    assert str(found.request) == name


def test_process() -> None:
    found = item("fair process run(x: Pod, y in s) workers 2 when x when y at most 3 each { yield }")
    assert isinstance(found, tree.Process)
    assert found.fairness is not None
    assert [name.text for group in found.parameters for name in group.names] == ["x", "y"]
    assert found.workers is not None
    assert shape(found.workers) == "2"
    assert [shape(guard) for guard in found.guards] == ["x", "y"]
    assert found.budget is not None
    assert budget(found.budget) == "3 each"
    assert [type(step) for step in found.body.statements] == [tree.Yield]


def test_process_of_words_alone() -> None:
    found = item("process run { }")
    assert isinstance(found, tree.Process)
    assert (found.fairness, found.workers, found.budget, found.parameters, found.guards) == (None, None, None, (), ())


@pytest.mark.parametrize(
    ("text", "type"),
    [("yield", tree.Yield), ("return", tree.Return), ("deny", tree.Deny)],
)
def test_statements_of_one_word(text: str, type: type) -> None:
    assert isinstance(statement(text), type)


@pytest.mark.parametrize("text", ["get p", "get m.Lease", "get K[a, 0]"])
def test_get(text: str) -> None:
    found, named = statement(text), statement(f"let y = {text}")
    assert isinstance(found, tree.GetStatement)
    assert isinstance(named, tree.Let)
    assert isinstance(named.value, tree.Get)
    assert f"get {shape(found.get.object)}" == f"get {shape(named.value.object)}" == text
    assert (found.get.fresh, named.value.fresh) == (False, False)


def test_fresh_get() -> None:
    found = statement("let y = fresh(get p.node)")
    assert isinstance(found, tree.Let)
    assert isinstance(found.value, tree.Get)
    assert (found.value.fresh, shape(found.value.object)) == (True, "p.node")


def test_update() -> None:
    found = statement("update x { phase = Running node = n }")
    assert isinstance(found, tree.Update)
    assert shape(found.target) == "x"
    assert [str(field.path) for field in found.fields] == ["phase", "node"]


@pytest.mark.parametrize("text", ["evict(p)", "m.evict(p, 2)", "evict()"])
def test_calls(text: str) -> None:
    found = statement(text)
    assert isinstance(found, tree.CallStatement)
    assert shape(found.call) == text


@pytest.mark.parametrize(
    ("request_text", "type"),
    [
        ("p.x = 1", tree.Assign),
        ("p.x += 1", tree.Assign),
        ("let q = create Pod { }", tree.Let),
        ("let q = get p", tree.Let),
        ("create Pod { }", tree.CreateStatement),
        ("get p", tree.GetStatement),
        ("delete p", tree.Delete),
        ("evict(p)", tree.CallStatement),
        ("update x { a = 1 }", tree.Update),
    ],
)
def test_handlers(request_text: str, type: type) -> None:
    found = statement(f"{request_text} on denied, conflict {{ return }} on missing {{ }}")
    assert isinstance(found, tree.Handled)
    assert isinstance(found.statement, type)
    first, second = found.handlers
    assert [name.text for name in first.results] == ["denied", "conflict"]
    assert [name.text for name in second.results] == ["missing"]
    assert [len(first.body.statements), len(second.body.statements)] == [1, 0]


def test_local_variable() -> None:
    found = statement("var i: 0..3 = 0")
    assert isinstance(found, tree.LocalVar)
    assert (found.name.text, type_shape(found.type), shape(found.value)) == ("i", "0..3", "0")


def test_loops() -> None:
    loop, each = statement("while a < 1 { yield }"), statement("for each p: Pod where b { }")
    member = statement("for each p in s { }")
    assert isinstance(loop, tree.While)
    assert isinstance(each, tree.ForEach)
    assert isinstance(member, tree.ForEach)
    assert (shape(loop.condition), len(loop.body.statements)) == ("(a < 1)", 1)
    assert each.binder.where is not None
    assert member.binder.groups[0].source is not None


def test_await() -> None:
    found = statement("await a and b")
    assert isinstance(found, tree.Await)
    assert shape(found.condition) == "(a and b)"


def test_revoke() -> None:
    found = statement("revoke m.controller update Owner.finalizers")
    assert isinstance(found, tree.Revoke)
    assert (str(found.component), permission(found.permission)) == ("m.controller", "update Owner.finalizers")


def test_request() -> None:
    found = declaration("request evict(p: Pod, by_user: bool) when p.x when p.y { p.z = 1 }")
    assert isinstance(found, tree.Request)
    assert found.name.text == "evict"
    assert [name.text for group in found.parameters for name in group.names] == ["p", "by_user"]
    assert [shape(guard) for guard in found.guards] == ["p.x", "p.y"]
    assert len(found.body.statements) == 1


@pytest.mark.parametrize("verb", ["create", "update"])
def test_admission(verb: str) -> None:
    found = declaration(f"admit {verb} m.Pod(p) when p.x or allowed(c update Pod)")
    assert isinstance(found, tree.Admit)
    assert (found.verb, str(found.kind), found.variable.text) == (verb, "m.Pod", "p")
    assert shape(found.condition) == "(p.x or allowed(c update Pod))"
