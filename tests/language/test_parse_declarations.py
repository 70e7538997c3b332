"""Declarations, statements and clusters: a case for each construct."""

from __future__ import annotations

from pathlib import Path

import pytest

from kspec.language import tree
from kspec.language.parse import parse_cluster_item, parse_file
from tests.language.shapes import shape, type_shape

SAMPLE = Path(__file__).parent / "sample.kspec"


def declarations(text: str) -> tuple[tree.Declaration, ...]:
    parsed = parse_file("test", text)
    assert parsed.diagnostics == ()
    return parsed.file.declarations


def only(text: str) -> tree.Declaration:
    (declaration,) = declarations(text)
    return declaration


def items(text: str) -> tuple[tree.ComponentItem, ...]:
    component = only(f"component c {{ {text} }}")
    assert isinstance(component, tree.Component)
    return component.items


def action(text: str) -> tree.Action:
    (item,) = items(text)
    assert isinstance(item, tree.Action)
    return item


def statements(text: str) -> tuple[tree.Statement, ...]:
    return action(f"action a {{ {text} }}").body.statements


def cluster_items(text: str) -> tuple[tree.ClusterItem, ...]:
    cluster = only(f"cluster c {{ {text} }}")
    assert isinstance(cluster, tree.Cluster)
    return cluster.items


def names(found: tuple[tree.Name, ...]) -> list[str]:
    return [name.text for name in found]


def test_sample() -> None:
    found = declarations(SAMPLE.read_text(encoding="utf-8"))
    assert len(found) == 22
    assert [type(declaration).__name__ for declaration in found[:4]] == ["Const", "Enum", "Kind", "Kind"]
    controller = found[10]
    assert isinstance(controller, tree.Component)
    assert [item.name.text for item in controller.items if isinstance(item, tree.Action)] == [
        "create_pod",
        "shrink",
        "collect",
        "forget",
    ]


def test_sample_in_any_layout() -> None:
    """White space only separates, and `;` may stand between statements and items."""
    text = SAMPLE.read_text(encoding="utf-8")
    lines = [line.split("#")[0].strip() for line in text.splitlines()]
    assert len(declarations(" ".join(lines))) == 22
    assert len(declarations("\r\n".join(lines))) == 22
    assert len(statements("; x = 1;; y = 2 ;")) == 2


def test_values() -> None:
    const, plain, ghost = declarations("const A: 0..3 = 2 var b: bool = false ghost durable var c: int = 0")
    assert isinstance(const, tree.Const)
    assert isinstance(plain, tree.Var)
    assert isinstance(ghost, tree.Var)
    assert const.value is not None
    assert (plain.ghost, plain.durable) == (False, False)
    assert (ghost.ghost, ghost.durable) == (True, True)


def test_enum() -> None:
    enum = only("enum Phase { Pending, Running, }")
    assert isinstance(enum, tree.Enum)
    assert names(enum.members) == ["Pending", "Running"]


def test_kinds() -> None:
    bare, single, extend = declarations(
        "kind IP single kind Lease { const a: bool; key b: 0..2 c: Node? = none } extend kind m.Pod { p: bool }"
    )
    assert isinstance(bare, tree.Kind)
    assert isinstance(single, tree.Kind)
    assert isinstance(extend, tree.Extend)
    assert (bare.single, bare.fields) == (False, ())
    assert single.single
    assert [(field.modifier, field.name.text) for field in single.fields] == [("const", "a"), ("key", "b"), (None, "c")]
    assert single.fields[0].default is None
    assert single.fields[2].default is not None
    assert str(extend.kind) == "m.Pod"


def test_definitions() -> None:
    plain, without, open_, override = declarations(
        "def f(p, q: Pod, n: Node): int = 1 def g: bool = true open def h(): int = 2 override def h(): int = 3"
    )
    assert isinstance(plain, tree.Def)
    assert isinstance(without, tree.Def)
    assert isinstance(open_, tree.Def)
    assert isinstance(override, tree.Def)
    assert [(p.name.text, type_shape(p.type)) for p in plain.parameters] == [("p", "Pod"), ("q", "Pod"), ("n", "Node")]
    assert without.parameters == ()
    assert (plain.modifier, open_.modifier, override.modifier) == (None, "open", "override")


