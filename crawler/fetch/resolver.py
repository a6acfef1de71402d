"""The last guard: no connection to an address that is not public, whatever name led there.

Scrapy asks it for every connection, even to literal addresses, and connects to what it answers, so a name that changes
its address between check and connection gains nothing.
"""

from __future__ import annotations

from typing import Any, Self

from scrapy.crawler import Crawler
from twisted.internet.interfaces import IHostnameResolver, IResolutionReceiver
from zope.interface import implementer

from crawler.addresses import is_public

# (host, port) pairs that were refused in this process, so that an error can be told from a name without an address.
refused: set[tuple[str, int]] = set()


@implementer(IHostnameResolver)
class GuardedResolver:
    """Passes public addresses on, and those of the hosts and ports that the site files themselves name."""

    def __init__(self, reactor: Any, named: frozenset[tuple[str, int]]) -> None:
        self._reactor, self._named = reactor, named
        self._resolver = reactor.nameResolver

    @classmethod
    def from_crawler(cls, crawler: Crawler, reactor: Any) -> Self:
        return cls(reactor, frozenset(crawler.settings.get("YIWEN_NAMED_HOSTS", ())))

    def install_on_reactor(self) -> None:
        self._reactor.installNameResolver(self)

    def resolveHostName(
        self, resolutionReceiver: Any, hostName: str, portNumber: int = 0, *args: Any, **kwargs: Any
    ) -> Any:
        receiver = resolutionReceiver
        if (hostName.lower(), portNumber) not in self._named:
            receiver = _PublicOnly(receiver, hostName, portNumber)
        return self._resolver.resolveHostName(receiver, hostName, portNumber, *args, **kwargs)


@implementer(IResolutionReceiver)
class _PublicOnly:
    def __init__(self, receiver: Any, name: str, port: int) -> None:
        self._receiver, self._name, self._port = receiver, name, port

    def resolutionBegan(self, resolution: Any) -> None:
        self._receiver.resolutionBegan(resolution)

    def addressResolved(self, address: Any) -> None:
        if is_public(address.host):
            self._receiver.addressResolved(address)
        else:
            refused.add((self._name, self._port))

    def resolutionComplete(self) -> None:
        self._receiver.resolutionComplete()
