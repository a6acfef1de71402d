"""An article's evidence as files that a third party can prove without us: proof.py goes with them as verify.py."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from archive.clock import local
from archive.errors import ArchiveError, EvidenceLost
from archive.evidence import chain, proof
from archive.history.diff import diff_as_data
from archive.store import captures

_FOLDER = "yiwen-evidence"
_README = Path(__file__).with_name("pack.md")
_OF_ARTICLE = """
SELECT 'article' AS kind, id FROM articles WHERE id = :article
UNION ALL SELECT 'version', id FROM version_rows WHERE article_id = :article
UNION ALL SELECT 'reading', r.id FROM readings r JOIN version_rows v ON v.id = r.version_id WHERE article_id = :article
UNION ALL SELECT 'attachment', id FROM attachments WHERE article_id = :article
UNION ALL SELECT 'event', id FROM events WHERE article_id = :article
UNION ALL SELECT 'capture', id FROM captures WHERE article_id = :article
UNION ALL SELECT 'response', id FROM captures WHERE article_id = :article
"""


@dataclass(frozen=True)
class _Part:
    """The part of the chain that proves an article: its items in full, and the digests of all from the first on."""

    items: dict[int, tuple[str, dict[str, Any]]]
    first: int
    before: str
    digests: list[str]
    head: str


def files(db: Database, evidence: Database, article: Mapping[str, Any]) -> dict[str, bytes]:
    """The files of an article's evidence by name. Raises ArchiveError where what they would prove was altered."""
    part = _part(db, evidence, int(article["id"]))
    found = {proof.item_name(seq, kind): proof.canonical(kind, facts) for seq, (kind, facts) in part.items.items()}
    link = {"first": part.first, "before": part.before, "digests": part.digests, "head": part.head}
    found["chain.json"] = proof.readable(link)
    found |= _payloads(evidence, part.items)
    found |= proof.tellings(part.items)
    found |= _diffs(part.items)
    found["README.md"] = _readme(article, part)
    found["verify.py"] = Path(proof.__file__).read_bytes()
    sums = (f"{hashlib.sha256(content).hexdigest()}  {name}\n" for name, content in sorted(found.items()))
    return {**found, proof.SUMS: "".join(sums).encode()}


def pack(found: Mapping[str, bytes]) -> bytes:
    """Files as a zip: the same files give the same bytes."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in sorted(found.items()):
            entry = zipfile.ZipInfo(f"{_FOLDER}/{name}", (1980, 1, 1, 0, 0, 0))
            entry.create_system, entry.external_attr = 3, 0o644 << 16
            archive.writestr(entry, content, zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def _part(db: Database, evidence: Database, article_id: int) -> _Part:
    """Read the chain once. Raises ArchiveError where a row is not what was recorded."""
    wanted = {(kind, str(item)) for kind, item in db.execute(_OF_ARTICLE, {"article": article_id})}
    showings = chain.showings(db)
    items, first, before, digests, head = {}, 0, proof.START, list[str](), proof.START
    for seq, kind, item, digest, link in db.execute("SELECT seq, kind, item, digest, link FROM chain ORDER BY seq"):
        told = json.loads(item) if kind == "showing" else None
        if (kind, item) in wanted or (told and ("capture", told["capture_id"]) in wanted):
            first, before = (first, before) if first else (seq, head)
            facts = told or _facts(evidence if kind == "response" else db, kind, item, showings)
            if facts and proof.digest_of(kind, facts) != digest:
                raise ArchiveError(f"{kind} {item} is not what was recorded: see `yiwen verify`")
            if facts:
                items[seq] = (kind, facts)
        if first:
            digests.append(digest)
        head = link
    return _Part(items, first, before, digests, head)


def _facts(db: Database, kind: str, item: str, showings: Mapping[str, chain.Showing]) -> dict[str, Any] | None:
    """What an item was made of; None where a response is lost."""
    facts = chain.facts(db, kind, item)
    if facts and kind == "capture" and item in showings:
        return {**facts, **showings[item].first}
    return facts


def _payloads(evidence: Database, items: proof.Items) -> dict[str, bytes]:
    """The stored pages of the responses, but for those that retention dropped."""
    digests = {facts["digest"] for kind, facts in items.values() if kind == "response"}
    found = {}
    for digest in sorted(digests):
        with suppress(EvidenceLost):
            found[proof.payload_name(digest)] = captures.load(evidence, digest).payload
    return found


def _diffs(items: proof.Items) -> dict[str, bytes]:
    """Each change as data and as text."""
    details = [json.loads(facts["detail"]) for facts in proof.standing(items) if facts["kind"] == "changed"]
    versions, found = proof.texts(items), {}
    for old, new in sorted({(detail["from"], detail["version"]) for detail in details}):
        if old in versions and new in versions:
            data = {"from": old, "to": new, **diff_as_data(versions[old], versions[new])}
            found[f"diffs/{old}-{new}.json"] = proof.readable(data)
            found[f"diffs/{old}-{new}.txt"] = proof.marked(data)
    return found


def _readme(article: Mapping[str, Any], part: _Part) -> bytes:
    told = {
        "title": article["title_original"],
        "url": article["url"],
        "site": article["site"],
        "first": local(article["first_seen_at"]),
        "last": local(article["last_seen_at"]),
        "versions": article["version_count"],
        "head": part.head,
        "items": part.first + len(part.digests) - 1,
    }
    return _README.read_text(encoding="utf-8").format(**told).encode()
