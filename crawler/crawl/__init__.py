"""One crawl: its sites, each under its lock, and what becomes of every page that was fetched."""
