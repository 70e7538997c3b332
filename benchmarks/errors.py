"""What ends a benchmark, told in one line."""

from __future__ import annotations


class BenchmarkError(Exception):
    """A benchmark cannot be carried out, or shows that something is wrong."""


class MissingTool(BenchmarkError):
    """A program that a benchmark needs is not installed."""

    def __init__(self, program: str, package: str) -> None:
        super().__init__(f"{program} is missing: apt-get install {package}")


class Failed(BenchmarkError):
    """A program ended with another exit code than it should, or told nothing that can be read."""


class Disagreement(BenchmarkError):
    """Two searches of one model have different counts."""
