"""`yiwen evidence`: a third party proves it with Python alone, and whatever is altered is named."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from archive.errors import ArchiveError
from archive.evidence.pack import files, pack
from archive.store import Archive, read
from crawler.demo.server import SampleSites
from tests.conftest import HARD_LIMIT, Desk
from tests.schemas import make


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """A small archive of three days."""
    folder = tmp_path_factory.mktemp("packed")
    with Archive.open(folder / "archive.db", write=True) as archive:
        make.record(archive)
    return Desk(SampleSites(), folder)


@pytest.fixture(scope="module")
def unpacked(desk: Desk) -> Path:
    """The evidence of an article with two versions, packed by the command and unpacked. For copying only."""
    desk.ask("evidence", make.CORRECTED, "-o", str(desk.folder / "one.zip"))
    with zipfile.ZipFile(desk.folder / "one.zip") as packed:
        packed.extractall(desk.folder / "unpacked")
    return desk.folder / "unpacked/yiwen-evidence"


@pytest.fixture
def folder(unpacked: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(unpacked, tmp_path / "evidence"))


def verified(folder: Path, *arguments: str, code: int = 0) -> str:
    """What verify.py says to somebody who has nothing but Python."""
    command = [sys.executable, "-I", "-S", str(folder / "verify.py"), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=HARD_LIMIT, cwd="/")
    assert done.returncode == code, done.stderr
    return done.stderr if code else done.stdout


def test_evidence_proves_itself_up_to_the_head(desk: Desk, folder: Path) -> None:
    head = desk.ask("status").data["head"]
    assert f"lead to the head {head}" in verified(folder, "--head", head)
    assert f"leads to the head {head}, not to {'0' * 64}" in verified(folder, "--head", "0" * 64, code=1)


def test_evidence_holds_pages_versions_changes_and_what_happened(desk: Desk, folder: Path) -> None:
    payloads = {file.read_bytes() for file in folder.glob("payloads/*")}
    assert any(b"96.6%" in payload for payload in payloads)
    assert len(payloads) == 2
    assert make.FIRST.text in (folder / "versions/1.txt").read_text()
    assert "96.6" in (changed := (folder / "diffs/1-2.txt").read_text())
    assert "{+69.6" in changed
    kinds = [event["kind"] for event in json.loads((folder / "events.json").read_text())]
    assert kinds == [event["kind"] for event in desk.ask("history", make.CORRECTED).data]
    told = (folder / "README.md").read_text()
    assert [
        part for part in (make.FIRST.title, make.CORRECTED, desk.ask("status").data["head"]) if part not in told
    ] == []
    captures = json.loads((folder / "captures.json").read_text())
    assert captures[0]["headers"] == [["content-type", "text/html; charset=utf-8"], ["etag", '"1"']]
    texts = "".join(file.read_text() for file in folder.glob("items/*"))
    assert make.OTHER.title not in texts  # other articles are digests only


KINDS = "README.md verify.py SHA256SUMS chain.json captures.json events.json versions/*.original.txt versions/1.txt"
PATTERNS = [
    *KINDS.split(),
    "payloads/*",
    "diffs/*.json",
    "diffs/*.txt",
    *(f"items/*-{kind}.json" for kind in ("article", "version", "reading", "capture", "event", "response")),
]


@pytest.mark.parametrize("pattern", PATTERNS)
def test_one_altered_byte_is_named(folder: Path, pattern: str) -> None:
    file = sorted(folder.glob(pattern))[-1]
    content = bytearray(file.read_bytes())
    place = len(content) - 3 if file.name == "verify.py" else len(content) // 2
    content[place] ^= 1
    file.write_bytes(content)
    name = file.relative_to(folder).as_posix()
    said = verified(folder, code=1)
    assert name in said or pattern == "SHA256SUMS"


def forged(folder: Path, name: str, old: bytes, new: bytes) -> None:
    """Alter a file, and make the list of digests fit."""
    content = (folder / name).read_bytes()
    altered = content.replace(old, new)
    (folder / name).write_bytes(altered)
    lines = [f"{hashlib.sha256(one).hexdigest()}  {name}" for one in (content, altered)]
    sums = folder / "SHA256SUMS"
    sums.write_text(sums.read_text().replace(*lines))


FORGERIES = {
    "versions/2.txt": (b"69.6", b"96.9"),
    "events.json": (b"changed", b"changes"),
    "captures.json": (b"utf-8", b"utf-7"),
    "diffs/1-2.json": ("医共体".encode(), "医工体".encode()),
    "diffs/1-2.txt": (b"69", b"96"),
    "chain.json": (b"0", b"1"),
}


@pytest.mark.parametrize(("name", "change"), FORGERIES.items())
def test_a_forger_who_also_writes_the_sums_is_named(folder: Path, name: str, change: tuple[bytes, bytes]) -> None:
    forged(folder, name, *change)
    said = verified(folder, code=1)
    assert name in said
    assert "SHA256SUMS" not in said


def test_what_is_missing_or_put_in_is_named(folder: Path) -> None:
    (folder / "payloads/other.bin").write_bytes(b"other")
    item = sorted(folder.glob("items/*"))[0]
    item.unlink()
    said = verified(folder, code=1)
    assert "payloads/other.bin: was put in" in said
    assert f"items/{item.name}: is missing" in said


def test_the_same_archive_gives_the_same_bytes_and_no_file_is_overwritten(desk: Desk, unpacked: Path) -> None:
    other = desk.folder / "two.zip"
    desk.ask("evidence", make.CORRECTED, "-o", str(other))
    assert other.read_bytes() == (desk.folder / "one.zip").read_bytes()
    again = desk.run("evidence", make.CORRECTED, "-o", str(other), "--archive", str(desk.archive), code=1)
    assert "exists already and is not overwritten" in again.err
    names = zipfile.ZipFile(other).namelist()
    assert all(name.startswith("yiwen-evidence/") and ".." not in name for name in names)


def test_an_altered_archive_gives_no_evidence(desk: Desk, tmp_path: Path) -> None:
    path = Path(shutil.copytree(desk.folder, tmp_path / "copy")) / "archive.db"
    with Archive.open(path, write=True) as archive:
        archive.db.execute("UPDATE events SET detail = '{}' WHERE id = 4")
        with pytest.raises(ArchiveError, match=r"event 4 is not what was recorded"):
            pack(files(archive.db, archive.evidence, read.article(archive.db, make.CORRECTED)))
