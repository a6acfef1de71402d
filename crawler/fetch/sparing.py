"""What an answer means for its host: whether it is to be left alone, in this run and in later ones."""

from __future__ import annotations

from urllib.parse import urlsplit

from archive.models import Capture
from crawler.crawl.session import Session
from crawler.fetch.restraint import restraint
from crawler.reading.verdict import by_status


async def heed(session: Session, capture: Capture) -> None:
    """Leave a host alone that asks for it, challenges us again and again or fails; forgive one that answers well."""
    session.challenges += _challenges(capture)
    host, status = urlsplit(capture.final_url).netloc, capture.status or 0
    session.errors[host] = session.errors[host] + 1 if status >= 500 else 0
    if await _spare(session, capture, host) or status >= 400:
        return
    if session.desk.strikes.pop(host, 0):
        await session.desk.ask(session.desk.archive.forgive, host)


async def heed_challenge(session: Session, capture: Capture) -> None:
    """The same for a page that was found to be an anti-bot one when it was read."""
    if not _challenges(capture):
        session.challenges += 1
        await _spare(session, capture, urlsplit(capture.final_url).netloc)


def _challenges(capture: Capture) -> bool:
    told = by_status(capture.status or 0, capture.payload, capture.header("content-type"))
    return told is not None and told[0] == "challenged"


async def _spare(session: Session, capture: Capture, host: str) -> bool:
    desk = session.desk
    strikes, errors = desk.strikes.get(host, 0), session.errors[host]
    found = restraint(capture, challenges=session.challenges, errors=errors, strikes=strikes)
    if found and host not in desk.left_alone:
        wait, why = found
        desk.left_alone[host] = why
        await desk.ask(desk.archive.leave_alone, host, desk.clock() + wait, why)
    return found is not None
