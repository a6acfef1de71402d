"""The files that the sample notices link to: small real Word documents. The first is replaced on the third day."""

from __future__ import annotations

import io
import zipfile

FIRST, SECOND = "/files/1.docx", "/files/2.docx"
MEDIA = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
REPLACED_ON = 3  # the pages that link to it stay as they are

_TYPES = """<?xml version="1.0" encoding="UTF-8"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Override PartName="/word/document.xml" ContentType="{media}.document.main+xml"/></Types>"""
_RELATIONS = """<?xml version="1.0" encoding="UTF-8"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
 Target="word/document.xml"/></Relationships>"""
_DOCUMENT = """<?xml version="1.0" encoding="UTF-8"?>
<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">
<w:body><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:body></w:document>"""


def document(path: str, day: int) -> bytes | None:
    """The document at `path` as it is on `day`, the same bytes each time; None where there is none."""
    replaced = "体检项目共十二项。" if day < REPLACED_ON else "体检项目共十一项。"
    text = {FIRST: replaced, SECOND: "体检时间为每周二上午。"}.get(path)
    return _packed(text) if text else None


def _packed(text: str) -> bytes:
    parts = {
        "[Content_Types].xml": _TYPES.format(media=MEDIA.removesuffix(".document")),
        "_rels/.rels": _RELATIONS,
        "word/document.xml": _DOCUMENT.format(text=text),
    }
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name, (2026, 11, 20, 8, 0, 0)), content)
    return packed.getvalue()
