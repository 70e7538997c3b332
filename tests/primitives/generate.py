"""Random small models with cluster primitives, as texts: right by construction, and small enough to search whole."""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import strategies as st

from tests.agreement.draft import Bool, Component, Dice, Draft, Field, Kind, Num, Obj, Opt, Type, Variable
from tests.agreement.expressions import Expressions
from tests.agreement.formulas import Formulas
from tests.primitives.statements import Clauses, Scope, Setting, Statements

KINDS = """\
kind Pod {{ {pod_key}n: 0..2 = 0  up: bool = false  owner: Pod? = none }}
kind Node {{ {node_key}pod: Pod? = none  ok: bool = true }}
single kind Lease {{ n: 0..2 = 0 }}
"""


@dataclass(frozen=True)
class Theme:
    """Which primitives a model has."""

    lags: tuple[str, ...] = ()
    own: int = 0
    loses: int = 0
    disconnects: int = 0
    crashes: int = 0
    stale: int = 0
    copies: bool = False
    processes: bool = False
    may: int = 0
    admits: bool = False
    requests: bool = False

    @property
    def finds(self) -> bool:
        """Whether components find objects by their key: no view keeps old ones beside new ones."""
        return "any" not in self.lags and not (self.loses or self.disconnects)

    @property
    def has_faults(self) -> bool:
        """Then other things must be few, for the model to stay small."""
        return max(self.loses, self.disconnects, self.crashes) == ALWAYS


ALWAYS = 100

THEMES = {
    "lag": Theme(lags=("1", "2", "0", "1")),
    "any": Theme(lags=("any", "any", "1")),
    "own": Theme(lags=("1", "2", "any"), own=100, copies=True),
    "loses": Theme(lags=("1", "2"), loses=100, own=20),
    "disconnects": Theme(lags=("0", "1", "any"), disconnects=100, copies=True),
    "copies": Theme(lags=("1", "0"), copies=True),
    "processes": Theme(copies=True, processes=True),
    "crashes": Theme(lags=("1", "0"), copies=True, processes=True, crashes=100),
    "stale": Theme(lags=("1", "2", "0"), crashes=100, stale=100),
    "authority": Theme(may=80, admits=True, copies=True),
    "requests": Theme(may=40, admits=True, requests=True, copies=True),
    "everything": Theme(
        ("1", "2", "any", "0"), 15, 25, 25, 35, 25, copies=True, processes=True, may=30, admits=True, requests=True
    ),
}


@st.composite
def models(draw: st.DrawFn, theme: str, runs: bool = False) -> str:
    """The text of a model with one cluster, called `here`. `runs`: with fairness, and properties about runs."""
    return _Model(Dice(draw), THEMES[theme], runs=runs).text()


def _about(dice: Dice, components: list[str]) -> Formulas:
    """Formulas about the kinds and the components of these models."""
    pod = (_field("n", Num(0, 2)), _field("up", Bool()), _field("owner", Opt(Obj("Pod"))))
    node = (_field("pod", Opt(Obj("Pod"))), _field("ok", Bool()))
    draft = Draft(
        {"Pod": Kind("Pod", False, pod), "Node": Kind("Node", False, node)},
        (Variable("mark", Opt(Obj("Pod")), "none", False),),
        components=tuple(Component(name, None, ()) for name in components),
    )
    return Formulas(dice, draft, Expressions(dice, draft))


def _field(name: str, type: Type) -> Field:
    return Field(name, type, "", "")


