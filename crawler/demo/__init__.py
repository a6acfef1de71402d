"""Bundled sample sites: two news hosts on loopback that the demonstration and the tests crawl. All text is our own."""
