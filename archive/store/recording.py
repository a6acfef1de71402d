"""Recording one fetch: what `archive.history.compare` decides, done in one transaction that the caller holds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from sqlite_utils import Database

from archive.clock import stamp, unstamp
from archive.history.compare import Decision, decide, fingerprint, first_details, return_events
from archive.models import Capture, Event, Outcome, Reading
from archive.store import articles, captures, events, identity, pages
from archive.store.captures import Sighting
from archive.store.identity import Identity
from archive.store.pages import Page, Visit

Policy = Callable[[Visit], datetime]


@dataclass(frozen=True)
class Fetch:
    """One fetch to record. `earlier` is the article's last capture as today's reader reads it, where that is needed.

    `further` are the captures of the article's further pages, in their order; `reading` is of all of them. `past` is
    whether it may be of a time before what the archive has seen of the article, as an imported capture may.
    """

    site: str
    run_id: int | None
    capture: Capture
    reading: Reading
    earlier: Reading | None = None
    further: tuple[Capture, ...] = ()
    past: bool = False


# Why a capture is kept as evidence and changes nothing: what an article shows now is what it showed last.
OLDER = "older than the archive's last look at the article: kept as evidence, for `yiwen replay`"


def record(db: Database, fetch: Fetch, policy: Policy) -> Outcome:
    """Write one fetch down: capture, version, reading, events, index, and when the address is due again."""
    page = pages.find(db, fetch.capture.url)
    found = _identify(db, fetch, page)
    if found.claimed is not None:
        fetch = replace(fetch, reading=replace(fetch.reading, canonical_url=None))
    capture, reading, article_id = fetch.capture, fetch.reading, found.article_id
    if fetch.past and article_id is not None and _looked_since(db, article_id, capture.fetched_at):
        return _note_past(db, fetch, article_id)
    if article_id is not None and fetch.earlier is not None:
        _read_again(db, article_id, fetch)
    known = articles.known(db, article_id) if article_id is not None else None
    if known and reading.verdict == "article":
        reading = first_details(known.current, reading)
    if known and article_id and reading.verdict == "gone" and known.status == "live":
        known = replace(known, elsewhere=pages.shown_elsewhere(db, article_id, capture.url, capture.fetched_at))
    decision = decide(known, reading)
    if article_id is not None and decision.rereads:
        current_id, _ = articles.current_version(db, article_id)
        articles.add_reading(db, current_id, reading, capture.id, capture.fetched_at)
    article_id, version_id = _act(db, fetch, reading, article_id, decision)
    if article_id is not None and found.claimed is not None:
        identity.link(db, article_id, found.claimed, fetch.run_id, capture.fetched_at)
    digest = capture.digest if capture.payload else None
    sighting = Sighting(reading.verdict, reading.reason, article_id, version_id, fetch.run_id, digest)
    _finish(db, fetch, sighting, decision, page, policy)
    return Outcome(decision.kind, article_id, version_id, decision.events, decision.reason)


def _identify(db: Database, fetch: Fetch, page: Page | None) -> Identity:
    """The article that this fetch is about: the one that it shows, else the one of the address asked for."""
    url, final_url = fetch.capture.url, fetch.capture.final_url
    if fetch.reading.verdict == "article":
        return identity.of_page(db, url, final_url, fetch.reading)
    return Identity(page.article_id if page else articles.find(db, url))


def _looked_since(db: Database, article_id: int, moment: datetime) -> bool:
    sql = "SELECT last_checked_at > ? FROM articles WHERE id = ?"
    return bool(db.conn.execute(sql, (stamp(moment), article_id)).fetchone()[0])


def _note_past(db: Database, fetch: Fetch, article_id: int) -> Outcome:
    """Write down that a page showed the article then, and which of its versions, if it is one that is known."""
    mark = fingerprint(fetch.reading.title, fetch.reading.text)
    version_id = articles.version_with(db, article_id, mark)
    for capture in (fetch.capture, *fetch.further):
        sighting = Sighting("article", "", article_id, version_id, fetch.run_id, capture.digest)
        captures.note(db, capture, sighting)
    _meet(db, article_id, fetch)
    pages.read_again(db, article_id)
    return Outcome("skipped", article_id, version_id, reason=OLDER)


def _read_again(db: Database, article_id: int, fetch: Fetch) -> None:
    """Append today's reading of what the archive holds, so that a better reader is not taken for a change."""
    if fetch.earlier is None or fetch.earlier.verdict != "article":
        return
    version_id, reader = articles.current_version(db, article_id)
    if reader == fetch.earlier.reader:
        return
    before, now = articles.known(db, article_id), fetch.capture.fetched_at
    earlier = first_details(before.current, fetch.earlier)
    capture_id = db.conn.execute(
        "SELECT capture_id FROM version_captures WHERE version_id = ? AND part = 1", (version_id,)
    ).fetchone()[0]
    articles.add_reading(db, version_id, earlier, capture_id, now)
    articles.show_version(db, article_id, version_id, earlier, now)
    if fingerprint(earlier.title, earlier.text) != before.current_fingerprint:
        event = Event("reread", {"version": before.versions[before.current_fingerprint], "reader": earlier.reader})
        events.add(db, article_id, fetch.run_id, now, [event])


