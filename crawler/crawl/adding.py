"""Pages asked for by address: the site each belongs to, or one of its own where no file describes it. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from archive.errors import UsageError
from crawler.addresses import canonical, endpoint, refusal
from crawler.site.model import Site


def by_site(urls: Sequence[str], sites: Sequence[Site]) -> dict[Site, tuple[str, ...]]:
    """The addresses, each under the site whose articles it matches. Raises UsageError for one not to be asked."""
    found: dict[str, tuple[Site, list[str]]] = {}
    for written in urls:
        site, url = belonging(written, sites)
        if why := refusal(url, site.named_hosts):
            raise UsageError(f"{url}: {why}; only public web addresses are fetched, and hosts that a site file names")
        found.setdefault(site.id, (site, []))[1].append(url)
    return {site: tuple(dict.fromkeys(addresses)) for site, addresses in found.values()}


def belonging(url: str, sites: Sequence[Site]) -> tuple[Site, str]:
    """The site that an address belongs to, and its one spelling there. Raises UsageError for no address."""
    url = canonical(url)
    site = next((site for site in sites if site.article.search(url)), None) or own_site(url)
    return site, site.canonical(url)


def own_site(url: str) -> Site:
    """A site for an address that no file describes: every page of its host may be an article."""
    try:
        host, _ = endpoint(url)
    except ValueError as error:
        raise UsageError(f"{url}: not a web address; write it whole, with http:// or https://") from error
    return Site(host, host, f"{url.split('://')[0]}://{host}/", "", re.compile(""))