class _Model:
    def __init__(self, dice: Dice, theme: Theme, *, runs: bool) -> None:
        self.dice = dice
        self.theme = theme
        self.runs = runs
        self.components = ["one", "two"] if not theme.has_faults and dice.chance(40) else ["one"]
        self.instances = {name: dice.chance(30) for name in self.components}
        self.disconnecting: list[str] = []
        self.keyed_pods = dice.chance(25)
        self.requests = ["evict", "take"][: dice.number(1, 2)] if theme.requests else []

    def text(self) -> str:
        keyed = self.dice.chance(20)
        key = "key id: 0..1  "
        kinds = KINDS.format(pod_key=key if self.keyed_pods else "", node_key=key if keyed else "")
        lines = [kinds, "var mark: Pod? = none"]
        components = [line for name in self.components for line in self._component(name)]
        lines += [self._request(name) for name in self.requests]
        lines += self._admissions() if self.theme.admits else []
        lines += [*components, *self._environment(), *self._properties(), self._cluster(keyed)]
        if self.runs:
            lines += ["const LIMIT: 0..3 = 1", *_about(self.dice, self.components).declarations()]
        return "\n".join(lines) + "\n"

    # --- components ----------------------------------------------------------------------------------------------

    def _component(self, name: str) -> list[str]:
        lines = [f"component {name} per me: Node {{" if self.instances[name] else f"component {name} {{"]
        lines += [f"  {line}" for line in self._clauses(name)]
        lines.append(f"  {'durable ' if self.dice.chance(30) else ''}var mem: 0..2 = 0")
        lines.append("  var known: set Pod = {}")
        count = self.dice.number(1, 2)
        processes = self.dice.number(1, count) if self.theme.processes else 0
        for number in range(count):
            lines += self._item(name, number, is_process=number < processes)
        return [*lines, "}"]

    def _clauses(self, name: str) -> list[str]:
        dice, theme = self.dice, self.theme
        lines = []
        watched = False
        if theme.lags:
            lag = dice.pick(theme.lags)
            lines.append(f"watches Pod lag {lag}")
            watched = True
            if dice.chance(25):
                lines.append(f"watches Node lag {dice.pick(theme.lags)}")
        if watched and dice.chance(theme.own):
            lines.append("reads own writes")
        if watched and dice.chance(theme.loses):
            lines.append("loses events at most 1" + (" each" if dice.chance(30) else ""))
            if dice.chance(50):
                lines.append("relists")
        if dice.chance(theme.disconnects):
            lines.append("disconnects at most 1" + (" each" if dice.chance(30) else ""))
            self.disconnecting.append(name)
        if dice.chance(theme.crashes):
            stale = f" from stale {dice.number(1, 2)}" if watched and dice.chance(theme.stale) else ""
            lines.append(f"crashes at most 1{stale}")
        if dice.chance(theme.may):
            lines += self._permissions(name)
        return lines

    def _permissions(self, name: str) -> list[str]:
        lines = ["may get Pod, Node, Lease"]
        condition = "p.n < 2" if not self.instances[name] or self.dice.chance(50) else "me.pod == p"
        options = [
            "may update Pod.n, Pod.up",
            f"may update p: Pod.n where {condition}",
            f"may update p: Pod where {condition}",
            f"may delete p: Pod where {condition}",
            "may delete Pod",
            "may create Pod, Node",
            "may update Node, Lease",
            *(f"may {request}" for request in self.requests),
        ]
        return lines + [option for option in options if self.dice.chance(55)]

    def _item(self, name: str, number: int, *, is_process: bool) -> list[str]:
        statements = Statements(self.dice, self._setting(name, is_process=is_process))
        scope = Scope(objects=(("me", "Node"),) if self.instances[name] else ())
        head, scope = self._parameters(scope)
        if is_process:
            workers = " workers 2" if self.dice.chance(20) else ""
            head = f"{self._fairness(head)}process p{number}{head}{workers}"
        else:
            head = f"{self._fairness(head) if self.runs else ''}action a{number}{head}"
        guards = "".join(f" when {statements.condition(scope, 1)}" for _ in range(self.dice.number(0, 1)))
        budget = f" at most {self.dice.pick([1, 1, 2])}" if self.dice.chance(85) else ""
        body = statements.block(scope, 2, 4 if is_process else 3)
        return [f"  {head}{guards}{budget} {{ {body} }}"]

    def _fairness(self, parameters: str) -> str:
        forms = ["", "fair ", "fair ", "strongly fair "]
        if self.runs:
            forms += ["fair overall ", "strongly fair overall "]
            forms += ["fair per p ", "strongly fair per p "] if "p: Pod" in parameters else []
            forms += ["fair per key p "] if "p: Pod" in parameters and self.keyed_pods else []
            forms += ["fair per p, q "] if "q: Pod" in parameters else []
        return self.dice.pick(forms)

    def _parameters(self, scope: Scope) -> tuple[str, Scope]:
        choice = self.dice.number(0, 9)
        if choice < 6:
            return "(p: Pod)", scope.with_object("p", "Pod")
        if choice == 6:
            return "(m: Node)", scope.with_object("m", "Node")
        if choice == 7:
            return "(p in known)", scope.with_object("p", "Pod")
        if choice == 8:
            return "(p: Pod, q: Pod)", scope.with_object("p", "Pod").with_object("q", "Pod")
        return "", scope

    def _setting(self, name: str, *, is_process: bool = False, in_request: bool = False) -> Setting:
        clauses = Clauses(
            copies=self.theme.copies,
            requests=tuple(self.requests) if not in_request else (),
            revokes=self.theme.may > 0 and not in_request,
            keyed=self.keyed_pods,
            finds=self.keyed_pods and (in_request or self.theme.finds),
        )
        return Setting(name, is_process, in_request, clauses, tuple(self.components))

    # --- the API server ------------------------------------------------------------------------------------------

    def _request(self, name: str) -> str:
        statements = Statements(self.dice, self._setting(self.components[0], in_request=True))
        scope = Scope().with_object("p", "Pod")
        guard = f" when {statements.condition(scope, 0)}" if self.dice.chance(40) else ""
        return f"request {name}(p: Pod){guard} {{ {statements.block(scope, 2, 3)} }}"

    def _admissions(self) -> list[str]:
        caller = f"caller == {self.dice.pick(self.components)}"
        options = [
            f"admit create Pod(p) when p.n == 0 or {caller}",
            "admit create Pod(p) when not p.up and count(q: Pod where q.n == 1) < 2",
            "admit update Pod(p) when p.n >= old(p.n)",
            f"admit update Pod(p) when p.up == old(p.up) or {caller}",
            "admit update Pod(p) when not (exists q: Pod where q != p: q.n == p.n and p.n == 2)",
        ]
        return [option for option in options if self.dice.chance(35)]

    # --- around --------------------------------------------------------------------------------------------------

    def _environment(self) -> list[str]:
        lines = ["environment {"]
        clauses = Clauses(requests=tuple(self.requests), keyed=self.keyed_pods, finds=self.keyed_pods)
        setting = Setting("environment", False, False, clauses, tuple(self.components))
        statements = Statements(self.dice, setting)
        for number in range(1 if self.theme.has_faults else self.dice.number(1, 2)):
            head, scope = self._parameters(Scope())
            head = head.replace("p in known", "p: Pod")
            body = statements.block(scope, 1, 2)
            guard = ""
            if self.disconnecting and self.dice.chance(30) and not self.instances[self.disconnecting[0]]:
                guard = f" when connected({self.disconnecting[0]})"
            most = 1 if self.theme.has_faults else self.dice.number(1, 2)
            lines.append(f"  action e{number}{head}{guard} at most {most} {{ {body} }}")
        return [*lines, "}"]

    def _properties(self) -> list[str]:
        lines = []
        for number, name in enumerate(self.components):
            conditions = [
                "exists p: Pod: p.n == 1",
                "count(p: Pod where p.up) == 0",
                "forall p: Pod: p.owner == none or alive(p)",
                "exists m: Node: m.pod != none",
            ]
            for place, condition in enumerate(conditions):
                seen = f"seen by {name}: {condition}"
                if self.instances[name]:
                    seen = f"forall c: Node: seen by {name}(c): {condition}"
                kind = self.dice.pick(["reachable", "invariant"])
                lines.append(f"{kind} Seen{number}{place}: {seen}")
        return lines

    def _cluster(self, keyed: bool) -> str:
        pods = 1 if self.theme.has_faults and self.dice.chance(60) else self.dice.number(1, 2)
        room = self.dice.number(pods, 2)
        quota = " as quota" if room > 1 and self.dice.chance(20) else ""
        ids = [f"id = {number}  " if self.keyed_pods else "" for number in range(pods)]
        named = "".join(f"  Pod pod{number} {{ {id}n = {self.dice.number(0, 1)} }}" for number, id in enumerate(ids))
        node = "Node node0 { id = 0 }" if keyed else "Node node0"
        nodes = 2 if any(self.instances.values()) and self.dice.chance(30) else 1
        second = ("  Node node1 { id = 1 }" if keyed else "  Node node1") if nodes > 1 else ""
        return f"cluster here {{{named}  Pod at most {room}{quota}  {node}{second}  Node at most {max(nodes, 1)} }}"
