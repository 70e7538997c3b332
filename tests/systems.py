"""Larger systems built by hand, with known answers."""

from __future__ import annotations

from dataclasses import replace

from kspec.system.expressions import TRUE, Expr, If, Implies, Local, Unwrap
from kspec.system.sorts import BOOL, EnumSort, IntSort, OptionSort
from kspec.system.system import System
from kspec.system.transitions import Write
from tests.building import (
    SystemBuilder,
    assign,
    at_most,
    both,
    count_of,
    differ,
    either,
    equal,
    field,
    forall,
    kind,
    less,
    local,
    member,
    negated,
    number,
    parameter,
    plus,
    read,
    value,
    variable,
    when,
    write,
)

PHASE = EnumSort("Phase", ("Absent", "Pending", "Bound", "Running", "Failed", "Terminating"))
PODS_ACTIONS = (
    "environment.user_scale",
    "controller.create",
    "controller.delete",
    "controller.gc",
    "scheduler.bind",
    "kubelet.start",
    "kubelet.fail",
    "kubelet.finish",
    "environment.node_down",
    "environment.node_up",
    "node_controller.evict",
)


class _Pods:
    """Pods on nodes: pods are permanent objects whose phase may be Absent; node and ip stay until a pod is cleared."""

    def __init__(self, pods: int, nodes: int, replicas: int, capacity: int) -> None:
        self.builder = SystemBuilder()
        self.pod, self.node, self.ip = kind("Pod", pods), kind("Node", nodes), kind("IP", pods)
        for it in (self.pod, self.node, self.ip):
            self.builder.kind(it)
        self.capacity = number(capacity)
        self.maybe_node, self.maybe_ip = OptionSort(self.node.sort), OptionSort(self.ip.sort)
        self.ready = self.builder.variable(field(self.node, "ready", BOOL), *[True] * nodes)
        self.phase = self.builder.variable(field(self.pod, "phase", PHASE), *[0] * pods)
        self.on = self.builder.variable(field(self.pod, "node", self.maybe_node), *[None] * pods)
        self.address = self.builder.variable(field(self.pod, "ip", self.maybe_ip), *[None] * pods)
        self.desired = self.builder.variable(variable("desired", IntSort(0, replicas)), replicas)

    # --- what the guards and properties speak of ---------------------------------------------------------------------

    def phase_of(self, pod: Local) -> Expr:
        return read(self.phase, pod)

    def is_in(self, pod: Local, *phases: str) -> Expr:
        return either(*(equal(self.phase_of(pod), member(PHASE, phase)) for phase in phases))

    def is_live(self, pod: Local) -> Expr:
        return self.is_in(pod, "Pending", "Bound", "Running")

    def live(self) -> Expr:
        other = local("j", self.pod.sort)
        return count_of(other, self.is_live(other))

    def on_node(self, node: Local) -> Expr:
        other = local("j", self.pod.sort)
        return count_of(other, equal(read(self.on, other), node))

    def ready_node_of(self, pod: Local) -> Expr:
        return read(self.ready, Unwrap(read(self.on, pod), self.node.sort))

    def become(self, pod: Local, phase: str) -> Write:
        return write(self.phase, (pod,), member(PHASE, phase))

    def clear(self, pod: Local) -> list[Write]:
        return [
            self.become(pod, "Absent"),
            write(self.on, (pod,), value(None, self.maybe_node)),
            write(self.address, (pod,), value(None, self.maybe_ip)),
        ]

    # --- actions -----------------------------------------------------------------------------------------------------

    def add_actions(self) -> None:
        """In the order of PODS_ACTIONS."""
        self._add_user()
        self._add_controller()
        self._add_scheduler()
        self._add_kubelet()
        self._add_nodes()

    def _add_user(self) -> None:
        to = local("to", self.desired.sort)
        other = differ(to, read(self.desired))
        self.builder.action("environment.user_scale", [parameter(to), when(other, 0)], [assign(self.desired, to)])

    def _add_controller(self) -> None:
        j = local("j", self.pod.sort)
        self.builder.action(
            "controller.create",
            [parameter(j), when(self.is_in(j, "Absent"), 0), when(less(self.live(), read(self.desired)), 1)],
            [self.become(j, "Pending")],
        )
        self.builder.action(
            "controller.delete",
            [parameter(j), when(self.is_live(j), 0), when(less(read(self.desired), self.live()), 1)],
            [self.become(j, "Terminating")],
        )
        self.builder.action("controller.gc", [parameter(j), when(self.is_in(j, "Failed"), 0)], self.clear(j))

    def _add_scheduler(self) -> None:
        j, n = local("j", self.pod.sort), local("n", self.node.sort)
        guards = [
            when(self.is_in(j, "Pending"), 0),
            when(read(self.ready, n), 1),
            when(less(self.on_node(n), self.capacity), 2),
        ]
        writes = [self.become(j, "Bound"), write(self.on, (j,), n)]
        self.builder.action("scheduler.bind", [parameter(j), parameter(n), *guards], writes)

    def _add_kubelet(self) -> None:
        j, i, k = local("j", self.pod.sort), local("i", self.ip.sort), local("k", self.pod.sort)
        unused = forall(k, differ(read(self.address, k), i))
        self.builder.action(
            "kubelet.start",
            [
                parameter(j),
                parameter(i),
                when(self.is_in(j, "Bound"), 0),
                when(self.ready_node_of(j), 1),
                when(unused, 2),
            ],
            [self.become(j, "Running"), write(self.address, (j,), i)],
        )
        running, terminating = self.is_in(j, "Running"), self.is_in(j, "Terminating")
        self.builder.action("kubelet.fail", [parameter(j), when(running, 0)], [self.become(j, "Failed")])
        unplaced = equal(read(self.on, j), value(None, self.maybe_node))
        can_stop = If(unplaced, value(True), self.ready_node_of(j), BOOL)
        self.builder.action("kubelet.finish", [parameter(j), when(terminating, 0), when(can_stop, 1)], self.clear(j))

    def _add_nodes(self) -> None:
        n, j = local("n", self.node.sort), local("j", self.pod.sort)
        up = read(self.ready, n)
        self.builder.action(
            "environment.node_down", [parameter(n), when(up, 0)], [write(self.ready, (n,), value(False))]
        )
        self.builder.action(
            "environment.node_up", [parameter(n), when(negated(up), 0)], [write(self.ready, (n,), value(True))]
        )
        placed, lost = self.is_in(j, "Bound", "Running"), negated(self.ready_node_of(j))
        self.builder.action(
            "node_controller.evict", [parameter(j), when(placed, 0), when(lost, 1)], [self.become(j, "Failed")]
        )

    # --- properties --------------------------------------------------------------------------------------------------

    def add_properties(self) -> None:
        j, k, n = local("j", self.pod.sort), local("k", self.pod.sort), local("n", self.node.sort)
        no_ip, no_node = value(None, self.maybe_ip), value(None, self.maybe_node)
        has_ip = both(differ(j, k), differ(read(self.address, j), no_ip))
        distinct = differ(read(self.address, j), read(self.address, k))
        self.builder.invariant("UniquePodIP", forall(j, forall(k, Implies(has_ip, distinct))))
        self.builder.invariant("NoOvercommit", forall(n, at_most(self.on_node(n), self.capacity)))
        placed = both(differ(read(self.on, j), no_node), differ(read(self.address, j), no_ip))
        self.builder.invariant("RunningIsPlaced", forall(j, Implies(self.is_in(j, "Running"), placed)))


