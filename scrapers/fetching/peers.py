"""Who may be visited: the public internet, and the private hosts an operator named. Pure; used by this room's network."""

import ipaddress
from collections.abc import Collection
from urllib.parse import urlsplit

_GLOBAL_UNICAST = ipaddress.IPv6Network("2000::/3")
#: RFC 6052: on networks without IPv4 the resolver wraps every IPv4 address in this prefix.
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


class ForbiddenPeer(Exception):
    """The name leads to an address that no outlet lives at."""

    def __init__(self, host: str, address: str) -> None:
        super().__init__(f"{host} leads to {address}")


def is_public(address: str) -> bool:
    """Whether `address` is one the public internet routes: not private, loopback, link-local, shared (CGNAT),
    multicast, reserved or unspecified, nor any of these in the clothes of IPv6 (mapped, 6to4, NAT64).

    The IANA special-purpose registries, as the standard library holds them, with what it leaves open.
    """
    plain = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(plain, ipaddress.IPv4Address):
        return plain.is_global and not plain.is_multicast
    if plain in _NAT64:
        return is_public(str(ipaddress.IPv4Address(int(plain) & 0xFFFFFFFF)))
    if plain.sixtofour is not None and not is_public(str(plain.sixtofour)):
        return False
    # Nothing outside 2000::/3 has been given to anybody; that leaves out mapped, unique local and multicast at once.
    return plain in _GLOBAL_UNICAST and plain.is_global


class AllowedHosts:
    """The hosts an operator named although they are private: "host" for every port of it, or "host:port".

    Raises ValueError for a name that is neither.
    """

    def __init__(self, names: Collection[str]) -> None:
        self._named = {_host_and_port(name) for name in names}

    def __contains__(self, place: tuple[str, int]) -> bool:
        host, port = place
        return (host, None) in self._named or (host, port) in self._named


def _host_and_port(name: str) -> tuple[str, int | None]:
    bare_ipv6 = name.count(":") > 1 and not name.startswith("[")
    try:
        parts = urlsplit(f"//[{name}]" if bare_ipv6 else f"//{name}")
        host, port = parts.hostname, parts.port
    except ValueError:
        host, port = None, None
    if host is None:
        raise ValueError(f"The allowed host {name!r} is none: write host or host:port, as in 127.0.0.1:8080.")
    return host, port
