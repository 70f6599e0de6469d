"""What tests of several modes share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.lb_programs import Machine


@pytest.fixture
def machine() -> Iterator[Machine]:
    """A machine with the NIC that the LB files name, on which HAProxy and Keepalived judge them."""
    with Machine() as one:
        one.do("ip link add eth0 type veth peer name cable && ip link set eth0 up && ip link set cable up")
        yield one