def pods(pod_count: int, node_count: int, replicas: int, capacity: int) -> System:
    """The pods model: as many IPs as pods; a node has room for `capacity` pods."""
    model = _Pods(pod_count, node_count, replicas, capacity)
    model.add_actions()
    model.add_properties()
    return model.builder.build("pods", f"p{pod_count}n{node_count}r{replicas}c{capacity}")


def wide(last: int, others: int = 4) -> System:
    """Two numbers that are raised, in states of several words: the others are 62 bits each, and change with the first.
    Bad states lie at a distance of 7 and, of another property, at the greatest one."""
    builder = SystemBuilder()
    x, y = variable("x", IntSort(0, last)), variable("y", IntSort(0, last))
    rest = [variable(f"wide{n}", IntSort(0, (1 << 61) - 1)) for n in range(others)]
    for each in (x, y, *rest):
        builder.variable(each, 0)
    for moved in (x, y):
        writes = [assign(moved, plus(read(moved), number(1)))]
        if moved is x:
            writes += [assign(other, plus(read(other), number(10**15 + n))) for n, other in enumerate(rest)]
        builder.action(f"raise {moved.name}", [when(less(read(moved), number(last)), 0)], writes)
    builder.invariant("NotSeven", differ(plus(read(x), read(y)), number(7)))
    builder.invariant("NotLast", differ(plus(read(x), read(y)), number(2 * last)))
    builder.invariant("True", TRUE)
    return builder.build()


def padded(system: System) -> System:
    """The system with a variable beside the others that has a word of its own, and never changes."""
    pad = variable("pad", IntSort(0, (1 << 62) - 2))
    return replace(system, variables=(*system.variables, pad), initial={**system.initial, "pad": (10**18,)})
