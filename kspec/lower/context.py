"""What lowering knows about a model and one of its clusters: numbers, sorts, slots, constants, state variables."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from kspec.language import checked
from kspec.language.codes import Code
from kspec.language.types import NumberType, Type
from kspec.lower import constants, quantities, slots, sorts
from kspec.lower.lifetimes import Lifetimes, lifetimes
from kspec.lower.problems import NODE_LIMIT, Problem
from kspec.lower.views.layout import View, logs_of, views_of
from kspec.system.amounts import Unit
from kspec.system.expressions import Literal, Local
from kspec.system.sorts import IntSort, Sort
from kspec.system.spans import Span
from kspec.system.system import Kind, Variable

if TYPE_CHECKING:
    from kspec.lower.expressions import ExpressionLowering


class Context:
    """Constants, sorts and kinds are worked out when first asked for, because each may depend on the others."""

    def __init__(
        self, model: checked.Model, cluster: checked.Cluster, lowering: Callable[[Context], ExpressionLowering]
    ) -> None:
        self.model = model
        self.cluster = cluster
        self.lowering = lowering(self)
        self.lifetimes: Lifetimes = lifetimes(model, cluster)
        self.objects = {item.name: item for item in cluster.objects}
        self.cluster_values = dict(cluster.values)
        self.variables: dict[str, Variable] = {}
        self.actions: dict[str, int] = {}
        self._views: dict[tuple[str, str], View] | None = None
        self._logs: dict[str, View] | None = None
        self._kinds: dict[str, Kind] = {}
        self._units: dict[str, Unit] = {}
        self._constants: dict[str, Literal | None] = {}
        self._open: list[str] = []
        self._locals = 0
        self._nodes = 0

    def unit(self, quantity: str) -> Unit:
        """What 1 stands for in the numbers that are amounts of a quantity."""
        if quantity not in self._units:
            with self._resolving(f"the bound of `{quantity}`", self.model.quantities[quantity].span):
                self._units[quantity] = quantities.unit_of(self, quantity)
        return self._units[quantity]

    @property
    def views(self) -> Mapping[tuple[str, str], View]:
        """By component and kind: how components see kinds of which they do not see the store."""
        if self._views is None:
            self._views = views_of(self)
        return self._views

    @property
    def logs(self) -> Mapping[str, View]:
        """By kind: the last events of the store, where a component may start from them."""
        if self._logs is None:
            self._logs = logs_of(self)
        return self._logs

    def kind(self, name: str) -> Kind:
        """A kind with its slots."""
        if name not in self._kinds:
            span = self.model.kinds[name].span
            with self._resolving(f"the room of `{name}`", span):
                self._kinds[name] = slots.lay_out(self, name)
        return self._kinds[name]

    def sort(self, type: Type, span: Span) -> Sort:
        """The sort of a type, its bounds numbers."""
        return sorts.sort_of(self, type, span)

    def sort_of_absent(self, type: Type, span: Span) -> Sort:
        """The sort of what `none` or an empty collection would hold. A number without bounds is as good as 0: it is not
        there."""
        is_open = isinstance(type, NumberType) and type.bounds is None
        return IntSort(0, 0) if is_open else self.sort(type, span)

    def constant(self, name: str) -> Literal | None:
        """The value of a const; None for one that is chosen initially, or that depends on the initial objects."""
        if name not in self._constants:
            with self._resolving(f"`{name}`", self.model.consts[name].span):
                self._constants[name] = constants.constant_value(self, name)
        return self._constants[name]

    def number(self, expr: checked.Expr) -> int:
        """The value of an expression that must be a constant number."""
        return constants.constant_number(self, expr)

    def slot(self, name: str) -> Literal:
        """The object that the cluster calls so."""
        kind = self.kind(self.objects[name].kind)
        return Literal(kind.slots.index(name), kind.sort)

    def applies(self, glob: str | None) -> bool:
        """Whether a property or expectation `only in glob` is about the cluster."""
        return glob is None or fnmatchcase(self.cluster.name, glob)

    def fresh(self, name: str, sort: Sort) -> Local:
        """A local that nothing else in the system uses."""
        self._locals += 1
        return Local(self._locals, name, sort)

    def spend(self, span: Span) -> None:
        """Counts one lowered expression. Raises Problem where there are too many."""
        self._nodes += 1
        if self._nodes > NODE_LIMIT:
            message = f"with its definitions written out, the model has more than {NODE_LIMIT:,} expressions"
            raise Problem(Code.KS609, message, span, "definitions that call others twice double at every level")

    @contextmanager
    def _resolving(self, what: str, span: Span) -> Iterator[None]:
        if what in self._open:
            circle = " -> ".join([*self._open[self._open.index(what) :], what])
            raise Problem(Code.KS601, f"{what} depends on itself: {circle}", span)
        self._open.append(what)
        try:
            yield
        finally:
            self._open.pop()
