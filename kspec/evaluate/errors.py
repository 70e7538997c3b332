"""What evaluation raises."""

from __future__ import annotations

from kspec.evaluate.run import Failure

ENUMERATION_LIMIT = 65_536
"""The most values of one parameter, quantifier or initial choice that are enumerated."""


class EvaluationError(Exception):
    """An expression failed: a violation of the implicit property `failure.kind`."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(f"{failure.kind.value}: {failure.message}")
        self.failure = failure


class EnumerationTooLarge(Exception):
    """`what` has more values than are enumerated; `count` is None where their number has no bound."""

    def __init__(self, what: str, count: int | None) -> None:
        size = "no bound" if count is None else f"{count:,} values"
        super().__init__(f"{what} has {size}, and at most {ENUMERATION_LIMIT:,} values are enumerated")
        self.what = what
        self.count = count


class NoneUnwrapped(AssertionError):
    """An option that was proved to have a value is none: a fault of kspec, unless only a part of an expression was
    evaluated, without the conditions around it."""

    def __init__(self) -> None:
        super().__init__("an option that was proved to have a value is none")
