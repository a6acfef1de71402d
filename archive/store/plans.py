"""What is to be done when, and which hosts are asked nothing: the part of `Archive` that only the crawler needs."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from archive.store import hosts, jobs, pages, places, runs, told
from archive.store.files import Files
from archive.store.runs import Latest, SiteRow


class Plans(Files):
    """Over archive.db. Every method that fails raises ArchiveError, and then nothing of it was written."""

    def announce(self, site: SiteRow, urls: Iterable[str], now: datetime) -> None:
        """Keep addresses of a site that a list gave, due at once, so that a run which ends before them loses none."""

        def work() -> None:
            runs.note_site(self.db, site, now)
            pages.announce(self.db, site.id, urls, now)

        self._write(work)

    def forget(self, url: str) -> None:
        """An announced address that is never to be fetched; what was fetched stays."""
        self._write(pages.forget, self.db, url)

    def places(self, site: str, *, deep: bool) -> dict[str, int]:
        """The page at which each unfinished list of a site is to be read on."""
        return self._read(places.of_site, self.db, site, deep=deep)

    def keep_place(self, site: str, name: str, page: int, *, deep: bool) -> None:
        """A site's list is being read at this page; 0 where it has been read."""
        self._write(places.keep, self.db, site, name, page, deep=deep)

    def leave_alone(self, host: str, until: datetime, reason: str) -> None:
        """Do not ask this host for anything until then, in any later run."""
        self._write(hosts.leave_alone, self.db, host, until, reason)

    def left_alone(self, now: datetime) -> dict[str, str]:
        """The hosts to leave alone now, each with the reason."""
        return self._read(hosts.left_alone, self.db, now)

    def strikes(self) -> dict[str, int]:
        """How often each host was left alone since it last answered well."""
        return self._read(hosts.strikes, self.db)

    def forgive(self, host: str) -> None:
        """A host answers well again."""
        self._write(hosts.forgive, self.db, host)

    def plan_site(self, site: str, next_at: datetime | None) -> None:
        """Keep when a site is next to be crawled by its schedule."""
        self._write(runs.plan_site, self.db, site, next_at)

    def latest_runs(self) -> dict[str, Latest]:
        """Each site's newest run, and under its name each job of maintenance when it was last begun."""
        return self._read(lambda: {**jobs.latest(self.db), **runs.latest(self.db)})

    def claim_job(self, name: str, known: datetime | None, now: datetime) -> bool:
        """Take a job of maintenance, last begun at `known`; False where another process has taken it since."""
        return self._write(jobs.claim, self.db, name, known, now)

    def end_job(self, name: str, now: datetime, code: int, said: str) -> None:
        """Write down how a job of maintenance ended: its exit code, and the last line it said."""
        self._write(jobs.end, self.db, name, now, code, said)

    def tell(self, keys: Iterable[str], now: datetime, since: str) -> None:
        """Remember that people were told of these news; `since` is from when on it was looked for news."""
        self._write(told.add, self.db, keys, now, since)
