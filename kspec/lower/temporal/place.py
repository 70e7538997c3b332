"""Where in a formula a part of it stands."""

from __future__ import annotations

from dataclasses import dataclass, replace

from kspec.language import checked
from kspec.lower.scope import Scope
from kspec.lower.temporal.contents import Survey
from kspec.system.expressions import Expr, Literal, Local


@dataclass(frozen=True, slots=True)
class Given:
    """A local with the one value that it has in this copy of what a quantifier says of each."""

    local: Local
    value: Literal


@dataclass(frozen=True, slots=True)
class Place:
    """`facts`: conditions that are true at this position, or what stands here does not matter: an expression may need
    them not to fail. `tracked`: the variables over objects that come and go."""

    scope: Scope
    tracked: frozenset[Local] = frozenset()
    facts: tuple[checked.Expr, ...] = ()
    given: tuple[Given, ...] = ()

    def bind(self, local: checked.Local, value: Expr, *given: Given) -> Place:
        return replace(self, scope=self.scope.bind(local, value), given=(*self.given, *given))

    def knowing(self, survey: Survey, fact: checked.Expr) -> Place:
        """What is told of other positions, or of steps, is no condition that an expression of a state could need."""
        contents = survey.of(fact)
        return self if contents.temporal or contents.step else replace(self, facts=(*self.facts, fact))

    def knowing_not(self, survey: Survey, fact: checked.Expr) -> Place:
        return self.knowing(survey, checked.Not(fact, fact.span))

    def later(self, survey: Survey) -> Place:
        """The same place at another position."""
        return replace(self, facts=tuple(fact for fact in self.facts if survey.of(fact).rigid))
