"""What to say about a name in an expression that nothing declares."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kspec.language import tree
from kspec.language.checker.names import CALLER
from kspec.language.checker.scope import Purpose, Scope
from kspec.language.codes import Code
from kspec.language.diagnostics import did_you_mean

if TYPE_CHECKING:
    from kspec.language.checker.expressions import ExpressionChecker

_FOREIGN_VALUES: Final = {
    **dict.fromkeys(("null", "nil", "none", "undefined", "nothing"), "none"),
    "true": "true",
    "false": "false",
}
"""What other languages call the values that have a word of their own, in lower case."""

_LONGEST_VARIABLE: Final = 12
"""The longest name that is taken for that of a bound variable."""


def report_unknown(checker: ExpressionChecker, scope: Scope, name: tree.Name, field: str | None = None) -> None:
    """`field`: what stands behind the name and a dot."""
    if name.text == CALLER:
        _report_caller(checker, scope, name)
        return
    hint = _foreign_value(name.text) or _hint_to_cluster(checker, name.text)
    if hint is None and field is not None:
        hint = _hint_to_bind(checker, scope, name.text, field)
    if hint is None:
        hint = did_you_mean(name.text, known_names(checker, scope))
    checker.context.report(Code.KS101, f"there is nothing called `{name.text}`", name.span, hint)


def _report_caller(checker: ExpressionChecker, scope: Scope, name: tree.Name) -> None:
    if scope.purpose is Purpose.ADMISSION:
        message = "`caller` is compared with a component, and is no value otherwise"
    else:
        message = f"`caller` is who asks, in the condition of an `admit`; this is {scope.purpose.value}"
    hint = "`by controller` tells who acted" if scope.purpose is Purpose.STEP_PROPERTY else "write `caller == …` there"
    checker.context.report(Code.KS406, message, name.span, hint)


def known_names(checker: ExpressionChecker, scope: Scope) -> list[str]:
    """Every name that means something in an expression."""
    names = checker.context.names.namespace(scope.module).known()
    known = ["true", "false", "none", *scope.locals, *names, *(scope.objects or ()), *checker.context.cluster_objects]
    if scope.component is not None:
        known.extend(checker.context.components[scope.component].variables)
        known.extend(checker.context.components[scope.component].definitions)
    return known


def _foreign_value(name: str) -> str | None:
    word = _FOREIGN_VALUES.get(name.lower())
    return None if word is None else f"write `{word}`"


def _hint_to_cluster(checker: ExpressionChecker, name: str) -> str | None:
    """For the name of an object of a cluster, which only properties of that cluster may use."""
    owners = [cluster for cluster, objects in checker.context.cluster_objects.items() if name in objects]
    if not owners:
        return None
    return f"objects of a cluster are named in a property `only in {owners[0]}`, as `{owners[0]}.{name}`"


def _hint_to_bind(checker: ExpressionChecker, scope: Scope, name: str, field: str) -> str | None:
    """For a name of an object that nothing binds: some kind has the field that is read."""
    owners = [kind.name for kind in checker.context.kinds.values() if field in kind.fields and not kind.single]
    if not owners or len(name) > _LONGEST_VARIABLE or scope.purpose in (Purpose.CONSTANT, Purpose.CLUSTER):
        return None
    kind = next((owner for owner in owners if owner.lower().startswith(name.lower())), owners[0])
    if scope.purpose is Purpose.ACTION:
        return f"make it a parameter of the action: `{name}: {kind}`, or bind it: `exists {name}: {kind}: …`"
    return f"bind it first: `forall {name}: {kind}: …`"
