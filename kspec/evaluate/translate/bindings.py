"""Evaluation for every binding of a variable: none is left out, so that nothing shows in which order they come."""

from __future__ import annotations

from collections.abc import Callable
from operator import attrgetter
from typing import TypeVar

from kspec.evaluate.errors import EvaluationError
from kspec.evaluate.frame import Frame
from kspec.evaluate.run import Failure
from kspec.evaluate.translate.domains import DomainCode

T = TypeVar("T")


def for_every(position: int, domain: DomainCode, inner: Callable[[Frame], T]) -> Callable[[Frame], list[T]]:
    """What the inner code gives for each value; where it fails for some of them, the least failure."""
    values = domain.values

    def run(frame: Frame) -> list[T]:
        found: list[T] = []
        failures: list[Failure] = []
        for value in values(frame):
            frame[position] = value
            try:
                found.append(inner(frame))
            except EvaluationError as error:
                failures.append(error.failure)
        if failures:
            raise EvaluationError(min(failures, key=attrgetter("precedence")))
        return found

    return run
