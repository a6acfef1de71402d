"""Where facts are kept: `Archive`, and one module for each kind of fact, all over one connection."""

from archive.store.archive import Archive, Page, SiteRow

__all__ = ["Archive", "Page", "SiteRow"]
