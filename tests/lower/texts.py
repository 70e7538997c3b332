"""Systems of small model texts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from kspec.evaluate.evaluator import Evaluator
from kspec.evaluate.outcome import Blocked, Failing, Stepped
from kspec.evaluate.run import State
from kspec.language.load import load_model
from kspec.lower.lower import Lowered, lower
from kspec.system.sorts import Value
from kspec.system.system import System, Variable


def lowering(text: str, cluster: str | None = None) -> Lowered:
    """What lowering says of the text's cluster of that name, or its first."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "model.kspec"
        path.write_text(text, encoding="utf-8")
        loaded = load_model(path)
    assert loaded.model is not None, [f"{found.span}: {found.message}" for found in loaded.diagnostics]
    return lower(loaded.model, cluster or next(iter(loaded.model.clusters)))


def system(text: str, cluster: str | None = None) -> System:
    lowered = lowering(text, cluster)
    assert lowered.system is not None, [found.message for found in lowered.diagnostics]
    return lowered.system


def codes(text: str, cluster: str | None = None) -> list[str]:
    """The codes of what is wrong with a cluster."""
    lowered = lowering(text, cluster)
    assert (lowered.system is None) == bool(lowered.diagnostics)
    return [found.code.name for found in lowered.diagnostics]


def variable(of: System, name: str) -> Variable:
    return next(found for found in of.variables if found.name == name)


class Stepper:
    """Takes transitions of a model that has one initial state."""

    def __init__(self, text: str) -> None:
        self.system = system(text)
        self.evaluator = Evaluator(self.system)
        (self.state,) = self.evaluator.initial_states()

    def value(self, name: str, number: int = 0) -> Value:
        return self.evaluator.layout.value(self.state, name, number)

    def outcomes(self, action: str) -> list[str]:
        """What each binding of the action does here: `stepped`, `refused`, `failing: why`, `blocked: kind`."""
        return [shown for shown, _ in self._outcomes(action)]

    def step(self, action: str) -> str:
        """Takes the only binding of the action."""
        ((shown, state),) = self._outcomes(action)
        assert state is not None, shown
        self.state = state
        return shown

    def _outcomes(self, action: str) -> Iterator[tuple[str, State | None]]:
        for outcome in self.evaluator.outcomes(self.state):
            transition = self.system.transitions[outcome.taken.transition]
            if self.system.actions[transition.action].name != action:
                continue
            match outcome:
                case Stepped(_, state, refused):
                    yield "refused" if refused else "stepped", state
                case Failing(_, failure):
                    yield f"failing: {failure.kind.value}: {failure.message}", None
                case Blocked(_, kind):
                    yield f"blocked: {kind}", None
