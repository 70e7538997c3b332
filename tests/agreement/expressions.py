"""Random expressions: of the right type by construction, now and then through references that dangle."""

from __future__ import annotations

from tests.agreement.draft import (
    AMOUNTS,
    MEMBERS,
    Amount,
    Bool,
    Colour,
    Dice,
    Draft,
    Element,
    Key,
    MapOf,
    Num,
    Obj,
    Opt,
    Scope,
    Seq,
    SetOf,
    Type,
)


class Expressions:
    """Every text is closed: an atom, or in parentheses. `fuel` bounds the size."""

    def __init__(self, dice: Dice, draft: Draft) -> None:
        self.dice = dice
        self.draft = draft

    def of(self, type: Type, scope: Scope, fuel: int) -> str:
        match type:
            case Bool():
                return self.condition(scope, fuel)
            case Num():
                return self.number(scope, fuel)
            case Colour():
                return self.dice.pick([*MEMBERS, *self.paths(Colour(), scope)])
            case Amount():
                return self.amount(scope, fuel)
            case Obj(kind):
                return self.object(kind, scope)
            case Opt(inner):
                return self.option(inner, scope, fuel)
            case SetOf():
                return self.set(type, scope, fuel)
            case MapOf():
                return self.map(type, scope, fuel)
            case Seq():
                return self.sequence(type, scope, fuel)

    # --- paths ---------------------------------------------------------------------------------------------------

    def objects(self, scope: Scope) -> list[tuple[str, str]]:
        """Texts for objects that are known not to be none, with their kinds."""
        found = [(name, type.kind) for name, type in scope.locals if isinstance(type, Obj)]
        found += [(kind.name, kind.name) for kind in self.draft.kinds.values() if kind.single]
        for text, kind in list(found):
            for field in self.draft.kinds[kind].fields:
                if isinstance(field.type, Obj):
                    found.append((f"{text}.{field.name}", field.type.kind))
        return found

    def can_have(self, kind: str, scope: Scope) -> bool:
        return any(found == kind for _, found in self.objects(scope))

    def object(self, kind: str, scope: Scope) -> str:
        return self.dice.pick([text for text, found in self.objects(scope) if found == kind])

    def places(self, scope: Scope) -> list[tuple[str, Type]]:
        """Everything that can be read by a path, entries of maps included; as a local that narrows it has it."""
        found = [(name, type) for name, type in scope.locals]
        for text, kind in self.objects(scope):
            found += [(f"{text}.{field.name}", field.type) for field in self.draft.kinds[kind].fields]
        for variable in self.draft.variables:
            if scope.properties or not variable.ghost:
                found.append((variable.name, variable.type))
        found += self._component_places(scope)
        found += self._calls(scope)
        for text, type in found:  # entries of entries follow
            if isinstance(type, MapOf):
                found += [(f"{text}[{key}]", type.value) for key in self.keys(type.key, scope)]
        narrowed = {name for name, _ in scope.locals}
        return found[: len(scope.locals)] + [item for item in found[len(scope.locals) :] if item[0] not in narrowed]

    def keys(self, key: Key, scope: Scope) -> list[str]:
        """Keys of a map that are at hand."""
        match key:
            case Bool():
                return ["false", "true"]
            case Num(low, high):
                return [str(number) for number in range(low, high + 1)]
            case Colour():
                return [*MEMBERS]
            case Obj():
                return [name for name, found in scope.locals if found == key]

    def _component_places(self, scope: Scope) -> list[tuple[str, Type]]:
        found: list[tuple[str, Type]] = []
        for component in self.draft.components:
            visible = [variable for variable in component.variables if scope.properties or not variable.ghost]
            if scope.component is component:
                found += [(variable.name, variable.type) for variable in visible]
            elif scope.component is None or scope.component.name == "environment":
                if component.instance is None:
                    prefixes = [component.name]
                else:
                    owners = [name for name, type in scope.locals if type == Obj(component.instance)]
                    prefixes = [f"{component.name}({name})" for name in owners]
                found += [(f"{prefix}.{v.name}", v.type) for prefix in prefixes for v in visible]
        return found

    def _calls(self, scope: Scope) -> list[tuple[str, Type]]:
        found: list[tuple[str, Type]] = []
        for definition in self.draft.definitions:
            number = ", 1" if definition.number else ""
            if definition.parameter is None:
                found.append((definition.name, definition.result))
            else:
                owners = [text for text, kind in self.objects(scope) if kind == definition.parameter]
                found += [(f"{definition.name}({text}{number})", definition.result) for text in owners]
        return found

    def paths(self, type: Type, scope: Scope) -> list[str]:
        if isinstance(type, Num):
            return [text for text, found in self.places(scope) if isinstance(found, Num)]
        return [text for text, found in self.places(scope) if found == type]

    # --- conditions ----------------------------------------------------------------------------------------------

    def condition(self, scope: Scope, fuel: int) -> str:
        if fuel <= 0:
            paths = self.paths(Bool(), scope)
            return self.dice.pick([*paths, *paths, *paths, "true", "false"])
        forms = [self._comparison, self._comparison, self._connective, self._quantified, self._through, self._read]
        forms += [self._membership, self._conditional, self.risky]
        if scope.steps:
            forms += [self._step_atom, self._old, self._old, self._came_or_went]
        return self.dice.pick(forms)(scope, fuel - 1)

    def _read(self, scope: Scope, fuel: int) -> str:
        paths = self.paths(Bool(), scope)
        return self.dice.pick(paths) if paths else self._comparison(scope, fuel)

    def _comparison(self, scope: Scope, fuel: int) -> str:
        options = [path for path, type in self.places(scope) if isinstance(type, Opt)]
        if options and self.dice.chance(40):
            return f"({self.dice.pick(options)} {self.dice.pick(['==', '!='])} none)"
        colours = self.paths(Colour(), scope)
        if colours and self.dice.chance(40):
            return f"({self.dice.pick(colours)} {self.dice.pick(['==', '!='])} {self.dice.pick(MEMBERS)})"
        amounts = self.paths(Amount(), scope)
        if amounts and self.dice.chance(40):
            sides = [self.dice.pick(amounts), self.amount(scope, fuel)]
            operator = self.dice.pick(["<=", "==", "<", "!=", ">", ">="])
            return f"({f' {operator} '.join(reversed(sides) if self.dice.chance(30) else sides)})"
        if self.dice.chance(15):
            return self._equal_collections(scope, fuel)
        known = self.objects(scope)
        if known and self.dice.chance(40):
            text, kind = self.dice.pick(known)
            others = [text for text, found in known if found == kind] + self.paths(Opt(Obj(kind)), scope)
            return f"({text} {self.dice.pick(['==', '!='])} {self.dice.pick(others)})"
        if fuel > 0 and self.dice.chance(10):
            inner, binder = self.binder(scope, fuel - 1)
            return f"({self.dice.pick(['min', 'max'])}({binder}: {self.number(inner, fuel - 1)}) != none)"
        operator = self.dice.pick(["==", "<", "<=", "!=", ">", ">="])
        numbers = self.paths(Num(0, 0), scope)
        if numbers and self.dice.chance(50):
            return f"({self.dice.pick(numbers)} {operator} {self.dice.pick(['1', '0', '2', 'LIMIT'])})"
        return f"({self.number(scope, fuel)} {operator} {self.number(scope, fuel)})"

    def _equal_collections(self, scope: Scope, fuel: int) -> str:
        collections = [(path, type) for path, type in self.places(scope) if isinstance(type, SetOf | MapOf | Seq)]
        if not collections:
            return self._lookup(scope, fuel)
        path, type = self.dice.pick(collections)
        return f"({path} {self.dice.pick(['==', '!='])} {self.of(type, scope, min(fuel, 1))})"

    def _lookup(self, scope: Scope, fuel: int) -> str:
        found = [text for kind in self.draft.kinds for text in self._lookups(kind, scope, fuel)]
        return f"({self.dice.pick(found)} != none)" if found else self._connective(scope, fuel)

    def _connective(self, scope: Scope, fuel: int) -> str:
        operator = self.dice.pick(["and", "or", "implies", "iff", "not"])
        if operator == "not":
            return f"(not {self.condition(scope, fuel)})"
        return f"({self.condition(scope, fuel)} {operator} {self.condition(scope, fuel)})"

    def _quantified(self, scope: Scope, fuel: int) -> str:
        quantifier = self.dice.pick(["exists", "forall", "exactly one"])
        inner, binder = self.binder(scope, fuel)
        body = self.risky(inner, fuel) if self.dice.chance(30) else self.condition(inner, fuel)
        return f"({quantifier} {binder}: {body})"

    def risky(self, scope: Scope, fuel: int) -> str:
        """A condition that fails for some values of the innermost variable, unless it is decided before."""
        forms = self._failing(*scope.locals[-1]) if scope.locals else []
        if not forms:
            return self._comparison(scope, fuel)
        failing = self.dice.pick(forms)
        if self.dice.chance(40):
            return failing
        return f"({self.condition(scope, min(fuel, 1))} {self.dice.pick(['or', 'and'])} {failing})"

    def _failing(self, name: str, type: Type) -> list[str]:
        if isinstance(type, Num):
            return [f"(2 div {name} > 0)"]
        if not isinstance(type, Obj):
            return []
        forms: list[str] = []
        for field in self.draft.kinds[type.kind].fields:
            path = f"{name}.{field.name}"
            match field.type:
                case Num():
                    forms.append(f"(2 div {path} > 0)")
                case Seq():
                    forms.append(f"(first({path}) in {path})")
                case Opt(Obj(kind)):
                    others = [other for other in self.draft.kinds[kind].fields if other.modifier == ""]
                    reads = [self._read_of(f"{path}.{other.name}", other.type) for other in others]
                    forms += [f"({path} == none or {read})" for read in reads]
        return forms

    def _read_of(self, path: str, type: Type) -> str:
        """A condition that reads a path."""
        match type:
            case Bool():
                return path
            case Num():
                return f"{path} > 0"
            case Colour():
                return f"{path} == {self.dice.pick(MEMBERS)}"
            case Amount():
                return f"{path} > 500m"
            case Opt():
                return f"{path} == none"
            case SetOf() | Seq():
                return f"size({path}) > 0"
            case MapOf() | Obj():
                return f"{path} == {path}"

    def binder(self, scope: Scope, fuel: int) -> tuple[Scope, str]:
        """`p: Pod where C`, `p in s`, or over numbers; a second variable now and then."""
        name = self.draft.fresh("q")
        collections = [(path, type.element) for path, type in self.places(scope) if isinstance(type, SetOf | Seq)]
        if collections and self.dice.chance(30):
            path, element = self.dice.pick(collections)
            inner, text = scope.bind(name, element), f"{name} in {path}"
        elif self.dice.chance(10):
            inner, text = scope.bind(name, Num(0, 2)), f"{name}: 0..2"
        else:
            kind = self.dice.pick(self.draft.usable()).name
            inner, text = scope.bind(name, Obj(kind)), f"{name}: {kind}"
            if self.dice.chance(15):
                second = self.draft.fresh("q")
                inner, text = inner.bind(second, Obj(kind)), f"{name}, {second}: {kind}"
            elif self.dice.chance(10):
                second, other = self.draft.fresh("q"), self.dice.pick([*self.draft.kinds])
                inner, text = inner.bind(second, Obj(other)), f"{text}, {second}: {other}"
        if fuel > 0 and self.dice.chance(40):
            text += f" where {self.condition(inner, fuel - 1)}"
        return inner, text

    def _through(self, scope: Scope, fuel: int) -> str:
        """A condition behind a reference that may be none, and may dangle."""
        options = [(path, type) for path, type in self.places(scope) if isinstance(type, Opt)]
        if not options:
            return self._connective(scope, fuel)
        path, type = self.dice.pick(options)
        inner = self.condition(scope.bind(path, type.inner), fuel)
        return self.dice.pick([f"({path} != none and {inner})", f"({path} == none or {inner})"])

    def _membership(self, scope: Scope, fuel: int) -> str:
        sets = [(path, type.element) for path, type in self.places(scope) if isinstance(type, SetOf)]
        sequences = [(path, type.element) for path, type in self.places(scope) if isinstance(type, Seq)]
        known = self.objects(scope)
        if known and self.dice.chance(30):
            return f"alive({self.dice.pick(known)[0]})"
        if not sets and not sequences:
            return self._comparison(scope, fuel)
        if sets and self.dice.chance(20):
            path, element = self.dice.pick(sets)
            return f"({path} subset of {self.set(SetOf(element), scope, 0)})"
        path, element = self.dice.pick([*sets, *sequences])
        if not isinstance(element, Obj) or self.can_have(element.kind, scope):
            return f"({self.of(element, scope, fuel)} in {path})"
        return f"({self.dice.pick(['size', 'length']) if (path, element) in sequences else 'size'}({path}) > 0)"

    def _conditional(self, scope: Scope, fuel: int) -> str:
        if self.dice.chance(50):
            name = self.draft.fresh("q")
            body = self.condition(scope.bind(name, Num(0, 4)), fuel)
            return f"(let {name} = {self.number(scope, fuel)}: {body})"
        parts = [self.condition(scope, fuel) for _ in range(3)]
        return f"(if {parts[0]} then {parts[1]} else {parts[2]})"

    # --- steps ---------------------------------------------------------------------------------------------------

    def of_step(self, scope: Scope, fuel: int) -> str:
        """A condition that is about a step more often than not."""
        match self.dice.number(0, 3):
            case 0:
                return self.condition(scope, fuel)
            case 1:
                return f"{self._step_atom(scope, fuel)} implies {self.condition(scope, fuel - 1)}"
            case _:
                return self._came_or_went(scope, fuel)

    def _step_atom(self, scope: Scope, fuel: int) -> str:
        component, action, instance = self.dice.pick(self.draft.actions)
        forms = [f"(writes {kind})" for kind in self.draft.kinds]
        forms += [f"(by {component})", f"(by {component}.{action})"]
        owners = [name for name, type in scope.locals if instance is not None and type == Obj(instance)]
        enabled = [f"enabled {component}({name}).{action}" for name in owners]
        if instance is None:
            enabled.append(f"enabled {component}.{action}")
        forms += [f"({atom})" for atom in enabled] + [f"old({atom})" for atom in enabled]
        return self.dice.pick(forms)

    def _old(self, scope: Scope, fuel: int) -> str:
        paths = [
            (path, type) for path, type in self.places(scope) if isinstance(type, Bool | Num | Amount | Opt | Colour)
        ]
        if not paths or self.dice.chance(30):
            inside = Scope(scope.locals, scope.component, scope.properties)
            return f"old({self.condition(inside, fuel)})"
        path, type = self.dice.pick(paths)
        operator = self.dice.pick(["==", "!=", "<="] if isinstance(type, Num | Amount) else ["==", "!="])
        return f"({path} {operator} old({path}))"

    def _came_or_went(self, scope: Scope, fuel: int) -> str:
        """Objects of one of the two states; or of both, where `old` is used of them."""
        kind = self.dice.pick(self.draft.usable()).name
        name = self.draft.fresh("q")
        quantifier = self.dice.pick(["forall", "exists"])
        inside = Scope((), None, True).bind(name, Obj(kind))
        moment = self.dice.pick(["created ", "deleted ", ""])
        if moment == "" or self.dice.chance(30):
            return f"({quantifier} {moment}{name}: {kind}: {self._old(inside, fuel)})"
        body = self.condition(inside, fuel)
        return f"({quantifier} {moment}{name}: {kind}: {body if moment == 'created ' else f'old({body})'})"

    # --- other values --------------------------------------------------------------------------------------------

    def number(self, scope: Scope, fuel: int) -> str:
        paths = self.paths(Num(0, 0), scope)
        if fuel <= 0 or self.dice.chance(50):
            return self.dice.pick([*paths, "1", "0", "2", "LIMIT"])
        match self.dice.number(0, 7):
            case 7:
                return self._quotient(scope, fuel - 1)
            case 6:
                return f"(-{self.number(scope, fuel - 1)})"
            case 0:
                inner, binder = self.binder(scope, fuel - 1)
                return f"count({binder})"
            case 1:
                collections = [path for path, type in self.places(scope) if isinstance(type, SetOf | Seq)]
                return f"size({self.dice.pick(collections)})" if collections else "1"
            case 2:
                inner, binder = self.binder(scope, fuel - 1)
                return f"sum({binder}: {self.number(inner, fuel - 1)})"
            case 3:
                parts = [self.number(scope, fuel - 1) for _ in range(2)]
                return f"(if {self.condition(scope, fuel - 1)} then {parts[0]} else {parts[1]})"
            case 4 if any(isinstance(type, Seq) and isinstance(type.element, Num) for _, type in self.places(scope)):
                found = [text for text, t in self.places(scope) if isinstance(t, Seq) and isinstance(t.element, Num)]
                return f"first({self.dice.pick(found)})"
            case _:
                operator = self.dice.pick(["+", "div", "-", "*", "mod"])
                return f"({self.number(scope, fuel - 1)} {operator} {self.number(scope, fuel - 1)})"

    def _quotient(self, scope: Scope, fuel: int) -> str:
        """How often one amount fits into another; plain digits would be a number there."""
        amounts = self.paths(Amount(), scope)
        if not amounts:
            return f"(-{self.number(scope, fuel)})"
        sides = [self.dice.pick(amounts), self.dice.pick(["500m", "1.0", *amounts])]
        return f"({' div '.join(reversed(sides) if self.dice.chance(30) else sides)})"

    def amount(self, scope: Scope, fuel: int) -> str:
        """Where an amount is wanted: nothing in a literal tells of which quantity it is."""
        paths = self.paths(Amount(), scope)
        if fuel <= 0 or self.dice.chance(50):
            return self.dice.pick([*paths, *paths, *AMOUNTS])
        match self.dice.number(0, 4):
            case 0:
                inner, binder = self.binder(scope, fuel - 1)
                return f"sum({binder}: {self.amount(inner, fuel - 1)})"
            case 1:
                sides = [self.number(scope, fuel - 1), self.dice.pick([*paths, "500m", "1.5"])]
                return f"({' * '.join(reversed(sides) if self.dice.chance(50) else sides)})"
            case 2:
                parts = [self.amount(scope, fuel - 1) for _ in range(2)]
                return f"(if {self.condition(scope, fuel - 1)} then {parts[0]} else {parts[1]})"
            case 3:
                return f"(-{self.amount(scope, fuel - 1)})"
            case _:
                operator = self.dice.pick(["+", "-"])
                return f"({self.amount(scope, fuel - 1)} {operator} {self.amount(scope, fuel - 1)})"

    def option(self, inner: Obj | Num | Colour | Amount, scope: Scope, fuel: int) -> str:
        forms = ["none", *self.paths(Opt(inner), scope)]
        sequences = [*self.paths(Seq(inner, 2), scope), *self.paths(Seq(Opt(inner), 2), scope)]
        forms += [f"(if length({path}) > 0 then first({path}) else none)" for path in sequences]
        match inner:
            case Num():
                forms += ["1", *self.paths(inner, scope)]
            case Colour():
                forms += [*MEMBERS, *self.paths(inner, scope)]
            case Amount():
                forms += ["500m", "1", *self.paths(inner, scope)]
            case Obj(kind):
                forms += [text for text, found in self.objects(scope) if found == kind]
                forms += self._lookups(kind, scope, fuel)
        return self.dice.pick(forms)

    def _lookups(self, kind: str, scope: Scope, fuel: int) -> list[str]:
        match [field.type for field in self.draft.kinds[kind].keys]:
            case [Num()]:
                return [f"{kind}[{self.number(scope, fuel - 1)}]"]
            case [Obj(other)]:
                return [f"{kind}[{text}]" for text, found in self.objects(scope) if found == other]
            case [Num(), Colour()]:
                return [f"{kind}[{self.number(scope, fuel - 1)}, {self.of(Colour(), scope, 0)}]"]
            case _:
                return []

    def set(self, type: SetOf, scope: Scope, fuel: int) -> str:
        paths, element = self.paths(type, scope), type.element
        literals = ["{}", *(f"{{{text}}}" for text in self._members(element, scope))]
        if isinstance(element, Num):
            literals.append("0..1")
        elif isinstance(element, Obj | Colour) and fuel > 0:
            name = self.draft.fresh("q")
            inner = scope.bind(name, element)
            literals.append(f"set({name}: {element} where {self.condition(inner, fuel - 1)})")
        if fuel > 0 and paths and self.dice.chance(40):
            operator = self.dice.pick(["union", "minus", "intersect"])
            return f"({self.dice.pick(paths)} {operator} {self.dice.pick([*literals[1:], *paths])})"
        return self.dice.pick([*paths, *literals])

    def _members(self, element: Element, scope: Scope) -> list[str]:
        """What a literal can hold."""
        if isinstance(element, Obj):
            return [text for text, found in self.objects(scope) if found == element.kind]
        return [self.of(element, scope, 0)]

    def map(self, type: MapOf, scope: Scope, fuel: int) -> str:
        name = self.draft.fresh("q")
        key = type.key
        inner = scope.bind(name, key)
        return f"map({name}: {key}: {self.of(type.value, inner, min(fuel - 1, 1))})"

    def sequence(self, type: Seq, scope: Scope, fuel: int) -> str:
        paths = self.paths(type, scope)
        forms = ["[]", *(f"pop({path})" for path in paths)]
        members = self._members(type.element, scope)
        if members:
            element = self.dice.pick(members)
            forms += [f"[{element}]", *(f"push({path}, {element})" for path in paths)]
        return self.dice.pick(forms)