def test_components() -> None:
    kubelet, environment = declarations(
        "component kubelet per n: Node { durable var x: bool = true def f(): int = 1 action a { } } environment { }"
    )
    assert isinstance(kubelet, tree.Component)
    assert isinstance(environment, tree.Component)
    assert kubelet.per is not None
    assert kubelet.per.name.text == "n"
    assert [type(item).__name__ for item in kubelet.items] == ["Var", "Def", "Action"]
    assert (environment.name.text, environment.per, environment.items) == ("environment", None, ())


def test_action_headers() -> None:
    full = action("strongly fair per p, n atomic action a(p, q: Pod, n in s) when x when y at most 2 each { }")
    assert full.fairness is not None
    assert full.fairness.strong
    assert full.fairness.unit is not None
    assert names(full.fairness.unit) == ["p", "n"]
    assert not full.fairness.key
    assert full.atomic
    assert [names(group.names) for group in full.parameters] == [["p", "q"], ["n"]]
    assert [(group.type is None, group.source is None) for group in full.parameters] == [(False, True), (True, False)]
    assert [shape(guard) for guard in full.guards] == ["x", "y"]
    assert full.budget is not None
    assert full.budget.each

    bare = action("action a() { }")
    assert (bare.fairness, bare.atomic, bare.parameters, bare.guards, bare.budget) == (None, False, (), (), None)


@pytest.mark.parametrize(
    ("text", "unit", "key"),
    [("fair", None, False), ("fair overall", [], False), ("fair per p", ["p"], False), ("fair per key p", ["p"], True)],
)
def test_fairness(text: str, unit: list[str] | None, key: bool) -> None:
    fairness = action(f"{text} action a {{ }}").fairness
    assert fairness is not None
    assert (None if fairness.unit is None else names(fairness.unit)) == unit
    assert fairness.key is key


def test_assignments() -> None:
    found = statements("p.node = n  p.tags += {1}  m[k].x -= 2  kubelet(n).on = true  p = create Pod { a = 1; b = 2 }")
    assert [(shape(s.target), s.operator) for s in found if isinstance(s, tree.Assign)] == [
        ("p.node", "="),
        ("p.tags", "+="),
        ("m[k].x", "-="),
        ("kubelet(n).on", "="),
        ("p", "="),
    ]
    create = found[-1]
    assert isinstance(create, tree.Assign)
    assert isinstance(create.value, tree.Create)
    assert [str(field.path) for field in create.value.fields] == ["a", "b"]


def test_other_statements() -> None:
    found = statements(
        """
        let x = 1  let q = create Pod { }  let c = get p  create m.Pod { a = 1 }  delete p.node
        choose y: Pod where y.x  choose z in s  either { } or { x = 1 } or { }  assert x == 1
        for p: Pod where p.x { p.x = 1 }
        """
    )
    assert [type(statement).__name__ for statement in found] == [
        "Let", "Let", "Let", "CreateStatement", "Delete", "Choose", "Choose", "Either", "Assert", "For",
    ]  # fmt: skip
    either = found[7]
    assert isinstance(either, tree.Either)
    assert [len(branch.statements) for branch in either.branches] == [0, 1, 0]


def test_else_if_is_a_block_of_one_statement() -> None:
    (first,) = statements("if a { x = 1 } else if b { x = 2 } else { x = 3 }")
    assert isinstance(first, tree.IfStatement)
    assert first.otherwise is not None
    (second,) = first.otherwise.statements
    assert isinstance(second, tree.IfStatement)
    assert second.otherwise is not None
    assert len(second.otherwise.statements) == 1


@pytest.mark.parametrize("kind", ["invariant", "step", "reachable", "property", "recoverable"])
def test_properties(kind: str) -> None:
    plain, limited = declarations(f"{kind} A: x {kind} B only in sm?ll_*: y")
    assert isinstance(plain, tree.Property)
    assert isinstance(limited, tree.Property)
    assert (plain.kind, plain.name.text, plain.only_in) == (kind, "A", None)
    assert limited.only_in == "sm?ll_*"


def test_patterns_assumptions_and_terminal_states() -> None:
    pattern, assume, terminal, use = declarations(
        "pattern P(C: component, p, q: Pod): x assume A: always y terminal when z property X: P(controller)"
    )
    assert isinstance(pattern, tree.Pattern)
    assert [type(parameter.type).__name__ for parameter in pattern.parameters] == [
        "ComponentType",
        "NamedType",
        "NamedType",
    ]
    assert isinstance(assume, tree.Assume)
    assert isinstance(terminal, tree.Terminal)
    assert isinstance(use, tree.Property)


