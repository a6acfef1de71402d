"""Addresses: one spelling for each page, and those that must not be requested. Pure: it asks no name server.

A name that looks public may still lead to a private machine; the crawler's DNS resolver asks `is_public` about
every address it finds, and the middleware asks `refusal` about every request, redirects included.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Set
from functools import cache
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, urlsplit, urlunsplit

from w3lib.url import safe_url_string

if TYPE_CHECKING:
    from tldextract import TLDExtract

LONGEST = 2_000
PORTS = frozenset({80, 443, 8000, 8080, 8443, 8888})
_DEFAULT_PORTS = {"http": 80, "https": 443}

# Marks of how a reader came by the page; none of them chooses a page (2026-11). `from`, `isappinstalled` and `nsukey`
# are WeChat's, `spm` and `scm` Alibaba's, `hm...` and `bd_vid` Baidu's, `vd_source` Bilibili's.
_TRACKING = re.compile(
    r"(?:utm_\w*|spm|spm_id_from|scm|from|from_source|isappinstalled|nsukey|wxshare|sharefrom"
    r"|share_(?:from|id|medium|plat|session_id|source|tag|times|token|uid)|tt_from|vd_source|bd_vid|hm(?:ci|cu|kw|pl|sr)"
    r"|fbclid|gclid|dclid|msclkid|yclid|igshid|mc_[ce]id|_ga|_gl|jsessionid|phpsessid)",
    re.IGNORECASE,
)
_SESSION = re.compile(r";jsessionid=[^/;]*", re.IGNORECASE)
_ESCAPE = re.compile(r"%[0-9a-fA-F]{2}")


def canonical(url: str, keep: Collection[str] | None = None, drop: Collection[str] = ()) -> str:
    """The one spelling of an address: what does not choose the page is gone, everything else stays, in its order.

    Scheme and host are in lower case; fragment, default port, session and tracking parameters are dropped, and so are
    the parameters of `drop`, and all but those of `keep` where that is given (names in lower case). An address that
    cannot be parsed is returned as it is; `refusal` then says what is wrong with it.
    """
    try:
        parts = urlsplit(safe_url_string(url))
        netloc = _netloc(parts)
    except ValueError:
        return url.strip()
    if not netloc:
        return url.strip()
    path = _SESSION.sub("", parts.path) or "/"
    pairs = ((pair, pair.partition("=")[0].lower()) for pair in parts.query.split("&"))
    needed = ((pair, name) for pair, name in pairs if name not in drop and (keep is None or name in keep))
    kept = (pair for pair, name in needed if not is_tracking(name))
    plain = urlunsplit((parts.scheme, netloc, path, "&".join(kept), ""))
    return _ESCAPE.sub(lambda escape: escape[0].upper(), plain)


def is_tracking(name: str) -> bool:
    """Whether a parameter of that name is dropped from every address."""
    return bool(_TRACKING.fullmatch(name))


def _netloc(parts: SplitResult) -> str:
    """Host and port without the default port; user information stays, for `refusal` to see."""
    user, at, _ = parts.netloc.rpartition("@")
    host = (parts.hostname or "").rstrip(".")
    port = parts.port
    bracketed = f"[{host}]" if ":" in host else host
    return user + at + bracketed + ("" if port in (None, _DEFAULT_PORTS.get(parts.scheme)) else f":{port}")


def endpoint(url: str) -> tuple[str, int]:
    """Host (lower case, no brackets, no last dot) and port of an http(s) address. ValueError where there is none."""
    parts = urlsplit(safe_url_string(url))
    host = (parts.hostname or "").rstrip(".")
    port = _DEFAULT_PORTS.get(parts.scheme) if parts.port is None else parts.port
    if not host or port is None:
        raise ValueError(f"no host in {url!r}")
    address = _literal(host)
    return (str(address) if address else host), port


def refusal(url: str, named_hosts: Set[tuple[str, int]] = frozenset()) -> str | None:
    """Why `url` must not be requested, as far as its text tells; None where nothing speaks against it.

    `named_hosts` are (host, port) pairs, as `endpoint` gives them, that the site's own file names.
    """
    if len(url) > LONGEST:
        return f"is longer than {LONGEST:,} characters"
    try:
        parts = urlsplit(safe_url_string(url))
        if parts.scheme not in _DEFAULT_PORTS:
            return "does not begin with http:// or https://"
        host, port = endpoint(url)
    except ValueError:
        return "is not a well-formed address"
    if "@" in parts.netloc:
        return "carries a user name or password"
    return _odd_host(host) or (None if (host, port) in named_hosts else _closed(host, port))


_HOST = re.compile(r"[a-z0-9_-]+(?:\.[a-z0-9_-]+)*")
_NUMERIC_END = re.compile(r"(?:.*\.)?(?:[0-9]+|0x[0-9a-f]*)")


def _odd_host(host: str) -> str | None:
    """What is wrong with the spelling: a name that ends in a number is an address to every resolver (127.1, 0x7f.1)."""
    if _literal(host):
        return None
    if _NUMERIC_END.fullmatch(host):
        return f"writes an address in an unusual way ({host})"
    return None if _HOST.fullmatch(host) else f"has an impossible host name ({host})"


def _closed(host: str, port: int) -> str | None:
    if is_private_host(host):
        return f"leads to a private machine ({host}) that the site's file does not name with port {port}"
    return None if port in PORTS else f"asks for port {port}, not a port of the web"


_PRIVATE_NAME = re.compile(r"[^.]+|.*\.(?:localhost|local|localdomain|internal|lan|home\.arpa)")


def is_private_host(host: str) -> bool:
    """Whether `host` is private on sight: a literal address that is not public, localhost, a single label, `.local`."""
    address = _literal(host)
    return not _global(address) if address else bool(_PRIVATE_NAME.fullmatch(host))


def is_public(ip: str) -> bool:
    """Whether an IP address is one of the public internet. An IPv4 address inside an IPv6 one decides for it."""
    address = _literal(ip)
    return address is not None and _global(address)


def _literal(host: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(host)
    except ValueError:
        return None


_UNICAST = IPv6Network("2000::/3")  # all that is given out; Python calls the old site-local fec0::/10 global
_NAT64 = IPv6Network("64:ff9b::/96")


def _global(address: IPv4Address | IPv6Address) -> bool:
    if isinstance(address, IPv6Address):
        inner = _embedded(address)
        return _global(inner) if inner else address in _UNICAST and address.is_global
    return address.is_global and not (address.is_multicast or address.is_reserved)


def _embedded(address: IPv6Address) -> IPv4Address | None:
    """The IPv4 address that a mapped, 6to4 or NAT64 address leads to."""
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFF_FFFF)
    return address.ipv4_mapped or address.sixtofour


@cache
def _suffixes() -> TLDExtract:
    from tldextract import TLDExtract  # here, since it brings an HTTP client that takes .14 s to import

    # The list of suffixes that comes with the package: asking for a newer one would be a request nobody ordered.
    return TLDExtract(suffix_list_urls=(), cache_dir=None)


def registrable(url: str) -> str:
    """The registrable domain of an address (`people.com.cn` of `health.people.com.cn`); the host where it has none."""
    host = urlsplit(url).hostname or ""
    return _suffixes()(host).top_domain_under_public_suffix or host
