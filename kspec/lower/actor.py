"""Who acts in a body."""

from __future__ import annotations

from dataclasses import dataclass

from kspec.language import checked
from kspec.system.expressions import Expr

ENVIRONMENT = "environment"


@dataclass(frozen=True, slots=True)
class Actor:
    """`component` asks, as its `instance`. `inside_request`: the API server acts for it, in a declared request."""

    component: checked.Component
    instance: Expr | None
    inside_request: bool = False

    @property
    def is_environment(self) -> bool:
        """Nothing is refused to it for want of a permission or a connection."""
        return self.component.name == ENVIRONMENT

    @property
    def index(self) -> tuple[Expr, ...]:
        """The index of what each instance of the component has."""
        return () if self.instance is None else (self.instance,)
