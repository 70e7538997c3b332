"""Strongly connected components (Tarjan 1972), without recursion."""

from __future__ import annotations

from collections.abc import Iterator, Sequence


def components(successors: Sequence[Sequence[int]]) -> list[int]:
    """Of each vertex the number of its component: no edge leads to a component with a larger number."""
    search = _Search(successors)
    for root in range(len(successors)):
        search.visit(root)
    return search.component


class _Search:
    def __init__(self, successors: Sequence[Sequence[int]]) -> None:
        self._successors = successors
        self._index = [-1] * len(successors)
        self._low = [0] * len(successors)
        self._stack: list[int] = []
        self._count = 0
        self._found = 0
        self.component = [-1] * len(successors)

    def visit(self, root: int) -> None:
        if self._index[root] >= 0:
            return
        path = [self._enter(root)]
        while path:
            vertex, rest = path[-1]
            following = next(rest, None)
            if following is None:
                path.pop()
                self._leave(vertex)
                if path:
                    self._lower(path[-1][0], self._low[vertex])
            elif self._index[following] < 0:
                path.append(self._enter(following))
            elif self.component[following] < 0:
                self._lower(vertex, self._index[following])

    def _enter(self, vertex: int) -> tuple[int, Iterator[int]]:
        self._index[vertex] = self._low[vertex] = self._count
        self._count += 1
        self._stack.append(vertex)
        return vertex, iter(self._successors[vertex])

    def _leave(self, vertex: int) -> None:
        if self._low[vertex] != self._index[vertex]:
            return
        while self.component[vertex] < 0:
            self.component[self._stack.pop()] = self._found
        self._found += 1

    def _lower(self, vertex: int, value: int) -> None:
        self._low[vertex] = min(self._low[vertex], value)