def _act(
    db: Database, fetch: Fetch, reading: Reading, article_id: int | None, decision: Decision
) -> tuple[int | None, int | None]:
    """Carry the decision out. Returns the article and the version that the capture showed, where it showed one."""
    capture, now = fetch.capture, fetch.capture.fetched_at
    if decision.fingerprint is None:
        if article_id is not None:
            articles.checked(db, article_id, now)
            events.add(db, article_id, fetch.run_id, now, decision.events)
        return article_id, None
    if article_id is None:
        article_id = articles.insert(db, fetch.site, reading.canonical_url or capture.final_url, reading, now)
    version_id = articles.version_with(db, article_id, decision.fingerprint)
    if version_id is None:
        parts = (capture.id, *(other.id for other in fetch.further))
        version_id = articles.add_version(db, article_id, reading, parts, now)
    else:
        reading = articles.as_first_written(db, version_id, reading)
    articles.show_version(db, article_id, version_id, reading, now)
    articles.touch(db, article_id, version_id, now, changed=decision.kind == "changed")
    pages.clear_suspicion(db, article_id)
    moved = _meet(db, article_id, fetch)
    events.add(db, article_id, fetch.run_id, now, (*decision.events, *moved))
    return article_id, version_id


def _meet(db: Database, article_id: int, fetch: Fetch) -> tuple[Event, ...]:
    """Keep the addresses at which the article was met; an event where its own address is another than before."""
    url = db.conn.execute("SELECT url FROM articles WHERE id = ?", (article_id,)).fetchone()[0]
    own = fetch.reading.canonical_url or fetch.capture.final_url
    new = [address for address in {own, fetch.capture.url} if articles.find(db, address) is None]
    db.conn.executemany("INSERT OR IGNORE INTO aliases VALUES (?, ?)", [(address, article_id) for address in new])
    return (Event("moved", {"from": url, "to": own}),) if own in new else ()


def _finish(
    db: Database, fetch: Fetch, sighting: Sighting, decision: Decision, page: Page | None, policy: Policy
) -> None:
    for capture in (fetch.capture, *fetch.further):
        digest = capture.digest if capture.payload else None
        captures.note(db, capture, replace(sighting, digest=digest))
    answered = fetch.reading.verdict != "failed"
    facts: dict[str, object] = {"article_id": sighting.article_id, "verdict": fetch.reading.verdict}
    if answered:
        capture = fetch.capture
        facts |= {
            "digest": sighting.digest,
            "etag": capture.header("etag"),
            "last_modified": capture.header("last-modified"),
            "reader": fetch.reading.reader,
        }
    visit_page(db, fetch.site, fetch.capture, decision.kind, facts, page, policy)
    if decision.kind == "suspected":
        pages.suspect(db, fetch.capture.url, fetch.capture.fetched_at)


def visit_page(
    db: Database,
    site: str,
    capture: Capture,
    outcome: str,
    facts: dict[str, object],
    page: Page | None,
    policy: Policy,
) -> None:
    """Write down the visit, and by `policy` when the next one is due."""
    failed = outcome in ("failed", "challenged")
    article = _article_times(db, facts.get("article_id"))
    visit = Visit(
        outcome,
        str(facts["verdict"]),
        capture.fetched_at,
        page.first_seen_at if page else capture.fetched_at,
        unstamp(article[0]) if article else None,
        article[1] if article else None,
        (page.fetches if page else 0) + 1,
        (page.failures if page else 0) + 1 if failed else 0,
        bool(article and article[2] == "withdrawn"),
        unstamp(article[3]) if article else None,
    )
    pages.visited(db, site, capture, visit, facts, policy(visit))


def _article_times(db: Database, article_id: object) -> tuple | None:
    sql = "SELECT last_changed_at, published_at, status, last_seen_at FROM articles WHERE id = ?"
    return db.conn.execute(sql, (article_id,)).fetchone()


def record_unmodified(
    db: Database, site: str, run_id: int | None, capture: Capture, page: Page, policy: Policy
) -> Outcome:
    """Write down a fetch that brought what the address showed before: a 304, or the same bytes."""
    if page.article_id is None:
        raise ValueError(f"{capture.url} is no article's address: its answer has to be read")
    version_id, _ = articles.current_version(db, page.article_id)
    now = capture.fetched_at
    captures.note(db, capture, Sighting("unmodified", "", page.article_id, version_id, run_id, page.digest))
    returned = return_events(*articles.standing(db, page.article_id))
    if returned:  # another address of it was gone
        events.add(db, page.article_id, run_id, now, returned)
        pages.clear_suspicion(db, page.article_id)
    articles.touch(db, page.article_id, version_id, now, changed=False)
    facts: dict[str, object] = {"article_id": page.article_id, "verdict": "article"}
    if capture.payload:
        facts |= {"etag": capture.header("etag"), "last_modified": capture.header("last-modified")}
    visit_page(db, site, capture, "unchanged", facts, page, policy)
    return Outcome("unchanged", page.article_id, version_id, returned)
