"""What all parts of the checker share: names, the types of what is declared, fresh locals, and the errors so far."""

from __future__ import annotations

from dataclasses import dataclass, field

from kspec.language import checked, tree
from kspec.language.checker.names import Names
from kspec.language.checker.scope import Scope
from kspec.language.checker.typing import describe, fits, short
from kspec.language.codes import Code
from kspec.language.diagnostics import Diagnostic
from kspec.language.modules import Program
from kspec.language.types import BoolType, EnumType, NothingType, NumberType, OptionType, QuantityType, Type
from kspec.system.spans import Span


@dataclass(frozen=True, slots=True)
class FieldInfo:
    modifier: str | None
    name: str
    type: Type
    node: tree.Field
    module: str


@dataclass(frozen=True, slots=True)
class KindInfo:
    name: str
    single: bool
    fields: dict[str, FieldInfo]
    node: tree.Kind

    @property
    def keys(self) -> tuple[FieldInfo, ...]:
        return tuple(info for info in self.fields.values() if info.modifier == "key")


@dataclass(frozen=True, slots=True)
class VariableInfo:
    type: Type
    ghost: bool
    node: tree.Var


@dataclass(frozen=True, slots=True)
class ItemInfo:
    """An action, a process or a definition of a component, and the module whose names it sees."""

    node: tree.Action | tree.Process | tree.Def
    module: str


@dataclass(frozen=True, slots=True)
class ComponentInfo:
    """`actions`: processes too. `definitions`: by the name in the component, the name in the whole model. `clauses`:
    each with the module that it stands in."""

    name: str
    instance: checked.Local | None
    variables: dict[str, VariableInfo]
    actions: dict[str, ItemInfo]
    definitions: dict[str, str]
    clauses: list[tuple[str, tree.Clause]]
    node: tree.Component
    module: str


@dataclass(frozen=True, slots=True)
class DefInfo:
    """`component`: qualified name of the component that a definition belongs to; its instance, if it has one, is the
    first parameter."""

    name: str
    node: tree.Def
    module: str
    component: str | None


@dataclass(slots=True)
class Context:
    """Filled by the passes in order; see `check.check_program`."""

    program: Program
    names: Names
    diagnostics: list[Diagnostic] = field(default_factory=list)
    enums: dict[str, checked.Enum] = field(default_factory=dict)
    const_types: dict[str, Type] = field(default_factory=dict)
    kinds: dict[str, KindInfo] = field(default_factory=dict)
    globals: dict[str, VariableInfo] = field(default_factory=dict)
    components: dict[str, ComponentInfo] = field(default_factory=dict)
    def_infos: dict[str, DefInfo] = field(default_factory=dict)
    pattern_modules: dict[str, str] = field(default_factory=dict)
    requests: dict[str, tuple[Scope, tuple[checked.Variable, ...]]] = field(default_factory=dict)
    """By name: what the body of a declared request sees, and its parameters."""
    cluster_objects: dict[str, dict[str, str]] = field(default_factory=dict)
    """By cluster: the kinds of its named objects."""
    is_declared: bool = False
    """Whether the types of everything are known. Until then only constants can be checked."""
    _next_local: int = 0

    def report(
        self,
        code: Code,
        message: str,
        span: Span,
        hint: str | None = None,
        related: tuple[tuple[Span, str], ...] = (),
    ) -> None:
        diagnostic = Diagnostic(code, message, span, hint, related)
        if diagnostic not in self.diagnostics:
            self.diagnostics.append(diagnostic)

    def local(self, name: str, type: Type) -> checked.Local:
        """A fresh local."""
        self._next_local += 1
        return checked.Local(self._next_local, name, type)

    def expect(self, actual: Type, wanted: Type, span: Span, what: str) -> bool:
        """Reports a value that does not fit; `what` names the place, such as "the field `phase`"."""
        if fits(actual, wanted):
            return True
        if isinstance(actual, OptionType) and fits(actual.inner, wanted):
            hint = self.none_hint(span)
            self.report(Code.KS202, f"{what} wants {describe(wanted)}, and this value may be none", span, hint)
        elif isinstance(actual, NothingType):
            type = "a `?` behind its type" if isinstance(wanted, NumberType) else f"`{short(wanted)}?`"
            hint = f"write {type} if it may be none"
            self.report(Code.KS201, f"{what} wants {describe(wanted)}, which is never none", span, hint)
        else:
            message = f"{what} wants {describe(wanted)}, not {describe(actual)}"
            self.report(Code.KS201, message, span, self._values_of(wanted, actual))
        return False

    def text(self, span: Span) -> str:
        """The source text of a span, on one line."""
        lines = self.program.sources.get(span.file, "").split("\n")[span.line - 1 : span.end_line]
        if not lines:
            return ""
        lines[-1] = lines[-1][: span.end_column - 1]
        lines[0] = lines[0][span.column - 1 :]
        return " ".join(" ".join(lines).split())

    def none_hint(self, span: Span) -> str:
        """What to do about a value that may be none."""
        text = self.text(span)
        path = text if 0 < len(text) <= 40 else "…"
        if "(" in text or text.partition("[")[0] in self.kinds:  # a call or a lookup: no path that a test narrows
            return f"name it before, and test the name: `let x = {path}`, then `x != none`"
        tests = ", ".join(f"`{word} {path} != none`" for word in ("when", "where", "if"))
        return f"test it before: {tests}, or `{path} != none and …`"

    def _values_of(self, wanted: Type, actual: Type) -> str | None:
        """What fits a type that has few values, or how to come by one, as a hint."""
        inner = wanted.inner if isinstance(wanted, OptionType) else wanted
        match inner:
            case EnumType(name) if name in self.enums:
                return f"its values are {', '.join(self.enums[name].members)}"
            case BoolType():
                return "compare it: `… == …`, `… > 0`"
            case QuantityType() if isinstance(actual, NumberType):
                return "literals are amounts where one is wanted; of a number `n * 1` makes one"
            case NumberType() if isinstance(actual, QuantityType):
                return "`a div b` tells how often one amount fits into another: `a div 1.0`"
            case _:
                return None
