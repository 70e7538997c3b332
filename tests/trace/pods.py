"""A hand-built system in which pods come and go and may share an address: small, and with every part of a trace."""

from __future__ import annotations

from kspec.system.expressions import Expr, FailureKind, Literal, Moment
from kspec.system.properties import PropertyKind
from kspec.system.sorts import EnumSort, IntSort, OptionSort
from kspec.system.system import ALIVE, DELETED, STATUS, System
from kspec.system.transitions import Check
from kspec.system.transitions import Role as BindRole
from tests.building import (
    SystemBuilder,
    allocate,
    assign,
    differ,
    either,
    equal,
    exists,
    field,
    forall,
    kind,
    less,
    local,
    member,
    number,
    parameter,
    plus,
    read,
    status,
    value,
    variable,
    when,
    write,
)

PHASE = EnumSort("Phase", ("Pending", "Running"))


def pods(*, slots: int = 2, addresses: int = 1, restarts: int = 2) -> System:
    """Pods are created, started with any address, and deleted; `restarts` counts deletions and has a range."""
    builder = SystemBuilder()
    pod, ip = kind("Pod", slots, permanent=False), kind("IP", addresses)
    builder.kind(pod, present=0)
    builder.kind(ip)
    maybe_ip = OptionSort(ip.sort)
    phase = builder.variable(field(pod, "phase", PHASE), *[0] * slots)
    address = builder.variable(field(pod, "ip", maybe_ip), *[None] * slots)
    count = builder.variable(variable("restarts", IntSort(0, restarts)), 0)

    new = local("new", pod.sort)
    builder.action(
        "controller.create_pod",
        [allocate(new)],
        [write(status(pod), [new], Literal(ALIVE, STATUS)), write(phase, [new], member(PHASE, "Pending"))],
    )
    p, a = local("p", pod.sort), local("a", ip.sort)
    builder.action(
        "kubelet.start",
        [parameter(p), parameter(a, role=BindRole.CHOICE), when(equal(read(phase, p), member(PHASE, "Pending")), 0)],
        [write(phase, [p], member(PHASE, "Running")), write(address, [p], a)],
    )
    q = local("q", pod.sort)
    more: Expr = plus(read(count), number(1))
    builder.action(
        "controller.collect",
        [
            parameter(q),
            when(equal(read(phase, q), member(PHASE, "Running")), 0),
            Check(less(read(count), number(restarts)), FailureKind.RANGES, f"value outside 0..{restarts} of restarts"),
        ],
        [write(status(pod), [q], Literal(DELETED, STATUS)), assign(count, more)],
    )

    x, y = local("p", pod.sort), local("q", pod.sort)
    unique = either(equal(read(address, x), value(None, maybe_ip)), differ(read(address, x), read(address, y)))
    builder.invariant("UniqueIP", forall(x, forall(y, unique, where=differ(x, y))))
    z = local("p", pod.sort)
    builder.reachable("SomeRunning", exists(z, equal(read(phase, z), member(PHASE, "Running"))))
    builder.step("NeverDeleted", equal(read(count), read(count, at=Moment.OLD)))
    for failure in FailureKind:
        builder.property(PropertyKind.IMPLICIT, failure.value)
    return builder.build("pods.kspec", "small")
