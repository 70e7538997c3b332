"""What formulas about runs are lowered to."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest

from kspec.cli.ending import RECURSION_LIMIT
from kspec.language.grammar import MAX_DEPTH
from kspec.system.temporal import Always, Formula, StateAtom, atoms
from tests.lower.formulas import condition, shown, temporal
from tests.lower.texts import codes, system

MODEL = """
enum Phase { Pending, Running, Failed }
kind Node { ready: bool = true  peer: Node? = none }
kind Pod { node: Node? = none  phase: Phase = Pending  other: Pod? = none }
var level: 0..2 = 0
component controller {
  action make { create Pod { } }
  action drop(p: Pod) { delete p }
}
component kubelet per n: Node {
  watches Pod lag 1
  action start(p: Pod) when p.node == n { p.phase = Running }
}
def failed(p: Pod): bool = not (p.phase == Running)
pattern Quiet(C: component): eventually always not by C
pattern Stable(P: bool): eventually always P
pattern Both(P: bool, D: component): Stable(P) and Quiet(D)
pattern Of(n: Node, P: bool): always n.ready leads to P
cluster a { Node n1, n2  Pod p1  Pod at most 2 }
cluster still { Node n1, n2  Pod p1, p2  disable make, drop }
"""


def lowered(text: str, cluster: str = "a") -> str:
    return shown(temporal(system(f"{MODEL}property A: {text}\n", cluster)))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # operators
        ("always level == 0", "always {level=0}"),
        ("next level == 0 until level == 1", "(next {level=0} until {level=1})"),
        ("eventually level == 0 iff always level == 1", "(eventually {level=0} iff always {level=1})"),
        ("eventually level == 0 or level == 1", "(eventually {level=0} or {level=1})"),
        ("not eventually level == 0", "not eventually {level=0}"),
        # what is about one state is one condition
        ("always (level == 0 and not level == 1 or level == 2)", "always {((level=0 & !level=1) | level=2)}"),
        ("level == 0", "{level=0}"),
        ("always (forall p: Pod: p.phase == Failed)", "always {forall p: (True; Pod.phase[p]=2)}"),
        # steps are told from states; what a step atom says of the state is about the one before
        ("always (by kubelet and level == 0)", "always (<by 2> and {level=0})"),
        ("always not by controller.drop", "always not <by 1>"),
        ("always (writes Pod implies level == 0)", "always (<writes Pod> implies {level=0})"),
        (
            "always (exists n: Node: by kubelet and n.ready)",
            "always <exists n: (True; (by 2 & old Node.ready[n]))>",
        ),
        # neighbours about the state are one condition
        (
            "always (level == 0 and level != 1 and by kubelet and level == 2)",
            "always ({(level=0 & !level=1)} and <by 2> and {level=2})",
        ),
        ("level == 0 or level == 1 or next level == 2", "({(level=0 | level=1)} or next {level=2})"),
        ("always enabled controller.make", "always {enabled 0}"),
        (
            "always (exists n: Node: enabled kubelet(n).start and by controller)",
            "always <exists n: (True; (old enabled 2(n) & by 0,1))>",
        ),
        # `if`, `let`
        (
            "always (if level == 0 then eventually level == 1 else level == 2)",
            "always (({level=0} implies eventually {level=1}) and ({level=0} or {level=2}))",
        ),
        (
            "always (let l = level: eventually level > l)",
            (
                "always (({0=level} and eventually {0<level}) or ({1=level} and eventually {1<level})"
                " or ({2=level} and eventually {2<level}))"
            ),
        ),
        (
            "always (let zero = level == 0: eventually (zero iff level == 1))",
            "always (({level=0} and eventually {True=level=1}) or (not {level=0} and eventually {False=level=1}))",
        ),
        ("let two = 1 + 1: eventually level == two", "eventually {level=2}"),
    ],
)
def test_formulas(text: str, expected: str) -> None:
    assert lowered(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("forall p: Pod: eventually p.phase == Failed", "p: Existing | eventually {Pod.phase[p]=2}@p"),
        (
            "forall p: Pod: always not p.phase == Failed",
            "p: Existing | always ({!Pod.phase[p]=2}@p or gone(p))",
        ),
        (
            "forall p: Pod: p.node != none leads to p.phase != Pending or gone(p)",
            "p: Existing | ({!Pod.node[p]=None}@p leads to ({!Pod.phase[p]=0}@p or gone(p)))",
        ),
        (
            "forall p: Pod: always (level == 0 or p.phase == Failed)",
            "p: Existing | always ({(level=0 | Pod.phase[p]=2)}@p or (gone(p) and {level=0}))",
        ),
        ("forall p: Pod: always alive(p)", "p: Existing | always not gone(p)"),
        # a call, a quantifier and a count are one condition, which is false once the object is gone
        ("forall p: Pod: always failed(p)", "p: Existing | always {!Pod.phase[p]=1}@p"),
        (
            "forall p: Pod: always (exists n: Node: p.node != n)",
            "p: Existing | always {exists n: (True; !Pod.node[p]=n)}@p",
        ),
        # `let`, `if` and `seen by` are looked through
        (
            "forall p: Pod: always (let q = p: gone(q) or q.phase == Failed)",
            "p: Existing | always ({Pod.phase[p]=2}@p or gone(p))",
        ),
        (
            "forall p: Pod: always (let n = p.node: gone(p) or n == none)",
            "p: Existing | always ({[n=Pod.node[p]] n=None}@p or gone(p))",
        ),
        (
            "forall p: Pod: always (if p.phase == Failed then level == 0 else level == 1)",
            "p: Existing | always ({(Pod.phase[p]=2 ? level=0 : level=1)}@p or (gone(p) and {level=1}))",
        ),
        ("forall p: Pod: always (by kubelet implies gone(p))", "p: Existing | always (<by 2> implies gone(p))"),
        (
            "forall p: Pod: always (exists n: Node: by kubelet and p.node == n)",
            "p: Existing | always <exists n: (True; (by 2 & old Pod.node[p]=n))>@p",
        ),
        # `where` is a condition at the beginning
        (
            "forall p, q: Pod where p != q: eventually (p.phase == q.phase or gone(p))",
            (
                "p: Existing, q: Existing | ({!p=q}@p,q implies eventually ({Pod.phase[p]=Pod.phase[q]}@p,q"
                " or (gone(p) and not gone(q)) or (gone(p) and gone(q))))"
            ),
        ),
        (
            "forall p: Pod where p.node == none: forall k: 0..2: level == k leads to p.phase == Failed",
            "p: Existing, k: AllValues | ({Pod.node[p]=None}@p implies ({level=k} leads to {Pod.phase[p]=2}@p))",
        ),
    ],
)
def test_objects_that_come_and_go(text: str, expected: str) -> None:
    assert lowered(text) == expected


def test_gone_of_an_object_that_no_variable_stands_for_is_not_alive() -> None:
    assert lowered("forall n: Node: always not gone(n)") == "n: Slots | always ()"
    found = lowered("forall p: Pod: always (p.other == none or not gone(p.other))")
    assert found == "p: Existing | always ({(Pod.other[p]=None | ![object=Pod.other[p]] !alive object)}@p or gone(p))"


def test_where_nothing_comes_and_goes_every_object_is_a_value() -> None:
    text = "forall p: Pod: always not p.phase == Failed"
    assert lowered(text, "still") == "p: Slots | always {!Pod.phase[p]=2}"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "always (forall n: Node where n.ready: eventually n.peer == none)",
            (
                "always (({[n=0] Node.ready[n]} implies eventually {[n=0] Node.peer[n]=None})"
                " and ({[n=1] Node.ready[n]} implies eventually {[n=1] Node.peer[n]=None}))"
            ),
        ),
        (
            "always (exists k in {0, level}: next level == k)",
            (
                "always (({0 in SetLiteral} and next {level=0}) or ({1 in SetLiteral} and next {level=1})"
                " or ({2 in SetLiteral} and next {level=2}))"
            ),
        ),
        ("exists k: 1..2: always level == k", "(always {level=1} or always {level=2})"),
        ("always (forall k: 2..1: next level == k)", "always ()"),
    ],
)
def test_other_quantifiers_are_written_out(text: str, expected: str) -> None:
    assert lowered(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Quiet(controller)", "eventually always not <by 0,1>"),
        ("Both(level == 0, kubelet)", "(eventually always {level=0} and eventually always not <by 2>)"),
        ("Stable(Quiet(controller))", "eventually always eventually always not <by 0,1>"),
        ("forall n: Node: Of(n, not n.ready)", "n: Slots | (always {Node.ready[n]} leads to {!Node.ready[n]})"),
        ("forall p: Pod: Stable(p.phase == Failed)", "p: Existing | eventually always {Pod.phase[p]=2}@p"),
    ],
)
def test_patterns(text: str, expected: str) -> None:
    assert lowered(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "always (n.peer != none and by kubelet and n.peer.ready)",
            "({!Node.peer[n]=None} and <by 2> and {(!Node.peer[n]=None & Node.ready[Node.peer[n]])})",
        ),
        (
            "always (n.peer == none or by kubelet or n.peer.ready)",
            "({Node.peer[n]=None} or <by 2> or {(!Node.peer[n]=None & Node.ready[Node.peer[n]])})",
        ),
    ],
)
def test_a_condition_brings_those_that_it_needs_to_have_a_value(text: str, expected: str) -> None:
    assert lowered(f"forall n: Node: {text}") == f"n: Slots | always {expected}"


def test_what_is_known_of_a_named_value_is_known_at_other_positions() -> None:
    found = lowered("forall n: Node: let o = n.peer: o != none implies always o.ready")
    assert found.startswith("n: Slots | ({None=Node.peer[n]} or ({[o=0] o=Node.peer[n]} and ({[o=0] !o=None} implies ")
    assert found.count("always {[o=0] (!o=None & Node.ready[o])}") == 1
    assert found.count("always {[o=1] (!o=None & Node.ready[o])}") == 1


def test_recoverable_is_about_one_state() -> None:
    found = system(f"{MODEL}recoverable R: level == 0 and (exists p: Pod: p.phase == Running)\n")
    recoverable = next(property for property in found.properties if property.name == "R")
    assert recoverable.expression is not None
    assert condition(recoverable.expression) == "(level=0 & exists p: (True; Pod.phase[p]=1))"
    assert recoverable.temporal is None


def test_properties_of_one_cluster_name_its_objects() -> None:
    text = f"{MODEL}property A only in a: always a.n2.ready\nassume B: always eventually level == 0\n"
    assert shown(temporal(system(text, "a"))) == "always {Node.ready[1]}"
    assert "A" not in {property.name for property in system(text, "still").properties}
    assert shown(temporal(system(text, "still"), "B")) == "always eventually {level=0}"


def test_a_view_is_looked_at_in_one_moment() -> None:
    found = temporal(system(f"{MODEL}property A: forall n: Node: always seen by kubelet(n): exists p: Pod: true\n"))
    (atom,) = atoms(found.formula)
    assert isinstance(atom, StateAtom)
    assert "kubelet" in repr(atom.expression)


def test_an_assumption_may_be_about_each_object_where_none_comes_or_goes() -> None:
    text = f"{MODEL}assume A: forall p: Pod: always eventually p.phase == Running\n"
    assert codes(text, "a") == ["KS407"]
    assert shown(temporal(system(text, "still"))) == "p: Slots | always eventually {Pod.phase[p]=1}"


@pytest.fixture
def deep() -> Iterator[None]:
    """As much recursion as commands have."""
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(RECURSION_LIMIT)
    yield
    sys.setrecursionlimit(limit)


@pytest.mark.usefixtures("deep")
def test_formulas_may_be_nested_as_deeply_as_texts() -> None:
    found: Formula = temporal(system(f"{MODEL}property A: {'always ' * (MAX_DEPTH - 20)}level == 0\n")).formula
    depth = 0
    while isinstance(found, Always):
        found, depth = found.operand, depth + 1
    assert depth == MAX_DEPTH - 20


@pytest.mark.usefixtures("deep")
def test_patterns_may_be_put_into_each_other_as_deeply_as_texts() -> None:
    text = f"Stable({'Stable(' * 90}level == 0{')' * 90})"
    assert lowered(text) == f"{'eventually always ' * 91}{{level=0}}"


@pytest.mark.usefixtures("deep")
def test_chains_may_be_long() -> None:
    chain = " and ".join(["eventually level == 0"] * 450)
    assert len(list(atoms(temporal(system(f"{MODEL}property A: {chain}\n")).formula))) == 450


@pytest.mark.parametrize(
    "patterns",
    [
        "".join(f"pattern D{n}(P: bool): D{n - 1}(P) and D{n - 1}(P)\n" for n in range(1, 40)),
        "".join(f"pattern D{n}(P: bool): D{n - 1}(P and P)\n" for n in range(1, 40)),
    ],
)
@pytest.mark.parametrize("argument", ["level == 0", "eventually level == 0", "by kubelet"])
def test_patterns_that_double_at_every_level_are_refused(patterns: str, argument: str) -> None:
    text = f"{MODEL}pattern D0(P: bool): eventually P\n{patterns}property A: D39({argument})\n"
    assert codes(text) == ["KS609"]
