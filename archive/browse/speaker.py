"""What every template of ours may say and show, whether it becomes a page of the reading room or one by itself."""

from __future__ import annotations

from archive.browse import language, shaping
from archive.clock import local


class Speaker:
    """Speaks a language of the interface. The templates know it as `room`."""

    def __init__(self, lang: str) -> None:
        self.lang = lang
        self.blocks, self.pieces, self.local = shaping.blocks, shaping.pieces, local
        self.published, self.web_address, self.host = shaping.published, shaping.web_address, shaping.host

    def say(self, key: str, **values: object) -> str:
        """A word of the interface in the reader's language."""
        return language.say(self.lang, key, **values)

    def label(self, family: str, value: str) -> str:
        """What a `kind`, `status`, `event`, `outcome` or `detail` of the archive is called; itself where unknown."""
        return language.known(self.lang, f"{family}_{value}") or value
