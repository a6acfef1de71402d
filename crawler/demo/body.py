"""The body of a sample article: one block a line, its kind told by a mark at the start of the line. Pure."""

from __future__ import annotations

from dataclasses import dataclass

_MARKS = {"## ": "heading", "- ": "item", "| ": "row", "! ": "caption", "@ ": "file", "> ": "quotation"}


@dataclass(frozen=True)
class Block:
    """A paragraph, or what its `kind` says: heading, item, row, caption, file or quotation."""

    kind: str
    text: str

    @property
    def cells(self) -> list[str]:
        """The cells of a table row."""
        return self.text.split(" | ")


PAGE_BREAK = "==="  # an article goes on over several pages of its site


def pages(body: str) -> list[str]:
    """The bodies of an article's pages; mostly there is one."""
    return body.split(f"\n{PAGE_BREAK}\n")


def parse_body(body: str) -> tuple[Block, ...]:
    """The blocks of `body`, in reading order."""
    return tuple(_block(line.strip()) for line in body.splitlines() if line.strip() not in ("", PAGE_BREAK))


def _block(line: str) -> Block:
    kind = _MARKS.get(line[:2] if line[:2] in _MARKS else line[:3])
    return Block("paragraph", line) if kind is None else Block(kind, line.split(" ", 1)[1].removesuffix(" |").strip())


def runs(blocks: tuple[Block, ...]) -> list[tuple[str, list[Block]]]:
    """Neighbouring blocks of one kind together: a list is its items, a table its rows."""
    groups: list[tuple[str, list[Block]]] = []
    for block in blocks:
        if groups and groups[-1][0] == block.kind:
            groups[-1][1].append(block)
        else:
            groups.append((block.kind, [block]))
    return groups


def plain_text(body: str) -> str:
    """What a right reader gives: one block a line, a table row's cells parted by ` | `."""
    return "\n".join(block.text for block in parse_body(body))
