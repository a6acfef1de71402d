"""Proves a folder of evidence that `yiwen evidence` packed: python3 verify.py. Python's standard library only.

An item is a kind and its facts, values by column name. Its digest is the SHA-256 of `[kind,facts]` as JSON in UTF-8,
with sorted keys and no blanks. The link of an item is the SHA-256 of the link before it followed by its digest, both as
hexadecimal text; before the first item stand 64 zeros. The last link is the chain's head: it changes when anything
before it does.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

START = "0" * 64
SUMS = "SHA256SUMS"
_MARKS = {"same": "{}", "removed": "[-{}-]", "added": "{{+{}+}}"}

Items = Mapping[int, tuple[str, dict[str, Any]]]  # kind and facts by the item's number


def canonical(kind: str, facts: Mapping[str, object]) -> bytes:
    """An item as the bytes that its digest is of."""
    written = json.dumps([kind, facts], ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=repr)
    return written.encode("utf-8", "surrogatepass")


def digest_of(kind: str, facts: Mapping[str, object]) -> str:
    """The digest of an item, in hexadecimal."""
    return hashlib.sha256(canonical(kind, facts)).hexdigest()


def link_of(before: str, digest: str) -> str:
    """The link of an item after the link `before`, in hexadecimal."""
    return hashlib.sha256((before + digest).encode("ascii")).hexdigest()


def item_name(number: int, kind: str) -> str:
    """The file of an item."""
    return f"items/{number:08}-{kind}.json"


def payload_name(digest: str) -> str:
    """The file of a stored page."""
    return f"payloads/{digest}.bin"


def readable(value: object) -> bytes:
    """Data for people to read."""
    return f"{json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True)}\n".encode()


def tellings(items: Items) -> dict[str, bytes]:
    """What is written of items for people to read, by file name: events, captures, and the text of each version."""
    events = [{**facts, "detail": json.loads(facts["detail"])} for facts in _of_kind(items, "event")]
    headers = {facts["id"]: json.loads(facts["headers"]) for facts in _of_kind(items, "response")}
    captures = [{**facts, "headers": headers.get(facts["id"])} for facts in _of_kind(items, "capture")]
    files = {"events.json": readable(events), "captures.json": readable(captures)}
    for number, reading in texts(items).items():
        for name, suffix in (("", ""), (".original", "_original")):
            text = f"{reading[f'title{suffix}']}\n\n{reading[f'text{suffix}']}\n"
            files[f"versions/{number}{name}.txt"] = text.encode()
    return files


def texts(items: Items) -> dict[int, dict[str, Any]]:
    """The newest reading of each version, by the version's number."""
    numbers = _numbers(items)
    readings = sorted(_of_kind(items, "reading"), key=lambda facts: facts["id"])
    return {numbers[facts["version_id"]]: facts for facts in readings if facts["version_id"] in numbers}


def _numbers(items: Items) -> dict[int, int]:
    """The number of each version by its id: its place by the first capture that shows it, as far as one still does."""
    shown = {facts["id"]: facts["version_id"] for facts in _of_kind(items, "capture")}
    shown |= {facts["capture_id"]: facts["version_id"] for facts in _of_kind(items, "showing")}
    first: dict[int, str] = {}
    for facts in sorted(_of_kind(items, "capture"), key=lambda facts: facts["fetched_at"]):
        first.setdefault(shown[facts["id"]], facts["fetched_at"])
    ranked = sorted((at, version_id) for version_id, at in first.items() if version_id is not None)
    return {version_id: number for number, (_, version_id) in enumerate(ranked, 1)}


def standing(items: Items) -> list[dict[str, Any]]:
    """The events that no later one took back."""
    events = _of_kind(items, "event")
    replaced = {one for facts in events for one in json.loads(facts["detail"]).get("replaces", ())}
    return [facts for facts in events if facts["id"] not in replaced]


def _of_kind(items: Items, kind: str) -> list[dict[str, Any]]:
    return [facts for _, (name, facts) in sorted(items.items()) if name == kind]


def marked(diff: Mapping[str, Any]) -> bytes:
    """A diff for people to read: removed words as [-...-], added ones as {+...+}."""
    lines = [diff["title"], [], *(paragraph["spans"] for paragraph in diff["paragraphs"])]
    text = "\n".join("".join(_MARKS[span["kind"]].format(span["text"]) for span in line) for line in lines)
    return f"{text}\n".encode()


def faults(folder: Path, head: str | None = None) -> Iterator[str]:
    """What is wrong with a folder of evidence, a line each, the file's name first."""
    yield from _sums(folder)
    digests: dict[int, str] = {}
    items: dict[int, tuple[str, dict[str, Any]]] = {}
    yield from _chain(folder, head, digests)
    yield from _items(folder, digests, items)
    yield from _payloads(folder, items)
    yield from _tellings(folder, items)


