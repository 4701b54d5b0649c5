"""Generous limits on how fast one browser may write, and one address may begin."""

import ipaddress
import time
from collections import OrderedDict


class Limits:
    """Token buckets, in memory: each process counts its own. The least recent are forgotten."""

    def __init__(self, a_minute: int, most_names: int = 20_000) -> None:
        self._a_second = a_minute / 60
        self._most = float(a_minute)
        self._most_names = most_names
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def wait_s(self, name: str) -> float:
        """0 when this may pass now, else the seconds until it may."""
        now = time.monotonic()
        left, since = self._buckets.get(name, (self._most, now))
        left = min(self._most, left + (now - since) * self._a_second)
        passes = left >= 1.0
        self._buckets[name] = (left - 1.0 if passes else left, now)
        self._buckets.move_to_end(name)
        while len(self._buckets) > self._most_names:
            self._buckets.popitem(last=False)
        return 0.0 if passes else (1.0 - left) / self._a_second


def sender(host: str) -> str:
    """Who counts as one: an IPv4 address, or what one household has of IPv6. Empty for this machine and its network.

    A proxy there that does not tell for whom it asks stands for everybody, and everybody is not one.
    """
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return ""
    address = getattr(address, "ipv4_mapped", None) or address
    if not address.is_global:
        return ""
    return str(ipaddress.ip_network(f"{address}/64", strict=False)) if address.version == 6 else str(address)
