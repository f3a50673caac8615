"""The UDP port: each datagram is counted as what it is, and the first of a kind is said."""

import socket
import sys
import time
from collections.abc import Sequence

import pytest

from raygate_local.daemon import receiving
from raygate_local.daemon.buffer import Buffer
from raygate_local.daemon.counts import Counts
from raygate_local.daemon.receiving import Receiving

HEADER = b'{"format": "json", "version": 1}\n'


def received(datagrams: Sequence[bytes], buffer: Buffer) -> tuple[dict[str, int], list[str]]:
    """What was counted and said of datagrams that had come before it was stopped."""
    counts, said = Counts(), list[str]()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
        udp.bind(("127.0.0.1", 0))
        one = Receiving(udp, buffer, counts, said.append)
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
            for datagram in datagrams:
                sender.sendto(datagram, udp.getsockname())
        one.start()
        one.stop()
    return counts.as_json(), said


def test_what_has_come_before_the_end_is_read():
    buffer = Buffer(window_s=0.0)
    counts, said = received([HEADER + b"{}", b"secret", HEADER, HEADER + b"[]"], buffer)
    assert counts == {"documents": 2, "unreadable": 2, "dropped": 0, "unread": 0}
    assert buffer.take() == ["{}", "[]"]
    assert said == ["A datagram was passed over: its first line is no JSON. Others are only counted."]


def test_what_there_is_no_room_for_is_counted():
    counts, said = received([HEADER + b"{}"] * 3, Buffer(most=1))
    assert counts == {"documents": 1, "unreadable": 0, "dropped": 2, "unread": 0}
    assert len(said) == 1


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells")
def test_what_the_system_had_no_room_for_is_counted_with_the_next_that_comes(monkeypatch):
    monkeypatch.setattr(receiving, "KERNEL_BYTES", 1)  # the system has a least of its own
    sent, buffer, counts = 200, Buffer(), Counts()
    with (
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender,
    ):
        udp.bind(("127.0.0.1", 0))
        one = Receiving(udp, buffer, counts, lambda _: None)
        for _ in range(sent):
            sender.sendto(HEADER + b"{}" + b" " * 1_000, udp.getsockname())
        one.start()
        while not counts["unread"]:
            sender.sendto(HEADER + b"[]", udp.getsockname())
            sent += 1
            time.sleep(0.01)
        one.stop()
    assert counts["documents"] + counts["unread"] == sent
