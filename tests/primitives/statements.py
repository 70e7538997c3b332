"""Random bodies of actions, processes and declared requests."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import count

from tests.agreement.draft import Dice

FIELDS = {"Pod": ("n", "up", "owner"), "Node": ("pod", "ok"), "Lease": ("n",)}

OF_CREATE = ("unreachable", "taken", "denied")
OF_WRITE = ("unreachable", "denied", "missing")
"""What requests can result in, beside ok."""


@dataclass(frozen=True)
class Clauses:
    """What a body may use."""

    copies: bool = False
    requests: tuple[str, ...] = ()
    revokes: bool = False
    keyed: bool = False
    """Whether pods have a key."""
    finds: bool = False
    """Whether one may be looked up by it."""


@dataclass(frozen=True)
class Setting:
    component: str
    is_process: bool
    in_request: bool
    clauses: Clauses
    components: tuple[str, ...]

    @property
    def has_memory(self) -> bool:
        return self.component != "environment" and not self.in_request


@dataclass(frozen=True)
class Scope:
    """Names of objects, of copies and of assignable numbers, with what they are."""

    objects: tuple[tuple[str, str], ...] = ()
    copies: tuple[tuple[str, str], ...] = ()
    numbers: tuple[str, ...] = ()

    def with_object(self, name: str, kind: str) -> Scope:
        return replace(self, objects=(*self.objects, (name, kind)))

    def with_copy(self, name: str, kind: str) -> Scope:
        return replace(self, copies=(*self.copies, (name, kind)))


class Statements:
    def __init__(self, dice: Dice, setting: Setting) -> None:
        self.dice = dice
        self.setting = setting
        self._names = count()

    def fresh(self, letter: str) -> str:
        return f"{letter}{next(self._names)}"

    def block(self, scope: Scope, fuel: int, most: int) -> str:
        texts = []
        for _ in range(self.dice.number(1, most)):
            text, scope = self.statement(scope, fuel)
            texts.append(text)
        return "  ".join(texts)

    def statement(self, scope: Scope, fuel: int) -> tuple[str, Scope]:
        forms = [self._assign, self._assign, self._assign, self._create, self._create_into, self._delete]
        clauses = self.setting.clauses
        if self.setting.has_memory:
            forms += [self._remember]
        if clauses.copies:
            forms += [self._get, self._get] + [self._update] * 4 * bool(scope.copies)
        if clauses.requests:
            forms += [self._call, self._call]
        if clauses.revokes and self.dice.chance(10):
            forms += [self._revoke]
        if self.setting.in_request:
            forms += [self._deny]
        if self.setting.is_process:
            forms += [self._yield, self._yield, self._yield]
        if fuel > 0:
            forms += [self._if, self._either, self._choose, self._for, self._behind]
            if self.setting.is_process:
                forms += [self._while, self._for_each, self._await, self._local]
        return self.dice.pick(forms)(scope, fuel - 1)

    # --- expressions ---------------------------------------------------------------------------------------------

    def condition(self, scope: Scope, fuel: int) -> str:
        forms = ["count(z: Pod where z.up) == 0", "exists z: Pod: z.n == 1", "Lease.n == 0", "exists z: Node: z.ok"]
        for name, kind in scope.objects:
            if kind == "Pod":
                forms += [f"{name}.n == {self.dice.number(0, 1)}", f"{name}.up", f"{name}.owner == none"]
                forms += [f"alive({name})", f"exists z: Pod where z != {name}: z.n == {name}.n"]
            else:
                forms += [f"{name}.ok", f"{name}.pod == none"]
        for name, kind in scope.copies:
            forms += [f"{name}.n == 0", f"alive({name})"] if kind == "Pod" else [f"{name}.ok"] if kind == "Node" else []
        if self.setting.has_memory:
            forms += ["mem == 0", "known == {}"]
        if self.setting.clauses.finds:
            forms += ["Pod[0] != none", "Pod[1] == none"] * 3
        text = self.dice.pick(forms)
        if self.setting.component != "environment" and not self.setting.in_request and self.dice.chance(15):
            text = f"fresh({text})"
        if self.dice.chance(20):
            text = f"not ({text})"
        if fuel > 0 and self.dice.chance(25):
            text = f"({text}) {self.dice.pick(['and', 'or'])} ({self.condition(scope, 0)})"
        return text

    def _number(self, scope: Scope) -> str:
        forms = ["0", "1", "2", "1", *scope.numbers]
        forms += [f"{name}.n" for name, kind in (*scope.copies, *scope.copies) if kind in ("Pod", "Lease")]
        forms += [f"{name}.n" for name, kind in scope.objects if kind == "Pod"]
        forms += [f"2 - {form}" for form in forms if "." in form]
        return self.dice.pick(forms)

    def _pod(self, scope: Scope) -> str:
        return self.dice.pick(["none", *(name for name, kind in (*scope.objects, *scope.copies) if kind == "Pod")])

    def _flag(self, scope: Scope) -> str:
        forms = ["true", "false", *(f"not {name}.up" for name, kind in scope.objects if kind == "Pod")]
        return self.dice.pick(forms)

    def _value(self, field: str, scope: Scope) -> str:
        if field == "n":
            return self._number(scope)
        return self._pod(scope) if field in ("owner", "pod") else self._flag(scope)

    # --- requests ------------------------------------------------------------------------------------------------

    def _target(self, scope: Scope) -> tuple[str, str]:
        options = [*scope.objects, *scope.objects, *(scope.copies if self.dice.chance(20) else ()), ("Lease", "Lease")]
        return self.dice.pick(options)

    def _handlers(self, results: tuple[str, ...], scope: Scope, fuel: int, *, ends: bool = False) -> str:
        """Behind a request; `ends`: whether they must not go on."""
        if not self.dice.chance(45):
            return ""
        names = [name for name in results if self.dice.chance(50)] or [results[-1]]
        last = "deny" if self.setting.in_request else "return"
        body = self.block(scope, 0, 2) if fuel >= 0 and self.dice.chance(60) else ""
        if ends or self.dice.chance(25):
            body = f"{body}  {last}"
        return f" on {', '.join(names)} {{ {body} }}"

    def _assign(self, scope: Scope, fuel: int) -> tuple[str, Scope]:
        target, kind = self._target(scope)
        fields = [self.dice.pick(FIELDS[kind]) for _ in range(1 + self.dice.chance(25))]
        text = "  ".join(f"{target}.{field} = {self._value(field, scope)}" for field in dict.fromkeys(fields))
        return text + self._handlers(OF_WRITE, scope, fuel), scope

    def _create(self, scope: Scope, fuel: int) -> tuple[str, Scope]:
        created = self._created(scope)
        if self.dice.chance(50):
            return created + self._handlers(OF_CREATE, scope, fuel), scope
        name = self.fresh("c")
        handlers = self._handlers(OF_CREATE, scope, fuel, ends=True)
        return f"let {name} = {created}{handlers}", scope.with_object(name, "Pod")

    def _create_into(self, scope: Scope, fuel: int) -> tuple[str, Scope]:
        """A field, a variable or a local gets the new object, or none."""
        if self.setting.is_process and self.dice.chance(30):
            return self._create_into_local(scope, fuel)
        fields = {"Pod": "owner", "Node": "pod"}
        places = [(name, fields[kind], kind) for name, kind in scope.objects]
        if not places or self.dice.chance(40):
            return f"mark = {self._created(scope)}{self._handlers(OF_CREATE, scope, fuel)}", scope
        name, field, kind = self.dice.pick(places)
        text = f"{name}.{field} = {self._created(scope)}"
        if self.dice.chance(60):
            return text + self._handlers(OF_CREATE, scope, fuel), scope
        other = self.dice.pick([other for other in FIELDS[kind] if other != field])
        text += f"  {name}.{other} = {self._value(other, scope)}"
        return text + self._handlers(OF_WRITE, scope, fuel), scope

    def _create_into_local(self, scope: Scope, fuel: int) -> tuple[str, Scope]:
        name = self.fresh("c")
        handlers = self._handlers(OF_CREATE, scope, fuel)
        body = self.block(scope.with_object(name, "Pod"), 0, 2)
        between = self.block(scope, 0, 1)
        return (
            f"var {name}: Pod? = none  {name} = {self._created(scope)}{handlers}  {between}"
            f"  if {name} != none {{ {body} }}"
        ), scope

    def _created(self, scope: Scope) -> str:
        values = f"id = {self.dice.number(0, 1)}  " if self.setting.clauses.keyed else ""
        values += f"n = {self._number(scope)}" if self.dice.chance(40) else ""
        values += f"  owner = {self._pod(scope)}" if self.dice.chance(20) else ""
        return f"create Pod {{ {values} }}"

    def _delete(self, scope: Scope, fuel: int) -> tuple[str, Scope]:
        options = [name for name, kind in (*scope.objects, *scope.copies) if kind == "Pod"]
        if not options:
            return self._assign(scope, fuel)
        text = f"delete {self.dice.pick(options)}"
        return text + self._handlers(OF_WRITE, scope, fuel), scope

    def _get(self, scope: Scope, fuel: int) -> tuple[str, Scope]:
        target, kind = self._target(scope)
        name = self.fresh("x")
        text = f"fresh(get {target})" if self.dice.chance(15) else f"get {target}"
        handlers = self._handlers(("unreachable", "missing"), scope, fuel, ends=True)
        return f"let {name} = {text}{handlers}", scope.with_copy(name, kind)

    def _update(self, scope: Scope, fuel: int) -> tuple[str, Scope]:
        name, kind = self.dice.pick(scope.copies)
        fields = [self.dice.pick(FIELDS[kind]) for _ in range(1 + self.dice.chance(25))]
        values = "  ".join(f"{field} = {self._value(field, scope)}" for field in dict.fromkeys(fields))
        handlers = self._handlers(("denied", "missing", "conflict"), scope, fuel)
        return f"update {name} {{ {values} }}{handlers}", scope

    def _call(self, scope: Scope, fuel: int) -> tuple[str, Scope]:
        options = [name for name, kind in (*scope.objects, *scope.copies) if kind == "Pod"]
        if not options:
            return self._assign(scope, fuel)
        text = f"{self.dice.pick(self.setting.clauses.requests)}({self.dice.pick(options)})"
        return text + self._handlers(("unreachable", "missing", "denied"), scope, fuel), scope

    def _revoke(self, scope: Scope, fuel: int) -> tuple[str, Scope]:
        what = self.dice.pick(["update Pod.n", "update Pod", "create Pod", "delete Pod"])
        return f"revoke {self.dice.pick(self.setting.components)} {what}", scope

    def _deny(self, scope: Scope, fuel: int) -> tuple[str, Scope]:
        return f"if {self.condition(scope, 0)} {{ deny }}", scope

    def _remember(self, scope: Scope, fuel: int) -> tuple[str, Scope]:
        options = [f"mem = {self._number(scope)}"]
        pods = [name for name, kind in (*scope.objects, *scope.copies) if kind == "Pod"]
        options += [f"known {operator} {{{name}}}" for name in pods for operator in ("+=", "-=")]
        return self.dice.pick(options), scope

    # --- control -------------------------------------------------------------------------------------------------

    def _if(self, scope: Scope, fuel: int) -> tuple[str, Scope]:
        text = f"if {self.condition(scope, 1)} {{ {self.block(scope, fuel, 2)} }}"
        if self.dice.chance(40):
            text += f" else {{ {self.block(scope, fuel, 2)} }}"
        return text, scope

    def _either(self, scope: Scope, fuel: int) -> tuple[str, Scope]:
        return f"either {{ {self.block(scope, fuel, 1)} }} or {{ {self.block(scope, fuel, 1)} }}", scope

    def _choose(self, scope: Scope, fuel: int) -> tuple[str, Scope]:
        name = self.fresh("q")
        inner = scope.with_object(name, "Pod")
        where = f" where {self.condition(inner, 0)}" if self.dice.chance(40) else ""
        return f"choose {name}: Pod{where}", inner

    def _for(self, scope: Scope, fuel: int) -> tuple[str, Scope]:
        name = self.fresh("e")
        inner = Scope((*scope.objects, (name, "Pod")), scope.copies, scope.numbers)
        domain = f"{name} in known" if self.setting.has_memory and self.dice.chance(20) else f"{name}: Pod"
        where = f" where {self.condition(inner, 0)}" if self.dice.chance(40) else ""
        body = self.dice.pick(
            [f"{name}.n = {self._number(inner)}", f"{name}.up = {self._flag(inner)}", f"delete {name}"]
        )
        if self.dice.chance(30):
            body = f"if {self.condition(inner, 0)} {{ {body} }}"
        return f"for {domain}{where} {{ {body} }}", scope

    def _behind(self, scope: Scope, fuel: int) -> tuple[str, Scope]:
        """Through a reference that may be none: under a condition, held by a local."""
        options = [f"{name}.owner" if kind == "Pod" else f"{name}.pod" for name, kind in scope.objects]
        if not options:
            return self._if(scope, fuel)
        name = self.fresh("b")
        body = self.block(scope.with_object(name, "Pod"), fuel, 2)
        value = f"if Lease.n == 2 then none else {self.dice.pick(options)}"  # which the text never shows not to be none
        return f"let {name} = {value}  if {name} != none {{ {body} }}", scope

    # --- processes -----------------------------------------------------------------------------------------------

    def _yield(self, scope: Scope, fuel: int) -> tuple[str, Scope]:
        return "yield", scope

    def _await(self, scope: Scope, fuel: int) -> tuple[str, Scope]:
        return f"await {self.condition(scope, 0)}", scope

    def _local(self, scope: Scope, fuel: int) -> tuple[str, Scope]:
        name = self.fresh("i")
        return f"var {name}: 0..2 = {self._number(scope)}", replace(scope, numbers=(*scope.numbers, name))

    def _while(self, scope: Scope, fuel: int) -> tuple[str, Scope]:
        if scope.numbers and self.dice.chance(50):
            name = self.dice.pick(scope.numbers)
            body = self.block(scope, 0, 2)
            return f"while {name} < 2 {{ {body}  {name} = {name} + 1  yield }}", scope
        return f"while {self.condition(scope, 0)} {{ {self.block(scope, 0, 2)}  yield }}", scope

    def _for_each(self, scope: Scope, fuel: int) -> tuple[str, Scope]:
        name = self.fresh("e")
        inner = scope.with_object(name, "Pod")
        domain = f"{name} in known" if self.dice.chance(30) else f"{name}: Pod"
        where = f" where {self.condition(inner, 0)}" if self.dice.chance(30) else ""
        return f"for each {domain}{where} {{ {self.block(inner, 0, 2)} }}", scope