def test_expectations() -> None:
    violation, counts, orbits = declarations(
        "expect violation A in 4* expect states 12, transitions 34, depth 5 expect orbits 1, orbit transitions 2 in b"
    )
    assert isinstance(violation, tree.ExpectViolation)
    assert isinstance(counts, tree.ExpectCounts)
    assert isinstance(orbits, tree.ExpectCounts)
    assert (violation.property.text, violation.only_in) == ("A", "4*")
    assert [(count.name, count.number) for count in counts.counts] == [
        ("states", 12),
        ("transitions", 34),
        ("depth", 5),
    ]
    assert [count.name for count in orbits.counts] == ["orbits", "orbit transitions"]
    assert orbits.only_in == "b"


def test_globs_stand_only_where_clusters_are_named() -> None:
    found = declarations("expect violation A step B: x in s expect states 1 property C only in # here\n a*: y in t")
    assert [shape(declaration.body) for declaration in found if isinstance(declaration, tree.Property)] == [
        "(x in s)",
        "(y in t)",
    ]


def test_expectation_of_something_else() -> None:
    assert [found.message for found in parse_file("test", "expect success A").diagnostics] == [
        "`success` cannot be expected"
    ]


def test_clusters() -> None:
    found = cluster_items(
        """
        MAX = 2  Lease.holder = n1  total = any 0..3  flag = any {a, b}
        Node n1, n2 { capacity = 1; owner = any Node? }  IP a, b
        Lease { holder = n1 }
        Pod at most 2  Pod at most MAX + 1 as quota  IP exactly 2
        initially x == 1 remove n2, n3 disable scale, kubelet.fail, environment.scale enable m.kubelet.fail
        """
    )
    assert [type(item).__name__ for item in found] == [
        "ClusterAssign", "ClusterAssign", "ClusterAssign", "ClusterAssign", "ClusterObjects", "ClusterObjects",
        "ClusterSingle", "ClusterRoom", "ClusterRoom", "ClusterExactly", "ClusterInitially", "ClusterRemove",
        "ClusterSwitch", "ClusterSwitch",
    ]  # fmt: skip
    any_of, any_in = found[2], found[3]
    assert isinstance(any_of, tree.ClusterAssign)
    assert isinstance(any_of.value, tree.AnyOf)
    assert isinstance(any_in, tree.ClusterAssign)
    assert isinstance(any_in.value, tree.AnyIn)
    rooms = [item for item in found if isinstance(item, tree.ClusterRoom)]
    assert [room.quota for room in rooms] == [False, True]
    switches = [item for item in found if isinstance(item, tree.ClusterSwitch)]
    assert [str(path) for path in switches[0].paths] == ["scale", "kubelet.fail", "environment.scale"]
    assert [switch.enable for switch in switches] == [False, True]


def test_cluster_that_extends() -> None:
    cluster = only("cluster big extends m.small { }")
    assert isinstance(cluster, tree.Cluster)
    assert str(cluster.extends) == "m.small"


def test_cluster_item_alone() -> None:
    item, diagnostics = parse_cluster_item("-D", "web.replicas = 2")
    assert diagnostics == ()
    assert isinstance(item, tree.ClusterAssign)
    assert str(item.path) == "web.replicas"
    item, diagnostics = parse_cluster_item("-D", "web.replicas = 2 3")
    assert item is None
    assert [found.span.file for found in diagnostics] == ["-D"]


def test_imports() -> None:
    plain, alias = declarations('import "lib/nodes.kspec" import "nodes.kspec" as nodes')
    assert isinstance(plain, tree.Import)
    assert isinstance(alias, tree.Import)
    assert (plain.path, plain.alias) == ("lib/nodes.kspec", None)
    assert alias.alias is not None
    assert alias.alias.text == "nodes"


def test_documentation_comments() -> None:
    enum, kind, component = declarations(
        """
        # not this
        ## What a pod does.
        ##   In two lines.
        enum Phase { A } ## a pod
        kind Pod {
          ## where it runs
          node: Node
        }
        ### a ruler
        component c {
          ## binds
          fair action bind { }
        }
        """
    )
    assert isinstance(enum, tree.Enum)
    assert isinstance(kind, tree.Kind)
    assert isinstance(component, tree.Component)
    assert enum.doc == "What a pod does.\nIn two lines."
    assert (kind.doc, kind.fields[0].doc) == ("a pod", "where it runs")
    (bind,) = component.items
    assert component.doc is None
    assert isinstance(bind, tree.Action)
    assert bind.doc == "binds"
