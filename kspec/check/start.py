"""A model without an initial state says nothing: everything would hold in it."""

from __future__ import annotations

from itertools import islice

from kspec.evaluate.errors import EnumerationTooLarge, EvaluationError
from kspec.evaluate.evaluator import Evaluator
from kspec.symbolic.start import may_start
from kspec.system.system import System

CANDIDATES_TRIED = 10_000


class NoInitialState(Exception):
    """No combination of the initial choices satisfies every `initially`."""


def must_start(system: System) -> None:
    """Raises NoInitialState if the system is known to have none."""
    if any(choice.values == () for choice in system.choices):
        raise NoInitialState
    if not system.initially:
        return
    initial = Evaluator(system).initial
    candidates = initial.candidates()
    try:
        for candidate in islice(candidates, CANDIDATES_TRIED):
            if initial.admits(candidate):
                return
        if next(candidates, None) is None:
            raise NoInitialState
    except EvaluationError:
        return  # an `initially` that fails is a violation, which the engines report
    except EnumerationTooLarge:
        pass
    if may_start(system) is False:
        raise NoInitialState
