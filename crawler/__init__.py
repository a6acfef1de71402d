"""The crawler: it fetches pages and reads them. It may import the archive, never the other way round."""