def _chain(folder: Path, head: str | None, digests: dict[int, str]) -> Iterator[str]:
    """Whether the digests lead to the head; they are read into `digests`, by number."""
    try:
        told = json.loads((folder / "chain.json").read_bytes())
        link = told["before"]
        for number, digest in enumerate(told["digests"], told["first"]):
            digests[number], link = digest, link_of(link, digest)
        if link != told["head"]:
            yield "chain.json: was altered, its digests do not lead to its head"
        if head and link != head:
            yield f"chain.json: leads to the head {link}, not to {head}"
    except (OSError, ValueError, KeyError, TypeError) as error:
        yield f"chain.json: was altered, it cannot be read ({error!r})"


def _sums(folder: Path) -> Iterator[str]:
    """Files that are not as they were packed, by the list of their digests."""
    try:
        lines = (folder / SUMS).read_text("utf-8").splitlines()
    except (OSError, ValueError) as error:
        yield f"{SUMS}: was altered, it cannot be read ({error!r})"
        return
    named = {name: digest for digest, _, name in (line.partition("  ") for line in lines)}
    there = {file.relative_to(folder).as_posix() for file in folder.rglob("*") if file.is_file()} - {SUMS}
    yield from (f"{name}: is missing" for name in sorted(named.keys() - there))
    yield from (f"{name}: was put in, it is not in {SUMS}" for name in sorted(there - named.keys()))
    for name in sorted(there & named.keys()):
        if hashlib.sha256((folder / name).read_bytes()).hexdigest() != named[name]:
            yield f"{name}: was altered, it has not its digest in {SUMS}"


def _items(folder: Path, digests: Mapping[int, str], items: dict[int, tuple[str, dict[str, Any]]]) -> Iterator[str]:
    """Items that are not in the chain as they are told; the others are read into `items`."""
    for file in sorted(folder.glob("items/*.json")):
        content = file.read_bytes()
        number = int(file.name[:8]) if file.name[:8].isdecimal() else 0
        if hashlib.sha256(content).hexdigest() != digests.get(number):
            yield f"items/{file.name}: was altered, its digest is not item {number} of the chain"
            continue
        kind, facts = json.loads(content)
        items[number] = (kind, facts)


def _payloads(folder: Path, items: Items) -> Iterator[str]:
    """Stored pages that no response of the chain has."""
    known = {facts["digest"] for facts in _of_kind(items, "response")}
    for file in sorted(folder.glob("payloads/*")):
        digest = hashlib.sha256(file.read_bytes()).hexdigest()
        if digest not in known or file.name != Path(payload_name(digest)).name:
            yield f"payloads/{file.name}: was altered, no response of the chain has these bytes under this name"


def _tellings(folder: Path, items: Items) -> Iterator[str]:
    """Files for people to read that do not tell what the items say."""
    for name, content in tellings(items).items():
        if not (folder / name).is_file() or (folder / name).read_bytes() != content:
            yield f"{name}: does not tell what the items of the chain say"
    for file in sorted(folder.glob("diffs/*.json")):
        try:
            diff = json.loads(file.read_bytes())
            if not _joins(diff, texts(items)):
                yield f"diffs/{file.name}: does not join to the texts of its versions"
            if file.with_suffix(".txt").read_bytes() != marked(diff):
                yield f"diffs/{file.stem}.txt: does not tell what diffs/{file.name} says"
        except (OSError, ValueError, KeyError, TypeError) as error:
            yield f"diffs/{file.name}: was altered, it cannot be read ({error!r})"


def _joins(diff: Mapping[str, Any], versions: Mapping[int, Mapping[str, Any]]) -> bool:
    """Whether what a diff leaves and adds is the new text, and what it leaves and removes the old one.

    A paragraph that is the same may have other blanks and marks in the old text.
    """
    old, new = versions[diff["from"]], versions[diff["to"]]
    paragraphs = diff["paragraphs"]
    after = [_side(p["spans"], "added") for p in paragraphs if p["kind"] != "removed"]
    before = [(p["kind"], _side(p["spans"], "removed")) for p in paragraphs if p["kind"] != "added"]
    lines = old["text"].split("\n") if old["text"] else []
    return (
        after == (new["text"].split("\n") if new["text"] else [])
        and len(before) == len(lines)
        and all(kind == "same" or side == line for (kind, side), line in zip(before, lines, strict=True))
        and (_side(diff["title"], "removed"), _side(diff["title"], "added")) == (old["title"], new["title"])
    )


def _side(spans: list[dict[str, str]], kind: str) -> str:
    return "".join(span["text"] for span in spans if span["kind"] in ("same", kind))


def main() -> int:
    """Check the folder in which this file lies, or another. Returns the exit code."""
    parser = argparse.ArgumentParser(description="Prove a folder of evidence, or name what was altered.")
    parser.add_argument("folder", nargs="?", type=Path, default=Path(__file__).resolve().parent)
    parser.add_argument("--head", help="the head of the archive's chain, from a source that you trust")
    asked = parser.parse_args()
    found = list(faults(asked.folder, asked.head and asked.head.strip().lower()))
    for fault in found:
        print(fault, file=sys.stderr)
    if not found:
        told = json.loads((asked.folder / "chain.json").read_bytes())
        last = told["first"] + len(told["digests"]) - 1
        print(f"whole: items {told['first']} to {last} of the chain lead to the head {told['head']}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
