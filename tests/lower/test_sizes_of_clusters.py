"""Slots, constants and limits: what only the numbers of a cluster show."""

from __future__ import annotations

import pytest

from kspec.system.sorts import IntSort
from tests.lower.texts import codes, lowering, system, variable

POD = "kind Pod { n: 0..3 = 0 }\n"
MAKER = "component c { action make { create Pod {} } }\n"


def slots(text: str, kind: str = "Pod") -> tuple[str, ...]:
    return system(text).kind(kind).slots


def test_named_then_unnamed_then_free() -> None:
    assert slots(POD + MAKER + "cluster c1 { Pod web {}  Pod exactly 1  Pod at most 4 }") == (
        "web",
        "pod1",
        "pod2",
        "pod3",
    )


def test_names_that_are_taken() -> None:
    assert slots(POD + "kind Node\ncluster c1 { Node pod1 {}  Pod exactly 2 }") == ("pod1_", "pod2")


def test_a_kind_is_permanent_unless_its_objects_come_and_go() -> None:
    text = POD + MAKER + "cluster full { Pod exactly 2 }\ncluster quiet { Pod exactly 2  disable c.make }"
    assert not system(text, "full").kind("Pod").permanent
    assert system(text, "quiet").kind("Pod").permanent
    assert system(text, "quiet").disabled == ("c.make",)
    assert system(text, "quiet").actions == ()
    assert not system(POD + "cluster room { Pod exactly 1  Pod at most 2 }").kind("Pod").permanent


def test_constants_are_numbers_everywhere() -> None:
    made = system("const A: 0..9\nconst B: 0..99 = A * A + 1\nvar v: 0..B = A\ncluster c1 { A = 3 }")
    assert variable(made, "v").sort == IntSort(0, 10)
    assert made.initial == {"v": (3,)}
    assert [found.name for found in made.variables] == ["v"]


def test_large_ranges_are_types_like_others() -> None:
    made = system("var v: 0..10 * 1000000 * 1000000 * 1000000 = 5\ncluster c1 { }")
    assert variable(made, "v").sort == IntSort(0, 10**19)


def test_any_int() -> None:
    made = system("const N: any int\nvar v: bool = false\ncluster c1 { N = any int }")
    assert variable(made, "N").sort == IntSort(None, None)
    assert [choice.values for choice in made.choices] == [None]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("const A: 0..9\nvar v: 0..A = 0\ncluster c1 { A = any 0..2 }", "KS601"),
        ("const A: 0..9 = 10\nvar v: bool = false\ncluster c1 { A = 12 }", "KS602"),
        ("const A: 0..9 = 1 div 0\nvar v: 0..A = 0\ncluster c1 { }", "KS606"),
        ("var v: 0..3 = 4\ncluster c1 { }", "KS602"),
        ("var v: 0..3 = 4 div 0\ncluster c1 { }", "KS606"),
        ("var v: set (0..100000) = {}\ncluster c1 { }", "KS603"),
        ("var v: 0..70000 -> bool = map(i: 0..70000: true)\ncluster c1 { }", "KS603"),
        ("var v: seq bool at most 70000 = []\ncluster c1 { }", "KS603"),
        ("var v: 0..9999 -> 0..9999 -> bool = map(i: 0..9999: map(j: 0..9999: true))\ncluster c1 { }", "KS603"),
        (POD + "cluster c1 { Pod at most 1000000 }", "KS604"),
        (POD + "cluster c1 { Pod exactly 1000000000000 }", "KS604"),
        (POD + "cluster c1 { Pod a, b {}  Pod at most 1 }", "KS507"),
        ("kind Pod { key n: 0..3 }\ncluster c1 { Pod a, b { n = 1 } }", "KS605"),
        ("kind Pod { key n: 0..3 }\ncluster c1 { Pod a { n = any 0..3 } }", "KS506"),
        ("var a: 0..3 = b\nvar b: 0..3 = a\ncluster c1 { }", "KS606"),
        ("var a: 0..3 = 0\nvar b: 0..3 = a\ncluster c1 { a = any 0..3 }", "KS606"),
        ("kind Pod\nvar v: set (0..3) = {}\ncluster c1 { v = any set (0..3)  Pod exactly 2 }", ""),
        ("var v: set (0..31) = {}\ncluster c1 { v = any set (0..31) }", "KS603"),
        ("kind Pod\nvar v: (Pod -> bool)? = none\n" + MAKER + "cluster c1 { Pod at most 2 }", "KS203"),
        (
            "kind Pod\nkind Box { held: Pod -> bool }\n"
            + MAKER
            + "cluster c1 { Pod at most 2  Box b { held = map(p: Pod: true) } }",
            "KS303",
        ),
    ],
)
def test_what_is_wrong(text: str, code: str) -> None:
    assert codes(text) == ([code] if code else [])


def test_unknown_cluster() -> None:
    lowered = lowering("var v: bool = true\ncluster small { }", "smal")
    assert [(found.code.name, found.hint) for found in lowered.diagnostics] == [("KS501", "did you mean `small`?")]


def test_branches_have_a_limit() -> None:
    either = "either { v = true } or { v = false }\n"
    body = "var v: bool = true\ncomponent c { action a {" + either * 8 + "%s } }\ncluster c1 { }"
    assert len(system(body % "").transitions) == 256
    assert codes(body % either) == ["KS608"]


def test_definitions_have_a_limit() -> None:
    """Written out, these would have some 2 ** 40 parts: only a limit ends that."""
    defs = "".join(f"def d{n}: int = d{n - 1} + d{n - 1}\n" for n in range(1, 40))
    assert codes(f"def d0: int = v\n{defs}var v: 0..3 = 0\ninvariant I: d39 == 0\ncluster c1 {{ }}") == ["KS609"]
