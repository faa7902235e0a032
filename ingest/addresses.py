"""Which addresses may be fetched from: http and https, and what a name leads to has to be public, or allowed by name.

Whoever writes a URL, be it in an article, a feed or a request, must not be able to send Footnote to this machine or to
the network around it. So a name is resolved here, every address it has is checked, and the connection goes to the
addresses that were checked and to no other (`fetch.py`). Knows no HTTP.
"""

import re
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

import httpx

from vectorstore import InvalidInput

Address = IPv4Address | IPv6Address
Resolve = Callable[[str, int], Sequence[str]]  # a name and a port to addresses

WEB_PORTS = frozenset([80, 443, 8000, 8008, 8080, 8443, 8888])  # what pages are served on; others speak other things
LONGEST_URL = 4000  # characters
NAME = re.compile(r"(?:\*\.)?[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9])?\.?")
NUMERIC = re.compile(r"(?:.*\.)?(?:0[xX][0-9a-fA-F]*|\d+)\.?")  # 2130706433, 0x7f.1, 0177.0.0.1: IPv4 to a resolver
# Parts of IPv6 that lead through a tunnel, or carry an IPv4 address inside: never a plain public address.
TUNNELS = tuple(map(IPv6Network, ("2002::/16", "2001::/23", "3ffe::/16")))
GLOBAL_UNICAST = IPv6Network("2000::/3")  # all that IANA gives out; IPv4-mapped, NAT64 and site-local ones lie outside
NOT_PUBLIC = tuple(map(IPv4Network, ("100.64.0.0/10", "192.0.0.0/24", "192.88.99.0/24", "198.18.0.0/15")))


@dataclass(frozen=True, slots=True)
class Place:
    """A URL that may be fetched, and the checked addresses to fetch it from, in the order to try them."""

    url: httpx.URL
    addresses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Allowed:
    """Names and networks that may be fetched from although they are not public."""

    names: tuple[str, ...] = ()
    networks: tuple[IPv4Network | IPv6Network, ...] = ()

    @classmethod
    def read(cls, text: str) -> "Allowed":
        """`intranet.example, *.corp.example, 10.1.0.0/16`: a name, a name and all below it, a network.

        Raises:
            InvalidInput: one is neither.
        """
        names: list[str] = []
        networks: list[IPv4Network | IPv6Network] = []
        for part in (part.strip().lower() for part in text.split(",") if part.strip()):
            try:
                networks.append(ip_network(part.strip("[]"), strict=False))
            except ValueError:
                if not NAME.fullmatch(part) or NUMERIC.fullmatch(part):
                    raise InvalidInput(
                        f"FOOTNOTE_ALLOW_HOSTS cannot hold {part!r}: it is neither a host name nor a network such as"
                        " 10.1.0.0/16."
                    ) from None
                names.append(part.rstrip("."))
        return cls(tuple(names), tuple(networks))

    def name(self, host: str) -> bool:
        host = host.lower().rstrip(".")
        return any(host == name or (name.startswith("*.") and host.endswith(name[1:])) for name in self.names)

    def address(self, address: Address) -> bool:
        return any(address in network for network in self.networks if network.version == address.version)


def place_of(url: str, allowed: Allowed, resolve: Resolve) -> Place:
    """The URL with the addresses that its host has, all of them checked.

    Raises:
        InvalidInput: it is no address of the web, or of a place that is not public.
    """
    parsed = web_url(url)
    port = parsed.port or {"http": 80, "https": 443}[parsed.scheme]
    by_name = allowed.name(parsed.host)
    addresses = _resolved(parsed, port, resolve)
    if not by_name and (hidden := [each for each in addresses if not (allowed.address(each) or is_public(each))]):
        at = "" if parsed.host == str(hidden[0]) else f" is at {hidden[0]}, which"
        raise _refused(url, f"its host {parsed.host}{at} is not public")
    if port not in WEB_PORTS and not by_name and not all(map(allowed.address, addresses)):
        raise _refused(url, f"web pages are not served on port {port}")
    return Place(parsed, tuple(map(str, addresses)))


def web_url(url: str) -> httpx.URL:
    """The URL, without its fragment.

    Raises:
        InvalidInput: it is not one of http or https, or it is written in a way that hides where it leads.
    """
    try:
        parsed = httpx.URL(url.strip()).copy_with(fragment=None)
        host = parsed.host
    except (httpx.InvalidURL, ValueError, UnicodeError) as error:
        raise _refused(url, "it is not an address") from error
    if parsed.scheme not in ("http", "https"):
        raise _refused(url, "only http and https addresses are fetched")
    if len(url) > LONGEST_URL:
        raise _refused(url[:80] + " …", f"it has more than {LONGEST_URL:,} characters")
    if not host or re.search(r"[\s\\%]", host):
        raise _refused(url, "it names no host")
    if parsed.userinfo or "\\" in url.split("?")[0]:
        raise _refused(url, "a user name or a backslash in it hides where it leads")
    if NUMERIC.fullmatch(host) and not _is_plain(host):
        raise _refused(url, f"its host {host} is a number in disguise")
    return parsed


def is_public(address: Address) -> bool:
    """Whether the address is one of the internet's, and not of this machine, its network, or a tunnel to them."""
    if isinstance(address, IPv6Address):
        if address.scope_id or address not in GLOBAL_UNICAST or any(address in tunnel for tunnel in TUNNELS):
            return False
    elif any(address in network for network in NOT_PUBLIC):
        return False
    return address.is_global and not (
        address.is_private
        or address.is_loopback
        or address.is_link_local
        or address.is_multicast
        or address.is_reserved
        or address.is_unspecified
    )


def resolve_by_system(host: str, port: int) -> Sequence[str]:
    """The addresses of a name, as the operating system knows them.

    Raises:
        OSError: it has none.
    """
    return [str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


def _resolved(url: httpx.URL, port: int, resolve: Resolve) -> list[Address]:
    try:
        return [ip_address(url.host)]
    except ValueError:
        pass
    try:
        found = [ip_address(each) for each in resolve(url.host, port)]
    except (OSError, UnicodeError, ValueError) as error:
        raise InvalidInput(f"{url} cannot be fetched: there is no host {url.host}.", param="url") from error
    if not found:
        raise InvalidInput(f"{url} cannot be fetched: there is no host {url.host}.", param="url")
    return list(dict.fromkeys(found))


def _is_plain(host: str) -> bool:
    try:
        return str(IPv4Address(host)) == host
    except ValueError:
        return False


def _refused(url: str, why: str) -> InvalidInput:
    shown = "".join(character if character.isprintable() else "�" for character in url[:200])
    return InvalidInput(f"{shown} is not fetched: {why}.", param="url")
