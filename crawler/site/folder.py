"""A folder of site files: the sites of those that can be read, and what is wrong with the others.

A file that cannot be read costs a run that nobody watches its own site only; who stands by is told before anything is
done.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from crawler.site.file import SiteError, load_site
from crawler.site.model import Site
from crawler.site.values import did_you_mean


@dataclass(frozen=True)
class Folder:
    """`sites` are by id; `faults` tells of each site whose file cannot be read every fault in it, a line each."""

    sites: tuple[Site, ...]
    faults: Mapping[str, str]

    def whole(self) -> tuple[Site, ...]:
        """The sites of all files. SiteError names every fault of every file."""
        if self.faults:
            raise SiteError("\n".join(self.faults.values()))
        return self.sites

    def enabled(self) -> tuple[Site, ...]:
        """The sites that are crawled where none is named."""
        return tuple(site for site in self.sites if site.enabled)

    def choose(self, ids: Sequence[str]) -> tuple[Site, ...]:
        """The sites of these ids, disabled ones too, in that order. SiteError tells of each that cannot be had."""
        known = {site.id: site for site in self.sites}
        wrong = [self.faults[given] for given in ids if given in self.faults]
        if unknown := [given for given in ids if given not in known and given not in self.faults]:
            every = tuple(sorted((*known, *self.faults)))
            wrong += [f"no site is called {given!r}{did_you_mean(given, every)}" for given in unknown]
            wrong.append(f"known sites: {', '.join(every)}")
        if wrong:
            raise SiteError("\n".join(wrong))
        return tuple(known[given] for given in dict.fromkeys(ids))


def read_folder(folder: Path) -> Folder:
    """The sites of every `*.toml` in `folder`. SiteError where there is none."""
    sites, faults = [], {}
    for path in sorted(folder.glob("*.toml")):
        try:
            sites.append(load_site(path))
        except SiteError as error:
            faults[path.stem] = str(error)
    if not sites and not faults:
        raise SiteError(f"{folder}: no site file here: name a folder that holds one NAME.toml for each site")
    return Folder(tuple(sites), faults)


def load_sites(folder: Path) -> tuple[Site, ...]:
    """The sites of every `*.toml` in `folder`, by id. SiteError names every fault of every file."""
    return read_folder(folder).whole()
